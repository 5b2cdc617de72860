from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..charges import Place, sample_zip
from ..models.exact import decimal
from ..models.router_facts import Facts
from ..models.zip_range import clean_zip
from ..routing.cost import freight

SAMPLES = 20


class DropshipChargeCheck(models.TransientModel):
    """What customers pay for shipping beside what the suppliers' freight costs, place by place."""

    _name = "dropship.charge.check"
    _description = "Check Charges"
    _rec_name = "carrier_id"

    carrier_id = fields.Many2one("delivery.carrier", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    weight = fields.Float("Basket (kg)", digits="Stock Weight", default=1.0, required=True)
    goods = fields.Monetary("Basket Amount", help="Compared with the amount from which shipping is free.")
    line_ids = fields.One2many("dropship.charge.check.line", "check_id", string="Destinations")
    losses = fields.Integer(readonly=True)

    @api.model
    def _open_for(self, carrier):
        company = carrier.company_id or self.env.company
        check = self.create({"carrier_id": carrier.id, "company_id": company.id})
        check.line_ids = [Command.create(place) for place in check.sudo()._sample_places()]
        return check.action_check()

    def _sample_places(self):
        """One place of every zone of the method, the company's own country, and where its customers live."""
        places = [
            {
                "country_id": (zone.state_ids.country_id[:1] or zone.country_ids[:1]).id,
                "state_id": zone.state_ids[:1].id,
                "zip": sample_zip(zone.zip_from or "", zone.zip_to or ""),
            }
            for zone in self.carrier_id.dropship_zone_ids
        ]
        places.append({"country_id": self.company_id.country_id.id, "state_id": False, "zip": ""})
        sold = self.env["sale.order"]._read_group(
            [("company_id", "=", self.company_id.id), ("state", "=", "sale")],
            ["partner_shipping_id"],
            ["__count"],
            order="__count DESC",
            limit=200,
        )
        for partner, _count in sold:
            places.append({"country_id": partner.country_id.id, "state_id": partner.state_id.id, "zip": ""})
        found = {}
        for place in places:
            if place["country_id"]:
                found.setdefault(tuple(place.values()), place)
        return list(found.values())[:SAMPLES]

    def action_check(self):
        """Fill in charge and freight of every destination."""
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        self.carrier_id.check_access("read")
        if self.weight <= 0:
            raise UserError(self.env._("Enter the weight of the basket, above 0 kg."))
        if not self.line_ids:
            raise UserError(self.env._("Add a destination to check."))
        cheapest = self.sudo()._cheapest_freights()
        for line in self.line_ids:
            line.write(self.sudo()._verdict(line, cheapest.get(line.id)))
        self.losses = len(self.line_ids.filtered(lambda line: line.result == "loss"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check Charges: %s", self.carrier_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _cheapest_freights(self):
        """{line id: (amount in the company's currency, rate)}, by the rates suppliers of the company have today."""
        company = self.company_id
        warehouses = self.env["dropship.supplier.warehouse"].search(
            [
                ("supplier_id.company_id", "in", [False, company.id]),
                ("supplier_id.state", "in", ("trial", "approved")),
                ("supplier_id.blocked", "=", False),
            ]
        )
        keys = {
            line.id: (line.country_id.id, line.state_id.id, line.zip or "", line.city or "") for line in self.line_ids
        }
        today = fields.Date.context_today(self)
        found = self.env["dropship.shipping.rate"]._match_many(
            {key: set(warehouses.ids) for key in keys.values()}, today
        )
        rates = self.env["dropship.shipping.rate"].union(*found.values())
        router = self.env["dropship.router"].with_context(lang=None).with_company(company)
        facts = Facts(company, fields.Datetime.now(), company.currency_id.id)
        router._read_currencies(facts)
        services = self.carrier_id._dropship_services()
        priced = {}
        for rate in rates.with_env(router.env):
            engine_rate = router._engine_rate(facts, rate)
            if engine_rate and (not services or engine_rate.service in services):
                priced[rate.id] = freight(engine_rate, decimal(self.weight), decimal(0))[0]
        best = {}
        for line_id, key in keys.items():
            options = [
                (priced[rate.id], rate)
                for warehouse in warehouses
                for rate in found[key, warehouse.id]
                if rate.id in priced
            ]
            if options:
                best[line_id] = min(options, key=lambda option: option[0])
        return best

    def _verdict(self, line, cheapest):
        """What a line shows."""
        place = Place(line.country_id.id, line.state_id.id, clean_zip(line.zip))
        currency, company = self.currency_id, self.company_id
        cost = cheapest[0] if cheapest else None
        blank = {"charge": 0.0, "freight": float(cost or 0.0), "difference": 0.0, "note": False}
        blank["rate_id"] = cheapest[1].id if cheapest else False
        partner = self.env["res.partner"].new(
            {"country_id": line.country_id.id, "state_id": line.state_id.id, "zip": line.zip}
        )
        answer = {"error": self.env._("Outside the availability of the method.")}
        if self.carrier_id._match_address(partner):
            answer = self.carrier_id._dropship_charge_for(
                place, decimal(self.weight), self.goods, currency, company, fields.Date.context_today(self), cost
            )
        if "error" in answer:
            return {**blank, "result": "refused", "note": answer["error"]}
        if cost is None:
            note = self.env._("No supplier has a rate to this place: customers would pay for what cannot be sent.")
            return {**blank, "charge": answer["price"], "result": "no_rate", "note": note}
        net = self._net(answer["price"])
        difference = currency.round(net - float(cost))
        note = self.env._("Free by the amount of the basket.") if answer["free"] else False
        return {
            **blank,
            "charge": answer["price"],
            "difference": difference,
            "result": "loss" if currency.compare_amounts(difference, 0.0) < 0 else "fine",
            "note": note,
        }

    def _net(self, price):
        """What of the charge is left after the taxes it includes."""
        product = self.carrier_id.product_id
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        return taxes.compute_all(price, self.currency_id, 1.0, product)["total_excluded"] if taxes else price


class DropshipChargeCheckLine(models.TransientModel):
    _name = "dropship.charge.check.line"
    _description = "Check Charges: Destination"
    _order = "result desc, id"

    check_id = fields.Many2one("dropship.charge.check", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="check_id.currency_id")
    country_id = fields.Many2one("res.country", required=True, ondelete="cascade")
    state_id = fields.Many2one(
        "res.country.state",
        string="State / Province",
        ondelete="cascade",
        domain="[('country_id', '=', country_id)]",
    )
    zip = fields.Char(string="ZIP")
    city = fields.Char()
    charge = fields.Monetary("Customer Pays", readonly=True)
    freight = fields.Monetary("Cheapest Freight", readonly=True)
    difference = fields.Monetary(readonly=True, help="What is left of the charge, without tax, after the freight.")
    rate_id = fields.Many2one("dropship.shipping.rate", readonly=True, ondelete="cascade")
    result = fields.Selection(
        [
            ("fine", "Covered"),
            ("loss", "Loss"),
            ("no_rate", "No freight rate"),
            ("refused", "Not delivered"),
        ],
        readonly=True,
    )
    note = fields.Char(readonly=True)


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    def action_dropship_check_charges(self):
        """Open the comparison of what customers pay with what the freight costs."""
        self.ensure_one()
        return self.env["dropship.charge.check"]._open_for(self)
