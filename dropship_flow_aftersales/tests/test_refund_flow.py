from decimal import Decimal as D

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_refund import RefundCase


@tagged("post_install", "-at_install", "standard")
class TestRefundFlow(RefundCase):
    """Credit note, money and books of a refund."""

    def test_a_returned_piece_is_credited_as_invoiced_and_paid_back(self):
        order = self.sold((self.lamp, 3, 33.33))
        invoice = order.invoice_ids
        self.assertEqual(order.amount_total, 99.99)
        refund = self.refund(order, ("return", order.order_line, 1))
        note = refund.credit_note_id
        self.assertEqual((refund.credit, refund.money, refund.by_person), (33.33, 33.33, 0.0))
        self.assertRecordValues(
            note,
            [{"state": "posted", "amount_total": 33.33, "reversed_entry_id": invoice.id, "move_type": "out_refund"}],
        )
        item = note.invoice_line_ids
        self.assertEqual(item.tax_ids, invoice.invoice_line_ids.tax_ids)
        self.assertEqual(item.account_id, invoice.invoice_line_ids.account_id)
        self.assertEqual((item.product_id, item.quantity), (self.lamp, 1.0))
        self.assertEqual(order.order_line.qty_to_invoice, 0.0, "never billed again")
        self.send_money()
        self.assertEqual(self.ledger, [-33.33])
        self.assertEqual(refund.state, "done")

    def test_all_refunds_together_are_what_was_invoiced_tax_by_tax(self):
        order = self.sold((self.lamp, 3, 33.33))
        invoice = order.invoice_ids
        notes = self.env["account.move"]
        for _piece in range(3):
            notes |= self.refund(order, ("return", order.order_line, 1)).credit_note_id
        self.assertAlmostEqual(sum(notes.mapped("amount_untaxed")), invoice.amount_untaxed)
        self.assertAlmostEqual(sum(notes.mapped("amount_tax")), invoice.amount_tax)
        with self.refused("only 0 were delivered"):
            self.refund(order, ("return", order.order_line, 1))
        self.send_money()
        self.assertEqual(self.ledger, [-33.33] * 3)

    def test_the_money_is_set_against_the_credit_note(self):
        order = self.sold((self.lamp, 1, 100))
        refund = self.refund(order, ("return", order.order_line, 1))
        self.send_money()
        back = refund.money_ids.refund_transaction_id
        self.assertEqual(back.invoice_ids, refund.credit_note_id)
        self.book(back)
        refund._reconcile()
        self.assertEqual(refund.credit_note_id.amount_residual, 0.0)

    def test_a_restocking_fee_is_a_line_of_its_own(self):
        order = self.sold((self.lamp, 1, 100))
        refund = self.refund(order, ("return", order.order_line, 1, {"fee": 15}))
        self.assertEqual(refund.credit_note_id.amount_total, 85.0)
        self.assertEqual(sorted(refund.credit_note_id.invoice_line_ids.mapped("price_total")), [-15.0, 100.0])

    def test_what_stays_for_less_stays_invoiced(self):
        order = self.sold((self.lamp, 2, 50))
        refund = self.refund(order, ("keep", order.order_line, 2, {"percent": 20}))
        self.assertEqual((refund.credit, refund.credit_note_id.amount_total), (20.0, 20.0))
        self.assertEqual((order.order_line.qty_invoiced, order.order_line.qty_to_invoice), (2.0, 0.0))
        second = self.refund(order, ("return", order.order_line, 2))
        self.assertEqual(second.credit, 80.0)

    def test_an_unpaid_invoice_is_lowered_and_no_money_moves(self):
        order = self.sold((self.lamp, 2, 50), paid=60)
        invoice = order.invoice_ids
        self.assertEqual(invoice.amount_residual, 40.0)
        refund = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual((refund.credit, refund.money), (50.0, 10.0))
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(refund.credit_note_id.amount_residual, 10.0)
        self.assertIn("the rest was not paid yet", refund.warning_text)

    def test_drafts_where_the_company_wants_them(self):
        self.company.dropship_refund_post = False
        order = self.sold((self.lamp, 1, 100))
        refund = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual(refund.credit_note_id.state, "draft")
        self.send_money()
        self.assertEqual(refund.credit_note_id.state, "draft", "money does not post it")
        self.book(refund.money_ids.refund_transaction_id)
        refund.credit_note_id.action_post()
        self.assertEqual(refund.credit_note_id.amount_residual, 0.0)

    # --- before the invoice ---

    def test_not_invoiced_yet_is_never_billed(self):
        order = self.sold((self.lamp, 3, 50), invoiced=False)
        refund = self.refund(order, ("return", order.order_line, 1))
        self.assertEqual((refund.money, refund.credit_note_id.id), (50.0, False))
        self.assertEqual(order.order_line.qty_to_invoice, 2.0)
        self.assertEqual(self.invoice(order).amount_total, 100.0)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)
        self.assertEqual(self.refund(order, ("return", order.order_line, 2)).credit_note_id.amount_total, 100.0)
        self.send_money()
        self.assertEqual((order.dropship_money_refunded, order.dropship_money_open), (150.0, 0.0))

    def test_a_fee_of_what_was_not_invoiced_is_invoiced(self):
        order = self.sold((self.lamp, 2, 50), invoiced=False)
        refund = self.refund(order, ("return", order.order_line, 1, {"fee": 10}))
        self.assertEqual(refund.money, 45.0)
        self.assertEqual(self.invoice(order).amount_total, 55.0)

    def test_less_for_what_was_not_invoiced(self):
        order = self.sold((self.lamp, 2, 50), invoiced=False)
        refund = self.refund(order, ("keep", order.order_line, 2, {"percent": 10}))
        self.assertEqual(refund.credit_note_id.amount_total, 10.0)
        self.assertEqual(self.invoice(order).amount_total, 100.0)
        self.assertEqual(self.refund(order, ("return", order.order_line, 2)).credit, 90.0)

    def test_taxes_on_top(self):
        account = self.accounts["Output tax"]
        vat = self.make_vat(19.0, "sale", account, name="on top", price_include_override="tax_excluded")
        self.lamp.taxes_id = vat
        order = self.sold((self.lamp, 3, 33.33))
        self.assertEqual(order.amount_total, 118.99)
        notes = self.env["account.move"]
        for _piece in range(3):
            refund = self.refund(order, ("return", order.order_line, 1))
            self.assertAlmostEqual(refund.credit_note_id.amount_total, refund.credit)
            notes |= refund.credit_note_id
        self.assertAlmostEqual(sum(notes.mapped("amount_total")), 118.99)
        self.assertAlmostEqual(sum(notes.mapped("amount_tax")), order.invoice_ids[:1].amount_tax)

    # --- once ---

    def test_the_same_key_refunds_once(self):
        order = self.sold((self.lamp, 2, 50))
        first = self.refund(order, ("return", order.order_line, 1), key="one")
        self.assertEqual(self.refund(order, ("return", order.order_line, 1), key="one"), first)
        self.assertEqual(len(order.dropship_refund_book_ids), 1)

    def test_the_book_is_only_appended_to(self):
        order = self.sold((self.lamp, 2, 50))
        refund = self.refund(order, ("return", order.order_line, 1))
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            refund.money = 1.0
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            refund.line_ids.total = 1.0
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            refund.unlink()

    def test_the_database_itself_holds_the_bounds(self):
        order = self.sold((self.lamp, 2, 50))
        refund = self.refund(order, ("return", order.order_line, 1))
        self.env.flush_all()
        for query in (
            "UPDATE dropship_refund SET money = paid + 0.01 WHERE id = %s",
            "UPDATE dropship_refund_line SET total = worth + 0.01 WHERE refund_id = %s",
            """INSERT INTO dropship_refund (name, order_id, company_id, currency_id, kind, state, number, key, money,
                   returned, paid)
               SELECT 'x', order_id, company_id, currency_id, kind, state, number, 'other', 0, 0, 0
                 FROM dropship_refund WHERE id = %s""",
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute(query, [refund.id])

    def test_the_same_code_simulates(self):
        order = self.sold((self.lamp, 2, 50))
        wish = self.wish(("return", order.order_line, 1, {"fee": 10}))
        shown = self.refunds._propose(order, wish)
        self.assertFalse(order.dropship_refund_book_ids)
        made = self.refunds._make(order, wish, key="k")
        self.assertEqual((float(shown.money), float(shown.credit.total)), (made.money, made.credit))
        self.assertEqual(shown.rows, tuple(made.line_ids._pure()), "rows come back as they were calculated")
        self.assertEqual(shown.money, D("45.00"))
