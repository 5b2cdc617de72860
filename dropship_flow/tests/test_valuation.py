from itertools import product as pairs

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_books import BooksCase

# Every way of keeping goods: valued now and then or with every document, at three costs, storable or not.
WAYS = list(pairs(("periodic", "real_time"), ("standard", "average", "fifo"), (True, False)))


BILLED = """
    Input tax     |  7.60 |
    Suppliers     |       | 47.60
    Cost of goods | 40.00 |
"""
INVOICED = """
    Customers     | 119.00 |
    Output tax    |        |  19.00
    Sales         |        | 100.00
"""


@tagged("post_install", "-at_install", "standard")
class TestValuation(BooksCase):
    """A chair for 119.00, bought for 40.00 (its card says 55.00): what the books say, however goods are valued."""

    def assert_the_same_in_the_end(self, since):
        self.assertBalances(
            since,
            """
            Customers     |  119.00
            Input tax     |    7.60
            Suppliers     |  -47.60
            Output tax    |  -19.00
            Sales         | -100.00
            Cost of goods |   40.00
            """,
        )

    def assert_margin(self, order):
        self.assertEqual(
            (order.order_line.purchase_price, order.order_line.margin, order.order_line.margin_percent),
            (40.0, 60.0, 0.6),
        )

    def in_every_way(self, story):
        """Sell a chair and tell the story of its purchase for every way of keeping goods: they end the same."""
        for way in WAYS:
            with self.subTest(way):
                chair = self.make_chair(*way)
                since = self.balances()
                purchase = self.sell(chair)
                story(purchase)
                self.assert_the_same_in_the_end(since)
                self.assert_margin(purchase.dropship_sale_id)

    def test_dispatch_books_nothing(self):
        for way in WAYS:
            with self.subTest(way):
                chair = self.make_chair(*way)
                since = self.balances()
                purchase = self.sell(chair)
                self.dispatch(purchase)
                self.assertBalances(since, "")
                self.assertFalse(purchase.picking_ids.move_ids.account_move_id)
                self.assert_margin(purchase.dropship_sale_id)

    def test_dispatch_bill_invoice(self):
        def story(purchase):
            self.dispatch(purchase)
            self.assertBooked(self.bill(purchase), BILLED)
            self.assertBooked(self.invoice(purchase.dropship_sale_id), INVOICED)

        self.in_every_way(story)

    def test_invoice_before_dispatch_and_bill(self):
        """Paid and invoiced with the order: no cost is taken from a shelf the goods never lay on."""

        def story(purchase):
            self.assertBooked(self.invoice(purchase.dropship_sale_id, at_once=True), INVOICED)
            self.dispatch(purchase)
            self.bill(purchase)

        self.in_every_way(story)

    def test_bill_before_dispatch_booked_at_once(self):
        """Where the company wants bills in the books at once, they are cost – never stock."""
        self.company.dropship_early_bills = "post"

        def story(purchase):
            self.assertBooked(self.bill(purchase), BILLED)
            self.dispatch(purchase)
            self.invoice(purchase.dropship_sale_id)

        self.in_every_way(story)

    def test_closing_of_stock_finds_nothing_to_correct(self):
        """Core's closing compares the stock account with what lies in stock: nothing does, nothing is booked there."""
        self.company.dropship_early_bills = "post"

        def story(purchase):
            self.bill(purchase)
            self.dispatch(purchase)
            self.invoice(purchase.dropship_sale_id)
            with self.assertRaisesRegex(UserError, "correctly closed"):
                self.company.action_close_stock_valuation(auto_post=True)

        self.in_every_way(story)

    def test_bill_before_dispatch_waits_in_perpetual_books(self):
        purchase = self.sell(self.make_chair("real_time"))
        bill = self.bill(purchase, post=False)
        [[code, params]] = bill._dropship_valuation_blockers()
        self.assertEqual(code, "valuation_early")
        self.assertEqual((params["billed"], params["shipped"]), ("1", "0"))
        with self.assertRaisesRegex(UserError, "Post When Shipped"):
            bill.action_post()
        self.assertEqual(bill.state, "draft")
        self.dispatch(purchase)
        self.assertFalse(bill._dropship_valuation_blockers())
        bill.action_post()
        self.assertFalse(bill._dropship_valuation_blockers())
        self.assertBooked(bill, BILLED)

    def test_it_waits_only_where_every_document_values_stock(self):
        for way in WAYS:
            with self.subTest(way):
                chair = self.make_chair(*way)
                bill = self.bill(self.sell(chair), post=False)
                waits = chair.is_storable and chair.valuation == "real_time"
                self.assertEqual(bill.dropship_is_early, waits)
                self.assertEqual(bool(bill._dropship_valuation_blockers()), waits)

    def test_half_of_it_left(self):
        purchase = self.buy((self.make_chair("real_time"), 10.0), accept=True)
        self.dispatch(purchase, 6.0)
        self.bill(purchase, 4.0)
        all_of_it = self.bill(purchase, 3.0, post=False)
        [[_code, params]] = all_of_it._dropship_valuation_blockers()
        self.assertEqual((params["billed"], params["shipped"]), ("7", "6"))
        with self.assertRaises(UserError):
            all_of_it.action_post()
        self.bill(purchase, 2.0)

    def test_posted_by_itself_once_it_left(self):
        purchase = self.sell(self.make_chair("real_time"))
        bill = self.bill(purchase, post=False)
        bill.action_dropship_post_when_shipped()
        self.run_cron("cron_post_shipped")
        self.assertEqual(bill.state, "draft")
        self.dispatch(purchase)
        self.run_cron("cron_post_shipped")
        self.assertEqual((bill.state, bill.dropship_post_when_shipped), ("posted", False))

    def test_by_hand_after_all(self):
        purchase = self.sell(self.make_chair("real_time"))
        bill = self.bill(purchase, post=False)
        bill.action_dropship_post_when_shipped()
        bill.action_dropship_post_by_hand()
        self.dispatch(purchase)
        self.run_cron("cron_post_shipped")
        self.assertEqual(bill.state, "draft")

    def test_what_cannot_be_posted_is_said_and_stops_no_other(self):
        chair = self.make_chair("real_time")
        bad, good = self.sell(chair), self.sell(chair)
        bills = self.bill(bad, post=False) | self.bill(good, post=False)
        bills.action_dropship_post_when_shipped()
        self.dispatch(bad)
        self.dispatch(good)
        bills[0].invoice_date = False
        self.run_cron("cron_post_shipped")
        self.assertEqual(bills.mapped("state"), ["draft", "posted"])
        self.assertFalse(bills[0].dropship_post_when_shipped)
        self.assertIn("could not be posted", bills[0].message_ids[0].body)

    def test_a_false_notice_takes_the_goods_back(self):
        """The notice proved false before the bill was posted: the bill waits again."""
        purchase = self.sell(self.make_chair("real_time"))
        bill = self.bill(purchase, post=False)
        self.dispatch(purchase)
        self.assertFalse(bill._dropship_valuation_blockers())
        purchase.dropship_sale_id.dropship_shipment_ids._revert_dispatch()
        self.assertTrue(bill._dropship_valuation_blockers())

    def test_bills_of_other_purchases_are_cores(self):
        """Goods bought for our own shelf: the bill stands on the stock account, before and after they came."""
        chair = self.make_chair("real_time")
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.rhein.partner_id.id,
                "company_id": self.company.id,
                "order_line": [(0, 0, {"product_id": chair.id, "product_qty": 1.0, "price_unit": 55.0})],
            }
        )
        purchase.button_confirm()
        self.assertFalse(purchase.dropship_warehouse_id)
        bill = self.bill(purchase)
        self.assertBooked(
            bill,
            """
            Input tax     | 10.45 |
            Stock         | 55.00 |
            Suppliers     |       | 65.45
            """,
        )
