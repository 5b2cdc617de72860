"""Days of a statement, and of whoever counts months and working days."""

from calendar import monthrange
from datetime import date, timedelta

EVERY = ("never", "week", "half", "month")
HORIZON = 366


def last_end(every, today):
    """The last day of the latest period that is over before `today`; None for "never".

    >>> last_end("month", date(2026, 3, 1)), last_end("month", date(2026, 3, 31))
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    >>> last_end("half", date(2026, 3, 16)), last_end("half", date(2026, 3, 15))
    (datetime.date(2026, 3, 15), datetime.date(2026, 2, 28))
    >>> last_end("week", date(2026, 3, 9)), last_end("week", date(2026, 3, 8))
    (datetime.date(2026, 3, 8), datetime.date(2026, 3, 1))
    >>> last_end("never", date(2026, 3, 9))
    """
    yesterday = today - timedelta(days=1)
    if every == "week":
        return yesterday - timedelta(days=(yesterday.weekday() + 1) % 7)
    if every in ("half", "month"):
        if yesterday.day == monthrange(yesterday.year, yesterday.month)[1]:
            return yesterday
        if every == "half" and yesterday.day >= 15:
            return yesterday.replace(day=15)
        return yesterday.replace(day=1) - timedelta(days=1)
    return None


def add_months(day, months):
    """The same day so many months later, or the last of that month.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 11, 30), -12), add_months(date(2026, 11, 30), 3)
    (datetime.date(2026, 2, 28), datetime.date(2025, 11, 30), datetime.date(2027, 2, 28))
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def rests(day, holidays=frozenset(), worked=frozenset()):
    """Nobody works on that day.

    :param holidays: days nobody works
    :param worked: Saturdays and Sundays that are worked
    """
    return day in holidays or (day.weekday() >= 5 and day not in worked)


def working(day, holidays=frozenset(), worked=frozenset(), step=timedelta(days=1)):
    """The day, or the next that is worked.

    :param step: one day less than nothing: or the last before it that is worked

    >>> working(date(2026, 4, 4), {date(2026, 4, 6)})  # Easter Saturday
    datetime.date(2026, 4, 7)
    >>> working(date(2026, 4, 4), {date(2026, 4, 3)}, step=timedelta(days=-1))
    datetime.date(2026, 4, 2)
    """
    while rests(day, holidays, worked):
        day += step
    return day


def working_day(start, count, works):
    """The `count`-th working day after `start`.

    :param works: day → whether somebody works then; when nobody ever does, days are counted as they come
    >>> working_day(date(2026, 3, 6), 2, lambda day: day.weekday() < 5)
    datetime.date(2026, 3, 10)
    >>> working_day(date(2026, 3, 6), 0, lambda day: True)
    datetime.date(2026, 3, 6)
    >>> working_day(date(2026, 3, 6), 3, lambda day: False)
    datetime.date(2026, 3, 9)
    """
    day, left = start, count
    for _step in range(HORIZON):
        if not left:
            return day
        day += timedelta(days=1)
        left -= bool(works(day))
    return start + timedelta(days=count)
