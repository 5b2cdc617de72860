from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from ..models.cash.facts_expected import PAID
from .common_cash import CashCase


@tagged("post_install", "-at_install", "standard")
class TestCashScenario(CashCase):
    # --- sales to come, refunds, scenarios ---

    def test_refunds_by_age_of_what_was_delivered(self):
        """Ten weeks ago 119.00 came and 11.90 went back in the second week; 119.00 came three days ago."""
        old, _purchase = self.sold()
        note = self.credit(self.invoice(old))
        note.button_draft()
        note.invoice_line_ids.price_unit = 11.9
        note.name = False  # it may be of last year, whose numbers are others
        note.invoice_date = self.day(-62)
        note.action_post()
        old.dropship_delivered_at = datetime.combine(self.day(-70), datetime.min.time()) + timedelta(hours=12)
        new, _purchase = self.sold()
        new.dropship_delivered_at = datetime.combine(self.day(-3), datetime.min.time()) + timedelta(hours=12)
        days, table = self.env["dropship.cash.facts"]._delivered(
            self.env["dropship.cash.facts"]._gather(self.company)
        )  # fmt: skip
        self.assertEqual([round(float(one), 2) for one in table], [0.0, 10.0] + [0.0] * 6)
        self.assertEqual({day: [float(one) for one in sums] for day, sums in days.items()}, {
            self.day(-70): [119.0, 11.9], self.day(-3): [119.0, 0.0]})  # fmt: skip
        run = self.reckon()
        self.assertAlmostEqual(sum(row[2] for row in self.rows(run, "expected_refund")), -11.9)
        twice = self.reckon(returns=100)
        self.assertAlmostEqual(sum(row[2] for row in self.rows(twice, "expected_refund")), -23.8)

    def weekly_orders(self):
        """An order of 119.00 in each of the last eight whole weeks, bought for 47.60 and freight."""
        monday = self.day() - timedelta(days=self.day().weekday())
        orders = self.env["sale.order"]
        for week in range(1, 9):
            order, purchase = self.sold()
            self.pay(self.invoice(order))
            self.pay(self.bill(purchase))
            order.date_order = datetime.combine(monday - timedelta(days=7 * week - 2), datetime.min.time())
            orders |= order
        return orders

    def test_the_shop_sells_on_and_scenarios_move_it(self):
        orders = self.weekly_orders()
        run = self.reckon()
        weeks = run.week_ids.sorted("number")
        self.assertEqual(weeks[9].by_kind["new_sales"], 119.0)
        sales = run.line_ids.filtered(lambda line: line.kind == "new_sales")[:1]
        self.assertIn("The shop without a channel sells on", sales.reason_text)
        bought = orders.dropship_allocation_ids
        cost = sum(bought.mapped("freight")) + sum(bought.mapped("fees")) + 8 * 47.6
        percent = round(100 * cost / (8 * 119.0), 1)
        line = run.line_ids.filtered(lambda line: line.kind == "new_purchases")[:1]
        self.assertIn(f"{percent} %", line.reason_text)
        self.assertNotIn("new_sales", self.reckon(sales=-100).line_ids.mapped("kind"))
        more = self.reckon(sales=50)
        self.assertEqual(more.week_ids.sorted("number")[9].by_kind["new_sales"], 178.5)

    def test_scenarios_stand_side_by_side(self):
        self.opening(500.0)
        scenario = self.env["dropship.cash.scenario"].create(
            {"name": "Slump", "company_id": self.company.id, "sales": -25.0, "supplier_days": 14}
        )
        self.assertEqual(scenario.changed_text, "Sales (%): -25, Suppliers Paid Later (days): +14")
        base = self.env["dropship.cash.forecast"]._make_all(self.company)
        runs = self.env["dropship.cash.forecast"].search(
            [("company_id", "=", self.company.id), ("is_current", "=", True)]
        )
        self.assertEqual(runs.scenario_id, scenario)
        self.assertEqual(len(runs), 2)
        self.assertIn("Slump", base.page)
        self.assertEqual(base._others(), base + (runs - base))
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            scenario.sales = -120.0
            scenario.flush_recordset()

    def test_suppliers_paid_later(self):
        _order, purchase = self.sold()
        self.due(self.bill(purchase), 3)
        run = self.reckon(supplier_days=21)
        self.assertEqual(self.rows(run, "supplier"), [(self.week(self.day(24)), "supplier", -47.6)])

    # --- days, companies, empty ---

    def test_weeks_begin_in_the_company_s_zone(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        sunday = datetime(2026, 3, 8, 16, 30)  # Monday in Shanghai
        run = self.env["dropship.cash.forecast"]._make(self.company, now=sunday)
        self.assertEqual(str(run.date), "2026-03-09")
        self.assertEqual(str(run.week_ids.sorted("number")[0].last), "2026-03-15")
        self.company.partner_id.tz = "Europe/Berlin"
        run = self.env["dropship.cash.forecast"]._make(self.company, now=sunday)
        first = run.week_ids.sorted("number")[0]
        self.assertEqual((str(first.first), str(first.last)), ("2026-03-08", "2026-03-08"))

    def test_days_to_the_money_begin_with_the_company_s_day(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        order, _purchase = self.sold()
        self.pay(self.invoice(order))
        order.date_order = datetime.combine(self.day(-5), time(23, 30))  # four days ago in Shanghai
        facts = self.env["dropship.cash.facts"]._gather(self.company)
        [row] = self.env["dropship.cash.facts"]._rows(PAID, facts, since=facts.ago(90))
        self.assertEqual(row["days"], 4)

    def test_a_carrier_s_days_begin_with_the_company_s_day(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        (old, _purchase), (new, _purchase) = self.sold(), self.sold()
        vals = {"company_id": self.company.id, "currency_id": old.currency_id.id}
        night = datetime.combine(self.day(-6), time(23, 30))  # five days ago in Shanghai
        self.env["dropship.collection"].create(
            [{**vals, "order_id": old.id, "amount": 50.0, "state": "remitted", "delivered_at": night,
              "received": 50.0, "received_on": self.day(-2)},
             {**vals, "order_id": new.id, "amount": 60.0, "state": "delivered", "delivered_at": night}]
        )  # fmt: skip
        facts = self.env["dropship.cash.facts"]._gather(self.company)
        self.assertEqual([item.day for item in facts.items if item.kind == "cod"], [self.day(-2)])

    def test_an_empty_company_is_told_what_to_do(self):
        self.addCleanup(setattr, type(self), "env", type(self).env)
        other = self.euro_company("Other GmbH")
        run = self.env["dropship.cash.forecast"]._make(other)
        self.assertFalse(run.line_ids)
        self.assertFalse(run.is_low)
        self.assertIn("Nothing is known yet", run.summary)
        read = self.env["dropship.cash.forecast"]._read(other)
        self.assertEqual((len(read["weeks"]), read["lowest"]["balance"]), (13, 0.0))

    # --- kept, watched, measured, read ---

    def test_the_owner_is_told_when_money_runs_short(self):
        owner = new_test_user(self.env, "cash_owner", groups="dropship_flow.group_dropship_manager")
        self.company.write({"dropship_cash_limit": 100.0, "dropship_cash_user_id": owner.id})
        self.opening(120.0)
        self.assertFalse(self.reckon().activity_ids)
        _order, purchase = self.sold()
        self.due(self.bill(purchase), 15)
        self.entry((self.accounts["Bank"], -30.0), (self.accounts["Cost of goods"], 30.0))
        run = self.reckon()
        self.assertEqual((run.is_low, run.activity_ids.user_id), (True, owner))
        self.assertIn("Money runs short", run.summary)
        again = self.reckon()
        self.assertEqual((len(again.activity_ids), run.activity_ids), (1, run.activity_ids.browse()))
        self.opening(5000.0)
        self.assertFalse(self.reckon().activity_ids)
        self.assertFalse(again.activity_ids)

    def test_old_runs_are_held_against_what_came(self):
        self.opening(1000.0, self.day(-60))
        before = datetime.combine(self.day(-21), datetime.min.time()) + timedelta(hours=9)
        run = self.env["dropship.cash.forecast"]._make(self.company, now=before)
        self.assertEqual(run.closing, 1000.0)
        week = run.week_ids.sorted("number")[1]
        self.entry((self.accounts["Bank"], -250.0), (self.accounts["Cost of goods"], 250.0), date=week.first)
        new = self.reckon()
        self.assertEqual((run.is_current, new.is_current, run.line_ids.ids), (False, True, []))
        self.env["dropship.cash.forecast"]._measure(self.company)
        self.assertTrue(week.is_over)
        self.assertEqual((week.actual_outflow, week.actual_closing, week.missed), (250.0, 750.0, -250.0))
        first = run.week_ids.sorted("number")[0]
        self.assertEqual((first.actual_closing, first.missed), (1000.0, 0.0))
        over = run.week_ids.filtered("is_over")
        self.assertEqual(run.measured, len(over))
        hand = 250.0 * (len(over) - 1) / (1000.0 + 750.0 * (len(over) - 1)) * 100
        self.assertAlmostEqual(run.accuracy, hand, 4)

    def test_every_night(self):
        self.opening(10.0)
        forecasts = self.env["dropship.cash.forecast"]
        for days in (9, 8, 2, 1):
            forecasts._make(self.company, now=fields.Datetime.now() - timedelta(days=days))
        forecasts._measure(self.company)
        run = forecasts._make_all(self.company)
        forecasts._thin_out(self.company)
        mine = forecasts.search([("company_id", "=", self.company.id)])
        mondays = [one.date - timedelta(days=one.date.weekday()) for one in mine - run]
        self.assertEqual(len(mondays), len(set(mondays)))
        self.assertEqual(mine.filtered("is_current"), run)

    def test_what_others_read(self):
        self.opening(300.0)
        order, _purchase = self.sold()
        self.due(self.invoice(order), 8)
        forecasts = self.env["dropship.cash.forecast"]
        kept = forecasts._read(self.company)
        self.assertEqual((kept["currency"], kept["weeks"][0]["opening"]), ("EUR", 300.0))
        number = self.week(self.day(8)) - 1
        self.assertEqual(kept["weeks"][number]["by_kind"]["customer"], 119.0)
        known = forecasts._reckon(self.company)[1]
        self.assertEqual(kept["weeks"][-1]["closing"], float(known.weeks[-1].closing))
        count = forecasts.search_count([])
        other = forecasts._read(self.company, {"sales": -100, "payout_days": 7})
        self.assertEqual(forecasts.search_count([]), count)
        self.assertEqual(other["weeks"][number]["by_kind"]["customer"], 119.0)
        action = forecasts.with_company(self.company).action_open_newest()
        self.assertEqual(forecasts.browse(action["res_id"]).company_id, self.company)
        salesman = new_test_user(self.env, "cash_seller", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            forecasts.with_user(salesman)._read(self.company)
