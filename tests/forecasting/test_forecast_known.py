"""Documents, recurring costs and accounts: in which week they fall, and what they are made of."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal as D
from fractions import Fraction

import pytest
from forecast_world import BANK, SHOP, cash, check, day, left, told
from forecasting import Account, Item, Piece, Recurring, Terms, forecast, rests_of

NET_30 = Terms(days=30)


def test_thirteen_weeks_from_today():
    weeks = cash().weeks
    assert [str(week.first) for week in weeks[:3]] == ["2026-03-04", "2026-03-09", "2026-03-16"]
    assert (weeks[0].last, weeks[-1].last) == (day("03-08"), day("05-31"))
    assert {week.closing for week in weeks} == {D("1000.00")}


# Now in UTC, zone | first and last day of the first week
TODAYS = (
    ("2026-03-08 22:59", "Europe/Berlin", "2026-03-08", "2026-03-08"),
    ("2026-03-08 23:00", "Europe/Berlin", "2026-03-09", "2026-03-15"),
    ("2026-03-08 16:00", "Asia/Shanghai", "2026-03-09", "2026-03-15"),
    ("2026-03-09 04:00", "America/New_York", "2026-03-09", "2026-03-15"),
    ("2026-03-09 03:59", "America/New_York", "2026-03-08", "2026-03-08"),
)


@pytest.mark.parametrize("now, zone, first, last", TODAYS)
def test_today_is_the_company_s(now, zone, first, last):
    week = cash(now=datetime.fromisoformat(now), zone=zone).weeks[0]
    assert (str(week.first), str(week.last)) == (first, last)


# Kind, amount, counted from, terms | the week and what it brings
FALLS = (
    ("customer", "119.00", "03-04", Terms(), "1 customer 119.00"),
    ("customer", "119.00", "03-08", Terms(), "1 customer 119.00"),
    ("customer", "119.00", "03-09", Terms(), "2 customer 119.00"),
    ("customer", "119.00", "2025-01-07", NET_30, "1 customer 119.00"),  # long overdue
    ("customer", "-20.00", "03-20", Terms(), "3 customer -20.00"),  # a credit note not paid out yet
    ("cod", "80.00", "03-12", Terms(days=10), "3 cod 80.00"),
    ("payout", "80.00", "03-03", Terms(days=14), "3 payout 80.00"),
    ("supplier", "-60.00", "02-20", NET_30, "3 supplier -60.00"),
    ("supplier", "-60.00", "02-20", Terms(month_ends=1, after=10), "2 supplier -60.00"),  # 10 March
    ("purchase", "-60.00", "03-04", Terms(month_ends=2, after=15), "11 purchase -60.00"),
    ("purchase", "-60.00", "03-04", Terms(days=30, month_ends=1, after=5), "10 purchase -60.00"),
    ("refund", "-15.00", "03-05", Terms(), "1 refund -15.00"),
    ("other", "5000.00", "05-31", Terms(), "13 other 5000.00"),
)


@pytest.mark.parametrize("kind, amount, since, terms, line", FALLS)
def test_a_document_falls_in_the_week_of_its_money(kind, amount, since, terms, line):
    assert told(cash(items=(Item("one", kind, D(amount), day(since), terms),))) == [line]


def test_a_day_after_the_last_week_is_named():
    result = cash(items=(Item("SO/1", "customer", D(10), day("06-01")), Item("SO/2", "customer", D(9), None)))
    assert not told(result)
    late, waiting = reversed(result.left_out)
    assert (late.code, late.figures) == ("after_horizon", {"amount": D("10.00"), "day": day("06-01")})
    assert (waiting.kind, waiting.key, waiting.code) == ("customer", "SO/2", "no_day")


def test_every_figure_names_its_pieces():
    items = (
        Item("INV/1", "customer", D("100.00"), day("02-10")),
        Item("INV/2", "customer", D("50.00"), day("03-06")),
        Item("CN/1", "customer", D("-30.00"), day("03-06")),
        Item("BILL/1", "supplier", D("-70.00"), day("03-05")),
    )
    first = cash(items=items).weeks[0]
    customer, supplier = first.figures
    assert (customer.inflow, customer.outflow) == (D("150.00"), D("30.00"))
    assert customer.pieces == (
        Piece("INV/1", D("100.00"), overdue=True), Piece("INV/2", D("50.00")), Piece("CN/1", D("-30.00")),
    )  # fmt: skip
    assert supplier.pieces == (Piece("BILL/1", D("-70.00")),)
    assert (first.inflow, first.outflow, first.closing) == (D("150.00"), D("100.00"), D("1050.00"))


# Scenario | the weeks of a payout due on 18 March of which 10 are held for 30 days, and of a bill due on 20 March
SHIFTED = (
    ({}, ["3 payout 90.00", "3 supplier -60.00", "7 reserve 10.00"]),
    ({"payout_days": 7}, ["3 supplier -60.00", "4 payout 90.00", "8 reserve 10.00"]),
    ({"payout_days": -14}, ["1 payout 90.00", "3 supplier -60.00", "5 reserve 10.00"]),
    ({"payout_days": -30}, ["1 payout 90.00", "3 supplier -60.00", "5 reserve 10.00"]),  # not before today
    ({"supplier_days": -14}, ["1 supplier -60.00", "3 payout 90.00", "7 reserve 10.00"]),
    ({"supplier_days": 30}, ["3 payout 90.00", "7 supplier -60.00", "7 reserve 10.00"]),
    ({"sales": "50", "costs": "50", "returns": "50"}, ["3 payout 90.00", "3 supplier -60.00", "7 reserve 10.00"]),
)


@pytest.mark.parametrize("scenario, lines", SHIFTED)
def test_payouts_and_suppliers_are_shifted_and_documents_keep_their_amounts(scenario, lines):
    items = (
        Item("SO/1", "payout", D("100.00"), day("03-04"), Terms(days=14), held=D("10.00"), release=30),
        Item("BILL/1", "supplier", D("-60.00"), day("03-20")),
    )
    assert sorted(told(cash(scenario, items=items))) == sorted(lines)


def test_a_reserve_nobody_knows_the_end_of():
    payout = Item("SO/1", "payout", D("100.00"), day("03-04"), held=D("10.00"))
    result = cash(items=(payout, Item("R/1", "reserve", D("25.00"), day("04-06"))))
    assert told(result) == ["1 payout 90.00", "6 reserve 25.00"]
    assert [(one.kind, one.key, one.code, one.figures) for one in result.left_out] == [
        ("reserve", "SO/1", "release_unknown", {"amount": D("10.00")})
    ]


# Every, start, end | the weeks it falls in
RHYTHMS = (
    ("week", "2026-02-25", None, list(range(1, 14))),
    ("week", "2026-03-03", None, list(range(2, 14))),  # yesterday's is done
    ("month", "2025-01-31", None, [5, 9, 13]),
    ("month", "2026-03-04", "2026-04-30", [1, 5]),
    ("quarter", "2025-12-15", None, [2]),
    ("year", "2020-05-20", None, [12]),
    ("month", "2026-06-01", None, []),
)


@pytest.mark.parametrize("every, start, end, weeks", RHYTHMS)
def test_recurring_costs(every, start, end, weeks):
    result = cash(recurring=(Recurring("rent", D(-10), every, day(start), end and day(end)),))
    assert told(result) == [f"{week} recurring -10.00" for week in weeks]


def test_a_part_that_is_billed_does_not_come_again():
    rests = {day("04-15"): Fraction(1, 3), day("05-15"): 0}
    rent = Recurring("rent", D(-10), "month", day("01-15"), rests=rests)
    assert told(cash(recurring=(rent,))) == ["2 recurring -10.00", "7 recurring -3.33"]
    assert told(cash({"costs": "10"}, recurring=(rent,)))[1] == "7 recurring -3.67"


# Days | owed, billed, complete | what is still to come of each
RESTS = (
    (["03-31"], "300", "0", False, ["1"]),
    (["03-31"], "300", "200", False, ["1/3"]),
    (["03-31"], "300", "330", False, ["0"]),
    (["03-31"], "300", "-50", False, ["1"]),  # more is given back than was billed
    (["03-31"], "300", "10", True, ["0"]),
    (["03-31"], "0", "10", False, ["0"]),  # nobody knows what it is worth: the bill counts
    (["03-02", "03-09", "03-16"], "300", "150", False, ["0", "1/2", "1"]),
    ([], "300", "150", False, []),
)


@pytest.mark.parametrize("days, owed, billed, complete, rests", RESTS)
def test_what_is_still_to_come(days, owed, billed, complete, rests):
    found = rests_of([day(one) for one in days], D(owed), D(billed), complete)
    assert [str(rest) for rest in found.values()] == rests
    assert list(found) == [day(one) for one in days]


def test_the_end_of_the_month_is_remembered():
    """Due on the 31st: it comes on the last of each month, after February as well."""
    for number in (29, 30, 31):
        rent = Recurring("rent", D(-10), "month", date(2026, 1, number))
        for today in (date(2026, 3, 1), date(2027, 2, 28), date(2028, 2, 29)):
            plan = SHOP._replace(now=datetime(today.year, today.month, today.day, 9))
            weeks = cash(plan=plan, recurring=(rent,)).weeks
            hits = [month_day(week, number) for week in weeks if week.figures]
            assert all(hits) and len(hits) >= 2


def month_day(week, number):
    """The week has the day of its month, or the last of it where it is shorter."""
    days = [week.first + timedelta(days=one) for one in range((week.last - week.first).days + 1)]
    return any(one.day == min(number, monthrange(one.year, one.month)[1]) for one in days)


def test_ads_by_the_day():
    result = cash({"costs": "10"}, recurring=(Recurring("ads", D("-20.00"), "day", day("03-01"), kind="ads"),))
    assert told(result)[:2] == ["1 ads -110.00", "2 ads -154.00"]
    assert len(result.weeks[1].figures[0].pieces) == 1


def test_an_amount_is_rounded_once_when_it_becomes_the_company_s():
    dollars = [Item(number, "supplier", D("-0.05"), day("03-05"), currency="USD") for number in range(100)]
    result = cash(items=tuple(dollars))
    assert told(result) == ["1 supplier -5.00"]  # each is 0.045: five cents, away from zero
    payout = Item("SO", "payout", D("0.15"), day("03-05"), currency="USD", held=D("0.05"), release=7)
    assert told(cash(items=(payout,))) == ["1 payout 0.09", "2 reserve 0.05"]  # together 0.135: fourteen cents


def test_accounts_by_currency_and_a_currency_without_steps():
    yuan = Account("Alipay", D("1000.00"), "CNY")
    result = cash(accounts=(BANK, yuan, Account("Wise", D(7), "GBP"), yuan, BANK._replace(currency="USD")))
    assert [(one.key, one.currency, str(one.worth)) for one in result.accounts] == [
        ("Bank", "EUR", "1000.00"), ("Alipay", "CNY", "127.00"), ("Bank", "USD", "900.00"),
    ]  # fmt: skip
    assert left(result) == [("account", "Wise", "no_rate"), ("account", "Alipay", "twice")]
    yen = SHOP._replace(currency="JPY", step=D(1), rates={"EUR": D("163.5")}, accounts=(BANK._replace(currency="EUR"),))
    cents = Item("SO/1", "customer", D("0.01"), day("03-05"), currency="EUR")
    assert cash(plan=yen, items=(cents,)).weeks[0].closing == D(163502)


def test_the_lowest_point_may_lie_inside_a_week():
    items = (
        Item("tax", "other", D("-1500.00"), day("03-10")),
        Item("payout", "payout", D("2000.00"), day("03-13")),
        Item("bill", "supplier", D("-900.00"), day("04-01")),
    )
    result = cash(items=items)
    assert (result.lowest.balance, result.lowest.day, result.lowest.week) == (D("-500.00"), day("03-10"), 2)
    assert min(week.closing for week in result.weeks) == D("600.00")
    again = cash(items=(*items, Item("bill", "purchase", D("-1100.00"), day("04-08"))))
    assert again.lowest.day == day("03-10")  # as low once more: the first counts


def test_who_only_earns_is_lowest_now():
    low = cash(items=(Item("one", "customer", D(5), day("03-04")),)).lowest
    assert (low.balance, low.day, low.week) == (D("1000.00"), day("03-04"), 1)


def test_nothing_at_all():
    result = forecast(SHOP._replace(accounts=()))
    check(result)
    assert (result.opening, result.weeks[12].closing, result.left_out) == (0, 0, ())
