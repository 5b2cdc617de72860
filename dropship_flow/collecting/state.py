"""What of an order's money is where, and the one word for it."""

from decimal import Decimal
from typing import NamedTuple

STATES = ("open", "on_delivery", "authorised", "part", "paid", "partly_refunded", "refunded")


class Money(NamedTuple):
    """Decimal, in the order's currency.

    :param owed: what the customer owes in all: the order without what was credited or refused
    :param paid: captured, collected at the door, paid on invoices, or told as paid by the channel
    :param authorised: reserved on a card and not captured
    :param collects: whether the carrier collects what is open
    """

    total: Decimal
    owed: Decimal
    invoiced: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    authorised: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    collects: bool = False

    @property
    def open(self):
        """What the customer still has to pay; less than nothing: what he has paid too much."""
        return self.owed - self.paid + self.refunded


def word_of(money, step=Decimal("0.01")):
    """The word for lists and customers.

    >>> order = Money(Decimal(50), Decimal(50))
    >>> word_of(order), word_of(order._replace(collects=True)), word_of(order._replace(authorised=Decimal(50)))
    ('open', 'on_delivery', 'authorised')
    >>> word_of(order._replace(paid=Decimal(20))), word_of(order._replace(paid=Decimal(50)))
    ('part', 'paid')
    >>> paid = order._replace(paid=Decimal(50))
    >>> word_of(paid._replace(refunded=Decimal(10))), word_of(paid._replace(refunded=Decimal(50)))
    ('partly_refunded', 'refunded')
    >>> word_of(Money(Decimal(0), Decimal(0))), word_of(order._replace(owed=Decimal(0)))
    ('paid', '')
    """
    half = step / 2
    if money.refunded > half:
        return "refunded" if money.paid - money.refunded < half else "partly_refunded"
    if money.paid > half:
        return "part" if money.open > half else "paid"
    if money.open < half:  # nothing to pay at all, or nothing came of it: refused, cancelled, credited
        return "paid" if money.total < half else ""
    if money.collects:
        return "on_delivery"
    return "authorised" if money.authorised > money.open - half else "open"
