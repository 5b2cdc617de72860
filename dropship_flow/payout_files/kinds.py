"""What a row of a payout may be. Amounts are seen from the seller: more than nothing is his, less is taken from him."""

KINDS = (
    "sale", "shipping", "tax", "refund", "fee", "tax_withheld", "reserve_held", "reserve_released", "chargeback",
    "chargeback_won", "adjustment", "transfer", "unknown",
)  # fmt: skip
FEE_KINDS = (
    "commission", "payment", "fulfilment", "advertising", "subscription", "refund", "chargeback", "penalty", "other",
)  # fmt: skip
# Kinds that are about what a customer owes: they need their order.
CUSTOMER = frozenset({"sale", "shipping", "tax", "refund", "chargeback", "chargeback_won"})
# The two sides of a kind whose sign says which it is: {kind: kind of the other sign}.
TAKEN = {"reserve_released": "reserve_held", "chargeback_won": "chargeback"}
GIVEN = {taken: given for given, taken in TAKEN.items()}


def by_sign(kind, amount):
    """The kind a sign makes of it: what is held is less than nothing, what is released more.

    >>> by_sign("reserve_held", 5), by_sign("reserve_released", -5), by_sign("chargeback", 3), by_sign("refund", 3)
    ('reserve_released', 'reserve_held', 'chargeback_won', 'refund')
    """
    return GIVEN.get(kind, kind) if amount > 0 else TAKEN.get(kind, kind)
