"""What was said: offers and counter-offers, silence, the law, the end and what comes after it."""

import pytest
from case_world import BACK, KEEP, LAMP, D, case, codes, day, offer

LESS, MORE = offer("keep", amount=D(5)), offer("keep", amount=D(20))
BY_FIVE = KEEP._replace(until=day(5))
LAW = offer("withdrawal", to="supplier", after="sent")
LAW_LAMP = offer("withdrawal", to="supplier", after="sent", lines=LAMP)

# What is said, day by day | acceptance | the offers that bind | what changes nothing, and why
TALKS = {
    "nothing yet": ([], "asked", [], []),
    "granted as asked": ([(2, "agent", "accept", BACK)], "accepted", [(1, "granted")], []),
    "refused": ([(2, "system", "refuse")], "refused", [], []),
    "an offer": ([(2, "agent", "offer", KEEP)], "negotiating", [], []),
    "an offer taken": ([(2, "agent", "offer", KEEP), (3, "guest", "take", 1)], "accepted", [(1, "taken")], []),
    "taken twice": (
        [(2, "agent", "offer", KEEP), (3, "guest", "take", 1), (3, "customer", "take", 1), (9, "guest", "take", 1)],
        "accepted", [(1, "taken")], []),
    "a counter-offer taken": (
        [(2, "agent", "offer", LESS), (3, "customer", "offer", MORE), (4, "agent", "take", 2)],
        "accepted", [(2, "taken")], []),
    "the older offer": (
        [(2, "agent", "offer", LESS), (3, "customer", "offer", MORE), (4, "customer", "take", 1)],
        "negotiating", [], [(3, "superseded")]),
    "one's own offer": (
        [(2, "customer", "offer", MORE), (3, "guest", "take", 1), (4, "customer", "decline", 1)],
        "negotiating", [], [(2, "own_offer"), (3, "own_offer")]),
    "the system's offer is ours": (
        [(2, "system", "offer", LESS), (3, "agent", "take", 1)], "negotiating", [], [(2, "own_offer")]),
    "no such offer": ([(2, "customer", "take", 7)], "asked", [], [(1, "unknown_offer")]),
    "declined, then taken": (
        [(2, "agent", "offer", LESS), (3, "customer", "decline", 1), (3, "customer", "decline", 1),
         (4, "customer", "take", 1)], "negotiating", [], [(4, "declined")]),
    "declined does not bring the older back": (
        [(2, "agent", "offer", MORE), (3, "agent", "offer", LESS), (4, "guest", "decline", 2), (5, "guest", "take", 1)],
        "negotiating", [], [(4, "superseded")]),
    "an offer after the deal": (
        [(2, "agent", "offer", LESS), (3, "guest", "take", 1), (4, "guest", "offer", MORE),
         (5, "agent", "accept", MORE), (6, "agent", "refuse")],
        "accepted", [(1, "taken")], [(3, "bound"), (4, "bound"), (5, "bound")]),
    "just in time": (
        [(2, "agent", "offer", BY_FIVE), (day(5, 8), "customer", "take", 1)], "accepted", [(1, "taken")], []),
    "at its end": (
        [(2, "agent", "offer", BY_FIVE), (5, "customer", "take", 1)], "negotiating", [], [(2, "expired")]),
    "over when it was made": ([(6, "agent", "offer", BY_FIVE)], "asked", [], [(1, "expired")]),
    "granted while an offer waits": (
        [(2, "customer", "offer", MORE), (3, "agent", "accept", BACK), (4, "agent", "take", 1)],
        "accepted", [(2, "granted")], [(3, "superseded")]),
    "refused while an offer waits": (
        [(2, "agent", "offer", LESS), (3, "agent", "refuse"), (4, "customer", "take", 1), (5, "guest", "offer", MORE)],
        "refused", [], [(3, "refused"), (4, "refused")]),
    "the shop thinks again": (
        [(2, "agent", "refuse"), (3, "agent", "offer", LESS), (4, "customer", "take", 2)],
        "accepted", [(2, "taken")], []),
    "cancelled": (
        [(2, "agent", "offer", LESS), (3, "customer", "cancel"), (3, "guest", "cancel"), (4, "customer", "take", 1),
         (5, "agent", "offer", MORE)], "cancelled", [], [(4, "cancelled"), (5, "cancelled")]),
    "cancelled after the deal": (
        [(2, "agent", "accept", BACK), (3, "customer", "cancel"), (4, "agent", "resolve", 1)],
        "cancelled", [], [(3, "not_bound")]),
    "too late to cancel": (
        [(2, "agent", "accept", KEEP), (3, "agent", "resolve", 1), (4, "guest", "cancel")],
        "accepted", [(1, "granted")], [(3, "resolved")]),
    "cancelled after a refusal": (
        [(2, "agent", "refuse"), (3, "guest", "cancel")], "refused", [], [(2, "refused")]),
    "words after the end": (
        [(2, "agent", "offer", LESS), (3, "agent", "close"), (4, "guest", "take", 1), (5, "guest", "offer", MORE),
         (6, "agent", "refuse"), (7, "guest", "cancel")],
        "negotiating", [], [(3, "closed"), (4, "closed"), (5, "closed"), (6, "closed")]),
    "by law": ([(2, "guest", "withdraw", LAW)], "accepted", [(1, "law")], []),
    "by law, twice": (
        [(2, "guest", "withdraw", LAW), (2, "customer", "withdraw", LAW)], "accepted", [(1, "law")], []),
    "by law although refused": (
        [(2, "agent", "refuse"), (3, "customer", "withdraw", LAW)], "accepted", [(2, "law")], []),
    "the law is not refused": (
        [(2, "guest", "withdraw", LAW), (3, "agent", "refuse"), (3, "agent", "offer", LESS), (4, "guest", "cancel")],
        "accepted", [(1, "law")], [(2, "bound"), (3, "bound"), (4, "withdrawn")]),
    "the law ends the offers": (
        [(2, "agent", "offer", LESS), (3, "guest", "withdraw", LAW), (4, "guest", "take", 1)],
        "accepted", [(2, "law")], [(3, "withdrawn")]),
    "the law before an agreement not carried out": (
        [(2, "agent", "accept", KEEP), (3, "guest", "withdraw", LAW)], "accepted", [(2, "law")], []),
    "one piece by law, the rest refused": (
        [(2, "guest", "withdraw", LAW_LAMP), (3, "agent", "refuse")], "refused", [(1, "law")], []),
    "no offer about what was withdrawn": (
        [(2, "guest", "withdraw", LAW_LAMP), (3, "agent", "offer", KEEP)], "asked", [(1, "law")], [(2, "too_many")]),
    "after a bad score everything can be negotiated": (
        [(2, "guest", "withdraw", LAW), (3, "agent", "resolve", 1), (4, "agent", "close"), (5, "guest", "score", 1),
         (6, "agent", "offer", KEEP), (7, "guest", "take", 5)], "accepted", [(1, "law"), (5, "taken")], []),
    "by law after the end": (
        [(2, "agent", "refuse"), (3, "agent", "close"), (4, "guest", "withdraw", LAW)],
        "accepted", [(3, "law")], []),
}  # fmt: skip


@pytest.mark.parametrize("rows, acceptance, bound, ignored", TALKS.values(), ids=TALKS)
def test_what_was_said(rows, acceptance, bound, ignored):
    found = case(*rows)
    assert found.acceptance == acceptance
    assert [(one.key, one.how) for one in found.bound] == bound
    assert list(found.ignored) == ignored


def test_by_law_and_by_agreement():
    """What was carried out stays; both then stand beside each other, and a person sees to it."""
    rows = [(2, "agent", "accept", KEEP), (3, "agent", "resolve", 1), (4, "guest", "withdraw", LAW)]
    found = case(*rows)
    assert ([one.how for one in found.bound], codes(found.flags)) == (["granted", "law"], ["withdrawn_after_deal"])
    assert found.person == day(4)
    assert (found.line("lamp").accepted, found.line("lamp").back) == (2, 2)
    assert case(*rows, (5, "guest", "withdraw", LAW)).bound == found.bound


def test_more_than_asked_by_law_is_what_was_asked():
    found = case((2, "guest", "withdraw", offer("withdrawal", to="us", lines=(("lamp", 9),))))
    assert found.bound[0].offer.lines == (("lamp", D(2)),)
    found = case((2, "guest", "withdraw", LAW_LAMP), (3, "guest", "withdraw", LAW))
    assert [one.offer.lines for one in found.bound] == [(("lamp", D(1)),), (("lamp", D(1)), ("rug", D(1)))]


# Who is silent | the rule | acceptance | who acts then
SILENCES = [
    ("agent", "accept", "accepted", False),
    ("agent", "refuse", "negotiating", False),
    ("agent", "person", "negotiating", True),
    ("customer", "accept", "accepted", False),
    ("guest", "refuse", "negotiating", False),
    ("guest", "person", "negotiating", True),
]


@pytest.mark.parametrize("by, rule, acceptance, person", SILENCES)
def test_silence(by, rule, acceptance, person):
    rows = [(2, by, "offer", BY_FIVE._replace(silence=rule))]
    before, after = case(*rows, now=day(5, 8)), case(*rows, now=5)
    assert (before.acceptance, before.offer.key, before.person) == ("negotiating", 1, None)
    assert (after.acceptance, after.offer) == (acceptance, None)
    assert after.person == (day(5) if person else None)
    assert [(one.how, one.at) for one in after.bound] == ([("silence", day(5))] if rule == "accept" else [])
    # Whoever speaks later finds it as silence left it.
    answer = (6, "customer" if by == "agent" else "agent", "decline", 1)
    assert case(*rows, answer).acceptance == acceptance
    assert case(*rows, answer).ignored == ((2, "expired"),)


def test_carried_out_once():
    found = case((2, "agent", "accept", KEEP), (3, "agent", "resolve", 1), (4, "system", "resolve", 1))
    assert (found.bound[0].resolved, found.unresolved, found.ignored) == (day(3), (), ())


DONE = [(2, "agent", "accept", KEEP), (3, "agent", "resolve", 1), (4, "system", "close")]
# Scores, the limit is 2 within 14 days of the fourth | open again since | the score
SCORES = {
    "good": ([(5, "customer", "score", 5)], None, 5),
    "just good": ([(5, "customer", "score", 3)], None, 3),
    "bad": ([(5, "guest", "score", 2)], day(5), 2),
    "on the last day": ([(day(18, 8), "guest", "score", 1)], day(18, 8), 1),
    "too late": ([(18, "guest", "score", 1)], None, 1),
    "bad, after a good one": ([(5, "guest", "score", 4), (6, "guest", "score", 1)], day(6), 1),
    "bad twice": ([(5, "guest", "score", 1), (6, "guest", "score", 2)], day(5), 2),
    "no number": ([(5, "guest", "score", D("NaN"))], None, None),
}


@pytest.mark.parametrize("rows, reopened, score", SCORES.values(), ids=SCORES)
def test_satisfaction(rows, reopened, score):
    found = case(*DONE, *rows)
    assert (found.reopened, found.score) == (reopened, score)
    assert (found.closed, found.acceptance) == ((None, "asked") if reopened else (day(4), "accepted"))
    assert found.person == reopened
    assert [one.resolved for one in found.bound] == [day(3)]


def test_a_bad_score_opens_only_once():
    again = [*DONE, (5, "guest", "score", 1), (6, "agent", "offer", KEEP), (7, "guest", "take", 5)]
    found = case(*again)
    assert [(one.key, one.how) for one in found.bound] == [(1, "granted"), (5, "taken")]
    assert found.line("lamp").accepted == 2
    ended = case(*again, (8, "agent", "resolve", 5), (9, "system", "close"), (10, "guest", "score", 1))
    assert (ended.closed, ended.reopened, ended.score) == (day(9), day(5), 1)
    before = case(*DONE[:2], (3, "guest", "score", 1))
    assert (before.reopened, before.closed) == (None, None)


@pytest.mark.parametrize("answers, approval, flags, ignored", [
    ([], "waiting", [], ()),
    ([(3, "supplier", "approve")], "given", [], ()),
    ([(3, "supplier", "disapprove")], "refused", ["disapproved"], ()),
    ([(3, "supplier", "disapprove"), (4, "supplier", "approve")], "given", [], ()),
    ([(3, "system", "approve"), (4, "supplier", "disapprove")], "given", ["late_answer"], ((3, "late_answer"),)),
    ([(3, "agent", "redirect"), (4, "supplier", "disapprove")], "", ["late_answer"], ((3, "late_answer"),)),
])  # fmt: skip
def test_the_supplier_is_asked_first(answers, approval, flags, ignored):
    found = case((2, "agent", "accept", BACK), *answers, approval=True)
    assert (found.approval, codes(found.flags), found.ignored) == (approval, flags, ignored)
    assert found.to == ("us" if answers and answers[0][2] == "redirect" else "supplier")
