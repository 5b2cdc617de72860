"""Files of advertising: kept as they came, with the rows that were not taken."""

import base64
import csv
import hashlib
import io

from odoo import api, fields, models
from odoo.addons.dropship_flow.feeds.errors import FeedError
from odoo.addons.dropship_flow.sheets.layout import harmless
from odoo.exceptions import UserError

from ...ad_files import FIELDS, Told, read
from .text import cost_reason, cost_refusal

KEEP_DAYS = 400
DATE_ORDERS = [("ymd", "Year, Month, Day"), ("dmy", "Day, Month, Year"), ("mdy", "Month, Day, Year")]


class DropshipAdFile(models.Model):
    """A file somebody entered: what came of it. Its good rows are days of advertising, the others wait here."""

    _name = "dropship.ad.file"
    _description = "File of Advertising"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    content = fields.Binary(string="File as It Came", attachment=True, readonly=True)
    sha256 = fields.Char(readonly=True, index=True)
    source_id = fields.Many2one("utm.source", string="Source Where None Is Named", readonly=True)
    currency_id = fields.Many2one("res.currency", string="Currency Where None Is Named", readonly=True)
    date_order = fields.Selection(DATE_ORDERS, string="Days Are Written", readonly=True)
    decimal = fields.Char(string="Sign Before Fractions", readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True)
    changed_count = fields.Integer(string="Taken", readonly=True, help="Rows that said something new.")
    same_count = fields.Integer(string="Known Before", readonly=True)
    row_ids = fields.One2many("dropship.ad.row", "file_id", string="Rows Not Taken")
    open_count = fields.Integer(string="To Look At", compute="_compute_open_count", store=True)
    spend_ids = fields.One2many("dropship.ad.spend", "file_id", string="Advertising", readonly=True)

    @api.depends("row_ids.state")
    def _compute_open_count(self):
        for file in self:
            file.open_count = len(file.row_ids.filtered(lambda row: row.state == "open"))

    @api.model
    def _read(self, content, name):
        """([Told], sign before fractions); a file that is none of advertising is refused in words."""
        try:
            return read(content, name)
        except FeedError as error:
            raise UserError(cost_refusal(self.env, error)) from error

    @api.model
    def _receive(self, company, name, content, **options):
        """Keep a file and take its rows.

        :param bytes content: as it came
        :param options: source, currency, order – see `dropship.ad.spend._enter`
        :rtype: DropshipAdFile
        """
        self.check_access("create")
        told, mark = self._read(content, name)
        source, currency = options.get("source"), options.get("currency")
        file = self.create(
            {
                "name": name, "company_id": company.id, "content": base64.b64encode(content),
                "sha256": hashlib.sha256(content).hexdigest(), "source_id": source and source.id,
                "currency_id": currency and currency.id, "date_order": options.get("order") or False, "decimal": mark,
                "row_count": len(told),
            }
        )  # fmt: skip
        outcome = file._enter(told)
        file.changed_count = len(outcome.changed)
        file.same_count = len(told) - len(outcome.changed) - len(outcome.problems)
        self.env["dropship.ad.row"].create(
            [
                {"file_id": file.id, "number": one.number, "problems": outcome.problems[one.number],
                 **{field: getattr(one, field) for field in FIELDS}}
                for one in told
                if one.number in outcome.problems
            ]
        )  # fmt: skip
        return file

    def _enter(self, told):
        self.ensure_one()
        return self.env["dropship.ad.spend"]._enter(
            self.company_id, told, "file", self.decimal or ".", self.date_order or "", self.source_id,
            self.currency_id, self,
        )  # fmt: skip

    def action_replay(self):
        """Take the open rows again, as they are corrected now. What still cannot be stays, with its reasons of now."""
        self.check_access("write")
        for file in self:
            rows = file.row_ids.filtered(lambda row: row.state == "open")
            if not rows:
                raise UserError(self.env._("No row waits to be looked at."))
            outcome = file._enter([row._told() for row in rows])
            for row in rows:
                problems = outcome.problems.get(row.number)
                row.write({"problems": problems} if problems else {"state": "taken", "problems": False})
            file.changed_count += len(outcome.changed)
            file.same_count += len(rows) - len(outcome.changed) - len(outcome.problems)
        return True

    def action_download(self):
        """The rows that were not taken, as a file to correct."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/dropship/ads/rows.csv?file={self.id}", "target": "download"}

    def action_open_spends(self):
        """The days it brought."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.name, "res_model": "dropship.ad.spend",
            "view_mode": "list,form", "domain": [("file_id", "=", self.id)],
        }  # fmt: skip

    def _csv(self):
        """Open rows with their reasons; it can be corrected and dropped again."""
        self.ensure_one()
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow([*FIELDS, "reason"])
        for row in self.row_ids.filtered(lambda row: row.state == "open"):
            writer.writerow([harmless(row[field] or "") for field in FIELDS] + [harmless(row.reason or "")])
        return b"\xef\xbb\xbf" + stream.getvalue().encode()

    @api.autovacuum
    def _gc_files(self):
        """Files nobody has to look at any more go after a year; the days they brought stay."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("create_date", "<", before), ("open_count", "=", 0)], limit=1000).unlink()


class DropshipAdRow(models.Model):
    """A row of a file that was not taken, as it stands there; a person corrects it."""

    _name = "dropship.ad.row"
    _description = "Row of Advertising Not Taken"
    _order = "file_id, number"
    _rec_name = "number"

    file_id = fields.Many2one("dropship.ad.file", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    number = fields.Integer(string="Row", readonly=True, aggregator=None)
    day = fields.Char()
    campaign = fields.Char()
    source = fields.Char()
    currency = fields.Char()
    amount = fields.Char(string="Spent")
    problems = fields.Json(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    state = fields.Selection(
        [("open", "To Look At"), ("taken", "Taken"), ("dismissed", "Left Out")],
        default="open", required=True, readonly=True, index=True,
    )  # fmt: skip

    @api.depends("problems")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = " ".join(cost_reason(self.env, *one) for one in row.problems or []) or False

    def _told(self):
        self.ensure_one()
        return Told(self.number, **{field: (self[field] or "").strip() for field in FIELDS})

    def action_dismiss(self):
        """Leave these rows out."""
        self.check_access("write")
        self.filtered(lambda row: row.state == "open").write({"state": "dismissed"})
        return True

    def action_reopen(self):
        """Look at them again."""
        self.check_access("write")
        self.filtered(lambda row: row.state == "dismissed").write({"state": "open"})
        return True
