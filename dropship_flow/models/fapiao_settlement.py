"""Fapiao a supplier owes, on his statement: printed, and where the company says so not paid before they came."""

from odoo import models
from odoo.tools import format_date


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    def _fapiao_rows(self):
        """[(document, amount in words, since when)] of the fapiao he owes at the end of the statement."""
        self.ensure_one()
        supplier_sudo, company_sudo = self.supplier_id.sudo(), self.company_id.sudo()  # printed, not read by rights
        if not supplier_sudo._fapiao_wanted_by(company_sudo):
            return []
        owed = supplier_sudo._fapiao_owed(company_sudo, self.currency_id, self.date_to)
        return [
            (row.document.sudo().ref or row.document.sudo().name or "", self.currency_id.format(row.amount),
             format_date(self.env, row.since))
            for row in owed
            if row.amount > 0
        ]  # fmt: skip

    def _bill_blockers(self, bills):
        """Override: a bill without the fapiao we need is not paid where the company holds such money."""
        found = super()._bill_blockers(bills)
        company_sudo = self.company_id.sudo()
        if company_sudo.dropship_fapiao_owing != "hold":
            return found
        owed = self.supplier_id.sudo()._fapiao_owed(company_sudo, self.currency_id)
        return {bill: reasons or bill._dropship_fapiao_reasons(owed) for bill, reasons in found.items()}
