from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common_pricing import PricingCase


@tagged("post_install", "-at_install", "standard")
class TestPricingRule(PricingCase):
    """Prices follow costs, within the limits of the first rule that fits."""

    def test_half_on_top_of_the_cost_at_the_door(self):
        """Lamp from Dawn: 18.40 landed, 27.60 net, with 19 % inside 32.844 → 32.90."""
        rule = self.make_rule(ending="90")
        self.follow()
        self.assertEqual(self.price(self.lamp), 32.9)
        self.assertEqual(self.lamp.list_price, 34.9, "the merchant's own price stays")
        item = self.item(self.lamp)
        self.assertTrue(item.dropship_ours)
        self.assertEqual(item.dropship_rule_id, rule)
        self.assertAlmostEqual(item.dropship_cost, 18.4)
        change = self.changes(self.lamp)
        self.assertEqual((change.state, change.old_price, change.new_price), ("applied", 34.9, 32.9))
        self.assertEqual(change.reasons, [["first_price", {}]])
        self.assertAlmostEqual(change.margin_percent, (1 - 18.4 / (32.9 / 1.19)) * 100, 1)

    def test_the_margin_is_left_after_fees(self):
        self.channel.write({"payment_percent": 2.0, "commission_percent": 8.0, "payment_fixed": 0.3})
        self.make_rule(method="margin", percent=30.0)
        self.follow()
        gross = self.price(self.lamp)
        net = gross / 1.19
        left = net - 18.4 - 0.3 - gross * 0.1
        self.assertGreaterEqual(left / net, 0.2999)
        self.assertLess(left / net, 0.301)

    def test_the_fee_schedule_counts_where_there_is_one(self):
        """10 % and 0.50 a piece; a row of another season and one for other goods are not in it."""
        self.make_rule(method="margin", percent=30.0)
        self.follow()
        before = self.price(self.lamp)
        self.channel.fee_ids = [
            Command.create({"kind": "commission", "percent": 90.0, "date_to": "2020-01-01"}),
            Command.create({"kind": "commission", "percent": 10.0}),
            Command.create({"kind": "item", "fixed": 0.5}),
            Command.create({"kind": "payment", "percent": 80.0, "category_ids": [
                Command.set(self.env["product.category"].create({"name": "Other"}).ids)]}),
        ]  # fmt: skip
        self.follow()
        gross = self.price(self.lamp)
        self.assertGreater(gross, before)
        self.assertAlmostEqual((gross / 1.19 - 18.4 - 0.5 - gross * 0.1) / (gross / 1.19), 0.3, 2)
        self.channel.fee_ids[1].percent = 20.0
        self.follow()
        self.assertGreater(self.price(self.lamp), gross, "a row that changes is in the next price")
        self.channel.fee_ids.unlink()
        self.follow()
        self.assertEqual(self.price(self.lamp), before)

    def test_the_first_rule_that_fits(self):
        category = self.env["product.category"].create({"name": "Lighting"})
        child = self.env["product.category"].create({"name": "Desk", "parent_id": category.id})
        tag = self.env["product.tag"].create({"name": "Small"})
        public = self.env["product.public.category"].create({"name": "Cables"})
        self.lamp.categ_id = child
        self.stand.product_tag_ids = tag
        self.cable.public_categ_ids = public
        book = self.make_product("Book", taxes_id=False, list_price=90.0)
        self.make_offer(self.warehouses["Rhein"], book, 6.1, brand="ACME ", sku="BOOK")
        rules = {
            "lamp": self.make_rule(sequence=1, categ_id=category),
            "stand": self.make_rule(sequence=2, tag_id=tag),
            "cable": self.make_rule(sequence=3, public_categ_id=public),
            "brand": self.make_rule(sequence=4, brand="other, acme"),
            "rest": self.make_rule(sequence=9, cost_from=500.0),
        }
        self.follow()
        for product, name in ((self.lamp, "lamp"), (self.stand, "stand"), (self.cable, "cable"), (book, "brand")):
            self.assertEqual(self.item(product).dropship_rule_id, rules[name])
        self.assertEqual(self.price(book), 15.0)

    def test_bands_suppliers_and_channels(self):
        other = self.env["dropship.sales.channel"].create({"name": "Other", "company_id": self.company.id})
        self.make_rule(sequence=1, channel_id=other, percent=900.0)
        self.make_rule(sequence=2, supplier_id=self.suppliers["Rhein"], percent=800.0)
        self.make_rule(sequence=3, cost_from=0.5, cost_to=5.0, percent=700.0)
        self.make_rule(sequence=4, price_from=30.0, price_to=40.0, percent=100.0)
        self.follow()
        self.assertEqual(self.price(self.lamp), 43.8)
        self.assertEqual(self.item(self.stand).dropship_rule_id.sequence, 2, "Rhein is cheapest with 3.90 + 3.90")

    def test_prices_left_alone(self):
        self.make_rule(sequence=1, method="leave", price_from=30.0)
        self.make_rule(sequence=2)
        self.follow()
        self.assertFalse(self.item(self.lamp))
        self.assertTrue(self.item(self.stand))

    def test_tiers_by_cost(self):
        self.make_rule(
            method="tiers",
            tier_ids=[
                Command.create({"cost_from": 0.0, "percent": 100.0}),
                Command.create({"cost_from": 10.0, "percent": 20.0, "amount": 2.0}),
            ],
        )
        self.follow()
        self.assertEqual(self.price(self.lamp), round((18.4 * 1.2 + 2) * 1.19 + 0.0049, 2))
        self.assertEqual(self.price(self.stand), round(7.8 * 2 * 1.19 + 0.0049, 2))

    def test_map_retail_and_ceiling(self):
        self.offers["Dawn", self.lamp].map_price = 39.0
        self.offers["Rhein", self.stand].retail_price = 12.5
        self.make_rule(cap_retail=True)
        self.follow()
        self.assertEqual(self.price(self.lamp), 39.0)
        self.assertEqual(self.price(self.stand), 12.5)
        self.assertIn("map", [reason[0] for reason in self.changes(self.lamp).reasons])

    def test_limits_that_cross_wait_for_a_person(self):
        """Never below cost, and never above the ceiling: somebody has to say which."""
        self.make_rule(ceiling=20.0)
        self.follow()
        self.assertFalse(self.item(self.lamp))
        change = self.changes(self.lamp)
        self.assertEqual(change.state, "waiting")
        self.assertGreaterEqual(change.new_price, 18.4 * 1.19 - 0.005)
        self.assertEqual(change.reasons[0][0], "limits_cross")

    def test_tax_on_top_is_seen_by_customers_and_endings(self):
        """A price entered without tax, shown with it: the ending is where the customer looks."""
        website = self.env["website"].create({"name": "Net shop", "company_id": self.company.id})
        website.show_line_subtotals_tax_selection = "tax_included"
        self.tax.price_include_override = "tax_excluded"
        self.channel.website_id = website
        self.make_rule(ending="90")
        self.follow()
        self.assertAlmostEqual(self.item(self.lamp).fixed_price * 1.19, 32.9, 3)
        self.assertEqual(self.changes(self.lamp).new_price, 32.9)

    def test_prices_in_another_currency(self):
        yuan = self.currency("CNY", rate=8.0)
        self.pricelist.currency_id = yuan
        self.make_rule(ending="8", floor_amount=1.0)
        self.follow()
        self.assertEqual(self.item(self.lamp).currency_id, yuan)
        self.assertEqual(self.price(self.lamp), 268.0, "18.40 × 1.5 × 1.19 × 8 = 262.75")

    def test_a_price_of_the_merchants_own_wins(self):
        self.make_rule()
        self.follow()
        ours = self.item(self.lamp)
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id, "applied_on": "0_product_variant", "product_id": self.lamp.id,
                "product_tmpl_id": self.lamp.product_tmpl_id.id, "fixed_price": 31.0,
            }
        )  # fmt: skip
        self.assertEqual(self.price(self.lamp), 31.0, "at once")
        self.follow()
        self.assertFalse(ours.exists())
        self.offers["Dawn", self.lamp].price = 12.0
        self.follow()
        self.assertEqual(self.price(self.lamp), 31.0)
        self.item(self.lamp).unlink()
        self.follow()
        self.assertTrue(self.item(self.lamp).dropship_ours, "ours come back")

    def test_a_price_of_ours_that_a_person_writes_is_the_persons(self):
        self.make_rule()
        self.follow()
        self.item(self.lamp).fixed_price = 29.0
        self.assertFalse(self.item(self.lamp).dropship_ours)
        self.offers["Dawn", self.lamp].price = 12.0
        self.follow()
        self.assertEqual(self.price(self.lamp), 29.0)

    def test_a_price_on_the_whole_product_is_the_merchants_too(self):
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id, "applied_on": "1_product",
                "product_tmpl_id": self.lamp.product_tmpl_id.id, "fixed_price": 31.0,
            }
        )  # fmt: skip
        self.make_rule()
        self.follow()
        self.assertEqual(self.price(self.lamp), 31.0)

    def test_no_source_no_price_and_an_empty_shelf_moves_nothing(self):
        self.make_rule()
        self.follow()
        before = self.price(self.lamp)
        for name in ("Dawn", "Yiwu", "Rhein"):
            self.offers[name, self.lamp].stock = 0.0
        self.follow()
        self.assertEqual(self.price(self.lamp), before)
        self.suppliers["Dawn"].state = "paused"
        self.offers["Yiwu", self.lamp].active = self.offers["Rhein", self.lamp].active = False
        self.follow()
        self.assertEqual(self.price(self.lamp), before, "the last price stays; the listing goes on hold")
        found = self.env["dropship.pricing"]._propose(self.lamp, self.channel)[self.lamp.id]
        self.assertEqual(found.reasons, (("no_cost", {}),))

    def test_duty_on_what_the_customer_pays_is_in_the_price(self):
        self.duty.active = False
        self.make_duty("Percent", amount=10.0, kind="percent", ship_to="DE", basis="revenue")
        for name in ("Rhein", "Yiwu"):
            self.offers[name, self.lamp].active = False
        self.make_rule(method="margin", percent=20.0)
        self.follow()
        net = self.price(self.lamp) / 1.19
        cost = 9.2 + 6.2 + net * 0.1
        self.assertAlmostEqual((net - cost) / net, 0.2, 2)

    def test_only_prices_that_cross_a_limit_of_duties_are_looked_at_again(self):
        """3 for a heading up to 30.00 of value: the lamp crosses it with its price, the stand stays below."""
        self.duty.active = False
        rule = self.make_rule(percent=10.0)
        self.follow()
        self.make_duty("Heading", amount=3.0, kind="heading", ship_to="DE", basis="revenue", max_value=30.0)
        for name in ("Rhein", "Yiwu"):
            self.offers[name, self.lamp].active = False
        asked, landed = [], type(self.env["dropship.landed"])
        best = landed._best

        def count(model, product_ids, *args, **kwargs):
            asked.append(set(product_ids))
            return best(model, product_ids, *args, **kwargs)

        rule.percent = 100.0
        with patch.object(landed, "_best", count):
            found = self.env["dropship.pricing"]._propose(self.lamp | self.stand, self.channel)
        self.assertEqual(asked[0], set((self.lamp | self.stand).ids))
        self.assertEqual(asked[1:], [{self.lamp.id}])
        self.assertAlmostEqual(float(found[self.lamp.id].cost), 15.4, 2)
        self.follow()
        net = self.price(self.lamp) / 1.19
        self.assertGreater(net, 30.0)
        self.assertAlmostEqual(net, (9.2 + 6.2) * 2, 1)

    def test_a_rule_that_makes_no_sense_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_rule(method="tiers")
        with self.refused():
            self.make_rule(method="margin", percent=100.0)
        with self.refused():
            self.make_rule(cost_from=10.0, cost_to=5.0)
        self.channel.commission_percent = 60.0
        self.make_rule(method="margin", percent=60.0)
        self.follow()
        found = self.env["dropship.pricing"]._propose(self.lamp, self.channel)[self.lamp.id]
        self.assertEqual(found.reasons[0][0], "fees_too_high")

    def test_the_example_shows_what_it_does(self):
        rule = self.make_rule()
        self.assertIn("Lamp", rule.example)
        self.assertIn("34.90", rule.example)
        draft = self.env["dropship.pricing.rule"].new({"name": "New", "company_id": self.company.id, "percent": 100.0})
        self.assertIn("43.8", draft.example)

    def test_who_may_do_what(self):
        rule = self.make_rule()
        for role in ("user", "buyer"):
            login = self.make_login(role)
            self.assertEqual(rule.with_user(login).name, "Rule")
            self.assertTrue(rule.with_user(login).example)
            with self.assertRaises(AccessError):
                rule.with_user(login).percent = 10.0
        rule.with_user(self.make_login("manager")).percent = 10.0
        for role in ("employee", "portal"):
            with self.assertRaises(AccessError):
                rule.with_user(self.make_login(role)).read(["percent"])

    def test_two_companies_do_not_touch_each_other(self):
        self.make_rule()
        self.follow()
        other = self.make_company("Elsewhere", currency_id=self.company.currency_id.id)
        theirs = self.env["product.pricelist"].create({"name": "Theirs", "company_id": other.id})
        channel = self.env["dropship.sales.channel"].create(
            {"name": "Theirs", "company_id": other.id, "pricelist_id": theirs.id}
        )
        self.env["dropship.pricing.rule"].create({"name": "Theirs", "company_id": other.id, "percent": 900.0})
        self.offers["Dawn", self.lamp].price = 9.3
        self.follow()
        self.assertFalse(self.item(self.lamp, channel))
        self.assertEqual(self.price(self.lamp), round(18.5 * 1.5 * 1.19 + 0.0049, 2))

    def test_margins_where_it_goes(self):
        self.make_rule()
        self.follow()
        self.channel.destination_ids = [Command.create({"country_id": self.country("US").id, "sequence": 20})]
        look = self.env["dropship.price.look"].with_user(self.make_login("buyer"))._look_at(self.lamp)
        lines = look.line_ids.filtered(lambda line: line.channel_id == self.channel)
        self.assertEqual(len(lines), 2)
        self.assertEqual(lines.mapped("known"), [True, False])
        self.assertAlmostEqual(lines[0].landed, 18.4)
        self.assertTrue(look.change_ids)
