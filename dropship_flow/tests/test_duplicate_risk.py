from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_healing import HealingCase


@tagged("post_install", "-at_install", "standard")
class TestDuplicateRisk(HealingCase):
    """The old supplier wakes up after the goods were bought elsewhere (scenario 24)."""

    def moved(self):
        """(order, the purchase that was given up, the one that took its place)"""
        order = self.make_sale(self.lamp, confirm=True)
        first = order.dropship_purchase_ids
        self.time_out(first)
        self.give_up(first)
        return order, first, self.open_of(order)

    def parcel(self, number="RH12345678"):
        return [{"number": number, "carrier": "DHL"}]

    def test_a_late_acceptance_is_a_persons_case(self):
        order, first, second = self.moved()
        self.says(first, "accepted")
        exception = order.dropship_exception_ids
        self.assertEqual((exception.kind, exception.severity), ("duplicate_risk", "2"))
        self.assertIn(second.partner_id.name, exception.description)
        self.assertEqual(first.state, "cancel")
        self.assertTrue(exception.deadline)
        self.says(first, "accepted", serial=2, remote_ref="again")
        self.assertEqual(len(order.dropship_exception_ids), 1)

    def test_a_late_rejection_is_no_news(self):
        order, first, _second = self.moved()
        self.says(first, "rejected")
        self.assertFalse(order.dropship_exception_ids)

    def test_he_cancels_after_all(self):
        order, first, second = self.moved()
        self.says(first, "accepted")
        order.dropship_exception_ids.with_user(self.make_login("buyer")).action_ask_him_to_cancel()
        self.says(first, "cancelled")
        self.assertFalse(order.dropship_exception_ids)
        self.assertEqual(self.open_of(order), second)

    def test_a_late_acceptance_is_answered_with_a_cancellation(self):
        with self.connected("silent", self.suppliers["Dawn"]) as (_connection, ledger):
            order = self.make_sale(self.lamp, confirm=True)
            first = order.dropship_purchase_ids
            self.relay()
            self.time_out(first)
            first._dropship_messages("cancel")._write({"state": "sent"})
            self.env.invalidate_all()
            self.give_up(first)
            self.says(first, "accepted")
            self.assertEqual(self.messages(first, "cancel"), [("cancel", "sent"), ("cancel", "ready")])
            self.relay()
            self.assertEqual(ledger.orders[first.name][-1]["status"], "cancelled")
        self.assertFalse(order.dropship_exception_ids, "he let it go")

    def test_keep_this_one_drops_the_other_only_when_he_agrees(self):
        order, first, second = self.moved()
        self.says(first, "accepted")
        exception = order.dropship_exception_ids
        exception.with_user(self.make_login("buyer")).action_keep_this_one()
        request = second.dropship_change_ids
        self.assertEqual((request.kind, request.state), ("cancel", "asked"))
        self.assertEqual(second.state, "sent", "nothing is dropped before he agrees")
        request._answer("yes")
        self.assertEqual((first.state, second.state), ("purchase", "cancel"))
        self.assertEqual(exception.state, "solved")
        self.assertEqual(list(self.bought(order)), ["Dawn"])
        self.assertEqual(len(first.picking_ids.filtered(lambda pick: pick.state != "cancel")), 1)
        self.assertBoughtOnce(order)

    def test_the_other_refuses_to_stop(self):
        order, first, second = self.moved()
        self.says(first, "accepted")
        exception = order.dropship_exception_ids
        exception.action_keep_this_one()
        second.dropship_change_ids._answer("no")
        self.assertEqual(exception.state, "open")
        self.assertIn("cannot cancel", exception.description)
        self.assertEqual((first.state, second.state), ("cancel", "sent"))

    def test_what_was_not_sent_yet_needs_no_question(self):
        order, first, second = self.moved()
        order.dropship_allocation_ids.filtered(lambda row: row.purchase_id == second)._write({"state": "planned"})
        second._write({"state": "draft"})
        self.env.invalidate_all()
        self.says(first, "shipped", parcels=self.parcel())
        exception = order.dropship_exception_ids
        self.assertEqual(exception.parcel_numbers, "RH12345678")
        exception.action_keep_this_one()
        self.assertEqual((first.state, second.state), ("purchase", "cancel"))
        picking = first.picking_ids.filtered(lambda pick: pick.state == "done")
        self.assertIn("RH12345678", picking.carrier_tracking_ref)
        self.assertBoughtOnce(order)

    def test_both_come(self):
        order, first, second = self.moved()
        self.says(second, "accepted")
        self.says(first, "shipped", parcels=self.parcel())
        self.says(first, "shipped", parcels=self.parcel("RH99999999"), serial=2)
        exception = order.dropship_exception_ids
        self.assertEqual(exception.parcel_numbers, "RH12345678 RH99999999")
        self.assertIn("RH99999999", exception.description)
        exception.with_user(self.make_login("buyer")).action_both_come()
        self.assertEqual(first.state, "cancel", "no bill of his can match it")
        self.assertEqual(first.invoice_status, "no")
        activity = order.activity_ids.filtered(lambda activity: "twice" in (activity.summary or ""))
        self.assertIn("RH12345678", activity.note)
        self.assertEqual(self.open_of(order), second)

    def test_both_have_left(self):
        order, first, second = self.moved()
        self.says(second, "accepted")
        second._dropship_ship(["YW12345678"])
        self.says(first, "shipped", parcels=self.parcel())
        with self.assertRaisesRegex(UserError, "has left already"):
            order.dropship_exception_ids.action_keep_this_one()

    def test_nothing_was_bought_instead(self):
        self.company.dropship_max_attempts = 1
        order = self.make_sale(self.lamp, confirm=True)
        first = order.dropship_purchase_ids
        first._dropship_refuse("no")
        self.says(first, "accepted")
        self.assertEqual(set(order.dropship_exception_ids.mapped("kind")), {"attempts", "answer_late"})

    def test_who_may_decide(self):
        order, first, _second = self.moved()
        self.says(first, "accepted")
        desk = self.make_login("user")
        for verb in ("action_ask_him_to_cancel", "action_keep_this_one", "action_both_come"):
            with self.assertRaises(AccessError):
                getattr(order.dropship_exception_ids.with_user(desk), verb)()
