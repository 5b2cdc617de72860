from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common_books import BooksCase


@tagged("post_install", "-at_install", "standard")
class TestValuationPrices(BooksCase):
    """The bill says something else than the order: another price, another tax, another rate."""

    def test_the_bill_is_dearer_than_the_order(self):
        """Cost is what is billed. No price difference to a card the goods were never valued by."""
        for valuation in ("periodic", "real_time"):
            for method in ("standard", "average", "fifo"):
                with self.subTest(valuation=valuation, method=method):
                    purchase = self.sell(self.make_chair(valuation, method))
                    self.dispatch(purchase)
                    self.assertBooked(
                        self.bill(purchase, price=43.0),
                        """
                        Input tax     |  8.17 |
                        Suppliers     |       | 51.17
                        Cost of goods | 43.00 |
                        """,
                    )

    def test_the_difference_is_credited_later(self):
        purchase = self.sell(self.make_chair("real_time"))
        since = self.balances()
        self.dispatch(purchase)
        note = self.bill(purchase, price=43.0)._reverse_moves([{"invoice_date": date(2026, 1, 5)}])
        note.invoice_line_ids.price_unit = 3.0
        note.action_post()
        self.assertBooked(
            note,
            """
            Input tax     |      | 0.57
            Suppliers     | 3.57 |
            Cost of goods |      | 3.00
            """,
        )
        self.assertBalances(
            since,
            """
            Input tax     |   7.60
            Suppliers     | -47.60
            Cost of goods |  40.00
            """,
        )

    def test_tax_inside_the_price(self):
        """The supplier's prices contain the tax: 40.00 are 33.61 and 6.39."""
        inside = self.make_vat(
            19.0, "purchase", self.accounts["Input tax"], name="inside", price_include_override="tax_included"
        )
        for valuation in ("periodic", "real_time"):
            with self.subTest(valuation):
                chair = self.make_chair(valuation, supplier_taxes_id=[Command.set(inside.ids)])
                purchase = self.sell(chair)
                self.dispatch(purchase)
                purchase.order_line.tax_ids = inside
                purchase.order_line.price_unit = 40.0
                self.assertBooked(
                    self.bill(purchase, price=40.0),
                    """
                    Input tax     |  6.39 |
                    Suppliers     |       | 40.00
                    Cost of goods | 33.61 |
                    """,
                )

    def test_tax_that_is_not_given_back_is_cost(self):
        """No account on the tax: it stays with the goods."""
        lost = self.make_vat(13.0, "purchase", name="lost")
        purchase = self.sell(self.make_chair("real_time", supplier_taxes_id=[Command.set(lost.ids)]))
        self.dispatch(purchase)
        self.assertBooked(
            self.bill(purchase),
            """
            Suppliers     |       | 45.20
            Cost of goods | 45.20 |
            """,
        )

    def test_foreign_currency(self):
        """44.00 dollars: ordered at 1.00, billed at 1.10 (40.00 euro), paid at 1.25 (35.20 euro): a gain of 4.80."""
        for valuation in ("periodic", "real_time"):
            with self.subTest(valuation):
                dollar = self.dollar()
                chair = self.make_chair(valuation, supplier_taxes_id=False)
                purchase = self.sell(chair)
                self.dispatch(purchase)
                purchase.currency_id = dollar
                purchase.order_line.price_unit = 44.0
                bill = self.bill(purchase, price=44.0, currency=dollar, date=date(2026, 2, 10))
                self.assertEqual(bill.amount_total, 44.0)
                self.assertBooked(
                    bill,
                    """
                    Suppliers     |       | 40.00
                    Cost of goods | 40.00 |
                    """,
                )
                since = self.balances()
                self.pay(bill, date(2026, 3, 10))
                self.assertIn(bill.payment_state, ("paid", "in_payment"))
                self.assertBalances(
                    since,
                    """
                    Payments on the way | -35.20
                    Suppliers           |  40.00
                    Rate gain           |  -4.80
                    """,
                )

    def test_foreign_currency_paid_in_two_parts(self):
        """A dollar got dearer for the second half: the two differences stand by themselves."""
        dollar = self.dollar()
        purchase = self.sell(self.make_chair("real_time", supplier_taxes_id=False))
        self.dispatch(purchase)
        purchase.currency_id = dollar
        purchase.order_line.price_unit = 44.0
        bill = self.bill(purchase, price=44.0, currency=dollar, date=date(2026, 2, 10))
        since = self.balances()
        self.pay(bill, date(2026, 3, 10), 22.0)
        self.pay(bill, date(2026, 4, 10), 22.0)
        self.assertBalances(
            since,
            """
            Payments on the way | -45.10
            Suppliers           |  40.00
            Rate gain           |  -2.40
            Rate loss           |   7.50
            """,
        )
        self.assertEqual(bill.amount_residual, 0.0)

    def dollar(self):
        dollar = self.currency("USD")
        dollar.rate_ids.filtered(lambda line: line.company_id == self.company).unlink()
        for day, rate in ((1, 1.0), (2, 1.1), (3, 1.25), (4, 0.8)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": dollar.id,
                    "name": date(2026, day, 1),
                    "rate": rate,
                    "company_id": self.company.id,
                }
            )
        return dollar

    def pay(self, bill, day, amount=None):
        """The payment an accountant registers on a bill."""
        values = {"payment_date": day, "journal_id": self.journal("bank").id}
        if amount:
            values["amount"] = amount
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=bill.ids)
        wizard.create(values)._create_payments()

    def journal(self, kind):
        return self.env["account.journal"].search([("type", "=", kind), ("company_id", "=", self.company.id)], limit=1)

    def test_each_company_books_by_its_own_rules(self):
        """One chair, perpetual here, periodic there: the bill waits here and is booked there."""
        chair = self.make_chair("real_time")
        here = self.bill(self.sell(chair), post=False)
        self.assertTrue(here._dropship_valuation_blockers())
        other = self.make_company("Elsewhere")
        chair.categ_id.with_company(other).property_valuation = "periodic"
        self.assertEqual(chair.with_company(other).valuation, "periodic")
        self.assertTrue(here.with_company(other)._dropship_valuation_blockers())
        chair.categ_id.with_company(self.company).property_valuation = "periodic"
        self.assertFalse(here._dropship_valuation_blockers())

    def test_the_setting_is_each_companys(self):
        bill = self.bill(self.sell(self.make_chair("real_time")), post=False)
        other = self.make_company("Elsewhere")
        other.dropship_early_bills = "post"
        self.assertTrue(bill._dropship_valuation_blockers())
        self.company.dropship_early_bills = "post"
        self.assertFalse(bill._dropship_valuation_blockers())
