from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_portal import PortalWorld


@tagged("post_install", "-at_install", "standard")
class TestLeaksPages(PortalWorld, HttpCase):
    """By route: portal pages, documents, shop, chatter and external API, with a login and by link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_portal_world()

    def page(self, url, words, status=200, **kwargs):
        """Open a page that must answer and must not contain the words."""
        response = self.url_open(url, **kwargs)
        self.assertEqual(response.status_code, status, url)
        self.assertSilent(response.text, words, url)
        self.assertSilent(str(response.headers), words, url)
        return response.text

    def login(self, user):
        self.authenticate(user.login if user else None, user.login if user else None)

    def call(self, model, method, *args, **kwargs):
        """What a browser gets from `call_kw`."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.url_open(f"/web/dataset/call_kw/{model}/{method}", json={"params": params}).json()

    # --- the customer ---

    def test_pages_of_the_customer(self):
        self.login(self.customer_user)
        order = f"/my/orders/{self.order.id}"
        self.assertIn("SALESECRET-1", self.page("/my/orders", self.of_vendors))
        self.assertIn("SALESECRET-1", self.page(order, self.of_vendors))
        for url in (
            "/my",
            "/my/home",
            f"{order}?report_type=html",
            f"{order}?report_type=pdf",
            "/my/purchase",
            "/my/rfq",
        ):
            with self.subTest(url):
                self.page(url, self.of_vendors)
        with self.subTest("the purchase"):
            response = self.url_open(f"/my/purchase/{self.purchase.id}", allow_redirects=False)
            self.assertEqual((response.status_code, response.headers["Location"][-3:]), (303, "/my"))

    def test_the_link_of_an_order_tells_no_vendor(self):
        self.login(None)
        token = self.order._portal_ensure_token()
        text = self.page(f"/my/orders/{self.order.id}?access_token={token}", self.of_vendors)
        self.assertIn("SALESECRET-1", text)

    def test_the_slip_of_a_dropship_names_neither_vendor_nor_numbers(self):
        # Drawing bar codes needs a graphics library that has no say in who reads what.
        self.patch(self.registry["ir.actions.report"], "barcode", lambda *args, **kwargs: b"")
        words = self.of_vendors + ("SALESECRET", "annasecret", "CLIENTREF")
        slip, label = f"/my/picking/pdf/{self.picking.id}", f"/my/picking/return/pdf/{self.picking.id}"
        token = self.order._portal_ensure_token()
        for state in ("assigned", "done"):
            if state == "done":
                self.picking.move_ids.picked = True
                self.picking.button_validate()
                self.assertEqual(self.picking.state, "done")
            for user in (self.customer_user, self.vendor_user, None):
                self.login(user)
                query = "" if user else f"?access_token={token}"
                with self.subTest(user and user.login, state=state):
                    text = self.page(slip + query, words)
                    self.assertIn("Anna Weber", text)
                    self.assertIn("Lamp", text)
                    self.page(label + query, words)
        for user in (self.other_vendor_user, None):
            self.login(user)
            self.page(slip, ("Vendorsecret Rhein", "Anna", "SALESECRET"), status=404)

    def test_without_an_address_the_slip_does_not_print_the_vendors(self):
        self.picking.move_ids.partner_id = False
        self.login(self.customer_user)
        self.page(f"/my/picking/pdf/{self.picking.id}", self.of_vendors)

    def test_what_comes_back_is_not_handed_out(self):
        """A return received by us keeps the vendor as its contact."""
        receipts = self.env["stock.picking.type"].search(
            [("code", "=", "incoming"), ("company_id", "=", self.company.id)], limit=1
        )
        back = self.picking.copy({"picking_type_id": receipts.id, "return_id": self.picking.id})
        back.sale_id = self.order
        query = f"?access_token={self.order._portal_ensure_token()}"
        for user in (self.customer_user, self.vendor_user, None):
            self.login(user)
            for url in (f"/my/picking/pdf/{back.id}", f"/my/picking/return/pdf/{back.id}"):
                self.page(url + query, self.of_sale if user == self.vendor_user else self.of_vendors, status=404)

    def test_an_own_delivery_prints_as_before(self):
        types = self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", self.company.id)], limit=1
        )
        own = self.env["stock.picking"].create(
            {"picking_type_id": types.id, "partner_id": self.anna.id, "origin": "ORIGIN-1", "sale_id": self.order.id}
        )
        self.login(self.customer_user)
        text = self.page(f"/my/picking/pdf/{own.id}", self.of_vendors)
        self.assertIn("ORIGIN-1", text)
        self.assertIn("CLIENTREF-1", text)

    def test_invoice_and_mails_of_the_customer(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.order.order_line.qty_delivered = 1
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.login(self.customer_user)
        for url in ("/my/invoices", f"/my/invoices/{invoice.id}", f"/my/invoices/{invoice.id}?report_type=html"):
            self.assertIn(invoice.name, self.page(url, self.of_vendors))
        for name, record in (
            ("sale.mail_template_sale_confirmation", self.order),
            ("sale.email_template_edi_sale", self.order),
            ("account.email_template_edi_invoice", invoice),
        ):
            with self.subTest(name):
                self.assertSilent(self.rendered(name, record), self.of_vendors)

    def rendered(self, template, record):
        """Subject, body, recipients and printed documents of a mail."""
        template = self.env.ref(template)
        fields = ("subject", "body_html", "email_from", "reply_to", "report_template_ids")
        values = template._generate_template(record.ids, fields)[record.id]
        self.assertTrue(values["body_html"])
        papers = [content for _name, content in values.get("attachments", ())]
        return repr(values) + repr(papers)

    # --- the vendor ---

    def test_pages_of_the_vendor(self):
        self.login(self.vendor_user)
        page = f"/my/purchase/{self.purchase.id}"
        self.assertIn(self.purchase.name, self.page("/my/purchase", self.of_sale))
        text = self.page(page, self.of_sale)
        for needed in ("Anna Weber", "10115", "+49 30 5550001", "Ship to:"):
            self.assertIn(needed, text)
        for url in (f"{page}?report_type=html", f"{page}?report_type=pdf", f"{page}?update=True", "/my/orders", "/my"):
            with self.subTest(url):
                self.page(url, self.of_sale)
        with self.subTest("the sale"):
            response = self.url_open(f"/my/orders/{self.order.id}", allow_redirects=False)
            self.assertEqual((response.status_code, response.headers["Location"][-3:]), (303, "/my"))
        self.login(None)
        token = self.purchase._portal_ensure_token()
        self.assertIn("Anna Weber", self.page(f"{page}?access_token={token}", self.of_sale))

    def test_another_vendor_opens_nothing(self):
        self.login(self.other_vendor_user)
        for url in (f"/my/purchase/{self.purchase.id}", f"/my/purchase/{self.purchase.id}?report_type=html"):
            self.page(url, ("Anna", "POSECRET", "Lamp"))

    def test_mails_to_the_vendor(self):
        for name in (
            "purchase.email_template_edi_purchase",
            "purchase.email_template_edi_purchase_done",
            "purchase.email_template_edi_purchase_reminder",
        ):
            with self.subTest(name):
                self.assertSilent(self.rendered(name, self.purchase), self.of_sale)

    # --- everybody ---

    def test_the_shop_tells_no_vendor(self):
        template = self.lamp.product_tmpl_id
        options = {f"display{part}": True for part in ("Description", "Detail", "ExtraLink", "Image")}
        for user in (None, self.customer_user):
            self.login(user)
            with self.subTest(user and user.login):
                self.assertIn("Lamp", self.page(template.website_url, self.of_vendors))
                for url in ("/shop", "/shop?search=SKUSECRET", "/shop?search=Vendorsecret", "/shop/cart"):
                    text = self.page(url, ("Vendorsecret Rhein", "OFFERSECRET", "SKUSECRET-Rhein"))
                    self.assertTrue("search" not in url or "/shop/lamp" not in text)
                params = {
                    "product_template_id": template.id,
                    "product_id": self.lamp.id,
                    "combination": [],
                    "add_qty": 1,
                }
                for route in ("/website_sale/get_combination_info", "/website/snippet/autocomplete"):
                    asked = (
                        params
                        if "sale" in route
                        else {"search_type": "products", "term": "SKUSECRET", "options": options}
                    )
                    answer = self.url_open(route, json={"params": asked}).json()
                    self.assertIn("result", answer)
                    self.assertSilent(answer, ("Vendorsecret", "OFFERSECRET", "SKUSECRET-"), route)

    def test_the_chatter_tells_neither(self):
        for user, document, words in (
            (self.customer_user, self.order, self.of_vendors),
            (self.vendor_user, self.purchase, self.of_sale),
        ):
            self.login(user)
            params = {"thread_model": document._name, "thread_id": document.id}
            answer = self.url_open("/mail/thread/messages", json={"params": params}).json()
            self.assertIn("Thank you", repr(answer), user.login)
            self.assertSilent(answer, words, user.login)

    def test_documents_are_not_printed_by_their_address(self):
        papers = {
            "stock.report_deliveryslip": self.picking,
            "stock.report_picking": self.picking,
            "purchase.report_purchaseorder": self.purchase,
        }
        self.login(self.customer_user)
        with mute_logger("odoo.http"):
            for report, record in papers.items():
                self.page(f"/report/html/{report}/{record.id}", self.of_vendors, status=403)

    def test_pictures_tell_no_name(self):
        self.login(self.customer_user)
        self.page(f"/web/image/res.partner/{self.vendor.id}/avatar_128", self.of_vendors)
        with mute_logger("odoo.http"):
            for model, record in (("stock.picking", self.picking), ("purchase.order", self.purchase)):
                response = self.url_open(f"/web/content/{model}/{record.id}/name")
                self.assertNotEqual(response.status_code, 200)
                self.assertSilent(response.text + str(response.headers), self.of_vendors)

    @mute_logger("odoo.http")
    def test_the_web_api_refuses(self):
        self.login(self.customer_user)
        for answer in (
            self.call("stock.picking", "read", self.picking.ids, ["partner_id", "origin"]),
            self.call("stock.picking", "web_search_read", [], {"partner_id": {"fields": {"display_name": {}}}}),
            self.call("product.supplierinfo", "search_read", []),
            self.call("sale.order", "read", self.order.ids, ["margin"]),
            self.call("dropship.offer", "search_read", []),
            self.call("sale.order.line", "read", self.order.order_line.ids, ["purchase_line_ids", "product_id"]),
            self.call("product.product", "name_search", "SKUSECRET", context={"partner_id": self.vendor.id}),
        ):
            self.assertSilent(answer, self.of_vendors)
        self.login(self.vendor_user)
        for answer in (
            self.call("purchase.order.line", "read", self.purchase.order_line.ids, ["sale_line_id"]),
            self.call(
                "purchase.order", "web_read", self.purchase.ids, {"reference_ids": {"fields": {"display_name": {}}}}
            ),
            self.call("purchase.order", "read", self.purchase.ids, ["dest_address_id"], context={"show_email": True}),
            self.call("sale.order", "search_read", []),
        ):
            self.assertSilent(answer, self.of_sale)

    @mute_logger("odoo.http")
    def test_the_external_api_refuses(self):
        for user, words, questions in (
            (
                self.customer_user,
                self.of_vendors,
                {
                    "stock.picking": self.picking,
                    "purchase.order": self.purchase,
                    "dropship.supplier": self.suppliers["Rhein"],
                },
            ),
            (self.vendor_user, self.of_sale, {"sale.order": self.order, "stock.picking": self.picking}),
        ):
            key = (
                self.env["res.users.apikeys"]
                .with_user(user)
                ._generate("rpc", "test", datetime.now() + timedelta(days=1))
            )
            headers = {"Authorization": f"Bearer {key}"}
            self.login(None)
            for model, record in questions.items():
                with self.subTest(user.login, model=model):
                    found = self.url_open(f"/json/2/{model}/search_read", json={"domain": []}, headers=headers)
                    self.assertTrue(found.status_code == 403 or found.json() == [], found.text)
                    read = {"ids": record.ids, "fields": ["display_name"]}
                    answer = self.url_open(f"/json/2/{model}/read", json=read, headers=headers)
                    self.assertEqual(answer.status_code, 403)
                    self.assertSilent(answer.text, words)
