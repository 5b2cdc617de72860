"""Who bears a cost: orders, parcels or lines, and which lines have it in the end."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .facts import Order, Share
from .money import ONE, ZERO, spread

# What a fixed or recurring cost can be brought to sales by; days: to none.
BY = ("days", "revenue", "orders", "parcels", "units")
# Why it could not.
NOBODY = {"revenue": "no_revenue", "orders": "no_orders", "parcels": "no_parcels", "units": "no_units"}


class Bearer(NamedTuple):
    """
    :param weight: one of an order and a parcel, revenue, cost or units of a line
    :param tuple lines: that share what it bears; never none
    """

    day: date
    order: Order
    weight: Decimal
    lines: tuple


def in_order(orders):
    """Orders, lines and parcels in the order of their keys: how they are read never decides who gets a cent.

    :raises ValueError: an order, or a line of it, is there twice; a figure of a line is none
    """
    found = sorted(orders, key=lambda order: (order.day, order.key))
    if len({order.key for order in found}) < len(found):
        raise ValueError("an order is there twice")
    for index, order in enumerate(found):
        if len({line.key for line in order.lines}) < len(order.lines):
            raise ValueError(f"a line of order {order.key!r} is there twice")
        figures = [figure for line in order.lines for figure in (line.revenue, line.cost, line.units)]
        if not all(isinstance(figure, Decimal) and figure.is_finite() for figure in figures):
            raise ValueError(f"a figure of order {order.key!r} is none")
        lines = tuple(sorted(order.lines, key=lambda line: line.key))
        parcels = tuple(sorted(order.parcels, key=lambda parcel: (parcel.day, parcel.key)))
        found[index] = order._replace(lines=lines, parcels=parcels)
    return found


def bearers(what, rule, orders, first, last):
    """Those in a rule's scope, on days on which it holds.

    :param str what: orders, parcels, units, revenue, cost
    :param orders: from `in_order`
    """
    for order in orders:
        lines = tuple(line for line in order.lines if rule.fits(order, line))
        if not lines:
            continue
        if what == "parcels":
            found = [(parcel.day, ONE, _inside(parcel, lines)) for parcel in order.parcels]
        elif what == "orders":
            found = [(order.day, ONE, lines)]
        else:
            found = [(order.day, getattr(line, what), (line,)) for line in lines]
        for day, weight, some in found:
            if some and first <= day <= last and rule.valid(day):
                yield Bearer(day, order, weight, some)


def _inside(parcel, lines):
    return tuple(line for line in lines if line.key in parcel.lines) if parcel.lines else lines


def land(kind, cost, bearer, amount, own, currency, currencies):
    """Shares of the lines of one bearer: by what they brought; those that brought nothing by their units, or equally.

    :return: [Share]
    """
    lines, order = bearer.lines, bearer.order
    weights = [ONE]
    if len(lines) > 1:
        for weights in (
            [max(line.revenue, ZERO) for line in lines],
            [max(line.units, ZERO) for line in lines],
            [ONE] * len(lines),
        ):
            if any(weights):
                break
    parts, owns = both(amount, own, currency, weights, currencies)
    return [
        Share(kind, cost, bearer.day, part, part_own, currency, "line", "",
              order.key, line.key, line.product, order.channel, order.country)
        for line, part, part_own in zip(lines, parts, owns, strict=True)
        if part or part_own
    ]  # fmt: skip


def both(amount, own, currency, weights, currencies):
    """An amount in the company's currency and in its own, each divided by itself.

    :return: ([Decimal], [Decimal])
    """
    parts = spread(amount, weights, currencies.step)
    if currency == currencies.company:
        return parts, parts
    return parts, spread(own, weights, currencies.steps[currency])
