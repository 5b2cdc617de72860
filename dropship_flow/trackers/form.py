"""The form parcels and their events have in our own generic push, described in docs/tracking_push.md.

    {"parcels": [{"number": …, "carrier": …, "events": [{"time": …, "code": …, "text": …, "place": …}]}]}

One parcel may also stand alone, without the list around it.
"""

import json
from datetime import UTC, date, datetime

from .said import Found, Said, short

MAX_PARCELS = 500
FIRST_YEAR, LAST_YEAR = 2000, 2100


def loads(body):
    """JSON of any origin.

    :raise ValueError: it is none, holds NaN, or is nested too deeply
    """

    def refuse(word):
        raise ValueError(f"{word} is no number")

    try:
        return json.loads(body, parse_constant=refuse)
    except RecursionError:
        raise ValueError("the message is nested too deeply") from None


def parcels(data):
    """
    :param data: what was sent, as data
    :return: list of Found
    :raise ValueError: when there is no parcel with a number in it
    """
    rows = data.get("parcels", [data]) if isinstance(data, dict) else data
    if not isinstance(rows, list) or not rows:
        raise ValueError("There is no parcel in the message.")
    if len(rows) > MAX_PARCELS:
        raise ValueError(f"There are {len(rows)} parcels in the message; {MAX_PARCELS} are allowed.")
    found = [parcel(row) for row in rows if isinstance(row, dict) and short(row.get("number"), 64)]
    if not found:
        raise ValueError("No parcel in the message has a number.")
    return found


def parcel(row):
    """One parcel; events that say nothing are left out, and that is said.

    >>> one = parcel({"number": "X1", "events": [{"time": "2026-03-01T10:05:00+01:00", "code": "Delivered"}, {}]})
    >>> one.events[0].at, one.events[0].code, one.error
    (datetime.datetime(2026, 3, 1, 9, 5), 'delivered', '1 of 2 events have no time we can read.')
    """
    rows = row.get("events")
    rows = rows if isinstance(rows, list) else []
    said = [event(one) for one in rows if isinstance(one, dict)]
    good = tuple(one for one in said if one)
    bad = len(rows) - len(good)
    return Found(
        number=short(row["number"], 64),
        tag=short(row.get("tag"), 64),
        carrier=short(row.get("carrier"), 64).lower(),
        events=good,
        new_carrier=short(row.get("new_carrier"), 64).lower(),
        stopped=row.get("stopped") is True,
        expected=day(row.get("expected")),
        weight=weight(row.get("weight")),
        destination=short(row.get("destination"), 2).upper(),
        signed_by=short(row.get("signed_by"), 64),
        error=f"{bad} of {len(rows)} events have no time we can read." if bad else "",
    )


def event(row):
    """A Said, or None when it has no time or code that could be read."""
    code = short(row.get("code"), 64).lower()
    at, sure = moment(row.get("time"))
    if at is None or not code:
        return None
    return Said(
        at=at,
        code=code,
        detail=short(row.get("detail"), 64).lower(),
        raw_status=short(row.get("status"), 64) or code,
        raw_detail=short(row.get("detail"), 64),
        text=short(row.get("text")),
        place=short(row.get("place"), 200),
        raw_time=short(row.get("time"), 64),
        sure=sure,
    )


def moment(text):
    """(UTC without zone, whether a zone was given); (None, False) for what is no time or not of our age.

    >>> moment("2026-03-01T10:05:00Z"), moment("2026-03-01 10:05"), moment("0001-01-01T00:00:00Z"), moment(7)
    ((datetime.datetime(2026, 3, 1, 10, 5), True), (datetime.datetime(2026, 3, 1, 10, 5), False), (None, False), \
(None, False))
    """
    if not isinstance(text, str):
        return None, False
    try:
        at = datetime.fromisoformat(text.strip()[:40])
        sure = at.tzinfo is not None
        at = at.astimezone(UTC).replace(tzinfo=None) if sure else at
    except (ValueError, OverflowError):
        return None, False
    return (at, sure) if FIRST_YEAR <= at.year < LAST_YEAR else (None, False)


def day(text):
    """A date, or None."""
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def weight(value):
    """Kilograms, 0.0 for what is no weight.

    >>> weight(0.4), weight("heavy"), weight(-1), weight(float("inf")), weight(True)
    (0.4, 0.0, 0.0, 0.0, 0.0)
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 < value < 100_000 else 0.0
