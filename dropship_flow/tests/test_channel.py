from decimal import Decimal

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common_flow import FlowCase
from .common_order_file import OrderFileWorld


@tagged("post_install", "-at_install", "standard")
class TestChannel(OrderFileWorld, FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_order_file_world()

    def router_fee(self, order):
        """(percent, fixed) the router counts."""
        channel = self.env["dropship.sales.channel"]._channel_of(order)[order]
        policy = self.env["dropship.routing.policy"]._policy_for(order, {order: channel})[order]
        found = self.env["dropship.router"]._engine_policy(order, policy, channel)
        return found.payment_percent, found.payment_fixed

    def test_three_plain_figures_are_the_simple_case(self):
        self.assertEqual(self.router_fee(self.hero()), (Decimal("1.4"), Decimal("0.3")))

    def test_rows_replace_them(self):
        self.channel.fee_ids = [
            (0, 0, {"kind": "commission", "percent": 10, "category_ids": [(6, 0, self.lamp.categ_id.ids)]}),
            (0, 0, {"kind": "order", "fixed": 0.5}),
        ]
        order = self.hero()
        goods = Decimal(str(order.amount_total))
        self.assertEqual(self.router_fee(order), (0, round(goods / 10, 2) + Decimal("0.50")))

    def test_what_the_channel_told_counts_first(self):
        self.channel.fee_ids = [(0, 0, {"kind": "commission", "percent": 10})]
        order = self.hero(dropship_channel_id=self.channel.id)
        order.dropship_told_fee = 3.21
        self.assertEqual(self.router_fee(order), (0, Decimal("3.21")))

    def test_fees_lower_the_profit_a_change_may_cost(self):
        order = self.hero(confirm=True)
        before = order._dropship_profit_now()
        self.channel.fee_ids = [(0, 0, {"kind": "order", "fixed": 5})]
        plain = Decimal(str(order.amount_total)) * Decimal("1.4") / 100 + Decimal("0.3")
        self.assertAlmostEqual(float(before - order._dropship_profit_now()), float(5 - plain), 2)

    def test_a_product_alone(self):
        self.channel.fee_ids = [(0, 0, {"kind": "commission", "percent": 8}), (0, 0, {"kind": "item", "fixed": 0.1})]
        self.assertEqual(self.channel._fees_for(self.lamp, 50, 2), Decimal("4.20"))
        self.assertEqual(self.amazon._fees_for(self.lamp, 50), 0)
        self.assertEqual(self.channel._usual_fees(), (Decimal("8.0"), Decimal("0.1")))

    def test_the_late_penalty_counts_when_suppliers_are_chosen(self):
        order = self.hero()
        self.channel.penalty_ids = [(0, 0, {"kind": "late", "percent": 5, "low": 3})]
        self.assertEqual(self.channel._penalty_for("late", order), Decimal("3.00"))
        policy = self.env["dropship.router"]._engine_policy(order, self.policy, self.channel)
        self.assertEqual(policy.late_penalty, Decimal("3.00"))
        self.policy.late_penalty = 7
        policy = self.env["dropship.router"]._engine_policy(order, self.policy, self.channel)
        self.assertEqual(policy.late_penalty, 7)

    def test_terms_stand_on_the_order(self):
        self.channel.write({"ship_by_hours": 48, "return_paid_by": "customer",
                            "penalty_ids": [(0, 0, {"kind": "out_of_stock", "fixed": 9})]})  # fmt: skip
        order = self.hero(confirm=True, dropship_channel_id=self.channel.id)
        self.assertEqual((order.dropship_ship_by - order.date_order).total_seconds(), 48 * 3600)
        self.assertIn("Out of Stock", order.dropship_channel_terms)
        self.assertIn("Customer", order.dropship_channel_terms)

    def test_the_api_tells_fees_promise_and_discount(self):
        told = self.told(
            discount=4.9, fees=1.5, subsidy=2.0, promise={"ship_by": "2026-06-20T10:00:00+08:00"},
            lines=[{"sku": "LAMP", "quantity": 1, "price": 34.9, "id": "L-7"}],
        )  # fmt: skip
        order = self.order_of(self.enter(told)["results"][0])
        self.assertAlmostEqual(order.amount_total, 30.0)
        self.assertEqual((order.dropship_told_fee, order.dropship_subsidy), (1.5, 2.0))
        self.assertEqual(str(order.dropship_ship_by), "2026-06-20 02:00:00")
        lamp = order.order_line.filtered(lambda line: line.product_id == self.lamp)
        self.assertEqual(lamp.dropship_channel_line, "L-7")
        off = order.order_line - lamp
        self.assertEqual((off.price_unit, off.tax_ids), (-4.9, lamp.tax_ids))

    def test_tax_on_top_and_none_at_all(self):
        self.channel.tax_treatment = "excluded"
        order = self.order_of(self.enter(self.told(lines=[{"sku": "LAMP", "quantity": 1, "price": 10}]))["results"][0])
        self.assertAlmostEqual(order.amount_total, 11.9)
        free = self.env["account.fiscal.position"].create({"name": "Marketplace pays", "company_id": self.company.id})
        with self.assertRaises(ValidationError):
            self.channel.tax_treatment = "marketplace"
            self.channel.flush_recordset()
        self.channel.write({"tax_treatment": "marketplace", "fiscal_position_id": free.id})
        order = self.order_of(self.enter(self.told("A-2"))["results"][0])
        self.assertEqual(order.fiscal_position_id, free)

    def test_the_channels_money_and_price_list(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create({"currency_id": usd.id, "company_id": self.company.id, "rate": 1.1})
        pricelist = self.env["product.pricelist"].create(
            {"name": "Amazon US", "currency_id": usd.id, "company_id": self.company.id}
        )
        self.channel.write({"order_currency_id": usd.id, "pricelist_id": pricelist.id})
        order = self.order_of(self.enter(self.told())["results"][0])
        self.assertEqual((order.currency_id, order.pricelist_id), (usd, pricelist))

    def test_only_managers_write_fees(self):
        self.channel.fee_ids = [(0, 0, {"kind": "order", "fixed": 1})]
        desk, manager = self.make_login("user"), self.make_login("manager")
        fee = self.channel.fee_ids
        self.assertEqual(fee.with_user(desk).fixed, 1)
        with self.assertRaises(AccessError):
            fee.with_user(desk).fixed = 2
        fee.with_user(manager).fixed = 3
        with self.assertRaises(AccessError):
            fee.with_user(self.make_login("user", company=self.env["res.company"].create({"name": "Other"}))).read()
