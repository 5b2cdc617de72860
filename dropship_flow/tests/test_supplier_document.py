import base64
import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..models import supplier_document
from .common_flow import FlowFactories
from .records_papers import PDF

XML = b'<?xml version="1.0"?><Invoice><ID>7</ID></Invoice>'


@tagged("post_install", "-at_install", "standard")
class TestSupplierDocument(FlowFactories, HttpCase):
    """A supplier hands in papers on the page of his purchase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_hero()
        cls.make_policy("buy")
        cls.order = cls.make_sale(cls.lamp)
        cls.env["dropship.line.choice"]._choose(cls.order.order_line, cls.suppliers["Rhein"], "pin", "test")
        cls.order.action_confirm()
        cls.purchase = cls.order.dropship_purchase_ids
        cls.token = cls.purchase._portal_ensure_token()

    def documents(self):
        self.env.invalidate_all()
        return self.env["dropship.supplier.document"].search([("purchase_id", "=", self.purchase.id)])

    def post(self, data=PDF, name="bill.pdf", kind="bill", token=None, csrf=True, order=None):
        values = {"kind": kind, "access_token": self.token if token is None else token}
        if csrf:
            page = self.url_open(f"/my/purchase/{self.purchase.id}?access_token={self.token}").text
            values["csrf_token"] = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(
            f"/my/purchase/{(order or self.purchase).id}/document",
            data=values,
            files={"document": (name, data, "application/octet-stream")},
            allow_redirects=False,
        )

    def test_a_bill_arrives_and_is_seen_by_the_desk(self):
        answer = self.post(name="Rechnung 发票.pdf")
        self.assertEqual(answer.status_code, 303)
        document = self.documents()
        self.assertEqual(
            (document.kind, document.origin, document.name, document.mimetype, document.state),
            ("bill", "supplier", "Rechnung 发票.pdf", "application/pdf", "new"),
        )
        self.assertEqual(document.attachment_id.raw, PDF)
        self.assertEqual(
            (document.attachment_id.res_model, document.attachment_id.res_id), ("purchase.order", self.purchase.id)
        )
        seen = document.with_user(self.make_login("user"))
        self.assertEqual(base64.b64decode(seen.file), PDF)
        self.assertEqual(self.purchase.with_user(self.make_login("buyer")).dropship_document_ids, document)

    def test_the_same_file_again_changes_nothing(self):
        self.post()
        self.post()
        self.assertEqual(len(self.documents()), 1)

    def test_an_invoice_in_xml_is_taken(self):
        self.post(XML, "invoice.html")
        self.assertEqual(self.documents().name, "invoice.xml")

    def test_what_a_browser_would_run_is_refused_in_words(self):
        for data in (b"<html><script>1</script></html>", b'<svg onload="x"/>', b"MZ\x90", b"", b"hello"):
            answer = self.post(data, "bill.pdf")
            self.assertEqual(answer.status_code, 422)
            self.assertRegex(answer.text, "is no PDF, PNG|Choose a file")
        self.assertFalse(self.documents())

    def test_too_large_a_file_is_refused(self):
        with patch.object(supplier_document, "MAX_BYTES", 100):
            self.assertIn("larger", self.post(PDF + b" " * 100).text)
        self.assertFalse(self.documents())

    def test_an_unknown_kind_is_refused(self):
        self.assertEqual(self.post(kind="contract").status_code, 422)
        self.assertFalse(self.documents())

    def test_nobody_hands_in_without_the_link(self):
        for token in ("", "wrong"):
            self.assertEqual(self.post(token=token).headers["Location"].split("?")[0].rsplit("8069")[-1][-3:], "/my")
        self.assertEqual(self.post(csrf=False).status_code, 400)
        self.assertFalse(self.documents())

    def test_a_get_changes_nothing(self):
        answer = self.url_open(
            f"/my/purchase/{self.purchase.id}/document?access_token={self.token}", allow_redirects=False
        )
        self.assertIn(answer.status_code, (404, 405))

    def test_files_are_for_the_supplier_concerned_only(self):
        self.post()
        document = self.documents()
        path = f"/my/purchase/{self.purchase.id}/document/{document.id}"
        answer = self.url_open(f"{path}?access_token={self.token}")
        self.assertEqual(answer.content, PDF)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertNotEqual(self.url_open(path).content, PDF)
        other = self.make_sale(self.lamp, confirm=True).dropship_purchase_ids
        theirs = other._portal_ensure_token()
        answer = self.url_open(f"/my/purchase/{other.id}/document/{document.id}?access_token={theirs}")
        self.assertEqual(answer.status_code, 404)

    def test_a_vendor_and_a_customer_with_a_login(self):
        self.post()
        document = self.documents()
        for partner, allowed in ((self.purchase.partner_id, True), (self.anna, False)):
            login = f"portal-{partner.id}"
            new_test_user(self.env, login, groups="base.group_portal", partner_id=partner.id, password=login * 2)
            self.authenticate(login, login * 2)
            answer = self.url_open(f"/my/purchase/{self.purchase.id}/document/{document.id}")
            self.assertEqual(answer.content == PDF, allowed)
            with self.assertRaises(AccessError):
                document.with_user(self.env["res.users"].search([("login", "=", login)])).read(["name"])

    def test_the_customers_page_and_the_sale_know_nothing_of_it(self):
        self.post(name="geheim.pdf")
        page = self.url_open(self.order.get_portal_url())
        self.assertNotIn("geheim", page.text)

    def test_the_page_shows_papers_and_slip(self):
        self.post(name="bill-77.pdf")
        page = self.url_open(f"/my/purchase/{self.purchase.id}?access_token={self.token}").text
        self.assertIn("bill-77.pdf", page)
        self.assertIn(f"/my/purchase/{self.purchase.id}/slip", page)
        self.assertNotIn("34.9", page)

    def test_the_supplier_prints_the_slip(self):
        answer = self.url_open(f"/my/purchase/{self.purchase.id}/slip?access_token={self.token}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF") or b"Packing Slip" in answer.content)
        other = self.url_open(f"/my/purchase/{self.purchase.id}/slip?access_token=wrong")
        self.assertFalse(other.content.startswith(b"%PDF"))

    def test_the_label_for_him_is_on_the_page(self):
        self.env["dropship.supplier.document"].create(
            {"purchase_id": self.purchase.id, "file": base64.b64encode(PDF), "name": "l.pdf", "number": "LBL77"}
        )
        self.assertIn("LBL77", self.url_open(f"/my/purchase/{self.purchase.id}?access_token={self.token}").text)

    def test_a_label_of_ours_is_a_pdf_or_png(self):
        with self.assertRaisesRegex(UserError, "PDF or a PNG"):
            self.env["dropship.supplier.document"].create(
                {"purchase_id": self.purchase.id, "kind": "label", "file": base64.b64encode(XML), "name": "l.xml"}
            )

    def test_too_many_documents(self):
        with patch.object(supplier_document, "MAX_DOCUMENTS", 2):
            for number in range(3):
                self.purchase._dropship_take_document("photo", "a.pdf", PDF + b"%d" % number) if number < 2 else None
            with self.assertRaisesRegex(UserError, "2 documents"):
                self.purchase._dropship_take_document("photo", "a.pdf", PDF + b"x")

    def test_a_document_is_not_changed_but_rejected(self):
        self.post()
        document = self.documents()
        with self.assertRaisesRegex(UserError, "Reject"):
            document.file = base64.b64encode(XML)
        document.action_reject()
        self.post()
        self.assertEqual(len(self.documents()), 2)
