"""The order API called by many at once, and by workers that die: every order is entered exactly once."""

import time

import pytest
from harness import WORKERS, die_at, rounds, rpc
from invariants import assert_bought_once, broken
from work import name_codes, told

# After so many seconds a refusal was not "at once".
AT_ONCE = 10


@pytest.fixture(scope="module")
def caller(shop):
    """The desk's user; the shop's products and channel have the codes calls name them by."""
    name_codes(shop)
    return shop.user("user")


def enter(user_id, *numbers, **more):
    return rpc(user_id, "sale.order", "api_create_orders", orders=[told(number) for number in numbers], **more)


def entered(shop, number):
    return [row[0] for row in shop.sql("SELECT id FROM sale_order WHERE client_order_ref = %s", number)]


def statuses(answers):
    assert all(answer.fine for answer in answers), answers
    return [answer.value["http_status"] for answer in answers]


def test_the_same_key_at_once(shop, caller):
    """One order; the others get the stored answer or are told to repeat, nobody waits."""
    for number in range(rounds(3)):
        key = f"same-{number}"
        began = time.monotonic()
        answers = shop.together(*[enter(caller, key, idempotency_key=key)] * WORKERS)
        assert time.monotonic() - began < AT_ONCE
        found = statuses(answers)
        assert set(found) <= {200, 409} and 200 in found, answers
        assert len(entered(shop, key)) == 1
        again = shop.alone(enter(caller, key, idempotency_key=key))
        first = next(answer for answer in answers if answer.value["http_status"] == 200)
        assert again.value == first.value
        assert_bought_once(shop, entered(shop, key))


def test_the_same_number_under_different_keys_at_once(shop, caller):
    """The number of the channel is entered once, whatever the keys."""
    for number in range(rounds(2)):
        name = f"number-{number}"
        answers = shop.together(*[enter(caller, name, idempotency_key=f"{name}-{job}") for job in range(WORKERS)])
        assert set(statuses(answers)) <= {200, 409, 422}
        assert sum(answer.value.get("done", 0) for answer in answers) == 1, answers
        assert len(entered(shop, name)) == 1


def test_other_orders_are_not_held_up(shop, caller):
    names = [f"apart-{number}" for number in range(WORKERS)]
    answers = shop.together(*[enter(caller, name, idempotency_key=name) for name in names])
    assert statuses(answers) == [200] * WORKERS
    assert all(len(entered(shop, name)) == 1 for name in names)


@pytest.mark.parametrize("query", [5, 20, 60, 120, 200, 300])
def test_killed_in_between_and_repeated(shop, caller, query):
    """Whenever the worker dies, all of the order is there or nothing, and the repeated call enters it once."""
    name = f"killed-{query}"
    dead = shop.alone(enter(caller, name, idempotency_key=name), setup=die_at(query))
    if dead.killed:
        kept = shop.sql("SELECT id FROM dropship_api_request WHERE key = %s AND response IS NOT NULL", name)
        assert len(entered(shop, name)) == len(kept) <= (query > 200)
    assert statuses(shop.together(*[enter(caller, name, idempotency_key=name)] * 1)) == [200]
    assert statuses([shop.alone(enter(caller, name, idempotency_key=name))]) == [200]
    (order_id,) = entered(shop, name)
    assert_bought_once(shop, [order_id])
    assert not broken(shop, [order_id])


def test_cancelled_by_two_at_once(shop, caller):
    shop.alone(enter(caller, "cancelled"))
    numbers = [{"channel": "shop", "number": "cancelled"}]
    answers = shop.together(*[rpc(caller, "sale.order", "api_cancel_orders", orders=numbers)] * 4)
    assert set(statuses(answers)) <= {200, 409}
    assert shop.sql("SELECT state FROM sale_order WHERE client_order_ref = 'cancelled'") == [("cancel",)]
