"""Where windows end: at midnight of the customer, through summer time, and not before they begin."""

from datetime import date, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from verdict import Clock, Outcome, RefundTerm, Row, Rules, Window, refund_day
from verdict_world import BERLIN, DELIVERED, LAMP, SHANGHAI, TO_AMERICA, TO_GERMANY, ask, offers

SECOND = timedelta(seconds=1)
WEEK = Rules([Row("week", outcomes=(Outcome("return", window=Window("delivered", days=7)),))])


def on(*moment, zone):
    """A moment on the wall clock of a place, as naive UTC."""
    return datetime(*moment, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


# Zone, delivered there | the last day there | its end in UTC
ENDS = (
    ("Europe/Berlin", (2026, 3, 2, 0, 0, 1), "2026-03-09", "2026-03-09 23:00"),
    ("Europe/Berlin", (2026, 3, 2, 23, 59, 59), "2026-03-09", "2026-03-09 23:00"),
    ("Europe/Berlin", (2026, 3, 3, 0, 0), "2026-03-10", "2026-03-10 23:00"),
    ("Asia/Shanghai", (2026, 3, 2, 23, 59, 59), "2026-03-09", "2026-03-09 16:00"),
    ("Asia/Shanghai", (2026, 3, 3, 0, 0), "2026-03-10", "2026-03-10 16:00"),
    # The clocks change in between: in spring the window is an hour shorter, in autumn an hour longer.
    ("Europe/Berlin", (2026, 3, 25, 12), "2026-04-01", "2026-04-01 22:00"),
    ("Europe/Berlin", (2026, 10, 21, 12), "2026-10-28", "2026-10-28 23:00"),
    # On the day itself.
    ("Europe/Berlin", (2026, 3, 22, 12), "2026-03-29", "2026-03-29 22:00"),
    ("America/New_York", (2026, 10, 25, 12), "2026-11-01", "2026-11-02 05:00"),
    # Midnight does not exist in Cairo on 24 April 2026, and comes twice in Havana on 1 November.
    ("Africa/Cairo", (2026, 4, 16, 12), "2026-04-23", "2026-04-23 22:00"),
    ("America/Havana", (2026, 10, 24, 12), "2026-10-31", "2026-11-01 04:00"),
    ("Pacific/Kiritimati", (2026, 12, 24, 12), "2026-12-31", "2026-12-31 10:00"),
)


@pytest.mark.parametrize("zone, delivered, day, end", ENDS)
def test_a_day_ends_at_midnight_there(zone, delivered, day, end):
    delivered, end = on(*delivered, zone=zone), datetime.fromisoformat(end)
    line = LAMP._replace(delivered=delivered)
    before, after = (offers(ask(line, at=at, zone=zone, rules=WEEK))["return"] for at in (end - SECOND, end))
    assert (str(before.deadline.day), before.deadline.until) == (day, end)
    assert (before.verdict, before.deadline.state) == ("accept", "open")
    assert (after.verdict, after.deadline.state) == ("refuse", "over")


def test_one_moment_is_two_days():
    """Noon in Berlin is the evening in Shanghai; five in the afternoon is tomorrow there."""
    for hour, berlin, shanghai in ((15, "2026-03-09", "2026-03-09"), (16, "2026-03-09", "2026-03-10")):
        line = LAMP._replace(delivered=datetime(2026, 3, 2, hour))
        days = [str(offers(ask(line, zone=zone, rules=WEEK))["return"].deadline.day) for zone in (BERLIN, SHANGHAI)]
        assert days == [berlin, shanghai]


def test_no_days_is_until_midnight():
    rules = Rules([Row("today", outcomes=(Outcome("return", window=Window("delivered")),))])
    assert ask(LAMP, at=datetime(2026, 3, 2, 22, 59, 59), rules=rules).verdict == "accept"
    assert ask(LAMP, at=datetime(2026, 3, 2, 23), rules=rules).verdict == "refuse"


def test_endless():
    rules = Rules([Row("ever", outcomes=(Outcome("return"),))])
    found = offers(ask(LAMP, at=datetime(2046, 1, 1), rules=rules))["return"]
    assert (found.verdict, found.deadline.state, found.deadline.until) == ("accept", "endless", None)


@pytest.mark.parametrize(
    "start, months, days, last",
    [
        ("2024-02-29", 24, 0, "2026-02-28"),
        ("2026-03-02", 24, 0, "2028-03-02"),
        ("2026-08-31", 1, 0, "2026-09-30"),
        ("2026-12-31", 2, 1, "2027-03-01"),
        ("2028-02-15", 0, 14, "2028-02-29"),
    ],
)
def test_months_are_months(start, months, days, last):
    assert str(Window(days=days, months=months).last_day(date.fromisoformat(start))) == last


def test_a_last_day_nobody_works_is_followed_by_one_that_is_worked():
    easter = {date(2026, 4, 3), date(2026, 4, 6)}
    clock = Clock(datetime(2026, 4, 1), BERLIN, easter)
    window = Window("last_parcel", days=14, workday=True)
    assert str(clock.deadline(window, datetime(2026, 3, 20, 11)).day) == "2026-04-07"  # Good Friday: Tuesday
    assert str(clock.deadline(window, datetime(2026, 3, 19, 11)).day) == "2026-04-02"
    # 2 May 2026 is a Saturday, given back for the holidays in China.
    china = Clock(datetime(2026, 4, 1), SHANGHAI, {date(2026, 5, 1)}, {date(2026, 5, 2)})
    assert str(china.deadline(Window("signed", days=7, workday=True), datetime(2026, 4, 24, 4)).day) == "2026-05-02"


# The same order in three parcels; the lamp came first, the shade a week later, the bulb is still missing.
PARCELS = TO_GERMANY._replace(last_parcel=None)


def test_while_a_parcel_is_missing_the_order_s_window_has_not_begun():
    line = LAMP._replace(order=PARCELS)
    late = ask(line, at=datetime(2026, 8, 1))
    found = offers(late)["return"]
    assert (found.verdict, found.deadline.state, found.deadline.until) == ("accept", "not_begun", None)
    assert late.lines[0].row == "all" and found.floors == ("eu_withdrawal",)
    # Outside the EU the shop's thirty days of the line count.
    assert ask(line._replace(order=TO_AMERICA._replace(last_parcel=None)), at=datetime(2026, 8, 1)).verdict == "refuse"


def test_the_last_parcel_begins_it_for_all():
    line = LAMP._replace(order=PARCELS._replace(last_parcel=datetime(2026, 6, 1, 9)))
    end = on(2026, 6, 16, zone=BERLIN)
    found = offers(ask(line, at=end - SECOND))["return"]
    assert (found.verdict, str(found.deadline.day), found.deadline.until) == ("accept", "2026-06-15", end)
    assert ask(line, at=end).verdict == "refuse"


def test_part_of_a_line_was_delivered():
    """What is there may go back, what is not there is stopped; the window waits for the rest of the line."""
    line = LAMP._replace(order=PARCELS, delivered=None, delivered_qty=D(1), underway=D(2), asked=D(2))
    found = offers(ask(line, at=datetime(2026, 6, 1)))
    assert (found["return"].quantity, found["return"].verdict) == (1, "accept")
    assert (found["intercept"].quantity, found["intercept"].verdict) == (1, "accept")


def test_nobody_signed():
    rules = Rules([Row("signed", outcomes=(Outcome("return", window=Window("signed", days=7)),))])
    unsigned = LAMP._replace(signed=None)
    assert offers(ask(unsigned, rules=rules))["return"].deadline.since == date(2026, 3, 2)
    assert offers(ask(unsigned._replace(delivered=None), rules=rules))["return"].deadline.state == "not_begun"


TOLD = (
    (True, "2026-03-16"),
    (False, "2027-03-16"),
    (datetime(2026, 2, 1), "2026-03-16"),
    (datetime(2026, 3, 2, 20), "2026-03-16"),  # still the day it begins
    (datetime(2026, 3, 10, 9), "2026-03-24"),
    (datetime(2027, 3, 1, 9), "2027-03-15"),
    (datetime(2027, 3, 10, 9), "2027-03-16"),  # too late to end it earlier
)


@pytest.mark.parametrize("informed, day", TOLD)
def test_who_is_told_late_of_a_right_has_it_longer(informed, day):
    clock = Clock(datetime(2026, 3, 20), BERLIN)
    assert str(clock.deadline(Window("last_parcel", days=14), DELIVERED, informed, 12).day) == day
    assert str(clock.deadline(Window("last_parcel", days=14), DELIVERED, informed).day) == "2026-03-16"


NOTICE = datetime(2026, 3, 5, 22, 59)  # one minute to midnight in Berlin
REFUNDS = (
    ([RefundTerm(14)], None, None, "2026-03-19"),
    ([RefundTerm(14, "sent")], None, None, "None"),
    ([RefundTerm(14, "sent")], datetime(2026, 3, 7), None, "2026-03-19"),
    ([RefundTerm(14, "sent")], datetime(2026, 3, 25, 9), datetime(2026, 3, 30), "2026-03-25"),
    ([RefundTerm(14, "sent")], None, datetime(2026, 3, 30, 9), "2026-03-30"),
    ([RefundTerm(7, "received")], datetime(2026, 3, 7), None, "None"),
    ([RefundTerm(7, "received")], None, datetime(2026, 3, 30, 9), "2026-04-06"),
    ([RefundTerm(14, "sent"), RefundTerm(2, "received")], datetime(2026, 3, 7), datetime(2026, 3, 9), "2026-03-11"),
    ([], None, None, "None"),
)


@pytest.mark.parametrize("terms, sent, received, day", REFUNDS)
def test_when_the_money_is_back(terms, sent, received, day):
    assert str(refund_day(terms, Clock(NOTICE, BERLIN), NOTICE, sent, received)) == day
