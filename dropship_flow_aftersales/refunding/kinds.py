"""The kinds of asking, and which of a line's units they are about."""

# Units with the customer are inside, the others outside. Where a kind may be about both, the likelier come first.
PLACES = {
    "return": ("inside",),
    "refund_only": ("inside", "outside"),
    "refused_parcel": ("outside", "inside"),
    "short": ("outside", "inside"),
    "not_shipped": ("outside",),
    "cancelled_by_us": ("outside",),
}
WHOLE_ORDER = ("goodwill", "freight_only", "paid_twice")
OURS = ("short", "cancelled_by_us")  # nobody loses a promotion by them
# Of these figures an ask has exactly one.
NEEDS = {
    **dict.fromkeys(PLACES, ("qty",)),
    "refund_only": ("qty", "amount"),
    "keep": ("percent", "amount"),
    "price_difference": ("price", "amount"),
    "goodwill": ("amount",),
}

TOO_MANY = {
    ("inside",): "more_than_delivered",
    ("outside",): "more_than_undelivered",
}
