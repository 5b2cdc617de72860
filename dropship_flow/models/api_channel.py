from odoo import api, fields, models

from ..api.schema import PAID_STATES

PAID_LABELS = [
    ("paid", "Paid"),
    ("authorised", "Authorised"),
    ("cash_on_delivery", "Cash on Delivery"),
    ("unpaid", "Unpaid"),
]
assert [code for code, _label in PAID_LABELS] == PAID_STATES  # the words of the API are the words of the order


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    code = fields.Char(copy=False, help="How the order API names the channel.")

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code) WHERE code IS NOT NULL", "Another sales channel already has this code."
    )

    @api.model
    def _channel_of(self, orders):
        """Override: an order that was entered for a channel belongs to it."""
        told = orders.sudo().filtered("dropship_channel_id")
        found = super()._channel_of(orders - told.sudo(False))
        return {**found, **{order: order.sudo().dropship_channel_id for order in orders if order.sudo() in told}}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_channel_id = fields.Many2one(
        "dropship.sales.channel",
        string="Sales Channel",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Where the order was entered for; its Customer Reference is the channel's number.",
    )
    dropship_paid_state = fields.Selection(
        PAID_LABELS,
        string="Payment at the Channel",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="What the channel says about the payment. Paid and cash-on-delivery orders are not held as unpaid.",
    )
    dropship_paid_amount = fields.Monetary(
        string="Paid at the Channel", copy=False, readonly=True, groups="base.group_user"
    )
    dropship_paid_reference = fields.Char(
        string="Payment Number", copy=False, readonly=True, groups="base.group_user", index="btree_not_null"
    )

    _dropship_number_uniq = models.UniqueIndex(
        "(dropship_channel_id, client_order_ref)"
        " WHERE dropship_channel_id IS NOT NULL AND client_order_ref IS NOT NULL",
        "An order with this number of the sales channel exists already.",
    )
    _dropship_changed_idx = models.Index("(write_date, id)")
