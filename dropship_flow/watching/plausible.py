"""Whether a parcel can be what it is said to be (虚假发货: a number of somebody else's parcel, or of none)."""

from datetime import datetime, timedelta
from typing import NamedTuple

# Who scans before he was asked to ship has used an old number; clocks and zones differ by less than this.
EARLY = timedelta(hours=14)
# Nobody crosses a continent faster than this after the first scan.
FASTEST_ABROAD = timedelta(hours=20)
FASTEST_HOME = timedelta(minutes=40)
# Off by more than this factor, and by more than a parcel's wrapping.
WEIGHT_FACTOR, WEIGHT_FREE = 3.0, 1.0
NEAR_PREFIX = 2


class Facts(NamedTuple):
    """What is known of a parcel and its order. Empty or None: unknown, and then nothing follows from it.

    :param ordered_at: when the supplier was asked to ship, naive UTC
    :param scans: ((moment, status), …) of physical events, any order
    :param seen_country, seen_zip: where the carrier says it goes, or delivered it
    :param weight, expected_weight: kg, as weighed and as the goods should weigh
    """

    ordered_at: datetime = None
    scans: tuple = ()
    from_country: str = ""
    to_country: str = ""
    to_zip: str = ""
    seen_country: str = ""
    seen_zip: str = ""
    weight: float = 0.0
    expected_weight: float = 0.0


def doubts(facts):
    """What speaks against the parcel: list of (code, params of plain values), the strongest first.

    >>> day = lambda number, hour=0: datetime(2026, 3, number, hour)
    >>> fine = Facts(day(5), ((day(6), "picked_up"), (day(12), "delivered")), "CN", "DE", "10115", "DE", "10117")
    >>> doubts(fine)
    []
    >>> [code for code, _ in doubts(fine._replace(scans=((day(2), "picked_up"), (day(12), "delivered"))))]
    ['scan_early']
    >>> [code for code, _ in doubts(fine._replace(seen_country="US"))]
    ['elsewhere']
    >>> [code for code, _ in doubts(fine._replace(scans=((day(6, 1), "picked_up"), (day(6, 9), "delivered"))))]
    ['too_fast']
    >>> [code for code, _ in doubts(fine._replace(weight=0.1, expected_weight=4.0))]
    ['weight']
    """
    found = []
    scans = sorted(facts.scans)
    if facts.ordered_at and scans and scans[0][0] < facts.ordered_at - EARLY:
        found.append(("scan_early", {"scan": f"{scans[0][0]:%Y-%m-%d}", "ordered": f"{facts.ordered_at:%Y-%m-%d}"}))
    if facts.seen_country and facts.to_country and facts.seen_country != facts.to_country:
        found.append(("elsewhere", {"seen": facts.seen_country, "wanted": facts.to_country}))
    elif _far(facts.seen_zip, facts.to_zip):
        found.append(("elsewhere", {"seen": facts.seen_zip, "wanted": facts.to_zip}))
    if too_fast := _too_fast(facts, scans):
        found.append(("too_fast", {"hours": f"{too_fast.total_seconds() / 3600:.1f}"}))
    if facts.weight and facts.expected_weight:
        light, heavy = sorted((facts.weight, facts.expected_weight))
        if heavy > light * WEIGHT_FACTOR and heavy - light > WEIGHT_FREE:
            weights = {"weight": f"{facts.weight:g}", "expected": f"{facts.expected_weight:g}"}
            found.append(("weight", weights))
    return found


def _far(seen, wanted):
    """Two postal codes of different regions. Codes too short to tell say nothing.

    >>> _far("10117", "10115"), _far("80331", "10115"), _far("", "10115")
    (False, True, False)
    """
    seen, wanted = ("".join(filter(str.isalnum, text or "")).upper() for text in (seen, wanted))
    if len(seen) < NEAR_PREFIX + 2 or len(seen) != len(wanted):
        return False
    return seen[:NEAR_PREFIX] != wanted[:NEAR_PREFIX]


def _too_fast(facts, scans):
    """How long the way took when that cannot be; None otherwise."""
    ends = [at for at, status in scans if status == "delivered"]
    starts = [at for at, status in scans if status != "delivered"]
    if not ends or not starts:
        return None
    took = ends[-1] - starts[0]
    abroad = facts.from_country and facts.to_country and facts.from_country != facts.to_country
    return took if timedelta() <= took < (FASTEST_ABROAD if abroad else FASTEST_HOME) else None
