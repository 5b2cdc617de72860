import random

from odoo import Command
from odoo.tests import tagged

from .common_cash import CashCase

ENTRIES = 60


@tagged("post_install", "-at_install", "standard")
class TestCashRandom(CashCase):
    def test_whatever_is_booked_ties(self):
        """Entries of any shape: each account, each currency, each day comes to what the books have."""
        dice = random.Random(11)
        usd = self.currency("USD")
        accounts = self.accounts
        money = [accounts["Bank"], accounts["Payments on the way"], self.make_account("Cash", "102000", "asset_cash"),
                 self.make_account("Card", "240000", "liability_credit_card")]  # fmt: skip
        others = [*(accounts[name] for name in ("Customers", "Suppliers", "Sales", "Cost of goods", "Output tax")),
                  self.make_account("Wages to pay", "230000", "liability_current"),
                  self.make_account("Capital", "300000", "equity")]  # fmt: skip
        moves = self.env["account.move"]
        for _entry in range(ENTRIES):
            used = [dice.choice(money) for _item in range(dice.randint(1, 3))]
            used += [dice.choice(others) for _item in range(dice.randint(1, 4))]
            cents = [dice.choice((1, -1)) * dice.randint(1, 99999) for _account in used]
            cents[-1] -= sum(cents)
            items = []
            for account, amount in zip(used, cents, strict=True):
                own = {}
                if amount and dice.random() < 0.3:
                    own = {"currency_id": usd.id, "amount_currency": round(amount / 80, 2) or 0.01 * (amount > 0)}
                items.append({"account_id": account.id, "balance": amount / 100, "partner_id": self.anna.id, **own})
            moves |= moves.create(
                {"move_type": "entry", "date": self.day(-dice.randint(0, 40)),
                 "journal_id": self.company.account_stock_journal_id.id,
                 "line_ids": [Command.create(item) for item in items if item["balance"]]}
            )  # fmt: skip
        moves.action_post()
        self.reconcile_some(dice, moves, accounts)
        self.env.flush_all()
        lines = self.env["dropship.cash.line"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(lines.ids), len(set(lines.ids)))
        booked = moves.line_ids.filtered(lambda item: item.account_id in money)
        mine = lines.grouped("item_id")
        for item in booked:
            rows = mine.get(item, lines.browse())
            self.assertAlmostEqual(sum(rows.mapped("amount")), item.balance, 2)
            self.assertAlmostEqual(sum(rows.mapped("own_amount")), item.amount_currency, 2)
        transfers = lines.filtered(lambda line: line.kind == "transfer").grouped("move_id")
        for rows in transfers.values():
            self.assertAlmostEqual(sum(rows.mapped("amount")), 0.0, 2)
        for first, last in ((-40, -21), (-20, -20), (-19, 0), (-40, 0)):
            self.came(self.day(first), self.day(last))

    def reconcile_some(self, dice, moves, accounts):
        """Open items of customers and suppliers are matched, some of them in part."""
        for name in ("Customers", "Suppliers"):
            items = moves.line_ids.filtered(
                lambda item, account=accounts[name]: (
                    item.account_id == account and not item.reconciled and item.currency_id == item.company_currency_id
                )
            )
            debit, credit = items.filtered("debit"), items.filtered("credit")
            for one, two in zip(debit[:6], credit[:6], strict=False):
                if dice.random() < 0.8:
                    (one | two).reconcile()
