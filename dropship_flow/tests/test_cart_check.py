"""The cart's word before anything is paid: what cannot come, and what the remote place costs."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_delivery import DeliveryFactories
from .common_flow import FlowCase
from .common_shop_pages import ShopPages


@tagged("post_install", "-at_install", "standard")
class TestCartCheck(DeliveryFactories, FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["delivery.carrier"].search([]).is_published = False
        cls.carrier = cls.make_carrier(dropship_flat=4.9)
        cls.website = cls.env["website"].create({"name": "Test shop", "company_id": cls.company.id})

    def cart(self, *lines, **vals):
        return self.make_sale(*lines, website_id=self.website.id, **vals)

    def problem(self, order, fresh=False):
        return order._dropship_delivery_problem(fresh)[0]

    def test_everything_can_come(self):
        order = self.cart(self.lamp, self.stand)
        self.assertEqual(self.problem(order), "")
        self.assertEqual(order._dropship_cart_notes(), [])

    def test_what_cannot_be_delivered_is_named_and_no_supplier(self):
        self.anna.write({"country_id": self.country("FR").id, "city": "Lyon", "zip": "69003"})
        self.make_rate(self.warehouses["Rhein"], 8.0, countries="FR")
        self.offers["Rhein", self.cable].unlink()
        order = self.cart(self.lamp, self.cable)
        text = self.problem(order)
        self.assertIn("Cable", text)
        self.assertNotIn("Lamp", text)
        self.assertIn("Lyon", text)
        for supplier in self.suppliers:
            self.assertNotIn(supplier, text)
        self.assertEqual(order._dropship_cart_notes(), [("danger", text)])
        with self.assertRaisesRegex(ValidationError, "Cable"):
            order._check_cart_is_ready_to_be_paid()

    def test_out_of_stock_is_no_question_of_the_address(self):
        for (_name, product), offer in self.offers.items():
            if product == self.lamp:
                offer.stock = 0
        self.assertEqual(self.problem(self.cart(self.lamp)), "")

    def test_restricted_goods(self):
        tag = self.env["product.tag"].create(
            {"name": "Glass", "dropship_restricted_country_ids": [Command.set(self.country("DE").ids)]}
        )
        order = self.cart(self.lamp, self.stand)
        self.assertEqual(self.problem(order), "")
        self.lamp.additional_product_tag_ids = tag
        self.assertEqual(self.problem(order), "", "known for ten minutes")
        self.assertIn("Lamp", self.problem(order, fresh=True))

    def test_changing_the_address_asks_again(self):
        order = self.cart(self.lamp)
        self.assertEqual(self.problem(order), "")
        self.anna.country_id = self.country("FR")
        self.assertIn("Lamp", self.problem(order))
        self.anna.country_id = self.country("DE")
        self.assertEqual(self.problem(order), "")

    def test_a_visitor_without_address_is_told_nothing(self):
        visitor = self.website.user_id.partner_id
        visitor.country_id = self.country("FR")
        order = self.cart(self.lamp, partner=visitor)
        self.assertEqual(self.problem(order), "")
        self.anna.country_id = False
        self.assertEqual(self.problem(self.cart(self.lamp)), "")

    def test_place_no_method_delivers_to(self):
        self.carrier.dropship_zone_ids = [self.zone("refuse", "DE", zip_from="10", zip_to="14")]
        order = self.cart(self.lamp)
        self.assertIn("Berlin", self.problem(order))
        with self.assertRaises(ValidationError):
            order._check_cart_is_ready_to_be_paid()

    def test_remote_place_is_said_with_its_price(self):
        self.carrier.dropship_zone_ids = [self.zone("surcharge", "DE", name="Island", first_price=6.5)]
        order = self.cart(self.lamp)
        ((level, text),) = order._dropship_cart_notes()
        self.assertEqual(level, "info")
        self.assertIn("Island", text)
        self.assertIn("6.50", text)
        self.assertEqual(self.charge(self.carrier, order), 11.4)

    def test_surcharge_is_shown_with_the_tax_the_customer_pays(self):
        self.tax.price_include_override = "tax_excluded"
        self.carrier.product_id.taxes_id = self.tax
        self.carrier.dropship_zone_ids = [self.zone("surcharge", "DE", name="Island", first_price=10)]
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self.assertIn("11.90", self.cart(self.lamp)._dropship_cart_notes()[0][1])
        self.website.show_line_subtotals_tax_selection = "tax_excluded"
        self.assertIn("10.00", self.cart(self.lamp)._dropship_cart_notes()[0][1])

    def test_looking_again_costs_few_queries(self):
        self.carrier.dropship_zone_ids = [self.zone("surcharge", "DE", name="Island", first_price=6.5)]
        order = self.cart(self.lamp, self.stand, self.cable)
        order._dropship_cart_notes()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        order._dropship_cart_notes()
        warm = self.env.cr.sql_log_count - before
        self.assertLessEqual(warm, 6)
        more = self.cart(*[(self.lamp, 1)] * 12)
        more._dropship_cart_notes()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        more._dropship_cart_notes()
        self.assertLessEqual(self.env.cr.sql_log_count - before, warm)

    def test_a_broken_fact_never_breaks_the_cart(self):
        self.patch(type(self.env["dropship.router"]), "_read_facts", lambda *args, **kwargs: 1 / 0)
        with self.assertLogs("odoo.addons.dropship_flow.models.cart_check", "ERROR"):
            self.assertEqual(self.problem(self.cart(self.lamp)), "")

    def test_services_and_other_goods_are_left_alone(self):
        work = self.make_product("Hour", type="service", taxes_id=False)
        own = self.make_product("Own thing", taxes_id=False)
        self.anna.country_id = self.country("FR")
        self.assertEqual(self.problem(self.cart(work, own)), "")


@tagged("post_install", "-at_install", "standard")
class TestCartPages(ShopPages):
    """The same on the shop's pages, as a customer of the demo's web shop sees them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.lamp | cls.cable).is_published = True

    def test_pages_say_what_cannot_come_and_payment_is_refused(self):
        self.partner.write({"country_id": self.country("FR").id, "city": "Lyon", "zip": "69003"})
        order = self.fill_cart(self.lamp, self.cable)
        for page in ("/shop/cart", "/shop/checkout", "/shop/payment"):
            with self.subTest(page):
                text = self.url_open(page).text
                self.assertIn("cannot be delivered to Lyon", text)
                for supplier in self.suppliers:
                    self.assertNotIn(supplier, text)
        answer = self.pay(order)
        self.assertIn("cannot be delivered", str(answer["error"]))
        self.assertFalse(order.transaction_ids)

    def test_surcharge_is_said_before_payment(self):
        self.carrier.dropship_zone_ids = [self.zone("surcharge", "DE", name="Island", first_price=6.5)]
        order = self.fill_cart(self.lamp)
        for page in ("/shop/cart", "/shop/checkout", "/shop/payment"):
            with self.subTest(page):
                text = self.url_open(page).text
                self.assertIn("Island", text)
                self.assertIn("6.50", text)
        self.assertEqual(order.amount_delivery, 11.4)

    def test_an_ordinary_cart_says_nothing(self):
        self.fill_cart(self.lamp)
        for page in ("/shop/cart", "/shop/checkout", "/shop/payment"):
            self.assertNotIn("o_dropship_delivery_note", self.url_open(page).text)

    def pay(self, order):
        order._portal_ensure_token()
        self.env.flush_all()
        return self.make_jsonrpc(f"/shop/payment/transaction/{order.id}", {"access_token": order.access_token})

    def make_jsonrpc(self, url, params):
        call = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open(url, json=call, headers={"Content-Type": "application/json"}).json()
