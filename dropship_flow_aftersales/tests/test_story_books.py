from odoo import fields
from odoo.tests import tagged

from .common_story import StoryCase

COST = ("Cost of goods", "Stock variation", "Price difference")


@tagged("post_install", "-at_install", "standard")
class TestStoryBooks(StoryCase):
    """What is left in the books, whichever way goods and money took."""

    def chair_sold(self):
        chair = self.make_chair("real_time", "fifo", invoice_policy="order")
        purchase = self.buy((chair, 1), accept=True)
        self.dispatch(purchase, number="00340000000000000041")
        box = self.box("00340000000000000041")
        self.scan(box, "picked_up", hours=60)
        self.scan(box, "delivered", hours=30)
        self.bill(purchase, 1)
        order = purchase.dropship_sale_id
        self.invoice(order)
        self.pay(order)
        return order, purchase

    def left(self, *names):
        balances = self.balances()
        return round(sum(balances.get(name, 0.0) for name in names), 2)

    def table(self):
        """(sales, tax on them, stock, cost)"""
        return (self.left("Sales"), self.left("Output tax"), self.left("Stock"), self.left(*COST))

    def agree(self, order, kind, **more):
        case = self.open_case((order.order_line, 1, "dislike"))
        if case.acceptance != "accepted":
            case._record("accept", "agent", offer=self.offer(case, kind, **more))
        return case

    def test_back_to_the_supplier(self):
        order, purchase = self.chair_sold()
        self.assertEqual(self.table(), (-100.0, -19.0, 0.0, 40.0))
        case = self.agree(order, "return", to="supplier", after="received")
        case._say_sent("customer", self.number())
        self.count(case.parcel_ids, 1, by="supplier")
        self.assertPaidBack(order, 119.0)
        purchase.action_create_invoice()
        note = purchase.invoice_ids.filtered(lambda move: move.move_type == "in_refund")
        note.invoice_date = fields.Date.today()
        note.action_post()
        self.assertEqual(self.table(), (0.0, 0.0, 0.0, 0.0))
        self.assertEqual(self.books(order), (0.0, 0.0, 0.0))

    def test_back_to_us(self):
        order, _purchase = self.chair_sold()
        case = self.agree(order, "return", to="us", after="inspected")
        case._say_sent("customer", self.number())
        self.look(case.parcel_ids, ("as_new", 1))
        self.assertPaidBack(order, 119.0)
        self.assertEqual(self.table(), (0.0, 0.0, 40.0, 0.0))

    def test_nothing_back(self):
        order, _purchase = self.chair_sold()
        self.agree(order, "refund_only")
        self.assertPaidBack(order, 119.0)
        self.assertEqual(self.table(), (0.0, 0.0, 0.0, 40.0))
        self.assertEqual(self.books(order), (1.0, 1.0, 0.0))


@tagged("post_install", "-at_install", "standard")
class TestStoryReturnedWord(StoryCase):
    """A parcel is said to be back at the sender after the customer has his money: none goes back a second time."""

    def on_the_way(self):
        purchase = self.buy((self.lamp, 2, 34.9), accept=True)
        order = purchase.dropship_sale_id
        self.pay(order)
        self.invoice(order)
        purchase._dropship_take_parcels([{"number": "00340000000000000051", "carrier": "DHL"}])
        box = self.box("00340000000000000051")
        self.scan(box, "picked_up", hours=90)
        return order, box

    def say_returned(self, box):
        for hours in (30, 20, 10):
            self.scan(box, "returning", hours=hours + 1, detail="refused")
            self.scan(box, "returned", hours=hours)

    def cases(self, order):
        return order.order_line.dropship_return_line_ids.return_id

    def test_refunded_by_an_agent_without_a_case(self):
        order, box = self.on_the_way()
        self.refund(order, ("refund_only", order.order_line, 2))
        self.assertPaidBack(order, 69.8)
        self.say_returned(box)
        for case in self.cases(order):
            self.pass_hours(case, 24 * 30)
        self.assertPaidBack(order, 69.8)

    def test_refunded_in_a_case_as_lost(self):
        order, box = self.on_the_way()
        self.scan(box, "lost", hours=60)
        case = self.ask((order.order_line, 2, "not_received", {"wanted": "refund_only"}))
        case._record("accept", "agent", offer=self.offer(case, "refund_only"))
        self.assertDone(case, "refund_only")
        self.assertPaidBack(order, 69.8)
        self.say_returned(box)
        self.assertEqual(self.cases(order), case)
        self.pass_hours(case, 24 * 30)
        back = box.back_ids
        back.write({"condition": "good", "photo_ids": [(6, 0, self.photo().ids)]})
        back.action_arrived()
        self.assertPaidBack(order, 69.8)
        self.assertEqual(self.books(order)[:2], (0.0, 0.0), "the goods are back by the books all the same")


@tagged("post_install", "-at_install", "standard")
class TestStoryRates(StoryCase):
    """The rate of a currency moves between sale, invoice, refund and claim."""

    def test_the_customer_gets_what_he_paid_and_the_rate_has_its_own_account(self):
        dollar = self.currency("USD", 1.25)
        prices = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": dollar.id, "company_id": self.company.id}
        )
        order = self.make_sale((self.lamp, 1, 100.0), pricelist_id=prices.id)
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        purchase._dropship_accept()
        purchase._dropship_take_parcels([{"number": "00340000000000000061", "carrier": "DHL"}])
        box = self.box("00340000000000000061")
        self.scan(box, "picked_up", hours=60)
        self.scan(box, "delivered", hours=30)
        self.invoice(order)
        self.pay(order)
        receivable = (order.invoice_ids | order.transaction_ids.payment_id.move_id).line_ids
        receivable.filtered(lambda row: row.account_id == self.accounts["Customers"]).reconcile()
        rate = order.currency_rate
        self.assertAlmostEqual(rate, 1.25)
        self.currency("USD", 1.0)
        case = self.ask((order.order_line, 1, "defective", self.shown(wanted="keep")))
        self.assertDone(case, "keep")
        refund = case.refund_ids
        self.assertPaidBack(order, 30.0)
        self.assertEqual((refund.currency_id, refund.credit_note_id.amount_total), (dollar, 30.0))
        claimed = case.case_claim_ids.amount
        self.assertEqual(case.case_claim_ids.currency_id, self.company.currency_id)
        self.hand_in(case.case_claim_ids)
        # Whatever the rate does later, what was claimed, sold and paid back stays.
        self.currency("USD", 2.0)
        case._raise_claims()
        self.assertEqual((case.case_claim_ids.amount, order.currency_rate), (claimed, rate))
        second = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual(second.money, 70.0)
        self.send_money()
        self.assertEqual(sorted(self.ledger), [-70.0, -30.0])
        for one in refund | second:
            self.book(one.money_ids.refund_transaction_id)
            one._reconcile()
        owed = self.env["account.move.line"].search(
            [("account_id", "=", self.accounts["Customers"].id), ("parent_state", "=", "posted")]
        )
        notes = (refund | second).credit_note_id
        self.assertEqual(set(notes.mapped("amount_residual")), {0.0})
        self.assertEqual(round(sum(owed.filtered(lambda row: row.move_id in notes).mapped("amount_residual")), 2), 0.0)
        # Sold and taken back for 80; that the 100 dollars that went back were worth 50 by then is a gain of its own.
        balances = self.balances()
        self.assertNotIn("Sales", balances)
        self.assertNotIn("Output tax", balances)
        self.assertNotIn("Customers", balances)
        self.assertEqual((balances.get("Rate gain"), balances.get("Rate loss")), (-30.0, None))
