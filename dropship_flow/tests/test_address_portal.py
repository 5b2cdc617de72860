import re

from odoo.tests import HttpCase, tagged

from .common_portal import PortalWorld

NEW = {"name": "Ben Kurz", "phone": "+49 40 1234567", "street": "Elbe 1", "zip": "20095", "city": "Hamburg"}


@tagged("post_install", "-at_install", "standard")
class TestAddressPortal(PortalWorld, HttpCase):
    """The customer changes where his order goes; the supplier answers; neither learns of the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_portal_world()
        cls.anna.write({"street": "Hauptstr. 5"})
        cls.order.dropship_change_ids._set_state("withdrawn")
        cls.order.dropship_allocation_ids._freeze_ship_to(cls.anna._dropship_ship_to())
        cls.url = f"/my/orders/{cls.order.id}/address"

    def login(self, user):
        self.authenticate(user.login if user else None, user.login if user else None)

    def post(self, url, page, words, **form):
        text = self.url_open(page).text
        token = re.search(r'name="csrf_token" (?:value|t-att-value)="([^"]+)"', text).group(1)
        response = self.url_open(url, data={"csrf_token": token, **form})
        self.assertEqual(response.status_code, 200)
        self.assertSilent(response.text, words, url)
        return response.text

    def change(self, **form):
        return self.post(self.url, self.url, self.of_vendors, **{**NEW, **form})

    # --- the paste box ---

    def parse(self, **params):
        return self.url_open("/dropship/address/parse", json={"params": params}).json()

    def test_the_box_splits_for_anybody_and_keeps_nothing(self):
        self.login(None)
        before = self.env["res.partner"].search_count([])
        text = "张三，13812345678，浙江省杭州市西湖区文三路 123 号"
        values = self.parse(text=text)["result"]["values"]
        self.assertEqual((values["name"], values["dropship_district"]), ("张三", "西湖区"))
        self.assertEqual(values["state_id"], self.env.ref("base.state_cn_ZJ").id)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_the_box_refuses_what_is_no_address(self):
        self.login(None)
        self.assertIn("2000", self.parse(text="x" * 2001)["result"]["error"])
        for bad in ({"text": 5}, {"text": None}, {"text": ["a"]}):
            self.assertIn("error", self.parse(**bad)["result"])
        for odd in ({}, {"text": ""}, {"text": "🙂", "country_id": 10**9}, {"text": "a", "country_id": "x"}):
            self.assertIn("values", self.parse(**odd)["result"])

    def test_checkout_and_portal_have_box_and_district(self):
        self.login(self.customer_user)
        page = self.url_open("/my/address").text
        self.assertIn("o_dropship_paste", page)
        self.assertIn('name="dropship_district"', page)
        self.assertIn("o_dropship_paste", self.url_open(self.url).text)

    def test_the_district_of_the_form_is_kept(self):
        self.login(self.customer_user)
        text = self.url_open("/my/address").text
        token = re.search(r'name="csrf_token" (?:value|t-att-value)="([^"]+)"', text).group(1)
        form = {
            "csrf_token": token,
            "name": "Li Na",
            "email": "li@example.com",
            "phone": "13812345678",
            "street": "文三路1号",
            "city": "杭州市",
            "dropship_district": "西湖区",
            "zip": "310000",
            "country_id": str(self.env.ref("base.cn").id),
            "state_id": str(self.env.ref("base.state_cn_ZJ").id),
            "address_type": "delivery",
            "required_fields": "name,email",
        }
        response = self.url_open("/my/address/submit", data=form)
        self.assertEqual(response.status_code, 200, response.text[:300])
        partner = self.env["res.partner"].search([("street", "=", "文三路1号")])
        self.assertEqual(partner.dropship_district, "西湖区")

    def test_the_box_fills_both_forms_on_a_phone(self):
        """In a browser as narrow as a phone: nothing sticks out, and the parts land in the fields."""
        # The scripts are built by the first who asks for them, which takes longer than a browser waits.
        self.login(self.customer_user)
        for link in set(re.findall(r'(?:src|href)="(/web/assets/[^"]+)"', self.url_open(self.url).text)):
            self.url_open(link, timeout=180)
        self.browser_size = "390x844"
        self.touch_enabled = True
        code = """
            const box = document.querySelector(".o_dropship_paste");
            box.open = true;
            box.querySelector("textarea").value = "%s";
            const button = box.querySelector("button");
            const read = (name) => box.closest("form").elements[name].value;
            const wait = setInterval(() => {
                const state = box.closest("form").elements.state_id;
                if (!read("city").includes("%s") && !button.disabled) {
                    button.click();  // it does nothing before the page's scripts have started
                }
                if (read("city") === "%s" && (!%s || state.selectedOptions[0].textContent.trim() === "%s")) {
                    clearInterval(wait);
                    const wide = document.documentElement.scrollWidth > 390;
                    console[wide ? "error" : "log"](wide ? "sticks out" : "test successful");
                }
            }, 300);
        """
        german = "Ben Kurz, Elbe 1, 20095 Hamburg, +49 40 1234567"
        chinese = "张三，13812345678，浙江省杭州市西湖区文三路 123 号"
        ready = "document.readyState === 'complete'"
        for url, text, city, state in ((self.url, german, "Hamburg", ""), ("/my/address", chinese, "杭州市", "浙江省")):
            with self.subTest(url):
                script = code % (text, city, city, "true" if state else "false", state)
                self.browser_js(url, script, ready, login=self.customer_user.login)

    # --- the customer ---

    def test_the_customer_asks_for_another_address(self):
        self.login(self.customer_user)
        self.assertIn(self.url, self.url_open(f"/my/orders/{self.order.id}").text)
        text = self.change()
        self.assertIn("We asked the sender", text)
        request = self.order.dropship_change_ids.filtered(lambda change: change.state == "asked")
        self.assertEqual((request.kind, request.by_customer, request.new_values["city"]), ("address", True, "Hamburg"))
        self.assertEqual(self.order.partner_shipping_id.parent_id, self.anna)
        self.assertEqual(self.order.partner_shipping_id.type, "delivery")
        self.change()
        self.assertEqual(len(self.anna.child_ids.filtered(lambda child: child.street == "Elbe 1")), 1)

    def test_by_link_without_a_login(self):
        self.login(None)
        token = self.order._portal_ensure_token()
        page = f"{self.url}?access_token={token}"
        text = self.post(self.url, page, self.of_vendors, access_token=token, **NEW)
        self.assertIn("We asked the sender", text)
        self.assertTrue(self.order.dropship_change_ids.filtered("by_customer"))

    def test_strangers_do_not_get_in(self):
        for user in (None, self.other_vendor_user):
            self.login(user)
            for url in (self.url, f"{self.url}?access_token=wrong"):
                self.assertNotIn("SALESECRET", self.url_open(url).text)
        self.login(None)
        response = self.url_open(self.url, data={**NEW, "access_token": "x"}, allow_redirects=False)
        self.assertGreaterEqual(response.status_code, 300)
        self.assertEqual(self.order.partner_shipping_id, self.anna)

    def test_bad_forms_are_refused_and_write_nothing(self):
        self.login(self.customer_user)
        before = self.env["res.partner"].search_count([])
        for bad in ({"street": ""}, {"street": "🙂"}, {"zip": "123"}, {"name": ""}, {"city": "x" * 300}):
            with self.subTest(bad):
                self.assertIn("alert-warning", self.change(**bad))
        self.assertEqual(self.order.partner_shipping_id, self.anna)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertIn("already", self.change(**{
            "name": "Anna Weber", "phone": self.anna.phone, "street": "Hauptstr. 5", "zip": "10115", "city": "Berlin",
        }))  # fmt: skip
        response = self.url_open(self.url, data=NEW, allow_redirects=False)
        self.assertEqual(response.status_code, 400, "without a token of the session")

    def test_shipped_is_too_late(self):
        self.order.dropship_allocation_ids.filtered(lambda row: row.state == "submitted")._set_state("accepted")
        self.order.dropship_allocation_ids._set_state("shipped")
        self.login(self.customer_user)
        text = self.url_open(self.url).text
        self.assertIn("too late", text)
        self.assertNotIn('name="street"', text)

    def test_unsent_orders_follow_at_once(self):
        self.policy = self.env["dropship.routing.policy"].search([("company_id", "=", self.company.id)])
        self.policy.automation = "draft"
        order = self.make_sale(self.lamp, confirm=True)
        self.login(self.customer_user)
        url = f"/my/orders/{order.id}/address"
        self.assertIn("Your new address is used", self.post(url, url, self.of_vendors, **NEW))
        self.assertEqual(order.dropship_allocation_ids.ship_to["city"], "Hamburg")

    # --- the supplier ---

    def ask(self):
        ben = self.make_partner("Ben Kurz", "DE", city="Hamburg", street="Elbe 1", zip="20095")
        self.order.with_context(dropship_by_customer=True).partner_shipping_id = ben
        return self.order.dropship_change_ids.filtered(lambda change: change.state == "asked")

    def answer(self, request, **form):
        page = f"/my/purchase/{self.purchase.id}"
        return self.post(f"{page}/change/{request.id}", page, self.of_sale, **form)

    def test_the_supplier_reads_the_frozen_address_and_says_yes(self):
        request = self.ask()
        self.login(self.vendor_user)
        text = self.url_open(f"/my/purchase/{self.purchase.id}").text
        for needed in ("Hauptstr. 5", "Elbe 1", "another address"):
            self.assertIn(needed, text)
        self.assertSilent(text, self.of_sale)
        text = self.answer(request, answer="yes", note="ok")
        self.assertEqual((request.state, request.note), ("yes", "ok"))
        self.assertIn("Elbe 1", text)
        self.assertNotIn("Hauptstr. 5", text)

    def test_the_customer_is_told_in_his_language_without_a_vendor(self):
        self.anna.email = "annasecret@example.com"
        for answer, subject in (("yes", "new delivery address"), ("no", "could not be changed")):
            with self.subTest(answer):
                request = self.ask()
                self.env["mail.mail"].search([]).unlink()
                request._answer(answer)
                mail = self.env["mail.mail"].search([("model", "=", "sale.order"), ("res_id", "=", self.order.id)])
                self.assertEqual(len(mail), 1)
                self.assertIn(subject, mail.subject)
                self.assertSilent(mail.body_html, self.of_vendors)
                self.order.partner_shipping_id = self.anna
                self.order.dropship_change_ids.filtered(lambda change: change.state == "asked")._answer("yes")

    def test_nobody_answers_for_another_supplier(self):
        request = self.ask()
        self.login(self.other_vendor_user)
        page = self.url_open("/my").text
        token = re.search(r'csrf_token: "([^"]+)"', page).group(1)
        url = f"/my/purchase/{self.purchase.id}/change/{request.id}"
        self.url_open(url, data={"csrf_token": token, "answer": "yes"})
        self.assertEqual(request.state, "asked")

    def test_bad_answers_change_nothing(self):
        request = self.ask()
        self.login(self.vendor_user)
        self.answer(request, answer="perhaps")
        self.assertEqual(request.state, "asked")
        self.answer(request.browse(request.id + 10000), answer="yes")
        self.assertEqual(self.url_open(f"/my/purchase/{self.purchase.id}/change/{request.id}").status_code, 405)
        self.answer(request, answer="no")
        self.assertEqual(request.state, "no")
