"""How many of the pieces asked for there are, and where they are."""

from decimal import Decimal
from typing import NamedTuple

from .facts import ZERO


class Pieces(NamedTuple):
    """
    :param back: with the customer
    :param cancel: not shipped yet
    :param intercept: on their way
    :param excess: there are no such pieces, or they are in another case
    """

    back: Decimal = ZERO
    cancel: Decimal = ZERO
    intercept: Decimal = ZERO
    excess: Decimal = ZERO

    def plus(self, other):
        return Pieces(*(one + two for one, two in zip(self, other, strict=True)))


def pieces_of(line, before=Pieces()):  # noqa: B008 - it never changes
    """
    :param Pieces before: given to the same sold line earlier in the request

    >>> D = Decimal
    >>> from .facts import Line, Order, Reason
    >>> five = Line(1, Order(None), D(9), D(5), delivered_qty=D(3), returned=D(1), waiting=D(1), underway=D(1))
    >>> pieces_of(five)
    Pieces(back=Decimal('2'), cancel=Decimal('1'), intercept=Decimal('1'), excess=Decimal('1'))
    >>> pieces_of(five._replace(asked=D(1), reason=Reason(absent=True))).cancel  # what is not there comes first
    Decimal('1')
    >>> pieces_of(five._replace(asked=D(1)), Pieces(back=D(2))).back
    Decimal('0')
    """
    there = (
        max(line.delivered_qty - line.returned - line.open - before.back, ZERO),
        max(line.waiting - before.cancel, ZERO),
        max(line.underway - before.intercept, ZERO),
    )
    left, found = max(line.asked, ZERO), [ZERO, ZERO, ZERO]
    for place in (1, 2, 0) if line.reason.absent else (0, 1, 2):
        found[place] = min(left, there[place])
        left -= found[place]
    return Pieces(*found, left)
