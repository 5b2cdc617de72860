from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..trackers.said import Said
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestInvoicing(FlowCase):
    """Invoices follow the goods, without hands, each unit once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_books()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"
        cls.company.dropship_invoice_when = "dispatch"
        cls.anna.email = "anna@example.com"

    @classmethod
    def open_books(cls):
        """One account of income, one of what customers owe, one journal."""
        cls.make_journal("Sales", "SAL", "sale", cls.make_account("Sales", "400000", "income"))
        cls.anna.property_account_receivable_id = cls.make_account("Owed", "120000", "asset_receivable")

    def bought_order(self, *lines):
        order = self.make_sale(*lines)
        for line in order.order_line:
            self.env["dropship.line.choice"]._choose(line, self.suppliers["Rhein"], "pin", "test")
        order.action_confirm()
        return order

    def ship(self, order, number, *goods):
        lines = [{"line": str(line.id), "sku": "", "qty": qty} for line, qty in goods]
        order.dropship_purchase_ids._dropship_take_parcels([{"number": number, "carrier": "", "lines": lines}])

    def arrive(self, order, number):
        box = order.dropship_shipment_ids.filtered(lambda box: box.number == number)
        box._add_events([Said(fields.Datetime.now() - timedelta(hours=1), "delivered")])

    def invoice(self):
        """The nightly round, inside this test's transaction."""
        self.patch(type(self.env["sale.order"]), "_dropship_invoice_commit", lambda _orders, _done: None)
        self.env["sale.order"]._cron_invoice()

    def invoiced(self, order):
        """[(product, quantity)] of each posted invoice"""
        return [
            [(line.product_id.name, line.quantity) for line in move.invoice_line_ids if line.product_id]
            for move in order.invoice_ids.filtered(lambda move: move.state == "posted").sorted("id")
        ]

    def test_what_left_is_invoiced_and_the_rest_with_the_next_box(self):
        order = self.bought_order((self.lamp, 3))
        line = order.dropship_purchase_ids.order_line
        self.ship(order, "AA1111111", (line, 2))
        self.invoice()
        self.assertEqual(self.invoiced(order), [[("Lamp", 2.0)]])
        self.invoice()
        self.assertEqual(len(order.invoice_ids), 1)
        self.ship(order, "AA2222222")
        self.invoice()
        self.assertEqual(self.invoiced(order), [[("Lamp", 2.0)], [("Lamp", 1.0)]])
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertTrue(order.invoice_ids[0].sending_data)

    def test_on_arrival_with_the_last_box_of_each_part(self):
        self.company.dropship_invoice_when = "delivery"
        order = self.bought_order((self.lamp, 3))
        line = order.dropship_purchase_ids.order_line
        self.ship(order, "AA1111111", (line, 2))
        self.ship(order, "AA2222222")
        self.ship(order, "AA3333333")  # a further box of the second part
        self.invoice()
        self.assertFalse(order.invoice_ids)
        self.arrive(order, "AA1111111")
        self.invoice()
        self.arrive(order, "AA2222222")
        self.invoice()
        self.assertEqual(self.invoiced(order), [[("Lamp", 2.0)]])
        self.arrive(order, "AA3333333")
        self.invoice()
        self.assertEqual(self.invoiced(order), [[("Lamp", 2.0)], [("Lamp", 1.0)]])

    def test_recorded_by_hand_counts_as_arrived(self):
        self.company.dropship_invoice_when = "delivery"
        order = self.bought_order((self.lamp, 1))
        self.ship(order, "AA1111111")
        order.action_dropship_delivered()
        self.invoice()
        self.assertEqual(self.invoiced(order), [[("Lamp", 1.0)]])

    def test_discount_in_proportion_and_charge_at_first(self):
        service = self.env["product.product"].create({"name": "Delivery", "type": "service", "taxes_id": False})
        order = self.make_sale((self.lamp, 4, 10.0))
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
        order.order_line = [
            Command.create({"product_id": service.id, "price_unit": 4.9}),
            Command.create({"product_id": service.id, "price_unit": -8.0, "name": "Coupon"}),
        ]
        order.action_confirm()
        self.ship(order, "AA1111111", (order.dropship_purchase_ids.order_line, 1))
        self.invoice()
        self.assertEqual(self.invoiced(order), [[("Lamp", 1.0), ("Delivery", 1.0), ("Delivery", 0.25)]])
        self.ship(order, "AA2222222")
        self.invoice()
        self.assertAlmostEqual(sum(order.invoice_ids.mapped("amount_total")), order.amount_total)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_what_was_invoiced_at_payment_is_not_invoiced_again(self):
        order = self.bought_order((self.lamp, 2))
        order._force_lines_to_invoice_policy_order()
        order._create_invoices(final=True).action_post()
        self.ship(order, "AA1111111")
        self.invoice()
        self.assertEqual(len(order.invoice_ids), 1)

    def test_by_hand_stays_by_hand_and_a_channel_has_its_own_rule(self):
        self.company.dropship_invoice_when = "manual"
        order = self.bought_order((self.lamp, 1))
        self.ship(order, "AA1111111")
        self.invoice()
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.dropship_invoice_check)
        self.channel.invoice_when = "dispatch"
        other = self.bought_order((self.lamp, 1))
        self.ship(other, "AA2222222")
        self.invoice()
        self.assertEqual(self.invoiced(other), [[("Lamp", 1.0)]])

    def test_one_that_fails_is_shown_and_stops_no_other(self):
        bad, good = self.bought_order((self.lamp, 1)), self.bought_order((self.lamp, 1))
        self.ship(bad, "AA1111111")
        self.ship(good, "AA2222222")
        post = type(self.env["account.move"]).action_post

        def refusing(moves):
            if bad.name in moves.mapped("invoice_origin"):
                raise UserError(self.env._("The period is closed"))
            return post(moves)

        self.patch(type(self.env["account.move"]), "action_post", refusing)
        self.invoice()
        self.assertEqual(self.invoiced(good), [[("Lamp", 1.0)]])
        self.assertFalse(bad.invoice_ids)
        exception = self.env["dropship.exception"].search([("order_id", "=", bad.id), ("kind", "=", "not_invoiced")])
        self.assertIn("The period is closed", exception.description)
        self.patch(type(self.env["account.move"]), "action_post", post)
        exception.action_invoice_again()
        self.invoice()
        self.assertEqual(self.invoiced(bad), [[("Lamp", 1.0)]])

    def test_orders_that_are_only_played_are_not_invoiced(self):
        order = self.bought_order((self.lamp, 1))
        order.dropship_is_simulated = True
        self.ship(order, "AA1111111")
        self.invoice()
        self.assertFalse(order.invoice_ids)
