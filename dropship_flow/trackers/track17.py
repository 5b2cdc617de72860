"""17TRACK, version 2.4 of its API (2.2 speaks the same): numbers are registered, 40 in a call; it pushes what is new.

POST {endpoint}/register · gettrackinfo · stoptrack · getquota, a list of objects each, the key in the header 17token.
A push is signed with the key itself: header `sign` = SHA-256 of body + "/" + key, in hex.
"""

import hashlib

from . import carriers
from .said import Found, Said, Taken, short
from .wire import (
    AGAIN,
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

KIND = "17track"
NAME = "17TRACK"
ENDPOINT = "https://api.17track.net/track/v2.4"
RATE = 3.0  # calls per second the service allows
BATCH = 40
PAUSE = 0
LIVES = True

CARRIERS = carriers.TRACK17
OURS = carriers.reverse(CARRIERS)

# status, sub-status or stage: (our state, more)
STATES = {
    "NotFound": ("pending", ""),
    "NotFound_Other": ("pending", ""),
    "NotFound_InvalidCode": ("pending", ""),
    "InfoReceived": ("info_received", ""),
    "InTransit": ("in_transit", ""),
    "InTransit_PickedUp": ("picked_up", ""),
    "InTransit_Departure": ("in_transit", "departed"),
    "InTransit_Arrival": ("in_transit", "arrived"),
    "InTransit_CustomsProcessing": ("customs", "customs_clearing"),
    "InTransit_CustomsReleased": ("customs", "customs_cleared"),
    "InTransit_CustomsRequiringInformation": ("customs", "customs_documents"),
    "InTransit_Other": ("in_transit", ""),
    "Expired": ("expired", ""),
    "Expired_Other": ("expired", ""),
    "AvailableForPickup": ("available_for_pickup", ""),
    "AvailableForPickup_Other": ("available_for_pickup", ""),
    "OutForDelivery": ("out_for_delivery", ""),
    "OutForDelivery_Other": ("out_for_delivery", ""),
    "DeliveryFailure": ("attempt_failed", ""),
    "DeliveryFailure_Other": ("attempt_failed", ""),
    "DeliveryFailure_NoBody": ("attempt_failed", "absent"),
    "DeliveryFailure_Security": ("attempt_failed", "security"),
    "DeliveryFailure_Rejected": ("exception", "refused"),
    "DeliveryFailure_InvalidAddress": ("attempt_failed", "address"),
    "Delivered": ("delivered", ""),
    "Delivered_Other": ("delivered", ""),
    "Exception": ("exception", ""),
    "Exception_Other": ("exception", ""),
    "Exception_Returning": ("returning", ""),
    "Exception_Returned": ("returned", ""),
    "Exception_NoBody": ("exception", "absent"),
    "Exception_Security": ("exception", "security"),
    "Exception_Damage": ("exception", "damaged"),
    "Exception_Rejected": ("exception", "refused"),
    "Exception_Delayed": ("exception", "delayed"),
    "Exception_Lost": ("lost", ""),
    "Exception_Destroyed": ("lost", "destroyed"),
    "Exception_Cancel": ("cancelled", ""),
    # stages
    "PickedUp": ("picked_up", ""),
    "Departure": ("in_transit", "departed"),
    "Arrival": ("in_transit", "arrived"),
    "Returning": ("returning", ""),
    "Returned": ("returned", ""),
}

GUESS = 3  # `origin` of a registration whose carrier is a guess
KNOWN = -18019901
NOT_REGISTERED = -18019902
NO_NEWS = -18019909
QUOTA = {-18019907: "Today's numbers at 17TRACK are used up.", -18019908: "The account has no numbers left at 17TRACK."}
WRONG_KEY = (-18010001, -18010002)
WORDS = {
    -18010018: "The carrier wants to know the receiver's postcode.",
    -18010019: "The carrier wants to know the receiver's phone.",
    -18010020: "The carrier wants to know more of the receiver.",
    -18010012: "17TRACK does not take this for a tracking number.",
    -18010013: "17TRACK does not take this for a tracking number.",
    -18019903: "17TRACK does not recognise the carrier: choose it on the parcel.",
    -18019910: "17TRACK does not know this carrier: choose another one on the parcel.",
}


def register(client, endpoint, secret, parcels):
    """Have numbers watched. One that is watched already is a success; a number costs once only."""
    parcels, result, clock = list(parcels), [], Clock()
    outcome = Outcome(SENT)
    for batch in batches(parcels, BATCH):
        outcome = Outcome(AGAIN) if clock.over() else _register(client, endpoint, secret, batch, result)
        if outcome.state != SENT:
            break
    done = {taken.tag for taken in result}
    result += [Taken(each.tag, False, again=True, error=outcome.error) for each in parcels if each.tag not in done]
    return result, outcome


def _register(client, endpoint, secret, batch, result):
    items = []
    for each in batch:
        item = {"number": each.number, "tag": each.tag, "auto_detection": True}
        if carrier := _carrier(each):
            item["carrier"] = carrier
        items.append(item)
    data, outcome = _post(client, endpoint, secret, "register", items)
    if data is None:
        return outcome
    left = {each.tag: each for each in batch}
    for parcel, row in _pairs(left, data.get("accepted")):
        sure = row.get("origin") != GUESS
        result.append(Taken(parcel.tag, True, service_carrier=word(row.get("carrier")) if sure else ""))
    for parcel, row in _pairs(left, data.get("rejected")):
        code, text = _error(row, secret)
        if code == KNOWN:
            result.append(Taken(parcel.tag, True, service_carrier=str(_carrier(parcel) or "")))
            continue
        result.append(Taken(parcel.tag, False, again=code in QUOTA, error=text))
        if code in QUOTA:
            outcome = Outcome(AGAIN, error=text, wait=3600.0)
    return outcome


def ask(client, endpoint, secret, parcels):
    """What is known of numbers; costs nothing."""
    result, clock = [], Clock()
    outcome = Outcome(SENT)
    for batch in batches(parcels, BATCH):
        if clock.over():
            return result, Outcome(AGAIN)
        data, outcome = _post(client, endpoint, secret, "gettrackinfo", _items(batch))
        if data is None:
            break
        left = {each.tag: each for each in batch}
        for parcel, row in _pairs(left, data.get("accepted")):
            result.append(_found(row)._replace(number=parcel.number, tag=parcel.tag))
        for parcel, row in _pairs(left, data.get("rejected")):
            code, text = _error(row, secret)
            unknown = code == NOT_REGISTERED
            text = "" if unknown or code == NO_NEWS else text
            result.append(Found(parcel.number, tag=parcel.tag, stopped=unknown, status="pending", error=text))
    return result, outcome


def stop(client, endpoint, secret, parcels):
    """End the watching; a number that is not watched is none to stop."""
    outcome = Outcome(SENT)
    for batch in batches(parcels, BATCH):
        data, outcome = _post(client, endpoint, secret, "stoptrack", _items(batch))
        if data is None:
            break
    return outcome


def quota(client, endpoint, secret):
    """
    :return: (numbers that can still be registered or None, Outcome)
    """
    data, outcome = _post(client, endpoint, secret, "getquota", [])
    left = word((data or {}).get("quota_remain"))
    return (int(left) if left.lstrip("-").isdecimal() else None), outcome


def verify(body, headers, form, secrets):
    given = header(headers, "sign")
    body = body if isinstance(body, bytes) else str(body or "").encode("utf-8", "surrogatepass")
    return any_of(secrets, lambda key: same(given, hashlib.sha256(body + b"/" + key.encode()).hexdigest()))


def read(body, headers, form):
    data = data_of(body)
    row = mapping(data.get("data"))
    if not number_of(row.get("number")):
        raise ValueError("This is no message about a parcel.")
    found = _found(row)
    return [found._replace(stopped=True) if data.get("event") == "TRACKING_STOPPED" else found]


# ----------------------------------------------------------------------


def _carrier(parcel):
    """Their number of the carrier: what they told us, else what our code stands for, else 0."""
    if parcel.service_carrier.isascii() and parcel.service_carrier.isdigit():
        return int(parcel.service_carrier)
    return CARRIERS.get(parcel.carrier, (0,))[0]


def _items(batch):
    """Numbers as they were registered: one that was registered without a carrier is asked for without one."""
    carriers = [(each.number, _carrier(each)) for each in batch]
    return [{"number": number, "carrier": carrier} if carrier else {"number": number} for number, carrier in carriers]


def _post(client, endpoint, secret, verb, items):
    """
    :return: (data or None, Outcome)
    """
    key = account(secret).key
    if not key:
        return None, no_key(NAME)
    url, headers = f"{endpoint.rstrip('/')}/{verb}", {"17token": key}
    status, body, outcome = call(client, NAME, "POST", url, headers, (key,), data=items)
    if outcome.state != SENT:
        return None, outcome
    data = mapping(body.get("data"))
    if body.get("code") == 0 and isinstance(body.get("data"), dict):
        return data, outcome
    errors = [body, *rows(data.get("errors"))]
    if any(row.get("code") in WRONG_KEY for row in errors if isinstance(row.get("code"), int)):
        return None, refused_key(NAME)
    for row in errors:
        if isinstance(row.get("code"), int) and row["code"] in QUOTA:
            return None, Outcome(AGAIN, error=QUOTA[row["code"]], wait=3600.0)
    return None, strange(NAME, errors[-1].get("message") or f"{status}", (key,))


def _pairs(left, answers):
    """The parcels of a batch with what is said about each; they are taken out of `left`, {tag: parcel}.

    A parcel is known by our tag, by number and carrier, by a number that is there once. Refusals name neither tag nor
    carrier: where as many are refused as have that number, they come in the order of the question.
    """
    answers, found = rows(answers)[: 4 * BATCH], []
    for row in answers:
        tag, number, carrier = word(row.get("tag")), number_of(row.get("number")).upper(), word(row.get("carrier"))
        same_number = [each for each in left.values() if each.number.upper() == number]
        fitting = [each for each in same_number if each.tag == tag]
        fitting = fitting or [each for each in same_number if str(_carrier(each)) == carrier] or same_number
        alike = [each for each in answers if number_of(each.get("number")).upper() == number]
        done = sum(1 for _parcel, each in found if number_of(each.get("number")).upper() == number)
        if fitting and (len(fitting) == 1 or len(fitting) == len(alike) - done):
            found.append((left.pop(fitting[0].tag), row))
    return found


def _error(row, secret):
    error = mapping(row.get("error"))
    code = error.get("code") if isinstance(error.get("code"), int) else 0
    known = QUOTA.get(code) or WORDS.get(code)
    return code, known or strange(NAME, error.get("message"), (account(secret).key,)).error


def _found(row):
    info = mapping(row.get("track_info"))
    latest = mapping(info.get("latest_status"))
    shipping = mapping(info.get("shipping_info"))
    providers = rows(mapping(info.get("tracking")).get("providers"))
    window = mapping(mapping(info.get("time_metrics")).get("estimated_delivery_date"))
    expected = moment(window.get("to"))[0] or moment(window.get("from"))[0]
    service_carrier = word(row.get("carrier"))
    return Found(
        number_of(row.get("number")),
        tag=word(row.get("tag")),
        carrier=OURS.get(service_carrier, ""),
        service_carrier=service_carrier if service_carrier != "0" else "",
        events=newest(said for each in providers for event in rows(each.get("events")) if (said := _said(event))),
        status=summary(STATES, word(latest.get("sub_status")), word(latest.get("status"))),
        expected=expected.date() if expected else None,
        weight=decimal(mapping(info.get("misc_info")).get("weight_kg")),
        destination=country(mapping(shipping.get("recipient_address")).get("country")),
    )


def _said(event):
    """One event, or None when it has no time."""
    at, sure = moment(event.get("time_utc"))
    raw_time = event.get("time_utc")
    if at:
        sure = True  # the field is UTC by its name
    else:
        raw = mapping(event.get("time_raw"))
        raw_time = event.get("time_iso") or f"{word(raw.get('date'))} {word(raw.get('time'))}"
        at, sure = moment(raw_time)
    if not at:
        return None
    sub, stage = word(event.get("sub_status")), word(event.get("stage"))
    code, detail = translated(STATES, sub, sub.split("_")[0], stage)
    return Said(
        at,
        code,
        detail,
        raw_status=sub.split("_")[0] or stage,
        raw_detail=sub,
        text=short(event.get("description")),
        place=short(event.get("location"), 200) or _place(mapping(event.get("address"))),
        raw_time=short(raw_time, 64),
        sure=sure,
    )


def _place(address):
    return ", ".join(filter(None, (word(address.get(name)) for name in ("city", "state", "country"))))
