
from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exact import trimmed

from .words import OUTCOMES, VERDICTS


class DropshipReturnLine(models.Model):
    """Some pieces of a sold line a customer asks something for."""

    _name = "dropship.return.line"
    _description = "Line of a Return Case"
    _order = "return_id, id"

    return_id = fields.Many2one("dropship.return", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="return_id.currency_id")
    order_line_id = fields.Many2one("sale.order.line", required=True, ondelete="restrict", index=True)
    order_id = fields.Many2one(related="order_line_id.order_id", store=True, index=True)
    product_id = fields.Many2one(related="order_line_id.product_id", store=True, index="btree_not_null")
    uom_id = fields.Many2one(related="order_line_id.product_uom_id")
    qty = fields.Float(string="Asked", digits="Product Unit", required=True)
    reason_id = fields.Many2one("dropship.return.reason", required=True, ondelete="restrict", index=True)
    note = fields.Text(string="Customer's Words")
    wanted = fields.Selection(OUTCOMES, string="Wished")
    photo_ids = fields.Many2many("ir.attachment", string="Photos and Videos", copy=False)
    evidence = fields.Char(help="Codes of what the customer showed, separated by commas.")
    # Who delivered it. Several suppliers of one line: the first that delivered.
    allocation_ids = fields.Many2many("dropship.allocation", compute="_compute_allocations", compute_sudo=True)
    supplier_id = fields.Many2one(
        "dropship.supplier", compute="_compute_supplier", store=True, compute_sudo=True, index="btree_not_null"
    )
    warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse", compute="_compute_supplier", store=True, compute_sudo=True
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line", compute="_compute_supplier", store=True, compute_sudo=True, index="btree_not_null"
    )
    # What the verdict said when it was asked.
    verdict = fields.Selection(VERDICTS, readonly=True)
    offers = fields.Json(readonly=True, help="What may be had and why not more, as the verdict gave it.")
    reasons = fields.Json(readonly=True)
    # What the case made of it.
    qty_accepted = fields.Float(string="Agreed", digits="Product Unit", readonly=True)
    qty_back = fields.Float(string="To Come Back", digits="Product Unit", readonly=True)
    qty_sent = fields.Float(string="Sent", digits="Product Unit", readonly=True)
    qty_received = fields.Float(string="Received", digits="Product Unit", readonly=True)
    qty_lost = fields.Float(string="Lost", digits="Product Unit", readonly=True)
    conditions = fields.Json(readonly=True, help="How the pieces came back: {condition: quantity}.")

    _qty_positive = models.Constraint("CHECK (qty > 0)", "Ask for at least one piece.")

    @api.depends("order_line_id.dropship_allocation_ids.state")
    def _compute_allocations(self):
        for line in self:
            rows = line.order_line_id.dropship_allocation_ids
            line.allocation_ids = rows.filtered(lambda row: row.state != "released")

    @api.depends("order_line_id")
    def _compute_supplier(self):
        for line in self:
            row = line.allocation_ids.sorted(lambda row: (-row.qty_shipped, row.id))[:1]
            line.supplier_id = row.supplier_id
            line.warehouse_id = row.warehouse_id
            line.purchase_line_id = row.purchase_line_id

    @api.depends("product_id", "qty")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.qty:g} × {line.product_id.display_name}"

    def _decimal(self):
        """The quantity asked, exactly as it was typed."""
        self.ensure_one()
        return trimmed(self.qty)

    def _given_evidence(self):
        """Codes of what the customer showed: ticked by him or an agent, and seen in his files."""
        self.ensure_one()
        given = set(filter(None, (self.evidence or "").split(",")))
        for attachment_sudo in self.sudo().photo_ids:  # an agent need not read attachments one by one
            given.add("video" if (attachment_sudo.mimetype or "").startswith("video/") else "photo")
        return frozenset(given)
