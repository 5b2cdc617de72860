"""The score without Odoo."""

import doctest
import importlib
from datetime import datetime

import pytest
from scoring import Record, open_hours, score


@pytest.mark.parametrize("name", ["hours", "score"])
def test_examples_in_the_docstrings(name):
    result = doctest.testmod(importlib.import_module(f"scoring.{name}"))
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("kind", ["refused", "silent", "price_raised", "shipped_late", "cancelled", "leaflet"])
def test_every_fault_lowers_the_score_and_no_good_deed_does(kind):
    base = {"accepted": 50, "shipped_on_time": 50}
    usual = score(Record(base))["score"]
    assert score(Record({**base, kind: 5}))["score"] < usual
    assert score(Record({**base, "accepted": 60}))["score"] >= usual
    assert score(Record({**base, "shipped_on_time": 60}))["score"] >= usual


def test_one_case_says_little_and_many_say_all():
    one, many = score(Record({"silent": 1})), score(Record({"silent": 500}))
    assert one["acceptance"] > 0.8
    assert many["acceptance"] < 0.05
    assert one["grade"] == "new"


def test_the_score_stays_between_its_bounds():
    worst = dict.fromkeys(("silent", "shipped_late", "cancelled", "leaflet", "false_dispatch"), 1000)
    assert 0 <= score(Record(worst, hours=1e6, answers=10))["score"] < 10
    best = {"accepted": 10_000, "shipped_on_time": 10_000}
    assert 99 < score(Record(best, hours=1, answers=10_000))["score"] <= 100


def test_days_off_do_not_count_as_waiting():
    start, end = datetime(2026, 2, 10, 9), datetime(2026, 2, 24, 9)
    festival = {datetime(2026, 2, day).date() for day in range(11, 24)}
    assert open_hours(start, end, lambda day: day not in festival) == pytest.approx(24)
