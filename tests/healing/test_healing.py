"""The healing's decisions, without Odoo."""

import doctest
from datetime import date, datetime

import pytest
from healing import answer_by, attempts, clock, promise, send_at, sending


@pytest.mark.parametrize("module", [attempts, clock, promise, sending])
def test_examples(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def week(day):
    return ((9.0, 12.0), (13.0, 18.0)) if day.weekday() < 5 else ()


def test_friday_evening_is_not_silent_on_sunday():
    due = answer_by(datetime(2026, 5, 8, 12), 24, "Asia/Shanghai", week)
    assert due == datetime(2026, 5, 12, 1)  # Tuesday 9:00


def test_lunch_does_not_count():
    assert answer_by(datetime(2026, 5, 11, 3), 2, "Asia/Shanghai", week) == datetime(2026, 5, 11, 6)


def test_days_and_hours_add_up():
    assert answer_by(datetime(2026, 5, 11, 2), 27, "Asia/Shanghai", week) == datetime(2026, 5, 12, 6)


def test_two_closures_and_a_weekend():
    closed = ((date(2026, 5, 12), date(2026, 5, 12)), (date(2026, 5, 14), date(2026, 5, 15)))
    assert answer_by(datetime(2026, 5, 11, 2), 72, "Asia/Shanghai", week, closed=closed) == datetime(2026, 5, 19, 2)


def test_a_calendar_without_work_ends():
    assert answer_by(datetime(2026, 5, 11, 2), 24, "Asia/Shanghai", lambda day: ()) == datetime(2026, 5, 12, 2)


def test_summer_time_starts_in_the_night():
    # Saturday 28 March 2026 20:00 in Berlin (19:00 UTC); a day later it is 20:00 there again, 18:00 UTC
    assert answer_by(datetime(2026, 3, 28, 19), 24, "Europe/Berlin", cut_off=23) == datetime(2026, 3, 29, 18)


@pytest.mark.parametrize("hours", [0.5, 1, 7.75, 24, 25.5, 48, 8760])
@pytest.mark.parametrize("start", range(0, 24 * 9, 5))
def test_never_before_the_hours_are_over_and_never_out_of_hours(hours, start):
    now = datetime(2026, 5, 6 + start // 24, start % 24, 17)
    due = answer_by(now, min(hours, 200), "UTC", week, 16.0)
    assert due >= now
    assert any(first <= due.hour + due.minute / 60 <= last for first, last in week(due))


def test_thinking_never_costs_the_day():
    for minute in range(60):
        now = datetime(2026, 5, 8, 7, minute)  # cut-off at 16:00 in Shanghai = 8:00 UTC
        assert now <= send_at(now, 30, "Asia/Shanghai", cut_off=16.0) < datetime(2026, 5, 8, 8)
