"""What an agent does with parcels back: enter a number for the customer, add a label, note who pays."""

import base64
import binascii

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .words import PAYERS


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    parcel_back_count = fields.Integer(string="Parcels Coming Back", compute="_compute_parcel_back_count")

    @api.depends("parcel_ids")
    def _compute_parcel_back_count(self):
        for case in self:
            case.parcel_back_count = len(case.parcel_ids)

    def action_open_parcels_back(self):
        """The parcels of this case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_aftersales.action_return_parcel")
        return {**action, "domain": [("return_id", "=", self.id)], "context": {}}

    def action_send_back(self):
        """Enter a number or add a label for the customer."""
        self.ensure_one()
        self.check_access("write")
        form = self.env["dropship.return.send"]._open(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Parcel Coming Back"),
            "res_model": form._name,
            "res_id": form.id,
            "view_mode": "form",
            "target": "new",
        }


class DropshipReturnSend(models.TransientModel):
    """A parcel back as the agent enters it for the customer, or a label for the one to come."""

    _name = "dropship.return.send"
    _description = "Parcel Coming Back"

    return_id = fields.Many2one("dropship.return", string="Case", required=True)
    number = fields.Char(string="Tracking Number", help="Empty: only the label is added.")
    carrier = fields.Char(help="Empty: found from the number.")
    label = fields.Binary(attachment=False)
    label_name = fields.Char()
    currency_id = fields.Many2one(related="return_id.company_id.currency_id")
    payer = fields.Selection(PAYERS, string="Pays the Way Back", required=True, default="customer")
    freight = fields.Monetary(string="Freight Back")
    row_ids = fields.One2many("dropship.return.send.row", "send_id")

    @api.model
    def _open(self, case):
        lines = case._first_box(case._left_to_send())
        rows = [Command.create({"line_id": line.id, "qty": float(qty)}) for line, qty in lines.items()]
        return self.create({"return_id": case.id, "row_ids": rows})

    def action_apply(self):
        """Write it down; whoever receives the parcel is told its number."""
        self.ensure_one()
        case = self.return_id
        case.check_access("write")
        if not self.number and not self.label:
            raise UserError(self.env._("Enter the tracking number, or add the label."))
        lines = {row.line_id: row.qty for row in self.row_ids if row.qty}
        case_sudo = self.sudo().return_id  # parcels are the system's; the right was asked for
        if self.label:
            parcel = case_sudo._add_label(self.label_name, self._label_bytes(), list(lines))
            parcel.write({"payer": self.payer, "freight": self.freight})
        if self.number:
            case_sudo._send_back(
                self.number, self.carrier or None, lines, "agent", payer=self.payer, freight=self.freight
            )
        return {"type": "ir.actions.act_window_close"}

    def _label_bytes(self):
        try:
            return base64.b64decode(self.label, validate=False)
        except (binascii.Error, ValueError):
            return b""


class DropshipReturnSendRow(models.TransientModel):
    _name = "dropship.return.send.row"
    _description = "Pieces in a Parcel Coming Back"

    send_id = fields.Many2one("dropship.return.send", required=True, ondelete="cascade")
    return_id = fields.Many2one(related="send_id.return_id")
    line_id = fields.Many2one(
        "dropship.return.line", string="Item", required=True, domain="[('return_id', '=', return_id)]"
    )
    qty = fields.Float(string="Quantity", digits="Product Unit")
