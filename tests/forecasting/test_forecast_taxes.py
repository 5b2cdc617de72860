"""Which period a document falls in, and when that period is paid."""

from decimal import Decimal as D

import pytest
from forecast_world import cash, day, told
from forecasting import RULES, Tax, TaxRule, due_dates, period_of
from forecasting.days import DAY, every_day

EASTER = frozenset({day("04-03"), day("04-06")})
# Holidays where the tax is paid, on or next to a day it is due.
HOLIDAYS = {
    "de": "2023-04-10 2029-05-10",
    "oss": "2008-10-31",
    "ioss": "2004-05-31",
    "at": "2025-08-15",
    "be": "2025-04-21 2025-07-21 2038-04-26",
    "cz": "2025-12-25 2025-12-26 2038-04-26",
    "es": "2026-01-30 2029-03-30",
    "fi": "2020-04-10 2020-04-13",
    "gb": "2023-04-07 2029-05-07",
    "it": "2028-04-17",
    "nl": "2004-05-31 2012-04-30",
    "pl": "2025-12-25 2025-12-26 2038-04-26",
    "se": "2020-04-10 2020-04-13 2027-03-26 2027-03-29",
}
# Rule | its period | due
PERIODS = (
    ("de_month", "2026-03-01", "2026-03-31", "2026-04-10"),
    ("de_month", "2026-04-01", "2026-04-30", "2026-05-11"),  # the tenth is a Sunday
    ("de_month", "2026-12-01", "2026-12-31", "2027-01-11"),
    ("de_month", "2023-03-01", "2023-03-31", "2023-04-11"),  # Easter Monday
    ("de_quarter", "2026-01-01", "2026-03-31", "2026-04-10"),
    ("de_quarter", "2026-10-01", "2026-12-31", "2027-01-11"),
    ("de_quarter", "2023-01-01", "2023-03-31", "2023-04-11"),
    ("de_month_extended", "2026-12-01", "2026-12-31", "2027-02-10"),
    ("de_month_extended", "2026-03-01", "2026-03-31", "2026-05-11"),
    ("de_month_extended", "2023-02-01", "2023-02-28", "2023-04-11"),
    ("de_quarter_extended", "2026-04-01", "2026-06-30", "2026-08-10"),
    ("de_quarter_extended", "2026-01-01", "2026-03-31", "2026-05-11"),
    ("de_quarter_extended", "2029-01-01", "2029-03-31", "2029-05-11"),  # Ascension Day
    ("oss", "2026-01-01", "2026-03-31", "2026-04-30"),
    ("oss", "2026-07-01", "2026-09-30", "2026-10-31"),  # a Saturday stays
    ("oss", "2026-10-01", "2026-12-31", "2027-01-31"),  # a Sunday
    ("oss", "2008-07-01", "2008-09-30", "2008-10-31"),  # Reformation Day
    ("ioss", "2028-01-01", "2028-01-31", "2028-02-29"),
    ("ioss", "2026-04-01", "2026-04-30", "2026-05-31"),
    ("ioss", "2004-04-01", "2004-04-30", "2004-05-31"),  # Whit Monday
    ("at_month", "2026-02-01", "2026-02-28", "2026-04-15"),
    ("at_month", "2026-01-01", "2026-01-31", "2026-03-16"),
    ("at_month", "2025-06-01", "2025-06-30", "2025-08-18"),  # Assumption Day, and a weekend
    ("at_quarter", "2026-01-01", "2026-03-31", "2026-05-15"),
    ("at_quarter", "2025-07-01", "2025-09-30", "2025-11-17"),
    ("at_quarter", "2025-04-01", "2025-06-30", "2025-08-18"),
    # Those of 2025 as the office announced them.
    ("be_month", "2025-02-01", "2025-02-28", "2025-03-20"),
    ("be_month", "2025-03-01", "2025-03-31", "2025-04-22"),  # Easter
    ("be_month", "2025-06-01", "2025-06-30", "2025-07-22"),  # the 21st is the national day
    ("be_month", "2025-08-01", "2025-08-31", "2025-09-22"),
    ("be_quarter", "2024-10-01", "2024-12-31", "2025-01-27"),
    ("be_quarter", "2025-01-01", "2025-03-31", "2025-04-25"),
    ("be_quarter", "2038-01-01", "2038-03-31", "2038-04-27"),  # Easter
    ("cz_month", "2026-01-01", "2026-01-31", "2026-02-25"),
    ("cz_month", "2024-12-01", "2024-12-31", "2025-01-27"),
    ("cz_month", "2025-11-01", "2025-11-30", "2025-12-29"),  # Christmas, and a weekend
    ("cz_quarter", "2025-07-01", "2025-09-30", "2025-10-27"),
    ("cz_quarter", "2025-01-01", "2025-03-31", "2025-04-25"),
    ("cz_quarter", "2038-01-01", "2038-03-31", "2038-04-27"),
    ("es_month", "2026-03-01", "2026-03-31", "2026-04-30"),
    ("es_month", "2026-06-01", "2026-06-30", "2026-07-30"),
    ("es_month", "2027-01-01", "2027-01-31", "2027-03-01"),  # the last of February is a Sunday
    ("es_month", "2029-02-01", "2029-02-28", "2029-04-02"),  # Good Friday
    ("es_quarter", "2027-04-01", "2027-06-30", "2027-07-20"),
    ("es_quarter", "2025-04-01", "2025-06-30", "2025-07-21"),
    ("es_quarter", "2024-10-01", "2024-12-31", "2025-01-30"),
    ("es_quarter", "2026-10-01", "2026-12-31", "2027-02-01"),  # 30 January is a Saturday
    ("es_quarter", "2025-10-01", "2025-12-31", "2026-02-02"),  # a local holiday
    ("fi_month", "2026-01-01", "2026-01-31", "2026-03-12"),
    ("fi_month", "2026-07-01", "2026-07-31", "2026-09-14"),
    ("fi_month", "2020-02-01", "2020-02-29", "2020-04-14"),  # Easter
    ("fi_quarter", "2026-01-01", "2026-03-31", "2026-05-12"),
    ("fi_quarter", "2027-04-01", "2027-06-30", "2027-08-12"),
    ("fi_quarter", "2028-07-01", "2028-09-30", "2028-11-13"),  # the twelfth is a Sunday
    ("gb_month", "2026-05-01", "2026-05-31", "2026-07-07"),
    ("gb_month", "2026-04-01", "2026-04-30", "2026-06-05"),  # the seventh is a Sunday
    ("gb_month", "2029-03-01", "2029-03-31", "2029-05-04"),  # a bank holiday
    ("gb_quarter", "2026-01-01", "2026-03-31", "2026-05-07"),
    ("gb_quarter", "2025-10-01", "2025-12-31", "2026-02-06"),
    ("gb_quarter", "2029-01-01", "2029-03-31", "2029-05-04"),
    ("gb_quarter_2", "2026-05-01", "2026-07-31", "2026-09-07"),
    ("gb_quarter_2", "2026-02-01", "2026-04-30", "2026-06-05"),
    ("gb_quarter_3", "2025-12-01", "2026-02-28", "2026-04-07"),
    ("gb_quarter_3", "2026-09-01", "2026-11-30", "2027-01-07"),
    ("gb_quarter_3", "2022-12-01", "2023-02-28", "2023-04-06"),  # Good Friday
    ("it_month", "2025-12-01", "2025-12-31", "2026-01-16"),
    ("it_month", "2025-10-01", "2025-10-31", "2025-11-17"),
    ("it_month", "2025-07-01", "2025-07-31", "2025-08-20"),
    ("it_month", "2022-07-01", "2022-07-31", "2022-08-22"),  # the 20th is a Saturday
    ("it_month", "2028-03-01", "2028-03-31", "2028-04-18"),  # Easter
    ("nl_month", "2026-02-01", "2026-02-28", "2026-03-31"),
    ("nl_month", "2026-01-01", "2026-01-31", "2026-02-27"),  # the last of February is a Saturday
    ("nl_month", "2004-04-01", "2004-04-30", "2004-05-28"),  # Whit Monday
    ("nl_quarter", "2026-04-01", "2026-06-30", "2026-07-31"),
    ("nl_quarter", "2026-07-01", "2026-09-30", "2026-10-30"),
    ("nl_quarter", "2012-01-01", "2012-03-31", "2012-04-27"),  # the Queen's Day, and a weekend
    ("pl_month", "2026-02-01", "2026-02-28", "2026-03-25"),
    ("pl_month", "2026-03-01", "2026-03-31", "2026-04-27"),
    ("pl_month", "2025-11-01", "2025-11-30", "2025-12-29"),
    ("pl_quarter", "2026-10-01", "2026-12-31", "2027-01-25"),
    ("pl_quarter", "2025-07-01", "2025-09-30", "2025-10-27"),
    ("pl_quarter", "2038-01-01", "2038-03-31", "2038-04-27"),
    ("se_month", "2022-11-01", "2022-11-30", "2023-01-17"),
    ("se_month", "2022-12-01", "2022-12-31", "2023-02-13"),
    ("se_month", "2023-03-01", "2023-03-31", "2023-05-12"),
    ("se_month", "2023-06-01", "2023-06-30", "2023-08-17"),
    ("se_month", "2020-02-01", "2020-02-29", "2020-04-14"),
    ("se_quarter", "2023-01-01", "2023-03-31", "2023-05-12"),
    ("se_quarter", "2023-04-01", "2023-06-30", "2023-08-17"),
    ("se_quarter", "2023-07-01", "2023-09-30", "2023-11-13"),
    ("se_month_large", "2026-01-01", "2026-01-31", "2026-02-26"),
    ("se_month_large", "2026-03-01", "2026-03-31", "2026-04-27"),
    ("se_month_large", "2024-11-01", "2024-11-30", "2024-12-27"),
    ("se_month_large", "2027-02-01", "2027-02-28", "2027-03-30"),  # Easter
)  # fmt: skip


@pytest.mark.parametrize("rule, first, last, due", PERIODS)
def test_the_period_of_a_document(rule, first, last, due):
    holidays = frozenset(map(day, HOLIDAYS[rule.split("_")[0]].split()))
    for document in (first, last):
        found = period_of(RULES[rule], day(document), holidays)
        assert (str(found.first), str(found.last), str(found.day), found.rule) == (first, last, due, rule)


# Years of the Chinese tax office: the day each month's tax is due, as announced | days off up to the fifteenth of a
# month, as announced with them | Saturdays and Sundays that are worked
ANNOUNCED = {
    "2021": (
        "01-20 02-23 03-15 04-20 05-21 06-18 07-15 08-16 09-15 10-26 11-15 12-15",
        "01-01/01-03 02-11/02-17 04-03/04-05 05-01/05-05 06-12/06-14 10-01/10-07",
        "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    ),
    "2022": (
        "01-19 02-23 03-15 04-20 05-19 06-20 07-15 08-15 09-20 10-25 11-15 12-15",
        "01-01/01-03 01-31/02-06 04-03/04-05 04-30/05-04 06-03/06-05 09-10/09-12 10-01/10-07",
        "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    ),
    "2023": (
        "01-16 02-15 03-15 04-17 05-18 06-15 07-17 08-15 09-15 10-23 11-15 12-15",
        "01-01/01-02 04-05/04-05 04-29/05-03 09-29/10-06",
        "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    ),
    "2024": (
        "01-15 02-23 03-15 04-18 05-22 06-19 07-15 08-15 09-18 10-24 11-15 12-16",
        "01-01/01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10/06-10 09-15/09-17 10-01/10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    "2025": (
        "01-15 02-20 03-17 04-18 05-22 06-16 07-15 08-15 09-15 10-27 11-17 12-15",
        "01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    "2026": (
        "01-20 02-24 03-16 04-20 05-22 06-15 07-15 08-17 09-15 10-26 11-16 12-15",
        "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 10-01/10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}


@pytest.mark.parametrize("year", ANNOUNCED)
def test_the_days_announced_in_china(year):
    due, off, worked = (text.split() for text in ANNOUNCED[year])
    spans = [[day(f"{year}-{end}") for end in span.split("/")] for span in off]
    holidays = {one for span in spans for one in every_day(*span)}
    calendar = due_dates(
        [RULES["cn_month"], RULES["cn_quarter"]], day(f"{year}-01-01"), day(f"{year}-12-31"),
        holidays, {day(f"{year}-{one}") for one in worked},
    )  # fmt: skip
    assert [f"{one.day:%m-%d}" for one in calendar if one.rule == "cn_month"] == due
    quarters = [f"{one.day:%m-%d}" for one in calendar if one.rule == "cn_quarter"]
    assert quarters == [due[0], due[3], due[6], due[9]]
    assert all(one.last == one.day.replace(day=1) - DAY for one in calendar)
    assert {one.first.month for one in calendar if one.rule == "cn_quarter"} == {1, 4, 7, 10}


def test_every_rule_has_its_days():
    assert {rule for rule, *_rest in PERIODS} | {"cn_month", "cn_quarter"} == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_holidays_of_every_rule(rule):
    due = next(one for one in due_dates([rule], day("01-01"), day("2040-01-01")) if one.day.weekday() == 2)
    place = rule.key.split("_")[0]
    # Nobody works on the day itself, a Wednesday.
    moved = due.day + DAY * {"oss": 0, "ioss": 0, "gb": -1, "nl": -1}.get(place, 1)
    assert period_of(rule, due.first, {due.day}).day == moved
    # Nobody works from Friday to Monday before it.
    later = due.day + DAY * (6 if place == "cn" else 0)
    assert period_of(rule, due.first, {due.day - DAY * 5, due.day - DAY * 2}).day == later


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
