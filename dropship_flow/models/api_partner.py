"""The customer and the address of an API order: a known contact is used again, never changed."""

from collections import defaultdict

from odoo import api, models

ADDRESS_FIELDS = ("street", "street2", "dropship_district", "city", "zip", "state_id", "country_id")


class DropshipApi(models.AbstractModel):
    _inherit = "dropship.api"

    @api.model
    def _address_vals(self, address, countries, states, company):
        """The values of a contact for the address of an order. What has no field of its own is kept beside another."""
        country = countries.get(address.get("country", "").upper()) or company.country_id
        if "text" in address:
            return {**self._split_address(address["text"], country), "country_id": country.id}
        word = address.get("state", "").strip()
        state = states.get((country.code, word.lower()))
        city = " ".join(filter(None, [word if word and not state else "", address.get("city", "").strip()]))
        vals = {
            "street": address.get("street", "").strip(),
            "street2": address.get("street2", "").strip(),
            "dropship_district": address.get("district", "").strip(),
            "city": city,
            "zip": address.get("zip", "").strip(),
            "state_id": state.id if state else False,
            "country_id": country.id,
        }
        return {name: value or False for name, value in vals.items()}

    @api.model
    def _split_address(self, text, country):
        """Values of a contact for an address given as one text, read as the paste box reads it.

        :param country: the country it is in
        """
        vals, _found = self.env["res.partner"]._dropship_read_address(text, country)
        return {name: vals[name] or False for name in ADDRESS_FIELDS if name != "country_id"}

    @api.model
    def _contacts(self, company, entries):
        """Find or make the customer and the delivery address of each order.

        :param entries: [(customer of the body, values of the address)]
        :return: [(customer, delivery address)]
        """
        # Entering orders is what the caller may do; contacts come with them, as they do in the web shop.
        partners_sudo = self.env["res.partner"].sudo().with_company(company)
        known = self._known_customers(partners_sudo, company, [customer for customer, _address in entries])
        new = {}
        for customer, address in entries:
            key = self._customer_key(customer)
            if key not in known and key not in new:
                new[key] = {
                    "name": customer["name"].strip(),
                    "phone": customer.get("phone", "").strip() or False,
                    "email": customer.get("email", "").strip() or False,
                    "company_id": company.id,
                    **address,
                }
        known |= dict(zip(new, partners_sudo.create(list(new.values())), strict=True))
        return self._with_addresses(partners_sudo, known, entries)

    @api.model
    def _with_addresses(self, partners_sudo, known, entries):
        children = partners_sudo.search(
            [("parent_id", "in", [partner.id for partner in known.values()]), ("type", "=", "delivery")]
        ).grouped("parent_id")
        result, missing = [], {}
        for customer, address in entries:
            partner = known[self._customer_key(customer)]
            key = (partner, *(address.get(name) or False for name in ADDRESS_FIELDS))
            candidates = partner | children.get(partner, partners_sudo.browse())
            same = candidates.filtered(lambda row, key=key: self._address_of(row) == key[1:])[:1]
            if not same and key not in missing:
                missing[key] = {
                    "parent_id": partner.id,
                    "type": "delivery",
                    "name": partner.name,
                    "phone": customer.get("phone", "").strip() or False,
                    "company_id": partner.company_id.id,
                    **address,
                }
            result.append((partner, same, key))
        made = dict(zip(missing, partners_sudo.create(list(missing.values())), strict=True))
        plain = self.env["res.partner"]
        return [(plain.browse(partner.id), plain.browse((same or made[key]).id)) for partner, same, key in result]

    @api.model
    def _address_of(self, partner):
        values = (partner[name] for name in ADDRESS_FIELDS)
        return tuple(value.id if isinstance(value, models.BaseModel) else value or False for value in values)

    @api.model
    def _known_customers(self, partners_sudo, company, customers):
        """{key: contact} of customers who ordered before: the same name, and the same mail or telephone.

        Colleagues and contacts of other companies are nobody's customers here.
        """
        wanted = {self._customer_key(customer): customer for customer in customers}
        emails = {key[1] for key in wanted if key[1]}
        phones = {key[2] for key in wanted if key[2]}
        if not emails and not phones:
            return {}
        rows = partners_sudo.search(
            [
                ("name", "in", [customer["name"].strip() for customer in wanted.values()]),
                ("parent_id", "=", False),
                ("company_id", "in", [False, company.id]),
            ],
            order="id",
        )
        by_email, by_phone = defaultdict(partners_sudo.browse), defaultdict(partners_sudo.browse)
        for row in rows.filtered(lambda row: all(user.share for user in row.user_ids)):
            by_email[row.name.strip(), (row.email or "").strip().lower()] |= row
            by_phone[row.name.strip(), digits(row.phone)] |= row
        found = {}
        for key in wanted:
            name, email, phone = key
            row = (email and by_email[name, email][:1]) or (phone and by_phone[name, phone][:1])
            if row:
                found[key] = row
        return found

    @api.model
    def _customer_key(self, customer):
        """(name, mail, digits of the telephone); customers without both are told apart by nothing else."""
        return (
            customer["name"].strip(),
            customer.get("email", "").strip().lower(),
            digits(customer.get("phone")),
        )


def digits(phone):
    """Only the digits, without leading zeros."""
    return "".join(char for char in phone or "" if char.isdecimal()).lstrip("0")
