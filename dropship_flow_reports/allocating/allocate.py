"""Costs by rules, brought to what was sold."""

from itertools import groupby  # the package does without Odoo

from .bearers import NOBODY, bearers, both, in_order, land
from .facts import Result, Share
from .money import HUNDRED, ZERO
from .periods import owed
from .rules import EACH, OF_ADS, PERCENT, PERIODIC, check
from .shared import rounded


def allocate(rules, orders, first, last, currencies):
    """What rules cost from the first to the last day, both included, and who bears it.

    A cost that goes by sales is divided among all of a calendar month: ask for whole months, or up to today. What an
    order, a parcel, a unit or a percentage costs is rounded by itself.

    :param rules: [Rule]
    :param orders: [Order], all that have their day, or that of a parcel, in between; others do not matter
    :rtype: Result

    >>> from datetime import date
    >>> from decimal import Decimal as D
    >>> from .currencies import Currencies
    >>> from .facts import Line, Order, totals
    >>> from .rules import Rule
    >>> orders = [
    ...     Order(1, date(2026, 3, 2), "shop", "DE", (Line(11, revenue=D("20.00")), Line(12, revenue=D("10.00")))),
    ...     Order(2, date(2026, 3, 9), "shop", "FR", (Line(21, revenue=D("30.00")),)),
    ... ]
    >>> rules = [Rule("rent", "monthly", D("100.00"), by="revenue"), Rule("packing", "per_order", D("0.25"))]
    >>> euro = Currencies("EUR", {"EUR": D("0.01")})
    >>> result = allocate(rules, orders, date(2026, 3, 1), date(2026, 3, 31), euro)
    >>> [(*place, str(amount)) for place, amount in totals(result.shares, "cost", "line").items()]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('rent', 11, '33.33'), ('rent', 12, '16.67'), ('rent', 21, '50.00'),
     ('packing', 11, '0.17'), ('packing', 12, '0.08'), ('packing', 21, '0.25')]
    """
    orders = in_order(orders)
    shares, problems = [], []
    for rule in rules:
        found = check(rule, currencies)
        if not found and rule.kind != OF_ADS:  # see `allocate_of_ads`
            reckon = _periodic if rule.kind in PERIODIC else _each
            some, found = reckon(rule, orders, first, last, currencies)
            shares += some
        problems += [(rule.key, code, figures) for code, figures in found]
    return Result(shares, problems)


def _periodic(rule, orders, first, last, currencies):
    currency = rule.currency or currencies.company
    dues, problems = owed(rule, first, last, currencies)

    def stay(dues, at, why=""):
        return [
            Share(rule.kind, rule.key, due.day, due.amount, due.own, currency, at, why)
            for due in dues
            if due.amount or due.own
        ]

    if rule.by == "days":
        return stay(dues, "day"), problems
    by_month = {}
    for bearer in bearers(rule.by, rule, orders, first, last):
        if bearer.weight > ZERO:  # what was given away, or taken back, bears nothing
            by_month.setdefault(_month(bearer), []).append(bearer)
    shares = []
    for month, of_month in groupby(dues, key=_month):  # pylint: disable=bad-builtin-groupby
        some, found = list(of_month), by_month.get(month)
        if not found:
            shares += stay(some, "nowhere", NOBODY[rule.by])
            continue
        amount, own = sum(due.amount for due in some), sum(due.own for due in some)
        parts = both(amount, own, currency, [bearer.weight for bearer in found], currencies)
        for bearer, part, part_own in zip(found, *parts, strict=True):
            shares += land(rule.kind, rule.key, bearer, part, part_own, currency, currencies)
    return shares, problems


def _month(dated):
    return dated.day.year, dated.day.month


def _each(rule, orders, first, last, currencies):
    currency = rule.currency or currencies.company
    shares, problems = [], {}
    for bearer in bearers(EACH[rule.kind], rule, orders, first, last):
        own = rule.amount * bearer.weight
        own = rounded(own / HUNDRED if rule.kind in PERCENT else own, currencies.steps[currency])
        amount = currencies.convert(own, currency, bearer.day)
        if amount is None:
            problems[bearer.day] = currencies.problem(currency, bearer.day)
        else:
            shares += land(rule.kind, rule.key, bearer, amount, own, currency, currencies)
    return shares, list(problems.values())
