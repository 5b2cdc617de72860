from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_pricing import PricingCase


@tagged("post_install", "-at_install", "standard")
class TestBelowCost(PricingCase):
    """No sale below landed cost passes unseen; customers learn nothing of costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dropship_below_cost = "flag"

    def held(self, order):
        return order.dropship_hold_ids.filtered(lambda hold: hold.kind == "below_cost" and hold.state == "open")

    def test_a_fair_price_passes(self):
        order = self.make_sale(self.lamp, confirm=True)
        self.assertFalse(order.dropship_hold_ids)
        self.assertTrue(order.dropship_purchase_ids)

    def test_a_discount_below_cost_waits_for_a_buyer(self):
        order = self.make_sale((self.lamp, 2))
        order.order_line.discount = 60.0
        order.action_confirm()
        hold = self.held(order)
        self.assertTrue(hold)
        self.assertFalse(order.dropship_purchase_ids)
        self.assertIn("Lamp", hold.reason)
        with self.assertRaises(UserError):
            hold.with_user(self.make_login("user")).action_release()
        hold.with_user(self.make_login("buyer")).action_release()
        self.assertFalse(self.held(order))
        self.assertTrue(order.dropship_purchase_ids)

    def test_a_reward_is_spread_over_all_goods(self):
        """5 off is fine, 20 off the lamp's 29.33 is not – whatever made the negative line."""
        coupon = self.env["product.product"].create({"name": "Coupon", "type": "service", "taxes_id": False})
        for off, held in ((-5.0, False), (-20.0, True)):
            order = self.make_sale(self.lamp, (coupon, 1, off), confirm=True)
            self.assertEqual(bool(self.held(order)), held, off)

    def reward(self, percent, order):
        """A line as a loyalty program adds it: a service of its own, the goods' tax, below zero."""
        product = self.env["product.product"].create({"name": f"{percent} % off", "type": "service"})
        off = -order.amount_total * percent / 100
        order.order_line = [
            Command.create({"product_id": product.id, "price_unit": off, "tax_ids": [Command.set(self.tax.ids)]})
        ]

    def test_a_loyalty_reward_counts_net(self):
        """Of 29.33 net 30 % leave enough for the lamp at 18, 50 % do not."""
        for percent, held in ((30, False), (50, True)):
            order = self.make_sale(self.lamp)
            self.reward(percent, order)
            order.action_confirm()
            self.assertEqual(bool(self.held(order)), held, order.dropship_hold_ids.mapped("reason"))

    def test_a_product_for_nothing_is_seen(self):
        """A reward that gives a product away is below its cost, the goods that were paid are not."""
        order = self.make_sale(self.lamp, self.cable)
        order.order_line.filtered(lambda line: line.product_id == self.cable).discount = 100.0
        order.action_confirm()
        hold = self.held(order)
        self.assertIn("Cable", hold.reason)
        self.assertNotIn("Lamp", hold.reason)

    def test_shipping_the_customer_pays_counts(self):
        """A cable costs 6.50 at the door: for 3.00 it is held, with 5.00 of shipping it passes."""
        cheap = self.make_sale((self.cable, 1, 3.0), confirm=True)
        self.assertTrue(self.held(cheap))
        carrier = self.env["product.product"].create({"name": "Shipping", "type": "service", "taxes_id": False})
        paid = self.make_sale((self.cable, 1, 3.0))
        paid.order_line = [Command.create({"product_id": carrier.id, "price_unit": 5.0, "is_delivery": True})]
        paid.action_confirm()
        self.assertFalse(self.held(paid))

    def test_a_margin_every_line_needs(self):
        self.company.dropship_below_cost_percent = 50.0
        self.assertTrue(self.held(self.make_sale(self.lamp, confirm=True)))

    def test_let_them_go(self):
        self.company.dropship_below_cost = "nothing"
        order = self.make_sale((self.lamp, 1, 1.0), confirm=True)
        self.assertFalse(order.dropship_hold_ids)

    def test_checkout_refuses_politely(self):
        self.company.dropship_below_cost = "block"
        order = self.make_sale((self.lamp, 1, 1.0))
        with self.assertRaises(ValidationError) as caught:
            order._check_cart_is_ready_to_be_paid()
        for secret in ("cost", "18", "Dawn", "below"):
            self.assertNotIn(secret, str(caught.exception))
        self.assertFalse(self.make_sale(self.lamp)._dropship_is_below_cost())

    def test_fees_in_the_currency_of_the_pricelist(self):
        """A fee of 2.00 is 16.00 yuan; what is left is told in the company's money."""
        self.channel.write({"payment_percent": 0.0, "payment_fixed": 2.0})
        yuan = self.currency("CNY", rate=8.0)
        abroad = self.env["product.pricelist"].create(
            {
                "name": "Abroad", "company_id": self.company.id, "currency_id": yuan.id,
                "item_ids": [Command.create({"applied_on": "1_product", "compute_price": "fixed", "fixed_price": 8.0,
                                             "product_tmpl_id": self.lamp.product_tmpl_id.id})],
            }
        )  # fmt: skip
        check = self.env["dropship.promotion.check"].create({"company_id": self.company.id})
        check.action_check()
        row = check.line_ids.filtered(lambda line: line.pricelist_id == abroad and line.product_id == self.lamp)
        self.assertAlmostEqual(row.left, 1 / 1.19 - row.landed - 2.0, 2)

    def test_the_check_asks_once_for_many_products(self):
        self.pricelist.item_ids = [
            Command.create({"applied_on": "3_global", "compute_price": "percentage", "percent_price": 90.0})
        ]
        check = self.env["dropship.promotion.check"].create({"company_id": self.company.id})
        check.action_check()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        check.action_check()
        few = self.env.cr.sql_log_count - before
        for number in range(30):
            product = self.make_product(f"More {number}")
            self.make_offer(self.warehouses["Rhein"], product, 5.0, sku=f"MORE-{number}")
        self.env.flush_all()
        self.env.invalidate_all()
        check.action_check()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        check.action_check()
        self.assertLess(self.env.cr.sql_log_count - before, few + 30)

    def test_the_promotions_check(self):
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id, "applied_on": "1_product", "compute_price": "percentage",
                "product_tmpl_id": self.lamp.product_tmpl_id.id, "percent_price": 70.0, "min_quantity": 3,
            }
        )  # fmt: skip
        buyer = self.make_login("buyer")
        action = self.env["dropship.promotion.check"].with_user(buyer).action_open()
        check = self.env["dropship.promotion.check"].with_user(buyer).browse(action["res_id"])
        lines = check.line_ids.filtered(lambda line: line.product_id == self.lamp)
        self.assertEqual(lines.mapped("quantity"), [3.0])
        self.assertEqual(lines.pricelist_id, self.pricelist)
        self.assertLess(lines.left, 0)
        self.assertEqual(lines.action_open_item()["res_model"], "product.pricelist.item")
        with self.assertRaises(AccessError):
            self.env["dropship.promotion.check"].with_user(self.make_login("user")).action_open()
