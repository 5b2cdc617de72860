"""When a purchase is paid, and at which price."""

from decimal import ROUND_HALF_UP, Decimal

# none: nothing to pay before it ships · to_pay: accepted, waits for the money · paying: a message is on its way
MOVES = frozenset(
    {
        ("none", "to_pay"),
        ("none", "paid"),
        ("to_pay", "paying"),
        ("to_pay", "paid"),
        ("to_pay", "expired"),
        ("to_pay", "none"),
        ("paying", "paid"),
        ("paying", "to_pay"),
        ("paying", "expired"),
        ("expired", "paying"),
        ("expired", "paid"),
        ("expired", "to_pay"),
        ("expired", "none"),
        ("paid", "none"),
    }
)


def may_move(old, new):
    """Whether a payment may go from one state to the other.

    >>> may_move("to_pay", "paid"), may_move("paid", "to_pay"), may_move(False, "to_pay")
    (True, False, True)
    """
    return ((old or "none"), new) in MOVES or (old or "none") == new


def price_changes(agreed, now, asked=0.0, total=0.0, step=0.01):
    """What the price differs in from what was agreed; nothing: it may be paid.

    :param dict agreed: {line: price per unit} when the supplier accepted
    :param dict now: the same of the lines that are still bought; fewer of them, or smaller quantities, are no change
    :param float asked: what the supplier asks in all; 0: he did not say
    :param float total: what we would pay in all
    :return: [(line or "total", agreed, now)]

    >>> price_changes({"1": 9.2}, {"1": 9.2}), price_changes({"1": 9.2}, {"1": 9.8})
    ([], [('1', 9.2, 9.8)])
    >>> price_changes({"1": 9.2}, {}), price_changes({"1": 9.2}, {"1": 9.2}, asked=20, total=18.4)
    ([], [('total', 18.4, 20)])
    >>> price_changes({}, {"7": 3.0})
    [('7', 0.0, 3.0)]
    """
    changes = [
        (line, agreed.get(line, 0.0), price)
        for line, price in now.items()
        if abs(agreed.get(line, 0.0) - price) > 1e-6 * max(1.0, abs(price))
    ]
    if asked and abs(asked - total) >= step / 2:
        changes.append(("total", total, asked))
    return changes


def wallet_left(balance, reserved, step=0.01):
    """What of a prepaid balance is free, rounded to the step of its currency.

    >>> wallet_left(100.0, [30.1, 20.2]), wallet_left(10.0, [12.0]), wallet_left(0.3, [0.1, 0.2])
    (Decimal('49.70'), Decimal('-2.00'), Decimal('0.00'))
    """
    unit = Decimal(repr(step))
    left = Decimal(repr(balance)) - sum((Decimal(repr(amount)) for amount in reserved), Decimal(0))
    return left.quantize(unit, ROUND_HALF_UP)
