import doctest
from decimal import Decimal
from itertools import product

import pytest
from remedy import choice, money, token


@pytest.mark.parametrize("module", [choice, money, token], ids=lambda module: module.__name__)
def test_the_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_what_nobody_answered_is_always_possible_or_left_to_a_person():
    subsets = [set(kept) for kept in product(*(("", option) for option in choice.OPTIONS))]
    for wanted in (*choice.OPTIONS, "nothing"):
        for offered in subsets:
            found = choice.default_of(wanted, offered)
            assert found == "nothing" or found in offered
            if wanted in offered:
                assert found == wanted


def test_nobody_gets_back_more_than_he_paid():
    steps = [Decimal(number) for number in (0, 5, 10, 20)]
    for less, paid, returned, rest in product(steps, repeat=4):
        back = money.refundable(less, paid, returned, rest)
        assert 0 <= back <= less
        assert back == 0 or paid - returned - back >= rest


def test_payments_give_back_what_they_have_and_no_more():
    for amount in range(0, 70, 7):
        for first, second in product((0, 15, 40), repeat=2):
            for whole in (False, True):
                sources = [("a", Decimal(first), whole), ("b", Decimal(second), False)]
                parts, rest = money.spread(Decimal(amount), sources)
                given = dict(parts)
                assert sum(given.values()) + rest == amount
                assert given.get("a", 0) <= first and given.get("b", 0) <= second
                assert not whole or given.get("a", first) == first


def test_two_tokens_are_never_alike():
    assert len({token.fresh() for _ in range(1000)}) == 1000
