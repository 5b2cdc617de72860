import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipFileUpload(models.TransientModel):
    """Bring in what a supplier sent back: our sheet with numbers, or a file in his own layout."""

    _name = "dropship.file.upload"
    _description = "Bring In a Supplier's File"

    supplier_id = fields.Many2one("dropship.supplier", ondelete="cascade")
    connection_id = fields.Many2one("dropship.connection", domain=[("kind", "=", "file")], ondelete="cascade")
    file = fields.Binary(help="XLSX or CSV, as the supplier sent it.")
    file_name = fields.Char()

    @api.model
    def _open(self, supplier=None, connection=None):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "name": self.env._("Bring In Numbers"),
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_supplier_id": supplier.id if supplier else False,
                "default_connection_id": connection.id if connection else False,
            },
        }

    def action_bring_in(self):
        """Keep the file, do what it says, show what became of it."""
        self.ensure_one()
        if not self.supplier_id and not self.connection_id:
            raise UserError(self.env._("Choose the supplier who sent the file."))
        if not self.file:
            raise UserError(self.env._("Drop the supplier's file first: CSV or XLSX."))
        files = self.env["dropship.file"]
        files._check_desk()
        (self.supplier_id or self.connection_id).check_access("read")
        record = files._bring_in(
            self.file_name, base64.b64decode(self.file), supplier=self.supplier_id, connection=self.connection_id
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.file",
            "res_id": record.id,
            "view_mode": "form",
            "target": "current",
        }
