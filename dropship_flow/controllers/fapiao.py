"""Where a customer says which fapiao (发票) he wants: at checkout and on the page of his order."""

from odoo import http
from odoo.addons.sale.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request

from ..models.fapiao import ISSUED
from .order_texts import as_dict


class DropshipFapiao(CustomerPortal):
    @http.route("/shop/fapiao", type="jsonrpc", auth="public", methods=["POST"], website=True, sitemap=False)
    def shop_fapiao(self, values=None, **_unknown):
        """Keep what the customer chose for his own cart.

        :param dict values: as `sale.order._dropship_fapiao_ask` takes it
        :return: {"saved": True} or {"error": a sentence}
        """
        order_sudo = request.cart  # the visitor's own cart; he has no rights on orders himself
        if not order_sudo:
            return {"error": request.env._("Your cart is empty.")}
        try:
            with request.env.cr.savepoint():
                order_sudo._dropship_fapiao_ask(as_dict(values))
        except UserError as error:
            return {"error": str(error)}
        return {"saved": True}

    @http.route(
        "/my/orders/<int:order_id>/fapiao", type="jsonrpc", auth="public", methods=["POST"], website=True, sitemap=False
    )
    def portal_fapiao(self, order_id, access_token=None, values=None, **_unknown):
        """The same for an order that was placed, until something is issued."""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return {"error": request.env._("This order cannot be opened. Please log in once more.")}
        if order_sudo.state == "cancel":
            return {"error": request.env._("This order is cancelled.")}
        try:
            with request.env.cr.savepoint():
                order_sudo._dropship_fapiao_ask(as_dict(values))
        except UserError as error:
            return {"error": str(error)}
        return {"saved": True}

    @http.route(
        "/my/orders/<int:order_id>/fapiao/<int:fapiao_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def portal_fapiao_file(self, order_id, fapiao_id, access_token=None, **_unknown):
        """The file of a fapiao that was issued for the order."""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        fapiao_sudo = order_sudo.invoice_ids.dropship_fapiao_ids.filtered(
            lambda row: row.id == fapiao_id and row.state in ISSUED and row.file
        )
        if not fapiao_sudo:
            raise request.not_found()
        attachment_sudo = (
            request.env["ir.attachment"]
            .sudo()
            .search(
                [("res_model", "=", "dropship.fapiao"), ("res_id", "=", fapiao_id), ("res_field", "=", "file")], limit=1
            )
        )  # the file of the very fapiao that was just checked
        data = attachment_sudo.raw or b""
        return request.make_response(
            data,
            [
                ("Content-Type", attachment_sudo.mimetype or "application/octet-stream"),
                ("Content-Length", len(data)),
                ("Content-Disposition", content_disposition(fapiao_sudo.file_name or "fapiao.pdf")),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, no-store"),
            ],
        )
