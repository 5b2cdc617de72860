from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DropshipSupplierKeyMake(models.TransientModel):
    """A manager gives a supplier's program a key."""

    _name = "dropship.supplier.key.make"
    _description = "New API Key of a Supplier"

    supplier_id = fields.Many2one("dropship.supplier", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
        help="Whose orders the key opens.",
    )
    name = fields.Char(required=True, default=lambda self: self.env._("Order system"), help="Who or what uses it.")
    scope_orders = fields.Boolean(string="Read and Answer Orders", default=True)
    scope_ship = fields.Boolean(string="Report Shipments", default=True)
    scope_stock = fields.Boolean(string="Report Stock and Prices", default=True)
    scope_invoice = fields.Boolean(string="Send Invoices")
    expires_on = fields.Date(
        string="Valid Until", default=lambda self: fields.Date.add(fields.Date.today(), years=1)
    )

    @api.onchange("supplier_id")
    def _onchange_supplier_id(self):
        if self.supplier_id.company_id:
            self.company_id = self.supplier_id.company_id

    def action_make(self):
        """Make the key and show it, once."""
        self.ensure_one()
        if not self.env.user.has_group("dropship_flow.group_dropship_manager"):
            raise AccessError(self.env._("Only a dropshipping manager gives a supplier a key."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Switch to %s first: the key opens its orders.", self.company_id.name))
        self.supplier_id.check_access("write")
        if self.expires_on and self.expires_on < fields.Date.today():
            raise UserError(self.env._("Choose a day in the future: the key would be expired at once."))
        scopes = ("scope_orders", "scope_ship", "scope_stock", "scope_invoice")
        if not any(self[name] for name in scopes):
            raise UserError(self.env._("Tick at least one thing the key is good for."))
        vals = {name: self[name] for name in (*scopes, "name", "expires_on")}
        _key, text = self.env["dropship.supplier.key"]._make(self.supplier_id, self.company_id, **vals)
        address = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("API Key Ready"),
            "res_model": "dropship.supplier.key.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": text, "default_address": f"{address}/dropship/supplier/v1"},
        }
