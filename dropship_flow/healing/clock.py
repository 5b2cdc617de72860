"""Until when a supplier may think: in his zone, on his working days, never while he said he is closed."""

from datetime import datetime, time, timedelta
from itertools import islice

import pytz

# Closed for longer is answered by a person anyway; the bound keeps a wrong calendar from searching for ever.
HORIZON_DAYS = 366
ALL_DAY = ((0.0, 24.0),)


def answer_by(now, hours, zone="UTC", opening=None, cut_off=0.0, closed=()):
    """When the answer to something sent `now` is due.

    Each 24 hours are one working day, what is left over counts in opening hours. What is sent after the cut-off, or
    while nobody is there, counts from the next opening.

    :param datetime now: naive UTC, as the result
    :param float hours: as agreed
    :param str zone: time zone of the warehouse
    :param opening: day → ((from hour, to hour), …), nothing on days without work; None: always open
    :param float cut_off: local hour after which an order counts for the next day; 0: none
    :param closed: ((first day, last day), …) on which nobody answers

    A purchase of Friday 18:00 in Shenzhen (10:00 UTC), open Monday to Friday from 9 to 18, cut-off at 16:

    >>> week = lambda day: ((9.0, 18.0),) if day.weekday() < 5 else ()
    >>> friday = datetime(2026, 5, 8, 10)
    >>> answer_by(friday, 24, "Asia/Shanghai", week, 16.0)  # Tuesday 9:00 there
    datetime.datetime(2026, 5, 12, 1, 0)
    >>> answer_by(friday, 3, "Asia/Shanghai", week, 16.0)  # Monday 12:00 there
    datetime.datetime(2026, 5, 11, 4, 0)
    >>> answer_by(datetime(2026, 5, 8, 2), 10, "Asia/Shanghai", week)  # Friday 10:00, 8 h that day, 2 h on Monday
    datetime.datetime(2026, 5, 11, 3, 0)

    A closure stops the clock:

    >>> from datetime import date
    >>> holiday = ((date(2026, 5, 11), date(2026, 5, 15)),)
    >>> answer_by(friday, 24, "Asia/Shanghai", week, 16.0, holiday)
    datetime.datetime(2026, 5, 19, 1, 0)
    >>> answer_by(datetime(2026, 5, 10, 15), 24, "Asia/Shanghai", closed=holiday)  # Sunday 23:00 there
    datetime.datetime(2026, 5, 16, 15, 0)

    Without anything known of him hours are hours:

    >>> answer_by(friday, 24)
    datetime.datetime(2026, 5, 9, 10, 0)
    """
    if opening is None and not cut_off and not closed:
        return now + timedelta(hours=hours)
    zone = pytz.timezone(zone)
    local = pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None)
    spans = _Spans(opening, closed)
    if cut_off and spans.of(local.date()) and _hour(local) >= cut_off:
        local = datetime.combine(local.date() + timedelta(days=1), time())
    moment = spans.next_open(local)
    for _day in range(int(hours // 24)):
        moment = spans.same_hour_next_day(moment)
    moment = spans.after_hours(moment, hours % 24)
    return zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)


class _Spans:
    """The hours somebody is there, day by day, in local time."""

    def __init__(self, opening, closed):
        self.opening, self.closed = opening or (lambda day: ALL_DAY), tuple(closed)

    def of(self, day):
        if any(first <= day <= last for first, last in self.closed):
            return ()
        return tuple((_at(day, start), _at(day, end)) for start, end in sorted(self.opening(day)) if end > start)

    def days(self, day):
        """Working days from `day` on; the day itself where the horizon holds none."""
        found = (day + timedelta(days=step) for step in range(HORIZON_DAYS))
        return (candidate for candidate in found if self.of(candidate))

    def next_open(self, moment):
        for day in islice(self.days(moment.date()), 2):
            for start, end in self.of(day):
                if moment < end:
                    return max(moment, start)
        return moment

    def same_hour_next_day(self, moment):
        day = next(self.days(moment.date() + timedelta(days=1)), None)
        if day is None:
            return moment + timedelta(days=1)
        spans = self.of(day)
        return min(max(_at(day, _hour(moment)), spans[0][0]), spans[-1][1])

    def after_hours(self, moment, hours):
        left = timedelta(hours=hours)
        for day in self.days(moment.date()):
            for start, end in self.of(day):
                begin = max(start, moment)
                if begin >= end:
                    continue
                if left <= end - begin:
                    return begin + left if left else moment
                left -= end - begin
        return moment + left


def _at(day, hour):
    return datetime.combine(day, time()) + timedelta(hours=hour)


def _hour(moment):
    return moment.hour + moment.minute / 60 + moment.second / 3600
