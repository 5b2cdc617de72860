"""Whom of an order news of its parcels reach, and on which way: nobody twice, nobody in the night."""

from typing import NamedTuple

import pytz
from odoo import fields, models
from odoo.tools import email_normalize

from ..tracking.quiet import end_of_quiet

# Countries that live by one clock whatever their width.
ONE_CLOCK = {"CN": ["Asia/Shanghai"]}


class Person(NamedTuple):
    """:param audience: customer, receiver, extra or desk · email, phone: fit to be used, or ''"""

    audience: str
    partner: models.BaseModel
    email: str
    phone: str


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_sms = fields.Boolean(
        string="SMS to Customers",
        groups="base.group_user",
        help="News of parcels go by SMS to customers without an e-mail address. SMS cost money.",
    )
    dropship_quiet_from = fields.Float(string="Quiet From", default=22.0, groups="base.group_user")
    dropship_quiet_until = fields.Float(string="Quiet Until", default=8.0, groups="base.group_user")
    dropship_quiet_sms = fields.Boolean(string="No SMS Then", default=True, groups="base.group_user")
    dropship_quiet_mail = fields.Boolean(string="No E-mails Then", groups="base.group_user")

    _dropship_quiet_hours = models.Constraint(
        "CHECK (dropship_quiet_from >= 0 AND dropship_quiet_from < 24"
        " AND dropship_quiet_until >= 0 AND dropship_quiet_until < 24)",
        "Quiet hours are between 0:00 and 23:59.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_sms = fields.Boolean(related="company_id.dropship_sms", readonly=False)
    dropship_quiet_from = fields.Float(related="company_id.dropship_quiet_from", readonly=False)
    dropship_quiet_until = fields.Float(related="company_id.dropship_quiet_until", readonly=False)
    dropship_quiet_sms = fields.Boolean(related="company_id.dropship_quiet_sms", readonly=False)
    dropship_quiet_mail = fields.Boolean(related="company_id.dropship_quiet_mail", readonly=False)


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    customer_contact = fields.Selection(
        [("any", "E-mail and SMS"), ("chat", "Only the marketplace's own chat")],
        string="News Reach Customers By",
        default="any",
        required=True,
        help="Many marketplaces forbid to write to their customers: what is to be told then waits in a list.",
    )
    tell_receiver = fields.Boolean(
        string="Tell the Receiver Too", help="Who receives the parcel hears of it besides who ordered it."
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_tell_receiver = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        string="Tell the Receiver",
        copy=False,
        groups="base.group_user",
        help="Who receives the parcel hears of it besides who ordered it. Empty: as the sales channel says.",
    )
    dropship_tell_partner_ids = fields.Many2many(
        "res.partner",
        "sale_order_dropship_tell_rel",
        string="Tell These, Too",
        copy=False,
        groups="base.group_user",
        help="They hear of the parcels of this order besides the customer.",
    )

    def _dropship_people(self, channel):
        """Who may hear of this order's parcels: the customer first; no address and no phone twice.

        :param channel: the order's sales channel
        :return: [Person]
        """
        self.ensure_one()
        wanted = [("customer", self.partner_id)]
        tells = self.dropship_tell_receiver == "yes" or (not self.dropship_tell_receiver and channel.tell_receiver)
        if tells:
            wanted.append(("receiver", self.partner_shipping_id))
        wanted += [("extra", partner) for partner in self.dropship_tell_partner_ids.sorted("id")]
        people, seen = [], set()
        for audience, partner in wanted:
            person = self._dropship_hearer(audience, partner)
            ways = {("partner", partner.id), ("email", person.email), ("phone", person.phone)}
            again = {way for way in ways if way[1]} & seen
            # Receivers that cannot be reached are not put into the list for chat: the marketplace knows the customer.
            if again or (audience != "customer" and not person.email and not person.phone):
                continue
            seen |= ways
            people.append(person)
        if self.user_id:
            people.append(self._dropship_hearer("desk", self.user_id.partner_id))
        return people

    def _dropship_hearer(self, audience, partner):
        """A person with what he can be reached by; an address belongs to whom it is an address of."""
        parents = partner | partner.parent_id if audience == "customer" else partner
        email = next((found for row in parents if (found := email_normalize(row.email or ""))), "")
        phone = ""
        for row in parents:
            if row.phone and not phone:
                country = row.country_id or self.partner_shipping_id.country_id or self.company_id.country_id
                phone = row._phone_format(number=row.phone, country=country) or ""
        return Person(audience, partner, email or "", phone)

    def _dropship_ways(self, person, rule, channel):
        """On which way a person is told by a rule: email, sms or list; '' on none."""
        self.ensure_one()
        if person.audience == "desk":
            return "email" if person.email else ""
        email = "email" if person.email else ""
        sms = "sms" if person.phone and self.company_id.dropship_sms else ""
        listed = "list" if person.audience == "customer" else ""
        if channel.customer_contact == "chat" or rule.channel == "list":
            return listed
        if rule.channel == "auto":
            return email or sms or listed
        return {"email": email, "sms": sms}[rule.channel]

    def _dropship_not_before(self, moment, way, partner):
        """The first moment from `moment` on at which the person may be disturbed on this way."""
        company = self.company_id
        if not (way == "sms" and company.dropship_quiet_sms) and not (way == "email" and company.dropship_quiet_mail):
            return moment
        country = partner.country_id or self.partner_shipping_id.country_id or company.country_id
        code = (country.code or "").upper()
        names = ONE_CLOCK.get(code) or list(pytz.country_timezones.get(code, ()))
        # The zone of a contact is often that of whoever entered him: it counts where it can be true.
        if partner.tz and (not names or partner.tz in names):
            names = [partner.tz]
        zones = [pytz.timezone(name) for name in names]
        return end_of_quiet(moment, zones, company.dropship_quiet_from, company.dropship_quiet_until)
