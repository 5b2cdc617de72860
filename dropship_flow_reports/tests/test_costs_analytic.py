from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common_costs import CostsCase


@tagged("post_install", "-at_install", "standard")
class TestCostsAnalytic(CostsCase):
    """Bills that say by analytic accounts which cost they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Costs"})
        cls.other_plan = cls.env["account.analytic.plan"].create({"name": "Places"})
        cls.office, cls.studio, cls.elsewhere = cls.env["account.analytic.account"].create(
            [{"name": name, "plan_id": cls.plan.id} for name in ("Office", "Studio", "Elsewhere")]
        )
        cls.berlin = cls.env["account.analytic.account"].create({"name": "Berlin", "plan_id": cls.other_plan.id})

    def by_analytic(self, accounts, amount=300.0, **vals):
        values = {"account_ids": [Command.clear()], "analytic_ids": [Command.set(accounts.ids)], **vals}
        return self.rule(amount, **values)

    def distributed(self, amount, parts, **vals):
        """A posted bill whose only line is distributed so: {analytic accounts: percent}"""
        bill = self.cost_bill(amount, **vals)
        self.distribute(bill, parts)
        return bill

    def distribute(self, bill, parts):
        keys = {",".join(map(str, accounts.ids)): percent for accounts, percent in parts.items()}
        bill.invoice_line_ids.analytic_distribution = keys
        self.env.flush_all()

    def of_rules(self, bill):
        """{rule, or none: amount} of the entries of a bill and of what is kept about it."""
        kept = self.env["dropship.cost.bill"].search([("move_ref", "=", bill.id)])
        found = {rule: round(sum(rows.mapped("amount")), 2) for rule, rows in kept.grouped("rule_id").items()}
        booked = round(sum(self.entries(("res_id", "=", bill.id)).mapped("amount")), 2)
        self.assertEqual(booked, round(bill.amount_untaxed_signed, 2), "the whole bill is in the ledger")
        return found

    def test_by_analytic_alone(self):
        small, large = self.sold(1.0), self.sold(2.0)
        rule = self.by_analytic(self.office, last=self.this - timedelta(days=1))
        self.collect()
        before = self.whole()
        bill = self.distributed(300.0, {self.office: 100}, account=self.ads_account)
        self.collect()
        self.assertEqual(self.costs_of(small), (0.0, -100.0))
        self.assertEqual(self.costs_of(large), (0.0, -200.0))
        self.assertEqual(self.whole(), before, "never double")
        self.assertEqual(self.of_rules(bill), {rule: -300.0})
        self.assertEqual(self.entries(("res_id", "=", bill.id)).kind_id, rule.kind_id)
        self.assertTies(self.month, self.this)
        self.assertEqual(self.collect(), 0, "run twice, nothing new")

    def test_before_the_rule_of_the_account(self):
        self.sold()
        rent, office = self.rule(500.0), self.by_analytic(self.office, name="Office")
        bill = self.distributed(300.0, {self.office: 100})
        self.collect()
        self.assertEqual(self.of_rules(bill), {office: -300.0})
        self.distribute(bill, {self.elsewhere: 100})
        self.collect()
        self.assertEqual(self.of_rules(bill), {rent: -300.0})
        self.assertTies(self.month, self.this)

    def test_split_to_the_cent(self):
        self.sold()
        office, studio = self.by_analytic(self.office, name="Office"), self.by_analytic(self.studio, name="Studio")
        bill = self.distributed(100.01, {self.office: 60, self.studio: 40}, account=self.ads_account)
        self.collect()
        self.assertEqual(self.of_rules(bill), {office: -60.01, studio: -40.0})
        self.assertTies(self.month, self.this)

    def test_what_is_left_is_of_the_account(self):
        self.sold()
        rent, office = self.rule(500.0), self.by_analytic(self.office, name="Office")
        bill = self.distributed(100.0, {self.office: 25, self.elsewhere: 75})
        self.collect()
        self.assertEqual(self.of_rules(bill), {office: -25.0, rent: -75.0})
        rent.account_ids = [Command.clear()]
        self.collect()
        self.assertEqual(self.of_rules(bill), {office: -25.0})
        left = self.entries(("res_id", "=", bill.id), ("order_id", "=", False))
        self.assertEqual(sum(left.mapped("amount")), -75.0)
        self.assertEqual(left.kind_id, self.env.ref("dropship_flow_reports.profit_kind_overhead"))
        self.assertTies(self.month, self.this)

    def test_accounts_and_analytic(self):
        self.sold()
        both = self.by_analytic(self.office, name="Both", account_ids=[Command.set(self.rent_account.ids)])
        right = self.distributed(100.0, {self.office: 100})
        wrong = self.distributed(50.0, {self.office: 100}, account=self.ads_account)
        without = self.cost_bill(20.0)
        self.collect()
        self.assertEqual([self.of_rules(bill) for bill in (right, wrong, without)], [{both: -100.0}, {}, {}])

    def test_several_plans_are_no_two_costs(self):
        self.sold()
        office = self.by_analytic(self.office, name="Office")
        self.by_analytic(self.berlin, name="Berlin")
        bill = self.distributed(100.0, {self.office | self.berlin: 100})
        self.collect()
        self.assertEqual(self.of_rules(bill), {office: -100.0}, "the first in the list")

    def test_only_of_its_vendor(self):
        self.sold()
        anybody = self.by_analytic(self.office, name="Anybody")
        theirs = self.by_analytic(self.office, name="Theirs", partner_id=self.make_vendor("Cleaner").id)
        bill = self.distributed(100.0, {self.office: 100})
        cleaned = self.distributed(30.0, {self.office: 100}, partner=theirs.partner_id)
        self.collect()
        self.assertEqual([self.of_rules(bill), self.of_rules(cleaned)], [{anybody: -100.0}, {theirs: -30.0}])

    def test_taken_back(self):
        small = self.sold()
        self.by_analytic(self.office, last=self.this - timedelta(days=1))
        bill = self.distributed(300.0, {self.office: 100})
        self.collect()
        self.assertEqual(self.costs_of(small), (0.0, -300.0))
        bill._reverse_moves([{"date": bill.date, "invoice_date": bill.date}], cancel=True)
        self.collect()
        self.assertEqual(self.costs_of(small), (-300.0, 0.0))
        self.assertTies(self.month, self.this)

    def test_a_rule_made_later_finds_its_bills(self):
        small = self.sold()
        bill = self.distributed(300.0, {self.office: 100})
        self.collect()
        self.assertEqual(self.of_rules(bill), {})
        rule = self.by_analytic(self.office)
        self.collect()
        self.assertEqual(self.of_rules(bill), {rule: -300.0})
        self.assertEqual(self.costs_of(small)[1], -300.0)
