"""The simulated carrier (`simulator.carrier`): parcels that move without anybody carrying them.

POST {endpoint}/v1/parcels   register up to 40 numbers
POST {endpoint}/v1/ask       what is known of up to 40 numbers
POST {endpoint}/v1/stop      do not watch them any more

It pushes in our own generic form and signature.
"""

from . import form as forms
from . import webhook
from .outside import SENT, UNKNOWN, Outcome, post
from .said import Taken, short

KIND = "simulated"
BATCH = 40
PAUSE = 0
LIVES = True
verify, read = webhook.verify, webhook.read


def _call(client, endpoint, secret, path, data):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return post(client, endpoint.rstrip("/") + path, headers, data)


def register(client, endpoint, secret, parcels):
    rows = [
        {"tag": one.tag, "number": one.number, "carrier": one.carrier, "country": one.country} for one in parcels
    ]
    data, outcome = _call(client, endpoint, secret, "/v1/parcels", {"parcels": rows})
    if outcome.state != SENT:
        return [], outcome
    results = data.get("results") if isinstance(data, dict) else None
    if not isinstance(results, list):
        return [], Outcome(UNKNOWN, error="The answer has no results.", healthy=False)
    taken = []
    for row in results:
        if isinstance(row, dict) and row.get("tag"):
            ok = row.get("status") in ("registered", "exists")
            error = "" if ok else short(row.get("error")) or "The service does not take this number."
            taken.append(Taken(short(row["tag"], 64), ok, remote_id=short(row.get("id"), 64), error=error))
    return taken, outcome


def ask(client, endpoint, secret, parcels):
    data, outcome = _call(client, endpoint, secret, "/v1/ask", {"numbers": [one.number for one in parcels]})
    if outcome.state != SENT:
        return [], outcome
    try:
        if isinstance(data, dict) and data.get("parcels") == []:
            return [], outcome
        return forms.parcels(data), outcome
    except ValueError as error:
        return [], Outcome(UNKNOWN, error=str(error), healthy=False)


def stop(client, endpoint, secret, parcels):
    return _call(client, endpoint, secret, "/v1/stop", {"numbers": [one.number for one in parcels]})[1]
