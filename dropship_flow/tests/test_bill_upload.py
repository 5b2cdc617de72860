import base64
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_bill_upload import BillFactories
from .common_flow import FlowCase

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@tagged("post_install", "-at_install", "standard")
class TestBillUpload(BillFactories, FlowCase):
    """A bill handed in becomes one draft, or says what speaks against it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_purchase_books()
        cls.rhein = cls.suppliers["Rhein"]
        cls.sale = cls.hero(confirm=True)
        cls.purchase = cls.sale.dropship_purchase_ids
        cls.purchase.order_line.tax_ids = cls.input_tax
        cls.ship_all(cls.purchase)
        cls.freight = cls.purchase.dropship_freight
        cls.lamp_sku = cls.offers["Rhein", cls.lamp].sku

    def bill(self, **options):
        options.setdefault("charges", [(self.freight, "Versand")])
        return self.ubl(self.purchase, **options)

    def second(self, share=1.0):
        """Another order of the same basket, left in part or in full."""
        purchase = self.hero(confirm=True).dropship_purchase_ids
        purchase.order_line.tax_ids = self.input_tax
        if share:
            self.ship_all(purchase, f"DHL{purchase.id:08}", share)
        return purchase

    # --- what fits is entered ---

    def test_a_bill_that_fits_is_a_draft_at_once(self):
        content = self.bill()
        upload = self.hand_in(content)
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        move = upload.move_id
        self.assertEqual((move.state, move.move_type, move.ref), ("draft", "in_invoice", "RE-1"))
        goods = move.invoice_line_ids.filtered("purchase_line_id")
        self.assertEqual(goods.purchase_line_id, self.purchase.order_line.filtered("product_qty"))
        self.assertEqual(goods.mapped("quantity"), [1, 1, 1])
        self.assertEqual(sorted(goods.mapped("price_unit")), [2.6, 3.9, 15.9])
        freight = move.invoice_line_ids - goods
        self.assertEqual((freight.dropship_charge, freight.price_subtotal), ("freight", 3.9))
        self.assertEqual(freight.dropship_purchase_id, self.purchase)
        self.assertEqual((move.amount_untaxed, move.amount_tax, move.amount_total), (26.3, 5.0, 31.3))
        self.assertEqual((move.dropship_supplier_id, move.dropship_is_bill), (self.rhein, True))
        self.assertEqual(move.message_main_attachment_id.raw, content)
        self.assertEqual(self.purchase.order_line.mapped("qty_invoiced"), [1, 1, 1])
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_the_same_file_twice_is_one_bill(self):
        content = self.bill()
        first, again = self.hand_in(content), self.hand_in(content, name="again.xml")
        self.assertEqual(first, again)
        first._enter(force=True)
        self.assertEqual(self.env["account.move"].search_count([("ref", "=", "RE-1")]), 1)

    def test_a_table_and_a_workbook(self):
        rows = self.rows_of(self.purchase)
        lines = [
            f"R-{n},{fields.Date.today()},{self.purchase.name},{sku},{qty},{price}"
            for n in (5,)
            for sku, qty, price, _a in rows
        ]
        upload = self.hand_in(
            ("账单号,账单日期,订单号,商家编码,数量,单价\n" + "\n".join(lines)).encode("gb18030"), name="账单.csv"
        )
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        self.assertAlmostEqual(upload.move_id.amount_untaxed, 22.4)

    def test_the_template_comes_back(self):
        name, content = self.env["dropship.bill.upload"]._desk_template(self.rhein, self.company, "zh_CN")
        self.assertTrue(name.endswith(".xlsx"))
        upload = self.hand_in(content, name=name, number="T-1", date=str(fields.Date.today()))
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        self.assertEqual(upload.line_ids.mapped("charge"), [False, False, False, "freight"])
        rows, _currency = (
            self.env["dropship.bill.upload"]
            .new({"supplier_id": self.rhein.id, "company_id": self.company.id})
            ._open_rows()
        )
        self.assertFalse(
            [row for row in rows if row["ref"] == self.purchase.name], "what is billed is not offered again"
        )

    def test_a_pdf_by_its_orders_and_total(self):
        upload = self.hand_in(PDF, name="r.pdf", number="P-1", date=str(fields.Date.today()), total="31,30",
                              orders=self.purchase.name)  # fmt: skip
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        self.assertAlmostEqual(upload.move_id.amount_total, 31.3)

    def test_a_pdf_of_another_total_waits(self):
        upload = self.hand_in(PDF, name="r.pdf", number="P-1", date=str(fields.Date.today()), total="40",
                              orders=self.purchase.name)  # fmt: skip
        self.assertEqual((upload.state, self.codes(upload)), ("differs", ["handed_total"]))
        self.assertFalse(upload.move_id)
        self.assertIn("40.00", upload.reason_text)
        self.assertIn("31.30", upload.reason_text)
        upload.action_enter()
        self.assertEqual((upload.state, upload.move_id.amount_total), ("entered", 31.3))

    def test_the_suppliers_rounding_of_tax_is_kept(self):
        upload = self.hand_in(self.bill(tax=4.99))
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        move = upload.move_id
        self.assertEqual((move.amount_tax, move.amount_total, upload.tax_difference), (4.99, 31.29, -0.01))
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0)
        move.action_post()
        self.assertEqual(move.amount_total, 31.29)

    def test_prices_with_the_tax_inside(self):
        self.input_tax.price_include_override = "tax_included"
        upload = self.hand_in(self.bill(tax=5.0))
        self.assertEqual(upload.state, "entered", self.codes(upload))
        self.assertEqual((upload.move_id.amount_untaxed, upload.move_id.amount_total), (26.3, 31.3))

    def test_one_bill_for_several_orders_shares_the_freight(self):
        other = self.second()
        rows = self.rows_of(self.purchase)
        lines = [
            f"R-6,{fields.Date.today()},{order.name},{sku},{qty},{price},"
            for order in (self.purchase, other)
            for sku, qty, price, _a in rows
        ]
        content = "Bill no,Date,Order,SKU,Qty,Price,Name\n" + "\n".join(lines) + "\n,,,,,7.80,Freight\n"
        upload = self.hand_in(content.encode(), name="r.csv")
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        freight = upload.move_id.invoice_line_ids.filtered("dropship_charge")
        self.assertEqual(freight.dropship_purchase_id, self.purchase | other)
        self.assertEqual(freight.mapped("price_unit"), [3.9, 3.9])

    def test_his_own_order_number_and_packs(self):
        self.purchase.partner_ref = "RL-4711, RL-4712"
        upload = self.hand_in(self.bill(ref="rl 4712"))
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))

    def test_units_of_his_sku(self):
        """He sells pairs, we buy pieces: two of his are four of ours, and the amount is the same."""
        self.offers["Rhein", self.lamp].factor = 0.5
        rows = self.rows_of(self.purchase)
        lamp = next(row for row in rows if row[0] == self.lamp_sku)
        self.assertEqual(lamp[1:], (2.0, 7.95, 15.9))
        upload = self.hand_in(self.bill(rows=rows))
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        line = upload.move_id.invoice_line_ids.filtered(lambda line: line.product_id == self.lamp)
        self.assertEqual((line.quantity, line.price_subtotal), (1.0, 15.9))

    def test_a_credit_note(self):
        self.hand_in(self.bill()).move_id.action_post()
        content = self.ubl(self.purchase, "GS-1", rows=[(self.lamp_sku, 1, 15.9, 15.9)], root="CreditNote")
        upload = self.hand_in(content, name="gs.xml")
        self.assertEqual((upload.state, upload.move_id.move_type), ("entered", "in_refund"), self.codes(upload))
        self.assertAlmostEqual(upload.move_id.amount_untaxed, 15.9)
        more = self.hand_in(self.ubl(self.purchase, "GS-2", rows=[(self.lamp_sku, 1, 15.9, 15.9)], root="CreditNote"))
        self.assertEqual((more.state, self.codes(more)), ("held", ["handed_credit_more"]))

    def we_draft(self):
        supplier, company = self.purchase.dropship_warehouse_id.supplier_id, self.purchase.company_id
        terms = supplier._terms_for(company) or self.env["dropship.supplier.term"].create({"supplier_id": supplier.id})
        terms.bills_by = "us"

    def test_a_draft_of_ours_gives_way(self):
        """Where we draft bills: what he hands in is not drafted again, and a draft made before goes."""
        self.we_draft()
        ours = self.purchase._dropship_draft_bills()
        self.assertTrue(ours.dropship_drafted)
        upload = self.hand_in(self.bill())
        self.assertEqual(upload.state, "entered", self.codes(upload))
        self.env["dropship.bill.match"]._refresh(self.purchase)
        self.assertFalse(ours.exists())
        self.assertFalse(self.purchase._dropship_draft_bills())

    def test_what_waits_is_not_drafted(self):
        self.we_draft()
        upload = self.hand_in(self.bill(rows=self.rows_of(self.purchase, **{self.lamp_sku: (1, 16.5)})))
        self.assertEqual(upload.state, "differs")
        self.assertFalse(self.purchase._dropship_draft_bills().invoice_line_ids.purchase_line_id)
        upload._reject("Wrong price")
        self.assertTrue(self.purchase._dropship_draft_bills().invoice_line_ids.purchase_line_id)

    # --- what differs waits for a person ---

    def test_another_price(self):
        upload = self.hand_in(self.bill(rows=self.rows_of(self.purchase, **{self.lamp_sku: (1, 16.5)})))
        self.assertEqual((upload.state, self.codes(upload)), ("differs", ["handed_price"]))
        line = upload.line_ids.filtered(lambda line: line.sku == self.lamp_sku)
        self.assertEqual((line.agreed_price, line.price, line.state), (15.9, 16.5, "differs"))
        self.assertIn("16.5", line.reason_text)
        upload.action_enter()
        goods = upload.move_id.invoice_line_ids.filtered(lambda row: row.product_id == self.lamp)
        self.assertEqual((upload.state, goods.price_unit), ("entered", 16.5))

    def test_more_freight_and_what_nobody_agreed(self):
        upload = self.hand_in(self.bill(charges=[(9.9, "Versand"), (2.0, "Palettentausch")]))
        self.assertEqual((upload.state, self.codes(upload)), ("differs", ["handed_freight", "handed_charge"]))

    def test_too_many(self):
        upload = self.hand_in(self.bill(rows=self.rows_of(self.purchase, **{self.lamp_sku: (3, 15.9)})))
        self.assertEqual((upload.state, self.codes(upload)), ("differs", ["handed_too_many"]))

    # --- what must not be entered is held ---

    def held(self, content, *codes, **options):
        upload = self.hand_in(content, **options)
        self.assertEqual((upload.state, self.codes(upload)), ("held", list(codes)))
        with self.assertRaises(UserError):
            upload.action_enter()
        self.assertFalse(upload.move_id)
        text = upload.reason_text or " ".join(filter(None, upload.line_ids.mapped("reason_text")))
        self.assertNotIn("%(", text)
        return upload

    def test_a_number_twice(self):
        self.hand_in(self.bill())
        again = self.second()
        self.held(self.ubl(again, "re 1"), "handed_number_known")

    def test_a_number_that_is_in_the_books(self):
        self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.rhein.partner_id.id,
                "ref": "RE 1",
                "company_id": self.company.id,
            }
        )
        self.held(self.bill(), "handed_number_known")

    def test_before_the_shipment_and_after(self):
        purchase = self.second(share=0)
        upload = self.held(self.ubl(purchase, "RE-9"), *["handed_not_shipped"] * 3)
        self.run_cron("cron_bill_uploads")
        self.assertEqual(upload.state, "held")
        self.assertEqual(sum(purchase._dropship_waiting_uploads().values()), 3, "nobody drafts what is billed")
        self.ship_all(purchase, "DHL99")
        self.run_cron("cron_bill_uploads")
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        self.assertFalse(purchase._dropship_waiting_uploads())

    def test_billed_twice(self):
        self.hand_in(self.bill())
        self.held(self.bill(number="RE-2", charges=()), *["handed_twice"] * 3)

    def test_an_allowance_gives_no_goods_back(self):
        """Less money for what was billed: the goods stay billed and are not taken a second time."""
        move = self.hand_in(self.bill()).move_id
        move.action_post()
        credit = move._reverse_moves([{"ref": "GS-9", "invoice_date": "2026-06-01"}])
        credit.invoice_line_ids.filtered("purchase_line_id").dropship_charge = "allowance"
        credit.action_post()
        self.held(self.bill(number="RE-2", charges=()), *["handed_twice"] * 3)

    def test_orders_of_others(self):
        theirs = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(theirs.order_line, self.suppliers["Dawn"], "pin", "test")
        theirs.action_confirm()
        foreign = theirs.dropship_purchase_ids
        self.held(self.bill(ref=foreign.name, charges=()), *["handed_order_foreign"] * 3)
        self.held(self.bill(ref="P-NONE", charges=()), *["handed_order_unknown"] * 3)
        self.held(self.bill(ref="", charges=()), *["handed_order_needed"] * 3)

    def test_another_company(self):
        other = self.make_company()
        self.rhein.company_id = False
        self.held(self.bill(charges=()), *["handed_order_foreign"] * 3, company=other)

    def test_another_currency(self):
        self.currency("USD", 1.1)
        self.held(self.bill(currency="USD"), "handed_currency_other")
        self.assertEqual(self.codes(self.hand_in(self.bill(currency="XQX"))), ["handed_currency_unknown"])

    def test_another_account_is_asked_for_and_never_kept(self):
        bank = self.env["res.partner.bank"].create(
            {"partner_id": self.rhein.partner_id.id, "acc_number": "DE89 3704 0044 0532 0130 00"}
        )
        upload = self.held(self.bill(account="DE02120300000000202051"), "handed_account_changed")
        self.assertNotIn("0300000000", upload.reason_text, "an account to pay to is not spelled out")
        upload.action_account_checked()
        self.assertEqual(upload.state, "entered")
        self.assertEqual(self.rhein.partner_id.bank_ids, bank)
        self.assertEqual(bank.acc_number, "DE89 3704 0044 0532 0130 00")
        self.assertIn(upload.move_id.partner_bank_id.ids, ([], bank.ids))

    def test_the_known_account(self):
        self.env["res.partner.bank"].create(
            {"partner_id": self.rhein.partner_id.id, "acc_number": "DE89 3704 0044 0532 0130 00"}
        )
        self.assertEqual(self.hand_in(self.bill(account="de89370400440532013000")).state, "entered")

    def test_another_tax_number(self):
        self.rhein.partner_id.vat = "DE811907980"
        self.held(self.bill(vat="DE136695976"), "handed_tax_id")

    def test_sku_nobody_knows_and_a_person_says_which(self):
        rows = [("OTHER-1" if sku == self.lamp_sku else sku, *rest) for sku, *rest in self.rows_of(self.purchase)]
        upload = self.held(self.bill(rows=rows), "handed_line_unknown")
        line = upload.line_ids.filtered(lambda line: line.sku == "OTHER-1")
        target = self.purchase.order_line.filtered(lambda line: line.product_id == self.lamp)
        wizard = self.env["dropship.bill.fix"].browse(line.action_fix()["res_id"])
        wizard.purchase_line_id = target
        wizard.action_apply()
        self.assertEqual((upload.state, self.codes(upload)), ("entered", []))
        self.assertIn(target, upload.move_id.invoice_line_ids.purchase_line_id)

    def test_broken_files_are_kept_and_read_again(self):
        upload = self.held(b"what,ever\n1,2\n", "handed_no_headings", name="x.csv")
        self.assertTrue(upload.content)
        for content in (b"<?xml version='1.0'?><Invoice>", b"<?xml version='1.0'?><Order/>", b"PK\x03\x04" + b"x" * 99):
            self.assertEqual(self.hand_in(content).state, "held")
        upload = self.held(self.bill(number=""), "handed_no_number")
        upload._correct({"number": "RE-77"})
        self.assertEqual((upload.state, upload.move_id.ref), ("entered", "RE-77"))

    def test_sums_that_do_not_add_up(self):
        content = self.bill().replace(b"<cbc:TaxExclusiveAmount>26.30", b"<cbc:TaxExclusiveAmount>36.30")
        self.assertEqual(self.codes(self.hand_in(content)), ["handed_sum_net", "handed_sum_gross"])
        self.held(self.bill(date=fields.Date.today() + timedelta(days=9)), "handed_future")

    def test_nothing_is_kept_of_what_is_no_bill(self):
        before = self.env["dropship.bill.upload"].search_count([])
        for content in (b"", b"MZ\x00\x90", b"<html><script>1</script>", b"%PDF-" + b"x" * (11 * 2**20)):
            with self.assertRaises(UserError):
                self.hand_in(content)
        self.assertEqual(self.env["dropship.bill.upload"].search_count([]), before)

    # --- rejected ---

    def test_rejected_with_a_reason_and_sent_again(self):
        upload = self.hand_in(self.bill(rows=self.rows_of(self.purchase, **{self.lamp_sku: (1, 16.5)})))
        self.env["dropship.bill.say"].create(
            {"upload_id": upload.id, "what": "reject", "text": "Agreed: 15.90"}
        ).action_apply()
        self.assertEqual((upload.state, upload.reject_reason), ("rejected", "Agreed: 15.90"))
        better = self.hand_in(self.bill())
        self.assertEqual(better.state, "entered", "the number is free again")

    def test_a_cancelled_draft_may_be_read_again(self):
        upload = self.hand_in(self.bill())
        with self.assertRaises(UserError):
            upload.action_read_again()
        upload.move_id.button_cancel()
        upload.action_read_again()
        self.assertEqual((upload.state, upload.move_id.state), ("entered", "draft"))

    # --- other ways in ---

    def test_a_bill_among_the_papers_of_an_order(self):
        self.purchase._dropship_take_document("bill", "r.pdf", PDF)
        upload = self.env["dropship.bill.upload"].search([("supplier_id", "=", self.rhein.id)])
        self.assertEqual((upload.state, upload.source, upload.typed), ("held", "desk", {"orders": self.purchase.name}))
        self.assertEqual(self.codes(upload), ["handed_no_number", "handed_no_date", "handed_no_total"])
        upload._correct({"number": "P-9", "date": str(fields.Date.today()), "total": "31.30"})
        self.assertEqual(upload.state, "entered")

    def test_a_bill_by_mail_is_matched_and_waits_for_a_person(self):
        content = self.bill()
        attachment = self.env["ir.attachment"].create({"name": "RE-1.xml", "raw": content})
        values = {"body": "Our invoice", "message_type": "email", "attachment_ids": attachment.ids}
        self.purchase.message_post(**values, author_id=self.anna.id)
        self.assertFalse(self.env["dropship.bill.upload"].search([("supplier_id", "=", self.rhein.id)]))
        attachment = self.env["ir.attachment"].create({"name": "RE-1.xml", "raw": content})
        values["attachment_ids"] = attachment.ids
        self.purchase.message_post(**values, author_id=self.rhein.partner_id.id)
        upload = self.env["dropship.bill.upload"].search([("supplier_id", "=", self.rhein.id)])
        self.assertEqual((upload.state, upload.source), ("matched", "mail"))
        upload.action_enter()
        self.assertEqual(upload.state, "entered")

    def test_uploaded_here(self):
        wizard = self.env["dropship.bill.hand.in"].create(
            {
                "supplier_id": self.rhein.id,
                "name": "r.pdf",
                "content": base64.b64encode(PDF),
                "number": "P-1",
                "total": 31.3,
                "date": fields.Date.today(),
                "purchase_ids": [Command.set(self.purchase.ids)],
            }
        )
        upload = self.env["dropship.bill.upload"].browse(wizard.action_apply()["res_id"])
        self.assertEqual((upload.state, upload.source, upload.user_id), ("entered", "office", self.env.user))

    # --- who may ---

    def login(self, groups):
        return new_test_user(self.env, f"bills-{groups.rpartition('_')[2]}", groups=groups, company_id=self.company.id,
                             company_ids=[Command.set(self.company.ids)])  # fmt: skip

    def test_who_may_what(self):
        upload = self.hand_in(self.bill(rows=self.rows_of(self.purchase, **{self.lamp_sku: (1, 16.5)})))
        flow = "dropship_flow.group_dropship_"
        desk = self.login(f"{flow}user")
        buyer = self.login(f"{flow}buyer")
        accountant = self.login(f"{flow}user,account.group_account_invoice")
        as_desk = upload.with_user(desk)
        self.assertTrue(as_desk.read(["number", "reason_text"]))
        for verb in (
            as_desk.action_enter,
            as_desk.action_reject,
            as_desk.action_read_again,
            as_desk.action_account_checked,
        ):
            with self.assertRaises(AccessError):
                verb()
        with self.assertRaises(AccessError):
            as_desk.write({"reject_reason": "x"})
        with self.assertRaises(AccessError):
            upload.with_user(buyer).action_enter()
        upload.with_user(buyer).action_read_again()
        with self.assertRaises(AccessError):
            upload.with_user(accountant).write({"number": "RE-2"})
        upload.with_user(accountant).action_enter()
        self.assertEqual(upload.state, "entered")
        self.assertTrue(upload.with_user(accountant).action_open_bill())
