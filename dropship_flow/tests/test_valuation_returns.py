from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_books import BooksCase


@tagged("post_install", "-at_install", "standard")
class TestValuationReturns(BooksCase):
    """What comes back: to the supplier it leaves no trace in the stock account, to us it does, at what it cost."""

    def sold(self, chair, qty=1.0):
        """Dispatched, billed and invoiced."""
        purchase = self.buy((chair, qty), accept=True)
        self.dispatch(purchase)
        bill = self.bill(purchase, qty)
        return purchase, bill, self.invoice(purchase.dropship_sale_id)

    def stock_is_as_the_books_say(self, chair, value):
        """What lies in stock is worth what the stock account says, and closing finds nothing to correct."""
        self.assertAlmostEqual(chair.with_company(self.company).total_value, value, 2)
        self.assertEqual(self.balances().get("Stock", 0.0), value)
        with self.assertRaisesRegex(UserError, "correctly closed"):
            self.company.action_close_stock_valuation(auto_post=True)

    def test_back_to_the_supplier(self):
        for method in ("standard", "average", "fifo"):
            for valuation in ("periodic", "real_time"):
                with self.subTest(method=method, valuation=valuation):
                    since = self.balances()
                    purchase, bill, invoice = self.sold(self.make_chair(valuation, method))
                    self.send_back(purchase)
                    self.assertBooked(
                        self.credit(invoice),
                        """
                        Customers     |        | 119.00
                        Output tax    |  19.00 |
                        Sales         | 100.00 |
                        """,
                    )
                    self.assertBooked(
                        self.credit(bill),
                        """
                        Input tax     |       |  7.60
                        Suppliers     | 47.60 |
                        Cost of goods |       | 40.00
                        """,
                    )
                    self.assertBalances(since, "")

    def test_back_to_us_perpetual(self):
        """The chair lies on our shelf for what was paid for it; the cost of the sale is taken back."""
        for method in ("average", "fifo"):
            with self.subTest(method):
                since = self.balances()
                chair = self.make_chair("real_time", method)
                purchase, _bill, invoice = self.sold(chair)
                back = self.send_back(purchase, to="us")
                self.assertEqual(back.move_ids.value, 40.0)
                note = self.credit(invoice)
                self.assertBooked(
                    note,
                    """
                    Customers     |        | 119.00
                    Stock         |  40.00 |
                    Output tax    |  19.00 |
                    Sales         | 100.00 |
                    Cost of goods |        |  40.00
                    """,
                )
                self.stock_is_as_the_books_say(chair, 40.0)
                self.assertBalances(
                    since,
                    """
                    Input tax     |   7.60
                    Stock         |  40.00
                    Suppliers     | -47.60
                    """,
                )
                note.button_draft()
                note.button_cancel()
                self.empty_shelf(chair)

    def test_back_to_us_at_standard_cost(self):
        """Goods at standard cost lie in stock at that, whatever was paid."""
        chair = self.make_chair("real_time", "standard")
        purchase, _bill, invoice = self.sold(chair)
        self.send_back(purchase, to="us")
        self.assertBooked(
            self.credit(invoice),
            """
            Customers     |        | 119.00
            Stock         |  55.00 |
            Output tax    |  19.00 |
            Sales         | 100.00 |
            Cost of goods |        |  55.00
            """,
        )
        self.stock_is_as_the_books_say(chair, 55.0)

    def test_back_to_us_not_storable_or_periodic(self):
        """No stock account is kept with every document: the note is the customer's alone."""
        for valuation, storable in (("periodic", True), ("periodic", False), ("real_time", False)):
            with self.subTest(valuation=valuation, storable=storable):
                purchase, _bill, invoice = self.sold(self.make_chair(valuation, "fifo", storable))
                self.send_back(purchase, to="us")
                self.assertBooked(
                    self.credit(invoice),
                    """
                    Customers     |        | 119.00
                    Output tax    |  19.00 |
                    Sales         | 100.00 |
                    """,
                )

    def test_one_to_us_and_one_to_the_supplier(self):
        """Three sold, one lies with us now, one with the supplier, one is kept: only what lies with us is stock."""
        chair = self.make_chair("real_time", "fifo")
        purchase, _bill, invoice = self.sold(chair, 3.0)
        self.send_back(purchase, 1.0, to="us")
        self.send_back(purchase, 1.0)
        note = self.credit(invoice)
        self.assertBooked(
            note,
            """
            Customers     |        | 357.00
            Stock         |  40.00 |
            Output tax    |  57.00 |
            Sales         | 300.00 |
            Cost of goods |        |  40.00
            """,
        )
        self.stock_is_as_the_books_say(chair, 40.0)

    def test_two_notes_take_the_cost_back_once(self):
        chair = self.make_chair("real_time", "fifo")
        purchase, _bill, invoice = self.sold(chair, 2.0)
        self.send_back(purchase, 1.0, to="us")
        first = self.credit_part(invoice, 1.0)
        self.assertIn("Stock | 40.00 |", self.table(first))
        self.assertNotIn("Stock", " ".join(self.table(self.credit_part(invoice, 1.0))))

    def credit_part(self, invoice, quantity):
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        note.invoice_line_ids.quantity = quantity
        note.action_post()
        return note

    def empty_shelf(self, product):
        """Take a product off the shelf, and the books with it, for the next round."""
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        quants.with_context(inventory_mode=True).inventory_quantity = 0.0
        quants.action_apply_inventory()


@tagged("post_install", "-at_install", "standard")
class TestValuationShelf(BooksCase):
    """The same chair lies on our own shelf as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)

    def stocked(self, method, quantity, price=55.0):
        """A chair in perpetual books, bought for our own shelf."""
        chair = self.make_chair("real_time", method)
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.rhein.partner_id.id,
                "company_id": self.company.id,
                "picking_type_id": self.shelf.in_type_id.id,
                "order_line": [Command.create({"product_id": chair.id, "product_qty": quantity, "price_unit": price})],
            }
        )
        purchase.button_confirm()
        purchase.picking_ids.move_ids.picked = True
        purchase.picking_ids._action_done()
        self.bill(purchase, quantity)
        return chair

    def test_a_dropship_does_not_change_what_the_shelf_is_worth(self):
        """Core averages the price of every dropship into the shelf."""
        for method in ("average", "fifo", "standard"):
            with self.subTest(method):
                before = self.balances().get("Stock", 0.0)
                chair = self.stocked(method, 10.0)
                purchase = self.sell(chair)
                self.dispatch(purchase)
                self.bill(purchase)
                self.invoice(purchase.dropship_sale_id)
                self.assertAlmostEqual(chair.standard_price, 55.0, 2)
                self.assertAlmostEqual(chair.total_value, 550.0, 2)
                self.assertAlmostEqual(self.balances()["Stock"] - before, 550.0, 2)

    def test_a_product_never_on_the_shelf_follows_its_last_purchase(self):
        """As in core: its cost is of use where nobody bought yet."""
        chair = self.make_chair("real_time", "average")
        self.dispatch(self.sell(chair))
        self.assertEqual(chair.standard_price, 40.0)

    def test_part_from_the_shelf_part_from_the_supplier(self):
        """Ten sold, four lay on the shelf: the invoice takes the cost of four from stock, the bill brings six."""
        for method in ("standard", "average", "fifo"):
            for at_once in (True, False):
                with self.subTest(method=method, at_once=at_once):
                    chair = self.stocked(method, 4.0)
                    since = self.balances()
                    shelves = [Command.set(self.shelf.ids)]
                    self.policy.write({"own_stock": True, "own_warehouse_ids": shelves, "split_lines": True})
                    self.offers_cost_more(chair)
                    order = self.make_sale((chair, 10.0), confirm=True)
                    purchase = order.dropship_purchase_ids
                    self.assertEqual(purchase.order_line.product_qty, 6.0)
                    if purchase.state == "sent":
                        purchase._dropship_accept()
                    if at_once:
                        invoice = self.invoice(order, at_once=True)
                    own = order.picking_ids - purchase.picking_ids
                    own.move_ids.write({"quantity": 4.0, "picked": True})
                    own._action_done()
                    self.dispatch(purchase)
                    self.bill(purchase, 6.0)
                    if not at_once:
                        invoice = self.invoice(order)
                    self.assertBooked(
                        invoice,
                        """
                        Customers     | 1190.00 |
                        Stock         |         |  220.00
                        Output tax    |         |  190.00
                        Sales         |         | 1000.00
                        Cost of goods |  220.00 |
                        """,
                    )
                    change = self.balances()["Stock"] - since["Stock"] if "Stock" in self.balances() else -220.0
                    self.assertAlmostEqual(change, -220.0, 2)

    def offers_cost_more(self, product):
        """The shelf wins as long as it lasts."""
        self.env["dropship.offer"].search([("product_id", "=", product.id)]).price = 70.0
