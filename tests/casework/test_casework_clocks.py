"""What is due, by whom, when, and what happens then."""

from datetime import timedelta

import pytest
from case_world import BACK, KEEP, LINES, RULES, TO_US, D, case, day, due, event, plain
from casework import Event, Request, Rules, dues, fold, proposal, wake

YES = (2, "agent", "accept", BACK)
ALL = {"lamp": 2, "rug": 1}
SENT, CAME = (3, "customer", "send", "A", ALL), (5, "system", "arrive", "A")
FOUND = (6, "supplier", "inspect", "A", {("lamp", "as_new"): 2, ("rug", "worn"): 1})
SLOW = Rules(silence_supplier="refuse")

# A life so far | what is due: what, by whom, hours after which day, and then
DUES = {
    "asked": ([], [("decide", "us", 1, 16, "escalate")]),
    "our offer": ([(2, "agent", "offer", KEEP._replace(until=day(5), silence="refuse"))],
                  [("answer", "customer", 5, 0, "refuse")]),
    "the customer's offer": ([(2, "guest", "offer", KEEP._replace(until=day(5), silence="accept"))],
                             [("answer", "us", 5, 0, "accept")]),
    "declined": ([(2, "agent", "offer", KEEP), (3, "guest", "decline", 1)], [("decide", "us", 3, 16, "escalate")]),
    "refused": ([(2, "agent", "refuse")], [("close", "us", 2, 24, "close")]),
    "kept": ([(2, "agent", "accept", KEEP)], [("resolve", "us", 2, 16, "escalate")]),
    "to be sent": ([YES], [("send", "customer", 2, 240, "not_coming")]),
    "on the way": ([YES, SENT], [("chase", "us", 3, 240, "escalate")]),
    "arrived at the supplier's": ([YES, SENT, CAME], [("inspect", "supplier", 5, 40, "deem")]),
    "arrived at ours": ([(2, "agent", "accept", TO_US), SENT, CAME], [("inspect", "us", 5, 40, "escalate")]),
    "arrived, nobody knows what": ([YES, CAME], [("inspect", "supplier", 5, 40, "escalate")]),
    "inspected": ([YES, SENT, CAME, FOUND], [("resolve", "us", 6, 16, "escalate")]),
    "we closed for him": ([YES, SENT, CAME, (8, "system", "deem", "A")], [("resolve", "us", 8, 16, "escalate")]),
    "refund when received": (
        [(2, "agent", "accept", BACK._replace(after="received")), SENT, CAME, (6, "supplier", "receive", "A", ALL)],
        [("inspect", "supplier", 5, 40, "deem"), ("resolve", "us", 6, 16, "escalate")]),
    "the carrier's word is not enough": (
        [(2, "agent", "accept", BACK._replace(after="received")), SENT, CAME],
        [("inspect", "supplier", 5, 40, "deem")]),
    "refund when sent": (
        [(2, "guest", "withdraw", BACK._replace(after="sent")), SENT],
        [("resolve", "us", 3, 16, "escalate"), ("chase", "us", 3, 240, "escalate")]),
    "half was sent": (
        [(2, "guest", "withdraw", BACK._replace(after="sent")), (3, "guest", "send", "A", {"lamp": 2})],
        [("chase", "us", 3, 240, "escalate")]),
    "nothing left": ([YES, SENT, CAME, FOUND, (7, "agent", "resolve", 1)], [("close", "us", 7, 24, "close")]),
    "never sent": ([YES, (12, "system", "not_coming")], [("close", "us", 12, 24, "close")]),
    "lost": ([YES, SENT, (9, "system", "lose", "A")], [("look", "us", 9, 8, "escalate")]),
    "lost, and looked at": ([YES, SENT, (9, "agent", "lose", "A")], [("look", "us", 9, 8, "escalate")]),
    "sent although refused": ([(2, "agent", "refuse"), SENT], [("look", "us", 3, 8, "escalate")]),
    "came although refused": ([(2, "agent", "refuse"), SENT, CAME],
                              [("look", "us", 5, 8, "escalate"), ("inspect", "us", 5, 40, "escalate")]),
    "closed": ([(2, "agent", "accept", KEEP), (3, "agent", "resolve", 1), (4, "agent", "close")], []),
    "bad score": ([(2, "agent", "refuse"), (4, "agent", "close"), (5, "guest", "score", 1)],
                  [("look", "us", 5, 8, "escalate"), ("decide", "us", 5, 16, "escalate")]),
}  # fmt: skip


@pytest.mark.parametrize("rows, expected", DUES.values(), ids=DUES)
def test_what_is_due(rows, expected):
    last = max([1, *(row[0] for row in rows)])
    wanted = [(what, by, day(start) + timedelta(hours=hours), then) for what, by, start, hours, then in expected]
    assert due(case(*rows, now=last), day(last)) == wanted


@pytest.mark.parametrize("silence, then", [("accept", "approve"), ("refuse", "disapprove"), ("person", "escalate")])
def test_a_silent_supplier(silence, then):
    rules = Rules(silence_supplier=silence)
    found = due(case(YES, approval=True, now=2), day(2), rules=rules)
    assert found == [("approve", "supplier", day(2) + timedelta(hours=16), then)]
    # He agreed: now the customer has his time from then on.
    found = due(case(YES, (4, "system", "approve"), approval=True, now=4), day(4), rules=rules)
    assert found == [("send", "customer", day(14), "not_coming")]


def working(party, since, hours):
    """Customers and carriers have every hour, we four a day from nine on, the supplier eight, not on the third."""
    if party in ("customer", "carrier"):
        return since + timedelta(hours=hours)
    a_day = 4 if party == "us" else 8
    moment = since
    while hours:
        moment += timedelta(hours=1)
        hours -= 9 < moment.hour <= 9 + a_day and not (party == "supplier" and moment.day == 3)
    return moment


def test_offers_end_in_the_calendar_of_whoever_is_to_answer():
    ours = proposal(KEEP, "agent", day(2), RULES, working)
    assert (ours.until, ours.silence) == (day(5), "refuse")
    theirs = proposal(KEEP, "guest", day(2), RULES, working)
    assert (theirs.until, theirs.silence) == (day(5, 13), "person")
    assert ours._replace(until=None, silence="person") == KEEP


def test_clocks_run_in_the_calendar_of_whoever_is_to_act():
    found = case(YES, approval=True, now=2)
    assert due(found, day(2), working)[0][2] == day(4, 17)
    assert due(case(YES, SENT, CAME, FOUND, now=6), day(6), working)[0][2] == day(9, 13)


# Hours after nine of the first | over | how many have heard | when to look again, in hours
LEVELS = [(0, False, 0, 16), (15, False, 0, 16), (16, True, 1, 24), (23, True, 1, 24), (24, True, 2, 40),
          (40, True, 3, None), (400, True, 3, None)]  # fmt: skip


@pytest.mark.parametrize("hours, over, level, again", LEVELS)
def test_escalation(hours, over, level, again):
    now = day(1) + timedelta(hours=hours)
    found = dues(case(now=now), RULES, plain, now)
    assert [(one.over, one.level) for one in found] == [(over, level)]
    assert wake(case(now=now), found) == (None if again is None else day(1) + timedelta(hours=again))


def test_what_the_system_does_it_does_at_once():
    now = day(20)
    found = dues(case(YES, now=now), RULES, plain, now)
    assert [(one.then, one.over, one.level, one.wake) for one in found] == [("not_coming", True, 0, day(12))]


def test_events_of_the_future_wait():
    future = case((9, "agent", "refuse"), now=2)
    assert (future.acceptance, future.ignored, future.ahead) == ("asked", ((1, "future"),), day(9))
    assert wake(future, ()) == day(9)
    assert case((9, "agent", "refuse"), now=9).acceptance == "refused"


def test_other_rules_later_do_not_change_a_promise():
    closing = event(9, 4, "agent", "close")
    assert (closing.until, closing.score) == (day(18), 2)
    assert due(case((2, "agent", "offer", proposal(KEEP, "agent", day(2), RULES, plain)), now=2), day(2),
               rules=Rules(answer_customer=1, silence_customer="accept")) == [
        ("answer", "customer", day(5), "refuse")]  # fmt: skip


def test_bad_input():
    none = D("NaN")
    for lines in ((), (*LINES, LINES[0]), (("lamp", D(0)),), (("lamp", none),), (("lamp", 2),)):
        with pytest.raises(ValueError):
            case(lines=lines)
    bad = {
        "no_offer": [None, KEEP._replace(lines=())],
        "bad_offer": [KEEP._replace(to="moon"), KEEP._replace(after="sent"), BACK._replace(after="x"),
                      KEEP._replace(silence="?")],
        "bad_amount": [KEEP._replace(amount=amount) for amount in (none, D(-1), D("Infinity"), 1.5)],
        "line_twice": [KEEP._replace(lines=(*LINES, LINES[0]))],
        "unknown_line": [KEEP._replace(lines=(("brick", D(1)),))],
        "bad_quantity": [KEEP._replace(lines=(("lamp", value),)) for value in (none, D(0), D(-1), 1, None)],
        "too_many": [KEEP._replace(lines=(("lamp", D(3)),))],
    }  # fmt: skip
    for why, offers in bad.items():
        for wrong in offers:
            for code in ("offer", "accept", "withdraw"):
                if (why, code) != ("too_many", "withdraw"):
                    rows = [(2, "agent", code)] if wrong is None else [(2, "agent", code, wrong)]
                    found = case(*rows)
                    assert (found.acceptance, found.ignored) == ("asked", ((1, why),)), (wrong, code)
    for lines in ({"lamp": none}, {"lamp": -1}, {("lamp", "worn"): 1}):
        found = case((3, "agent", "receive", "A", lines))
        assert (found.parcels, found.ignored[0][1] in ("bad_quantity", "bad_lines")) == ((), True)
    assert case((3, "agent", "dance")).ignored == ((1, "unknown_code"),)


def test_one_key_for_two_events():
    """The earlier counts, in whatever order they come, and it is told."""
    two = [Event(1, day(3), "refuse", "agent"), Event(1, day(2), "cancel", "customer")]
    for both in (two, two[::-1], two * 2):
        found = fold(Request(day(1), LINES), both, day(9))
        assert (found.acceptance, found.ignored) == ("cancelled", ((1, "key_twice"),))
