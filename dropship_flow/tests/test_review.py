from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestReview(FlowCase):
    """What a second pair of eyes found: changes of mind, odd lines, odd units, odd users."""

    def _manual(self, *names):
        for name in names:
            self.suppliers[name].answer_mode = "manual"

    def _ship(self, purchase, quantity):
        picking = purchase.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(
            skip_backorder=True, skip_sms=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()

    def _own_stock(self):
        """Fifty lamps on our own shelf, cheaper than anywhere."""
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.lamp.write({"is_storable": True, "standard_price": 1.0})
        self.env["stock.quant"]._update_available_quantity(self.lamp, warehouse.lot_stock_id, 50)
        self.policy.write({"own_stock": True, "own_warehouse_ids": [Command.set(warehouse.ids)]})
        return warehouse

    def _ioss(self):
        """A tax position for China that replaces the tax by another of the same amount."""
        self.duty.active = False
        ioss_tax = self.tax.copy({"name": "19 % IOSS"})
        fiscal = self.env["account.fiscal.position"].create({"name": "IOSS", "company_id": self.company.id})
        ioss_tax.write(
            {"fiscal_position_ids": [Command.set(fiscal.ids)], "original_tax_ids": [Command.set(self.tax.ids)]}
        )
        self.env["dropship.tax.rule"].search([("company_id", "=", self.company.id)]).fiscal_position_id = fiscal
        return ioss_tax

    # Changes of mind

    def test_lowered_and_raised_again_leaves_no_question(self):
        self._manual("Rhein")
        order = self.make_sale((self.lamp, 5), confirm=True)
        order.order_line.product_uom_qty = 2
        self.assertTrue(order.dropship_exception_ids)
        order.order_line.product_uom_qty = 5
        self.assertFalse(order.dropship_exception_ids, "the supplier may send all five")

    def test_cancelled_and_confirmed_again_leaves_no_question(self):
        self._manual("Rhein")
        order = self.hero(confirm=True)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertFalse(order.dropship_exception_ids, "nobody shall stop what is wanted again")

    def test_refused_after_the_sale_was_cancelled_leaves_no_question(self):
        self._manual("Rhein")
        order = self.hero(confirm=True)
        order._action_cancel()
        order.dropship_purchase_ids._dropship_refuse("no")
        self.assertFalse(order.dropship_exception_ids)

    def test_two_questions_about_one_purchase(self):
        self._manual("Rhein")
        order = self.make_sale((self.lamp, 5), confirm=True)
        order.order_line.product_uom_qty = 2
        order._action_cancel()
        exceptions = order.dropship_exception_ids
        exceptions.sorted("id", reverse=True).action_supplier_agreed()
        self.assertEqual(order.dropship_purchase_ids.state, "cancel")
        self.assertEqual(order.dropship_allocation_ids.qty, 5.0, "what was agreed first is not undone")

    def test_lowered_after_acceptance_lowers_the_transfer(self):
        order = self.make_sale((self.lamp, 5), confirm=True)
        purchase = order.dropship_purchase_ids
        landed = order.dropship_allocation_ids.goods
        order.order_line.product_uom_qty = 2
        order.dropship_exception_ids.action_supplier_agreed()
        self.assertEqual(purchase.order_line.product_qty, 2.0)
        self.assertEqual(sum(purchase.picking_ids.move_ids.mapped("product_uom_qty")), 2.0)
        self.assertAlmostEqual(order.dropship_allocation_ids.goods, landed * 2 / 5, 2)

    def test_nothing_left_of_a_draft_cancels_it(self):
        self.policy.automation = "draft"
        order = self.make_sale((self.lamp, 5), confirm=True)
        order.order_line.product_uom_qty = 0
        self.assertEqual(order.dropship_purchase_ids.state, "cancel", "no empty purchase hangs around")

    def test_lowered_draft_keeps_packs_and_tier_price(self):
        self.policy.write({"automation": "draft", "allow_overbuy": True})
        offer = self.offers["Rhein", self.lamp]
        offer.pack = 6
        offer.tier_ids = [Command.create({"min_qty": 12, "price": 5.0})]
        order = self.make_sale((self.lamp, 14), confirm=True)
        line = order.dropship_purchase_ids.order_line
        self.assertEqual((line.product_qty, line.price_unit), (18.0, 5.0))
        order.order_line.product_uom_qty = 5
        self.assertEqual((line.product_qty, line.price_unit), (6.0, 15.9))

    def test_own_stock_lowered_lowers_the_delivery(self):
        warehouse = self._own_stock()
        order = self.make_sale((self.lamp, 5), confirm=True)
        self.assertEqual(order.dropship_allocation_ids.stock_warehouse_id, warehouse)
        order.order_line.product_uom_qty = 2
        self.assertFalse(order.dropship_exception_ids, "our own shelf is not asked")
        moves = order.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 2.0)
        order.order_line.product_uom_qty = 0
        moves = order.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertFalse(sum(moves.mapped("product_uom_qty")))

    # What hung forever

    def test_cancelled_purchase_that_waited_for_approval(self):
        self.company.write({"po_double_validation": "two_step", "po_double_validation_amount": 10.0})
        order = self.hero(confirm=True)
        order.dropship_purchase_ids.button_cancel()
        self.assertFalse(order.dropship_open_hold_ids.purchase_id, "nothing is left to approve")

    def test_short_shipment_asks(self):
        order = self.make_sale((self.lamp, 5), confirm=True)
        self._ship(order.dropship_purchase_ids, 3)
        self.assertEqual(order.dropship_stage, "held")
        order.action_dropship_release()
        self.assertEqual(sum(row._covered() for row in order.dropship_allocation_ids), 5.0)
        self.assertFalse(order.dropship_open_hold_ids)

    def test_cancelled_transfer_asks(self):
        order = self.make_sale((self.lamp, 5), confirm=True)
        order.dropship_purchase_ids.picking_ids.action_cancel()
        self.assertEqual(order.dropship_stage, "held")
        self.assertEqual(order.dropship_allocation_ids.state, "released")

    def test_locked_order_takes_the_taxes_of_a_late_decision(self):
        tax = self._ioss()
        self.policy.automation = "ask"
        order = self.hero(confirm=True)
        order.action_lock()
        order.action_dropship_release()
        self.assertFalse(order.dropship_open_hold_ids, order.dropship_waiting)
        self.assertEqual(order.order_line.tax_ids, tax)
        self.assertTrue(order.locked)

    def test_responsible_without_access_does_not_stop_a_payment(self):
        self.policy.automation = "ask"
        clerk = self.make_login("employee")
        self.policy.user_id = clerk
        public = self.env.ref("base.public_user")
        order = self.hero(user_id=False)
        order.with_user(public).sudo().action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.dropship_open_hold_ids.kind, "approval")
        self.policy.user_id = False
        other = self.hero(user_id=False)
        other.with_user(public).sudo().action_confirm()
        self.assertFalse(other.activity_ids.user_id & public)

    # Money

    def test_approval_is_used_up_by_what_was_bought(self):
        self.policy.automation = "ask"
        order = self.hero(confirm=True)
        order.action_dropship_release()
        order.order_line[0].product_uom_qty = 2
        self.assertEqual(order.dropship_open_hold_ids.kind, "approval", "nobody agreed to a second lamp")

    def test_price_of_a_pack_is_not_rounded_per_piece(self):
        offer = self.offers["Rhein", self.lamp]
        offer.write({"factor": 12, "price": 10.0})
        order = self.make_sale((self.lamp, 12), confirm=True)
        line = order.dropship_purchase_ids.order_line
        self.assertEqual((line.product_qty, line.price_subtotal), (12.0, 10.0))

    def test_archived_offer_does_not_become_an_agreement(self):
        self._manual("Rhein")
        order = self.make_sale(self.lamp, confirm=True)
        self.offers["Rhein", self.lamp].active = False
        order.dropship_purchase_ids.action_dropship_accept()
        vendor = self.suppliers["Rhein"].partner_id
        self.assertFalse(self.lamp.seller_ids.filtered(lambda row: row.partner_id == vendor))

    def test_promise_of_today_is_a_promise(self):
        order = self.hero(commitment_date=fields.Datetime.now() - timedelta(days=1), confirm=True)
        self.assertEqual(order.dropship_open_hold_ids.kind, "guard")

    # Odd lines

    def test_negative_and_zero_lines(self):
        order = self.make_sale(self.lamp, (self.stand, -1.0), (self.cable, 0.0), confirm=True)
        self.assertEqual(self.bought(order), {"Dawn": [("Lamp", 1.0, 9.2)]})
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertFalse(order.dropship_exception_ids)

    def test_reward_discount_and_delivery_lines(self):
        service = self.make_product("Reward", type="service", route_ids=False, taxes_id=False)
        self.policy.write({"use_margin_floor": True, "margin_floor": 0.0})
        order = self.make_sale(self.lamp, (service, 1.0, -30.0), (service, 1.0, 4.9), confirm=True)
        self.assertEqual(order.dropship_open_hold_ids.kind, "guard", "the discount counts against the margin")

    # Collecting and second thoughts

    def test_second_thoughts_are_not_cut_short_by_collecting(self):
        self.policy.send_delay = 60 * 24 * 30
        rhein = self.suppliers["Rhein"]
        rhein.term_ids = [Command.create({"order_minimum": 40.0, "below_minimum": "collect"})]
        first = self.hero(confirm=True).dropship_purchase_ids
        self.assertEqual(first.state, "draft")
        later = fields.Datetime.now() + timedelta(days=29)
        self.assertGreater(first.dropship_send_at, later)
        second = self.hero(confirm=True).dropship_purchase_ids
        self.assertEqual((first.state, second.state), ("draft", "draft"), "they go together, after the delay")
        self.assertGreater(first.dropship_send_at, later)

    # Several companies

    def test_vendor_of_another_company_is_nobody(self):
        chair = self.make_product("Chair", taxes_id=[Command.set(self.tax.ids)])
        other = self.make_company()
        vendor = self.make_partner("Vendor Elsewhere")
        chair.seller_ids = [Command.create({"partner_id": vendor.id, "price": 11.0, "company_id": other.id})]
        order = self.make_sale(chair, confirm=True)
        self.assertEqual(order.dropship_open_hold_ids.kind, "no_source")

    def test_the_desk_cannot_answer_for_a_supplier(self):
        self._manual("Rhein")
        order = self.make_sale((self.lamp, 5), confirm=True)
        order.order_line.product_uom_qty = 2
        desk = self.make_login("user")
        with self.assertRaises(UserError):
            order.dropship_exception_ids.with_user(desk).action_supplier_agreed()

    # Later finds

    def test_blocked_supplier_gets_no_delayed_purchase(self):
        self.policy.send_delay = 30
        order = self.hero(confirm=True)
        self.suppliers["Rhein"]._block("fraud")
        order.dropship_purchase_ids.dropship_send_at = fields.Datetime.now()
        self.run_cron("cron_submit")
        self.assertEqual(set(self.bought(order)), {"Yiwu"}, "bought where it is still good to buy")

    def test_cost_after_a_short_shipment(self):
        order = self.make_sale((self.lamp, 5), confirm=True)
        purchase = order.dropship_purchase_ids
        price = purchase.order_line.price_unit
        self._ship(purchase, 3)
        purchase.button_cancel()
        order.action_dropship_release()
        rows = order.dropship_allocation_ids
        self.assertEqual(sum(row._covered() for row in rows), 5.0)
        cost = 3 * price + sum(row.purchase_line_id.price_subtotal for row in rows if not row.qty_shipped)
        self.assertAlmostEqual(order.order_line.purchase_price * 5, cost, 1)
        self.assertTrue(order.dropship_stage)

    def test_two_own_rows_share_the_moves(self):
        self._own_stock()
        order = self.make_sale((self.lamp, 5), confirm=True)
        order.order_line.product_uom_qty = 8
        self._ship(order, 6)
        self.assertEqual(sum(order.dropship_allocation_ids.mapped("qty_shipped")), 6.0)

    def test_foreign_currency_sale(self):
        usd = self.currency("USD", 2.0)
        vals = {"name": "USD", "currency_id": usd.id, "company_id": self.company.id}
        pricelist = self.env["product.pricelist"].create(vals)
        order = self.hero(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, usd)
        order.action_confirm()
        decision = order.dropship_decision_id
        self.assertAlmostEqual(decision.revenue, order.amount_untaxed / 2.0, delta=0.01)
        line = order.order_line[0]
        self.assertAlmostEqual(line.purchase_price, 15.9 * 2, 2)
        self.assertEqual(order.dropship_purchase_ids.currency_id, self.company.currency_id)
