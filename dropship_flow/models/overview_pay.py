from odoo import api, models
from odoo.fields import Domain

# Who may read purchases; the others are told per supplier what is to be paid.
READERS = ("purchase.group_purchase_user", "account.group_account_invoice", "account.group_account_readonly")


class DropshipOverview(models.Model):
    """What suppliers wait to be paid, per supplier, and whose prepaid balance ends."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        roles = ("accountant", "buyer", "desk")
        due = Domain("dropship_pay_state", "in", ("to_pay", "expired"))
        to_pay = {"title": self.env._("To pay"), "sequence": 45, "needs": True, "roles": roles, "hint": "_hint_to_pay"}
        purchases_sudo = self.env["purchase.order"].sudo()  # the desk is told the sums, it reads no purchase
        due_here = due & Domain("company_id", "in", self.env.companies.ids)
        partner_ids = [partner.id for (partner,) in purchases_sudo._read_group(due_here, ["partner_id"])]
        return [
            *super()._cards(),
            {**to_pay, "key": "to_pay", "model": "purchase.order", "action": "dropship_flow.action_dropship_to_pay",
             "domain": due, "groups": ",".join(READERS)},
            {**to_pay, "key": "to_pay_suppliers", "model": "dropship.supplier",
             "action": "dropship_flow.action_dropship_supplier", "domain": Domain("partner_id", "in", partner_ids),
             "groups": ",".join(f"!{group}" for group in READERS)},
            {"key": "wallet_low", "title": self.env._("Prepaid balance low"), "model": "dropship.wallet",
             "sequence": 46, "action": "dropship_flow.action_dropship_wallet", "needs": True,
             "domain": Domain("is_low", "=", True), "roles": roles},
        ]  # fmt: skip

    def _hint_to_pay(self, _domain):
        """What each supplier gets, the first due first."""
        due = Domain("dropship_pay_state", "in", ("to_pay", "expired"))
        groups = self.env["purchase.order"].sudo()._read_group(
            due & Domain("company_id", "in", self.env.companies.ids),
            ["partner_id", "currency_id"],
            ["dropship_pay_total:sum"],
            order="dropship_pay_by:min, partner_id",
            limit=4,
        )
        return " · ".join(f"{partner.name} {currency.format(total)}" for partner, currency, total in groups)
