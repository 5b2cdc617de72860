"""The verdict about suppliers' answers: bad input, every combination of small quantities, money to the cent."""

import doctest
import importlib
import itertools
import pkgutil
import random
from decimal import Decimal as D

import answers
import pytest
from answers import Limits, Line, Row, Said, assign, judge_price, read, share_money, status_of


def line(key="1", sku="A", ordered=5, open_=None, shipped=0):
    return Line(key, sku, D(ordered), D(ordered if open_ is None else open_), D(shipped))


def said(lines, *entries, status="changed", currency="EUR", **answer):
    return read(lines, {"status": status, "lines": list(entries), **answer}, currency)


def codes(result):
    assert not result[0], "nothing of an answer with a problem is to be done"
    return [problem.code for problem in result[1]]


def test_examples():
    for info in pkgutil.iter_modules(answers.__path__):
        assert not doctest.testmod(importlib.import_module(f"answers.{info.name}")).failed, info.name


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"line": "9", "sku": ""}, "ack_unknown"),
        ({"line": "", "sku": "B"}, "ack_unknown"),
        ({"line": "1", "sku": "B"}, "ack_sku"),
        ({"line": "1", "accepted": 6}, "ack_more"),
        ({"line": "1", "accepted": 3, "backordered": 3}, "ack_more"),
        ({"line": "1", "accepted": 2.5}, "ack_fraction"),
    ],
)
def test_what_cannot_be_about_this_order(entry, code):
    assert codes(said([line()], entry)) == [code]


def test_one_wrong_line_spoils_the_whole_answer():
    result = said([line(), line("2", "B")], {"line": "1", "accepted": 5}, {"line": "7"})
    assert codes(result) == ["ack_unknown"]


def test_another_currency_matters_where_there_are_prices():
    price = {"line": "1", "price": 3.0}
    assert codes(read([line()], {"status": "changed", "currency": "USD", "lines": [price]}, "EUR")) == ["ack_currency"]
    told, problems = read([line()], {"status": "changed", "currency": "USD", "lines": [{"line": "1"}]}, "EUR")
    assert told["1"].accepted == 5
    assert not problems


def test_two_prices_for_one_line():
    assert codes(
        said([line()], {"line": "1", "accepted": 2, "price": 3}, {"line": "1", "accepted": 3, "price": 4})
    ) == ["ack_contradiction"]


def test_parts_of_one_line_told_one_by_one():
    result, problems = said(
        [line()], {"line": "1", "accepted": 3}, {"line": "1", "backordered": 2, "date": "2026-12-24"}
    )
    assert not problems
    assert result["1"][:3] == (3, 2, 0)


def test_what_he_leaves_out_he_does_not_have():
    told = said([line()], {"line": "1", "accepted": 3})[0]["1"]
    assert told[:3] == (3, 0, 2)
    assert told.reason_code == "not_enough"


def test_lines_he_does_not_name():
    two = [line(), line("2", "B")]
    assert set(said(two, {"line": "1"})[0]) == {"1"}
    assert set(said(two, {"line": "1"}, status="accepted")[0]) == {"1", "2"}
    assert set(said(two, {"line": "1"}, status="rejected")[0]) == {"1"}
    assert said(two, {"line": "1"}, status="rejected")[0]["1"].rejected == 5


def test_a_sku_on_two_lines():
    two = [line(ordered=2), line("2", ordered=3)]
    result, problems = said(two, {"sku": "a", "accepted": 4, "rejected": 1})
    assert not problems
    assert (result["1"].accepted, result["2"].accepted, result["2"].rejected) == (2, 2, 1)
    result, problems = said(two, {"sku": "A", "accepted": 2}, {"sku": "A", "accepted": 3})
    assert not problems
    assert (result["1"].accepted, result["2"].accepted) == (2, 3)


def test_the_same_words_again_mean_the_same():
    refused_two = line(ordered=5, open_=3)
    told, problems = said([refused_two], {"line": "1", "accepted": 3, "rejected": 2})
    assert not problems
    assert told["1"][:3] == (3, 0, 0)
    assert codes(said([refused_two], {"line": "1", "accepted": 5})) == ["ack_more_than_open"]


def test_what_left_cannot_be_refused():
    gone = line(shipped=3)
    assert codes(said([gone], {"line": "1", "accepted": 1, "rejected": 4})) == ["ack_shipped"]
    assert read([gone], {"status": "rejected", "lines": []}, "EUR")[0]["1"][:3] == (3, 0, 2)


def test_a_substitute_is_for_what_he_does_not_send():
    entry = {"line": "1", "substitute": "B"}
    assert said([line()], entry)[0]["1"].substituted == 5
    assert said([line()], {**entry, "accepted": 3, "rejected": 2})[0]["1"][:4] == (3, 0, 0, 2)
    assert said([line()], {**entry, "accepted": 3, "backordered": 1})[0]["1"][:4] == (3, 1, 0, 1)


def test_every_answer_adds_up():
    """All small combinations: what is taken adds up to what is open, or nothing is."""
    tried = 0
    for accepted, backordered, rejected, shipped, gone in itertools.product(
        (None, 0, 1, 2, 4), (0, 1, 3), (0, 1, 3), (0, 1), (0, 1)
    ):
        before = line(ordered=4, open_=4 - gone, shipped=shipped)
        entry = {"line": "1", "accepted": accepted, "backordered": backordered, "rejected": rejected}
        result, problems = said([before], entry)
        if problems:
            assert not result
            continue
        tried += 1
        told = result["1"]
        assert min(told[:4]) >= 0
        assert sum(told[:4]) == before.open
        assert told.accepted + told.backordered >= shipped
    assert tried > 40


def test_rows_keep_their_answer():
    rows = [Row("a", D(3), D(3), "accepted"), Row("b", D(2), D(2), "backordered")]
    parts = dict(assign(rows, {"accepted": D(3), "rejected": D(2)}))
    assert [piece.status for piece in parts["a"]] == ["accepted"]
    assert [piece.status for piece in parts["b"]] == ["rejected"]
    parts = dict(assign(rows, {"accepted": D(2), "backordered": D(2), "rejected": D(1)}))
    assert [(piece.status, piece.buy) for piece in parts["a"]] == [("accepted", 2), ("rejected", 1)]


def test_what_left_stays():
    rows = [Row("a", D(2), D(2), "accepted"), Row("b", D(3), D(3), "accepted", D(3))]
    parts = dict(assign(rows, {"accepted": D(3), "rejected": D(2)}))
    assert [piece.status for piece in parts["b"]] == ["accepted"]
    assert [piece.status for piece in parts["a"]] == ["rejected"]


@pytest.mark.parametrize("seed", range(50))
def test_pieces_add_up(seed):
    dice = random.Random(seed)
    rows = []
    for key in range(dice.randint(1, 4)):
        need = dice.randint(0, 6)
        buy = need + dice.randint(0 if need else 1, 3)
        shipped = dice.choice([0, 0, min(need, 1)])
        rows.append(Row(key, D(need), D(buy), dice.choice(["waiting", "accepted", "backordered"]), D(shipped)))
    left = int(sum(row.buy for row in rows))
    gone = int(sum(row.shipped for row in rows))
    accepted = dice.randint(gone, left)
    backordered = dice.randint(0, left - accepted)
    wanted = {"accepted": D(accepted), "backordered": D(backordered), "rejected": D(left - accepted - backordered)}
    result = dict(assign(rows, wanted))
    for row in rows:
        assert sum(piece.buy for piece in result[row.key]) == row.buy
        assert sum(piece.need for piece in result[row.key]) == row.need
        assert all(0 <= piece.need <= piece.buy for piece in result[row.key])
        stays = sum(piece.buy for piece in result[row.key] if piece.status != "rejected")
        assert stays >= row.shipped
    for status, quantity in wanted.items():
        assert sum(piece.buy for pieces in result.values() for piece in pieces if piece.status == status) == quantity


@pytest.mark.parametrize("seed", range(30))
def test_money_adds_up(seed):
    dice = random.Random(seed)
    step = D(dice.choice(["0.01", "1", "0.001"]))
    amount = step * dice.randint(-500, 100_000)
    weights = [D(dice.randint(1, 400)) / 100 for _ in range(dice.randint(1, 9))]
    shares = share_money(amount, weights, step)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - amount * weight / sum(weights)) <= step
        assert share % step == 0


def test_prices():
    limits = Limits(D(10), D(50), D(20), D(12))
    cent = D("0.01")

    def judge(told, extra=0, unit=None, **changed):
        return judge_price(D(10), D(told), 3, cent, limits._replace(**changed), extra=D(extra), unit=unit)

    assert judge("10.001") == "same", "what was sent was rounded on the line"
    assert judge("10.01") == "higher"
    assert judge("11") == "higher"
    assert judge("11.01") == "dear"
    assert judge("10.5", extra=30) == "higher"
    assert judge("10.5", extra="30.01") == "dear"
    assert judge("10.5", extra=90, floor=None) == "higher"
    assert judge("10.5", unit=D("12.01")) == "dear"
    assert judge("9.5") == "lower"
    assert judge("10.01", percent=D(0)) == "dear"
    assert [judge(price) for price in ("0", "-1", "101", "0.99")] == ["absurd"] * 4


def test_status():
    assert status_of(["accepted", "asked"]) == "changed"
    assert status_of(["waiting"]) == "waiting"
    assert status_of(["waiting"], refused=True) == "part"
    assert Said(D(1)).price is None
