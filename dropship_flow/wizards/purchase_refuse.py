from odoo import fields, models

CODES = {"stock": "out_of_stock", "price": "price", "address": "cannot_ship", "other": "other"}


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
        if self.purchase_id.state not in ("sent", "purchase"):
            return True  # he said so before
        label = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        self.purchase_id._dropship_say_by_hand(
            {
                "status": "rejected",
                "reason_code": CODES[self.reason],
                "reason": " – ".join(filter(None, [label, self.note])),
            }
        )
        return True
