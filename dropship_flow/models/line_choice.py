from odoo import api, fields, models
from odoo.exceptions import UserError


class DropshipLineChoice(models.Model):
    """A person's word on a line: this supplier, or not this one, and why."""

    _name = "dropship.line.choice"
    _description = "Supplier Pinned or Excluded"
    _order = "id"

    line_id = fields.Many2one("sale.order.line", string="Order Line", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one(related="line_id.order_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    supplier_id = fields.Many2one("dropship.supplier", required=True, ondelete="cascade")
    kind = fields.Selection([("pin", "Pinned"), ("exclude", "Excluded")], required=True)
    reason = fields.Char(required=True)

    _line_supplier_uniq = models.Constraint(
        "UNIQUE (line_id, supplier_id)", "This supplier is already pinned or excluded for the line."
    )
    _one_pin = models.UniqueIndex("(line_id) WHERE kind = 'pin'", "A line can be pinned to one supplier only.")

    @api.model
    def _choose(self, line, supplier, kind, reason):
        """Pin or exclude, replacing what was said before about the line and this supplier."""
        if not (reason or "").strip():
            raise UserError(self.env._("Say in a few words why, so that colleagues understand it later."))
        old = line.dropship_choice_ids.filtered(
            lambda choice: choice.supplier_id == supplier or (kind == "pin" and choice.kind == "pin")
        )
        old.unlink()
        choice = self.create({"line_id": line.id, "supplier_id": supplier.id, "kind": kind, "reason": reason.strip()})
        text = (
            self.env._("%(line)s: pinned to %(supplier)s – %(reason)s", **choice._words())
            if kind == "pin"
            else self.env._("%(line)s: %(supplier)s excluded – %(reason)s", **choice._words())
        )
        line.order_id._dropship_note(text)
        return choice

    def _words(self):
        return {
            "line": self.line_id.product_id.display_name,
            "supplier": self.supplier_id.sudo().name,
            "reason": self.reason,
        }
