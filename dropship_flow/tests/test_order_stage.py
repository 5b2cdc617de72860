from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_flow import FlowCase


class StageCase(FlowCase):
    def ship(self, purchase):
        """The supplier's transfer is done."""
        for move in purchase.picking_ids.move_ids:
            move.picked = True
        purchase.picking_ids.button_validate()

    def slow(self, name="Rhein", **vals):
        """The supplier answers by a person."""
        self.suppliers[name].write({"answer_mode": "manual", **vals})

    def invoice(self, order):
        """Everything is invoiced, in books of one income and one customer's account."""
        self.make_journal("Sales", "SAL", "sale", self.make_account("Sales", "400000", "income"))
        order.partner_id.property_account_receivable_id = self.make_account("Owed", "120000", "asset_receivable")
        order._create_invoices()

    def pay(self, order, state):
        provider = self.env["payment.provider"].create(
            {"name": "Transfer", "code": "none", "company_id": self.company.id}
        )
        method = self.env["payment.method"].search([], limit=1)
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"T-{order.id}",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "state": state,
                "sale_order_ids": [Command.link(order.id)],
            }
        )


@tagged("post_install", "-at_install", "standard")
class TestOrderStage(StageCase):
    """An order goes through the eight words, and its purchase says the same ones."""

    def test_a_whole_life(self):
        self.slow()
        order = self.hero()
        self.assertFalse(order.dropship_stage)
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        self.assertEqual((order.dropship_stage, purchase.dropship_stage), ("at_supplier", "at_supplier"))
        purchase.action_dropship_accept()
        self.assertEqual((order.dropship_stage, purchase.dropship_stage), ("to_ship", "to_ship"))
        self.ship(purchase)
        self.assertEqual((order.dropship_stage, purchase.dropship_stage), ("on_the_way", "on_the_way"))
        order.action_dropship_delivered()
        self.assertEqual((order.dropship_stage, purchase.dropship_stage), ("delivered", "delivered"))
        self.invoice(order)
        self.assertEqual((order.dropship_stage, purchase.dropship_stage), ("closed", "delivered"))

    def test_a_quotation_whose_payment_is_pending_is_unpaid(self):
        order = self.hero()
        payment = self.pay(order, "pending")
        self.assertEqual(order.dropship_stage, "unpaid")
        self.assertIn("payment", order.dropship_waiting)
        payment.state = "error"
        self.assertFalse(order.dropship_stage)

    def test_goods_nobody_dropships_have_no_stage_though_unpaid(self):
        order = self.make_sale(self.make_product("Book"))
        self.pay(order, "pending")
        self.assertFalse(order.dropship_stage)

    def test_the_earliest_part_decides(self):
        order = self.hero(confirm=True)
        self.ship(order.dropship_purchase_ids)
        self.slow("Ningbo")
        self.policy.automation = "buy"
        order.order_line = [Command.create({"product_id": self.cable.id, "product_uom_qty": 2})]
        self.assertIn(order.dropship_stage, ("at_supplier", "to_ship"))

    def test_what_ships_after_the_delivery_is_not_delivered(self):
        order = self.hero(confirm=True)
        self.ship(order.dropship_purchase_ids)
        order.action_dropship_delivered()
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET dropship_delivered_at = dropship_delivered_at - interval '1 day'")
        self.env.invalidate_all()
        order.order_line = [Command.create({"product_id": self.cable.id, "product_uom_qty": 2})]
        self.assertEqual(order.dropship_stage, "to_ship")
        self.ship(order.dropship_purchase_ids.filtered(lambda purchase: purchase.dropship_stage == "to_ship"))
        self.assertEqual(order.dropship_stage, "on_the_way")

    def test_delivery_cannot_be_recorded_before_shipping(self):
        order = self.hero(confirm=True)
        with self.assertRaisesRegex(UserError, "not everything has been shipped"):
            order.action_dropship_delivered()
        self.assertFalse(order.dropship_delivered_at)

    def test_cancelled_orders_are_closed_quotations_are_not_ours(self):
        self.slow()
        order = self.hero(confirm=True)
        order.dropship_purchase_ids._dropship_cancel_quietly()
        order._action_cancel()
        self.assertEqual(order.dropship_stage, "closed")
        other = self.hero()
        other._action_cancel()
        self.assertFalse(other.dropship_stage)

    def test_a_hold_covers_everything_else(self):
        order = self.hero(confirm=True)
        self.env["dropship.hold"]._raise(order, "guard", [])
        self.assertEqual(order.dropship_stage, "held")
        order.dropship_open_hold_ids._close("released")
        self.assertEqual(order.dropship_stage, "to_ship")

    def test_the_main_supplier_has_most_of_the_cost(self):
        order = self.hero(confirm=True)
        self.assertEqual(order.dropship_supplier_id, self.suppliers["Rhein"])

    def test_the_customer_reads_his_word_and_nothing_of_ours(self):
        self.policy.automation = "ask"
        order = self.hero(confirm=True)
        login = self.env["res.users"].create(
            {
                "name": "Anna", "login": "anna-portal", "partner_id": self.anna.id, "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )  # fmt: skip
        order.message_subscribe(self.anna.ids)
        mine = order.with_user(login)
        self.assertEqual(mine._dropship_customer_word(), "In preparation")
        for name in ("dropship_stage", "dropship_waiting", "dropship_supplier_id", "dropship_promised_date"):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.read([name])

    def test_the_stage_is_searched_and_grouped(self):
        order = self.hero(confirm=True)
        groups = self.env["sale.order"]._read_group(
            [("company_id", "=", self.company.id)], ["dropship_stage"], ["id:recordset"]
        )
        self.assertIn(order, dict(groups)["to_ship"])
