from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_bills import BillCase
from .records_papers import set_terms


@tagged("post_install", "-at_install", "standard")
class TestBillHold(BillCase):
    """What is approved, what is held, and who decides."""

    def decide(self, rows, decision, note="agreed by telephone"):
        wizard = self.env["dropship.bill.decide"].with_user(self.accountant())
        wizard.create({"match_ids": [(6, 0, rows.ids)], "decision": decision, "note": note}).action_decide()
        self.match()

    def pay(self, bill):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        return wizard.create({"journal_id": self.bank.id}).action_create_payments()

    def test_approving_posts_the_clean_ones_and_says_why_not(self):
        fine, dear = self.bought(), self.bought()
        bills = self.bill(fine, freight=3.9, ref="C1") | self.bill(dear, (dear.order_line, 2, 17), ref="C2")
        held = bills.with_user(self.accountant())._dropship_approve()
        self.assertEqual(bills.mapped("state"), ["posted", "draft"])
        self.assertEqual(held, bills[1])
        self.assertTrue(bills[0].dropship_payable)
        self.assertEqual(bills[0].dropship_payable_on, bills[0].invoice_date_due)

    def test_approving_again_says_it_is_done(self):
        bill = self.bill(self.bought(), freight=3.9)
        self.assertTrue(bill.with_user(self.accountant()).action_dropship_approve())
        with self.assertRaisesRegex(UserError, "posted already"):
            bill.with_user(self.accountant()).action_dropship_approve()

    def test_only_accountants_approve_decide_and_release(self):
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 17))
        row = self.row(purchase)
        buyer = self.login("buyer")
        with self.assertRaises(UserError):
            row.with_user(buyer).action_accept()
        with self.assertRaises(UserError):
            bill.with_user(buyer).action_dropship_approve()
        with self.assertRaises(UserError):
            bill.with_user(buyer).action_dropship_release()

    def test_an_accepted_difference_is_paid_until_it_grows(self):
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 16.9), freight=3.9)
        row = self.row(purchase)
        self.decide(row, "accept")
        self.assertEqual((row.state, row.decided_by, row.decision_note), (
            "accepted", self.accountant(), "agreed by telephone",
        ))  # fmt: skip
        self.assertFalse(bill.dropship_held)
        bill.invoice_line_ids.filtered("purchase_line_id").price_unit = 17.9
        self.assertEqual(self.row(purchase).state, "differs")
        self.assertTrue(bill.dropship_held)

    def test_a_dispute_is_told_to_the_supplier_and_stays_unpaid(self):
        self.rhein.partner_id.email = "rhein@example.com"
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 16.9), ref="D7")
        self.decide(self.row(purchase), "dispute", "we agreed on 15.90")
        self.assertEqual((self.row(purchase).state, self.held(bill)), ("disputed", ["bill_disputed"]))
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.rhein.partner_id.ids)])
        self.assertEqual(len(mail), 1)
        for told in (purchase.name, "D7", "2.00", "we agreed on 15.90"):
            self.assertIn(told, mail.subject + mail.body_html)
        for secret in (purchase.dropship_sale_id.name, "Anna", "34.9"):
            self.assertNotIn(secret, mail.subject + mail.body_html)

    def test_a_credit_note_that_was_asked_for_ends_it(self):
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 16.9), post=True)
        self.decide(self.row(purchase), "credit")
        self.assertEqual(self.held(bill), ["bill_credit_asked"])
        credit = self.bill(purchase, (purchase.order_line, 1, 2.0), kind="in_refund", ref="G3")
        credit.invoice_line_ids.dropship_charge = "allowance"
        self.assertEqual((self.row(purchase).state, self.held(bill)), ("ok", []))

    def test_the_same_number_however_it_is_typed(self):
        first = self.bill(self.bought(), ref="RE-0017", post=True)
        again = self.bill(self.bought(), ref=" re-17 ")
        self.assertEqual((self.held(first), self.held(again)), ([], ["bill_duplicate"]))
        with self.assertRaisesRegex(UserError, "was billed before"):
            again.action_post()

    def test_a_release_holds_for_what_it_was_said_about(self):
        first = self.bill(self.bought(), ref="E1", post=True)
        purchase = self.bought()
        again = self.bill(purchase, ref="E1")
        self.match()
        release = self.env["dropship.bill.release"].with_user(self.accountant())
        release.create({"move_ids": [(6, 0, again.ids)], "note": "they number by customer"}).action_release()
        self.assertFalse(again.dropship_held)
        self.assertEqual((again.dropship_released_by, first.dropship_held), (self.accountant(), False))
        again.invoice_line_ids.price_unit = 99.0
        self.assertEqual(self.held(again), ["bill_difference"])

    def test_held_bills_are_not_paid(self):
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 16.9), post=True)
        with self.assertRaisesRegex(UserError, "Not paid"), self.env.cr.savepoint():
            self.pay(bill)
        self.decide(self.row(purchase), "accept")
        self.pay(bill)
        self.assertIn(bill.payment_state, ("in_payment", "paid"))

    def test_not_before_a_carrier_has_scanned_it(self):
        self.company.dropship_pay_needs_tracking = True
        purchase = self.bought()
        bill = self.bill(purchase, freight=3.9, post=True)
        self.assertEqual(self.held(bill), ["bill_tracking"])
        self.scan(purchase.order_line.dropship_shipment_line_ids.shipment_id, "picked_up")
        self.assertEqual(self.held(bill), [])
        self.assertTrue(bill.dropship_payable)
        bill.invoice_date_due = fields.Date.today() - timedelta(days=30)
        self.match()
        self.assertGreaterEqual(bill.dropship_payable_on, fields.Date.today() - timedelta(days=1))

    def test_the_supplier_has_a_rule_of_his_own(self):
        self.company.dropship_pay_needs_tracking = True
        self.env["dropship.supplier.term"].create({"supplier_id": self.rhein.id, "pay_needs_tracking": "no"})
        self.assertEqual(self.held(self.bill(self.bought(), post=True)), [])

    def test_who_is_paid_first_may_bill_first(self):
        set_terms(self.rhein, "pay_to_ship", 24.0)
        purchase = self.bought(ship=False)
        self.assertEqual(self.held(self.bill(purchase, freight=3.9)), [])

    def test_a_bank_account_that_changed_after_the_last_payment(self):
        account = self.env["res.partner.bank"].create(
            {"acc_number": "DE89370400440532013000", "partner_id": self.rhein.partner_id.id, "allow_out_payment": True}
        )
        first = self.bill(self.bought(), ref="F1", partner_bank_id=account.id, post=True)
        self.assertEqual(self.held(first), [])
        self.pay(first)
        self.env["account.payment"].search([("partner_id", "=", self.rhein.partner_id.id)]).flush_recordset()
        self.env.cr.execute("UPDATE account_payment SET create_date = create_date - interval '1 day'")
        self.env.invalidate_all()
        fraud = self.env["res.partner.bank"].create(
            {"acc_number": "GB29NWBK60161331926819", "partner_id": self.rhein.partner_id.id}
        )
        second = self.bill(self.bought(), ref="F2", partner_bank_id=fraud.id)
        self.assertEqual(self.held(second), ["bill_bank"])
        self.assertNotIn("60161331", second.dropship_hold_text)
        fraud.allow_out_payment = True
        self.assertEqual(self.held(second), [])

    def test_a_purchase_of_another_supplier(self):
        purchase = self.bought()
        bill = self.bill(purchase, partner_id=self.suppliers["Dawn"].partner_id.id)
        self.assertIn("bill_supplier", self.held(bill))

    def test_what_core_books_wrongly_can_be_said(self):
        bill = self.bill(self.bought())
        self.patch(type(bill), "_dropship_valuation_blockers", lambda move: [["bill_no_date", {}]])
        self.assertIn("bill_no_date", self.codes(bill._dropship_blockers()))
        with self.assertRaises(UserError):
            bill.action_post()

    def test_cards_for_the_accountant(self):
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 16.9))
        self.match()
        overview = self.env["dropship.overview"].with_user(self.accountant())
        cards = {card["key"]: card for card in overview._my_cards()}
        rows = self.env["dropship.bill.match"].search(list(cards["bill_differences"]["domain"]))
        self.assertIn(self.row(purchase), rows)
        self.assertIn(bill, self.env["account.move"].search(list(cards["bills_held"]["domain"])))
        self.assertIn("Rhein", overview._hint_differences(cards["bill_differences"]["domain"]))
