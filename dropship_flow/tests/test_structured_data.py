import json
import re
from datetime import date
from urllib.parse import urlsplit
from xml.etree import ElementTree

from odoo import fields
from odoo.tests import tagged

from ..models.arrival_shop import KEPT
from .common_availability import AvailabilityPages

GOOGLE = "{http://base.google.com/ns/1.0}"
GTIN = "4006381333931"


def markup(page):
    """All JSON-LD of a page, by type."""
    found = {}
    for text in re.findall(r'<script type="application/ld\+json"\s*>(.*?)</script>', page, re.S):
        data = json.loads(text)
        for one in data if isinstance(data, list) else [data]:
            found.setdefault(one["@type"], []).append(one)
    return found


@tagged("post_install", "-at_install", "standard")
class TestStructuredData(AvailabilityPages):
    def product(self, product=None):
        return markup(self.page(product))["Product"][0]

    def check_product(self, data):
        """What Google requires of a merchant listing, and the types of the rest."""
        self.assertEqual(data["@context"].rstrip("/"), "https://schema.org")
        for name in ("name", "image", "offers"):
            self.assertTrue(data[name], name)
        offer = data["offers"]
        self.assertEqual(offer["@type"], "Offer")
        self.assertGreater(offer["price"], 0)
        self.assertRegex(offer["priceCurrency"], "^[A-Z]{3}$")
        self.assertRegex(offer["availability"], "^https://schema.org/(InStock|OutOfStock|BackOrder|LimitedAvailability)$")
        self.assertTrue(offer["url"].startswith("http"))
        if "availabilityStarts" in offer:
            date.fromisoformat(offer["availabilityStarts"])
        if "gtin" in data:
            self.assertRegex(data["gtin"], r"^(\d{8}|\d{12,14})$")
        if "brand" in data:
            self.assertEqual(data["brand"]["@type"], "Brand")
            self.assertTrue(data["brand"]["name"])
        if "shippingDetails" in offer:
            self.check_shipping(offer["shippingDetails"])
        return offer

    def check_shipping(self, data):
        self.assertEqual(data["@type"], "OfferShippingDetails")
        self.assertRegex(data["shippingDestination"]["addressCountry"], "^[A-Z]{2}$")
        for part in ("handlingTime", "transitTime"):
            time = data["deliveryTime"][part]
            self.assertEqual((time["@type"], time["unitCode"]), ("QuantitativeValue", "DAY"))
            self.assertTrue(0 <= time["minValue"] <= time["maxValue"])

    def test_every_state_has_its_word(self):
        def word():
            self.follow()
            return self.check_product(self.product())["availability"].rsplit("/", 1)[1]

        self.assertEqual(word(), "LimitedAvailability")
        self.source.stock = 50
        self.assertEqual(word(), "InStock")
        self.source.lead_days = 9
        self.assertEqual(word(), "BackOrder")
        starts = self.product()["offers"]["availabilityStarts"]
        self.assertEqual(starts, fields.Date.to_string(fields.Date.add(fields.Date.today(), days=9)))
        self.source.stock = 0
        self.assertEqual(word(), "OutOfStock")

    def test_price_currency_gtin_and_brand(self):
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self.lamp.write({"barcode": GTIN, "default_code": "LL-LAMP"})
        self.source.brand = "Nordlys"
        data = self.product()
        offer = self.check_product(data)
        self.assertEqual((offer["price"], offer["priceCurrency"]), (34.9, "EUR"))
        self.assertEqual((data["gtin"], data["sku"], data["brand"]["name"]), (GTIN, "LL-LAMP", "Nordlys"))
        self.lamp.barcode = "SHELF-7"
        self.assertNotIn("gtin", self.product())

    def test_makers_of_many_products_are_read_at_once(self):
        self.source.brand = "Nordlys"
        self.env.flush_all()
        self.env.invalidate_all()
        products = self.lamp | self.stand | self.cable
        before = self.env.cr.sql_log_count
        self.assertEqual([product.dropship_maker for product in products], ["Nordlys", False, False])
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2)

    def test_a_supplier_that_calls_the_goods_by_his_name_stays_unnamed(self):
        self.source.brand = self.suppliers["Rhein"].partner_id.name.upper()
        data = self.product()
        self.assertNotIn("brand", data)
        self.assertNoSecrets(json.dumps(data).replace("15.9", ""))

    def test_shipping_once_it_is_known(self):
        KEPT.clear()
        self.call("/shop/promise/place", country_id=self.country("DE").id, zip="10115")
        self.call("/shop/promise", product_id=self.lamp.id)
        self.assertIn("shippingDetails", self.check_product(self.product()))

    def test_variants(self):
        size = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": "S"}), (0, 0, {"name": "L"})]}
        )
        shirt = self.env["product.template"].create(
            {
                "name": "Shirt", "type": "consu", "is_published": True, "list_price": 20,
                "attribute_line_ids": [(0, 0, {"attribute_id": size.id, "value_ids": [(6, 0, size.value_ids.ids)]})],
            }
        )  # fmt: skip
        for variant, stock in zip(shirt.product_variant_ids, (0, 40), strict=True):
            self.make_offer(self.warehouses["Rhein"], variant, 5, stock=stock, sku=variant.display_name)
        self.follow()
        group = markup(self.url_open(shirt.website_url).text)["ProductGroup"][0]
        words = [self.check_product(one)["availability"].rsplit("/", 1)[1] for one in group["hasVariant"]]
        self.assertEqual(words, ["OutOfStock", "InStock"])

    def test_what_is_not_ours_is_as_core_says(self):
        own = self.make_product("Own", is_published=True)
        self.assertNotIn("availability", self.product(own)["offers"])

    # --- Google Merchant ---

    def merchant(self):
        """{id: {name: text}} of the feed as Google fetches it."""
        if not getattr(self, "feed", None):
            self.website.enabled_gmc_src = True
            self.feed = self.env["product.feed"].create({"name": "Google", "website_id": self.website.id})
        answer = self.url_open(f"/gmc.xml?feed_id={self.feed.id}&access_token={self.feed.access_token}")
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        items = ElementTree.fromstring(answer.content).iter("item")
        return {
            item.findtext(f"{GOOGLE}title"): {one.tag.replace(GOOGLE, ""): one.text for one in item} for item in items
        }

    def check_item(self, item):
        for name in ("id", "title", "link", "price", "availability"):
            self.assertTrue(item.get(name), name)
        self.assertRegex(item["price"], r"^\d+\.\d{2} [A-Z]{3}$")
        self.assertIn(item["availability"], ("in_stock", "out_of_stock", "preorder", "backorder"))
        if item["availability"] == "backorder":
            self.assertRegex(item["availability_date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\dZ?(:\d\dZ)?$")
        return item

    def test_the_shopping_feed(self):
        self.lamp.barcode = GTIN
        self.source.brand = "Nordlys"
        item = self.check_item(self.merchant()["Lamp"])
        self.assertEqual((item["availability"], item["gtin"], item["brand"]), ("in_stock", GTIN, "Nordlys"))
        self.source.lead_days = 9
        self.follow()
        item = self.check_item(self.merchant()["Lamp"])
        self.assertEqual(item["availability"], "backorder", "The kept file is made anew when words change")
        self.source.stock = 0
        self.follow()
        self.assertEqual(self.check_item(self.merchant()["Lamp"])["availability"], "out_of_stock")
        self.lamp.barcode = "SHELF-7"
        self.feed.action_invalidate_cache()
        item = self.merchant()["Lamp"]
        self.assertEqual((item["identifier_exists"], item.get("gtin")), ("no", None))
        self.assertNoSecrets(json.dumps(item))

    # --- sitemap ---

    def sitemap(self):
        """{path: last change} of the products, as a search engine fetches it."""
        self.env["ir.attachment"].sudo().search([("url", "=like", "/sitemap-%")]).unlink()
        self.env.flush_all()
        space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
        root = ElementTree.fromstring(self.url_open("/sitemap.xml").content)
        rows = {one.findtext(f"{space}loc"): one.findtext(f"{space}lastmod") for one in root.iter(f"{space}url")}
        return {urlsplit(url).path: day for url, day in rows.items()}

    def test_the_sitemap(self):
        url = self.lamp.product_tmpl_id.website_url
        rows = self.sitemap()
        self.assertEqual(rows[url], str(self.lamp.product_tmpl_id.write_date.date()))
        self.stand.product_tmpl_id.is_published = False
        self.assertNotIn(self.stand.product_tmpl_id.website_url, self.sitemap())
        self.source.stock = 0
        self.follow()
        self.assertIn(url, self.sitemap(), "Search engines do not forget what is sold out for a week")
        self.website.dropship_sitemap_unavailable = False
        rows = self.sitemap()
        self.assertNotIn(url, rows)
        self.assertIn(self.cable.product_tmpl_id.website_url, rows)
