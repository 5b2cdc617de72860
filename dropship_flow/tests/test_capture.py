from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_cod import PayCase
from .common_shipment import ShipmentCase


@tagged("post_install", "-at_install", "standard")
class TestCapture(PayCase, ShipmentCase):
    """Money that is only reserved: captured when goods leave, released when they do not, watched until it ends."""

    def service(self, support="partial", answer="done"):
        """The payment service behind the transactions, with a ledger of what it was asked."""
        ledger = []

        def request(kind):
            def ask(transaction):
                ledger.append((kind, transaction.amount))
                if answer == "crash":
                    raise ConnectionError("the line is dead")
                if answer == "error":
                    transaction._set_error("expired card")
                elif kind == "capture":
                    transaction._set_done()
                else:
                    transaction._set_canceled()

            return ask

        self.captures_later(support)
        self.patch(self.registry["payment.transaction"], "_send_capture_request", request("capture"))
        self.patch(self.registry["payment.transaction"], "_send_void_request", request("void"))
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 1.0)
        return ledger

    def send(self):
        self.env["dropship.capture"]._cron_send()

    def bought(self, *lines):
        purchase = self.buy(*lines)
        order = purchase.dropship_sale_id
        return order, purchase, self.pay(order, state="authorized")

    def test_all_of_it_with_the_first_parcel_once(self):
        ledger = self.service()
        order, purchase, payment = self.bought((self.lamp, 2, 50.0))
        self.send()
        self.assertFalse(ledger, "nothing left")
        self.told(purchase, "AA1111111", (purchase.order_line, 1))
        self.told(purchase, "AA2222222")
        self.send()
        self.send()
        self.assertEqual(ledger, [("capture", 100.0)])
        self.assertEqual((payment.state, order.dropship_payment_state), ("done", "paid"))

    def test_each_parcel_its_part_the_last_the_rest(self):
        self.company.dropship_capture_when = "parcel"
        ledger = self.service()
        order, purchase, payment = self.bought((self.lamp, 3, 33.33))
        self.told(purchase, "AA1111111", (purchase.order_line, 1))
        self.send()
        self.told(purchase, "AA2222222", (purchase.order_line, 1))
        self.told(purchase, "AA3333333")
        self.send()
        self.assertEqual([amount for _kind, amount in ledger], [33.33, 33.33, 33.33])
        self.assertEqual((payment.state, order.dropship_payment_state), ("done", "paid"))

    def test_a_service_without_parts_captures_all_at_once(self):
        self.company.dropship_capture_when = "parcel"
        ledger = self.service(support="full_only")
        _order, purchase, _payment = self.bought((self.lamp, 2, 50.0))
        self.told(purchase, "AA1111111", (purchase.order_line, 1))
        self.told(purchase, "AA2222222")
        self.send()
        self.assertEqual(ledger, [("capture", 100.0)])

    def test_by_hand_stays_by_hand(self):
        self.company.dropship_capture_when = "manual"
        ledger = self.service()
        order, purchase, _payment = self.bought((self.lamp, 1, 50.0))
        self.told(purchase, "AA1111111")
        self.send()
        self.assertFalse(ledger or order.dropship_capture_ids)

    def test_a_capture_that_fails_stops_what_is_not_bought_and_is_a_case(self):
        ledger = self.service(answer="error")
        order, purchase, _payment = self.bought((self.lamp, 2, 50.0))
        self.told(purchase, "AA1111111", (purchase.order_line, 1))
        self.send()
        self.send()
        self.assertEqual(len(ledger), 1, "not repeated by itself")
        self.assertIn("capture", order.dropship_open_hold_ids.mapped("kind"))
        exception = order.dropship_exception_ids.filtered(lambda one: one.kind == "capture_failed")
        self.assertIn("expired card", exception.description)
        exception.action_capture_again()
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertEqual(order.dropship_capture_ids.state, "planned")

    def test_an_unclear_end_is_a_persons(self):
        self.service(answer="crash")
        order, purchase, _payment = self.bought((self.lamp, 1, 50.0))
        self.told(purchase, "AA1111111")
        self.send()
        self.assertEqual(order.dropship_capture_ids.state, "failed")
        self.assertIn("the line is dead", order.dropship_capture_ids.note)

    def test_a_cancelled_order_gives_the_money_free(self):
        ledger = self.service()
        order, _purchase, payment = self.bought((self.lamp, 1, 50.0))
        order._action_cancel()
        self.send()
        self.send()
        self.assertEqual((ledger, payment.state), ([("void", 50.0)], "cancel"))

    def test_captured_by_hand_meanwhile(self):
        ledger = self.service()
        order, purchase, payment = self.bought((self.lamp, 1, 50.0))
        self.told(purchase, "AA1111111")
        payment._set_done()
        self.send()
        self.assertEqual((ledger, order.dropship_capture_ids.state), ([], "dropped"))

    def test_an_authorisation_that_ends_is_a_case_until_it_is_captured(self):
        ledger = self.service()
        order, purchase, payment = self.bought((self.lamp, 1, 50.0))
        self.env["sale.order"]._cron_authorisations()
        self.assertNotIn("authorisation_expires", order.dropship_exception_ids.mapped("kind"))
        payment.last_state_change = fields.Datetime.now() - timedelta(days=5, hours=1)
        self.env["sale.order"]._cron_authorisations()
        exception = order.dropship_exception_ids.filtered(lambda one: one.kind == "authorisation_expires")
        self.assertIn("50.00", exception.description)
        exception.action_capture_now()
        self.send()
        self.assertEqual(ledger, [("capture", 50.0)])
        self.provider.dropship_authorised_days = 30
        other, _purchase, late = self.bought((self.lamp, 1, 50.0))
        late.last_state_change = fields.Datetime.now() - timedelta(days=6)
        self.env["sale.order"]._cron_authorisations()
        self.assertNotIn("authorisation_expires", other.dropship_exception_ids.mapped("kind"))
