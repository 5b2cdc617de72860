"""Rows that were not taken: said in words, corrected in place, taken again or left out."""

import csv
import io

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sheets.layout import harmless
from .feed_plan_text import TARGETS

MOST_CHOSEN = 500


class DropshipFeedReject(models.Model):
    _inherit = "dropship.feed.reject"
    _rec_names_search = ["sku", "feed_id.name"]

    text = fields.Text(
        string="What It Says",
        compute="_compute_text",
        inverse="_inverse_text",
        help='One cell a line, "column: value". Correct it and press Take It Now.',
    )
    supplier_id = fields.Many2one(related="feed_id.supplier_id")

    def _labels(self):
        """{key of a cell: how it is called on the screen}"""
        names = self.cells or {}
        if not self.understood:
            return {name: name for name in names}
        return {name: self.env._(TARGETS[name]) if name in TARGETS else name for name in names}

    @api.depends("cells", "understood")
    @api.depends_context("lang")
    def _compute_text(self):
        for row in self:
            labels = row._labels()
            row.text = "\n".join(
                f"{labels[name]}: {value}"
                for name, value in row.feed_id._cells_in_order(row.cells)
                if value not in (None, "", False)
            )

    def _inverse_text(self):
        """The corrected lines become the cells again; a line that names no cell belongs to the one above."""
        for row in self:
            if row.state == "replayed":
                raise UserError(self.env._("This row was taken already: correct the offer itself."))
            cells, last = dict.fromkeys(row.cells or {}, ""), None
            known = {label.casefold(): name for name, label in row._labels().items()}
            if row.understood:
                known |= {self.env._(label).casefold(): name for name, label in TARGETS.items()}
                known |= {name: name for name in TARGETS}
            else:
                known |= {source.casefold(): source for source in row.feed_id.column_ids.mapped("source")}
            for line in (row.text or "").splitlines():
                name = max((name for name in known if line.casefold().startswith(f"{name}:")), key=len, default=None)
                if name is not None:
                    last = known[name]
                    cells[last] = line[len(name) + 1 :].strip()
                elif last and line.strip():
                    cells[last] = f"{cells[last]}\n{line.strip()}"
            row.cells = cells

    def action_keep_open(self):
        """Look at it later after all."""
        self.check_access("write")
        self.filtered(lambda row: row.state == "dismissed").state = "open"
        return True

    def action_open_offer(self):
        """The offer the row is about, as it is now."""
        self.ensure_one()
        offers = self.env["dropship.offer"].search(
            [("supplier_id", "=", self.supplier_id.id), ("sku", "=", self.sku or "")], limit=2
        )
        if not offers:
            raise UserError(self.env._("There is no offer with this code yet."))
        action = {"type": "ir.actions.act_window", "res_model": "dropship.offer", "name": self.env._("Offers")}
        if len(offers) == 1:
            return {**action, "res_id": offers.id, "view_mode": "form"}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", offers.ids)]}

    def action_download(self):
        """The chosen rows as a file for the supplier."""
        self.check_access("read")
        if len(self) > MOST_CHOSEN:
            raise UserError(
                self.env._("Choose up to %s rows, or download all rows of a run on its form.", MOST_CHOSEN)
            )
        ids = ",".join(map(str, self.ids))
        return {"type": "ir.actions.act_url", "url": f"/dropship/feeds/rows.csv?ids={ids}", "target": "download"}

    @api.model
    def _csv(self, rows):
        """Rows as a file for the supplier: line, code, reason, and the cells as they were."""
        names = list(dict.fromkeys(name for row in rows for name in row.cells or {}))
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow([self.env._("Line"), self.env._("Supplier's Code"), self.env._("Reason"), *names])
        for row in rows:
            cells = [(row.cells or {}).get(name, "") for name in names]
            writer.writerow([harmless(str(cell)) for cell in (row.line, row.sku or "", row.reason or "", *cells)])
        return b"\xef\xbb\xbf" + stream.getvalue().encode()
