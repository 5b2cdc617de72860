import base64
import re

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common_fapiao import PDF, TAX_NUMBER, FapiaoFactories

NUMBER = "25332000000012345678"
SCRIPT = "<script>alert('x')</script>"


@tagged("post_install", "-at_install", "standard")
class TestFapiaoPages(FapiaoFactories, HttpCase):
    """What customers and suppliers see and say of fapiao on their own pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_china()
        cls.supplier.partner_id.name = "Vendorsecret Yiwu"
        cls.user = new_test_user(
            cls.env, "fapiao-customer", groups="base.group_portal", password="fapiao-customer", partner_id=cls.li.id,
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip
        cls.env.flush_all()

    def ask(self, url, **params):
        answer = self.url_open(url, json={"jsonrpc": "2.0", "method": "call", "params": params}).json()
        self.env.invalidate_all()
        return answer.get("result") or answer["error"]

    def order_url(self, order, access=True):
        token = order._portal_ensure_token() if access else "wrong"
        return f"/my/orders/{order.id}/fapiao", {"access_token": token}

    # --- the customer ---

    def test_the_page_of_the_order_asks_and_keeps(self):
        order = self.make_sale(self.lamp, partner=self.li, confirm=True)
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("o_dropship_fapiao", page)
        self.assertNotIn("Vendorsecret", page)
        url, token = self.order_url(order)
        self.assertEqual(self.ask(url, values=self.special(), **token), {"saved": True})
        self.assertEqual(order.dropship_fapiao_title_id.tax_number, TAX_NUMBER)
        self.assertIn("阿里云计算有限公司", self.url_open(order.get_portal_url()).text)

    def test_what_is_wrong_is_said_and_nothing_kept(self):
        order = self.make_sale(self.lamp, partner=self.li, confirm=True)
        url, token = self.order_url(order)
        answer = self.ask(url, values={**self.special(), "tax_number": "91350200776049653B"}, **token)
        self.assertIn("mistyped", answer["error"])
        for values in ("x", None, {"kind": "gold"}, {"kind": ["none"]}, {"kind": "ordinary", "name": "x" * 500}):
            with self.subTest(values):
                self.assertIn("error", self.ask(url, values=values, **token))
        self.assertEqual(order.dropship_fapiao_kind, "none")

    def test_nobody_else_may(self):
        order = self.make_sale(self.lamp, partner=self.li, confirm=True)
        order._portal_ensure_token()
        url, token = self.order_url(order, access=False)
        self.assertIn("error", self.ask(url, values=self.special(), **token))
        stranger = self.make_partner("Stranger", "CN", is_company=False)
        new_test_user(self.env, "fapiao-stranger", groups="base.group_portal", password="fapiao-stranger",
                      partner_id=stranger.id)  # fmt: skip
        self.authenticate("fapiao-stranger", "fapiao-stranger")
        self.assertIn("error", self.ask(url, values=self.special()))
        self.assertEqual(order.dropship_fapiao_kind, "none")

    def test_a_title_is_text_and_no_program(self):
        order = self.make_sale(self.lamp, partner=self.li, confirm=True)
        url, token = self.order_url(order)
        self.ask(url, values={"kind": "ordinary", "who": "person", "name": SCRIPT}, **token)
        page = self.url_open(order.get_portal_url()).text
        self.assertNotIn(SCRIPT, page)

    def test_the_file_is_for_the_customer_alone(self):
        invoice = self.sold(wish=self.special())
        order = invoice.invoice_line_ids.sale_line_ids.order_id
        fapiao = invoice.dropship_fapiao_ids
        fapiao.write({"file": base64.b64encode(PDF), "file_name": "fapiao.pdf"})
        order._portal_ensure_token()
        address = f"/my/orders/{order.id}/fapiao/{fapiao.id}"
        self.assertEqual(self.url_open(f"{address}?access_token={order.access_token}").status_code, 404, "not issued")
        self.issue(fapiao, NUMBER)
        self.env.flush_all()
        response = self.url_open(f"{address}?access_token={order.access_token}")
        self.assertEqual((response.status_code, response.content), (200, PDF))
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertNotEqual(self.url_open(f"{address}?access_token=wrong").content, PDF)
        other = self.make_sale(self.cup, partner=self.li, confirm=True)
        other._portal_ensure_token()
        wrong = f"/my/orders/{other.id}/fapiao/{fapiao.id}?access_token={other.access_token}"
        self.assertEqual(self.url_open(wrong).status_code, 404)
        page = self.url_open(order.get_portal_url()).text
        self.assertIn(NUMBER, page)
        self.assertNotIn("o_fapiao_save", page, "nothing to change any more")
        self.assertNotIn("Vendorsecret", page)

    def test_the_checkout_asks_in_china_only(self):
        website = self.env["website"].search([], limit=1)
        website.company_id = self.company
        self.authenticate("fapiao-customer", "fapiao-customer")
        self.lamp.product_tmpl_id.is_published = True
        cart = self.url_open(
            "/shop/cart/add",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "product_template_id": self.lamp.product_tmpl_id.id,
                    "product_id": self.lamp.id,
                    "quantity": 1,
                },
            },
        )
        self.assertEqual(cart.status_code, 200)
        order = self.env["sale.order"].search([("partner_id", "=", self.li.id)], order="id desc", limit=1)
        self.assertTrue(order.website_id)
        self.assertEqual(self.ask("/shop/fapiao", values=self.special()), {"saved": True})
        self.assertEqual(order.dropship_fapiao_kind, "special")
        self.company.dropship_fapiao_use = "off"
        self.env.flush_all()
        self.assertIn("error", self.ask("/shop/fapiao", values=self.special()))

    def test_without_a_cart_there_is_nothing_to_ask(self):
        self.assertIn("empty", self.ask("/shop/fapiao", values={"kind": "ordinary"})["error"])

    # --- the supplier ---

    def desk(self):
        self.company.dropship_fapiao_need = "cost"
        self.terms(fapiao_issues="special")
        _link, url = self.env["dropship.supplier.link"]._make(self.supplier, self.company)
        self.env.flush_all()
        return "/supplier/" + url.rpartition("/")[2]

    def hand_in(self, base, data=PDF, **values):
        page = self.url_open(f"{base}/fapiao").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        said = {"number": NUMBER, "date": "2026-11-20", "amount": "88.50", "tax": "11.50", "kind": "special"}
        response = self.url_open(
            f"{base}/fapiao",
            data={"csrf_token": token, **said, **values},
            files={"document": ("fapiao.pdf", data, "application/pdf")},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response

    def test_the_supplier_sees_what_he_owes_and_hands_it_in(self):
        base = self.desk()
        bill = self.bill(100.0, ref="INV-77")
        other = self.bill(50.0, supplier=self.make_supplier("Ningbo", "CN"), ref="OTHER-1")
        self.env.flush_all()
        self.assertIn("/fapiao", self.url_open(base).text)
        page = self.url_open(f"{base}/fapiao").text
        self.assertIn("INV-77", page)
        self.assertNotIn(other.ref, page)
        response = self.hand_in(base)
        self.assertEqual(response.status_code, 303)
        paper = self.env["dropship.fapiao.received"].search([("supplier_id", "=", self.supplier.id)])
        self.assertEqual((paper.number, paper.amount_total, paper.state), (NUMBER, 100.0, "draft"))
        self.assertIn("Being checked", self.url_open(f"{base}/fapiao").text)
        paper.action_accept()
        self.assertEqual(paper.line_ids.move_id, bill)
        self.env.flush_all()
        self.assertNotIn("INV-77", self.url_open(f"{base}/fapiao").text)

    def test_what_cannot_be_taken_is_said_and_what_he_typed_stays(self):
        base = self.desk()
        response = self.hand_in(base, number="123")
        self.assertEqual(response.status_code, 422)
        self.assertIn("20 digits", response.text)
        self.assertIn("88.50", response.text)
        self.assertEqual(self.hand_in(base, data=b"<html>").status_code, 422)
        self.assertEqual(self.hand_in(base).status_code, 303)
        self.assertIn("already", self.hand_in(base).text)

    def test_who_owes_nobody_has_no_such_page(self):
        base = self.desk()
        self.terms(fapiao_issues="none")
        self.env.flush_all()
        self.assertEqual(self.url_open(f"{base}/fapiao").status_code, 404)
        self.assertNotIn("/fapiao", self.url_open(base).text)
        self.assertEqual(self.url_open("/supplier/none/fapiao").status_code, 404)
