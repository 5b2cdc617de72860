from odoo import Command
from odoo.tests import tagged

from .common_holds import HoldCase


@tagged("post_install", "-at_install", "standard")
class TestHoldEvents(HoldCase):
    def unpaid(self, *lines):
        order = self.web_sale(*lines, confirm=False)
        payment = self.pay(order, "pending")
        order.action_confirm()
        self.assertHeld(order, "unpaid")
        return order, payment

    # --- money ---

    def test_the_payment_arrives(self):
        order, payment = self.unpaid()
        payment._set_done()
        self.assertBought(order)
        self.assertEqual(order.dropship_hold_ids.state, "solved")

    def test_a_second_payment_fills_up(self):
        order, _payment = self.unpaid()
        self.pay(order, amount=20.0)
        self.assertHeld(order, "unpaid")
        self.assertEqual(self.hold(order, "unpaid").reason, "Only 20.00 of 34.90 EUR is paid.")
        self.pay(order, amount=14.9)
        self.assertBought(order)

    def test_a_visitor_who_pays_has_no_rights(self):
        order, payment = self.unpaid()
        payment.with_user(self.env.ref("base.public_user")).sudo()._set_authorized()
        self.assertBought(order)

    def test_a_failed_payment_says_so(self):
        order, payment = self.unpaid()
        payment._set_error("declined")
        self.assertHeld(order, "unpaid")
        self.assertIn("failed", self.hold(order, "unpaid").reason)

    def test_the_payment_arrives_on_a_cancelled_order(self):
        order, payment = self.unpaid()
        order._action_cancel()
        payment._set_done()
        self.assertEqual(order.state, "cancel")
        self.assertFalse(order.dropship_purchase_ids)
        activity = self.env.ref("dropship_flow.activity_paid_cancelled")
        self.assertEqual(order.activity_ids.activity_type_id, activity)
        self.assertIn("34.90", "".join(order.message_ids.mapped("body")))
        payment.write({"state": "done"})
        self.assertEqual(len(order.activity_ids), 1)

    def test_a_paid_order_is_cancelled(self):
        order = self.web_sale(confirm=False)
        self.pay(order)
        order.action_confirm()
        order._action_cancel()
        self.assertIn(self.env.ref("dropship_flow.activity_paid_cancelled"), order.activity_ids.activity_type_id)

    # --- people ---

    def test_the_customer_completes_the_address(self):
        self.anna.street = "?"
        order = self.web_sale()
        self.assertHeld(order, "address")
        self.anna.city = "Potsdam"
        self.assertHeld(order, "address")
        self.anna.street = "Ackerstraße 14"
        self.assertBought(order)

    def test_another_address_on_the_order(self):
        self.anna.street = "?"
        order = self.web_sale()
        home = self.make_partner("Home", phone="+49 30 1234567")
        order.partner_shipping_id = home
        self.assertBought(order)

    def test_trust_is_a_fact(self):
        order, _payment = self.unpaid()
        self.anna.with_company(self.company).trust = "good"
        self.assertBought(order)

    # --- the order itself ---

    def test_lines_change(self):
        self.rule("value", amount=60)
        order = self.make_sale((self.lamp, 2), confirm=True)
        self.assertHeld(order, "value")
        order.order_line.product_uom_qty = 1
        self.assertBought(order)

    def test_a_line_more_is_another_value(self):
        self.rule("value", amount=60)
        order = self.make_sale((self.lamp, 2), confirm=True)
        self.hold(order, "value").action_release()
        bought = order.dropship_purchase_ids
        self.assertTrue(bought)
        order.write({"order_line": [Command.create({"product_id": self.stand.id, "product_uom_qty": 1})]})
        self.assertEqual(self.held(order), ["value"])
        self.assertEqual(order.dropship_purchase_ids, bought, "only what was let go is bought")
        self.hold(order, "value").action_release()
        self.assertEqual(self.held(order), [])
        self.assertEqual(
            sum(order.dropship_allocation_ids.filtered(lambda row: row.state != "released").mapped("qty")), 3
        )

    def test_a_copy_is_changed_into_another_order(self):
        _first, second = self.web_sale(), self.web_sale()
        self.assertHeld(second, "duplicate")
        second.order_line.product_uom_qty = 2
        self.assertBought(second)

    # --- released stays released ---

    def test_what_was_released_does_not_come_back(self):
        self.anna.street = "?"
        order = self.web_sale(confirm=False)
        self.pay(order, "pending")
        order.action_confirm()
        self.assertHeld(order, "address", "unpaid")
        self.hold(order, "address").action_release()
        self.assertHeld(order, "unpaid")
        self.anna.email = "new@example.com"
        self.assertHeld(order, "unpaid")
        self.pay(order)
        self.assertBought(order)

    def test_other_facts_are_another_question(self):
        self.anna.street = "?"
        order = self.web_sale(confirm=False)
        self.pay(order, "pending")
        order.action_confirm()
        self.hold(order, "address").action_release()
        self.anna.city = "🙂"
        self.assertHeld(order, "address", "unpaid")

    # --- messages ---

    def test_a_message_is_answered(self):
        self.rule("message")
        order = self.hero()
        wrote = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        order.message_post(body="Blue, please 🙂", author_id=self.anna.id, **wrote)
        order.action_confirm()
        self.assertHeld(order, "message")
        self.assertIn("Blue, please", self.hold(order, "message").reason)
        desk = self.make_login("user")
        order.message_post(body="noted", author_id=desk.partner_id.id, message_type="comment")
        self.assertHeld(order, "message")
        order.message_post(body="Blue it is", author_id=desk.partner_id.id, **wrote)
        self.assertBought(order)

    # --- rules and the clock ---

    def test_a_rule_switched_off_lets_go_in_the_background(self):
        rule = self.rule("value", amount=10)
        order = self.hero(confirm=True)
        rule.active = False
        self.assertHeld(order, "value")
        self.run_cron("cron_check_holds")
        self.assertBought(order)

    def test_a_copy_becomes_old(self):
        first, second = self.web_sale(), self.web_sale()
        first.date_order = "2020-01-01 12:00:00"
        self.run_cron("cron_check_holds")
        self.assertHeld(second, "duplicate")
        second.dropship_hold_ids.last_try = "2020-01-01 12:00:00"
        self.run_cron("cron_check_holds")
        self.assertBought(second)

    def test_cancelled_while_held(self):
        order, _payment = self.unpaid()
        order._action_cancel()
        self.assertEqual(self.held(order), [])
        self.assertFalse(order.dropship_purchase_ids)
