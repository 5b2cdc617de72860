from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_costs import CostsCase


@tagged("post_install", "-at_install", "standard")
class TestCostsAnalytic(CostsCase):
    """Bills that are a cost by their analytic distribution, whatever account they are booked on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plans = cls.env["account.analytic.plan"].create([{"name": "Where"}, {"name": "Who"}])
        cls.office, cls.store = cls.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plans[0].id, "company_id": cls.company.id} for name in ("Office", "Store")]
        )
        cls.owner = cls.env["account.analytic.account"].create({"name": "Owner", "plan_id": plans[1].id})
        cls.other_account = cls.make_account("Sundries", "649000", "expense")

    def setUp(self):
        super().setUp()
        self.small, self.large = self.sold(1.0), self.sold(2.0)

    def named(self, amount=300.0, accounts=None, **vals):
        """A rule that names analytic accounts and no ledger account."""
        accounts = accounts or self.office
        vals = {"account_ids": False, "last": self.this - timedelta(days=1), **vals}
        return self.rule(amount, analytic_ids=[Command.set(accounts.ids)], **vals)

    def distributed(self, amount, account=None, **parts):
        """A bill whose line is distributed: {name of the analytic account: percent}."""
        bill = self.cost_bill(amount, account or self.other_account)
        line = bill.invoice_line_ids
        line.analytic_distribution = {str(getattr(self, name).id): percent for name, percent in parts.items()}
        return bill

    def booked(self, rule):
        """What bills have of the rule, and what the ledger says they have."""
        rows = self.env["dropship.cost.bill"].search([("rule_id", "=", rule.id)])
        return round(sum(rows.mapped("amount")), 2)

    def overhead(self, account):
        rows = self.env["dropship.profit.reconcile"]._compute(self.company, self.month)
        row = next(row for row in rows if row["account"] == account)
        self.assertEqual(round(row["attributed"] + row["overhead"] + row["unattributed"], 2), row["ledger"])
        return row["overhead"]

    def assertOnce(self, bill):
        """The entries of the bill are its amount, and the months tie."""
        entries = self.entries(("res_id", "=", bill.id))
        self.assertEqual(round(sum(entries.mapped("amount")), 2), bill.amount_untaxed_signed)
        self.assertTies(self.month, self.this)
        self.assertEqual(self.collect(), 0, "run twice, nothing new")

    def test_by_analytic_only(self):
        rule = self.named(kind_id=self.env.ref("dropship_flow_reports.profit_kind_packaging").id)
        self.collect()
        self.assertEqual(self.costs_of(self.small), (-100.0, 0.0))
        before = self.whole()
        bill = self.distributed(300.0, office=100)
        self.collect()
        self.assertEqual(self.costs_of(self.small), (0.0, -100.0))
        self.assertEqual(self.costs_of(self.large), (0.0, -200.0))
        self.assertEqual(self.whole(), before, "never double")
        self.assertEqual(self.booked(rule), -300.0)
        entries = self.entries(("res_id", "=", bill.id))
        self.assertEqual(set(entries.kind_id.mapped("code")), {"packaging"})
        self.assertOnce(bill)

    def test_the_analytic_account_goes_before_the_ledger_account(self):
        """Both rules fit the line: it is of the one that names its analytic account, and of no other."""
        by_account = self.rule(300.0, last=self.this - timedelta(days=1))
        by_analytic = self.named(60.0, name="Store", accounts=self.store)
        bill = self.distributed(90.0, self.rent_account, store=100)
        self.collect()
        self.assertEqual((self.booked(by_account), self.booked(by_analytic)), (0.0, -90.0))
        self.assertOnce(bill)

    def test_a_rule_that_names_both_has_the_bill_once(self):
        rule = self.named(account_ids=[Command.set(self.rent_account.ids)])
        bill = self.distributed(300.0, self.rent_account, office=40)
        self.collect()
        self.assertEqual(self.booked(rule), -300.0)
        self.assertEqual(self.costs_of(self.small), (0.0, -100.0))
        self.assertOnce(bill)

    def test_sixty_to_forty_to_the_cent(self):
        office, store = self.named(), self.named(300.0, name="Store", accounts=self.store)
        bill = self.distributed(100.01, office=60, store=40)
        self.collect()
        self.assertEqual((self.booked(office), self.booked(store)), (-60.01, -40.0))
        self.assertEqual(self.costs_of(self.small)[1] + self.costs_of(self.large)[1], -100.01)
        self.assertOnce(bill)

    def test_what_no_rule_names_is_what_its_account_says(self):
        rule = self.named()
        bill = self.distributed(100.01, office=60, store=40)
        self.collect()
        self.assertEqual((self.booked(rule), self.overhead(self.other_account)), (-60.01, -40.0))
        self.assertOnce(bill)
        rent = self.rule(300.0, last=self.this - timedelta(days=1))
        other = self.distributed(100.01, self.rent_account, office=60)
        self.collect()
        self.assertEqual((self.booked(rule), self.booked(rent)), (-120.02, -40.0))
        self.assertOnce(other)

    def test_beside_a_rule_the_rest_may_be_advertising(self):
        self.spend(100.0)
        rule = self.named()
        bill = self.distributed(100.0, self.ads_account, office=60)
        self.env["dropship.profit.account"]._complete(self.company)
        row = self.env["dropship.profit.account"].search([("account_id", "=", self.ads_account.id)])
        row.kind_id = self.env.ref("dropship_flow_reports.profit_kind_ads")
        self.collect()
        ads = self.env["dropship.cost.bill"].search([("source_id", "=", self.google.id)])
        self.assertEqual((self.booked(rule), sum(ads.mapped("amount"))), (-60.0, -40.0))
        self.assertOnce(bill)

    def test_two_plans_are_no_two_bills(self):
        """Office 100 % and its owner 100 % are two views of one amount; in one row they are one part."""
        office, owner = self.named(), self.named(300.0, name="Owner", accounts=self.owner)
        bill = self.distributed(100.0, office=100, owner=100)
        self.collect()
        self.assertEqual((self.booked(office), self.booked(owner)), (-50.0, -50.0))
        self.assertOnce(bill)
        bill.invoice_line_ids.analytic_distribution = {f"{self.office.id},{self.owner.id}": 100.0}
        owner.analytic_ids = self.office | self.owner
        office.analytic_ids = self.store
        self.collect()
        self.assertEqual((self.booked(office), self.booked(owner)), (0.0, -100.0), "named twice, there once")
        self.assertOnce(bill)

    def test_only_the_vendor_of_the_rule(self):
        rule = self.named(partner_id=self.landlord.id)
        bill = self.cost_bill(80.0, self.other_account, partner=self.make_vendor("Cleaner"))
        bill.invoice_line_ids.analytic_distribution = {str(self.office.id): 100}
        self.collect()
        self.assertEqual((self.booked(rule), self.overhead(self.other_account)), (0.0, -80.0))

    def test_reversed(self):
        rule = self.named()
        bill = self.distributed(100.01, office=60, store=40)
        self.collect()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"journal_id": bill.journal_id.id, "date": bill.date})  # fmt: skip
        back = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        back.invoice_date = bill.date
        back.action_post()
        self.collect()
        self.assertEqual((self.booked(rule), self.overhead(self.other_account)), (0.0, 0.0))
        self.assertEqual(self.costs_of(self.small)[0], -100.0, "it is expected again")
        self.assertOnce(back)

    def test_what_changes_later(self):
        bill = self.distributed(300.0, office=100)
        self.collect()
        self.assertEqual(self.overhead(self.other_account), -300.0)
        rule = self.named()
        self.collect()
        self.assertEqual(self.booked(rule), -300.0, "a rule that comes after the bill")
        bill.invoice_line_ids.analytic_distribution = {str(self.store.id): 100}
        self.collect()
        self.assertEqual((self.booked(rule), self.overhead(self.other_account)), (0.0, -300.0))
        rule.analytic_ids = self.store
        self.collect()
        self.assertEqual(self.booked(rule), -300.0)
        rule.analytic_ids = False
        self.collect()
        self.assertEqual((self.booked(rule), self.overhead(self.other_account)), (0.0, -300.0))
        self.assertOnce(bill)

    def test_who_sees_the_field(self):
        rule, groups = self.named(), "dropship_flow.group_dropship_manager"
        manager = new_test_user(self.env, "cost_manager", groups=groups, company_id=self.company.id,
                                company_ids=[Command.set(self.company.ids)])  # fmt: skip
        view = self.env.ref("dropship_flow_reports.cost_rule_view_form")
        self.assertNotIn('"analytic_ids"', rule.with_user(manager).get_view(view.id)["arch"])
        self.assertTrue(rule.with_user(manager).web_read({"is_booked": {}})[0]["is_booked"])
        manager.group_ids += self.env.ref("analytic.group_analytic_accounting")
        self.assertIn('"analytic_ids"', rule.with_user(manager).get_view(view.id)["arch"])
