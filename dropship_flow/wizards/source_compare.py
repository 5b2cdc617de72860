from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.reason_text import as_json, reasons_line
from ..routing import solve


class DropshipSourceCompare(models.TransientModel):
    """All sources of a product side by side: landed cost to a destination, stability, arrival."""

    _name = "dropship.source.compare"
    _description = "Compare Sources"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", domain=[("type", "=", "consu")])
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    qty = fields.Float(string="Quantity", digits="Product Unit", default=1.0, required=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    country_id = fields.Many2one(
        "res.country", string="Destination", required=True, default=lambda self: self.env.company.country_id
    )
    state_id = fields.Many2one(
        "res.country.state", string="State / Province", domain="[('country_id', '=', country_id)]"
    )
    city = fields.Char()
    zip = fields.Char(string="ZIP")
    line_ids = fields.One2many("dropship.source.compare.line", "compare_id", string="Sources")
    verdict = fields.Char(readonly=True)

    @api.onchange("country_id")
    def _onchange_country_id(self):
        if self.state_id.country_id != self.country_id:
            self.state_id = False

    @api.model
    def action_open_for(self, product):
        """Open the comparison for a product, to the company's own country first."""
        compare = self.create({"product_id": product.id})
        return compare.action_compare()

    def action_compare(self):
        """Ask the router for every source alone, then for its choice."""
        self.ensure_one()
        self.check_access("write")
        self.company_id.check_access("read")
        self.product_id.check_access("read")
        if self.qty <= 0:
            raise UserError(self.env._("Enter a quantity above 0."))
        outcome = self.sudo()._outcome()
        if outcome is None:
            raise UserError(
                self.env._("Nobody offers %s. Add an offer of a supplier first.", self.product_id.display_name)
            )
        plan = outcome.plan
        chosen = {piece.offer for piece in plan.pieces} if plan else set()
        rows = [self.sudo()._row(outcome, offer, chosen) for offer in outcome.problem.offers]
        rows.sort(key=lambda row: (row["result"] == "out", row["landed"], row["source"]))
        for sequence, row in enumerate(rows):
            row["sequence"] = sequence
        self.write(
            {
                "line_ids": [Command.clear(), *(Command.create(row) for row in rows)],
                "verdict": False if plan else reasons_line(self.env, outcome.holds[0][1]),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sources of %s", self.product_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _outcome(self):
        """The router's decision for an order of this one product that exists in memory only."""
        address = {"name": "-", "country_id": self.country_id.id, "state_id": self.state_id.id}
        partner = self.env["res.partner"].new({**address, "city": self.city, "zip": self.zip})
        order = self.env["sale.order"].new({"company_id": self.company_id.id, "partner_id": partner})
        order.partner_shipping_id = partner
        order.order_line = [
            Command.create(
                {"product_id": self.product_id.id, "product_uom_qty": self.qty, "product_uom_id": self.uom_id.id}
            )
        ]
        return self.env["dropship.router"]._simulate(order).get(order)

    def _row(self, outcome, offer, chosen):
        """What one source would cost alone, or why it is out."""
        problem = outcome.problem
        sources = tuple(source for source in problem.sources if source.key == offer.source)
        policy = replace(problem.policy, margin_floor=None, margin_floor_percent=None, promise_days=None)
        alone = solve(replace(problem, offers=(offer,), sources=sources, policy=policy), alternative=False)
        record = self.env["dropship.offer"].browse(offer.key) if not isinstance(offer.key, tuple) else None
        row = {
            "offer_id": record.id if record else False,
            "source": record.supplier_id.name if record else self.env["stock.warehouse"].browse(offer.source[1]).name,
            "place": record.warehouse_id.name if record else False,
            "channel_type": record.supplier_id.channel_type if record else False,
            "score": record.supplier_id.score if record else 0.0,
            "stock": float(offer.stock) if offer.stock is not None else 0.0,
            "stock_unlimited": offer.stock is None,
            "as_of": record.as_of if record else False,
            "landed": 0.0,
        }
        candidate = next((one for one in outcome.solution.candidates if one.offer == offer.key), None)
        if not alone.plan or (candidate and candidate.reasons):
            reasons = candidate.reasons if candidate else alone.guards
            return {**row, "result": "out", "why": reasons_line(self.env, as_json(reasons))}
        (parcel,) = alone.plan.parcels
        row |= {part: float(getattr(parcel, part)) for part in ("goods", "freight", "fees", "duty", "landed")}
        low, high = round(parcel.days_p50), round(parcel.days_p95)
        row["arrival"] = self.env._("%s days", low if low == high else f"{low} – {high}")
        if offer.key in chosen:
            return {**row, "result": "chosen", "why": self._why_chosen(outcome)}
        more = alone.plan.landed - (outcome.plan.landed if outcome.plan else Decimal(0))
        amount = self.currency_id.format(abs(float(more)))
        if more > 0:
            return {**row, "result": "dearer", "why": self.env._("%s more than the choice", amount)}
        return {**row, "result": "dearer", "why": self.env._("Another one was preferred by the policy")}

    def _why_chosen(self, outcome):
        objective = dict(self.env["dropship.routing.policy"]._fields["objective"]._description_selection(self.env)).get(
            outcome.policy.objective or "landed"
        )
        return self.env._("The router's choice: %s", objective)


class DropshipSourceCompareLine(models.TransientModel):
    _name = "dropship.source.compare.line"
    _description = "Compare Sources: Source"
    _order = "sequence, id"

    compare_id = fields.Many2one("dropship.source.compare", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    currency_id = fields.Many2one(related="compare_id.currency_id")
    offer_id = fields.Many2one("dropship.offer", ondelete="cascade")
    source = fields.Char(string="Supplier")
    place = fields.Char(string="Ships From")
    channel_type = fields.Selection(
        [("supplier", "Supplier"), ("factory", "Factory"), ("agent", "Agent")], string="Type"
    )
    goods = fields.Monetary()
    freight = fields.Monetary()
    fees = fields.Monetary()
    duty = fields.Monetary()
    landed = fields.Monetary(string="Landed Cost")
    stock = fields.Float(digits="Product Unit")
    stock_unlimited = fields.Boolean(string="Unlimited")
    as_of = fields.Datetime()
    arrival = fields.Char(help="Half of the parcels are there by the first day, nineteen of twenty by the last.")
    score = fields.Float(digits=(16, 0))
    result = fields.Selection([("chosen", "Chosen"), ("dearer", "Possible"), ("out", "Out")])
    why = fields.Text()
