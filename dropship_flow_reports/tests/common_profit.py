"""Books, and the profit ledger read from them."""

from odoo import Command, fields
from odoo.addons.dropship_flow.tests.common_books import BooksCase
from odoo.tools import SQL


class ProfitReader:
    """Mixin for test classes with books: collects, reads and checks the ledger."""

    def collect(self, company=None):
        count = self.env["dropship.profit.collector"]._collect(company or self.company)
        self.env.invalidate_all()
        return count

    def pass_time(self):
        """What was written until now is older than the last collection: the database's clock stands still in a test."""
        self.env.flush_all()
        # also the list of accounts: a new one has all its documents looked at again
        tables = ["account_move", "account_move_line", "dropship_profit_account", "sale_order", "dropship_allocation",
                  "dropship_payout_line", "dropship_payment_fee"]  # fmt: skip
        if self.env["dropship.profit.source"]._has_returned():
            tables += ["dropship_return_parcel", "dropship_claim", "dropship_freight_insurance", "repair_order"]
        for table in tables:
            self.env.cr.execute(
                SQL("UPDATE %s SET write_date = write_date - INTERVAL '30 days'", SQL.identifier(table))
            )
        self.env.invalidate_all()

    def entries(self, *domain, company=None):
        domain = [("generation_id.state", "=", "live"), ("company_id", "=", (company or self.company).id), *domain]
        return self.env["dropship.profit.entry"].search(domain)

    def profit(self, order, measure="amount"):
        """{kind: sum} of an order's booked facts."""
        found = {}
        for entry in self.entries(("order_id", "=", order.id)):
            code = entry.kind_id.code
            found[code] = round(found.get(code, 0.0) + entry[measure], 2)
        return {code: amount for code, amount in found.items() if amount}

    def expected(self, order):
        rows = self.env["dropship.profit.estimate"].search([("order_id", "=", order.id)])
        return {(row.kind_id.code, row.stage): row.amount for row in rows if row.amount}

    def assertTies(self, *days, company=None):
        """Each month ties to the general ledger, and no item counts twice."""
        company = company or self.company
        for day in days or (fields.Date.today(),):
            for row in self.env["dropship.profit.reconcile"]._compute(company, day):
                self.assertEqual(row["unexplained"], 0.0, row["account"].name)
            self.assertEqual(self.env["dropship.profit.reconcile"]._twice(company, day), [])

    def reconciled(self, account, day=None):
        rows = self.env["dropship.profit.reconcile"]._compute(self.company, day or fields.Date.today())
        return next(row for row in rows if row["account"] == account)

    def typed(self, account, amount, date=None):
        """An entry somebody posted by hand: `amount` earned on the account."""
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date or fields.Date.today(),
                "journal_id": self.company.account_stock_journal_id.id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": -amount, "name": "by hand"}),
                    Command.create({"account_id": self.accounts["Bank"].id, "balance": amount}),
                ],
            }
        )
        move.action_post()
        return move


class ProfitCase(ProfitReader, BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chair = cls.make_chair(storable=False)
        # orders entered for no channel are the first one's; for this one they are entered
        cls.second_channel = cls.env["dropship.sales.channel"].create(
            {"name": "Second", "company_id": cls.company.id, "sequence": 20}
        )
