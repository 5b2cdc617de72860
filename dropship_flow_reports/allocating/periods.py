"""What a rule owes day by day, whether anything was sold or not."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .money import spread
from .shared import rounded

DAY = timedelta(days=1)


class Due(NamedTuple):
    """
    :param amount: in the company's currency
    :param own: in the rule's
    """

    day: date
    amount: Decimal
    own: Decimal


def owed(rule, first, last, currencies):
    """What a fixed or recurring cost owes from the first to the last day, both included.

    A whole day, week, month or year owes the whole amount; one that the rule begins or ends in owes the part of its
    days. Each is one amount at one rate, that of its first day, divided among its days. They are the same whichever
    days are asked for.

    :param Rule rule: without problems
    :return: ([Due], [(code, {figure: value})])

    >>> from .currencies import Currencies
    >>> from .rules import Rule
    >>> euro = Currencies("EUR", {"EUR": Decimal("0.01")})
    >>> rent = Rule("rent", "monthly", Decimal("100.00"), first=date(2026, 3, 17))
    >>> dues, _problems = owed(rent, date(2026, 3, 1), date(2026, 4, 30), euro)
    >>> [str(sum(due.amount for due in dues if due.day.month == month)) for month in (3, 4)]
    ['48.39', '100.00']
    """
    currency = rule.currency or currencies.company
    dues, problems = [], []
    for begin, end, of in _occurrences(rule, first, last):
        days = (end - begin).days + 1
        own = rounded(rule.amount * days / of, currencies.steps[currency])
        amount = currencies.convert(own, currency, begin)
        if amount is None:
            problems.append(currencies.problem(currency, begin))
            continue
        parts = spread(amount, [1] * days, currencies.step)
        owns = parts if currency == currencies.company else spread(own, [1] * days, currencies.steps[currency])
        for number in range(max((first - begin).days, 0), min((last - begin).days + 1, days)):
            dues.append(Due(begin + timedelta(days=number), parts[number], owns[number]))
    return dues, problems


def _occurrences(rule, first, last):
    """(first day, last day, days of the whole of it) of each time the amount is owed in the days asked for."""
    begin = max(first, rule.first or first)
    until = min(last, rule.last or last)
    while begin <= until:
        start, end = (rule.first, rule.last) if rule.kind == "fixed" else _cycle(rule.kind, begin)
        yield max(start, rule.first or start), min(end, rule.last or end), (end - start).days + 1
        if end >= until:
            return
        begin = end + DAY


def _cycle(kind, day):
    """First and last day of the day, week, month or year a day is in.

    >>> [str(end) for end in _cycle("daily", date(2028, 2, 29))]
    ['2028-02-29', '2028-02-29']
    >>> [[str(end) for end in _cycle(kind, date(2028, 2, 29))] for kind in ("weekly", "monthly", "yearly")]
    [['2028-02-28', '2028-03-05'], ['2028-02-01', '2028-02-29'], ['2028-01-01', '2028-12-31']]
    """
    if kind == "daily":
        return day, day
    if kind == "weekly":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if kind == "monthly":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return date(day.year, 1, 1), date(day.year, 12, 31)
