"""E-mail for the contract suite: a real mail server on this machine that wants a password."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .mail_server_local import MailServer

SECRET = "s3cret-canary-password"
CARRIES = {"order", "cancel", "change", "ask", "pay"}


@contextmanager
def connector_fixtures_email(case, **faults):
    """(connection, mail server)"""
    with MailServer(**faults) as server, patch.object(IrMail_Server, "_disable_send", lambda _self: False):
        mail_server = case.env["ir.mail_server"].create(
            {
                "name": "Local",
                "smtp_host": "127.0.0.1",
                "smtp_port": server.port,
                "smtp_encryption": "none",
                "smtp_authentication": "login",
                "smtp_user": "us",
                "smtp_pass": SECRET,
            }
        )
        connection = case.env["dropship.connection"].create(
            {
                "name": "Mail",
                "kind": "email",
                "company_id": case.env.company.id,
                "mail_from": "buying@lumen.example",
                "mail_to": "orders@rhein.example",
                "mail_server_id": mail_server.id,
                "rate": 1000,
            }
        )
        yield connection, server
