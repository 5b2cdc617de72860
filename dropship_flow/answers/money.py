"""Arithmetic of money that all packages share: whole steps of a currency, exact."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

ZERO = Decimal(0)
HALF = Fraction(1, 2)
# More than anybody sells: whoever says so means something else.
MOST = Decimal(10) ** 15


def rounded(amount, step):
    """Half away from zero, to the smallest amount of the currency.

    :param amount: Decimal, or Fraction where a share is taken of a share: a third of a half is not 0.16666
    :param Decimal step: smallest amount of the currency

    >>> rounded(Decimal("0.125"), Decimal("0.01")), rounded(Decimal("-2.5"), Decimal(1))
    (Decimal('0.13'), Decimal('-3'))
    >>> rounded(Fraction(1, 3) * 3 / 2, Decimal(1)), rounded(Fraction(1, 8), Decimal("0.01"))
    (Decimal('1'), Decimal('0.13'))
    """
    if isinstance(amount, Fraction):
        steps = floor(abs(amount) / Fraction(step) + HALF)
        return (steps if amount >= 0 else -steps) * step
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def number_problem(value, field, signed=False):
    """Why a figure is none that money is reckoned with, as (code, figures); None: it is one.

    :param bool signed: below zero means something

    >>> number_problem(Decimal("NaN"), "amount")
    ('not_a_number', {'field': 'amount', 'value': 'NaN'})
    >>> wrong = (1.5, "2", True, Decimal("Infinity"), Decimal(-1), Decimal("1e20"))
    >>> [number_problem(value, "qty")[0] for value in wrong]
    ['not_a_number', 'not_a_number', 'not_a_number', 'not_a_number', 'negative', 'too_large']
    >>> number_problem(Decimal(0), "amount") is None, number_problem(Decimal(-1), "amount", signed=True) is None
    (True, True)
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        return "not_a_number", {"field": field, "value": str(value)[:40]}
    if value < ZERO and not signed:
        return "negative", {"field": field, "value": value}
    return ("too_large", {"field": field}) if abs(value) > MOST else None


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
        upto = rounded(amount * seen / total, step) if total and seen != total else amount
        shares.append(upto - given)
        given = upto
    return shares
