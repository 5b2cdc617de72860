"""Statements on the supplier's own pages: look, take the papers, agree, object to a line.

Looking changes nothing. Every change is a POST that says what its page showed.
"""

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..papers import TYPES
from .supplier_desk import PER_PAGE, DropshipSupplierDesk, both

SAID = ("agreed", "noted", "changed")


class DropshipSupplierStatements(DropshipSupplierDesk):
    def _statements(self, desk, *more):
        """What was sent to him; a link to one order does not reach that far."""
        statements = request.env["dropship.settlement"].sudo().with_env(desk.suppliers_sudo.env)
        if desk.one_order:
            return statements
        domain = statements._supplier_domain(desk.suppliers_sudo)
        if desk.link_sudo:
            domain.append(("company_id", "=", desk.link_sudo.company_id.id))
        return statements.search([*domain, *more], order="date_to desc, id desc")

    def _statement(self, token, statement_id):
        """(desk, the statement); no statement where there is none for him."""
        desk = self._desk(token)
        return desk, self._statements(desk, ("id", "=", statement_id)) if desk else None

    @both("/statements", methods=["GET"])
    def supplier_desk_statements(self, token=None, page="1", **_other):
        desk = self._whole_desk(token)
        if not desk:
            return self._desk_gone(token)
        statements = self._statements(desk)
        number, pages = self._desk_place(page, len(statements))
        return self._desk_page(
            "dropship_flow.supplier_desk_statements",
            desk,
            here=f"{desk.base}/statements",
            rows=statements[(number - 1) * PER_PAGE : number * PER_PAGE]._desk_rows(),
            number=number,
            pages=pages,
        )

    @both("/statements/<int:statement_id>", methods=["GET"])
    def supplier_desk_statement(self, statement_id, token=None, said="", **_other):
        desk, statement = self._statement(token, statement_id)
        return self._statement_page(desk, statement, told=said) if statement else self._desk_gone(token)

    def _statement_page(self, desk, statement, status=200, told="", **values):
        return self._desk_page(
            "dropship_flow.supplier_desk_statement",
            desk,
            status=status,
            here=f"{desk.base}/statements/{statement.id}",
            statement=statement._desk_facts(),
            told=told if told in SAID else "",
            **values,
        )

    @both("/statements/<int:statement_id>/agree", methods=["POST"])
    def supplier_desk_statement_agree(self, statement_id, token=None, stamp="", **_other):
        """He agrees with all of it."""
        desk, statement = self._statement(token, statement_id)
        if not statement:
            return self._desk_gone(token)
        back = f"{desk.base}/statements/{statement.id}"
        if stamp != statement._desk_stamp():
            # Agreed by a second click, or by the time: that is what he wanted.
            told = "agreed" if statement.state in ("agreed", "paid") else "changed"
            return self._statement_page(desk, statement, told=told, status=200 if told == "agreed" else 409)
        try:
            with request.env.cr.savepoint():
                statement._agree(self._who(desk))
        except UserError as error:
            return self._statement_page(desk, statement, status=422, error=str(error))
        return request.redirect(f"{back}?said=agreed", code=303)

    @both("/statements/<int:statement_id>/object/<int:line_id>", methods=["POST"])
    def supplier_desk_statement_object(self, statement_id, line_id, token=None, text="", **_other):
        """He does not agree with a line."""
        desk, statement = self._statement(token, statement_id)
        line = statement and statement.line_ids.filtered(lambda row: row.id == line_id)
        if not line:
            if not statement:
                return self._desk_gone(token)
            # The statement was read from the books anew meanwhile: its lines have other numbers.
            return self._statement_page(desk, statement, status=409, told="changed")
        try:
            with request.env.cr.savepoint():
                statement._object(line, text, self._who(desk))
        except UserError as error:
            return self._statement_page(desk, statement, status=422, error=str(error))
        return request.redirect(f"{desk.base}/statements/{statement.id}?said=noted#objections", code=303)

    @both("/statements/<int:statement_id>/<string(length=3):kind>", methods=["GET"])
    def supplier_desk_statement_pdf(self, statement_id, kind, token=None, **_other):
        """The statement as PDF, or with every line as a workbook (`xls`)."""
        _desk, statement = self._statement(token, statement_id)
        if not statement or kind not in ("pdf", "xls"):
            return self._desk_gone(token)
        if kind == "pdf":
            return self._desk_file(statement._pdf(), statement._paper_name("pdf"), "application/pdf")
        return self._desk_file(statement._xlsx(), statement._paper_name("xlsx"), TYPES["xlsx"][0])

    @http.route("/dropship/statement/<int:statement_id>.xlsx", type="http", auth="user", methods=["GET"], sitemap=False)
    def statement_workbook(self, statement_id, **_other):
        """The workbook for our own people, by their own rights."""
        statement = request.env["dropship.settlement"].browse(statement_id)
        try:
            statement.check_access("read")
            return self._desk_file(statement._xlsx(), statement._paper_name("xlsx"), TYPES["xlsx"][0])
        except (AccessError, MissingError):
            return request.not_found()
