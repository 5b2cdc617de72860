import base64
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common_costs import CostsCase


@tagged("post_install", "-at_install", "standard")
class TestCostsAds(CostsCase):
    """Advertising: entered by hand and by files, restated, borne by the orders it brought, billed."""

    def brought(self, campaign=None, source=None, **vals):
        """An order that came with the campaign, on the third of the last month."""
        return self.sold(campaign_id=(campaign or self.spring).id, source_id=(source or self.google).id, **vals)

    def upload(self, *rows, head="Day,Campaign,Source,Cost,Currency", encoding="utf-8", **vals):
        content = "\n".join([head, *rows]).encode(encoding)
        return self.env["dropship.ad.upload"].create(
            {"company_id": self.company.id, "content": base64.b64encode(content), "name": "ads.csv", **vals}
        )

    def file(self, *rows, **options):
        action = self.upload(*rows, **options).action_enter()
        return self.env["dropship.ad.file"].browse(action["res_id"])

    def row(self, amount="12.50", day=2, campaign="spring test", source="google test", currency="EUR"):
        return f"{self.month + timedelta(days=day)},{campaign},{source},{amount},{currency}"

    def spent(self):
        spends = self.env["dropship.ad.spend"].search([("company_id", "=", self.company.id)])
        return {(spend.date.day, spend.campaign_id, spend.currency_id.name): spend.amount for spend in spends}

    def tracked(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

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

    # --- files ---

    def test_a_file_looked_at_and_entered(self):
        self.spend(9.0)
        upload = self.upload(self.row("12.50"), self.row("3", day=3), self.row("1", day=3, campaign="sprnig"))
        upload.action_look()
        self.assertEqual(
            (upload.new_count, upload.restated_count, upload.same_count, upload.rejected_count), (1, 1, 0, 1)
        )
        self.assertEqual([line.what for line in upload.line_ids], ["rejected", "restated", "new"])
        self.assertEqual(upload.line_ids[1].before, "9")
        self.assertEqual(self.spent(), {(3, self.spring, "EUR"): 9.0}, "nothing is kept by looking")
        file = self.env["dropship.ad.file"].browse(upload.action_enter()["res_id"])
        self.assertEqual(self.spent(), {(3, self.spring, "EUR"): 12.5, (4, self.spring, "EUR"): 3.0})
        self.assertEqual((file.changed_count, file.open_count, file.row_count), (2, 1, 3))
        again = self.file(self.row("12.50"), self.row("3", day=3))
        self.assertEqual((again.changed_count, again.same_count, again.open_count), (0, 2, 0))

    def test_rows_not_taken_are_corrected_and_taken(self):
        file = self.file(self.row("1", campaign="sprnig"), self.row("abc", day=4))
        self.assertEqual(file.open_count, 2)
        self.assertIn('no campaign "sprnig"', file.row_ids[0].reason)
        self.assertIn("no number", file.row_ids[1].reason)
        file.row_ids[0].campaign = "spring test"
        file.action_replay()
        self.assertEqual(file.row_ids.mapped("state"), ["taken", "open"])
        self.assertEqual(self.spent(), {(3, self.spring, "EUR"): 1.0})
        file.row_ids[1].action_dismiss()
        self.assertEqual(file.open_count, 0)
        file.row_ids[1].action_reopen()
        file.row_ids[1].amount = "7,00"
        file.action_replay()
        self.assertEqual(self.spent()[5, self.spring, "EUR"], 7.0)

    def test_the_file_of_rows_not_taken_can_be_dropped_again(self):
        file = self.file(self.row("1", campaign="=cmd|calc"), self.row("1", campaign="sprnig", day=5))
        text = file._csv().decode("utf-8-sig")
        self.assertIn("'=cmd|calc", text)
        again = self.env["dropship.ad.file"]._receive(
            self.company, "again.csv", file._csv().replace(b"sprnig", b"spring test")
        )
        self.assertEqual(again.changed_count, 1)

    def test_each_row_that_is_wrong_says_why(self):
        tomorrow = self.today + timedelta(days=1)
        cases = {
            self.row("-3"): "below zero",
            f"{tomorrow},spring test,google test,3,EUR": "in the future",
            self.row("3", currency="XXX"): "not active",
            self.row("=1+1"): "formula",
            self.row("3", campaign=""): "names no campaign",
            self.row("3", source="gogle"): 'no source "gogle"',
            self.row("3", source=""): "names no source",
            "31.02.2026,spring test,google test,3,EUR": "no day",
            "03/04/2026,spring test,google test,3,EUR": "day or month first",
        }
        for row, words in cases.items():
            with self.subTest(row):
                file = self.file(row)
                self.assertEqual(file.changed_count, 0)
                self.assertIn(words, file.row_ids.reason)
        self.assertEqual(self.spent(), {})

    def test_a_currency_without_a_rate(self):
        yen = self.currency("JPY")
        yen.rate_ids.unlink()
        file = self.file(self.row("300", currency="JPY"))
        self.assertIn("no exchange rate for JPY", file.row_ids.reason)

    def test_half_of_a_day_is_not_taken(self):
        self.spend(9.0)
        file = self.file(self.row("1"), self.row("-1", currency="USD"), self.row("2", day=5), self.row("2", day=5))
        self.assertEqual(self.spent(), {(3, self.spring, "EUR"): 9.0})
        self.assertEqual(file.open_count, 4)
        self.assertIn("half of a day", file.row_ids[0].reason)
        self.assertIn("two rows", file.row_ids[3].reason)

    def test_a_day_in_another_currency_replaces_the_old_one(self):
        usd = self.currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 1.25}
        )
        old = self.spend(9.0)
        self.file(self.row("10", currency="USD"))
        self.assertEqual(self.spent(), {(3, self.spring, "USD"): 10.0})
        self.assertFalse(old.active, "it does not count, but it is there")
        self.file(self.row("8"))
        self.assertEqual(self.spent(), {(3, self.spring, "EUR"): 8.0})
        self.assertTrue(old.active)

    def test_files_as_they_come(self):
        day = self.month + timedelta(days=2)
        german = self.file(
            f"{day:%d.%m.%Y};spring test;1.234,56", "Summe;;1.234,56", head="Tag;Kampagne;Ausgegebener Betrag (EUR)",
            encoding="utf-16", source_id=self.google.id,
        )  # fmt: skip
        self.assertEqual((german.changed_count, german.open_count), (1, 0), german.row_ids.mapped("reason"))
        self.assertEqual(self.spent(), {(3, self.spring, "EUR"): 1234.56})
        chinese = self.file(
            f"{day:%Y/%m/%d}\tspring test\tmeta test\t88", head="日期\t计划名称\t平台\t消耗", encoding="gb18030",
            currency_id=self.eur.id,
        )  # fmt: skip
        self.assertEqual(chinese.changed_count, 1)
        american = self.file(
            f"{day:%m/%d/%Y},autumn test,google test,$5", head="Day,Campaign,Source,Cost", date_order="mdy"
        )
        self.assertIn("USD", american.row_ids.reason or "USD")

    def test_what_is_no_file_of_advertising(self):
        for content, words in (
            (b"", "empty|Drop the file"),
            (b"name,price\nchair,3", "headings"),
            (b"Day,Campaign,Source,Cost\n", "nothing below"),
            (b"%PDF-1.7 ...", "table"),
            (b"\xff\xd8\xff\xe0picture", "table"),
        ):
            upload = self.upload()
            upload.content = base64.b64encode(content)
            with self.subTest(content), self.assertRaisesRegex(UserError, f"(?i){words}"):
                upload.action_look()

    def test_the_form_of_the_upload(self):
        form = Form(self.env["dropship.ad.upload"].with_company(self.company))
        form.content = base64.b64encode(f"Day,Campaign,Source,Cost\n{self.month},spring test,google test,4".encode())
        upload = form.save()
        upload.action_look()
        self.assertEqual(upload.new_count, 1)

    def test_campaigns_of_other_companies_are_not_ours(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["utm.campaign"].create({"title": "theirs test", "company_id": other.id})
        file = self.file(self.row("1", campaign="theirs test"))
        self.assertIn("no campaign", file.row_ids.reason)

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
