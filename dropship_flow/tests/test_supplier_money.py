from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common_cod import CodCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierMoney(CodCase):
    """What a supplier's bills say: how many were right, how fast we pay, what is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payable = cls.make_account("Payable", "210000", "liability_payable")
        cls.purchases = cls.make_journal("Bills", "BIL", "purchase", cls.cost)
        for supplier in cls.suppliers.values():
            supplier.partner_id.property_account_payable_id = cls.payable
        cls.today_ = fields.Date.today()

    def bill(self, amount, days=0, supplier=None, kind="in_invoice", currency=None, company=None):
        move = self.env["account.move"].create(
            {
                "move_type": kind, "partner_id": (supplier or self.rhein).partner_id.id,
                "invoice_date": self.today_ - timedelta(days=days), "journal_id": self.purchases.id,
                "currency_id": (currency or self.company.currency_id).id,
                "invoice_line_ids": [Command.create({"name": "Goods", "price_unit": amount, "quantity": 1,
                                                     "dropship_charge": "freight", "tax_ids": False,
                                                     "account_id": self.cost.id})],
            }
        )  # fmt: skip
        move.action_post()
        return move

    def paid(self, bill, amount, days=0):
        account = {"force_payment_move": True, "dropship_liquidity_id": self.cash.id}
        payment = self.env["account.payment"].with_context(**account).create(
            {
                "payment_type": "outbound", "partner_type": "supplier", "partner_id": bill.partner_id.id,
                "amount": amount, "journal_id": self.journal.id, "date": self.today_ - timedelta(days=days),
            }
        )  # fmt: skip
        payment.action_post()
        lines = (payment.move_id | bill).line_ids.filtered(lambda line: line.account_id == self.payable)
        lines.filtered(lambda line: not line.reconciled).reconcile()

    def test_days_to_pay_by_amount(self):
        self.assertIsNone(self.rhein._bill_figures()[self.rhein.id]["pay_days"])
        self.paid(self.bill(100.0, days=20), 100.0, days=10)
        self.paid(self.bill(300.0, days=30), 300.0)
        # 100 after 10 days, 300 after 30: 25 days.
        self.assertEqual(self.rhein._bill_figures()[self.rhein.id]["pay_days"], 25.0)
        part = self.bill(400.0, days=40)
        self.paid(part, 100.0, days=35)
        self.assertAlmostEqual(self.rhein._bill_figures()[self.rhein.id]["pay_days"], (1000 + 9000 + 500) / 500)

    def test_a_credit_note_is_no_payment(self):
        bill, note = self.bill(100.0, days=20), self.bill(100.0, kind="in_refund")
        lines = (bill | note).line_ids.filtered(lambda line: line.account_id == self.payable)
        lines.reconcile()
        self.assertIsNone(self.rhein._bill_figures()[self.rhein.id]["pay_days"])
        self.assertFalse(self.rhein.open_balance_text)

    def test_open_balance_per_currency(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "name": "2020-01-02", "rate": 2.0, "company_id": self.company.id}
        )
        self.paid(self.bill(100.0), 40.0)
        self.bill(10.0, kind="in_refund")
        self.bill(70.0, currency=usd)
        self.bill(999.0, supplier=self.suppliers["Dawn"])
        euro = self.company.currency_id
        self.assertEqual(self.rhein._open_balances()[self.rhein.id], {euro: 50.0, usd: 70.0})
        self.assertIn("50.00", self.rhein.open_balance_text)

    def test_other_companies_count_for_themselves(self):
        self.bill(100.0)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.rhein._open_balances(other))
        self.assertIsNone(self.rhein._bill_figures(other)[self.rhein.id]["pay_days"])

    def test_the_supplier_sees_his_own_figures_only(self):
        self.bill(100.0)
        self.bill(555.0, supplier=self.suppliers["Dawn"])
        mine = self.rhein._desk_score(self.company)
        self.assertEqual(mine["balances"], [self.company.currency_id.format(100.0)])
        self.assertNotIn("555", str(mine))

    def test_stored_for_lists(self):
        self.paid(self.bill(100.0, days=20), 100.0, days=10)
        self.rhein.with_context(allowed_company_ids=self.company.ids).action_refresh_score()
        self.assertEqual(self.rhein.score_pay_days, 10.0)

    def test_accuracy_follows_the_matching(self):
        """Bills that were held against their purchases: right ones of all."""
        if "dropship_match_state" not in self.env["account.move"]._fields:
            self.assertIsNone(self.rhein._bill_figures()[self.rhein.id]["accuracy"])
            return
        right, wrong = self.bill(10.0), self.bill(20.0)
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET dropship_match_state = 'ok' WHERE id = %s", [right.id])
        self.env.cr.execute("UPDATE account_move SET dropship_match_state = 'differs' WHERE id = %s", [wrong.id])
        self.env.invalidate_all()
        self.assertEqual(self.rhein._bill_figures()[self.rhein.id]["accuracy"], 0.5)
