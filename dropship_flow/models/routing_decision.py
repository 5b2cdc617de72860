import base64
import json
import zlib

from odoo import api, fields, models
from odoo.tools import SQL


class DropshipRoutingDecision(models.Model):
    """What the router decided for an order and why. One row per decision; the details are one compressed trace."""

    _name = "dropship.routing.decision"
    _description = "Routing Decision"
    _order = "id desc"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one("dropship.routing.policy", ondelete="set null")
    policy_version = fields.Integer()
    outcome = fields.Selection(
        [("bought", "Bought"), ("held", "Held")], required=True, default="held", help="What followed from the decision."
    )
    landed = fields.Monetary(string="Landed Cost")
    revenue = fields.Monetary(string="Net Revenue")
    payment_fee = fields.Monetary(string="Selling Fees")
    profit = fields.Monetary(string="Expected Profit")
    parcel_count = fields.Integer(string="Parcels")
    days_p50 = fields.Float(string="Days (1 of 2)")
    days_p95 = fields.Float(string="Days (19 of 20)")
    method = fields.Char()
    proven = fields.Boolean(string="Proven Best")
    gap = fields.Float(string="Gap to the Bound", digits=(16, 6), help="0: nothing cheaper exists.")
    seconds = fields.Float(digits=(16, 4))
    trace = fields.Binary(attachment=False, groups="base.group_system", help="Compressed JSON.")

    @api.depends("order_id", "create_date")
    def _compute_display_name(self):
        for decision in self:
            moment = fields.Datetime.context_timestamp(decision, decision.create_date or fields.Datetime.now())
            decision.display_name = f"{decision.order_id.name} · {moment:%Y-%m-%d %H:%M}"

    @api.model
    def _pack(self, data):
        """Compress a JSON-able trace for the `trace` field."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
        return base64.b64encode(zlib.compress(text.encode(), 6))

    def _unpack(self):
        """The trace as plain data; empty when it was purged."""
        self.ensure_one()
        return self._unpack_many().get(self.id, {})

    def _unpack_many(self):
        """The traces of many decisions at once: {decision id: plain data}; those that were purged are left out."""
        if not self:
            return {}
        self.flush_model(["trace"])
        query = SQL(
            "SELECT id, trace FROM dropship_routing_decision WHERE id = ANY(%s) AND trace IS NOT NULL", self.ids
        )
        return {
            decision_id: json.loads(zlib.decompress(base64.b64decode(bytes(packed))))
            for decision_id, packed in self.env.execute_query(query)
        }

    @api.model
    def _gc_traces(self, domain=(), before=None, limit=1000):
        """Forget the details of decisions after a year, unless the retention says else; the figures stay.

        :return int: how many were forgotten
        """
        before = before or fields.Datetime.subtract(fields.Datetime.now(), years=1)
        old = self.search([*domain, ("create_date", "<", before), ("trace", "!=", False)], limit=limit)
        old.write({"trace": False})
        return len(old)

    def action_open_trace(self):
        """Show the candidates and reasons of this decision in the preview's own screen."""
        self.ensure_one()
        return self.env["dropship.route.preview"]._open_decision(self)
