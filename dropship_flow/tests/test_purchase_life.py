from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestPurchaseLife(FlowCase):
    """draft → sent → purchase, and what happens when somebody changes his mind on the way."""

    def _manual(self, *names):
        for name in names:
            self.suppliers[name].answer_mode = "manual"

    def _ship(self, purchase, quantities=None):
        moves = purchase.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")).move_ids
        for move in moves:
            move.quantity = (quantities or {}).get(move.product_id, move.product_uom_qty)
            move.picked = True
        moves.picking_id.with_context(skip_backorder=True, skip_sms=True).button_validate()

    def test_buyer_accepts(self):
        self._manual("Rhein")
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual((purchase.state, order.dropship_stage), ("sent", "at_supplier"))
        self.assertIn("Rhein", order.dropship_waiting)
        self.assertFalse(purchase.picking_ids)
        purchase.action_dropship_accept()
        self.assertEqual((purchase.state, order.dropship_stage), ("purchase", "to_ship"))
        self.assertTrue(purchase.picking_ids)
        purchase.action_dropship_accept()
        self.assertEqual(len(purchase.picking_ids), 1, "a second click changes nothing")

    def test_refused_goes_to_the_next_best(self):
        self._manual("Rhein")
        order = self.hero(confirm=True)
        first = order.dropship_purchase_ids
        self.env["dropship.purchase.refuse"].create({"purchase_id": first.id, "reason": "stock"}).action_refuse()
        self.assertEqual(first.state, "cancel")
        self.assertEqual(set(self.bought(order)), {"Yiwu"})
        released = order.dropship_allocation_ids.filtered(lambda row: row.state == "released")
        self.assertEqual(set(released.mapped("release_reason")), {"refused"})
        self.assertEqual(set((order.dropship_allocation_ids - released).mapped("attempt")), {2})
        self.assertFalse(order.activity_ids.filtered(lambda activity: activity.activity_type_id.category == "warning"))

    def test_all_refuse_then_the_order_waits(self):
        self._manual(*self.suppliers)
        order = self.hero(confirm=True)
        for _attempt in range(10):
            waiting = order.dropship_purchase_ids.filtered(lambda purchase: purchase.state == "sent")
            if not waiting:
                break
            waiting[0]._dropship_refuse("no")
        self.assertFalse(self.bought(order))
        self.assertEqual(order.dropship_open_hold_ids.kind, "no_source")
        self.assertEqual(order.dropship_stage, "held")
        self.assertTrue(order.activity_ids)

    def test_quantity_raised_routes_the_gap(self):
        order = self.hero(confirm=True)
        line = order.order_line[0]
        line.product_uom_qty = 3
        self.assertEqual(sum(line.dropship_allocation_ids.mapped("qty")), 3.0)
        self.assertEqual(sum(line.purchase_line_ids.mapped("product_qty")), 3.0)
        line.product_uom_qty = 3
        self.assertEqual(sum(line.purchase_line_ids.mapped("product_qty")), 3.0)

    def test_quantity_lowered_before_sending(self):
        self.policy.automation = "draft"
        order = self.make_sale((self.lamp, 5), confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual(purchase.state, "draft")
        order.order_line.product_uom_qty = 2
        self.assertEqual(purchase.order_line.product_qty, 2.0)
        self.assertEqual(order.dropship_allocation_ids.qty, 2.0)
        order.order_line.product_uom_qty = 0
        self.assertFalse(purchase.order_line)
        self.assertEqual(order.dropship_allocation_ids.state, "released")

    def test_quantity_lowered_after_sending_asks(self):
        self._manual("Rhein")
        order = self.make_sale((self.lamp, 5), confirm=True)
        purchase = order.dropship_purchase_ids
        order.order_line.product_uom_qty = 2
        self.assertEqual(purchase.order_line.product_qty, 5.0)
        exception = order.dropship_exception_ids
        self.assertEqual((exception.kind, exception.quantity), ("quantity_lowered", 3.0))
        order.order_line.product_uom_qty = 1
        self.assertEqual(order.dropship_exception_ids.quantity, 4.0, "one exception, brought up to date")
        exception.action_supplier_agreed()
        self.assertEqual(purchase.order_line.product_qty, 1.0)
        self.assertFalse(order.dropship_exception_ids)

    def test_cancelled_sale_takes_unsent_purchases_with_it(self):
        self.policy.automation = "draft"
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        order._action_cancel()
        self.assertEqual(purchase.state, "cancel")
        self.assertEqual(set(order.dropship_allocation_ids.mapped("release_reason")), {"order_cancelled"})

    def test_cancelled_sale_asks_the_supplier(self):
        self._manual("Rhein")
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        order._action_cancel()
        self.assertEqual(purchase.state, "sent")
        self.assertEqual(set(order.dropship_exception_ids.mapped("kind")), {"cancel_asked"})
        order.dropship_exception_ids.action_supplier_agreed()
        self.assertEqual(purchase.state, "cancel")

    def test_cancelled_sale_leaves_an_accepted_transfer_until_the_supplier_agrees(self):
        late, early = self.hero(confirm=True), self.hero(confirm=True)
        (late | early)._action_cancel()
        for order in (late, early):
            self.assertNotIn("cancel", order.dropship_purchase_ids.picking_ids.mapped("state"))
        late.dropship_exception_ids.action_too_late()
        self._ship(late.dropship_purchase_ids)
        self.assertEqual(late.dropship_purchase_ids.order_line.mapped("qty_received"), [1.0, 1.0, 1.0])
        early.dropship_exception_ids.action_supplier_agreed()
        self.assertEqual(early.dropship_purchase_ids.state, "cancel")
        self.assertEqual(set(early.dropship_purchase_ids.picking_ids.mapped("state")), {"cancel"})

    def test_confirmed_again_buys_again_once(self):
        self.policy.automation = "draft"
        order = self.hero(confirm=True)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(self.bought(order)["Rhein"]), 3)
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_confirmed_again_while_the_supplier_still_has_it(self):
        self._manual("Rhein")
        order = self.hero(confirm=True)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(order.dropship_purchase_ids), 1, "the goods are ordered already")

    def test_short_shipment_is_bought_again(self):
        order = self.make_sale((self.lamp, 5), confirm=True)
        purchase = order.dropship_purchase_ids
        move = purchase.picking_ids.move_ids
        move.write({"quantity": 3, "picked": True})
        purchase.picking_ids.with_context(
            skip_backorder=True, skip_sms=True, picking_ids_not_to_backorder=purchase.picking_ids.ids
        ).button_validate()
        self.assertEqual(order.dropship_allocation_ids.qty_shipped, 3.0)
        order.order_line._dropship_source()
        self.assertEqual(sum(row._covered() for row in order.dropship_allocation_ids), 5.0)
        order.order_line._dropship_source()
        self.assertEqual(sum(row._covered() for row in order.dropship_allocation_ids), 5.0)

    def test_purchase_cancelled_by_hand_asks(self):
        order = self.hero(confirm=True)
        order.dropship_purchase_ids.button_cancel()
        self.assertEqual(order.dropship_open_hold_ids.kind, "approval")
        self.assertFalse(self.bought(order))
        order.action_dropship_release()
        self.assertEqual(set(self.bought(order)), {"Yiwu"}, "not from the one that was cancelled")

    def test_cancelled_purchase_stays_cancelled(self):
        order = self.hero(confirm=True)
        order.dropship_purchase_ids.button_cancel()
        with self.assertRaisesRegex(UserError, "bought elsewhere"):
            order.dropship_purchase_ids.button_draft()

    def test_merging_sales_is_refused(self):
        self.policy.automation = "draft"
        orders = self.hero(confirm=True) | self.hero(confirm=True)
        with self.assertRaisesRegex(UserError, "different sales"):
            orders.dropship_purchase_ids.action_merge()

    def test_approval_limit_holds_for_the_automation(self):
        self.company.write({"po_double_validation": "two_step", "po_double_validation_amount": 10.0})
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual(purchase.state, "to approve")
        self.assertEqual(order.dropship_open_hold_ids.purchase_id, purchase)
        desk = self.make_login("user")
        desk.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(UserError):
            order.with_user(desk).action_dropship_release()
        order.action_dropship_release()
        self.assertEqual(purchase.state, "purchase")
        self.assertFalse(order.dropship_open_hold_ids)

    def test_growing_in_steps_does_not_slip_under_the_limit(self):
        self.company.write({"po_double_validation": "two_step", "po_double_validation_amount": 20.0})
        self.suppliers["Yiwu"].state = self.suppliers["Dawn"].state = "paused"
        order = self.make_sale((self.lamp, 2), confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual(purchase.state, "to approve")
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.dropship_purchase_ids, purchase)
        order.action_dropship_release()
        self.assertEqual((purchase.state, sum(purchase.order_line.mapped("product_qty"))), ("purchase", 3.0))

    def test_sent_by_mail_or_printed_is_sent(self):
        self.policy.automation = "draft"
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        self.company.write({"po_double_validation": "two_step", "po_double_validation_amount": 10.0})
        with self.assertRaises(UserError):
            purchase.print_quotation()
        self.company.po_double_validation = "one_step"
        purchase.print_quotation()
        self.assertEqual(set(order.dropship_allocation_ids.mapped("state")), {"submitted"})
        self.assertEqual(order.dropship_stage, "at_supplier")

    def test_locked_orders_are_rerouted(self):
        self._manual("Rhein")
        self.env["res.config.settings"].create({"group_auto_done_setting": True}).execute()
        self.company.po_lock = "lock"
        order = self.hero(confirm=True)
        self.assertTrue(order.locked)
        order.dropship_purchase_ids._dropship_refuse("no")
        self.assertEqual(set(self.bought(order)), {"Yiwu"})
        self.assertTrue(self.bought(order))
        purchase = order.dropship_purchase_ids.filtered(lambda purchase: purchase.state == "purchase")
        self.assertTrue(purchase.locked)

    def test_send_delay(self):
        self.policy.send_delay = 30
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        self.assertEqual(purchase.state, "draft")
        self.run_cron("cron_submit")
        self.assertEqual(purchase.state, "draft")
        purchase.dropship_send_at = fields.Datetime.now()
        self.run_cron("cron_submit")
        self.assertEqual(purchase.state, "purchase")

    def test_address_of_a_sent_purchase_stays(self):
        self._manual("Rhein")
        order = self.hero(confirm=True)
        other = self.make_partner("Ben Kurz", "FR")
        order.partner_shipping_id = other
        self.assertEqual(order.dropship_purchase_ids.dest_address_id, self.anna)

    def test_analytic_distribution_follows(self):
        plan = self.env["account.analytic.plan"].create({"name": "Channels"})
        account = self.env["account.analytic.account"].create({"name": "Shop", "plan_id": plan.id})
        order = self.hero()
        order.order_line.analytic_distribution = {str(account.id): 100}
        order.action_confirm()
        distribution = order.dropship_purchase_ids.order_line.mapped("analytic_distribution")
        self.assertEqual(distribution, [{str(account.id): 100}] * 3)

    def test_an_error_inside_routing_never_reaches_the_customer(self):
        order = self.hero()
        with patch("odoo.addons.dropship_flow.models.router.solve", side_effect=ZeroDivisionError("boom")):
            order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.dropship_open_hold_ids.kind, "error")
        self.assertFalse(order.dropship_purchase_ids)
        order.action_dropship_release()
        self.assertEqual(set(self.bought(order)), {"Rhein"})
        self.assertFalse(order.dropship_open_hold_ids)

    def test_one_bad_order_of_a_batch_does_not_stop_the_others(self):
        orders = self.hero() | self.hero() | self.hero()
        bad = orders[1]
        real = type(self.env["dropship.router"])._problem

        def problem(router, order, *args, **kwargs):
            if order == bad:
                raise ValueError("boom")
            return real(router, order, *args, **kwargs)

        with patch.object(type(self.env["dropship.router"]), "_problem", problem):
            orders.action_confirm()
        self.assertEqual(bad.dropship_stage, "held")
        self.assertEqual([len(order.dropship_purchase_ids) for order in orders], [1, 0, 1])

    def test_nothing_is_bought_at_zero(self):
        offers = self.env["dropship.offer"].browse([offer.id for offer in self.offers.values()])
        offers.price = 0.0
        order = self.hero(confirm=True)
        self.assertFalse(order.dropship_purchase_ids)
        self.assertEqual(order.dropship_open_hold_ids.kind, "no_source")

    def test_price_of_the_decision_survives_price_included_purchase_taxes(self):
        vat = self.tax.copy({"type_tax_use": "purchase", "name": "19 % in"})
        (self.lamp | self.stand | self.cable).supplier_taxes_id = [Command.set(vat.ids)]
        order = self.hero(confirm=True)
        self.assertEqual(order.dropship_purchase_ids.order_line.mapped("price_subtotal"), [15.9, 3.9, 2.6])
