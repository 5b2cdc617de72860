from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_listing import ListingCase


@tagged("post_install", "-at_install", "standard")
class TestListing(ListingCase):
    """Listings by the verbs of people: on the channel, off it, held, gone for good."""

    def test_the_page_follows_the_listing(self):
        listing = self.list_it(self.lamp)
        self.assertEqual(listing.state, "published")
        self.assertTrue(self.lamp_page.is_published)
        listing.action_take_off()
        self.assertEqual((listing.state, self.lamp_page.is_published), ("draft", False))
        listing.action_publish()
        self.assertTrue(self.lamp_page.is_published)
        listing.action_delist()
        self.assertFalse(self.lamp_page.is_published)
        self.assertEqual(
            listing.event_ids.sorted("id").mapped("state_to"), ["published", "draft", "published", "delisted"]
        )

    def test_a_marketplace_shows_nothing_on_the_website(self):
        listing = self.list_it(self.lamp, self.market)
        self.assertEqual(listing.state, "published")
        self.assertFalse(self.lamp_page.is_published)

    def test_a_product_published_by_hand_is_left_alone(self):
        self.lamp_page.is_published = True
        self.list_it(self.lamp, self.market, wanted="draft")
        self.assertTrue(self.lamp_page.is_published, "no listing of a website speaks about it")
        listing = self.env["dropship.listing"].create(
            {"product_tmpl_id": self.lamp_page.id, "channel_id": self.shop.id}
        )
        self.assertEqual(listing.wanted, "published", "what is in the shop stays there when it becomes a listing")
        self.assertTrue(self.lamp_page.is_published)

    def test_who_switches_the_page_switches_the_listing(self):
        listing = self.list_it(self.lamp)
        self.lamp_page.website_published = False
        self.assertEqual(listing.wanted, "draft")
        self.lamp_page.is_published = True
        self.assertEqual((listing.wanted, listing.state), ("published", "published"))

    def test_the_page_of_a_held_listing_cannot_be_switched_on(self):
        listing = self.list_it(self.lamp)
        listing._hold_by_hand("Pictures are wrong")
        self.lamp_page.is_published = True
        self.assertEqual(listing.state, "hold")
        self.assertFalse(self.lamp_page.is_published)

    def test_one_of_two_shops_is_enough(self):
        other = self.env["website"].create({"name": "Second", "company_id": self.company.id})
        second = self.env["dropship.sales.channel"].create(
            {"name": "Second", "company_id": self.company.id, "website_id": other.id}
        )
        mine, theirs = self.list_it(self.lamp), self.list_it(self.lamp, second)
        self.assertFalse(self.lamp_page.website_id, "shown on both")
        mine.action_take_off()
        self.assertEqual((self.lamp_page.is_published, self.lamp_page.website_id), (True, other))
        theirs.action_take_off()
        self.assertFalse(self.lamp_page.is_published)

    def test_a_deleted_listing_takes_its_page_off(self):
        self.list_it(self.lamp).unlink()
        self.assertFalse(self.lamp_page.is_published)

    def test_held_by_hand_with_a_reason_and_an_end(self):
        listing = self.list_it(self.lamp)
        with self.assertRaises(UserError):
            listing._hold_by_hand("  ")
        with self.assertRaises(UserError):
            listing._hold_by_hand("x", fields.Date.today())
        wizard = self.env["dropship.listing.hold"].create(
            {"listing_ids": [(6, 0, listing.ids)], "reason": "New pictures come", "until": "2199-01-01"}
        )
        wizard.action_hold()
        self.assertEqual((listing.state, listing.hold_kind), ("hold", "by_hand"))
        self.assertIn("New pictures come", listing.reason_text)
        listing.hold_until = "2020-01-01"
        self.run_cron("cron_listings")
        self.env.invalidate_all()
        self.assertEqual(listing.state, "published", "its end came")

    def test_published_again_by_a_person_ends_the_hold_by_hand(self):
        listing = self.list_it(self.lamp)
        listing._hold_by_hand("Later")
        listing.action_publish()
        self.assertEqual((listing.state, listing.hold_note), ("published", False))

    def test_once_per_channel(self):
        self.list_it(self.lamp)
        with self.refused():
            self.list_it(self.lamp)

    def test_templates_of_texts_are_checked(self):
        with self.assertRaises(ValidationError):
            self.shop.seo_title = "{name} by {maker}"

    # --- texts for search engines ---

    def test_search_texts_are_made_and_kept_once_edited(self):
        self.lamp_page.write({"dropship_brand": "Lumen", "description_ecommerce": "<p>Warm <b>light</b></p>"})
        listing = self.listings._publish(self.lamp_page, self.shop)
        self.assertEqual(self.lamp_page.website_meta_title, "Lamp – Lumen | Shop of the test")
        self.assertIn("Warm light", self.lamp_page.website_meta_description)
        self.lamp_page.name = "Leaf lamp"
        listing.action_seo()
        self.assertEqual(self.lamp_page.website_meta_title, "Leaf lamp – Lumen | Shop of the test")
        listing.website_meta_title = "The lamp everybody wants"
        self.assertEqual(self.lamp_page.website_meta_title, "The lamp everybody wants")
        self.lamp_page.name = "Other name"
        listing.action_seo()
        self.assertEqual(self.lamp_page.website_meta_title, "The lamp everybody wants", "a person wrote it")
        self.assertIn("Other name", self.lamp_page.website_meta_description)

    def test_search_texts_in_each_language(self):
        chinese = self.env["res.lang"]._activate_lang("zh_CN")
        self.website.language_ids |= chinese
        self.lamp_page.with_context(lang="zh_CN").name = "台灯"
        self.shop.with_context(lang="zh_CN").seo_title = "{name} 现货[ | {shop}]"
        listing = self.listings._publish(self.lamp_page, self.shop)
        self.assertEqual(self.lamp_page.website_meta_title, "Lamp | Shop of the test")
        self.assertEqual(
            self.lamp_page.with_context(lang="zh_CN").website_meta_title, "台灯 现货 | Shop of the test"
        )
        listing.with_context(lang="zh_CN").website_meta_title = "手写"
        listing.action_seo()
        self.assertEqual(self.lamp_page.with_context(lang="zh_CN").website_meta_title, "手写")
        self.assertEqual(self.lamp_page.website_meta_title, "Lamp | Shop of the test")

    # --- quality ---

    def test_quality_says_what_is_missing_and_follows_the_product(self):
        listing = self.listings._publish(self.lamp_page, self.shop)
        before = listing.quality
        codes = {code for code, _figures in listing.quality_missing}
        self.assertLessEqual({"picture_missing", "description_missing", "gtin_missing", "title_short"}, codes)
        self.assertEqual(before, 100 - sum(figures["points"] for _code, figures in listing.quality_missing))
        self.assertIn("No picture.", listing.quality_text)
        self.lamp_page.write({"description_ecommerce": "<p>" + "Warm light in three steps. " * 8 + "</p>"})
        self.assertEqual(listing.quality, before + 12)
        self.lamp_page.barcode = "4006381333931"
        self.assertEqual(listing.quality, before + 18)

    # --- who may ---

    def test_roles(self):
        listing = self.list_it(self.lamp)
        desk = listing.with_user(self.make_login("user"))
        self.assertTrue(desk.read(["state", "reason_text", "quality_text", "closing_text", "visits_30", "margin"]))
        for verb in ("action_publish", "action_take_off", "action_hold", "action_delist", "action_check", "action_seo"):
            with self.subTest(verb), self.assertRaises(AccessError):
                getattr(desk, verb)()
        buyer = listing.with_user(self.make_login("buyer"))
        buyer.action_take_off()
        buyer.action_publish()
        buyer.website_meta_keywords = "lamp, light"
        buyer._hold_by_hand("Reason")
        self.assertEqual(listing.held_by_id, buyer.env.user)
        for role in ("employee", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                listing.with_user(self.make_login(role)).read(["state"])

    def test_two_companies(self):
        listing = self.list_it(self.lamp)
        other = self.make_company()
        buyer = self.make_login("buyer", other)
        with self.assertRaises(AccessError):
            listing.with_user(buyer).action_take_off()
        theirs = self.env["dropship.sales.channel"].create({"name": "Theirs", "company_id": other.id})
        self.lamp_page.company_id = self.company
        listings = self.listings.with_company(other)._publish(self.lamp_page, theirs)
        self.assertFalse(listings, "a product of one company is not listed by another")

    def test_a_supplier_who_closes_soon_is_said_on_the_listing(self):
        today = fields.Date.today()
        listing = self.list_it(self.lamp)
        self.assertFalse(listing.closing_text)
        self.env["dropship.supplier.closure"].create(
            {
                "name": "春节",
                "supplier_id": self.suppliers["Dawn"].id,
                "date_from": fields.Date.add(today, days=9),
                "date_to": fields.Date.add(today, days=20),
            }
        )
        listing.invalidate_recordset()
        self.assertIn("Dawn", listing.closing_text)
        self.assertIn("春节", listing.closing_text)

    def test_the_overview_counts_what_is_on_hold_and_why(self):
        self.list_it(self.lamp)._hold_by_hand("Pictures")
        cards = {card["key"]: card for card in self.env["dropship.overview"]._listing_cards()}
        domain = cards["listings_held"]["domain"] & self.env["dropship.listing"]._check_company_domain(self.company)
        self.assertEqual(self.env["dropship.listing"].search_count(domain), 1)
        self.assertEqual(self.env["dropship.overview"]._hint_listings(domain), "1 Held by hand")
