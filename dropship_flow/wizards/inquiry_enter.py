from odoo import api, fields, models
from odoo.exceptions import UserError

from ..connectors.inquiry import clean


class DropshipInquiryEnter(models.TransientModel):
    """What a supplier said on the phone or in a chat, typed in by the buyer."""

    _name = "dropship.inquiry.enter"
    _description = "Enter a Supplier's Answer"

    line_id = fields.Many2one("dropship.inquiry.line", required=True, readonly=True, ondelete="cascade")
    supplier_id = fields.Many2one(related="line_id.supplier_id")
    sku = fields.Char(related="line_id.sku")
    quantity = fields.Float(related="line_id.quantity")
    stock = fields.Float(string="In Stock", digits="Product Unit", default=lambda self: self._asked())
    price = fields.Float(min_display_digits="Product Price", help="Net, per unit of his code. 0: as offered.")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False, precompute=True
    )
    ship_date = fields.Date(string="Ships On", help="Empty: at once.")
    valid_until = fields.Date(string="Price Until", help="Empty: seven days.")
    note = fields.Char()

    @api.model
    def _asked(self):
        return self.env["dropship.inquiry.line"].browse(self.env.context.get("default_line_id")).quantity

    @api.depends("line_id")
    def _compute_currency_id(self):
        for screen in self:
            screen.currency_id = screen.line_id.offer_id.currency_id

    def action_save(self):
        """Take the answer: the offer is refreshed, and an order that waits goes on when it was the last one."""
        self.ensure_one()
        self.line_id.check_access("write")
        raw = {
            "sku": self.sku,
            "stock": self.stock,
            "price": self.price or None,
            "currency": self.currency_id.name,
            "date": self.ship_date,
            "valid_until": self.valid_until,
            "note": self.note,
        }
        try:
            (answer,) = clean([raw])
        except ValueError as error:
            raise UserError(self.env._("Correct the answer: %s", error)) from error
        if self.line_id.inquiry_id.state == "cancelled":
            raise UserError(self.env._("%s is closed already. Thank you anyway.", self.line_id.inquiry_id.name))
        line_sudo = self.line_id.sudo()  # refreshes offers and buys what waits
        line_sudo._take(answer, "hand", None)
        line_sudo.inquiry_id._close_if_answered()
        return {"type": "ir.actions.act_window_close"}
