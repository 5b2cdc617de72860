from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_payout import PayoutCase


@tagged("post_install", "-at_install", "standard")
class TestPayoutBadInput(PayoutCase):
    def test_the_same_file_twice(self):
        self.sold("A-1")
        first = self.enter(("A-1", "sale", "100"))
        self.assertEqual(self.new, first)
        self.assertEqual(self.enter(("A-1", "sale", "100")), first)
        self.assertFalse(self.new)

    def test_the_same_payout_in_another_file(self):
        first = self.enter(("A-1", "sale", "100"))
        again = self.enter(("A-1", "sale", "100"), ("A-2", "sale", "1"))
        self.assertEqual((again, bool(self.new), len(first.line_ids)), (first, False, 1))

    def test_the_same_entries_in_another_statement(self):
        """Statements of overlapping days: an entry counts once."""
        self.layout.payout_account = True
        row = {"Order": "A-1", "Kind": "sale", "Amount": "100", "Entry": "E-1"}
        self.sold("A-1")
        self.enter(row, Payout="May 1-3").action_post()
        later = self.enter(row, {**row, "Entry": "E-2", "Kind": "refund", "Amount": "-20"}, Payout="May 3-5")
        self.assertEqual(later.line_ids.mapped("state"), ["known", "matched"])
        later.action_post()
        self.assertEqual(self.booked(later), {"owed": 20.0, "clearing": -20.0})

    def test_a_total_that_does_not_add_up_is_held(self):
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), Transferred="99")
        self.assertEqual((payout.state, payout.difference, self.codes(payout)), ("differs", 1.0, ["payout_total"]))
        for verb in (payout.action_post, payout.action_post_apart):
            with self.assertRaisesRegex(UserError, "add up"):
                verb()
        self.assertFalse(payout.sudo().move_ids)
        told = self.env(user=self.bookkeeper)["dropship.payout.told"]
        wizard = told.create({"payout_id": payout.id, "amount": 99.0})
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard.why = "Bank of the marketplace kept 1.00"
        wizard.action_apply()
        self.assertEqual(payout.state, "matched")
        payout.action_post()
        self.assertEqual(self.booked(payout), {"owed": -100.0, "adjustment": 1.0, "bank": 99.0})

    def test_what_the_bank_shows_is_entered_with_the_file(self):
        payout = self.enter(("", "subscription", "-5"), told=-4.0)
        self.assertEqual((payout.state, self.codes(payout)), ("differs", ["payout_total"]))

    def test_unknown_orders_wait_and_are_found_when_the_order_comes(self):
        self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), ("A-2", "sale", "50"))
        self.assertEqual((payout.state, payout.open_count), ("differs", 1))
        self.assertEqual(self.codes(payout), ["payout_untold", "payout_rows_open"])
        with self.assertRaises(UserError):
            payout.action_post()
        self.sold("A-2", 50.0)
        self.assertEqual((payout.state, payout.open_count), ("matched", 0))

    def test_unknown_orders_are_posted_apart_and_booked_over(self):
        payout = self.enter(("A-2", "sale", "50"), ("A-2", "commission", "-5"), Transferred="45")
        payout.action_post_apart()
        self.assertEqual(self.booked(payout), {"suspense": -50.0, "fee": 5.0, "bank": 45.0})
        order = self.sold("A-2", 50.0)
        self.assertEqual((payout.open_count, payout.late_count), (0, 1))
        payout.action_book_late()
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertEqual(self.booked(payout), {"suspense": 0.0, "owed": -50.0, "fee": 5.0, "bank": 45.0})
        suspense = payout.sudo().move_ids.line_ids.filtered(lambda line: line.dropship_payout_bucket == "apart")
        self.assertEqual(suspense.mapped("reconciled"), [True, True])
        self.assertEqual(self.env["dropship.payment.fee"].search([("order_id", "=", order.id)]).amount, 5.0)
        payout.action_reverse()
        self.assertEqual(order.invoice_ids.payment_state, "not_paid")
        payout.action_post()
        self.assertEqual(order.invoice_ids.payment_state, "paid")

    def test_an_order_chosen_by_hand(self):
        order = self.sold("A-1")
        payout = self.enter(("X-9", "sale", "100"), ("X-9", "commission", "-5"))
        line = payout.line_ids.filtered(lambda line: line.kind == "sale")
        wizard = self.decide(line, order_id=order.id)
        wizard.action_apply()
        self.assertEqual((payout.state, payout.line_ids.order_id), ("matched", order))

    def decide(self, lines, **vals):
        action = lines.with_user(self.bookkeeper).action_decide()
        wizard = self.env(user=self.bookkeeper)["dropship.payout.decide"].browse(action["res_id"])
        wizard.write(vals)
        return wizard

    def test_words_nobody_knows_are_learnt(self):
        payout = self.enter(("", "Gift [wrap] levy", "-2"))
        self.assertEqual((payout.state, self.codes(payout.line_ids)), ("differs", ["payout_kind_unknown"]))
        with self.assertRaises(UserError):
            payout.line_ids.action_accept()
        self.decide(payout.line_ids, kind="fee", fee_kind="other").action_apply()
        self.assertEqual((payout.state, payout.line_ids.kind), ("matched", "fee"))
        other = self.enter(("", "Gift [wrap] levy", "-3"), Payout="P-2")
        self.assertEqual((other.state, other.line_ids.kind), ("matched", "fee"))

    def test_a_broken_cell_is_kept(self):
        payout = self.enter(("A-1", "commission", "ten"), ("", "subscription", "-5"))
        self.assertEqual((payout.state, payout.open_count), ("differs", 1))
        self.assertIn("ten", payout.line_ids.filtered("problems").reason_text)

    def test_a_file_that_is_none_is_kept_and_read_again(self):
        payout = self.enter(b"Who,What,Sum\nA-1,sale,100\nA-2,sale,5\n")
        self.assertEqual(payout.state, "refused")
        self.assertIn("Amount", payout.reason_text)
        for heading, field in (("Who", "number"), ("What", "kind"), ("Sum", "amount")):
            self.layout.column_ids = [(0, 0, {"heading": heading, "field": field, "sequence": 99})]
        action = payout.action_read_again()
        again = self.env["dropship.payout"].browse(action["res_id"])
        self.assertEqual((len(again.line_ids), again.state), (2, "differs"))

    def test_throw_away_and_enter_the_corrected_file(self):
        payout = self.enter(("A-1", "sale", "100"), Transferred="99")
        payout.action_drop()
        self.assertFalse(payout.exists())
        payout = self.enter(("", "subscription", "-5"))
        payout.action_post()
        with self.assertRaises(UserError):
            payout.action_drop()

    def test_orders_of_another_channel_are_not_found(self):
        order = self.sold("A-1", invoice=False)
        channels = self.env["dropship.sales.channel"]
        other = channels.create({"name": "Second", "kind": "file", "company_id": self.company.id})
        order.dropship_channel_id = other
        payout = self.enter(("A-1", "sale", "100"))
        self.assertEqual(payout.line_ids.state, "unknown")
