"""When a purchase goes out: after time for second thoughts, at the hours the supplier wants his orders."""

import re
from datetime import datetime, time, timedelta

import pytz

TIME = re.compile(r"([01]?\d|2[0-3])[:：.]([0-5]\d)")
# Ahead of the cut-off, so that the run that sends it is in time, in minutes.
MARGIN = 10


def parse_times(text):
    """Times of the day in hours, in order, each once.

    >>> parse_times("15:00, 10:30；15:00")
    (10.5, 15.0)
    >>> parse_times("")
    ()
    >>> parse_times("at noon")
    Traceback (most recent call last):
    ValueError: at noon
    """
    hours = set()
    for part in re.split(r"[\s,;，；、]+", (text or "").strip()):
        if part:
            found = TIME.fullmatch(part)
            if not found:
                raise ValueError((text or "").strip())
            hours.add(int(found[1]) + int(found[2]) / 60)
    return tuple(sorted(hours))


def send_at(now, minutes, zone="UTC", cut_off=0.0, times=()):
    """When to send what was decided `now`; `now` itself: at once.

    Thinking time never costs a day: it ends before today's cut-off, and at the last of today's times.

    :param datetime now: naive UTC, as the result
    :param int minutes: time for second thoughts
    :param float cut_off: local hour; 0: none
    :param tuple times: local hours at which the supplier wants his orders; none: any time

    >>> morning, shanghai = datetime(2026, 5, 8, 1), "Asia/Shanghai"  # 9:00 there
    >>> send_at(morning, 0), send_at(morning, 30)
    (datetime.datetime(2026, 5, 8, 1, 0), datetime.datetime(2026, 5, 8, 1, 30))
    >>> send_at(morning, 30, shanghai, cut_off=9.5)  # 9:20
    datetime.datetime(2026, 5, 8, 1, 20)
    >>> send_at(morning, 30, shanghai, cut_off=9.1), send_at(morning, 30, shanghai, cut_off=8)
    (datetime.datetime(2026, 5, 8, 1, 0), datetime.datetime(2026, 5, 8, 1, 30))
    >>> send_at(morning, 30, shanghai, times=(10.0, 15.0))
    datetime.datetime(2026, 5, 8, 2, 0)
    >>> send_at(morning, 90, shanghai, times=(10.0, 15.0))  # 15:00
    datetime.datetime(2026, 5, 8, 7, 0)
    >>> send_at(datetime(2026, 5, 8, 6, 50), 30, shanghai, times=(10.0, 15.0))  # 14:50: still at 15:00
    datetime.datetime(2026, 5, 8, 7, 0)
    >>> send_at(datetime(2026, 5, 8, 8), 30, shanghai, times=(10.0, 15.0))  # tomorrow at 10:00
    datetime.datetime(2026, 5, 9, 2, 0)
    """
    zone = pytz.timezone(zone)
    local = pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None)
    ready = local + timedelta(minutes=minutes)
    if times:
        first, wanted = _slot(local, times), _slot(ready, times)
        ready = first if wanted.date() > first.date() else wanted
    elif cut_off:
        last = datetime.combine(local.date(), time()) + timedelta(hours=cut_off)
        if local < last < ready + timedelta(minutes=MARGIN) and minutes:
            ready = max(local, last - timedelta(minutes=MARGIN))
    if ready == local:
        return now
    return zone.localize(ready).astimezone(pytz.utc).replace(tzinfo=None)


def _slot(moment, times):
    midnight = datetime.combine(moment.date(), time())
    slots = [midnight + timedelta(hours=hour + 24 * day) for day in (0, 1) for hour in times]
    return next(slot for slot in slots if slot >= moment)
