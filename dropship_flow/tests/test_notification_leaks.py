from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import html2plaintext

from ..trackers.said import Said
from .common_portal import PortalWorld

# What carriers write of Rhein, whose yard is the Vendorgasse of the portal world.
CANARIES = (
    "Picked up from Vendorsecret Rhein, Vendorgasse 7, Duisburg",
    "已从义乌暗号商贸有限公司发出，寄件人:暗号先生 13877700012",
    "Sender: Vendorsecret Rhein +49 203 7770001 rhein@vendorsecret.example",
    "Handed over at YARDSECRET warehouse by VENDORSECRET-RHEIN",
)
SECRET = (*PortalWorld.of_vendors, "VENDORSECRET", "暗号", "YARDSECRET", "RAWSECRET")
SECRET += ("Duisburg", "Lagerweg", "138777", "Rhein")


@tagged("post_install", "-at_install", "standard")
class TestNotificationLeaks(PortalWorld, HttpCase):
    """Planted words of suppliers in everything a customer can open about his parcels: none may come through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_portal_world()
        cls.env["dropship.shipment"].search([]).notify_at = False
        cls.env["dropship.notification"].search([("state", "=", "due")]).unlink()
        cls.warehouses["Rhein"].write(
            {"name": "YARDSECRET", "street": "Lagerweg 3", "city": "Duisburg", "code": "YARDSECRET-1"}
        )
        cls.vendor.child_ids = [(0, 0, {"name": "暗号先生", "phone": "13877700012"})]
        if cls.purchase.state != "purchase":
            cls.purchase.button_confirm()
        cls.purchase._dropship_take_parcels([{"number": "SF4400440044", "carrier": "顺丰"}])
        cls.shipment = cls.env["dropship.shipment"].search([("number", "=", "SF4400440044")])
        now = fields.Datetime.now()
        codes = ["picked_up", "in_transit", "out_for_delivery", "available_for_pickup"]
        cls.shipment._add_events(
            Said(
                now - timedelta(hours=10 - number),
                code,
                text=CANARIES[number],
                place="YARDSECRET, Lagerweg 3, Duisburg, DE",
                raw_status=f"RAWSECRET{number}",
                raw_detail="Vendorsecret",
            )
            for number, code in enumerate(codes)
        )

    def test_texts_of_events(self):
        self.assertEqual(len(self.shipment.event_ids), 4)
        for event in self.shipment.event_ids:
            for text in (
                self.shipment._customer_text(event),
                self.shipment._customer_place(event),
                self.shipment._customer_raw(event),
            ):
                self.assertSilent(text, SECRET, event.text)

    def test_a_place_that_gives_nobody_away_is_told(self):
        self.shipment._add_events(
            [Said(fields.Datetime.now(), "in_transit", place="Zentrum 4, Leipzig, DE", text="Arrived in Leipzig")]
        )
        event = self.shipment.event_ids.sorted("id")[-1]
        self.assertEqual(self.shipment._customer_text(event), "On its way – Leipzig, DE")
        self.assertEqual(self.shipment._customer_raw(event), "Arrived in Leipzig")

    def test_every_message_in_every_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        rules = self.env["dropship.notification.rule"].with_context(active_test=False)
        count = 0
        for rule in rules.search([("company_id", "=", False), ("audience", "!=", "desk")]):
            for lang in ("en_US", "zh_CN"):
                preview = self.env["dropship.notification.preview"].create(
                    {"rule_id": rule.id, "order_id": self.order.id, "shipment_id": self.shipment.id, "lang": lang}
                )
                preview.action_show()
                self.assertIn("SALESECRET-1", preview.body)
                self.assertIn("Lumen", preview.body)
                self.assertSilent(f"{preview.subject} {preview.body} {preview.short_text}", SECRET, rule.fact)
                count += 1
        self.assertGreater(count, 20)

    def test_mails_sms_and_chat_as_they_leave(self):
        self.company.write({"dropship_sms": True, "dropship_quiet_sms": False})
        rules = self.env["dropship.notification.rule"]
        for channel in ("sms", "list"):
            rules.create(
                {
                    "fact": "pickup",
                    "channel": channel,
                    "sequence": 1,
                    "mail_template_id": self.env.ref("dropship_flow.mail_news_pickup").id,
                    "sms_template_id": self.env.ref("dropship_flow.sms_news_pickup").id,
                }
            )
        before = self.env["mail.mail"].search([], limit=1, order="id desc").id or 0
        self.env["dropship.notification"]._decide(self.shipment)._deliver()
        self.assertEqual(
            set(self.order.dropship_notification_ids.filtered(lambda row: row.state != "skipped").mapped("channel")),
            {"email", "sms", "list"},
        )
        self.order._dropship_tell("late", date=fields.Date.today() + timedelta(days=9), reason="Later.")
        mails = self.env["mail.mail"].search([("id", ">", before)])
        self.assertGreaterEqual(len(mails), 2)
        for mail in mails:
            self.assertSilent(f"{mail.subject} {mail.body_html} {mail.email_from} {mail.reply_to}", SECRET)
        for sms in self.env["sms.sms"].search([("body", "like", "SF4400440044")]):
            self.assertSilent(sms.body, SECRET)
        for row in self.order.dropship_notification_ids:
            self.assertSilent(f"{row.subject} {row.text}", SECRET)

    def test_the_file_for_marketplaces(self):
        self.assertSilent(repr(self.shipment._status_rows()), SECRET)

    def pages(self):
        order = f"/my/orders/{self.order.id}"
        token = self.order._portal_ensure_token()
        yield from (order, "/my/orders", f"{order}?report_type=html", f"{order}?report_type=pdf")
        yield f"{order}?access_token={token}"
        for picking in self.shipment.picking_ids:
            yield f"/my/picking/pdf/{picking.id}?access_token={token}"
        yield "/" + self.order._dropship_track_url().split("/", 3)[3]

    def test_pages_and_papers_of_the_customer(self):
        self.patch(self.registry["ir.actions.report"], "barcode", lambda *args, **kwargs: b"")
        self.env["dropship.notification"]._decide(self.shipment)._deliver()
        opened = 0
        for user in (self.customer_user, None):
            self.authenticate(user.login if user else None, user.login if user else None)
            for url in self.pages():
                response = self.url_open(url)
                if response.status_code != 200:
                    continue
                opened += 1
                with self.subTest(url, user=user and user.login):
                    self.assertSilent(response.text, SECRET, url)
                    if response.headers["Content-Type"].startswith("text/html"):
                        self.assertSilent(html2plaintext(response.text), SECRET, url)
        self.assertGreater(opened, 6)

    def test_by_rpc_the_customer_reads_no_parcel_and_no_message(self):
        self.env["dropship.notification"]._decide(self.shipment)._deliver()
        swept = self.sweep(self.customer_user, (*self.of_vendors, "VENDORSECRET", "YARDSECRET", "RAWSECRET", "暗号"))
        self.assertFalse(
            {"dropship.shipment", "dropship.tracking.event", "dropship.notification", "dropship.notification.rule"}
            & swept
        )
