"""When a parcel is asked for again, and when nobody asks any more."""

from datetime import timedelta

from .status import STATUSES

# An active parcel is asked for at least every two hours; the scheduler needs some of that itself.
ACTIVE = timedelta(minutes=105)
# Where somebody waits at the door, a lost push is missed sooner.
SOON = timedelta(minutes=45)
OLD, VERY_OLD, TOO_OLD = timedelta(days=30), timedelta(days=60), timedelta(days=120)
# A delivery may be corrected within a day; what came back or is lost stays so.
GRACE = timedelta(hours=24)
MOST_AGAIN = 2


def next_look(status, age, quiet, pause=0):
    """How long until a parcel is asked for again.

    :param timedelta age: since it was announced · quiet: since it was last seen, or announced
    :param int pause: seconds the service wants between two questions
    :return: timedelta, None when it is not asked for any more

    >>> next_look("in_transit", timedelta(days=3), timedelta(days=1))
    datetime.timedelta(seconds=6300)
    >>> next_look("out_for_delivery", timedelta(days=3), timedelta(hours=1))
    datetime.timedelta(seconds=2700)
    >>> next_look("in_transit", timedelta(days=50), timedelta(days=40)) > timedelta(hours=10)
    True
    >>> next_look("in_transit", timedelta(days=300), timedelta(days=290)) is None
    True
    >>> next_look("out_for_delivery", timedelta(days=3), timedelta(hours=1), pause=7200) == timedelta(hours=2)
    True
    """
    if quiet > TOO_OLD:
        return None
    if STATUSES[status].final:
        wait = timedelta(hours=12)
    elif quiet > VERY_OLD:
        wait = timedelta(days=1)
    elif quiet > OLD:
        wait = timedelta(hours=12)
    elif status in ("out_for_delivery", "attempt_failed") and quiet < timedelta(days=2):
        wait = SOON
    else:
        wait = ACTIVE
    return max(wait, timedelta(seconds=pause))


def stops_at(status, since):
    """From when on a parcel that ended need not be watched; None while it has not.

    >>> from datetime import datetime
    >>> day = datetime(2026, 3, 1)
    >>> stops_at("delivered", day) - day, stops_at("lost", day) - day, stops_at("expired", day)
    (datetime.timedelta(days=1), datetime.timedelta(0), None)
    """
    if not STATUSES[status].final or status == "expired" or not since:
        return None
    return since + GRACE if status == "delivered" else since
