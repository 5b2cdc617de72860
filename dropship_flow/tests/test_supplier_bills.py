import io
import zipfile
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_bill_upload import BillFactories
from .common_supplier_desk import DeskWorld

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@tagged("post_install", "-at_install", "standard")
class TestSupplierBills(BillFactories, DeskWorld, HttpCase):
    """The supplier hands in his bills, sees where they stand and why, and objects to a line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_desk_world()
        cls.open_purchase_books()
        cls.purchase.order_line.tax_ids = cls.input_tax
        cls.ship_all(cls.purchase)
        cls.lamp_sku = cls.offers["Rhein", cls.lamp].sku
        cls.content = cls.ubl(cls.purchase, charges=[(cls.purchase.dropship_freight, "Versand")])
        cls.dear = cls.ubl(cls.purchase, "RE-2", rows=cls.rows_of(cls.purchase, **{cls.lamp_sku: (1, 16.5)}))
        cls.env.flush_all()

    def upload(self, content, name="bill.xml", base=None, **data):
        page = self.opened("/bills", base=base)
        response = self.url_open(
            f"{base or self.base}/bills/upload",
            data={**self.hidden(page), **data},
            files={"file": (name, content)},
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response

    def bills(self, supplier=None):
        return self.env["dropship.bill.upload"].search([("supplier_id", "=", (supplier or self.rhein).id)])

    def page_of(self, bill, base=None, status=200):
        return self.opened(f"/bills/{bill.id}", status, base)

    # --- handing in ---

    def test_a_bill_that_fits(self):
        self.assertIn("/bills", self.opened())
        response = self.upload(self.content)
        bill = self.bills()
        self.assertEqual((response.status_code, bill.state, bill.source), (303, "entered", "desk"))
        self.assertEqual(bill.uploader, self.link.display_name)
        text = self.opened(f"/bills/{bill.id}?said=new")
        self.assertIn("desk_done", text)
        self.assertIn('data-state="checking"', text)
        self.assertEqual(text.count("In order"), 4)
        self.assertIn("RE-1", self.opened("/bills"))
        self.assertEqual(self.url_open(f"{self.base}/bills/{bill.id}/file").content, self.content)

    def test_a_double_click_is_one_bill(self):
        for _click in range(3):
            response = self.upload(self.content)
            self.assertEqual(response.status_code, 303)
        self.assertIn("said=known", response.headers["Location"])
        self.assertEqual(len(self.bills()), 1)
        self.assertEqual(self.env["account.move"].search_count([("ref", "=", "RE-1")]), 1)

    def test_why_not_line_by_line_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.upload(self.dear)
        bill = self.bills()
        text = self.page_of(bill)
        self.assertIn("16.5", text)
        self.assertIn("15.9", text)
        self.assertIn("Differs", text)
        self.assertIn("zh-CN", self.opened(f"/bills/{bill.id}?speak=zh_CN"))

    def test_a_pdf_and_its_form(self):
        self.upload(PDF, "r.pdf", number="P-1", date=str(fields.Date.today()), total="31.30", orders=self.purchase.name)
        self.assertEqual((self.bills().state, self.bills().move_id.ref), ("entered", "P-1"))

    def test_a_pdf_is_corrected_on_the_page(self):
        self.upload(PDF, "r.pdf")
        bill = self.bills()
        self.assertEqual(bill.state, "held")
        text = self.page_of(bill)
        self.assertIn("The bill has no number.", text)
        data = {"number": "P-1", "date": str(fields.Date.today()), "total": "31,30", "orders": self.purchase.name}
        response = self.send(f"/bills/{bill.id}/correct", text, **data)
        self.assertEqual((response.status_code, bill.state), (303, "entered"))
        response = self.send(f"/bills/{bill.id}/correct", text, **{**data, "total": "99"})
        self.assertEqual(response.status_code, 409)
        self.assertIn("desk_changed", response.text)
        self.assertEqual((bill.state, bill.gross), ("entered", 31.3))

    def test_the_sheet_of_what_is_not_billed(self):
        response = self.url_open(f"{self.base}/bills/template")
        self.assertEqual(response.content[:2], b"PK")
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            text = archive.read("xl/sharedStrings.xml").decode()
        self.assertIn(self.purchase.name, text)
        self.assertIn(self.lamp_sku, text)
        self.assertNotIn(self.waiting.name, text, "what did not leave is not billed")
        self.assertSilent(text, self.of_sale)

    # --- objecting ---

    def test_object_and_be_answered(self):
        self.upload(self.dear)
        bill = self.bills()
        line = bill.line_ids[:1]
        page = self.page_of(bill)
        for _click in range(2):
            response = self.send(f"/bills/{bill.id}/line/{line.id}", page, text="Agreed by <b>phone</b>")
        self.assertEqual(response.status_code, 200, "the second click changes nothing and says thank you")
        self.assertEqual(line.comment, "Agreed by <b>phone</b>")
        self.assertEqual(len(bill.activity_ids), 1)
        self.assertIn("phone", bill.activity_ids.note)
        self.env["dropship.bill.say"].create(
            {"upload_id": bill.id, "line_id": line.id, "what": "answer", "text": "You are right"}
        ).action_apply()
        self.assertFalse(bill.activity_ids)
        text = self.page_of(bill)
        self.assertIn("You are right", text)
        self.assertNotIn("<b>phone</b>", text)
        stale = self.send(f"/bills/{bill.id}/line/{line.id}", page, text="Another word")
        self.assertEqual((stale.status_code, line.comment), (409, "Agreed by <b>phone</b>"))
        self.assertEqual(self.send(f"/bills/{bill.id}/line/{line.id}", text, text="  ").status_code, 422)

    def test_rejected_and_paid(self):
        self.upload(self.dear)
        bill = self.bills()
        bill._reject("Please bill 15.90")
        self.assertIn("Please bill 15.90", self.page_of(bill))
        self.upload(self.content)
        bill = self.bills() - bill
        bill.move_id.action_post()
        self.env.flush_all()
        text = self.page_of(bill)
        self.assertIn('data-state="payable"', text)
        self.assertIn("Payable on", text)
        bank = self.make_journal("Bank", "BNKX", "bank")
        sent = self.make_account("Sent", "140900", "asset_current", reconcile=True)
        bank.outbound_payment_method_line_ids.payment_account_id = sent
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=bill.move_id.ids)
            .create({"journal_id": bank.id, "amount": 10.0})
        )
        wizard.action_create_payments()
        self.env.flush_all()
        text = self.page_of(bill)
        self.assertIn("Still open", text)
        self.assertIn("10.00", text)

    # --- what is not taken ---

    def test_bad_files(self):
        for content, name in ((b"", "x.pdf"), (b"MZ\x00", "x.exe"), (b"<html><script>", "x.xml"), (b"GIF89a", "x.gif")):
            response = self.upload(content, name)
            self.assertEqual(response.status_code, 422, name)
            self.assertIn("desk_error", response.text)
        self.assertFalse(self.bills())
        page = self.opened("/bills")
        response = self.url_open(f"{self.base}/bills/upload", data=self.hidden(page))
        self.assertEqual(response.status_code, 422)

    def test_thirteen_megabytes(self):
        response = self.upload(b"%PDF-1.7\n" + b"x" * (13 * 2**20), "large.pdf")
        self.assertEqual(response.status_code, 422)
        self.assertIn("10 MB", response.text)
        self.assertFalse(self.bills())

    def test_unsafe_files_are_held(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (150 * 2**20))
        self.upload(bomb.getvalue(), "bomb.xlsx")
        entities = self.content.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1)
        self.upload(entities, "entities.xml")
        script = b"%PDF-1.7\n<script>alert(1)</script>"
        self.upload(script, '"><script>alert(1)</script>.pdf')
        bills = self.bills()
        self.assertEqual(set(bills.mapped("state")), {"held"})
        self.assertEqual(len(bills), 3)
        for page in ("/bills", *(f"/bills/{bill.id}" for bill in bills)):
            text = self.opened(page)
            self.assertNotIn("<script>alert", text)
            self.assertNotIn("root:", text)
        response = self.url_open(f"{self.base}/bills/{bills[0].id}/file")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_the_number_twice(self):
        self.upload(self.content)
        self.ship_all(self.accepted(), "DHL777")
        self.upload(self.ubl(self.waiting, "RE-1"))
        second = self.bills().filtered(lambda bill: bill.state == "held")
        self.assertEqual(self.codes(second), ["handed_number_known"])
        self.assertIn("is there already", self.page_of(second))

    def accepted(self):
        self.waiting._dropship_accept()
        return self.waiting

    def test_an_error_of_ours_keeps_nothing(self):
        """What breaks in the middle leaves no half of a bill."""
        with (
            patch.object(self.registry["dropship.bill.upload"], "_match", side_effect=ZeroDivisionError),
            mute_logger("odoo.http"),
        ):
            self.assertEqual(self.upload(self.content).status_code, 500)
        self.assertFalse(self.bills())

    # --- whose it is ---

    def test_nobody_elses_bills(self):
        self.upload(self.content)
        bill = self.bills()
        dawn = self.suppliers["Dawn"]
        _link, url = self.env["dropship.supplier.link"]._make(dawn, self.company)
        self.env.flush_all()
        theirs = "/supplier/" + url.rpartition("/")[2]
        for path in (f"/bills/{bill.id}", f"/bills/{bill.id}/file"):
            self.opened(path, 404, theirs)
        page = self.opened("/bills", base=theirs)
        self.assertSilent(page, ("RE-1", self.purchase.name, "SKUSECRET-Rhein"))
        for path in (f"/bills/{bill.id}/correct", f"/bills/{bill.id}/line/{bill.line_ids[:1].id}"):
            self.assertEqual(self.send(path, page, theirs, text="x", stamp=bill._desk_stamp()).status_code, 404)
        # An order of another supplier is no order of his, and he does not learn that there is one.
        self.upload(self.ubl(self.purchase, "D-1"), base=theirs)
        held = self.bills(dawn)
        self.assertEqual(self.codes(held), ["handed_order_foreign"] * 3)
        text = self.page_of(held, theirs)
        self.assertIn("We know no order", text)
        self.assertNotIn("another supplier", text)
        self.assertFalse(bill.line_ids.filtered("comment"))

    def test_a_link_to_one_order_reaches_no_bills(self):
        self.upload(self.content)
        _link, url = self.env["dropship.supplier.link"]._make(self.rhein, self.company, purchase=self.waiting)
        self.env.flush_all()
        base = "/supplier/" + url.rpartition("/")[2]
        for path in ("/bills", f"/bills/{self.bills().id}", "/bills/template"):
            self.opened(path, 404, base)

    def test_with_a_login_and_without(self):
        self.authenticate("portal-vendor", "portal-vendor")
        self.upload(self.content, base="/my/dropship")
        bill = self.bills()
        self.assertEqual((bill.state, bill.uploader), ("entered", self.vendor_user.name))
        self.assertIn("RE-1", self.opened("/bills", base="/my/dropship"))
        self.authenticate("portal-dawn", "portal-dawn")
        self.opened(f"/bills/{bill.id}", 404, "/my/dropship")
        self.authenticate("portal-customer", "portal-customer")
        self.opened("/bills", 404, "/my/dropship")
        self.authenticate(None, None)
        self.opened("/bills", 303, "/my/dropship")

    def test_no_word_of_the_sale(self):
        for content in (self.content, self.dear, self.ubl(self.waiting, "RE-3")):
            self.upload(content)
        words = (*self.of_sale, "34.9", "9.90", "7.90", "52.70", "argin", "Anna")
        for path in ("/bills", *(f"/bills/{bill.id}" for bill in self.bills())):
            self.assertSilent(self.opened(path), words, path)

    def test_looking_changes_nothing(self):
        self.upload(self.dear)
        bill = self.bills()
        before = bill._desk_stamp()
        for path in ("/bills", f"/bills/{bill.id}", "/bills/template", f"/bills/{bill.id}/file", "/bills?page=99"):
            self.opened(path)
        for path in ("/bills/upload", f"/bills/{bill.id}/correct", f"/bills/{bill.id}/line/1"):
            self.assertIn(self.url_open(self.base + path, allow_redirects=False).status_code, (404, 405))
        self.env.invalidate_all()
        self.assertEqual(bill._desk_stamp(), before)
