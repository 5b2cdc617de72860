from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BOOKS = "account.group_account_invoice,account.group_account_readonly,dropship_flow.group_dropship_manager"
# Days after delivery within which a carrier is expected to hand over.
HANDED_OVER = 7
RESERVED = ("authorisation_expires", "capture_failed")


class DropshipOverview(models.Model):
    """Money that is late or waits for somebody: at carriers, in their files, on cards."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        """Override: what accountants and owners have to look at."""
        roles = ("accountant", "owner")
        late = fields.Datetime.now() - timedelta(days=HANDED_OVER)
        ends = Domain("state", "=", "open") & Domain("kind", "in", RESERVED)
        cards = super()._cards()
        for card in cards:
            if card["key"] == "exceptions":  # they have a card of their own
                card["domain"] &= Domain("kind", "not in", RESERVED)
        return [
            *cards,
            {"key": "cod_late", "title": self.env._("Cash overdue at carriers"), "model": "dropship.collection",
             "sequence": 71, "action": "dropship_flow.action_dropship_collection", "needs": True, "roles": roles,
             "domain": Domain("state", "=", "delivered") & Domain("delivered_at", "<", late), "groups": BOOKS,
             "hint": "_hint_cod"},
            {"key": "cod_rows", "title": self.env._("Remittances to look at"), "model": "dropship.remittance.line",
             "sequence": 72, "action": "dropship_flow.action_dropship_remittance_line", "needs": True, "roles": roles,
             "domain": Domain("state", "=", "problem"), "groups": BOOKS},
            {"key": "authorisations", "title": self.env._("Authorised payments that end"), "sequence": 73,
             "model": "dropship.exception", "action": "dropship_flow.action_dropship_exception", "needs": True,
             "roles": ("accountant", "desk"), "domain": ends},
            {"key": "cod_expected", "title": self.env._("Cash on delivery under way"), "sequence": 165,
             "model": "dropship.collection", "action": "dropship_flow.action_dropship_collection", "roles": roles,
             "domain": Domain("state", "in", ("out", "delivered")), "groups": BOOKS, "hint": "_hint_cod"},
        ]  # fmt: skip

    def _hint_cod(self, domain):
        """How much it is, per currency."""
        sums = self.env["dropship.collection"]._read_group(domain, ["currency_id"], ["expected:sum"])
        return " · ".join(currency.format(amount) for currency, amount in sums)
