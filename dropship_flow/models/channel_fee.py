from decimal import Decimal

from odoo import api, fields, models

from ..channel_fees.schedule import Line, Rule, fees_of, penalty_of
from .exact import decimal

FEE_KINDS = [
    ("commission", "Commission on Goods"),
    ("payment", "Payment, of All the Customer Pays"),
    ("order", "Fixed per Order"),
    ("item", "Fixed per Piece"),
    ("subsidy", "Given Back"),
]


class DropshipChannelFee(models.Model):
    """One row of what a channel keeps. Rows together replace the three plain figures of the channel."""

    _name = "dropship.channel.fee"
    _description = "Fee of a Channel"
    _order = "sequence, id"

    channel_id = fields.Many2one("dropship.sales.channel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="channel_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="channel_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(help="What the channel calls it.")
    kind = fields.Selection(FEE_KINDS, required=True, default="commission")
    way = fields.Selection(
        [("first", "First That Fits"), ("add", "On Top")],
        required=True,
        default="first",
        help="Of each kind, goods pay the first row that fits them; rows on top are always paid as well.",
    )
    category_ids = fields.Many2many(
        "product.category", string="Categories", help="With all below them. Empty: all goods."
    )
    percent = fields.Float(digits=(16, 4))
    fixed = fields.Monetary(string="Amount")
    low = fields.Monetary(string="At Least", help="0: no limit.")
    high = fields.Monetary(string="At Most", help="0: no limit.")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")

    _figures = models.Constraint(
        "CHECK (percent >= 0 AND percent < 100 AND fixed >= 0 AND low >= 0 AND (COALESCE(high, 0) = 0 OR high >= low))",
        "Fees are between 0 and 100 %, amounts are not negative, and the upper limit is not below the lower.",
    )
    _days = models.Constraint("CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
                              "The first day is after the last.")  # fmt: skip

    def _rule(self):
        self.ensure_one()
        return Rule(
            key=self.id,
            kind=self.kind,
            way=self.way,
            percent=decimal(self.percent),
            fixed=decimal(self.fixed),
            low=decimal(self.low) if self.low else None,
            high=decimal(self.high) if self.high else None,
            categories=frozenset(self.category_ids.ids),
            date_from=self.date_from or None,
            date_to=self.date_to or None,
        )


class DropshipChannelPenalty(models.Model):
    """What a channel asks when one of its rules is broken."""

    _name = "dropship.channel.penalty"
    _description = "Penalty of a Channel"
    _order = "channel_id, kind, id"

    channel_id = fields.Many2one("dropship.sales.channel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="channel_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="channel_id.currency_id")
    kind = fields.Selection(
        [("late", "Shipped Late"), ("out_of_stock", "Out of Stock"), ("false_shipment", "Number Never Scanned")],
        required=True,
        default="late",
    )
    percent = fields.Float(string="Percent of the Order", digits=(16, 4))
    fixed = fields.Monetary(string="Amount")
    low = fields.Monetary(string="At Least", help="0: no limit.")
    high = fields.Monetary(string="At Most", help="0: no limit.")

    _once = models.Constraint("UNIQUE (channel_id, kind)", "The channel has a penalty for this already.")
    _figures = models.Constraint(
        "CHECK (percent >= 0 AND fixed >= 0 AND low >= 0 AND (COALESCE(high, 0) = 0 OR high >= low))",
        "Penalties are not negative, and the upper limit is not below the lower.",
    )


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    fee_ids = fields.One2many("dropship.channel.fee", "channel_id", string="Fee Schedule", copy=True)
    penalty_ids = fields.One2many("dropship.channel.penalty", "channel_id", string="Penalties", copy=True)

    def _fee_terms(self, order):
        """(percent of what the customer pays, fixed amount in the company's currency) an order costs at its channel.

        What the channel told of this order counts first, then the schedule, then the three plain figures.
        """
        order_sudo = order.sudo()  # what a channel keeps is no secret of the order's reader
        if order_sudo.dropship_told_fee:
            return Decimal(0), decimal(order_sudo.dropship_told_fee) / decimal(order_sudo.currency_rate or 1.0)
        if self.fee_ids:
            return Decimal(0), self._fees_of(order).total
        return self._usual_fees()

    def _fees_of(self, order):
        """The fees of the schedule for an order, company currency: `Fees`."""
        self.ensure_one()
        rate = decimal(order.currency_rate or 1.0)
        lines = [
            Line(
                decimal(line.price_total) / rate,
                decimal(line.product_uom_qty),
                self._categories(line.product_id.categ_id),
            )
            for line in order.order_line
            if not line.display_type and line.product_id.type != "service"
        ]
        day = fields.Date.to_date(order.date_order) or fields.Date.context_today(self)
        return self._schedule(lines, decimal(order.amount_total) / rate, day)

    def _fees_for(self, product, price, quantity=1.0):
        """What selling a product alone costs here.

        :param price: what the customer pays for all pieces, in the company's currency
        :return: Decimal, in the company's currency
        """
        self.ensure_one()
        if not self.fee_ids:
            percent, fixed = self._usual_fees()
            return decimal(price) * percent / 100 + fixed
        line = Line(decimal(price), decimal(quantity), self._categories(product.categ_id))
        return self._schedule([line], decimal(price), fields.Date.context_today(self)).total

    def _schedule(self, lines, paid, day):
        step = decimal((self.company_id or self.env.company).currency_id.rounding or 0.01)
        return fees_of([row._rule() for row in self.fee_ids], lines, paid, day, step)

    @api.model
    def _categories(self, category):
        return frozenset(int(part) for part in (category.parent_path or "").split("/") if part)

    def _usual_fees(self):
        """(percent, fixed in company currency), both Decimal, of an order over one piece of no special category: what
        prices and suggestions count with, before there is an order."""
        if not self or not self.fee_ids:
            return decimal(self.payment_percent) + decimal(self.commission_percent), decimal(self.payment_fixed)
        percent, fixed, seen, today = Decimal(0), Decimal(0), set(), fields.Date.context_today(self)
        for row in self.fee_ids.filtered(lambda row: not row.category_ids and row.kind != "subsidy"):
            if not row._rule().is_valid(today) or (row.way == "first" and row.kind in seen):
                continue
            if row.way == "first":
                seen.add(row.kind)
            percent, fixed = percent + decimal(row.percent), fixed + decimal(row.fixed)
        return percent, fixed

    def _penalty_for(self, kind, order):
        """What the channel asks for a broken rule of an order, company currency."""
        row = self.penalty_ids.filtered(lambda row: row.kind == kind)[:1]
        if not row:
            return decimal(self.late_penalty) if kind == "late" else Decimal(0)
        paid = decimal(order.amount_total) / decimal(order.currency_rate or 1.0)
        return penalty_of(decimal(row.percent), decimal(row.fixed), decimal(row.low), decimal(row.high), paid)
