from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common_costs import AdsCase


@tagged("post_install", "-at_install", "standard")
class TestCostsAds(AdsCase):
    """Advertising: entered by hand and by programs, borne by the orders it brought, billed."""

    # --- who bears it ---

    def test_orders_of_the_day_bear_it(self):
        first, second = self.brought(), self.brought()
        other = self.brought(self.autumn)
        self.spend(9.0)
        self.collect()
        self.assertEqual([self.costs_of(one)[0] for one in (first, second, other)], [-4.5, -4.5, 0.0])
        share = self.shares(("order_id", "=", first.id))
        self.assertEqual((share.kind_id.code, share.campaign_id, share.source_id),
                         ("ads", self.spring, self.google))  # fmt: skip

    def test_without_orders_the_channel_bears_it_or_nobody(self):
        self.spring.dropship_channel_id = self.channel
        self.spend(9.0)
        self.spend(4.0, campaign_id=self.autumn.id)
        self.collect()
        found = {share.campaign_id: (share.at, share.channel_id, share.amount) for share in self.shares()}
        self.assertEqual(found[self.spring], ("channel", self.channel, -9.0))
        self.assertEqual(found[self.autumn], ("nowhere", self.channel.browse(), -4.0))

    def test_a_bill_of_the_advertiser_is_of_his_sources(self):
        order = self.brought()
        elsewhere = self.brought(source=self.meta)
        self.spend(90.0)
        self.spend(10.0, source_id=self.meta.id)
        advertiser = self.make_vendor("Google Ireland")
        self.google.dropship_partner_id = advertiser
        self.collect()
        before = self.whole()
        row = self.env["dropship.profit.account"].search([("account_id", "=", self.ads_account.id)])
        row.kind_id = self.env.ref("dropship_flow_reports.profit_kind_ads")
        bill = self.cost_bill(90.0, account=self.ads_account, partner=advertiser)
        self.collect()
        self.assertEqual(self.costs_of(order), (0.0, -90.0))
        self.assertEqual(self.costs_of(elsewhere), (-10.0, 0.0))
        self.assertEqual(self.whole(), before)
        entry = self.entries(("res_id", "=", bill.id))
        self.assertEqual((entry.source, entry.kind_id.code, entry.campaign_id), ("ads", "ads", self.spring))
        self.assertTies(self.month)
        self.spend(30.0, day=self.month + timedelta(days=2), campaign_id=self.autumn.id)
        self.collect()
        self.assertEqual(self.missing(("source_id", "=", self.google.id)), -30.0, "more spent than billed")

    def test_a_bill_partly_of_nobody(self):
        order = self.brought()
        self.spend(60.0)
        self.spend(40.0, campaign_id=self.autumn.id)
        self.env["dropship.profit.account"]._complete(self.company)
        account = self.env["dropship.profit.account"].search([("account_id", "=", self.ads_account.id)])
        account.kind_id = self.env.ref("dropship_flow_reports.profit_kind_ads")
        bill = self.cost_bill(100.0, account=self.ads_account)
        self.collect()
        self.assertEqual(self.costs_of(order), (0.0, -60.0))
        entries = self.entries(("res_id", "=", bill.id))
        self.assertEqual({entry.side: entry.amount for entry in entries}, {"attributed": -60.0, "overhead": -40.0})
        self.assertTies(self.month)

    def test_a_bill_before_anything_is_entered(self):
        row = self.cost_bill(50.0, account=self.ads_account)
        self.env["dropship.profit.account"]._complete(self.company)
        account = self.env["dropship.profit.account"].search([("account_id", "=", self.ads_account.id)])
        account.kind_id = self.env.ref("dropship_flow_reports.profit_kind_ads")
        self.collect()
        self.assertEqual(self.entries(("res_id", "=", row.id)).source, "books")
        order = self.brought()
        self.spend(50.0)
        self.collect()
        self.assertEqual(self.costs_of(order), (0.0, -50.0))
        self.assertTies(self.month)

    # --- by hand ---

    def test_a_day_restated_by_hand_leaves_its_trace(self):
        spend = self.spend(9.0).with_context(tracking_disable=False)
        self.tracked()
        spend.amount = 11.5
        self.tracked()
        values = spend.message_ids.tracking_value_ids
        self.assertEqual((values.old_value_float, values.new_value_float), (9.0, 11.5))

    def test_what_cannot_be_entered(self):
        tomorrow = self.today + timedelta(days=1)
        yen = self.currency("JPY")
        yen.rate_ids.unlink()
        for vals, words in (
            ({"amount": -1.0}, "below zero"),
            ({"day": tomorrow}, "in the future"),
            ({"currency_id": yen.id}, "exchange rate"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.spend(**{"amount": 5.0, **vals})
        self.spend(5.0)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.spend(6.0)

    def test_a_closed_month_takes_no_advertising(self):
        spend = self.spend(5.0)
        self.company.fiscalyear_lock_date = self.this - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "closed month"):
            spend.amount = 6.0
        with self.assertRaisesRegex(UserError, "closed month"):
            self.spend(6.0, source_id=self.meta.id)
        file = self.file(self.row("5"), self.row("7", source="meta test"))
        self.assertEqual((file.same_count, file.open_count), (1, 1), "what is known already is no news")
        self.assertIn("closed month", file.row_ids.reason)

    def test_a_day_keeps_its_history(self):
        spend = self.spend(5.0)
        with self.assertRaises(UserError):
            spend.date = self.month
        with self.assertRaises(UserError):
            spend.unlink()

    # --- calls ---

    def call(self, *rows, user=None, **more):
        api = (
            self.env["dropship.ad.spend"].with_company(self.company).with_context(allowed_company_ids=self.company.ids)
        )
        return api.api_enter_ad_spend(rows=list(rows), **more)

    def told(self, amount=12.5, **changes):
        return {"day": str(self.month + timedelta(days=2)), "campaign": "spring test", "source": "google test",
                "amount": amount, **changes}  # fmt: skip

    def test_a_program_enters_restates_and_repeats(self):
        answer = self.call(self.told(), idempotency_key="a-1")
        self.assertEqual((answer["http_status"], answer["results"][0]["status"]), (200, "entered"), answer)
        self.assertEqual(self.call(self.told(), idempotency_key="a-1")["results"][0]["status"], "entered")
        self.assertEqual(self.call(self.told())["results"][0]["status"], "known")
        restated = self.call(self.told(14))["results"][0]
        self.assertEqual((restated["status"], restated["before"]), ("restated", 12.5))
        self.assertEqual(self.spent(), {(3, self.spring, "EUR"): 14.0})
        reused = self.call(self.told(99), idempotency_key="a-1")
        self.assertEqual((reused["http_status"], reused["errors"][0]["code"]), (422, "key_reused"))

    def test_a_refused_call_is_corrected_and_repeated(self):
        answer = self.call(self.told(campaign="sprnig"), self.told(3, source="meta test"))
        self.assertEqual((answer["done"], answer["refused"]), (1, 1))
        error = answer["results"][0]["errors"][0]
        self.assertEqual((error["path"], error["code"]), ("rows[0]", "unknown_campaign"))
        kept = self.env["dropship.api.request"].search([("method", "=", "api_enter_ad_spend")])
        self.assertEqual((kept.state, "meta" in kept.body), ("partly", False))
        kept.body = kept.body.replace("sprnig", "spring test")
        kept.action_repeat()
        self.assertEqual(kept.state, "repeated")
        taken = self.env["dropship.ad.spend"].search([("source_id", "=", self.google.id)])
        self.assertEqual((taken.amount, taken.origin), (12.5, "api"))

    def test_bodies_that_are_wrong(self):
        for change, code in (
            ({"amount": "3"}, "type"), ({"amount": -3}, "minimum"), ({"day": "2026-13-01"}, "format"),
            ({"currency": "eur"}, "pattern"), ({"color": "red"}, "unknown"),
        ):  # fmt: skip
            answer = self.call(self.told(**change))
            with self.subTest(change):
                self.assertEqual((answer["http_status"], answer["errors"][0]["code"]), (422, code))
        self.assertEqual(self.spent(), {})

    def test_an_agency_takes_a_percentage_of_the_advertising(self):
        order = self.brought()
        self.spend(40.0)
        self.spend(10.0, campaign_id=self.autumn.id)
        rule = self.rule(15.0, name="Agency", kind="percent_ads", by="days", currency_id=False)
        self.collect()
        mine = [("rule_id", "=", rule.id)]
        self.assertEqual(self.missing(*mine), -7.5)
        self.assertEqual(self.missing(*mine, ("order_id", "=", order.id)), -6.0)
        self.spend(20.0, source_id=self.meta.id)
        self.collect()
        self.assertEqual(self.missing(*mine), -10.5, "what is spent later counts as well")
        self.cost_bill(10.5)
        self.collect()
        self.assertEqual(self.missing(*mine), 0.0)
        self.assertTies(self.month)
        with self.assertRaises(ValidationError):
            rule.country_ids = self.env.ref("base.de")
