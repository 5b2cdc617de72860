"""Ads: what an import does to what is there, and whose orders they are."""

from datetime import datetime
from decimal import Decimal as D

import pytest
from allocating import Order, Row, Spend, allocate, allocate_ads, allocate_of_ads, take
from allocating_world import MONEY, by, day, line, rule

TODAY = day("03-10")
CAMPAIGNS = {"spring": "shop", "brand": None, "summer": "amazon"}


def row(number, text="03-02", campaign="spring", source="google", currency="EUR", amount="10.00"):
    return Row(number, day(text), campaign, source, currency, D(amount))


def spend(*more, **change):
    return Spend(*row(0, *more)[1:])._replace(**change)


def import_(rows, kept=()):
    return take(rows, kept, CAMPAIGNS, TODAY, MONEY)


def amounts(kept):
    return sorted((str(one.day)[5:], one.campaign, one.source, one.currency, str(one.amount)) for one in kept)


def test_two_imports_of_one_day():
    """The second says it better; the other days, sources and campaigns of the first stay."""
    first = import_([
        row(1), row(2, "03-03"), row(3, source="bing"), row(4, campaign="brand"), row(5, "03-10", amount="0.00"),
    ])  # fmt: skip
    assert not first.problems and len(first.changes) == 5
    second = import_([row(1, amount="11.50")], first.kept)
    assert amounts(second.kept) == [
        ("03-02", "brand", "google", "EUR", "10.00"),
        ("03-02", "spring", "bing", "EUR", "10.00"),
        ("03-02", "spring", "google", "EUR", "11.50"),
        ("03-03", "spring", "google", "EUR", "10.00"),
        ("03-10", "spring", "google", "EUR", "0.00"),
    ]
    (change,) = second.changes
    assert [one.amount for one in (*change.before, *change.after)] == [D("10.00"), D("11.50")]
    assert import_([row(9, amount="11.50")], second.kept) == (second.kept, [], [])


def test_an_account_that_changes_its_currency():
    kept = import_([row(1), row(2, currency="USD")]).kept
    assert amounts(kept) == [("03-02", "spring", "google", cur, "10.00") for cur in ("EUR", "USD")]
    assert amounts(import_([row(1, currency="JPY", amount="1600.4")], kept).kept) == [
        ("03-02", "spring", "google", "JPY", "1600")
    ]


# a row that is wrong → code
WRONG = [
    (row(1, campaign="sprnig"), "unknown_campaign"),
    (row(1, campaign=None), "unknown_campaign"),
    (row(1, "03-11"), "future_day"),
    (row(1, amount="-0.01"), "negative"),
    (row(1, amount="NaN"), "not_a_number"),
    (row(1, amount="1E20"), "too_large"),
    (row(1)._replace(amount=10.0), "not_a_number"),
    (row(1)._replace(day="2026-03-02"), "not_a_day"),
    (row(1)._replace(day=datetime(2026, 3, 2)), "not_a_day"),
    (row(1)._replace(day=None), "not_a_day"),
    (row(1, currency="XXX"), "unknown_currency"),
    (row(1, currency="KRW"), "no_rate"),
    (row(1, "2025-12-31", currency="USD"), "no_rate"),
]


@pytest.mark.parametrize("wrong, code", WRONG)
def test_a_wrong_row_changes_nothing_and_the_others_go_on(wrong, code):
    kept = [spend(amount=D("7.00"))]
    taken = import_([wrong, row(2, "03-03")], kept)
    assert [(number, found) for number, found, _figures in taken.problems] == [(1, code)]
    assert taken.kept == [*kept, spend("03-03")]


def test_half_of_a_day_is_not_taken():
    kept = [spend(amount=D("7.00"))]
    taken = import_([row(1, amount="3.00"), row(2, currency="USD", amount="-4.00")], kept)
    assert (taken.kept, taken.changes) == (kept, [])
    assert [(number, code) for number, code, _figures in taken.problems] == [(1, "beside_bad_row"), (2, "negative")]


def test_a_row_that_is_there_twice():
    taken = import_([row(1), row(2), row(3, source="bing")])
    assert [(number, code) for number, code, _figures in taken.problems] == [(1, "row_twice"), (2, "row_twice")]
    assert amounts(taken.kept) == [("03-02", "spring", "bing", "EUR", "10.00")]


def order(key, text="03-02", campaign="spring", source="google", **more):
    lines = more.pop("lines", (line(key * 10, "20.00"),))
    return Order(key, day(text), "shop", "DE", lines, campaign=campaign, source=source, **more)


# orders → where ten euros of spring at google go
WHOSE = [
    ([order(1)], {("line", 1, "shop"): "10.00"}),
    ([order(1), order(2), order(3)],
     {("line", 1, "shop"): "3.34", ("line", 2, "shop"): "3.33", ("line", 3, "shop"): "3.33"}),
    # The day, the campaign and the source have to be those of the order.
    ([order(1), order(2, "03-03"), order(3, campaign="brand"), order(4, source="bing"), order(5, campaign=None)],
     {("line", 1, "shop"): "10.00"}),
    ([order(2, "03-03"), order(4, source="bing")], {("channel", None, "shop"): "10.00"}),
    ([], {("channel", None, "shop"): "10.00"}),
    ([order(1, lines=())], {("channel", None, "shop"): "10.00"}),
    # A gift was brought as well.
    ([order(1), order(2, lines=(line(20, "0.00"),))], {("line", 1, "shop"): "5.00", ("line", 2, "shop"): "5.00"}),
]  # fmt: skip


@pytest.mark.parametrize("orders, where", WHOSE)
def test_whose_orders_they_are(orders, where):
    result = allocate_ads([spend()], orders, CAMPAIGNS, day("03-01"), day("03-31"), MONEY)
    assert by(result.shares, "at", "order", "channel") == where
    assert result.problems == []


def test_ads_nobody_came_by():
    spends = [spend(campaign="brand"), spend(campaign="gone"), spend(campaign="summer"), spend(amount=D("0.00"))]
    result = allocate_ads(spends, [order(1, "03-03")], CAMPAIGNS, day("03-01"), day("03-31"), MONEY)
    assert by(result.shares, "cost", "at", "why", "channel") == {
        (("brand", "google"), "nowhere", "no_orders", None): "10.00",
        (("gone", "google"), "nowhere", "no_orders", None): "10.00",
        (("summer", "google"), "channel", "no_orders", "amazon"): "10.00",
    }


def test_an_order_shares_its_ads_among_its_lines():
    lines = (line(1, "20.00"), line(2, "10.00"), line(3, "-5.00"))
    result = allocate_ads(
        [spend(currency="USD")], [order(1, lines=lines)], CAMPAIGNS, day("03-01"), day("03-31"), MONEY
    )
    parts = [(one.line, str(one.amount), str(one.own)) for one in result.shares]
    assert parts == [(1, "6.00", "6.67"), (2, "3.00", "3.33")]


def test_only_the_days_asked_for_and_only_what_has_a_value():
    spends = [spend("02-28"), spend("03-01"), spend("03-31"), spend("04-01"), spend("03-05", currency="KRW")]
    result = allocate_ads(spends, [], CAMPAIGNS, day("03-01"), day("03-31"), MONEY)
    assert by(result.shares, "day") == {day("03-01"): "10.00", day("03-31"): "10.00"}
    assert result.problems == [(("spring", "google"), "no_rate", {"currency": "KRW", "day": day("03-05")})]


def fees(*rules, spends, orders=()):
    return allocate_of_ads(rules, spends, orders, CAMPAIGNS, day("03-01"), day("03-31"), MONEY)


def test_a_percentage_of_advertising_goes_where_that_goes():
    agency = rule("percent_ads", "15", first="03-02")
    orders = [
        Order(key, day("03-02"), "shop", "DE", (line(10 * key, "9.00"),), (), "spring", "google") for key in (1, 2)
    ]
    found = fees(agency, spends=[spend(), spend("03-03"), spend("03-01", "brand")], orders=orders)
    assert by(found.shares, "at", "order", "channel") == {
        ("line", 1, "shop"): "0.75", ("line", 2, "shop"): "0.75", ("channel", None, "shop"): "1.50",
    }  # fmt: skip
    assert {(share.kind, share.cost) for share in found.shares} == {("percent_ads", "cost")}


def test_each_spend_is_rounded_by_itself_in_its_own_money():
    found = fees(rule("percent_ads", "33.333"), spends=[spend(amount=D("0.05")), spend(currency="JPY", amount=D(100))])
    assert [(str(share.own), share.currency) for share in found.shares] == [("0.02", "EUR"), ("33", "JPY")]


def test_rules_that_are_no_percentage_of_advertising_are_left():
    wrong = rule("percent_ads", "101")
    assert fees(rule("per_order", "5"), wrong, spends=[spend()]) == ([], [])
    assert fees(rule("percent_ads", "5"), spends=[spend(currency="KRW")]).problems[0][:2] == ("cost", "no_rate")
    assert allocate([rule("percent_ads", "5")], [], day("03-01"), day("03-31"), MONEY) == ([], [])
