"""What we ask a tracking service, and what it says: the same few shapes for every service.

A service is one module with

    KIND = "name"                     the kind of its connection
    BATCH = 40                        parcels in one call
    PAUSE = 0                         seconds before the same parcel may be asked for again
    LIVES = True                      whether numbers are registered there (False: it can only be asked)
    register(client, endpoint, secret, parcels) -> (list of Taken, Outcome)      LIVES only
    ask(client, endpoint, secret, parcels) -> (list of Found, Outcome)           where it can be asked
    stop(client, endpoint, secret, parcels) -> Outcome                           where watching is ended there
    verify(body, headers, form, secrets) -> bool      whether a push is genuine; no secret: always False
    read(body, headers, form) -> list of Found        a push; raises ValueError when it is none
    reply(ok) -> (bytes, content type)                what the service wants to hear; optional
    needs(carrier) -> set of "phone", "phone4", "postcode"    what the carrier must know of the receiver; optional

`client` is the guarded `connectors.http.Client`, `secret` what the account's settings hold, `secrets` the (at most two)
secrets pushes are signed with. Network errors end in the Outcome, never in an exception.
"""

from datetime import datetime
from typing import NamedTuple

MAX_TEXT = 500
MAX_EVENTS = 1000


class Watched(NamedTuple):
    """A parcel as a service may know it: no name, no street, no order value.

    `tag` is our name for it, `carrier` our code of the carrier ('' when unknown), `service_carrier` the service's own
    code when it told us, `phone` the last digits a carrier asks for, `country` where it goes (two letters).
    """

    tag: str
    number: str
    carrier: str = ""
    service_carrier: str = ""
    country: str = ""
    postcode: str = ""
    phone: str = ""
    origin: str = ""


class Said(NamedTuple):
    """One event in our words. `at` is UTC without zone; `sure` False when the service gave no zone."""

    at: datetime
    code: str
    detail: str = ""
    raw_status: str = ""
    raw_detail: str = ""
    text: str = ""
    place: str = ""
    raw_time: str = ""
    sure: bool = True


class Found(NamedTuple):
    """What a service knows of one number. `status` is its own summary, used only while there are no events."""

    number: str
    tag: str = ""
    carrier: str = ""
    service_carrier: str = ""
    events: tuple = ()
    status: str = ""
    new_carrier: str = ""  # our code of the carrier it corrected itself to
    stopped: bool = False  # it does not watch any more
    expected: object = None  # the day it expects the delivery
    weight: float = 0.0  # kg, as the carrier weighed it
    destination: str = ""  # country it goes to, two letters
    signed_by: str = ""
    error: str = ""  # in words; the parcel stays, the desk sees it


class Taken(NamedTuple):
    """What became of one registration. `ok` also when it was there before; `again` when a later try may help."""

    tag: str
    ok: bool
    service_carrier: str = ""
    remote_id: str = ""
    again: bool = False
    error: str = ""


def short(text, most=MAX_TEXT):
    """A text a service sent, fit to be kept: one line, no control characters, cut.

    >>> short("a\\x00b\\n c"), len(short("x" * 9999))
    ('a b c', 500)
    """
    text = text if isinstance(text, str) else "" if text is None else str(text)
    text = "".join(letter if letter.isprintable() else " " for letter in text[: most * 4])
    return " ".join(text.split())[:most]
