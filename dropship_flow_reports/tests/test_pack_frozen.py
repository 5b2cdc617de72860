from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_pack import PackCase

SAID = ["figures", "pdf_file", "xlsx_file", "net_profit", "net_revenue", "note"]


@tagged("post_install", "-at_install", "standard")
class TestPackFrozen(PackCase):
    def test_a_made_pack_stays_and_says_what_changed_since(self):
        order = self.trade()
        pack = self.made(note="A quiet month.")
        before = pack.read(SAID)
        self.assertEqual(pack.restated, 0.0)
        self.typed(self.accounts["Cost of goods"], -12.0)
        self.credit(self.invoice_of(order))
        self.collect()
        self.assertEqual(pack.read(SAID), before)
        self.assertEqual(pack.restated, -112.0)
        pack.action_make()
        self.assertEqual(pack.read(SAID), before, "made once")
        for vals in ({"figures": {}}, {"note": "x"}, {"month": "2020-01-01"}, {"lang": "zh_CN"}, {"pdf_file": False}):
            with self.subTest(vals), self.assertRaises(UserError):
                pack.write(vals)
        with self.assertRaises(UserError):
            pack.unlink()

    def test_a_new_version_says_it_anew(self):
        self.trade()
        pack = self.made()
        self.typed(self.accounts["Cost of goods"], -12.0)
        again = self.env["dropship.report.pack"].browse(pack.action_new_version()["res_id"])
        self.assertEqual((again.version, again.state, again.month), (2, "draft", pack.month))
        self.assertEqual(pack.action_new_version()["res_id"], again.id, "one draft at a time")
        again.action_make()
        self.assertEqual(again.net_profit, pack.net_profit - 12.0)
        self.env.invalidate_all()
        self.assertEqual((pack.restated, again.restated), (-12.0, 0.0))
        self.assertIn("2", again.name)

    def test_a_correction_of_a_closed_month_restates_it(self):
        """It counts in an open month, and yet the pack of the closed one is what it corrects."""
        earlier = self.today.replace(day=1) - timedelta(days=3)
        self.typed(self.accounts["Sales"], 50.0, date=earlier)
        pack = self.made(month=earlier)
        self.assertEqual(pack.net_profit, 50.0)
        self.company.fiscalyear_lock_date = earlier + relativedelta(day=31)
        account = self.env["dropship.profit.account"].search([("account_id", "=", self.accounts["Sales"].id)])
        account.scope = "out"
        self.collect()
        later = self.entries(("date", ">", pack._days()[1]), ("side", "!=", "out"))
        self.assertEqual(sum(later.mapped("amount")), -50.0, "the closed month is as it was")
        self.assertEqual(pack.restated, -50.0)

    @mute_logger("odoo.sql_db")
    def test_one_pack_of_a_month_and_language(self):
        pack = self.draft()
        self.assertEqual(pack.month.day, 1)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.draft()
        with self.assertRaises(ValidationError):
            self.draft(month=self.today + relativedelta(months=2))

    def test_a_month_without_anything(self):
        pack = self.made(month=self.today - relativedelta(years=6))
        self.assertTrue(all(section["title"] for section in pack.figures["sections"]))
        self.assertTrue(self.section(pack, "top")["empty"])
        self.assertEqual((pack.net_profit, pack.restated), (0.0, 0.0))

    # --- who owed whom at the month's end ---

    def test_how_late_customers_are(self):
        pack = self.draft()
        last = pack._days()[1]
        order = self.trade()
        items = self.invoice_of(order).line_ids
        item = items.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        for days, bucket in ((0, 0), (1, 1), (30, 1), (31, 2), (90, 3), (91, 4)):
            item.date_maturity = last - timedelta(days=days)
            owed = pack._ageing(self.company, last, "asset_receivable")[order.partner_id.id]
            with self.subTest(days=days):
                self.assertEqual([place for place, amount in enumerate(owed) if amount], [bucket])
                self.assertEqual(sum(owed), 119.0)

    def test_a_payment_after_the_month_does_not_change_what_was_owed(self):
        order = self.trade()
        pack = self.draft()
        last = pack._days()[1]
        before = pack._ageing(self.company, last, "asset_receivable")
        self.assertEqual(sum(before[order.partner_id.id]), 119.0)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice_of(order).ids
        ).create({"payment_date": last + timedelta(days=2)})  # fmt: skip
        wizard.action_create_payments()
        self.assertEqual(pack._ageing(self.company, last, "asset_receivable"), before)
        after = pack._ageing(self.company, last + timedelta(days=3), "asset_receivable")
        self.assertFalse(any(after.get(order.partner_id.id, [])))

    def test_what_is_owed_today(self):
        order = self.trade()
        item = self.invoice_of(order).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )  # fmt: skip
        item.date_maturity = self.today - timedelta(days=31)
        owed = self.env["dropship.report.owed"].search([("company_id", "=", self.company.id)])
        mine = owed.filtered(lambda row: row.side == "receivable" and row.partner_id == order.partner_id)
        self.assertEqual((mine.mapped("amount"), mine.mapped("late")), ([119.0], ["60"]))
        self.assertEqual(owed.filtered(lambda row: row.side == "payable").mapped("amount"), [47.6])

    # --- who may ---

    def test_a_reader_reads_and_does_not_make(self):
        reader = new_test_user(
            self.env, "pack_reader", "dropship_flow_reports.group_reports_reader", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        pack = self.draft().with_user(reader)
        self.assertFalse(pack.figures)
        for verb in ("action_make", "action_send", "action_new_version"):
            with self.subTest(verb), self.assertRaises(AccessError):
                getattr(pack, verb)()
