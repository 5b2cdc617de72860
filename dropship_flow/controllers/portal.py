from odoo.addons.sale_stock.controllers.portal import SaleStockPortal
from odoo.exceptions import AccessError
from odoo.http import request


class DropshipPortal(SaleStockPortal):
    def _stock_picking_check_access(self, picking_id, access_token=None):
        """Override: the slip of a dropship is for who may read its sale or, as the vendor, its purchase.

        Nobody outside reads the transfer itself; the slip names neither of the two to the other. What comes back from a
        dropship may carry the vendor's address and is handed out by people only.
        """
        # The rights are those of the sale and the purchase, asked for below as the user.
        picking_sudo = request.env["stock.picking"].sudo().browse(picking_id)
        if request.env.user.share and picking_sudo.return_id.picking_type_id.code == "dropship":
            raise AccessError(request.env._("Ask us for the papers of a return."))
        try:
            return super()._stock_picking_check_access(picking_id, access_token=access_token)
        except AccessError:
            documents = (picking_sudo.sale_id, picking_sudo.purchase_id)
            if picking_sudo._is_dropship_type() and any(
                document and document.sudo(False).has_access("read") for document in documents
            ):
                return picking_sudo
            raise
