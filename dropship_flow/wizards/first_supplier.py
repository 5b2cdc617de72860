from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.supplier import CHANNEL_TYPES


class DropshipFirstSupplier(models.TransientModel):
    """A supplier in six fields; everything else has a default that can be changed later."""

    _name = "dropship.first.supplier"
    _description = "First Hour: First Supplier"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    name = fields.Char()
    channel_type = fields.Selection(CHANNEL_TYPES, string="Type", default="supplier", required=True)
    country_id = fields.Many2one("res.country", string="Ships From", default=lambda self: self.env.company.country_id)
    city = fields.Char()
    currency_id = fields.Many2one(
        "res.currency", context={"active_test": False}, default=lambda self: self.env.company.currency_id
    )
    cut_off = fields.Float(string="Orders Until", default=16.0, help="Local time; later orders count for the next day.")
    order_way = fields.Selection(
        selection=lambda self: self.env["dropship.supplier"]._fields["order_way"]._description_selection(self.env),
        string="Takes Orders By",
        default="sheet",
        required=True,
    )

    @api.onchange("country_id")
    def _onchange_country_id(self):
        if self.country_id.currency_id:
            self.currency_id = self.country_id.currency_id

    def action_apply(self):
        """Contact, supplier and warehouse at once; ready to be bought from."""
        self.ensure_one()
        name, city = (self.name or "").strip(), (self.city or "").strip()
        missing = [
            label
            for label, value in (
                (self.env._("name"), name),
                (self.env._("country"), self.country_id),
                (self.env._("city"), city),
                (self.env._("currency"), self.currency_id),
            )
            if not value
        ]
        if missing:
            raise UserError(self.env._("Fill in: %s.", ", ".join(missing)))
        if not 0 <= self.cut_off < 24:
            raise UserError(self.env._("Orders are taken until a time between 00:00 and 23:59."))
        if not self.currency_id.active:
            self.currency_id.active = True
        supplier = self.env["dropship.supplier"].create(self._supplier_vals(name, city))
        self.env["dropship.supplier.warehouse"].create(
            {
                "supplier_id": supplier.id,
                "name": city,
                "city": city,
                "country_id": self.country_id.id,
                "cut_off": self.cut_off,
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def _supplier_vals(self, name, city):
        # Purchases need an address; until somebody knows the street, the town stands for it.
        address = {"street": city, "city": city, "country_id": self.country_id.id}
        partner = self.env["res.partner"].create({"name": name, "is_company": True, "supplier_rank": 1, **address})
        return {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "channel_type": self.channel_type,
            "currency_id": self.currency_id.id,
            "order_way": self.order_way,
            "answer_mode": "manual",
            "state": "approved",
        }
