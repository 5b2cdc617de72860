"""Every state has its clock or none, and a clock never begins before the parcel."""

from datetime import datetime, timedelta

import pytest
from tracking.status import STATUSES
from watching.clocks import CLOCK_OF, CLOCKS, Parcel, clock_of, liable
from watching.plausible import Facts, doubts

START = datetime(2026, 3, 1)


@pytest.mark.parametrize("status", STATUSES)
def test_every_open_state_has_a_clock(status):
    parcel = Parcel(status, START, START + timedelta(days=1), START + timedelta(days=2), START + timedelta(days=4))
    clock = clock_of(parcel)
    if STATUSES[status].final and status != "expired":
        assert clock is None
    else:
        assert clock.kind in CLOCKS
        assert clock.since >= START


def test_all_clocks_are_used():
    assert set(CLOCK_OF.values()) == set(CLOCKS)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("detail", ["", "refused", "damaged", "customs_documents", "weather", "no such word"])
def test_liable_is_one_of_few(status, detail):
    assert liable(status, detail) in ("", "supplier", "carrier", "customer", "customs")


def test_unknown_facts_raise_no_doubt():
    assert doubts(Facts()) == []
    assert doubts(Facts(ordered_at=START, weight=2.0, seen_zip="12", to_zip="10115", seen_country="DE")) == []


def test_a_scan_of_the_same_day_in_another_zone_is_no_doubt():
    scans = ((START - timedelta(hours=13), "picked_up"),)
    assert doubts(Facts(ordered_at=START, scans=scans)) == []


def test_several_doubts_at_once():
    scans = ((START - timedelta(days=40), "picked_up"), (START - timedelta(days=40, hours=-5), "delivered"))
    facts = Facts(START, scans, "CN", "DE", "10115", "US", "99501", 0.05, 3.0)
    assert [code for code, _params in doubts(facts)] == ["scan_early", "elsewhere", "too_fast", "weight"]
