from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_listing import ListingCase


@tagged("post_install", "-at_install", "standard")
class TestListingPublish(ListingCase):
    """From offers to listings: a table first, matches confirmed by a person, then all at once and only once."""

    def start(self, offers, channel=None):
        action = self.env["dropship.list.offers"].action_start(offers, channel or self.shop)
        return self.env["dropship.list.offers"].browse(action["res_id"])

    def test_nothing_is_made_before_it_is_confirmed(self):
        offer = self.feed_offer("BOWL-1", name="Bamboo bowl", image_urls="https://p.example/1.jpg")
        before = self.env["product.template"].search_count([])
        plan = self.start(offer)
        line = plan.line_ids
        self.assertEqual((line.name, line.match, line.decision, line.picture_count), ("Bamboo bowl", "new", "new", 1))
        self.assertEqual(self.env["product.template"].search_count([]), before)
        self.assertGreater(line.landed, 7.99)
        self.assertGreater(line.price, line.landed)
        self.assertIn("DE", line.margin_text)
        self.assertIn("FR", line.margin_text)
        self.assertGreaterEqual(round(line.margin), 30)

    def test_a_new_product_with_all_the_supplier_says(self):
        offer = self.feed_offer(
            "BOWL-2", name="Bamboo bowl", barcode="04006381333931", brand="Lumen", hs_code="441920",
            origin_id=self.country("CN").id, description="<p>Solid bamboo</p><p>WeChat dawn88</p>", retail_price=20,
            image_urls="https://p.example/1.jpg\nhttps://p.example/2.jpg\n", weight=0.4, factor=2.0,
        )  # fmt: skip
        plan = self.start(offer)
        plan.action_apply()
        self.assertEqual(plan.state, "done")
        listing = plan.line_ids.listing_id
        product, template = offer.product_id, listing.product_tmpl_id
        self.assertEqual(product.product_tmpl_id, template)
        self.assertEqual((product.default_code, product.barcode), ("BOWL-2", "4006381333931"))
        self.assertEqual((product.weight, product.hs_code, template.country_of_origin.code), (0.2, "441920", "CN"))
        self.assertEqual(template.dropship_brand, "Lumen")
        self.assertEqual(template.list_price, 10.0, "sold in pairs: one alone costs nobody knows what, so the MSRP")
        self.assertIn("Solid bamboo", template.description_ecommerce)
        self.assertNotIn("dawn88", template.description_ecommerce)
        self.assertIn(self.env.ref("stock_dropshipping.route_drop_shipping"), template.route_ids)
        self.assertEqual((listing.state, template.is_published), ("published", True), listing.reason_text)
        self.assertEqual(template.seller_ids.dropship_offer_id, offer, "core's vendor price is there")
        pictures = self.env["dropship.listing.image"].search([("product_tmpl_id", "=", template.id)])
        self.assertEqual(pictures.mapped("url"), ["https://p.example/1.jpg", "https://p.example/2.jpg"])
        self.assertTrue(listing.website_meta_title)

    def test_the_fee_schedule_is_part_of_the_suggestion(self):
        offer = self.feed_offer("BOWL-3", name="Steel bowl")
        cheap = self.start(offer).line_ids.price
        self.shop.fee_ids = [(0, 0, {"kind": "commission", "percent": 25.0})]
        self.assertGreater(self.start(offer).line_ids.price, cheap * 1.3)

    def test_tags_of_the_category_map_reach_the_product(self):
        tag = self.env["product.tag"].create({"name": "Kitchen"})
        self.env["dropship.category.map"].create({"path": "Home > Bowls", "tag_ids": [(6, 0, tag.ids)]})
        plan = self.start(self.feed_offer("BOWL-4", name="Copper bowl", category="Home > Bowls > Copper"))
        plan.action_apply()
        self.assertEqual(plan.line_ids.product_tmpl_id.product_tag_ids, tag)

    def test_variants_become_one_product(self):
        offers = self.env["dropship.offer"]
        for colour, size in (("Red", "S"), ("Red", "M"), ("Blue", "S")):
            offers |= self.feed_offer(f"T-{colour}-{size}", name="Zunft blouson", group_code="T", weight=0.2,
                                      attributes={"Colour": colour, "Size": size})  # fmt: skip
        plan = self.start(offers)
        self.assertEqual(len(plan.line_ids), 1)
        self.assertIn("Red / S", plan.line_ids.variant_text)
        plan.action_apply()
        template = plan.line_ids.product_tmpl_id
        self.assertEqual(len(template.product_variant_ids), 3, "nobody offers a blue M")
        self.assertEqual(len(offers.product_id), 3)
        red = offers.filtered(lambda offer: offer.sku == "T-Red-M").product_id
        names = red.product_template_attribute_value_ids.mapped("name")
        self.assertEqual((sorted(names), red.default_code), (["M", "Red"], "T-Red-M"))

    def test_attributes_are_found_by_name(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Farbton", "create_variant": "always", "value_ids": [(0, 0, {"name": "Ecru"})]}
        )
        offers = self.feed_offer("A-1", name="Cup", group_code="A", attributes={"farbton": "ecru"})
        offers |= self.feed_offer("A-2", name="Cup", group_code="A", attributes={"farbton": "Moss"})
        plan = self.start(offers)
        plan.action_apply()
        line = plan.line_ids.product_tmpl_id.attribute_line_ids
        self.assertEqual(line.attribute_id, attribute)
        self.assertEqual(sorted(attribute.value_ids.mapped("name")), ["Ecru", "Moss"])

    def test_the_same_barcode_is_linked(self):
        self.lamp.barcode = "4006381333931"
        offer = self.feed_offer("OTHER-1", name="Something", barcode="04006381333931")
        plan = self.start(offer)
        self.assertEqual((plan.line_ids.match, plan.line_ids.decision), ("barcode", "link"))
        plan.action_apply()
        self.assertEqual(offer.product_id, self.lamp)

    def test_the_same_code_is_linked(self):
        self.lamp.default_code = "LAMP-77"
        plan = self.start(self.feed_offer("LAMP-77", name="Something"))
        self.assertEqual((plan.line_ids.match, plan.line_ids.product_tmpl_id), ("code", self.lamp_page))

    def test_a_similar_name_waits_for_a_person(self):
        self.lamp_page.name = "Leafgreen wobble lamp"
        offer = self.feed_offer("X-1", name="Wobble lamp leafgreen")
        plan = self.start(offer)
        line = plan.line_ids
        self.assertEqual((line.match, line.decision, line.candidate_ids), ("name", False, self.lamp_page))
        with self.assertRaises(UserError):
            plan.action_apply()
        line.action_link()
        plan.action_apply()
        self.assertEqual(offer.product_id, self.lamp)

    def test_two_candidates_are_never_silent(self):
        self.lamp.default_code = self.stand.default_code = "TWICE"
        offer = self.feed_offer("TWICE", name="Which")
        plan = self.start(offer)
        line = plan.line_ids
        self.assertEqual((line.match, line.decision, len(line.candidate_ids)), ("several", False, 2))
        self.assertFalse(line.product_tmpl_id)
        with self.assertRaises(UserError):
            line.action_link()
        line.product_tmpl_id = self.stand.product_tmpl_id
        line.action_link()
        plan.action_apply()
        self.assertEqual(offer.product_id, self.stand)

    def test_a_person_says_it_is_new_or_leaves_it_out(self):
        self.lamp_page.name = "Leafgreen wobble lamp"
        offers = self.feed_offer("X-1", name="Leafgreen wobble lamp") | self.feed_offer("X-2", name="Zebra broom")
        plan = self.start(offers)
        first, second = plan.line_ids
        first.action_new()
        second.action_skip()
        plan.action_apply()
        self.assertNotEqual(offers[0].product_id, self.lamp)
        self.assertTrue(offers[0].product_id)
        self.assertFalse(offers[1].product_id)
        self.assertEqual(second.state, "skipped")

    def test_an_unclear_variant_fails_alone(self):
        shirt = self.env["product.template"].create({"name": "Zoo shirt"})
        attribute = self.env["product.attribute"].create(
            {"name": "Animal", "value_ids": [(0, 0, {"name": "Owl"}), (0, 0, {"name": "Fox"})]}
        )
        shirt.attribute_line_ids = [
            (0, 0, {"attribute_id": attribute.id, "value_ids": [(6, 0, attribute.value_ids.ids)]})
        ]
        offers = self.feed_offer("Z-1", name="Zoo shirt") | self.feed_offer("Z-2", name="Iron kettle")
        plan = self.start(offers)
        plan.line_ids[0].write({"product_tmpl_id": shirt.id, "decision": "link"})
        plan.action_apply()
        self.assertEqual(plan.line_ids.mapped("state"), ["failed", "done"])
        self.assertIn("which variant", plan.line_ids[0].message)
        self.assertFalse(offers[0].product_id)
        self.assertTrue(offers[1].product_id)

    def test_a_double_click_lists_once(self):
        offer = self.feed_offer("ONCE", name="Iron kettle")
        plan = self.start(offer)
        plan.action_apply()
        before = self.env["product.template"].search_count([])
        plan.action_apply()
        again = self.start(offer)
        self.assertEqual((again.line_ids.match, again.line_ids.decision), ("linked", "link"))
        again.action_apply()
        self.assertEqual(self.env["product.template"].search_count([]), before)
        self.assertEqual(self.listings.search_count([("product_tmpl_id", "=", offer.product_id.product_tmpl_id.id)]), 1)

    def test_many_are_listed_in_the_background(self):
        offers = self.env["dropship.offer"].create(
            [{"warehouse_id": self.warehouses["Rhein"].id, "sku": f"MANY-{number}", "name": f"Thing no {number * 7}x",
              "price": 3.0, "stock": 5, "weight": 0.1} for number in range(120)]
        )  # fmt: skip
        plan = self.start(offers)
        plan.line_ids.write({"decision": "new", "product_tmpl_id": False})
        plan.with_user(self.make_login("buyer")).action_apply()
        self.assertEqual((plan.state, plan.done_count), ("running", 0))
        self.run_cron("cron_list_offers")
        self.assertEqual((plan.state, plan.done_count, plan.failed_count), ("done", 120, 0), plan.line_ids[0].message)
        self.assertEqual(len(offers.product_id), 120)
        self.assertTrue(all(offers.product_id.product_tmpl_id.mapped("is_published")))

    def test_products_that_exist_are_listed_in_bulk(self):
        wizard = self.env["dropship.list.products"].create(
            {"product_tmpl_ids": [(6, 0, (self.lamp | self.stand).product_tmpl_id.ids)], "channel_id": self.market.id,
             "wanted": "draft"}
        )  # fmt: skip
        wizard.action_list()
        wizard.action_list()
        self.assertEqual(self.market.listing_ids.mapped("state"), ["draft", "draft"])

    def test_offers_that_are_not_linked_cannot_be_published(self):
        with self.assertRaises(UserError):
            self.listings._publish(self.feed_offer("LOOSE"), self.shop)
        listings = self.listings._publish(self.lamps(), self.shop)
        self.assertEqual(listings.product_tmpl_id, self.lamp_page)

    def test_roles_and_companies(self):
        offer = self.feed_offer("R-1", name="Iron kettle")
        plans = self.env["dropship.list.offers"]
        with self.assertRaises(AccessError):
            plans.with_user(self.make_login("user")).action_start(offer, self.shop)
        buyer = self.make_login("buyer")
        plan = plans.browse(plans.with_user(buyer).action_start(offer, self.shop)["res_id"])
        plan.with_user(buyer).action_apply()
        self.assertEqual(plan.line_ids.state, "done", plan.line_ids.message)
        other = self.make_company()
        stranger = self.make_login("buyer", other)
        theirs = plans.with_user(stranger).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            theirs.action_start(self.feed_offer("R-2"), self.shop)

    def test_nothing_chosen(self):
        with self.assertRaises(UserError):
            self.env["dropship.list.offers"].action_start(self.env["dropship.offer"])
