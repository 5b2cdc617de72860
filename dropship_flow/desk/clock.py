"""How much time is left, as people say it."""

MINUTE, HOUR, DAY = 60, 3600, 86400


def left(seconds):
    """(unit, count) of a span; the count is never zero, and its sign is left to the caller.

    >>> left(3 * HOUR + 50 * MINUTE), left(59 * MINUTE), left(5), left(-2 * HOUR), left(3 * DAY)
    (('hours', 3), ('minutes', 59), ('minutes', 1), ('hours', 2), ('days', 3))
    """
    seconds = abs(int(seconds))
    if seconds >= 2 * DAY:
        return "days", seconds // DAY
    if seconds >= HOUR:
        return "hours", seconds // HOUR
    return "minutes", max(seconds // MINUTE, 1)
