"""Fees of channels, order by order."""

from datetime import date
from decimal import Decimal as D
from random import Random

import pytest
from channel_fees.schedule import Line, Rule, fees_of, penalty_of

DAY = date(2026, 6, 18)


def goods(*amounts, category=None):
    return [Line(D(amount), D(1), frozenset({category} if category else ())) for amount in amounts]


def test_no_rows_no_fees():
    assert fees_of([], goods(100), D(100), DAY).total == 0


def test_the_first_row_that_fits_counts_for_each_line():
    rules = [
        Rule("phones", "commission", percent=D(2), categories=frozenset({"phones"})),
        Rule("rest", "commission", percent=D(5)),
    ]
    lines = goods(1000, category="phones") + goods(100)
    assert dict(fees_of(rules, lines, D(1100), DAY).parts) == {"phones": D("20.00"), "rest": D("5.00")}


def test_added_rows_come_on_top():
    rules = [Rule("base", "commission", percent=D(5)), Rule("ads", "commission", way="add", percent=D(10))]
    assert fees_of(rules, goods(100), D(100), DAY).total == D("15.00")


def test_payment_is_of_all_the_customer_pays():
    assert fees_of([Rule("pay", "payment", percent=D("0.6"))], goods(100), D(110), DAY).total == D("0.66")


def test_fixed_for_order_and_piece():
    rules = [Rule("order", "order", fixed=D("0.30")), Rule("piece", "item", fixed=D("0.10"))]
    lines = [Line(D(20), D(3))]
    assert dict(fees_of(rules, lines, D(20), DAY).parts) == {"order": D("0.30"), "piece": D("0.30")}


@pytest.mark.parametrize("amount, fee", [(1, "0.30"), (100, "5.00"), (10000, "50.00")])
def test_limits(amount, fee):
    rule = Rule("base", "commission", percent=D(5), low=D("0.30"), high=D(50))
    assert fees_of([rule], goods(amount), D(amount), DAY).total == D(fee)


def test_rows_have_their_days():
    rules = [
        Rule("sale", "commission", percent=D(1), date_from=date(2026, 6, 18), date_to=date(2026, 6, 18)),
        Rule("base", "commission", percent=D(5)),
    ]
    assert fees_of(rules, goods(100), D(100), DAY).total == D("1.00")
    assert fees_of(rules, goods(100), D(100), date(2026, 6, 19)).total == D("5.00")


def test_a_subsidy_is_given_back():
    rules = [Rule("base", "commission", percent=D(5)), Rule("gift", "subsidy", percent=D(2))]
    found = fees_of(rules, goods(100), D(100), DAY)
    assert found.total == D("3.00") and dict(found.parts)["gift"] == D("-2.00")


def test_a_category_of_an_order_fee():
    rule = Rule("heavy", "order", fixed=D(9), categories=frozenset({"heavy"}))
    assert fees_of([rule], goods(5), D(5), DAY).total == 0
    assert fees_of([rule], goods(5) + goods(5, category="heavy"), D(10), DAY).total == D(9)


def test_yen_have_no_cents():
    assert fees_of([Rule("base", "commission", percent=D(5))], goods(1010), D(1010), DAY, D(1)).total == D(51)


def test_parts_add_up_and_first_rows_count_a_line_once():
    random = Random(7)
    for _round in range(300):
        names = ["a", "b", "c"]
        lines = [Line(D(random.randint(0, 9999)) / 100, D(random.randint(1, 4)),
                      frozenset(random.sample(names, random.randint(0, 2)))) for _line in range(4)]  # fmt: skip
        rules = [
            Rule(number, "commission", percent=D(10), categories=frozenset(random.sample(names, random.randint(0, 2))))
            for number in range(3)
        ]
        found = fees_of(rules, lines, D(100), DAY)
        assert found.total == sum((amount for _key, amount in found.parts), D(0))
        assert found.total <= sum(line.amount for line in lines) / 10 + D("0.02")


def test_penalties():
    assert penalty_of(D(5), D(0), D(3), D(100), D(20)) == D("3.00")
    assert penalty_of(D(30), D(0), D(0), D(100), D(1000)) == D("100.00")
    assert penalty_of(D(0), D(5), D(0), D(0), D(1000)) == D("5.00")
