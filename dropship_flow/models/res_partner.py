from odoo import api, fields, models

from ..address import complete, keys, ship_to
from ..address import parse as reader
from .reason_text import FLOW_REASONS, _lt, reasons_text

# What counts as "the address": a change of one of them may concern parcels that are on order.
ADDRESS_FIELDS = (
    "name",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "phone",
    "dropship_district",
    "parent_id",
    "company_name",
)
FLOW_REASONS.update(
    {
        "address_no_country": _lt("The country is missing."),
        "address_no_name": _lt("The name of the recipient is missing."),
        "address_no_street": _lt("The street is missing."),
        "address_junk_street": _lt("The street is not an address."),
        "address_no_number": _lt("The house number is missing."),
        "address_no_city": _lt("The town is missing."),
        "address_no_zip": _lt("The zip code is missing."),
        "address_bad_zip": _lt("The zip code is not one of the country."),
        "address_no_state": _lt("The state or province is missing."),
        "address_bad_state": _lt("The state does not exist in the country."),
        "address_no_district": _lt("The district is missing."),
        "address_no_phone": _lt("Couriers there need a phone number."),
        "address_bad_phone": _lt("The phone number is not one a courier can call."),
    }
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    dropship_district = fields.Char(
        string="District",
        groups="base.group_user",
        help="The district or county below the city (区/县), where addresses have one.",
    )
    dropship_phone_key = fields.Char(
        compute="_compute_dropship_phone_key",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
        help="The phone number in international digits: the same for every way to write it.",
    )
    dropship_address_key = fields.Char(
        compute="_compute_dropship_address_key",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
        help="The place in a normal form: the same for every way to write it.",
    )

    @api.depends("phone", "country_id.code")
    def _compute_dropship_phone_key(self):
        home = self.env.company.country_id.code or ""
        for partner in self:
            partner.dropship_phone_key = keys.phone_key(partner.phone, partner.country_id.code or home) or False

    @api.depends("street", "street2", "dropship_district", "city", "zip", "state_id.name", "country_id.code")
    def _compute_dropship_address_key(self):
        for partner in self:
            partner.dropship_address_key = keys.address_key(partner._dropship_address()) or False

    @api.model
    def _get_frontend_writable_fields(self):
        """Override: the checkout asks for the district."""
        return super()._get_frontend_writable_fields() | {"dropship_district"}

    @api.model
    def _address_fields(self):
        """Override: a contact at the address of its company has its district too."""
        return [*super()._address_fields(), "dropship_district"]

    @api.model
    def _formatting_address_fields(self):
        """Override: the district is read apart, with rights of its own."""
        return [name for name in super()._formatting_address_fields() if name != "dropship_district"]

    def _display_address_depends(self):
        return [*super()._display_address_depends(), "dropship_district"]

    def _prepare_display_address(self, without_company=False):
        """Override: the district stands with the city, in the order of the country."""
        address_format, args = super()._prepare_display_address(without_company)
        # Whoever may read the address may read all of it.
        if district := self.sudo().dropship_district:
            joint = "" if args["country_code"] in ("CN", "TW", "HK", "MO") else ", "
            args["city"] = joint.join(filter(None, (args["city"], district)))
        return address_format, args

    # ------------------------------------------------------------------
    # In and out of the pure package
    # ------------------------------------------------------------------

    def _dropship_address(self):
        """The address as plain data, in the words of the pure package; names of states and countries in English."""
        self.ensure_one()
        partner_sudo = self.sudo().with_context(lang="en_US")  # the district has rights of its own
        company = partner_sudo.commercial_company_name or ""
        return {
            "name": partner_sudo.name or partner_sudo.parent_id.name or "",
            "company": company if company != partner_sudo.name else "",
            "street": partner_sudo.street or "",
            "street2": partner_sudo.street2 or "",
            "district": partner_sudo.dropship_district or "",
            "city": partner_sudo.city or "",
            "state": partner_sudo.state_id.code or "",
            "state_name": partner_sudo.state_id.name or "",
            "zip": partner_sudo.zip or "",
            "country": partner_sudo.country_id.code or "",
            "country_name": partner_sudo.country_id.name or "",
            "phone": partner_sudo.phone or partner_sudo.commercial_partner_id.phone or "",
        }

    def _dropship_ship_to(self):
        """The frozen form: what a supplier needs to send a parcel, and nothing else."""
        return ship_to.freeze(**self._dropship_address())

    def _dropship_address_problems(self):
        """Why a parcel may not arrive there, as reasons: [[code, {}], …]."""
        return [[f"address_{code}", {}] for code in complete.problems(self._dropship_address())]

    @api.model
    def _dropship_problems_text(self, address):
        """The same of plain data, in words."""
        return reasons_text(self.env, [[f"address_{code}", {}] for code in complete.problems(address)])

    @api.model
    def _dropship_read_address(self, text, country=None):
        """Split a pasted address.

        :param country: res.country, where it is when the text does not say
        :return: (values for a contact without `city_id`, the parsed form)
        :raise address.parse.TooLong: for more than 2,000 characters
        """
        countries = self.env["res.country"].sudo().search([])
        names = {country.name.lower(): country.code for country in countries if country.name}
        found = reader.parse(text, country.code or "" if country else "", names)
        land = countries.filtered(lambda country: country.code == found.country)[:1]
        vals = {
            "name": found.name,
            "phone": found.phone,
            "email": found.email,
            "street": found.street,
            "street2": found.street2,
            "dropship_district": found.district,
            "city": found.city,
            "zip": found.zip,
            "country_id": land.id,
            "state_id": self._dropship_state(land, found.state, found.state_name).id,
        }
        return vals, found

    @api.model
    def _dropship_state(self, country, code, name):
        states = country.state_ids
        return (code and states.filtered(lambda state: state.code == code)[:1]) or (
            name and states.filtered(lambda state: state.name.lower() == name.lower())[:1]
        ) or states.browse()  # fmt: skip

    @api.model
    def _dropship_with_city(self, vals):
        """With the city of the national list, where an addon provides one."""
        if "city_id" not in self._fields or not vals.get("city"):
            return vals
        # China's list keeps the districts of a city as "杭州市西湖区".
        names = [f"{vals['city']}{vals.get('dropship_district') or ''}", vals["city"]]
        domain = [("name", "in", names), ("country_id", "=", vals.get("country_id"))]
        if vals.get("state_id"):
            domain.append(("state_id", "=", vals["state_id"]))
        found = self.env["res.city"].sudo().search(domain).sorted(lambda city: names.index(city.name))
        return {**vals, "city_id": found[:1].id}

    def write(self, vals):
        """Override: parcels on order follow a corrected address, or their senders are asked."""
        result = super().write(vals)
        if not self.env.context.get("dropship_internal") and any(name in vals for name in ADDRESS_FIELDS):
            self._dropship_address_edited()
        return result

    def _dropship_address_edited(self):
        # Whoever edits a contact need not have rights on the orders behind it.
        rows_sudo = (
            self.env["dropship.allocation"]
            .sudo()
            .search(
                [
                    ("state", "in", ("planned", "submitted", "accepted")),
                    ("order_id.state", "=", "sale"),
                    ("order_id.partner_shipping_id", "child_of", self.ids),
                ]
            )
        )
        rows_sudo.order_id._dropship_follow_address()

    def action_dropship_paste(self):
        """Open the box that splits a pasted address."""
        self.ensure_one()
        return self.env["dropship.address.paste"]._open(partner=self)
