"""Payouts become entries of core's accounting: one entry for each payout, reconciled with invoices and payments."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..payout_files.kinds import CUSTOMER
from .state_mixin import lock_written

# What each sum of a payout is booked on besides customers: {bucket: field of the terms}.
ACCOUNTS = {
    "apart": "suspense_account_id",
    "tax_withheld": "tax_account_id",
    "reserve": "reserve_account_id",
    "adjustment": "adjustment_account_id",
    "transfer": "transfer_account_id",
    "rest": "clearing_account_id",
}
# The sums of a payout in one statement. Tax a marketplace pays itself does not concern the customer's account.
SUMS = """
    SELECT bucket, CASE WHEN bucket = 'fee' THEN fee_kind END,
           CASE WHEN bucket IN ('sale', 'refund', 'chargeback', 'chargeback_won') THEN order_id END, SUM(amount)
      FROM (
        SELECT line.amount, line.fee_kind, line.order_id,
               CASE WHEN line.apart THEN 'apart'
                    WHEN line.kind IN ('sale', 'shipping') THEN 'sale'
                    WHEN line.kind = 'tax' AND %(marketplace_tax)s THEN 'tax_withheld'
                    WHEN line.kind = 'tax' AND line.amount > 0 THEN 'sale'
                    WHEN line.kind = 'tax' THEN 'refund'
                    WHEN line.kind IN ('reserve_held', 'reserve_released') THEN 'reserve'
                    ELSE line.kind END AS bucket
          FROM dropship_payout_line line WHERE line.payout_id = %(payout)s AND line.state <> 'known'
      ) sums
     GROUP BY 1, 2, 3 ORDER BY 3 NULLS FIRST, 1, 2
"""


class DropshipPayout(models.Model):
    _inherit = "dropship.payout"

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_post(self):
        """Post what is matched and adds up. Posting what is posted is silent."""
        payouts_sudo = self._mine()._lock_to_post()
        for payout_sudo in payouts_sudo:
            payout_sudo._check_postable()
        payouts_sudo._post_payouts()
        return True

    def action_post_apart(self):
        """Post although rows have no order: these go to an account of their own until they have one."""
        payouts_sudo = self._mine()._lock_to_post()
        for payout_sudo in payouts_sudo:
            payout_sudo._check_postable(apart=True)
        payouts_sudo._post_payouts()
        return True

    def action_book_late(self):
        """Book rows over that were booked apart and have their order now."""
        self._mine()._lock("posted")._book_late()
        return True

    def action_reverse(self):
        """Take the entries back by core's reversal; the payout can be corrected and posted again."""
        payouts_sudo = self._mine()._lock("posted")
        for payout_sudo in payouts_sudo:
            payout_sudo._reverse()
        return True

    def _lock(self, state):
        """The payouts in that state, locked and written: who comes second sees what the first did."""
        lock_written(self)
        return self.filtered(lambda payout: payout.state == state)

    def _lock_to_post(self):
        self._lock("posted")
        waiting = self.filtered(lambda payout: payout.state != "posted")
        wrong = waiting.filtered(lambda payout: payout.state not in ("matched", "differs"))
        if wrong:
            raise UserError(self.env._("%s cannot be read: correct its form first.", ", ".join(wrong.mapped("name"))))
        return waiting

    def _check_postable(self, apart=False):
        self.ensure_one()
        if not self._adds_up():
            raise UserError(
                self.env._(
                    "%(payout)s does not add up and is not posted. %(why)s", payout=self.name, why=self.reason_text
                )
            )
        if self.open_count and not apart:
            raise UserError(
                self.env._(
                    "%(payout)s: %(count)s rows have to be looked at first. Or post them apart: they wait on an "
                    "account of their own.",
                    payout=self.name, count=self.open_count,
                )
            )  # fmt: skip

    # ------------------------------------------------------------------
    # The entry
    # ------------------------------------------------------------------

    def _post_payouts(self):
        """Post, reconcile, and write the fees down as facts of their orders."""
        for payout in self:
            payout._mark_apart()
            booking = self.env["dropship.payout.booking"]._of(payout)
            booking.add(payout._sums())
            move = payout._make_entry(booking.lines, f"{payout.id}-{payout.round}", payout.date)
            booking.reconcile(move)
            payout._set_state("posted", posted_on=fields.Datetime.now())
            self.env["dropship.payment.fee"]._take_payout(payout)
            payout.line_ids.order_id._dropship_payout_refresh()
        return True

    def _mark_apart(self):
        """Rows nobody knows the order or kind of are booked apart."""
        self.env["dropship.payout.line"].flush_model()
        self.env.cr.execute(
            "UPDATE dropship_payout_line SET apart = (state = 'unknown' AND kind = ANY(%s)) WHERE payout_id = %s",
            [[*CUSTOMER, "unknown"], self.id],
        )
        self.env["dropship.payout.line"].invalidate_model(["apart"])

    def _sums(self):
        """[(bucket, kind of fee, order id, amount)] of the payout, with what is transferred and what stays there.

        All amounts together are nothing.
        """
        self.ensure_one()
        marketplace_tax = self.channel_id.tax_treatment == "marketplace"
        rows = self.env.execute_query(SQL(SUMS, payout=self.id, marketplace_tax=marketplace_tax))
        sums = [
            (bucket, fee, order, self.currency_id.round(float(amount))) for bucket, fee, order, amount in rows if amount
        ]
        rest = self.currency_id.round(sum(row[-1] for row in sums))
        if rest:
            sums.append(("rest" if self.layout_id.payout_account else "transfer", None, None, -rest))
        return sums

    def _make_entry(self, lines, key, date):
        """A posted entry of core; its key makes it the only one."""
        with self._first_come():
            move = self.env["account.move"].with_company(self.company_id).create(
                {
                    "move_type": "entry",
                    "journal_id": self.terms_id.journal_id.id,
                    "company_id": self.company_id.id,
                    "date": date,
                    "ref": f"{self.terms_id.display_name} {self.name}",
                    "dropship_payout_id": self.id,
                    "dropship_payout_key": key,
                    "line_ids": [(0, 0, vals) for vals in lines],
                }
            )
            move.flush_recordset(["dropship_payout_key"])
        move._post(soft=False)
        return move

    def _book_late(self):
        """One more entry for rows that found their order after the payout was posted."""
        for payout in self:
            late = payout.line_ids.filtered(lambda line: line.apart and line.state in ("matched", "general"))
            if payout.state != "posted" or not late:
                continue
            before = payout.move_ids.line_ids.filtered(lambda row: row.dropship_payout_bucket == "apart")
            total = payout.currency_id.round(sum(late.mapped("amount")))
            late.write({"apart": False})
            late.flush_recordset()
            booking = self.env["dropship.payout.booking"]._of(payout)
            booking.add([*payout._late_sums(late), ("apart", None, None, -total)])
            key = f"{payout.id}-{payout.round}-{len(payout.move_ids)}"
            date = max(payout.date, fields.Date.context_today(payout))
            move = payout._make_entry(booking.lines, key, date)
            booking.reconcile(move)
            mine = move.line_ids.filtered(lambda row: row.dropship_payout_bucket == "apart")
            (before | mine).filtered(lambda row: not row.reconciled).reconcile()
            self.env["dropship.payment.fee"]._take_payout(payout)
            late.order_id._dropship_payout_refresh()

    def _late_sums(self, late):
        """As `_sums`, of some rows."""
        marketplace_tax = self.channel_id.tax_treatment == "marketplace"
        sums = {}
        for line in late:
            bucket = {"shipping": "sale", "reserve_held": "reserve", "reserve_released": "reserve"}.get(
                line.kind, line.kind
            )  # fmt: skip
            if line.kind == "tax":
                bucket = "tax_withheld" if marketplace_tax else "sale" if line.amount > 0 else "refund"
            order = line.order_id.id if bucket in CUSTOMER else None
            key = (bucket, line.fee_kind if bucket == "fee" else None, order)
            sums[key] = sums.get(key, 0.0) + line.amount
        return [(*key, self.currency_id.round(amount)) for key, amount in sums.items()]

    def _reverse(self):
        """Core's reversal of all entries, newest first; reconciled invoices are open again."""
        self.ensure_one()
        moves = self.move_ids.filtered(lambda move: move.state == "posted" and move.dropship_payout_key)
        orders = self.line_ids.order_id
        if moves:
            moves = moves.sorted("id", reverse=True)
            moves.dropship_payout_key = False
            today = fields.Date.context_today(self)
            values = [
                {"date": max(today, move.date), "ref": self.env._("Reversal of %s", move.name),
                 "dropship_payout_id": self.id}
                for move in moves
            ]  # fmt: skip
            moves._reverse_moves(values, cancel=True)
        self.env["dropship.payment.fee"]._drop_payout(self)
        self.line_ids.filtered("apart").apart = False
        self._set_state("read", round=self.round + 1, posted_on=False)
        self._match()
        orders._dropship_payout_refresh()

    @api.ondelete(at_uninstall=False)
    def _unlink_never_posted(self):
        if self.filtered(lambda payout: payout.state == "posted"):
            raise UserError(self.env._("A posted payout stays. Reverse it instead."))
