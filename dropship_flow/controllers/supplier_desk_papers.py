"""Papers of an order on the supplier's own pages: the slip and the label to print, files he hands in."""

from odoo.exceptions import UserError
from odoo.http import request

from ..papers import TYPES, safe_name
from .supplier_desk import both
from .supplier_desk_bulk import DropshipSupplierBulk
from .supplier_documents import DropshipSupplierDocuments


class DropshipSupplierPapers(DropshipSupplierBulk, DropshipSupplierDocuments):
    @both("/order/<int:order_id>/slip", methods=["GET"])
    def supplier_desk_slip(self, order_id, token=None, **_other):
        """The packing slip to print."""
        desk = self._desk(token)
        order_sudo = desk and desk.order(order_id)
        if not order_sudo or order_sudo.state == "cancel":
            return self._desk_gone(token)
        self._desk_seen(desk, order_sudo, "document")
        name = safe_name(order_sudo._dropship_slip_name().replace("/", "-") + ".pdf", "pdf")
        return self._desk_file(order_sudo._dropship_slip_pdf(), name, TYPES["pdf"][0])

    @both("/order/<int:order_id>/document", methods=["POST"])
    def supplier_desk_document(self, order_id, token=None, kind="", document=None, **_other):
        """A label, photo or bill the supplier hands in."""
        desk = self._desk(token)
        order_sudo = desk and desk.order(order_id)
        if not order_sudo or order_sudo.state == "cancel":
            return self._desk_gone(token)
        try:
            self._take_document(order_sudo, kind, document)
        except UserError as error:
            values = {"document_error": str(error), "document_kind": kind}
            return self._order_page(desk, order_sudo, status=422, **values)
        return request.redirect(f"{desk.base}/order/{order_sudo.id}#dropship_documents", code=303)

    @both("/order/<int:order_id>/document/<int:document_id>", methods=["GET"])
    def supplier_desk_paper(self, order_id, document_id, token=None, **_other):
        """Download a paper of the order."""
        desk = self._desk(token)
        order_sudo = desk and desk.order(order_id)
        shown_sudo = order_sudo and order_sudo._dropship_documents_shown().filtered(lambda row: row.id == document_id)
        if not shown_sudo:
            return self._desk_gone(token)
        self._desk_seen(desk, order_sudo, "document")
        return self._desk_file(shown_sudo.attachment_id.raw, shown_sudo.name, shown_sudo.mimetype)
