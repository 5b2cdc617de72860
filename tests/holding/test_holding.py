"""The judge of the holds: examples of the docstrings, bad input of every sort, and what a release is good for."""

import doctest
import importlib
import pkgutil
import random

import holding
import pytest
from holding import Block, Copy, OrderFacts, Payment, Rule, Signal, Verdict, covered, judge
from holding.checks import CHECKS
from holding.deliverable import has_digits, is_post_box
from holding.words import found_words, split_words

LONG = "x" * 2000
ODD = ["", "🙂", "🏳️‍🌈 Straße 🙂 5", LONG, "'; DROP TABLE sale_order; --", "\x00\u202e", "%(text)s %s %", "ﷺ", "無い"]


@pytest.mark.parametrize("name", [info.name for info in pkgutil.iter_modules(holding.__path__)])
def test_examples(name):
    assert not doctest.testmod(importlib.import_module(f"holding.{name}")).failed


def odd_order(rng):
    """An order made of the strangest texts and figures."""
    text = lambda: rng.choice(ODD)  # noqa: E731
    return OrderFacts(
        origin=rng.choice(["web", "staff"]), zip=text(), value=rng.choice([0.0, -5.0, 1e12]),
        total=rng.choice([0, 1e12]),
        address={"street": text(), "city": text(), "zip": text(), "country": rng.choice(["", "DE", "CN", "??"])},
        phone=text(), email=text(), lines=rng.randint(0, 2000), trust=rng.choice(["good", "normal", "bad", False]),
        payments=[Payment(rng.choice(["done", "pending", "error", "odd"]), rng.choice([-1.0, 0.0, 1e12]))],
        copies=[Copy(1, text(), rng.random() * 50, True, False)], blocks=[Block(1, "phone", "hold", text())],
        texts=[text(), text()], message=rng.choice([None, (1, text())]), flag=rng.choice([None, text()]),
    )  # fmt: skip


def test_no_text_or_figure_breaks_a_check():
    rng = random.Random(7)
    signals = tuple(Signal(number, code, 10, 5.0, 2, 24.0) for number, code in enumerate(holding.checks.risk.SIGNALS))
    for _number in range(300):
        rules = [Rule(kind, words=split_words(rng.choice(ODD)), signals=signals) for kind in CHECKS]
        for mode in ("all", "first"):
            for verdict in judge(odd_order(rng), rules, mode):
                assert verdict.reasons
                assert all(len(str(figure)) < 2100 for _code, params in verdict.reasons for figure in params.values())


def test_a_phone_without_digits_is_no_phone():
    for phone in (*ODD, "call my wife", "++--()", "1234"):
        assert not has_digits(phone) or phone == LONG
    assert has_digits("１３８１２３４５６７８")


def test_post_boxes():
    assert is_post_box("PO BOX 7") and not is_post_box("Poststraße 7")


def test_marked_words():
    words = split_words("refund\nexpress,急")
    assert found_words(words, ["No REFUNDS, please"]) == []
    assert found_words(words, [LONG + " Refund!", "很急🙂"]) == ["refund", "急"]


def paid(state, amount=50.0, method="card"):
    return OrderFacts(origin="web", total=50.0, value=50.0, payments=[Payment(state, amount, method)])


@pytest.mark.parametrize(
    ("order", "rule", "code"),
    [
        (paid("done"), {}, None),
        (paid("authorized"), {}, None),
        (paid("authorized"), {"accept_authorised": False}, "unpaid_authorised"),
        (paid("pending"), {}, "unpaid_pending"),
        (paid("error"), {}, "unpaid_failed"),
        (paid("pending", method="cash_on_delivery"), {}, None),
        (paid("cancel", method="cash_on_delivery"), {}, "unpaid_failed"),
        (paid("pending", method="cash_on_delivery"), {"accept_cash_on_delivery": False}, "unpaid_pending"),
        (paid("done", 20.0), {}, "unpaid_part"),
        (paid("done", 20.0), {"percent": 40.0}, None),
        (paid("done", 49.999), {}, None),
        (OrderFacts(total=50.0), {}, None),
        (OrderFacts(total=50.0), {"without_attempt": True}, "unpaid_nothing"),
        (OrderFacts(total=50.0, credit=True), {"without_attempt": True}, None),
        (OrderFacts(total=50.0, credit=True, trust="bad"), {"without_attempt": True}, "unpaid_nothing"),
        (OrderFacts(total=50.0, trust="good"), {"without_attempt": True, "accept_trusted": False}, "unpaid_nothing"),
        (OrderFacts(total=0.0), {"without_attempt": True}, None),
    ],
)
def test_unpaid(order, rule, code):
    verdicts = judge(order, [Rule("unpaid", **rule)])
    assert (verdicts[0].reasons[0][0] if verdicts else None) == code


def test_rules_in_their_sequence():
    order = OrderFacts(value=900.0, lines=9, tags=frozenset({3}), origin="web")
    friends, high, many = Rule("value", verdict="pass", tags=frozenset({3})), Rule("value"), Rule("lines", count=5)
    assert [verdict.kind for verdict in judge(order, [friends, high, many])] == ["lines"]
    assert judge(order, [friends, high, many], "first") == []
    assert [verdict.kind for verdict in judge(order, [high, friends, many], "first")] == ["value"]
    warn, hold = Rule("value", verdict="warn"), Rule("value")
    assert judge(order, [warn])[0].verdict == "warn"
    assert judge(order, [warn, hold])[0].verdict == "hold"


def test_the_blocklist_needs_no_rule_and_comes_first():
    order = OrderFacts(total=50.0, value=900.0, blocks=[Block(1, "phone", "prepay"), Block(2, "region", "hold")])
    assert [verdict.kind for verdict in judge(order, [Rule("value")], "first")] == ["blocked"]
    order.payments = [Payment("done", 50.0)]
    assert [reason[0] for reason in judge(order, [])[0].reasons] == ["blocked_hold"]
    assert not judge(order, [])[0].strict
    order.blocks = [Block(3, "email", "refuse")]
    assert judge(order, [])[0].strict


def test_a_release_is_good_for_the_same_facts():
    copies = Verdict("duplicate", [], ("7", "9"))
    assert covered(copies, [(["9", "7"], 0.0)])
    assert not covered(copies, [(["7"], 0.0), (["9"], 0.0)])
    assert not covered(Verdict("staff", []), [([], 0.0)]), "a verdict without marks is never covered"
    assert covered(Verdict("lines", [], ("lines",), 5), [(["lines"], 6.0)])
