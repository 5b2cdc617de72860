"""One answer of a supplier in our words. Every way in – desk, mail, file, API – ends in this form.

    ref         our reference: the number of the purchase
    status      received · accepted · changed · rejected · cancelled · shipped
    serial      counts the supplier's answers, 0 when he does not
    remote_ref  his own number
    reason_code one of REASONS; reason: his words
    currency    of the prices, "" for the purchase's own
    lines       [] means the whole order; else one entry per line of the order:
        line          our key of the line, as sent in the order ("" when only the SKU is known)
        sku           his SKU
        accepted      how many he ships, in the unit of the SKU as ordered; None: all that is not in the other two
        backordered   how many come later, on `date`
        rejected      how many he does not have
        reason_code, reason
        price         per unit of the SKU, net, when it differs; None: as ordered
        date          when he ships ("2026-12-24"), None: as agreed
        substitute    SKU of something else he would send instead
    ids         only when his system split the order: all his numbers; remote_ref then names them together
    paid        only when he says so: whether he has our money
    parcels     what left: [{"number", "carrier", "lines": [{"line", "sku", "qty"}]}]; no lines: all that waits
"""

import math
from datetime import date

STATUSES = ("received", "accepted", "changed", "rejected", "cancelled", "shipped")
REASONS = (
    "out_of_stock",
    "not_enough",
    "discontinued",
    "price",
    "address",
    "cannot_ship",
    "closed",
    "customer",
    "other",
)
# Whose doing it is: these count against the supplier.
FAULTS = ("out_of_stock", "not_enough", "discontinued", "price", "closed", "other")
MAX_LINES = 1000
MAX_IDS = 50
MAX_QTY = 1e9


def clean(raw):
    """An answer in the form above; what is not agreed is left out.

    :param dict raw: as it came in
    :raise ValueError: says what is wrong, in words for the sender

    >>> clean({"ref": "P1", "status": "accepted", "serial": 2, "id": 7, "margin": 1})["remote_ref"]
    '7'
    >>> line = {"sku": "A", "accepted": 2, "price": "9.50"}
    >>> clean({"ref": "P1", "status": "changed", "lines": [line]})["lines"][0]["price"]
    9.5
    >>> clean({"ref": "P1", "status": "done"})
    Traceback (most recent call last):
    ValueError: 'done' is no status: received, accepted, changed, rejected, cancelled, shipped
    """
    if not isinstance(raw, dict):
        raise ValueError("an answer is an object")
    ref = _text(raw.get("ref"), 64)
    if not ref:
        raise ValueError("the reference of the order is missing")
    status = raw.get("status")
    if status not in STATUSES:
        raise ValueError(f"{_text(status, 40)!r} is no status: {', '.join(STATUSES)}")
    ids = _ids(raw.get("ids"))
    more = {"ids": ids} if len(ids) > 1 else {}
    if isinstance(raw.get("paid"), bool):
        more["paid"] = raw["paid"]
    return {
        "ref": ref,
        "status": status,
        "serial": int(_number(raw.get("serial") or 0, "serial")),
        "remote_ref": _text(raw.get("remote_ref") or raw.get("id") or ", ".join(ids), 100),
        "reason_code": _code(raw.get("reason_code")),
        "reason": _text(raw.get("reason"), 500),
        "currency": _text(raw.get("currency"), 3).upper(),
        "lines": [_line(line) for line in _list(raw.get("lines"), "lines")],
        "parcels": [_parcel(parcel) for parcel in _list(raw.get("parcels"), "parcels")],
        **more,
    }


def _ids(raw):
    """His numbers when one order became several, each once.

    >>> _ids(["8", 9, "8"])
    ['8', '9']
    """
    found = _list(raw, "ids")
    if len(found) > MAX_IDS or any(isinstance(number, (dict, list, bool)) for number in found):
        raise ValueError("ids is a list of numbers")
    return list(dict.fromkeys(filter(None, (_text(number, 100) for number in found))))


def _line(raw):
    if not isinstance(raw, dict):
        raise ValueError("a line is an object")
    line = {
        "line": _text(raw.get("line"), 40),
        "sku": _text(raw.get("sku"), 200),
        "accepted": _quantity(raw.get("accepted"), "accepted", None),
        "backordered": _quantity(raw.get("backordered"), "backordered", 0.0),
        "rejected": _quantity(raw.get("rejected"), "rejected", 0.0),
        "reason_code": _code(raw.get("reason_code")),
        "reason": _text(raw.get("reason"), 500),
        "price": _quantity(raw.get("price"), "price", None),
        "date": _date(raw.get("date")),
        "substitute": _text(raw.get("substitute"), 200),
    }
    if not line["line"] and not line["sku"]:
        raise ValueError("a line names neither its key nor its SKU")
    return line


def _parcel(raw):
    if not isinstance(raw, dict):
        raise ValueError("a parcel is an object")
    number = "".join(_text(raw.get("number"), 60).split()).upper()
    if not number:
        raise ValueError("a parcel has no number")
    lines = []
    for line in _list(raw.get("lines"), "lines"):
        if not isinstance(line, dict):
            raise ValueError("a line is an object")
        lines.append(
            {
                "line": _text(line.get("line"), 40),
                "sku": _text(line.get("sku"), 200),
                "qty": _quantity(line.get("qty"), "qty", 0.0),
            }
        )
    return {"number": number, "carrier": _text(raw.get("carrier"), 100), "lines": lines}


def _list(value, name):
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{name} is a list")
    if len(value) > MAX_LINES:
        raise ValueError(f"more than {MAX_LINES} {name}")
    return value


def _text(value, size):
    """Plain text without control characters, cut to size.

    >>> _text("  A\\x00B\\n", 9)
    'A B'
    """
    if value is None or value is False:
        return ""
    text = "".join(character if character.isprintable() else " " for character in str(value))
    return text.strip()[:size]


def _code(value):
    code = _text(value, 40).lower()
    if code and code not in REASONS:
        return "other"
    return code


def _number(value, name):
    if isinstance(value, bool):
        raise ValueError(f"{name} is a number")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is a number") from None
    if not math.isfinite(number) or abs(number) > MAX_QTY:
        raise ValueError(f"{name} is out of range")
    return number


def _quantity(value, name, default):
    if value is None or value == "":
        return default
    number = _number(value, name)
    if number < 0:
        raise ValueError(f"{name} is negative")
    return number


def _date(value):
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        raise ValueError("date is written like 2026-12-24") from None
