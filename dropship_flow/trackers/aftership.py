"""AfterShip Tracking, in one of its dated versions from 2024-07 on: one parcel per registration, lists by pages.

POST {endpoint}/trackings                 register; meta.code 4003 says that it is there already
GET  {endpoint}/trackings?tracking_numbers=A,B&cursor=…    ask, a page at a time
The key travels in the header as-api-key. A push is signed: aftership-hmac-sha256 = base64 of HMAC-SHA256 of the body.
It ends the watching of a delivered parcel by itself.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import carriers
from .said import Found, Said, Taken, short
from .wire import (
    AGAIN,
    ISO3,
    SENT,
    Clock,
    Outcome,
    account,
    any_of,
    batches,
    call,
    country,
    data_of,
    decimal,
    header,
    mapping,
    moment,
    newest,
    no_key,
    number_of,
    refused_key,
    rows,
    same,
    strange,
    summary,
    translated,
    word,
)

KIND = "aftership"
NAME = "AfterShip"
ENDPOINT = "https://api.aftership.com/tracking/2026-07"
RATE = 5.0  # one parcel: 5 a second; lists 6, registrations 20
BATCH = 20
PAUSE = 0
LIVES = True
PAGE = 100
MAX_PAGES = 20
KEPT = timedelta(days=119)  # lists hold the last 30 days unless they are asked for more; 120 are kept

CARRIERS = carriers.AFTERSHIP
OURS = carriers.reverse(CARRIERS)
POSTCODE = ("postnl",)  # these show a parcel only to who knows where it goes
# Where a time without zone can only be of one zone; it stays marked as assumed.
ZONES = {
    "CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "TW": "Asia/Taipei", "JP": "Asia/Tokyo", "KR": "Asia/Seoul",
    "SG": "Asia/Singapore", "IN": "Asia/Kolkata", "DE": "Europe/Berlin", "AT": "Europe/Vienna",
    "CH": "Europe/Zurich", "NL": "Europe/Amsterdam", "BE": "Europe/Brussels", "FR": "Europe/Paris",
    "IT": "Europe/Rome", "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "DK": "Europe/Copenhagen",
    "SE": "Europe/Stockholm", "GB": "Europe/London", "IE": "Europe/Dublin",
}  # fmt: skip

# sub-status or status: (our state, more); sub-statuses that are missing here count as their status
STATES = {
    "Pending": ("pending", ""),
    "InfoReceived": ("info_received", ""),
    "InTransit": ("in_transit", ""),
    "InTransit_001": ("in_transit", ""),
    "InTransit_002": ("picked_up", ""),
    "InTransit_003": ("in_transit", "arrived"),
    "InTransit_004": ("in_transit", "arrived_country"),
    "InTransit_005": ("customs", "customs_cleared"),
    "InTransit_006": ("customs", "customs_clearing"),
    "InTransit_007": ("in_transit", "departed"),
    "InTransit_008": ("in_transit", ""),
    "InTransit_009": ("in_transit", "forwarded"),
    "OutForDelivery": ("out_for_delivery", ""),
    "AvailableForPickup": ("available_for_pickup", ""),
    "AttemptFail": ("attempt_failed", ""),
    "AttemptFail_002": ("attempt_failed", "absent"),
    "AttemptFail_003": ("attempt_failed", "closed"),
    "Delivered": ("delivered", ""),
    "Delivered_002": ("delivered", "locker"),
    "Delivered_003": ("delivered", "signed"),
    "Delivered_004": ("delivered", "cash_collected"),
    "Delivered_005": ("delivered", "neighbour"),
    "Exception": ("exception", ""),
    "Exception_002": ("exception", "address"),
    "Exception_003": ("exception", "refused"),
    "Exception_004": ("customs", "customs_problem"),
    "Exception_005": ("exception", "delayed"),
    "Exception_006": ("exception", "fee_due"),
    "Exception_007": ("exception", "address"),
    "Exception_008": ("exception", "unclaimed"),
    "Exception_009": ("exception", ""),
    "Exception_010": ("returning", ""),
    "Exception_011": ("returned", ""),
    "Exception_012": ("exception", "damaged"),
    "Exception_013": ("lost", ""),
    "Exception_016": ("exception", "delayed"),
    "Exception_017": ("exception", "weather"),
    "Exception_018": ("customs", "customs_documents"),
    "Expired": ("expired", ""),
}

EXISTS = 4003
UNKNOWN = 4004
WRONG_KEY = (401, 403)
WORDS = {
    4005: "AfterShip does not take this for a tracking number.",
    4017: "AfterShip does not take this for a tracking number.",
    4010: "AfterShip does not know this carrier: choose another one on the parcel.",
    4011: "The carrier wants to know more of where the parcel goes, such as the postcode.",
    4012: "AfterShip does not recognise the carrier, or it is not switched on in the account there.",
}


def needs(carrier):
    return {"postcode"} if carrier in POSTCODE else set()


def register(client, endpoint, secret, parcels):
    """Register parcels, one call each. One that is there already is a success, and its id is fetched."""
    key = account(secret).key
    parcels, result, clock = list(parcels), [], Clock()
    outcome = Outcome(SENT) if key else no_key(NAME)
    for each in parcels:
        if outcome.state == SENT and clock.over():
            outcome = Outcome(AGAIN)
        if outcome.state != SENT:
            result.append(Taken(each.tag, False, again=True, error=outcome.error))
            continue
        taken, outcome = _create(client, endpoint, key, each)
        result.append(taken)
    return result, outcome


def ask(client, endpoint, secret, parcels):
    """What is known of parcels: lists by pages, and those that slipped through between two pages once more."""
    key = account(secret).key
    result, clock = [], Clock()
    if not key:
        return result, no_key(NAME)
    outcome = Outcome(SENT)
    for batch in batches(parcels, BATCH):
        if clock.over():
            return result, Outcome(AGAIN)
        found, missing, before = {}, batch, None
        while missing and len(missing) != before:  # until a list brings nothing more
            before = len(missing)
            more, outcome = _list(client, endpoint, key, [each.number for each in missing], clock)
            found.update(more)
            missing = [each for each in batch if not _mine(found, each)]
            if outcome.state != SENT or clock.over():
                break
        for each in batch:
            if row := _mine(found, each):
                result.append(_found(row)._replace(number=each.number, tag=each.tag))
            elif outcome.state == SENT:  # it is not there: who still wants to follow it registers it again
                result.append(Found(each.number, tag=each.tag, stopped=True, status="pending"))
        if outcome.state != SENT:
            break
    return result, outcome


def quota(client, endpoint, secret):
    """Whether the account works; what is left of it is told on their pages only."""
    key = account(secret).key
    if not key:
        return None, no_key(NAME)
    _body, _code, outcome = _get(client, endpoint, key, "/trackings?limit=1")
    return None, outcome


def verify(body, headers, form, secrets):
    given = header(headers, "aftership-hmac-sha256")
    body = body if isinstance(body, bytes) else str(body or "").encode("utf-8", "surrogatepass")

    def fits(secret):
        return same(given, base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode())

    return any_of(secrets, fits)


def read(body, headers, form):
    row = mapping(data_of(body).get("msg"))
    if not number_of(row.get("tracking_number")):
        raise ValueError("This is no message about a parcel.")
    return [_found(row)]


# ----------------------------------------------------------------------


def _slug(parcel):
    return parcel.service_carrier or CARRIERS.get(parcel.carrier, ("",))[0]


def _create(client, endpoint, key, parcel):
    data = {"tracking_number": parcel.number, "custom_fields": {"ref": parcel.tag}}
    if slug := _slug(parcel):
        data["slug"] = slug
    if needs(OURS.get(slug, parcel.carrier)):
        if not parcel.postcode:
            return Taken(parcel.tag, False, error=WORDS[4011]), Outcome(SENT)
        data["destination_postal_code"] = parcel.postcode
        if parcel.country in ISO3:
            data["destination_country_region"] = ISO3[parcel.country]
    url, headers = f"{endpoint.rstrip('/')}/trackings", {"as-api-key": key}
    status, body, outcome = call(client, NAME, "POST", url, headers, (key,), data=data)
    if outcome.state != SENT:
        return Taken(parcel.tag, False, again=True, error=outcome.error), outcome
    code, row = _code(body, status), mapping(body.get("data"))
    if code in (200, 201):
        return _taken(parcel, row.get("tracking") or row), outcome
    if code == EXISTS:
        found, _outcome = _list(client, endpoint, key, [parcel.number], Clock())
        return _taken(parcel, _mine(found, parcel)), outcome
    if code in WRONG_KEY:
        outcome = refused_key(NAME)
        return Taken(parcel.tag, False, again=True, error=outcome.error), outcome
    error = WORDS.get(code) or strange(NAME, mapping(body.get("meta")).get("message"), (key,)).error
    return Taken(parcel.tag, False, error=error), outcome


def _taken(parcel, row):
    row = mapping(row)
    return Taken(parcel.tag, True, service_carrier=word(row.get("slug")), remote_id=word(row.get("id")))


def _code(body, status):
    code = mapping(body.get("meta")).get("code")
    return code if isinstance(code, int) else status


def _get(client, endpoint, key, path):
    """
    :return: (body or None, their code, Outcome)
    """
    status, body, outcome = call(client, NAME, "GET", endpoint.rstrip("/") + path, {"as-api-key": key}, (key,))
    if outcome.state != SENT:
        return None, 0, outcome
    code = _code(body, status)
    if code in WRONG_KEY:
        return None, code, refused_key(NAME)
    if code == UNKNOWN or 200 <= code < 300:
        return body, code, outcome
    return None, code, strange(NAME, mapping(body.get("meta")).get("message"), (key,))


def _list(client, endpoint, key, numbers, clock):
    """All there is under these numbers. Pages may shift while we turn them: a parcel counts once, as it was last.

    A cursor that comes again ends the turning, as a limit of pages does.

    :return: ({(number, slug): tracking}, Outcome)
    """
    since = (datetime.now(timezone.utc) - KEPT).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    query = {"limit": PAGE, "created_at_min": since}
    # Commas stand between numbers, so those within one are written out.
    numbers = ",".join(quote(number, safe="") for number in dict.fromkeys(numbers))
    found, cursor, seen = {}, "", set()
    for _page in range(MAX_PAGES):
        more = urlencode({**query, **({"cursor": cursor} if cursor else {})})
        body, _code_, outcome = _get(client, endpoint, key, f"/trackings?tracking_numbers={numbers}&{more}")
        if body is None:
            return found, outcome
        data = mapping(body.get("data"))
        for row in rows(data.get("trackings")):
            name = (number_of(row.get("tracking_number")).upper(), word(row.get("slug")))
            if name not in found or word(found[name].get("updated_at")) <= word(row.get("updated_at")):
                found[name] = row
        pages = mapping(data.get("pagination"))
        cursor = word(pages.get("next_cursor"))
        if not cursor or pages.get("has_next_page") is False or cursor in seen or clock.over():
            break
        seen.add(cursor)
    return found, Outcome(SENT)


def _mine(found, parcel):
    """The tracking of a parcel: by our tag, by its carrier, by its number when that is there once; else None."""
    rows_ = [row for (number, _slug_), row in found.items() if number == parcel.number.upper()]
    for fits in (
        [row for row in rows_ if _tag(row) == parcel.tag],
        [row for row in rows_ if word(row.get("slug")) == _slug(parcel)],
        [row for row in rows_ if parcel.carrier and OURS.get(word(row.get("slug"))) == parcel.carrier],
        rows_ if len(rows_) == 1 else [],
    ):
        if fits:
            return fits[0]
    return None


def _tag(row):
    return word(mapping(row.get("custom_fields")).get("ref"))


def _found(row):
    slug = word(row.get("slug"))
    expected = mapping(row.get("latest_estimated_delivery"))
    day = moment(expected.get("datetime_max"))[0] or moment(expected.get("datetime"))[0]
    state = summary(STATES, word(row.get("subtag")), word(row.get("tag")))
    return Found(
        number_of(row.get("tracking_number")),
        tag=_tag(row),
        carrier=OURS.get(slug, ""),
        service_carrier=slug,
        events=newest(said for point in rows(row.get("checkpoints")) if (said := _said(point))),
        status=state,
        stopped=row.get("active") is False,
        expected=day.date() if day else None,
        weight=_kilograms(row),
        destination=country(row.get("destination_country_region")),
        signed_by=short(row.get("signed_by"), 64) if isinstance(row.get("signed_by"), str) else "",
    )


def _kilograms(row):
    weight = row.get("shipment_weight")
    unit = word(mapping(weight).get("unit") or row.get("shipment_weight_unit")).lower()
    value = decimal(mapping(weight).get("value") if isinstance(weight, dict) else weight)
    return value * {"kg": 1, "kgs": 1, "g": 0.001, "lb": 0.45359237, "lbs": 0.45359237, "oz": 0.028349523}.get(unit, 0)


def _said(point):
    """One event, or None when it has no time."""
    where = country(point.get("country_region")) or country(point.get("country_iso3"))
    raw_time = point.get("checkpoint_time")
    at, sure = moment(raw_time, _zone(where))
    if not at:
        return None
    tag, subtag = word(point.get("tag")), word(point.get("subtag"))
    code, detail = translated(STATES, subtag, tag, subtag.split("_")[0])
    parts = [word(point.get(name)) for name in ("city", "state")]
    return Said(
        at,
        code,
        detail,
        raw_status=tag or subtag,
        raw_detail=subtag,
        text=short(point.get("message")),
        place=short(point.get("location"), 200) or ", ".join(filter(None, [*parts, where])),
        raw_time=short(raw_time, 64),
        sure=sure,
    )


def _zone(where):
    try:
        return ZoneInfo(ZONES[where]) if where in ZONES else None
    except (ZoneInfoNotFoundError, OSError):
        return None
