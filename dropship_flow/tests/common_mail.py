"""Suppliers that take orders by e-mail, and their letters."""

from contextlib import contextmanager
from email.message import EmailMessage
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common_flow import FlowCase
from .mail_server_local import MailServer


class MailCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"
        cls.rhein.partner_id.email = "orders@rhein.example"
        cls.connection = cls.env["dropship.connection"].create(
            {
                "name": "Mail",
                "kind": "email",
                "company_id": cls.company.id,
                "mail_from": "Lumen <buying@lumen.example>",
                "mail_reply_to": "answers@lumen.example",
            }
        )
        cls.rhein.connection_id = cls.connection

    @contextmanager
    def mail_server(self, **faults):
        """A real mail server Odoo sends through."""
        with MailServer(**faults) as server, patch.object(IrMail_Server, "_disable_send", lambda _self: False):
            self.connection.mail_server_id = self.env["ir.mail_server"].create(
                {
                    "name": "Local",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": server.port,
                    "smtp_encryption": "none",
                    "smtp_authentication": "login",
                }
            )
            yield server

    def relay(self, later=False):
        if later:
            messages = self.env["dropship.exchange"].search([("connection_id", "=", self.connection.id)])
            messages.filtered("next_try").write({"next_try": "2020-01-01"})
            self.env.flush_all()
        self.run_cron("cron_relay")

    def order_at_rhein(self, *lines):
        """An order whose mail went to Rhein; (sale order, purchase, message)."""
        order = self.make_sale(*(lines or (self.lamp, self.stand, self.cable)), confirm=True)
        purchase = order.dropship_purchase_ids.filtered(lambda row: row.partner_id == self.rhein.partner_id)
        self.relay()
        return order, purchase, purchase.dropship_exchange_ids

    letters = 0

    def letter(self, asked, text, sender="orders@rhein.example", token=True, raw=False, **headers):
        """A reply to one of our mails, as bytes."""
        MailCase.letters += 1
        mail = EmailMessage()
        values = {
            "From": f"Rhein <{sender}>",
            "To": asked.connection_id._mail_reply_address(self.company, asked.mail_token if token else ""),
            "Subject": f"Re: {asked._mail_name()}",
            "Message-ID": f"<letter{MailCase.letters}@rhein.example>",
        }
        for name, value in {**values, **{key.replace("_", "-"): value for key, value in headers.items()}}.items():
            if value:
                mail[name] = value
        mail.set_content(text)
        return mail if raw else mail.as_bytes()

    def deliver(self, letter):
        """Let the mail gateway have it, as fetchmail does, and the relay act on it.

        :return: what was stored
        """
        before = self.env["dropship.exchange"].search([], limit=1, order="id desc").id
        self.env["mail.thread"].message_process(
            "res.partner", letter if isinstance(letter, bytes) else letter.as_bytes()
        )
        self.relay()
        return self.env["dropship.exchange"].search([("id", ">", before), ("direction", "=", "in")])
