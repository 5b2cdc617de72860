"""Gets a feed's file from its address, if it is another one than we know. No Odoo import, no transaction."""

import email.utils
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .http import CallError, NotSent, Refused, TooBig

# What a login page begins with, whatever its status says.
PAGE = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one look at an address.

    :param code: new, same, or what went wrong: a code of models/feed_text.FETCH
    :param params: its figures
    :param healthy: whether the other side's line works
    :param dated: when the server says the file changed last, naive UTC, or None
    """

    code: str
    params: dict = field(default_factory=dict)
    healthy: bool = True
    wait: float | None = None
    etag: str = ""
    changed: str = ""
    dated: datetime | None = None

    @property
    def failed(self):
        return self.code not in ("new", "same")


def fetch(client, address, headers, into, etag="", changed=""):
    """Write the file at an address into `into` unless the server says it is the one we know.

    :param into: a binary file open for writing and reading
    """
    asked = {"Accept": "*/*", **headers}
    if etag:
        asked["If-None-Match"] = etag
    if changed:
        asked["If-Modified-Since"] = changed
    try:
        answer = client.request("GET", address, asked, into=into)
    except Refused as error:
        return Fetched("not_allowed", {"text": str(error)}, healthy=True)
    except TooBig:
        return Fetched("too_big", {"limit": client.limits.size // 2**20})
    except NotSent as error:
        return Fetched("not_reached", {"text": str(error)}, healthy=False)
    except CallError as error:
        return Fetched("broken_off", {"text": str(error)}, healthy=False)
    if answer.status == 304:
        return Fetched("same", etag=etag, changed=changed)
    if answer.status in (401, 403):
        return Fetched("no_access", {"status": answer.status})
    if answer.status == 404:
        return Fetched("not_there")
    if answer.status != 200:
        healthy = answer.status != 429 and answer.status < 500
        return Fetched("status", {"status": answer.status}, healthy=healthy, wait=answer.retry_after())
    size = into.tell()
    into.seek(0)
    beginning = into.read(1024).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    into.seek(0, 2)
    if not size or not beginning:
        return Fetched("nothing")
    if beginning.startswith(PAGE):
        return Fetched("page")
    return Fetched(
        "new",
        {"size": size},
        etag=answer.headers.get("etag", "")[:500],
        changed=answer.headers.get("last-modified", "")[:100],
        dated=moment(answer.headers.get("last-modified", "")),
    )


def moment(text):
    """A date of HTTP as naive UTC; None when it is none.

    >>> moment("Thu, 01 Jan 2026 08:00:00 GMT")
    datetime.datetime(2026, 1, 1, 8, 0)
    >>> moment("yesterday") is None
    True
    """
    try:
        found = email.utils.parsedate_to_datetime(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
