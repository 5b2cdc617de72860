from decimal import Decimal
from typing import NamedTuple

# A price that many times off is a slip of the pen or another unit, not an offer.
ABSURD = 10


class Limits(NamedTuple):
    """How far a supplier may raise a price by himself."""

    percent: Decimal  # of the agreed price
    profit: Decimal  # of the order as it stands, company currency
    floor: Decimal | None = None  # the profit has to stay above; None: no floor
    ceiling: Decimal | None = None  # highest price per unit of the product, in the currency of `unit`


def judge_price(agreed, told, quantity, step, limits, *, extra=Decimal(0), unit=None):
    """What a price means: 'same', 'lower', 'higher' (taken by itself), 'dear' or 'absurd'.

    :param Decimal agreed: per unit of the SKU, as sent
    :param Decimal step: smallest amount of the currency; half of it on the line is the rounding of what was sent
    :param Decimal extra: what the line costs more by it, company currency
    :param Decimal unit: the told price per unit of the product, company currency

    >>> wide = Limits(Decimal(10), Decimal(20), Decimal(5))
    >>> cent = Decimal("0.01")
    >>> judge_price(Decimal(10), Decimal("10.5"), 2, cent, wide, extra=Decimal(1))
    'higher'
    >>> judge_price(Decimal(10), Decimal("12"), 2, cent, wide, extra=Decimal(4))
    'dear'
    >>> judge_price(Decimal(10), Decimal("10.5"), 2, cent, wide._replace(profit=Decimal(5)), extra=Decimal(1))
    'dear'
    >>> judge_price(Decimal(10), Decimal(9), 1, cent, wide), judge_price(Decimal(10), Decimal(0), 1, cent, wide)
    ('lower', 'absurd')
    """
    if told <= 0 or (agreed and (told > agreed * ABSURD or told * ABSURD < agreed)):
        return "absurd"
    if abs(told - agreed) * quantity <= step / 2:
        return "same"
    if told < agreed:
        return "lower"
    if agreed and (told - agreed) * 100 > agreed * limits.percent:
        return "dear"
    if limits.floor is not None and limits.profit - extra < limits.floor:
        return "dear"
    if limits.ceiling is not None and unit is not None and unit > limits.ceiling:
        return "dear"
    return "higher"
