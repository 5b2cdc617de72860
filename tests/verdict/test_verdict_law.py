"""The law against the policy, in every respect: what is weaker is replaced and says so, what is better stays."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal as D

import pytest
from verdict import Floor, History, Outcome, RefundTerm, Row, Rules, Window
from verdict_world import (
    BROKEN,
    CONFORMITY,
    DELIVERED,
    FORTNIGHT,
    LAMP,
    LAW,
    MONTH,
    SEVEN_DAYS,
    TO_AMERICA,
    TO_CHINA,
    TO_GERMANY,
    UNSUITABLE_CN,
    UNSUITABLE_EU,
    WITHDRAWAL,
    ask,
    codes,
    figures,
    offers,
)

CHINESE = LAMP._replace(order=TO_CHINA)
PHOTO = frozenset({"photo"})
RIGHT = Floor("right", ("return",), window=Window("delivered", days=14), fee=D(0), payer="us", evidence=False,
              outbound="standard", refund=RefundTerm(14, "sent"))  # fmt: skip
BETTER = Outcome("return", window=MONTH, payer="us", outbound="all", refund=RefundTerm(3))


@dataclass
class Point:
    """One respect in which a policy is weaker."""

    weaker: dict
    code: str
    field: str
    lifted: object


POINTS = (
    Point({"verdict": "refuse"}, "floor_verdict", "verdict", "accept"),
    Point({"verdict": "look"}, "floor_verdict", "verdict", "accept"),
    Point({"maximum": D(1)}, "floor_verdict", "verdict", "accept"),
    Point({"bound": "refuse"}, "floor_verdict", "verdict", "accept"),
    Point({"window": Window("delivered", days=1)}, "floor_window", "verdict", "accept"),
    Point({"window": Window("ordered", days=14)}, "floor_window", "verdict", "accept"),
    Point({"window": Window("delivered", days=5)}, "floor_window", "verdict", "accept"),
    Point({"fee": D(10)}, "floor_fee", "fee", D(0)),
    Point({"payer": "customer"}, "floor_freight", "payer", "us"),
    Point({"evidence": PHOTO}, "floor_evidence", "evidence", ()),
    Point({"outbound": "none"}, "floor_outbound", "outbound", "standard"),
    Point({"refund": None}, "floor_refund", "refund", (RefundTerm(14, "sent"),)),
    Point({"refund": RefundTerm(21)}, "floor_refund", "refund", (RefundTerm(21), RefundTerm(14, "sent"))),
    Point({"refund": RefundTerm(21, "received")}, "floor_refund", "refund", (RefundTerm(14, "sent"),)),
)


def back(outcome, floor=RIGHT, line=None, **facts):
    rules = Rules([Row("shop", outcomes=(outcome,))], [floor] if floor else [])
    return offers(ask(line or LAMP._replace(terms=None), rules=rules, **facts))["return"]


@pytest.mark.parametrize("point", POINTS, ids=[f"{point.code} {next(iter(point.weaker))}" for point in POINTS])
def test_each_weaker_point_is_replaced_and_only_that(point):
    weak = BETTER._replace(**point.weaker)
    without, found, better = back(weak, None), back(weak), back(BETTER)
    assert getattr(found, point.field) == point.lifted
    assert found.verdict == "accept"
    assert point.code in codes(found.reasons)
    assert found.floors == ("right",)
    assert {code for code in codes(found.reasons) if code.startswith("floor")} <= {point.code, "floor_verdict"}
    assert figures(found.reasons, point.code)["floor"] == "right"
    assert str(found.floor_until) == "2026-03-16 23:00:00"
    # Nothing else changed: all other fields are as in the better policy.
    changed = {name for name in found._fields if getattr(found, name) != getattr(better, name)}
    assert changed <= {point.field, "reasons", "floors", "floor_until", "deadline"}
    assert without != found


def test_where_the_policy_is_better_it_holds():
    found = back(BETTER)
    assert found == back(BETTER, None)
    assert (found.floors, found.floor_until, str(found.deadline.day)) == ((), None, "2026-04-01")


def test_after_the_law_s_window_the_policy_is_alone():
    weak = BETTER._replace(fee=D(10), payer="customer")
    last, after = (back(weak, at=at) for at in (datetime(2026, 3, 16, 22, 59, 59), datetime(2026, 3, 16, 23)))
    assert (last.fee, last.payer, last.verdict) == (0, "us", "accept")
    assert (after.fee, after.payer, after.verdict) == (10, "customer", "accept")
    assert str(last.deadline.day) == str(after.deadline.day) == "2026-04-01"


def test_what_was_said_against_it_is_told_with_what_replaced_it():
    found = back(BETTER._replace(verdict="refuse", window=Window("delivered", days=1)))
    assert figures(found.reasons, "floor_verdict") == {
        "floor": "right", "policy": "refuse", "verdict": "accept", "against": ("policy_refuses", "window_over"),
    }  # fmt: skip
    assert "window_over" not in codes(found.reasons)
    assert str(found.deadline.day) == "2026-03-16"


def test_a_refusal_with_a_long_window_is_lifted_for_the_law_s_days_only():
    assert str(back(BETTER._replace(verdict="refuse")).deadline.day) == "2026-03-16"
    assert str(back(BETTER._replace(verdict="look")).deadline.day) == "2026-04-01"


def test_the_eu_lets_withdraw_from_a_sale_item():
    final = LAMP._replace(tags=frozenset({"final"}))
    found = offers(ask(final))["return"]
    assert (found.verdict, found.fee, found.outbound) == ("accept", 0, "standard")
    assert (found.payer, found.row, found.floors) == ("customer", "sale", ("eu_withdrawal",))
    assert found.refund == (RefundTerm(14, "sent"),)
    untold = final._replace(order=TO_GERMANY._replace(freight_told=False))
    found = offers(ask(untold))["return"]
    assert (found.payer, "floor_freight_untold" in codes(found.reasons)) == ("us", True)


def test_neither_history_nor_a_missing_row_takes_a_right_away():
    assert offers(ask(LAMP, history=History(blocked=True)))["return"].verdict == "accept"
    nothing = ask(LAMP, rules=Rules([], LAW))
    assert (nothing.verdict, codes(nothing.lines[0].reasons)) == ("accept", ["no_row"])
    only_credit = Rules([Row("credit", outcomes=(Outcome("credit"),))], LAW)
    found = offers(ask(LAMP, rules=only_credit))
    assert [*found] == ["credit", "return"]
    assert figures(found["return"].reasons, "floor_verdict")["against"] == ("not_in_policy",)


def test_the_reason_s_photo_is_no_condition_of_a_withdrawal():
    """Broken, no photo: as a complaint a person looks; withdrawn from it is accepted."""
    found = offers(ask(LAMP._replace(reason=BROKEN)))
    assert [found[kind].verdict for kind in ("keep", "replacement", "return")] == ["look", "look", "accept"]
    assert found["return"].evidence == ()


@pytest.mark.parametrize("group", sorted(UNSUITABLE_EU))
def test_kinds_the_eu_excludes(group):
    _excluded(LAMP, group, "eu_withdrawal", UNSUITABLE_EU)


@pytest.mark.parametrize("group", sorted(UNSUITABLE_CN))
def test_kinds_china_excludes(group):
    _excluded(CHINESE, group, "cn_seven_days", UNSUITABLE_CN)


def _excluded(line, group, floor, groups):
    rules = Rules([Row("no", outcomes=(Outcome("return", "refuse"),))], LAW)
    kinds = frozenset(group.split("+"))
    found = ask(line._replace(kinds=kinds), rules=rules)
    assert found.verdict == "refuse"
    assert figures(found.lines[0].reasons, "floor_excluded") == {"floor": floor, "kind": group}
    for kind in kinds:  # half of it is not enough: sealed hygiene goods may be sent back
        if kind not in groups:
            assert ask(line._replace(kinds=frozenset({kind})), rules=rules).verdict == "accept"


def test_china_has_seven_days_from_signing():
    refusing = Rules([Row("no", outcomes=(Outcome("return", "refuse"),))], LAW)
    signed = CHINESE._replace(signed=datetime(2026, 3, 3, 15, 59), delivered=datetime(2026, 3, 1))
    end = datetime(2026, 3, 10, 16)  # midnight after the tenth
    for at, verdict in ((end - timedelta(seconds=1), "accept"), (end, "refuse")):
        assert ask(signed, at=at, zone="Asia/Shanghai", rules=refusing).verdict == verdict
    found = offers(ask(signed, zone="Asia/Shanghai", rules=refusing))["return"]
    # The customer pays the way back and does not get the way there.
    assert (found.payer, found.outbound, found.fee) == ("customer", "none", 0)
    assert found.refund == (RefundTerm(7, "received"),)


def test_china_signed_just_after_midnight_has_a_day_more():
    late = CHINESE._replace(signed=datetime(2026, 3, 3, 16))
    found = offers(ask(late, zone="Asia/Shanghai", rules=Rules([], LAW)))["return"]
    assert str(found.deadline.day) == "2026-03-11"


def test_a_better_refund_promise_holds():
    assert offers(ask(CHINESE, zone="Asia/Shanghai"))["return"].refund == (RefundTerm(2, "received"),)


def test_two_years_for_what_was_not_as_sold():
    broken = LAMP._replace(reason=BROKEN, evidence=PHOTO)
    last = datetime(2028, 3, 2, 22, 59, 59)
    found = offers(ask(broken, at=last))
    assert [offer.kind for offer in found.values()] == ["keep", "replacement", "return", "repair"]
    assert {offer.verdict for offer in found.values()} == {"look"}
    assert (found["repair"].payer, found["repair"].fee) == ("us", 0)
    assert str(found["repair"].deadline.day) == "2028-03-02"
    late = ask(broken, at=last + timedelta(seconds=1))
    assert late.verdict == "refuse"
    assert "floor_over" in codes(late.lines[0].reasons)
    # Who only does not like it has no warranty.
    assert ask(LAMP, at=datetime(2026, 6, 1)).verdict == "refuse"


def test_a_missing_photo_keeps_a_lifted_warranty_with_a_person():
    strict = Rules([Row("no", outcomes=(Outcome("repair", "refuse", evidence=PHOTO),))],
                   [CONFORMITY._replace(verdict="accept")])  # fmt: skip
    found = offers(ask(LAMP._replace(reason=BROKEN), rules=strict))["repair"]
    assert (found.verdict, found.evidence) == ("look", ("photo",))
    given = offers(ask(LAMP._replace(reason=BROKEN, evidence=PHOTO), rules=strict))["repair"]
    assert given.verdict == "accept"


def test_two_laws_each_give_what_they_give():
    """Broken on the third day: the withdrawal gives it without fee at once, the warranty for two years."""
    stingy = Rules([Row("no", outcomes=(Outcome("return", "refuse", fee=D(20)),))], LAW)
    found = offers(ask(LAMP._replace(reason=BROKEN), rules=stingy))["return"]
    assert (found.verdict, found.fee, found.payer) == ("accept", 0, "us")
    assert str(found.deadline.day) == "2028-03-02"
    assert str(found.floor_until) == "2026-03-16 23:00:00"  # until then it needs nobody to look
    assert set(found.floors) == {"eu_withdrawal", "eu_second"}


@pytest.mark.parametrize(
    "change, holds",
    [
        ({}, True),
        ({"order": TO_AMERICA}, False),
        ({"order": TO_GERMANY._replace(country="")}, False),
        ({"order": TO_GERMANY._replace(ordered=datetime(2014, 6, 12, 12))}, False),
        ({"order": TO_GERMANY._replace(ordered=datetime(2014, 6, 12, 22, 30))}, True),  # past midnight in Berlin
    ],
)
def test_whose_law_and_since_when(change, holds):
    found = ask(LAMP._replace(**change), rules=Rules([], [WITHDRAWAL]))
    assert [*offers(found)] == (["return"] if holds else [])


def test_a_law_that_ended():
    law = WITHDRAWAL._replace(valid_to=datetime(2026, 2, 20).date())
    order = TO_GERMANY._replace(ordered=datetime(2026, 2, 20, 22, 59))
    for moment, kinds in ((order.ordered, ["return"]), (order.ordered + timedelta(minutes=1), [])):
        line = LAMP._replace(order=order._replace(ordered=moment))
        assert [*offers(ask(line, rules=Rules([], [law])))] == kinds


def test_a_law_for_some_channels_or_liable_ones():
    law = WITHDRAWAL._replace(channels=frozenset({"shop"}), liable=frozenset({"customer"}))
    for line, kinds in (
        (LAMP, ["return"]),
        (LAMP._replace(order=TO_GERMANY._replace(channel="counter")), []),
        (LAMP._replace(reason=BROKEN), []),
    ):
        assert [*offers(ask(line, rules=Rules([], [law])))] == kinds


def test_businesses():
    assert offers(ask(LAMP, consumer=False))["return"].fee == 10
    both = Rules([], [SEVEN_DAYS._replace(countries=frozenset(), businesses=True)])
    assert offers(ask(LAMP, consumer=False, rules=both))["return"].verdict == "accept"


def test_withdrawn_before_it_came():
    made = Rules([Row("made", outcomes=(Outcome("cancel", "refuse", fee=D(50)), Outcome("intercept", fee=D(5))))], LAW)
    order = TO_GERMANY._replace(last_parcel=None)
    line = LAMP._replace(order=order, delivered=None, delivered_qty=D(0), waiting=D(1), underway=D(1), asked=D(2))
    found = offers(ask(line, rules=made))
    for kind in ("cancel", "intercept"):
        assert (found[kind].verdict, found[kind].fee, found[kind].payer) == ("accept", 0, "")
        assert found[kind].refund == (RefundTerm(14),)
    custom = offers(ask(line._replace(kinds=frozenset({"custom"})), rules=made))
    assert (custom["cancel"].verdict, custom["intercept"].fee) == ("refuse", 5)


def test_the_window_of_the_last_parcel_is_longer_than_the_line_s():
    late = LAMP._replace(order=TO_GERMANY._replace(last_parcel=DELIVERED + timedelta(days=20)))
    short = Rules([Row("fortnight", outcomes=(Outcome("return", window=FORTNIGHT),))], [WITHDRAWAL])
    found = offers(ask(late, at=DELIVERED + timedelta(days=3), rules=short))["return"]
    # 5 April 2026 is a Sunday: the law's last day is the Monday.
    assert str(found.deadline.day) == "2026-04-06"
    assert [str(figures(found.reasons, "floor_window")[name]) for name in ("policy", "day")] == [
        "2026-03-16", "2026-04-06",
    ]  # fmt: skip


def test_an_order_of_laws_does_not_matter():
    stingy = [Row("no", outcomes=(Outcome("return", "look", FORTNIGHT, D(20), evidence=PHOTO),))]
    line = LAMP._replace(reason=BROKEN)
    one, other = (offers(ask(line, rules=Rules(stingy, laws)))["return"] for laws in (LAW, LAW[::-1]))
    assert one == other
