"""Which day and month a moment belongs to, where the company is."""

from datetime import datetime, time, timedelta
from functools import lru_cache

import pytz


class Zone:
    """Days end at midnight there; a month is its days.

    >>> from datetime import date
    >>> shanghai = Zone("Asia/Shanghai")
    >>> shanghai.day(datetime(2026, 3, 31, 16)), shanghai.month(datetime(2026, 3, 31, 15, 59, 59))
    (datetime.date(2026, 4, 1), datetime.date(2026, 3, 1))
    >>> shanghai.bounds(date(2026, 3, 1), date(2026, 3, 31))
    (datetime.datetime(2026, 2, 28, 16, 0), datetime.datetime(2026, 3, 31, 16, 0))
    """

    def __init__(self, name="UTC"):
        """
        :raises pytz.UnknownTimeZoneError: no such zone
        """
        self.zone = pytz.timezone(name)

    def day(self, moment):
        """The day of a moment, naive UTC."""
        return _day(self.zone, moment)

    def month(self, moment):
        """The first day of the month of a moment, naive UTC."""
        return self.day(moment).replace(day=1)

    def bounds(self, first, last):
        """When days begin and end, both included: the first moment of them and the first after them, naive UTC."""
        return _start(self.zone, first), _start(self.zone, last + timedelta(days=1))


def _day(zone, moment):
    return pytz.utc.localize(moment).astimezone(zone).date()


@lru_cache(maxsize=4096)
def _start(zone, day):
    """When a day begins. Where midnight comes twice, the first time; where it is skipped, after it."""
    midnight = datetime.combine(day, time())
    found = [zone.localize(midnight, is_dst).astimezone(pytz.utc).replace(tzinfo=None) for is_dst in (True, False)]
    return min(moment for moment in found if _day(zone, moment) >= day)
