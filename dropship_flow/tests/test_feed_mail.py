from email.message import EmailMessage
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged

from ..connectors import email_read
from .common_feeds import CSV, FeedWorld
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestFeedMail(FeedWorld, FlowCase):
    """A price list attached to a mail: taken from the supplier's own people, and from nobody else."""

    letters = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier, cls.warehouse = cls.suppliers["Yiwu"], cls.warehouses["Yiwu"]
        cls.supplier.partner_id.email = "orders@yiwu.example"
        cls.env["res.partner"].create(
            {"name": "Wang", "email": "wang@yiwu.example", "parent_id": cls.supplier.partner_id.id}
        )
        domains = cls.env["mail.alias.domain"]
        cls.domain = domains.create({"name": "lumen.example", "company_ids": [(4, cls.company.id)]})
        cls.company.alias_domain_id = cls.domain
        cls.feed = cls.make_feed(by_mail=True, alias_name="prices-yiwu", alias_domain_id=cls.domain.id)

    def letter(self, *files, sender="wang@yiwu.example", to="prices-yiwu@lumen.example", **headers):
        TestFeedMail.letters += 1
        mail = EmailMessage()
        values = {"From": f"Wang <{sender}>", "To": to, "Subject": "New prices",
                  "Message-ID": f"<feed{TestFeedMail.letters}@yiwu.example>"}  # fmt: skip
        for name, value in {**values, **{key.replace("_", "-"): text for key, text in headers.items()}}.items():
            mail[name] = value
        mail.set_content("Our new prices.")
        for name, content in files:
            mail.add_attachment(content.encode(), maintype="application", subtype="octet-stream", filename=name)
        return mail.as_bytes()

    def deliver(self, letter):
        self.env["mail.thread"].message_process("res.partner", letter)

    def test_a_list_in_a_mail_is_taken(self):
        self.assertEqual(self.feed.alias_email, "prices-yiwu@lumen.example")
        letter = self.letter(("stock.csv", CSV), ("logo.png", "x"))
        self.deliver(letter)
        run = self.last_run()
        self.assertEqual((run.origin, run.file_name, run.state), ("mail", "stock.csv", "new"))
        run._process()
        self.assertEqual(self.taken()["A-1"], (9.9, 10.0))
        note = self.feed.message_ids.filtered(lambda message: message.subject == "New prices")
        self.assertIn("stock.csv came by mail", note.body)
        self.deliver(letter)
        self.assertEqual(len(self.feed.run_ids), 1, "the same mail twice is one mail")

    def test_mails_that_are_not_for_a_feed_are_not_read(self):
        only_headers = SimpleNamespace(recipients_of=email_read.recipients_of)
        with patch("odoo.addons.dropship_flow.models.feed_mail.email_read", only_headers):
            self.deliver(self.letter(("stock.csv", CSV), to="catchall@lumen.example"))
        self.assertFalse(self.feed.run_ids)

    def test_a_stranger_is_not_believed_and_the_buyer_is_told(self):
        self.deliver(self.letter(("stock.csv", CSV), sender="thief@evil.example"))
        self.assertFalse(self.feed.run_ids)
        self.assertIn("thief@evil.example is no contact of the supplier", self.feed.mail_text)
        kept = self.feed.message_ids.attachment_ids
        self.assertEqual(kept.mapped("name"), ["stock.csv"], "a person may still take it")
        self.assertTrue(self.feed.activity_ids)

    def test_a_forged_sender_is_found_out_where_the_mail_server_looks(self):
        self.env["dropship.connection"].create(
            {"name": "Mail", "kind": "email", "company_id": self.company.id, "mail_authserv": "mx.lumen.example"}
        )
        self.deliver(self.letter(("stock.csv", CSV)))
        self.assertFalse(self.feed.run_ids)
        self.assertIn("does not vouch", self.feed.mail_text)
        verdict = "mx.lumen.example; dmarc=pass header.from=yiwu.example"
        self.deliver(self.letter(("stock.csv", CSV), Authentication_Results=verdict))
        self.assertEqual(len(self.feed.run_ids), 1)
        self.assertFalse(self.feed.mail_text)

    def test_each_file_goes_to_its_own_feed(self):
        stock = self.make_feed(name="Stock", by_mail=True, mail_files="stock*.csv", columns=("sku", "stock"))
        self.feed.mail_files = "price*.csv, *list*.csv"
        message = self.supplier.message_post(body="Please send us your lists.", message_type="comment")
        self.deliver(
            self.letter(
                ("stock_0412.csv", "sku,stock\nA-1,4\n"), ("Pricelist.CSV", CSV), ("other.csv", "a,b\n1,2\n"),
                to="info@lumen.example", In_Reply_To=message.message_id,
            )  # fmt: skip
        )
        self.assertEqual(self.last_run(stock).file_name, "stock_0412.csv")
        self.assertEqual(self.last_run().file_name, "Pricelist.CSV")
        self.assertIn("other.csv", self.feed.mail_text)
        answers = self.supplier.message_ids.filtered(lambda found: found.subject == "New prices")
        self.assertEqual(len(answers), 1, "the thread keeps the mail itself")

    def test_a_mail_without_a_file_and_one_too_large(self):
        self.deliver(self.letter())
        self.assertIn("no file in it", self.feed.mail_text)
        self.feed.max_mb = 1
        self.deliver(self.letter(("stock.csv", CSV + "x" * 1_100_000)))
        self.assertIn("more than 1 MB", self.feed.mail_text)
        self.assertFalse(self.feed.run_ids)

    def test_a_feed_that_does_not_come_by_mail_takes_none(self):
        self.feed.by_mail = False
        self.deliver(self.letter(("stock.csv", CSV)))
        self.assertFalse(self.feed.run_ids)
