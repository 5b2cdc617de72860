"""When the money has to be back."""

from datetime import timedelta
from typing import NamedTuple

# From the strictest for the shop: whatever the dates, with equal days each is due no later than the next.
REFUND_BASES = ("notice", "sent", "received")


class RefundTerm(NamedTuple):
    """
    :param int days: the day itself does not count
    :param str base: notice (of the customer), sent (the same, but we may wait until the goods arrived or are proven to
        be sent), received (the goods)
    """

    days: int
    base: str = "notice"

    def covers(self, other):
        """Whether it is never later than the other.

        >>> RefundTerm(7).covers(RefundTerm(14, "sent")), RefundTerm(7, "received").covers(RefundTerm(14, "sent"))
        (True, False)
        """
        return self.days <= other.days and REFUND_BASES.index(self.base) <= REFUND_BASES.index(other.base)


def refund_day(terms, clock, notice, sent=None, received=None):
    """The day on which the money has to be back at the latest, all terms kept; None: not known yet.

    :param terms: [RefundTerm]
    :param Clock clock: of the customer
    :param datetime notice: naive UTC, as `sent` (proven) and `received`

    >>> from datetime import datetime
    >>> from .windows import Clock
    >>> clock, monday = Clock(datetime(2026, 6, 1)), datetime(2026, 6, 1, 9)
    >>> refund_day([RefundTerm(14, "sent")], clock, monday)
    >>> refund_day([RefundTerm(14, "sent")], clock, monday, sent=datetime(2026, 6, 3))
    datetime.date(2026, 6, 15)
    >>> refund_day([RefundTerm(14, "sent"), RefundTerm(2, "received")], clock, monday, received=datetime(2026, 6, 9))
    datetime.date(2026, 6, 11)
    """
    found = []
    for term in terms:
        days = timedelta(days=term.days)
        if term.base == "notice":
            found.append(clock.day(notice) + days)
        elif term.base == "received":
            found += [clock.day(received) + days] if received else []
        elif sent or received:
            proof = min(moment for moment in (sent, received) if moment)
            found.append(max(clock.day(notice) + days, clock.day(proof)))
    return min(found, default=None)
