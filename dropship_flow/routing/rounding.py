"""Exact arithmetic shared by the engine: rounding of money, quantities in packs, stable order of keys."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from .model import ZERO


def round_money(amount, step):
    """Round half up to a multiple of the currency's step.

    >>> round_money(Decimal("1.005"), Decimal("0.01"))
    Decimal('1.01')
    >>> round_money(Decimal("7.03"), Decimal("0.05"))
    Decimal('7.05')
    """
    return (amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def round_up(quantity, pack):
    """Smallest multiple of `pack` that is not below `quantity`; a pack of 0 takes any quantity.

    >>> round_up(Decimal(7), Decimal(6)), round_up(Decimal(7), Decimal(0))
    (Decimal('12'), Decimal('7'))
    """
    if pack <= 0 or not quantity % pack:
        return quantity
    return (quantity / pack).to_integral_value(rounding=ROUND_CEILING) * pack


def buy_quantity(offer, quantity):
    """What must be bought from an offer so that `quantity` can be served: minimum first, then whole packs."""
    return round_up(max(quantity, offer.moq), offer.pack)


def unit_price(tiers, quantity):
    """Price of the highest tier reached, None when not even the first one is.

    >>> from .model import Tier
    >>> tiers = (Tier(Decimal(1), Decimal(9)), Tier(Decimal(10), Decimal(8)))
    >>> [unit_price(tiers, Decimal(n)) for n in (0, 1, 10)]
    [None, Decimal('9'), Decimal('8')]
    """
    price = None
    for tier in tiers:
        if quantity < tier.min_qty:
            break
        price = tier.price
    return price


def stable(items, key):
    """Sort by key whatever the keys are, so that the order of the input never decides.

    >>> stable([3, 1, 2], key=lambda item: item)
    [1, 2, 3]
    >>> stable(["b", 1], key=lambda item: item)
    [1, 'b']
    """
    try:
        return sorted(items, key=key)
    except TypeError:
        return sorted(items, key=lambda item: (type(key(item)).__name__, repr(key(item))))


def scaled(amount, unit):
    """An integer count of `1/unit`; the search runs on integers because they are exact and fast.

    >>> scaled(Decimal("1.25"), 1000)
    1250
    """
    return int((amount * unit).to_integral_value()) if amount else 0


__all__ = ["ZERO", "buy_quantity", "round_money", "round_up", "scaled", "stable", "unit_price"]
