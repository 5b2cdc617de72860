"""Amounts that are taken apart without losing a cent."""

from decimal import Decimal

try:
    from ..answers.money import share_money
except ImportError:  # the package by itself, without the addon around it
    from answers.money import share_money

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
    return share_money(total, weights if sum(weights) else [1] * len(weights), step)
