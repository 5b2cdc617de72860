"""Whom an invoice is for (抬头): a person or a company with its tax number, several for each customer."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from ..fapiao import numbers

KINDS = [("none", "No fapiao"), ("ordinary", "Ordinary (普票)"), ("special", "Special, VAT deductible (专票)")]
WHO = [("person", "A person"), ("company", "A company")]
# What a customer says; everything else is ours.
SAID = ("name", "tax_number", "address", "phone", "bank", "account", "email", "mobile")
FOR_SPECIAL = ("address", "phone", "bank", "account")
LONGEST = 200


class DropshipFapiaoTitle(models.Model):
    _name = "dropship.fapiao.title"
    _description = "Fapiao Title"
    _order = "last_used desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    who = fields.Selection(WHO, string="For", required=True, default="company")
    name = fields.Char(string="Title (抬头)", required=True, size=LONGEST)
    tax_number = fields.Char(string="Tax Number (税号)", size=40)
    address = fields.Char(size=LONGEST)
    phone = fields.Char(size=60)
    bank = fields.Char(size=LONGEST)
    account = fields.Char(string="Bank Account", size=60)
    email = fields.Char(string="Send to E-mail", size=254)
    mobile = fields.Char(string="Send to Mobile", size=60)
    last_used = fields.Datetime(default=fields.Datetime.now, readonly=True)

    _customer_title_uniq = models.UniqueIndex(
        "(partner_id, company_id, who, name, COALESCE(tax_number, ''))",
        "The customer has this title already. Change that one.",
    )

    @api.depends("name", "tax_number")
    def _compute_display_name(self):
        for title in self:
            title.display_name = " · ".join(text for text in (title.name, title.tax_number) if text)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy(vals))

    @api.model
    def _tidy(self, vals):
        """Tax numbers without blanks; the customer is who signs the contract, not one of his addresses."""
        vals = dict(vals)
        if "tax_number" in vals:
            vals["tax_number"] = numbers.tidy(vals["tax_number"]) or False
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id
        return vals

    @api.constrains("who", "tax_number")
    def _check_tax_number(self):
        for title in self:
            if problem := self._number_refusal(title.who, title.tax_number or ""):
                raise ValidationError(problem)

    @api.model
    def _number_refusal(self, who, number):
        """What is wrong with a tidy tax number, as a sentence; "" for nothing."""
        if not number:
            return self.env._("A company needs its tax number (税号) on the fapiao.") if who == "company" else ""
        return {
            "": "",
            "length": self.env._("The tax number %s is incomplete: it has 18 characters, old ones 15.", number),
            "signs": self.env._("The tax number %s has characters that cannot be in one. Copy it once more.", number),
            "check": self.env._(
                "The tax number %s is mistyped: its last character does not fit the others. Copy it once more.", number
            ),
        }[numbers.tax_number_problem(number)]

    @api.model
    def _said(self, values):
        """What a customer filled in, as values; unknown keys are left out.

        :raise UserError: when something is too long or is no e-mail address
        """
        said = {}
        for name in SAID:
            text = values.get(name)
            text = text if isinstance(text, str) else ""
            text = " ".join(text.replace("\x00", "").encode(errors="ignore").decode().split())
            if name == "tax_number":
                text = numbers.tidy(text)[:40]
            if name != "tax_number" and len(text) > (self._fields[name].size or LONGEST):
                raise UserError(self.env._("%s is too long.", self._fields[name]._description_string(self.env)))
            said[name] = text or False
        if said["email"] and not email_normalize(said["email"]):
            raise UserError(self.env._("%s is no e-mail address.", said["email"]))
        said["who"] = "person" if values.get("who") == "person" else "company"
        if said["who"] == "person":
            said["tax_number"] = False
        return said

    @api.model
    def _remember(self, partner, company, kind, values):
        """The title a customer filled in for a kind of fapiao: a known one is brought up to date, else it is new.

        :raise UserError: with a sentence for the customer when it cannot stand on a fapiao; nothing is kept then
        """
        said = self._said(values)
        if not said["name"]:
            raise UserError(self.env._("Please enter the name that is to stand on the fapiao (发票抬头)."))
        if said["who"] == "person" and kind == "special":
            raise UserError(self.env._("A special fapiao (专票) is for companies only. Choose the ordinary one."))
        if problem := self._number_refusal(said["who"], said["tax_number"] or ""):
            raise UserError(problem)
        if kind == "special":
            labels = self.fields_get(FOR_SPECIAL, ["string"])
            if missing := [labels[name]["string"] for name in FOR_SPECIAL if not said[name]]:
                raise UserError(self.env._("A special fapiao (专票) needs also: %s", ", ".join(missing)))
        customer = partner.commercial_partner_id
        key = ("who", "name", "tax_number")
        domain = [("partner_id", "=", customer.id), ("company_id", "=", company.id)]
        title = self.search(domain + [(name, "=", said[name]) for name in key], limit=1)
        if not title:
            return self.create({**said, "partner_id": customer.id, "company_id": company.id})
        known = {name: text for name, text in said.items() if text}  # a short form does not wipe out a bank account
        title.write({**known, "last_used": fields.Datetime.now()})
        return title

    @api.model
    def _known_for(self, partner, company):
        """The titles a customer used, the last first."""
        domain = [("partner_id", "=", partner.commercial_partner_id.id), ("company_id", "=", company.id)]
        return self.search(domain, limit=10)
