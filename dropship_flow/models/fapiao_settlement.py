"""Fapiao a supplier owes, on his statement: printed, and where the company says so not paid before they came."""

from odoo import models
from odoo.tools import format_date

from .reason_text import reasons_line


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

    def _payable_items(self, until=None):
        """Override: a bill without the fapiao we need is not paid where the company holds such money."""
        items, reasons = super()._payable_items(until)
        if self.company_id.sudo().dropship_fapiao_owing != "hold":
            return items, reasons
        bills = items.filtered(lambda line: line.amount_residual_currency < 0).move_id
        for move in bills.filtered(lambda move: not move.dropship_settlement_id):
            found = move._dropship_fapiao_blockers()
            if found:
                why = reasons_line(self.env, found)
                reasons.append(["settle_pay_held", {"document": move.name, "why": why}])
                items = items.filtered(lambda line, move=move: line.move_id != move)
        return items, reasons
