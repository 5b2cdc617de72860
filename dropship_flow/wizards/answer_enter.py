from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.acknowledgement import REASONS


class DropshipAnswerEnter(models.TransientModel):
    """The order desk types what a supplier said, by phone or in a chat."""

    _name = "dropship.answer.enter"
    _description = "Enter the Supplier's Answer"

    purchase_id = fields.Many2one("purchase.order", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="purchase_id.currency_id")
    remote_ref = fields.Char(string="His Order Number")
    note = fields.Char(string="In His Words")
    line_ids = fields.One2many("dropship.answer.enter.line", "wizard_id", string="Lines")

    @api.model
    def _open(self, purchase):
        """The form, filled with everything accepted as ordered."""
        purchase_sudo = purchase.sudo()  # what is open is counted on rows; the right to the purchase was asked for
        if purchase_sudo.state not in ("sent", "purchase") or not purchase_sudo.dropship_warehouse_id:
            raise UserError(self.env._("%s is not with its supplier: there is no answer to enter.", purchase.name))
        lines = [line for line in purchase_sudo._dropship_answer_lines() if line.open > line.shipped]
        if not lines:
            raise UserError(self.env._("Nothing of %s is open any more.", purchase.name))
        wizard = self.create(
            {
                "purchase_id": purchase.id,
                "remote_ref": purchase.partner_ref,
                "line_ids": [
                    Command.create(
                        {
                            "purchase_line_id": int(line.key),
                            "sku": line.sku,
                            "ordered": float(line.open),
                            "accepted": float(line.open),
                        }
                    )
                    for line in lines
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter the Answer"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_enter(self):
        """Hand the answer in; it is treated as if the supplier's own system had sent it."""
        self.ensure_one()
        self.purchase_id.check_access("write")
        told = self.line_ids.filtered("answered")
        if not told:
            raise UserError(self.env._("No line is ticked: tick those he spoke about."))
        lines = [line._as_answer() for line in told]
        refused = all(line["rejected"] and not line["accepted"] and not line["backordered"] for line in lines)
        answer = {
            "status": "rejected" if refused else "changed",
            "remote_ref": self.remote_ref,
            "reason": self.note,
            "currency": self.currency_id.name,
            "lines": lines,
        }
        self.purchase_id._dropship_say_by_hand(answer)
        return {"type": "ir.actions.act_window_close"}


class DropshipAnswerEnterLine(models.TransientModel):
    _name = "dropship.answer.enter.line"
    _description = "Answer to a Line"

    wizard_id = fields.Many2one("dropship.answer.enter", required=True, ondelete="cascade")
    purchase_line_id = fields.Many2one("purchase.order.line", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(related="purchase_line_id.product_id")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    sku = fields.Char(string="His SKU", readonly=True)
    answered = fields.Boolean(default=True, help="Lines he did not speak about keep waiting.")
    ordered = fields.Float(readonly=True, digits="Product Unit", help="In units of his SKU.")
    accepted = fields.Float(digits="Product Unit")
    backordered = fields.Float(digits="Product Unit")
    rejected = fields.Float(
        string="Refused", compute="_compute_rejected", digits="Product Unit", help="What is neither of the other two."
    )
    reason_code = fields.Selection(REASONS, string="Reason")
    price = fields.Float(min_display_digits="Product Price", help="Per unit of his SKU, net. 0: as ordered.")
    date = fields.Date(string="Ships On", help="Of the backordered part, where there is one.")
    substitute = fields.Char(string="Would Send Instead", help="SKU of something else he offers for the refused part.")

    @api.depends("ordered", "accepted", "backordered")
    def _compute_rejected(self):
        for line in self:
            line.rejected = max(line.ordered - line.accepted - line.backordered, 0.0)

    def _as_answer(self):
        self.ensure_one()
        return {
            "line": str(self.purchase_line_id.id),
            "accepted": self.accepted,
            "backordered": self.backordered,
            "rejected": self.rejected,
            "reason_code": self.reason_code or "",
            "price": self.price or None,
            "date": fields.Date.to_string(self.date) if self.date else None,
            "substitute": self.substitute or "",
        }
