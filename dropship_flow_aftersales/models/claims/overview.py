from odoo import api, fields, models
from odoo.fields import Domain


class DropshipOverview(models.Model):
    """Claims due this week, and answers that ask for one of ours."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        week = fields.Date.add(fields.Date.context_today(self), days=7)
        claims = {"model": "dropship.claim", "action": "dropship_flow.action_dropship_claim", "needs": True,
                  "roles": ("buyer",)}  # fmt: skip
        return [
            *super()._cards(),
            {**claims, "key": "claims_due", "title": self.env._("Claims due this week"), "sequence": 70,
             "domain": Domain("state", "=", "draft") & Domain("deadline", "<=", week), "hint": "_hint_claims"},
            {**claims, "key": "claims_answered", "title": self.env._("Claims to object to"), "sequence": 71,
             "domain": Domain("standing", "=", "answered") & Domain("state", "in", ("refused", "accepted")),
             "hint": "_hint_claims_lost"},
        ]  # fmt: skip

    def _hint_claims(self, domain):
        """How much, per currency."""
        return self._claim_sums(domain, "amount")

    def _hint_claims_lost(self, domain):
        return self._claim_sums(domain, "amount_waiting")

    @api.model
    def _claim_sums(self, domain, field):
        sums = self.env["dropship.claim"]._read_group(domain, ["currency_id"], [f"{field}:sum"])
        return " · ".join(currency.format(amount) for currency, amount in sums if amount)
