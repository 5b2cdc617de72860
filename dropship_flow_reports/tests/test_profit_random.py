import random
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import fields
from odoo.tests import tagged

from .common_profit import ProfitCase

CENT = Decimal("0.01")


def cents(amount):
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


@tagged("post_install", "-at_install", "standard")
class TestProfitRandom(ProfitCase):
    def test_the_ledger_is_what_plain_arithmetic_says(self):
        """Twelve orders of a seeded random business; the months tie whatever happened, collected at any moment."""
        chance = random.Random(9)
        last = fields.Date.today().replace(day=1) - timedelta(days=1)
        told = {}
        for _number in range(12):
            qty, discount = chance.randint(1, 5), chance.choice((0, 0, 5, 12.5, 33))
            purchase = self.sell(self.chair, qty)
            order = purchase.dropship_allocation_ids.order_id
            order.order_line.discount = discount
            self.dispatch(purchase)
            profit = Decimal(0)
            if chance.random() < 0.8:
                invoice = self.invoice(order)
                gross = cents(Decimal(119) * qty * (100 - Decimal(str(discount))) / 100)
                profit += cents(gross / Decimal("1.19"))
                if chance.random() < 0.3:
                    self.credit(invoice)
                    profit = Decimal(0)
            if chance.random() < 0.3:
                self.collect()
            if chance.random() < 0.8:
                self.bill(purchase, qty=qty, date=chance.choice((last, None)))
                profit -= 40 * qty
            told[order] = profit
        self.typed(self.accounts["Sales"], 3.33, date=last)
        self.collect()
        for order, profit in told.items():
            self.assertEqual(cents(str(sum(self.profit(order).values()))), profit, order.name)
        self.assertTies(last, fields.Date.today())
        self.assertEqual(self.collect(), 0)
