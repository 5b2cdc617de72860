"""From a draft to figures and files that stay."""

import base64

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.state_mixin import lock_written

SECTIONS = ("key", "profit", "top", "losses", "cash", "forecast", "ageing", "tax")


class DropshipReportPack(models.Model):
    _inherit = "dropship.report.pack"

    def _sections(self):
        """The sections in the order of the pages: `_section_<name>(company, first, last)` each."""
        first, last = self._days()
        return [getattr(self, f"_section_{name}")(self.company_id, first, last) for name in SECTIONS]

    def action_make(self):
        """Bring the ledger up to date, write the figures and both files; from then on the pack stays."""
        self.check_access("write")
        for pack in self:
            lock_written(pack, ["state"])
            if pack.state == "draft":
                pack._make()

    def _make_where_printable(self):
        """The demo's: a server that cannot print shows a pack still to be made, and everything else."""
        if self._printable():
            self.action_make()

    def _make(self):
        # nobody writes the ledger by hand, and a reader of the pack need not read the books
        speaking = self.sudo()._speaking()
        company, (first, last) = speaking.company_id, speaking._days()
        self.env["dropship.profit.collector"].sudo()._collect(company)
        steps = speaking._steps(company, first, last)
        figures = {
            "company": company.name, "currency": company.currency_id.name, "digits": company.currency_id.decimal_places,
            "title": speaking.name, "first": first.isoformat(), "last": last.isoformat(), "note": speaking.note or "",
            "made": fields.Datetime.context_timestamp(speaking, fields.Datetime.now()).strftime("%Y-%m-%d %H:%M"),
            "sections": speaking._sections(),
        }  # fmt: skip
        name = speaking._paper_name(figures)
        speaking._set_state(
            "ready",
            figures=figures,
            made_at=fields.Datetime.now(),
            net_revenue=steps["revenue"],
            net_profit=steps["overhead"],
            base_profit=speaking._base_profit(company, first, last),
            pdf_file=base64.b64encode(speaking._pdf(figures)),
            pdf_name=f"{name}.pdf",
            xlsx_file=base64.b64encode(speaking._xlsx(figures)),
            xlsx_name=f"{name}.xlsx",
        )

    @api.depends("state")
    def _compute_restated(self):
        for pack in self:
            pack.restated = 0.0
            if pack.state != "draft":
                now = pack.sudo()._base_profit(pack.company_id, *pack._days())
                pack.restated = pack.currency_id.round(now - pack.base_profit)
