from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DropshipCustomerBlock(models.TransientModel):
    """Put a customer's phone, mail or address on the blocklist."""

    _name = "dropship.customer.block"
    _description = "Block a Customer"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, ondelete="cascade")
    shipping_id = fields.Many2one("res.partner", string="Delivery Address", ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    phone = fields.Char(compute="_compute_keys", store=True, readonly=False)
    email = fields.Char(string="E-mail", compute="_compute_keys", store=True, readonly=False)
    address = fields.Char(compute="_compute_address")
    use_phone = fields.Boolean(string="Block the Phone", compute="_compute_keys", store=True, readonly=False)
    use_email = fields.Boolean(string="Block the E-mail", compute="_compute_keys", store=True, readonly=False)
    use_address = fields.Boolean(string="Block the Address")
    action = fields.Selection(
        [
            ("refuse", "Refuse: the shop takes no order"),
            ("prepay", "Prepay only"),
            ("hold", "Hold: a person looks at each order"),
        ],
        default="hold",
        required=True,
    )
    reason = fields.Char(required=True)
    expires_on = fields.Date(help="The last day it counts. Empty: for good.")

    @api.depends("partner_id", "shipping_id")
    def _compute_keys(self):
        for wizard in self:
            wizard.phone = wizard.shipping_id.phone or wizard.partner_id.phone
            wizard.email = wizard.partner_id.email or wizard.shipping_id.email
            wizard.use_phone = bool(wizard.phone)
            wizard.use_email = bool(wizard.email)

    @api.depends("partner_id", "shipping_id")
    def _compute_address(self):
        for wizard in self:
            wizard.address = (wizard.shipping_id or wizard.partner_id).contact_address_inline

    @api.model
    def _open_for(self, partner, shipping, company):
        if not self.env.user.has_group("dropship_flow.group_dropship_user"):
            raise AccessError(self.env._("Blocking customers needs the right Dropshipping / User."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Block This Customer"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": partner.id,
                "default_shipping_id": shipping.id,
                "default_company_id": company.id,
            },
        }

    def action_block(self):
        self.ensure_one()
        place = self.shipping_id or self.partner_id
        self.partner_id.check_access("read")
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Choose the company %s first.", self.company_id.name))
        country = {"country_id": place.country_id.id}
        entries = []
        if self.use_phone:
            entries.append({"kind": "phone", "value": self.phone, **country})
        if self.use_email:
            entries.append({"kind": "email", "value": self.email})
        if self.use_address:
            street = ", ".join(filter(None, [place.street, place.street2]))
            where = {"zip": place.zip, "city": place.city, "state_id": place.state_id.id}
            entries.append({"kind": "address", "value": street, **where, **country})
        if not entries:
            raise UserError(self.env._("Choose what is blocked: the phone, the e-mail or the address."))
        self.env["dropship.blocklist"]._block(
            entries, self.reason, self.action, self.expires_on, self.company_id, self.partner_id
        )
        return {"type": "ir.actions.act_window_close"}
