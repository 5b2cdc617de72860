"""Gets access that runs out and is asked for anew, as OAuth 2.0 (RFC 6749, sections 4.4 and 6) has it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from .http import CallError, Unknown

USUAL_SECONDS = 3600.0
LONGEST_SECONDS = 400 * 86400.0
MOST_SIGNS = 8000


@dataclass(frozen=True, slots=True)
class Access:
    """What is shown with every call, for how many seconds, and what gets the next one (empty: nothing new)."""

    token: str
    seconds: float
    refresh: str = ""


class NoAccess(Exception):
    """No access was given; the text says why and holds no secret.

    :param perhaps: whether the other side may have acted nevertheless, and what we showed may be used up
    """

    def __init__(self, text, perhaps=False):
        super().__init__(text)
        self.perhaps = perhaps


def renew(client, address, account, secret, refresh="", scope=""):
    """Ask for access.

    :param client: the guarded way out; its secrets hold what is shown here
    :param refresh: what the last answer gave for it; empty: account and secret are enough
    :return: Access
    :raise NoAccess: the other side says no, cannot be reached, or says something else
    """
    wanted = {"grant_type": "client_credentials"}
    if refresh:
        wanted = {"grant_type": "refresh_token", "refresh_token": refresh}
    wanted |= {"client_id": account, "client_secret": secret} | ({"scope": scope} if scope else {})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        answer = client.request("POST", address, headers, body=urlencode(wanted).encode())
    except CallError as error:
        raise NoAccess(str(error), isinstance(error, Unknown)) from error
    if not answer.ok:
        raise NoAccess(f"{answer.status}: {_reason(answer)}", answer.status >= 500)
    try:
        return _read(answer.json())
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise NoAccess("The answer is not in the form of OAuth 2.0.", perhaps=True) from error


def _read(body):
    """An answer as Access.

    >>> _read({"access_token": "a", "expires_in": "7200", "refresh_token": "r", "token_type": "bearer"})
    Access(token='a', seconds=7200.0, refresh='r')
    >>> _read({"access_token": "a"}).seconds
    3600.0
    >>> _read({"access_token": ""})
    Traceback (most recent call last):
    ValueError: no access in it
    """
    token, refresh = body.get("access_token"), body.get("refresh_token") or ""
    if not _is_sign(token) or (refresh and not _is_sign(refresh)):
        raise ValueError("no access in it")
    if str(body.get("token_type") or "bearer").lower() != "bearer":
        raise ValueError("another kind of access")
    try:
        seconds = float(body.get("expires_in") or USUAL_SECONDS)
    except (TypeError, ValueError):
        seconds = USUAL_SECONDS
    if not 0 < seconds <= LONGEST_SECONDS:
        seconds = USUAL_SECONDS
    return Access(token, seconds, refresh)


def _is_sign(text):
    """Whether it can be shown in a header."""
    return isinstance(text, str) and 0 < len(text) <= MOST_SIGNS and text.isascii() and text.isprintable()


def _reason(answer):
    try:
        body = answer.json()
        return str(body.get("error_description") or body.get("error") or "")[:300]
    except (ValueError, AttributeError, RecursionError):
        return ""
