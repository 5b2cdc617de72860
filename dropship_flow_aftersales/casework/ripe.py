"""Whether its time has come: to carry out what was agreed, to end a case."""

from .facts import UNDECIDED


def ripe(case, bound):
    """Since when something agreed is to be carried out; None: it is not yet, or has been.

    A carrier's word that a parcel arrived is not enough: somebody must have counted what came, or not done so in time.
    """
    if bound.resolved:
        return None
    after = bound.offer.after
    if after == "sent":
        moments = [parcel.sent or parcel.there for parcel in case.parcels if not parcel.lost]
        if any(max(line.sent - line.lost, line.received) < line.back for line in case.lines):
            return None
    elif after:
        there = [parcel for parcel in case.parcels if parcel.there]
        moments = [parcel.inspected if after == "inspected" else parcel.opened or parcel.deemed for parcel in there]
        if case.reception not in ("received", "inspected") or not any(line.received for line in case.lines):
            return None
    else:
        moments = [bound.at]
    return max(bound.at, *moments) if moments and all(moments) else None


def hopeless(case):
    """What is agreed waits for goods, and none came nor will come: they are not sent, or were lost."""
    waits = case.reception != "none" and all(bound.offer.after for bound in case.unresolved)
    comes = case.underway or (case.missing and not case.not_coming)
    return waits and not comes and not any(line.received for line in case.lines)


def finished(case):
    """Nobody has anything left to do: what waits for goods is over when they are not sent; about lost ones we say."""
    if case.closed or case.acceptance in UNDECIDED or case.person:
        return False
    if case.unresolved and (not hopeless(case) or any(parcel.there or parcel.lost for parcel in case.parcels)):
        return False
    return case.reception in ("none", "inspected", "not_coming")
