"""What a plain account of a business is about: orders, papers, and the facts papers book. Plain Python, no Odoo."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .business_money import ZERO, Row, divided


@dataclass(frozen=True)
class Fact:
    day: date
    order: int | None
    kind: str
    amount: Decimal
    side: str = "attributed"


@dataclass
class Line:
    """A line of an order; `goods` come from a supplier, `kit` too but in two parts, `own` from our shelf."""

    what: str  # goods, kit, own, shipping, coupon
    row: Row
    supplier: int | None = None
    costs: tuple = ()  # what the supplier takes for each part, or what it is worth on our shelf
    shipped: Decimal = ZERO
    invoiced: Decimal = ZERO
    billed: Decimal = ZERO

    @property
    def moves(self):
        return self.what in ("goods", "kit", "own")


@dataclass
class Order:
    key: int
    day: date
    currency: str
    lines: list
    market: bool = False
    alive: bool = True
    papers: list = field(default_factory=list)


@dataclass
class Paper:
    """An invoice, bill or credit note; and what is open of it, in its currency and in ours."""

    key: int
    side: str  # out: a customer's, in: a supplier's
    sign: int  # 1, or -1 for a credit note
    day: date  # of the paper: its rate
    booked: date
    currency: str
    rows: list
    names: list  # of each row: (order, kind, line)
    facts: list = field(default_factory=list)
    open: Decimal = ZERO
    ours: Decimal = ZERO
    whole: Decimal = ZERO
    rate: Fraction = Fraction(1)  # euro for one of the currency
    alive: bool = True
    about: int | None = None

    def worth(self, amount, ours):
        self.open = self.whole = amount
        self.ours, self.rate = ours, Fraction(ours) / Fraction(amount) if amount else Fraction(1)

    def weights(self):
        """{order: what the paper says about it}"""
        found = defaultdict(lambda: ZERO)
        for fact in self.facts:
            if fact.order is not None:
                found[fact.order] += fact.amount
        return found

    def shared(self, nets, amount):
        """What a bill takes for nobody in particular is of all on it, by what it takes for their goods.

        :return: [(order, share)]
        """
        weights, lines = defaultdict(lambda: ZERO), defaultdict(set)
        for net, (order, what, part) in zip(nets, self.names, strict=True):
            if what == "goods":
                weights[order] += abs(net)
                lines[order].add(id(part[0]))
        orders = sorted(weights)
        taken = [weights[order] for order in orders]
        shares = divided(amount, taken if any(taken) else [len(lines[order]) for order in orders])
        return list(zip(orders, shares, strict=True))
