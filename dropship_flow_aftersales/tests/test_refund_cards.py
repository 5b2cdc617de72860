from odoo import Command
from odoo.tests import tagged

from .common_refund import RefundCase


@tagged("post_install", "-at_install", "standard")
class TestRefundCards(RefundCase):
    """Gift cards, promotions, points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift_program = cls.env["loyalty.program"].create(
            {
                "name": "Gift cards",
                "program_type": "gift_card",
                "applies_on": "future",
                "trigger": "auto",
                "company_id": cls.company.id,
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 1,
                            "discount_mode": "per_point",
                            "discount_applicability": "order",
                            "required_points": 1,
                            "description": "Pay with gift card",
                        }
                    )
                ],
            }
        )

    def with_card(self, amount=40.0):
        card = self.env["loyalty.card"].create({"program_id": self.gift_program.id, "points": amount})
        order = self.make_sale((self.lamp, 1, 100))
        for coupon, rewards in order._try_apply_code(card.code).items():
            order._apply_program_reward(rewards, coupon)
        for line in order.order_line.filtered(lambda line: line.product_id == self.lamp):
            self.env["dropship.line.choice"]._choose(line, self.rhein, "pin", "test")
        order.action_confirm()
        self.assertEqual((order.amount_total, card.points), (60.0, 0.0))
        self.pay(order)
        return order, card

    def test_the_gift_card_gets_its_part_last(self):
        order, card = self.with_card()
        refund = self.refund(order, ("goodwill", None, None, {"amount": 70}))
        self.assertEqual(card.points, 10.0)
        self.assertEqual([(row.way, row.amount) for row in refund.money_ids], [("refund", 60.0)])
        second = self.refund(order, ("goodwill", None, None, {"amount": 30}))
        self.assertEqual((card.points, len(second.money_ids)), (40.0, 0))
        with self.refused("is left"):
            self.refund(order, ("goodwill", None, None, {"amount": "0.01"}))

    def test_the_gift_card_gets_its_part_first(self):
        order, card = self.with_card()
        self.refund(order, ("goodwill", None, None, {"amount": 50}), stored="first")
        self.assertEqual(card.points, 40.0)
        self.assertEqual(order.dropship_refund_book_ids.money_ids.amount, 10.0)

    def test_the_paper_shows_what_the_card_got(self):
        order, _card = self.with_card()
        self.invoice(order)
        refund = self.refund(order, ("goodwill", None, None, {"amount": 70}))
        self.assertEqual((refund.credit, refund.credit_note_id.amount_total), (70.0, 60.0))

    def promotion(self, **reward):
        return self.env["loyalty.program"].create(
            {
                "name": "10 off from 80",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"minimum_amount": 80, "minimum_amount_tax_mode": "incl"})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 10, "discount_mode": "per_order", **reward})
                ],
            }
        )

    def promoted(self):
        self.promotion()
        order = self.make_sale((self.lamp, 2, 50))
        order._update_programs_and_rewards()
        ((coupon, rewards),) = order._get_claimable_rewards().items()
        order._apply_program_reward(rewards, coupon)
        for line in order.order_line.filtered(lambda line: line.product_id == self.lamp):
            self.env["dropship.line.choice"]._choose(line, self.rhein, "pin", "test")
        order.action_confirm()
        self.assertEqual(order.amount_total, 90.0)
        order.dropship_purchase_ids._dropship_accept()
        order.dropship_purchase_ids._dropship_take_parcels([{"number": f"00340{order.id:015d}", "carrier": "DHL"}])
        self.scan(self.box(f"00340{order.id:015d}"), "picked_up", hours=48)
        self.scan(self.box(f"00340{order.id:015d}"), "delivered", hours=24)
        self.pay(order)
        self.invoice(order)
        return order, order.order_line.filtered(lambda line: line.product_id == self.lamp)

    def test_a_promotion_that_is_lost_is_taken_off(self):
        order, lamps = self.promoted()
        refund = self.refund(order, ("return", lamps, 1))
        self.assertEqual((refund.credit, refund.credit_note_id.amount_total), (40.0, 40.0))
        self.assertIn("10 off from 80", refund.warning_text)
        rest = self.refund(order, ("return", lamps, 1))
        self.assertEqual(refund.money + rest.money, 90.0)

    def test_a_promotion_is_kept_where_it_was_our_fault_or_the_rule_says_so(self):
        order, lamps = self.promoted()
        self.assertEqual(self.refund(order, ("return", lamps, 1), ours=True).credit, 45.0)
        self.company.dropship_refund_promotions = "let_go"
        self.env["loyalty.program"].search([("name", "=", "10 off from 80")]).active = False
        order, lamps = self.promoted()
        self.assertEqual(self.refund(order, ("return", lamps, 1)).credit, 45.0)

    def test_points_that_were_earned_go_with_the_goods(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"reward_point_mode": "money", "reward_point_amount": 1})],
            }
        )
        order = self.sold((self.lamp, 2, 50), invoiced=False)
        card = order.coupon_point_ids.coupon_id
        self.assertEqual((card.program_id, card.points), (program, 100.0))
        refund = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual((refund.points_taken, card.points), (50.0, 50.0))
        card.points = 10
        refund = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual(card.points, -40.0)
        self.assertIn("goes below nothing", refund.warning_text)
