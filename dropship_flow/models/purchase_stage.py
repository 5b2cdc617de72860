from odoo import api, fields, models

from .order_stage import STAGES

AFTER_SHIPPING = ("delivered", "after_sales", "closed")


class PurchaseOrder(models.Model):
    """The purchase speaks the same eight words as its sale."""

    _inherit = "purchase.order"

    dropship_stage = fields.Selection(
        STAGES,
        string="Stage",
        compute="_compute_dropship_stage",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )

    @api.depends(
        "state",
        "invoice_status",
        "dropship_warehouse_id",
        "dropship_allocation_ids.state",
        "dropship_allocation_ids.qty_shipped",
        "dropship_sale_id.dropship_stage",
    )
    def _compute_dropship_stage(self):
        """Where the purchase stands; empty for purchases the suite has nothing to do with."""
        for order in self.sudo():
            order.dropship_stage = order._dropship_stage_word() if order.dropship_warehouse_id else False

    def _dropship_stage_word(self):
        self.ensure_one()
        if self.state == "cancel":
            return "closed"
        if self.state == "to approve":
            return "held"
        if self.state != "purchase":
            return "at_supplier"
        states = {row._stage_state() for row in self.dropship_allocation_ids}
        if states & {"planned", "submitted", "accepted"}:
            return "to_ship"
        if "shipped" not in states:
            return "closed" if states else "to_ship"
        of_sale = self.dropship_sale_id.dropship_stage
        if of_sale not in AFTER_SHIPPING:
            return "on_the_way"
        if of_sale == "after_sales":
            return of_sale
        return "closed" if self.invoice_status == "invoiced" else "delivered"
