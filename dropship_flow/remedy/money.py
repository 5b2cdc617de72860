"""How much goes back, and by which payments. Amounts are Decimals, rounded by the caller's currency."""

from decimal import Decimal

ZERO = Decimal(0)


def refundable(less, paid, returned, rest):
    """What the customer gets back when his order becomes `less` cheaper and then costs `rest`.

    Never more than he has paid above what he still owes.

    >>> str(refundable(Decimal("34.90"), Decimal("52.70"), ZERO, Decimal("17.80")))
    '34.90'
    >>> str(refundable(Decimal("34.90"), Decimal("20.00"), ZERO, Decimal("17.80")))  # a deposit
    '2.20'
    >>> str(refundable(Decimal("34.90"), ZERO, ZERO, Decimal("17.80")))  # on delivery
    '0'
    >>> str(refundable(Decimal("34.90"), Decimal("52.70"), Decimal("34.90"), Decimal("17.80")))  # repeated
    '0.00'
    """
    return max(min(less, paid - returned - rest), ZERO)


def spread(amount, sources):
    """Take an amount back from payments, in their order.

    :param sources: [(key, available, whole only)]; some services give back all of a payment or nothing
    :return: ([(key, amount)], what no payment can give back)

    >>> spread(Decimal(30), [("a", Decimal(20), False), ("b", Decimal(20), False)])
    ([('a', Decimal('20')), ('b', Decimal('10'))], Decimal('0'))
    >>> spread(Decimal(30), [("a", Decimal(40), True)])
    ([], Decimal('30'))
    >>> spread(Decimal(40), [("a", Decimal(40), True)])
    ([('a', Decimal('40'))], Decimal('0'))
    """
    parts = []
    for key, available, whole in sources:
        part = min(amount, available)
        if part <= 0 or (whole and part != available):
            continue
        parts.append((key, part))
        amount -= part
    return parts, amount
