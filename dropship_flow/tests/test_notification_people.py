import base64
from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .common_notification import NotificationCase


@tagged("post_install", "-at_install", "standard")
class TestNotificationPeople(NotificationCase):
    """Whom news reach, on which way and at which hour."""

    def to_sms(self, **company):
        self.anna.email = False
        self.company.write({"dropship_sms": True, "dropship_quiet_sms": False, **company})

    def test_without_an_address_it_goes_by_sms(self):
        self.to_sms()
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        self.assertEqual(self.told(shipment.order_id), [("moving", "sms", "sent")])
        sms = self.texts("+4930901820")
        self.assertEqual(len(sms), 1)
        self.assertIn(shipment.number, sms.body)
        self.assertNotIn("False", sms.body)
        self.assertEqual(sms._get_sms_company(), self.company)
        sms.write({"state": "error", "failure_type": "sms_number_format"})
        sms._handle_call_result_hook([])
        self.assertEqual(self.told(shipment.order_id), [("moving", "sms", "failed")])

    def test_where_sms_are_not_wanted_or_impossible_it_waits_for_the_chat(self):
        self.anna.email = False
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        self.assertEqual(self.told(shipment.order_id), [("moving", "list", "listed")])
        self.company.dropship_sms = True
        self.anna.phone = "not a number"
        other = self.parcel()
        self.hear(other, "in_transit")
        self.assertEqual(self.told(other.order_id), [("moving", "list", "listed")])
        self.assertFalse(self.mails(other.order_id))

    def test_a_partner_without_anything(self):
        nobody = self.env["res.partner"].create({"name": "N", "country_id": self.country("DE").id})
        shipment = self.parcel()
        shipment.order_id.partner_id = nobody
        self.hear(shipment, "in_transit")
        row = shipment.order_id.dropship_notification_ids
        self.assertEqual((row.state, row.channel), ("listed", "list"))
        self.assertTrue(row.text)

    def test_a_channel_that_forbids_contact(self):
        self.channel.customer_contact = "chat"
        shipment = self.parcel(client_order_ref="TB-88")
        self.hear(shipment, "in_transit")
        row = shipment.order_id.dropship_notification_ids
        self.assertEqual((row.state, row.channel, row.buyer_reference), ("listed", "list", "TB-88"))
        self.assertFalse(self.mails(shipment.order_id))
        self.assertFalse(self.env["sms.sms"].search([("body", "like", shipment.number)]))
        self.assertIn("is on its way", row.text)
        user = self.make_login("user", company=self.company)
        row.with_user(user).action_told()
        row.with_user(user).action_told()
        self.assertEqual((row.state, row.told_by_id), ("sent", user))

    def test_the_receiver_hears_of_it_too(self):
        paul = self.make_partner("Paul", "DE", is_company=False, email="paul@example.com")
        order = self.make_sale((self.lamp, 1), partner_shipping_id=paul.id, confirm=True)
        shipment = self.parcel(order=order)
        self.hear(shipment, self.said("in_transit", 5))
        self.assertEqual(self.mails(order).recipient_ids, self.anna)
        self.channel.tell_receiver = True
        self.hear(shipment, self.said("out_for_delivery", 4))
        self.assertEqual(len(self.mails(order, paul)), 1)
        order.dropship_tell_receiver = "no"
        self.hear(shipment, self.said("delivered", 3))
        self.assertEqual(len(self.mails(order, paul)), 1)
        self.assertEqual(len(self.mails(order, self.anna)), 3)
        self.assertIn("Hello Paul", self.mails(order, paul).body_html)
        self.assertNotIn("access_token", self.mails(order, paul).body_html.split("/web/image")[0])

    def test_nobody_hears_it_twice(self):
        double = self.make_partner("Anna at work", "DE", is_company=False, email="ANNA@example.com ")
        third = self.make_partner("Third", "DE", is_company=False, email="third@example.com")
        order = self.make_sale((self.lamp, 1), partner_shipping_id=double.id, confirm=True)
        order.write(
            {"dropship_tell_receiver": "yes", "dropship_tell_partner_ids": [Command.set((self.anna | third).ids)]}
        )
        self.hear(self.parcel(order=order), "in_transit")
        self.assertEqual(self.mails(order).recipient_ids, self.anna | third)
        self.assertEqual(len(self.mails(order)), 2)

    def test_the_person_of_a_company_is_reached_at_the_companys_address(self):
        office = self.make_partner("Office", "DE", email="office@example.com", lang="en_US")
        clerk = self.env["res.partner"].create({"name": "Clerk", "parent_id": office.id, "type": "contact"})
        clerk.email = False
        order = self.make_sale((self.lamp, 1), partner=clerk, confirm=True)
        self.hear(self.parcel(order=order), "in_transit")
        mail = self.mails(order)
        self.assertIn("office@example.com", mail.email_to)
        self.assertIn("Hello Clerk", mail.body_html.replace("Office, ", ""))

    # --- quiet hours ---

    def test_no_sms_in_the_night(self):
        self.to_sms(dropship_quiet_sms=True)
        shipment = self.parcel()
        order = shipment.order_id
        night = datetime(2026, 12, 1, 23, 30)  # half past midnight in Berlin
        with freeze_time(night):
            due = order._dropship_not_before(night, "sms", self.anna)
            self.assertEqual(due, datetime(2026, 12, 2, 7))
            rows = order._dropship_tell("lost", shipment)
            self.assertEqual((rows.state, rows.due_at), ("due", due))
            self.env.flush_all()
            self.env["dropship.notification"]._tell_order(order.id)
            self.assertEqual(rows.state, "due")
        with freeze_time(datetime(2026, 12, 2, 7, 1)):
            self.env["dropship.notification"]._tell_order(order.id)
            self.assertEqual(rows.state, "sent")
        self.assertEqual(order._dropship_not_before(night, "email", self.anna), night)
        self.company.dropship_quiet_mail = True
        self.assertEqual(order._dropship_not_before(night, "email", self.anna), datetime(2026, 12, 2, 7))

    def test_the_clock_of_who_is_told(self):
        order = self.make_sale((self.lamp, 1))
        evening = datetime(2026, 1, 5, 15)  # 23:00 in Shanghai, 16:00 in Berlin, 10:00 in New York, 5:00 in Honolulu
        for country, zone, expected in (
            ("CN", False, datetime(2026, 1, 6, 0)),
            ("DE", False, evening),
            ("DE", "Asia/Shanghai", evening),  # the zone of who entered him
            ("US", "America/New_York", evening),
            ("US", False, datetime(2026, 1, 5, 18)),  # awake in all of it
        ):
            self.anna.write({"country_id": self.country(country).id, "tz": zone, "state_id": False})
            with self.subTest(country, zone=zone):
                self.assertEqual(order._dropship_not_before(evening, "sms", self.anna), expected)

    def test_what_waited_for_the_morning_and_is_not_true_any_more(self):
        self.to_sms()
        shipment = self.parcel()
        order = shipment.order_id
        self.hear(shipment, self.said("in_transit", 9))
        self.assertEqual(self.facts(order), ["moving"])
        self.hear(shipment, self.said("out_for_delivery", 5), settled=False)
        shipment._take_rows()
        shipment.notify_at = False
        rows = self.env["dropship.notification"]._decide(shipment)
        rows.due_at = fields.Datetime.now() + timedelta(hours=3)
        self.hear(shipment, self.said("delivered", 1))
        rows.due_at = fields.Datetime.now() - timedelta(minutes=1)
        self.settle()
        self.assertEqual((rows.state, rows.reason), ("skipped", "passed"))
        self.assertEqual(self.facts(order), ["moving", "delivered"])

    def test_quiet_hours_have_bounds(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.company.dropship_quiet_from = 25
            self.env.flush_all()

    # --- companies ---

    def test_each_company_writes_in_its_own_name(self):
        shipment = self.parcel()
        self.hear(shipment, "in_transit", settled=False)
        for name in ("env", "tax"):  # a second company changes the world of the class
            self.addCleanup(setattr, type(self), name, getattr(type(self), name))
        other = self.euro_company("Other Shop")
        other.email = "hello@other.example"
        self.make_policy("buy")
        supplier = self.make_supplier("Theirs", company_id=other.id)
        warehouse = self.make_warehouse(supplier)
        self.make_offer(warehouse, self.lamp, 5)
        self.make_rate(warehouse)
        supplier.answer_mode = "manual"
        theirs = self.make_sale((self.lamp, 1), confirm=True)
        box = self.env["dropship.shipment"].create(
            {"number": "OTHER1", "company_id": other.id, "order_id": theirs.id, "state": "dispatched"}
        )
        self.hear(box, "in_transit")
        self.assertIn("shop@lumen.example", self.mails(shipment.order_id).email_from)
        self.assertIn("hello@other.example", self.mails(theirs).email_from)
        self.assertIn("Other Shop", self.mails(theirs).body_html)
        self.assertNotIn("Lumen", self.mails(theirs).body_html)
        clerk = self.make_login("user", company=self.company)
        seen = self.env["dropship.notification"].with_user(clerk).with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(seen.search([("order_id", "=", theirs.id)]))

    # --- export ---

    def test_the_status_as_a_file(self):
        shipment = self.parcel(client_order_ref="=cmd|' /C calc'!A0")
        self.hear(shipment, "in_transit")
        user = self.make_login("user", company=self.company)
        action = shipment.with_user(user).action_status_csv()
        file = self.env["dropship.status.file"].with_user(user).search([], limit=1, order="id desc")
        self.assertIn(f"/{file.id}/", action["url"])
        text = base64.b64decode(file.content).decode("utf-8-sig")
        self.assertIn(shipment.number, text)
        self.assertIn("On its way", text)
        self.assertNotIn(",=cmd", text)
        shipment.order_id.dropship_notification_ids.with_user(user).action_export_status()
        book = self.env["dropship.status.file"].with_user(user).search([], limit=1, order="id desc")
        self.assertTrue(base64.b64decode(book.content).startswith(b"PK"))
