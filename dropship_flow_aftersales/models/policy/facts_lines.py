"""Where the pieces of sold lines are, by transfers, boxes, cases and refunds. In the unit of the line."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, models
from odoo.addons.dropship_flow.models.exact import trimmed
from odoo.tools import SQL

GONE = ("lost", "returned")
UNKNOWN = ("pending", "expired", "info_received")


class Goods(NamedTuple):
    """What is known of a sold line.

    :param arrived: boxes that reached the customer · unknown: nobody can say · gone: lost, or back at the sender ·
        moving: on the way
    :param datetime delivered_at: the last piece; None: one is still missing
    """

    ordered: float
    price: Decimal
    arrived: float = 0.0
    unknown: float = 0.0
    gone: float = 0.0
    moving: float = 0.0
    returned: float = 0.0
    open: float = 0.0
    waiting: float = 0.0
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    tags: frozenset = frozenset()
    kinds: frozenset = frozenset()
    terms: Any = None

    def there(self, absent):
        """(delivered, underway) as the customer tells it: who has the goods knows better than a silent carrier; who
        has not, asks about what is lost as if it had been delivered.

        >>> goods = Goods(6.0, Decimal(5), arrived=1.0, unknown=2.0, gone=1.0, moving=2.0)
        >>> goods.there(False), goods.there(True)
        ((3.0, 3.0), (2.0, 4.0))
        """
        if absent:
            return self.arrived + self.gone, self.unknown + self.moving
        return self.arrived + self.unknown, self.gone + self.moving


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _goods_facts(self, orders, asked, case=None):
        """{sale.order.line: Goods} of all goods of the orders: the last parcel of an order counts for each line."""
        lines = orders.order_line.browse(orders.order_line.ids)  # read together, whatever is in the cache
        lines = lines.filtered(lambda line: not line.display_type and not line.is_delivery)
        lines = lines.filtered(lambda line: line.product_id.type != "combo" and not line.is_downpayment)
        self.env.flush_all()
        moves, boxes = self._moved(lines), self._boxed(lines)
        settled = self._settled(lines, case)
        busy = self._busy(lines, case)
        wanted = lines.browse({row.line.id for row in asked})
        terms = self._terms_of(wanted)
        return {
            line: self._line_goods(line, moves[line.id], boxes[line.id], settled[line.id], busy[line.id])
            ._replace(**(self._what(line) if line in wanted else {}), terms=terms.get(line.id))
            for line in lines
        }  # fmt: skip

    @api.model
    def _what(self, line):
        product = line.product_id
        template = product.product_tmpl_id
        return {
            "tags": frozenset((template.product_tag_ids | product.additional_product_tag_ids).ids),
            "kinds": frozenset(template.dropship_goods_kind_ids.mapped("code")),
        }

    @api.model
    def _line_goods(self, line, moves, boxes, settled, busy):
        """Where the pieces of one line are."""
        unit = line.product_uom_id
        sent = self._sent(line, moves)
        back = sent * min((move.back / move.out for move in moves if move.out), default=0.0)
        shares = _shares(boxes)
        if not boxes:
            followed = line.dropship_allocation_ids and not line.order_id.dropship_delivered_at
            shares = {"unknown": 1.0} if followed else {"arrived": 1.0}
        counted = {name: sent * share for name, share in shares.items() if share}
        if len(counted) > 1:  # of a kit, or of a pack that came in parts, only what is there whole
            counted["arrived"] = unit.round(counted.get("arrived", 0.0), rounding_method="DOWN")
            counted["moving"] = sent - sum(qty for name, qty in counted.items() if name != "moving")
        arrived = counted.get("arrived", 0.0)
        counted["moving"] = max(counted.get("moving", 0.0) - busy["intercept"], 0.0)
        complete = sent > 0 and unit.compare(arrived, line.product_uom_qty) >= 0
        came = [box.at for box in boxes if box.at] or [
            line.order_id.dropship_delivered_at or move.at for move in moves if move.at
        ]
        left = [box.left for box in boxes if box.left] or [move.at for move in moves if move.at]
        return Goods(
            ordered=line.product_uom_qty,
            price=self._price_of(line),
            **counted,
            returned=max(back - busy["back"], settled),
            open=busy["back"],
            waiting=max(line.product_uom_qty - sent - busy["cancel"], 0.0),
            shipped_at=max(left, default=None),
            delivered_at=max(came, default=None) if complete else None,
        )

    @api.model
    def _price_of(self, line):
        """What one is worth to the customer: what was paid for it, or for what it was sent instead of.

        :return Decimal: taxes included, in the company's currency
        """
        order, company = line.order_id, line.company_id.currency_id
        sold, share, each = line._dropship_sent_for()
        if not sold:
            each = line.price_total / line.product_uom_qty if line.product_uom_qty else line.price_reduce_taxinc
        own = trimmed(order.currency_id.round(each / (order.currency_rate or 1.0)))
        return own + trimmed(company.round(float(self._price_of(sold)) * share)) if sold else own

    @api.model
    def _sent(self, line, moves):
        """How many left for the customer, before anything came back."""
        own = [move for move in moves if move.product == line.product_id.id]
        if own:
            return line.product_id.uom_id._compute_quantity(own[0].out, line.product_uom_id, round=False)
        shares = [move.back / move.out for move in moves if move.out]
        back = min(shares, default=0.0)
        if back >= 1:
            return line.product_uom_qty
        return line.qty_delivered / (1 - back) if back else line.qty_delivered

    @api.model
    def _moved(self, lines):
        """What left for the customer and what came back: {line id: [Moved]}, in the unit of the product."""
        found = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.sale_line_id, move.product_id,
                       SUM(CASE target.usage WHEN 'customer' THEN move.quantity * unit.factor / own.factor ELSE 0 END),
                       SUM(CASE source.usage WHEN 'customer' THEN move.quantity * unit.factor / own.factor ELSE 0 END),
                       MAX(move.date) FILTER (WHERE target.usage = 'customer')
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                 WHERE move.sale_line_id = ANY(%s) AND move.state = 'done'
                   AND (source.usage = 'customer') != (target.usage = 'customer')
              GROUP BY 1, 2
                """,
                lines.ids,
            )
        )
        for line, product, out, back, at in rows:
            found[line].append(Moved(product, float(out), float(back), at))
        return found

    @api.model
    def _boxed(self, lines):
        """What is in boxes that left: {line id: [Boxed]}."""
        found = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT content.sale_line_id, content.product_id, content.move_id, content.qty, content.is_part,
                       CASE WHEN box.received_at IS NOT NULL THEN 'delivered' ELSE box.status END,
                       LEAST(box.delivered_at, box.received_at), LEAST(box.dispatched_at, box.first_scan_at)
                  FROM dropship_shipment_line content
                  JOIN dropship_shipment box ON box.id = content.shipment_id
                 WHERE content.sale_line_id = ANY(%s) AND box.state = 'dispatched'
              ORDER BY content.id
                """,
                lines.ids,
            )
        )
        for line, *row in rows:
            found[line].append(Boxed(*row))
        return found

    @api.model
    def _terms_of(self, lines):
        """The terms of who delivered each line: {line id: verdict.Terms}; missing: none are agreed."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line_id) line_id, supplier_id, warehouse_id FROM dropship_allocation
                 WHERE line_id = ANY(%s) AND state != 'released' AND supplier_id IS NOT NULL
              ORDER BY line_id, qty_shipped DESC NULLS LAST, id
                """,
                lines.ids,
            )
        )
        suppliers = self.env["dropship.supplier"].browse({supplier for _line, supplier, _warehouse in rows})
        terms_sudo = self.env["dropship.return.terms"].sudo()._of(suppliers, lines.company_id[:1])
        warehouses_sudo = self.env["dropship.supplier.warehouse"].sudo()
        return {
            line: terms_sudo[supplier]._as_terms(warehouses_sudo.browse(warehouse).tz)
            for line, supplier, warehouse in rows
            if supplier in terms_sudo
        }


class Moved(NamedTuple):
    product: int
    out: float
    back: float
    at: datetime | None


class Boxed(NamedTuple):
    product: int
    move: int | None
    qty: float
    part: bool
    status: str
    at: datetime | None
    left: datetime | None

    @property
    def place(self):
        if self.status == "delivered":
            return "arrived"
        return "gone" if self.status in GONE else "unknown" if self.status in UNKNOWN else "moving"


def _shares(boxes):
    """Which share of a line is where, whole sets of its products only: {arrived, unknown, gone, moving: share}.

    What travels in several boxes is where the last of them is.

    >>> def box(product, qty, status): return Boxed(product, None, qty, False, status, None, None)
    >>> _shares([box(1, 2.0, "delivered"), box(1, 2.0, "in_transit")])
    {'arrived': 0.5, 'unknown': 0.0, 'gone': 0.0, 'moving': 0.5}
    """
    late = {box.move: box.place for box in boxes if box.part and box.place != "arrived" and box.move}
    sent, placed = defaultdict(float), defaultdict(lambda: defaultdict(float))
    for box in boxes:
        if not box.part:
            sent[box.product] += box.qty
            placed[box.product][late.get(box.move, box.place)] += box.qty
    found = {}
    for place in ("arrived", "unknown", "gone"):
        found[place] = min((placed[product][place] / qty for product, qty in sent.items() if qty), default=0.0)
    found["moving"] = max(1.0 - sum(found.values()), 0.0)
    return found
