"""What advertisements cost, by day, campaign and source: taken from imports, brought to the orders they brought."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .bearers import Bearer, both, in_order, land
from .facts import Result, Share
from .money import HUNDRED, ONE
from .rules import OF_ADS, check
from .shared import number_problem, rounded


class Row(NamedTuple):
    """A row of an import.

    :param number: where it stands there
    :param date day: of the company
    :param amount: as the advertiser says it, fractions of a cent as well
    """

    number: object
    day: date
    campaign: object
    source: object
    currency: str
    amount: Decimal


class Spend(NamedTuple):
    """:param amount: in its currency, rounded"""

    day: date
    campaign: object
    source: object
    currency: str
    amount: Decimal


class Change(NamedTuple):
    """A day of a campaign at a source that is not what it was.

    :param tuple before: [Spend], one a currency; none of a day that is new
    """

    day: date
    campaign: object
    source: object
    before: tuple
    after: tuple


class Taken(NamedTuple):
    """
    :param list kept: [Spend], all there is now
    :param list changes: [Change]; empty when the same is imported again
    :param list problems: (number of the row, code, {figure: value})
    """

    kept: list
    changes: list
    problems: list


def take(rows, kept, campaigns, today, currencies):
    """Put an import on what is there: a day of a campaign at a source is replaced by its rows, in all currencies.

    With one bad row in it such a day stays as it was, and its other rows are named: half of a day is a wrong day.

    :param rows: [Row]
    :param kept: [Spend]
    :param dict campaigns: {campaign: its channel or None}
    :param date today: of the company
    :rtype: Taken

    >>> from decimal import Decimal as D
    >>> from .currencies import Currencies
    >>> euro, day = Currencies("EUR", {"EUR": D("0.01")}), date(2026, 3, 2)
    >>> rows = [Row(1, day, "spring", "google", "EUR", D("12.00")), Row(2, day, "autumn", "google", "EUR", D("5.00"))]
    >>> first = take(rows, [], {"spring": "shop"}, day, euro)
    >>> [str(spend.amount) for spend in first.kept], first.problems
    (['12.00'], [(2, 'unknown_campaign', {'campaign': 'autumn'})])
    >>> again = take([rows[0]._replace(amount=D("12.70"))], first.kept, {"spring": "shop"}, day, euro)
    >>> [str(spend.amount) for spend in again.kept], len(again.changes)
    (['12.70'], 1)
    """
    rows = list(rows)
    found = {}
    twice = Counter((_slot(row), row.currency) for row in rows)
    for row in rows:
        problem = _row_problem(row, campaigns, today, currencies)
        if not problem and twice[_slot(row), row.currency] > 1:
            problem = "row_twice", {"day": row.day, "campaign": row.campaign, "source": row.source}
        found.setdefault(_slot(row), []).append((row, problem))
    now, changes, problems = {}, [], []
    for spend in kept:
        now.setdefault(_slot(spend), []).append(spend)
    for slot, some in found.items():
        if any(problem for _row, problem in some):
            beside = "beside_bad_row", dict(zip(("day", "campaign", "source"), slot, strict=True))
            problems += [(row.number, *(problem or beside)) for row, problem in some]
            continue
        before = tuple(sorted(now.get(slot, ()), key=lambda spend: spend.currency))
        after = tuple(
            Spend(*slot, row.currency, rounded(row.amount, currencies.steps[row.currency]))
            for row, _problem in sorted(some, key=lambda pair: pair[0].currency)
        )
        if after != before:
            now[slot] = list(after)
            changes.append(Change(*slot, before, after))
    return Taken([spend for some in now.values() for spend in some], changes, problems)


def allocate_ads(spends, orders, campaigns, first, last, currencies):
    """Bring each day of a campaign at a source to the orders it brought that day, equally; without any to the channel
    of the campaign, without one nowhere.

    :param spends: [Spend]
    :param orders: [Order]; one without lines bears nothing
    :param dict campaigns: {campaign: its channel or None}
    :rtype: Result

    >>> from decimal import Decimal as D
    >>> from .currencies import Currencies
    >>> from .facts import Line, Order, totals
    >>> euro, day = Currencies("EUR", {"EUR": D("0.01")}), date(2026, 3, 2)
    >>> spends = [Spend(day, name, "google", "EUR", D("9.00")) for name in ("spring", "autumn", "winter")]
    >>> order = Order(1, day, "shop", "DE", (Line(11),), campaign="spring", source="google")
    >>> orders = [order, order._replace(key=2, lines=(Line(21),))]
    >>> found = allocate_ads(spends, orders, {"spring": "shop", "autumn": "shop"}, day, day, euro)
    >>> [(*place, str(amount)) for place, amount in totals(found.shares, "at", "order", "channel").items()]
    [('line', 1, 'shop', '4.50'), ('line', 2, 'shop', '4.50'), ('channel', None, 'shop', '9.00'), \
('nowhere', None, None, '9.00')]
    """
    brought, shares, problems = {}, [], []
    for order in in_order(orders):
        if order.campaign is not None and order.lines:
            bearer = Bearer(order.day, order, ONE, order.lines)
            brought.setdefault((order.day, order.campaign, order.source), []).append(bearer)
    for spend in spends:
        if not first <= spend.day <= last:
            continue
        cost, currency = (spend.campaign, spend.source), spend.currency
        problem = currencies.problem(currency, spend.day)
        if problem:
            problems.append((cost, *problem))
            continue
        amount = currencies.convert(spend.amount, currency, spend.day)
        bearers = brought.get(_slot(spend))
        if bearers:
            parts = both(amount, spend.amount, currency, [ONE] * len(bearers), currencies)
            for bearer, part, own in zip(bearers, *parts, strict=True):
                shares += land("ads", cost, bearer, part, own, currency, currencies)
        elif amount or spend.amount:
            channel = campaigns.get(spend.campaign)
            at = "nowhere" if channel is None else "channel"
            shares.append(
                Share("ads", cost, spend.day, amount, spend.amount, currency, at, "no_orders", channel=channel)
            )
    return Result(shares, problems)


def allocate_of_ads(rules, spends, orders, campaigns, first, last, currencies):
    """Bring what is a percentage of advertising where the advertising goes; each spend's is rounded by itself.

    :param rules: [Rule]; others than `percent_ads`, and those with problems, are left to `allocate`
    :rtype: Result

    >>> from decimal import Decimal as D
    >>> from .currencies import Currencies
    >>> from .rules import Rule
    >>> euro, day = Currencies("EUR", {"EUR": D("0.01")}), date(2026, 3, 2)
    >>> spends = [Spend(day, "spring", "google", "EUR", D("9.99"))]
    >>> [fee] = allocate_of_ads([Rule("agency", "percent_ads", D(15))], spends, [], {}, day, day, euro).shares
    >>> fee.cost, fee.kind, fee.at, str(fee.amount)
    ('agency', 'percent_ads', 'nowhere', '1.50')
    """
    shares, problems = [], []
    for rule in rules:
        if rule.kind != OF_ADS or check(rule, currencies):
            continue
        parts = [
            spend._replace(amount=rounded(spend.amount * rule.amount / HUNDRED, currencies.steps[spend.currency]))
            for spend in spends
            if rule.valid(spend.day) and spend.currency in currencies.steps  # advertising names the others
        ]
        found = allocate_ads(parts, orders, campaigns, first, last, currencies)
        shares += [share._replace(kind=rule.kind, cost=rule.key) for share in found.shares]
        problems += [(rule.key, code, figures) for _cost, code, figures in found.problems]
    return Result(shares, problems)


def _slot(row):
    return row.day, row.campaign, row.source


def _row_problem(row, campaigns, today, currencies):
    """The first thing that is wrong with a row: (code, {figure: value}), or None."""
    if not isinstance(row.day, date) or isinstance(row.day, datetime):
        return "not_a_day", {"value": str(row.day)[:40]}
    if row.day > today:
        return "future_day", {"day": row.day}
    if row.campaign not in campaigns:
        return "unknown_campaign", {"campaign": row.campaign}
    return number_problem(row.amount, "amount") or currencies.problem(row.currency, row.day)
