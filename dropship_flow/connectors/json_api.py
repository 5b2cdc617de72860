"""The open JSON API a supplier may implement, described in docs/supplier_api.md.

POST {endpoint}/orders                 an order; Idempotency-Key travels as a header, the same key never makes two
POST {endpoint}/orders/{ref}/cancel    ask to stop an order
POST {endpoint}/orders/{ref}/changes   ask for another address, quantity, date
POST {endpoint}/orders/{ref}/pay       say that it is paid, or ask to take it from our balance
POST {endpoint}/inquiries              what do you have, for how much, when
GET  {endpoint}/orders?refs=A,B        what is known of orders, by our references
GET  {endpoint}/closures               when are you closed
"""

from urllib.parse import quote

from . import replies
from .answer import clean
from .http import CallError, NotSent, Refused
from .outcome import AGAIN, PARKED, REJECTED, SENT, UNKNOWN, Outcome

SCHEMA = 1
PATHS = {
    "order": "/orders",
    "cancel": "/orders/{ref}/cancel",
    "change": "/orders/{ref}/changes",
    "pay": "/orders/{ref}/pay",
    "ask": "/inquiries",
}
# A short word says no without a reason given; a long one says it with one.
NO = (False, "false", "no", "0", 0, "fail", "failed", "error")


def send(client, endpoint, headers, kind, payload, key):
    """Hand over one message.

    :param str kind: one of PATHS
    :param dict payload: see `dropship.connector`; `ref` is our reference
    :return: Outcome
    """
    answer, failed = post(client, endpoint, headers, PATHS, kind, payload, key)
    return failed or _taken(answer, kind, payload.get("ref") or "", payload)


def post(client, endpoint, headers, paths, kind, payload, key):
    """Post one message under its key.

    :param dict paths: {kind: path, with {ref} where our reference goes}
    :return: (the answer, None), or (None, Outcome): it was not taken
    """
    if kind not in paths:
        return None, Outcome(PARKED, error=f"This connection knows no message {kind!r}.")
    url = endpoint + paths[kind].format(ref=quote(payload.get("ref") or "", safe=""))
    try:
        answer = client.request("POST", url, {**headers, "Idempotency-Key": key}, data=payload)
    except CallError as error:
        return None, _not_answered(error)
    return (answer, None) if answer.ok else (None, _refused(answer))


def look_up(client, endpoint, headers, refs):
    """Ask what the supplier knows of our references.

    :return: ({ref: message in}, Outcome); references the supplier does not know are left out
    """
    wanted = ",".join(quote(ref, safe="") for ref in refs)
    try:
        answer = client.request("GET", f"{endpoint}/orders?refs={wanted}", headers)
    except CallError as error:
        return {}, _not_answered(error, asking=True)
    if not answer.ok:
        return {}, _refused(answer, asking=True)
    try:
        rows = _body(answer)["orders"]
        known = {row["ref"]: clean(_of_our_version(row)) for row in rows if row["ref"] in refs}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}, Outcome(AGAIN, error="The answer is not in the agreed form.", healthy=False)
    return known, Outcome(SENT)


def closures(client, endpoint, headers):
    """Ask when the supplier is closed.

    :return: (closures, Outcome)
    """
    try:
        answer = client.request("GET", f"{endpoint}/closures", headers)
    except CallError as error:
        return [], _not_answered(error, asking=True)
    if not answer.ok:
        return [], _refused(answer, asking=True)
    try:
        return replies.closures(_body(answer)), Outcome(SENT)
    except (ValueError, TypeError, RecursionError) as error:
        return [], Outcome(AGAIN, error=f"The answer is not in the agreed form: {error}", healthy=False)


def _taken(answer, kind, ref, payload):
    """What an answer with a good status says. Only what is said in the agreed form is believed."""
    if kind == "change" and "change" not in payload:  # he is told of something, not asked
        return Outcome(SENT)
    try:
        body = _body(answer)
        if kind == "change" and isinstance(body, dict):
            body = {"version": payload.get("version"), **body}
        if isinstance(body, dict) and "status" not in body and _says_no(body):
            # An envelope of some platforms: good status, bad news. It does not say that nothing was done.
            return Outcome(UNKNOWN, error=f"The supplier's system says no: {_reason(answer)}", healthy=False)
        message = {"change": replies.change, "ask": replies.ask, "pay": replies.pay}.get(kind, clean)(body)
        if message["ref"] != ref:
            raise ValueError("another reference")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # It said yes in words nobody agreed on: most likely it has the order.
        return Outcome(UNKNOWN, error="The supplier answered, but not in the agreed form.", healthy=False)
    if kind == "change" and str(message["change"]) != str(payload["change"]):
        return Outcome(UNKNOWN, error="The supplier answered to another change.", healthy=False)
    if kind == "change" and message["answer"] == "received":
        return Outcome(SENT)
    if kind == "pay" and message["paid"] != "yes":
        return _not_paid(message)
    ids = message.get("ids", [])
    if kind == "cancel" and message["status"] == "cancelled" and (left := _still_open(payload, body)):
        return Outcome(REJECTED, error=f"Only a part was cancelled; still open there: {', '.join(left)}")
    return Outcome(SENT, remote_ref=message.get("remote_ref", ""), remote_ids=ids, answers=[message])


def _not_paid(reply):
    """No money moved, or not yet: then the order is asked later whether it is paid."""
    if reply["paid"] == "no":
        return Outcome(REJECTED, error=reply["reason"] or "The supplier says that it is not paid.")
    return Outcome(UNKNOWN, error=reply["reason"] or "The supplier has not yet seen the payment.")


def _body(answer):
    """The body as data, when it is of a version this code knows.

    :raise ValueError: it is not
    """
    return _of_our_version(answer.json())


def _of_our_version(body):
    if isinstance(body, dict) and body.get("schema", SCHEMA) != SCHEMA:
        raise ValueError("another version")
    return body


def _says_no(body):
    """Whether an envelope says that the call failed.

    >>> _says_no({"is_success": "false"}), _says_no({"result": True}), _says_no({"code": -1801})
    (True, False, True)
    """
    for name in ("result", "success", "is_success", "ok"):
        value = body.get(name)
        if isinstance(value, str):
            value = value.strip().lower()
        if name in body and not isinstance(value, (list, dict)) and value in NO:
            return True
    code = str(body.get("code", "0")).strip()
    return code not in ("0", "200", "", "None") and "ref" not in body


def _still_open(payload, body):
    """His numbers of our order that a cancellation does not name, when it names any."""
    wanted = [str(number) for number in payload.get("ids") or []]
    named = body.get("ids")
    return [] if not wanted or not named else [number for number in wanted if number not in map(str, named)]


def _not_answered(error, asking=False):
    if isinstance(error, Refused):
        return Outcome(PARKED, error=str(error), healthy=False)
    if asking or isinstance(error, NotSent):
        return Outcome(AGAIN, error=str(error), healthy=False)
    return Outcome(UNKNOWN, error=str(error), healthy=False)


def _refused(answer, asking=False):
    """What an error status means: the caller's key, the message itself, the moment, or nobody knows."""
    text = f"{answer.status}: {_reason(answer)}"
    if answer.status in (401, 403, 404, 405, 407, 410):
        return Outcome(PARKED, error=text, healthy=False, denied=answer.status == 401)
    if answer.status in (408, 425, 429, 503):
        return Outcome(AGAIN, error=text, wait=answer.retry_after(), healthy=answer.status != 503)
    if answer.status < 500:
        return Outcome(PARKED if asking else REJECTED, error=text)
    return Outcome(AGAIN if asking else UNKNOWN, error=text, healthy=False)


def _reason(answer):
    try:
        found = answer.json()
        names = ("reason", "error", "message", "error_message", "msg")
        text = next((found[name] for name in names if found.get(name)), "")
        return str(text)[:500]
    except (ValueError, AttributeError, RecursionError):
        return answer.body[:200].decode("utf-8", "replace")
