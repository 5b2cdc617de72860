"""What was answered to 100.00 handed in on Monday, 2 March, at nine: a week to answer, five days to object, in UTC."""

from datetime import date
from decimal import Decimal as D

import pytest
from claim_world import MONDAY, at, codes, full, hundred
from claiming import Claim, Deadline, Event, Window, follow

TERMS = full(answer=Window(days=7), silence="refused", objection=Window(days=5))
MILD, OPEN = TERMS._replace(silence="accepted"), TERMS._replace(silence="")


def said(kind, day, amount=None, hour=9, **more):
    return Event(kind, at(day, hour), None if amount is None else D(amount), **more)


def stand(events, day, terms=TERMS, **claim):
    return follow(hundred(**claim), terms, MONDAY, events, at(day))


YES, NO, PART = said("accepted", 2), said("refused", 2, code="no_photo"), said("partly", 2, "40.00")
OBJECT = said("objection", 4)

# What happened, seen on day → state, answer, granted, waiting, lost
LIVES = [
    ("nobody answered yet", TERMS, (), 3, ("waiting", "", "0", "100", "0")),
    ("accepted", TERMS, (YES,), 3, ("closed", "accepted", "100", "0", "0")),
    ("it will be accepted tomorrow", TERMS, (YES,), 1, ("waiting", "", "0", "100", "0")),
    ("partly", TERMS, (PART,), 3, ("answered", "partly", "40", "60", "0")),
    ("partly, nobody objects", TERMS, (PART,), 9, ("closed", "partly", "40", "0", "60")),
    ("refused", TERMS, (NO,), 3, ("answered", "refused", "0", "100", "0")),
    ("refused, nobody objects", TERMS, (NO,), 8, ("closed", "refused", "0", "0", "100")),
    ("refused where nobody can object", full(), (NO,), 2, ("closed", "refused", "0", "0", "100")),
    ("refused, objection", TERMS, (NO, OBJECT), 5, ("objected", "refused", "0", "100", "0")),
    ("then accepted", TERMS, (NO, OBJECT, said("accepted", 6)), 6, ("closed", "accepted", "100", "0", "0")),
    ("then partly", TERMS, (NO, OBJECT, said("partly", 6, "70")), 6, ("closed", "partly", "70", "0", "30")),
    ("then refused again", TERMS, (NO, OBJECT, said("refused", 6)), 6, ("closed", "refused", "0", "0", "100")),
    ("partly, then more", TERMS, (PART, OBJECT, said("partly", 6, "70")), 6, ("closed", "partly", "70", "0", "30")),
    ("partly, then silence", TERMS, (PART, OBJECT), 12, ("closed", "partly", "40", "0", "60")),
    ("partly, then silence that means yes", MILD, (PART, OBJECT), 12, ("closed", "accepted", "100", "0", "0")),
    ("silence means yes", MILD, (), 8, ("closed", "accepted", "100", "0", "0")),
    ("silence means no", TERMS, (), 8, ("answered", "refused", "0", "100", "0")),
    ("and nobody objects", TERMS, (), 14, ("closed", "refused", "0", "0", "100")),
    ("silence, objection, silence", TERMS, (said("objection", 9),), 20, ("closed", "refused", "0", "0", "100")),
    ("silence means nothing", OPEN, (), 30, ("overdue", "", "0", "100", "0")),
    ("he answers late all the same", OPEN, (said("accepted", 30),), 30, ("closed", "accepted", "100", "0", "0")),
    ("no clock at all", full(), (), 900, ("waiting", "", "0", "100", "0")),
    ("objection unanswered for ever", OPEN, (NO, OBJECT), 90, ("overdue", "refused", "0", "100", "0")),
    ("accepted for nothing", TERMS, (said("accepted", 2, "0"),), 3, ("answered", "refused", "0", "100", "0")),
    ("accepted for less", TERMS, (said("accepted", 2, "99.99"),), 3, ("answered", "partly", "99.99", "0.01", "0")),
    ("partly all of it", TERMS, (said("partly", 2, "100.00"),), 3, ("closed", "accepted", "100", "0", "0")),
]


@pytest.mark.parametrize("name, terms, events, day, expected", LIVES, ids=[row[0] for row in LIVES])
def test_lives(name, terms, events, day, expected):
    found = stand(events, day, terms)
    assert (found.state, found.answer, found.granted, found.waiting, found.lost) == (
        *expected[:2], *map(D, expected[2:])
    )  # fmt: skip
    assert sum(amount for _day, amount in found.grants) == found.granted
    assert found.notes == ()


# What does not count: code, what is named, state, granted
NOT_COUNTED = [
    ("accepted twice", (YES, said("accepted", 3, "100.00")), [], "accepted", "100"),
    ("the same message twice", (said("partly", 2, "40", key=7), said("partly", 2, "40", key=7)), [], "partly", "40"),
    ("accepted, then for less", (YES, said("partly", 3, "80")), [("answered_again", "-20")], "accepted", "100"),
    ("accepted, then refused", (YES, said("refused", 3)), [("answered_again", "-100")], "accepted", "100"),
    ("refused, then accepted", (NO, said("accepted", 3)), [("answered_again", "100")], "refused", "0"),
    ("partly, then more", (PART, said("partly", 3, "60")), [("answered_again", "20")], "partly", "40"),
    ("more than claimed", (said("accepted", 2, "130"),), [("more_than_claimed", "30")], "accepted", "100"),
    ("yes after silence that meant no", (said("accepted", 9),), [("answered_again", "100")], "refused", "0"),
    ("less after an objection", (PART, OBJECT, said("refused", 6)), [("less_than_before", None)], "partly", "40"),
    ("a third answer", (NO, OBJECT, said("refused", 5), said("accepted", 6)), [("answered_again", "100")],
     "refused", "0"),
    ("objection too late", (NO, said("objection", 8)), [("objection_late", None)], "refused", "0"),
    ("objection to nothing", (said("objection", 1),), [("nothing_to_object", None)], "refused", "0"),
    ("objection to a yes", (YES, OBJECT), [("nothing_to_object", None)], "accepted", "100"),
    ("objection twice", (NO, OBJECT, said("objection", 5)), [("nothing_to_object", None)], "refused", "0"),
    ("before it was handed in", (said("accepted", -1),), [("before_sent", None)], "refused", "0"),
    ("another currency", (said("partly", 2, "40", currency="CNY"),), [("other_currency", None)], "refused", "0"),
    ("no amount", (said("partly", 2),), [("not_a_number", None)], "refused", "0"),
    ("no number", (said("accepted", 2, "NaN"),), [("not_a_number", None)], "refused", "0"),
    ("less than nothing", (said("partly", 2, "-40"),), [("negative", None)], "refused", "0"),
    ("half a cent", (said("partly", 2, "0.005"),), [("not_whole", None)], "refused", "0"),
    ("refused, and an amount", (said("refused", 2, "40"),), [("refused_with_amount", None)], "refused", "0"),
    ("what nobody understands", (said("maybe", 2),), [("unknown_answer", None)], "refused", "0"),
]  # fmt: skip


@pytest.mark.parametrize("name, events, notes, answer, granted", NOT_COUNTED, ids=[row[0] for row in NOT_COUNTED])
def test_what_does_not_count_is_named(name, events, notes, answer, granted):
    found = stand(events, 20)
    assert (found.answer, found.granted) == (answer, D(granted))
    assert codes(found.notes) == [code for code, _difference in notes]
    for (_code, figures), (_same, difference) in zip(found.notes, notes, strict=True):
        assert difference is None or figures["difference"] == D(difference)


def test_when_silence_speaks():
    """Seven days from 2 March end with the ninth."""
    until = Deadline("open", date(2026, 3, 2), date(2026, 3, 9), at(8, 0))
    assert follow(hundred(), MILD, MONDAY, [], at(7, 23, 59)).until == until
    found = follow(hundred(), MILD, MONDAY, [], at(8, 0))
    assert (found.state, found.silent, found.code, found.grants) == (
        "closed", True, "silent", ((date(2026, 3, 9), D(100)),)
    )  # fmt: skip
    # He was a minute too late, and it is yes already.
    late = follow(hundred(), MILD, MONDAY, [Event("refused", at(8, 0, 1))], at(9))
    assert (late.granted, codes(late.notes)) == (100, ["answered_again"])
    early = follow(hundred(), MILD, MONDAY, [Event("refused", at(7, 23, 59), code="wrong_address")], at(9))
    assert (early.state, early.silent, early.code) == ("answered", False, "wrong_address")


def test_the_objection_has_its_days_from_the_answer():
    assert stand([NO], 3).until.day == date(2026, 3, 9)
    assert stand([NO, OBJECT], 5).until.day == date(2026, 3, 13)
    assert stand([], 8).until.day == date(2026, 3, 15)  # silence spoke when the tenth began


def test_a_message_that_comes_again_says_nothing():
    no, objection = said("refused", 2, key=1), said("objection", 4, key=2)
    again = [no._replace(at=at(5)), objection._replace(at=at(6))]
    assert stand([no, objection, *again], 7) == stand([no, objection], 7)


def test_grants_have_their_days():
    found = stand([PART, OBJECT, said("accepted", 6)], 7)
    assert found.grants == ((date(2026, 3, 4), D(40)), (date(2026, 3, 8), D("60")))
    # Midnight of Shanghai is four in the afternoon.
    there = stand([said("accepted", 2, hour=16)], 3, TERMS._replace(zone="Asia/Shanghai"))
    assert there.grants == ((date(2026, 3, 5), D(100)),)


def test_nobody_works_on_the_holiday():
    terms = MILD._replace(answer=Window(days=7, workday=True), holidays=frozenset({date(2026, 3, 9)}))
    assert (stand([], 8, terms).state, stand([], 9, terms).state) == ("waiting", "closed")


def test_before_it_is_handed_in():
    until = Deadline("open", date(2026, 2, 28), date(2026, 3, 7), at(6, 0))
    claim = hundred(deadline=until)
    for sent in (None, at(3)):
        found = follow(claim, TERMS, sent, [], at(1))
        assert (found.state, found.waiting, found.until) == ("draft", 100, until)
    assert follow(claim, TERMS, at(5, 23), [], at(7)).notes == ()
    late = follow(claim, TERMS, at(6, 0), [], at(7))
    assert (late.state, late.notes) == ("waiting", (("sent_late", {"day": date(2026, 3, 7)}),))
    assert follow(Claim("supplier", D(100), refused=(("no_terms", {}),)), TERMS, at(1), [YES], at(7)).state == "refused"
