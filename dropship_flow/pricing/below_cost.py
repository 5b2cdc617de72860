"""What customers really pay for each line of an order, and which lines do not bring in what they cost."""

from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


class Sold(NamedTuple):
    """A line of goods: what it says it costs the customer, net, and what it costs us (0: not ours)."""

    key: object
    amount: Decimal
    cost: Decimal = ZERO


def really_paid(lines, discounts=ZERO, shipping=ZERO):
    """{line key: net amount} with rewards spread over all goods by their price, and shipping over ours by their cost.

    :param discounts: the sum of the negative lines, below zero

    >>> D = Decimal
    >>> paid = really_paid([Sold("lamp", D(30), D(20)), Sold("book", D(10))], discounts=D(-8), shipping=D(4))
    >>> paid["lamp"], paid["book"]
    (Decimal('28'), Decimal('8'))
    """
    goods = sum((line.amount for line in lines), ZERO)
    costs = sum((line.cost for line in lines), ZERO)
    return {
        line.key: line.amount
        + (discounts * line.amount / goods if goods else ZERO)
        + (shipping * line.cost / costs if costs else ZERO)
        for line in lines
    }


def below_cost(lines, discounts=ZERO, shipping=ZERO, floor_percent=ZERO, step=Decimal("0.01")):
    """[(line key, what is paid, what it has to bring in)] of the lines that bring in too little.

    >>> D = Decimal
    >>> below_cost([Sold("lamp", D(19), D(20))]), below_cost([Sold("lamp", D(21), D(20))])
    ([('lamp', Decimal('19'), Decimal('20'))], [])
    >>> [key for key, _paid, _need in below_cost([Sold("lamp", D(21), D(20))], floor_percent=D(10))]
    ['lamp']
    """
    paid = really_paid(lines, discounts, shipping)
    keep = 1 - floor_percent / 100
    return [
        (line.key, paid[line.key], line.cost / keep)
        for line in lines
        if line.cost and paid[line.key] < line.cost / keep - step / 2
    ]
