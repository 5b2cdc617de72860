"""From what left or arrived to what is invoiced: goods for themselves, charges with the first of them, discounts in
proportion, and what is left at the end with the last."""

from typing import NamedTuple

GOODS, CHARGE, DISCOUNT, PREPAID = "goods", "charge", "discount", "prepaid"
TINY = 1e-6


class Row(NamedTuple):
    """A line of a sale. Quantities in the line's unit.

    :param str kind: GOODS; CHARGE (delivery, services); DISCOUNT (a negative amount); PREPAID (a down payment)
    :param float reached: how much of the goods left or arrived, whatever counts
    :param float open: what may be invoiced at most; 0 or less: nothing
    :param float value: net amount of the whole line
    """

    key: object
    kind: str
    ordered: float
    reached: float
    invoiced: float
    open: float
    value: float


def plan(rows, digits=6):
    """What to invoice now.

    :param rows: list of Row
    :return: ({key: quantity}, whether the order is invoiced with it to the end)

    >>> lamp, cable = Row("lamp", GOODS, 2, 2, 0, 2, 60), Row("cable", GOODS, 1, 0, 0, 1, 20)
    >>> freight, coupon = Row("freight", CHARGE, 1, 0, 0, 1, 5), Row("coupon", DISCOUNT, 1, 0, 0, 1, -8)
    >>> plan([lamp, cable, freight, coupon])
    ({'lamp': 2, 'freight': 1, 'coupon': 0.75}, False)
    >>> plan([lamp._replace(invoiced=2, open=0), cable._replace(reached=1), freight._replace(invoiced=1, open=0),
    ...       coupon._replace(invoiced=0.75, open=0.25)])
    ({'cable': 1, 'coupon': 0.25}, True)
    >>> plan([lamp._replace(reached=0), freight])
    ({}, False)
    """
    goods = [row for row in rows if row.kind == GOODS]
    reached = {row.key: min(row.reached, row.ordered) for row in goods}
    whole = all(row.ordered - reached[row.key] <= TINY for row in goods)
    due = {}
    for row in goods:
        quantity = min(row.reached - row.invoiced, row.open)
        if quantity > TINY:
            due[row.key] = quantity
    started = any(row.invoiced > TINY or row.key in due for row in goods) or (whole and bool(rows))
    if not started:
        return {}, False
    value = sum(row.value for row in goods)
    share = sum(row.value * reached[row.key] / row.ordered for row in goods if row.ordered) / value if value else 1.0
    for row in rows:
        if row.open <= TINY and row.kind != PREPAID:
            continue
        if row.kind == CHARGE:
            due[row.key] = row.open
        elif row.kind == DISCOUNT:
            quantity = row.open if whole else min(round(row.ordered * share, digits) - row.invoiced, row.open)
            if quantity > TINY:
                due[row.key] = quantity
    billed = any(row.key in due for row in rows)
    if billed and whole:
        due |= {row.key: row.open for row in rows if row.kind == PREPAID and row.open}
    return (due, whole) if billed else ({}, False)
