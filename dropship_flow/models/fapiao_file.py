"""The way to the tax bureau and back: a workbook for its bulk issue, and the list of numbers it gives out."""

import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..fapiao import sheet
from ..feeds.errors import FeedError, ValueProblem
from ..order_files.values import parse_money
from ..papers import decoded
from .file_text import file_refusal
from .reason_text import FLOW_REASONS, _lt, reasons_line

FLOW_REASONS.update(
    {
        "fapiao_rounded": _lt("%(text)s was rounded by a spreadsheet: enter the number by hand, or save it as text."),
        "fapiao_no_serial": _lt("The row does not say our serial (发票流水号)."),
        "fapiao_no_number": _lt("The row has no fapiao number: it was not issued yet."),
        "fapiao_digits": _lt("%(text)s is no number of a digital fapiao: that has 20 digits."),
        "fapiao_date": _lt("%(text)s is no date."),
        "fapiao_unknown": _lt("No fapiao of this company has the serial %(text)s."),
        "fapiao_known": _lt("%(serial)s has the number %(known)s already; the file says %(text)s."),
        "fapiao_taken": _lt("The number %(text)s belongs to %(serial)s already."),
        "fapiao_cancelled": _lt("%(serial)s was not to be issued. If it was, make it anew and issue a red letter."),
        "fapiao_total": _lt("%(serial)s is over %(total)s, the file says %(text)s: it was issued for something else."),
    }
)


class DropshipFapiaoFile(models.Model):
    """One file, kept as it went out or came in; what could not be taken stays there with its reason."""

    _name = "dropship.fapiao.file"
    _description = "Fapiao File"
    _order = "id desc"

    name = fields.Char(required=True)
    direction = fields.Selection(
        [("out", "To the tax bureau"), ("in", "From the tax bureau")], required=True, default="in"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    content = fields.Binary(string="File", attachment=True, required=True)
    content_csv = fields.Binary(string="The Same as CSV", attachment=True, readonly=True)
    name_csv = fields.Char(compute="_compute_name_csv")
    fapiao_ids = fields.One2many("dropship.fapiao", "batch_id", string="Exported", readonly=True)
    row_ids = fields.One2many("dropship.fapiao.row", "file_id", string="Rows", readonly=True)
    taken_count = fields.Integer(string="Taken", compute="_compute_counts")
    problem_count = fields.Integer(string="Set Aside", compute="_compute_counts")
    problem = fields.Char(string="Refused", readonly=True)

    @api.depends("name")
    def _compute_name_csv(self):
        for file in self:
            file.name_csv = (file.name or "").rsplit(".", 1)[0] + ".csv"

    @api.depends("row_ids.state")
    def _compute_counts(self):
        for file in self:
            file.taken_count = len(file.row_ids.filtered(lambda row: row.state == "taken"))
            file.problem_count = len(file.row_ids) - file.taken_count

    @api.model
    def _check_accountant(self):
        """:raise AccessError: for everybody but the accountant (and the owner)"""
        user = self.env.user
        if not (self.env.su or user.has_groups("account.group_account_invoice,dropship_flow.group_dropship_manager")):
            raise AccessError(self.env._("Fapiao are issued and entered by the accountant."))

    @api.model
    def _decoded(self, value):
        """The bytes of a binary field's value."""
        return decoded(value)

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "name": self.name,
        }

    # ------------------------------------------------------------------
    # Out
    # ------------------------------------------------------------------

    @api.model
    def _export(self, documents):
        """Write the workbook for what is to issue; it counts as exported from now on.

        :raise UserError: when something is missing, of several companies, or with the bureau already
        """
        documents = documents.sorted("id")
        late = documents.filtered(lambda row: row.state not in ("wanted", "red_needed"))
        if not documents or late:
            raise UserError(self.env._("Choose fapiao that are still to issue.") if not late else self.env._(
                "%s went to the tax bureau already. Take it back first.", ", ".join(late.mapped("serial"))
            ))  # fmt: skip
        if len(documents.company_id) > 1:
            raise UserError(self.env._("These are of several companies. A file is for one of them."))
        if missing := [f"{row.serial}: {row.problem}" for row in documents if row.problem]:
            raise UserError("\n".join(missing))
        documents._lock()
        heads = [row._sheet_head() for row in documents]
        lines = [line for row in documents for line in row.line_ids._sheet_lines()]
        moment = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        file = self.create(
            {
                "name": f"批量开票-{moment:%Y%m%d-%H%M%S}.xlsx",
                "direction": "out",
                "company_id": documents.company_id.id,
                "content": base64.b64encode(sheet.build(heads, lines)),
                "content_csv": base64.b64encode(sheet.build_csv(heads, lines)),
            }
        )
        for red, state in ((False, "exported"), (True, "red_exported")):
            documents.filtered(lambda row, red=red: row.is_red == red)._set_state(
                state, batch_id=file.id, exported_at=fields.Datetime.now()
            )
        return file

    # ------------------------------------------------------------------
    # Back
    # ------------------------------------------------------------------

    def action_read(self):
        """Read a list of numbers (again): each row is taken once, the others say why not."""
        self._check_accountant()
        for file in self.filtered(lambda file: file.direction == "in"):
            file._read()

    def _read(self):
        self.ensure_one()
        self.lock_for_update()
        try:
            rows = sheet.read(self._decoded(self.with_context(bin_size=False).content), self.name)
        except FeedError as error:
            self.problem = file_refusal(self.env, error)
            return
        self.problem = False
        known = self.row_ids.grouped("row")
        for number, said, problem in rows:
            if number in known and known[number].state == "taken":
                continue
            fapiao, reason = self._take(said, problem)
            vals = {
                "serial": said["serial"][:60],
                "number": said["number"][:60],
                "fapiao_id": fapiao.id,
                "reasons": [reason] if reason else [],
                "state": "problem" if reason else "taken",
            }
            if number in known:
                known[number].write(vals)
            else:
                self.env["dropship.fapiao.row"].create({**vals, "file_id": self.id, "row": number})

    def _take(self, said, problem):
        """Enter one number.

        :return: (fapiao, reason why not or None)
        """
        documents = self.env["dropship.fapiao"]
        if problem:
            text = said["serial"] if problem == "no_serial" else said["number"]
            return documents, [f"fapiao_{problem}", {"text": str(text)[:40]}]
        mine = [("company_id", "=", self.company_id.id)]
        fapiao = documents.search([*mine, ("serial", "=", said["serial"])], limit=1)
        text = {"text": said["number"], "serial": fapiao.serial or ""}
        if not fapiao:
            return fapiao, ["fapiao_unknown", {"text": said["serial"][:40]}]
        if fapiao.state == "cancelled":
            return fapiao, ["fapiao_cancelled", text]
        if fapiao.state in ("issued", "red_issued"):
            return fapiao, None if fapiao.number == said["number"] else [
                "fapiao_known",
                {**text, "known": fapiao.number},
            ]
        other = documents.search([*mine, ("number", "=", said["number"]), ("id", "!=", fapiao.id)], limit=1)
        if other:
            return fapiao, ["fapiao_taken", {**text, "serial": other.serial}]
        if said["total"] and not fapiao._fits_total(said["total"]):
            total = fapiao.currency_id.format(fapiao.amount_total)
            return fapiao, ["fapiao_total", {**text, "text": said["total"][:40], "total": total}]
        fapiao._issue(said["number"], said["date"] or None)
        return fapiao, None


class DropshipFapiaoRow(models.Model):
    _name = "dropship.fapiao.row"
    _description = "Row of a Fapiao File"
    _order = "file_id, row"

    file_id = fields.Many2one("dropship.fapiao.file", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    row = fields.Integer(required=True)
    serial = fields.Char()
    number = fields.Char(string="Fapiao Number")
    fapiao_id = fields.Many2one("dropship.fapiao", ondelete="set null", index="btree_not_null")
    state = fields.Selection([("taken", "Taken"), ("problem", "Set aside")], required=True)
    reasons = fields.Json()
    why = fields.Char(string="Why Not", compute="_compute_why")

    _file_row_uniq = models.Constraint("UNIQUE (file_id, row)", "This row was read at the same time. Try again.")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_why(self):
        for row in self:
            row.why = reasons_line(self.env, row.reasons or []) or False


class DropshipFapiao(models.Model):
    _inherit = "dropship.fapiao"

    def _sheet_head(self):
        """The row of the bureau's first sheet: whom it is for. Nothing of where the goods come from."""
        self.ensure_one()
        kinds = {"ordinary": "普通发票", "special": "增值税专用发票"}
        return {
            "serial": self.serial,
            "kind": kinds[self.kind],
            "included": "否",
            "person": "是" if self.who == "person" else "",
            "red_of": self.origin_id.number if self.is_red else "",
            **{name: self[name] or "" for name in ("title", "tax_number", "address", "phone", "bank", "account")},
            "email": self.send_to or "",
            "note": self.note or ", ".join(filter(None, self.move_ids.mapped("name"))),
        }

    def _fits_total(self, text):
        """Whether a total of the bureau's list is this one, to the cent; red letters may have a sign."""
        try:
            told, _currency = parse_money(text)
        except ValueProblem:
            return False
        return told is not None and self.currency_id.compare_amounts(abs(float(told)), self.amount_total) == 0


class DropshipFapiaoLine(models.Model):
    _inherit = "dropship.fapiao.line"

    def _sheet_lines(self):
        """The rows of the bureau's second sheet; of a red letter below zero."""
        rows = []
        for line in self:
            sign = -1 if line.fapiao_id.is_red else 1
            rows.append(
                {
                    "serial": line.fapiao_id.serial,
                    "name": line.name,
                    "tax_code": line.tax_code or "",
                    "unit": line.unit or "",
                    "quantity": f"{sign * line.quantity:.8g}" if line.quantity else "",
                    "price": f"{line.amount / line.quantity:.8f}".rstrip("0").rstrip(".") if line.quantity else "",
                    "amount": f"{sign * line.amount:.2f}",
                    "rate": f"{line.rate / 100:.4g}",
                    "tax": f"{sign * line.tax:.2f}",
                }
            )
        return rows
