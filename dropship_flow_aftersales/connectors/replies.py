"""What a supplier says to a return or a claim. `ref` is our number of it; `about` tells the two apart.

return  {"about", "ref", "answer", "serial", "remote_ref", "reason", "note", "address", "label", "parcel", "lines"}
        answer: received · approved · refused · counted · inspected · unknown
        address: where it goes back to, {name, street, street2, city, state, zip, country, phone} or {}
        label: an address of the web with the label to print · parcel: the one he opened, "" for the only one
        lines: [{"line", "sku", "qty", "condition"}] of what came; condition only when he inspected it
claim   {"about", "ref", "answer", "serial", "remote_ref", "reason", "reason_code", "amount", "currency"}
        answer: received · accepted · partly · refused · unknown; amount: None where all or nothing is said
"""

from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from odoo.addons.dropship_flow.connectors.answer import _list, _number, _quantity, _text

RETURN_ANSWERS = ("received", "approved", "refused", "counted", "inspected", "unknown")
CLAIM_ANSWERS = ("received", "accepted", "partly", "refused", "unknown")
CONDITIONS = ("as_new", "opened", "used", "damaged", "missing_parts", "wrong_item", "not_ours")
# Why money is refused.
CLAIM_REASONS = ("not_ours", "too_late", "no_evidence", "not_returned", "amount", "carrier", "other")
ADDRESS = ("name", "street", "street2", "city", "state", "zip", "country", "phone")


def returned(raw):
    """The answer to a return.

    :raise ValueError: says what is wrong, in words for the sender

    >>> returned({"ref": "RMA/1", "answer": "approved", "address": {"city": "Yiwu", "vip": 1}})["address"]["city"]
    'Yiwu'
    >>> returned({"ref": "RMA/1", "answer": "counted"})
    Traceback (most recent call last):
    ValueError: say what came: lines with sku and qty; qty 0 where nothing did
    >>> returned({"ref": "RMA/1", "answer": "refused"})
    Traceback (most recent call last):
    ValueError: say why it is refused
    """
    reply = _head(raw, "return", RETURN_ANSWERS)
    reply |= {
        "note": _text(raw.get("note"), 500),
        "address": _address(raw.get("address")),
        "label": _label(raw.get("label")),
        "parcel": "".join(_text(raw.get("parcel"), 60).split()).upper(),
        "lines": [_line(line, reply["answer"]) for line in _list(raw.get("lines"), "lines")],
    }
    if reply["answer"] in ("counted", "inspected") and not reply["lines"]:
        raise ValueError("say what came: lines with sku and qty; qty 0 where nothing did")
    if reply["answer"] == "refused" and not reply["reason"]:
        raise ValueError("say why it is refused")
    return reply


def claimed(raw):
    """The answer to a claim.

    :raise ValueError: says what is wrong, in words for the sender

    >>> claimed({"ref": "C1", "answer": "partly", "amount": "20.50", "currency": "eur"})["amount"]
    '20.50'
    >>> claimed({"ref": "C1", "answer": "partly"})
    Traceback (most recent call last):
    ValueError: say how much of it is granted
    """
    reply = _head(raw, "claim", CLAIM_ANSWERS)
    code = _text(raw.get("reason_code"), 40).lower()
    reply |= {
        "reason_code": code if code in CLAIM_REASONS else "other" if code or reply["answer"] == "refused" else "",
        "amount": _money(raw.get("amount")),
        "currency": _text(raw.get("currency"), 3).upper(),
    }
    if reply["answer"] == "partly" and reply["amount"] is None:
        raise ValueError("say how much of it is granted")
    if reply["answer"] == "refused" and not (reply["reason"] or code):
        raise ValueError("say why it is refused")
    return reply


READERS = {"return": returned, "claim": claimed}


def _head(raw, about, answers):
    if not isinstance(raw, dict):
        raise ValueError("a reply is an object")
    ref = _text(raw.get("ref"), 64)
    if not ref:
        raise ValueError("the reference is missing")
    answer = _text(raw.get("answer"), 40).lower()
    if answer not in answers:
        raise ValueError(f"{answer!r} is no answer: {', '.join(answers)}")
    return {
        "about": about,
        "ref": ref,
        "answer": answer,
        "serial": int(_number(raw.get("serial") or 0, "serial")),
        "remote_ref": _text(raw.get("remote_ref") or raw.get("id"), 100),
        "reason": _text(raw.get("reason"), 500),
    }


def _address(raw):
    """
    >>> _address({"name": "Yard", "city": ""}), _address(None)
    ({'name': 'Yard'}, {})
    """
    if raw in (None, "", {}):
        return {}
    if not isinstance(raw, dict):
        raise ValueError("an address is an object: " + ", ".join(ADDRESS))
    found = {name: _text(raw.get(name), 200) for name in ADDRESS}
    return {name: text for name, text in found.items() if text}


def _label(raw):
    """Only what a browser may open; nothing that is a program.

    >>> _label("https://x.example/l.pdf")
    'https://x.example/l.pdf'
    >>> _label("javascript:alert(1)")
    Traceback (most recent call last):
    ValueError: the address of a label begins with https://
    """
    text = _text(raw, 500)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        good = parts.scheme == "https" and parts.hostname and not parts.username
    except ValueError:
        good = False
    if not good:
        raise ValueError("the address of a label begins with https://")
    return text


def _line(raw, answer):
    if not isinstance(raw, dict):
        raise ValueError("a line is an object")
    line = {
        "line": _text(raw.get("line"), 40),
        "sku": _text(raw.get("sku"), 200),
        "qty": _quantity(raw.get("qty"), "qty", None),
        "condition": _text(raw.get("condition"), 40).lower(),
    }
    if not line["line"] and not line["sku"]:
        raise ValueError("a line names neither its key nor its SKU")
    if line["qty"] is None and answer in ("counted", "inspected"):
        raise ValueError(f"how many of {line['sku'] or line['line']} came is missing")
    if answer == "inspected" and line["condition"] not in CONDITIONS:
        raise ValueError(f"{line['condition']!r} is no condition: {', '.join(CONDITIONS)}")
    return line


def _money(raw):
    """Exact, as text.

    >>> _money("12,5")
    Traceback (most recent call last):
    ValueError: amount is a number like 12.50
    >>> _money(0.1)
    '0.1'
    """
    if raw is None or raw == "":
        return None
    try:
        if isinstance(raw, bool):
            raise InvalidOperation
        amount = Decimal(str(raw).strip())
    except InvalidOperation:
        raise ValueError("amount is a number like 12.50") from None
    if not amount.is_finite() or amount < 0 or amount > Decimal("1e12"):
        raise ValueError("amount is out of range")
    return f"{amount:f}"
