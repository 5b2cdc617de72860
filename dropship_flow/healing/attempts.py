"""When asking one more supplier stops being sensible."""

# Reasons for which a source is not asked again about the same line.
FAILED = ("refused", "silent", "short", "price", "date", "false")


def tired(rows, limit):
    """Whether a line was tried in vain so often that a person has to look at it.

    :param rows: (attempt, why it was released or False) of all rows of the line
    :param int limit: attempts before a person is asked; 0: never

    >>> tired([(1, "silent"), (2, "refused"), (2, "refused"), (3, False)], 3)
    False
    >>> tired([(1, "silent"), (2, "refused"), (3, "price")], 3), tired([(1, "refused")] * 9, 0)
    (True, False)
    >>> tired([(1, "reduced"), (2, "rerouted"), (3, "refused")], 2)
    False
    """
    return bool(limit) and len({attempt for attempt, reason in rows if reason in FAILED}) >= limit
