from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import trimmed

from .words import ELSE, plain


class DropshipReturnParcelLine(models.Model):
    """So many pieces of a line of the case are in this box."""

    _name = "dropship.return.parcel.line"
    _description = "Contents of a Return Parcel"
    _order = "parcel_id, id"

    parcel_id = fields.Many2one("dropship.return.parcel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="parcel_id.company_id", store=True, index=True)
    line_id = fields.Many2one("dropship.return.line", required=True, ondelete="cascade", index=True)
    product_id = fields.Many2one(related="line_id.product_id")
    uom_id = fields.Many2one(related="line_id.uom_id", string="Unit")
    qty = fields.Float(string="Announced", digits="Product Unit", readonly=True, help="As the customer said.")
    qty_received = fields.Float(string="Received", digits="Product Unit", readonly=True)
    conditions = fields.Json(readonly=True, help="{condition: quantity}")
    condition_text = fields.Char(string="Condition", compute="_compute_condition_text")
    move_ids = fields.One2many("stock.move", "dropship_return_line_id", string="Movements", readonly=True)

    _once = models.UniqueIndex("(parcel_id, line_id)", "This line is in the parcel already.")

    @api.depends("conditions")
    @api.depends_context("lang")
    def _compute_condition_text(self):
        words = dict(self.env["dropship.return.count.row"]._fields["condition"]._description_selection(self.env))
        for line in self:
            parts = sorted((line.conditions or {}).items())
            line.condition_text = ", ".join(
                f"{qty} × {words.get(code) or self.env._('As Sent')}" for code, qty in parts
            )

    def _follow(self, box):
        """Store what is known of the lines of one box."""
        for line in self:
            conditions = {name: plain(qty) for name, qty in sorted(box.conditions(line.line_id.id).items())} or False
            vals = {
                "qty": float(box.announced.get(line.line_id.id, 0)),
                "qty_received": float(box.got(line.line_id.id)),
                "conditions": conditions,
            }
            vals = {name: value for name, value in vals.items() if (line[name] or False) != (value or False)}
            if vals:
                line.write(vals)

    def _came(self):
        """How many of the sold pieces came back, in the unit of the sale."""
        self.ensure_one()
        other = sum((Decimal(qty) for name, qty in (self.conditions or {}).items() if name in ELSE), Decimal(0))
        return max(trimmed(self.qty_received) - other, Decimal(0))

    def _in_condition(self, names):
        """How many are in one of these conditions, in the unit of the sale."""
        self.ensure_one()
        return sum((Decimal(qty) for name, qty in (self.conditions or {}).items() if name in names), Decimal(0))
