import base64
import doctest
import importlib
import pkgutil
from pathlib import Path

from odoo.addons.dropship_flow import feeds
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.price_list_text import REASONS, REFUSALS
from .common_first_hour import FirstHourCase


@tagged("post_install", "-at_install", "standard")
class TestPriceList(FirstHourCase):
    """A supplier's file as received: looked at, corrected, applied once, nothing lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.make_supplier("义乌晨星", "CN", currency_id=cls.yuan)
        cls.warehouse = cls.make_warehouse(cls.supplier, "CN")

    def offer(self, sku):
        return self.env["dropship.offer"].search([("warehouse_id", "=", self.warehouse.id), ("sku", "=", sku)])

    def test_a_chinese_file_is_read_and_shown(self):
        prices = self.read_prices()
        self.assertEqual((prices.state, prices.good_count, prices.bad_count), ("read", 5, 2))
        self.assertEqual(prices.row_ids.mapped("sku"), ["K-1", "K-2", "K-3", "K-4", "K-5"])
        roles = {column.header: column.role for column in prices.column_ids}
        self.assertEqual(roles["供货价(元)"], "price")
        self.assertEqual(roles["重量(克)"], "weight")
        self.assertFalse(self.offer("K-1"), "nothing is written before it is applied")

    def test_bad_rows_are_kept_with_line_and_reason(self):
        prices = self.read_prices()
        self.assertEqual(
            [(row.line, row.reason) for row in prices.bad_row_ids],
            [(7, "The price is 0."), (8, "A total, not a product.")],
        )
        text = base64.b64decode(prices.bad_file).decode("utf-8-sig")
        self.assertIn("K-6", text)
        self.assertIn("7,The price is 0.", text)

    def test_applied_rows_are_products_and_offers(self):
        prices = self.read_prices()
        prices.action_apply()
        self.assertEqual((prices.state, prices.created_count), ("applied", 5))
        offer = self.offer("K-1")
        self.assertEqual((offer.price, offer.stock, offer.currency_id), (12.5, 100, self.yuan))
        product = offer.product_id
        self.assertEqual((product.name, product.barcode, product.weight), ("台灯", "4006381333931", 0.4))
        self.assertEqual(product.type, "consu")
        self.assertIn(self.env.ref("stock_dropshipping.route_drop_shipping"), product.route_ids)
        self.assertEqual(self.offer("K-3").stock_mode, "unlimited")
        prices.action_apply()
        self.assertEqual(len(self.warehouse.offer_ids), 5, "applied once")

    def test_known_goods_are_matched_by_barcode_and_code(self):
        by_barcode = self.make_product("Lamp", barcode="4006381333931")
        by_code = self.make_product("Stand", default_code="K-2")
        prices = self.read_prices()
        prices.action_apply()
        self.assertEqual(self.offer("K-1").product_id, by_barcode)
        self.assertEqual(self.offer("K-2").product_id, by_code)
        self.assertEqual(prices.created_count, 3)

    def test_a_code_of_two_products_names_neither(self):
        self.make_product("One", default_code="K-2")
        self.make_product("Two", default_code="K-2")
        self.read_prices(create_products=False).action_apply()
        self.assertFalse(self.offer("K-2").product_id)

    def test_the_next_file_updates_and_a_jump_is_set_aside(self):
        self.read_prices().action_apply()
        text = "货号,品名,供货价,库存\nK-1,台灯,13.00,80\nk-2,手机支架,320,10\n"
        prices = self.read_prices(text)
        self.assertEqual([row.reason for row in prices.bad_row_ids],
                         ["The price was 3.2 and would be 320: a lost decimal point?"])  # fmt: skip
        prices.action_apply()
        self.assertEqual((self.offer("K-1").price, self.offer("K-1").stock), (13.0, 80))
        self.assertEqual(self.offer("K-2").price, 3.2)
        self.assertEqual(prices.created_count, 0)

    def test_a_person_corrects_the_columns(self):
        prices = self.read_prices("A,B,C\nK-1,12.50,Lamp\nK-2,3.20,Stand\n", "utf-8")
        for column, role in zip(prices.column_ids, ("sku", "price", "name"), strict=True):
            column.role = role
        prices.action_read_again()
        self.assertEqual(prices.row_ids.mapped("name"), ["Lamp", "Stand"])
        prices.column_ids[2].role = "price"
        with self.assertRaises(UserError):
            prices.action_read_again()
        prices.column_ids[2].role = False
        with self.assertRaises(UserError):
            prices.action_apply()

    def test_formulas_stay_text_and_harm_no_spreadsheet(self):
        prices = self.read_prices('SKU,Name,Price\nA1,"=HYPERLINK(""x"")",2.50\nA2,Cup,=1+1\n', "utf-8")
        self.assertEqual(prices.row_ids.name, '=HYPERLINK("x")')
        self.assertIn("'=1+1", base64.b64decode(prices.bad_file).decode("utf-8-sig"))

    def test_what_is_no_price_list_is_refused_in_words(self):
        for content, words in (
            (b"", "Drop the supplier's file first"),
            (b"<html>Log in</html>", "web page"),
            (b"%PDF-1.4", "no table"),
            (b"PK\x03\x04broken", "damaged"),
        ):
            prices = self.env["dropship.price.list"].create(
                {"warehouse_id": self.warehouse.id, "file": base64.b64encode(content), "file_name": "x"}
            )
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                prices.action_read()
            self.assertEqual(prices.state, "draft")

    def test_every_reason_has_a_sentence(self):
        text = "".join(path.read_text() for path in Path(feeds.__path__[0]).glob("*.py"))
        for code in (*REASONS, *REFUSALS):
            self.assertTrue(f'"{code}"' in text or code.endswith("_twice"), code)

    def test_who_may_read_and_apply(self):
        prices = self.read_prices()
        desk, employee, portal = (self.make_login(role) for role in ("user", "employee", "portal"))
        self.assertTrue(prices.with_user(desk).read(["good_count"]))
        with self.assertRaises(AccessError):
            prices.with_user(desk).action_apply()
        for login in (employee, portal):
            with self.assertRaises(AccessError):
                prices.with_user(login).read(["good_count"])

    def test_a_buyer_who_may_not_create_products_is_told(self):
        buyer = self.make_login("buyer")
        prices = self.read_prices(create_products=False)
        prices.with_user(buyer).action_apply()
        self.assertEqual(len(self.warehouse.offer_ids), 5)

    def test_examples(self):
        for info in pkgutil.iter_modules(feeds.__path__):
            with self.subTest(info.name):
                self.assertFalse(doctest.testmod(importlib.import_module(f"{feeds.__name__}.{info.name}")).failed)
