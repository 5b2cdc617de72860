from odoo import api, fields, models
from odoo.exceptions import UserError

from ..desk import Facts, stage_of
from .reason_text import _lt
from .sale_order import READERS

STAGES = [
    ("unpaid", "Unpaid"),
    ("held", "Held"),
    ("at_supplier", "At Supplier"),
    ("to_ship", "To Ship"),
    ("on_the_way", "On the Way"),
    ("delivered", "Delivered"),
    ("after_sales", "After-sales"),
    ("closed", "Closed"),
]

# What the customer reads where our word would tell him how we work.
CUSTOMER_WORDS = {
    "unpaid": _lt("Waiting for your payment"),
    "held": _lt("In preparation"),
    "at_supplier": _lt("In preparation"),
    "to_ship": _lt("Ready to ship soon"),
    "on_the_way": _lt("On the way"),
    "delivered": _lt("Delivered"),
    "after_sales": _lt("We are looking into it"),
    "closed": _lt("Completed"),
}
PENDING = ("pending", "authorized")


class SaleOrder(models.Model):
    """One word for where an order stands, the same in every list, form, page, mail and call."""

    _inherit = "sale.order"

    dropship_stage = fields.Selection(
        STAGES,
        string="Stage",
        compute="_compute_dropship_stage",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    dropship_delivered_at = fields.Datetime(
        string="Delivered On",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
        help="When somebody recorded that everything reached the customer.",
    )
    dropship_supplier_id = fields.Many2one(
        "dropship.supplier",
        string="Main Supplier",
        compute="_compute_dropship_supplier_id",
        store=True,
        index="btree_not_null",
        groups=READERS,
        help="Who delivers most of the order, by cost.",
    )

    _dropship_desk = models.Index("(company_id, dropship_stage) WHERE dropship_stage IS NOT NULL")

    @api.model
    def _dropship_stage_depends(self):
        """The fields the stage follows. Addons that know more about delivery or cases extend the list."""
        return [
            "state",
            "invoice_status",
            "transaction_ids.state",
            "dropship_allocation_ids.state",
            "dropship_allocation_ids.qty_shipped",
            "dropship_hold_ids.state",
            "dropship_delivered_at",
        ]

    @api.depends(lambda self: self._dropship_stage_depends())
    def _compute_dropship_stage(self):
        """One word for where the order stands; empty for orders the suite has nothing to do with."""
        orders_sudo = self.sudo()
        delivered = orders_sudo._dropship_is_delivered()
        cases = orders_sudo._dropship_in_after_sales()
        for order in orders_sudo:
            order.dropship_stage = stage_of(
                Facts(
                    state=order.state,
                    holds=frozenset(hold.kind for hold in order.dropship_hold_ids if hold.state == "open"),
                    rows=frozenset(row._stage_state() for row in order.dropship_allocation_ids),
                    payment_pending=order.state in ("draft", "sent") and order._dropship_awaits_payment(),
                    delivered=order in delivered,
                    after_sales=order in cases,
                    invoiced=order.invoice_status == "invoiced",
                )
            )

    def _dropship_awaits_payment(self):
        """Whether the customer of a quotation of ours chose how to pay and the money is not here yet."""
        self.ensure_one()
        pending = any(transaction.state in PENDING for transaction in self.transaction_ids)
        return pending and bool(self.order_line._dropship_ours())

    def _dropship_is_delivered(self):
        """Those whose shipped goods all reached the customer. Addons that follow parcels know more and extend this.

        What ships after delivery was recorded is not covered by it.
        """
        return self.filtered(
            lambda order: (
                order.dropship_delivered_at
                and not any(
                    row.shipped_at and row.shipped_at > order.dropship_delivered_at
                    for row in order.dropship_allocation_ids
                )
            )
        )

    def _dropship_in_after_sales(self):
        """Those with an open case of the customer. Here nobody keeps cases: none; the addon that does extends this."""
        return self.browse()

    @api.depends(
        "dropship_allocation_ids.state", "dropship_allocation_ids.supplier_id", "dropship_allocation_ids.landed"
    )
    def _compute_dropship_supplier_id(self):
        for order in self.sudo():
            shares = {}
            for row in order.dropship_allocation_ids:
                if row.supplier_id and row.state != "released":
                    shares[row.supplier_id] = shares.get(row.supplier_id, 0.0) + row.landed
            ranked = sorted(shares.items(), key=lambda share: (-share[1], share[0].id))
            order.dropship_supplier_id = ranked[0][0] if ranked else False

    def _dropship_customer_word(self):
        """The stage in the customer's words: nothing about suppliers, holds or their reasons. Empty without a stage."""
        self.ensure_one()
        word = CUSTOMER_WORDS.get(self.sudo().dropship_stage)  # the customer's own order, his word only
        return self.env._(word) if word else ""

    def action_dropship_delivered(self):
        """Record that everything reached the customer, where no parcel tells us."""
        self.check_access("write")
        orders_sudo = self.sudo()  # stages are read from rows a salesman may not write
        wrong = orders_sudo.filtered(lambda order: order.dropship_stage not in ("on_the_way", "delivered", "closed"))
        if wrong:
            raise UserError(
                self.env._(
                    "%s: not everything has been shipped yet. Record the delivery when the whole order is on its way.",
                    ", ".join(wrong.mapped("name")),
                )
            )
        going = orders_sudo.filtered(lambda order: order.dropship_stage == "on_the_way")
        going.dropship_delivered_at = fields.Datetime.now()
        for order in going:
            order._dropship_note(self.env._("Delivered, says %s.", self.env.user.name))
        return True
