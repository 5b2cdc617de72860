"""The states of a parcel: one vocabulary for all carriers and services.

`rank` orders events of one moment, nothing else: a parcel may well go back from 60 to 30.
"""

from typing import NamedTuple


class Status(NamedTuple):
    rank: int
    physical: bool  # the parcel itself was seen, or handed over
    final: bool


STATUSES = {
    "pending": Status(0, False, False),  # known to the service, nothing from the carrier yet
    "expired": Status(5, False, True),  # the service stopped watching; says nothing about the parcel
    "info_received": Status(10, False, False),  # a label exists
    "picked_up": Status(20, True, False),  # first scan
    "in_transit": Status(30, True, False),
    "customs": Status(35, True, False),
    "out_for_delivery": Status(40, True, False),
    "available_for_pickup": Status(45, True, False),
    "attempt_failed": Status(50, True, False),
    "exception": Status(55, True, False),  # damaged, held, bad address, refused and not yet on its way back
    "returning": Status(60, True, False),
    "delivered": Status(70, True, True),
    "returned": Status(80, True, True),  # back at the sender
    "lost": Status(85, True, True),  # declared lost or destroyed
    "cancelled": Status(90, False, True),  # the label was voided
}
# What more an event may say, where the state alone is too coarse; '' is always allowed.
DETAILS = frozenset(
    {
        # delivered
        "signed", "proxy", "neighbour", "locker", "cash_collected",
        # exception, attempt_failed, returning
        "refused", "unclaimed", "address", "absent", "closed", "no_contact", "out_of_area", "damaged", "delayed",
        "held", "weather", "security", "fee_due",
        # customs
        "customs_pending", "customs_clearing", "customs_cleared", "customs_documents", "customs_problem",
        # in_transit
        "departed", "arrived", "arrived_country", "forwarded",
        # lost
        "destroyed",
    }
)  # fmt: skip
# What may still follow a delivery in earnest.
AFTER_DELIVERY = ("returning", "returned", "lost")


def rank(code):
    return STATUSES[code].rank


def is_physical(code):
    """Whether the carrier has had the parcel in its hands.

    >>> is_physical("picked_up"), is_physical("info_received")
    (True, False)
    """
    return STATUSES[code].physical


def is_final(code):
    return STATUSES[code].final
