from odoo import api, models
from odoo.fields import Domain


class DropshipOverview(models.Model):
    """What the accountant has to issue, and what suppliers owe (欠票)."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if not self.env.su and not self.env["res.company"]._dropship_fapiao_companies():
            return cards
        groups = "account.group_account_invoice,account.group_account_readonly,dropship_flow.group_dropship_manager"
        return [
            *cards,
            {"key": "fapiao_to_issue", "title": self.env._("Fapiao to issue"), "model": "dropship.fapiao",
             "sequence": 47, "action": "dropship_flow.action_dropship_fapiao_todo", "needs": True,
             "domain": Domain("state", "in", ("wanted", "red_needed")), "roles": ("accountant",), "groups": groups},
            {"key": "fapiao_received", "title": self.env._("Suppliers' fapiao to check"),
             "model": "dropship.fapiao.received", "sequence": 48, "needs": True,
             "action": "dropship_flow.action_dropship_fapiao_received", "domain": Domain("state", "=", "draft"),
             "roles": ("accountant",), "groups": groups},
            {"key": "fapiao_owed", "title": self.env._("Suppliers owe fapiao"), "model": "dropship.fapiao.owed",
             "sequence": 49, "needs": True, "action": "dropship_flow.action_dropship_fapiao_owed",
             "domain": Domain("is_late", "=", True) & Domain("amount", ">", 0), "roles": ("accountant",),
             "hint": "_hint_fapiao_owed", "groups": groups},
        ]  # fmt: skip

    def _hint_fapiao_owed(self, domain):
        """Who owes most."""
        rows = self.env["dropship.fapiao.owed"]._read_group(
            domain, ["supplier_id", "currency_id"], ["amount:sum"], order="amount:sum desc", limit=3
        )
        return " · ".join(f"{supplier.sudo().name} {currency.format(amount)}" for supplier, currency, amount in rows)
