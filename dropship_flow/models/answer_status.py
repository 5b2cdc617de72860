from odoo import api, fields, models

from ..answers import status_of
from .sale_order import READERS

ACK_STATUSES = [
    ("waiting", "Waiting for an Answer"),
    ("part", "Accepted in Part"),
    ("accepted", "Accepted"),
    ("backordered", "Backordered"),
    ("changed", "Changed"),
    ("refused", "Refused"),
]


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    dropship_ack_status = fields.Selection(
        ACK_STATUSES,
        string="Supplier's Answer",
        compute="_compute_dropship_ack_status",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    dropship_ack_ids = fields.One2many(
        "dropship.acknowledgement", "purchase_id", string="Answers", groups="dropship_flow.group_dropship_user"
    )
    dropship_drift = fields.Monetary(
        string="Cost Drift",
        compute="_compute_dropship_drift",
        currency_field="company_currency_id",
        groups="base.group_user",
        help="What the supplier charges more than the decision expected.",
    )

    @api.depends("dropship_warehouse_id", "dropship_allocation_ids.state", "dropship_allocation_ids.ack_state")
    def _compute_dropship_ack_status(self):
        """One word for what the supplier said; empty before he was asked and for purchases of others."""
        for order in self.sudo():
            rows = order.dropship_allocation_ids if order.dropship_warehouse_id else []
            words = [word for row in rows if (word := row._ack_word())]
            order.dropship_ack_status = status_of(words, any(row.ack_state == "refused" for row in rows))

    @api.depends("dropship_allocation_ids.drift", "dropship_allocation_ids.state")
    def _compute_dropship_drift(self):
        for order in self.sudo():
            order.dropship_drift = sum(row.drift for row in order.dropship_allocation_ids if row.state != "released")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_ack_status = fields.Selection(
        ACK_STATUSES,
        string="Suppliers' Answer",
        compute="_compute_dropship_ack_status",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    dropship_ack_ids = fields.One2many("dropship.acknowledgement", "order_id", string="Answers", groups=READERS)
    dropship_drift = fields.Monetary(
        string="Cost Drift",
        compute="_compute_dropship_drift",
        currency_field="dropship_company_currency_id",
        groups="dropship_flow.group_dropship_user",
        help="What suppliers charge more than the decision expected.",
    )

    @api.depends("dropship_allocation_ids.state", "dropship_allocation_ids.ack_state")
    def _compute_dropship_ack_status(self):
        """One word for what the suppliers said of what is bought now; a refusal that was healed does not show."""
        for order in self.sudo():
            rows = order.dropship_allocation_ids
            words = [word for row in rows if (word := row._ack_word())]
            planned = any(row.state == "planned" for row in rows)
            refused = not words and not planned and any(row.ack_state == "refused" for row in rows)
            order.dropship_ack_status = status_of(words, refused)

    @api.depends("dropship_allocation_ids.drift", "dropship_allocation_ids.state")
    def _compute_dropship_drift(self):
        for order in self.sudo():
            order.dropship_drift = sum(row.drift for row in order.dropship_allocation_ids if row.state != "released")
