from unittest.mock import patch

from odoo import fields, http
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..models.arrival_shop import KEPT
from .common_availability import AvailabilityPages


@tagged("post_install", "-at_install", "standard")
class TestAvailabilityShop(AvailabilityPages):
    def info(self, product=None, qty=1):
        product = product or self.lamp
        return self.call(
            "/website_sale/get_combination_info",
            product_template_id=product.product_tmpl_id.id,
            product_id=product.id,
            combination=product.product_template_attribute_value_ids.ids,
            add_qty=qty,
        )

    # --- product page and list ---

    def test_every_state_in_words(self):
        later = fields.Date.add(fields.Date.today(), days=20)
        holiday = {"name": "Holiday", "supplier_id": self.source.supplier_id.id, "date_to": later}
        self.assertIn("Only 3 left", self.page())
        self.source.stock = 50
        self.follow()
        page = self.page()
        self.assertIn("In stock", page)
        self.assertNoSecrets(page)
        self.source.lead_days = 5
        self.follow()
        self.assertIn("Ships in 5 days", self.page())
        closure = self.env["dropship.supplier.closure"].create({**holiday, "date_from": fields.Date.today()})
        self.follow()
        self.assertIn("holiday: ships from", self.page())
        closure.unlink()
        self.source.stock = 0
        self.follow()
        page = self.page()
        self.assertIn("Not available at the moment", page)
        self.assertNoSecrets(page)
        self.source.next_arrival = later
        self.follow()
        self.assertIn("Expected again on", self.page())

    def test_the_list_says_it_and_offers_no_button_for_what_is_gone(self):
        self.source.stock = 0
        self.lamp.name = "Zauberlampe"
        self.follow()
        text = self.url_open("/shop?search=Zauberlampe").text
        self.assertIn("Not available at the moment", text)
        self.assertNotIn("o_wsale_product_btn_primary", text)
        self.assertNoSecrets(text)

    def test_variant_by_variant(self):
        size = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": "S"}), (0, 0, {"name": "L"})]}
        )
        shirt = self.env["product.template"].create(
            {
                "name": "Shirt", "type": "consu", "is_published": True, "list_price": 20, "sale_ok": True,
                "attribute_line_ids": [(0, 0, {"attribute_id": size.id, "value_ids": [(6, 0, size.value_ids.ids)]})],
            }
        )  # fmt: skip
        small, large = shirt.product_variant_ids
        self.make_offer(self.warehouses["Rhein"], small, 5, stock=0, sku="S")
        self.make_offer(self.warehouses["Rhein"], large, 5, stock=2, sku="L")
        self.follow()
        self.assertFalse(self.info(small)["dropship_stock"]["orderable"])
        found = self.info(large)["dropship_stock"]
        self.assertEqual((found["state"], found["most"]), ("few", 2))
        self.assertIn("Only 2 left", found["html"])
        self.assertIn("Only 2 left", self.url_open("/shop?search=Shirt").text, "The list tells the best of them")

    def test_plenty_is_not_told_as_a_number(self):
        self.source.stock = 4711
        self.follow()
        found = self.info()["dropship_stock"]
        self.assertNotIn("most", found)
        self.assertNotIn("4711", str(found) + self.page())
        self.assertEqual(self.info(qty=5000)["dropship_stock"]["most"], 4711, "Unless more is asked for")

    def test_what_cannot_be_ordered_has_no_day_of_arrival(self):
        KEPT.clear()
        self.assertTrue(self.call("/shop/promise", product_id=self.lamp.id))
        self.source.stock = 0
        self.follow()
        KEPT.clear()
        self.assertEqual(self.call("/shop/promise", product_id=self.lamp.id), {})

    def test_the_shop_may_say_nothing(self):
        self.website.dropship_show_availability = False
        self.source.stock = 0
        self.follow()
        page = self.page()
        self.assertNotIn("Not available at the moment", page)
        self.assertNotIn("dropship_stock", self.info())

    def test_the_channel_keeps_something_back(self):
        self.channel.buffer_units = 1
        self.env.invalidate_all()
        self.assertIn("Only 2 left", self.page())

    def test_a_product_of_our_own_is_left_to_core(self):
        own = self.make_product("Own", is_storable=True, is_published=True, allow_out_of_stock_order=False)
        self.follow()
        found = self.info(own)
        self.assertNotIn("dropship_stock", found)
        self.assertEqual(found["free_qty"], 0)

    # --- cart and checkout ---

    def test_no_more_than_there_is_goes_into_the_cart(self):
        order = self.fill_cart((self.stand, 1))
        values = order._cart_add(self.lamp.id, quantity=5)
        self.assertEqual(values["quantity"], 3)
        self.assertIn("Only 3 of Lamp are left", values["warning"])
        line = order.order_line.filtered(lambda line: line.product_id == self.lamp)
        self.assertEqual(line._get_max_line_qty(), 3)
        self.assertEqual(order._cart_update_line_quantity(line.id, 9)["quantity"], 3)
        self.assertEqual(order._cart_update_line_quantity(line.id, 2)["quantity"], 2)

    def test_the_last_ones_were_sold_meanwhile(self):
        order = self.fill_cart((self.lamp, 3), (self.cable, 1))
        self.source.stock = 2
        self.follow()
        for page in ("/shop/cart", "/shop/checkout", "/shop/payment"):
            with self.subTest(page):
                text = self.url_open(page).text
                self.assertIn("Only 2 of Lamp are left", text)
                self.assertNoSecrets(text)
        with self.assertRaises(ValidationError):
            order._check_cart_is_ready_to_be_paid()
        self.url_open("/shop/cart/left", data={"csrf_token": http.Request.csrf_token(self)})
        self.env.invalidate_all()
        self.assertEqual(order.order_line.filtered(lambda line: line.product_id == self.lamp).product_uom_qty, 2)
        order._check_cart_is_ready_to_be_paid()

    def test_all_were_sold_meanwhile(self):
        order = self.fill_cart((self.lamp, 1), (self.cable, 1))
        self.source.stock = 0
        self.follow()
        self.assertIn("Lamp is not available at the moment", self.url_open("/shop/cart").text)
        order._dropship_take_what_is_left()
        self.assertEqual(order.order_line.product_id, self.cable)

    def test_later_goods_are_told_at_checkout(self):
        self.source.write({"stock": 50, "lead_days": 6})
        self.follow()
        self.fill_cart((self.lamp, 1))
        self.assertIn("Ships in 6 days", self.url_open("/shop/cart").text)
        self.assertIn("Lamp: Ships in 6 days", self.url_open("/shop/checkout").text)

    def test_a_long_cart_is_looked_at_once(self):
        """Each line asks about its own product, not about every line again."""
        goods = [self.make_product(f"Long {number}") for number in range(12)]
        for number, product in enumerate(goods):
            self.make_offer(self.warehouses["Rhein"], product, 5.0, sku=f"LONG-{number}")
        self.follow()
        order = self.fill_cart(*((product, 1) for product in goods))
        asked, product_class = [], type(self.lamp)
        sold_here = product_class._dropship_sold_here

        def count(product, website=None):
            asked.append(product.id)
            return sold_here(product, website)

        with patch.object(product_class, "_dropship_sold_here", count):
            for line in order.order_line:
                self.assertTrue(line._check_availability())
        self.assertLessEqual(len(asked), 3 * len(goods))

    def test_two_lines_share_what_is_left(self):
        order = self.fill_cart((self.lamp, 2), (self.lamp, 2))
        short = order._dropship_short_lines()
        self.assertEqual(list(short.values()), [1.0])

    def test_ordered_again(self):
        order = self.fill_cart((self.lamp, 1), (self.cable, 1))
        self.assertTrue(all(line._is_reorder_allowed() for line in order.order_line))
        self.source.stock = 0
        self.follow()
        self.assertEqual([line._is_reorder_allowed() for line in order.order_line], [False, True])

    # --- blocks, visitors ---

    def test_blocks_ask_for_words_only(self):
        found = self.call("/shop/stock", product_id=self.lamp.id)
        self.assertEqual((found["state"], found["orderable"]), ("few", True))
        self.assertNoSecrets(str(found))
        for product_id in (0, -1, "x", None, [1], 10**12, True):
            self.assertEqual(self.call("/shop/stock", product_id=product_id), {})
        self.lamp.product_tmpl_id.is_published = False
        self.assertEqual(self.call("/shop/stock", product_id=self.lamp.id), {})

    def test_delivery_times_by_country(self):
        self.make_rate(self.warehouses["Dawn"], 9.0, countries="FR", days=(12, 15, 20))
        self.channel.destination_ids = [(0, 0, {"country_id": self.country(code).id}) for code in ("DE", "FR", "US")]
        KEPT.clear()
        rows = {row["place"]: row for row in self.website._dropship_destinations()}
        self.assertEqual(set(rows), {"Germany", "France"}, "Nothing goes to the United States")
        self.assertLessEqual(rows["Germany"]["from"], 3)
        self.assertGreaterEqual(rows["France"]["to"], 12)
        found = self.call("/shop/promise/destinations")["html"]
        self.assertIn("France", found)
        self.assertNoSecrets(found)
        self.channel.promise_days = 10
        KEPT.clear()
        self.assertEqual(self.website._dropship_destinations()[0]["within"], 10)

    def test_blocks_are_offered_and_render(self):
        snippets = self.env.ref("website.snippets").get_combined_arch()
        for name in ("delivery", "trust", "stock", "track", "promise"):
            with self.subTest(name):
                self.assertIn(f't-snippet="dropship_flow.s_dropship_{name}"', snippets)
                self.assertIn(f"s_dropship_{name}", self.env["ir.qweb"]._render(f"dropship_flow.s_dropship_{name}"))

    def test_visitors_read_no_rows(self):
        public = self.website.user_id
        for model in ("dropship.availability", "dropship.offer"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(public).search([])
        for name in ("dropship_stock", "dropship_stock_text"):
            with self.assertRaises(AccessError):
                self.lamp.with_user(public).read([name])
