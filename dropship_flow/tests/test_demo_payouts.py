"""The payouts of the demo world: two wait for the accountant, one of them with a row nobody knows."""

from odoo.tests import TransactionCase, tagged

from .test_demo import DemoMixin


@tagged("post_install", "-at_install", "standard")
class TestDemoPayouts(DemoMixin, TransactionCase):
    def payout(self, terms):
        return self.env["dropship.payout"].search([("terms_id", "=", self.record(terms).id)])

    def test_amazon_adds_up(self):
        payout = self.payout("payout_terms_amazon")
        self.assertEqual((payout.state, payout.reasons, payout.open_count), ("matched", False, 0))
        self.assertEqual(payout.line_ids.order_id, self.record("order_parcel_signed") | self.record("order_parcel_far"))

    def test_douyin_has_a_row_nobody_knows(self):
        payout = self.payout("payout_terms_douyin")
        self.assertEqual((payout.state, payout.transferred, payout.row_total), ("differs", 300.0, 118.4))
        unknown = payout.line_ids.filtered(lambda line: line.state == "unknown" and line.kind == "sale")
        self.assertEqual(unknown.mapped("order_ref"), ["6931200184499912345"])
        self.assertEqual(payout.line_ids.order_id.mapped("client_order_ref"), ["6931200184410012345"])

    def test_it_can_be_posted_and_taken_back(self):
        payout = self.payout("payout_terms_amazon")
        payout.action_post()
        self.assertEqual(payout.state, "posted")
        move = payout.move_ids
        self.assertEqual(len(move), 1)
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0)
        payout.action_reverse()
        self.assertEqual(payout.state, "matched")
