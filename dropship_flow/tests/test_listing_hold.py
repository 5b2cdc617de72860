import time

from odoo.tests import tagged

from .common_listing import ListingCase


@tagged("post_install", "-at_install", "standard")
class TestListingHold(ListingCase):
    """Facts hold listings and let them go; what a person took off stays off."""

    def test_no_stock_holds_and_stock_brings_it_back(self):
        listing = self.list_it(self.lamp)
        self.lamps().write({"stock": 0})
        self.follow()
        self.assertEqual((listing.state, listing.hold_kind), ("hold", "no_source"))
        self.assertFalse(self.lamp_page.is_published)
        self.lamps()[0].stock = 5
        self.follow()
        self.assertEqual((listing.state, listing.hold_kind), ("published", False))
        self.assertTrue(self.lamp_page.is_published)
        self.assertEqual(listing.event_ids.sorted("id").mapped("state_to"), ["published", "hold", "published"])

    def test_what_customers_are_told_counts_where_it_is_known(self):
        listing = self.list_it(self.lamp)
        said = self.env["dropship.availability"]
        said.search([("product_id", "=", self.lamp.id)]).unlink()
        said = said.create({"product_id": self.lamp.id, "company_id": self.company.id, "state": "none"})
        listing._follow_facts()
        self.assertEqual(self.codes(listing), ["no_source"])
        said.write({"state": "later", "ship_days": 9})
        self.shop.max_ship_days = 5
        listing._follow_facts()
        self.assertEqual(self.codes(listing), ["lead_time"])
        self.assertIn("9", listing.reason_text)

    def test_backorder_and_unlimited_are_stock(self):
        listing = self.list_it(self.lamp)
        self.lamps().write({"stock": 0})
        self.lamps()[0].write({"backorder": True})
        listing._follow_facts()
        self.assertEqual(listing.state, "published")
        self.lamps().write({"backorder": False})
        self.lamps()[1].write({"stock_mode": "unlimited"})
        self.follow()
        self.assertEqual(listing.state, "published")

    def test_without_stock_but_visible(self):
        self.shop.out_of_stock = "show"
        listing, market = self.list_it(self.lamp), self.list_it(self.lamp, self.market)
        self.lamps().write({"stock": 0})
        self.follow()
        self.assertEqual(listing.state, "published")
        self.assertIn("not available", listing.notice_text)
        self.assertEqual(market.state, "hold", "each channel by its own policy")

    def test_a_blocked_supplier(self):
        listing = self.list_it(self.lamp)
        for supplier in self.lamps().supplier_id:
            supplier._block("Fake numbers")
        self.follow()
        self.assertEqual(self.codes(listing), ["supplier_blocked"])
        self.assertIn("Dawn", listing.reason_text)
        self.suppliers["Rhein"].action_unblock()
        self.follow()
        self.assertEqual(listing.state, "published")

    def test_discontinued(self):
        listing = self.list_it(self.lamp)
        self.lamps().write({"discontinued": True})
        self.follow()
        self.assertEqual(self.codes(listing), ["discontinued"])
        self.shop.when_discontinued = "sell"
        self.follow()
        self.assertEqual(listing.state, "published", "what is left is sold")
        self.assertIn("Discontinued", listing.notice_text)
        self.lamps().write({"stock": 0})
        self.follow()
        self.assertEqual(self.codes(listing), ["discontinued"])
        self.lamps()[0].write({"discontinued": False, "stock": 3})
        self.follow()
        self.assertEqual(listing.state, "published")

    def test_lead_time(self):
        self.warehouses["Rhein"].handling_days = 2
        listing = self.list_it(self.cable)
        self.env["dropship.availability"].search([("product_id", "=", self.cable.id)]).unlink()
        for name in ("Yiwu", "Ningbo"):
            self.offers[name, self.cable].lead_days = 30
        self.shop.max_ship_days = 1
        listing._follow_facts()
        self.assertEqual(self.codes(listing), ["lead_time"])
        self.shop.max_ship_days = 2
        listing._follow_facts()
        self.assertEqual(listing.state, "published")

    def test_without_a_price_nothing_is_given_away(self):
        listing = self.list_it(self.lamp)
        self.lamp.list_price = 0
        listing._follow_facts()
        self.assertEqual(self.codes(listing), ["price_missing"])
        self.shop.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Web",
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "item_ids": [
                    (0, 0, {"applied_on": "0_product_variant", "product_id": self.lamp.id, "fixed_price": 30.0})
                ],
            }
        )
        listing._follow_facts()
        self.assertEqual(listing.state, "published", "the channel's own price counts")
        self.assertEqual(listing.price, 30.0)

    def test_a_price_of_the_merchant_goes_before_ours(self):
        """As core has it for the customer, whichever of the two was entered first."""
        pricelist = self.env["product.pricelist"].create({"name": "Two prices", "company_id": self.company.id})
        self.shop.pricelist_id = pricelist
        item = {"pricelist_id": pricelist.id, "applied_on": "0_product_variant", "product_id": self.lamp.id}
        items = self.env["product.pricelist.item"].create([{**item, "fixed_price": price} for price in (31.0, 44.0)])
        items[1].dropship_ours = True
        self.assertEqual(pricelist._get_product_price(self.lamp, 1.0), 31.0)
        self.assertEqual(self.list_it(self.lamp).price, 31.0)

    def test_the_fee_schedule_is_part_of_the_margin(self):
        listing = self.list_it(self.lamp)
        self.shop.write({"payment_percent": 0.0, "payment_fixed": 0.0})
        self.env.invalidate_all()
        before = listing.margin
        self.shop.fee_ids = [(0, 0, {"kind": "commission", "percent": 10.0})]
        self.env.invalidate_all()
        self.assertAlmostEqual(before - listing.margin, 11.9, 1)

    def test_margin_below_the_floor(self):
        listing = self.list_it(self.lamp)
        margin = listing.margin
        self.assertGreater(margin, 20)
        self.shop.margin_floor = margin + 5
        listing._follow_facts()
        self.assertEqual(self.codes(listing), ["margin_floor"])
        self.assertIn("%", listing.reason_text)
        self.lamp.list_price = 60
        listing._follow_facts()
        self.assertEqual(listing.state, "published")

    def test_prices_of_a_pricelist_in_another_currency(self):
        usd = self.currency("USD", rate=2.0)
        self.shop.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Dollar",
                "company_id": self.company.id,
                "currency_id": usd.id,
                "item_ids": [
                    (0, 0, {"applied_on": "0_product_variant", "product_id": self.lamp.id, "fixed_price": 60.0})
                ],
            }
        )
        listing = self.list_it(self.lamp)
        self.assertAlmostEqual(listing.price, 30.0)

    def test_what_a_person_delisted_never_comes_back(self):
        listing = self.list_it(self.lamp)
        listing.action_delist()
        self.lamps().write({"stock": 7})
        self.follow()
        self.run_cron("cron_listings")
        self.listings._publish(self.lamp_page, self.shop)
        self.env.invalidate_all()
        self.assertEqual((listing.state, self.lamp_page.is_published), ("delisted", False))

    def test_drafts_know_what_stands_against_them_but_are_no_holds(self):
        self.lamps().write({"stock": 0})
        listing = self.list_it(self.lamp, wanted="draft")
        self.assertEqual((listing.state, self.codes(listing)), ("draft", ["no_source"]))
        action = listing.action_publish()
        self.assertEqual(listing.state, "hold")
        self.assertEqual(action["params"]["type"], "warning")

    def test_own_goods_are_not_held_for_suppliers(self):
        own = self.env["product.product"].create({"name": "Gift box", "type": "consu", "list_price": 20.0})
        self.assertEqual(self.list_it(own).state, "published")

    def test_goods_nobody_offers_any_more_are_held(self):
        listing = self.list_it(self.lamp)
        self.lamps().active = False
        self.follow()
        self.assertEqual(self.codes(listing), ["no_source"])

    def test_offers_of_another_company_are_no_source(self):
        other = self.make_company()
        listing = self.list_it(self.lamp)
        self.lamps().write({"stock": 0})
        supplier = self.make_supplier("Theirs", company_id=other)
        self.make_offer(self.make_warehouse(supplier), self.lamp, 3.0, stock=50)
        self.follow()
        self.assertEqual(self.codes(listing), ["no_source"])

    def test_one_variant_with_stock_is_enough(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": "S"}), (0, 0, {"name": "M"})]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Shirt",
                "list_price": 15,
                "attribute_line_ids": [
                    (0, 0, {"attribute_id": attribute.id, "value_ids": [(6, 0, attribute.value_ids.ids)]})
                ],
            }
        )
        small, middle = template.product_variant_ids
        for product in (small, middle):
            self.make_offer(self.warehouses["Rhein"], product, 5.0, sku=f"SH-{product.id}", stock=0)
        listing = self.listings._publish(template, self.shop)
        self.assertEqual(listing.state, "hold")
        middle.dropship_offer_ids.stock = 4
        self.follow()
        self.assertEqual(listing.state, "published")

    def test_looking_again_writes_nothing(self):
        listing = self.list_it(self.lamp)
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin FROM dropship_listing WHERE id = %s", [listing.id])
        before = self.env.cr.fetchone()
        moved = listing._follow_facts()
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin FROM dropship_listing WHERE id = %s", [listing.id])
        self.assertEqual((self.env.cr.fetchone(), bool(moved)), (before, False))
        self.assertEqual(len(listing.event_ids), 1)

    def test_many_are_looked_at_in_one_go(self):
        templates = self.env["product.template"].create(
            [{"name": f"Bulk {number}", "list_price": 10.0, "route_ids": self.lamp_page.route_ids.ids}
             for number in range(200)]
        )  # fmt: skip
        listings = self.listings._publish(templates, self.shop)
        self.assertEqual(len(listings), 200)
        self.env.flush_all()
        self.env.invalidate_all()
        queries, start = self.env.cr.sql_log_count, time.monotonic()
        listings._follow_facts()
        self.assertLess(self.env.cr.sql_log_count - queries, 60)
        self.assertLess(time.monotonic() - start, 5)
