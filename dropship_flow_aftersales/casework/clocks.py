"""Who is to do what, until when, and what happens where he does not."""

from datetime import datetime, timedelta
from typing import NamedTuple

from .facts import PARTY, UNDECIDED, Event
from .ripe import finished, ripe


class Rules(NamedTuple):
    """Hours in the calendar of whoever has them.

    :param silence_customer: what no answer of his means: accept, refuse, person; so for us and the supplier
    :param decide: for us, where nobody else is to answer · approve: for the supplier · send: for the customer
    :param transit: until we ask where a parcel is · inspect: for whoever has the goods · resolve, look: for us
    :param close: for nobody: until a case in which nothing is left ends by itself
    :param tuple escalate: hours after a moment that passed, in our calendar, at which the next person hears of it
    :param int score_days: so many days after the end a score opens the case again
    :param bad_score: up to this one
    """

    answer_customer: int = 72
    answer_us: int = 16
    silence_customer: str = "refuse"
    silence_us: str = "person"
    silence_supplier: str = "person"
    decide: int = 16
    approve: int = 16
    send: int = 240
    transit: int = 240
    inspect: int = 40
    resolve: int = 16
    look: int = 8
    close: int = 24
    escalate: tuple = (0, 8, 24)
    score_days: int = 14
    bad_score: int = 2


class Due(NamedTuple):
    """Something due.

    :param str what: answer, decide, approve, send, chase, inspect, resolve, look, close
    :param str by: the party: customer, supplier, us
    :param str then: when it passes: escalate, or the code of the event the system is to write; of an answer the rule
        of silence, which needs no event
    :param about: key of the offer or of what is to be carried out, or a parcel
    :param bool over: its moment has passed
    :param int level: how many persons have heard of it
    :param datetime wake: when this changes by time alone; None: not any more
    """

    what: str
    by: str
    at: datetime
    then: str
    about: object = None
    over: bool = False
    level: int = 0
    wake: datetime | None = None


def proposal(offer, by, at, rules, calendar):
    """The offer with its end and the rule of silence: those of whoever is to answer, as they are on this day."""
    if PARTY[by] == "us":
        until = calendar("customer", at, rules.answer_customer)
        return offer._replace(until=until, silence=rules.silence_customer)
    return offer._replace(until=calendar("us", at, rules.answer_us), silence=rules.silence_us)


def closing(key, at, by, rules):
    """The event that closes a case, with the rule of satisfaction as it is on this day."""
    return Event(key, at, "close", by, until=at + timedelta(days=rules.score_days), score=rules.bad_score)


def dues(case, rules, calendar, now):
    """
    :param Case case: folded at the same moment
    :param calendar: function (party, since, hours) → the moment so many working hours later, naive UTC; a "carrier" has
        plain hours
    :return: tuple of Due, the next one first

    >>> from decimal import Decimal as D
    >>> from .facts import Request
    >>> from .fold import fold
    >>> plain = lambda party, since, hours: since + timedelta(hours=hours)
    >>> monday = datetime(2026, 3, 2, 9)
    >>> case = fold(Request(monday, (("lamp", D(1)),)), [], datetime(2026, 3, 3, 4))
    >>> due = dues(case, Rules(), plain, datetime(2026, 3, 3, 4))[0]
    >>> due.what, due.by, due.at.hour, due.level, due.wake.hour
    ('decide', 'us', 1, 1, 9)
    """
    found = list(_dues(case, rules, calendar))
    if not found and not case.closed:  # a case never falls silent
        found = [Due("look", "us", calendar("us", case.touched, rules.look), "escalate")]
    found = [_timed(due, rules, calendar, now) for due in found]
    return tuple(sorted(found, key=lambda due: (due.at, due.what, repr(due.about))))


def wake(case, found):
    """When to look again where nothing happens until then; None: never."""
    return min(filter(None, (case.ahead, *(due.wake for due in found))), default=None)


def _timed(due, rules, calendar, now):
    if now < due.at:
        return due._replace(wake=due.at)
    if due.then != "escalate":
        return due._replace(over=True, wake=due.at)
    steps = [calendar("us", due.at, hours) for hours in rules.escalate]
    later = [moment for moment in steps if moment > now]
    return due._replace(over=True, level=len(steps) - len(later), wake=min(later, default=None))


def _dues(case, rules, calendar):
    yield from _words(case, rules, calendar)
    yield from _goods(case, rules, calendar)
    for bound in case.bound:
        since = ripe(case, bound)
        if since:
            yield Due("resolve", "us", calendar("us", since, rules.resolve), "escalate", bound.key)
    if case.person:
        yield Due("look", "us", calendar("us", case.person, rules.look), "escalate")
    if finished(case):
        yield Due("close", "us", calendar("us", case.touched, rules.close), "close")


def _words(case, rules, calendar):
    if case.offer and case.offer.offer.until:
        offer = case.offer
        yield Due("answer", offer.answers, offer.offer.until, offer.offer.silence, offer.key)
    elif not case.closed and not case.offer and case.acceptance in UNDECIDED:
        yield Due("decide", "us", calendar("us", case.since, rules.decide), "escalate")
    if case.approval == "waiting":
        then = {"accept": "approve", "refuse": "disapprove", "person": "escalate"}[rules.silence_supplier]
        yield Due("approve", "supplier", calendar("supplier", _promised(case), rules.approve), then)


def _promised(case):
    """Since when goods are to come back."""
    return max(bound.at for bound in case.bound if bound.offer.to)


def _goods(case, rules, calendar):
    if case.to_send:
        since = max(filter(None, (_promised(case), case.approved)))
        yield Due("send", "customer", calendar("customer", since, rules.send), "not_coming")
    for parcel in case.parcels:
        if parcel.on_the_way and case.missing:
            yield Due("chase", "us", calendar("carrier", parcel.sent, rules.transit), "escalate", parcel.key)
        elif parcel.there and not parcel.inspected:
            by = case.to or "us"
            # The carrier's word and silence are one witness: where nobody else spoke, a person looks.
            then = "deem" if by == "supplier" and parcel.known and not parcel.alone else "escalate"
            yield Due("inspect", by, calendar(by, parcel.there, rules.inspect), then, parcel.key)
