"""Rows of payouts: what each amount is, whose order it is about, and what a person said of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .payout_layout import FEE_WORDS, KIND_WORDS
from .reason_text import reasons_line


class DropshipPayoutLine(models.Model):
    """One amount of a payout file. More than nothing is ours, less is taken from us."""

    _name = "dropship.payout.line"
    _description = "Row of a Payout"
    _inherit = ["dropship.state.mixin"]
    _order = "payout_id desc, line, id"
    _rec_name = "order_ref"

    _transitions = frozenset(
        {
            ("open", "matched"), ("open", "general"), ("open", "unknown"), ("unknown", "matched"),
            ("unknown", "general"), ("matched", "unknown"), ("general", "unknown"), ("general", "matched"),
            ("matched", "general"), ("unknown", "open"), ("matched", "open"), ("general", "open"),
        }
    )  # fmt: skip

    payout_id = fields.Many2one("dropship.payout", required=True, readonly=True, ondelete="cascade", index=True)
    terms_id = fields.Many2one("dropship.payout.terms", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    line = fields.Integer(string="Row in the File", readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(KIND_WORDS, required=True, readonly=True, index=True)
    fee_kind = fields.Selection(FEE_WORDS, string="Kind of Fee", readonly=True)
    amount = fields.Monetary(readonly=True)
    order_ref = fields.Char(string="Order Number There", readonly=True)
    transaction_ref = fields.Char(string="Payment Number", readonly=True)
    entry = fields.Char(string="Entry There", readonly=True)
    key = fields.Char(readonly=True, copy=False)
    said = fields.Char(string="The File Says", readonly=True)
    title = fields.Char(readonly=True)
    problems = fields.Json(readonly=True, help="[[code, figures]]: what reading found doubtful.")
    state = fields.Selection(
        [
            ("open", "Not Looked For"),
            ("unknown", "To Look At"),
            ("matched", "Order Found"),
            ("general", "No Order"),
            ("known", "Entered Before"),
        ],
        default="open", required=True, readonly=True, copy=False,
    )  # fmt: skip
    reasons = fields.Json(readonly=True)
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="restrict", index="btree_not_null")
    by_hand = fields.Boolean(string="Chosen by Hand", readonly=True)
    accepted = fields.Boolean(string="Taken as It Is", readonly=True)
    apart = fields.Boolean(string="Booked Apart", readonly=True, help="Without its order, to be booked over later.")
    payout_state = fields.Selection(related="payout_id.state", string="Payout Is")

    # An entry of the account there counts once, whichever files it stands in.
    _entry_once = models.UniqueIndex("(terms_id, key) WHERE key IS NOT NULL", "This entry was entered before.")
    _look_idx = models.Index("(company_id, order_ref) WHERE state = 'unknown'")
    _payout_state_idx = models.Index("(payout_id, state)")
    _entry_idx = models.Index("(terms_id, entry) WHERE entry IS NOT NULL AND order_id IS NOT NULL")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for line in self:
            line.reason_text = reasons_line(self.env, line.reasons) if line.reasons else False

    @api.model
    def _known_keys(self, payout, keys):
        """{key: name of the payout it stands in}"""
        if not keys:
            return {}
        found = self.search_fetch([("terms_id", "=", payout.terms_id.id), ("key", "in", keys)], ["key", "payout_id"])
        return {line.key: line.payout_id.name for line in found}

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _to_look_at(self):
        """The rows for a button: rights checked; written by the machine then."""
        self.env["dropship.payout"]._check_right()
        self.check_access("read")
        lines_sudo = self.sudo().filtered(lambda line: line.state == "unknown")
        if not lines_sudo:
            raise UserError(self.env._("Choose rows that have to be looked at."))
        return lines_sudo

    def action_accept(self):
        """The row is right as it is."""
        lines_sudo = self._to_look_at()
        if lines_sudo.filtered(lambda line: line.kind == "unknown"):
            raise UserError(self.env._("Say first what these rows are: press What Is It?"))
        lines_sudo.accepted = True
        lines_sudo.payout_id._match(only_open=True)
        return True

    def action_decide(self):
        """Say whose order rows are about, or what they are."""
        self._to_look_at()
        wizard = self.env["dropship.payout.decide"].create({"line_ids": [(6, 0, self.ids)]})
        return {
            "type": "ir.actions.act_window", "name": self.env._("What Is It?"), "res_model": wizard._name,
            "res_id": wizard.id, "view_mode": "form", "target": "new",
        }  # fmt: skip

    def _same_rows(self):
        """The other amounts of these rows of the file that have no order: what was paid, and what was taken off it."""
        rows = {(line.payout_id, line.line) for line in self if line.line}
        found = self.search(
            [("payout_id", "in", self.payout_id.ids), ("line", "in", [line for _payout, line in rows]),
             ("order_id", "=", False), ("state", "in", ("unknown", "general")), ("kind", "!=", "transfer")]
        )  # fmt: skip
        return found.filtered(lambda line: (line.payout_id, line.line) in rows)

    def _decide(self, order, kind, fee_kind):
        """Write what a person said; for an order also the other rows of the same number and amounts of the same row."""
        lines = self
        if kind:
            lines.write({"kind": kind, "fee_kind": fee_kind if kind == "fee" else False})
        if order:
            refs = [ref for ref in lines.mapped("order_ref") if ref]
            if refs:
                lines |= self.search(
                    [("terms_id", "in", lines.terms_id.ids), ("order_ref", "in", refs), ("state", "=", "unknown"),
                     ("order_id", "=", False)]
                )  # fmt: skip
            lines |= self._same_rows()
            lines.write({"order_id": order.id, "by_hand": True})
        lines.write({"accepted": True})
        lines.payout_id._match(only_open=True)
