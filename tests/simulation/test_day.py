"""The invented day: the same seed the same day, and everything a shop meets happens."""

import doctest

import pytest
from simulation import Goods, answer, answers, invent_day, people
from simulation import day as days

SHELF = {"west": [Goods(n, 5.0 + n) for n in range(12)], "cn": [Goods(n, 30.0 + n) for n in range(6)]}


@pytest.mark.parametrize("module", [days, people, answers])
def test_examples(module):
    assert not doctest.testmod(module).failed


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("count", [8, 9, 40, 200])
def test_everything_happens(seed, count):
    orders = invent_day(seed, count, SHELF)
    assert [order.number for order in orders] == list(range(count))
    assert set().union(*(order.traits for order in orders)) == set(days.TRAITS)
    assert {order.payment for order in orders} == {"paid", "unpaid", "cod"}
    for order in orders:
        assert order.lines and all(quantity > 0 for _key, quantity in order.lines)
        assert ("message" in order.traits) == bool(order.message)
        assert (order.market == "cn") == (order.person.lang == "zh_CN")


@pytest.mark.parametrize("seed", range(20))
def test_a_duplicate_repeats_an_earlier_order(seed):
    orders = invent_day(seed, 40, SHELF)
    copies = [order for order in orders if order.copy_of is not None]
    assert copies
    for order in copies:
        first = orders[order.copy_of]
        assert first.number < order.number
        assert (first.person, first.lines) == (order.person, order.lines)


def test_bad_addresses_really_are_bad():
    spoilt = [order.person for order in invent_day(5, 80, SHELF) if "bad_address" in order.traits and not order.copy_of]
    assert spoilt and all(
        not (one.street and one.zip and one.city and one.phone) or one.phone == "call me" or one.zip == "0"
        for one in spoilt
    )


def test_small_shelves_and_no_orders():
    one = {"west": [Goods("only", 1.0)]}
    assert {key for order in invent_day(1, 10, one) for key, _qty in order.lines} == {"only"}
    assert invent_day(1, 0, SHELF) == invent_day(1, 10, {}) == ()


def test_answers_are_stable():
    assert [answer(3, n, 2) for n in range(50)] == [answer(3, n, 2) for n in range(50)]
