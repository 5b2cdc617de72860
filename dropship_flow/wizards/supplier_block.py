from odoo import fields, models


class DropshipSupplierBlock(models.TransientModel):
    _name = "dropship.supplier.block"
    _description = "Block Dropship Suppliers"

    supplier_ids = fields.Many2many("dropship.supplier", required=True)
    reason = fields.Text(required=True)

    def action_block(self):
        self.supplier_ids._block(self.reason)
        return {"type": "ir.actions.act_window_close"}
