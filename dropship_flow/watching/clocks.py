"""Which clock of a parcel runs, and since when."""

from datetime import datetime
from typing import NamedTuple

CLOCKS = ("first_scan", "movement", "delivery", "customs", "pickup", "attempt", "problem", "returning")
# What is asked of a parcel in each state; a state that is not here has no clock.
CLOCK_OF = {
    "pending": "first_scan",
    "info_received": "first_scan",
    "expired": "movement",
    "picked_up": "movement",
    "in_transit": "movement",
    "customs": "customs",
    "out_for_delivery": "delivery",
    "available_for_pickup": "pickup",
    "attempt_failed": "attempt",
    "exception": "problem",
    "returning": "returning",
}


class Parcel(NamedTuple):
    """Moments are naive UTC or None. `gone` False: it was announced, or never left."""

    status: str
    announced_at: datetime
    dispatched_at: datetime = None
    first_scan_at: datetime = None
    moved_at: datetime = None
    status_at: datetime = None


class Clock(NamedTuple):
    kind: str
    since: datetime


def clock_of(parcel):
    """The clock that runs for a parcel; None when nothing more is expected of it.

    >>> day = lambda number: datetime(2026, 3, number)
    >>> clock_of(Parcel("pending", day(1), day(2)))
    Clock(kind='first_scan', since=datetime.datetime(2026, 3, 2, 0, 0))
    >>> clock_of(Parcel("in_transit", day(1), day(2), day(3), day(5), day(3)))
    Clock(kind='movement', since=datetime.datetime(2026, 3, 5, 0, 0))
    >>> clock_of(Parcel("customs", day(1), day(2), day(3), day(9), day(6)))
    Clock(kind='customs', since=datetime.datetime(2026, 3, 6, 0, 0))
    >>> clock_of(Parcel("delivered", day(1), day(2), day(3), day(9), day(9))) is None
    True

    A service that gave up says nothing about the parcel: one that was never seen still waits for its first scan.

    >>> clock_of(Parcel("expired", day(1), day(2))).kind
    'first_scan'
    """
    kind = CLOCK_OF.get(parcel.status)
    if kind is None:
        return None
    if kind == "movement" and not parcel.first_scan_at:
        kind = "first_scan"
    if kind == "first_scan":
        return Clock(kind, parcel.dispatched_at or parcel.announced_at)
    if kind in ("movement", "delivery"):
        return Clock(kind, parcel.moved_at or parcel.first_scan_at or parcel.dispatched_at or parcel.announced_at)
    return Clock(kind, parcel.status_at or parcel.moved_at or parcel.announced_at)


def liable(status, detail=""):
    """Who most likely has to answer for it: 'supplier', 'carrier', 'customer', 'customs', or '' where nobody knows.

    A guess to begin a claim with, never a verdict.

    >>> liable("pending"), liable("lost"), liable("returning", "refused"), liable("exception", "damaged")
    ('supplier', 'carrier', 'customer', 'carrier')
    >>> liable("customs", "customs_documents"), liable("exception", "address"), liable("exception", "weather")
    ('supplier', 'customer', '')
    """
    if detail in ("refused", "unclaimed", "address", "absent", "no_contact", "fee_due"):
        return "customer"
    if detail == "customs_documents":
        return "supplier"
    if status == "customs" or detail.startswith("customs"):
        return "customs"
    if detail in ("weather", "security"):
        return ""
    if status in ("pending", "info_received", "cancelled"):
        return "supplier"
    if status in ("lost", "attempt_failed") or detail in ("damaged", "destroyed", "delayed", "held", "out_of_area"):
        return "carrier"
    if status in ("in_transit", "picked_up", "exception"):
        return "carrier"
    return ""
