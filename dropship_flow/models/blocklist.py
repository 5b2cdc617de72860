from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import ormcache

from ..address.keys import address_key, email_key, phone_key
from ..holding import Block

KINDS = [("phone", "Phone"), ("address", "Address"), ("email", "E-mail"), ("region", "Region")]


class DropshipBlocklist(models.Model):
    """Customers whose orders are refused, prepaid or looked at, found by a normalised key."""

    _name = "dropship.blocklist"
    _description = "Blocklist Entry"
    _order = "id desc"

    kind = fields.Selection(KINDS, required=True, default="phone")
    value = fields.Char(
        string="As Written",
        help="Phone number or e-mail address, or street and house number. For a region: the beginning of its postal "
        "codes, or empty.",
    )
    zip = fields.Char(string="Postal Code")
    city = fields.Char()
    state_id = fields.Many2one("res.country.state", domain="[('country_id', '=?', country_id)]")
    country_id = fields.Many2one("res.country", help="Where a phone number without + is dialled.")
    key = fields.Char(compute="_compute_key", store=True, index=True, help="The same however it is written.")
    action = fields.Selection(
        [("refuse", "Refuse"), ("prepay", "Prepay only"), ("hold", "Hold")],
        default="hold",
        required=True,
        help="Refuse: the web shop takes no order, others wait for a buyer. Prepay only: neither cash on delivery nor "
        "transfer. Hold: a person looks at each order.",
    )
    reason = fields.Char(required=True)
    expires_on = fields.Date(help="The last day it counts. Empty: for good.")
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)
    active = fields.Boolean(default=True)

    _once = models.UniqueIndex(
        "(COALESCE(company_id, 0), kind, key) WHERE active", "This is on the blocklist already: change that entry."
    )

    @api.depends("kind", "value", "zip", "city", "state_id", "country_id")
    def _compute_key(self):
        for entry in self:
            country = entry.country_id.code or entry.state_id.country_id.code or ""
            value = entry.value or ""
            if entry.kind == "phone":
                entry.key = phone_key(value, country)
            elif entry.kind == "email":
                entry.key = email_key(value)
            elif entry.kind == "address":
                place = {"zip": entry.zip, "city": entry.city, "state": entry.state_id.name, "country": country}
                entry.key = address_key({"street": value, **place})
            else:
                entry.key = region_key(country, entry.state_id.id, value)

    @api.depends("kind", "value", "country_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            place = entry.value or entry.state_id.name or entry.country_id.name
            entry.display_name = f"{kinds.get(entry.kind, '')}: {place or ''}"

    @api.constrains("key", "kind", "value", "country_id", "state_id")
    def _check_key(self):
        for entry in self:
            if not entry.key:
                raise ValidationError(
                    self.env._(
                        '"%(value)s" cannot be compared with anything: enter a phone number with its digits, an '
                        "e-mail address, a street with its city and country, or the country of a region.",
                        value=(entry.value or "")[:100],
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._changed()
        return entries

    def write(self, vals):
        result = super().write(vals)
        self._changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._changed()
        return result

    def _changed(self):
        self.env.registry.clear_cache()
        self.env["dropship.hold"].sudo()._check_all_soon()  # whoever may change the list changes what waits

    @api.model
    def _block(self, entries, reason, action="hold", expires_on=False, company=None, partner=None):
        """Put keys on the list; what is on it already takes the new reason, expiry and action.

        :param list entries: values of each key: kind, value, country_id …
        """
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Blocking customers needs the right Dropshipping / User."))
        company = company or self.env.company
        common = {"reason": reason, "action": action, "expires_on": expires_on, "partner_id": partner and partner.id}
        list_sudo = self.sudo()  # the order desk blocks by this button and never changes the list itself
        done = list_sudo.browse()
        for vals in entries:
            new = list_sudo.new({**vals, **common, "company_id": company.id})
            known = list_sudo.search(
                [("company_id", "=", company.id), ("kind", "=", new.kind), ("key", "=", new.key)], limit=1
            )
            if known:
                known.write(common)
                done |= known
            else:
                with self.env["dropship.hold"]._first_come():
                    done |= list_sudo.create({**vals, **common, "company_id": company.id})
        return done.sudo(False)

    @api.model
    def _blocks_of(self, keys_of, company):
        """What the list says.

        :param dict keys_of: {anything: {"phone": keys, "email": keys, "address": keys, "region": (country code, state
            id, postal code)}}
        :return: {anything: [holding.Block]}
        """
        found = defaultdict(list)
        if not keys_of or not self.sudo()._is_used(company.id):
            return found
        wanted = {key for keys in keys_of.values() for kind in ("phone", "email", "address") for key in keys[kind]}
        today = fields.Date.today()
        entries = self.sudo().search_fetch(
            [
                ("company_id", "in", (False, company.id)),
                "|", ("expires_on", "=", False), ("expires_on", ">=", today),
                "|", ("kind", "=", "region"), ("key", "in", [*wanted]),
            ],
            ["kind", "key", "action", "reason"],
            order="id",
        )  # fmt: skip
        for entry in entries:
            block = Block(entry.id, entry.kind, entry.action, entry.reason or "")
            for owner, keys in keys_of.items():
                if in_region(entry.key, keys["region"]) if entry.kind == "region" else entry.key in keys[entry.kind]:
                    found[owner].append(block)
        return found

    @api.model
    @ormcache("company_id")
    def _is_used(self, company_id):
        entries = self.with_context(active_test=True)
        return bool(entries.search_count([("company_id", "in", (False, company_id))], limit=1))


def region_key(country_code, state_id, prefix):
    """Key of a region: country, then state and the beginning of the postal code where they matter."""
    prefix = "".join((prefix or "").split()).upper()
    return f"{country_code}|{state_id or ''}|{prefix}" if country_code else ""


def in_region(key, place):
    """Whether (country code, state id, postal code) lies in the region of a key."""
    country, state, prefix = key.split("|")
    return (
        country == place[0]
        and (not state or state == str(place[1] or ""))
        and "".join((place[2] or "").split()).upper().startswith(prefix)
    )
