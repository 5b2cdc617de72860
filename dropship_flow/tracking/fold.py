"""The state of a parcel as a function of the set of its events: order and repetition cannot matter.

    events in any order, any of them many times  ──fold──▶  one `Parcel`

The newest physical event wins, except that

- a delivery stays: only `returning`, `returned`, `lost` replace it, or a correction – a later scan within a day of it
  that a second scan confirms; any other scan after a delivery only raises the flag `post_delivery_scan`;
- what says nothing about the parcel itself (`pending`, `info_received`, `expired`) never lowers what was seen;
- events of the future wait until their time has come (a quarter of an hour is forgiven: clocks differ); two days
  ahead they raise the flag `future_event`;
- events from long before the parcel was made belong to an earlier use of its number: ignored, flag `old_events`;
- an unknown code counts as `in_transit` once something was scanned, else as `pending`; flag `unknown_code`.
"""

from datetime import timedelta
from typing import NamedTuple

from .status import AFTER_DELIVERY, STATUSES, is_physical, rank

SKEW = timedelta(minutes=15)
FAR_AHEAD = timedelta(hours=48)
RECYCLED = timedelta(days=30)
CORRECTION = timedelta(hours=24)


class Event(NamedTuple):
    """:param datetime at: when it happened, UTC · code: one of STATUSES · key: tells it from every other event

    `detail` is one of DETAILS, or empty.
    """

    at: object
    code: str
    key: str
    detail: str = ""


class Parcel(NamedTuple):
    """:param str code: the state · at: since when · first: {code: when it was reached first} · flags: set of words

    `waits_until` is the moment at which an event of the future begins to count; None: there is none.
    `detail` comes from the newest event that has one and says the same state; `moved_at` is the last time the parcel
    itself was seen, None when never.
    """

    code: str
    at: object
    first: dict
    flags: frozenset
    waits_until: object = None
    detail: str = ""
    moved_at: object = None


def fold(events, now, made_at=None):
    """
    :param events: iterable of Event, any order, repeated or not
    :param datetime now: UTC, as the events
    :param datetime made_at: when the number was given to this parcel
    :return: Parcel

    >>> from datetime import datetime
    >>> day = lambda number, hour=12: datetime(2026, 3, number, hour)
    >>> scans = [Event(day(3), "delivered", "c"), Event(day(1), "picked_up", "a"), Event(day(2), "in_transit", "b")]
    >>> fold(scans, day(9)).code
    'delivered'
    >>> fold([*scans, Event(day(4), "out_for_delivery", "d")], day(9))[:4:3]
    ('delivered', frozenset({'post_delivery_scan'}))
    >>> fold([*scans, Event(day(8), "returning", "e")], day(9)).code
    'returning'
    >>> fold([], day(9)).code
    'pending'
    """
    flags, ahead, counted = set(), [], {}
    for event in events:
        if made_at and event.at < made_at - RECYCLED:
            flags.add("old_events")
        elif event.at > now + SKEW:
            ahead.append(event.at)
            if event.at > now + FAR_AHEAD:
                flags.add("future_event")
        else:
            counted[event.key] = event
    events = _known(counted.values(), flags)
    events.sort(key=lambda event: (event.at, rank(event.code), event.key))
    code, at = _walk(events, flags)
    first = {}
    for event in events:
        first.setdefault(event.code, event.at)
    details = [event.detail for event in events if event.code == code and event.detail and (not at or event.at >= at)]
    moved = [event.at for event in events if is_physical(event.code)]
    return Parcel(
        code,
        at,
        first,
        frozenset(flags),
        min(ahead) - SKEW if ahead else None,
        details[-1] if details else "",
        moved[-1] if moved else None,
    )


def _known(events, flags):
    """The events with codes we know; an unknown one says at most that the parcel moves."""
    events = list(events)
    seen = [event.at for event in events if event.code in STATUSES and is_physical(event.code)]
    first_scan = min(seen, default=None)
    result = []
    for event in events:
        if event.code not in STATUSES:
            flags.add("unknown_code")
            moving = first_scan is not None and first_scan <= event.at
            event = event._replace(code="in_transit" if moving else "pending")
        result.append(event)
    return result


def _walk(events, flags):
    """(state, since when) after the events in their order."""
    code, at = "pending", None
    doubted = None  # when the first scan after the delivery spoke against it
    for event in events:
        if code == "delivered" and event.code not in AFTER_DELIVERY and event.code != "delivered":
            if event.code == "cancelled" or not is_physical(event.code):
                continue
            # The first doubt has to come soon; any later one confirms it.
            if doubted is not None and doubted <= at + CORRECTION and event.at > doubted:
                flags.discard("post_delivery_scan")
                flags.add("delivery_corrected")
                code, at, doubted = event.code, event.at, None
            else:
                flags.add("post_delivery_scan")
                doubted = event.at if doubted is None else doubted
        elif _replaces(code, event.code):
            if code != event.code:
                at = event.at
            code = event.code
            doubted = None
    return code, at


def _replaces(code, new):
    """Whether an event takes the parcel from one state to another.

    >>> _replaces("in_transit", "info_received"), _replaces("pending", "info_received"), _replaces("lost", "in_transit")
    (False, True, True)
    """
    if new == "cancelled":  # a label that is voided after the parcel was seen is a clerk's mistake
        return not is_physical(code)
    if not is_physical(new):
        return not is_physical(code) and (rank(new) >= rank(code) or code == "expired")
    return True
