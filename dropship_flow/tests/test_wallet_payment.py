from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .test_settlement import SettlementCase

ACCOUNTANT = "dropship_flow.group_dropship_user,account.group_account_invoice"


@tagged("post_install", "-at_install", "standard")
class TestWalletPayment(SettlementCase):
    """A top-up of a prepaid balance is a payment on account in the books, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wallet = cls.env["dropship.wallet"].create({"supplier_id": cls.supplier.id, "company_id": cls.company.id})
        cls.accountant = cls.login("wallet-accountant", ACCOUNTANT)
        cls.buyer = cls.login("wallet-buyer", "dropship_flow.group_dropship_buyer")

    @classmethod
    def login(cls, name, groups):
        return new_test_user(
            cls.env, name, groups=groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)]
        )

    def recorded(self, amount=500.0, **vals):
        return self.env["dropship.wallet.move"].create({"wallet_id": self.wallet.id, "amount": amount, **vals})

    def wizard(self, user=None, **vals):
        values = {"wallet_id": self.wallet.id, "journal_id": self.bank.id, "date": "2026-01-02", **self._ids(vals)}
        return self.env["dropship.wallet.top.up"].with_user(user or self.accountant).create(values)

    def top_up(self, user=None, **vals):
        """Book a top-up; the payment."""
        before = self.wallet.move_ids.payment_id
        self.wizard(user, **vals).action_apply()
        return self.wallet.move_ids.payment_id - before

    def assert_books(self, balance, on_account, unbooked=0.0):
        self.env.flush_all()
        self.wallet.invalidate_recordset()
        figures = self.wallet.balance, self.wallet.on_account, self.wallet.unbooked
        self.assertEqual(figures, (balance, on_account, unbooked))
        self.assertAlmostEqual(self.wallet.balance, sum(self.wallet.move_ids.mapped("amount")), places=2)

    # --- in the books ---

    def test_a_top_up_is_a_payment_on_account(self):
        payment = self.top_up(amount=500.0, memo="2026-0117")
        self.assertEqual(
            (payment.state, payment.payment_type, payment.partner_type), ("in_process", "outbound", "supplier")
        )
        self.assertEqual((payment.amount, str(payment.date), payment.memo), (500, "2026-01-02", "2026-0117"))
        self.assertEqual((payment.partner_id, payment.currency_id), (self.supplier.partner_id, self.wallet.currency_id))
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(self.wallet.move_ids.mapped("kind"), ["top_up"])
        self.assert_books(500, 500)

    def test_the_statement_shows_it_on_account(self):
        self.top_up(amount=500.0)
        bill = self.bill(120, "2026-01-05")
        january = self.agreed("2026-01-31")
        self.assertEqual((january.paid, january.closing, january.to_pay, january.on_account), (500, -380, 0, 500))
        january.action_match()
        self.assertEqual((bill.amount_residual, january.state), (0, "paid"))
        self.assert_ties(self.statement("2026-02-28"))
        self.assert_books(500, 380)

    def test_in_another_currency(self):
        dollar = self.currency("USD", 2.0)
        self.wallet.currency_id = dollar
        payment = self.top_up(amount=100.0)
        self.assertEqual((payment.currency_id, payment.amount), (dollar, 100))
        self.assert_books(100, 100)
        statement = self.agreed("2026-01-31", currency_id=dollar)
        self.assertEqual((statement.paid, statement.closing), (100, -100))

    def test_what_the_buyer_recorded_is_booked_once(self):
        move = self.recorded(note="2026-0117")
        self.assert_books(500, 0, 500)
        self.wallet.with_user(self.buyer).read(["unbooked", "on_account"])
        action = self.wallet.with_user(self.accountant).action_pay_top_up()
        form = Form(self.env["dropship.wallet.top.up"].with_user(self.accountant).with_context(**action["context"]))
        self.assertEqual((form.amount, form.memo, form.journal_id), (500, "2026-0117", self.bank))
        wizard = form.save()
        wizard.action_apply()
        self.assertEqual((move.payment_id.amount, move.payment_id.state), (500, "in_process"))
        self.assert_books(500, 500)
        with self.assertRaisesRegex(UserError, "booked already"):
            self.wizard(recorded_id=move).action_apply()
        self.assertEqual(self.env["account.payment"].search_count([("memo", "=", "2026-0117")]), 1)

    def test_a_second_click_pays_nothing(self):
        wizard = self.wizard(amount=500.0)
        for _click in range(2):
            wizard.action_apply()
        self.assertEqual(len(self.wallet.move_ids), 1)
        self.assert_books(500, 500)

    # --- a payment that was made ---

    def test_an_existing_payment_tops_up_once(self):
        payment = self.pay_supplier(300, "2026-01-02")
        self.assertEqual(self.top_up(way="known", payment_id=payment), payment)
        self.assert_books(300, 300)
        with self.assertRaisesRegex(UserError, "counts once"):
            self.top_up(way="known", payment_id=payment)
        with self.assertRaisesRegex(UserError, "Choose the payment"):
            self.top_up(way="known")

    def test_an_existing_payment_is_the_recorded_top_up(self):
        move = self.recorded(300.0)
        with self.assertRaisesRegex(UserError, "290.00"):
            self.top_up(way="known", payment_id=self.pay_supplier(290, "2026-01-02"), recorded_id=move)
        payment = self.pay_supplier(300, "2026-01-02")
        self.top_up(way="known", payment_id=payment, recorded_id=move)
        self.assertEqual(move.payment_id, payment)
        self.assert_books(300, 300)

    def test_payments_that_are_no_top_up(self):
        bill = self.bill(100, "2026-01-01")
        dollar = self.currency("USD", 2.0)
        draft = self.pay_supplier(50, "2026-01-02")
        draft.action_draft()
        other = draft.copy({"partner_id": self.make_supplier("Dawn").partner_id.id})
        other.destination_account_id = self.accounts["payable"]
        other.action_post()
        for payment, words in (
            (self.pay_supplier(150, "2026-01-02", bill), "paid bills"),
            (self.pay_supplier(50, "2026-01-02", currency=dollar), "no payment to Rhein in EUR"),
            (self.pay_supplier(50, "2026-01-02", back=True), "no payment to Rhein"),
            (other, "no payment to Rhein"),
            (draft, "not posted"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.top_up(way="known", payment_id=payment)
        self.assert_books(0, 0)

    # --- taken back ---

    def test_a_payment_that_is_taken_back_leaves_the_balance(self):
        payment = self.top_up(amount=500.0)
        payment.with_user(self.accountant).action_draft()
        self.assert_books(0, 0)
        payment.amount = 400
        payment.action_post()
        self.assert_books(400, 400)
        payment.action_cancel()
        self.assert_books(0, 0)
        self.assertEqual(len(self.wallet.move_ids), 4)
        with self.assertRaisesRegex(UserError, "counts once"):
            self.top_up(way="known", payment_id=payment)

    def test_a_top_ups_payment_is_not_deleted(self):
        payment = self.top_up(amount=500.0)
        payment.action_draft()
        with self.assertRaisesRegex(UserError, "Cancel it"):
            payment.unlink()

    # --- who may, and what is refused ---

    def test_only_accountants(self):
        for user in (self.buyer, self.login("wallet-desk", "dropship_flow.group_dropship_user")):
            with self.assertRaises(AccessError):
                self.wizard(user, amount=5.0)
            wizard = self.wizard(amount=5.0).with_user(user).sudo(False)
            with self.assertRaises(AccessError):
                wizard.action_apply()
            with self.assertRaises(AccessError):
                self.wallet.with_user(user)._check_books()
        self.recorded(5.0)
        view = self.env.ref("dropship_flow.wallet_view_form")
        for user, sees in ((self.buyer, False), (self.accountant, True)):
            arch = self.wallet.with_user(user).get_view(view.id)["arch"]
            self.assertEqual(('name="action_pay_top_up"' in arch, 'name="action_book"' in arch), (sees, sees))
        self.assertFalse(self.wallet.move_ids.payment_id)

    def test_the_payment_is_not_written_by_hand(self):
        payment = self.pay_supplier(300, "2026-01-02")
        moves = self.env["dropship.wallet.move"].with_user(self.buyer)
        with self.assertRaises(AccessError):
            moves.create({"wallet_id": self.wallet.id, "amount": 300.0, "payment_id": payment.id})
        move = self.recorded(300.0)
        with self.assertRaises(UserError):
            move.with_user(self.buyer).payment_id = payment

    def test_bad_orders_to_pay(self):
        with self.assertRaisesRegex(UserError, "how much"):
            self.top_up(amount=0.0)
        other = self.make_company("Other")
        foreign = self.env["account.journal"].create(
            {"name": "Theirs", "code": "TBNK", "type": "bank", "company_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "another company"):
            self.wallet._pay_top_up(foreign, self.day("2026-01-02"), 5.0, "")
        self.env["res.partner.bank"].create({"partner_id": self.supplier.partner_id.id, "acc_number": "DE00 1"})
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self.top_up(amount=5.0)
        self.assert_books(0, 0)
