"""Which period a document falls in, and when that period is paid."""

from decimal import Decimal as D

import pytest
from forecast_world import cash, day, told
from forecasting import RULES, Tax, TaxRule, due_dates, period_of
from forecasting.days import DAY

EASTER = frozenset({day("04-03"), day("04-06")})
# Rule, day of the document | its period | due
PERIODS = (
    ("de_month", "2026-03-01", "2026-03-01", "2026-03-31", "2026-04-10"),
    ("de_month", "2026-03-31", "2026-03-01", "2026-03-31", "2026-04-10"),
    ("de_month", "2026-04-01", "2026-04-01", "2026-04-30", "2026-05-11"),  # the tenth is a Sunday
    ("de_month", "2026-12-15", "2026-12-01", "2026-12-31", "2027-01-11"),
    ("de_month_extended", "2026-12-15", "2026-12-01", "2026-12-31", "2027-02-10"),
    ("de_quarter", "2026-02-28", "2026-01-01", "2026-03-31", "2026-04-10"),
    ("de_quarter", "2026-11-02", "2026-10-01", "2026-12-31", "2027-01-11"),
    ("oss", "2026-01-01", "2026-01-01", "2026-03-31", "2026-04-30"),
    ("oss", "2026-07-31", "2026-07-01", "2026-09-30", "2026-10-31"),  # a Saturday stays
    ("ioss", "2028-01-31", "2028-01-01", "2028-01-31", "2028-02-29"),
    ("cn_month", "2026-01-20", "2026-01-01", "2026-01-31", "2026-02-16"),
    ("cn_quarter", "2026-06-30", "2026-04-01", "2026-06-30", "2026-07-15"),
)


@pytest.mark.parametrize("rule, document, first, last, due", PERIODS)
def test_the_period_of_a_document(rule, document, first, last, due):
    found = period_of(RULES[rule], day(document))
    assert (str(found.first), str(found.last), str(found.day), found.rule) == (first, last, due, rule)


def test_own_rules():
    stagger = TaxRule("stagger", 3, 7, after=2, workday=0, start=2)
    assert period_of(stagger, day("01-31"))[2:] == (day("2025-11-01"), day("01-31"))
    assert period_of(stagger, day("02-01")).day == day("06-07")
    year = TaxRule("year", 12, 31, after=7, start=4)
    assert period_of(year, day("03-31"))[2:] == (day("2025-04-01"), day("03-31"))
    assert period_of(year, day("03-31")).day == day("11-02")  # 31 October is a Saturday


def test_holidays_move_a_day_and_worked_saturdays_do_not():
    early = TaxRule("early", 1, 3)
    assert period_of(early, day("03-15"), EASTER).day == day("04-07")
    assert period_of(early, day("03-15")).day == day("04-03")
    saturday = TaxRule("saturday", 1, 4)
    assert period_of(saturday, day("03-15"), worked={day("04-04")}).day == day("04-04")


def test_a_day_may_give_way_to_the_one_before():
    before = TaxRule("before", 1, 6, workday=-1)  # 6 April is Easter Monday
    assert period_of(before, day("03-15"), EASTER).day == day("04-02")
    assert period_of(before, day("03-15")).day == day("04-06")
    assert period_of(TaxRule("sunday", 1, 5, workday=-1), day("03-15"), worked={day("04-04")}).day == day("04-04")
    first = due_dates([TaxRule("first", 1, 1, workday=-1)], day("01-30"), day("02-27"))
    assert [(due.day, due.last) for due in first] == [(day("01-30"), day("01-31")), (day("02-27"), day("02-28"))]


def test_a_month_may_have_a_day_of_its_own():
    rule = TaxRule("summer", 1, 16, other=((8, 20), (2, 31)))
    days = [str(due.day) for due in due_dates([rule], day("01-20"), day("09-20"))]
    assert days == [
        "2026-03-02",  # 28 February is a Saturday
        "2026-03-16", "2026-04-16", "2026-05-18", "2026-06-16", "2026-07-16", "2026-08-20", "2026-09-16",
    ]  # fmt: skip


def test_long_rests_are_made_up_for():
    rule = TaxRule("made_up", 1, 15, rest=3)
    four = {day("05-01"), day("05-04")}  # from Friday to Monday
    assert period_of(rule, day("04-15"), four).day == day("05-21")
    assert period_of(rule, day("04-15"), four, worked={day("05-02")}).day == day("05-15")  # one day and two
    assert period_of(rule, day("04-15"), {day("05-01")}).day == day("05-20")
    assert period_of(rule, day("04-15"), {day("05-18")}).day == day("05-15")  # a weekend alone is no long rest
    assert period_of(rule, day("05-15"), {day("06-01"), day("05-29")}).day == day("06-15")  # one day in June
    both = {day("05-01"), day("05-11")}  # twice three days
    assert period_of(rule, day("04-15"), both, worked={day("05-16")}).day == day("05-22")
    # The last day falls into the rest: what of it lies before counts, from its end on.
    end = {day("07-13") + DAY * number for number in range(5)}
    assert period_of(rule, day("06-15"), end).day == day("07-24")


def test_the_calendar_of_due_dates():
    rules = [RULES["de_month"], RULES["oss"], RULES["ioss"], TaxRule("end", 1, 31)]
    found = [(str(due.day), due.rule, due.first.month) for due in due_dates(rules, day("01-02"), day("02-28"))]
    assert found == [
        ("2026-01-12", "de_month", 12), ("2026-01-31", "ioss", 12), ("2026-01-31", "oss", 10),
        ("2026-02-02", "end", 12),  # 31 January is a Saturday
        ("2026-02-10", "de_month", 1), ("2026-02-28", "ioss", 1),
    ]  # fmt: skip


def test_due_dates_of_a_day_moved_over_the_end_of_a_month():
    found = due_dates([TaxRule("end", 1, 31)], day("02-01"), day("02-02"))
    assert [(due.day, due.first) for due in found] == [(day("02-02"), day("2025-12-01"))]


def test_taxes_fall_on_their_due_dates():
    taxes = (
        Tax("January", D("-300.00"), day("01-31"), RULES["de_month"]),  # was due on 10 February
        Tax("February", D("-310.00"), day("02-10"), RULES["de_month"]),
        Tax("first quarter", D("-99.00"), day("02-10"), RULES["oss"]),
        Tax("March", D("45.00"), day("03-02"), RULES["de_month"]),  # the office pays
        Tax("second quarter", D("-80.00"), day("04-01"), RULES["oss"]),
    )
    result = cash(taxes=taxes)
    assert told(result) == ["1 tax -300.00", "2 tax -310.00", "6 tax 45.00", "9 tax -99.00"]
    assert result.weeks[0].figures[0].pieces[0].overdue
    assert [(one.key, one.figures["day"]) for one in result.left_out] == [("second quarter", day("07-31"))]
