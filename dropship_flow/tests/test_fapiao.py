import base64
import io

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from openpyxl import load_workbook
from psycopg2.errors import UniqueViolation

from ..fapiao import sheet
from .common_fapiao import OTHER_NUMBER, PDF, TAX_NUMBER
from .test_fapiao_price import China

NUMBER = "25332000000012345678"
NEXT = "25332000000012345679"


@tagged("post_install", "-at_install", "standard")
class TestFapiao(China):
    """Which fapiao a customer wants, what is to issue, issued and taken back."""

    # --- what customers say ---

    def test_a_person_gets_an_ordinary_one_with_his_name(self):
        invoice = self.sold(wish={"kind": "ordinary"})
        fapiao = invoice.dropship_fapiao_ids
        self.assertEqual(
            (fapiao.title, fapiao.who, fapiao.kind, fapiao.state), ("李雷", "person", "ordinary", "wanted")
        )
        self.assertEqual((fapiao.amount_untaxed, fapiao.amount_tax, fapiao.amount_total), (100.0, 13.0, 113.0))
        self.assertFalse(fapiao.problem)

    def test_nobody_asked_nothing_to_issue(self):
        self.assertFalse(self.sold().dropship_fapiao_ids)

    def test_tax_numbers_are_checked(self):
        order = self.make_sale(self.lamp, partner=self.li)
        for number, word in (
            ("91350200776049653B", "mistyped"), ("9135", "incomplete"), ("91350200776049653O", "characters"),
            ("", "needs"),
        ):  # fmt: skip
            with self.subTest(number), self.assertRaisesRegex(UserError, word), self.env.cr.savepoint():
                order._dropship_fapiao_ask({"kind": "ordinary", "who": "company", "name": "X", "tax_number": number})
        self.assertEqual(order.dropship_fapiao_kind, "none")
        order._dropship_fapiao_ask(
            {"kind": "ordinary", "who": "company", "name": "X", "tax_number": " 9135 0200 7760 4965 3a "}
        )
        self.assertEqual(order.dropship_fapiao_title_id.tax_number, TAX_NUMBER)
        order._dropship_fapiao_ask(
            {"kind": "ordinary", "who": "company", "name": "Old", "tax_number": "110108123456789"}
        )
        self.assertEqual(order.dropship_fapiao_title_id.name, "Old")

    def test_a_special_one_needs_everything_and_a_company(self):
        order = self.make_sale(self.lamp, partner=self.li)
        with self.assertRaisesRegex(UserError, "Bank Account"):
            order._dropship_fapiao_ask({**self.special(), "account": ""})
        with self.assertRaisesRegex(UserError, "companies only"):
            order._dropship_fapiao_ask({**self.special(), "who": "person"})
        order._dropship_fapiao_ask(self.special())
        self.assertEqual(order.dropship_fapiao_kind, "special")

    def test_several_titles_of_a_customer_are_remembered(self):
        order = self.make_sale(self.lamp, partner=self.li)
        order._dropship_fapiao_ask(self.special())
        order._dropship_fapiao_ask({"kind": "ordinary", "who": "company", "name": "乙公司", "tax_number": OTHER_NUMBER})
        order._dropship_fapiao_ask({**self.special(), "kind": "ordinary", "bank": ""})
        form = self.make_sale(self.cup, partner=self.li)._dropship_fapiao_form()
        self.assertEqual({title["name"] for title in form["titles"]}, {"阿里云计算有限公司", "乙公司"})
        self.assertEqual(order.dropship_fapiao_title_id.bank, "工商银行", "a short form forgets nothing")
        stranger = self.make_partner("韩梅梅", "CN")
        self.assertFalse(self.make_sale(self.cup, partner=stranger)._dropship_fapiao_form()["titles"])

    def test_elsewhere_there_is_no_fapiao(self):
        german = self.make_company("Berlin", country_id=self.country("DE").id)
        self.assertFalse(german._dropship_uses_fapiao())
        order = self.env["sale.order"].create({"partner_id": self.li.id, "company_id": german.id})
        self.assertEqual(order._dropship_fapiao_form(), {"shown": False})
        with self.assertRaises(UserError):
            order._dropship_fapiao_ask({"kind": "ordinary"})
        german.dropship_fapiao_use = "on"
        self.assertTrue(order._dropship_fapiao_form()["shown"])

    def test_a_channel_tells_it_and_a_wrong_number_is_noted(self):
        order = self.make_sale(self.lamp, partner=self.li)
        order._dropship_fapiao_told({"name": "甲公司", "tax_number": TAX_NUMBER})
        self.assertEqual(order.dropship_fapiao_title_id.name, "甲公司")
        other = self.make_sale(self.lamp, partner=self.li)
        other._dropship_fapiao_told({"name": "丙公司", "tax_number": "123"})
        self.assertEqual((other.dropship_fapiao_kind, other.dropship_fapiao_title_id.id), ("ordinary", False))
        self.assertIn("丙公司", other.message_ids[0].body)

    # --- what is to issue ---

    def test_a_wish_after_the_invoice_counts_until_it_is_issued(self):
        invoice = self.sold()
        order = invoice.invoice_line_ids.sale_line_ids.order_id
        order._dropship_fapiao_ask(self.special())
        self.assertEqual(invoice.dropship_fapiao_ids.title, "阿里云计算有限公司")
        order._dropship_fapiao_ask({"kind": "ordinary"})
        self.assertEqual(invoice.dropship_fapiao_ids.title, "李雷")
        self.issue(invoice.dropship_fapiao_ids, NUMBER)
        with self.assertRaisesRegex(UserError, "tax bureau"):
            order._dropship_fapiao_ask(self.special())
        self.assertFalse(order._dropship_fapiao_form()["open"])

    def test_a_special_one_without_title_waits(self):
        invoice = self.sold()
        invoice.dropship_fapiao_kind = "special"
        fapiao = invoice.dropship_fapiao_ids
        self.assertIn("tax number", fapiao.problem)
        with self.assertRaisesRegex(UserError, fapiao.serial):
            fapiao.action_export()

    def test_more_than_the_limit_goes_on_several(self):
        self.company.dropship_fapiao_limit = 150.0
        invoice = self.sold((self.lamp, 4), wish=self.special())
        documents = invoice.dropship_fapiao_ids
        self.assertEqual(sorted(documents.mapped("amount_untaxed")), [100.0, 150.0, 150.0])
        self.assertAlmostEqual(sum(documents.mapped("amount_total")), invoice.amount_total, 2)

    def test_one_for_each_rate(self):
        reduced = self.tax.copy({"name": "9 %", "amount": 9.0})
        self.cup.taxes_id = reduced
        self.company.dropship_fapiao_by_rate = True
        invoice = self.sold(self.lamp, self.cup, wish={"kind": "ordinary"})
        rates = [document.line_ids.mapped("rate") for document in invoice.dropship_fapiao_ids.sorted("id")]
        self.assertEqual(rates, [[13.0], [9.0]])
        self.assertAlmostEqual(sum(invoice.dropship_fapiao_ids.mapped("amount_total")), invoice.amount_total, 2)

    def test_several_orders_on_one(self):
        one, two = (self.sold(wish=self.special()) for _number in range(2))
        documents = (one | two).dropship_fapiao_ids
        documents.action_merge()
        merged = one.dropship_fapiao_ids
        self.assertEqual(merged, two.dropship_fapiao_ids)
        self.assertEqual((merged.amount_total, len(merged.line_ids)), (226.0, 2))
        other = self.sold(wish=self.special("乙公司", OTHER_NUMBER))
        with self.assertRaisesRegex(UserError, "different titles"):
            (merged | other.dropship_fapiao_ids).action_merge()

    def test_orders_with_different_titles_are_different_invoices(self):
        orders = self.env["sale.order"]
        for wish in (self.special(), {"kind": "ordinary"}):
            orders |= self.wants(self.make_sale(self.lamp, partner=self.keep_books(self.li)), **wish)
        orders |= self.make_sale(self.lamp, partner=self.li)
        orders.action_confirm()
        self.lamp.invoice_policy = "order"
        self.assertEqual(len(orders._create_invoices()), 3)

    # --- to the bureau and back ---

    def exported(self, *invoices):
        documents = self.env["account.move"].union(*invoices).dropship_fapiao_ids
        file = self.env["dropship.fapiao.file"].browse(documents.action_export()["res_id"])
        return documents, file

    def answer(self, text, name="issued.csv"):
        file = self.env["dropship.fapiao.file"].create({"name": name, "content": base64.b64encode(text.encode())})
        file.action_read()
        return file

    def test_the_file_for_the_bureau(self):
        documents, file = self.exported(self.sold(wish=self.special()), self.sold(wish={"kind": "ordinary"}))
        self.assertEqual(documents.mapped("state"), ["exported", "exported"])
        book = load_workbook(io.BytesIO(base64.b64decode(file.content)))
        heads, lines = (list(page.iter_rows(values_only=True)) for page in book.worksheets)
        self.assertEqual(len(heads), 3)
        first = dict(zip(heads[0], heads[1], strict=True))
        self.assertEqual(
            (first["发票流水号"], first["发票类型"], first["购买方名称"], first["购买方纳税人识别号"]),
            (documents[0].serial, "增值税专用发票", "阿里云计算有限公司", TAX_NUMBER),
        )
        second = dict(zip(heads[0], heads[2], strict=True))
        self.assertEqual((second["受票方自然人标识"], second["购买方名称"]), ("是", "李雷"))
        goods = dict(zip(lines[0], lines[1], strict=True))
        self.assertEqual((goods["金额"], goods["税率"], goods["税额"], goods["数量"]), ("100.00", "0.13", "13.00", "1"))
        self.assertNotIn("Yiwu", str(heads + lines), "nobody learns where it comes from")
        with self.assertRaisesRegex(UserError, "already"):
            documents.action_export()

    def test_numbers_come_back_once_and_the_rest_says_why_not(self):
        documents, _file = self.exported(self.sold(wish=self.special()), self.sold(wish=self.special()))
        one, two = documents
        text = (
            "发票流水号,数电发票号码,开票日期,价税合计\n"
            f"{one.serial},{NUMBER},2026-11-27,113.00\n"
            f"{two.serial},2.53320000000123E+19,2026-11-27,113\n"
            f"{two.serial},{NUMBER},2026-11-27,113\n"
            f"{two.serial},{NEXT},2026-11-27,99.00\n"
            f"FP999999999,{NEXT},2026-11-27,\n"
            f"{two.serial},1234,,\n"
        )
        file = self.answer(text)
        self.assertEqual((one.state, one.number, str(one.date)), ("issued", NUMBER, "2026-11-27"))
        self.assertEqual(two.state, "exported")
        codes = [row.reasons[0][0] if row.reasons else "" for row in file.row_ids.sorted("row")]
        self.assertEqual(
            codes, ["", "fapiao_rounded", "fapiao_taken", "fapiao_total", "fapiao_unknown", "fapiao_digits"]
        )
        self.assertIn("113", file.row_ids.sorted("row")[3].why)
        file.action_read()
        self.assertEqual(len(file.row_ids), 6, "read again, nothing twice")
        self.answer(f"流水号,发票号码\n{two.serial},{NEXT}\n")
        self.assertEqual(two.number, NEXT)
        known = self.answer(f"流水号,发票号码\n{two.serial},{NUMBER}\n").row_ids
        self.assertEqual(known.reasons[0][0], "fapiao_known")

    def test_what_is_no_list_is_refused_and_kept(self):
        file = self.answer("a,b\n1,2\n")
        self.assertIn("发票流水号", file.problem)
        self.assertFalse(file.row_ids)
        file = self.answer("<html>login</html>", "list.xlsx")
        self.assertTrue(file.problem)

    def test_a_number_by_hand(self):
        fapiao = self.sold(wish={"kind": "ordinary"}).dropship_fapiao_ids
        with self.assertRaisesRegex(UserError, "20 digits"):
            fapiao.action_issue()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            fapiao.number = "12345678"
        self.issue(fapiao, f" {NUMBER[:10]} {NUMBER[10:]} ")
        self.assertEqual((fapiao.state, fapiao.number), ("issued", NUMBER))
        other = self.sold(wish={"kind": "ordinary"}).dropship_fapiao_ids
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.issue(other, NUMBER)

    def test_an_export_taken_back(self):
        documents, _file = self.exported(self.sold(wish=self.special()))
        with self.assertRaisesRegex(UserError, "Take the export back"):
            documents.title = "Other"
        documents.action_back()
        self.assertEqual(documents.state, "wanted")
        documents.title = "Other"

    def test_the_customer_gets_the_file(self):
        fapiao = self.sold(wish=self.special()).dropship_fapiao_ids
        fapiao.write({"file": base64.b64encode(PDF), "file_name": "x/发票.exe"})
        self.assertEqual(fapiao.file_name, "发票.pdf")
        self.issue(fapiao, NUMBER)
        self.assertTrue(fapiao.sent_at)
        mail = self.env["mail.mail"].search([("subject", "ilike", NUMBER)])
        receivers = [mail.email_to, *mail.recipient_ids.mapped("email")]
        self.assertEqual([address for address in receivers if address], ["books@example.com"])
        self.assertEqual(mail.attachment_ids.raw, PDF)
        self.assertNotIn("Yiwu", mail.body_html)
        with self.assertRaisesRegex(UserError, "PDF, OFD"):
            fapiao.file = base64.b64encode(b"<html>")

    # --- taken back ---

    def test_a_credit_before_it_is_issued_lowers_it(self):
        invoice = self.sold((self.lamp, 3), wish=self.special())
        credit = self.credit(invoice, 1)
        fapiao = invoice.dropship_fapiao_ids
        self.assertEqual((fapiao.amount_untaxed, fapiao.line_ids.quantity, fapiao.state), (200.0, 2.0, "wanted"))
        self.assertEqual(credit.dropship_fapiao_ids, fapiao)
        self.credit(invoice, 2)
        self.assertFalse(invoice.dropship_fapiao_ids, "nothing is left to issue")

    def test_a_credit_after_it_is_issued_needs_a_red_letter(self):
        invoice = self.sold((self.lamp, 3), wish=self.special())
        self.issue(invoice.dropship_fapiao_ids, NUMBER)
        credit = self.credit(invoice, 1)
        red = credit.dropship_fapiao_ids
        self.assertEqual(
            (red.state, red.is_red, red.amount_untaxed, red.origin_id.number), ("red_needed", True, 100.0, NUMBER)
        )
        self.assertEqual((invoice.dropship_fapiao_state, credit.dropship_fapiao_state), ("issued", "red_needed"))
        self.assertEqual(invoice.invoice_line_ids.sale_line_ids.order_id.dropship_fapiao_state, "red_needed")
        _documents, file = self.exported(credit)
        self.assertEqual(red.state, "red_exported")
        heads = list(
            load_workbook(io.BytesIO(base64.b64decode(file.content))).worksheets[0].iter_rows(values_only=True)
        )
        self.assertEqual(dict(zip(*heads, strict=True))["对应蓝字发票号码"], NUMBER)
        self.answer(f"流水号,发票号码,价税合计\n{red.serial},{NEXT},-113.00\n")
        self.assertEqual(credit.dropship_fapiao_state, "red_issued")

    def test_red_letters_never_take_back_more_than_was_issued(self):
        invoice = self.sold((self.lamp, 2), wish=self.special())
        self.issue(invoice.dropship_fapiao_ids, NUMBER)
        self.credit(invoice)
        again = self.credit(invoice, 1)
        self.assertFalse(again.dropship_fapiao_ids)
        self.assertIn("never on a fapiao", again.message_ids[0].body)

    def test_a_credit_while_the_bureau_works_waits_for_the_number(self):
        documents, _file = self.exported(self.sold(wish=self.special()))
        red = self.credit(documents.move_ids).dropship_fapiao_ids
        self.assertIn("no number yet", red.problem)
        self.issue(documents, NUMBER)
        red.invalidate_recordset()
        self.assertFalse(red.problem)

    def test_a_split_invoice_comes_back_piece_by_piece(self):
        self.company.dropship_fapiao_limit = 150.0
        invoice = self.sold((self.lamp, 3), wish=self.special())
        for number, fapiao in enumerate(invoice.dropship_fapiao_ids.sorted("id")):
            self.issue(fapiao, f"2533200000001234567{number}")
        reds = self.credit(invoice).dropship_fapiao_ids
        self.assertEqual(sorted(reds.mapped("amount_untaxed")), [150.0, 150.0])
        self.assertEqual(len(reds.origin_id), 2)

    def test_an_issued_invoice_is_not_set_back(self):
        invoice = self.sold(wish=self.special())
        self.issue(invoice.dropship_fapiao_ids, NUMBER)
        with self.assertRaisesRegex(UserError, "credit note"):
            invoice.button_draft()
        other = self.sold(wish=self.special())
        other.button_draft()
        self.assertFalse(other.dropship_fapiao_ids)
        other.action_post()
        self.assertEqual(other.dropship_fapiao_state, "wanted")

    def test_a_whole_year_adds_up(self):
        """Whatever is invoiced and credited, what is issued less red letters is what was sold."""
        self.company.dropship_fapiao_limit = 180.0
        total = 0.0
        for number in range(6):
            invoice = self.sold((self.lamp, number + 1), self.cup, wish=self.special())
            for place, fapiao in enumerate(invoice.dropship_fapiao_ids):
                if number % 2:
                    self.issue(fapiao, f"253320000000{number:04d}{place:04d}")
            credit = self.credit(invoice, 1) if number % 3 else self.env["account.move"]
            total += invoice.amount_total - credit.amount_total
        documents = self.env["dropship.fapiao"].search([("company_id", "=", self.company.id)])
        blue = sum(documents.filtered(lambda row: not row.is_red).mapped("amount_total"))
        red = sum(documents.filtered("is_red").mapped("amount_total"))
        self.assertAlmostEqual(blue - red, total, 2)
        self.assertTrue(red)

    # --- who may ---

    def test_only_the_accountant_issues(self):
        fapiao = self.sold(wish=self.special()).dropship_fapiao_ids
        desk = new_test_user(
            self.env, "fapiao-desk", groups="dropship_flow.group_dropship_user", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        for verb in ("action_issue", "action_export", "action_merge", "action_drop"):
            with self.subTest(verb), self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(fapiao.with_user(desk), verb)()
        self.assertEqual(fapiao.with_user(desk).title, "阿里云计算有限公司")
        books = new_test_user(
            self.env, "fapiao-books", groups="account.group_account_invoice,dropship_flow.group_dropship_user",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        fapiao.with_user(books).action_export()
        self.assertEqual(fapiao.state, "exported")

    def test_formulas_in_a_title_stay_text(self):
        text = sheet.build_csv([{"serial": "A", "title": "=HYPERLINK(1)"}], [{"serial": "A", "name": "@x"}]).decode()
        self.assertIn("'=HYPERLINK", text)
        self.assertIn("'@x", text)
