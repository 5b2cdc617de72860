"""What a shop's own rows give, case by case."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import pytest
from verdict import History, Line, Order, Outcome, Past, Request, Row, Rules, Window, explain, judge
from verdict.prepared import misfit
from verdict_world import (
    BROKEN,
    DELIVERED,
    FORTNIGHT,
    LAMP,
    LAW,
    MISSING,
    POLICY,
    RULES,
    TO_AMERICA,
    TO_CHINA,
    ask,
    codes,
    figures,
    offers,
)

ABROAD = LAMP._replace(order=TO_AMERICA)
PHOTO = frozenset({"photo"})
# What | the line | days after delivery | the row | its outcomes
CASES = (
    ("does not like it", ABROAD, 3, "all", "return accept · exchange accept · credit accept"),
    ("on the last day", ABROAD, 30, "all", "return accept · exchange accept · credit accept"),
    ("a day late", ABROAD, 31, "all", "return refuse · exchange refuse · credit refuse"),
    ("a sale item", ABROAD._replace(tags=frozenset({"final"})), 3, "sale", "return refuse · credit accept"),
    ("food", ABROAD._replace(categories=frozenset({"food", "cheese"})), 1, "fresh", "nothing accept"),
    ("broken, no photo", ABROAD._replace(reason=BROKEN), 3, "broken", "keep look · replacement look · return look"),
    ("broken", ABROAD._replace(reason=BROKEN, evidence=PHOTO), 3, "broken",
     "keep accept · replacement accept · return accept"),
    ("broken and dear", ABROAD._replace(reason=BROKEN, evidence=PHOTO, price=D(180)), 3, "broken",
     "keep look · replacement accept · return accept"),
    ("broken and cheap", ABROAD._replace(reason=BROKEN, evidence=PHOTO, price=D("14.99")), 3, "cheap and broken",
     "refund_only accept · replacement accept"),
    ("at the border of the band", ABROAD._replace(reason=BROKEN, evidence=PHOTO, price=D(15)), 3, "broken",
     "keep accept · replacement accept · return accept"),
    ("not in the parcel", ABROAD._replace(reason=MISSING), 3, "missing", "refund_only accept · replacement accept"),
    ("China", LAMP._replace(order=TO_CHINA, tags=frozenset()), 3, "china", "return accept · exchange accept"),
)  # fmt: skip


@pytest.mark.parametrize("what, line, days, row, expected", CASES, ids=[case[0] for case in CASES])
def test_cases(what, line, days, row, expected):
    result = ask(line, at=DELIVERED + timedelta(days=days), zone="UTC")
    assert result.lines[0].row == row
    assert " · ".join(f"{offer.kind} {offer.verdict}" for offer in result.lines[0].offers) == expected


def test_terms_of_an_offer():
    found = offers(ask(ABROAD))
    back = found["return"]
    assert (back.quantity, back.fee, back.payer, back.to, back.row) == (1, 10, "customer", "supplier", "all")
    assert str(back.deadline.day) == "2026-04-01"
    assert (found["exchange"].payer, found["credit"].bonus) == ("us", 5)
    assert not back.floors and not back.reasons


def test_the_reason_of_a_refusal_has_its_figures():
    refused = offers(ask(ABROAD, at=datetime(2026, 5, 1)))["return"]
    over = figures(refused.reasons, "window_over")
    assert (over["days"], str(over["since"]), str(over["day"])) == (30, "2026-03-02", "2026-04-01")
    too_much = ask(ABROAD._replace(reason=BROKEN, evidence=PHOTO, price=D(180)))
    assert figures(offers(too_much)["keep"].reasons, "amount_over") == {"amount": D(54), "maximum": D(50)}
    no_photo = offers(ask(ABROAD._replace(reason=BROKEN)))["keep"]
    assert (no_photo.evidence, codes(no_photo.reasons)) == (("photo",), ["evidence_missing"])


@pytest.mark.parametrize(
    "history, row",
    [
        (History(), "all"),
        (History(orders=30, returns=12, rate=D(40)), "often"),
        (History(orders=30, returns=4, rate=D(90)), "all"),
        (History(orders=30, returns=12, rate=D("39.9")), "all"),
        (History(blocked=True), "blocked"),
    ],
)
def test_the_customer_so_far(history, row):
    assert ask(ABROAD, history=history).lines[0].row == row


def test_every_condition_on_history():
    rows = [
        Row("new", past=Past(orders_below=2)),
        Row("many for nothing", past=Past(free_refunds_from=3)),
        Row("good", past=Past(blocked=False)),
    ]
    rules = Rules(rows)
    for history, row in (
        (History(1, free_refunds=9), "new"),
        (History(2, free_refunds=3), "many for nothing"),
        (History(2), "good"),
        (History(2, blocked=True), None),
    ):
        assert ask(LAMP, rules=rules, history=history).lines[0].row == row


# Quantities: delivered, returned, in other cases, not shipped, on the way, asked → back, cancel, intercept, excess
PIECES = (
    (2, 0, 0, 0, 0, 2, "2 0 0 0"),
    (2, 0, 0, 0, 0, 3, "2 0 0 1"),
    (2, 1, 1, 0, 0, 1, "0 0 0 1"),
    (2, 1, 0, 1, 2, 2, "1 1 0 0"),
    (2, 1, 0, 1, 2, 9, "1 1 2 5"),
    (0, 0, 0, 3, 0, 2, "0 2 0 0"),
    (2, 3, 0, 0, 0, 1, "0 0 0 1"),
)


@pytest.mark.parametrize("delivered, returned, others, waiting, underway, asked, expected", PIECES)
def test_pieces(delivered, returned, others, waiting, underway, asked, expected):
    line = ABROAD._replace(
        delivered_qty=D(delivered), returned=D(returned), open=D(others), waiting=D(waiting), underway=D(underway),
        asked=D(asked),
    )  # fmt: skip
    found = ask(line).lines[0]
    assert " ".join(map(str, found.pieces)) == expected
    assert (found.verdict == "refuse") == (found.pieces.excess == asked)
    assert all(offer.quantity for offer in found.offers)


def test_what_has_not_arrived_is_stopped_instead():
    part = ABROAD._replace(asked=D(4), waiting=D(1), underway=D(1), delivered=None)
    found = offers(ask(part))
    assert [found[kind].quantity for kind in ("return", "cancel", "intercept")] == [2, 1, 1]
    assert (found["cancel"].verdict, found["cancel"].payer, found["cancel"].outbound) == ("accept", "", "all")
    # A piece is missing: nobody's thirty days have begun.
    assert (found["return"].verdict, found["return"].deadline.state) == ("accept", "not_begun")
    assert figures(found["return"].reasons, "window_not_begun") == {"base": "delivered"}


def test_a_row_may_make_stopping_dearer():
    row = Row("made", outcomes=(Outcome("cancel", "look", fee=D(50)),))
    line = ABROAD._replace(waiting=D(1), delivered_qty=D(0))
    found = ask(line, rules=Rules([row]))
    assert (found.verdict, offers(found)["cancel"].fee, offers(found)["cancel"].row) == ("look", 50, "made")


def test_not_there_means_what_is_not_there():
    """Two came, one is on its way, one is missing: it is the one on its way first, then one said to be delivered."""
    found = ask(ABROAD._replace(reason=MISSING, asked=D(2), underway=D(1))).lines[0]
    assert (found.pieces.intercept, found.pieces.back) == (1, 1)
    assert {offer.to for offer in found.offers} == {""} and not any(offer.payer for offer in found.offers)


def test_what_is_not_there_cannot_be_sent_back():
    found = ask(ABROAD._replace(reason=MISSING), rules=Rules([POLICY[-1]])).lines[0]
    assert figures(found.reasons, "nothing_to_send") == {"outcomes": ("return", "exchange")}
    assert [offer.kind for offer in found.offers] == ["credit"]


def test_the_same_sold_line_twice_shares_its_pieces():
    result = ask(ABROAD._replace(asked=D(2)), ABROAD._replace(reason=BROKEN, evidence=PHOTO))
    assert [line.verdict for line in result.lines] == ["accept", "refuse"]
    assert codes(result.lines[1].reasons)[0] == "nothing_left"
    assert result.verdict == "refuse"


def test_nothing_asked():
    assert codes(ask(ABROAD._replace(asked=D(0))).lines[0].reasons) == ["nothing_asked"]
    assert ask(ABROAD._replace(asked=D(-1))).verdict == "refuse"
    assert ask().verdict == "refuse"


def test_a_case_split_over_lines_is_worth_its_sum():
    broken = ABROAD._replace(reason=BROKEN, evidence=PHOTO, price=D(90))
    one = ask(broken)
    assert offers(one)["keep"].verdict == "accept"
    two = ask(broken, broken._replace(key=2))
    assert [offers(two, number)["keep"].verdict for number in (0, 1)] == ["look", "look"]


def test_strictest_line_wins():
    lines = (ABROAD, ABROAD._replace(key=2, reason=BROKEN), ABROAD._replace(key=3, order=TO_CHINA))
    assert ask(*lines[::2]).verdict == "accept"
    assert ask(*lines).verdict == "look"


def test_what_the_customer_wants_counts():
    sale = ABROAD._replace(tags=frozenset({"final"}))
    assert ask(sale).verdict == "accept"  # there is a credit
    assert ask(sale._replace(wanted="return")).verdict == "refuse"
    repair = ask(sale._replace(wanted="repair"))
    assert (repair.verdict, codes(repair.lines[0].reasons)) == ("refuse", ["wanted_not_offered"])


def test_without_a_row_a_person_looks():
    found = ask(ABROAD, rules=Rules())
    assert (found.verdict, codes(found.lines[0].reasons), found.lines[0].offers) == ("look", ["no_row"], ())


def test_a_row_that_gives_nothing_refuses():
    found = ask(ABROAD, rules=Rules([Row("none")]))
    assert (found.verdict, codes(found.lines[0].reasons)) == ("refuse", ["row_gives_nothing"])
    assert ask(ABROAD._replace(categories=frozenset({"food"}))).verdict == "refuse"


def test_lines_of_two_orders_are_judged_by_their_own():
    china = LAMP._replace(key=2, order=TO_CHINA)
    assert [line.row for line in ask(LAMP, china).lines] == ["all", "china"]


def test_the_way_is_told_by_the_same_code():
    request = Request((LAMP._replace(asked=D(5), waiting=D(1)), ABROAD._replace(key=2)), datetime(2026, 3, 5), "UTC")
    result, steps = explain(request, RULES)
    assert result == judge(request, RULES)
    first = [step.code for step in steps if step.number == 0]
    assert (first[0], first[-1]) == ("pieces", "line")
    assert first.index("row") < first.index("supplier") < first.index("floor") < first.index("policy")
    skipped = [(step.figures["row"], step.figures["condition"]) for step in steps if step.code == "row_skipped"]
    assert skipped[:4] == [
        ("blocked", "past"), ("often", "past"), ("cheap and broken", "reasons"), ("broken", "reasons"),
    ]  # fmt: skip
    assert {step.key for step in steps} == {1, 2}
    assert misfit(RULES.rows[-1], LAMP, History()) == ""


@pytest.mark.parametrize(
    "rows, floors, complaint",
    [
        ([Row(1, outcomes=(Outcome("gift"),))], (), "'gift'"),
        ([Row(1, outcomes=(Outcome("return", "perhaps"),))], (), "'perhaps'"),
        ([Row(1, outcomes=(Outcome("return", window=Window("paid", 3)),))], (), "'paid'"),
        ([Row(1, outcomes=(Outcome("return", window=Window("ordered", -1)),))], (), "-1 days"),
        ([Row(1, outcomes=(Outcome("return", window=Window("ordered", 9**9)),))], (), "days"),
        ([Row(1, outcomes=(Outcome("return", fee=D(101)),))], (), "percentage"),
        ([Row(1, outcomes=(Outcome("return", else_to="supplier"),))], (), "'supplier'"),
        ([Row(1, outcomes=(Outcome("return"), Outcome("return")))], (), "twice"),
        ([Row(1), Row(1)], (), "twice"),
        ([], [LAW[0]._replace(verdict="refuse")], "'refuse'"),
        ([], [LAW[0]._replace(payer="customer")], "'customer'"),
    ],
)
def test_rows_that_say_what_does_not_exist(rows, floors, complaint):
    with pytest.raises(ValueError, match=complaint):
        Rules(rows, floors)


def test_equal_sequences_keep_their_order():
    rules = Rules([Row("b", 5), Row("a", 5), Row("first", 1, kinds=frozenset({"custom"}))])
    line = Line(1, Order(DELIVERED), D(1), D(1), delivered_qty=D(1))
    assert [ask(line._replace(kinds=frozenset(kinds)), rules=rules).lines[0].row for kinds in ((), ("custom",))] == [
        "b", "first",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "base, day",
    [
        ("ordered", "2026-03-06"),
        ("shipped", "2026-03-08"),
        ("delivered", "2026-03-16"),
        ("signed", "2026-03-17"),
        ("last_parcel", "2026-03-19"),
    ],
)
def test_each_date_base(base, day):
    line = ABROAD._replace(signed=datetime(2026, 3, 3, 9),
                           order=TO_AMERICA._replace(last_parcel=datetime(2026, 3, 5, 9)))  # fmt: skip
    rules = Rules([Row("one", outcomes=(Outcome("return", window=FORTNIGHT._replace(base=base)),))])
    assert str(offers(ask(line, rules=rules))["return"].deadline.day) == day
