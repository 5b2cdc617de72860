from datetime import date

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from ..forecasting.days import recurring_days
from .common_cash import CashCase


@tagged("post_install", "-at_install", "standard")
class TestCashCosts(CashCase):
    """Rules of costs in the forecast, beside the bills that are there."""

    def cost(self, kind, **vals):
        """A rule of 100.00, or 100 percent."""
        money = {} if kind == "percent_revenue" else {"currency_id": self.company.currency_id.id}
        values = {"name": kind, "company_id": self.company.id, "kind": kind, "amount": 100.0, "currency_id": False}
        return self.env["dropship.cost.rule"].create({**values, **money, **vals})

    def recurring(self):
        """{what: [number of the week]} of the recurring costs of the forecast, each 100.00."""
        found = {}
        for line in self.reckon().line_ids.filtered(lambda line: line.kind == "recurring").sorted("date"):
            times = round(line.amount / -100.0)
            self.assertEqual(line.amount, -100.0 * times)
            found.setdefault(line.document, []).extend([line.week_id.number] * times)
        return found

    def test_costs_that_rules_say(self):
        self.cost("monthly", first=self.day(5))
        self.cost("monthly", name="Ends", first=self.day(2), last=self.day(20))
        self.cost("monthly", name="Ended", first=self.day(-90), last=self.day(-1))
        self.cost("monthly", name="Archived", first=self.day(5), active=False)
        self.cost("monthly", name="Always")
        self.cost("weekly")
        self.cost("fixed", name="Fair", first=self.day(10), last=self.day(40))
        self.cost("fixed", name="Last fair", first=self.day(-10), last=self.day(10))
        for kind in ("per_order", "per_parcel", "per_unit", "percent_revenue"):
            self.cost(kind)
        found = self.recurring()
        self.assertEqual(set(found), {"monthly", "Ends", "Always", "weekly", "Fair"})
        later = fields.Date.add(self.day(5), months=1)
        self.assertEqual(found["monthly"][:2], [self.week(self.day(5)), self.week(later)])
        self.assertEqual(found["Ends"], [self.week(self.day(2))])
        firsts = [fields.Date.add(self.day(), day=1, months=month) for month in (1, 2)]
        self.assertLessEqual({self.week(day) for day in firsts}, set(found["Always"]))
        self.assertEqual(found["weekly"][-12:], list(range(2, 14)))
        self.assertEqual(found["Fair"], [self.week(self.day(10))])

    def test_what_is_a_percentage_of_advertising(self):
        """An agency's part goes on with the advertising, from its first day to its last, in the scenario as well."""
        channel = self.env["utm.source"].create({"name": "Search"})
        campaign = self.env["utm.campaign"].create({"title": "Spring"})
        self.env["dropship.ad.spend"].create(
            {"company_id": self.company.id, "date": self.day(-1), "campaign_id": campaign.id, "source_id": channel.id,
             "amount": 280.0, "currency_id": self.company.currency_id.id}
        )  # fmt: skip
        self.cost("percent_ads", name="Agency", amount=15.0)
        self.cost("percent_ads", name="Ends", amount=10.0, last=self.day(7))
        self.cost("percent_ads", name="Ended", amount=10.0, last=self.day(-1))
        self.cost("percent_ads", name="Archived", amount=10.0, active=False)
        lines = self.reckon().line_ids.filtered(lambda line: line.kind == "ads")
        sums = {name: round(sum(line.amount for line in lines if line.document == name), 2)
                for name in (False, "Agency", "Ends", "Ended", "Archived")}  # fmt: skip
        days = round(-sums[False] / 10.0)
        self.assertGreater(days, 80)
        self.assertEqual(sums, {False: -10.0 * days, "Agency": -1.5 * days, "Ends": -7.0, "Ended": 0, "Archived": 0})
        self.assertIn("15 % of the", lines.filtered(lambda line: line.document == "Agency")[0].reason_text)

    def billed(self, rule, amount, month, **vals):
        """Bills have so much of a rule in a month, as the collector writes it."""
        self.env["dropship.cost.bill"].create(
            {"company_id": self.company.id, "rule_id": rule.id, "currency_id": self.company.currency_id.id,
             "month": month.replace(day=1), "amount": -amount, "move_ref": 1, "line_ref": 1, **vals}
        )  # fmt: skip

    def due_on(self):
        """{day: amount} of the recurring costs: as the facts have them."""
        facts = self.env["dropship.cash.facts"]._gather(self.company)
        found = {}
        for cost in facts.recurring:
            for day in recurring_days(cost.every, cost.start, facts.today, min(cost.end or facts.last, facts.last)):
                amount = round(float(-cost.amount) * float(cost.rests.get(day, 1)), 2)
                if amount:
                    found[str(day)] = found.get(str(day), 0.0) + amount
        return found

    def test_a_cost_whose_bill_is_there_comes_as_its_bill(self):
        next_one = fields.Date.add(self.day(), day=15, months=1)
        rule = self.cost("monthly", first=next_one.replace(day=1))
        before = self.recurring()["monthly"]
        self.billed(rule, 100.0, next_one)
        self.assertEqual(self.recurring()["monthly"], before[1:])

    def test_of_a_month_that_is_partly_billed_the_rest_comes(self):
        account, vendor = self.make_account("Rent", "630000", "expense"), self.suppliers["Rhein"].partner_id
        first = fields.Date.add(self.day(), day=1, months=1)
        rule = self.cost("monthly", first=first, account_ids=[Command.set(account.ids)])
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": vendor.id, "invoice_date": self.day(),
             "dropship_cost_first": first, "invoice_line_ids": [Command.create(
                 {"name": "rent", "price_unit": 40.0, "account_id": account.id, "tax_ids": [Command.clear()]})]}
        )  # fmt: skip
        bill.action_post()
        self.due(bill, 3)
        self.collect()
        run = self.reckon()
        number = self.week(first)
        mine = run.line_ids.filtered(lambda line: line.document == rule.name).sorted("date")
        self.assertEqual([line.amount for line in mine], [-60.0, *[-100.0] * (len(mine) - 1)])
        self.assertEqual(mine[0].week_id.number, number)
        self.assertIn("60.00", mine[0].reason_text)
        later = [line.week_id.number for line in mine[1:]]
        self.assertIn((self.week(self.day(3)), "supplier", -40.0), self.rows(run, "supplier"))
        bill.dropship_cost_complete = True
        self.collect()
        self.assertEqual(self.recurring()["monthly"], later, "the last bill")

    @freeze_time("2028-01-10")
    def test_bills_of_what_does_not_recur_every_month(self):
        weekly = self.cost("weekly", first=date(2027, 12, 28))  # on Tuesdays
        due = [f"2028-01-{day}" for day in (11, 18, 25)]
        self.billed(weekly, 200.0, date(2028, 1, 1))
        found = self.due_on()
        self.assertEqual(found[due[2]], 100.0)
        self.assertEqual(found["2028-02-01"], 100.0)
        self.assertLess(sum(found.get(day, 0.0) for day in due), 300.0, "the first weeks are billed")
        weekly.active = False
        daily = self.cost("daily", first=date(2028, 1, 30), last=date(2028, 2, 2))
        self.billed(daily, 150.0, date(2028, 2, 1))
        self.assertEqual(self.due_on(), {"2028-01-30": 100.0, "2028-01-31": 100.0, "2028-02-02": 50.0})
        daily.active = False
        yearly = self.cost("yearly", first=date(2020, 2, 29))
        self.assertEqual(self.due_on(), {"2028-02-29": 100.0})
        for month in range(2, 13):
            self.billed(yearly, 5.0, date(2028, month, 1))
        self.assertEqual(self.due_on(), {"2028-02-29": 45.0}, "of the twelve months from then on")
        self.billed(yearly, 70.0, date(2028, 2, 1))
        self.assertEqual(self.due_on(), {}, "never below nothing")
        fair = self.cost("fixed", first=date(2028, 2, 20), last=date(2028, 3, 10))
        self.billed(fair, 30.0, date(2028, 2, 1))
        self.billed(fair, 20.0, date(2028, 3, 1))
        self.assertEqual(self.due_on(), {"2028-02-20": 50.0})

    @freeze_time("2028-01-10")
    def test_the_end_of_the_month_stays_the_end_of_the_month(self):
        rule = self.cost("monthly", first=date(2027, 10, 31))
        ends = ["2028-01-31", "2028-02-29", "2028-03-31"]
        self.assertEqual(list(self.due_on()), ends)
        self.billed(rule, 100.0, date(2028, 1, 1))
        self.billed(rule, 100.0, date(2028, 2, 1))
        self.assertEqual(list(self.due_on()), ends[2:], "after February it is the 31st again")
