from odoo import api, fields, models
from odoo.exceptions import UserError

from ..address.parse import LONGEST, TooLong

PARTS = (
    "name",
    "phone",
    "email",
    "street",
    "street2",
    "dropship_district",
    "city",
    "zip",
    "state_id",
    "country_id",
)


class DropshipAddressPaste(models.TransientModel):
    """A pasted address, split into its parts before anything is kept."""

    _name = "dropship.address.paste"
    _description = "Paste Address"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order", ondelete="cascade")
    text = fields.Text(string="Address", help="As it was sent to you: name, phone and address in any order.")
    name = fields.Char(compute="_compute_parts", store=True, readonly=False)
    phone = fields.Char(compute="_compute_parts", store=True, readonly=False)
    email = fields.Char(compute="_compute_parts", store=True, readonly=False)
    street = fields.Char(compute="_compute_parts", store=True, readonly=False)
    street2 = fields.Char(string="Second Line", compute="_compute_parts", store=True, readonly=False)
    dropship_district = fields.Char(string="District", compute="_compute_parts", store=True, readonly=False)
    city = fields.Char(compute="_compute_parts", store=True, readonly=False)
    zip = fields.Char(compute="_compute_parts", store=True, readonly=False)
    state_id = fields.Many2one(
        "res.country.state",
        string="State or Province",
        compute="_compute_parts",
        store=True,
        readonly=False,
        domain="[('country_id', '=', country_id)]",
    )
    country_id = fields.Many2one("res.country", compute="_compute_parts", store=True, readonly=False)
    confidence = fields.Float(string="Certainty", compute="_compute_parts", store=True)
    unknown = fields.Char(
        string="Not Understood", compute="_compute_parts", store=True, help="It was put into the second line."
    )
    problems = fields.Text(compute="_compute_problems")

    @api.model
    def _open(self, partner=None, order=None):
        partner = partner or order.partner_shipping_id or order.partner_id
        wizard = self.create({"partner_id": partner.id, "order_id": order.id if order else False})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Paste Address"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("text")
    def _compute_parts(self):
        for wizard in self:
            country = wizard.partner_id.country_id or self.env.company.country_id
            try:
                vals, found = self.env["res.partner"]._dropship_read_address(wizard.text or "", country)
            except TooLong as error:
                raise UserError(
                    self.env._("This is longer than an address: paste at most %s characters.", LONGEST)
                ) from error
            empty = not (wizard.text or "").strip()
            wizard.update({name: False if empty else vals[name] for name in PARTS})
            wizard.confidence = 0.0 if empty else found.confidence
            wizard.unknown = False if empty else ", ".join(found.unknown)

    @api.depends(*PARTS)
    def _compute_problems(self):
        for wizard in self:
            address = {name: wizard[name] for name in ("name", "phone", "street", "street2", "city", "zip")}
            address |= {
                "district": wizard.dropship_district,
                "state": wizard.state_id.code,
                "country": wizard.country_id.code,
            }
            filled = any(address.values())
            text = self.env["res.partner"]._dropship_problems_text(address) if filled else ""
            wizard.problems = text or False

    def _vals(self):
        """What to write on a contact; a part that was not found leaves what is there."""
        self.ensure_one()
        if not (self.street or "").strip():
            raise UserError(self.env._("Paste an address first: no street was found."))
        vals = {name: self[name].id if name.endswith("_id") else self[name] for name in PARTS}
        vals = {name: value for name, value in vals.items() if value}
        # The parts of one place belong together: what the new one lacks must not stay from the old one.
        vals |= {name: vals.get(name, False) for name in ("street2", "dropship_district", "zip", "city", "state_id")}
        return self.env["res.partner"]._dropship_with_city(vals)

    def action_apply(self):
        """Write the parts on the contact."""
        self.partner_id.check_access("write")
        self.partner_id.write(self._vals())
        return {"type": "ir.actions.act_window_close"}

    def action_create(self):
        """Keep them as a delivery address of its own; an order is delivered there."""
        vals = self._vals()
        customer = self.order_id.partner_id or self.partner_id
        name = vals.pop("name", False) or customer.name
        contacts = self.env["res.partner"]
        if self.order_id:
            # Whoever may change the order may say where it goes, also without the right to create contacts at large.
            self.order_id.check_access("write")
            contacts = contacts.sudo()
        address = contacts.create(
            {**vals, "name": name, "type": "delivery", "parent_id": customer.commercial_partner_id.id}
        )
        if self.order_id:
            self.order_id.partner_shipping_id = address.sudo(False)
        return {"type": "ir.actions.act_window_close"}
