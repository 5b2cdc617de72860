"""What was sold, and where costs went. Money in the company's currency, without taxes that are passed on."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .money import ZERO


class Line(NamedTuple):
    """A line of an order. Freight and discounts are lines as well.

    :param frozenset categories: of the product, those above it included
    :param revenue: less than nothing for a discount
    :param cost: what was bought for it
    """

    key: object
    product: object = None
    categories: frozenset = frozenset()
    supplier: object = None
    revenue: Decimal = ZERO
    cost: Decimal = ZERO
    units: Decimal = ZERO


class Parcel(NamedTuple):
    """
    :param date day: it left
    :param tuple lines: keys of the order's lines it has something of; empty: nobody knows, it counts for all
    """

    key: object
    day: date
    lines: tuple = ()


class Order(NamedTuple):
    """
    :param key: keys of orders can be compared with each other, as can those of lines and of parcels
    :param date day: the reports count it on
    :param campaign: with its source, what brought the customer (UTM)
    """

    key: object
    day: date
    channel: object = None
    country: object = None
    lines: tuple = ()
    parcels: tuple = ()
    campaign: object = None
    source: object = None


class Share(NamedTuple):
    """A part of a cost, where it belongs.

    :param str kind: of the rule; ads
    :param cost: key of the rule; (campaign, source) of ads
    :param date day: of the order, or the parcel; of the cost where it went to no order
    :param amount: more than nothing for a cost
    :param own: the same in its own currency
    :param str at: line; day (it is to go no further); channel; nowhere
    :param str why: it went to no line though it should: no_orders, no_parcels, no_units, no_revenue
    """

    kind: str
    cost: object
    day: date
    amount: Decimal
    own: Decimal
    currency: str
    at: str = "nowhere"
    why: str = ""
    order: object = None
    line: object = None
    product: object = None
    channel: object = None
    country: object = None


class Result(NamedTuple):
    """
    :param list shares: [Share], none of nothing
    :param list problems: (key of the cost, code, {figure: value}); what they are about is in no share
    """

    shares: list
    problems: list


def totals(shares, *fields):
    """{values of the fields: amount}

    >>> one = Share("ads", "c", date(2026, 3, 1), Decimal("1.20"), Decimal("1.20"), "EUR", "channel", channel="shop")
    >>> totals([one, one._replace(amount=Decimal("0.05"))], "channel", "at")
    {('shop', 'channel'): Decimal('1.25')}
    """
    found = {}
    for share in shares:
        key = tuple(getattr(share, field) for field in fields)
        found[key] = found.get(key, ZERO) + share.amount
    return found


def difference(posted, wanted):
    """What is to be posted so that there is what is wanted; nothing, when it is there.

    :param posted: shares; several of one place count together, so earlier differences go in as they came out
    :param wanted: shares
    :return: [Share], on the days they restate

    >>> old = Share("monthly", "rent", date(2026, 3, 1), Decimal("3.00"), Decimal("3.00"), "EUR", "day")
    >>> new = old._replace(amount=Decimal("3.10"), own=Decimal("3.10"))
    >>> [str(share.amount) for share in difference([old], [new])]
    ['0.10']
    >>> difference([old, *difference([old], [new])], [new])
    []
    """
    found = {}
    for shares, sign in ((wanted, 1), (posted, -1)):
        for share in shares:
            place = share._replace(amount=None, own=None)
            amount, own = found.get(place, (ZERO, ZERO))
            found[place] = amount + sign * share.amount, own + sign * share.own
    return [place._replace(amount=amount, own=own) for place, (amount, own) in found.items() if amount or own]
