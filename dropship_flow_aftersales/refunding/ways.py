"""How money goes back: through the payments it came with, the rest by a person."""

from .facts import Back
from .parts import ZERO
from .shared import rounded, spread


def ways(order, money, stored="last"):
    """The largest payments first, so that few are touched; gift cards and store credit before or after the others.

    :return: (list of Back, what no payment can give back)

    >>> from decimal import Decimal as D
    >>> from .facts import Order, Payment
    >>> card, voucher = Payment("card", D("60.00")), Payment("voucher", D("40.00"), stored=True)
    >>> [(back.payment, back.amount) for back in ways(Order((), (voucher, card)), D("70.00"))[0]]
    [('card', Decimal('60.00')), ('voucher', Decimal('10.00'))]
    """
    usable = [one for one in order.payments if one.usable]
    usable.sort(key=lambda one: (one.stored == (stored == "last"), -one.free))
    # What would leave a payment that gives all or nothing half refunded goes by another one.
    parts, rest = spread(money, [(payment, payment.free, payment.whole) for payment in usable])
    return [Back(payment.key, amount, _own(payment, amount)) for payment, amount in parts], rest


def _own(payment, amount):
    """The amount in the currency the customer paid in, at that day's rate: all parts together are what he paid."""
    own = payment.own
    if own is None:
        return None
    if amount == payment.free and not payment.charged_back:
        return own.amount - own.refunded
    upto = rounded(own.amount * (payment.refunded + amount) / payment.amount, own.step)
    return min(max(upto - own.refunded, ZERO), own.amount - own.refunded)
