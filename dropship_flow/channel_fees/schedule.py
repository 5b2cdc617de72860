"""A fee schedule applied to an order.

Rows are taken in their order. A row of the way `first` is one of a group: of each kind only the first that fits a line
(or the order) counts; a row of the way `add` always counts on top. A percent is of what the row looks at: the goods it
fits, or the whole order with shipping for the payment. Limits (`low`, `high`) hold for each amount a row makes.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
HUNDRED = Decimal(100)
KINDS = ("commission", "payment", "order", "item", "subsidy")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a schedule.

    :param kind: `commission` a percent of goods, `payment` a percent of everything the customer pays, `order` a fixed
        amount for an order, `item` a fixed amount for each piece, `subsidy` what the channel gives back of the goods
    :param categories: codes of categories it is for; empty: all goods
    """

    key: object
    kind: str
    way: str = "first"
    percent: Decimal = ZERO
    fixed: Decimal = ZERO
    low: Decimal | None = None
    high: Decimal | None = None
    categories: frozenset = frozenset()
    date_from: date | None = None
    date_to: date | None = None

    def is_valid(self, day):
        return (self.date_from is None or self.date_from <= day) and (self.date_to is None or day <= self.date_to)


@dataclass(frozen=True, slots=True)
class Line:
    """Goods of an order: what the customer pays for them, how many pieces, the codes of all their categories."""

    amount: Decimal
    quantity: Decimal = Decimal(1)
    categories: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class Fees:
    """What the channel keeps, in all and by rule; a subsidy counts against it."""

    total: Decimal
    parts: tuple  # ((key of the rule, amount), ...)


def fees_of(rules, lines, paid, day, step=Decimal("0.01")):
    """The fees of an order of that day.

    :param paid: all the customer pays, with shipping and tax
    :param step: the smallest coin

    >>> rules = [Rule("shoes", "commission", percent=Decimal(8), categories=frozenset({"shoes"})),
    ...          Rule("rest", "commission", percent=Decimal(5)), Rule("pay", "payment", percent=Decimal("0.6")),
    ...          Rule("each", "item", fixed=Decimal("0.2"))]
    >>> lines = [Line(Decimal(100), Decimal(1), frozenset({"shoes"})), Line(Decimal(50), Decimal(2))]
    >>> found = fees_of(rules, lines, Decimal(160), date(2026, 1, 1))
    >>> found.total, dict(found.parts)["shoes"], dict(found.parts)["rest"]
    (Decimal('12.06'), Decimal('8.00'), Decimal('2.50'))
    """
    parts, taken = [], {}
    for rule in rules:
        if not rule.is_valid(day):
            continue
        amount = _amount(rule, lines, paid, taken)
        if amount is None:
            continue
        amount = _within(rule, amount).quantize(step, ROUND_HALF_UP)
        if amount:
            parts.append((rule.key, -amount if rule.kind == "subsidy" else amount))
    return Fees(sum((amount for _key, amount in parts), ZERO), tuple(parts))


def _amount(rule, lines, paid, taken):
    """What a rule makes of the order before its limits; None when it is for none of it.

    :param taken: {kind: indexes of the lines a rule of the way `first` counted}; for whole orders {kind: {-1}}
    """
    done = taken.setdefault(rule.kind, set()) if rule.way == "first" else set()
    fitting = [
        index
        for index, line in enumerate(lines)
        if index not in done and (not rule.categories or rule.categories & line.categories)
    ]
    if rule.kind in ("payment", "order"):
        if -1 in done or (rule.categories and not fitting):
            return None
        if rule.way == "first":
            done.add(-1)
        return rule.percent * paid / HUNDRED + rule.fixed
    if not fitting:
        return None
    if rule.way == "first":
        done.update(fitting)
    goods = sum((lines[index].amount for index in fitting), ZERO)
    pieces = sum((lines[index].quantity for index in fitting), ZERO)
    return rule.percent * goods / HUNDRED + (rule.fixed * pieces if rule.kind == "item" else rule.fixed)


def _within(rule, amount):
    if rule.low is not None:
        amount = max(amount, rule.low)
    return amount if rule.high is None else min(amount, rule.high)


def penalty_of(percent, fixed, low, high, paid, step=Decimal("0.01")):
    """What a channel asks for a broken rule of an order.

    >>> penalty_of(Decimal(5), Decimal(0), Decimal(1), Decimal(100), Decimal(10))
    Decimal('1.00')
    """
    amount = percent * paid / HUNDRED + fixed
    amount = max(amount, low) if low else amount
    amount = min(amount, high) if high else amount
    return amount.quantize(step, ROUND_HALF_UP)
