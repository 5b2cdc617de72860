from datetime import timedelta
from decimal import Decimal
from math import ceil

from odoo import fields, models

from ..answers import share_money
from ..answers.model import Row
from .exact import trimmed

ANSWERS = [
    ("accepted", "Accepted"),
    ("backordered", "Backordered"),
    ("changed", "Changed"),
    ("asked", "Waits for a Person"),
    ("refused", "Refused"),
]
PARTS = ("goods", "freight", "fees", "duty", "drift")
COPIED = (
    "line_id",
    "order_id",
    "company_id",
    "decision_id",
    "product_id",
    "offer_id",
    "supplier_id",
    "warehouse_id",
    "purchase_currency_id",
    "purchase_line_id",
)
SAME = (
    "component",
    "attempt",
    "purchase_price",
    "unit_price",
    "days_p50",
    "days_p80",
    "days_p95",
    "promised_date",
    "state",
    "ack_state",
    "ships_on",
    "accepted_at",
    "by_hand",
)


class DropshipAllocation(models.Model):
    """What the supplier said of a row, and how a row becomes several when he says several things of it."""

    _inherit = "dropship.allocation"

    release_reason = fields.Selection(
        selection_add=[
            ("short", "Supplier has not enough"),
            ("price", "Price raised"),
            ("date", "Ships too late"),
        ]
    )
    ack_state = fields.Selection(ANSWERS, string="Answer", copy=False, readonly=True)
    ack_ids = fields.One2many("dropship.acknowledgement", "allocation_id", string="Answers")
    ships_on = fields.Date(copy=False, readonly=True, help="The day the supplier named.")
    drift = fields.Monetary(
        string="Cost Drift",
        copy=False,
        readonly=True,
        help="What the supplier charges more than the decision expected.",
    )

    def _release(self, reason, note=False):
        """Override: what the supplier does not have was refused by him."""
        going = super()._release(reason, note)
        if reason in ("refused", "short"):
            going.ack_state = "refused"
        return going

    def action_show_answers(self):
        """The supplier's answers to this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answers"),
            "res_model": "dropship.acknowledgement",
            "view_mode": "list",
            "domain": [("allocation_id", "=", self.id)],
        }

    def _ack_word(self):
        """The answer as the status counts it; None for rows that do not count."""
        self.ensure_one()
        if not self.offer_id or self.state in ("planned", "released"):
            return None
        return self.ack_state or ("waiting" if self.state == "submitted" else "accepted")

    def _answer_row(self):
        """The row as the verdict needs it."""
        self.ensure_one()
        gone = self.buy_qty if self.state == "shipped" and self.qty_shipped >= self.qty else self.qty_shipped
        if self.state == "released":
            gone = self.qty_shipped
            return Row(self.id, trimmed(gone), trimmed(gone), "accepted", trimmed(gone))
        kept = {"changed": "accepted", None: "waiting", False: "waiting"}
        status = kept.get(self.ack_state, self.ack_state)
        if self.state in ("accepted", "shipped") and status == "waiting":
            status = "accepted"
        return Row(self.id, trimmed(self.qty), trimmed(self.buy_qty), status, trimmed(gone))

    def _split(self, pieces):
        """Make one row of each piece; every amount is spread to the cent.

        :param list pieces: [answers.Piece] that add up to the row
        :return: [dropship.allocation], as the pieces; the first is this row
        """
        self.ensure_one()
        if len(pieces) == 1:
            return [self]
        step = trimmed(self.currency_id.rounding)
        weights = [piece.buy for piece in pieces]
        shares = {part: share_money(trimmed(self[part]), weights, step) for part in PARTS}
        # Whatever the amounts of the parts left over of the landed cost stays with the first.
        odd = trimmed(self.landed) - sum(trimmed(self[part]) for part in PARTS[:4])
        family = self.line_id.dropship_allocation_ids.filtered(
            lambda row: (row.product_id, row.component, row.attempt) == (self.product_id, self.component, self.attempt)
        )
        split = max(family.mapped("split"))
        vals_list = []
        for index, piece in enumerate(pieces):
            vals = {part: float(shares[part][index]) for part in PARTS}
            landed = sum(shares[part][index] for part in PARTS[:4]) + (odd if not index else 0)
            vals |= {"landed": float(landed), "qty": float(piece.need), "buy_qty": float(piece.buy)}
            vals_list.append(vals)
        common = {name: self[name].id for name in COPIED} | {name: self[name] for name in SAME}
        shipped = self.qty_shipped
        self.write({**vals_list[0], "qty_shipped": min(shipped, vals_list[0]["qty"])})
        with self._first_come():
            others = self.create(
                [{**common, **vals, "split": split + number} for number, vals in enumerate(vals_list[1:], 1)]
            )
        return [self, *others]

    def _take_price(self, price):
        """The rows cost this much per unit from now on; what changed is kept as drift.

        :param float price: per unit of the product, net, in the currency of the purchase
        :return: {row: drift}
        """
        drifts = {}
        for (old, unit), rows in self.grouped(lambda row: (row.purchase_price, row.unit_price)).items():
            change = trimmed(price) / trimmed(old) if old else Decimal(1)
            step = trimmed(rows.currency_id.rounding)
            goods = sum((trimmed(row.goods) for row in rows), Decimal(0))
            total = trimmed(rows.currency_id.round(float(goods * change)))
            shares = share_money(total, [trimmed(row.buy_qty) for row in rows], step)
            for row, share in zip(rows, shares, strict=True):
                more = share - trimmed(row.goods)
                drifts[row] = float(more)
                row.write(
                    {
                        "goods": float(share),
                        "landed": float(trimmed(row.landed) + more),
                        "drift": float(trimmed(row.drift) + more),
                        "purchase_price": price,
                        "unit_price": unit * float(change),
                    }
                )
        return drifts

    # --- dates ---

    def _arrival(self, ships_on):
        """When the goods arrive that leave on this day: the way takes what four of five parcels take."""
        self.ensure_one()
        way = max(self.days_p80 - (self.warehouse_id.handling_days or 0.0), 0.0)
        return ships_on + timedelta(days=ceil(round(way, 6)))

    def _promised_until(self):
        """The last day that keeps what the customer expects."""
        self.ensure_one()
        order = self.order_id
        policy = self.decision_id.policy_id
        days = policy.promise_days or self.env["dropship.sales.channel"]._channel_of(order)[order].promise_days
        if order.commitment_date:
            promise = order.commitment_date.date()
        else:
            promise = days and order.date_order and order.date_order.date() + timedelta(days=days)
        return max(filter(None, [promise, self.promised_date]), default=None)
