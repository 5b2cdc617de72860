"""Who bears what, and what happens where nobody is."""

from decimal import Decimal as D

import pytest
from allocating import Order, Parcel, allocate, check, difference
from allocating_world import FIRST, LAMP, LAST, MONEY, MUG, ORDERS, RUG, by, day, line, rule, shares

# A hundred a month by … → lines 11 and 12 (order 1), 21 (2), 31 (3)
KEYS = [
    ("revenue", {}, {11: "33.33", 12: "16.67", 31: "50.00"}),
    ("orders", {}, {11: "22.23", 12: "11.11", 21: "33.33", 31: "33.33"}),
    ("units", {}, {11: "16.67", 12: "50.00", 21: "16.67", 31: "16.66"}),
    # Order 3 went out in April.
    ("parcels", {}, {11: "33.34", 12: "33.33", 21: "33.33"}),
    ("revenue", {"channels": ["shop"]}, {11: "66.67", 12: "33.33"}),
    ("orders", {"countries": ["DE"]}, {11: "33.33", 12: "16.67", 31: "50.00"}),
    ("orders", {"categories": ["mug"]}, {12: "50.00", 21: "50.00"}),
    ("units", {"suppliers": ["yiwu"]}, {11: "50.00", 31: "50.00"}),
    ("parcels", {"suppliers": ["yiwu"]}, {11: "100.00"}),
    ("revenue", {"channels": ["shop"], "countries": ["FR", "DE"], "suppliers": ["ningbo"]}, {12: "100.00"}),
    ("revenue", {"first": "03-03"}, {31: "93.55"}),
]


@pytest.mark.parametrize("key, more, lines", KEYS)
def test_a_month_is_brought_to_its_sales(key, more, lines):
    found = shares(rule("monthly", "100.00", by=key, **more))
    assert by(found, "line") == lines
    assert {share.at for share in found} == {"line"}


def test_every_figure_of_a_share():
    (share,) = shares(rule("monthly", "100.00", "USD", by="orders", categories=["rug"]))
    assert share._asdict() == {
        "kind": "monthly", "cost": "cost", "day": day("03-31"), "amount": D("90.00"), "own": D("100.00"),
        "currency": "USD", "at": "line", "why": "", "order": 3, "line": 31, "product": "rug", "channel": "amazon",
        "country": "DE",
    }  # fmt: skip


def test_equal_by_day_stays_with_the_days():
    found = shares(rule("monthly", "31.00"))
    assert by(found, "at") == {"day": "31.00"}
    assert len(found) == 31 and {share.amount for share in found} == {D("1.00")}


def test_each_month_is_its_own():
    """February has no sale, April one: what a quarter owes is not moved to the months that sold."""
    late = Order(4, day("04-15"), "shop", "DE", (line(41, "10.00"),))
    cost = rule("monthly", "90.00", by="revenue")
    found = shares(cost, orders=(*ORDERS, late), first=day("02-01"), last=day("04-30"))
    assert by(found, "at", "why") == {("nowhere", "no_revenue"): "90.00", ("line", ""): "180.00"}
    assert by([share for share in found if share.day.month == 4], "line") == {41: "90.00"}


# nobody to bear it → named so, on the days that owe it
NOBODY = [
    ("orders", "no_orders", ()),
    ("revenue", "no_revenue", ()),
    ("revenue", "no_revenue", (Order(1, FIRST, lines=(line(1, "0.00"), line(2, "0.00"))),)),
    ("revenue", "no_revenue", (Order(1, FIRST, lines=(line(1, "-5.00"),)),)),
    ("units", "no_units", (Order(1, FIRST, lines=(line(1, "5.00", 0),)),)),
    ("parcels", "no_parcels", (Order(1, FIRST, lines=(line(1, "5.00"),)),)),
    ("parcels", "no_parcels", (Order(1, FIRST, lines=(line(1, "5.00"),), parcels=(Parcel(1, LAST, (9,)),)),)),
    ("orders", "no_orders", (Order(1, FIRST),)),
]


@pytest.mark.parametrize("key, why, orders", NOBODY)
def test_what_nobody_bears_is_named(key, why, orders):
    found = shares(rule("monthly", "100.00", by=key), orders=orders)
    assert by(found, "at", "why", "order") == {("nowhere", why, None): "100.00"}
    assert len({share.day for share in found}) == 31


def test_what_was_taken_off_bears_nothing():
    order = Order(1, FIRST, lines=(line(1, "100.00"), line(2, "-20.00", 0), line(3, "50.00")))
    found = shares(rule("monthly", "90.00", by="revenue"), orders=(order,))
    assert by(found, "line") == {1: "60.00", 3: "30.00"}


# what each costs → lines 11 and 12 (order 1), 21 (2), 31 (3)
EACH = [
    (rule("per_order", "0.50"), {11: "0.33", 12: "0.17", 21: "0.50", 31: "0.50"}),
    (rule("per_order", "0.50", categories=["mug"]), {12: "0.50", 21: "0.50"}),
    (rule("per_order", "0.50", "USD"), {11: "0.30", 12: "0.15", 21: "0.45", 31: "0.48"}),
    (rule("per_order", "0.50", last="03-09"), {11: "0.33", 12: "0.17", 21: "0.50"}),
    (rule("per_order", "0.50", first="03-10"), {31: "0.50"}),
    (rule("per_parcel", "1.20"), {11: "1.20", 12: "1.20", 21: "1.20"}),
    (rule("per_parcel", "1.20", suppliers=["yiwu"]), {11: "1.20"}),
    (rule("per_parcel", "1.20", first="03-05"), {12: "1.20", 21: "1.20"}),
    (rule("per_unit", "0.035"), {11: "0.04", 12: "0.11", 21: "0.04", 31: "0.04"}),
    (rule("per_unit", "100", "JPY", countries=["DE"]), {11: "0.61", 12: "1.83", 31: "0.61"}),
    (rule("percent_revenue", "2.5"), {11: "1.50", 12: "0.75", 31: "2.25"}),
    (rule("percent_revenue", "2.5", channels=["amazon"]), {31: "2.25"}),
    (rule("percent_cost", "1.5"), {11: "0.36", 12: "0.14", 21: "0.03", 31: "0.75"}),
    (rule("percent_cost", "0"), {}),
]  # fmt: skip


@pytest.mark.parametrize("cost, lines", EACH)
def test_what_each_costs(cost, lines):
    assert by(shares(cost), "line") == lines


def test_a_parcel_costs_on_the_day_it_left():
    april = shares(rule("per_parcel", "1.20"), first=day("04-01"), last=day("04-30"))
    assert by(april, "day", "order") == {(day("04-02"), 3): "1.20"}


def test_a_percentage_of_a_discount_is_given_back():
    order = Order(1, FIRST, lines=(line(1, "100.00"), line(2, "-20.00", 0)))
    assert by(shares(rule("percent_revenue", "2.9"), orders=(order,)), "line") == {1: "2.90", 2: "-0.58"}


def test_an_order_of_gifts_shares_by_units_and_without_any_equally():
    gifts = Order(1, FIRST, lines=(line(1, "0.00", 1), line(2, "0.00", 3)))
    assert by(shares(rule("per_order", "1.00"), orders=(gifts,)), "line") == {1: "0.25", 2: "0.75"}
    nothing = Order(1, FIRST, lines=(line(1, "0.00", 0), line(2, "0.00", 0)))
    assert by(shares(rule("per_order", "0.01"), orders=(nothing,)), "line") == {1: "0.01"}


def test_one_amount_by_every_dimension():
    costs = (rule("monthly", "100.00", by="orders"), rule("percent_revenue", "2.9"), rule("weekly", "7.00", key="days"))
    found = shares(*costs)
    assert by(found, "channel") == {"shop": "69.28", "amazon": "35.94", None: "31.00"}
    assert by(found, "country") == {"DE": "71.89", "FR": "33.33", None: "31.00"}
    assert by(found, "product") == {"lamp": "23.97", "mug": "45.31", "rug": "35.94", None: "31.00"}


# rule → codes
WRONG = [
    (rule("monthly", "-1.00"), ["negative"]),
    (rule("monthly", "NaN"), ["not_a_number"]),
    (rule("monthly", "Infinity"), ["not_a_number"]),
    (rule("monthly", "1")._replace(amount=1.5), ["not_a_number"]),
    (rule("monthly", "1E16"), ["too_large"]),
    (rule("monthly", "1.005"), ["not_whole"]),
    (rule("monthly", "1.50", "JPY"), ["not_whole"]),
    (rule("per_unit", "0.0125"), []),
    (rule("monthly", "1.00", "XXX"), ["unknown_currency"]),
    (rule("percent_revenue", "101"), ["over_100"]),
    (rule("percent_cost", "5", "EUR"), ["figure_unused"]),
    (rule("per_order", "5", by="orders"), ["figure_unused"]),
    (rule("per_order", "-5", first="03-02", last="03-01"), ["negative", "last_before_first"]),
    (rule("fixed", "5.00"), ["first_missing", "last_missing"]),
    (rule("fixed", "5.00", first="03-01"), ["last_missing"]),
    (rule("weekly", "5.00", by="weight"), ["unknown_choice"]),
    (rule("hourly", "5.00"), ["unknown_kind"]),
    (rule("percent_ads", "15", countries=["DE"]), ["figure_unused"]),
    (rule("percent_ads", "15", by="orders"), ["figure_unused"]),
    (rule("percent_ads", "101"), ["over_100"]),
]


@pytest.mark.parametrize("wrong, codes", WRONG)
def test_a_rule_that_cannot_be_is_named_and_the_others_go_on(wrong, codes):
    assert [code for code, _figures in check(wrong, MONEY)] == codes
    good = rule("monthly", "31.00", key="good")
    result = allocate([wrong._replace(key="bad"), good], ORDERS, FIRST, LAST, MONEY)
    assert [(key, code) for key, code, _figures in result.problems] == [("bad", code) for code in codes]
    assert sum(share.amount for share in result.shares if share.cost == "good") == 31
    assert codes == [] or {share.cost for share in result.shares} == {"good"}


def test_a_currency_without_rate_is_named_once_a_day():
    orders = (*ORDERS, ORDERS[0]._replace(key=4))
    result = allocate([rule("per_unit", "5", "KRW")], orders, FIRST, LAST, MONEY)
    assert result.shares == []
    assert result.problems == [
        ("cost", "no_rate", {"currency": "KRW", "day": one}) for one in (day("03-02"), day("03-09"), day("03-31"))
    ]


@pytest.mark.parametrize("orders", [
    (ORDERS[0], ORDERS[0]),
    (Order(1, FIRST, lines=(LAMP, LAMP)),),
    (Order(1, FIRST, lines=(line(1, "NaN"),)),),
    (Order(1, FIRST, lines=(MUG._replace(cost=1.5),)),),
])  # fmt: skip
def test_sales_that_cannot_be(orders):
    with pytest.raises(ValueError):
        allocate([], orders, FIRST, LAST, MONEY)


# before, after → what is posted on lines 11, 12, 31
RESTATED = [
    (rule("monthly", "100.00", by="revenue"), rule("monthly", "100.00", by="revenue"), {}),
    (rule("monthly", "100.00", by="revenue"), rule("monthly", "118.00", by="revenue"),
     {11: "6.00", 12: "3.00", 31: "9.00"}),
    (rule("monthly", "100.00", by="revenue"), rule("monthly", "100.00", by="revenue", channels=["shop"]),
     {11: "33.34", 12: "16.66", 31: "-50.00"}),
    (rule("per_order", "0.50"), rule("per_order", "0.50", last="03-30"), {31: "-0.50"}),
    (rule("percent_revenue", "3"), rule("percent_revenue", "2"), {11: "-0.60", 12: "-0.30", 31: "-0.90"}),
]  # fmt: skip


@pytest.mark.parametrize("before, after, lines", RESTATED)
def test_a_rule_that_is_restated_posts_the_difference(before, after, lines):
    posted, wanted = shares(before), shares(after)
    found = difference(posted, wanted)
    assert by(found, "line") == lines
    assert difference([*posted, *found], wanted) == []


def test_a_late_order_takes_from_the_others_of_its_month():
    cost = rule("monthly", "100.00", by="revenue")
    late = Order(4, day("03-20"), "shop", "FR", (RUG._replace(key=41, revenue=D("20.00")),))
    found = difference(shares(cost), shares(cost, orders=(*ORDERS, late)))
    assert by(found, "line") == {11: "-3.33", 12: "-1.67", 41: "10.00", 31: "-5.00"}
    assert sum(share.amount for share in found) == 0


def test_another_currency_takes_the_old_amount_back_as_it_was():
    found = difference(shares(rule("per_order", "0.50", categories=["rug"])),
                       shares(rule("per_order", "0.50", "USD", categories=["rug"])))  # fmt: skip
    assert [(share.currency, str(share.amount), str(share.own)) for share in found] == [
        ("USD", "0.48", "0.50"), ("EUR", "-0.50", "-0.50"),
    ]  # fmt: skip
