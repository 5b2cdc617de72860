"""Short words for cases in tests: somebody bought two lamps and a rug, and asks on the first of March 2026, at nine."""

from datetime import datetime, timedelta
from decimal import Decimal as D

from casework import Event, Offer, Request, Rules, closing, dues, fold, stage, verbs

LINES = (("lamp", D(2)), ("rug", D(1)))
RULES = Rules()


def day(number, hour=9):
    """A moment of March; numbers above 31 go on."""
    return datetime(2026, 3, 1, hour) + timedelta(days=number - 1)


def offer(kind, *, until=None, lines=LINES, **more):
    """`until` is a day of March."""
    return Offer(kind, tuple((key, D(quantity)) for key, quantity in lines), until=until and day(until), **more)


KEEP = offer("keep", amount=D(10))
BACK = offer("return", to="supplier", after="inspected")
TO_US = BACK._replace(to="us")
LAMP = (("lamp", 1),)


def event(key, number, by, code, *rest):
    """(day, who, what, …): an offer, the key of one, a parcel with its goods as {line: quantity}, or a score."""
    at = number if isinstance(number, datetime) else day(number)
    plain = Event(key, at, code, by)
    if code == "close":
        return closing(key, at, by, RULES)
    if not rest:
        return plain
    if code == "score":
        return plain._replace(score=rest[0])
    if code in ("take", "decline", "resolve"):
        return plain._replace(about=rest[0])
    if isinstance(rest[0], Offer):
        return plain._replace(offer=rest[0])
    goods = rest[1] if len(rest) > 1 else {}
    lines = tuple((*(key if isinstance(key, tuple) else (key,)), D(quantity)) for key, quantity in goods.items())
    return plain._replace(parcel=rest[0], lines=lines)


def events(*rows):
    """Their keys are 1, 2, …"""
    return [event(key, *row) for key, row in enumerate(rows, 1)]


def case(*rows, now=60, lines=LINES, approval=False):
    return fold(Request(day(1), lines, approval), events(*rows), now if isinstance(now, datetime) else day(now))


def codes(flags):
    return [flag.code for flag in flags]


def plain(party, since, hours):
    """A calendar in which everybody works always."""
    return since + timedelta(hours=hours)


def due(found, now, calendar=plain, rules=RULES):
    """[(what, by whom, until when, what then)]"""
    return [(one.what, one.by, one.at, one.then) for one in dues(found, rules, calendar, now)]


__all__ = [
    "BACK", "KEEP", "LAMP", "LINES", "RULES", "TO_US", "D", "case", "codes", "day", "due", "event", "events",
    "offer", "plain", "stage", "verbs",
]  # fmt: skip
