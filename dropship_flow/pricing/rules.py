"""What a rule makes of a cost, and whether a person has to look at it first.

All money of one call is in one currency, the one of the prices. A price is spoken of in three ways: as it is entered,
as customers see it, and net; `Lines` says how they hang together.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .endings import end_between

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


class Lines(NamedTuple):
    """Straight lines in the entered price: net = share * price + fixed, and so on.

    >>> lines = Lines(net=(ONE / Decimal("1.25"), ZERO), gross=(ONE, ZERO))
    >>> lines.net_of(Decimal(10)), lines.gross_of(Decimal(10)), lines.entered(Decimal(5))
    (Decimal('8.0'), Decimal('10'), Decimal('5'))
    """

    net: tuple = (ONE, ZERO)
    gross: tuple = (ONE, ZERO)
    shown: tuple = (ONE, ZERO)

    def net_of(self, entered):
        return self.net[0] * entered + self.net[1]

    def gross_of(self, entered):
        return self.gross[0] * entered + self.gross[1]

    def shown_of(self, entered):
        return self.shown[0] * entered + self.shown[1]

    def entered(self, shown):
        """The price to enter for customers to see this one."""
        return (shown - self.shown[1]) / self.shown[0]


class Fees(NamedTuple):
    """What selling costs: a share of what the customer pays, in percent, and a fixed part."""

    percent: Decimal = ZERO
    fixed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Rule:
    """How a price is made. Empty conditions match anything; sets hold ids."""

    key: int
    method: str = "percent"  # percent, flat, tiers: on the cost | margin: of the net price, after fees
    percent: Decimal = ZERO
    amount: Decimal = ZERO
    tiers: tuple = ()  # (from cost, percent, amount), ascending
    floor_percent: Decimal = ZERO  # of the net price, left after fees
    floor_amount: Decimal = ZERO
    ceiling: Decimal | None = None  # as customers see it
    respect_map: bool = True
    cap_retail: bool = False
    ending: str = ""
    daily_limit: Decimal = ZERO  # percent; 0: no limit
    least_percent: Decimal = ZERO  # smaller changes are not worth it
    least_amount: Decimal = ZERO
    ask_first: bool = False  # also before the first price
    leave: bool = False  # prices stay as they are
    channel: int | None = None
    categories: frozenset = frozenset()
    publics: frozenset = frozenset()
    suppliers: frozenset = frozenset()
    tags: frozenset = frozenset()
    brands: frozenset = frozenset()  # casefolded
    cost_from: Decimal = ZERO
    cost_to: Decimal | None = None
    price_from: Decimal = ZERO
    price_to: Decimal | None = None

    def matches(self, goods):
        """Whether the rule is for these goods.

        >>> Rule(1, suppliers=frozenset({7})).matches(Goods(supplier=7)), Rule(1, cost_to=ONE).matches(Goods(cost=ONE))
        (True, True)
        """
        return (
            (not self.categories or goods.category in self.categories)
            and (not self.suppliers or goods.supplier in self.suppliers)
            and (not self.publics or not self.publics.isdisjoint(goods.publics))
            and (not self.tags or not self.tags.isdisjoint(goods.tags))
            and (not self.brands or goods.brand in self.brands)
            and self.cost_from <= goods.cost
            and (self.cost_to is None or goods.cost <= self.cost_to)
            and self.price_from <= goods.price
            and (self.price_to is None or goods.price <= self.price_to)
        )


class Goods(NamedTuple):
    """What rules ask about a product."""

    category: int | None = None
    publics: tuple = ()
    tags: tuple = ()
    brand: str = ""
    supplier: int | None = None
    cost: Decimal = ZERO
    price: Decimal = ZERO  # the merchant's sales price


class Price(NamedTuple):
    """What a rule makes of a cost. `entered` None: it makes none, `reasons` say why."""

    entered: Decimal | None
    shown: Decimal | None = None
    floor: Decimal | None = None  # lowest price as customers see it
    ask: bool = False  # the limits contradict each other: a person decides
    reasons: tuple = ()  # (code, {figures})


def wanted(rule, cost, fees, lines):
    """The price to enter before limits and endings; None when margin and fees leave nothing.

    >>> wanted(Rule(1, "percent", percent=Decimal(50)), Decimal(10), Fees(), Lines())
    Decimal('15.0')
    >>> wanted(Rule(1, "margin", percent=Decimal(30)), Decimal(7), Fees(), Lines())
    Decimal('10')
    """
    if rule.method == "margin":
        return price_for(cost, rule.percent, ZERO, fees, lines)
    percent, amount = rule.percent, ZERO
    if rule.method == "flat":
        percent, amount = ZERO, rule.amount
    elif rule.method == "tiers":
        percent = ZERO
        for start, tier_percent, tier_amount in rule.tiers:
            if cost >= start:
                percent, amount = tier_percent, tier_amount
    return (cost * (ONE + percent / HUNDRED) + amount - lines.net[1]) / lines.net[0]


def price_for(cost, percent, amount, fees, lines):
    """The price to enter of which, after fees and cost, so many percent of the net price and so much money are left."""
    keep, share = ONE - percent / HUNDRED, fees.percent / HUNDRED
    slope = keep * lines.net[0] - share * lines.gross[0]
    if slope <= 0:
        return None
    return (cost + fees.fixed + amount - keep * lines.net[1] + share * lines.gross[1]) / slope


def make_price(rule, cost, fees, lines, map_price=None, retail=None, step=Decimal("0.01")):
    """The price a rule makes, between all its limits and with its ending.

    >>> D = Decimal
    >>> make_price(Rule(1, "percent", D(50), ending="90"), D(20), Fees(), Lines()).shown
    Decimal('30.90')
    >>> make_price(Rule(1, "percent", D(50)), D(20), Fees(), Lines(), map_price=D(35)).reasons
    (('map', {'limit': '35.00'}),)
    >>> make_price(Rule(1, "percent", D(50), ceiling=D(19)), D(20), Fees(), Lines()).ask
    True
    """
    raw = wanted(rule, cost, fees, lines)
    floors = (
        price_for(cost, rule.floor_percent, ZERO, fees, lines),
        price_for(cost, ZERO, rule.floor_amount, fees, lines),
    )
    if raw is None or None in floors:
        return Price(None, reasons=(("fees_too_high", {}),))
    reasons = []
    price, low, high = lines.shown_of(raw), lines.shown_of(max(floors)), None
    floor = low
    if price < low:
        reasons.append(("floor", {"limit": f"{low:.2f}"}))
    if rule.respect_map and map_price and map_price > low:
        low = map_price
        if price < low:
            reasons.append(("map", {"limit": f"{low:.2f}"}))
    for code, limit in (("ceiling", rule.ceiling), ("retail", retail if rule.cap_retail else None)):
        if limit and (high is None or limit < high):
            high = limit
            if max(price, low) > high:
                reasons.append((code, {"limit": f"{high:.2f}"}))
    if high is not None and high < low:
        cross = ("limits_cross", {"low": f"{low:.2f}", "high": f"{high:.2f}"})
        return _priced(end_between(low, low, None, "", step), lines, floor, (cross,), ask=True)
    shown = end_between(price if high is None else min(price, high), low, high, rule.ending, step)
    return _priced(shown, lines, floor, tuple(reasons))


def _priced(shown, lines, floor, reasons, ask=False):
    entered = lines.entered(shown)
    if lines.shown != (ONE, ZERO):
        entered = entered.quantize(Decimal("0.000001"))
    return Price(entered, shown, floor, ask, reasons)


def margin(entered, cost, fees, lines):
    """(what is left of a price after cost and fees, the same in percent of the net price).

    >>> margin(Decimal(20), Decimal(10), Fees(Decimal(5), Decimal(1)), Lines())
    (Decimal('8'), Decimal('40.0'))
    """
    net = lines.net_of(entered)
    left = net - cost - fees.fixed - lines.gross_of(entered) * fees.percent / HUNDRED
    return left, left / net * HUNDRED if net > 0 else -HUNDRED


class Verdict(NamedTuple):
    state: str  # same, apply, wait
    reasons: tuple = ()


def judge(rule, made, old, reference, lines):
    """Whether a price is taken, asked about, or not worth a change.

    :param Price made: the new one
    :param old: the price entered now; None: there is none yet
    :param reference: what it was a day ago, without what a person agreed to since

    >>> D = Decimal
    >>> rule = Rule(1, daily_limit=D(20), least_percent=D(1))
    >>> [judge(rule, Price(D(new), D(new), D(5)), D(100), D(100), Lines()).state for new in ("100.5", "110", "130")]
    ['same', 'apply', 'wait']
    """
    if made.ask:
        if old is not None and old == made.entered:
            return Verdict("same")
        return Verdict("wait")
    if old is None:
        return Verdict("wait" if rule.ask_first else "apply", (("first_price", {}),))
    change = abs(made.entered - old)
    # Below the floor, or outside another limit, every cent counts.
    if change < Decimal("0.000001"):
        return Verdict("same")
    forced = lines.shown_of(old) < made.floor or any(code in ("map", "ceiling", "retail") for code, _ in made.reasons)
    small = change < rule.least_amount or (old > 0 and change * HUNDRED < rule.least_percent * old)
    if small and not forced:
        return Verdict("same")
    base = reference or old
    if rule.daily_limit and base > 0 and abs(made.entered - base) * HUNDRED > rule.daily_limit * base:
        percent = (made.entered - base) / base * HUNDRED
        return Verdict("wait", (("change_limit", {"percent": f"{percent:+.1f}", "limit": f"{rule.daily_limit:f}"}),))
    return Verdict("apply")
