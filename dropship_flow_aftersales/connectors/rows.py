"""Returns and claims as rows of a flat file, and what rows that come back say of them.

A row that comes back names our number and, for goods, the SKU. Of a return: accepted = it may come, rejected = it may
not, an accepted quantity = so many came. Of a claim: accepted, rejected, or a price: so much is granted for the row.
"""

from decimal import Decimal


def out(kind, content, revision=1):
    """The rows of one message: fields of a file's layout.

    >>> line = {"line": "7", "sku": "A", "name": "Lamp", "qty": 2, "reason_text": "Broken"}
    >>> row = out("return", {"ref": "RMA/1", "lines": [line], "approval": True})[0]
    >>> row["action"], row["key"], row["reason"]
    ('return', 'RMA/1:7', 'Broken')
    >>> [row["amount"] for row in out("claim", {"ref": "CLM-1", "amount": "5.00", "lines": [{"sku": "A"}]})]
    ['5.00']
    """
    head = {
        "action": _action(kind, content),
        "ref": content["ref"],
        "revision": revision,
        "currency": content.get("currency", ""),
        "number": content.get("number", "") or content.get("parcel", ""),
        "carrier": content.get("carrier", ""),
        "message": content.get("text") or " ".join(content.get("photos") or content.get("evidence") or []),
        "reason": content.get("kind_text", ""),
        "date": (content.get("reply_by") or "")[:10],
    }
    rows = []
    for number, line in enumerate(content.get("lines") or [], 1):
        row = {**head, "line": number, "sku": line.get("sku", ""), "name": line.get("name", "")}
        row |= {"qty": line.get("qty", ""), "amount": line.get("amount", "")}
        row["key"] = f"{content['ref']}:{line.get('line') or 0}"
        row["reason"] = line.get("reason_text") or head["reason"]
        rows.append(row)
    rows = rows or [{**head, "key": f"{content['ref']}:0"}]
    if content.get("amount") and not any(row.get("amount") for row in rows):
        rows[0]["amount"] = content["amount"]
    return rows


def _action(kind, content):
    """What he is to do, in the column that says order or cancellation."""
    return "return_announced" if kind == "return" and not content.get("approval") else kind


def return_of(answer):
    """What the rows of a return say, as `replies.returned` reads it.

    :param dict answer: as `sheets.reading` gives it
    :raise ValueError: in words

    >>> return_of({"ref": "RMA/1", "status": "accepted", "lines": [], "remote_ref": ""})["answer"]
    'approved'
    >>> line = {"line": "7", "sku": "", "accepted": 2.0, "reason": ""}
    >>> return_of({"ref": "RMA/1", "status": "changed", "lines": [line], "remote_ref": ""})["lines"][0]["qty"]
    2.0
    """
    said, refused = _head(answer)
    if refused:
        return said | {"answer": "refused"}
    counted = [line for line in answer["lines"] if line.get("accepted") is not None and not line.get("reason_code")]
    if counted:
        lines = [{"line": line["line"], "sku": line["sku"], "qty": line["accepted"]} for line in counted]
        return said | {"answer": "counted", "lines": lines}
    return said | {"answer": "received" if answer["status"] == "received" else "approved"}


def claim_of(answer):
    """What the rows of a claim say, as `replies.claimed` reads it.

    >>> lines = [{"line": "", "sku": "A", "price": 9.5}, {"line": "", "sku": "B", "price": 1.0}]
    >>> claim_of({"ref": "CLM-1", "status": "changed", "lines": lines, "remote_ref": ""})["amount"]
    '10.5'
    """
    said, refused = _head(answer)
    if refused:
        return said | {"answer": "refused"}
    prices = [Decimal(str(line["price"])) for line in answer["lines"] if line.get("price") is not None]
    if prices:
        return said | {"answer": "partly", "amount": f"{sum(prices):f}"}
    return said | {"answer": "received" if answer["status"] == "received" else "accepted"}


def _head(answer):
    """(what both have in common, whether all of it is refused)"""
    lines = answer.get("lines") or []
    no = [line for line in lines if line.get("reason_code")]
    refused = answer["status"] in ("rejected", "cancelled") or bool(lines) and len(no) == len(lines)
    if no and not refused:
        raise ValueError("a part is refused and a part is not: say one of the two")
    reason = answer.get("reason") or next((line["reason"] for line in no if line.get("reason")), "")
    return {"ref": answer["ref"], "remote_ref": answer.get("remote_ref") or "", "reason": reason}, refused
