"""An invented day fills every screen and goes away again without a trace."""

import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .test_demo import DemoMixin


@tagged("post_install", "-at_install", "standard")
class TestSimulateDay(DemoMixin, TransactionCase):
    def wizard(self, user="owner", **vals):
        user = self.record(f"user_{user}")
        env = self.env(user=user, context={"allowed_company_ids": user.company_ids.ids})
        return env["dropship.simulate.day"].create({"seed": 3, **vals})

    def run_day(self, **vals):
        wizard = self.wizard(**vals)
        action = wizard.action_simulate()
        return wizard, self.env["sale.order"].search(action["domain"])

    def test_forty_orders_in_every_shape_within_twenty_seconds(self):
        started = time.monotonic()
        _wizard, orders = self.run_day(count=40)
        spent = time.monotonic() - started
        self.assertEqual(len(orders), 40)
        self.assertLess(spent, 20)
        self.assertTrue(all(orders.mapped("dropship_is_simulated")))
        self.assertEqual(orders.company_id, self.env["res.company"].search([]))
        self.assertLessEqual({"sent", "sale"}, set(orders.mapped("state")))
        self.assertLessEqual({"held", "to_ship"}, set(orders.mapped("dropship_stage")))
        self.assertLessEqual({"DE", "CN"}, set(orders.partner_id.country_id.mapped("code")))
        self.assertTrue(orders.transaction_ids.filtered(lambda payment: payment.state == "done"))
        self.assertTrue(orders.dropship_purchase_ids.filtered(lambda purchase: purchase.state == "cancel"))
        self.assertFalse(orders.invoice_ids)
        self.assertTrue(orders.order_line.filtered("is_delivery"))

    def test_same_seed_same_day(self):
        def shape(orders):
            return [
                (order.partner_id.name, order.amount_total, order.state, order.dropship_stage)
                for order in orders.sorted("id")
            ]

        with self.env.cr.savepoint() as savepoint:
            first = shape(self.run_day(count=10)[1])
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(shape(self.run_day(count=10)[1]), first)

    def test_nobody_is_written_to_and_nothing_is_booked(self):
        mails = self.env["mail.mail"].search_count([])
        orders = self.run_day(count=12)[1]
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        # What is settled for cases of before is no booking of the invented orders.
        self.assertFalse(orders.transaction_ids.payment_id | orders.invoice_ids.matched_payment_ids)

    def test_removal_leaves_what_was_there_before(self):
        counts = self.figures()
        wizard, orders = self.run_day(count=16)
        self.assertEqual(wizard.waiting, 16)
        self.assertNotEqual(self.figures(), counts)
        wizard.action_remove()
        self.assertFalse(orders.exists())
        self.assertEqual(self.figures(), counts)

    def figures(self):
        models = (
            "sale.order", "purchase.order", "stock.picking", "dropship.allocation", "dropship.hold",
            "dropship.exception", "payment.transaction", "res.partner",
        )  # fmt: skip
        return {model: self.env[model].with_context(active_test=False).search_count([]) for model in models}

    def test_what_was_shipped_or_invoiced_stays(self):
        wizard, orders = self.run_day(count=16)
        going = orders.filtered(lambda order: order.dropship_stage == "to_ship" and order.state == "sale")
        shipped, invoiced = going[0], going[1]
        shipped.picking_ids.filtered(lambda picking: picking.state not in ("cancel", "done")).button_validate()
        invoiced.order_line.product_id.invoice_policy = "order"
        invoiced._create_invoices()
        wizard.action_remove()
        self.assertEqual(orders.exists(), shipped | invoiced)
        self.assertTrue((shipped | invoiced).partner_id)

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self.wizard("desk")
        with self.assertRaises(AccessError):
            self.wizard("buyer")

    def test_never_in_a_real_shop(self):
        self.env["ir.module.module"].search([("name", "=", "dropship_flow")]).demo = False
        wizard = self.wizard(count=2)
        for action in (wizard.action_simulate, wizard.action_remove):
            with self.assertRaises(UserError):
                action()
        self.env["ir.config_parameter"].set_param("dropship_flow.simulate_day", "1")
        self.assertEqual(len(self.run_day(count=8)[1]), 8)
