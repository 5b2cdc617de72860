import io
from unittest.mock import patch

from odoo.tests import tagged
from openpyxl import load_workbook

from ..models import settlement_paper
from .test_settlement import SettlementCase


@tagged("post_install", "-at_install", "standard")
class TestSettlementPaper(SettlementCase):
    """The statement as PDF, workbook and mail: the same rows, the supplier's language, nothing a spreadsheet runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.supplier.partner_id.write({"email": "books@rhein.example", "lang": "zh_CN"})
        goods = cls.bill(100, "2026-01-05", ref="=HYPERLINK(1)")
        cls.bill(80.5, "2026-01-20")
        cls.credit(20, "2026-01-25")
        cls.pay_supplier(60, "2026-01-28", goods)
        cls.month = cls.statement("2026-01-31", note="Thank you")

    def sheet(self, content):
        return load_workbook(io.BytesIO(content)).active

    def test_the_workbook_is_the_statement(self):
        """Read by a second library: sums are numbers and add up, texts that look like formulas are texts."""
        sheet = self.sheet(self.month._xlsx())
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        facts = {row[0]: row[2] for row in cells if row[0] and isinstance(row[2], (int, float))}
        self.assertEqual(facts["= Closing balance"], 100.5)
        self.assertEqual(facts["+ Bills"], 180.5)
        head = next(number for number, row in enumerate(cells) if row[0] == "Date")
        rows = cells[head + 1 :]
        balance, ends = 0.0, []
        for row in rows:
            if row[5] is not None:
                balance += (row[4] or 0) - (row[3] or 0)
                ends.append((round(balance, 2), row[5]))
        self.assertTrue(ends and all(ours == told for ours, told in ends), ends)
        self.assertEqual(ends[-1][1], 100.5)
        formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        self.assertEqual(formulas, [])
        self.assertIn("=HYPERLINK(1)", [row[2] for row in rows])

    def test_a_currency_without_cents(self):
        yen = self.currency("JPY")
        month = self.statement("2026-01-31", currency_id=yen.id)
        sheet = self.sheet(month._xlsx())
        formats = {cell.number_format for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float)}
        self.assertFalse([text for text in formats if ".00" in text], formats)

    def test_the_paper_speaks_the_suppliers_language(self):
        html = self.env["ir.actions.report"]._render_qweb_html("dropship_flow.report_settlement", self.month.ids)[0]
        text = html.decode()
        self.assertIn(self.month.name, text)
        self.assertIn("100.50", text)
        self.assertIn("2026/01/31", text, "days are written as in Chinese")
        self.assertIn("Thank you", text)
        with self.allow_pdf_render():
            content = self.month.with_context(force_report_rendering=True)._pdf()
        self.assertEqual(content[:5], b"%PDF-")

    def test_a_long_statement_keeps_its_sums_and_differences(self):
        with patch.object(settlement_paper, "MOST_ROWS", 3):
            rows, left = self.month._paper_rows()
        self.assertEqual([row["type"] for row in rows], ["opening", "closing"])
        self.assertEqual(left, 4)
        self.assertEqual(rows[-1]["balance"], 100.5)

    def test_the_mail_has_both_papers_and_the_secret_way_is_in_no_chatter(self):
        self.month.action_send()
        mail = self.env["mail.mail"].search([("subject", "like", self.month.name)])
        self.assertEqual(mail.recipient_ids, self.supplier.partner_id)
        names = sorted(mail.attachment_ids.mapped("name"))
        self.assertEqual([name.rsplit(".", 1)[1] for name in names], ["pdf", "xlsx"])
        self.assertIn("/supplier/", mail.body_html)
        self.assertIn(f"/statements/{self.month.id}", mail.body_html)
        told = self.month.message_ids
        self.assertFalse([row for row in told if "/supplier/" in (row.body or "")])
        self.assertTrue([row for row in told if "books@rhein.example" in (row.body or "")])
        self.assertEqual(len(told.attachment_ids), 2)

    def test_without_an_address_a_person_is_told(self):
        self.supplier.partner_id.email = False
        self.month.action_send()
        self.assertEqual(self.month.state, "sent")
        self.assertIn("no mail address", "".join(self.month.message_ids.mapped("body")))
