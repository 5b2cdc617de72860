import base64
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_costs import AdsCase


@tagged("post_install", "-at_install", "standard")
class TestCostsFiles(AdsCase):
    """Files of advertising: looked at, entered, restated; what is wrong waits and says why."""

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
