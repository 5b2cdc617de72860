from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common_settlement import SettlementFactories


class SettlementCase(SettlementFactories, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.euro_company()
        cls.open_books(cls.make_supplier("Rhein"))


@tagged("post_install", "-at_install", "standard")
class TestSettlement(SettlementCase):
    """What stands on a statement, month by month."""

    def test_three_months(self):
        """A bookkeeper's table: what was open, what came, what is open.

        | month    | opening |  bills | credits | payments | closing |
        | January  |       0 |    300 |      50 |      100 |     150 |
        | February |     150 |     80 |       0 |      150 |      80 |
        | March    |      80 |      0 |      90 |        0 |     -10 |
        """
        first = self.bill(100, "2026-01-05")
        second = self.bill(200, "2026-01-20")
        self.credit(50, "2026-01-25")
        self.pay_supplier(100, "2026-01-28", first)
        january = self.agreed("2026-01-31")
        self.assertEqual(self.figures(january), (0, 0, 300, 50, 100, 0, 150))

        self.bill(80, "2026-02-10")
        self.pay_supplier(150, "2026-02-15", second)
        february = self.agreed("2026-02-28")
        self.assertEqual(self.figures(february), (150, 0, 80, 0, 150, 0, 80))

        self.credit(90, "2026-03-03")
        march = self.agreed("2026-03-31")
        self.assertEqual(self.figures(march), (80, 0, 0, 90, 0, 0, -10))
        for statement in (january, february, march):
            self.assert_ties(statement)
        self.assertEqual(march.date_from, self.day("2026-03-01"))

    def test_payments_and_matches_after_the_end_do_not_count(self):
        bill = self.bill(100, "2026-01-05")
        self.pay_supplier(100, "2026-02-01", bill)
        january = self.agreed("2026-01-31")
        self.assertEqual(january.closing, 100)
        self.assertEqual(bill.amount_residual, 0)
        self.assert_ties(january)

    def test_rent_is_listed_apart(self):
        """A payment for goods and rent counts by its share."""
        goods = self.bill(60, "2026-01-05")
        rent = self.rent(500, "2026-01-06")
        self.pay_supplier(100, "2026-01-20", goods, rent)  # 60 on the goods, 40 on the rent
        january = self.statement("2026-01-31")
        self.assertEqual(self.figures(january), (0, 0, 60, 0, 60, 0, 0))
        self.assertEqual(self.table(january, "apart"), [("apart", "BILL", 500.0), ("apart", "PBNK", -40.0)])
        self.assertEqual(january.apart, 460)
        payment = january.line_ids.filtered(lambda line: line.kind == "payment")
        self.assertIn("40.00", payment.reason)
        self.assert_ties(january)

    def test_money_on_account_is_used_for_rent_later(self):
        self.pay_supplier(100, "2026-01-10")
        january = self.agreed("2026-01-31")
        self.assertEqual(january.closing, -100)
        rent = self.rent(30, "2026-02-05")
        self.match(self.env["account.payment"].search([("partner_id", "=", self.supplier.partner_id.id)]).move_id, rent)
        february = self.statement("2026-02-28")
        self.assertEqual(self.figures(february), (-100, 0, 0, 0, -30, 0, -70))
        self.assertIn("100.00", february.line_ids.filtered(lambda line: line.kind == "payment").reason)
        self.assert_ties(february)

    def test_a_bill_settled_by_an_entry(self):
        bill = self.bill(100, "2026-01-05")
        entry = self.env["account.move"].create(
            {
                "journal_id": self.misc.id,
                "date": "2026-01-15",
                "line_ids": [
                    (0, 0, {"account_id": self.accounts["payable"].id, "partner_id": self.supplier.partner_id.id,
                            "debit": 25}),
                    (0, 0, {"account_id": self.accounts["expense"].id, "credit": 25}),
                ],
            }
        )  # fmt: skip
        entry.action_post()
        january = self.statement("2026-01-31")
        self.assertEqual((january.closing, january.apart), (100, -25))
        self.match(bill, entry)
        january.action_refresh()
        self.assertEqual((january.closing, january.paid, january.apart), (75, 25, 0))
        self.assert_ties(january)

    def test_booked_into_a_closed_month(self):
        """A late bill, a removed one and a corrected one stand on the next statement as later entries."""
        gone, changed = self.bill(40, "2026-01-08"), self.bill(70, "2026-01-09")
        january = self.agreed("2026-01-31")
        self.bill(15, "2026-01-20")
        gone.button_draft()
        gone.button_cancel()
        changed.button_draft()
        changed.invoice_line_ids.price_unit = 77
        changed.action_post()
        self.bill(5, "2026-02-01")
        february = self.statement("2026-02-28")
        self.assertEqual(january.closing, 110)
        self.assertEqual(self.figures(february), (110, -18, 5, 0, 0, 0, 97))
        later = february.line_ids.filtered(lambda line: line.kind == "later")
        self.assertEqual(sorted(later.mapped("amount")), [-40, 7, 15])
        self.assertTrue(all(later.mapped("reason")))
        self.assertEqual(february.line_ids.sorted("place")[:1].kind, "later")
        self.assert_ties(february)
        february.action_approve()
        march = self.statement("2026-03-31")
        self.assertEqual(self.figures(march), (97, 0, 0, 0, 0, 0, 97))

    def test_what_is_older_than_the_first_statement_is_its_opening(self):
        self.bill(500, "2025-11-01")
        self.bill(20, "2026-01-02")
        january = self.statement("2026-01-31", date_from="2026-01-01")
        self.assertEqual(self.figures(january), (500, 0, 20, 0, 0, 0, 520))
        self.assertEqual(self.table(january, "carried"), [("carried", "BILL", 500.0)])
        self.assert_ties(january)
        january.action_approve()
        self.assertEqual(january.to_pay, 520)
        self.assertEqual(self.figures(self.statement("2026-02-28")), (520, 0, 0, 0, 0, 0, 520))

    def test_contacts_of_the_supplier_count_other_suppliers_do_not(self):
        shop = self.env["res.partner"].create({"name": "Shop", "parent_id": self.supplier.partner_id.id})
        self.bill(10, "2026-01-05", partner_id=shop)
        other = self.make_supplier("Other")
        other.partner_id.property_account_payable_id = self.accounts["payable"]
        self.bill(99, "2026-01-05", partner_id=other.partner_id)
        self.assertEqual(self.statement("2026-01-31").closing, 10)

    # --- the frame ---

    def test_one_open_statement_at_a_time(self):
        self.statement("2026-01-31")
        with self.refused():
            self.statement("2026-02-28")

    def test_the_next_one_begins_the_day_after(self):
        self.agreed("2026-01-31")
        with self.assertRaises(ValidationError):
            self.statement("2026-03-31", date_from="2026-02-15")
        self.assertEqual(self.statement("2026-03-31").date_from, self.day("2026-02-01"))

    def test_cancelled_ones_leave_no_trace(self):
        self.bill(10, "2026-01-05")
        self.statement("2026-01-31").action_cancel()
        again = self.statement("2026-01-31")
        self.assertEqual(self.figures(again), (0, 0, 10, 0, 0, 0, 10))

    def test_figures_are_not_entered(self):
        january = self.statement("2026-01-31")
        user = self.make_login("buyer")
        user.group_ids |= self.env.ref("account.group_account_invoice")
        with self.assertRaises(AccessError):
            january.with_user(user).closing = 5
        with self.assertRaises(AccessError):
            self.env["dropship.settlement"].with_user(user).create(
                {"supplier_id": self.supplier.id, "date_to": "2026-02-28", "opening": 100}
            )

    def test_agreed_ones_stay_as_they_were(self):
        self.bill(10, "2026-01-05")
        january = self.agreed("2026-01-31")
        self.bill(10, "2026-01-06")
        with self.assertRaises(UserError):
            january.action_refresh()
        with self.assertRaises(UserError):
            january.date_to = "2026-02-01"
        self.assertEqual(january.closing, 10)


@tagged("post_install", "-at_install", "standard")
class TestSettlementCompanies(SettlementFactories, TransactionCase):
    """A supplier two companies buy from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro_company()
        shared = cls.make_supplier("Shared", company_id=False)
        cls.open_books(shared)
        cls.bill(30, "2026-01-05")
        cls.our_statement = cls.statement("2026-01-31")
        cls.euro_company("Other GmbH")
        cls.open_books(shared)
        cls.bill(44, "2026-01-06")
        cls.their_statement = cls.statement("2026-01-31")

    def test_each_company_has_its_own(self):
        self.assertEqual((self.our_statement.closing, self.their_statement.closing), (30, 44))
        self.assertNotEqual(self.our_statement.company_id, self.their_statement.company_id)
        self.our_statement.action_refresh()
        self.assertEqual(self.our_statement.closing, 30)

    def test_nobody_approves_for_another_company(self):
        user = self.make_login("user", company=self.our_statement.company_id)
        user.group_ids |= self.env.ref("account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.their_statement.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).action_approve()
