from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestOfferBrowse(FlowCase):
    """The owner looks through what suppliers offer, linked or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        house = cls.warehouses["Rhein"]
        names = {
            "B-1": ("Home > Light > Lamps", "Sun", 10.0, 25.0),
            "B-2": ("Home > Light > Bulbs", "Sun", 2.0, 2.5),
            "B-3": ("Home > Garden", "Moon", 8.0, 0.0),
            "B-4": (False, False, 1.0, 10.0),
        }
        cls.goods = cls.env["dropship.offer"].create(
            [
                {"warehouse_id": house.id, "sku": sku, "name": sku, "category": category, "brand": brand,
                 "price": price, "retail_price": retail, "stock": 5.0}
                for sku, (category, brand, price, retail) in names.items()
            ]
        )  # fmt: skip
        cls.env["dropship.supplier.category"]._refresh()
        cls.owner = cls.make_login("manager")

    def browsing(self):
        return self.env["dropship.offer"].with_user(self.owner).with_context(allowed_company_ids=self.company.ids)

    def found(self, domain):
        mine = [("id", "in", self.goods.ids)]
        return sorted(self.browsing().search([*mine, *domain]).mapped("sku"))

    def category(self, path):
        return self.env["dropship.supplier.category"].search(
            [("path", "=", path), ("company_id", "=", self.company.id)]
        )

    def test_a_category_stands_for_those_below_it(self):
        home, light = self.category("Home"), self.category("Home > Light")
        self.assertEqual(light.parent_id, home)
        self.assertEqual(home.name, "Home")
        self.assertGreaterEqual(home.offer_count, 3)
        self.assertEqual(self.found([("supplier_category_id", "child_of", home.id)]), ["B-1", "B-2", "B-3"])
        self.assertEqual(self.found([("supplier_category_id", "child_of", light.id)]), ["B-1", "B-2"])
        self.assertEqual(self.goods[0].supplier_category_id, self.category("Home > Light > Lamps"))
        self.assertFalse(self.goods[3].supplier_category_id)

    def test_the_panel_shows_the_tree_with_its_counts(self):
        found = (
            self.browsing()
            .search_panel_select_range("supplier_category_id", enable_counters=True, limit=10_000)
        )
        by_id = {value["id"]: value for value in found["values"]}
        lamps = by_id[self.category("Home > Light > Lamps").id]
        self.assertEqual((lamps["display_name"], lamps["__count"]), ("Lamps", 1))
        self.assertEqual(by_id[lamps["parent_id"]]["display_name"], "Light")
        self.assertEqual(found["parent_field"], "parent_id")

    def test_counts_follow_and_empty_paths_go(self):
        garden = self.category("Home > Garden")
        self.goods[2].category = "Home > Light > Lamps"
        self.env["dropship.supplier.category"]._refresh()
        self.assertFalse(garden.exists())
        self.assertEqual(self.category("Home > Light > Lamps").offer_count, 2)

    def test_filters_of_the_owner(self):
        self.assertEqual(self.found([("gross_percent", ">=", 30)]), ["B-1", "B-4"])
        self.assertEqual(self.found([("gross_percent", "<", 30)]), ["B-2"])
        self.goods[1].discontinued = True
        self.assertEqual(self.found([("discontinued", "=", True)]), ["B-2"])
        self.goods.flush_recordset()
        old = fields.Datetime.now() - timedelta(days=30)
        self.env.cr.execute("UPDATE dropship_offer SET create_date = %s WHERE id = %s", [old, self.goods[0].id])
        self.goods.invalidate_recordset()
        self.assertEqual(self.found([("is_new", "=", True)]), ["B-2", "B-3", "B-4"])
        self.assertEqual(self.found([("is_new", "=", False)]), ["B-1"])
        self.assertFalse(self.goods[0].is_new)
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017 - refused, whatever it is called
            self.found([("gross_percent", ">=", "1; DROP TABLE dropship_offer")])

    def test_listed_is_what_somebody_wants_on_a_channel(self):
        self.goods[0].product_id = self.lamp
        self.assertEqual(self.found([("is_listed", "=", True)]), [])
        self.env["dropship.listing"].create(
            {"product_tmpl_id": self.lamp.product_tmpl_id.id, "channel_id": self.channel.id, "wanted": "published"}
        )
        self.assertEqual(self.found([("is_listed", "=", True)]), ["B-1"])
        self.assertEqual(self.found([("is_listed", "=", False)]), ["B-2", "B-3", "B-4"])
        self.goods.invalidate_recordset()
        self.assertEqual(self.goods.mapped("is_listed"), [True, False, False, False])

    def test_the_page_shows_the_margin_at_the_main_destination(self):
        self.channel.destination_ids = [Command.create({"country_id": self.country("DE").id, "zip": "10115"})]
        offer = self.offers["Rhein", self.lamp]
        read = offer.with_user(self.owner).with_context(allowed_company_ids=self.company.ids)
        self.assertAlmostEqual(read.browse_sale, 34.9 / 1.19, 2)
        self.assertGreaterEqual(read.browse_landed, 15.9)
        self.assertAlmostEqual(read.browse_margin, read.browse_sale - read.browse_landed, 2)
        self.assertIn("10115", read.browse_place)
        self.assertAlmostEqual(self.goods[0].browse_sale, 25.0, 2)
        self.assertFalse(self.goods[2].browse_margin)

    def test_a_page_costs_few_queries_however_many_offers_it_shows(self):
        house = self.warehouses["Rhein"]
        many = self.env["dropship.offer"].create(
            [{"warehouse_id": house.id, "sku": f"Q-{n}", "price": 3.0, "retail_price": 9.0} for n in range(60)]
        )
        names = ["browse_landed", "browse_margin_percent", "is_listed", "supplier_category_id", "is_new"]

        def queries(offers):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            offers.read(names)
            return self.env.cr.sql_log_count - before

        queries(many[:2])
        self.assertLessEqual(queries(many), queries(many[:3]) + 3)

    def test_the_lists_ask_for_no_sum(self):
        """A group of the list counts; summing would read every offer."""
        described = self.env["dropship.offer"].fields_get(attributes=["aggregator", "store"])
        summed = {name for name, field in described.items() if field.get("aggregator") in ("sum", "avg")}
        self.assertFalse(summed & {"price", "stock", "moq", "pack", "lead_days", "weight", "factor", "retail_price"})

    def test_the_choice_is_handed_on_or_refused_with_words(self):
        with self.assertRaises(UserError):
            self.env["dropship.offer"].action_browse_list()
        if "dropship.list.offers" in self.env:
            action = self.goods[:2].with_env(self.browsing().env).action_browse_list()
            plan = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(plan.line_ids.offer_ids, self.goods[:2])

    def test_groups_are_counted_and_paged_as_core_does(self):
        offers, mine = self.browsing(), [("id", "in", self.goods.ids)]
        page = offers.web_read_group(mine, ["brand"], ["__count"], limit=2, offset=1, order="brand desc")
        self.assertEqual(page["length"], 3)
        self.assertEqual([(one["brand"], one["__count"]) for one in page["groups"]], [("Sun", 2), ("Moon", 1)])
        last = offers.web_read_group(mine, ["brand"], ["__count"], limit=2, offset=2)
        self.assertEqual((last["length"], len(last["groups"])), (3, 1))
        whole, brands = offers.formatted_read_grouping_sets(mine, [[], ["brand"]], ["__count"])
        self.assertEqual([one["__count"] for one in whole], [4])
        self.assertEqual({one["brand"]: one["__count"] for one in brands}, {"Moon": 1, "Sun": 2, False: 1})

    def test_a_page_has_what_was_asked_for(self):
        spec = {"sku": {}, "brand": {}}
        found = self.browsing().web_search_read([("id", "in", self.goods.ids)], spec, limit=2, offset=1, order="price")
        self.assertEqual([(one["sku"], one["brand"]) for one in found["records"]], [("B-2", "Sun"), ("B-3", "Moon")])
        self.assertEqual(found["length"], 4)

    def test_a_name_without_end_is_refused_with_words(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.goods[0].name = "x" * 401
            self.goods.flush_recordset()

    def test_another_company_sees_none_of_it(self):
        other = self.euro_company("Elsewhere GmbH")
        theirs = self.make_login("manager", other)
        offers = self.env["dropship.offer"].with_user(theirs).with_context(allowed_company_ids=other.ids)
        self.assertFalse(offers.search([("id", "in", self.goods.ids)]))
        with self.assertRaises(AccessError):
            offers.search([("supplier_category_id", "=", self.category("Home").id)])
        values = offers.search_panel_select_range("supplier_category_id")["values"]
        self.assertNotIn(self.category("Home").id, [value["id"] for value in values])
