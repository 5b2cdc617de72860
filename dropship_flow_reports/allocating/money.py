"""Whole steps of a currency, divided so that nothing is lost."""

from decimal import Decimal
from math import lcm

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)


def spread(amount, weights, step):
    """Divide an amount by weights; the shares add up to it exactly.

    Each gets the whole steps of its share; the steps that are left go, one each, to those of whose share most was cut
    off. Of equals the earlier get them, so the order of the weights has to mean something.

    :param Decimal amount: whole steps, of either sign
    :param weights: none below zero, not all zero
    :raises ValueError: they are, or the amount is not whole

    >>> [str(share) for share in spread(Decimal("10.00"), [3, 1, 1], Decimal("0.01"))]
    ['6.00', '2.00', '2.00']
    >>> [str(share) for share in spread(Decimal("-0.05"), [Decimal("0.5"), 1, 0, 1], Decimal("0.01"))]
    ['-0.01', '-0.02', '0.00', '-0.02']
    """
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(below for _above, below in ratios))
    weights = [above * (common // below) for above, below in ratios]
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights have to be more than nothing")
    steps = abs(amount) / step
    if steps != int(steps):
        raise ValueError(f"{amount} is not in steps of {step}")
    parts = [divmod(int(steps) * weight, total) for weight in weights]
    shares = [whole for whole, _cut in parts]
    left = int(steps) - sum(shares)
    for index in sorted(range(len(parts)), key=lambda index: -parts[index][1])[:left]:
        shares[index] += 1
    one = step if amount >= 0 else -step
    return [share * one + ZERO for share in shares]
