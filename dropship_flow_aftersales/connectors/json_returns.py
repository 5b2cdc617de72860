"""Returns and claims in the open JSON API a supplier may implement, described in docs/supplier_api.md.

POST {endpoint}/returns                  a return: may it come back (approval true), or it does (false)
POST {endpoint}/returns/{ref}/parcel     under which number it travels
POST {endpoint}/returns/{ref}/cancel     it does not come
POST {endpoint}/claims                   money asked back
POST {endpoint}/claims/{ref}/objection   we do not agree with the answer
GET  {endpoint}/returns?refs=A,B         what is known of returns, by our references
GET  {endpoint}/claims?refs=A,B          the same of claims
"""

from urllib.parse import quote

from odoo.addons.dropship_flow.connectors import json_api
from odoo.addons.dropship_flow.connectors.http import CallError
from odoo.addons.dropship_flow.connectors.outcome import AGAIN, SENT, UNKNOWN, Outcome

from .replies import READERS

PATHS = {
    "return": "/returns",
    "return_parcel": "/returns/{ref}/parcel",
    "return_cancel": "/returns/{ref}/cancel",
    "claim": "/claims",
    "claim_objection": "/claims/{ref}/objection",
}
LISTS = {"return": "returns", "claim": "claims"}
WRONG = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def about(kind):
    """
    >>> about("return_parcel"), about("claim_objection")
    ('return', 'claim')
    """
    return kind.partition("_")[0]


def send(client, endpoint, headers, kind, payload, key):
    """Hand over one message; see `json_api.send`.

    :return: Outcome
    """
    answer, failed = json_api.post(client, endpoint, headers, PATHS, kind, payload, key)
    return failed or _taken(answer, kind, payload.get("ref") or "")


def _taken(answer, kind, ref):
    try:
        body = json_api._body(answer)
        if isinstance(body, dict) and "answer" not in body and json_api._says_no(body):
            return Outcome(UNKNOWN, error=f"The supplier's system says no: {json_api._reason(answer)}", healthy=False)
        reply = READERS[about(kind)](body)
        if reply["ref"] != ref:
            raise ValueError("another reference")
    except WRONG:
        return Outcome(UNKNOWN, error="The supplier answered, but not in the agreed form.", healthy=False)
    said = [] if reply["answer"] in ("received", "unknown") else [reply]
    return Outcome(SENT, remote_ref=reply["remote_ref"], answers=said)


def look_up(client, endpoint, headers, what, refs):
    """Ask what the supplier says to our returns or claims.

    :param str what: return, claim
    :return: ({ref: reply}, Outcome); what he does not know, and what is not in the agreed form, is left out
    """
    name = LISTS[what]
    wanted = ",".join(quote(ref, safe="") for ref in refs)
    try:
        answer = client.request("GET", f"{endpoint}/{name}?refs={wanted}", headers)
    except CallError as error:
        return {}, json_api._not_answered(error, asking=True)
    if not answer.ok:
        return {}, json_api._refused(answer, asking=True)
    try:
        rows = json_api._body(answer)[name]
        known = {row["ref"]: READERS[what](row) for row in rows if row["ref"] in refs}
    except WRONG:
        return {}, Outcome(AGAIN, error="The answer is not in the agreed form.", healthy=False)
    return known, Outcome(SENT)
