"""Amounts that are taken apart without losing a cent."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def share(total, weights, step=CENT):
    """Take a sum apart by weights; the parts are whole steps and add up to the sum. Without weights, evenly.

    :param list weights: Decimal, none negative
    :return: list of Decimal

    >>> share(Decimal("100.00"), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('33.33'), Decimal('33.34'), Decimal('33.33')]
    >>> share(Decimal("10"), [Decimal(3), Decimal(0)], Decimal("1")), share(Decimal("5.00"), [Decimal(0), Decimal(0)])
    ([Decimal('10'), Decimal('0')], [Decimal('2.50'), Decimal('2.50')])
    """
    weights = weights if sum(weights, Decimal(0)) else [Decimal(1)] * len(weights)
    whole, seen, given, parts = sum(weights, Decimal(0)), Decimal(0), Decimal(0), []
    for weight in weights:
        seen += weight
        until = (total * seen / whole / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        parts.append(until - given)
        given = until
    return parts


def ageing(days):
    """The column of a list of what is owed by age.

    >>> [ageing(days) for days in (0, 7, 8, 30, 31)]
    ['week', 'week', 'month', 'month', 'older']
    """
    return "week" if days <= 7 else "month" if days <= 30 else "older"
