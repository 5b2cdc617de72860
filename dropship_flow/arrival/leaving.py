"""When what is ordered now leaves the warehouse: its zone, its cut-off, its working days, its closures."""

import math
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import pytz

# Closed for longer is no source; the bound keeps a wrong calendar from searching for ever.
HORIZON_DAYS = 366
DAY = 86400


class Calendar(NamedTuple):
    """
    `works` is day → bool (None: every day), `closed` are (first day, last day), `cut_off` is the local hour until which
    orders count for the day (0: midnight).
    """

    zone: str = "UTC"
    works: Any = None
    closed: tuple = ()
    cut_off: float = 0.0

    def counts_for(self, moment):
        """The working day an order sent at `moment` (naive UTC) counts for, in the warehouse's own days.

        >>> week = Calendar("Asia/Shanghai", lambda day: day.weekday() < 5, cut_off=16.0)
        >>> week.counts_for(datetime(2026, 5, 8, 7, 59)), week.counts_for(datetime(2026, 5, 8, 8))  # Friday 16:00
        (datetime.date(2026, 5, 8), datetime.date(2026, 5, 11))
        """
        local = self.local(moment)
        return self.next_working(local.date() + timedelta(days=1 if hour_of(local) >= self.last_hour else 0))

    def leaves(self, moment, working_days=0.0):
        """When it leaves (naive UTC): so many working days later, at the cut-off; never before `moment`.

        >>> week = Calendar("Asia/Shanghai", lambda day: day.weekday() < 5, cut_off=16.0)
        >>> week.leaves(datetime(2026, 5, 8, 10), 1)  # Friday after the cut-off: Tuesday 16:00
        datetime.datetime(2026, 5, 12, 8, 0)
        >>> from datetime import date
        >>> spring = Calendar("Asia/Shanghai", closed=((date(2027, 2, 4), date(2027, 2, 18)),))
        >>> spring.leaves(datetime(2027, 2, 3, 17), 0)  # 4 February there, closed until the 18th
        datetime.datetime(2027, 2, 19, 16, 0)
        """
        fraction, whole = math.modf(max(working_days, 0.0))
        day = self.counts_for(moment)
        for _step in range(int(whole)):
            day = self.next_working(day + timedelta(days=1))
        leaves = datetime.combine(day, time()) + timedelta(hours=self.last_hour + 24 * fraction)
        if fraction and leaves.date() > day:
            hours = leaves - datetime.combine(leaves.date(), time())
            leaves = datetime.combine(self.next_working(leaves.date()), time()) + hours
        return max(self.utc(leaves), moment)

    def days_until_leaving(self, moment, working_days=0.0):
        """The same in days from `moment` on."""
        return (self.leaves(moment, working_days) - moment).total_seconds() / DAY

    def took(self, sent, left):
        """How many working days passed from the day an order counted for to the day it left.

        >>> week = Calendar("Asia/Shanghai", lambda day: day.weekday() < 5, cut_off=16.0)
        >>> week.took(datetime(2026, 5, 8, 10), datetime(2026, 5, 12, 3))
        1
        >>> week.took(datetime(2026, 5, 8, 1), datetime(2026, 5, 8, 9))
        0
        """
        first, last = self.counts_for(sent), self.local(left).date()
        passed = min((last - first).days, HORIZON_DAYS)
        return sum(self.is_working(first + timedelta(days=step)) for step in range(1, passed + 1))

    def order_until(self, moment):
        """Until when an order leaves as early as one sent at `moment` (naive UTC).

        >>> week = Calendar("Asia/Shanghai", lambda day: day.weekday() < 5, cut_off=16.0)
        >>> week.order_until(datetime(2026, 5, 8, 10))  # Friday evening: Monday 16:00
        datetime.datetime(2026, 5, 11, 8, 0)
        """
        day = self.counts_for(moment)
        return self.utc(datetime.combine(day, time()) + timedelta(hours=self.last_hour))

    @property
    def last_hour(self):
        return self.cut_off or 24.0

    def is_working(self, day):
        if any(first <= day <= last for first, last in self.closed):
            return False
        return self.works is None or bool(self.works(day))

    def next_working(self, day):
        """The first working day not before `day`; after the horizon, its end."""
        days = (day + timedelta(days=step) for step in range(HORIZON_DAYS))
        return next(filter(self.is_working, days), day + timedelta(days=HORIZON_DAYS))

    def local(self, moment):
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.zone)).replace(tzinfo=None)

    def utc(self, local):
        return pytz.timezone(self.zone).localize(local).astimezone(pytz.utc).replace(tzinfo=None)


def hour_of(moment):
    return moment.hour + moment.minute / 60 + moment.second / 3600 + moment.microsecond / 3.6e9

