from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_costs import CostsCase


@tagged("post_install", "-at_install", "standard")
class TestCostsRules(CostsCase):
    """What rules cost, who bears it, and what they keep."""

    def borne(self, rule):
        """{(where, order): expected}"""
        found = {}
        for share in self.shares(("rule_id", "=", rule.id), ("month", "=", self.month)):
            key = share.at, share.order_id
            found[key] = round(found.get(key, 0.0) + share.expected, 2)
        return found

    def test_what_an_order_and_a_unit_cost(self):
        order = self.sold(3.0)
        packing = self.rule(0.25, name="Packing", kind="per_order", by="days")
        label = self.rule(0.1, name="Label", kind="per_unit", by="days")
        fee = self.rule(2.5, name="Fee", kind="percent_revenue", by="days", currency_id=False)
        self.collect()
        self.assertEqual(self.borne(packing), {("line", order): -0.25})
        self.assertEqual(self.borne(label), {("line", order): -0.3})
        self.assertEqual(self.borne(fee), {("line", order): -7.5})

    def test_what_a_parcel_costs(self):
        purchase = self.sell(self.chair)
        order = purchase.dropship_allocation_ids.order_id
        rule = self.rule(1.2, name="Box", kind="per_parcel", by="days", first=self.this)
        self.collect()
        self.assertFalse(self.shares(("rule_id", "=", rule.id)))
        self.dispatch(purchase)
        self.collect()
        self.assertEqual(self.missing(("order_id", "=", order.id), ("rule_id", "=", rule.id)), -1.2)

    def test_a_rule_for_some_orders_only(self):
        other = self.sold()
        mine = self.sold(dropship_channel_id=self.channel.id)
        rule = self.rule(1.0, kind="per_order", by="days", channel_ids=[Command.set(self.channel.ids)])
        self.collect()
        self.assertEqual(self.borne(rule), {("line", mine): -1.0})
        rule.write({"channel_ids": [Command.clear()], "supplier_ids": [Command.set(self.rhein.ids)]})
        self.collect()
        self.assertEqual(self.borne(rule), {("line", mine): -1.0, ("line", other): -1.0})
        furniture, toys = self.env["product.category"].create([{"name": "Furniture"}, {"name": "Toys"}])
        self.chair.categ_id.parent_id = furniture
        rule.write({"supplier_ids": [Command.clear()], "category_ids": [Command.set(toys.ids)]})
        self.collect()
        self.assertEqual(self.borne(rule), {})
        rule.category_ids = furniture
        self.collect()
        self.assertEqual(len(self.borne(rule)), 2, "what is below counts as well")

    def test_without_revenue_nobody_bears_it_and_that_is_shown(self):
        rule = self.rule(300.0, last=self.this - timedelta(days=1))
        self.collect()
        shares = self.shares(("rule_id", "=", rule.id))
        self.assertEqual((set(shares.mapped("at")), set(shares.mapped("why"))), ({"nowhere"}, {"no_revenue"}))
        self.assertEqual(round(sum(shares.mapped("amount")), 2), -300.0)
        self.assertEqual(rule.nowhere, -300.0)
        order = self.sold()
        self.collect()
        self.assertEqual((self.borne(rule), rule.nowhere), ({("line", order): -300.0}, 0.0))

    def test_a_cost_of_all_stays_with_its_days(self):
        self.sold()
        rule = self.rule(310.0, by="days", last=self.this - timedelta(days=1))
        self.collect()
        shares = self.shares(("rule_id", "=", rule.id))
        self.assertEqual(len(shares), (self.this - self.month).days)
        self.assertEqual(set(shares.mapped("at")), {"day"})
        self.cost_bill(310.0)
        self.collect()
        self.assertEqual(self.missing(), 0.0)
        self.assertEqual(set(self.entries(("source", "=", "costs")).mapped("side")), {"overhead"})
        self.assertTies(self.month)

    def test_orders_that_change_take_their_part_along(self):
        first = self.sold()
        rule = self.rule(300.0)
        self.collect()
        self.assertEqual(self.borne(rule), {("line", first): -300.0})
        second = self.sold(2.0)
        self.collect()
        self.assertEqual(self.borne(rule), {("line", first): -100.0, ("line", second): -200.0})
        second.with_context(disable_cancel_warning=True)._action_cancel()
        self.collect()
        self.assertEqual(self.borne(rule), {("line", first): -300.0})

    def test_a_cancelled_order_gives_back_its_part_of_a_bill(self):
        first, second = self.sold(), self.sold(2.0)
        self.rule(300.0)
        self.cost_bill(300.0)
        self.collect()
        self.assertEqual(self.costs_of(second), (0.0, -200.0))
        second.with_context(disable_cancel_warning=True)._action_cancel()
        self.collect()
        self.assertEqual(self.costs_of(second), (0.0, 0.0))
        self.assertEqual(self.costs_of(first), (0.0, -300.0))
        self.assertTies(self.month)

    def test_a_rule_changed_or_archived_counts_anew_in_open_months(self):
        order = self.sold()
        rule = self.rule(300.0)
        self.collect()
        rule.amount = 200.0
        self.collect()
        self.assertEqual(self.borne(rule), {("line", order): -200.0})
        rule.active = False
        self.collect()
        self.assertEqual(self.missing(), 0.0)
        with self.assertRaises(UserError):
            rule.unlink()
        self.rule(5.0).unlink()

    def test_a_closed_month_keeps_what_it_reported(self):
        order = self.sold()
        rule = self.rule(300.0)
        self.collect()
        self.company.fiscalyear_lock_date = self.this - timedelta(days=1)
        rule.amount = 999.0
        self.rule(50.0, name="Later")
        self.sold(5.0)
        self.collect()
        self.assertEqual(self.borne(rule), {("line", order): -300.0})
        self.assertEqual(self.missing(("month", "=", self.month)), -300.0)
        row = self.env["dropship.cost.month"].search([("rule_id", "=", rule.id), ("month", "=", self.month)])
        self.assertTrue(row.closed)

    def test_in_another_currency_and_without_a_rate(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 1.25}
        )
        order = self.sold()
        rule = self.rule(100.0, currency_id=usd.id, last=self.this - timedelta(days=1))
        self.collect()
        self.assertEqual(self.borne(rule), {("line", order): -80.0})
        share = self.shares(("rule_id", "=", rule.id))
        self.assertEqual((share.own, share.own_currency_id), (-100.0, usd))
        yen = self.currency("JPY")
        yen.rate_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "exchange rate"):
            self.rule(100.0, currency_id=yen.id)

    def test_a_rate_that_is_gone_is_told_with_the_month(self):
        usd = self.currency("USD")
        usd.rate_ids.unlink()
        rate = self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 1.25}
        )
        self.sold()
        rule = self.rule(100.0, currency_id=usd.id)
        self.collect()
        rate.unlink()
        rule.name = "Rent in dollars"
        self.collect()
        self.assertFalse(self.shares(("rule_id", "=", rule.id)))
        row = self.env["dropship.cost.month"].search([("rule_id", "=", rule.id), ("month", "=", self.month)])
        self.assertIn("USD", row.problem_text)

    def test_rules_that_cannot_be(self):
        for vals, words in (
            ({"amount": -1.0}, "below zero"),
            ({"kind": "fixed", "last": False}, "last day"),
            ({"last": self.month - timedelta(days=5)}, "before the first"),
            ({"kind": "percent_revenue", "by": "days", "amount": 101.0}, "more than everything"),
            ({"amount": 1.005}, "finer than the currency"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.rule(**{"amount": 5.0, **vals})

    def test_companies_are_apart(self):
        self.sold()
        rule = self.rule(300.0)
        self.collect()
        ours = self.company
        self.addCleanup(setattr, type(self), "env", type(self).env)
        other = self.euro_company("Other GmbH")
        self.collect(other)
        self.assertFalse(self.env["dropship.cost.share"].search([("company_id", "=", other.id)]))
        self.collect(ours)
        self.assertTrue(self.env["dropship.cost.share"].search([("rule_id", "=", rule.id)]))

    def test_the_button(self):
        order = self.sold()
        self.rule(300.0)
        self.env["dropship.cost.rule"].search([("company_id", "=", self.company.id)]).action_renew()
        self.assertEqual(self.missing(("order_id", "=", order.id)), -300.0)

    def test_nothing_new_is_nothing_done(self):
        self.sold()
        self.rule(300.0)
        self.cost_bill(300.0)
        self.collect()
        known = self.shares().ids
        changed = self.env["dropship.cost.month"].search([]).mapped("changed_at")
        self.env["dropship.profit.watermark"].search([]).write({"until": fields.Datetime.now() + timedelta(hours=1)})
        self.collect()
        self.assertEqual(self.shares().ids, known)
        self.assertEqual(self.env["dropship.cost.month"].search([]).mapped("changed_at"), changed)
