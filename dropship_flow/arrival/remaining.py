"""How much longer a parcel on its way takes, given where it is."""

from .distribution import Distribution

# Nothing more is expected of these, or nobody can say when.
NO_DAY = frozenset({"returning", "returned", "lost", "cancelled", "exception", "expired"})
# In these states it is the state that tells, not the way so far: days from when the state began.
SOON = {
    "out_for_delivery": Distribution({0.3: 0.88, 1.3: 0.09, 3.3: 0.03}),
    "available_for_pickup": Distribution({0.0: 0.6, 1.0: 0.25, 4.0: 0.15}),
    "attempt_failed": Distribution({1.0: 0.6, 2.0: 0.25, 5.0: 0.15}),
}
# In these it takes at least so much longer than the way so far says: days from now.
AT_LEAST = {"customs": Distribution({1.0: 0.5, 3.0: 0.3, 7.0: 0.2})}


def still_to_go(status, transit, passed, since=0.0):
    """Days from now until a parcel arrives, as P50, P80, P95; None when that cannot be said.

    :param str status: as in `tracking.status`
    :param Distribution transit: how long the whole way takes on its lane
    :param float passed: days since it left
    :param float since: days since it is in this state

    >>> lane = Distribution.from_quantiles(8, 11, 14)
    >>> still_to_go("in_transit", lane, 0) == lane.quantiles()
    True
    >>> still_to_go("in_transit", lane, 10)  # most of the fast ones would be there by now
    (2.0, 4, 5.0)
    >>> still_to_go("out_for_delivery", lane, 3)
    (0.3, 0.3, 1.3)
    >>> still_to_go("lost", lane, 3) is None
    True
    """
    if status in NO_DAY:
        return None
    if status in SOON:
        left = SOON[status].after(since) if since > 0 else SOON[status]
        return tuple(max(days - since, 0.0) for days in left.quantiles())
    left = transit.after(passed) if passed > 0 else transit
    days = tuple(max(value - max(passed, 0.0), 0.0) for value in left.quantiles())
    least = AT_LEAST.get(status)
    return tuple(map(max, days, least.quantiles())) if least else days
