from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_acknowledgement import AnswerCase


@tagged("post_install", "-at_install", "standard")
class TestAnswerEnter(AnswerCase):
    """What a person of ours heard goes the same way as what a supplier's system says."""

    def enter(self, purchase, user):
        action = purchase.with_user(user).action_dropship_enter_answer()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def test_an_answer_by_phone(self):
        order, purchase = self.buy((self.lamp, 5.0), self.stand)
        buyer = self.make_login("buyer")
        form = self.enter(purchase, buyer)
        lamp = form.line_ids.filtered(lambda line: line.product_id == self.lamp)
        self.assertEqual((lamp.ordered, lamp.accepted, lamp.rejected), (5.0, 5.0, 0.0))
        lamp.write({"accepted": 3.0, "reason_code": "out_of_stock", "price": 16.0})
        self.assertEqual(lamp.rejected, 2.0)
        form.write({"remote_ref": "R-77", "note": "said Mr Li"})
        form.action_enter()
        self.assertEqual((purchase.state, purchase.partner_ref), ("purchase", "R-77"))
        message = purchase.dropship_exchange_ids.filtered(lambda row: row.direction == "in")
        self.assertEqual((message.state, message.remote_ref), ("processed", "R-77"))
        self.assertEqual(order.dropship_ack_ids.decided_by_id, buyer)
        self.assertTrue(order.dropship_allocation_ids.filtered("by_hand"))
        self.check_whole(order)

    def test_a_line_he_did_not_speak_of_keeps_waiting(self):
        _order, purchase = self.buy(self.lamp, self.stand)
        form = self.enter(purchase, self.make_login("buyer"))
        form.line_ids[0].answered = False
        form.action_enter()
        self.assertEqual((purchase.state, purchase.dropship_ack_status), ("sent", "part"))

    def test_bad_input_is_said_at_once(self):
        _order, purchase = self.buy(self.lamp)
        buyer = self.make_login("buyer")
        form = self.enter(purchase, buyer)
        form.line_ids.accepted = 7.0
        with self.assertRaises(UserError), self.env.cr.savepoint():
            form.action_enter()
        form.line_ids.write({"accepted": -1.0})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            form.action_enter()
        form.line_ids.write({"accepted": 1.0, "answered": False})
        with self.assertRaises(UserError):
            form.action_enter()
        self.assertEqual(purchase.state, "sent")
        purchase._dropship_refuse("no")
        with self.assertRaises(UserError):
            self.enter(purchase, buyer)

    def test_the_verbs_go_the_same_way(self):
        _order, purchase = self.buy(self.lamp)
        buyer = self.make_login("buyer")
        purchase.with_user(buyer).action_dropship_accept()
        self.assertEqual((purchase.state, purchase.dropship_ack_ids.verdict), ("purchase", "accepted"))
        order, purchase = self.buy(self.lamp)
        wizard = self.env["dropship.purchase.refuse"].with_user(buyer).create({"purchase_id": purchase.id})
        wizard.action_refuse()
        self.assertEqual((purchase.state, purchase.dropship_ack_ids.reason_code), ("cancel", "out_of_stock"))
        self.assertEqual(purchase.dropship_ack_status, "refused")
        self.check_whole(order)

    def test_who_may_enter(self):
        _order, purchase = self.buy(self.lamp)
        for role in ("user", "employee"):
            with self.subTest(role), self.assertRaises(AccessError), self.env.cr.savepoint():
                self.enter(purchase, self.make_login(role))
