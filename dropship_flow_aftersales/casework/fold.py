"""A case as a function of the set of its events: neither their order nor how often they come can matter.

    request + events in any order, any of them many times ──fold──▶ one `Case`

Two answers stand beside each other and neither changes the other: whether something is accepted, from what was said,
and where the goods are, from what happened to them. Where they do not fit together a flag says so, and a person looks.
"""

from .checks import counted, is_quantity
from .facts import TALK, ZERO, Case, Flag
from .goods import Goods, reception
from .talk import Talk

# Until an agent has done something later, a person is to look. The others are only told.
FOR_A_PERSON = {
    "silent", "disapproved", "lost", "unasked", "too_many", "other_goods", "came_after_all", "bad_score",
    "withdrawn_after_deal", "resolved_not_sent", "short",
}  # fmt: skip


def fold(request, events, now):
    """
    :param Request request: how it began
    :param events: iterable of Event, any order, repeated or not
    :param datetime now: what is later does not count yet; offers whose time is over by then were answered by silence
    :return: Case
    :raise ValueError: the request is for nothing, or for a line twice

    >>> from datetime import datetime
    >>> from decimal import Decimal as D
    >>> from .facts import Event, Offer, Request
    >>> day = lambda number: datetime(2026, 3, number)
    >>> lamps = Request(day(1), (("lamp", D(2)),))
    >>> back = Offer("return", (("lamp", D(2)),), to="supplier", after="inspected")
    >>> events = [
    ...     Event(1, day(2), "offer", "agent", back),
    ...     Event(2, day(3), "take", "guest", about=1),
    ...     Event(3, day(4), "send", "guest", parcel="A", lines=(("lamp", D(1)),)),
    ...     Event(4, day(6), "arrive", "system", parcel="A"),
    ... ]
    >>> case = fold(lamps, events, day(9))
    >>> case.acceptance, case.reception, case.line("lamp").missing
    ('accepted', 'partly', Decimal('1'))
    >>> fold(lamps, [*reversed(events), *events], day(9)) == case
    True
    """
    keys = [key for key, _quantity in request.lines]
    if not keys or len(set(keys)) < len(keys) or not all(is_quantity(quantity) for _key, quantity in request.lines):
        raise ValueError(f"Not a request: {request.lines}")
    events, ignored, ahead = counted(events, now)
    talk, goods = Talk(request), Goods(request)
    for event in events:
        why = (talk if event.code in TALK else goods).add(event)
        if why:
            ignored.add((event.key, why))
    talk.pass_time(now)
    lines = tuple(_line(key, talk, goods) for key in keys)
    parcels = tuple(box.parcel() for _key, box in sorted(goods.boxes.items()))
    strangers = goods.strangers()
    reached = reception(lines, parcels, goods.not_coming)
    to = _destination(talk)
    approval = _approval(request, talk, to)
    flags = talk.flags + goods.flags + list(_flags(talk, goods, lines, parcels, strangers, approval))
    flags.sort(key=lambda flag: (flag.at, flag.code, repr(flag.figures)))
    looked = max((event.at for event in events if event.by == "agent"), default=request.opened)
    open_flags = [flag.at for flag in flags if flag.code in FOR_A_PERSON and flag.at > looked]
    return Case(
        acceptance=talk.acceptance,
        reception=reached,
        lines=lines,
        offer=talk.open,
        bound=tuple(talk.bound.values()),
        approval=approval,
        approved=talk.redirected or talk.approved,
        to=to,
        parcels=parcels,
        strangers=tuple(sorted(strangers.items(), key=repr)),
        not_coming=goods.not_coming,
        since=talk.since,
        closed=talk.closed,
        reopened=talk.reopened,
        score=talk.score,
        flags=tuple(flags),
        person=min(open_flags, default=None),
        ignored=tuple(sorted(ignored, key=repr)),
        touched=max((event.at for event in events), default=request.opened),
        ahead=ahead,
    )


def _line(key, talk, goods):
    accepted = back = ZERO
    for bound in talk.bound.values():
        quantity = dict(bound.offer.lines).get(key, ZERO)
        accepted += quantity
        back += quantity if bound.offer.to else ZERO
    asked = talk.asked[key]
    return goods.line(key, min(accepted, asked), min(back, asked))


def _destination(talk):
    places = {bound.offer.to for bound in talk.bound.values()}
    if "supplier" in places and not talk.redirected:
        return "supplier"
    return "us" if places - {""} else ""


def _approval(request, talk, to):
    if not request.approval or to != "supplier":
        return ""
    if talk.approved:
        return "given"
    return "refused" if talk.disapproved else "waiting"


def _flags(talk, goods, lines, parcels, strangers, approval):
    """Where what was said and what happened do not fit together."""
    last = goods.last
    if approval == "refused":
        yield Flag("disapproved", talk.disapproved, {})
    for parcel in parcels:
        if parcel.lost:
            yield Flag("lost", parcel.lost, {"parcel": parcel.key})
    for box in goods.boxes.values():
        if talk.closed and box.last and box.last > talk.closed:
            yield Flag("after_closing", box.last, {"parcel": box.key})
    wanted = any(line.back for line in lines)
    if not wanted and any(parcel.sent or parcel.there for parcel in parcels):
        yield Flag("unasked", last, {})
    for line in lines:
        if wanted and line.received > line.back:
            yield Flag("too_many", last, {"line": line.key, "quantity": line.received - line.back})
    for parcel, line, quantity in goods.short():
        yield Flag("short", last, {"parcel": parcel, "line": line, "quantity": quantity})
    for what, quantity in strangers.items():
        yield Flag("other_goods", last, {"what": what, "quantity": quantity})
    for bound in talk.bound.values():
        if bound.resolved and bound.offer.to and goods.not_coming and any(line.back > line.received for line in lines):
            yield Flag("resolved_not_sent", goods.not_coming, {"offer": bound.key})
