import base64
import io
from unittest.mock import patch

import openpyxl
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_settlement import SettlementCase


@tagged("post_install", "-at_install", "standard")
class TestSettlementPay(SettlementCase):
    """Agreed statements are paid: one payment each, matched with the documents, nothing written off."""

    def pay(self, settlements, **vals):
        wizard = self.env["dropship.settlement.pay"].create(
            {"settlement_ids": [Command.set(settlements.ids)], "company_id": settlements.company_id[:1].id,
             "journal_id": self.bank.id, "date": "2026-02-03", **vals}
        )  # fmt: skip
        wizard.action_pay()
        return wizard

    def bank_account(self, number, trusted=True):
        return self.env["res.partner.bank"].create(
            {"partner_id": self.supplier.partner_id.id, "acc_number": number, "allow_out_payment": trusted}
        )

    def test_one_payment_for_bills_less_credits(self):
        bills = self.bill(100, "2026-01-05") | self.bill(70, "2026-01-09")
        credit = self.credit(30, "2026-01-10")
        january = self.agreed("2026-01-31")
        self.assertEqual(january.to_pay, 140)
        payment = self.pay(january).payment_ids
        self.assertEqual((len(payment), payment.amount, payment.memo), (1, 140, january.name))
        self.assertEqual(set((bills | credit).mapped("amount_residual")), {0})
        self.assertEqual((january.state, january.to_pay), ("paid", 0))
        self.assert_ties(self.statement("2026-02-28"))

    def test_a_late_bill_is_due_with_the_statement_it_stands_on(self):
        self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        late = self.bill(20, "2026-01-20")
        self.assertEqual(january.to_pay, 100)
        february = self.agreed("2026-02-28")
        self.assertEqual((february.later, february.closing, february.to_pay), (20, 120, 120))
        self.pay(february)
        self.assertEqual((late.amount_residual, february.state), (0, "paid"))

    def test_a_part_leaves_the_newest_open(self):
        old, new = self.bill(100, "2026-01-05"), self.bill(70, "2026-01-09")
        january = self.agreed("2026-01-31")
        january._pay(self.bank, self.day("2026-02-03"), amount=120)
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 50))
        self.assertEqual((january.state, january.to_pay), ("agreed", 50))
        with self.assertRaisesRegex(UserError, "more than"):
            january._pay(self.bank, self.day("2026-02-03"), amount=51)
        january._pay(self.bank, self.day("2026-02-04"))
        self.assertEqual(january.state, "paid")
        february = self.agreed("2026-02-28")
        self.assertEqual(self.figures(february), (170, 0, 0, 0, 170, 0, 0))

    def test_a_credit_larger_than_the_bills_is_carried_forward(self):
        """| January | bill 40, credit 100 | −60, nothing to pay |  | February | bill 90 | 30 to pay |"""
        self.bill(40, "2026-01-05")
        self.credit(100, "2026-01-10")
        january = self.agreed("2026-01-31")
        self.assertEqual((january.closing, january.to_pay), (-60, 0))
        self.assertIn("carried forward", january.pay_text)
        self.assertFalse(self.pay(january).payment_ids)
        self.assertEqual(january.state, "agreed")
        self.bill(90, "2026-02-05")
        february = self.agreed("2026-02-28")
        self.assertEqual((february.opening, february.closing, february.to_pay), (-60, 30, 30))
        self.assertEqual(self.pay(february).payment_ids.amount, 30)
        self.assertEqual((january.state, february.state), ("paid", "paid"))

    def test_prepaid(self):
        """Topped up with 500; bills are taken from it."""
        topup = self.pay_supplier(500, "2026-01-02")
        bill = self.bill(120, "2026-01-05")
        january = self.agreed("2026-01-31")
        self.assertEqual((january.closing, january.to_pay, january.on_account), (-380, 0, 500))
        self.assertIn("on account", january.pay_text)
        self.assertFalse(self.pay(january).payment_ids)
        self.assertEqual((bill.amount_residual, january.state), (0, "paid"))
        counterpart = topup.move_id.line_ids.filtered(lambda line: line.account_id == self.accounts["payable"])
        self.assertEqual(counterpart.amount_residual, 380)
        self.assert_ties(self.statement("2026-02-28"))

    def test_what_is_held_is_not_set_off_either(self):
        bill = self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        self.pay_supplier(60, "2026-02-02")
        held = {bill: [["settle_not_agreed", {"statement": "Held"}]]}
        with patch.object(type(january), "_bill_blockers", lambda _self, _bills: held):
            january.action_match()
        self.assertEqual(bill.amount_residual, 100)
        january.action_match()
        self.assertEqual(bill.amount_residual, 40)

    def test_two_statements_of_one_supplier_share_what_is_on_account(self):
        self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        self.bill(50, "2026-02-05")
        february = self.agreed("2026-02-28")
        self.pay_supplier(30, "2026-03-01")
        wizard = self.pay(january | february, date="2026-03-03")
        self.assertEqual(sorted(wizard.payment_ids.mapped("amount")), [50, 70])
        self.assertEqual((january | february).mapped("state"), ["paid", "paid"])

    def test_only_what_is_due(self):
        early, late = self.bill(100, "2026-01-05"), self.bill(70, "2026-01-09")
        for bill, day in ((early, "2026-02-10"), (late, "2026-03-10")):
            bill.button_draft()
            bill.invoice_date_due = day
            bill.action_post()
        january = self.agreed("2026-01-31")
        due = self.env["dropship.settlement.due"].search([("supplier_id", "=", self.supplier.id)])
        self.assertEqual([(str(row.due_date), row.amount) for row in due], [("2026-02-10", 100), ("2026-03-10", 70)])
        payment = self.pay(january, until="2026-02-28").payment_ids
        self.assertEqual((payment.amount, early.amount_residual, late.amount_residual), (100, 0, 70))
        self.assertEqual((january.state, january.next_due), ("agreed", self.day("2026-03-10")))

    def test_a_changed_bank_account_is_held(self):
        old = self.bank_account("DE89370400440532013000")
        self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        self.assertEqual(self.pay(january).payment_ids.partner_bank_id, old)
        self.bill(80, "2026-02-05")
        february = self.agreed("2026-02-28")
        old.active = False
        new = self.bank_account("DE75512108001245126199", trusted=False)
        wizard = self.pay(february)
        self.assertFalse(wizard.payment_ids)
        self.assertIn("DE89370400440532013000", wizard.line_ids.why)
        self.assertTrue(wizard.line_ids.held)
        with self.assertRaisesRegex(UserError, "telephone"):
            february._pay(self.bank, self.day("2026-03-03"))
        new.allow_out_payment = True
        self.assertEqual(self.pay(february).payment_ids.amount, 80)

    def test_the_list_for_the_bank(self):
        self.bank_account("DE89370400440532013000")
        self.supplier.partner_id.name = "=Rhein"
        self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        wizard = self.pay(january)
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.content))).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        self.assertEqual(rows[0][4:7], ["Amount", "Currency", "Reference"])
        self.assertEqual(rows[1][1], "DE89370400440532013000")
        self.assertEqual(rows[1][4:7], ["100.00", "EUR", january.name])
        wizard.file_format = "csv"
        wizard.action_file()
        text = base64.b64decode(wizard.content).decode("utf-8-sig")
        self.assertIn("'=Rhein;DE89370400440532013000", text)

    def test_a_payment_taken_apart_opens_the_statement(self):
        """The money is with the supplier: it is on account now."""
        bill = self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        payment = self.pay(january).payment_ids
        self.assertEqual(january.state, "paid")
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual((bill.amount_residual, january.state), (100, "agreed"))
        self.assertEqual((january.to_pay, january.on_account), (0, 100))

    def test_paid_elsewhere(self):
        """The accountant pays in accounting: the statement knows."""
        bill = self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        self.pay_supplier(100, "2026-02-01", bill)
        self.assertEqual(january.state, "paid")

    def test_paying_twice_pays_once(self):
        self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        january._pay(self.bank, self.day("2026-02-03"))
        with self.assertRaises(UserError):
            january._pay(self.bank, self.day("2026-02-03"))
        self.assertEqual(len(january.payment_ids), 1)


@tagged("post_install", "-at_install", "standard")
class TestSettlementCurrencies(SettlementCase):
    """Bills in dollars of a company in euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.currency("USD")
        cls.usd.rate_ids.filtered(lambda rate: rate.company_id == cls.company).unlink()
        cls.env["res.currency.rate"].create(
            [
                {"currency_id": cls.usd.id, "company_id": cls.company.id, "name": day, "rate": rate}
                for day, rate in (("2026-01-01", 1.25), ("2026-02-01", 1.0))
            ]
        )

    def test_an_exchange_difference_changes_nothing_in_dollars(self):
        """100 USD are 80 EUR in January and 100 EUR in February: 20 EUR of loss, 0 USD open."""
        bill = self.bill(100, "2026-01-05", currency_id=self.usd)
        euro = self.bill(10, "2026-01-05")
        january = self.agreed("2026-01-31", currency_id=self.usd)
        self.assertEqual((january.closing, january.to_pay), (100, 100))
        january._pay(self.bank, self.day("2026-02-03"))
        self.assertEqual(january.state, "paid")
        difference = bill.line_ids.matched_debit_ids.exchange_move_id
        self.assertEqual(sum(difference.line_ids.filtered(lambda line: line.account_id == self.accounts["loss"])
                             .mapped("balance")), 20)  # fmt: skip
        february = self.statement("2026-02-28", currency_id=self.usd)
        self.assertEqual(self.figures(february), (100, 0, 0, 0, 100, 0, 0))
        self.assert_ties(february)
        self.assertEqual(euro.amount_residual, 10)

    def test_a_bill_in_dollars_paid_in_euro(self):
        """It stands as settled on the dollar statement, and as listed apart on the euro one."""
        bill = self.bill(100, "2026-01-05", currency_id=self.usd)
        self.pay_supplier(80, "2026-01-20", bill)
        dollars = self.statement("2026-01-31", currency_id=self.usd)
        self.assertEqual(self.figures(dollars), (0, 0, 100, 0, 100, 0, 0))
        self.assertIn("another currency", dollars.line_ids.filtered(lambda line: line.kind == "payment").reason)
        euro = self.statement("2026-01-31")
        self.assertEqual((euro.closing, euro.apart), (0, -80))
        self.assert_ties(dollars)
        self.assert_ties(euro)

    def test_a_claim_in_euro_on_a_statement_in_dollars(self):
        """A claim stands in the currency the goods were bought in, at the rate of the last day."""
        purchase = self.env["purchase.order"].create(
            {"partner_id": self.supplier.partner_id.id, "currency_id": self.usd.id, "company_id": self.company.id}
        )
        claim = self.env["dropship.claim"].create(
            {"party": "supplier", "supplier_id": self.supplier.id, "company_id": self.company.id,
             "currency_id": self.company.currency_id.id, "amount": 10, "purchase_id": purchase.id}
        )  # fmt: skip
        claim.action_file()
        claim.action_accept()
        self.assertEqual(self.statement("2026-01-31", currency_id=self.usd).pending, -12.5)
        self.assertEqual(self.statement("2026-01-31").pending, 0)
