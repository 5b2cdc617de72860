"""A company with books whose money is watched."""

from odoo import Command, fields

from .common_profit import ProfitCase


class CashCase(ProfitCase):
    def day(self, days=0):
        """So many days from today."""
        return fields.Date.add(fields.Date.today(), days=days)

    def entry(self, *items, date=None, **vals):
        """A posted entry; items are (account, debit less credit[, {more}])."""
        rows = [
            Command.create({"account_id": item[0].id, "balance": item[1], **(item[2] if len(item) > 2 else {})})
            for item in items
        ]
        move = self.env["account.move"].create(
            {"move_type": "entry", "date": date or self.day(), "line_ids": rows,
             "journal_id": self.company.account_stock_journal_id.id, **vals}
        )  # fmt: skip
        move.action_post()
        return move

    def pay(self, documents, amount=None, date=None):
        """Pay invoices or bills from the bank."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=documents.ids
        ).create({"payment_date": date or self.day(), **({"amount": amount} if amount else {})})  # fmt: skip
        return wizard._create_payments()

    def opening(self, amount, date=None):
        equity = self.make_account("Capital", "300000", "equity") if not hasattr(self, "equity") else self.equity
        self.equity = equity
        return self.entry((self.accounts["Bank"], amount), (equity, -amount), date=date)

    def came(self, first=None, last=None, company=None):
        """{kind: amount} of a period: today."""
        lines = self.env["dropship.cash.line"]
        self.env.flush_all()
        lines.invalidate_model()
        first, last = first or self.day(), last or self.day()
        company = company or self.company
        tie = lines._tie(company, first, last)
        self.assertEqual(tie["unexplained"], 0.0)
        return lines._by_kind(company, first, last)
