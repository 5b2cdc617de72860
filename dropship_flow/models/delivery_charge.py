from decimal import Decimal

from odoo import api, fields, models

from ..charges import Place, quote, round_up
from .exact import decimal
from .zip_range import clean_zip


class DeliveryCarrier(models.Model):
    """How the charge is found. Everything reads as superuser: a visitor of the shop may not see the tables."""

    _inherit = "delivery.carrier"

    def dropship_rate_shipment(self, order):
        """The charge for an order, in its currency and as the price of the delivery product: core's contract."""
        self.ensure_one()
        answer = self._dropship_order_charge(order)
        if "error" in answer:
            return {"success": False, "price": 0.0, "error_message": answer["error"], "warning_message": False}
        return {
            "success": True,
            "price": answer["price"],
            "error_message": False,
            "warning_message": self._dropship_surcharge_text(order) or False,
        }

    def _apply_margins(self, price, order=False):
        """Override: our margin is part of the charge, before rounding."""
        if self.delivery_type == "dropship":
            return float(price)
        return super()._apply_margins(price, order)

    def _is_available_for_order(self, order):
        """Override: offered only where the goods can be sent by what the customer would pay for."""
        return super()._is_available_for_order(order) and self._dropship_takes(order)

    def _dropship_takes(self, order):
        """Whether this method brings the whole order to its address."""
        self.ensure_one()
        carrier_sudo = self.sudo()
        if carrier_sudo._dropship_lines_left_out(order):
            return False
        return self.delivery_type != "dropship" or "error" not in self._dropship_order_charge(order)

    def _dropship_lines_left_out(self, order):
        """Lines no source sends by a service of this method."""
        services = self._dropship_services()
        if not services:
            return order.order_line.browse()
        reach = order._dropship_reach()
        return order.order_line.filtered(
            lambda line: line.id in reach and not services.intersection(reach[line.id])
        )

    def _dropship_order_charge(self, order):
        """:return: {"price", "surcharge", "zone", "free"} or {"error": sentence for the customer}"""
        self.ensure_one()
        carrier_sudo = self.sudo()
        order_sudo = order.sudo()
        if not self._match_address(order.partner_shipping_id):
            return {"error": self.env._("%s does not deliver to this address.", self.name)}
        left_out = carrier_sudo._dropship_lines_left_out(order_sudo)
        if left_out:
            products = ", ".join(left_out.product_id.mapped("name"))
            return {
                "error": self.env._(
                    "%(products)s cannot be sent by %(method)s to this address.", products=products, method=self.name
                )
            }
        freight = None
        if carrier_sudo.dropship_charge == "plan":
            freight = order_sudo._dropship_planned_freight(carrier_sudo)
        return carrier_sudo._dropship_charge_for(
            order_sudo._dropship_place(),
            order_sudo._dropship_weight_kg(),
            order_sudo._dropship_goods_amount(carrier_sudo.dropship_free_basis),
            order_sudo.currency_id,
            order_sudo.company_id,
            order_sudo.date_order,
            freight,
        )

    def _dropship_charge_for(self, place, weight, goods, currency, company, date, freight=None):
        """The charge for any basket.

        :param Place place: where to
        :param Decimal weight: kg
        :param float goods: amount of the goods that is compared with the free-shipping amount, in `currency`
        :param currency: the customer's
        :param Decimal freight: what the cheapest plan expects, in the company's currency, net; None: no plan
        :return: {"price", "surcharge", "zone", "free"} in `currency`, or {"error": sentence}
        """
        self.ensure_one()
        date = date or fields.Date.today()
        table = quote(self.dropship_zone_ids._rows(), place, weight)
        if table.verdict == "refuse" or (self.dropship_charge == "zone" and table.verdict == "none"):
            return {"error": self.env._("%s does not deliver to this address.", self.name)}
        own = self.dropship_currency_id or company.currency_id
        if not self._dropship_rate_known(own, currency, company, date) or (
            freight is not None and not self._dropship_rate_known(company.currency_id, currency, company, date)
        ):
            return {"error": self.env._("%s cannot be charged in the currency of this order.", self.name)}
        base = self._dropship_base(table, own, currency, company, date, freight)
        if base is None:
            return {"error": self.env._("The price of %s is not known for this order.", self.name)}
        free = self._dropship_is_free(goods, currency, company, date)
        waived = free and (table.base_waivable or self.dropship_charge != "zone")
        price = 0.0 if waived else float(round_up(base, decimal(self.dropship_round_to)))
        surcharge = 0.0
        if table.surcharge and not (free and table.surcharge_waivable):
            surcharge = own._convert(float(table.surcharge), currency, company, date)
        return {
            "price": currency.round(price + surcharge),
            "surcharge": surcharge,
            "zone": table.surcharge_row if surcharge else None,
            "free": waived,
        }

    def _dropship_base(self, table, own, currency, company, date, freight):
        """The charge before rounding, thresholds and surcharges, in the customer's currency; None: not known."""

        def shown(amount):
            return decimal(own._convert(float(amount), currency, company, date, round=False))

        kind = self.dropship_charge
        if kind == "zone":
            return shown(table.base)
        if kind == "flat":
            return shown(self.dropship_flat)
        if kind == "free":
            return Decimal(0)
        if freight is None:
            return shown(self.dropship_fallback) if self.dropship_fallback else None
        net = company.currency_id._convert(float(freight), currency, company, date, round=False)
        net *= 1 + self.dropship_margin_percent / 100
        return self._dropship_with_tax(net, currency, company) + shown(self.dropship_margin_fixed)

    def _dropship_with_tax(self, net, currency, company):
        """A net cost as the price of the delivery product: taxes that are part of its price are added."""
        taxes = self.product_id.taxes_id._filter_taxes_by_company(company)
        gross = self.env["purchase.order.line"]._dropship_price_with_taxes(net, taxes)
        return decimal(currency.round(gross))

    def _dropship_is_free(self, goods, currency, company, date):
        rows = self.dropship_threshold_ids
        row = rows.filtered(lambda row: row.currency_id == currency)[:1] or rows[:1]
        if not row or not self._dropship_rate_known(row.currency_id, currency, company, date):
            return False
        limit = row.currency_id._convert(row.amount, currency, company, date)
        return currency.compare_amounts(goods, limit) >= 0

    @api.model
    def _dropship_rate_known(self, currency, other, company, date):
        """Without any exchange rate two currencies would silently count 1:1."""
        if currency == other:
            return True
        return bool(
            currency.active
            and other.active
            and self.env["res.currency.rate"].sudo().search_count(
                [
                    ("currency_id", "in", [currency.id, other.id]),
                    ("company_id", "in", [False, company.root_id.id]),
                    ("name", "<=", fields.Date.to_date(date)),
                ],
                limit=1,
            )
        )

    def _dropship_surcharge_text(self, order):
        """What of the charge is a surcharge for the place, said to the customer; empty when there is none."""
        self.ensure_one()
        if self.delivery_type != "dropship":
            return ""
        carrier_sudo, order_sudo = self.sudo(), order.sudo()
        table = quote(
            carrier_sudo.dropship_zone_ids._rows(), order_sudo._dropship_place(), order_sudo._dropship_weight_kg()
        )
        if not table.surcharge:
            return ""
        answer = self._dropship_order_charge(order)
        if not answer.get("surcharge"):
            return ""
        zone = carrier_sudo.dropship_zone_ids.browse(answer["zone"])
        return self.env._(
            "Includes a surcharge of %(amount)s: %(name)s.",
            amount=order.currency_id.format(carrier_sudo._dropship_as_shown(answer["surcharge"], order_sudo)),
            name=zone.name or self.env._("remote area"),
        )

    def _dropship_as_shown(self, amount, order):
        """A part of the delivery price with or without tax, as the shop shows its prices."""
        taxes = order.fiscal_position_id.map_tax(self.product_id.taxes_id._filter_taxes_by_company(order.company_id))
        if not taxes:
            return amount
        result = taxes.compute_all(amount, order.currency_id, 1.0, self.product_id, order.partner_shipping_id)
        return result["total_excluded" if order._dropship_shown_basis() == "excluded" else "total_included"]


class SaleOrder(models.Model):
    """What the charge needs to know of an order."""

    _inherit = "sale.order"

    def _dropship_paid_service(self):
        """The service the customer pays for, by its name, and which of the suppliers' services give it."""
        self.ensure_one()
        tried = self.env.context.get("dropship_carrier")
        carrier_sudo = self.env["delivery.carrier"].browse(tried).sudo() if tried else self.carrier_id.sudo()
        services = carrier_sudo._dropship_services() if carrier_sudo else frozenset()
        return (carrier_sudo.name if services else "", services)

    def _dropship_place(self):
        partner = self.partner_shipping_id
        return Place(partner.country_id.id, partner.state_id.id, clean_zip(partner.zip))

    def _dropship_shown_basis(self):
        """Whether the shop of the order shows its prices with or without tax."""
        shown = self.website_id.show_line_subtotals_tax_selection
        return "excluded" if shown == "tax_excluded" else "included"

    def _dropship_goods_amount(self, basis):
        """The amount of everything but delivery, by how the carrier counts it."""
        if basis not in ("included", "excluded"):
            basis = self._dropship_shown_basis()
        lines = self.order_line.filtered(lambda line: not line.is_delivery and not line.display_type)
        return sum(lines.mapped("price_subtotal" if basis == "excluded" else "price_total"))

    def _dropship_weight_kg(self):
        """Weight of the goods; a weight somebody entered by hand counts, kits without one weigh what they hold."""
        self.ensure_one()
        by_hand = self.env.context.get("order_weight") or self.shipping_weight
        if by_hand and abs(by_hand - self._get_estimated_weight()) > 1e-6:
            return self._dropship_as_kg(by_hand)
        lines = self.order_line.filtered(
            lambda line: (
                line.product_id.type == "consu"
                and not line.is_delivery
                and not line.display_type
                and line.product_uom_qty > 0
            )
        )
        light = lines.filtered(lambda line: not line.product_id.weight)
        parts = self.env["dropship.router"].sudo()._components(light) if light else {}
        total = sum(
            line.product_id.weight
            * line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id, round=False)
            for line in lines - light
        )
        total += sum(product.weight * qty for rows in parts.values() for product, qty, _component in rows)
        return self._dropship_as_kg(total)

    @api.model
    def _dropship_as_kg(self, weight):
        """A weight of products, in the unit the database keeps them in, as kilograms."""
        if self.env["ir.config_parameter"].sudo().get_param("product.weight_in_lbs") == "1":
            pound, kilogram = self.env.ref("uom.product_uom_lb"), self.env.ref("uom.product_uom_kgm")
            weight = pound._compute_quantity(weight, kilogram, round=False)
        return decimal(weight)

    def _prepare_delivery_line_vals(self, carrier, price_unit):
        """Override: a surcharge is named on the line that holds it."""
        values = super()._prepare_delivery_line_vals(carrier, price_unit)
        lang = self.partner_id.lang or self.env.lang
        text = carrier.with_context(lang=lang)._dropship_surcharge_text(self) if price_unit else ""
        if text:
            values["name"] = f"{values['name']}\n{text}"
        return values
