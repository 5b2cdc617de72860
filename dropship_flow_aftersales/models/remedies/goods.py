"""Orders that go out for a case: what is in them, at which price, to whom."""

from odoo import Command, api, fields, models
from odoo.addons.dropship_flow.models.sale_order import READERS
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    dropship_difference = fields.Monetary(
        string="Difference",
        copy=False,
        readonly=True,
        groups=READERS,
        help="What the goods cost more than those they stand for, taxes included; below 0: that is given back.",
    )


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    # ------------------------------------------------------------------
    # What is sent
    # ------------------------------------------------------------------

    def _remedy_rows(self, offer):
        """What an offer means in goods.

        Conditions read: ("exchange_for", {"line", "product"}), ("spare_part", {"line", "product", "qty": text}).

        :return: {sale.order: [(case line, product, quantity, unit)]}
        :raise UserError: it does not say what is sent
        """
        self.ensure_one()
        rows = {}
        for key, qty in offer.lines:
            line = self.env["dropship.return.line"].browse(key)
            goods = getattr(self, f"_goods_of_{offer.kind}")(line, float(qty), offer)
            rows.setdefault(line.order_id, []).extend((line, *one) for one in goods)
        return rows

    def _goods_of_replacement(self, line, qty, offer):
        return [(line.product_id, qty, line.uom_id)]

    def _goods_of_exchange(self, line, qty, offer):
        product = self._exchange_for(offer, line)
        if not product:
            raise UserError(self.env._("Choose what %s is exchanged for.", line.product_id.display_name))
        unit = line.uom_id if product.uom_id._has_common_reference(line.uom_id) else product.uom_id
        return [(product, qty, unit)]

    @api.model
    def _exchange_for(self, offer, line):
        """The product a line is exchanged for; an empty one: nobody said."""
        for code, figures in offer.conditions:
            if code == "exchange_for" and figures.get("line") in (line.id, None):
                return self.env["product.product"].browse(int(figures["product"])).exists()
        return self.env["product.product"]

    def _goods_of_spare_part(self, line, qty, offer):
        chosen = [
            (self.env["product.product"].browse(int(figures["product"])), float(figures.get("qty") or qty))
            for code, figures in offer.conditions
            if code == "spare_part" and figures.get("line") in (line.id, None)
        ]
        parts = self._spare_parts(line)
        if not chosen and len(parts) == 1:
            chosen = [(parts, qty)]
        if not parts:
            raise UserError(self.env._("There is no spare part of %s.", line.product_id.display_name))
        if not chosen:
            raise UserError(self.env._("Choose which part of %s is sent.", line.product_id.display_name))
        strange = [part for part, _qty in chosen if part not in parts]
        if strange:
            raise UserError(
                self.env._(
                    "%(part)s is no spare part of %(product)s. Enter it there first.",
                    part=strange[0].display_name,
                    product=line.product_id.display_name,
                )
            )
        return [(part, part_qty, part.uom_id) for part, part_qty in chosen]

    @api.model
    def _spare_parts(self, line):
        """What can be sent instead of the whole: the parts of a kit, and those entered on the product."""
        line_sudo = line.order_line_id.sudo()  # parts of kits are no secret of manufacturing
        parts = self.env["dropship.router"].sudo()._components(line_sudo)[line_sudo]
        of_kit = self.env["product.product"].union(*(part[0] for part in parts if part[2]))
        return (of_kit | line.product_id.sudo().dropship_spare_part_ids).with_env(self.env)

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    def _remedy_orders(self, offer, resolution=None):
        """Quotations of what an offer sends, one for each order the case is about. Runs as the system.

        :param resolution: None: to look only
        """
        orders = self.env["sale.order"]
        for order, rows in self._remedy_rows(offer).items():
            self._check_not_replaced(offer, rows)
            orders |= self._remedy_order(offer, order, rows, resolution)
        return orders

    def _check_not_replaced(self, offer, rows):
        """Nothing goes out twice: a lost parcel may have been sent again without a case."""
        if offer.kind == "spare_part":
            return
        qtys = {self.env["dropship.return.line"].browse(key): float(qty) for key, qty in offer.lines}
        lines = self.env["dropship.return.line"].union(*(row[0] for row in rows))
        replaced = lines.order_line_id._dropship_replaced()
        for line in lines:
            left = line.order_line_id.product_uom_qty - replaced[line.order_line_id]
            if line.uom_id.compare(qtys[line], left) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s was sent again already: only %(left)g can still be replaced.",
                        product=line.product_id.display_name,
                        left=max(left, 0.0),
                    )
                )

    def _remedy_order(self, offer, order, rows, resolution):
        order = order.with_company(order.company_id)
        values = order.copy_data({"order_line": []})[0]
        values.pop("commitment_date", None)
        values |= {
            "origin": self.name,
            "client_order_ref": order.client_order_ref,
            "dropship_resolution_id": resolution.id if resolution else False,
            "dropship_instead_of_id": order.id,
            "partner_shipping_id": self._remedy_address(order, rows).id,
            "website_id": order.website_id.id,
            "require_signature": False,
            "require_payment": True,
            "prepayment_percent": 1.0,
            "order_line": [Command.create(self._remedy_line_vals(*row)) for row in rows],
        }
        if not resolution:
            values["name"] = self.name  # no number is used up by looking
        with self.env["dropship.allocation"]._first_come():
            made = self.env["sale.order"].with_company(order.company_id).create(values)
        self._price_remedy(made, offer)
        if resolution:
            made.order_line._dropship_avoid_supplier()
        return made

    @api.model
    def _remedy_address(self, order, rows):
        """Where the goods went, as the parcels had it; where none is known, the address of the order."""
        sold = self.env["sale.order.line"].union(*(row[0].order_line_id for row in rows))
        boxes = self.env["dropship.shipment.line"].search([("sale_line_id", "in", sold.ids)]).shipment_id
        boxes = boxes.filtered(lambda box: box.state != "reverted" and box.partner_id)
        return boxes.sorted("id")[-1:].partner_id or order.partner_shipping_id

    @api.model
    def _remedy_line_vals(self, line, product, qty, unit):
        vals = {
            "product_id": product.id,
            "product_uom_qty": qty,
            "product_uom_id": unit.id,
            "dropship_case_line_id": line.id,
        }
        if product == line.product_id:
            vals |= {"name": line.order_line_id.name, "tax_ids": [Command.set(line.order_line_id.tax_ids.ids)]}
        return vals

    # ------------------------------------------------------------------
    # Prices
    # ------------------------------------------------------------------

    @api.model
    def _price_remedy(self, made, offer):
        """Nothing, or what an exchange costs more than what it stands for, is to be paid."""
        for row in made.order_line:
            if offer.kind == "exchange":
                row.dropship_difference = self._difference_of(row, offer)
            row._dropship_set_total(max(row.dropship_difference, 0.0))

    @api.model
    def _difference_of(self, row, offer):
        """What a line costs more than what it stands for: as agreed, else by today's price; taxes included.

        Condition read: ("difference", {"line", "amount": text}).
        """
        case_line = row.dropship_case_line_id
        for code, figures in offer.conditions:
            if code == "difference" and figures.get("line") in (case_line.id, None):
                return float(figures["amount"])
        if row.product_id == case_line.product_id:
            return 0.0
        self._check_same_taxes(row, case_line.order_line_id)
        sold = case_line.order_line_id
        paid = sold._dropship_unit_total() * row._dropship_in_unit_of(case_line)
        return row.currency_id.round(row.price_total - paid)

    @api.model
    def _check_same_taxes(self, row, sold):
        def rates(line):
            return sorted(
                (tax.amount_type, tax.amount, tax.price_include) for tax in line.tax_ids.flatten_taxes_hierarchy()
            )

        if rates(row) != rates(sold):
            raise UserError(
                self.env._(
                    "%(new)s is taxed otherwise than %(old)s, so it cannot be exchanged: "
                    "give the money back, and let the customer order it.",
                    new=row.product_id.display_name,
                    old=sold.product_id.display_name,
                )
            )


class SaleOrderLinePrice(models.Model):
    _inherit = "sale.order.line"

    def _dropship_set_total(self, amount):
        """Give the line this total, taxes included, whatever the price list says."""
        self.ensure_one()
        price = self.price_unit * (1.0 - (self.discount or 0.0) / 100.0)
        unit = price * amount / self.price_total if amount and self.price_total else 0.0
        if amount and not self.price_total:
            unit = amount / self.product_uom_qty
        self.write({"price_unit": unit, "discount": 0.0})

    def _dropship_unit_total(self):
        """What one piece cost the customer, taxes included; nothing where none is left on the order."""
        self.ensure_one()
        return self.price_total / self.product_uom_qty if self.product_uom_qty else 0.0

    def _dropship_avoid_supplier(self):
        """Who caused the case is not asked for what is sent instead, where its reason says so."""
        for row in self.filtered("dropship_case_line_id"):
            line = row.dropship_case_line_id
            if line.reason_id.other_supplier and line.supplier_id:
                why = f"{line.return_id.name}: {line.reason_id.name}"
                self.env["dropship.line.choice"]._choose(row, line.supplier_id, "exclude", why)
