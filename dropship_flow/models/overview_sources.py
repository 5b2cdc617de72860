from odoo import api, models
from odoo.fields import Domain

# An unmapped category is worth a person's time from so many offers on.
MANY_OFFERS = 50


class DropshipOverview(models.Model):
    """Sources: who applies, which agreed prices end, whose goods nobody knows where to put."""

    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        """Override: what suppliers and their goods wait for."""
        buyer = {"needs": True, "groups": "dropship_flow.group_dropship_buyer"}
        ending = self.env["purchase.requisition"]._dropship_ending_domain() if self._real_buyer() else Domain.FALSE
        return [
            *super()._cards(),
            {**buyer, "key": "applications", "title": self.env._("Applications to review"), "sequence": 90,
             "model": "dropship.supplier.application", "action": "dropship_flow.action_dropship_supplier_application",
             "domain": Domain("state", "=", "submitted"), "roles": ("buyer", "owner")},
            {**buyer, "key": "agreements_end", "title": self.env._("Agreements that end"), "sequence": 92,
             "model": "purchase.requisition", "action": "dropship_flow.action_dropship_agreement", "domain": ending,
             "roles": ("buyer",)},
            {**buyer, "key": "unmapped", "title": self.env._("Categories to map"), "sequence": 94,
             "model": "dropship.supplier.category.use", "action": "dropship_flow.action_dropship_category_use",
             "domain": Domain("map_id", "=", False) & Domain("offer_count", ">=", MANY_OFFERS), "roles": ("owner",)},
        ]  # fmt: skip

    @api.model
    def _real_buyer(self):
        return self.env.su or self.env.user.has_group("dropship_flow.group_dropship_buyer")
