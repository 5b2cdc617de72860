"""Until when: windows in whole days of one place, a day ends at midnight there."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

import pytz

from .shared import add_months, working

BASES = ("ordered", "shipped", "delivered", "signed", "last_parcel")


class Window(NamedTuple):
    """So many days and months after the day on which something happened; that day itself does not count.

    :param str base: ordered, shipped, delivered (this line), signed, last_parcel (of the order)
    :param bool workday: a last day on which nobody works is followed by the next working day
    """

    base: str = "delivered"
    days: int = 0
    months: int = 0
    workday: bool = False

    def last_day(self, start):
        """Its last day, when it began on `start`.

        >>> Window(days=14).last_day(date(2026, 3, 1)), Window(months=24).last_day(date(2024, 2, 29))
        (datetime.date(2026, 3, 15), datetime.date(2026, 2, 28))
        """
        return add_months(start, self.months) + timedelta(days=self.days)


class Deadline(NamedTuple):
    """Where a window ends.

    :param str state: open, over, not_begun (open, nobody knows how long), endless
    :param date since: the day it counts from
    :param date day: its last day there
    :param datetime until: the first moment that is too late, naive UTC
    """

    state: str
    since: date | None = None
    day: date | None = None
    until: datetime | None = None

    @property
    def over(self):
        return self.state == "over"

    @property
    def order(self):
        """To compare two of them: the larger is open longer."""
        return self.until or datetime.max, self.state == "endless"


ENDLESS = Deadline("endless")
NOT_BEGUN = Deadline("not_begun")


class Clock:
    """The days of one place, seen at one moment.

    >>> Clock(datetime(2026, 3, 2), "Asia/Shanghai").deadline(Window(days=7), datetime(2026, 2, 22, 16))
    Deadline(state='open', since=datetime.date(2026, 2, 23), day=datetime.date(2026, 3, 2), \
until=datetime.datetime(2026, 3, 2, 16, 0))
    """

    def __init__(self, now, zone="UTC", holidays=frozenset(), worked=frozenset()):
        """
        :param datetime now: naive UTC
        :raises pytz.UnknownTimeZoneError: no such zone
        """
        self.now, self.zone = now, pytz.timezone(zone)
        self.holidays, self.worked = holidays, worked
        self._days, self._deadlines = {}, {}

    def day(self, moment):
        """The day of a moment (naive UTC) there."""
        found = self._days.get(moment)
        if not found:
            found = self._days[moment] = pytz.utc.localize(moment).astimezone(self.zone).date()
        return found

    def end(self, day):
        """When a day ends there, as naive UTC. Where midnight is skipped or comes twice: when the next day begins.

        >>> Clock(datetime.min, "Africa/Cairo").end(date(2026, 4, 23))  # from midnight on it is one o'clock
        datetime.datetime(2026, 4, 23, 22, 0)
        """
        return _end(self.zone, day)

    def deadline(self, window, since, informed=True, months=0):
        """
        :param Window window: None: endless
        :param datetime since: when it begins, naive UTC; None: it has not begun
        :param informed: False or a later moment: the customer was not told of it, or too late
        :param int months: by which it is longer for one who was never told
        """
        if window is None:
            return ENDLESS
        if since is None:
            return NOT_BEGUN
        key = (window, since, informed, months)
        found = self._deadlines.get(key)
        if not found:
            start = self.day(since)
            last = self._told_late(window, start, informed, months)
            if window.workday:
                last = working(last, self.holidays, self.worked)
            until = self.end(last)
            found = Deadline("open" if self.now < until else "over", start, last, until)
            self._deadlines[key] = found
        return found

    def _told_late(self, window, start, informed, months):
        last = window.last_day(start)
        if informed is True or not months:
            return last
        told = self.day(informed) if informed else None
        if told and told <= start:
            return last
        if told and told <= add_months(start, months):
            return window.last_day(told)
        return add_months(last, months)


@lru_cache(maxsize=4096)
def _end(zone, day):
    """Kept: of all a window needs it is the slowest, and the lines of a shop end on few days."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    try:
        local = zone.localize(midnight, is_dst=None)
    except pytz.AmbiguousTimeError:
        local = zone.localize(midnight, is_dst=True)
    except pytz.NonExistentTimeError:
        local = zone.localize(midnight, is_dst=False)
    return local.astimezone(pytz.utc).replace(tzinfo=None)
