from odoo import api, models
from odoo.fields import Domain


class DropshipOverview(models.Model):
    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        """Override: prices that wait for a person."""
        return [
            *super()._cards(),
            {
                "key": "price_changes", "title": self.env._("Prices to decide"), "model": "dropship.price.change",
                "sequence": 90, "needs": True, "action": "dropship_flow.action_dropship_price_change",
                "roles": ("buyer",), "domain": Domain("state", "=", "waiting"),
            },
        ]  # fmt: skip
