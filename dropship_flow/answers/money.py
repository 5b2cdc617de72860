from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def share_money(amount, weights, step):
    """Spread an amount by weights; the shares add up to it exactly.

    :param Decimal step: smallest amount of the currency

    >>> [str(share) for share in share_money(Decimal("10.00"), [3, 1, 1], Decimal("0.01"))]
    ['6.00', '2.00', '2.00']
    >>> [str(share) for share in share_money(Decimal("0.05"), [1, 1, 1], Decimal("0.01"))]
    ['0.02', '0.01', '0.02']
    """
    total = sum(weights)
    shares, given, seen = [], ZERO, ZERO
    for weight in weights:
        seen += Decimal(weight)
        # What is given up to here is rounded, not each share: the rest never piles up on the last.
        upto = _round(amount * seen / total, step) if total and seen != total else amount
        shares.append(upto - given)
        given = upto
    return shares


def _round(amount, step):
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step
