from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_costs import CostsCase


@tagged("post_install", "-at_install", "standard")
class TestCostsBills(CostsCase):
    """What is expected of a cost, and what is left of that when its bill comes."""

    def two_orders(self):
        """Sold at 100.00 and 200.00 in the month that is over."""
        return self.sold(1.0), self.sold(2.0)

    def assertMonth(self, rule, **figures):
        row = self.env["dropship.cost.month"].search([("rule_id", "=", rule.id), ("month", "=", self.month)])
        self.assertEqual({name: round(row[name], 2) for name in figures}, figures)

    # --- before and after the bill ---

    def test_rent_before_and_after_its_bill(self):
        small, large = self.two_orders()
        rule = self.rule(300.0, last=self.this - timedelta(days=1))
        self.collect()
        before = self.whole()
        self.assertEqual(self.costs_of(small), (-100.0, 0.0))
        self.assertEqual(self.costs_of(large), (-200.0, 0.0))
        self.assertEqual(self.reconciled_sum(), 0.0, "an estimate is outside the tie")
        bill = self.cost_bill(300.0)
        self.collect()
        self.assertEqual(self.costs_of(small), (0.0, -100.0))
        self.assertEqual(self.costs_of(large), (0.0, -200.0))
        self.assertEqual(self.whole(), before, "never double")
        self.assertMonth(rule, expected=-300.0, booked=-300.0, missing=0.0)
        entries = self.entries(("res_id", "=", bill.id))
        self.assertEqual(set(entries.mapped("source")), {"costs"})
        self.assertEqual(set(entries.mapped("stage")), {"billed"})
        self.assertTies(self.month, self.this)
        self.assertEqual(self.collect(), 0, "run twice, nothing new")

    def reconciled_sum(self):
        rows = self.env["dropship.profit.reconcile"]._compute(self.company, self.month)
        return sum(row["ledger"] for row in rows)

    def test_a_bill_below_what_was_expected_and_then_the_rest(self):
        small, large = self.two_orders()
        rule = self.rule(300.0)
        self.cost_bill(200.0)
        self.collect()
        self.assertEqual(self.costs_of(small), (-33.33, -66.67))
        self.assertEqual(self.costs_of(large), (-66.67, -133.33))
        self.assertMonth(rule, missing=-100.0)
        last = self.cost_bill(50.0)
        last.dropship_cost_complete = True
        self.collect()
        self.assertMonth(rule, missing=0.0, booked=-250.0)
        self.assertEqual(self.costs_of(large)[0], 0.0)
        self.assertTies(self.month)

    def test_a_bill_above_what_was_expected(self):
        small, large = self.two_orders()
        self.rule(300.0)
        self.cost_bill(330.0)
        self.collect()
        self.assertEqual(self.costs_of(small), (0.0, -110.0))
        self.assertEqual(self.costs_of(large), (0.0, -220.0))

    def test_a_bill_taken_back_is_expected_again(self):
        small, _large = self.two_orders()
        self.rule(300.0)
        bill = self.cost_bill(300.0)
        self.collect()
        bill.button_draft()
        self.collect()
        self.assertEqual(self.costs_of(small), (-100.0, 0.0))
        bill.name = False
        bill.unlink()
        self.env.flush_all()
        self.collect()
        self.assertEqual(self.costs_of(small), (-100.0, 0.0))
        self.cost_bill(300.0)
        self.cost_bill(120.0, move_type="in_refund")
        self.collect()
        self.assertEqual(self.costs_of(small), (-40.0, -60.0))
        self.assertTies(self.month)

    def test_a_bill_of_next_month_says_which_month_it_is_about(self):
        small, _large = self.two_orders()
        self.rule(300.0, last=self.this - timedelta(days=1))
        bill = self.cost_bill(300.0, day=self.today)
        self.collect()
        self.assertEqual(self.costs_of(small), (-100.0, 0.0), "it is about this month, says its date")
        bill.dropship_cost_first = self.month
        self.collect()
        self.assertEqual(self.costs_of(small), (0.0, -100.0))
        self.assertEqual(set(self.entries(("res_id", "=", bill.id)).mapped("date")), {self.today})
        self.assertTies(self.month, self.this)

    def test_a_bill_of_several_months_is_divided_by_days(self):
        self.two_orders()
        self.rule(300.0)
        before = (self.month - timedelta(days=1)).replace(day=1)
        bill = self.cost_bill(610.0)
        bill.write({"dropship_cost_first": before, "dropship_cost_last": self.this - timedelta(days=1)})
        self.collect()
        rows = self.env["dropship.cost.bill"].search([("move_ref", "=", bill.id)])
        days = (self.this - before).days
        self.assertAlmostEqual(sum(rows.mapped("amount")), -610.0)
        mine = rows.filtered(lambda row: row.month == self.month).amount
        self.assertAlmostEqual(mine, -610.0 * (self.this - self.month).days / days, 2)

    # --- the month that runs ---

    def test_a_bill_of_the_month_that_runs_waits_for_its_end(self):
        order = self.sold(day=self.today)
        self.rule(0.0 + 31.0 * 28 * 30, first=self.this)
        self.collect()
        expected = self.missing(("order_id", "=", order.id))
        self.assertLess(expected, 0.0)
        before = self.whole()
        self.cost_bill(-expected, day=self.today)
        self.collect()
        self.assertEqual(self.missing(("order_id", "=", order.id)), expected, "the order knows its part already")
        self.assertEqual(self.missing(), 0.0, "and the whole counts once")
        self.assertEqual(self.whole(), before)
        entry = self.entries(("source", "=", "costs"))
        self.assertFalse(entry.order_id)
        self.assertTies(self.this)

    # --- accounts ---

    def test_bills_of_others_on_the_same_account_are_no_rule_s(self):
        small, _large = self.two_orders()
        self.rule(300.0, partner_id=self.landlord.id)
        self.cost_bill(80.0, partner=self.make_vendor("Cleaner"))
        self.collect()
        self.assertEqual(self.costs_of(small), (-100.0, 0.0))
        self.assertEqual(self.reconciled_overhead(), -80.0)
        self.cost_bill(300.0)
        self.collect()
        self.assertEqual(self.costs_of(small), (0.0, -100.0))
        self.assertTies(self.month)

    def reconciled_overhead(self):
        rows = self.env["dropship.profit.reconcile"]._compute(self.company, self.month)
        return next(row["overhead"] for row in rows if row["account"] == self.rent_account)

    def test_two_rules_on_one_account_share_a_bill_as_expected(self):
        self.two_orders()
        office, store = self.rule(300.0), self.rule(100.0, name="Store")
        self.cost_bill(200.0)
        self.collect()
        self.assertMonth(office, booked=-150.0, missing=-150.0)
        self.assertMonth(store, booked=-50.0, missing=-50.0)

    def test_a_rule_that_comes_after_the_bill(self):
        small, _large = self.two_orders()
        bill = self.cost_bill(300.0)
        self.collect()
        self.assertEqual(self.entries(("res_id", "=", bill.id)).side, "overhead")
        rule = self.rule(300.0)
        self.collect()
        self.assertEqual(self.costs_of(small), (0.0, -100.0))
        rule.account_ids = False
        self.collect()
        self.assertEqual(self.costs_of(small), (-100.0, 0.0))
        self.assertTies(self.month)

    def test_an_account_out_of_scope_is_no_bill_of_a_rule(self):
        small, _large = self.two_orders()
        self.rule(300.0)
        self.cost_bill(300.0)
        self.collect()
        row = self.env["dropship.profit.account"].search([("account_id", "=", self.rent_account.id)])
        row.scope = "out"
        self.collect()
        self.assertEqual(self.costs_of(small), (-100.0, 0.0))
        self.assertTies(self.month)

    # --- closed months ---

    def test_a_late_bill_of_a_closed_month_counts_in_the_open_one(self):
        small, _large = self.two_orders()
        rule = self.rule(300.0)
        self.collect()
        self.company.fiscalyear_lock_date = self.this - timedelta(days=1)
        self.collect()
        closed = self.shares(("month", "=", self.month))
        before = {share.id: share.amount for share in closed}
        whole = self.whole()
        bill = self.cost_bill(300.0, day=self.today)
        bill.dropship_cost_first = self.month
        self.collect()
        self.assertEqual({share.id: share.amount for share in closed}, before, "what was reported stays")
        self.assertEqual(self.missing(("order_id", "=", small.id)), 0.0)
        self.assertEqual(self.costs_of(small)[1], -100.0)
        self.assertEqual(self.whole(), whole)
        restated = self.shares(("date", ">=", self.this), ("month", "=", self.month))
        self.assertEqual(round(sum(restated.mapped("amount")), 2), 300.0)
        rule.amount = 999.0
        self.collect()
        self.assertEqual({share.id: share.amount for share in closed}, before, "a rule changed later as well")
        self.assertEqual(self.missing(("month", "=", self.month)), 0.0)
        self.assertTies(self.month, self.this)

    def test_a_bill_reversed_after_the_close(self):
        small, _large = self.two_orders()
        self.rule(300.0, last=self.this - timedelta(days=1))
        bill = self.cost_bill(300.0)
        self.collect()
        self.company.fiscalyear_lock_date = self.this - timedelta(days=1)
        self.collect()
        whole = self.whole()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"journal_id": bill.journal_id.id, "date": self.today})  # fmt: skip
        reversal = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        reversal.invoice_date = self.today
        reversal.dropship_cost_first = self.month
        reversal.action_post()
        self.collect()
        self.assertEqual(self.costs_of(small), (-100.0, 0.0), "it is expected again, in the open month")
        self.assertEqual(self.whole(), whole)
        self.assertTies(self.month, self.this)

    def test_a_rebuild_says_the_same(self):
        small, _large = self.two_orders()
        self.rule(300.0)
        self.cost_bill(200.0)
        self.collect()
        before = self.costs_of(small)
        self.env["dropship.profit.generation"]._rebuild(self.company)
        self.env.invalidate_all()
        self.assertEqual(self.costs_of(small), before)
        self.assertEqual(self.collect(), 0)
        self.assertTies(self.month)

    def test_the_statement_of_the_order_has_them(self):
        small, _large = self.two_orders()
        self.rule(300.0)
        self.cost_bill(200.0)
        self.collect()
        rows = [row for row in small._dropship_profit_statement() if row["kind"] == "overhead"]
        self.assertEqual({row["stage"]: row["amount"] for row in rows}, {"estimated": -33.33, "billed": -66.67})
        self.assertAlmostEqual(
            small.dropship_profit, sum(row["amount"] for row in small._dropship_profit_statement()), 2
        )
        lines = self.env["dropship.profit.line"].search([("order_id", "=", small.id)])
        self.assertAlmostEqual(sum(lines.mapped("amount")), small.dropship_profit, 2)
        share = lines.filtered(lambda line: line.res_model == "dropship.cost.share")
        self.assertEqual(share.action_open_document()["res_model"], "dropship.cost.rule")

    def test_days_are_the_company_s(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self.sold()
        order.date_order = fields.Datetime.to_datetime(self.this) - timedelta(hours=3)
        self.rule(1.0, first=self.this, kind="per_order", by="days")
        self.collect()
        self.assertEqual(self.missing(("order_id", "=", order.id)), -1.0, "it is the next month already in Shanghai")
