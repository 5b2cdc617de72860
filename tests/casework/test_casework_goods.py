"""What happened to the goods, whatever was said."""

import pytest
from case_world import BACK, KEEP, LAMP, TO_US, D, case, codes, day, offer

YES = (2, "agent", "accept", BACK)
ALL, FOUND = {"lamp": 2, "rug": 1}, {("lamp", "as_new"): 2, ("rug", "worn"): 1}
SENT = (3, "customer", "send", "A", ALL)
CAME = (5, "system", "arrive", "A")

# What happened | reception | of the lamps: sent, received, inspected, still missing | flags
LIVES = {
    "asked": ([], "none", (0, 0, 0, 0), []),
    "accepted": ([YES], "awaited", (0, 0, 0, 2), []),
    "kept": ([(2, "agent", "accept", KEEP)], "none", (0, 0, 0, 0), []),
    "refused": ([(2, "agent", "refuse")], "none", (0, 0, 0, 0), []),
    "sent": ([YES, SENT], "on_the_way", (2, 0, 0, 2), []),
    "scanned without being announced": ([YES, (4, "system", "move", "A")], "on_the_way", (0, 0, 0, 2), []),
    "arrived by the carrier's word": ([YES, SENT, CAME], "received", (2, 2, 0, 0), []),
    "arrived, nobody knows what": ([YES, CAME], "partly", (0, 0, 0, 2), []),
    "counted": ([YES, SENT, CAME, (6, "supplier", "receive", "A", ALL)], "received", (2, 2, 0, 0), []),
    "counted without being announced": ([YES, (6, "supplier", "receive", "A", ALL)], "received", (0, 2, 0, 0), []),
    "counted and counted again": (
        [YES, SENT, (6, "supplier", "receive", "A", {"lamp": 1, "rug": 1}), (7, "agent", "receive", "A", {"lamp": 2})],
        "received", (2, 2, 0, 0), []),
    "inspected": ([YES, SENT, CAME, (6, "supplier", "inspect", "A", FOUND)], "inspected", (2, 2, 2, 0), []),
    "one lamp looked at": (
        [YES, SENT, CAME, (6, "supplier", "receive", "A", ALL), (7, "supplier", "inspect", "A", {("lamp", "worn"): 1})],
        "received", (2, 2, 1, 0), []),
    "looked at line by line": (
        [YES, SENT, (6, "supplier", "inspect", "A", {("lamp", "as_new"): 1, ("lamp", "worn"): 1}),
         (7, "supplier", "inspect", "A", {("rug", "worn"): 1})], "inspected", (2, 2, 2, 0), []),
    "in two parcels, one still on its way": (
        [YES, (3, "guest", "send", "A", {"lamp": 2}), (4, "guest", "send", "B", {"rug": 1}), CAME],
        "partly", (2, 2, 0, 0), []),
    "a part, and no more": (
        [YES, (3, "guest", "send", "A", {"lamp": 2}), CAME, (6, "guest", "not_coming"),
         (7, "supplier", "inspect", "A", {("lamp", "as_new"): 2})], "inspected", (2, 2, 2, 0), []),
    "called off while a part is on its way": (
        [YES, (3, "guest", "send", "A", {"lamp": 2}), (4, "guest", "not_coming")], "on_the_way", (2, 0, 0, 2), []),
    "and that part came": (
        [YES, (3, "guest", "send", "A", {"lamp": 2}), (4, "guest", "not_coming"), CAME],
        "received", (2, 2, 0, 0), []),
    "not coming": ([YES, (9, "system", "not_coming")], "not_coming", (0, 0, 0, 2), []),
    "sent although called off": (
        [YES, (3, "system", "not_coming"), (4, "guest", "send", "A", ALL)], "on_the_way", (2, 0, 0, 2),
        ["came_after_all"]),
    "come although called off": ([YES, (3, "system", "not_coming"), (6, "supplier", "receive", "A", ALL)],
                                 "received", (0, 2, 0, 0), ["came_after_all"]),
    "lost": ([YES, SENT, (9, "system", "lose", "A")], "not_coming", (2, 0, 0, 0), ["lost"]),
    "lost and found": ([YES, SENT, (4, "system", "lose", "A"), CAME], "received", (2, 2, 0, 0), ["came_after_all"]),
    "sent although refused": ([(2, "agent", "refuse"), SENT], "on_the_way", (2, 0, 0, 0), ["unasked"]),
    "came although refused": ([(2, "agent", "refuse"), SENT, CAME], "received", (2, 2, 0, 0), ["unasked"]),
    "sent before we answered": ([SENT], "on_the_way", (2, 0, 0, 0), ["unasked"]),
    "sent before we accepted": ([SENT, (4, "agent", "accept", BACK)], "on_the_way", (2, 0, 0, 2), []),
    "more than accepted": ([YES, SENT, (6, "supplier", "receive", "A", {"lamp": 3, "rug": 1})],
                           "received", (2, 3, 0, 0), ["too_many"]),
    "fewer than announced": ([YES, SENT, (6, "supplier", "receive", "A", {"lamp": 1, "rug": 1})],
                             "partly", (2, 1, 0, 1), ["short"]),
    "an empty box": ([YES, SENT, CAME, (6, "supplier", "receive", "A", {"lamp": 0})],
                     "partly", (2, 0, 0, 2), ["short", "short"]),
    "other goods in the box": ([YES, SENT, (6, "supplier", "inspect", "A", {("brick", "worn"): 1, **FOUND})],
                               "inspected", (2, 2, 2, 0), ["other_goods"]),
    "only other goods": ([YES, (6, "supplier", "receive", "A", {"brick": 1})],
                         "partly", (0, 0, 0, 2), ["other_goods"]),
    "nobody looked": ([YES, SENT, CAME, (9, "system", "deem", "A")], "inspected", (2, 2, 2, 0), []),
    "an answer after we closed for him": (
        [YES, SENT, CAME, (9, "system", "deem", "A"), (10, "supplier", "inspect", "A", {("rug", "broken"): 1})],
        "inspected", (2, 2, 2, 0), ["late_answer"]),
    "a scan after the end": (
        [YES, SENT, CAME, (6, "supplier", "inspect", "A", FOUND), (7, "agent", "resolve", 1), (8, "agent", "close"),
         (9, "system", "move", "A")], "inspected", (2, 2, 2, 0), ["after_closing"]),
    "paid first, never sent": (
        [(2, "agent", "accept", BACK._replace(after="")), (3, "agent", "resolve", 1), (9, "system", "not_coming")],
        "not_coming", (0, 0, 0, 2), ["resolved_not_sent"]),
}  # fmt: skip


@pytest.mark.parametrize("rows, reception, lamps, flags", LIVES.values(), ids=LIVES)
def test_where_the_goods_are(rows, reception, lamps, flags):
    found = case(*rows)
    line = found.line("lamp")
    assert found.reception == reception
    assert (line.sent, line.received, line.checked, line.missing) == lamps
    assert codes(found.flags) == flags


def test_conditions():
    one_of_each = {("lamp", "as_new"): 1, ("lamp", "worn"): 1, ("rug", "worn"): 1}
    rows = [YES, SENT, (6, "supplier", "inspect", "A", one_of_each)]
    assert case(*rows).line("lamp").inspected == (("as_new", D(1)), ("worn", D(1)))
    # The newest look at a line is right for all of it, and only for it.
    again = case(*rows, (7, "agent", "inspect", "A", {("lamp", "broken"): 2}))
    assert again.line("lamp").inspected == (("broken", D(2)),)
    assert again.line("rug").inspected == (("worn", D(1)),)


def test_what_nobody_looked_at_is_as_sent():
    rows = [YES, SENT, CAME, (6, "supplier", "inspect", "A", {("lamp", "broken"): 1}), (9, "system", "deem", "A")]
    found = case(*rows, (10, "supplier", "inspect", "A", {("lamp", "broken"): 2}))
    assert found.line("lamp").inspected == (("broken", D(1)),)
    assert found.line("rug").inspected == (("as_sent", D(1)),)
    assert found.ignored == ((6, "late_answer"),)
    # We may still look ourselves.
    assert case(*rows, (10, "agent", "inspect", "A", {("rug", "worn"): 1})).line("rug").inspected == (("worn", D(1)),)


def test_strangers_and_too_many():
    found = case(YES, SENT, (6, "supplier", "receive", "A", {"lamp": 4, "rug": 1, "brick": 2}))
    assert found.strangers == (("brick", D(2)),)
    assert [flag.figures for flag in found.flags] == [
        {"what": "brick", "quantity": D(2)}, {"line": "lamp", "quantity": D(2)},
    ]  # fmt: skip
    one = case((2, "agent", "accept", offer("return", to="us", lines=LAMP)), SENT, CAME)
    assert [flag.figures["line"] for flag in one.flags] == ["lamp", "rug"]


def test_goods_do_not_change_what_was_said():
    """A scan that comes late cannot bring back what was cancelled."""
    rows = [(2, "agent", "accept", TO_US), (6, "customer", "cancel")]
    found = case(*rows, (4, "system", "move", "A"), (8, "system", "arrive", "A"))
    assert (found.acceptance, found.bound, found.reception) == ("cancelled", (), "received")
    assert (codes(found.flags), found.person) == (["unasked"], day(8))


def test_an_agent_s_act_ends_the_need_to_look():
    rows = [(2, "agent", "refuse"), SENT, CAME]
    assert case(*rows).person == day(5)
    assert case(*rows, (6, "agent", "inspect", "A", FOUND)).person is None
    assert case(*rows, (6, "supplier", "receive", "A", ALL)).person == day(6)
