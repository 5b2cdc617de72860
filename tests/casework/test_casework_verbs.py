"""What can be done, by whom, and what the customer is told, at every step of a life."""

import pytest
from case_world import BACK, KEEP, RULES, case, day, offer, plain, stage, verbs
from casework import MAY, STAGES, dues

YES = (2, "agent", "accept", BACK)
ALL = {"lamp": 2, "rug": 1}
SENT, CAME = (3, "customer", "send", "A", ALL), (5, "system", "arrive", "A")
FOUND = (6, "supplier", "inspect", "A", {("lamp", "as_new"): 2, ("rug", "worn"): 1})
PAID, END = (7, "agent", "resolve", 1), (8, "agent", "close")
LAW = offer("withdrawal", to="supplier", after="sent")
OFFERED = (2, "agent", "offer", KEEP)

# A life so far | the stage | verbs of the customer | of an agent | of the supplier
STEPS = {
    "asked": ([], "asked", "offer cancel withdraw", "offer accept refuse cancel withdraw", ""),
    "our offer": ([OFFERED], "your_turn", "offer take decline cancel withdraw",
                  "offer accept refuse cancel withdraw", ""),
    "the customer's offer": ([(2, "guest", "offer", KEEP)], "our_turn", "offer cancel withdraw",
                             "offer take decline accept refuse cancel withdraw", ""),
    "declined": ([OFFERED, (3, "guest", "decline", 1)], "asked", "offer cancel withdraw",
                 "offer accept refuse cancel withdraw", ""),
    "kept": ([OFFERED, (3, "guest", "take", 1)], "in_work", "cancel withdraw", "cancel withdraw resolve", ""),
    "kept and paid": ([(2, "agent", "accept", KEEP), PAID], "done", "withdraw", "withdraw close", ""),
    "accepted": ([YES], "send", "cancel withdraw send not_coming",
                 "cancel withdraw resolve send move arrive receive inspect not_coming", "receive inspect"),
    "on the way": ([YES, SENT], "on_the_way", "withdraw send not_coming",
                   "withdraw resolve send move arrive lose receive inspect not_coming", "receive inspect"),
    "there": ([YES, SENT, CAME], "arrived", "withdraw", "withdraw resolve receive inspect deem",
              "receive inspect"),
    "inspected": ([YES, SENT, CAME, FOUND], "checked", "withdraw", "withdraw resolve receive inspect",
                  "receive inspect"),
    "paid": ([YES, SENT, CAME, FOUND, PAID], "done", "withdraw", "withdraw close receive inspect", "receive inspect"),
    "ended": ([YES, SENT, CAME, FOUND, PAID, END], "done", "withdraw score", "withdraw receive inspect",
              "receive inspect"),
    "bad score": ([YES, SENT, CAME, FOUND, PAID, END, (9, "guest", "score", 1)], "asked", "offer withdraw",
                  "offer accept refuse withdraw receive inspect", "receive inspect"),
    "we closed for him": ([YES, SENT, CAME, (9, "system", "deem", "A")], "checked", "withdraw",
                          "withdraw resolve receive inspect", ""),
    "half": ([YES, (3, "guest", "send", "A", {"lamp": 2}), CAME], "partly", "withdraw send not_coming",
             "withdraw resolve send move arrive receive inspect deem not_coming", "receive inspect"),
    "not sent": ([YES, (9, "system", "not_coming")], "not_sent", "cancel withdraw send",
                 "cancel withdraw resolve close send move arrive receive inspect", "receive inspect"),
    "not sent, ended": ([YES, (9, "system", "not_coming"), (10, "system", "close")], "not_sent",
                        "withdraw score send", "withdraw resolve send move arrive receive inspect", "receive inspect"),
    "by law": ([(2, "guest", "withdraw", LAW)], "send", "send not_coming",
               "resolve send move arrive receive inspect not_coming", "receive inspect"),
    "refused": ([(2, "agent", "refuse")], "refused", "withdraw", "offer accept withdraw close", ""),
    "refused and sent": ([(2, "agent", "refuse"), SENT], "unasked", "withdraw",
                         "offer accept withdraw close move arrive lose receive inspect", ""),
    "cancelled": ([(2, "guest", "cancel")], "cancelled", "withdraw", "withdraw close", ""),
    "refused, ended": ([(2, "agent", "refuse"), (3, "system", "close")], "refused", "withdraw score", "withdraw", ""),
}  # fmt: skip


@pytest.mark.parametrize("rows, told, customer, agent, supplier", STEPS.values(), ids=STEPS)
def test_step(rows, told, customer, agent, supplier):
    found = case(*rows)
    assert stage(found) == told
    assert " ".join(verbs(found, "customer")) == " ".join(verbs(found, "guest")) == customer
    assert " ".join(verbs(found, "agent")) == agent
    assert " ".join(verbs(found, "supplier")) == supplier


def test_every_stage_is_met():
    met = {row[1] for row in STEPS.values()} | {stage(case(YES, approval=True))}
    assert met == set(STAGES)


def test_nothing_is_sent_before_the_supplier_agreed():
    found = case(YES, approval=True)
    assert (stage(found), "send" in verbs(found, "customer")) == ("preparing", False)
    assert verbs(found, "supplier") == ("approve", "disapprove")
    assert "redirect" in verbs(found, "agent")
    given = case(YES, (3, "supplier", "approve"), approval=True)
    assert (stage(given), "send" in verbs(given, "customer"), "redirect" in verbs(given, "agent")) == (
        "send", True, False)  # fmt: skip
    ours = case(YES, (3, "supplier", "disapprove"), (4, "agent", "redirect"), approval=True)
    assert (stage(ours), ours.to, verbs(ours, "supplier")) == ("send", "us", ())


@pytest.mark.parametrize("rows, now, verb", [
    ([YES], 12, "not_coming"),
    ([YES, SENT, CAME], 7, "deem"),
    ([YES, SENT, CAME, FOUND, PAID], 8, "close"),
])  # fmt: skip
def test_the_system_waits_for_its_time(rows, now, verb):
    early, late = (case(*rows, now=day(now, 0) if first else now) for first in (True, False))
    assert verb not in verbs(early, "system", dues(early, RULES, plain, day(now, 0)))
    assert verb in verbs(late, "system", dues(late, RULES, plain, day(now)))


def test_what_a_person_may_not_do_is_not_done():
    """Whoever writes an event he has no right to, it changes nothing."""
    for code, allowed in MAY.items():
        for by in {"customer", "guest", "agent", "supplier", "system", "nobody"} - set(allowed):
            found = case((2, by, code, 1 if code in ("take", "decline", "resolve", "score") else KEEP))
            assert (found.acceptance, found.reception, found.ignored) == ("asked", "none", ((1, "not_allowed"),))


def test_what_can_be_done_counts():
    """Each verb that takes no more than its name, and is possible, is not ignored."""
    simple = {"refuse", "cancel", "approve", "disapprove", "redirect", "close", "not_coming"}
    for rows, *_rest in STEPS.values():
        for approval in (False, True):
            found = case(*rows, approval=approval)
            for who in ("customer", "agent", "supplier"):
                for verb in simple.intersection(verbs(found, who)):
                    after = case(*rows, (40, who, verb), approval=approval)
                    assert after.ignored == found.ignored and after != found
