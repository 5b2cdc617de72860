"""Credit notes before, after, never, twice and with another amount; what goes on which statement."""

from datetime import date
from decimal import Decimal as D

import pytest
from claim_world import MONDAY, at, codes, full, hundred, loss, raised
from claiming import Credit, Event, Standing, Window, balance, follow, settle

TERMS = full(answer=Window(days=30), objection=Window(days=30))
WAITING = follow(hundred(), TERMS, MONDAY, [], at(2))
GRANTED = follow(hundred(), TERMS, MONDAY, [Event("accepted", at(2))], at(9))  # on 4 March
PARTLY = follow(hundred(), TERMS, MONDAY, [Event("partly", at(2), D(60))], at(9))
PARTLY_CLOSED = follow(hundred(), TERMS, MONDAY, [Event("partly", at(2), D(60))], at(90))
REFUSED = follow(hundred(), TERMS, MONDAY, [Event("refused", at(2))], at(90))


def note(key, amount, day=10, **more):
    return Credit(key, D(amount), date(2026, 3, day), **more)


# Credits → settled, open, ahead, extra, what is named
CREDITS = [
    ("never", GRANTED, (), "0", "100", "0", "0", []),
    ("after", GRANTED, (note(1, "100"),), "100", "0", "0", "0", []),
    ("before the answer", WAITING, (note(1, "100"),), "0", "0", "100", "0", ["credited_ahead"]),
    ("before, and then accepted", GRANTED, (note(1, "100", 1),), "100", "0", "0", "0", []),
    ("before, and then refused", REFUSED, (note(1, "100", 1),), "0", "0", "0", "100", ["credited_without_grant"]),
    ("more than is claimed, before", WAITING, (note(1, "130"),), "0", "0", "100", "30",
     ["credited_more", "credited_ahead"]),
    ("in two parts", GRANTED, (note(1, "30"), note(2, "70")), "100", "0", "0", "0", []),
    ("less", GRANTED, (note(1, "99.99"),), "99.99", "0.01", "0", "0", ["credited_less"]),
    ("more", GRANTED, (note(1, "120"),), "100", "0", "0", "20", ["credited_more"]),
    ("the same document twice", GRANTED, (note(1, "100"), note(1, "100")), "100", "0", "0", "0", []),
    ("another document for it", GRANTED, (note(1, "100"), note(2, "100", 12)), "100", "0", "0", "100",
     ["credited_twice"]),
    ("taken off by us, then his note", GRANTED, (note("statement 3", "100"), note(1, "80", 20)),
     "100", "0", "0", "80", ["credited_twice"]),
    ("the document was changed", GRANTED, (note(1, "100"), note(1, "90", 12)), "100", "0", "0", "0",
     ["document_differs"]),
    ("all of it, before the rest is granted", PARTLY, (note(1, "100"),), "60", "0", "40", "0", ["credited_ahead"]),
    ("all of it, the rest is refused", PARTLY_CLOSED, (note(1, "100"),), "60", "0", "0", "40", ["credited_more"]),
    ("another currency", GRANTED, (note(1, "100", currency="CNY"),), "0", "100", "0", "0", ["other_currency"]),
    ("no number", GRANTED, (note(1, "NaN"),), "0", "100", "0", "0", ["not_a_number"]),
    ("less than nothing", GRANTED, (note(1, "-5"),), "0", "100", "0", "0", ["negative"]),
    ("half a cent", GRANTED, (note(1, "0.005"),), "0", "100", "0", "0", ["not_whole"]),
]  # fmt: skip


@pytest.mark.parametrize("name, standing, credits, settled, left, ahead, extra, notes", CREDITS,
                         ids=[row[0] for row in CREDITS])  # fmt: skip
def test_credits(name, standing, credits, settled, left, ahead, extra, notes):
    found = settle(hundred(), standing, TERMS, credits, "month")
    assert (found.settled, found.open, found.ahead, found.extra) == tuple(map(D, (settled, left, ahead, extra)))
    assert codes(found.notes) == notes
    assert sum(amount for _day, amount in found.statements) == found.open


def test_differences_have_figures():
    notes = settle(hundred(), GRANTED, TERMS, [note(1, "80")]).notes
    assert notes == (("credited_less", {"granted": D(100), "amount": D(80), "difference": D(20)}),)
    notes = settle(hundred(), GRANTED, TERMS, [note(1, "70"), note(2, "100", 12)]).notes
    assert notes == (("credited_more", {"key": 2, "amount": D(70)}),)
    notes = settle(hundred(), GRANTED, TERMS, [note(1, "90", 12), note(1, "100")]).notes  # the first day's counts
    assert notes == (("document_differs", {"key": 1, "amount": D(100), "difference": D(-10)}),)


# Granted on 4 March → the statement it is on
STATEMENTS = [
    ("week", None, "2026-03-08"),
    ("half", None, "2026-03-15"),
    ("month", None, "2026-03-31"),
    ("month", date(2026, 2, 28), "2026-03-31"),
    ("month", date(2026, 3, 31), "2026-04-30"),
    ("half", date(2026, 3, 31), "2026-04-15"),
    ("week", date(2026, 3, 8), "2026-03-15"),
    ("never", date(2026, 3, 31), "None"),
]


@pytest.mark.parametrize("every, closed, day", STATEMENTS)
def test_the_next_statement(every, closed, day):
    found = settle(hundred(), GRANTED, TERMS, [], every, closed)
    assert [(str(end), amount) for end, amount in found.statements] == [(day, 100)]
    assert settle(hundred(), GRANTED, TERMS, [note(1, "100")], every, closed).statements == ()


def test_each_grant_on_its_statement():
    grants = ((date(2026, 3, 31), D(60)), (date(2026, 4, 1), D(40)))
    standing = Standing("closed", "accepted", granted=D(100), grants=grants)
    march, april = date(2026, 3, 31), date(2026, 4, 30)

    def statements(*credits, closed=None):
        return settle(hundred(), standing, TERMS, credits, "month", closed).statements

    assert statements() == ((march, 60), (april, 40))
    assert statements(closed=march) == ((april, 100),)
    assert statements(note(1, "75")) == ((april, 25),)
    assert statements(note(1, "25")) == ((march, 35), (april, 40))


def test_what_is_not_netted():
    """A carrier pays: it is open until the money is there."""
    found = settle(hundred(), GRANTED, TERMS._replace(netted=False), [], "month")
    assert (found.open, found.statements) == (100, ())


def test_the_balance():
    found = raised(loss(), full())  # 100 lost, 60 claimed
    waiting = follow(found.claims[0], full(), None, [], at(0))
    assert balance(found, [waiting])[1:] == (0, 60, 40, 0)
    granted = follow(found.claims[0], full(), MONDAY, [Event("partly", at(1), D("45.50"))], at(2))
    assert balance(found, [granted])[1:] == (D("45.50"), 0, D("54.50"), 0)
    assert balance(found, [])[1:] == (0, 0, 100, 0)
    assert balance(found, [Standing("closed", granted=D(130))])[1:] == (130, 0, 0, 30)
