from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.notification_rule import FACTS
from .common_notification import NotificationCase


@tagged("post_install", "-at_install", "standard")
class TestNotification(NotificationCase):
    """Customers hear of their parcels once, of what is true, in their words."""

    def test_nothing_is_told_at_the_notice_but_when_it_moves(self):
        shipment = self.parcel()
        order = shipment.order_id
        self.settle()
        self.assertFalse(self.told(order))
        self.hear(shipment, "info_received")
        self.assertFalse(self.told(order))
        self.hear(shipment, self.said("in_transit", 0.5))
        self.assertEqual(self.told(order), [("moving", "email", "sent")])
        mail = self.mails(order)
        self.assertEqual(mail.recipient_ids, self.anna)
        self.assertIn("shop@lumen.example", mail.email_from)
        for word in ("Hello Anna Weber", "it is on its way to you", shipment.number, "Lamp", "SF Express"):
            self.assertIn(word, mail.body_html)
        self.assertEqual(order.dropship_notification_ids.subject, mail.subject)
        self.assertIn(shipment.number, order.dropship_notification_ids.text)

    def test_nothing_is_told_before_the_news_settled(self):
        shipment = self.parcel()
        self.hear(shipment, "in_transit", settled=False)
        self.env.flush_all()
        self.run_cron("cron_notify")
        self.assertFalse(self.told(shipment.order_id))
        self.assertGreater(shipment.notify_at, fields.Datetime.now() + timedelta(seconds=60))

    def test_each_state_is_told_once(self):
        expected = []
        shipment = self.parcel()
        for number, (code, fact, more) in enumerate(
            [
                ("picked_up", "moving", {}),
                ("in_transit", "", {}),
                ("customs", "", {"detail": "customs_clearing"}),
                ("customs", "customs", {"detail": "customs_documents"}),
                ("out_for_delivery", "out_for_delivery", {}),
                ("attempt_failed", "attempt_failed", {"detail": "absent"}),
                ("exception", "problem", {"detail": "address"}),
                ("available_for_pickup", "pickup", {"place": "Kiosk Müller, Hauptstraße 12, Berlin"}),
                ("delivered", "delivered", {}),
                ("returning", "returning", {}),
                ("lost", "lost", {}),
            ]
        ):
            self.hear(shipment, self.said(code, 20 - number, **more))
            self.hear(shipment, self.said(code, 20 - number, **more))
            if fact:
                expected.append(fact)
            with self.subTest(code):
                self.assertEqual(self.facts(shipment.order_id), expected)
        self.assertEqual(len(self.mails(shipment.order_id)), len(expected))
        self.settle()
        self.assertEqual(len(self.mails(shipment.order_id)), len(expected))

    def test_the_mail_of_a_pickup_says_where(self):
        shipment = self.parcel()
        shipment.pickup_until = "2031-05-17"
        self.hear(shipment, self.said("available_for_pickup", place="Kiosk Müller, Hauptstraße 12, Berlin"))
        mail = self.mails(shipment.order_id).body_html
        self.assertIn("Kiosk Müller, Hauptstraße 12, Berlin", mail)
        self.assertIn("2031", mail)

    def test_what_was_passed_is_not_told(self):
        shipment = self.parcel()
        order = shipment.order_id
        self.hear(shipment, self.said("picked_up", 9), self.said("out_for_delivery", 3), self.said("delivered", 1))
        self.assertEqual(self.facts(order), ["delivered"])
        passed = order.dropship_notification_ids.filtered(lambda row: row.state == "skipped")
        self.assertEqual(
            {(row.fact, row.reason) for row in passed}, {("moving", "passed"), ("out_for_delivery", "passed")}
        )
        self.assertEqual(len(self.mails(order)), 1)

    def test_a_second_failure_is_told_when_the_first_passed_unheard(self):
        shipment = self.parcel()
        order = shipment.order_id
        self.hear(shipment, self.said("attempt_failed", 9), self.said("out_for_delivery", 8))
        self.hear(shipment, self.said("attempt_failed", 2))
        self.assertEqual(sorted(self.facts(order)), ["attempt_failed", "out_for_delivery"])
        self.hear(shipment, self.said("in_transit", 1))
        self.assertNotIn("moving", self.facts(order), "he knows more already")

    def test_events_in_any_order_make_the_same_mails(self):
        events = [self.said("picked_up", 30), self.said("in_transit", 20), self.said("customs", 15),
                  self.said("out_for_delivery", 5), self.said("attempt_failed", 3)]  # fmt: skip
        results = set()
        for order in (events, events[::-1], [events[2], events[4], events[0], *events, events[1]]):
            shipment = self.parcel()
            for event in order:
                self.hear(shipment, event, settled=False)
            self.settle()
            rows = shipment.order_id.dropship_notification_ids
            results.add(tuple(sorted((row.fact, row.state, row.reason, row.happened_at) for row in rows)))
            text = rows.filtered(lambda row: row.state == "sent").text
            link = shipment.order_id.access_token or "-"
            results.add(text.replace(shipment.number, "#").replace(shipment.order_id.name, "S").replace(link, ""))
        self.assertEqual(len([one for one in results if isinstance(one, tuple)]), 1, results)

    def test_old_news_are_no_news(self):
        shipment = self.parcel()
        self.hear(shipment, self.said("picked_up", 24 * 9))
        row = shipment.order_id.dropship_notification_ids
        self.assertEqual((row.state, row.reason), ("skipped", "old"))
        self.assertFalse(self.mails(shipment.order_id))

    def test_test_orders_and_invented_ones_tell_nobody(self):
        for field, reason in (("dropship_is_test", "test"), ("dropship_is_simulated", "invented")):
            shipment = self.parcel(**{field: True}) if field == "dropship_is_test" else self.parcel()
            if not shipment.order_id[field]:
                shipment.order_id[field] = True
            self.hear(shipment, "in_transit")
            rows = shipment.order_id.dropship_notification_ids
            self.assertEqual(set(rows.mapped("reason")), {reason})
            self.assertFalse(self.mails(shipment.order_id))

    def test_a_cancelled_order_and_a_parcel_that_never_left(self):
        shipment = self.parcel()
        self.hear(shipment, "in_transit", settled=False)
        shipment._set_state("reverted")
        self.settle()
        self.assertEqual(shipment.order_id.dropship_notification_ids.mapped("reason"), ["void"])

    def test_several_parcels_are_one_mail(self):
        first = self.parcel((self.lamp, 2), (self.stand, 1))
        order = first.order_id
        second = self.parcel(order=order)
        self.hear(first, self.said("in_transit", 3), settled=False)
        self.hear(second, self.said("out_for_delivery", 2))
        self.assertEqual(sorted(self.facts(order)), ["moving", "out_for_delivery"])
        mail = self.mails(order)
        self.assertEqual(len(mail), 1)
        self.assertIn("comes in several parcels", mail.body_html)
        for word in (first.number, second.number, "On its way", "Out for delivery"):
            self.assertIn(word, mail.body_html)
        leader = order.dropship_notification_ids.filtered(lambda row: not row.with_id)
        self.assertEqual(len(leader), 1)

    def test_parcels_of_one_order_wait_for_each_other_a_little(self):
        first = self.parcel((self.lamp, 2), (self.stand, 1))
        second = self.parcel(order=first.order_id)
        self.hear(first, "in_transit", settled=False)
        self.hear(second, "in_transit", settled=False)
        first.notify_at = fields.Datetime.now() - timedelta(minutes=1)
        self.env.flush_all()
        self.run_cron("cron_notify")
        self.assertFalse(self.told(first.order_id))
        first.notify_at = fields.Datetime.now() - timedelta(minutes=20)
        self.env.flush_all()
        self.run_cron("cron_notify")
        self.assertEqual(len(self.mails(first.order_id)), 1)

    def test_the_last_of_several_parcels_says_that_all_is_there(self):
        first = self.parcel((self.lamp, 2))
        order = first.order_id
        second = self.parcel(order=order)
        self.hear(first, self.said("delivered", 9))
        self.assertEqual(self.facts(order), ["delivered"])
        self.hear(second, self.said("delivered", 2))
        self.assertEqual(order.dropship_stage, "delivered")
        self.assertEqual(self.facts(order), ["delivered", "all_delivered"])
        covered = order.dropship_notification_ids.filtered(lambda row: row.reason == "covered")
        self.assertEqual(covered.shipment_id, second)
        self.assertIn("everything has arrived", self.mails(order)[-1].subject)

    def test_what_is_still_to_come_is_said(self):
        shipment = self.parcel((self.lamp, 1), (self.stand, 1))
        order = shipment.order_id
        row = order.dropship_allocation_ids[:1]
        row.write({"state": "accepted", "qty_shipped": 0, "promised_date": fields.Date.today() + timedelta(days=5)})
        self.hear(shipment, "in_transit")
        body = self.mails(order).body_html
        self.assertIn("Still to come", body)
        self.assertIn(row.product_id.name, body.split("Still to come")[1])

    def test_every_fact_has_words(self):
        """Every rule that comes with the addon can be said, by mail and in short, in English and in Chinese."""
        self.env["res.lang"]._activate_lang("zh_CN")
        shipment = self.parcel()
        shipment._add_events([self.said("available_for_pickup", place="Kiosk, Berlin")])
        rules = self.env["dropship.notification.rule"].with_context(active_test=False)
        defaults = rules.search([("company_id", "=", False)])
        self.assertEqual(set(defaults.mapped("fact")), {code for code, _word in FACTS})
        for rule in defaults:
            for lang in ("en_US", "zh_CN"):
                preview = self.env["dropship.notification.preview"].create(
                    {"rule_id": rule.id, "order_id": shipment.order_id.id, "lang": lang}
                )
                preview.action_show()
                with self.subTest(rule.fact, lang=lang):
                    self.assertIn(shipment.order_id.name, preview.subject)
                    self.assertIn(shipment.order_id.name, preview.body)
                    self.assertIn("Lumen &amp; Leaf", preview.body)
                    self.assertNotIn("Odoo", preview.body)
                    if rule.sms_template_id:
                        self.assertIn(shipment.order_id.name, preview.short_text)
                    for hole in ("False", "None", "{{", "<t "):
                        self.assertNotIn(hole, f"{preview.subject} {preview.short_text or ''}")
        self.assertFalse(shipment.order_id.dropship_notification_ids, "nothing is kept of a preview")

    def test_a_test_goes_to_whoever_asks(self):
        shipment = self.parcel()
        rule = self.env.ref("dropship_flow.notification_rule_moving")
        preview = self.env["dropship.notification.preview"].create(
            {"rule_id": rule.id, "order_id": shipment.order_id.id}
        )
        self.env.user.email = "me@lumen.example"
        preview.action_send_to_me()
        mail = self.env["mail.mail"].search([("email_to", "=", "me@lumen.example")])
        self.assertIn("[Test]", mail.subject)
        self.assertFalse(shipment.order_id.dropship_notification_ids)

    def test_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("dropship_flow.mail_news_moving")
        template.with_context(lang="zh_CN").subject = "订单 {{ object.name }} 在途"
        self.anna.lang = "zh_CN"
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        row = shipment.order_id.dropship_notification_ids
        self.assertEqual((row.lang, row.subject), ("zh_CN", f"订单 {shipment.order_id.name} 在途"))
        self.assertIn("顺丰速运", row.text)

    def test_a_new_promised_day(self):
        shipment = self.parcel()
        order = shipment.order_id
        day = fields.Date.today() + timedelta(days=20)
        rows = order._dropship_tell("late", date=day, reason="It rains.")
        self.assertEqual(rows.state, "sent")
        self.assertFalse(order._dropship_tell("late", date=day, reason="It rains."))
        self.assertTrue(order._dropship_tell("late", date=day + timedelta(days=2)))
        self.assertEqual(len(self.mails(order)), 2)
        self.assertIn("It rains.", self.mails(order)[0].body_html)

    def test_other_parts_ask(self):
        shipment = self.parcel()
        order = shipment.order_id
        for fact in ("replaced", "receipt_ask", "lost"):
            self.assertEqual(order._dropship_tell(fact, shipment).mapped("state"), ["sent"])
            self.assertFalse(order._dropship_tell(fact, shipment))
        self.assertIn(shipment.number, self.mails(order)[0].body_html)
        self.hear(shipment, "lost")
        self.assertEqual(self.facts(order).count("lost"), 1, "said already")
        with self.assertRaises(ValueError):
            order._dropship_tell("weather")

    @mute_logger("odoo.addons.dropship_flow.models.notification", "odoo.addons.mail.models.mail_render_mixin")
    def test_a_broken_template_stops_nothing(self):
        template = self.env.ref("dropship_flow.mail_news_moving")
        words = template.body_html
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            ["<p><t t-out=\"object.nothing_like_it\"/></p>", template.id],
        )
        template.invalidate_recordset()
        broken, fine = self.parcel(), self.parcel()
        self.hear(broken, "in_transit", settled=False)
        self.hear(fine, "out_for_delivery")
        self.assertEqual(self.told(broken.order_id), [("moving", "email", "failed")])
        self.assertTrue(broken.order_id.dropship_notification_ids.error)
        self.assertEqual(self.told(fine.order_id), [("out_for_delivery", "email", "sent")])
        template.body_html = words
        broken.order_id.dropship_notification_ids.action_tell_now()
        self.assertEqual(self.told(broken.order_id), [("moving", "email", "sent")])

    def test_a_mail_that_no_server_takes_is_seen(self):
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        self.mails(shipment.order_id)._postprocess_sent_message([], [], "no such box", "mail_smtp")
        row = shipment.order_id.dropship_notification_ids
        self.assertEqual((row.state, row.error), ("failed", "no such box"))

    def test_one_parcel_with_goods_of_two_customers(self):
        """Each of them hears of it, and reads of his own goods only."""
        shipment = self.parcel((self.lamp, 1))
        bert = self.make_partner("Bert", "DE", is_company=False, email="bert@example.com")
        other = self.make_sale((self.stand, 1), partner=bert, confirm=True)
        self.env["dropship.shipment.line"].create(
            {"shipment_id": shipment.id, "sale_line_id": other.order_line.id, "product_id": self.stand.id, "qty": 1}
        )
        self.hear(shipment, "in_transit")
        self.assertIn("Stand", self.mails(other).body_html)
        self.assertNotIn("Lamp", self.mails(other).body_html)
        self.assertNotIn("Stand", self.mails(shipment.order_id).body_html.split("Still to come")[0])

    # --- rules ---

    def rule(self, fact="moving", **vals):
        return self.env["dropship.notification.rule"].create(
            {
                "fact": fact,
                "sequence": 1,
                "company_id": self.company.id,
                "mail_template_id": self.env.ref("dropship_flow.mail_news_digest").id,
                "sms_template_id": self.env.ref("dropship_flow.sms_news_moving").id,
                **vals,
            }
        )

    def test_the_first_rule_that_matches_counts(self):
        france = self.rule(country_ids=[Command.set(self.country("FR").ids)])
        channel = self.rule(sales_channel_id=self.channel.id, sequence=2)
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        row = shipment.order_id.dropship_notification_ids
        self.assertEqual(row.rule_id, channel)
        self.assertNotEqual(row.rule_id, france)
        self.assertEqual(len(self.mails(shipment.order_id)), 1)

    def test_a_rule_of_another_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.rule(company_id=other.id)
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        expected = self.env.ref("dropship_flow.notification_rule_moving")
        self.assertEqual(shipment.order_id.dropship_notification_ids.rule_id, expected)

    def test_a_rule_that_goes_on_adds_a_way(self):
        self.company.write({"dropship_sms": True, "dropship_quiet_sms": False})
        self.rule(channel="sms")
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        self.assertEqual({row[1] for row in self.told(shipment.order_id, "sent")}, {"sms", "email"})

    def test_no_rule_tells_nothing(self):
        self.env["dropship.notification.rule"].search([("fact", "=", "moving")]).active = False
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        self.assertFalse(self.told(shipment.order_id))

    def test_the_notice_is_told_where_a_shop_wants_it(self):
        self.env.ref("dropship_flow.notification_rule_shipped").active = True
        shipment = self.parcel()
        self.settle()
        self.assertEqual(self.facts(shipment.order_id), ["shipped"])

    def test_the_responsible_hears_of_it(self):
        self.env.ref("dropship_flow.notification_rule_desk_lost").active = True
        clerk = self.make_login("user", company=self.company, name="Clerk", email="clerk@lumen.example")
        shipment = self.parcel()
        shipment.order_id.user_id = clerk
        self.hear(shipment, "lost")
        self.assertEqual(len(self.mails(shipment.order_id, clerk.partner_id)), 1)
        self.assertEqual(len(self.mails(shipment.order_id, self.anna)), 1)

    def test_a_rule_without_words_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "has no words"):
            self.rule(mail_template_id=False)
        purchase_mail = self.env.ref("purchase.email_template_edi_purchase")
        with self.assertRaisesRegex(ValidationError, "not made for sales orders"):
            self.rule(mail_template_id=purchase_mail.id)

    # --- people ---

    def test_who_may_do_what(self):
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        row = shipment.order_id.dropship_notification_ids
        user = self.make_login("user", company=self.company)
        manager = self.make_login("manager", company=self.company)
        employee = self.make_login("employee", company=self.company)
        row.with_user(user).read(["text"])
        rule = self.env.ref("dropship_flow.notification_rule_moving")
        rule.with_user(manager).sequence = 5
        with self.assertRaises(AccessError):
            rule.with_user(user).sequence = 6
        with self.assertRaises(AccessError):
            row.with_user(user).error = "mine"
        with self.assertRaises(AccessError):
            row.with_user(employee).read(["text"])
        for verb in ("action_tell_now", "action_told", "action_leave_out", "action_export_status"):
            with self.subTest(verb), self.assertRaises(AccessError):
                getattr(row.with_user(employee), verb)()
        with self.assertRaises(AccessError):
            shipment.order_id.with_user(employee).action_dropship_tell_now()

    def test_the_desk_does_not_wait(self):
        shipment = self.parcel()
        self.hear(shipment, "in_transit", settled=False)
        user = self.make_login("user", company=self.company)
        user.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        shipment.order_id.with_user(user).action_dropship_tell_now()
        shipment.order_id.with_user(user).action_dropship_tell_now()
        self.assertEqual(self.told(shipment.order_id), [("moving", "email", "sent")])
        self.settle()
        self.assertEqual(len(self.mails(shipment.order_id)), 1)

    def test_states_follow_their_table(self):
        shipment = self.parcel()
        self.hear(shipment, "in_transit")
        with self.assertRaises(UserError):
            shipment.order_id.dropship_notification_ids.state = "due"
