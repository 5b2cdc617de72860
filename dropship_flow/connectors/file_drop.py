"""Files handed over and fetched over HTTPS. The same name again overwrites, so a file of unknown fate goes again."""

from urllib.parse import quote

from .http import CallError
from .json_api import _not_answered, _refused
from .outcome import SENT, Outcome


def send(client, address, headers, method, name, content, kind):
    """Put a file at an address.

    :param str method: "PUT" to the address with the name behind it, "POST" to the address itself
    :return: Outcome
    """
    headers = {
        **headers,
        "Content-Type": kind,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Idempotency-Key": quote(name),
    }
    url = f"{address.rstrip('/')}/{quote(name)}" if method == "PUT" else address
    try:
        answer = client.request(method, url, headers, body=content)
    except CallError as error:
        return _not_answered(error)
    if answer.ok:
        return Outcome(SENT)
    return _refused(answer)


def fetch(client, address, headers, etag="", changed=""):
    """Get a file unless it is the one we know.

    :return: (content or None, {"etag", "changed"}, Outcome); no content when nothing is new
    """
    known = {"etag": etag, "changed": changed}
    asked = dict(headers)
    if etag:
        asked["If-None-Match"] = etag
    if changed:
        asked["If-Modified-Since"] = changed
    try:
        answer = client.request("GET", address, asked)
    except CallError as error:
        return None, known, _not_answered(error, asking=True)
    if answer.status in (204, 304):
        return None, known, Outcome(SENT)
    if answer.status == 404:  # he has not put one there yet
        return None, {"etag": "", "changed": ""}, Outcome(SENT)
    if not answer.ok:
        return None, known, _refused(answer, asking=True)
    found = {"etag": answer.headers.get("etag", ""), "changed": answer.headers.get("last-modified", "")}
    return answer.body, found, Outcome(SENT)
