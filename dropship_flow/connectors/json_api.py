"""The open JSON API a supplier may implement: four calls, described in docs/supplier_api.md.

POST {endpoint}/orders                 an order; Idempotency-Key travels as a header, the same key never makes two
POST {endpoint}/orders/{ref}/cancel    ask to stop an order
POST {endpoint}/orders/{ref}/changes   ask for another address, quantity or date; answered yes, no or too_late
GET  {endpoint}/orders?refs=A,B        what is known of orders, by our references
"""

from urllib.parse import quote

from .answer import clean
from .change_answer import clean as clean_change
from .http import CallError, NotSent, Refused
from .outcome import AGAIN, PARKED, REJECTED, SENT, UNKNOWN, Outcome

PATHS = {"cancel": "cancel", "change": "changes"}


def send(client, endpoint, headers, kind, payload, key):
    """Hand over one message.

    :param str kind: "order", "cancel" or "change"
    :param dict payload: see `dropship.connector`; `ref` is our reference
    :return: Outcome
    """
    url = f"{endpoint}/orders"
    if kind in PATHS:
        url += f"/{quote(payload['ref'], safe='')}/{PATHS[kind]}"
    try:
        answer = client.request("POST", url, {**headers, "Idempotency-Key": key}, data=payload)
    except CallError as error:
        return _not_answered(error)
    if answer.ok:
        return _taken_change(answer, payload) if kind == "change" else _taken(answer, payload["ref"])
    return _refused(answer)


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
        rows = answer.json()["orders"]
        known = {row["ref"]: clean(row) for row in rows if row["ref"] in refs}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}, Outcome(AGAIN, error="The answer is not in the agreed form.", healthy=False)
    return known, Outcome(SENT)


def _taken(answer, ref):
    try:
        message = clean(answer.json())
        if message["ref"] != ref:
            raise ValueError("another reference")
    except (ValueError, TypeError, KeyError, AttributeError):
        # It said yes in words nobody agreed on: most likely it has the order.
        return Outcome(UNKNOWN, error="The supplier answered, but not in the agreed form.", healthy=False)
    return Outcome(SENT, remote_ref=message["remote_ref"], answers=[message])


def _taken_change(answer, payload):
    """The question arrived; what he says to it, if he says it at once."""
    if "change" not in payload:  # he is told, not asked
        return Outcome(SENT)
    try:
        found = clean_change({"version": payload.get("version"), **answer.json()})
        if (found["ref"], found["change"]) != (payload["ref"], payload["change"]):
            raise ValueError("another change")
    except (ValueError, TypeError, KeyError, AttributeError):
        return Outcome(UNKNOWN, error="The supplier answered, but not in the agreed form.", healthy=False)
    return Outcome(SENT, answers=[] if found["answer"] == "received" else [found])


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
        return Outcome(PARKED, error=text, healthy=False)
    if answer.status in (408, 425, 429, 503):
        return Outcome(AGAIN, error=text, wait=answer.retry_after(), healthy=answer.status != 503)
    if answer.status < 500:
        return Outcome(PARKED if asking else REJECTED, error=text)
    return Outcome(AGAIN if asking else UNKNOWN, error=text, healthy=False)


def _reason(answer):
    try:
        found = answer.json()
        text = found.get("reason") or found.get("error") or found.get("message") or ""
        return str(text)[:500]
    except (ValueError, AttributeError):
        return answer.body[:200].decode("utf-8", "replace")
