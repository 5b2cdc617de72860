"""What all services need: a call whose every end is an Outcome, and values of strangers read without trust."""

import hmac
import json
import re
import time
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from .said import MAX_EVENTS, short

try:
    from ..connectors.http import CallError, NotSent, Refused
    from ..connectors.outcome import AGAIN, PARKED, SENT, Outcome
    from ..tracking.status import STATUSES
except ImportError:  # the services are used without Odoo too
    from connectors.http import CallError, NotSent, Refused
    from connectors.outcome import AGAIN, PARKED, SENT, Outcome
    from tracking.status import STATUSES

# An account's calls of one visit end well before its worker's lease does.
BUDGET = 60.0
MAX_NUMBER = 64
# What stands for a word we do not know: no word of a stranger becomes one of our states by its spelling.
UNKNOWN_CODE = "unknown"
MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
FIRST_YEAR, LAST_YEAR = 2000, 2099
COUNTRIES = dict(
    re.findall(
        r"(\w+):(\w+)",
        "AUT:AT BEL:BE BGR:BG HRV:HR CYP:CY CZE:CZ DNK:DK EST:EE FIN:FI FRA:FR DEU:DE GRC:GR HUN:HU IRL:IE ITA:IT "
        "LVA:LV LTU:LT LUX:LU MLT:MT NLD:NL POL:PL PRT:PT ROU:RO SVK:SK SVN:SI ESP:ES SWE:SE GBR:GB CHE:CH NOR:NO "
        "ISL:IS TUR:TR UKR:UA SRB:RS USA:US CAN:CA MEX:MX BRA:BR CHL:CL ARG:AR COL:CO PER:PE AUS:AU NZL:NZ CHN:CN "
        "HKG:HK MAC:MO TWN:TW JPN:JP KOR:KR SGP:SG MYS:MY THA:TH VNM:VN IDN:ID PHL:PH IND:IN PAK:PK BGD:BD ARE:AE "
        "SAU:SA QAT:QA KWT:KW ISR:IL EGY:EG MAR:MA ZAF:ZA NGA:NG KEN:KE RUS:RU KAZ:KZ",
    )
)
ISO3 = {two: three for three, two in COUNTRIES.items()}


class Account(NamedTuple):
    """What an account's settings hold. `customer`, `salt` and `push` only where the service asks for them."""

    key: str
    customer: str = ""
    salt: str = ""
    push: str = ""  # where it shall push to


def account(secret):
    """
    :param secret: the key alone, or {"key", "customer", "salt", "push"}

    >>> account("abc").key, account({"key": "abc", "customer": None}).customer
    ('abc', '')
    """
    if isinstance(secret, Account):
        return secret
    if not isinstance(secret, dict):
        return Account(str(secret or "").strip())
    return Account(**{name: str(secret.get(name) or "").strip() for name in Account._fields})


class Clock:
    """Whether there is time for one more call of this visit."""

    def __init__(self, seconds=BUDGET):
        self.end = time.monotonic() + seconds

    def over(self):
        return time.monotonic() > self.end


def batches(parcels, size):
    parcels = list(parcels)
    return [parcels[start : start + size] for start in range(0, len(parcels), size)]


# ----------------------------------------------------------------------
# Calls
# ----------------------------------------------------------------------


def call(client, name, method, url, headers=None, secrets=(), **content):
    """One call of a service.

    :param str name: of the service, for people
    :param secrets: texts an error must not repeat
    :return: (HTTP status, body as data or None, Outcome); the Outcome is SENT when the body is to be read
    """
    try:
        answer = client.request(method, url, headers, **content)
    except Refused as error:
        return 0, None, Outcome(PARKED, error=hidden(str(error), secrets), healthy=False)
    except NotSent as error:
        return 0, None, Outcome(AGAIN, error=hidden(f"{name} is not reached. {error}", secrets), healthy=False)
    except CallError as error:  # asking and registering again do no harm
        return 0, None, Outcome(AGAIN, error=hidden(f"{name} gives no answer. {error}", secrets), healthy=False)
    if answer.status == 429:
        wait = answer.retry_after() or 60.0
        return 429, None, Outcome(AGAIN, error=f"{name} is asked too often; it goes on later.", wait=wait)
    if answer.status >= 500:
        wait = answer.retry_after()
        return answer.status, None, Outcome(AGAIN, error=f"{name} has trouble of its own.", wait=wait, healthy=False)
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        body = None
    if answer.status in (401, 403):
        return answer.status, body, refused_key(name)
    if not isinstance(body, dict):
        error = f"{name} answers in a form nobody agreed on. Is the address right?"
        return answer.status, None, Outcome(AGAIN, error=error, healthy=False)
    return answer.status, body, Outcome(SENT)


def refused_key(name):
    return Outcome(PARKED, error=f"{name} does not accept the key: enter the current one.", healthy=False)


def no_key(name):
    return Outcome(PARKED, error=f"Enter the key of the account at {name}.", healthy=False)


def strange(name, message="", secrets=()):
    """An answer that says no for a reason that is not of any parcel."""
    text = hidden(short(message, 200), secrets)
    return Outcome(AGAIN, error=f"{name} says no{f': {text}' if text else '.'}", healthy=False)


def hidden(text, secrets):
    """A text without what is secret in it.

    >>> hidden("key abcdef is wrong", ("abcdef", ""))
    'key *** is wrong'
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


# ----------------------------------------------------------------------
# Pushes
# ----------------------------------------------------------------------


def header(headers, name):
    """A header in any case; '' when it is not there.

    >>> header({"Sign": "a"}, "sign"), header(None, "sign")
    ('a', '')
    """
    for key, value in dict(headers or {}).items():
        if str(key).lower() == name and isinstance(value, str):
            return value
    return ""


def same(given, wanted):
    """Whether two signatures are the same, in a time that says nothing about where they differ."""
    if not isinstance(given, str) or not given:
        return False
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def any_of(secrets, fits):
    """Whether one of the secrets fits; empty ones never do. All are tried, so that time tells nothing."""
    found = [fits(secret) for secret in tuple(secrets or ())[:2] if isinstance(secret, str) and secret]
    return True in found


def data_of(text):
    """
    :param text: bytes or str, JSON
    :return dict: what it says
    :raise ValueError: it is no object, or holds what JSON does not know, or is nested too deep
    """

    def refuse(word):
        raise ValueError(f"{word} is no number")

    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes | bytearray) else text
        data = json.loads(text, parse_constant=refuse)
    except (TypeError, RecursionError):
        raise ValueError("This is no message in JSON.") from None
    if not isinstance(data, dict):
        raise ValueError("This is no message in JSON.")
    return data


# ----------------------------------------------------------------------
# Values
# ----------------------------------------------------------------------


def word(value):
    """A code or name as text; '' for everything else.

    >>> word(" a "), word(3), word(True), word(None), word([1])
    ('a', '3', '', '', '')
    """
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else ""
    return short(value, 200) if isinstance(value, str) else ""


def number_of(value):
    """A tracking number; '' when it is none."""
    text = word(value)
    return text if len(text) <= MAX_NUMBER else ""


def mapping(value):
    return value if isinstance(value, dict) else {}


def rows(value):
    """The objects in a list; nothing for anything else."""
    return [row for row in value[: 10 * MAX_EVENTS] if isinstance(row, dict)] if isinstance(value, list) else []


def decimal(value):
    """A weight or the like; 0.0 for everything that is none.

    >>> decimal("0.50"), decimal(2), decimal("heavy"), decimal("1e999"), decimal(-1), decimal(True)
    (0.5, 2.0, 0.0, 0.0, 0.0, 0.0)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)[:40]) > 30:
        return 0.0
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return result if 0 < result < 1e6 else 0.0


def moment(text, zone=None):
    """
    :param text: 2026-03-01T10:05:00+08:00, with a space, without seconds, without zone, or the day alone
    :param zone: tzinfo for times without one; None: UTC is assumed
    :return: (UTC without zone, whether the text itself said the zone); (None, False) when it is no possible time

    >>> moment("2026-03-01T10:05:09+08:00")
    (datetime.datetime(2026, 3, 1, 2, 5, 9), True)
    >>> moment("2026-03-01 10:05")
    (datetime.datetime(2026, 3, 1, 10, 5), False)
    >>> moment("0001-01-01T00:00:00Z"), moment("2026-02-30"), moment(7), moment("2026-03-01T10:00:00+99:00")
    ((None, False), (None, False), (None, False), (None, False))
    """
    match = MOMENT.fullmatch(text.strip()) if isinstance(text, str) and len(text) < 50 else None
    if not match:
        return None, False
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    said = match[7]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None, False
    try:
        at = datetime(year, month, day, hour, minute, second)
        if said and said not in "Zz":
            digits = said[1:].replace(":", "")
            away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            if away > timedelta(hours=14) or int(digits[2:]) > 59:
                return None, False
            at = at - away if said[0] == "+" else at + away
        elif not said and zone:
            at = at.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None, False
    return at, bool(said)


def country(value):
    """Two letters for two or three.

    >>> country("DEU"), country("cn"), country("Germany"), country(None)
    ('DE', 'CN', '', '')
    """
    text = word(value).upper()
    text = COUNTRIES.get(text, text)
    return text if len(text) == 2 and text.isascii() and text.isalpha() else ""


def translated(table, *words):
    """(code, detail) of the first word the table knows, else of an unknown word."""
    for each in words:
        if each in table:
            return table[each]
    return UNKNOWN_CODE, ""


def summary(table, *words):
    """Our state for a service's summary; '' when nobody knows it."""
    code, _detail = translated(table, *words)
    return code if code in STATUSES else ""


def newest(events):
    """The events in their order, each once, at most as many as are kept."""
    return tuple(sorted(dict.fromkeys(events), key=lambda event: event.at)[-MAX_EVENTS:])
