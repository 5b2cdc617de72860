"""Mails of suppliers about returns and claims: the same trust as for orders, other words."""

import re

from odoo import api, models

from ...connectors.email_words import parse_claim, parse_return
from ...connectors.replies import READERS

# Our numbers of returns and claims, as they stand in subjects.
REFS = re.compile(r"\b([A-Z]{2,6}/\d{4}/\d{3,10}|CLM-\d{1,9})\b")


class DropshipMailGateway(models.AbstractModel):
    _inherit = "dropship.mail.gateway"

    @api.model
    def _asked(self, mail):
        """Override: a new mail to our address for orders answers the return or claim its subject names."""
        found = super()._asked(mail)
        refs = REFS.findall((mail.subject or "").upper())[:10]
        if found or not refs or not self._comes_to_us(mail):
            return found
        named = self.env["dropship.return.side"].search([("ref", "in", refs)]).exchange_ids
        numbers = [int(ref[4:]) for ref in refs if ref.startswith("CLM-")]
        named |= self.env["dropship.claim"].search([("id", "in", numbers)]).exchange_ids
        senders = set(mail.senders)
        return named.filtered(
            lambda message: message.direction == "out" and message.supplier_id._known_addresses() & senders
        ).sorted("id")[-1:]

    @api.model
    def _inquiry(self, message):
        """Override: what a mail is about, when it is no purchase."""
        return super()._inquiry(message) or message.side_id.return_id or message.claim_id

    @api.model
    def _other_orders(self, mail, last):
        """Override: the orders a return is of may be named."""
        found = super()._other_orders(mail, last)
        if not last._about_return():
            return found
        about = last.side_id._lines().purchase_line_id.order_id if last.side_id else last.claim_id.purchase_id
        return [name for name in found if name not in about.mapped("name")]

    @api.model
    def _understand(self, mail, last):
        """Override: returns and claims are answered in their own words."""
        if not last._about_return():
            return super()._understand(mail, last)
        about = last._reply_about(last.kind)
        if about == "claim":
            reply = parse_claim(mail.text)
        else:
            reply = parse_return(mail.text, (last.side_id.content or {}).get("lines") or [])
        return self._checked(reply, last, READERS[about])

    @api.model
    def _checked(self, reply, last, check):
        """Override: a return or claim is known by its own number."""
        if not last._about_return() or not reply.answer:
            return super()._checked(reply, last, check)
        try:
            return reply.why, reply.detail, [check({**reply.answer, "ref": last.content["ref"]})]
        except ValueError as error:
            return "no_form", str(error), []
