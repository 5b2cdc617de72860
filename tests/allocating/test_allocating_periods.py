"""What rules owe day by day."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from allocating import owed
from allocating_world import CENT, MONEY, day, rule

# rule | from, to | days that owe, owed in all
PERIODS = [
    # A whole month owes its amount, however long it is.
    (rule("monthly", "100.00"), "03-01", "03-31", 31, "100.00"),
    (rule("monthly", "100.00"), "02-01", "02-28", 28, "100.00"),
    (rule("monthly", "100.00"), "2028-02-01", "2028-02-29", 29, "100.00"),
    (rule("monthly", "100.00"), "01-01", "12-31", 365, "1200.00"),
    # It begins and ends with the rule: sixteen of 31 days, one of 30.
    (rule("monthly", "310.00", first="03-16"), "03-01", "03-31", 16, "160.00"),
    (rule("monthly", "310.00", first="03-16", last="04-01"), "03-01", "05-31", 17, "170.33"),
    (rule("monthly", "100.00", first="03-10", last="03-10"), "03-01", "03-31", 1, "3.23"),
    (rule("monthly", "100.00", first="05-01"), "03-01", "03-31", 0, "0"),
    (rule("monthly", "100.00", last="02-28"), "03-01", "03-31", 0, "0"),
    # Every day the whole amount, on no day before it begins.
    (rule("daily", "2.50", first="03-30"), "03-01", "04-02", 4, "10.00"),
    # Weeks go from Monday to Sunday: 2 March 2026 is a Monday.
    (rule("weekly", "70.00"), "03-02", "03-08", 7, "70.00"),
    (rule("weekly", "70.00", first="03-04"), "03-01", "03-15", 12, "120.00"),
    (rule("weekly", "100.00"), "2025-12-29", "2026-01-04", 7, "100.00"),
    # Years from 1 January, leap years have a day more.
    (rule("yearly", "365.00"), "01-01", "12-31", 365, "365.00"),
    (rule("yearly", "365.00"), "2028-01-01", "2028-12-31", 366, "365.00"),
    (rule("yearly", "366.00", first="2028-03-01"), "2028-01-01", "2028-12-31", 306, "306.00"),
    (rule("yearly", "365.00", first="07-01"), "01-01", "2027-12-31", 549, "549.00"),
    # A policy from March to March is what it costs, over the end of the year and a leap day.
    (rule("fixed", "1200.00", first="2027-03-15", last="2028-03-14"), "2027-01-01", "2028-12-31", 366, "1200.00"),
    (rule("fixed", "100.00", first="03-30", last="04-01"), "03-01", "03-31", 2, "66.67"),
    (rule("fixed", "0.02", first="03-01", last="03-03"), "03-01", "03-31", 3, "0.02"),
    (rule("fixed", "5.00", first="03-08", last="03-08"), "03-01", "03-31", 1, "5.00"),
    # In other money: March is worth what its first day says, though the dollar rises on the twentieth.
    (rule("monthly", "100.00", "USD"), "03-01", "03-31", 31, "90.00"),
    (rule("monthly", "100.00", "USD"), "04-01", "04-30", 30, "95.00"),
    (rule("monthly", "310.00", "USD", first="03-22"), "03-01", "03-31", 10, "95.00"),
    (rule("monthly", "10000", "JPY"), "03-01", "03-31", 31, "61.00"),
]  # fmt: skip


@pytest.mark.parametrize("rule, first, last, days, amount", PERIODS)
def test_a_period_owes(rule, first, last, days, amount):
    dues, problems = owed(rule, day(first), day(last), MONEY)
    assert (len(dues), sum(due.amount for due in dues), problems) == (days, D(amount), [])
    assert [due.day for due in dues] == sorted({due.day for due in dues})
    assert all(due.amount == due.amount.quantize(CENT) for due in dues)


def test_days_differ_by_a_cent_and_the_first_have_it():
    dues, _problems = owed(rule("monthly", "100.00"), day("03-01"), day("03-31"), MONEY)
    assert [str(due.amount) for due in dues] == ["3.23"] * 18 + ["3.22"] * 13


def test_both_currencies_sum_up_by_themselves():
    dues, _problems = owed(rule("monthly", "100.00", "USD"), day("03-01"), day("03-31"), MONEY)
    assert (sum(due.own for due in dues), sum(due.amount for due in dues)) == (100, 90)
    yen, _problems = owed(rule("monthly", "10000", "JPY"), day("03-01"), day("03-31"), MONEY)
    assert sum(due.own for due in yen) == 10000 and all(due.own == int(due.own) for due in yen)


@pytest.mark.parametrize("cost", [
    rule("monthly", "100.00", first="03-16"),
    rule("weekly", "33.34", last="06-10"),
    rule("yearly", "1000.01", "USD", first="02-11"),
    rule("fixed", "77.77", first="02-20", last="05-05"),
])  # fmt: skip
def test_a_day_owes_the_same_whichever_days_are_asked_for(cost):
    whole, _problems = owed(cost, day("01-01"), day("07-31"), MONEY)
    alone = []
    for number in range(212):
        one = day("01-01") + timedelta(days=number)
        alone += owed(cost, one, one, MONEY)[0]
    assert alone == whole


def test_until_the_end_of_time():
    assert len(owed(rule("monthly", "31.00"), date(9999, 12, 1), date.max, MONEY)[0]) == 31
    assert len(owed(rule("weekly", "7.00"), date.min, date(1, 1, 7), MONEY)[0]) == 7
    assert owed(rule("monthly", "31.00"), day("03-31"), day("03-01"), MONEY) == ([], [])


def test_a_currency_that_has_no_rate_yet():
    """The dollar is known since January: what was owed before has no value, and is named month by month."""
    dues, problems = owed(rule("monthly", "100.00", "USD"), day("2025-11-01"), day("01-31"), MONEY)
    assert sum(due.amount for due in dues) == 90 and dues[0].day == day("01-01")
    assert problems == [
        ("no_rate", {"currency": "USD", "day": day("2025-11-01")}),
        ("no_rate", {"currency": "USD", "day": day("2025-12-01")}),
    ]
