from odoo import fields, models


class DropshipManualHold(models.TransientModel):
    """A person stops orders before they are bought: why, and until when."""

    _name = "dropship.manual.hold"
    _description = "Hold Orders"

    order_ids = fields.Many2many("sale.order", string="Orders", required=True)
    reason = fields.Char(required=True)
    until = fields.Date(help="Released by itself on this day. Empty: a person releases it.")

    def action_hold(self):
        self.ensure_one()
        self.order_ids._dropship_hold_by_hand(self.reason, self.until)
        return True
