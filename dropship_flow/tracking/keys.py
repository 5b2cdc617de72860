"""What makes two reports of an event the same event."""

import hashlib
import re
import unicodedata


def event_key(at, raw_status, raw_detail, place):
    """A digest that is equal when two reports mean one event: the same minute, the service's same word, the same place.

    The text is left out: a push and a later answer of the same service word it differently; seconds are left out:
    some answers have none.

    :param datetime at: UTC

    >>> from datetime import datetime
    >>> one = event_key(datetime(2026, 3, 1, 10, 5, 7), "InTransit", "InTransit_Arrival", "Shenzhen, CN")
    >>> one == event_key(datetime(2026, 3, 1, 10, 5), "InTransit", "InTransit_Arrival", "SHENZHEN CN ")
    True
    >>> one == event_key(datetime(2026, 3, 1, 10, 6), "InTransit", "InTransit_Arrival", "Shenzhen, CN")
    False
    """
    parts = (f"{at:%Y-%m-%dT%H:%M}", str(raw_status or ""), str(raw_detail or ""), plain(place))
    return hashlib.sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()


def plain(text):
    """A place without its punctuation, width and case.

    >>> plain("Köln, DE") == plain("ＫÖLN  de")
    True
    """
    text = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return re.sub(r"[\W_]+", " ", text).strip()
