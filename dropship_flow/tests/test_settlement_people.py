from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_settlement import SettlementCase

USER = "dropship_flow.group_dropship_user"
PEOPLE = {
    "accountant": f"account.group_account_invoice,{USER}",
    "reader": f"account.group_account_readonly,{USER}",
    "buyer": "dropship_flow.group_dropship_buyer",
    "desk": USER,
    "portal": "base.group_portal",
}
MODELS = ("", ".line", ".adjustment", ".objection", ".due")


@tagged("post_install", "-at_install", "standard")
class TestSettlementPeople(SettlementCase):
    """Who may do what: accountants decide and pay, others look."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        charges = cls.env.ref("dropship_flow.category_supplier_charges")
        charges.property_account_expense_categ_id = cls.accounts["expense"]
        cls.users = {
            role: new_test_user(cls.env, f"settle-{role}", groups=groups, company_id=cls.company.id,
                                company_ids=[Command.set(cls.company.ids)])
            for role, groups in PEOPLE.items()
        }  # fmt: skip

    def as_user(self, role):
        self.env.invalidate_all()
        return self.env(user=self.users[role], context={"allowed_company_ids": self.company.ids})

    def test_an_accountant_does_everything(self):
        bill = self.bill(100, "2026-01-05")
        wrong = self.bill(20, "2026-01-06")
        env = self.as_user("accountant")
        made = env["dropship.settlement.make"].create({"date_to": "2026-01-31", "supplier_ids": self.supplier.ids})
        january = env["dropship.settlement"].browse(made.action_make()["res_id"])
        january.adjustment_ids = [Command.create({"kind": "penalty", "name": "Late", "value": 10})]
        january.action_send()
        line = january.line_ids.filtered(lambda line: line.move_id == wrong)
        objection = january.sudo()._object(line.sudo(), "It was 25", "Mr Li").with_env(env)
        objection.write({"correction": 5, "answer": "Yes"})
        objection.action_accept()
        january.action_approve()
        self.assertEqual((january.state, january.closing, january.to_pay), ("agreed", 115, 115))
        pay = env["dropship.settlement.pay"].create(
            {"settlement_ids": january.ids, "company_id": self.company.id, "journal_id": self.bank.id}
        )
        pay.action_pay()
        self.assertEqual((january.state, pay.payment_ids.amount, bill.amount_residual), ("paid", 115, 0))
        self.assertTrue(january._statement_rows())
        self.assertTrue(env["dropship.overview"]._my_cards())

    def test_who_sees_statements(self):
        self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        for role, sees in (("accountant", True), ("reader", True), ("buyer", True), ("desk", False), ("portal", False)):
            env = self.as_user(role)
            with self.subTest(role):
                rights = {env[f"dropship.settlement{name}"].has_access("read") for name in MODELS}
                self.assertEqual(rights, {sees})
                if sees:
                    self.assertEqual(january.with_env(env).closing, 100)
                    self.assertTrue(january.with_env(env)._statement_rows())

    def test_only_accountants_decide(self):
        self.bill(100, "2026-01-05")
        january = self.statement("2026-01-31")
        for role in ("reader", "buyer", "desk", "portal"):
            mine = january.with_env(self.as_user(role))
            for verb in (mine.action_send, mine.action_approve, mine.action_refresh, mine.action_cancel,
                         mine.action_match):  # fmt: skip
                with self.subTest(role, verb=verb.__name__), self.assertRaises(AccessError), self.env.cr.savepoint():
                    verb()
        self.assertEqual(january.state, "draft")

    def test_lines_are_not_written_by_hand(self):
        self.bill(100, "2026-01-05")
        january = self.agreed("2026-01-31")
        env = self.as_user("accountant")
        with self.assertRaises(AccessError):
            january.line_ids.with_env(env).write({"amount": 1})
        with self.assertRaises(AccessError):
            january.with_env(env).write({"closing": 1})

    def test_a_statement_is_closed_by_approving_it_only(self):
        january = self.statement("2026-01-31").with_env(self.as_user("accountant"))
        with self.assertRaises(AccessError):
            january.state = "agreed"

    def test_the_words_of_a_supplier_stay_his(self):
        self.bill(100, "2026-01-05")
        january = self.statement("2026-01-31")
        january.action_send()
        objection = january._object(january.line_ids[:1], "Wrong", "Mr Li").with_env(self.as_user("accountant"))
        with self.assertRaises(AccessError):
            objection.text = "Right"
        objection.answer = "No"
        objection.action_refuse()
        with self.assertRaises(AccessError):
            objection.answer = "Perhaps"
