from odoo import api, fields, models


class DropshipLineSource(models.TransientModel):
    """Pin or exclude a supplier for a line, with the reason."""

    _name = "dropship.line.source"
    _description = "Pin or Exclude a Supplier"

    line_id = fields.Many2one("sale.order.line", string="Order Line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="line_id.product_id")
    kind = fields.Selection(
        [("pin", "Only this supplier"), ("exclude", "Not this supplier"), ("clear", "Forget what was said")],
        default="pin",
        required=True,
    )
    supplier_id = fields.Many2one("dropship.supplier", domain="[('id', 'in', possible_supplier_ids)]")
    possible_supplier_ids = fields.Many2many("dropship.supplier", compute="_compute_possible_supplier_ids")
    reason = fields.Char()
    preview_id = fields.Many2one("dropship.route.preview", ondelete="cascade")

    @api.depends("line_id")
    def _compute_possible_supplier_ids(self):
        for wizard in self:
            components = self.env["dropship.router"].sudo()._components(wizard.line_id.sudo())
            products = self.env["product.product"].union(*(part[0] for part in components.get(wizard.line_id, ())))
            offers = self.env["dropship.offer"].search(
                [("product_id", "in", products.ids), ("company_id", "in", [False, wizard.line_id.company_id.id])]
            )
            wizard.possible_supplier_ids = offers.supplier_id

    def action_apply(self):
        """Keep the choice; on a confirmed order whose purchase is not sent yet it counts from the next routing on."""
        self.ensure_one()
        self.line_id.check_access("write")
        if self.kind == "clear":
            self.line_id.sudo().dropship_choice_ids.unlink()
            self.line_id.order_id._dropship_note(
                self.env._("%s: free choice of supplier again.", self.line_id.product_id.display_name)
            )
        else:
            self.env["dropship.line.choice"].sudo()._choose(
                self.line_id.sudo(), self.supplier_id, self.kind, self.reason
            )
        if self.preview_id:
            return self.preview_id.action_refresh()
        return True
