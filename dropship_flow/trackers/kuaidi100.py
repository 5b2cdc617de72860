"""Kuaidi100 (快递100): parcels are subscribed one by one, it pushes whole lists; asking by hand is rationed.

POST {endpoint}/poll           subscribe: a form with `param` in JSON, which holds the key, where to push, and the salt
POST {endpoint}/poll/query.do  ask: `customer`, `param`, `sign` = MD5 of param + key + customer, in upper case
The same waybill may be asked for every 30 minutes at most, or it is locked there (锁单).

A push is a form: `param` in JSON and `sign` = MD5 of param + salt, in either case. It carries nothing of ours but the
address: a tag in the address would not be signed, so pushes are matched by number and carrier.
"""

import hashlib
import json
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

from . import carriers
from .said import Found, Said, Taken, short
from .wire import (
    AGAIN,
    PARKED,
    SENT,
    Clock,
    Outcome,
    account,
    any_of,
    call,
    data_of,
    hidden,
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

KIND = "kuaidi100"
NAME = "Kuaidi100"
ENDPOINT = "https://poll.kuaidi100.com"
RATE = 2.0
BATCH = 1
PAUSE = 1800
LIVES = True
CHINA = ZoneInfo("Asia/Shanghai")

CARRIERS = carriers.KUAIDI100
OURS = carriers.reverse(CARRIERS)
# Carriers within China: their times are China's, though nothing says so. Elsewhere the place's own time is shown.
CHINESE = ("sf", "yto", "zto", "sto", "yunda", "jt", "best", "jd", "ems", "chinapost", "deppon", "danniao")
# These show a parcel only to who knows the receiver's or sender's phone; its last four digits are enough.
PHONE = ("sf", "zto")

# statusCode, state, or the word of an event: (our state, more)
STATES = {
    "0": ("in_transit", ""),
    "1001": ("in_transit", "arrived"),
    "1002": ("in_transit", ""),
    "1003": ("in_transit", "forwarded"),
    "1": ("picked_up", ""),
    "101": ("info_received", ""),
    "102": ("info_received", ""),
    "103": ("picked_up", ""),
    "2": ("exception", ""),
    "201": ("exception", "delayed"),
    "202": ("exception", "delayed"),
    "203": ("exception", "refused"),
    "204": ("attempt_failed", ""),
    "205": ("exception", "unclaimed"),
    "206": ("attempt_failed", "no_contact"),
    "207": ("exception", "out_of_area"),
    "208": ("exception", "held"),
    "209": ("exception", "damaged"),
    "210": ("cancelled", ""),
    "3": ("delivered", ""),
    "301": ("delivered", "signed"),
    "302": ("delivered", ""),
    "303": ("delivered", "proxy"),
    "304": ("delivered", "locker"),
    "4": ("returned", ""),
    "401": ("cancelled", ""),
    "14": ("exception", "refused"),
    "5": ("out_for_delivery", ""),
    "501": ("available_for_pickup", "locker"),
    "6": ("returning", ""),
    "7": ("in_transit", "forwarded"),
    "8": ("customs", ""),
    "10": ("customs", "customs_pending"),
    "11": ("customs", "customs_clearing"),
    "12": ("customs", "customs_cleared"),
    "13": ("customs", "customs_problem"),
    "在途": ("in_transit", ""),
    "揽收": ("picked_up", ""),
    "疑难": ("exception", ""),
    "签收": ("delivered", ""),
    "退签": ("returned", ""),
    "派件": ("out_for_delivery", ""),
    "退回": ("returning", ""),
    "转投": ("in_transit", "forwarded"),
    "转单": ("in_transit", "forwarded"),
    "清关": ("customs", ""),
}

DONE = "200"
REPEATED = "重复订阅"
LOCKED = "锁单"
KEY_PROBLEM = ("503", "600", "601")
LATER = ("500", "501", "502")
WORDS = {
    "400": "Kuaidi100 does not take number and carrier together: check both on the parcel.",
    "408": "The carrier wants to know the receiver's phone, and this one does not fit.",
    "700": "Kuaidi100 does not follow this carrier.",
    "701": "The carrier does not let Kuaidi100 follow this parcel.",
}
NO_PHONE = "The carrier shows this parcel only to who knows the receiver's phone: enter one on the address."
NO_CARRIER = "Choose the carrier on the parcel: Kuaidi100 cannot be asked without one."


def needs(carrier):
    return {"phone4"} if carrier in PHONE else set()


def register(client, endpoint, secret, parcels):
    """Subscribe parcels, one call each. A repeated subscription is a success; it costs once only."""
    mine = account(secret)
    parcels, result, outcome, clock = list(parcels), [], Outcome(SENT), Clock()
    if not mine.key:
        outcome = no_key(NAME)
    elif not mine.push or not mine.salt:
        outcome = Outcome(PARKED, error="Kuaidi100 pushes to an address, with a signing secret: enter both.")
    for each in parcels:
        if outcome.state == SENT and clock.over():
            outcome = Outcome(AGAIN)
        if outcome.state != SENT:
            result.append(Taken(each.tag, False, again=True, error=outcome.error))
            continue
        taken, outcome = _subscribe(client, endpoint, mine, each)
        result.append(taken)
    return result, outcome


def ask(client, endpoint, secret, parcels):
    """What is known of parcels, one call each; the caller leaves `PAUSE` seconds between two calls for one."""
    mine = account(secret)
    result, clock = [], Clock()
    if not (mine.key and mine.customer):
        return result, Outcome(PARKED, error="Enter the key and the customer code of the account at Kuaidi100.")
    outcome = Outcome(SENT)
    for each in parcels:
        if clock.over():
            return result, Outcome(AGAIN)
        found, outcome = _query(client, endpoint, mine, each)
        if found:
            result.append(found)
        if outcome.state != SENT:
            break
    return result, outcome


def quota(client, endpoint, secret):
    """Whether the account works: a number nobody has is asked for. What is left is told on their pages only."""
    mine = account(secret)
    if not (mine.key and mine.customer):
        return None, Outcome(PARKED, error="Enter the key and the customer code of the account at Kuaidi100.")
    param = json.dumps({"com": "yuantong", "num": "YT0000000000000", "resultv2": "4"})
    body, outcome = _post(client, endpoint, "/poll/query.do", mine, _signed(param, mine))
    if body is not None and word(body.get("returnCode")) in KEY_PROBLEM:
        return None, refused_key(NAME)
    return None, outcome


def verify(body, headers, form, secrets):
    fields = _form(body, form)
    sign, param = fields.get("sign"), fields.get("param")
    if not isinstance(sign, str) or not isinstance(param, str):
        return False
    param = param.encode("utf-8", "surrogatepass")
    return any_of(secrets, lambda salt: same(sign.lower(), hashlib.md5(param + salt.encode()).hexdigest()))


def read(body, headers, form):
    data = data_of(_form(body, form).get("param"))
    status = word(data.get("status"))
    last = mapping(data.get("lastResult"))
    number = number_of(last.get("nu"))
    if not number or status not in ("polling", "shutdown", "abort", "updateall"):
        raise ValueError("This is no message about a parcel.")
    found = _found(last, number)
    abroad = mapping(data.get("destResult"))
    if number_of(abroad.get("nu")):
        events = [said._replace(sure=False) for said in _found(abroad, number).events]
        found = found._replace(events=newest([*found.events, *events]))
    new = word(data.get("comNew"))
    if new and new != word(data.get("comOld")):
        found = found._replace(new_carrier=OURS.get(new, ""), service_carrier=new)
    if status == "abort":
        found = found._replace(status=found.status or "expired", error=short(data.get("message"), 200))
    return [found._replace(stopped=status in ("abort", "shutdown"))]


def reply(ok):
    text = "成功" if ok else "失败"
    answer = {"result": bool(ok), "returnCode": "200" if ok else "500", "message": text}
    return json.dumps(answer, ensure_ascii=False).encode(), "application/json"


# ----------------------------------------------------------------------


def _com(parcel):
    return parcel.service_carrier or CARRIERS.get(parcel.carrier, ("",))[0]


def _phone(parcel):
    """The last four digits, for carriers that ask for them; nothing for all others."""
    digits = "".join(sign for sign in parcel.phone if sign.isascii() and sign.isdigit())
    return digits[-4:] if needs(OURS.get(_com(parcel), parcel.carrier)) else ""


def _subscribe(client, endpoint, mine, parcel):
    com, phone = _com(parcel), _phone(parcel)
    if needs(OURS.get(com, parcel.carrier)) and len(phone) < 4:
        return Taken(parcel.tag, False, error=NO_PHONE), Outcome(SENT)
    more = {"callbackurl": mine.push, "salt": mine.salt, "resultv2": "4"}
    if phone:
        more["phone"] = phone
    if not com:
        more["autoCom"] = "1"
    if parcel.country and parcel.country != "CN":
        more.update(interCom="1", destinationCountry=parcel.country)
        if parcel.origin:
            more["departureCountry"] = parcel.origin
    param = {"company": com, "number": parcel.number, "key": mine.key, "parameters": more}
    form = {"schema": "json", "param": json.dumps(param, ensure_ascii=False)}
    body, outcome = _post(client, endpoint, "/poll", mine, form)
    if body is None:
        return Taken(parcel.tag, False, again=True, error=outcome.error), outcome
    code, message = word(body.get("returnCode")), word(body.get("message"))
    if code == DONE or (code == "501" and REPEATED in message):
        return Taken(parcel.tag, True, service_carrier=com), outcome
    error, outcome = _problem(code, message, mine)
    return Taken(parcel.tag, False, again=code in LATER or outcome.state != SENT, error=error), outcome


def _query(client, endpoint, mine, parcel):
    com = _com(parcel)
    if not com:
        return Found(parcel.number, tag=parcel.tag, error=NO_CARRIER), Outcome(SENT)
    question = {"com": com, "num": parcel.number, "resultv2": "4", "show": "0", "order": "desc"}
    if needs(OURS.get(com, parcel.carrier)):
        question["phone"] = _phone(parcel)
        if len(question["phone"]) < 4:
            return Found(parcel.number, tag=parcel.tag, error=NO_PHONE), Outcome(SENT)
    param = json.dumps(question, ensure_ascii=False)
    body, outcome = _post(client, endpoint, "/poll/query.do", mine, _signed(param, mine))
    if body is None:
        return None, outcome
    if word(body.get("status")) == DONE and isinstance(body.get("data"), list):
        return _found(body, parcel.number)._replace(tag=parcel.tag), outcome
    code, message = word(body.get("returnCode")), word(body.get("message"))
    if code == "500" and LOCKED not in message:
        return Found(parcel.number, tag=parcel.tag, carrier=parcel.carrier, service_carrier=com), outcome  # no news
    error, outcome = _problem(code, message, mine)
    return (Found(parcel.number, tag=parcel.tag, error=error) if outcome.state == SENT else None), outcome


def _signed(param, mine):
    sign = hashlib.md5((param + mine.key + mine.customer).encode()).hexdigest().upper()
    return {"customer": mine.customer, "param": param, "sign": sign}


def _post(client, endpoint, path, mine, form):
    """
    :return: (body or None, Outcome)
    """
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    secrets = (mine.key, mine.customer, mine.salt, mine.push)
    _status, body, outcome = call(
        client, NAME, "POST", endpoint.rstrip("/") + path, headers, secrets, body=urlencode(form).encode()
    )
    return (body if outcome.state == SENT else None), outcome


def _problem(code, message, mine):
    """What a failure means: for this parcel (the Outcome is SENT then) or for the account.

    :return: (error in words, Outcome)
    """
    if code in KEY_PROBLEM:
        outcome = refused_key(NAME)
        return outcome.error, outcome
    if LOCKED in message:
        error = "Kuaidi100 was asked for this parcel too often and has locked it for a while."
        return error, Outcome(AGAIN, error=error, wait=float(PAUSE))
    if code in WORDS:
        return WORDS[code], Outcome(SENT)
    outcome = strange(NAME, hidden(message, (mine.key, mine.customer, mine.salt)))
    outcome.healthy = code in LATER
    return outcome.error, outcome


def _form(body, form):
    """The fields of a push; where the caller did not take the form apart, it is done here."""
    if form and "param" in form:
        return form
    try:
        text = body.decode() if isinstance(body, bytes | bytearray) else str(body or "")
        found = parse_qs(text, keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def _found(result, number):
    com = word(result.get("com"))
    code = OURS.get(com, "")
    events = rows(result.get("data"))
    coded = any(word(event.get("statusCode")) for event in events)
    said = []
    for place, event in enumerate(events):
        # Without advanced states only the newest event, the first one, has the state of all.
        main = word(result.get("state")) if place == 0 and not coded else ""
        if one := _said(event, main, code in CHINESE):
            said.append(one)
    return Found(
        number,
        carrier=code,
        service_carrier=com,
        events=newest(said),
        status=summary(STATES, word(result.get("state"))),
    )


def _said(event, main, sure):
    raw_time = event.get("ftime") or event.get("time")
    at, zone_said = moment(raw_time, CHINA)
    if not at:
        return None
    fine, name = word(event.get("statusCode")), word(event.get("status"))
    code, detail = translated(STATES, fine, name, main)
    return Said(
        at,
        code,
        detail,
        raw_status=fine or name or "-",  # not the state of all: it is another one next time
        raw_detail=name,
        text=short(event.get("context")),
        place=short(event.get("areaName") or event.get("location"), 200),
        raw_time=short(raw_time, 64),
        sure=sure or zone_said,
    )
