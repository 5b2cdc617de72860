"""Remittances of carriers (代收货款回款): kept as they came, held against the parcels, paid into the books by core."""

import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..collecting import Expected
from ..collecting.remittance import read
from ..feeds.errors import FeedError
from ..sheets import carriers
from .exact import decimal
from .file_text import FILE_REFUSALS
from .reason_text import _lt

REFUSALS = {
    **FILE_REFUSALS,
    "no_rows": _lt("The file has headings and nothing below them."),
    "column_missing": _lt("The file has no column %(name)s. Name the column so, or ask the carrier for his own file."),
}
OPEN = ("out", "delivered", "refused", "remitted")


class DropshipRemittance(models.Model):
    """A file in which a carrier says what he collected and hands over. The same file of a company is kept once."""

    _name = "dropship.remittance"
    _description = "Remittance of a Carrier"
    _inherit = ["mail.thread", "dropship.state.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("new", "checked"), ("new", "refused"), ("refused", "new"), ("checked", "posted"), ("checked", "partly"),
            ("partly", "posted"), ("posted", "partly"),
        }
    )  # fmt: skip

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    carrier_code = fields.Char(readonly=True)
    carrier_title = fields.Char(string="Carrier", compute="_compute_carrier_title")
    partner_id = fields.Many2one("res.partner", string="Carrier as a Partner", help="In the entry of his fees.")
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        help="Where the money arrives: the bank, or an account of what carriers hand over.",
    )
    date = fields.Date(string="Received On", required=True, default=fields.Date.context_today)
    content = fields.Binary(string="File as It Came", attachment=True, readonly=True, required=True)
    sha256 = fields.Char(readonly=True, required=True)
    state = fields.Selection(
        [
            ("new", "Being Read"),
            ("checked", "To Be Posted"),
            ("partly", "Partly Posted"),
            ("posted", "Posted"),
            ("refused", "Refused"),
        ],
        default="new", required=True, readonly=True, index=True, tracking=True, copy=False,
    )  # fmt: skip
    problem = fields.Json(readonly=True)
    problem_text = fields.Char(string="Why", compute="_compute_problem_text")
    line_ids = fields.One2many("dropship.remittance.line", "remittance_id", string="Rows")
    look_ids = fields.One2many(
        "dropship.remittance.line", "remittance_id", string="Rows to Look At", domain=[("state", "=", "problem")]
    )
    total = fields.Monetary(compute="_compute_totals", help="Of all rows.")
    fees = fields.Monetary(compute="_compute_totals")
    net = fields.Monetary(string="Paid Out", compute="_compute_totals")
    ready_count = fields.Integer(string="To Be Posted", compute="_compute_totals")
    posted_count = fields.Integer(string="Posted", compute="_compute_totals")
    problem_count = fields.Integer(string="To Look At", compute="_compute_totals")
    known_count = fields.Integer(string="Known Before", compute="_compute_totals")

    _same_once = models.UniqueIndex(
        "(company_id, sha256) WHERE state <> 'refused'", "This file was uploaded before."
    )

    @api.depends("carrier_code")
    @api.depends_context("lang")
    def _compute_carrier_title(self):
        for row in self:
            row.carrier_title = carriers.name_of(row.carrier_code or "", self.env.lang or "en_US") or row.carrier_code

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for row in self:
            code, params = row.problem or ("", {})
            sentence = REFUSALS.get(code)
            row.problem_text = self.env._(sentence, **params) if sentence else code or False

    @api.depends("line_ids.state", "line_ids.amount", "line_ids.fee")
    def _compute_totals(self):
        groups = self.env["dropship.remittance.line"]._read_group(
            [("remittance_id", "in", self.ids)], ["remittance_id", "state"], ["amount:sum", "fee:sum", "__count"]
        )
        found = {(row.id, state): figures for row, state, *figures in groups}
        for row in self:
            states = {state: found.get((row.id, state), (0.0, 0.0, 0)) for state in dict(LINE_STATES)}
            row.total = sum(figures[0] for figures in states.values())
            row.fees = sum(figures[1] for figures in states.values())
            row.net = row.total - row.fees
            row.ready_count, row.posted_count = states["ready"][2], states["posted"][2]
            row.problem_count, row.known_count = states["problem"][2], states["known"][2]

    @api.model
    def _check_books(self):
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Remittances are booked by accountants."))

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    @api.model
    def _receive(self, name, content, journal, carrier_code="", date=None, partner=None):
        """Keep a file, read it and hold it against the parcels. Nothing is booked yet.

        :param bytes content: the file as it came
        :return: (the remittance, whether it is new): the same content is the one that is there
        """
        self._check_books()
        company = journal.company_id
        digest = hashlib.sha256(content).hexdigest()
        known = self.search([("company_id", "=", company.id), ("sha256", "=", digest), ("state", "!=", "refused")])
        if known:
            return known, False
        with self._first_come():
            row_sudo = self.sudo().create(  # what a file says is written by the machine only
                {
                    "name": name,
                    "company_id": company.id,
                    "currency_id": (journal.currency_id or company.currency_id).id,
                    "journal_id": journal.id,
                    "carrier_code": carrier_code or False,
                    "partner_id": partner.id if partner else False,
                    "date": date or fields.Date.context_today(self),
                    "content": base64.b64encode(content),
                    "sha256": digest,
                }
            )
            row_sudo.flush_recordset()
        row_sudo._read_rows()
        return row_sudo.with_env(self.env), True

    def _read_rows(self):
        self.ensure_one()
        content = base64.b64decode(self.with_context(bin_size=False).content)
        try:
            rows = read(content, self.name)
        except FeedError as error:
            self._set_state("refused", problem=[error.code, error.params])
            return
        lines = self.env["dropship.remittance.line"]
        lines.create(
            [
                {
                    "remittance_id": self.id, "line": row.line, "number": row.number[:64] or False, "raw": row.raw,
                    "amount": float(row.amount or 0), "fee": float(row.fee or 0), "date": row.date or False,
                    "currency_code": row.currency or False, "problems": row.problems or False,
                }
                for row in rows
            ]
        )  # fmt: skip
        self._set_state("checked", problem=False)
        self.line_ids._check()

    def _parcels(self, numbers):
        """{number: [Expected]} of what parcels of this company collect."""
        rows = self.env["dropship.collection"].search(
            [
                ("company_id", "=", self.company_id.id), ("shipment_id", "!=", False), ("state", "in", OPEN),
                ("shipment_id.number", "in", list(numbers)),
            ], order="id"
        )  # fmt: skip
        found = {}
        for row in rows:
            one = Expected(row, decimal(row.amount), row.currency_id.name, row.state)
            found.setdefault(row.shipment_id.number, []).append(one)
        return found

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_post(self):
        """Book every row nothing speaks against."""
        self._check_books()
        self.check_access("read")
        for row_sudo in self.sudo():
            ready = row_sudo.line_ids.filtered(lambda line: line.state == "ready")
            if not ready:
                raise UserError(self.env._("No row of %s waits to be posted.", row_sudo.name))
            ready._post()
        return True

    def action_check_again(self):
        """Look at the rows that wait once more: a parcel may have come in meanwhile."""
        self._check_books()
        self.check_access("read")
        self.sudo().line_ids.filtered(lambda line: line.state in ("ready", "problem"))._check()
        return True

    def action_read_again(self):
        """Read a refused file once more."""
        self._check_books()
        self.check_access("read")
        for row_sudo in self.sudo().filtered(lambda row: row.state == "refused"):
            row_sudo._set_state("new", problem=False)
            row_sudo._read_rows()
        return True

    def action_open_lines(self):
        """Open the rows of one step; which one is in the context of the button."""
        self.ensure_one()
        state = self.env.context.get("dropship_row_state")
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_remittance_line")
        domain = [("remittance_id", "=", self.id), *([("state", "=", state)] if state else [])]
        return {**action, "domain": domain, "context": {}}

    def _settle(self):
        """The state a file comes to by its rows."""
        for row in self:
            states = set(row.line_ids.mapped("state"))
            if "posted" in states:
                row._set_state("partly" if states & {"ready", "problem"} else "posted")
            elif row.state == "checked" and not states & {"ready", "problem"}:
                row._set_state("posted")


LINE_STATES = [
    ("ready", "To Be Posted"),
    ("posted", "Posted"),
    ("known", "Known Before"),
    ("problem", "To Look At"),
    ("dropped", "Dropped"),
]
