"""Bills on the supplier's own pages: hand one in, see where it stands and why, object to a line.

Looking changes nothing. A file that is there already is not entered twice; a page that is behind is told so.
"""

from odoo.exceptions import UserError
from odoo.http import request

from ..bill_files import MAX_BYTES
from ..bill_files.paper import typed as typed_of
from ..models.desk_answer import CHANGED
from ..papers import TYPES
from .supplier_desk import PER_PAGE, DropshipSupplierDesk, both


class DropshipSupplierBills(DropshipSupplierDesk):
    def _bill_targets(self, desk):
        """[(supplier, company)] he can write bills for."""
        if desk.link_sudo:
            return [(desk.suppliers_sudo[:1], desk.link_sudo.company_id)]
        own = request.env.user.company_id
        return [(supplier, supplier.company_id or own) for supplier in desk.suppliers_sudo]

    def _bill_target(self, desk, supplier_id=""):
        targets = self._bill_targets(desk)
        return next((pair for pair in targets if str(pair[0].id) == supplier_id), targets[0])

    def _bills(self, desk):
        found = request.env["dropship.bill.upload"].sudo()
        for supplier, company in self._bill_targets(desk):
            found |= supplier._desk_bills(company)
        # In his language, within the companies he works for.
        return found.with_env(desk.suppliers_sudo.env).sorted("id", reverse=True)

    def _bill(self, desk, bill_id):
        return self._bills(desk).filtered(lambda upload: upload.id == bill_id)

    # ------------------------------------------------------------------
    # The list, and a new one
    # ------------------------------------------------------------------

    @both("/bills", methods=["GET"])
    def supplier_desk_bills(self, token=None, page="1", **_other):
        desk = self._whole_desk(token)
        return self._bills_page(desk, page=page) if desk else self._desk_gone(token)

    def _bills_page(self, desk, page="1", **values):
        uploads = self._bills(desk)
        number, pages = self._desk_place(page, len(uploads))
        return self._desk_page(
            "dropship_flow.supplier_desk_bills",
            desk,
            here=f"{desk.base}/bills",
            rows=uploads[(number - 1) * PER_PAGE : number * PER_PAGE]._desk_rows(),
            number=number,
            pages=pages,
            targets=self._bill_targets(desk),
            currencies=request.env["res.currency"].sudo().search([]).mapped("name"),
            **values,
        )

    # Above what is taken we still answer for ourselves, so that the refusal is a page in his language.
    @both("/bills/upload", methods=["POST"], max_content_length=4 * MAX_BYTES)
    def supplier_desk_bill_upload(self, token=None, file=None, supplier="", **data):
        desk = self._whole_desk(token)
        if not desk:
            return self._desk_gone(token)
        target, company = self._bill_target(desk, supplier)
        content = file.read(MAX_BYTES + 1) if hasattr(file, "read") else b""
        name = getattr(file, "filename", "") or ""
        uploads = request.env["dropship.bill.upload"].sudo().with_env(desk.suppliers_sudo.env)
        try:
            with request.env.cr.savepoint():
                upload, new = uploads._receive(
                    target, company, name, content, typed_of(data), source="desk", uploader=self._who(desk)
                )
        except UserError as error:
            return self._bills_page(desk, status=422, error=str(error), typed=data)
        said = "new" if new else "known"
        return request.redirect(f"{desk.base}/bills/{upload.id}?said={said}", code=303)

    @both("/bills/template", methods=["GET"])
    def supplier_desk_bill_template(self, token=None, supplier="", **_other):
        """What left and is not billed yet, to be filled in and sent back."""
        desk = self._whole_desk(token)
        if not desk:
            return self._desk_gone(token)
        target, company = self._bill_target(desk, supplier)
        uploads = request.env["dropship.bill.upload"].sudo().with_env(desk.suppliers_sudo.env)
        name, content = uploads._desk_template(target, company, request.env.context.get("lang"))
        return self._desk_file(content, name, TYPES["xlsx"][0])

    # ------------------------------------------------------------------
    # One bill
    # ------------------------------------------------------------------

    @both("/bills/<int:bill_id>", methods=["GET"])
    def supplier_desk_bill(self, bill_id, token=None, said="", **_other):
        desk = self._whole_desk(token)
        upload = desk and self._bill(desk, bill_id)
        return self._bill_page(desk, upload, told=said) if upload else self._desk_gone(token)

    def _bill_page(self, desk, upload, told="", **values):
        return self._desk_page(
            "dropship_flow.supplier_desk_bill",
            desk,
            here=f"{desk.base}/bills/{upload.id}",
            bill=upload._desk_facts(),
            told=told if told in ("new", "known", "corrected", "noted", CHANGED) else "",
            currencies=request.env["res.currency"].sudo().search([]).mapped("name"),
            **values,
        )

    @both("/bills/<int:bill_id>/file", methods=["GET"])
    def supplier_desk_bill_file(self, bill_id, token=None, **_other):
        desk = self._whole_desk(token)
        upload = desk and self._bill(desk, bill_id)
        if not upload:
            return self._desk_gone(token)
        return self._desk_file(upload._bytes(), upload.name, upload.mimetype)

    @both("/bills/<int:bill_id>/correct", methods=["POST"])
    def supplier_desk_bill_correct(self, bill_id, token=None, stamp="", **data):
        """Number, date, total or orders, as they should be; the bill is read again."""
        desk = self._whole_desk(token)
        upload = desk and self._bill(desk, bill_id)
        if not upload:
            return self._desk_gone(token)
        upload._lock()
        if stamp != upload._desk_stamp() or upload.state not in ("held", "differs"):
            return self._bill_page(desk, upload, told=CHANGED, status=409)
        upload._correct(typed_of(data))
        return request.redirect(f"{desk.base}/bills/{upload.id}?said=corrected", code=303)

    @both("/bills/<int:bill_id>/line/<int:line_id>", methods=["POST"])
    def supplier_desk_bill_line(self, bill_id, line_id, token=None, stamp="", text="", **_other):
        """What he has to say about a line."""
        desk = self._whole_desk(token)
        upload = desk and self._bill(desk, bill_id)
        line = upload and upload.line_ids.filtered(lambda row: row.id == line_id)
        if not line:
            return self._desk_gone(token)
        upload._lock()
        text = text.strip()[:1000]
        if stamp != upload._desk_stamp():
            # The same words again are a second click.
            told = "noted" if text and line.comment == text else CHANGED
            return self._bill_page(desk, upload, told=told, status=200 if told == "noted" else 409)
        if not text:
            error = request.env._("Write what is wrong with the line.")
            return self._bill_page(desk, upload, status=422, error=error)
        line._say(text)
        return request.redirect(f"{desk.base}/bills/{upload.id}?said=noted#line_{line.id}", code=303)
