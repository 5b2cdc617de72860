"""What of granted claims stands on the next statement: what is open, and never what was credited already."""

from odoo import fields, models
from odoo.fields import Domain


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    def _claim_sources(self):
        """Override: of claims with a history the amount is what is granted, not credited, and taken off by us."""
        for source in super()._claim_sources():
            if not source["record"].event_ids:  # granted by hand
                yield source
        for claim in self._claims_to_net():
            settled = claim._settle()
            if not settled.open or not claim._terms().netted:
                continue
            amount = claim.currency_id._convert(float(settled.open), self.currency_id, self.company_id, self.date_to)
            yield {
                "key": f"claim {claim.id}" + (f" {len(claim.credit_ids) + 1}" if claim.credit_ids else ""),
                "kind": "claim",
                "date": fields.Date.to_date(claim.filed_at) or self.date_to,
                "document": claim.reference or claim.name,
                "text": claim.name,
                "amount": -amount,
                "charge": "claim",
                "purchase_id": claim.purchase_id.id,
                "record": claim,
                "link": "credit_move_id",
            }

    def _claims_to_net(self):
        """Claims with something granted, of this supplier in this currency."""
        domain = Domain("party", "=", "supplier") & Domain("company_id", "=", self.company_id.id)
        domain &= Domain("state", "in", ("filed", "accepted")) & Domain("amount_granted", ">", 0)
        domain &= Domain("event_ids", "!=", False)
        domain &= Domain("supplier_id", "=", self.supplier_id.id) | (
            Domain("supplier_id", "=", False)
            & Domain("purchase_id.dropship_warehouse_id.supplier_id", "=", self.supplier_id.id)
        )
        claims_sudo = self.env["dropship.claim"].sudo()  # an accountant need not see claims one by one
        return claims_sudo.search(domain, order="id").filtered(
            lambda claim: (claim.purchase_id.currency_id or claim.currency_id) == self.currency_id
        )
