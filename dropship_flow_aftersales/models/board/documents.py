"""What was made of an agreement, in a word each."""

from odoo import api, fields, models


class DropshipResolution(models.Model):
    _inherit = "dropship.resolution"

    documents = fields.Char(compute="_compute_documents", help="Orders, refunds, repairs and cards made for it.")

    @api.depends("state", "refund_ids")
    def _compute_documents(self):
        for resolution in self:
            made_sudo = resolution.sudo()  # names only; each is opened with the rights of the reader
            records = [made_sudo.sale_order_ids, made_sudo.refund_ids, made_sudo.repair_ids]
            names = [record.display_name for group in records for record in group]
            if made_sudo.card_id:
                names.append(made_sudo.card_id.program_id.name)
            resolution.documents = ", ".join(names)
