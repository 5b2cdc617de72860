"""When somebody may be reached: not in the night of where he lives."""

from datetime import timedelta, timezone

STEP = timedelta(minutes=15)
FAR = timedelta(hours=48)


def is_quiet(local, begins, ends):
    """Whether a local time lies in the quiet hours; they may reach over midnight. Equal hours: never quiet.

    :param local: a datetime as the clock on his wall shows it
    :param float begins: 22.5 is half past ten in the evening

    >>> from datetime import datetime
    >>> [is_quiet(datetime(2026, 3, 1, hour), 22, 8) for hour in (21, 22, 3, 8)]
    [False, True, True, False]
    >>> [is_quiet(datetime(2026, 3, 1, hour), 13, 15) for hour in (12, 14, 15)]
    [False, True, False]
    """
    hour = local.hour + local.minute / 60
    if begins == ends:
        return False
    if begins < ends:
        return begins <= hour < ends
    return hour >= begins or hour < ends


def end_of_quiet(moment, zones, begins, ends):
    """The first moment from `moment` on at which it is quiet in none of the zones.

    A country of many zones has few such hours; where there is none, the first zone counts.

    :param datetime moment: UTC, without zone
    :param zones: tzinfo objects; none: UTC counts

    >>> from datetime import datetime
    >>> from zoneinfo import ZoneInfo
    >>> end_of_quiet(datetime(2026, 1, 1, 22), [ZoneInfo("Europe/Berlin")], 22, 8)
    datetime.datetime(2026, 1, 2, 7, 0)
    >>> end_of_quiet(datetime(2026, 1, 1, 12), [ZoneInfo("Europe/Berlin")], 22, 8)
    datetime.datetime(2026, 1, 1, 12, 0)
    """
    zones = list(zones) or [timezone.utc]
    for asked in (zones, zones[:1]):
        now = moment
        while now <= moment + FAR:
            if not any(is_quiet(_local(now, zone), begins, ends) for zone in asked):
                return now
            now = _next(now)
    return moment


def _local(moment, zone):
    return moment.replace(tzinfo=timezone.utc).astimezone(zone)


def _next(moment):
    """The next quarter of an hour."""
    rest = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment - rest + STEP
