"""Payouts of marketplaces and payment providers: the file as it came, read into rows, checked, matched, posted."""

import base64
import hashlib
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..feeds.errors import FeedError
from ..payout_files import reading
from .payout_text import cell_reasons, payout_refusal
from .reason_text import reason_text, reasons_text

CREATED_TOGETHER = 2_000
BOOKERS = "account.group_account_invoice"


class DropshipPayout(models.Model):
    """What one channel or provider paid out at once. A payout number is entered once, and a file once."""

    _name = "dropship.payout"
    _description = "Payout"
    _inherit = ["mail.thread", "dropship.state.mixin"]
    _order = "date desc, id desc"

    _transitions = frozenset(
        {
            ("received", "read"), ("received", "refused"), ("refused", "received"), ("read", "matched"),
            ("read", "differs"), ("matched", "differs"), ("differs", "matched"), ("matched", "posted"),
            ("differs", "posted"), ("posted", "read"),
        }
    )  # fmt: skip

    name = fields.Char(string="Payout Number", required=True, readonly=True, copy=False)
    terms_id = fields.Many2one("dropship.payout.terms", required=True, readonly=True, ondelete="restrict", index=True)
    channel_id = fields.Many2one(related="terms_id.channel_id", store=True, index=True)
    provider_id = fields.Many2one(
        related="terms_id.provider_id", store=True, index="btree_not_null", groups="base.group_system"
    )
    source = fields.Char(related="terms_id.display_name", string="Paid Out By")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(string="Paid Out On", required=True, readonly=True, index=True)
    layout_id = fields.Many2one("dropship.order.layout", string="Form", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Entered By", required=True, readonly=True, default=lambda self: self.env.user
    )
    file_name = fields.Char(string="Name of the File", readonly=True)
    content = fields.Binary(string="File as It Came", attachment=True, readonly=True)
    sha256 = fields.Char(readonly=True, required=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("refused", "Refused"),
            ("read", "Read"),
            ("differs", "To Look At"),
            ("matched", "Matched"),
            ("posted", "Posted"),
        ],
        default="received", required=True, readonly=True, index=True, tracking=True, copy=False,
    )  # fmt: skip
    problem = fields.Json(readonly=True, help="[code, figures]: why the whole file was refused.")
    file_problems = fields.Json(readonly=True, help="[[code, figures]]: what reading found about the totals.")
    reasons = fields.Json(string="Why Codes", readonly=True)
    reason_text = fields.Text(string="Why", compute="_compute_reason_text")
    line_ids = fields.One2many("dropship.payout.line", "payout_id", string="Rows")
    told_total = fields.Monetary(
        string="Transferred", readonly=True, help="What the file or the bank says was transferred."
    )
    is_told = fields.Boolean(readonly=True)
    row_total = fields.Monetary(string="Sum of the Rows", readonly=True, help="Of all rows but the transfer.")
    transferred = fields.Monetary(
        string="To the Bank", readonly=True, help="What is booked as transferred to the bank."
    )
    difference = fields.Monetary(readonly=True, help="Sum of the rows less what was transferred.")
    row_count = fields.Integer(string="Number of Rows", readonly=True)
    open_count = fields.Integer(string="Rows to Look At", readonly=True)
    skipped_count = fields.Integer(string="Rows Left Out", readonly=True, help="Not paid out, or not completed.")
    round = fields.Integer(readonly=True, help="How often it was posted and reversed again.")
    posted_on = fields.Datetime(readonly=True, copy=False)
    move_ids = fields.One2many("account.move", "dropship_payout_id", string="Entries", readonly=True)

    _once = models.UniqueIndex(
        "(terms_id, name, currency_id) WHERE state <> 'refused'", "This payout was entered before."
    )
    _same_file = models.Index("(terms_id, sha256)")

    @api.depends("reasons", "problem")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for payout in self:
            said = payout_refusal(self.env, payout.problem) if payout.problem else ""
            payout.reason_text = said or reasons_text(self.env, payout.reasons or []) or False

    @api.model
    def _said(self, reasons):
        """Reasons as sentences in the reader's language."""
        return [reason_text(self.env, code, params) for code, params in reasons]

    @api.model
    def _check_right(self):
        """Payouts are entered, matched and posted by who books customers' invoices."""
        if not self.env.su and not self.env.user.has_group(BOOKERS):
            raise AccessError(self.env._("Only accountants enter and post payouts."))

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    @api.model
    def _receive(self, terms, layout, name, content, told=None):
        """Keep a payout file, read, check and match it. Nothing is posted.

        :param bytes content: the file as it came
        :param told: what the bank shows, where a person says it
        :return: (its payouts, those that are new): the same file and the same payout numbers bring nothing new
        """
        self._check_right()
        digest = hashlib.sha256(content).hexdigest()
        mine = self.sudo()  # what a file says is written by the machine only
        same = mine.search([("terms_id", "=", terms.id), ("sha256", "=", digest)])
        known = same.filtered(lambda payout: payout.state != "refused")
        if known:
            return known.with_env(self.env), self.browse()
        same.filtered(lambda payout: payout.state == "refused").unlink()
        common = {
            "terms_id": terms.id, "company_id": terms.company_id.id, "layout_id": layout.id, "file_name": name,
            "content": base64.b64encode(content), "sha256": digest, "user_id": self.env.uid,
        }  # fmt: skip
        try:
            statement = reading.read(layout._plain(), content, name)
            currencies = mine._currencies(statement, terms)
        except FeedError as error:
            kept = mine._keep_refused(common, error)
            return kept.with_env(self.env), kept.with_env(self.env)
        payouts, new = mine.browse(), mine.browse()
        with self._first_come():
            for told_payout in statement.payouts:
                payout, is_new = mine._enter(told_payout, currencies, common, told, statement)
                payouts |= payout
                new |= payout if is_new else mine.browse()
            new.flush_recordset()
        new._match(only_open=True)
        return payouts.with_env(self.env), new.with_env(self.env)

    @api.model
    def _currencies(self, statement, terms):
        """{code: currency}; the company's for rows that name none.

        :raise FeedError: for one that is not in use
        """
        codes = {payout.currency for payout in statement.payouts}
        found = {currency.name: currency for currency in self.env["res.currency"].search([("name", "in", list(codes))])}
        found[""] = (terms.sudo().channel_id.order_currency_id or terms.company_id.currency_id)
        for code in sorted(codes - found.keys()):
            raise FeedError("payout_no_currency", currency=code)
        return found

    def _keep_refused(self, common, error):
        return self.create(
            {
                **common,
                "name": common["file_name"] or self.env._("Payout"),
                "currency_id": self.env["res.company"].browse(common["company_id"]).currency_id.id,
                "date": fields.Date.context_today(self),
                "state": "refused",
                "problem": [error.code, error.params],
            }
        )

    def _enter(self, told_payout, currencies, common, told, statement):
        """The payout of a file with its rows; (payout, whether it is new)."""
        currency = currencies[told_payout.currency]
        known = self.search(
            [("terms_id", "=", common["terms_id"]), ("name", "=", told_payout.ref),
             ("currency_id", "=", currency.id), ("state", "!=", "refused")]
        )  # fmt: skip
        if known:
            return known, False
        total = told_payout.told if told is None else Decimal(str(told))
        payout = self.create(
            {
                **common,
                "name": told_payout.ref,
                "currency_id": currency.id,
                "date": told_payout.date or fields.Date.context_today(self),
                "told_total": float(total or 0),
                "is_told": total is not None,
                "file_problems": told_payout.problems or False,
                "skipped_count": sum(statement.skipped.values()),
            }
        )
        payout._create_lines(told_payout.facts)
        payout._set_state("read")
        return payout, True

    def _create_lines(self, facts):
        """Write the rows; an entry that stands in another payout already is kept and not counted."""
        seen, vals_list = {}, []
        common = {"payout_id": self.id, "terms_id": self.terms_id.id, "company_id": self.company_id.id,
                  "channel_id": self.channel_id.id, "currency_id": self.currency_id.id}  # fmt: skip
        for fact in facts:
            key = False
            if fact.entry:
                place = (fact.entry, fact.part)
                seen[place] = seen.get(place, 0) + 1
                key = f"{fact.entry}|{fact.part}|{seen[place]}"
            vals_list.append(
                {
                    **common,
                    "line": fact.line,
                    "date": fact.date or self.date,
                    "kind": fact.kind,
                    "fee_kind": fact.fee_kind or False,
                    "amount": float(fact.amount),
                    "order_ref": fact.number or False,
                    "transaction_ref": fact.transaction or False,
                    "entry": fact.entry or False,
                    "key": key,
                    "said": fact.said or False,
                    "title": fact.title or False,
                    "problems": cell_reasons(fact.problems) or False,
                }
            )
        lines = self.env["dropship.payout.line"]
        known = lines._known_keys(self, [vals["key"] for vals in vals_list if vals["key"]])
        for vals in vals_list:
            if before := known.get(vals["key"]):
                vals.update(state="known", reasons=[["payout_known", {"payout": before}]], key=False)
        for start in range(0, len(vals_list), CREATED_TOGETHER):
            lines.create(vals_list[start : start + CREATED_TOGETHER])

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _mine(self):
        """The payouts for a button: rights of the person checked, then written by the machine."""
        self._check_right()
        self.check_access("read")
        return self.sudo()

    def action_match(self):
        """Look for the orders of open rows again."""
        payouts_sudo = self._mine()
        payouts_sudo.filtered(lambda payout: payout.state in ("read", "differs", "matched", "posted"))._match(
            only_open=True
        )
        return True

    def action_read_again(self):
        """Read a refused file once more, after its form was corrected."""
        result = self.browse()
        for payout_sudo in self._mine():
            if payout_sudo.state != "refused":
                raise UserError(self.env._("%s was read. Correct single rows instead.", payout_sudo.name))
            content = base64.b64decode(payout_sudo.with_context(bin_size=False).content)
            terms, layout, name = payout_sudo.terms_id, payout_sudo.layout_id, payout_sudo.file_name
            payout_sudo.unlink()
            result |= self._receive(terms, layout, name, content)[0]
        return self._window(result)

    def action_drop(self):
        """Throw a payout away that was never posted, so that a corrected file can be entered."""
        payouts_sudo = self._mine()
        posted = payouts_sudo.filtered(lambda payout: payout.state == "posted" or payout.move_ids)
        if posted:
            raise UserError(
                self.env._("%s was posted and stays. Reverse it instead.", ", ".join(posted.mapped("name")))
            )
        payouts_sudo.unlink()
        return self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_payout")

    def action_open_rows(self):
        """The rows that have to be looked at; all when there are none."""
        self.ensure_one()
        domain = [("payout_id", "=", self.id)]
        if self.open_count:
            domain.append(("state", "=", "unknown"))
        return {
            "type": "ir.actions.act_window", "name": self.env._("Rows"), "res_model": "dropship.payout.line",
            "view_mode": "list,form", "domain": domain,
        }  # fmt: skip

    def action_open_entries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Entries"), "res_model": "account.move",
            "view_mode": "list,form", "domain": [("id", "in", self.move_ids.ids)],
        }  # fmt: skip

    def _window(self, payouts):
        action = {"type": "ir.actions.act_window", "name": self.env._("Payouts"), "res_model": self._name}
        if len(payouts) == 1:
            return {**action, "res_id": payouts.id, "views": [(False, "form")]}
        return {**action, "views": [(False, "list"), (False, "form")], "domain": [("id", "in", payouts.ids)]}
