from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.http import request


class DropshipShop(WebsiteSale):
    def _get_shop_payment_errors(self, order):
        """Override: what cannot be delivered cannot be paid; said before the ways to pay are shown."""
        errors = super()._get_shop_payment_errors(order)
        if order.get_portal_last_transaction().state in ("pending", "authorized", "done"):
            return errors  # paid already: it is held for a person instead
        problem, _lines = order._dropship_delivery_problem(fresh=True)
        if problem:
            errors.insert(0, (request.env._("This cannot be delivered to your address."), problem))
        return errors
