"""What a channel should pay out for an order, and why it paid something else."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Expected:
    """:param amount: what arrives first; `reserve` follows later"""

    gross: Decimal
    fees: Decimal
    reserve: Decimal
    amount: Decimal


def expected(gross, percent, fixed, reserve_percent=ZERO, step=Decimal("0.01")):
    """What is to be paid out for what a customer paid.

    >>> expected(Decimal("100"), Decimal(5), Decimal("0.3"), Decimal(10)).amount
    Decimal('84.70')
    >>> expected(Decimal("0.10"), Decimal(0), Decimal("0.3")).amount
    Decimal('-0.20')
    """
    fees = (gross * percent / 100 + fixed).quantize(step, ROUND_HALF_UP)
    reserve = (gross * reserve_percent / 100).quantize(step, ROUND_HALF_UP)
    gross = gross.quantize(step, ROUND_HALF_UP)
    return Expected(gross, fees, reserve, gross - fees - reserve)


def explain(told, parts):
    """Why what arrived is not what was expected: [(code, amount)] with amounts that add up to the difference.

    :param told: `Expected`
    :param parts: {kind: amount} of what was paid out, as rows of payouts say it

    >>> told = expected(Decimal(100), Decimal(5), ZERO)
    >>> explain(told, {"sale": Decimal(100), "fee": Decimal(-7)})
    [('fees_more', Decimal('-2.00'))]
    >>> explain(told, {"sale": Decimal(80), "fee": Decimal(-5), "refund": Decimal(-10)})
    [('paid_less', Decimal('-20.00')), ('refund', Decimal('-10'))]
    >>> explain(told, {"sale": Decimal(100), "fee": Decimal(-5)})
    []
    """
    paid = sum((parts.get(kind, ZERO) for kind in ("sale", "shipping", "tax", "tax_withheld")), ZERO)
    fees = parts.get("fee", ZERO) + told.fees
    held = parts.get("reserve_held", ZERO) + parts.get("reserve_released", ZERO) + told.reserve
    found = [
        ("paid_less" if paid < told.gross else "paid_more", paid - told.gross),
        ("fees_more" if fees < 0 else "fees_less", fees),
        ("refund", parts.get("refund", ZERO)),
        ("chargeback", parts.get("chargeback", ZERO) + parts.get("chargeback_won", ZERO)),
        ("reserve", held),
        ("adjustment", parts.get("adjustment", ZERO)),
    ]
    return [(code, amount) for code, amount in found if amount]
