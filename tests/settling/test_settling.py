"""Days of statements: the examples, and every day of two years."""

import doctest
import importlib
import pkgutil
from datetime import date, timedelta

import pytest
import settling
from settling import EVERY, last_end, working_day

DAYS = [date(2027, 1, 1) + timedelta(days=number) for number in range(731)]


@pytest.mark.parametrize("name", [info.name for info in pkgutil.iter_modules(settling.__path__)])
def test_examples(name):
    assert doctest.testmod(importlib.import_module(f"settling.{name}")).failed == 0


@pytest.mark.parametrize("every", EVERY[1:])
def test_periods_are_over_and_leave_no_gap(every):
    ends = sorted({last_end(every, day) for day in DAYS})
    assert all(last_end(every, day) < day for day in DAYS)
    longest = {"week": 7, "half": 16, "month": 31}[every]
    assert all(0 < (after - end).days <= longest for end, after in zip(ends, ends[1:], strict=False))


def test_working_days_are_counted():
    for start in DAYS[:20]:
        end = working_day(start, 5, lambda day: day.weekday() < 5)
        between = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
        assert sum(day.weekday() < 5 for day in between) == 5
        assert end.weekday() < 5
