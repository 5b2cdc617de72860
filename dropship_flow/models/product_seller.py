from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _select_seller(
        self, partner_id=False, quantity=0.0, date=None, uom_id=False, ordered_by="price_discounted", params=False
    ):
        """Override: a procurement of an allocation carries its price list row; nothing is left to choose."""
        values = self.env.context.get("procurement_values") or {}
        if values.get("dropship_allocation") and values.get("supplier"):
            return values["supplier"]
        return super()._select_seller(
            partner_id=partner_id, quantity=quantity, date=date, uom_id=uom_id, ordered_by=ordered_by, params=params
        )
