from odoo import fields, models


class DropshipPurchaseRefuse(models.TransientModel):
    """The supplier says no: why, and off to the next one."""

    _name = "dropship.purchase.refuse"
    _description = "Supplier Refuses"

    purchase_id = fields.Many2one("purchase.order", required=True, ondelete="cascade")
    supplier = fields.Char(related="purchase_id.partner_id.name", related_sudo=False)
    reason = fields.Selection(
        [
            ("stock", "Out of stock"),
            ("price", "Price no longer valid"),
            ("address", "Does not deliver there"),
            ("other", "Other"),
        ],
        default="stock",
        required=True,
    )
    note = fields.Char()

    def action_refuse(self):
        self.ensure_one()
        self.purchase_id.check_access("write")
        label = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        self.purchase_id.sudo()._dropship_refuse(" – ".join(filter(None, [label, self.note])))
        return True
