import math

from odoo import api, fields, models
from odoo.tools import SQL, float_compare

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
    purchase_price = fields.Float(
        min_display_digits="Product Price", help="Per unit, net, in the currency of the purchase."
    )
    unit_price = fields.Float(min_display_digits="Product Price", help="Per unit, net, in the company's currency.")
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
            source = allocation._source_name()
            allocation.display_name = f"{allocation.order_id.name} · {allocation.product_id.display_name} · {source}"

    def _source_name(self):
        """Who provides the goods, for people: the supplier, or our own warehouse."""
        self.ensure_one()
        own = self.stock_warehouse_id or self.line_id.warehouse_id
        return self.supplier_id.name or own.name or self.company_id.name or ""

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
            # Whoever was to be asked about them need not be asked any more.
            going._open_exceptions()._set_state("solved", solution=self.env._("The purchase ended"))
        return going

    def _open_exceptions(self):
        return self.env["dropship.exception"].sudo().search([("allocation_id", "in", self.ids), ("state", "=", "open")])

    def _scale(self, share):
        """The expected amounts for `share` of what was planned."""
        self.ensure_one()
        return {part: self[part] * share for part in ("goods", "freight", "fees", "duty", "landed")}

    def _terms_of(self, qty):
        """How much of the offer has to be bought for `qty`, and at which price: (quantity, price per unit)."""
        self.ensure_one()
        offer, precision = self.offer_id, self.product_id.uom_id.rounding
        factor = offer.factor or 1.0
        pack = offer.pack * factor or (factor if factor != 1 else 0.0)
        buy_qty = max(qty, offer.moq * factor)
        if pack:
            buy_qty = pack * math.ceil(round(buy_qty / pack, 6))
        if float_compare(buy_qty, self.buy_qty, precision_rounding=precision) >= 0:
            return self.buy_qty, self.purchase_price
        tiers = offer._tiers_for(self.company_id, fields.Date.today()).get(offer.id, ())
        tiers = [tier for tier in tiers if tier[2] == self.purchase_currency_id.id]
        old = [tier[1] for tier in tiers if float(tier[0]) <= self.buy_qty]
        new = [tier[1] for tier in tiers if float(tier[0]) <= buy_qty]
        # A price that was agreed on this purchase alone, or has changed since, stays.
        same = not old or not new or float_compare(float(old[-1]), self.purchase_price, precision_digits=6)
        return buy_qty, self.purchase_price if same else float(new[-1])

    def _reduce(self, qty):
        """Lower an unsent row to `qty`; its purchase line follows. Zero releases it and removes the purchase line."""
        self.ensure_one()
        line = self.purchase_line_id
        if qty <= 0:
            self._release("reduced")
            purchase = line.order_id
            line.with_context(dropship_internal=True).unlink()
            if not purchase.order_line:
                purchase._dropship_cancel_quietly()
            return
        buy_qty, price = self._terms_of(qty)
        change = price / self.purchase_price if self.purchase_price else 1.0
        share = qty / self.qty
        vals = self._scale(share)
        vals["goods"] = self.goods * buy_qty / (self.buy_qty or 1.0) * change
        vals["landed"] += vals["goods"] - self.goods * share
        vals |= {"qty": qty, "buy_qty": buy_qty, "purchase_price": price, "unit_price": self.unit_price * change}
        self.write(vals)
        changes = {
            "product_qty": self.product_uom_id._compute_quantity(buy_qty, line.product_uom_id, rounding_method="UP")
        }
        if change != 1.0:
            changes["price_unit"] = line.price_unit * change
        line.with_context(dropship_internal=True).write(changes)

    def _reduce_own(self, qty):
        """Lower a row of our own stock to `qty`: the delivery follows, as it does in core."""
        self.ensure_one()
        line = self.line_id.with_company(self.company_id)
        warehouse = self.stock_warehouse_id
        values = dict(line._prepare_procurement_values(), warehouse_id=warehouse, route_ids=warehouse.delivery_route_id)
        if self.component:
            values["bom_line_id"] = self.component
        (procurement,) = line._create_procurements(qty - self.qty, self.product_uom_id, values)
        if qty > 0:
            self.write({"qty": qty, "buy_qty": qty, **self._scale(qty / self.qty)})
        else:
            self._release("reduced")
        self.env["stock.rule"].run([procurement._replace(product_id=self.product_id)])

    def _keep(self, qty):
        """Our own warehouse delivers only `qty`; its transfer is lowered by those who pack it."""
        self.ensure_one()
        if qty <= 0:
            self._release("reduced")
            return
        self.write({"qty": qty, "buy_qty": qty})

    def _purchase_cost(self):
        """What the goods cost by the purchase line, net, company currency; own stock at its standard cost."""
        self.ensure_one()
        line = self.purchase_line_id
        # What did not ship in the end is not billed.
        share = self.qty_shipped / self.qty if self.state in ("shipped", "released") and self.qty else 1.0
        if not line:
            return self.unit_price * self.qty * share
        order = line.order_id
        bought = line.dropship_allocation_ids.filtered(lambda row: row.state != "released" or row.qty_shipped)
        if len(bought) > 1:  # one line, answered in parts
            share *= self.buy_qty / (sum(bought.mapped("buy_qty")) or 1.0)
        cost = line.price_subtotal * share
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
                    and self.stock_warehouse_id in (move.picking_type_id.warehouse_id, self.stock_warehouse_id.browse())
                    and not move.purchase_line_id.dropship_allocation_ids
                )
            )
        return moves.filtered(
            lambda move: (
                move.location_dest_id.usage == "customer"
                and not move.origin_returned_move_id
                and not move.dropship_reverted
            )
        )

    def _ask_for_rest(self):
        """The transfer ended, but not with all the customer waits for: a person decides about the rest."""
        self.ensure_one()
        order, precision = self.order_id, self.product_uom_id.rounding
        if order.state != "sale" or float_compare(self.qty_shipped, self.qty, precision_rounding=precision) >= 0:
            return
        params = {
            "supplier": self._source_name(),
            "product": self.product_id.display_name,
            "product_id": self.product_id.id,
            "shipped": f"{self.qty_shipped:g}",
            "ordered": f"{self.qty:g}",
        }
        self.env["dropship.hold"].sudo()._raise(order, "approval", [["short_shipment", params]])

    def _qty_moved(self):
        """How much really left for the customer, in the product's reference unit."""
        self.ensure_one()
        moved = sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom_id, round=False)
            for move in self._moves()
            if move.state == "done"
        )
        if not self.offer_id:  # rows of one shelf share its moves: the older ones are served first
            older = self.line_id.dropship_allocation_ids.filtered(
                lambda row: (
                    not row.offer_id
                    and row.id < self.id
                    and (row.product_id, row.component) == (self.product_id, self.component)
                    and row.stock_warehouse_id == self.stock_warehouse_id
                )
            )
            moved -= sum(row.qty_shipped if row.state == "released" else row.qty for row in older)
        elif len(self.purchase_line_id.dropship_allocation_ids) > 1:  # parts of one line leave in their order
            older = self.purchase_line_id.dropship_allocation_ids.filtered(lambda row: row.id < self.id)
            moved -= sum(row.qty_shipped if row.state == "released" else row.qty for row in older)
        return max(min(moved, self.qty), 0.0)

    @api.model
    def _promised_since(self, offers):
        """How much of each offer is promised since its stock figure was taken, in reference units of the product.

        :return: {offer id: float}
        """
        if not offers:
            return {}
        self.flush_model(["offer_id", "state", "buy_qty"])
        offers.flush_model(["as_of", "feed_id", "missing_runs", "unconfirmed"])
        self.env["dropship.feed"].flush_model(["as_of"])
        query = SQL(
            """
            SELECT allocation.offer_id, SUM(allocation.buy_qty)
              FROM dropship_allocation allocation
              JOIN dropship_offer offer ON offer.id = allocation.offer_id
              JOIN LATERAL (SELECT %s AS as_of) told ON TRUE
             WHERE allocation.offer_id = ANY(%s)
               AND allocation.state IN ('planned', 'submitted', 'accepted', 'shipped')
               AND (told.as_of IS NULL OR allocation.create_date >= told.as_of)
             GROUP BY allocation.offer_id
            """,
            offers._as_of_sql("offer"),
            offers.ids,
        )
        return dict(self.env.execute_query(query))
