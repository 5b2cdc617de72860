from html import unescape

from odoo.tests import HttpCase, tagged

from ..sheets import order_sheet
from ..sheets.grid import read_grids
from .common_supplier_desk import DeskWorld


@tagged("post_install", "-at_install", "standard")
class TestDeskConnection(DeskWorld, HttpCase):
    """Suppliers who work on their page hear by one mail, in their language, that something waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_desk_world()
        cls.connection = cls.env["dropship.connection"].create(
            {"name": "Desk", "kind": "desk", "company_id": cls.company.id}
        )
        cls.rhein.connection_id = cls.connection
        cls.rhein.partner_id.email = "orders@rhein.example"

    def relay(self):
        """The relay as the scheduler runs it, and the mails it wrote."""
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.env.ref("dropship_flow.cron_relay").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - before

    def test_one_mail_for_all_that_waits(self):
        orders = self.hero(confirm=True) | self.hero(confirm=True) | self.hero(confirm=True)
        purchases = orders.dropship_purchase_ids
        mail = self.relay()
        self.assertEqual(len(mail), 1)
        self.assertEqual(set(purchases.dropship_exchange_ids.mapped("state")), {"sent"})
        self.assertEqual(mail.email_to, '"Vendorsecret Rhein" <orders@rhein.example>')
        for purchase in purchases:
            self.assertIn(purchase.name, mail.body_html)
        self.assertIn("Berlin", mail.body_html)
        self.assertSilent(mail.body_html + mail.subject, (*self.of_sale, "Anna", "10115", "5550001"), "mail")
        self.assertFalse(self.relay(), "once is enough")

    def test_one_order_has_its_own_link(self):
        purchase = self.hero(confirm=True).dropship_purchase_ids
        mail = self.relay()
        self.assertIn(purchase.name, mail.subject)
        path = mail.body_html[mail.body_html.index("/supplier/") :][: len("/supplier/") + 52]
        self.env.flush_all()
        self.assertIn('id="desk_order" data-state="answer"', self.opened("", base=path))
        link = self.env["dropship.supplier.link"].search([("purchase_id", "=", purchase.id)])
        self.assertEqual((link.purpose, link.revision), ("order", 1))

    def test_a_message_given_back_writes_no_second_mail(self):
        purchase = self.hero(confirm=True).dropship_purchase_ids
        self.assertEqual(len(self.relay()), 1)
        message = purchase.dropship_exchange_ids
        self.env.cr.execute("UPDATE dropship_exchange SET state = 'ready', next_try = NULL WHERE id = %s", message.ids)
        self.env.invalidate_all()
        self.assertFalse(self.relay())
        self.assertEqual(message.state, "sent")

    def test_cancelled(self):
        purchase = self.hero(confirm=True).dropship_purchase_ids
        self.relay()
        purchase.button_cancel()
        mail = self.relay()
        self.assertEqual(len(mail), 1)
        self.assertIn("do not ship", mail.subject)

    def test_without_an_address_a_person_has_to_care(self):
        self.rhein.partner_id.email = False
        purchase = self.hero(confirm=True).dropship_purchase_ids
        self.assertFalse(self.relay())
        self.assertEqual(purchase.dropship_exchange_ids.state, "parked")
        self.assertIn("e-mail address", purchase.dropship_exchange_ids.error)

    def test_in_his_language_to_his_contact(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        contact = self.env["res.partner"].create(
            {"name": "王芳", "parent_id": self.rhein.partner_id.id, "email": "wang@rhein.example", "lang": "zh_CN"}
        )
        self.rhein.order_contact_id = contact
        self.hero(confirm=True)
        self.assertIn("wang@rhein.example", self.relay().email_to)

    def test_what_it_does_not_know_is_left_to_a_person(self):
        outcome = self.env["dropship.connector"]._call_desk({"kind": "invoice"})
        self.assertEqual(outcome.state, "parked")

    def test_todays_orders_as_a_file(self):
        response = self.url_open(f"{self.base}/sheet")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        text = repr([grid.rows for grid in read_grids("orders.xlsx", response.content)])
        for word in (self.waiting.name, self.purchase.name, "Anna Weber", "SKUSECRET-Rhein"):
            self.assertIn(word, text)
        self.assertSilent(text, self.of_sale, "sheet")

    def test_who_saw_an_address_is_noted(self):
        self.opened(f"/order/{self.waiting.id}")
        self.opened(f"/order/{self.waiting.id}")
        seen = self.env["dropship.address.view"].search([("purchase_id", "=", self.waiting.id), ("via", "=", "desk")])
        self.assertEqual(len(seen), 1)
        self.assertIn("Vendorsecret Rhein", seen.viewer)

    def test_the_packing_slip(self):
        response = self.url_open(f"{self.base}/order/{self.waiting.id}/slip")
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "application/pdf"))

    def test_he_hands_in_a_bill(self):
        path = f"/order/{self.waiting.id}"
        page = self.opened(path)
        self.assertIn(f"{self.base}{path}/document", page)
        data = {**self.hidden(page), "kind": "bill"}
        for content, status in ((b"%PDF-1.4\n%%EOF\n", 303), (b"MZ no paper", 422)):
            response = self.url_open(
                f"{self.base}{path}/document",
                data=data,
                files={"document": ("bill.pdf", content)},
                allow_redirects=False,
            )
            self.assertEqual(response.status_code, status, response.text[:500])
        self.env.invalidate_all()
        paper = self.waiting._dropship_documents_shown()
        self.assertEqual(len(paper), 1)
        self.assertEqual(self.url_open(f"{self.base}{path}/document/{paper.id}").status_code, 200)
        self.opened(f"/order/{self.purchase.id}/document/{paper.id}", 404)

    def test_his_score(self):
        text = self.opened("/score")
        self.assertIn("desk_score", text)

    def test_the_filled_sheet(self):
        """Upload, preview, confirm: what is understood is done, the rest is named."""
        line = self.waiting.order_line[:1]
        rows = [
            {"ref": self.waiting.name, "sku": row._dropship_sku(), "qty": 1, "key": f"{self.waiting.name}:{row.id}",
             "carrier": "顺丰", "number": "SF1234567890"}
            for row in self.waiting.order_line
        ]  # fmt: skip
        rows.append({"ref": "P99999", "sku": "X", "qty": 1, "key": f"P99999:{line.id}", "number": "SF99999999"})
        content = order_sheet.build(rows, "zh_CN")
        page = self.opened("/upload")
        files = {"file": ("发货单.xlsx", content)}
        data = self.hidden(page)
        preview = self.url_open(f"{self.base}/upload", data=data, files=files)
        self.assertEqual(preview.status_code, 200)
        self.assertIn("SF1234567890", preview.text)
        self.assertIn("No number of an open order", preview.text)
        self.env.invalidate_all()
        self.assertEqual(self.waiting.state, "sent")
        answers = preview.text[preview.text.index('name="answers" value="') :].split('"', 4)[3]
        for word in ("Done", "Known already"):
            done = self.send("/upload", preview.text, answers=unescape(answers))
            self.assertIn(word, done.text)
        self.assertEqual(self.waiting.picking_ids.mapped("carrier_tracking_ref"), ["SF1234567890"])
        for rubbish in (b"", b"PK\x03\x04nonsense", b"<html></html>", "订单号,快递单号\n".encode("gbk")):
            response = self.url_open(f"{self.base}/upload", data=data, files={"file": ("x.xlsx", rubbish)})
            self.assertIn(response.status_code, (200, 422))
        response = self.send("/upload", preview.text, answers="{broken")
        self.assertEqual(response.status_code, 422)
