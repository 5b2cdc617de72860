"""When a parcel counts as received without a word of the customer."""

from datetime import timedelta

# Nobody waits in silence for a parcel of which this is the last word.
_NOT_COMING = {"returning", "returned", "lost", "cancelled", "exception", "attempt_failed", "available_for_pickup"}


def counts_at(status, delivered_at, moved_at, days, quiet_days):
    """
    :param int days: after what the carrier calls delivered; in them the customer may object
    :param int quiet_days: after the last scan of a parcel nobody says anything about; 0: never
    :return: (moment or None, "carrier" or "quiet")

    >>> from datetime import datetime
    >>> day = lambda number: datetime(2026, 3, number)
    >>> counts_at("delivered", day(3), day(3), 7, 45)
    (datetime.datetime(2026, 3, 10, 0, 0), 'carrier')
    >>> counts_at("in_transit", None, day(1), 7, 30)
    (datetime.datetime(2026, 3, 31, 0, 0), 'quiet')
    >>> [counts_at(status, None, day(1), 7, 30)[0] for status in ("lost", "returning", "available_for_pickup")]
    [None, None, None]
    >>> counts_at("pending", None, None, 7, 30)[0], counts_at("in_transit", None, day(1), 7, 0)[0]
    (None, None)
    """
    if status == "delivered" and delivered_at:
        return delivered_at + timedelta(days=days), "carrier"
    if status in _NOT_COMING or not moved_at or not quiet_days:
        return None, "quiet"
    return moved_at + timedelta(days=quiet_days), "quiet"
