from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..connectors.outcome import PARKED, REJECTED, SENT, UNKNOWN, Outcome
from .common_flow import FlowCase
from .records_papers import set_terms


@tagged("post_install", "-at_install", "standard")
class TestSupplierPayment(FlowCase):
    """Anna's lamp comes from Rhein, who ships what is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        set_terms(cls.rhein, "pay_to_ship", 24.0)

    def buy(self, supplier="Rhein", connected=False):
        if connected:
            self.suppliers[supplier].connection_id = self.env["dropship.connection"].create(
                {"name": "Rhein API", "endpoint": "https://rhein.example", "company_id": self.company.id}
            )
            self.suppliers[supplier].answer_mode = "manual"
        order = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers[supplier], "pin", "test")
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        if connected:
            self.env["dropship.exchange"].search([("purchase_id", "=", purchase.id)])._set_state("sending")
            self.env["dropship.exchange"].search([("purchase_id", "=", purchase.id)])._set_state("sent")
            purchase._dropship_accept()
        return purchase

    def pay_message(self, purchase):
        return self.env["dropship.exchange"].search([("purchase_id", "=", purchase.id), ("kind", "=", "pay")])

    def exceptions(self, purchase, kind=None):
        found = self.env["dropship.exception"].search([("purchase_id", "=", purchase.id), ("state", "=", "open")])
        return found.filtered(lambda row: not kind or row.kind == kind)

    def finish(self, message, outcome):
        """The relay's end of an attempt."""
        message._set_state("sending")
        message.lease_token = "test"
        with patch.object(type(message), "_commit_step", lambda self: None):
            message._finish("test", outcome)

    def test_accepted_purchase_waits_for_its_payment(self):
        purchase = self.buy()
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(purchase.dropship_pay_state, "to_pay")
        self.assertEqual(purchase.dropship_pay_total, 15.9 + 3.9)
        wait = purchase.dropship_pay_by - fields.Datetime.now()
        self.assertAlmostEqual(wait.total_seconds() / 3600, 24, delta=0.1)

    def test_on_account_nothing_is_to_be_paid(self):
        set_terms(self.rhein, "account")
        self.assertEqual(self.buy().dropship_pay_state, "none")

    def test_terms_of_the_company_count(self):
        self.rhein.company_id = False
        set_terms(self.rhein, "account")
        self.env["dropship.supplier.term"].create(
            {"supplier_id": self.rhein.id, "company_id": self.company.id, "payment_way": "pay_to_ship"}
        )
        purchase = self.buy()
        self.assertEqual(purchase.dropship_pay_state, "to_pay")
        self.assertFalse(purchase.dropship_pay_by)

    def test_a_person_records_the_payment_once(self):
        purchase = self.buy()
        with self.assertRaisesRegex(UserError, "Mark Paid"):
            purchase.action_dropship_pay()
        purchase.action_dropship_mark_paid()
        self.assertEqual(purchase.dropship_pay_state, "paid")
        paid_on = purchase.dropship_paid_on
        purchase.action_dropship_mark_paid()
        self.assertEqual(purchase.dropship_paid_on, paid_on)
        self.assertFalse(self.pay_message(purchase))

    def test_the_payment_is_one_message_however_often_it_is_asked_for(self):
        purchase = self.buy(connected=True)
        purchase.action_dropship_pay()
        purchase.action_dropship_pay()
        self.env["dropship.exchange"]._enqueue(purchase, "pay")
        message = self.pay_message(purchase)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.content, {"amount": 19.8, "currency": "EUR"})
        self.assertEqual(purchase.dropship_pay_state, "paying")
        self.finish(message, Outcome(SENT))
        self.assertEqual(purchase.dropship_pay_state, "paid")
        purchase.action_dropship_pay()
        self.assertEqual(len(self.pay_message(purchase)), 1)

    def test_a_changed_price_is_not_paid(self):
        purchase = self.buy(connected=True)
        purchase.order_line.price_unit = 17.0
        self.assertNotEqual(purchase.action_dropship_pay(), True)
        self.assertFalse(self.pay_message(purchase))
        exception = self.exceptions(purchase, "pay_price")
        self.assertIn("17.00", exception.description)
        self.assertIn("15.90", exception.description)
        with self.assertRaisesRegex(UserError, "payment"):
            exception.action_supplier_agreed()
        exception.action_pay_new_price()
        self.assertEqual(exception.state, "solved")
        self.assertEqual(self.pay_message(purchase).content["amount"], 20.9)

    def test_what_the_supplier_asks_is_held_against_what_we_pay(self):
        purchase = self.buy()
        purchase.dropship_pay_asked = 25.0
        purchase.action_dropship_mark_paid()
        self.assertEqual(purchase.dropship_pay_state, "to_pay")
        self.assertIn("25.00", self.exceptions(purchase, "pay_price").description)
        purchase.action_dropship_pay_price()
        purchase.action_dropship_mark_paid()
        self.assertEqual((purchase.dropship_pay_state, purchase.dropship_pay_total), ("paid", 25.0))

    def test_a_smaller_quantity_is_no_changed_price(self):
        order = self.make_sale((self.lamp, 3))
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        purchase.order_line.with_context(dropship_internal=True).product_qty = 2
        purchase.action_dropship_mark_paid()
        self.assertEqual(purchase.dropship_pay_state, "paid")

    def test_a_payment_that_did_not_arrive_is_made_again_under_its_key(self):
        purchase = self.buy(connected=True)
        purchase.action_dropship_pay()
        message = self.pay_message(purchase)
        self.finish(message, Outcome(REJECTED, error="card declined"))
        exception = self.exceptions(purchase, "pay_failed")
        self.assertIn("card declined", exception.description)
        exception.action_pay_now()
        self.assertEqual(self.pay_message(purchase), message)
        self.assertEqual((message.state, purchase.dropship_pay_state), ("ready", "paying"))
        self.assertEqual(exception.state, "solved")

    def test_nobody_pays_by_hand_what_may_be_on_its_way(self):
        purchase = self.buy(connected=True)
        purchase.action_dropship_pay()
        message = self.pay_message(purchase)
        message._set_state("sending")
        with self.assertRaisesRegex(UserError, "on its way"):
            purchase.action_dropship_mark_paid()
        message._set_state("unknown")
        with self.assertRaisesRegex(UserError, "on its way"):
            purchase.action_dropship_mark_paid()
        message._set_state("parked")
        purchase.action_dropship_mark_paid()
        self.assertEqual((message.state, purchase.dropship_pay_state), ("cancelled", "paid"))

    def test_that_the_order_is_known_does_not_prove_the_payment(self):
        purchase = self.buy(connected=True)
        purchase.action_dropship_pay()
        message = self.pay_message(purchase)
        answer = {"ref": purchase.name, "status": "accepted", "serial": 1, "remote_ref": "R1"}
        for known, expected in (
            (answer, "parked"),
            ({**answer, "paid": False}, "ready"),
            ({**answer, "paid": True}, "sent"),
        ):
            message.write({"lease_token": "test"})
            if message.state == "parked":
                message._set_state("ready")
            message._set_state("sending")
            message._set_state("unknown")
            with patch.object(type(message), "_commit_step", lambda self: None):
                message._settle("test", known, Outcome(SENT))
            self.assertEqual(message.state, expected)
        self.assertEqual(purchase.dropship_pay_state, "paid")

    def test_a_person_found_out_that_it_arrived(self):
        purchase = self.buy(connected=True)
        purchase.action_dropship_pay()
        message = self.pay_message(purchase)
        self.finish(message, Outcome(UNKNOWN, error="broken line"))
        message._set_state("parked")
        message.action_it_arrived()
        self.assertEqual(purchase.dropship_pay_state, "paid")

    def test_a_dropped_payment_is_still_to_pay(self):
        purchase = self.buy(connected=True)
        purchase.action_dropship_pay()
        message = self.pay_message(purchase)
        self.finish(message, Outcome(PARKED, error="no such call"))
        message.action_drop()
        self.assertEqual(purchase.dropship_pay_state, "to_pay")
        with self.assertRaisesRegex(UserError, "Mark Paid"):
            purchase.action_dropship_pay()
        purchase.action_dropship_mark_paid()
        self.assertEqual(purchase.dropship_pay_state, "paid")

    def test_the_clock_runs_out_and_nothing_is_bought_twice(self):
        purchase = self.buy()
        purchase.dropship_pay_by = fields.Datetime.now() - timedelta(minutes=1)
        self.run_cron("cron_pay_expired")
        self.run_cron("cron_pay_expired")
        self.assertEqual(purchase.dropship_pay_state, "expired")
        self.assertEqual(len(self.exceptions(purchase, "pay_expired")), 1)
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(len(purchase.dropship_sale_id.dropship_purchase_ids), 1)
        self.exceptions(purchase).action_mark_paid()
        self.assertEqual(purchase.dropship_pay_state, "paid")
        self.assertFalse(self.exceptions(purchase))

    def test_the_supplier_cancelled_what_was_not_paid(self):
        purchase = self.buy()
        self.env["dropship.line.choice"].search([("supplier_id", "=", self.rhein.id)]).unlink()
        purchase.with_context(dropship_supplier_said_no=True)._dropship_refuse("not paid in time")
        self.assertEqual(purchase.dropship_pay_state, "none")
        self.assertIn("Dawn", self.bought(purchase.dropship_sale_id))

    def test_paid_and_cancelled_is_a_case_for_a_person(self):
        purchase = self.buy()
        purchase.action_dropship_mark_paid()
        purchase.with_context(dropship_supplier_said_no=True)._dropship_refuse("sold out")
        exception = self.exceptions(purchase, "paid_cancelled")
        self.assertEqual(len(exception), 1)
        exception.action_money_back()
        self.assertEqual((exception.state, purchase.dropship_pay_state), ("solved", "none"))

    def test_a_waiting_payment_ends_with_its_purchase(self):
        purchase = self.buy(connected=True)
        purchase.action_dropship_pay()
        message = self.pay_message(purchase)
        purchase.with_context(dropship_supplier_said_no=True)._dropship_refuse("sold out")
        self.assertEqual((message.state, purchase.dropship_pay_state), ("cancelled", "none"))
        self.assertFalse(self.exceptions(purchase, "paid_cancelled"))

    def test_a_cancelled_purchase_cannot_be_paid(self):
        purchase = self.buy()
        purchase.dropship_pay_state = "to_pay"
        purchase.with_context(dropship_supplier_said_no=True)._dropship_refuse("sold out")
        purchase.dropship_pay_state = "to_pay"
        with self.assertRaisesRegex(UserError, "nothing to pay"):
            purchase.action_dropship_mark_paid()

    def test_the_list_pays_several_at_once_and_names_those_it_does_not(self):
        good, bad = self.buy(), self.buy()
        bad.dropship_pay_asked = 99.0
        result = (good | bad).action_dropship_mark_paid()
        self.assertIn(bad.name, result["params"]["message"])
        self.assertNotIn(good.name, result["params"]["message"])
        self.assertEqual((good.dropship_pay_state, bad.dropship_pay_state), ("paid", "to_pay"))

    def test_who_may_pay(self):
        purchase = self.buy()
        with self.assertRaises(AccessError):
            purchase.with_user(self.make_login("employee")).action_dropship_mark_paid()
        with self.assertRaises(AccessError):
            purchase.with_user(self.make_login("user")).action_dropship_mark_paid()
        purchase.with_user(self.make_login("buyer")).action_dropship_mark_paid()
        self.assertEqual(purchase.dropship_pay_state, "paid")

    def test_a_test_order_is_never_paid(self):
        order = self.make_sale(self.lamp, dropship_is_test=True)
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        self.assertEqual(order.dropship_purchase_ids.dropship_pay_state, "none")
