"""Refunds of what was delivered, wallets topped up, and sales not made yet, as it is and under scenarios."""

from datetime import timedelta
from decimal import Decimal as D
from fractions import Fraction

import pytest
from forecast_world import cash, day, left, told, total
from forecasting import RULES, Cohort, Sales, Terms, Wallet, run_rate, season_of

TABLE = (D(2), D(1), D(1))  # percent refunded in the first, second and third week after delivery
DELIVERED = Cohort("25 February", D("1000.00"), day("02-25"), TABLE, refunded=D("20.00"))


# Delivered, revenue, refunded, scenario | what is refunded
REFUNDS = (
    # A week old: 1 % and 1 % are still to come, from day 7 on; five days of each week lie before a Monday.
    ("02-25", "1000.00", "20.00", {}, ["1 expected_refund -7.14", "2 expected_refund -10.00",
                                       "3 expected_refund -2.86"]),
    # More came back than the table says: less is left to come back.
    ("02-25", "1000.00", "510.00", {}, ["1 expected_refund -3.57", "2 expected_refund -5.00",
                                        "3 expected_refund -1.43"]),
    ("02-25", "1000.00", "20.00", {"returns": "50"}, ["1 expected_refund -10.71", "2 expected_refund -15.00",
                                                      "3 expected_refund -4.29"]),
    ("02-25", "1000.00", "20.00", {"returns": "-100"}, []),
    # Delivered today, and on Monday in a week.
    ("03-04", "700.00", "0", {}, ["1 expected_refund -10.00", "2 expected_refund -9.00", "3 expected_refund -7.00",
                                  "4 expected_refund -2.00"]),
    ("03-16", "700.00", "0", {}, ["3 expected_refund -14.00", "4 expected_refund -7.00", "5 expected_refund -7.00"]),
)  # fmt: skip


@pytest.mark.parametrize("delivered, revenue, refunded, scenario, lines", REFUNDS)
def test_refunds_by_the_age_of_what_was_delivered(delivered, revenue, refunded, scenario, lines):
    cohort = DELIVERED._replace(day=day(delivered), revenue=D(revenue), refunded=D(refunded))
    assert told(cash(scenario, cohorts=(cohort,))) == lines


def test_what_is_refunded_or_too_old_is_not_refunded_again():
    gone = DELIVERED._replace(key="gone", refunded=D("1000.00"))
    old = DELIVERED._replace(key="old", day=day("02-11"))
    result = cash(cohorts=(gone, old))
    assert not told(result)
    assert sorted(left(result)) == [
        ("expected_refund", "gone", "nothing_left"), ("expected_refund", "old", "too_old"),
    ]  # fmt: skip


def test_never_more_is_refunded_than_all():
    wild = DELIVERED._replace(returns=(D(60), D(40)), refunded=D("600.00"))
    assert told(cash({"returns": "900"}, cohorts=(wild,))) == ["1 expected_refund -400.00"]
    assert total(cash(cohorts=(wild,)), "expected_refund") == D("-400.00")


def test_refunds_after_the_last_week_are_named():
    slow = DELIVERED._replace(day=day("03-04"), refunded=D(0), returns=(D(1),) * 20)
    result = cash(cohorts=(slow,))
    assert total(result, "expected_refund") == D("-200.00")
    assert [(one.code, one.figures["day"]) for one in result.left_out] == [("after_horizon", day("06-01"))]


# Taken in a week, top-up, level, scenario | the weeks in which it is paid. There are 500 in it.
WALLETS = (
    ("700", "1000", "200", {}, ["1 -1000.00", "3 -1000.00", "4 -1000.00", "6 -1000.00", "7 -1000.00", "9 -1000.00",
                                "10 -1000.00", "11 -1000.00", "13 -1000.00"]),
    ("700", "5000", "0", {}, ["2 -5000.00", "9 -5000.00"]),
    ("70", "1000", "0", {}, ["8 -1000.00"]),
    ("70", "1000", "0", {"sales": "100"}, ["5 -1000.00", "12 -1000.00"]),
    ("70", "1000", "0", {"sales": "50", "costs": "100"}, ["3 -1000.00", "8 -1000.00", "13 -1000.00"]),
    ("70", "1000", "0", {"sales": "-100"}, []),
    ("0", "100", "800", {}, ["1 -300.00"]),  # below its level already: three times as much as once
    ("14000", "100", "0", {}, ["1 -7500.00"]),
)  # fmt: skip


@pytest.mark.parametrize("weekly, top_up, level, scenario, lines", WALLETS)
def test_a_wallet_is_topped_up_before_it_falls_below_its_level(weekly, top_up, level, scenario, lines):
    wallet = Wallet("Yiwu", D(500), D(weekly), D(top_up), D(level))
    found = [line.replace("wallet ", "") for line in told(cash(scenario, wallets=(wallet,)))]
    assert found[: len(lines)] == lines
    assert len(found) == len(lines) or weekly == "14000"


def test_a_wallet_in_another_currency_is_paid_in_ours():
    wallet = Wallet("Yiwu", D(0), D(70), D(1000), D(900), "CNY")
    assert told(cash(wallets=(wallet,)))[0] == "1 wallet -127.00"


EVEN = {day("01-07") + timedelta(number): D("100.00") for number in range(56)}  # to 3 March, a Tuesday
SHOP = Sales("shop", EVEN, weeks=7, delay=14, fee=D(10), purchases=D(50))
ALL_DAYS = 88  # from 5 March to 31 May


def test_new_sales_begin_tomorrow_and_bring_receipts_fees_and_purchases():
    lines = told(cash(sales=(SHOP,)))
    assert lines[:3] == ["1 new_purchases -200.00", "2 new_purchases -350.00", "3 new_sales 400.00"]
    assert lines[3:9] == [
        "3 new_fees -40.00", "3 new_purchases -350.00",
        "4 new_sales 700.00", "4 new_fees -70.00", "4 new_purchases -350.00",
        "5 new_sales 700.00",
    ]  # fmt: skip


# Scenario, other terms | all that is sold, taken as fees, bought, refunded
TOTALS = (
    ({}, {}, (8800, -880, -4400, 0)),
    ({"sales": "25"}, {}, (11000, -1100, -5500, 0)),
    ({"sales": "-100"}, {}, (0, 0, 0, 0)),
    ({"costs": "10"}, {}, (8800, -880, -4840, 0)),
    ({}, {"returns": TABLE}, (8800, -880, -4400, -352)),
    ({"returns": "25", "sales": "100"}, {"returns": TABLE}, (17600, -1760, -8800, -880)),
    ({}, {"reserve": D(20), "release": 90}, (8800, -880, -4400, 0)),
    # 4 days of the first week as now, the next week half as much again, 1.5 × 1.5 the one after …
    ({"growth": "50"}, {}, (400 + 700 * sum(D("1.5") ** number for number in range(1, 13)), None, None, 0)),
)


@pytest.mark.parametrize("scenario, terms, sums", TOTALS)
def test_what_new_sales_come_to(scenario, terms, sums):
    result = cash(scenario, sales=(SHOP._replace(**terms),))
    found = [total(result, *kinds) for kinds in (("new_sales", "new_reserve"), ("new_fees",), ("new_purchases",),
                                                 ("new_refunds",))]  # fmt: skip
    for amount, told_sum in zip(found, sums, strict=True):
        assert told_sum is None or abs(amount - told_sum) <= D("0.44")  # of 88 days, each rounded
    assert scenario.get("growth") or tuple(found) == sums


# Scenario, terms of the channel | when the first receipt comes, and the first purchase is paid
FIRSTS = (
    ({}, {}, 3, 1),
    ({"payout_days": 7}, {}, 4, 1),
    ({"payout_days": -20}, {}, 1, 1),
    ({}, {"terms": Terms(days=30)}, 3, 5),
    ({"supplier_days": -30}, {"terms": Terms(days=30)}, 3, 1),
    ({"supplier_days": -90}, {"terms": Terms(days=30)}, 3, 1),  # with the order, not before it
    ({"supplier_days": 14}, {"terms": Terms(days=30)}, 3, 7),
)


@pytest.mark.parametrize("scenario, terms, receipt, purchase", FIRSTS)
def test_when_new_money_comes_and_goes(scenario, terms, receipt, purchase):
    lines = told(cash(scenario, sales=(SHOP._replace(**terms),)))
    weeks = [next(int(line.split()[0]) for line in lines if kind in line) for kind in ("new_sales", "new_purchases")]
    assert weeks == [receipt, purchase]


def test_a_reserve_of_new_sales_is_released_later():
    result = cash(sales=(SHOP._replace(fee=D(0), purchases=D(0), reserve=D(10), release=28),))
    assert told(result)[:2] == ["3 new_sales 360.00", "4 new_sales 630.00"]
    assert "7 new_reserve 40.00" in told(result)


def test_tax_of_new_sales_is_due_with_its_period():
    taxed = SHOP._replace(delay=400, fee=D(0), purchases=D(0), tax=D(20), rule=RULES["de_month"])
    result = cash(sales=(taxed,))
    assert told(result) == ["6 new_tax -540.00", "11 new_tax -600.00"]  # 27 days of March, April
    assert total(result, "new_tax") == D("-1760.00")


def test_weekdays_and_seasons_have_their_shape():
    saturdays = {day("01-03") + timedelta(7 * number): D("700.00") for number in range(9)}
    rate = run_rate(saturdays, day("03-04"), 8)
    assert (rate.weekly, rate.weeks, rate.weekdays) == (700, 8, (0, 0, 0, 0, 0, 1, 0))
    season = (*(D(100),) * 3, D(200), *(D(100),) * 8)
    plain = SHOP._replace(history=saturdays, delay=0, fee=D(0), purchases=D(0))
    lines = told(cash(season=season, sales=(plain,)))
    assert lines[3:6] == ["4 new_sales 700.00", "5 new_sales 1400.00", "6 new_sales 1400.00"]  # 4 April, 11 April
    wallet = Wallet("Yiwu", D(270), D(70), D(500))
    assert told(cash(season=season, wallets=(wallet,)))[0] == "5 wallet -500.00"  # 27 days of 10, then 20 a day


def test_what_was_sold_in_a_season_is_taken_down_to_a_month_like_any():
    december = tuple(D(300) if month == 12 else D(100) for month in range(1, 13))
    rate = run_rate({day("2025-12-08"): D(2100), day("2025-12-09"): D(2100)}, day("2025-12-17"), 1, december)
    assert (rate.weekly, rate.on(day("01-05"))) == (1400, 700)


# The first and the last sale before Wednesday 4 March | weeks they are the average of
YOUNG = (("02-23", "03-01", 1), ("02-22", "03-01", 2), ("02-25", "03-01", 1), ("2025-01-01", "03-01", 8))


@pytest.mark.parametrize("first, last, weeks", YOUNG)
def test_a_young_shop_is_not_measured_by_weeks_it_did_not_live(first, last, weeks):
    rate = run_rate({day(first): D(80), day(last): D(80)}, day("03-04"))
    inside = 160 if weeks < 8 else 80
    assert (rate.weeks, rate.weekly) == (weeks, Fraction(inside, weeks))


@pytest.mark.parametrize("history", [{}, {day("03-03"): D(100)}, {day("2025-03-03"): D(100)}, {day("02-20"): D(0)}])
def test_without_a_whole_week_nothing_is_foretold(history):
    result = cash(sales=(SHOP._replace(history=history),))
    assert (told(result), left(result)) == ([], [("new_sales", "shop", "no_sales")])


def test_seasons_come_from_whole_years():
    months = {day(f"{year}-{month:02}-01"): D(100 * month) for year in (2024, 2025) for month in range(1, 13)}
    season = season_of(months)
    assert sum(season) == pytest.approx(D(1200), abs=D("0.06"))
    assert season[0] < season[5] < season[11]
    assert season_of({first: amount for first, amount in months.items() if first.month != 7}) == ()
