"""How long somebody took, the days on which he was closed left out."""

from datetime import datetime, time, timedelta


def open_hours(start, end, works_on, most_days=120):
    """Hours between two local moments that fall on days of work.

    :param works_on: function of a date
    :param int most_days: whoever took longer took that long; keeps a wrong calendar from counting for ever

    >>> friday, monday = datetime(2026, 5, 8, 18), datetime(2026, 5, 11, 9)
    >>> open_hours(friday, monday, lambda day: day.weekday() < 5)
    15.0
    >>> open_hours(friday, monday, lambda day: True)
    63.0
    >>> open_hours(monday, friday, lambda day: True)
    0.0
    """
    total, day = timedelta(), start.date()
    for _day in range(most_days):
        if day > end.date():
            break
        if works_on(day):
            begin = max(start, datetime.combine(day, time()))
            until = min(end, datetime.combine(day + timedelta(days=1), time()))
            total += max(until - begin, timedelta())
        day += timedelta(days=1)
    return total.total_seconds() / 3600
