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

    # --- the forecast ---

    def reckon(self, scenario=None, **vals):
        """The kept forecast of the company; with values: under a scenario of these."""
        if vals:
            scenario = self.env["dropship.cash.scenario"].create(
                {"name": "What if", "company_id": self.company.id, **vals}
            )
        run = self.env["dropship.cash.forecast"]._make(self.company, scenario)
        self.check(run)
        return run

    def check(self, run):
        """Lines come to weeks, weeks follow each other, and it opens with what the books have."""
        self.assertEqual(run.opening, self.env["dropship.cash.line"]._balance(run.company_id, run.date))
        balance = run.opening
        for week in run.week_ids.sorted("number"):
            self.assertEqual(week.opening, balance)
            mine = run.line_ids.filtered(lambda line, week=week: line.week_id == week)
            self.assertAlmostEqual(sum(mine.mapped("amount")), week.inflow - week.outflow)
            for kind, amount in (week.by_kind or {}).items():
                self.assertAlmostEqual(
                    sum(mine.filtered(lambda line, kind=kind: line.kind == kind).mapped("amount")), amount
                )
            balance = round(balance + week.inflow - week.outflow, 2)
            self.assertEqual(week.closing, balance)
        self.assertEqual(run.closing, balance)
        self.assertTrue(all(line.reason_text for line in run.line_ids | run.left_ids))

    def week(self, day):
        """The number of the week a day falls in."""
        today = self.day()
        return (day - today + today.resolution * today.weekday()).days // 7 + 1

    def rows(self, run, *kinds):
        """[(week, kind, amount)] of the run, of some kinds or of what documents say."""
        kinds = kinds or ("customer", "payout", "reserve", "cod", "supplier", "purchase", "refund", "recurring",
                          "other", "wallet", "tax")  # fmt: skip
        return [
            (line.week_id.number, line.kind, round(line.amount, 2))
            for line in run.line_ids.sorted(lambda line: (line.date, line.kind, line.amount))
            if line.kind in kinds
        ]

    def left(self, run):
        return {(line.kind, line.reasons[0][0]) for line in run.left_ids}

    def sold(self, qty=1.0):
        purchase = self.sell(self.chair, qty)
        self.dispatch(purchase)
        return purchase.dropship_allocation_ids.order_id, purchase

    def due(self, document, days):
        line = document.line_ids.filtered(lambda line: line.display_type == "payment_term")
        line.date_maturity = self.day(days)
        return document
