"""Paying agreed statements: one payment each, through core's payments and reconciliation, the oldest first."""

from odoo import fields, models
from odoo.exceptions import UserError

from .reason_text import FLOW_REASONS, _lt, reasons_line

FLOW_REASONS.update(
    {
        "settle_not_agreed": _lt("%(statement)s is not agreed."),
        "settle_bank_new": _lt(
            "The bank account %(account)s was not confirmed, until now %(supplier)s was paid to %(before)s: ask by "
            "telephone, on a number you know, and set Send Money on the account."
        ),
        "settle_bank_unknown": _lt(
            "The bank account %(account)s of %(supplier)s was not confirmed: ask by telephone, on a number you know, "
            "and set Send Money on the account."
        ),
        "settle_pay_held": _lt("%(document)s is held: %(why)s"),
    }
)


class DropshipSettlement(models.Model):
    _inherit = "dropship.settlement"

    payment_ids = fields.One2many("account.payment", "dropship_settlement_id", string="Payments Made", readonly=True)

    def action_pay(self):
        """Choose the bank and the day, and look at what is paid to whom."""
        agreed = self.filtered(lambda settlement: settlement.state == "agreed")
        if not agreed:
            raise UserError(self.env._("Only agreed statements are paid. Approve them first."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay Statements"),
            "res_model": "dropship.settlement.pay",
            "view_mode": "form",
            "target": "new",
            "context": {"default_settlement_ids": agreed.ids, "default_company_id": agreed.company_id[:1].id},
        }

    def action_match(self):
        """Match bills with credits and with what was paid on account, without paying anything.

        What may not be paid is not set off either.
        """
        self.check_access("write")
        for settlement in self.sorted("date_to"):
            items, _held = settlement._lock()._payable_items()
            settlement._match(items, settlement._on_account())
            settlement._check_paid()
        return True

    def _bank_account(self):
        """Where the supplier is paid: of this company first."""
        partner = self.supplier_id.sudo().partner_id
        banks = partner.bank_ids.filtered(lambda bank: bank.company_id.id in (False, self.company_id.id))
        same = banks.filtered(lambda bank: bank.currency_id == self.currency_id)
        return (same or banks)[:1]

    def _pay_blockers(self):
        """Why nothing of it may be paid: [[code, params], …]; empty when it may."""
        self.ensure_one()
        if self.state != "agreed":
            return [["settle_not_agreed", {"statement": self.name}]]
        bank = self._bank_account()
        if not bank or bank.allow_out_payment:
            return []
        before = self.env["account.payment"].sudo().search(
            [
                ("partner_id", "child_of", self.supplier_id.sudo().partner_id.id),
                ("payment_type", "=", "outbound"),
                ("state", "in", ("in_process", "paid")),
                ("partner_bank_id", "not in", (False, bank.id)),
            ],
            order="date desc, id desc",
            limit=1,
        )  # fmt: skip
        params = {"account": bank.acc_number, "supplier": self.supplier_id.name}
        if before:
            return [["settle_bank_new", {**params, "before": before.partner_bank_id.acc_number}]]
        return [["settle_bank_unknown", params]]

    def _payable_items(self, until=None):
        """The open items that may be paid now, and why the others may not.

        :return: (account.move.line, [[code, params], …])
        """
        items, reasons = self._open_items(until), []
        bills = items.filtered(lambda line: line.amount_residual_currency < 0).move_id
        bills = bills.filtered(lambda move: not move.dropship_settlement_id)
        for move, found in self._bill_blockers(bills).items():  # what was approved may be held since
            if found:
                why = reasons_line(self.env, found)
                reasons.append(["settle_pay_held", {"document": move.name, "why": why}])
                items = items.filtered(lambda line, move=move: line.move_id != move)
        return items, reasons

    def _bill_blockers(self, bills):
        """{bill: [[code, params], …]}: why it may not be paid; empty where it may."""
        return bills._dropship_all_blockers()

    def _amount_of(self, items, on_account):
        """What has to be paid for these items: bills less credits less what is on account already."""
        lines = items | on_account
        return self.currency_id.round(-sum(lines.mapped("amount_residual_currency")))

    def _pay(self, journal, date, amount=None, until=None):
        """Pay one statement: match credits and payments on account, pay the rest in one payment, match it.

        :param float amount: less than what is due leaves the rest open; None: all of it
        :param date until: only what is due by then
        :return: account.payment, empty when there is nothing to pay
        :raise UserError: when it may not be paid, or more than due is to be paid
        """
        self.ensure_one()
        self._lock()
        if blockers := self._pay_blockers():
            raise UserError(reasons_line(self.env, blockers))
        items, _held = self._payable_items(until)
        on_account = self._on_account()
        due = self._amount_of(items, on_account)
        payments = self.env["account.payment"]
        self._match(items, on_account)
        if self.currency_id.compare_amounts(due, 0) <= 0:
            self._check_paid()
            return payments
        wanted = due if amount is None else self.currency_id.round(amount)
        if self.currency_id.compare_amounts(wanted, due) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than the %(due)s that are due on %(statement)s. Pay the rest on account: as a "
                    "vendor payment of its own.",
                    amount=self.currency_id.format(wanted), due=self.currency_id.format(due), statement=self.name,
                )
            )  # fmt: skip
        if self.currency_id.compare_amounts(wanted, 0) <= 0:
            raise UserError(self.env._("Enter what is paid on %s.", self.name))
        open_items = items.filtered(lambda line: not line.reconciled)
        for account, lines in open_items.grouped("account_id").items():
            share = min(wanted, self._amount_of(lines, self.env["account.move.line"]))
            if self.currency_id.compare_amounts(share, 0) > 0:
                payments |= self._pay_account(journal, date, account, lines, share)
                wanted -= share
        self._check_paid()
        return payments

    def _pay_account(self, journal, date, account, lines, amount):
        """A payment of items on one account, posted and matched, the oldest first."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.supplier_id.sudo().partner_id.id,
                "partner_bank_id": self._bank_account().id,
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "amount": amount,
                "date": date,
                "memo": self.name,  # what the supplier reads on his account
                "destination_account_id": account.id,
                "dropship_settlement_id": self.id,
            }
        )
        payment.action_post()
        paid = payment.move_id.line_ids.filtered(lambda line: line.account_id == account and not line.reconciled)
        self._reconcile_oldest_first(lines | paid)
        lines.move_id.with_env(self.env).matched_payment_ids += payment
        return payment

    def _match(self, items, on_account):
        """Reconcile bills with credits and with money on account, account by account."""
        for lines in (items | on_account).grouped("account_id").values():
            lines = lines.filtered(lambda line: not line.reconciled)
            if any(line.amount_residual_currency > 0 for line in lines) and any(
                line.amount_residual_currency < 0 for line in lines
            ):
                self._reconcile_oldest_first(lines)

    def _reconcile_oldest_first(self, lines):
        """Core goes by the due day; of one due day it would take the largest first, we the oldest."""
        ordered = lines.with_env(self.env).sorted(lambda line: (line.date, line.move_id.id, line.id))
        ordered.with_context(reduced_line_sorting=True).reconcile()

    def _check_paid(self):
        """Agreed and nothing open any more: paid. Opened again, because a payment was taken back: agreed."""
        closed = self.sudo().filtered(lambda settlement: settlement.state in ("agreed", "paid"))
        if not closed:
            return
        counts = dict(
            self.env["dropship.settlement.due"]
            .sudo()
            ._read_group([("settlement_id", "in", closed.ids)], ["settlement_id"], ["__count"])
        )
        paid = closed.filtered(lambda settlement: not counts.get(settlement))
        paid._set_state("paid")
        (closed - paid)._set_state("agreed")
        closed.invalidate_recordset(["to_pay", "on_account", "next_due", "pay_text"], flush=False)
