"""Order files of marketplaces: kept as they came, read into rows, checked, and entered through the order API."""

import base64
import hashlib

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..feeds.errors import FeedError
from ..order_files import orders as reading
from ..order_files import table
from .order_file_text import order_refusal

# Up to so many orders are entered while the person waits, and up to so many bytes are read then.
AT_ONCE = 20
READ_AT_ONCE = 400_000
CREATED_TOGETHER = 1_000


class DropshipOrderFile(models.Model):
    """A file of orders of one channel. The same file of a channel is kept once."""

    _name = "dropship.order.file"
    _description = "Order File"
    _inherit = ["mail.thread", "dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset(
        {
            ("new", "checked"), ("new", "refused"), ("refused", "new"), ("checked", "importing"),
            ("importing", "imported"), ("importing", "partly"), ("partly", "importing"), ("partly", "imported"),
            ("imported", "importing"), ("imported", "partly"), ("checked", "imported"), ("checked", "partly"),
        }
    )  # fmt: skip

    name = fields.Char(string="File", required=True, readonly=True)
    channel_id = fields.Many2one(
        "dropship.sales.channel", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    layout_id = fields.Many2one("dropship.order.layout", string="Form", required=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Uploaded By", required=True, readonly=True, default=lambda self: self.env.user
    )
    content = fields.Binary(string="File as It Came", attachment=True, readonly=True, required=True)
    second_name = fields.Char(string="Name of the File of the Goods", readonly=True)
    second_content = fields.Binary(string="File of the Goods", attachment=True, readonly=True)
    sha256 = fields.Char(readonly=True, required=True)
    state = fields.Selection(
        [
            ("new", "Being Read"),
            ("checked", "Checked"),
            ("importing", "Being Entered"),
            ("imported", "Entered"),
            ("partly", "Partly Entered"),
            ("refused", "Refused"),
        ],
        default="new", required=True, readonly=True, index=True, tracking=True, copy=False,
    )  # fmt: skip
    problem = fields.Json(readonly=True, help="[code, figures]: why the whole file was refused.")
    problem_text = fields.Char(string="Why", compute="_compute_problem_text")
    worked_at = fields.Datetime(string="Last Worked On", readonly=True, copy=False)
    row_ids = fields.One2many("dropship.order.file.row", "file_id", string="Rows")
    look_ids = fields.One2many(
        "dropship.order.file.row", "file_id", string="To Look At", domain=[("state", "=", "problem")]
    )

    row_count = fields.Integer(string="Rows in the File", compute="_compute_counts")
    order_count = fields.Integer(string="Orders in the File", compute="_compute_counts")
    waiting_count = fields.Integer(string="To Be Entered", compute="_compute_counts")
    imported_count = fields.Integer(string="Orders Entered", compute="_compute_counts")
    duplicate_count = fields.Integer(string="Entered Before", compute="_compute_counts")
    skipped_count = fields.Integer(string="Rows Left Out", compute="_compute_counts")
    problem_count = fields.Integer(string="Rows to Look At", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")

    _same_once = models.UniqueIndex(
        "(channel_id, sha256) WHERE state <> 'refused'", "This file was uploaded for the channel before."
    )
    _open_idx = models.Index("(state) WHERE state IN ('new', 'importing')")

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for file in self:
            file.problem_text = order_refusal(self.env, *file.problem) if file.problem else False

    @api.depends("row_ids.state")
    def _compute_counts(self):
        found = self.env["dropship.order.file.row"]._read_group(
            [("file_id", "in", self.ids)], ["file_id", "state"], ["__count", "number:count_distinct"]
        )
        rows = {(file.id, state): (count, numbers) for file, state, count, numbers in found}
        all_numbers = dict(
            self.env["dropship.order.file.row"]._read_group(
                [("file_id", "in", self.ids), ("number", "!=", False)], ["file_id"], ["number:count_distinct"]
            )
        )
        for file in self:
            counts = {state: rows.get((file.id, state), (0, 0)) for state in
                      ("waiting", "imported", "duplicate", "skipped", "problem", "dropped")}  # fmt: skip
            file.row_count = sum(count for count, _numbers in counts.values())
            file.order_count = all_numbers.get(file, 0)
            file.waiting_count, file.imported_count = counts["waiting"][1], counts["imported"][1]
            file.duplicate_count = counts["duplicate"][1]
            file.skipped_count = counts["skipped"][0] + counts["dropped"][0]
            file.problem_count = counts["problem"][0]
            left = counts["waiting"][0]
            file.progress = 100.0 * (file.row_count - left) / file.row_count if file.row_count else 0.0

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    @api.model
    def _receive(self, channel, layout, name, content, second_name="", second_content=None):
        """Keep a file, read and check it.

        :param bytes content: the file as it came
        :return: (the file, whether it is new): the same content of a channel is the file that is there
        """
        self.env["sale.order"].check_access("create")
        digest = hashlib.sha256(content + b"\0" + (second_content or b"")).hexdigest()
        known = self.search([("channel_id", "=", channel.id), ("sha256", "=", digest), ("state", "!=", "refused")])
        if known:
            return known, False
        company = channel.company_id or self.env.company
        with self._first_come():
            file = self.sudo().create(  # what a file says is written by the machine only
                {
                    "name": name,
                    "channel_id": channel.id,
                    "company_id": company.id,
                    "layout_id": layout.id,
                    "content": base64.b64encode(content),
                    "second_name": second_name or False,
                    "second_content": base64.b64encode(second_content) if second_content else False,
                    "sha256": digest,
                    "user_id": self.env.uid,
                }
            )
            file.flush_recordset()
        if len(content) + len(second_content or b"") > READ_AT_ONCE:
            self.env.ref("dropship_flow.cron_order_files").sudo()._trigger()
        else:
            file._read_rows()
        return file.with_env(self.env), True

    def _read_rows(self):
        """Read the file into rows and check them; refuse it when it is no order file."""
        self.ensure_one()
        layout = self.layout_id._plain()
        try:
            found = table.read(layout, self._bytes("content"), self.name)
            if self.second_content:
                found += table.read(layout, self._bytes("second_content"), self.second_name or "", part=2)
        except FeedError as error:
            self._set_state("refused", problem=[error.code, error.params])
            return
        self.row_ids.unlink()
        rows = self.env["dropship.order.file.row"].sudo()
        values = [
            {"file_id": self.id, "line": row.line, "part": row.part, "number": row.number[:64] or False,
             "raw": row.raw, "doubts": row.doubts or False}
            for row in found
        ]  # fmt: skip
        for start in range(0, len(values), CREATED_TOGETHER):
            rows.create(values[start : start + CREATED_TOGETHER])
        self._set_state("checked", problem=False)
        self._as_starter().row_ids._check()

    def _bytes(self, name):
        return base64.b64decode(self.with_context(bin_size=False)[name] or b"")

    def _as_starter(self):
        """The file with the rights, company and language of who uploaded it."""
        self.ensure_one()
        user = self.user_id
        context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": self.company_id.ids}
        return self.with_env(self.env(user=user.id, su=False, context=context))

    def _drafts(self, rows):
        """Orders the rows make, as `order_files.orders` reads them."""
        plain = self.layout_id._plain()
        plain["currency"] = plain["currency"] or self.channel_id._order_currency().name
        told = []
        for row in rows:
            raw = {**(row.raw or {}), **(row.fixed or {})}
            number = table.cells_of(plain, raw).get("number", "") or row.number or ""
            doubts = {name: harm for name, harm in (row.doubts or {}).items() if name not in (row.fixed or {})}
            told.append(table.Row(row.line, number, raw, doubts, row.part))
        return reading.orders_of(plain, told)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_import(self):
        """Enter the orders nothing speaks against: a few at once, many in the background."""
        self.env["sale.order"].check_access("create")
        files_sudo = self.sudo()
        for file_sudo in files_sudo:
            if file_sudo.state not in ("checked", "partly", "imported"):
                raise UserError(self.env._("%s is not read yet.", file_sudo.name))
            if not file_sudo.waiting_count:
                raise UserError(self.env._("Nothing in %s waits to be entered.", file_sudo.name))
        files_sudo._set_state("importing", user_id=self.env.uid)
        for file_sudo in files_sudo:
            if file_sudo.waiting_count <= AT_ONCE:
                file_sudo._enter_all()
            else:
                self.env.ref("dropship_flow.cron_order_files").sudo()._trigger()
        return True

    def action_read_again(self):
        """Read a refused file once more, after its form was corrected."""
        for file_sudo in self.sudo():
            self.env["sale.order"].check_access("create")
            if file_sudo.state != "refused":
                raise UserError(self.env._("%s was read. Correct single rows instead.", file_sudo.name))
            file_sudo._set_state("new", problem=False)
            file_sudo._read_rows()
        return True

    def action_check_again(self):
        """Look at all rows that wait once more: links, prices and forms may have changed."""
        self.env["sale.order"].check_access("create")
        for file in self:
            entered = set(file.row_ids.filtered(lambda row: row.state == "imported").mapped("number"))
            file.row_ids.filtered(
                lambda row, entered=entered: row.number not in entered
                and row.state in ("waiting", "problem", "skipped")
            )._check()
            file.sudo()._settle()
        return True

    def _settle(self):
        """The state a file comes to by its rows."""
        for file in self:
            if file.state not in ("importing", "partly", "imported") or file.waiting_count:
                continue
            file._set_state("partly" if file.problem_count else "imported")

    def _open_rows(self, domain, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "dropship.order.file.row",
            "view_mode": "list,form",
            "domain": [("file_id", "in", self.ids), *domain],
        }

    def action_open_rows(self):
        """Open the rows of one step of the funnel; which one is in the context of the button."""
        state = self.env.context.get("dropship_row_state")
        words = dict(self.env["dropship.order.file.row"]._fields["state"]._description_selection(self.env))
        domain = [("state", "=", state)] if state in words else []
        return self._open_rows(domain, words.get(state) or self.env._("Rows"))

    def action_open_orders(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders Entered"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", self.row_ids.filtered(lambda row: row.state == "imported").order_id.ids)],
        }

    def _tell(self):
        """Say in the log what came of it."""
        for file in self:
            file.message_post(
                body=Markup("<p>%s</p>")
                % self.env._(
                    "%(new)s orders entered, %(known)s entered before, %(look)s rows to look at.",
                    new=file.imported_count, known=file.duplicate_count, look=file.problem_count,
                )
            )  # fmt: skip

    @api.model
    def _gc_old(self, company, before, limit):
        """Files whose customers' data is not needed any more: content and rows go, the orders stay."""
        files = self.search([("company_id", "=", company.id), ("create_date", "<", before)], limit=limit)
        files.unlink()
        return len(files)
