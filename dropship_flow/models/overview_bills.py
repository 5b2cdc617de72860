from odoo import api, models
from odoo.fields import Domain

ACCOUNTS = "account.group_account_invoice,account.group_account_readonly"


class DropshipOverview(models.Model):
    """What the accountant decides: differences, and bills that are held."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        roles = ("accountant", "owner")
        held = Domain("dropship_held", "=", True) & Domain("state", "!=", "cancel")
        return [
            *super()._cards(),
            {"key": "bill_differences", "title": self.env._("Differences to decide"), "model": "dropship.bill.match",
             "sequence": 71, "action": "dropship_flow.action_dropship_bill_match", "needs": True,
             "domain": Domain("needs_decision", "=", True), "roles": roles, "groups": ACCOUNTS,
             "hint": "_hint_differences"},
            {"key": "bills_held", "title": self.env._("Bills held"), "model": "account.move", "sequence": 72,
             "action": "dropship_flow.action_dropship_bills_held", "needs": True, "domain": held, "roles": roles,
             "groups": ACCOUNTS},
        ]  # fmt: skip

    def _hint_differences(self, domain):
        """How much it is, per supplier."""
        groups = self.env["dropship.bill.match"]._read_group(
            domain, ["supplier_id", "currency_id"], ["difference:sum"], order="difference:sum desc", limit=4
        )
        return " · ".join(f"{supplier.name} {currency.format(total)}" for supplier, currency, total in groups)
