"""Random lives beside an oracle that looks everything up in a log; and what holds in every life."""

import random
from datetime import timedelta

import pytest
from case_oracle import goods, tell
from case_world import LINES, RULES, D, day, plain
from casework import MAY, SILENCES, Event, Offer, Request, closing, dues, fold, stage, verbs, wake
from casework.facts import ACCEPTANCES, RECEPTIONS
from casework.stages import STAGES

REQUEST = Request(day(1), LINES)
WHO = ("customer", "guest", "agent", "supplier", "system")


def some_lines(rng, *, most=2):
    return tuple((line, D(rng.randint(1, most if line == "lamp" else 1))) for line in rng.choice(
        (("lamp",), ("rug",), ("lamp", "rug"), ("lamp", "rug"))))  # fmt: skip


def random_offer(rng, at):
    to = rng.choice(("", "us", "supplier"))
    after = rng.choice(("", "sent", "received", "inspected")) if to else ""
    until = at + timedelta(hours=rng.randint(1, 60)) if rng.random() < 0.7 else None
    return Offer("any", some_lines(rng), None, to, after, (), until, rng.choice(SILENCES))


def random_event(rng, key, at, code, by):
    event = Event(key, at, code, by)
    if code == "close":
        return closing(key, at, by, RULES)
    if code in ("offer", "accept", "withdraw"):
        return event._replace(offer=random_offer(rng, at))
    if code in ("take", "decline", "resolve"):
        return event._replace(about=rng.randint(1, max(key - 1, 1)))
    if code == "score":
        return event._replace(score=rng.randint(1, 5))
    if code in ("send", "move", "arrive", "lose", "receive", "inspect", "deem"):
        event = event._replace(parcel=rng.choice("AB"))
    if code in ("send", "receive"):
        return event._replace(lines=some_lines(rng, most=3))
    if code == "inspect":
        return event._replace(
            lines=tuple((line, rng.choice(("new", "worn")), quantity) for line, quantity in some_lines(rng))
        )
    return event


def random_life(rng):
    """Half of its events are what the case allows just then, the others anything by anybody who may."""
    events, at = [], day(1)
    for key in range(1, rng.randint(2, 16)):
        at += timedelta(hours=rng.choice((0, 1, 5, 20, 50)))
        by, codes = rng.choice(WHO), ()
        if rng.random() < 0.6:
            case = fold(REQUEST, events, at)
            codes = verbs(case, by, dues(case, RULES, plain, at))
        codes = codes or [code for code in MAY if by in MAY[code]]
        event = random_event(rng, key, at, rng.choice(codes), by)
        offers = [one.key for one in events if one.code in ("offer", "accept", "withdraw")]
        if event.about and offers and rng.random() < 0.8:
            event = event._replace(about=offers[-1])
        events.append(event)
    return events, at + timedelta(hours=rng.choice((0, 0, 30, 300)))


@pytest.mark.parametrize("part", range(4))
def test_against_the_oracle(part):
    rng, seen = random.Random(part), set()
    for _round in range(400):
        events, now = random_life(rng)
        case = fold(REQUEST, events, now)
        log = tell(REQUEST, events, now)
        lines, reception = goods(REQUEST, events, now, log)
        assert (case.acceptance, case.reception) == (log.acceptance(), reception), events
        assert bool(case.closed) == bool(log.closed())
        assert (case.offer.key if case.offer else None) == (log.live()[1] if log.live() else None)
        assert {bound.key: dict(bound.offer.lines) for bound in case.bound} == {
            key: lines for key, lines, _back in log.rights()}  # fmt: skip
        assert {bound.key for bound in case.bound if bound.resolved} == {
            key for key, _lines, _back in log.rights() if log.resolved(key)}  # fmt: skip
        for line in case.lines:
            found = (line.accepted, line.back, line.sent, line.received, line.lost, dict(line.inspected))
            assert found == lines[line.key], events
        seen |= {case.acceptance, case.reception, stage(case), bool(case.reopened)}
    assert set(ACCEPTANCES + RECEPTIONS + STAGES) - {"preparing"} | {True} <= seen


@pytest.mark.parametrize("seed", range(200))
def test_order_and_repetition_do_not_matter(seed):
    rng = random.Random(seed)
    events, now = random_life(rng)
    case = fold(REQUEST, events, now)
    again = [*events, *rng.choices(events, k=5)]
    rng.shuffle(again)
    assert fold(REQUEST, again, now) == case
    # Nothing that happens to goods changes what was said.
    words = fold(REQUEST, [event for event in events if not event.parcel], now)
    assert (words.acceptance, words.bound, words.offer) == (case.acceptance, case.bound, case.offer)
    # Nothing is lost out of sight: where the case is open, somebody is to do something, and somebody will look.
    found = dues(case, RULES, plain, now)
    assert case.closed or found
    assert case.closed or any(due.over for due in found) or wake(case, found)
    for line in case.lines:
        assert 0 <= line.back <= line.accepted <= line.asked and line.checked <= line.received


@pytest.mark.parametrize("seed", range(60))
def test_left_alone_a_case_comes_to_rest(seed):
    """The system does what nobody did, one step after another, and does none of it for ever."""
    rng = random.Random(seed)
    events, now = random_life(rng)
    for _step in range(12):
        case = fold(REQUEST, events, now)
        found = dues(case, RULES, plain, now)
        todo = [due for due in found if due.over and due.then in MAY]
        if not todo and not wake(case, found):
            break
        if todo:
            event = Event(len(events) + 1, now, todo[0].then, "system", parcel=todo[0].about or "")
            events.append(closing(event.key, now, "system", RULES) if event.code == "close" else event)
            assert event.code in verbs(case, "system", found)
        else:
            now = wake(case, found)
    else:
        raise AssertionError(events)
