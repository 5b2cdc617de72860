"""The desk's decisions without Odoo."""

import doctest
import importlib
import itertools

import pytest
from desk import STAGE_CODES, Facts, next_best, read, stage_of

ROWS = ("planned", "submitted", "accepted", "shipped", "released")


@pytest.mark.parametrize("name", ["stage", "clock", "next_source", "search_key"])
def test_examples_in_the_docstrings(name):
    result = doctest.testmod(importlib.import_module(f"desk.{name}"))
    assert result.attempted
    assert not result.failed


def every_case():
    kinds = (frozenset(), frozenset({"unpaid"}), frozenset({"guard"}), frozenset({"unpaid", "guard"}))
    some = [frozenset(rows) for size in range(4) for rows in itertools.combinations(ROWS, size)]
    flags = list(itertools.product((False, True), repeat=4))
    for state, holds, rows, (pending, delivered, case, invoiced) in itertools.product(
        ("draft", "sent", "sale", "cancel"), kinds, some, flags
    ):
        yield Facts(state, holds, rows, pending, delivered, case, invoiced)


def test_every_combination_has_one_word_and_every_word_is_reached():
    found = {stage_of(facts) for facts in every_case()}
    assert found == {*STAGE_CODES, None}


def test_nothing_is_delivered_while_a_part_has_not_left():
    for facts in every_case():
        if facts.rows & {"planned", "submitted", "accepted"} and facts.state == "sale":
            assert stage_of(facts) not in ("on_the_way", "delivered", "after_sales", "closed")


def test_a_hold_is_never_hidden():
    for facts in every_case():
        if facts.holds and facts.state != "cancel":
            assert stage_of(facts) in ("unpaid", "held")


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "x" * 101, "😀" * 2000, None, "\n\t"], ids=lambda text: repr(text)[:8]
)
def test_nothing_to_look_for(text):
    assert read(text) is None


@pytest.mark.parametrize("text", ["S00012", "12", "()", "+", "---", "Anna 030", "1" * 19])
def test_what_is_no_phone(text):
    assert read(text).phone == ""


@pytest.mark.parametrize(
    "stored",
    ["+49 30 1234567", "0049301234567", "030/1234567", "+49 (0)30 123 45 67", "(030) 1234-567", "49301234567"],
)
@pytest.mark.parametrize("typed", ["+49 30 1234567", "0049 30 1234567", "030 1234567", "4930 1234567"])
def test_any_way_of_writing_a_phone_finds_any_other(stored, typed):
    kept = read(stored).phone
    assert any(kept == way or kept.endswith(way) for way in read(typed).phones)


def test_the_next_source_prefers_who_delivers_everything():
    rows = [
        [[1, 0, 7], 1, 10, "1", "3", []],
        [[1, 0, 7], 2, 20, "1", "5", []],
        [[2, 0, 8], 3, 20, "1", "5", []],
        [[2, 0, 8], 4, ["stock", 1], "1", "", []],
    ]
    assert next_best(rows, {1, 2}, set()) == 20
    assert next_best(rows, {1}, set()) == 10
    assert next_best(rows, {2}, {20}) == ("stock", 1)
    assert next_best([], {1}, set()) is None
