from odoo.addons.purchase.controllers.portal import CustomerPortal
from odoo.http import request


class DropshipAddressView(CustomerPortal):
    def _purchase_order_get_page_view_values(self, order, access_token, **kwargs):
        """Override: the page shows the customer's address; whoever of the supplier looks is noted."""
        user = request.env.user
        if user._is_public():
            order._dropship_log_view("page", request.env._("Link of the purchase"))
        elif user.share:
            order._dropship_log_view("page", user)
        return super()._purchase_order_get_page_view_values(order, access_token, **kwargs)
