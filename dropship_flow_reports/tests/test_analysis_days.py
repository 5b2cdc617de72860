import random
from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .common_analysis import AnalysisCase

# What a pivot may ask of the sums by day.
ASKED = (
    (["date:month", "supplier_id"], []),
    (["date:day", "kind_id"], []),
    (["channel_id", "stage"], []),
    (["country_id"], [("kind_group", "=", "revenue")]),
    (["campaign_id", "side"], []),
    (["date:year"], [("supplier_id", "!=", False)]),
    (["date:week", "supplier_id"], []),
    (["date:month", "channel_id"], [("date", ">=", "2000-01-01")]),
    (["kind_group"], [("supplier_id.state", "=", "approved")]),
    ([], []),
)
SUMS = ["amount:sum", "tax:sum", "net_revenue:sum", "contribution_2:sum", "net_profit:sum", "margin:avg", "__count"]


@tagged("post_install", "-at_install", "standard")
class TestAnalysisDays(AnalysisCase):
    def assertSummed(self, company=None):
        """The sums by day are those of the entries, and a pivot says the same from both."""
        company = company or self.company
        self.assertEqual(self.env["dropship.profit.day"]._differences(company), [])
        report, model = self.report, type(self.report)
        for groupby, asked in ASKED:
            domain = [("company_id", "=", company.id), *asked]
            with self.subTest(groupby=groupby, domain=domain):
                self.assertTrue(report._facet(domain, [*groupby, *SUMS]), "read from the sums")
                quick = report._read_group(domain, groupby, SUMS, order=",".join(groupby))
                with patch.object(model, "_facet", lambda *args: None):
                    slow = report._read_group(domain, groupby, SUMS, order=",".join(groupby))
                self.assertEqual(self.plain(quick), self.plain(slow))

    def plain(self, rows):
        return [tuple(round(cell, 6) if isinstance(cell, float) else cell for cell in row) for row in rows]

    def revenue(self, company):
        return self.report._read_group([("company_id", "=", company.id)], [], ["net_revenue:sum"])[0][0]

    def test_sums_are_the_entries_after_a_random_business(self):
        """Documents come, are changed, taken back and deleted, periods close; collected at any moment."""
        chance = random.Random(41)
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        closed = self.month - timedelta(days=1)
        orders = [self.sold(chance.randint(1, 3)) for _number in range(5)]
        for number, (order, purchase) in enumerate(orders):
            bill = self.bill(purchase, qty=order.order_line.product_uom_qty, date=chance.choice((closed, None)))
            invoice = self.invoice(order)
            if chance.random() < 0.5:
                self.collect()
            deed = number % 5
            if deed == 0:
                order.write({"dropship_channel_id": self.second_channel.id, "campaign_id": campaign.id})
            elif deed == 1:
                self.credit(invoice)
            elif deed == 2:
                bill.button_draft()
                bill.invoice_line_ids.price_unit = 41.5
                bill.action_post()
            elif deed == 3:
                bill.button_draft()
                bill.name = False
                bill.unlink()
            else:
                self.company.fiscalyear_lock_date = closed
                order.dropship_channel_id = self.second_channel
            self.collect()
            self.assertEqual(self.env["dropship.profit.day"]._differences(self.company), [])
        self.typed(self.accounts["Sales"], 3.33)
        self.collect()
        self.assertSummed()
        self.assertTrue(self.revenue(self.company))

    def test_a_rebuild_writes_its_own_sums_and_a_purge_takes_them(self):
        order, purchase = self.sold()
        self.bill(purchase)
        self.collect()
        order.dropship_channel_id = self.second_channel
        self.collect()
        generations, days = self.env["dropship.profit.generation"], self.env["dropship.profit.day"]
        first = generations._live(self.company)
        for _time in range(3):
            generations._rebuild(self.company)
            self.env.invalidate_all()
            self.assertSummed()
        kept = days.sudo().search([("company_id", "=", self.company.id)]).generation_id
        self.assertNotIn(first, kept)
        self.assertEqual(kept, generations.search([("company_id", "=", self.company.id)]))

    def test_two_companies(self):
        self.invoice(self.sold()[0])
        self.collect()
        ours, env = self.company, type(self).env
        self.addCleanup(setattr, type(self), "env", env)
        other = self.euro_company("Other GmbH")
        income = self.make_account("Income", "400000", "income", other)
        bank = self.make_account("Bank", "100000", "asset_cash", other)
        journal = self.make_journal("Entries", "ENT", "general", company=other)
        self.env["account.move"].create(
            {
                "move_type": "entry", "journal_id": journal.id, "date": self.today,
                "line_ids": [(0, 0, {"account_id": income.id, "balance": -5.0}),
                             (0, 0, {"account_id": bank.id, "balance": 5.0})],
            }
        ).action_post()  # fmt: skip
        self.collect(other)
        self.assertSummed(ours)
        self.assertSummed(other)
        self.assertEqual((self.revenue(ours), self.revenue(other)), (100.0, 5.0))
        both = [("company_id", "in", (ours | other).ids)]
        found = self.report._read_group(both, ["company_id"], ["net_revenue:sum"])
        self.assertEqual({company.id: revenue for company, revenue in found}, {ours.id: 100.0, other.id: 5.0})
        self.assertEqual(self.report._read_group(both, [], ["net_revenue:sum"]), [(105.0,)])

    def test_a_ledger_of_before_there_were_sums_is_summed_when_it_is_collected(self):
        self.invoice(self.sold()[0])
        self.collect()
        live = self.env["dropship.profit.generation"]._live(self.company)
        self.env["dropship.profit.day"].sudo().search([("generation_id", "=", live.id)]).unlink()
        live.has_sums = False
        self.assertEqual(self.revenue(self.company), 100.0, "from the entries")
        self.collect()
        self.assertTrue(live.has_sums)
        self.assertSummed()

    def test_who_asks_for_more_is_answered_from_the_entries(self):
        for groupby, aggregates in (
            (["product_id"], SUMS), (["supplier_id", "channel_id"], SUMS), ([], ["sale_id:count_distinct"]),
            ([], ["units:sum"]), ([], ["cac:avg"]), (["order_id"], SUMS),
        ):  # fmt: skip
            self.assertIsNone(self.report._facet([], [*groupby, *aggregates]))
        self.assertIsNone(self.report._facet([("customer_id", "=", self.anna.id)], SUMS))
        self.assertEqual(self.report._facet([], ["supplier_id", "date:day", *SUMS]), "supplier")

    def test_sums_of_months_serve_who_asks_for_whole_months(self):
        for domain, groupby, months in (
            ([], ["supplier_id", "date:month"], True),
            ([], ["supplier_id", "date:quarter", "date:year"], True),
            ([], ["supplier_id", "date:week"], False),
            ([], ["supplier_id", "date:max"], False),
            ([("date", ">=", "2025-03-01"), ("date", "<=", "2025-03-31")], ["supplier_id"], True),
            ([("date", ">", "2024-12-31"), ("date", "<", date(2025, 4, 1))], ["supplier_id"], True),
            ([("date", ">=", "2025-03-02")], ["supplier_id"], False),
            ([("date", "<=", "2025-03-30")], ["supplier_id"], False),
            (["|", ("date", "<", "2025-03-01"), ("date", ">", "2025-03-01")], ["supplier_id"], False),
            ([("date", "=", "2025-03-01")], ["supplier_id"], False),
            ([("date", "!=", False)], ["supplier_id"], False),
            ([("date.month_number", "=", 3)], ["supplier_id"], False),
            ([("date", ">=", "-1m")], ["supplier_id"], False),
        ):
            with self.subTest(domain=domain, groupby=groupby):
                self.assertEqual(
                    self.report._facet(domain, [*groupby, "amount:sum"]), "supplier/month" if months else "supplier"
                )
