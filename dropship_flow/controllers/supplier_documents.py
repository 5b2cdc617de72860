from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request

from ..papers import TYPES, safe_name
from ..papers.sniff import MAX_BYTES
from .supplier_answer import DropshipSupplierAnswer


class DropshipSupplierDocuments(DropshipSupplierAnswer):
    """Papers on the page of a purchase: the supplier hands some in, and prints the slip and the label."""

    def _supplier_purchase(self, order_id, access_token, writing=False):
        """The purchase, once it was sent, for whoever has its link or may read it.

        :raise AccessError: for everybody else
        :raise MissingError: it is not with the supplier yet
        """
        order_sudo = self._purchase_of_supplier(order_id, access_token, writing)
        if not order_sudo.dropship_warehouse_id or order_sudo.state in ("draft", "to approve"):
            raise MissingError(request.env._("This order is not open for documents. Please ask us."))
        return order_sudo

    def _take_document(self, order_sudo, kind, document):
        """Keep an uploaded file with the purchase.

        :raise UserError: it is none of the allowed kinds or too large; nothing is kept
        """
        with request.env.cr.savepoint():
            # One byte more than allowed tells a file that is too large.
            data = document.read(MAX_BYTES + 1) if hasattr(document, "read") else b""
            order_sudo._dropship_take_document(kind, getattr(document, "filename", "") or "", data)

    @http.route(
        ["/my/purchase/<int:order_id>/document"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        csrf=True,
        max_content_length=MAX_BYTES + 1024 * 1024,
    )
    def portal_purchase_document(self, order_id, access_token=None, kind="", document=None, **_other):
        """A label, photo or bill the supplier hands in."""
        try:
            order_sudo = self._supplier_purchase(order_id, access_token, writing=True)
        except (AccessError, MissingError):
            return request.redirect("/my")
        problem = ""
        try:
            self._take_document(order_sudo, kind, document)
        except UserError as error:
            problem = str(error)
        anchor = "dropship_documents"
        if not problem:
            return request.redirect(order_sudo.get_portal_url(anchor=anchor))
        page = self._answer_page(order_sudo, access_token)
        return request.render(
            "purchase.portal_my_purchase_order", {**page, "document_error": problem, "document_kind": kind}, status=422
        )

    @http.route(
        ["/my/purchase/<int:order_id>/document/<int:document_id>"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_purchase_file(self, order_id, document_id, access_token=None, **_other):
        """Download a paper of the purchase."""
        try:
            order_sudo = self._supplier_purchase(order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        document_sudo = order_sudo._dropship_documents_shown().filtered(lambda row: row.id == document_id)
        if not document_sudo:
            return request.not_found()
        return self._as_file(document_sudo.attachment_id.raw, document_sudo.name, document_sudo.mimetype)

    @http.route(["/my/purchase/<int:order_id>/slip"], type="http", auth="public", website=True, methods=["GET"])
    def portal_purchase_slip(self, order_id, access_token=None, **_other):
        """The packing slip to print."""
        try:
            order_sudo = self._supplier_purchase(order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if order_sudo.state == "cancel":
            return request.not_found()
        name = safe_name(order_sudo._dropship_slip_name().replace("/", "-") + ".pdf", "pdf")
        return self._as_file(order_sudo._dropship_slip_pdf(), name, TYPES["pdf"][0])

    def _as_file(self, data, name, mimetype):
        headers = [
            ("Content-Type", mimetype),
            ("Content-Length", len(data)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "private, no-store"),
        ]
        return request.make_response(data, headers)
