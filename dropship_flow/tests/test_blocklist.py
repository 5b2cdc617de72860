from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from .common_holds import HoldCase


@tagged("post_install", "-at_install", "standard")
class TestBlocklist(HoldCase):
    def block(self, kind="phone", value="030 / 23125014", country="DE", **vals):
        values = {"kind": kind, "value": value, "country_id": self.country(country).id, "reason": "Refused parcels"}
        return self.env["dropship.blocklist"].create({"company_id": self.company.id, **values, **vals})

    def test_found_however_it_is_written(self):
        for kind, value, more in (
            ("phone", "０３０－２３１２５０１４", {}),
            ("email", "Anna <ANNA+shop@weber.example.com>", {}),
            ("address", "LAGERSTR. 1", {"zip": "10115", "city": "berlin"}),
            ("region", "101", {}),
            ("region", False, {}),
        ):
            with self.subTest(kind, value=value):
                entry = self.block(kind, value, **more)
                order = self.hero(confirm=True)
                self.assertHeld(order, "blocked")
                self.assertIn("Refused parcels", self.hold(order, "blocked").reason)
                entry.unlink()
                self.assertBought(self.hero(confirm=True))

    def test_others_are_let_go(self):
        self.block("phone", "+49 30 999999")
        self.block("region", "20")
        self.block("region", False, "FR")
        self.block(company_id=self.make_company().id)
        self.block(expires_on=fields.Date.today() - timedelta(days=1), value="+49 30 23125 014")
        self.assertBought(self.hero(confirm=True))

    def test_what_cannot_be_compared_is_refused(self):
        for kind, value, country in (
            ("phone", "no digits 🙂", "DE"),
            ("phone", False, "DE"),
            ("email", "nobody", "DE"),
            ("address", "🙂", "DE"),
            ("region", "12", ""),
        ):
            with self.subTest(kind, value=value), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.block(kind, value, country)
        self.block("address", "x" * 2000)

    def test_prepay_only(self):
        self.block(action="prepay")
        order = self.web_sale(confirm=False)
        payment = self.pay(order, "pending", provider=self.cod)
        order.action_confirm()
        self.assertHeld(order, "blocked")
        payment._set_done()
        self.assertBought(order)

    def test_expiry_and_lifting_let_go(self):
        entry = self.block()
        order = self.hero(confirm=True)
        self.assertHeld(order, "blocked")
        entry.active = False
        self.run_cron("cron_check_holds")
        self.assertBought(order)

    def test_refused_customers_need_a_buyer(self):
        self.block(action="refuse")
        order = self.hero(confirm=True)
        hold = self.hold(order, "blocked")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            hold.with_user(self.make_login("user")).action_release()
        self.assertHeld(order, "blocked")
        hold.with_user(self.make_login("buyer")).action_release()
        self.assertBought(order)

    # --- the button ---

    def wizard(self, user, order, **vals):
        action = order.with_user(user).action_dropship_block()
        context = {**action["context"], "allowed_company_ids": self.company.ids}
        return self.env["dropship.customer.block"].with_user(user).with_context(**context).create(
            {"reason": "Refused three parcels", **vals}
        )

    def test_block_this_customer(self):
        desk = self.make_login("user")
        desk.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        order = self.hero()
        wizard = self.wizard(desk, order, action="refuse", use_address=True)
        self.assertEqual((wizard.phone, wizard.use_email), (self.anna.phone, True))
        wizard.action_block()
        mine = self.env["dropship.blocklist"].search([("partner_id", "=", self.anna.id)])
        self.assertEqual(sorted(mine.mapped("kind")), ["address", "email", "phone"])
        self.wizard(desk, order, action="hold", reason="Again").action_block()
        self.assertEqual(set(mine.mapped("reason")), {"Again", "Refused three parcels"})
        self.assertEqual(len(self.env["dropship.blocklist"].search([("partner_id", "=", self.anna.id)])), 3)

    def test_nothing_chosen(self):
        desk = self.make_login("manager")
        desk.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(UserError):
            self.wizard(desk, self.hero(), use_phone=False, use_email=False).action_block()

    def test_who_may_see_and_change_the_list(self):
        entry = self.block()
        for role in ("employee", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                entry.with_user(self.make_login(role)).read(["key"])
        with self.assertRaises(AccessError):
            entry.with_user(self.make_login("user")).active = False
        entry.with_user(self.make_login("buyer")).active = False
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["dropship.blocklist"].with_user(self.make_login("employee", login="e2"))._block([], "x")

    # --- the shop ---

    def test_the_shop_refuses_without_a_word_about_the_list(self):
        order = self.web_sale(confirm=False)
        self.assertEqual(order._dropship_block_actions(), set())
        self.block(action="refuse", reason="Fraud")
        with self.assertRaises(ValidationError) as caught:
            order.with_user(self.env.ref("base.public_user")).sudo()._check_cart_is_ready_to_be_paid()
        self.assertNotIn("Fraud", str(caught.exception))
        self.assertNotIn("block", str(caught.exception).lower())

    def test_prepay_only_offers_no_transfer(self):
        order = self.web_sale(confirm=False)
        args = (self.company.id, self.anna.id, order.amount_total)
        providers = self.env["payment.provider"]
        both = self.provider | self.cod
        order.carrier_id = self.env["delivery.carrier"].search([("allow_cash_on_delivery", "=", True)], limit=1)
        before = providers._get_compatible_providers(*args, sale_order_id=order.id)
        self.assertTrue(both & before)
        self.block(action="prepay")
        self.assertFalse(both & providers._get_compatible_providers(*args, sale_order_id=order.id))


@tagged("post_install", "-at_install", "standard")
class TestBlocklistPages(HttpCase):
    def test_the_payment_page_of_a_refused_visitor(self):
        """Cart, address, payment page: no way to pay is offered, and no page tells about a list."""
        website = self.env["website"].search([], limit=1)
        partner = self.env["res.partner"].create(
            {
                "name": "Blocked", "email": "blocked@example.com", "phone": "+49 30 7654321", "street": "Weg 1",
                "city": "Berlin", "zip": "10115", "country_id": self.env.ref("base.de").id,
            }
        )  # fmt: skip
        user = self.env["res.users"].with_context(no_reset_password=True).create(
            {"login": "blocked", "password": "blocked-1234", "partner_id": partner.id,
             "group_ids": self.env.ref("base.group_portal").ids}
        )  # fmt: skip
        product = self.env["product.product"].create(
            {"name": "Lamp of the test", "list_price": 20, "is_published": True, "type": "consu"}
        )
        self.env["dropship.blocklist"].create(
            {"kind": "phone", "value": "0049 30 7654321", "reason": "Secret", "action": "refuse",
             "company_id": website.company_id.id}
        )  # fmt: skip
        order = self.env["sale.order"].create(
            {"partner_id": partner.id, "website_id": website.id, "company_id": website.company_id.id,
             "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})]}
        )  # fmt: skip
        carrier = self.env["delivery.carrier"].search([("website_published", "=", True)], limit=1)
        order.set_delivery_line(carrier, 0.0)
        self.env.flush_all()
        self.assertTrue(user)
        self.authenticate("blocked", "blocked-1234")
        self.session["sale_order_id"] = order.id
        from odoo.http import root  # noqa: PLC0415

        root.session_store.save(self.session)
        page = self.url_open("/shop/payment")
        self.assertEqual(page.status_code, 200)
        self.assertIn("We cannot take this order online", page.text)
        self.assertNotIn("Secret", page.text)
        self.assertNotIn("blocklist", page.text.lower())
        self.assertNotIn('name="o_payment_radio"', page.text)
