import base64
import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common_fapiao import PDF
from .test_fapiao_price import China

NUMBER = "25332000000012345678"


@tagged("post_install", "-at_install", "standard")
class TestFapiaoOwed(China):
    """欠票: what suppliers billed or were paid for without the fapiao we need."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dropship_fapiao_need = "deductible"
        cls.terms(fapiao_issues="special")

    def test_a_bill_is_owed_until_its_fapiao_is_accepted(self):
        bill = self.bill(100.0, days=10)
        self.assertEqual(self.owed(), [(100.0, 10)])
        paper = self.received(100.0)
        self.assertEqual(self.owed(), [(100.0, 10)], "nobody looked at it yet")
        paper.action_accept()
        self.assertEqual(self.owed(), [])
        self.assertEqual((paper.line_ids.move_id, paper.rest), (bill, 0.0))
        paper.action_correct()
        self.assertEqual(self.owed(), [(100.0, 10)])

    def test_in_part_and_over_several(self):
        self.bill(100.0, days=20)
        self.bill(60.0, days=10)
        self.received(130.0).action_accept()
        self.assertEqual(self.owed(), [(30.0, 10)], "the oldest first")
        self.received(50.0, "25332000000012345679").action_accept()
        self.assertEqual(self.owed(), [])
        papers = self.env["dropship.fapiao.received"].search([("supplier_id", "=", self.supplier.id)])
        self.assertEqual(sorted(papers.mapped("rest")), [0.0, 20.0])

    def test_only_those_who_issue_owe_and_only_to_whom_needs(self):
        self.bill(100.0)
        self.terms(fapiao_issues="none")
        self.assertEqual(self.owed(), [])
        self.terms(fapiao_issues="ordinary")
        self.assertEqual(self.owed(), [(100.0, 0)])
        self.company.dropship_fapiao_need = "never"
        self.assertEqual(self.owed(), [])

    def test_a_credit_lowers_what_its_bill_needs(self):
        bill = self.bill(100.0, days=5)
        credit = bill._reverse_moves([{"invoice_date": fields.Date.today()}])
        credit.invoice_line_ids.price_unit = 30.0
        credit.action_post()
        self.assertEqual(self.owed(), [(70.0, 5)])
        self.bill(15.0, kind="in_refund")
        self.assertEqual(self.owed(), [(70.0, 5), (-15.0, 0)], "of no bill: listed apart")

    def test_a_red_letter_opens_the_bill_again(self):
        self.bill(100.0)
        paper = self.received(100.0)
        paper.action_accept()
        red = self.received(40.0, "25332000000012345679", is_red=True, origin_id=paper.id)
        red.action_accept()
        self.assertEqual(self.owed(), [(40.0, 0)])

    def test_money_before_any_bill_is_owed_as_well(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.keep_books(self.supplier.partner_id).id,
                "amount": 80.0,
                "currency_id": self.cny.id,
                "journal_id": self.journals["bank"].id,
            }
        )
        payment.action_post()
        self.assertTrue(payment.move_id)
        self.assertEqual(self.owed(), [(80.0, 0)])
        bill = self.bill(80.0)
        (payment.move_id | bill).line_ids.filtered(
            lambda line: line.account_id == self.accounts["liability_payable"]
        ).reconcile()
        self.assertEqual(self.owed(), [(80.0, 0)], "the bill now, not twice")

    def test_as_it_was_on_a_day(self):
        self.bill(100.0, days=20)
        self.bill(50.0, days=2)
        until = fields.Date.today() - timedelta(days=10)
        self.assertEqual(self.owed(until=until), [(100.0, 20)])
        self.received(100.0).action_accept()
        self.assertEqual(self.owed(until=until), [(100.0, 20)], "it came later")

    def test_duplicates_and_wrong_figures_are_refused(self):
        self.received(100.0)
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.received(50.0, " 2533 2000 0000 1234 5678 ")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.received(50.0, "123")
        bill = self.bill(100.0)
        paper = self.received(50.0, "12345678")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            paper.line_ids = [(0, 0, {"move_id": bill.id, "amount": 50.01})]
        with self.assertRaisesRegex(UserError, "amount"):
            self.received(0.0, "12345679").action_accept()

    def test_a_fapiao_for_somebody_elses_bill_is_refused(self):
        other = self.make_supplier("Ningbo", "CN")
        bill = self.bill(100.0, supplier=other)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.received(100.0, line_ids=[(0, 0, {"move_id": bill.id, "amount": 10.0})])

    def test_accepted_is_fixed(self):
        self.bill(100.0)
        paper = self.received(100.0)
        paper.action_accept()
        for change in (
            lambda: paper.write({"amount_untaxed": 50.0}),
            lambda: paper.line_ids.write({"amount": 10.0}),
            lambda: paper.line_ids.unlink(),
            lambda: paper.unlink(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()

    def test_a_refused_one_frees_its_number_and_says_why(self):
        paper = self.received(100.0)
        with self.assertRaisesRegex(UserError, "why"):
            paper.action_refuse()
        paper.refusal = "Wrong title"
        paper.action_refuse()
        self.received(100.0)

    # --- may he be paid? ---

    def codes(self, bill):
        return [code for code, _figures in bill._dropship_fapiao_blockers()]

    def test_who_owes_waits_for_his_money_where_the_company_says_so(self):
        old, new = self.bill(100.0, days=45), self.bill(50.0, days=1)
        self.assertEqual(self.codes(new), [], "a warning at first")
        self.assertIn("owes fapiao over", new.dropship_fapiao_warning)
        self.company.dropship_fapiao_owing = "hold"
        self.assertEqual((self.codes(old), self.codes(new)), (["fapiao_owed_bill"], ["fapiao_owed_supplier"]))
        self.received(100.0).action_accept()
        self.assertEqual((self.codes(old), self.codes(new)), ([], []))
        self.company.dropship_fapiao_days = 0
        self.assertEqual(self.codes(new), ["fapiao_owed_bill"], "first the invoice, then the money")
        self.assertEqual(self.codes(old), [], "each bill for itself")
        self.company.dropship_fapiao_owing = "none"
        new.invalidate_recordset()
        self.assertFalse(new.dropship_fapiao_warning)

    def test_a_company_elsewhere_holds_nothing(self):
        self.company.write({"dropship_fapiao_use": "off", "dropship_fapiao_owing": "hold"})
        self.assertEqual(self.codes(self.bill(100.0, days=99)), [])

    # --- lists ---

    def test_the_list_the_supplier_and_the_overview_say_the_same(self):
        self.bill(100.0, days=45)
        self.bill(60.0, days=3)
        rows = self.env["dropship.fapiao.owed"].search([("supplier_id", "=", self.supplier.id)])
        self.assertEqual([(row.amount, row.days, row.is_late) for row in rows], [(100.0, 45, True), (60.0, 3, False)])
        self.supplier.invalidate_recordset()
        self.assertEqual(self.supplier.fapiao_owed, 160.0)
        self.assertTrue(self.supplier.fapiao_needed)
        overview = self.env["dropship.overview"]
        cards = {card["key"]: card for card in overview._cards()}
        listed = self.env["dropship.fapiao.owed"].search(cards["fapiao_owed"]["domain"])
        self.assertEqual(listed.filtered(lambda row: row.company_id == self.company), rows[0])

    def test_who_may_accept(self):
        self.bill(100.0)
        paper = self.received(100.0)
        buyer, books = (
            new_test_user(self.env, f"owed-{name}", groups=groups, company_id=self.company.id,
                          company_ids=[(6, 0, self.company.ids)])
            for name, groups in (
                ("buyer", "dropship_flow.group_dropship_buyer"),
                ("books", "account.group_account_invoice,dropship_flow.group_dropship_user"),
            )
        )  # fmt: skip
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            paper.with_user(buyer).action_accept()
        paper.with_user(books).action_accept()
        self.assertEqual(paper.state, "accepted")
        self.assertFalse(self.env["dropship.fapiao.owed"].with_user(books).search([]))

    def test_what_a_supplier_hands_in(self):
        received = self.env["dropship.fapiao.received"]
        said = {"number": NUMBER, "amount": "88.50", "tax": "11.51", "kind": "special", "date": "2026-11-01"}
        for wrong, word in (
            ({"number": "12"}, "20 digits"), ({"amount": "x"}, "1234.50"), ({"amount": "0"}, "without tax"),
            ({"date": "soon"}, "date"), ({"amount": "nan"}, "1234.50"),
        ):  # fmt: skip
            with self.subTest(wrong), self.assertRaisesRegex(UserError, word), self.env.cr.savepoint():
                received._take(self.supplier, self.company, {**said, **wrong}, PDF, "a.pdf")
        with self.assertRaisesRegex(UserError, "attach"):
            received._take(self.supplier, self.company, said, b"MZ", "a.pdf")
        for tax, number in (("", "25332000000087654321"), ("0", "25332000000087654322")):
            free = received._take(self.supplier, self.company, {**said, "tax": tax, "number": number}, PDF, "a.pdf")
            self.assertEqual(free.amount_total, 88.5)
        paper = received._take(self.supplier, self.company, said, PDF, "../a.exe")
        self.assertEqual(
            (paper.amount_total, paper.state, paper.file_name, paper.came), (100.01, "draft", "a.pdf", "desk")
        )
        self.assertEqual(base64.b64decode(paper.file), PDF)
        with self.assertRaisesRegex(UserError, "already"):
            received._take(self.supplier, self.company, said, PDF, "a.pdf")

    def test_random_lives_add_up(self):
        """Bills − credits − accepted fapiao + red letters = what is owed, whatever happens in which order."""
        dice = random.Random(11)
        expected = 0
        bills, papers = [], []
        for number in range(1, 41):
            verb = dice.choice(("bill", "bill", "credit", "paper", "paper", "red", "correct"))
            cents = dice.randint(100, 9000)
            owed = sum(row[0] for row in self.owed())
            if verb == "bill":
                bills.append(self.bill(cents / 100, days=dice.randint(0, 90)))
                expected += cents
            elif verb == "credit" and bills:
                self.bill(cents / 100, kind="in_refund")
                expected -= cents
            elif verb == "paper" and owed > 0:
                paper = self.received(cents / 100, f"{number:020d}")
                paper.action_accept()
                papers.append(paper)
                expected -= round(paper.matched * 100)
            elif verb == "red" and papers and papers[-1].matched:
                red = self.received(papers[-1].matched, f"{number:020d}", is_red=True, origin_id=papers.pop().id)
                red.action_accept()
                expected += round(red.matched * 100)
            elif verb == "correct" and papers:
                paper = papers.pop()
                paper.action_correct()
                expected += round(paper.matched * 100)
            self.assertEqual(round(sum(row[0] for row in self.owed()) * 100), expected)
