"""Days of the company: today, its weeks, the day after so many days or months."""

import calendar
from datetime import timedelta
from typing import NamedTuple

import pytz

from .shared import add_months

WEEKS = 13
DAY = timedelta(days=1)
STEPS = {"day": (0, 1), "week": (0, 7), "month": (1, 0), "quarter": (3, 0), "year": (12, 0)}  # (months, days)


def day_in(moment, zone):
    """The day of a moment (naive UTC) in a zone.

    :raises pytz.UnknownTimeZoneError: no such zone

    >>> from datetime import datetime
    >>> day_in(datetime(2026, 3, 1, 16), "Asia/Shanghai"), day_in(datetime(2026, 3, 1, 16), "Europe/Berlin")
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 1))
    """
    return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()


def weeks(today, count=WEEKS):
    """[(first, last)] from Monday to Sunday; the first one begins today.

    >>> from datetime import date
    >>> [(str(first), str(last)) for first, last in weeks(date(2026, 3, 4), 2)]
    [('2026-03-04', '2026-03-08'), ('2026-03-09', '2026-03-15')]
    """
    monday = today - DAY * today.weekday()
    mondays = [monday + 7 * DAY * number for number in range(count)]
    return [(max(first, today), first + 6 * DAY) for first in mondays]


def every_day(first, last):
    return [first + DAY * number for number in range((last - first).days + 1)]


def month_end(day):
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def recurring_days(every, start, first, last):
    """The days from `first` to `last` on which something is due that began on `start`.

    >>> from datetime import date
    >>> [str(day) for day in recurring_days("month", date(2025, 12, 31), date(2026, 2, 1), date(2026, 4, 29))]
    ['2026-02-28', '2026-03-31']
    >>> [str(day) for day in recurring_days("week", date(2026, 2, 25), date(2026, 3, 5), date(2026, 3, 18))]
    ['2026-03-11', '2026-03-18']
    """
    months, days = STEPS[every]
    if months:
        passed = (first.year - start.year) * 12 + first.month - start.month
        number = max(passed // months, 0)
    else:
        number = max(-((start - first).days // days), 0)
    while (day := add_months(start, months * number) + DAY * days * number) <= last:
        if day >= first:
            yield day
        number += 1


class Terms(NamedTuple):
    """When something is paid: so many days later, then at the end of a month, then so many days after that.

    :param int month_ends: 0: no matter; 1: the end of that month; 2: of the next

    >>> from datetime import date
    >>> Terms(days=30).due(date(2026, 1, 15)), Terms(month_ends=1, after=10).due(date(2026, 1, 15))
    (datetime.date(2026, 2, 14), datetime.date(2026, 2, 10))
    >>> Terms(days=30, month_ends=2).due(date(2026, 1, 15))
    datetime.date(2026, 3, 31)
    """

    days: int = 0
    month_ends: int = 0
    after: int = 0

    def due(self, day):
        day += DAY * self.days
        if self.month_ends:
            day = month_end(add_months(day, self.month_ends - 1))
        return day + DAY * self.after
