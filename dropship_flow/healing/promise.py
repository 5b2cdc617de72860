"""Whether the customer has to hear of another date."""


def worse(told, now):
    """The date to tell, or None when what he knows still holds.

    :param told: the date the customer counts on, None when he never got one
    :param now: when the slowest part is expected, None when nobody knows

    >>> from datetime import date
    >>> worse(date(2026, 5, 12), date(2026, 5, 14))
    datetime.date(2026, 5, 14)
    >>> worse(date(2026, 5, 12), date(2026, 5, 12)), worse(date(2026, 5, 12), date(2026, 5, 3))
    (None, None)
    >>> worse(None, date(2026, 5, 3)), worse(date(2026, 5, 3), None)
    (None, None)
    """
    return now if told and now and now > told else None
