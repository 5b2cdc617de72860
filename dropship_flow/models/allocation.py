from odoo import api, fields, models

OPEN_STATES = ("planned", "submitted", "accepted")
RELEASE_REASONS = [
    ("refused", "Refused by the supplier"),
    ("cancelled", "Purchase cancelled"),
    ("order_cancelled", "Sale cancelled"),
    ("reduced", "Quantity reduced"),
    ("rerouted", "Routed again"),
]


class DropshipAllocation(models.Model):
    """So much of a sale line (or of a kit's component) is bought there. The one row that makes "exactly once" true."""

    _name = "dropship.allocation"
    _description = "Sourcing of a Sale Line"
    _inherit = ["dropship.state.mixin"]
    _order = "id"

    _transitions = frozenset(
        {
            ("planned", "submitted"),
            ("planned", "accepted"),  # own stock, and suppliers that accept every order
            ("planned", "released"),
            ("submitted", "accepted"),
            ("submitted", "released"),
            ("accepted", "shipped"),
            ("accepted", "released"),
            ("shipped", "accepted"),  # a dispatch that proved false
        }
    )

    line_id = fields.Many2one("sale.order.line", string="Order Line", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    decision_id = fields.Many2one("dropship.routing.decision", ondelete="set null", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    component = fields.Integer(
        default=0, help="Bill-of-materials line of a kit's component; 0: the sold product itself."
    )
    attempt = fields.Integer(default=1, required=True)
    split = fields.Integer(default=0, required=True)

    offer_id = fields.Many2one("dropship.offer", ondelete="restrict", index="btree_not_null")
    supplier_id = fields.Many2one("dropship.supplier", ondelete="restrict", index="btree_not_null")
    warehouse_id = fields.Many2one("dropship.supplier.warehouse", string="Ships From", ondelete="restrict")
    stock_warehouse_id = fields.Many2one("stock.warehouse", string="Own Warehouse", ondelete="restrict")

    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    qty = fields.Float(string="Quantity", digits="Product Unit", required=True)
    buy_qty = fields.Float(
        string="Bought",
        digits="Product Unit",
        required=True,
        help="More than the quantity when only whole packs are sold.",
    )
    qty_shipped = fields.Float(string="Shipped", digits="Product Unit", copy=False)
    purchase_currency_id = fields.Many2one("res.currency")
    purchase_price = fields.Float(digits="Product Price", help="Per unit, net, in the currency of the purchase.")
    unit_price = fields.Float(digits="Product Price", help="Per unit, net, in the company's currency.")
    goods = fields.Monetary()
    freight = fields.Monetary(help="This line's share of the parcel, by goods value.")
    fees = fields.Monetary()
    duty = fields.Monetary(string="Duty and Import")
    landed = fields.Monetary(string="Landed Cost")
    days_p50 = fields.Float(string="Days (1 of 2)")
    days_p80 = fields.Float(string="Days (4 of 5)")
    days_p95 = fields.Float(string="Days (19 of 20)")
    promised_date = fields.Date(string="Expected", help="Four of five parcels arrive by then.")

    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("submitted", "Sent to supplier"),
            ("accepted", "Accepted"),
            ("shipped", "Shipped"),
            ("released", "Released"),
        ],
        default="planned",
        required=True,
        index=True,
        copy=False,
    )
    release_reason = fields.Selection(RELEASE_REASONS, copy=False)
    release_note = fields.Char(copy=False)
    purchase_line_id = fields.Many2one("purchase.order.line", ondelete="set null", index="btree_not_null", copy=False)
    purchase_id = fields.Many2one(
        related="purchase_line_id.order_id", string="Purchase", store=True, index="btree_not_null"
    )

    _once = models.Constraint(
        "UNIQUE (line_id, product_id, component, attempt, split)", "This part of the line is already being bought."
    )
    # The router asks "how much of this offer is promised since the stock figure was taken" on every confirmation.
    _open_offer = models.Index("(offer_id, create_date) WHERE state IN ('planned', 'submitted', 'accepted', 'shipped')")
    _qty_positive = models.Constraint("CHECK (qty >= 0 AND buy_qty >= qty)", "A quantity to buy cannot be negative.")

    @api.depends("order_id.name", "product_id", "supplier_id")
    def _compute_display_name(self):
        for allocation in self:
            source = allocation.supplier_id.name or allocation.stock_warehouse_id.name or ""
            allocation.display_name = f"{allocation.order_id.name} · {allocation.product_id.display_name} · {source}"

    def _covered(self):
        """How much of the customer's demand the row stands for: promised while open, shipped afterwards."""
        self.ensure_one()
        return self.qty if self.state in OPEN_STATES else self.qty_shipped

    def _is_open(self):
        self.ensure_one()
        return self.state in OPEN_STATES

    def _release(self, reason, note=False):
        """Give the quantity back to be sourced again. Shipped rows are history and stay."""
        going = self.filtered(lambda allocation: allocation.state in OPEN_STATES)
        if going:
            going._set_state("released", release_reason=reason, release_note=note)
        return going

    def _reduce(self, qty):
        """Lower an unsent row to `qty`; its purchase line follows. Zero releases it and removes the purchase line."""
        self.ensure_one()
        line = self.purchase_line_id
        if qty <= 0:
            self._release("reduced")
            line.with_context(dropship_internal=True).unlink()
            return
        surplus = self.buy_qty - self.qty
        share = qty / self.qty
        self.write(
            {
                "qty": qty,
                "buy_qty": qty + surplus,
                **{part: self[part] * share for part in ("goods", "freight", "fees", "duty", "landed")},
            }
        )
        line.with_context(dropship_internal=True).product_qty = self.product_uom_id._compute_quantity(
            qty + surplus, line.product_uom_id, rounding_method="UP"
        )

    def _purchase_cost(self):
        """What the goods cost by the purchase line, net, company currency; own stock at its standard cost."""
        self.ensure_one()
        line = self.purchase_line_id
        if not line:
            return self.unit_price * self.qty
        order = line.order_id
        cost = line.price_subtotal
        return order.currency_id._convert(cost, order.company_id.currency_id, order.company_id, order.date_order)

    def _moves(self):
        """The stock moves that carry this row out to the customer, returns left aside."""
        self.ensure_one()
        if self.purchase_line_id:
            moves = self.purchase_line_id.move_ids
        else:
            moves = self.line_id.move_ids.filtered(
                lambda move: (
                    move.product_id == self.product_id
                    and move.picking_type_id.warehouse_id == self.stock_warehouse_id
                    and not move.purchase_line_id
                )
            )
        return moves.filtered(
            lambda move: move.location_dest_id.usage == "customer" and not move.origin_returned_move_id
        )

    @api.model
    def _promised_since(self, offers):
        """How much of each offer is promised since its stock figure was taken, in reference units of the product.

        :return: {offer id: float}
        """
        if not offers:
            return {}
        self.flush_model(["offer_id", "state", "buy_qty"])
        offers.flush_model(["as_of"])
        self.env.cr.execute(
            """
            SELECT allocation.offer_id, SUM(allocation.buy_qty)
              FROM dropship_allocation allocation
              JOIN dropship_offer offer ON offer.id = allocation.offer_id
             WHERE allocation.offer_id = ANY(%s)
               AND allocation.state IN ('planned', 'submitted', 'accepted', 'shipped')
               AND (offer.as_of IS NULL OR allocation.create_date >= offer.as_of)
             GROUP BY allocation.offer_id
            """,
            [offers.ids],
        )
        return dict(self.env.cr.fetchall())
