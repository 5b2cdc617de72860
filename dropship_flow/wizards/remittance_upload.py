import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sheets import carriers


class DropshipRemittanceUpload(models.TransientModel):
    """Drop a carrier's remittance as he sent it."""

    _name = "dropship.remittance.upload"
    _description = "Upload a Remittance"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    carrier = fields.Char(help="As people call him.")
    partner_id = fields.Many2one("res.partner", string="Carrier as a Partner")
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
    )
    date = fields.Date(string="Received On", required=True, default=fields.Date.context_today)
    content = fields.Binary(string="File", attachment=False, help="XLSX or CSV, as the carrier sent it.")
    name = fields.Char()

    @api.depends("company_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["dropship.remittance"]._default_journal(wizard.company_id)

    def action_apply(self):
        """Keep, read and check the file. Nothing is booked yet."""
        self.ensure_one()
        if not self.content:
            raise UserError(self.env._("Drop the carrier's file first: CSV or XLSX."))
        remittance, is_new = self.env["dropship.remittance"]._receive(
            self.name or self.env._("Remittance"), base64.b64decode(self.content), self.journal_id,
            carriers.code_of(self.carrier or "") or (self.carrier or ""), self.date, self.partner_id,
        )  # fmt: skip
        action = {
            "type": "ir.actions.act_window",
            "res_model": "dropship.remittance",
            "res_id": remittance.id,
            "view_mode": "form",
        }
        if is_new:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("%s was uploaded before: nothing is new.", remittance.name),
                "next": action | {"views": [(False, "form")]},
            },
        }
