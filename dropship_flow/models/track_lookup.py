"""Finding an order by its number and the customer's mail address or phone, for who has lost his link."""

import hashlib
import hmac
import re
import unicodedata
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..address.keys import phone_key

LONGEST = 100
# (tries, minutes): a person never needs so many; who guesses needs far more.
LIMITS = {"address": (20, 10), "order": (8, 60), "report": (6, 60), "photo": (20, 24 * 60)}


class DropshipTrackTry(models.Model):
    """A try to find an order, or to report a problem: only counted. Says nothing about who or what without a key."""

    _name = "dropship.track.try"
    _description = "Try on the Tracking Page"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    kind = fields.Char(required=True)
    key = fields.Char(required=True)
    at = fields.Datetime(required=True)

    _recent = models.Index("(key, at)")

    @api.model
    def _allow(self, company, kind, value):
        """Whether one more is allowed; counts it when it is."""
        most, minutes = LIMITS[kind]
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        key = hmac.new(secret.encode(), f"{kind}:{company.id}:{value}".encode(), hashlib.sha256).hexdigest()[:32]
        now = fields.Datetime.now()
        tries_sudo = self.sudo()  # counted for visitors
        recent = [("key", "=", key), ("at", ">", now - timedelta(minutes=minutes))]
        if tries_sudo.search_count(recent, limit=most) >= most:
            return False
        tries_sudo.create({"company_id": company.id, "kind": kind, "key": key, "at": now})
        return True

    @api.autovacuum
    def _gc_tries(self):
        self.search([("at", "<", fields.Datetime.now() - timedelta(days=2))], limit=10_000).unlink()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _dropship_track_reference(self, text):
        """An order's number as it is compared: without the marks and spaces people write around it."""
        text = unicodedata.normalize("NFKC", text if isinstance(text, str) else "")[:LONGEST]
        text = "".join(letter for letter in text if letter.isprintable())
        return re.sub(r"^(?:#|no\.?|nr\.?|№)\s*", "", " ".join(text.split()), flags=re.IGNORECASE).strip()

    @api.model
    def _dropship_lookup(self, company, website, reference, contact):
        """The order of a number and a mail address or phone; empty when the two do not belong together.

        Runs as the system. The work is about the same whether the number exists or not.

        :param website: orders of other websites are not found on it
        """
        reference = self._dropship_track_reference(reference)
        contact = contact.strip()[:LONGEST] if isinstance(contact, str) else ""
        escaped = re.sub(r"([\\%_])", r"\\\1", reference)
        domain = Domain("company_id", "=", company.id) & Domain("state", "in", ("sale", "cancel"))
        domain &= Domain("website_id", "in", [False, *website.ids])
        domain &= Domain("name", "=ilike", escaped) | Domain("client_order_ref", "=ilike", escaped)
        found = self.search(domain, limit=20) if reference and contact else self.browse()
        # Somebody is compared in any case.
        compared = [found.browse(), *found]
        matches = [order._dropship_is_contact(contact) for order in compared]
        return next((order for order, same in zip(compared, matches, strict=True) if same), self.browse())

    def _dropship_is_contact(self, contact):
        """Whether a mail address or phone is one of the order's customer or receiver."""
        partners = self.partner_id | self.partner_shipping_id | self.partner_invoice_id
        partners |= partners.commercial_partner_id
        if "@" in contact:
            wanted = email_normalize(contact, strict=False) or ""
            known = {partner.email_normalized for partner in partners} - {False, ""}
            return self._dropship_any_same(wanted, known or {"nobody@example.invalid"})
        countries = {partner.country_id.code or "" for partner in partners} | {""}
        known = {
            phone_key(partner.phone, partner.country_id.code or "") for partner in partners if partner.phone
        } - {""}
        wanted = {phone_key(contact, code) for code in countries} - {""}
        same = [self._dropship_any_same(one, known or {"0"}) for one in sorted(wanted)]
        return any(same)

    @api.model
    def _dropship_any_same(self, wanted, known):
        """Compares with all of them, in a time that tells nothing."""
        same = [hmac.compare_digest(wanted.encode(), one.encode()) for one in sorted(known)]
        return bool(wanted) and any(same)
