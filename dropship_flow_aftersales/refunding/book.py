"""An order with its refunds up to now."""

from fractions import Fraction
from functools import cached_property

from .parts import NOTHING, ZERO
from .pool import Pool
from .worth import shares, worths


class Book:
    """Rows are added one by one; every figure is that of the moment."""

    def __init__(self, order):
        self.order = order
        self.shares = shares(order)
        worth = worths(order, self.shares)
        self.total = sum((parts.total for parts in worth.values()), ZERO)
        self.pools = {line.key: Pool(line, worth[line.key], order) for line in order.lines if line.key in worth}
        self.lines = {line.key: line for line in order.lines}
        self.taken = {}  # {promotion: Parts taken back of it}
        self.credited = ZERO
        self.freight = ZERO
        self.extra = ZERO  # paid twice and given back by this refund; what was before is in the payments
        for row in order.past:
            self.add(row)
        self.extra = ZERO

    def add(self, row):
        if row.kind == "promotion":
            self.taken[row.line] = self.taken.get(row.line, NOTHING) - row.parts
        elif row.line in self.pools:
            self.pools[row.line].add(row)
        if row.kind == "freight":
            self.freight += row.parts.total
        if row.kind == "paid_twice":
            self.extra += row.parts.total
        else:
            self.credited += row.parts.total

    def of_kind(self, *kinds):
        return [pool for pool in self.pools.values() if pool.line.kind in kinds]

    @property
    def owed(self):
        """What the order costs after what was credited."""
        return self.total - self.credited

    @cached_property
    def paid(self):
        return sum((payment.paid for payment in self.order.payments), ZERO)

    @cached_property
    def returned(self):
        return sum((payment.refunded for payment in self.order.payments), self.order.paid_out)

    @property
    def too_much(self):
        """What was paid beyond what the order costs."""
        return max(self.paid - self.returned - self.owed - self.extra, ZERO)

    def settled_share(self):
        """How much of the goods is settled, by what they cost before promotions: a Fraction from 0 to 1."""
        done = whole = Fraction(0)
        for pool in self.of_kind("goods"):
            price = Fraction(pool.line.parts.basis(self.order.included))
            whole += price
            done += price * pool.share(pool.settled)
        return done / whole if whole else whole
