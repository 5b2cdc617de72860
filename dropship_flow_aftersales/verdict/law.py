"""What the law makes of a draft: every point in which it is stronger replaces the policy's, and says so."""

from .draft import less_outbound, milder
from .rows import VERDICTS


def strengthen(draft, floors, line):
    """Lift a draft to floors whose window is open; a better policy stays.

    :param floors: [(Floor, Deadline)], the one that is open longest first: of what several give, it is named
    """
    # What may not be asked for by one of them is not missing for any.
    for floor, deadline in floors:
        before = len(draft.notes)
        _evidence(draft, floor)
        _changed(draft, floor, deadline, before)
    for floor, deadline in floors:
        before = len(draft.notes)
        refused = draft.verdict == "refuse"
        _verdict(draft, floor)
        _deadline(draft, floor, deadline, refused)
        if floor.fee is not None and draft.fee > floor.fee:
            draft.note("floor_fee", floor=floor.key, policy=draft.fee, fee=floor.fee)
            draft.fee = floor.fee
        _freight(draft, floor, line)
        _refund(draft, floor)
        _changed(draft, floor, deadline, before)


def _changed(draft, floor, deadline, before):
    if len(draft.notes) == before:
        return
    if floor.key not in draft.floors:
        draft.floors += (floor.key,)
    if deadline.until and (draft.floor_until is None or deadline.until < draft.floor_until):
        draft.floor_until = deadline.until


def _evidence(draft, floor):
    if draft.evidence and not floor.evidence:
        draft.note("floor_evidence", floor=floor.key, evidence=draft.evidence)
        draft.evidence = ()
        draft.against = [row for row in draft.against if row[1] != "evidence_missing"]


def _verdict(draft, floor):
    # Where evidence may be asked for and is missing, a person looks even at what the law gives.
    least = "look" if draft.evidence else floor.verdict
    policy = draft.verdict
    if not milder(least, policy):
        return
    limit = VERDICTS.index(least)
    over = [row for row in draft.against if VERDICTS.index(row[0]) > limit]
    draft.against = [row for row in draft.against if VERDICTS.index(row[0]) <= limit]
    if least == "look" and not draft.against:
        draft.oppose("look", "floor_looks", floor=floor.key)
    draft.note("floor_verdict", floor=floor.key, policy=policy, verdict=least, against=tuple(row[1] for row in over))


def _deadline(draft, floor, deadline, refused):
    """What was refused is there as long as the law gives it; else the later of both counts."""
    if refused:
        if draft.deadline.over:
            draft.note("floor_window", floor=floor.key, policy=draft.deadline.day, day=deadline.day)
        draft.deadline = deadline
    elif deadline.order > draft.deadline.order:
        draft.note("floor_window", floor=floor.key, policy=draft.deadline.day, day=deadline.day)
        draft.deadline = deadline


def _freight(draft, floor, line):
    untold = floor.payer == "told" and not line.order.freight_told
    if (floor.payer == "us" or untold) and draft.payer == "customer" and draft.to in ("supplier", "us"):
        draft.note("floor_freight_untold" if untold else "floor_freight", floor=floor.key)
        draft.payer = "us"
    if less_outbound(draft.outbound, floor.outbound):
        draft.note("floor_outbound", floor=floor.key, policy=draft.outbound, outbound=floor.outbound)
        draft.outbound = floor.outbound


def _refund(draft, floor):
    term = floor.refund
    if term and not any(promised.covers(term) for promised in draft.refund):
        draft.note("floor_refund", floor=floor.key, days=term.days, base=term.base)
        draft.refund = (*(promised for promised in draft.refund if not term.covers(promised)), term)
