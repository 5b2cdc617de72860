import base64

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_pack import PackCase


@tagged("post_install", "-at_install", "standard")
class TestPackSend(PackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "李会计", "email": "li@shop.example", "lang": "zh_CN"})

    def listed(self, partner=None, **vals):
        partner = partner or self.reader
        return self.env["dropship.report.recipient"].create(
            {"company_id": self.company.id, "partner_id": partner.id, **vals}
        )

    def mails(self, partner=None):
        return self.env["mail.mail"].search([("recipient_ids", "in", (partner or self.reader).ids)])

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("dropship_flow_reports.cron_report_pack").method_direct_trigger()
        self.env.invalidate_all()

    # --- when somebody says so ---

    def test_a_mail_has_both_files_and_goes_once(self):
        self.trade()
        pack = self.draft(partner_ids=[(6, 0, self.reader.ids)])
        pack.action_send()
        self.assertEqual(pack.state, "sent")
        mail = self.mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.attachment_ids.mapped("name"), [pack.pdf_name, pack.xlsx_name])
        self.assertEqual(
            [attachment.raw for attachment in mail.attachment_ids],
            [base64.b64decode(content) for content in (pack.pdf_file, pack.xlsx_file)],
        )
        self.assertIn(self.company.name, mail.subject)
        self.assertIn("60.00", mail.body_html)
        self.assertIn("Olga Owner", mail.body_html)
        self.assertEqual(pack.delivery_ids.partner_id, self.reader)
        self.assertEqual(pack.delivery_ids.email, "olga@shop.example")
        self.assertIn("olga@shop.example", pack.message_ids[0].body)
        pack.action_send()
        self.assertEqual(self.mails(), mail)
        self.assertEqual(len(pack.delivery_ids), 1)
        pack.partner_ids |= self.partner
        pack.action_send()
        self.assertEqual((len(self.mails()), len(self.mails(self.partner))), (1, 1), "who came later gets it")
        self.assertEqual(self.mails(self.partner).attachment_ids, mail.attachment_ids)

    def test_nobody_to_send_it_to(self):
        pack = self.draft()
        with self.assertRaises(UserError):
            pack.action_send()
        self.assertEqual(pack.state, "draft")
        self.reader.email = False
        pack.partner_ids = self.reader | self.partner
        with self.assertRaisesRegex(UserError, "Olga Owner"), self.env.cr.savepoint():
            pack.action_send()
        self.assertFalse(self.mails(self.partner), "nobody gets it before all can")

    def test_the_list_says_who_gets_which_language(self):
        recipients = self.listed(), self.listed(self.partner)
        self.assertEqual([recipient.lang for recipient in recipients], ["en_US", "zh_CN"])
        self.assertEqual(self.draft()._recipients(), self.reader)
        self.assertEqual(self.draft(lang="zh_CN")._recipients(), self.partner)

    @mute_logger("odoo.sql_db")
    def test_bad_entries_in_the_list(self):
        self.listed()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.listed()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.listed(self.partner, day=29)
        self.partner.email = False
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.listed(self.partner)

    # --- by itself ---

    def on(self, day):
        """That day of the next month."""
        return freeze_time(fields.Datetime.to_datetime(self.today + relativedelta(months=1, day=day, hour=12)))

    def test_by_itself_on_its_day_exactly_once(self):
        self.trade()
        self.listed(day=5)
        self.listed(self.partner, day=7)
        with self.on(4):
            self.run_cron()
            self.assertFalse(self.mails())
        with self.on(5):
            self.run_cron()
            self.run_cron()
            self.assertEqual((len(self.mails()), len(self.mails(self.partner))), (1, 0))
        with self.on(9):  # the day it was to be was missed
            self.run_cron()
            self.run_cron()
        self.assertEqual((len(self.mails()), len(self.mails(self.partner))), (1, 1))
        packs = self.env["dropship.report.pack"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(packs.mapped("month")), {self.today.replace(day=1)})
        self.assertEqual(sorted(packs.mapped("lang")), ["en_US", "zh_CN"])
        self.assertEqual(packs.mapped("state"), ["sent", "sent"])
        self.assertIn("净收入", str(packs.filtered(lambda pack: pack.lang == "zh_CN").figures))

    def test_a_new_version_is_not_sent_by_itself(self):
        self.listed(day=5)
        with self.on(5):
            self.run_cron()
            pack = self.env["dropship.report.pack"].search([("company_id", "=", self.company.id)])
            again = self.env["dropship.report.pack"].browse(pack.action_new_version()["res_id"])
            again.action_make()
            self.run_cron()
            self.assertEqual((len(self.mails()), again.state), (1, "ready"))
            again.action_send()
            self.assertEqual((len(self.mails()), again.state), (2, "sent"))

    @mute_logger("odoo.addons.dropship_flow_reports.models.pack.send")
    def test_one_who_cannot_be_reached_does_not_stop_the_others(self):
        self.listed(day=5)
        self.listed(self.partner, day=5)
        self.partner.email = False
        with self.on(5):
            self.run_cron()
        self.assertEqual((len(self.mails()), len(self.mails(self.partner))), (1, 0))
