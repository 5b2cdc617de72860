import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.costs.ad_file import DATE_ORDERS
from ..models.costs.text import cost_reason

SHOWN = 200


class DropshipAdUpload(models.TransientModel):
    """Drop a file of an advertiser, look at what it would change, then enter it."""

    _name = "dropship.ad.upload"
    _description = "Upload Advertising"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    content = fields.Binary(string="File", attachment=False, help="CSV or XLSX with day, campaign and cost.")
    name = fields.Char()
    source_id = fields.Many2one("utm.source", help="For rows that name none.")
    currency_id = fields.Many2one(
        "res.currency", help="For rows that name none.", default=lambda self: self.env.company.currency_id
    )
    date_order = fields.Selection(DATE_ORDERS, string="Days Are Written", help="Empty: where it is clear.")
    looked = fields.Boolean(readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    restated_count = fields.Integer(string="Restated", readonly=True)
    same_count = fields.Integer(string="Known Before", readonly=True)
    rejected_count = fields.Integer(string="Not Taken", readonly=True)
    line_ids = fields.One2many("dropship.ad.upload.line", "upload_id", readonly=True)

    def _options(self):
        return {"source": self.source_id, "currency": self.currency_id, "order": self.date_order or ""}

    def _bytes(self):
        if not self.content:
            raise UserError(self.env._("Drop the file first."))
        try:
            return base64.b64decode(self.content)
        except binascii.Error:
            raise UserError(self.env._("The file arrived broken. Drop it again.")) from None

    def _check(self):
        self.ensure_one()
        self.env["dropship.ad.spend"].check_access("create")
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("You do not work for this company."))

    def action_look(self):
        """Read the file and show what it would change. Nothing is kept."""
        self._check()
        told, mark = self.env["dropship.ad.file"]._read(self._bytes(), self.name or "")
        options = self._options()
        outcome = self.env["dropship.ad.spend"]._enter(
            self.company_id, told, "file", mark, options["order"], options["source"], options["currency"], dry=True
        )
        lines, counts = [], {"new": 0, "restated": 0, "same": 0, "rejected": 0}
        for one, row in zip(told, outcome.rows, strict=True):
            what = self._what(row, outcome)
            counts[what] += 1
            before = outcome.changed.get(row.number, (None, True))[0]
            lines.append(
                {
                    "number": one.number, "what": what, "day": one.day, "campaign": one.campaign, "source": one.source,
                    "currency": row.currency, "amount": one.amount, "before": "" if before is None else str(before),
                    "reason": " ".join(cost_reason(self.env, *pair) for pair in outcome.problems.get(row.number, [])),
                }
            )  # fmt: skip
        # what needs a look stands first
        lines.sort(key=lambda line: ("rejected", "restated", "new", "same").index(line["what"]))
        self.line_ids.unlink()
        self.write(
            {
                "looked": True, "line_ids": [(0, 0, line) for line in lines[:SHOWN]],
                **{f"{name}_count": count for name, count in counts.items()},
            }
        )  # fmt: skip
        return self._again()

    @staticmethod
    def _what(row, outcome):
        if row.number in outcome.problems:
            return "rejected"
        if row.number not in outcome.changed:
            return "same"
        return "new" if outcome.changed[row.number][1] else "restated"

    def _again(self):
        return {
            "type": "ir.actions.act_window", "name": self.env._("Upload Advertising"), "res_model": self._name,
            "res_id": self.id, "view_mode": "form", "target": "new",
        }  # fmt: skip

    def action_enter(self):
        """Keep the file and take its good rows; the others wait to be corrected."""
        self._check()
        name = self.name or self.env._("Advertising")
        file = self.env["dropship.ad.file"]._receive(self.company_id, name, self._bytes(), **self._options())
        return {
            "type": "ir.actions.act_window", "name": file.name, "res_model": "dropship.ad.file", "res_id": file.id,
            "view_mode": "form", "views": [(False, "form")],
        }  # fmt: skip


class DropshipAdUploadLine(models.TransientModel):
    _name = "dropship.ad.upload.line"
    _description = "What a File of Advertising Says"
    _order = "id"

    upload_id = fields.Many2one("dropship.ad.upload", required=True, ondelete="cascade")
    number = fields.Integer(string="Row")
    what = fields.Selection(
        [("new", "New"), ("restated", "Restated"), ("same", "Known Before"), ("rejected", "Not Taken")],
        string="What Comes of It",
    )  # fmt: skip
    day = fields.Char()
    campaign = fields.Char()
    source = fields.Char()
    currency = fields.Char()
    amount = fields.Char(string="Spent")
    before = fields.Char()
    reason = fields.Char()
