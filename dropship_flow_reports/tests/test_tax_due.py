import io
from datetime import date, timedelta

import openpyxl
from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from psycopg2.errors import CheckViolation

from ..forecasting import RULES, due_dates
from .common_tax import TaxCase

TODAY = "2026-05-20"


@tagged("post_install", "-at_install", "standard")
@freeze_time(TODAY)
class TestTaxDue(TaxCase):
    def setUp(self):
        super().setUp()
        self.env["dropship.tax.due.rule"]._complete(self.company)

    def rule(self, code):
        return self.env["dropship.tax.due.rule"].search(
            [("company_id", "=", self.company.id), ("code", "=", code)]
        )  # fmt: skip

    def dues(self, *domain):
        return self.env["dropship.tax.due"].search([("company_id", "=", self.company.id), *domain])

    def days(self, rule):
        return [str(due.date) for due in self.dues(("rule_id", "=", rule.id))]

    def follow(self, *codes):
        rules = self.env["dropship.tax.due.rule"].union(*(self.rule(code) for code in codes))
        rules.followed = True
        return rules

    # --- rules ---

    def test_every_row_of_the_list_is_there_once_and_says_the_same(self):
        rules = self.env["dropship.tax.due.rule"]
        self.assertFalse(rules._complete(self.company))
        mine = rules.search([("company_id", "=", self.company.id)])
        self.assertEqual(set(mine.mapped("code")), set(RULES))
        for rule in mine:
            self.assertEqual(rule._engine_rule()._replace(key=rule.code), RULES[rule.code])
        self.assertFalse(self.dues(), "nothing is due before the company says what it files")
        self.assertEqual(self.rule("gb_quarter_2").country_id.code, "GB")
        self.assertEqual(self.rule("oss").country_id.code, "DE")

    def test_what_is_followed_appears_for_a_year(self):
        rules = self.follow("de_month", "oss")
        expected = due_dates([RULES["de_month"], RULES["oss"]], date(2026, 5, 20), date(2027, 5, 20))
        found = [(due.date, due.date_from, due.date_to) for due in self.dues()]
        self.assertEqual(found, [(due.day, due.first, due.last) for due in expected])
        self.assertEqual(self.dues()[0].name, "Germany · Monthly 2026-05")
        self.assertIn("2026 Q2", " ".join(self.dues().mapped("name")))
        self.env["res.lang"]._activate_lang("zh_CN")
        self.assertIn("欧盟远程销售", " ".join(self.dues().with_context(lang="zh_CN").mapped("name")), "both in one go")
        # Once more, and again a month later: what is there stays.
        before = self.dues()
        self.env["dropship.tax.due"]._generate(self.company)
        self.assertEqual(self.dues(), before)
        with freeze_time("2026-06-20"):
            self.env["dropship.tax.due"]._generate(self.company)
        self.assertEqual(self.dues() & before, before, "what was due since is still there")
        self.assertEqual(len(self.dues() - before), 1)
        rules.followed = False
        self.assertFalse(self.dues())

    def test_a_changed_rule_moves_open_rows_only(self):
        rule = self.follow("de_month")
        with freeze_time("2026-06-12"):
            filed = self.dues()[0]
            filed.action_file()
            rule.write({"after": 2})
        self.assertEqual(self.days(rule)[:3], ["2026-06-10", "2026-08-10", "2026-09-10"])
        rule.months = "3"
        found = [(str(due.date_from), due.state) for due in self.dues()]
        # May is declared: the quarter it is a part of is left out.
        self.assertEqual(found[:2], [("2026-05-01", "filed"), ("2026-07-01", "open")])

    def test_holidays_move_the_day(self):
        rule = self.follow("de_month")
        self.assertEqual(self.days(rule)[0], "2026-06-10")
        holiday = self.env["dropship.tax.day"].create({"name": "Holiday", "date_from": "2026-06-10"})
        self.assertEqual(self.days(rule)[0], "2026-06-11")
        holiday.date_to = "2026-06-12"
        self.assertEqual(self.days(rule)[0], "2026-06-15")
        holiday.country_id = self.country("PL")
        self.assertEqual(self.days(rule)[0], "2026-06-10")
        holiday.country_id = self.country("DE")
        self.env["dropship.tax.day"].create(
            {"name": "Saturday", "date_from": "2026-06-13", "worked": True}
        )  # fmt: skip
        self.assertEqual(self.days(rule)[0], "2026-06-13")
        holiday.unlink()
        self.assertEqual(self.days(rule)[0], "2026-06-10")

    def test_closing_days_of_the_company_count_at_home(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Berlin", "tz": "Europe/Berlin", "company_id": self.company.id}
        )
        self.company.resource_calendar_id = calendar
        self.env["resource.calendar.leaves"].create(
            {"name": "Closed", "calendar_id": calendar.id, "company_id": self.company.id,
             "date_from": "2026-06-09 22:00:00", "date_to": "2026-06-10 21:59:59"}
        )  # fmt: skip
        rule, abroad = self.follow("de_month"), self.follow("pl_month")
        self.assertEqual(self.days(rule)[0], "2026-06-11")
        self.assertEqual(self.days(abroad)[0], "2026-05-25")

    def test_wrong_rules_are_refused(self):
        rule = self.rule("de_month")
        for other in ("soon", "13-01", "1-32", "01"):
            with self.subTest(other), self.assertRaisesRegex(ValidationError, "01-30"):
                rule.other = other
        with self.assertRaisesRegex(ValidationError, "switch it off"):
            rule.unlink()
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            rule.day = 32
            rule.flush_recordset()
        with self.assertRaisesRegex(ValidationError, "sixty days"):
            self.env["dropship.tax.day"].create(
                {"name": "Forever", "date_from": "2026-01-01", "date_to": "2027-01-01"}
            )  # fmt: skip

    def test_a_row_of_ones_own(self):
        rule = self.env["dropship.tax.due.rule"].create(
            {"company_id": self.company.id, "label": "Yearly", "months": "12", "after": 7, "day": 31, "workday": "0",
             "country_id": self.country("DE").id, "followed": True}
        )  # fmt: skip
        self.assertEqual(self.days(rule), ["2026-07-31"])
        rule.unlink()
        self.assertFalse(self.dues())

    # --- amounts ---

    def test_what_it_comes_to_so_far(self):
        self.follow("de_month", "oss", "ioss")
        self.billed(self.sold("DE", ("DE", 1), price=119.0), date(2026, 5, 4))
        self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at), date(2026, 4, 7))
        self.billed(self.sold("DE", ("CN", 1), tax=self.vat_ioss), date(2026, 5, 8))
        self.typed_invoice((100.0, self.vat_in), kind="in_invoice", day=date(2026, 5, 9), partner=self.customer("DE"))
        found = self.env["dropship.tax.due"]._upcoming(self.company, date(2026, 6, 1), date(2026, 7, 31))
        told = {row["name"]: (str(row["date"]), row["amount"], row["state"]) for row in found if row["amount"]}
        self.assertEqual(
            told,
            {
                "EU distance sale (OSS) · Quarterly 2026 Q2": ("2026-07-31", 20.0, "open"),
                "Import sale (IOSS) · Monthly 2026-05": ("2026-06-30", 19.0, "open"),
            },
            "19.00 of output tax and 19.00 of input tax are nothing",
        )
        self.billed(self.sold("DE", ("DE", 1), price=238.0), date(2026, 5, 5))
        (home,) = self.env["dropship.tax.due"]._upcoming(self.company, date(2026, 6, 10), date(2026, 6, 10))
        self.assertEqual(home["amount"], 38.0)

    def test_returns_of_another_country_take_its_taxes(self):
        self.follow("de_month", "at_month")
        austria = self.country("AT")
        group = self.vat_out.tax_group_id.copy({"country_id": austria.id})
        vat = self._sale_tax(20.0, name="20 % in Austria", country_id=austria.id, tax_group_id=group.id)
        position = self.env["account.fiscal.position"].create(
            {"name": "Vienna", "country_id": self.country("AT").id, "company_id": self.company.id,
             "foreign_vat": "ATU12345675"}
        )  # fmt: skip
        vat.fiscal_position_ids = position
        self.places["AT"] = self._place("AT")
        invoice = self.billed(self.sold("AT", ("AT", 1), tax=vat, fiscal_position_id=position.id), date(2026, 5, 4))
        self.assertEqual(self.warnings(invoice), [])
        may = self.dues(("date_from", "=", "2026-05-01"))
        self.assertEqual({due.country_id.code: due.amount for due in may}, {"DE": 0.0, "AT": 20.0})
        (austria,) = may.filtered(lambda due: due.country_id.code == "AT")
        self.assertEqual(self.env["dropship.tax.summary"].search(austria.action_summary()["domain"]).move_id, invoice)

    def test_tax_that_goes_into_no_return_is_named(self):
        """Who files nothing but OSS is told of the tax at home; who files a thing of everything is told nothing."""
        calendar = self.env["dropship.tax.due"]
        self.billed(self.sold("DE", ("DE", 1), price=119.0), date(2026, 5, 4))
        self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at), date(2026, 4, 7))
        self.assertEqual(calendar._uncovered(self.company), {}, "without a calendar its page says what to do")
        self.follow("oss")
        answer = calendar.action_generate()
        self.assertEqual(calendar._uncovered(self.company), {"vat": 19.0})
        self.assertEqual((answer["tag"], answer["params"]["type"]), ("display_notification", "warning"))
        self.assertRegex(answer["params"]["message"], r"^Ordinary Return: .*19\.00.* Due Days of Returns")
        self.assertEqual(answer["params"]["next"]["res_model"], "dropship.tax.due")
        self.assertEqual(self.dues()[0].uncovered, answer["params"]["message"])
        self.billed(self.sold("DE", ("CN", 1), tax=self.vat_ioss), date(2026, 5, 8))
        calendar.action_generate()
        self.assertEqual(calendar._uncovered(self.company), {"vat": 19.0, "ioss": 19.0})
        self.assertIn("Import sale (IOSS)", self.dues()[0].uncovered)
        self.follow("at_month")
        self.assertEqual(calendar._uncovered(self.company), {"vat": 19.0, "ioss": 19.0}, "Austria is not home")
        self.follow("de_month", "ioss")
        self.assertEqual(calendar.action_generate()["res_model"], "dropship.tax.due")
        self.env.invalidate_all()
        self.assertFalse(self.dues()[0].uncovered)

    def test_tax_that_was_declared_is_not_named(self):
        self.follow("oss", "de_month")
        self.billed(self.sold("DE", ("DE", 1), price=119.0), date(2026, 5, 4))
        with freeze_time("2026-06-12"):
            self.dues(("returned", "=", "vat"))[0].action_file()
            self.billed(self.sold("DE", ("DE", 1), price=238.0), date(2026, 6, 1))
            self.rule("de_month").followed = False
            self.env["dropship.tax.summary"]._read_changes(self.company)
            self.assertEqual(self.env["dropship.tax.due"]._uncovered(self.company), {"vat": 38.0})
        with freeze_time("2027-07-01"):
            self.assertEqual(self.env["dropship.tax.due"]._uncovered(self.company), {}, "long ago")

    # --- filed, paid ---

    def test_declared_and_paid(self):
        self.follow("de_month")
        due = self.dues()[0]
        self.billed(self.sold("DE", ("DE", 1), price=119.0), date(2026, 5, 4))
        with self.assertRaisesRegex(UserError, "not over yet"):
            due.action_file()
        with self.assertRaises(UserError):
            due.action_pay()
        with freeze_time("2026-06-12"):
            self.env.invalidate_all()
            self.assertTrue(due.overdue)
            self.assertIn(due, self.dues(("overdue", "=", True)))
            self.assertNotIn(due, self.dues(("overdue", "=", False)))
            due.filed_reference = "ELSTER 1"
            due.action_file()
            self.assertEqual((due.state, due.amount, str(due.filed_date)), ("filed", 19.0, "2026-06-12"))
            self.billed(self.sold("DE", ("DE", 1), price=238.0), date(2026, 5, 31))
            self.env["dropship.tax.summary"]._read_changes(self.company)
            self.env.invalidate_all()
            self.assertEqual(due.amount, 19.0, "what was declared stays")
            due.action_pay()
            self.env.invalidate_all()
            self.assertFalse(due.overdue)
            due.action_reopen()
            due.action_reopen()
            self.env.invalidate_all()
            self.assertEqual((due.state, due.amount, due.filed_reference), ("open", 57.0, False))
            self.rule("de_month").followed = False
            self.assertFalse(self.dues())

    def test_filed_rows_stay_when_a_rule_is_switched_off(self):
        self.follow("de_month")
        with freeze_time("2026-06-12"):
            due = self.dues()[0]
            due.action_file()
            self.rule("de_month").followed = False
            self.assertEqual(self.dues(), due)

    def test_the_accountant_is_reminded_once(self):
        rule = self.follow("de_month")
        accountant = new_test_user(
            self.env, "tax-accountant", groups="account.group_account_manager", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        self.company.dropship_tax_user_id = accountant
        due = self.dues()[0]  # 10 June
        self.env["dropship.tax.due"]._remind(self.company)
        self.assertFalse(due.activity_ids)
        with freeze_time("2026-06-03"):
            for _time in range(2):
                self.env["dropship.tax.due"]._remind(self.company)
            self.assertEqual(due.activity_ids.user_id, accountant)
            self.assertEqual(str(due.activity_ids.date_deadline), "2026-06-10")
            rule.day = 15
            self.assertEqual(str(due.activity_ids.date_deadline), "2026-06-15")
            self.assertFalse((self.dues() - due).activity_ids)
            due.action_file()
            self.assertFalse(due.activity_ids)

    def test_every_night(self):
        self.follow("de_month")
        self.dues()[-1:].sudo().unlink()
        with self.enter_registry_test_mode():
            self.env.ref("dropship_flow_reports.cron_tax_due").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(self.dues()), 12)

    def test_who_may_what(self):
        self.follow("de_month")
        people = {
            "reader": "dropship_flow_reports.group_reports_reader",
            "accountant": "account.group_account_invoice",
            "buyer": "dropship_flow.group_dropship_buyer",
        }
        for role, groups in people.items():
            user = new_test_user(
                self.env, f"tax {role}", groups=groups, company_id=self.company.id, company_ids=self.company.ids
            )
            env = self.env(user=user, context={"allowed_company_ids": self.company.ids})
            with self.subTest(role):
                if role == "buyer":
                    for model in ("dropship.tax.return", "dropship.tax.check", "dropship.tax.due.rule"):
                        with self.assertRaises(AccessError), self.env.cr.savepoint():
                            env[model].search([])
                    continue
                self.assertTrue(env["dropship.tax.return"].action_open()["res_id"])
                self.assertTrue(env["dropship.tax.check"].action_open()["res_id"])
                self.assertTrue(env["dropship.tax.due"].action_generate())
                due = self.dues()[0].with_env(env)
                self.assertTrue(due.name)
                with freeze_time("2026-06-12"):
                    if role == "reader":
                        with self.assertRaises(AccessError):
                            due.action_file()
                    else:
                        due.action_file()
                        due.action_pay()
                        self.assertEqual(due.state, "paid")

    def test_the_screen_opens(self):
        action = self.env["dropship.tax.due"].action_generate()
        self.assertEqual(action["res_model"], "dropship.tax.due")
        self.assertEqual(self.env["dropship.tax.due.rule"].action_open()["res_model"], "dropship.tax.due.rule")


@tagged("post_install", "-at_install", "standard")
class TestTaxReturn(TaxCase):
    def shown(self, returned="oss", day="2026-08-15"):
        wizard = self.env["dropship.tax.return"].create({"returned": returned, "day": day})
        wizard.action_show()
        self.env.invalidate_all()
        return wizard

    def told(self, wizard):
        return [
            (str(line.corrected or ""), line.country_id.code, line.ship_from_id.code, line.rate, line.base, line.tax)
            for line in wizard.line_ids
        ]

    def test_the_third_quarter(self):
        self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at), date(2026, 7, 1))
        self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at), date(2026, 9, 30))
        self.billed(self.sold("AT", ("DE", 1), tax=self.vat_at), date(2026, 8, 3))
        self.billed(self.sold("FR", ("PL", 1), tax=self.vat_fr), date(2026, 8, 3))
        self.billed(self.sold("FR", ("PL", 1), tax=self.vat_fr), date(2026, 10, 1))
        self.billed(self.sold("DE", ("DE", 1)), date(2026, 8, 3))
        late = self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at), date(2026, 5, 2))
        self.credit(late, date=date(2026, 7, 5))
        wizard = self.shown()
        self.assertEqual((str(wizard.date_from), str(wizard.date_to)), ("2026-07-01", "2026-09-30"))
        self.assertEqual(
            self.told(wizard),
            [
                ("", "AT", "DE", 20.0, 100.0, 20.0), ("", "AT", "PL", 20.0, 200.0, 40.0),
                ("", "FR", "PL", 20.0, 100.0, 20.0), ("2026-04-01", "AT", "PL", 20.0, -100.0, -20.0),
            ],
        )  # fmt: skip
        self.assertEqual(wizard.tax, 60.0)
        found = self.env["dropship.tax.summary"].search(wizard.action_summary()["domain"])
        self.assertEqual(len(found.move_id), 5)

    def test_money_of_another_country_takes_the_rate_of_the_last_day(self):
        czk = self.currency("CZK")
        wizard = None
        for day, rate in (("2020-01-01", 25.0), ("2026-06-30", 20.0), ("2026-09-30", 24.0)):
            self.env["res.currency.rate"].create(
                {"currency_id": czk.id, "company_id": self.company.id, "name": day, "rate": rate}
            )
        partner = self.customer("AT")
        self.typed_invoice((2400.0, self.vat_at), partner=partner, day=date(2026, 7, 10), currency_id=czk.id)
        old = self.typed_invoice((1000.0, self.vat_at), partner=partner, day=date(2026, 5, 10), currency_id=czk.id)
        self.credit(old, date=date(2026, 7, 20))
        wizard = self.shown()
        self.assertEqual(
            self.told(wizard),
            [("", "AT", "DE", 20.0, 100.0, 20.0), ("2026-04-01", "AT", "DE", 20.0, -50.0, -10.0)],
        )
        self.assertIn("1 EUR = 24 CZK (2026-09-30)", wizard.rates)
        self.assertEqual(wizard.line_ids[0].booked, 24.0, "the books have the rate of the day: 2400 / 20 at 20 %")

    def test_a_currency_without_a_rate_is_said(self):
        nok = self.currency("NOK")
        nok.rate_ids.unlink()
        self.typed_invoice((100.0, self.vat_at), partner=self.customer("AT"), day=date(2026, 7, 10), currency_id=nok.id)
        self.assertIn("NOK", self.shown().problems)

    def test_what_is_not_over_or_does_not_fit_is_said(self):
        self.billed(self.sold("AT", ("PL", 1), tax=self.vat_fr))
        wizard = self.shown(day=fields.Date.today())
        self.assertIn("not over", wizard.problems)
        self.assertIn("1 rows", wizard.problems)

    def test_imports_are_declared_each_month(self):
        self.billed(self.sold("DE", ("CN", 1), tax=self.vat_ioss), date(2026, 7, 10))
        self.assertEqual(self.told(self.shown("ioss", "2026-07-31")), [("", "DE", "CN", 19.0, 100.0, 19.0)])
        self.assertFalse(self.shown("ioss", "2026-08-31").line_ids)

    def test_the_workbook_has_numbers(self):
        self.billed(self.sold("AT", ("PL", 1), tax=self.vat_at), date(2026, 7, 1))
        wizard = self.shown()
        self.assertIn(
            f"/web/content/dropship.tax.return/{wizard.id}/file/OSS-2026-07.xlsx", wizard.action_export()["url"]
        )
        rows = list(openpyxl.load_workbook(io.BytesIO(wizard._workbook())).active.values)
        self.assertEqual(rows[0][1:6], ("Ship-to Country", "Ships From", "Tax Rate (%)", "Taxable Amount", "Tax"))
        self.assertEqual(rows[1][1:], ("Austria", "Poland", 20, 100, 20, 1))

    def test_the_last_return_that_is_over(self):
        action = self.env["dropship.tax.return"].action_open()
        wizard = self.env["dropship.tax.return"].browse(action["res_id"])
        today = fields.Date.today()
        self.assertLess(wizard.date_to, today)
        self.assertGreaterEqual(wizard.date_to + timedelta(days=1) + relativedelta(months=3), today)
