from odoo import api, fields, models
from odoo.fields import Domain

ACCOUNTS = "account.group_account_invoice,account.group_account_readonly"


class DropshipOverview(models.Model):
    """Statements to approve, what suppliers object to, and what is to be paid this week."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        statements = {"model": "dropship.settlement", "action": "dropship_flow.action_dropship_settlement",
                      "needs": True, "roles": ("accountant",), "groups": ACCOUNTS}  # fmt: skip
        today = fields.Date.context_today(self)
        over = Domain("state", "=", "sent") & Domain("objection_until", "<", today)
        return [
            *super()._cards(),
            {**statements, "key": "statements", "title": self.env._("Statements to approve"), "sequence": 72,
             "domain": Domain("state", "=", "draft") | over},
            {"key": "objections", "title": self.env._("Suppliers object"), "model": "dropship.settlement.objection",
             "action": "dropship_flow.action_dropship_settlement_objection", "sequence": 73, "needs": True,
             "roles": ("accountant", "buyer"), "domain": Domain("state", "=", "open")},
            {"key": "pay_week", "title": self.env._("To pay this week"), "model": "dropship.settlement.due",
             "action": "dropship_flow.action_dropship_settlement_due", "sequence": 74, "needs": True,
             "roles": ("accountant",), "groups": ACCOUNTS, "hint": "_hint_pay_week",
             "domain": Domain("due_date", "<=", fields.Date.add(today, days=7)) & Domain("amount", ">", 0)},
        ]  # fmt: skip

    def _hint_pay_week(self, domain):
        """How much, per currency."""
        sums = self.env["dropship.settlement.due"]._read_group(domain, ["currency_id"], ["amount:sum"])
        return " · ".join(currency.format(amount) for currency, amount in sums)
