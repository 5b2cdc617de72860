"""Endings of prices: 34.90, 34.99, 39, 38 …"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

# name: (every, rest): a price ends so when price - rest is a multiple of `every`.
ENDINGS = {
    "90": (Decimal(1), Decimal("0.90")),
    "95": (Decimal(1), Decimal("0.95")),
    "99": (Decimal(1), Decimal("0.99")),
    "00": (Decimal(1), Decimal(0)),
    "9": (Decimal(10), Decimal(9)),
    "8": (Decimal(10), Decimal(8)),
    "9.90": (Decimal(10), Decimal("9.90")),
    "9.99": (Decimal(10), Decimal("9.99")),
}


def end_up(price, ending, step):
    """The lowest price of this ending that is not below; without an ending, of the currency's step.

    >>> D = Decimal
    >>> end_up(D("31.20"), "90", D("0.01")), end_up(D("31.95"), "90", D("0.01")), end_up(D("52"), "8", D("0.01"))
    (Decimal('31.90'), Decimal('32.90'), Decimal('58'))
    >>> end_up(D("31.204"), "", D("0.01")), end_up(D("0.3"), "9", D(1))
    (Decimal('31.21'), Decimal('9'))
    """
    every, rest = ENDINGS.get(ending, (step, Decimal(0)))
    return rest + ((price - rest) / every).to_integral_value(ROUND_CEILING) * every


def end_down(price, ending, step):
    """The highest price of this ending that is not above; None when there is none above zero.

    >>> end_down(Decimal("31.20"), "90", Decimal("0.01")), end_down(Decimal(7), "9", Decimal("0.01"))
    (Decimal('30.90'), None)
    """
    every, rest = ENDINGS.get(ending, (step, Decimal(0)))
    found = rest + ((price - rest) / every).to_integral_value(ROUND_FLOOR) * every
    return found if found > 0 else None


def end_between(price, low, high, ending, step):
    """A price of this ending between two limits, as near above `price` as they allow.

    Where no such price fits, the limits count and not the ending. `high` None: no upper limit.

    >>> D = Decimal
    >>> end_between(D("31.2"), D("30"), D("31.5"), "90", D("0.01"))
    Decimal('30.90')
    >>> end_between(D("31.2"), D("31"), D("31.5"), "90", D("0.01"))
    Decimal('31.2')
    """
    found = end_up(max(price, low), ending, step)
    if high is None or found <= high:
        return found
    found = end_down(high, ending, step)
    if found is not None and found >= low:
        return found
    exact = end_up(max(price, low), "", step)
    return exact if exact <= high else high
