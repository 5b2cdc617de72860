import email
import email.policy

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common_mail import MailCase


@tagged("post_install", "-at_install", "standard")
class TestConnectorEmail(MailCase):
    """Orders go out by e-mail: once, recognisable, and with nothing a supplier need not know."""

    def parsed(self, server, number=-1):
        return email.message_from_bytes(server.mails[number].data, policy=email.policy.SMTP)

    def test_an_order_goes_out_as_a_mail(self):
        with self.mail_server() as server:
            order = self.hero(confirm=True)
            self.assertFalse(server.mails, "nothing is sent inside the customer's transaction")
            self.relay()
        purchase = order.dropship_purchase_ids
        message = purchase.dropship_exchange_ids
        self.assertEqual((message.state, message.attempts), ("sent", 1))
        self.assertFalse(message.next_try, "nobody can be asked, so nobody is")
        self.assertEqual(server.mails[0].recipients, ["orders@rhein.example"])
        mail = self.parsed(server)
        self.assertEqual(mail["Subject"], f"PO {purchase.name} rev 1")
        self.assertEqual(mail["Message-Id"], message.mail_id)
        self.assertEqual(mail["Reply-To"], f"Lumen <answers+{message.mail_token}@lumen.example>")
        self.assertEqual(server.mails[0].sender, f"answers+{message.mail_token}@lumen.example")
        text = mail.get_body(("plain",)).get_content()
        for word in ("Anna Weber", "10115 Berlin", "15.90", "ACCEPT", self.offers["Rhein", self.lamp].sku):
            self.assertIn(word, text)

    def test_the_supplier_learns_nothing_more(self):
        self.anna.email = "anna@example.com"
        with self.mail_server() as server:
            order = self.hero(confirm=True)
            self.relay()
        text = self.parsed(server).get_body(("plain",)).get_content()
        for secret in ("anna@example.com", order.name, "34.9", "52.7"):
            self.assertNotIn(secret, text)
        self.assertNotIn("mail_token", str(order.dropship_purchase_ids.dropship_exchange_ids.payload))

    def test_a_chinese_supplier_reads_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rhein.partner_id.lang = "zh_CN"
        self.assertEqual(self.env["dropship.connector"]._mail_lang(self.rhein), "zh_CN")
        with self.mail_server() as server:
            self.hero(confirm=True)
            self.relay()
        self.assertTrue(server.mails)

    def test_it_took_the_mail_and_hung_up(self):
        """Never sent again by itself; a person asks, once."""
        buyer = self.make_login("buyer")
        with self.mail_server(data_end="drop") as server:
            order = self.hero(confirm=True)
            self.relay()
            message = order.dropship_purchase_ids.dropship_exchange_ids
            self.assertEqual(message.state, "unknown")
            for _ in range(3):
                self.relay(later=True)
            self.assertEqual(message.state, "parked")
            self.assertIn("ask the supplier", message.error)
            self.assertEqual(len(server.mails), 1)
            self.assertEqual(order.dropship_exception_ids.mapped("kind"), ["not_sent"])
            message.with_user(buyer).action_it_arrived()
            self.relay(later=True)
        self.assertEqual((message.state, len(server.mails)), ("sent", 1))

    def test_all_unknown_ones_land_with_people_in_one_round(self):
        with self.mail_server(data_end="drop") as server:
            for _ in range(5):
                self.hero(confirm=True)
            self.relay()
            self.connection.write({"failures": 0, "paused_until": False})
            self.relay(later=True)
        messages = self.env["dropship.exchange"].search([("connection_id", "=", self.connection.id)])
        self.assertEqual(messages.mapped("state"), ["parked"] * 5)
        self.assertEqual(len(server.mails), 5)

    def test_refused_recipients_are_no_recipients(self):
        with self.mail_server(rcpt="550 no such user"):
            order = self.hero(confirm=True)
            self.relay()
        message = order.dropship_purchase_ids.dropship_exchange_ids
        self.assertEqual(message.state, "rejected")
        self.assertIn("no such user", message.error)
        self.assertEqual(order.dropship_exception_ids.kind, "not_sent")

    def test_a_server_that_is_away_is_tried_again(self):
        with self.mail_server(greeting="421 busy") as server:
            order = self.hero(confirm=True)
            self.relay()
            message = order.dropship_purchase_ids.dropship_exchange_ids
            self.assertEqual(message.state, "ready")
            server.faults.clear()
            self.relay(later=True)
        self.assertEqual((message.state, len(server.mails)), ("sent", 1))

    def test_an_address_that_is_missing_is_said(self):
        self.rhein.partner_id.email = False
        buyer = self.make_login("buyer")
        with self.mail_server():
            order = self.hero(confirm=True)
            self.relay()
            message = order.dropship_purchase_ids.dropship_exchange_ids
            self.assertEqual(message.state, "parked")
            self.assertIn("no e-mail address", message.error)
            self.rhein.partner_id.email = "new@rhein.example"
            message.with_user(buyer).action_retry()
            self.relay()
        self.assertEqual(message.state, "sent")

    def test_a_cancellation_is_a_reply_in_the_same_thread(self):
        with self.mail_server() as server:
            _order, purchase, message = self.order_at_rhein()
            purchase.button_cancel()
            self.relay()
        mail = self.parsed(server)
        self.assertEqual(mail["Subject"], f"Re: PO {purchase.name} rev 1")
        self.assertEqual(mail["In-Reply-To"], message.mail_id)
        self.assertNotEqual(mail["Message-Id"], message.mail_id)
        self.assertIn("not", mail.get_body(("plain",)).get_content())

    def test_orders_go_to_the_order_contact(self):
        self.rhein.order_contact_id = self.env["res.partner"].create(
            {"name": "Li", "parent_id": self.rhein.partner_id.id, "email": "li@rhein.example"}
        )
        with self.mail_server() as server:
            self.hero(confirm=True)
            self.relay()
        self.assertEqual(server.mails[0].recipients, ["li@rhein.example"])

    def test_what_is_no_address_is_refused(self):
        for vals in ({"mail_from": "me"}, {"mail_reply_to": "a@b.example, c@d.example"}, {"mail_to": "nobody"}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.connection.write(vals)

    def test_only_administrators_lead_orders_elsewhere(self):
        manager = self.make_login("manager")
        self.connection.with_user(manager).mail_from = "other@lumen.example"
        with self.assertRaises(AccessError):
            self.connection.with_user(manager).mail_to = "thief@elsewhere.example"
        with self.assertRaises(AccessError):
            self.env["dropship.exchange"].with_user(manager).search([]).read(["mail_token"])
