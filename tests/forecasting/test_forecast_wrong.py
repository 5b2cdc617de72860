"""Bad input: one wrong record is named and the others count; a wrong question gets no answer."""

from datetime import datetime, timezone
from decimal import Decimal as D

import pytest
from forecast_world import SHOP, cash, day, told
from forecasting import (
    RULES,
    Account,
    Cohort,
    Forecast,
    Item,
    Recurring,
    Sales,
    Scenario,
    Tax,
    TaxRule,
    Terms,
    Wallet,
    forecast,
)

ITEM = Item("one", "customer", D(10), day("03-05"))
RENT = Recurring("one", D(-10), "month", day("03-05"))
TAX = Tax("one", D(-10), day("03-05"), RULES["oss"])
WALLET = Wallet("one", D(10), D(1), D(5))
COHORT = Cohort("one", D(10), day("03-01"), (D(2),))
SALES = Sales("one", {day("02-10"): D(100)})
GOOD = Item("good", "other", D(7), day("03-05"))
# Record, what is wrong in it | code
WRONG = (
    (ITEM, {"amount": 10.0}, "not_a_number"),
    (ITEM, {"amount": D("NaN")}, "not_a_number"),
    (ITEM, {"amount": D("Infinity")}, "not_a_number"),
    (ITEM, {"amount": None}, "not_a_number"),
    (ITEM, {"amount": D(10) ** 16}, "too_large"),
    (ITEM, {"amount": D(0)}, "zero"),
    (ITEM, {"kind": "gift"}, "unknown_kind"),
    (ITEM, {"currency": "GBP"}, "no_rate"),
    (ITEM, {"currency": "XXX"}, "no_rate"),  # there is a rate of nothing
    (ITEM, {"day": "2026-03-05"}, "not_a_day"),
    (ITEM, {"day": datetime(2026, 3, 5)}, "not_a_day"),
    (ITEM, {"day": day("9999-12-31")}, "not_a_day"),
    (ITEM, {"terms": 30}, "not_days"),
    (ITEM, {"terms": Terms(days=10**9)}, "not_days"),
    (ITEM, {"held": D(11)}, "more_than_amount"),
    (ITEM, {"held": D(-1)}, "negative"),
    (ITEM, {"release": -1}, "not_days"),
    (RENT, {"every": "fortnight"}, "unknown_choice"),
    (RENT, {"kind": "fun"}, "unknown_choice"),
    (RENT, {"start": None}, "no_day"),
    (RENT, {"end": "never"}, "not_a_day"),
    (RENT, {"rests": {day("03-05"): D("1.01")}}, "out_of_bounds"),
    (RENT, {"rests": {day("03-05"): D(-1)}}, "out_of_bounds"),
    (RENT, {"rests": {day("03-05"): 0.5}}, "out_of_bounds"),
    (TAX, {"rule": None}, "no_rule"),
    (TAX, {"rule": TaxRule("odd", 5)}, "no_rule"),
    (TAX, {"rule": TaxRule("odd", workday=2)}, "no_rule"),
    (TAX, {"rule": TaxRule("odd", start=13)}, "no_rule"),
    (TAX, {"rule": TaxRule("odd", other=((13, 1),))}, "no_rule"),
    (TAX, {"rule": TaxRule("odd", other=((1, 0),))}, "no_rule"),
    (TAX, {"rule": TaxRule("odd", rest=-1)}, "no_rule"),
    (TAX, {"amount": D("sNaN")}, "not_a_number"),
    (WALLET, {"top_up": D(0)}, "zero"),
    (WALLET, {"level": D(-1)}, "negative"),
    (WALLET, {"weekly": D(-1)}, "negative"),
    (COHORT, {"returns": (D(60), D(41))}, "over_100"),
    (COHORT, {"returns": (0.02,)}, "not_a_number"),
    (COHORT, {"returns": (D(-1),)}, "negative"),
    (COHORT, {"refunded": D(11)}, "nothing_left"),
    (COHORT, {"day": None}, "no_day"),
    (SALES, {"history": {day("02-10"): D(-100)}}, "negative"),
    (SALES, {"history": {"2026-02-10": D(100)}}, "not_a_day"),
    (SALES, {"fee": D(101)}, "over_100"),
    (SALES, {"weeks": 0}, "not_days"),
    (SALES, {"delay": "14"}, "not_days"),
    (SALES, {"tax": D(19)}, "no_rule"),
)
PLACES = {Item: "items", Recurring: "recurring", Tax: "taxes", Wallet: "wallets", Cohort: "cohorts", Sales: "sales"}


@pytest.mark.parametrize("record, change, code", WRONG)
def test_a_wrong_record_is_named_and_the_others_count(record, change, code):
    wrong, place = record._replace(key="wrong", **change), PLACES[type(record)]
    records = {"items": (GOOD,)} | {place: (wrong, *((GOOD,) if place == "items" else ()))}
    result = cash(rates={"XXX": D(0)}, **records)
    assert [(one.key, one.code) for one in result.left_out] == [("wrong", code)]
    assert told(result) == ["1 other 7.00"]


@pytest.mark.parametrize("record", [ITEM, RENT, TAX, WALLET, COHORT, SALES])
def test_the_same_twice_counts_once(record):
    once = cash(**{PLACES[type(record)]: (record,)})
    twice = cash(**{PLACES[type(record)]: (record, record)})
    assert twice.weeks == once.weeks
    assert "twice" in {one.code for one in twice.left_out}


def test_the_same_key_of_another_kind_is_another():
    items = (ITEM, ITEM._replace(kind="supplier", amount=D(-4)))
    assert told(cash(items=items)) == ["1 customer 10.00", "1 supplier -4.00"]


def test_an_account_that_is_no_number():
    result = cash(accounts=(Account("Bank", "1000"), Account("Till", D(5))))
    assert (result.opening, result.left_out[0].code) == (D("5.00"), "not_a_number")


# What is wrong | code
REFUSED = (
    ({"zone": "Europe/Berlino"}, {}, "unknown_zone"),
    ({"zone": None}, {}, "unknown_zone"),
    ({"now": datetime(2026, 3, 4, tzinfo=timezone.utc)}, {}, "not_naive_utc"),
    ({"now": day("03-04")}, {}, "not_naive_utc"),
    ({"currency": ""}, {}, "no_currency"),
    ({"step": D(0)}, {}, "no_currency"),
    ({"season": (D(100),) * 11}, {}, "bad_season"),
    ({"season": (D(0),) * 12}, {}, "bad_season"),
    ({}, {"sales": 0.2}, "not_a_number"),
    ({}, {"sales": D(-101)}, "out_of_bounds"),
    ({}, {"growth": D(1001)}, "out_of_bounds"),
    ({}, {"costs": D("NaN")}, "not_a_number"),
    ({}, {"supplier_days": D(7)}, "not_days"),
    ({}, {"payout_days": 10**6}, "not_days"),
)


@pytest.mark.parametrize("plan, scenario, code", REFUSED)
def test_a_wrong_question_gets_no_answer(plan, scenario, code):
    result = forecast(SHOP._replace(items=(ITEM,), **plan), Scenario()._replace(**scenario))
    assert [found for found, _figures in result.refused] == [code]
    assert result == Forecast(refused=result.refused)
