from datetime import date

from odoo.addons.dropship_flow.tests.common_payout import PayoutCase
from odoo.tests import tagged

from .common_profit import ProfitReader


@tagged("post_install", "-at_install", "standard")
class TestProfitPayout(ProfitReader, PayoutCase):
    def final(self, order):
        """{kind: amount} of what payouts told about the order."""
        found = {}
        for row in order._dropship_profit_statement():
            if row["stage"] == "final":
                found[row["kind"]] = round(found.get(row["kind"], 0.0) + row["amount"], 2)
        return {kind: amount for kind, amount in found.items() if amount}

    def test_fees_of_a_payout_belong_to_their_orders(self):
        first, second = self.sold("A-1"), self.sold("A-2", 50.0)
        payout = self.enter(
            ("A-1", "sale", "100"), ("A-1", "commission", "-8"), ("A-2", "sale", "50"), ("A-2", "commission", "-2.5"),
            ("A-2", "payment fee", "-1.5"), ("", "subscription", "-5"),
        )  # fmt: skip
        payout.action_post()
        self.collect()
        self.assertEqual(self.final(first), {"commission": -8.0})
        self.assertEqual(self.final(second), {"commission": -2.5, "payment_fee": -1.5})
        rest = self.env["dropship.profit.entry"].search([("order_id", "=", False), ("source", "=", "payouts")])
        self.assertEqual((rest.kind_id.code, rest.amount, rest.channel_id), ("overhead", -5.0, self.market))
        for row in self.env["dropship.profit.reconcile"]._compute(self.company, date(2026, 5, 1)):
            self.assertEqual(row["unexplained"], 0.0)

    def test_an_order_found_after_the_payout_was_posted(self):
        payout = self.enter(("A-2", "sale", "50"), ("A-2", "commission", "-5"), ("", "subscription", "-5"))
        payout.action_post_apart()
        self.collect()
        self.pass_time()
        order = self.sold("A-2", 50.0)
        self.assertEqual(payout.line_ids.filtered("order_id").mapped("kind"), ["sale", "fee"])
        self.collect()
        self.assertEqual(self.final(order), {"commission": -5.0})
        self.assertEqual(self.collect(), 0)
        payout.action_book_late()
        self.collect()
        self.assertEqual(self.final(order), {"commission": -5.0})
        self.assertEqual(self.collect(), 0)

    def test_a_fee_whose_order_comes_later_is_expected_no_more(self):
        payout = self.enter(("A-2", "commission", "-5"), ("", "subscription", "-5"))
        payout.action_post_apart()
        self.collect()
        self.pass_time()
        order = self.sold("A-2", 50.0)
        self.collect()
        self.assertEqual(self.final(order), {"commission": -5.0})
        rows = self.env["dropship.profit.estimate"].search([("order_id", "=", order.id), ("amount", "!=", 0)])
        self.assertNotIn("commission", rows.mapped("kind_id.code"))
        self.assertEqual(self.collect(), 0)

    def test_rows_that_become_fees_after_the_payout_was_posted(self):
        order, other = self.sold("A-1"), self.sold("A-2", 50.0)
        payout = self.enter(
            ("A-1", "sale", "100"), ("A-1", "commission", "-8"), ("A-2", "what is this", "-3"), ("", "what else", "-1")
        )
        payout.action_post_apart()
        self.collect()
        self.assertEqual((self.final(order), self.final(other)), ({"commission": -8.0}, {}))
        self.pass_time()
        strange = payout.sudo().line_ids.filtered(lambda row: row.kind == "unknown")
        strange[0]._decide(other, "fee", "commission")
        strange[1]._decide(other.browse(), "fee", "payment")
        self.collect()
        self.assertEqual((self.final(order), self.final(other)), ({"commission": -8.0}, {}), "not booked over yet")
        self.pass_time()
        payout.action_book_late()
        self.collect()
        self.assertEqual((self.final(order), self.final(other)), ({"commission": -8.0}, {"commission": -3.0}))
        self.assertEqual(self.collect(), 0)

    def test_a_payout_taken_back_takes_its_fees_along(self):
        order = self.sold("A-1")
        payout = self.enter(("A-1", "sale", "100"), ("A-1", "commission", "-8"))
        payout.action_post()
        self.collect()
        payout.action_reverse()
        self.collect()
        self.assertEqual(self.final(order), {})
        payout.action_post()
        self.collect()
        self.assertEqual(self.final(order), {"commission": -8.0})
