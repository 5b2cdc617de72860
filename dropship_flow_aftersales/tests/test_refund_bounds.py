from decimal import Decimal as D

from odoo.tests import tagged

from ..refunding import Ask, Wish
from .common_refund import RefundCase


@tagged("post_install", "-at_install", "standard")
class TestRefundBounds(RefundCase):
    """Never more than was paid, nothing half-written, and words that say what to do."""

    def nothing_happened(self, order):
        self.assertFalse(order.dropship_refund_book_ids)
        self.assertFalse(order.dropship_refund_ids)
        self.assertEqual(self.ledger, [])

    def test_more_than_was_paid(self):
        order = self.sold((self.lamp, 1, 100))
        for ask in (
            ("goodwill", None, None, {"amount": "100.01"}),
            ("keep", order.order_line, None, {"amount": "100.01"}),
            ("paid_twice", None, None, {"amount": "0.01"}),
            ("freight_only", None, None, {"amount": "1"}),
        ):
            with self.subTest(ask[0]), self.refused("only .* left"):
                self.refund(order, ask)
        self.nothing_happened(order)

    def test_figures_that_are_none(self):
        order = self.sold((self.lamp, 1, 100))
        for figure, words in (
            (D("NaN"), "not a number"),
            (D("Infinity"), "not a number"),
            (D(-1), "below nothing"),
            (D("1e20"), "larger than any order"),
            (D("0.005"), "smallest coin"),
            (D(0), "is nothing"),
            (12.5, "not a number"),
        ):
            with self.subTest(figure), self.refused(words):
                self.refunds._make(order, Wish((Ask("goodwill", amount=figure),)), key="bad")
        with self.refused("more than 100"):
            self.refund(order, ("keep", order.order_line, None, {"percent": 101}))
        self.nothing_happened(order)

    def test_another_currency(self):
        order = self.sold((self.lamp, 1, 100))
        with self.refused("in EUR, not in USD"):
            self.refund(order, ("return", order.order_line, 1), currency="USD")
        self.nothing_happened(order)

    def test_never_paid(self):
        order = self.sold((self.lamp, 1, 100), paid=False)
        with self.refused("never paid"):
            self.refund(order, ("return", order.order_line, 1))
        order = self.sold((self.lamp, 1, 100), paid=False, invoiced=False)
        self.pay(order, state="authorized")
        with self.refused("never paid"):
            self.refund(order, ("return", order.order_line, 1))
        self.nothing_happened(order)

    def test_after_a_chargeback(self):
        order = self.sold((self.lamp, 2, 50))
        order.transaction_ids.dropship_charged_back = 100.0
        with self.refused("bank took back"):
            self.refund(order, ("return", order.order_line, 1))
        order.transaction_ids.dropship_charged_back = 70.0
        refund = self.refund(order, ("return", order.order_line, 2))
        self.assertEqual((refund.credit, refund.money), (100.0, 30.0))

    def test_charged_back_while_the_money_was_on_its_way(self):
        order = self.sold((self.lamp, 1, 100))
        refund = self.refund(order, ("return", order.order_line, 1))
        order.transaction_ids.dropship_charged_back = 100.0
        self.send_money()
        self.assertEqual((self.ledger, refund.state), ([], "person"))

    def test_not_delivered_does_not_come_back(self):
        order = self.sold((self.lamp, 2, 50), delivered=False)
        with self.refused("only 0 were delivered"):
            self.refund(order, ("return", order.order_line, 1))

    def test_another_orders_line(self):
        order, other = self.sold((self.lamp, 1, 100)), self.sold((self.lamp, 1, 100))
        with self.refused("cannot be refunded this way"):
            self.refund(order, ("return", other.order_line, 1))

    def test_what_somebody_gave_back_by_hand_is_not_given_twice(self):
        order = self.sold((self.lamp, 1, 100))
        order.transaction_ids._refund(80.0)
        refund = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual(refund.money, 20.0)

    def test_what_the_accountant_credited_is_not_credited_again(self):
        order = self.sold((self.lamp, 2, 50))
        move = order.invoice_ids._reverse_moves([{}])
        move.invoice_line_ids.quantity = 1.0
        move.action_post()
        refund = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual(refund.credit, 50.0)
        with self.refused("more|only"):
            self.refund(order, ("return", order.order_line, 1))

    # --- by which way ---

    def test_split_over_payments_the_largest_first(self):
        order = self.sold((self.lamp, 1, 100), paid=False)
        small, large = self.pay(order, 40.0), self.pay(order, 60.0)
        refund = self.refund(order, ("goodwill", None, None, {"amount": 70}))
        rows = {row.transaction_id: row.amount for row in refund.money_ids}
        self.assertEqual(rows, {large: 60.0, small: 10.0})

    def test_all_or_nothing_services(self):
        order = self.sold((self.lamp, 1, 100), paid=False)
        self.pay(order, 100.0, support="full_only")
        part = self.refund(order, ("goodwill", None, None, {"amount": 30}))
        self.assertEqual((part.by_person, part.state), (30.0, "person"))
        self.assertIn("the accountant pays it", part.warning_text)
        order = self.sold((self.lamp, 1, 100), paid=False)
        self.pay(order, 100.0, support="full_only")
        whole = self.refund(order, ("return", order.order_line, 1))
        self.assertFalse(whole.by_person)

    def test_transfers_are_paid_back_by_the_accountant(self):
        order = self.sold((self.lamp, 1, 100), paid=False)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        )
        wizard.create({"journal_id": self.bank.id})._create_payments()
        refund = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual((refund.money, refund.by_person, refund.state), (100.0, 100.0, "person"))
        self.assertIn("Pay back", order.activity_ids.mapped("summary")[0])
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=refund.credit_note_id.ids
        )
        register.create({"journal_id": self.bank.id})._create_payments()
        self.assertIn(refund.credit_note_id.payment_state, ("paid", "in_payment"))
        with self.refused("only 0 were delivered"):
            self.refund(order, ("return", order.order_line, 1))
        refund.money_ids._set_state("done")
        self.assertEqual(refund.state, "done")

    def test_a_payment_of_several_orders(self):
        first, second = (self.sold((self.lamp, 1, 100), paid=False, invoiced=False) for _order in range(2))
        self.pay(first | second)
        refund = self.refund(first, ("return", first.order_line, 1))
        self.assertEqual((refund.money, refund.by_person), (100.0, 100.0))
        with self.refused("only 0 were delivered"):
            self.refund(first, ("return", first.order_line, 1))

    def test_paid_twice(self):
        order = self.sold((self.lamp, 1, 100))
        self.pay(order)
        refund = self.refund(order, ("paid_twice", None, None))
        self.assertEqual((refund.money, refund.credit_note_id.id), (100.0, False))
        with self.refused("is left"):
            self.refund(order, ("paid_twice", None, None))
        self.assertEqual(self.refund(order, ("return", order.order_line, 1)).money, 100.0)

    def test_paid_in_another_currency(self):
        usd = self.currency("USD")
        usd.rate_ids.unlink()
        self.env["res.currency.rate"].create({"currency_id": usd.id, "rate": 1.25, "company_id": self.company.id})
        order = self.sold((self.lamp, 3, 100), paid=False, invoiced=False)
        self.pay(order, 375.0, currency_id=usd.id, booked=False)
        for _piece in range(3):
            refund = self.refund(order, ("return", order.order_line, 1))
            self.assertEqual(refund.money, 100.0)
        self.send_money()
        self.assertEqual(self.ledger, [-125.0] * 3)

    def test_a_service_that_refuses_later_leaves_it_to_a_person(self):
        self.ledger = self.service(answer="pending")
        order = self.sold((self.lamp, 1, 100))
        refund = self.refund(order, ("return", order.order_line, 1))
        self.send_money()
        self.assertEqual(refund.state, "done")
        refund.money_ids.refund_transaction_id._set_error("account closed")
        self.assertEqual((refund.money_ids.state, refund.state), ("person", "person"))
        with self.refused("only 0 were delivered"):
            self.refund(order, ("return", order.order_line, 1))

    def test_thirty_parts_of_a_hundred(self):
        order = self.sold((self.lamp, 1, 100))
        for number in range(29):
            self.refund(order, ("goodwill", None, None, {"amount": "3.33"}), key=f"part {number}")
        with self.refused("only .*3.43.* left"):
            self.refund(order, ("goodwill", None, None, {"amount": "3.44"}))
        self.refund(order, ("goodwill", None, None, {"amount": "3.43"}))
        with self.refused("only .*0.00.* left"):
            self.refund(order, ("goodwill", None, None, {"amount": "0.01"}))
        self.assertAlmostEqual(sum(order.dropship_refund_book_ids.mapped("money")), 100.0)
        notes = order.dropship_refund_book_ids.credit_note_id
        self.assertAlmostEqual(sum(notes.mapped("amount_total")), 100.0)
        self.assertAlmostEqual(sum(notes.mapped("amount_tax")), order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice").amount_tax)  # fmt: skip

    def test_cash_that_is_not_collected_yet(self):
        order = self.sold((self.lamp, 1, 100), paid=False, invoiced=False)
        order.dropship_collect = True
        if not order.dropship_collection_ids:
            with self.refused("not collected|never paid"):
                self.refund(order, ("return", order.order_line, 1))
