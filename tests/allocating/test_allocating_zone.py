"""Days and months where the company is."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import pytz
from allocating import Zone

SECOND = timedelta(seconds=1)
# moment, UTC | zone | day there, first day of its month
MOMENTS = [
    ("2026-03-31 21:59:59", "Europe/Berlin", "2026-03-31", "2026-03-01"),
    ("2026-03-31 22:00:00", "Europe/Berlin", "2026-04-01", "2026-04-01"),
    ("2026-12-31 22:59:59", "Europe/Berlin", "2026-12-31", "2026-12-01"),
    ("2026-12-31 23:00:00", "Europe/Berlin", "2027-01-01", "2027-01-01"),
    ("2026-03-31 15:59:59", "Asia/Shanghai", "2026-03-31", "2026-03-01"),
    ("2026-03-31 16:00:00", "Asia/Shanghai", "2026-04-01", "2026-04-01"),
    ("2026-03-01 04:59:59", "America/New_York", "2026-02-28", "2026-02-01"),
    ("2028-03-01 04:59:59", "America/New_York", "2028-02-29", "2028-02-01"),
    ("2026-04-01 00:00:00", "UTC", "2026-04-01", "2026-04-01"),
    ("2026-12-31 10:00:00", "Pacific/Kiritimati", "2027-01-01", "2027-01-01"),
    ("2026-03-31 18:29:59", "Asia/Kolkata", "2026-03-31", "2026-03-01"),
]


@pytest.mark.parametrize("moment, zone, day, month", MOMENTS)
def test_a_moment_belongs_to_a_day_and_a_month(moment, zone, day, month):
    moment, zone = datetime.fromisoformat(moment), Zone(zone)
    assert (str(zone.day(moment)), str(zone.month(moment))) == (day, month)


# day | zone | when it begins, UTC; how many hours it has
DAYS = [
    ("2026-03-29", "Europe/Berlin", "2026-03-28 23:00", 23),
    ("2026-10-25", "Europe/Berlin", "2026-10-24 22:00", 25),
    ("2026-03-29", "Asia/Shanghai", "2026-03-28 16:00", 24),
    ("2024-04-26", "Africa/Cairo", "2024-04-25 22:00", 23),  # from midnight on it is one o'clock
    ("2024-11-03", "America/Havana", "2024-11-03 04:00", 25),  # midnight comes twice
    ("2024-04-07", "Australia/Lord_Howe", "2024-04-06 13:00", 24.5),
    ("2011-12-30", "Pacific/Apia", "2011-12-30 10:00", 0),  # there was none
]


@pytest.mark.parametrize("day, zone, begins, hours", DAYS)
def test_days_are_not_all_of_a_length(day, zone, begins, hours):
    day = date.fromisoformat(day)
    start, end = Zone(zone).bounds(day, day)
    assert (start, end - start) == (datetime.fromisoformat(begins), timedelta(hours=hours))


@pytest.mark.parametrize("name", [
    "UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York", "America/Havana", "Africa/Cairo", "Asia/Beirut",
    "Australia/Lord_Howe", "America/Santiago", "America/St_Johns", "Pacific/Chatham", "Asia/Kathmandu",
])  # fmt: skip
def test_days_follow_each_other_without_a_gap(name):
    """2024: of later years not every table of zones says the same."""
    zone, other, day = Zone(name), ZoneInfo(name), date(2024, 1, 1)
    while day.year == 2024:
        start, end = zone.bounds(day, day)
        assert end == zone.bounds(day + timedelta(days=1), day)[0]
        for moment in (start, end - SECOND):
            assert zone.day(moment) == day == moment.replace(tzinfo=timezone.utc).astimezone(other).date()
        day += timedelta(days=1)


def test_days_sum_to_months_in_every_zone():
    for name in pytz.all_timezones:
        zone = Zone(name)
        for month in range(1, 13):
            first, after = date(2026, month, 1), date(2026 + month // 12, month % 12 + 1, 1)
            start, end = zone.bounds(first, after - timedelta(days=1))
            assert (zone.month(start), zone.month(end - SECOND), zone.month(end)) == (first, first, after), name


def test_no_such_zone():
    with pytest.raises(pytz.UnknownTimeZoneError):
        Zone("Europe/Atlantis")
    with pytest.raises(ValueError):
        Zone().day(datetime(2026, 3, 1, tzinfo=timezone.utc))
