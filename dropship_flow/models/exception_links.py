"""Exceptions on orders, purchases and the overview."""

from odoo import api, fields, models
from odoo.fields import Domain

# About no order: nobody asks the supplier about them.
OF_THE_SYSTEM = ("connection_down", "relay_stuck")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_exception_count = fields.Integer(compute="_compute_dropship_exception_count", groups="base.group_user")

    def _compute_dropship_exception_count(self):
        counts = self.env["dropship.exception"]._count_by("order_id", self)
        for order in self:
            order.dropship_exception_count = counts.get(order.id, 0)

    def action_dropship_exceptions(self):
        self.ensure_one()
        return self.env["dropship.exception"]._window([("order_id", "=", self.id)])


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_exception_count = fields.Integer(compute="_compute_dropship_exception_count", groups="base.group_user")

    def _compute_dropship_exception_count(self):
        counts = self.env["dropship.exception"]._count_by("purchase_id", self)
        for order in self:
            order.dropship_exception_count = counts.get(order.id, 0)

    def action_dropship_exceptions(self):
        self.ensure_one()
        return self.env["dropship.exception"]._window([("purchase_id", "=", self.id)])


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _count_by(self, name, records):
        """{record id: open exceptions}; nothing for readers who may not know."""
        if not self.has_access("read"):
            return {}
        groups = self._read_group([(name, "in", records.ids), ("state", "=", "open")], [name], ["__count"])
        return {record.id: count for record, count in groups}

    @api.model
    def _window(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_exception")
        return {**action, "domain": domain, "view_mode": "list,form,kanban", "views": False, "context": {}}


class DropshipOverview(models.Model):
    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        """Override: what is about the system and no supplier has a card of its own; the others say what is overdue."""
        cards = super()._cards()
        for card in cards:
            if card["model"] == "dropship.exception":
                card["domain"] = Domain(card["domain"]) & Domain("kind", "not in", OF_THE_SYSTEM)
                card["domain"] &= Domain("is_snoozed", "=", False)
                card["hint"] = "_hint_exceptions"
        system = Domain("state", "=", "open") & Domain("kind", "in", OF_THE_SYSTEM)
        return [
            *cards,
            {"key": "system", "title": self.env._("Connections and system"), "model": "dropship.exception",
             "action": "dropship_flow.action_dropship_exception", "needs": True, "sequence": 54, "domain": system,
             "roles": ("owner", "buyer")},
        ]  # fmt: skip

    def _hint_exceptions(self, domain):
        """How many are the reader's own, and how many overdue."""
        exceptions = self.env["dropship.exception"]
        mine = exceptions.search_count(domain & Domain("user_id", "=", self.env.uid))
        late = exceptions.search_count(domain & Domain("is_overdue", "=", True))
        parts = [
            self.env._("%s mine", mine) if mine else "",
            self.env._("%s overdue", late) if late else "",
        ]
        return " · ".join(filter(None, parts))
