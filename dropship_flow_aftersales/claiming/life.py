"""What was answered to a claim: the first answer binds, an objection asks once more, silence follows the terms."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from .checks import money_problem
from .facts import ZERO
from .shared import ENDLESS, Deadline


class Event(NamedTuple):
    """
    :param str kind: accepted, partly, refused: of the party; objection: of ours
    :param amount: granted in all; None where all or nothing is said
    :param str code: why it was refused
    :param currency: empty: the claim's
    :param key: of the message; the same one twice is one
    """

    kind: str
    at: datetime
    amount: Decimal | None = None
    code: str = ""
    currency: str = ""
    key: object = None


class Standing(NamedTuple):
    """
    :param str state: refused (nothing to hand in), draft, waiting (for an answer), overdue (the same, and nothing
        follows of silence), answered (we may object), objected (waiting for the second answer), closed
    :param str answer: accepted, partly, refused; empty: none yet
    :param bool silent: nobody said so, the terms do
    :param granted: binds
    :param waiting: may be granted still
    :param lost: of the claim, for good
    :param tuple grants: (date there, amount) they add up to what is granted
    :param Deadline until: of the answer or the objection that is possible now
    :param str code: why it was refused
    :param tuple notes: (code, {figure: value}): what did not count, and the difference
    """

    state: str
    answer: str = ""
    silent: bool = False
    granted: Decimal = ZERO
    waiting: Decimal = ZERO
    lost: Decimal = ZERO
    grants: tuple = ()
    until: Deadline = ENDLESS
    code: str = ""
    notes: tuple = ()


def follow(claim, terms, sent, events, now):
    """
    :param Claim claim: its deadline and amounts as it was handed in
    :param datetime sent: naive UTC; None: not yet
    :param events: [Event], in any order; those after `now` have not happened
    :return: Standing

    >>> from .facts import Claim, Terms
    >>> from .shared import Window
    >>> terms = Terms((), answer=Window(days=7), silence="accepted", objection=Window(days=5))
    >>> claim, monday = Claim("supplier", Decimal(100), Decimal(60)), datetime(2026, 3, 2, 9)
    >>> follow(claim, terms, monday, [], datetime(2026, 3, 9, 9)).state
    'waiting'
    >>> found = follow(claim, terms, monday, [], datetime(2026, 3, 10))
    >>> found.state, found.answer, found.silent, found.granted
    ('closed', 'accepted', True, Decimal('60'))
    >>> part = Event("partly", datetime(2026, 3, 4), Decimal(20))
    >>> found = follow(claim, terms, monday, [part], datetime(2026, 3, 5))
    >>> found.state, found.granted, found.waiting, found.until.day
    ('answered', Decimal('20'), Decimal('40'), datetime.date(2026, 3, 9))
    """
    if claim.refused:
        return Standing("refused")
    if sent is None or sent > now:
        return Standing("draft", waiting=claim.amount, until=claim.deadline)
    life = _Life(claim, terms, sent, now)
    seen = set()
    for event in sorted(events, key=lambda event: event.at):
        if event.at > now or (event.key is not None and event.key in seen):
            continue
        seen.add(event.key)
        life.passes(event.at)
        life.hears(event)
    life.passes(now)
    return life.standing()


class _Life:
    def __init__(self, claim, terms, sent, now):
        self.amount, self.currency, self.step = claim.amount, claim.currency, claim.step
        self.terms, self.clock = terms, terms.clock(now)
        self.state, self.answer, self.silent, self.code = "waiting", "", False, ""
        self.granted, self.grants, self.notes = ZERO, [], []
        self.sent, self.objected = sent, False
        self.until = self.clock.deadline(terms.answer, sent)
        if claim.deadline.until and sent >= claim.deadline.until:
            self.notes.append(("sent_late", {"day": claim.deadline.day}))

    def passes(self, moment):
        """What follows by itself until then."""
        while self.until.until and moment >= self.until.until:
            if self.state == "answered":
                self._close()
            elif not self.terms.silence:
                self.state = "overdue"
                return
            else:
                at = self.until.until
                # Silence to an objection leaves the first answer as it was, where it does not mean yes.
                stands = (self.answer or "refused", self.granted)
                kind, amount = ("accepted", self.amount) if self.terms.silence == "accepted" else stands
                # The day that ended, not the one that begins.
                self._answered(kind, amount, "silent", at, self.until.day)
                self.silent = True

    def hears(self, event):
        if event.at < self.sent:
            self._note("before_sent", event)
        elif event.kind == "objection":
            self._objects(event)
        elif event.kind not in ("accepted", "partly", "refused"):
            self._note("unknown_answer", event)
        elif not self._bad(event):
            amount = self._granted(event)
            if self.state in ("waiting", "overdue", "objected"):
                self._first(event, amount)
            elif amount != self.granted:
                self._note("answered_again", event, granted=self.granted, difference=amount - self.granted)

    def _bad(self, event):
        if event.currency and event.currency != self.currency:
            self._note("other_currency", event, currency=event.currency)
            return True
        amount = event.amount
        if amount is None and event.kind != "partly":
            return False
        problem = money_problem(amount, self.step)
        if problem:
            self._note(problem[0], event, **problem[1])
        return bool(problem)

    def _granted(self, event):
        """What the answer says, all of it."""
        if event.kind == "refused":
            return ZERO
        return self.amount if event.amount is None else event.amount

    def _first(self, event, amount):
        """It binds; what is said beyond the claim does not."""
        if amount > self.amount:
            self._note("more_than_claimed", event, claimed=self.amount, difference=amount - self.amount)
            amount = self.amount
        if event.kind == "refused" and event.amount:
            self._note("refused_with_amount", event)
        kind = "accepted" if amount == self.amount else "partly" if amount else "refused"
        self._answered(kind, amount, event.code, event.at, self.clock.day(event.at))

    def _answered(self, kind, amount, code, at, day):
        if amount < self.granted:
            # What was granted before an objection is not taken back by the answer to it.
            self.notes.append(("less_than_before", {"before": self.granted, "amount": amount}))
            amount, kind = self.granted, "partly"
        if amount > self.granted:
            self.grants.append((day, amount - self.granted))
        self.granted, self.answer = amount, kind
        self.silent, self.code = False, code
        if kind == "accepted" or self.objected or self.terms.objection is None:
            self._close()
        else:
            self.state, self.until = "answered", self.clock.deadline(self.terms.objection, at)

    def _objects(self, event):
        if self.state == "answered":
            self.state, self.objected = "objected", True
            self.until = self.clock.deadline(self.terms.answer, event.at)
        else:
            late = self.state == "closed" and not self.objected and self.answer != "accepted"
            self._note("objection_late" if late and self.terms.objection else "nothing_to_object", event)

    def _close(self):
        self.state, self.until = "closed", ENDLESS

    def _note(self, code, event, **figures):
        self.notes.append((code, {"kind": str(event.kind)[:40], "at": event.at, "amount": event.amount} | figures))

    def standing(self):
        left = self.amount - self.granted
        waiting, lost = (ZERO, left) if self.state == "closed" else (left, ZERO)
        return Standing(self.state, self.answer, self.silent, self.granted, waiting, lost, tuple(self.grants),
                        self.until, self.code, tuple(self.notes))  # fmt: skip
