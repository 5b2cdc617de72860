"""Invoices the supplier owes us (欠票), on his own pages: what is missing, and handing one in."""

from odoo.exceptions import UserError
from odoo.http import request

from ..papers.sniff import MAX_BYTES
from .supplier_desk import both
from .supplier_desk_papers import DropshipSupplierPapers

SHOWN = 50


class DropshipSupplierFapiao(DropshipSupplierPapers):
    @both("/fapiao", methods=["GET"])
    def supplier_desk_fapiao(self, token=None, **_other):
        """What is owed and what was handed in."""
        desk = self._whole_desk(token)
        if not desk or not self._fapiao_companies(desk):
            return self._desk_gone(token)
        return self._fapiao_page(desk)

    @both("/fapiao", methods=["POST"])
    def supplier_desk_fapiao_in(self, token=None, company="", document=None, **data):
        """A fapiao the supplier hands in; somebody checks it."""
        desk = self._whole_desk(token)
        companies = desk and self._fapiao_companies(desk)
        if not companies:
            return self._desk_gone(token)
        mine = [pair for pair in companies if str(pair[1].id) == company] or companies[:1]
        supplier_sudo, company_sudo = mine[0]
        # One byte more than allowed tells a file that is too large.
        content = document.read(MAX_BYTES + 1) if hasattr(document, "read") else b""
        try:
            with request.env.cr.savepoint():
                supplier_sudo.env["dropship.fapiao.received"].with_company(company_sudo)._take(
                    supplier_sudo, company_sudo, data, content, getattr(document, "filename", "") or ""
                )
        except UserError as error:
            return self._fapiao_page(desk, status=422, error=str(error), typed=data)
        return request.redirect(f"{desk.base}/fapiao?said=fapiao", code=303)

    def _fapiao_companies(self, desk):
        """[(supplier, company)]: who of us wants invoices of whom, as far as the desk reaches."""
        pairs = []
        for supplier_sudo in desk.suppliers_sudo:
            reach = desk.link_sudo.company_id if desk.link_sudo else supplier_sudo.company_id
            companies_sudo = reach or request.env["res.company"].sudo().search([])
            pairs += [
                (supplier_sudo, company) for company in companies_sudo if supplier_sudo._fapiao_wanted_by(company)
            ]
        return pairs

    def _fapiao_page(self, desk, status=200, **values):
        companies = self._fapiao_companies(desk)
        rows, handed = [], request.env["dropship.fapiao.received"].sudo()
        for supplier_sudo, company_sudo in companies:
            rows += [
                {
                    "name": row.document.ref or row.document.name,
                    "since": row.since,
                    "amount": row.document.currency_id.format(row.amount),
                }
                for row in supplier_sudo._fapiao_owed(company_sudo)[:SHOWN]
            ]
            domain = [("supplier_id", "=", supplier_sudo.id), ("company_id", "=", company_sudo.id)]
            handed |= handed.search(domain, limit=SHOWN)
        return self._desk_page(
            "dropship_flow.supplier_desk_fapiao",
            desk,
            status=status,
            here=f"{desk.base}/fapiao",
            rows=rows,
            handed=handed,
            companies=[company for _supplier, company in companies],
            done="fapiao" if request.params.get("said") == "fapiao" else "",
            **values,
        )

    def _desk_page(self, template, desk, status=200, **values):
        """Override: whether his list of orders shows the way to what he owes."""
        if template == "dropship_flow.supplier_desk_list":
            pairs = self._fapiao_companies(desk)
            values["fapiao_owed"] = sum(len(supplier_sudo._fapiao_owed(company)) for supplier_sudo, company in pairs)
            values["fapiao_shown"] = bool(pairs)
        return super()._desk_page(template, desk, status=status, **values)
