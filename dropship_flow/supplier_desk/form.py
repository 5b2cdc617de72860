"""The forms of an order's page as an answer of `connectors.answer`: before it is cleaned, without the reference.

The lines are those the page showed: [{"line", "sku", "qty", "price"}], quantities per unit of the supplier's SKU.
"""

from .errors import Typed
from .values import amount, day, plain

EPSILON = 1e-6
MAX_PARCELS = 10


def accept():
    """All of it, as ordered.

    >>> accept()
    {'status': 'accepted', 'lines': []}
    """
    return {"status": "accepted", "lines": []}


def refuse(data):
    """None of it.

    >>> refuse({"reason_code": "out_of_stock", "reason": " gone "})["reason"]
    'gone'
    """
    code = plain(data.get("reason_code"), 40)
    if not code:
        raise Typed("reason")
    return {"status": "rejected", "reason_code": code, "reason": plain(data.get("reason")), "lines": []}


def changed(data, lines):
    """Line by line: how many he ships, how many later, another price or day; what is left over he does not have.

    >>> lines = [{"line": "7", "sku": "A", "qty": 5.0, "price": 2.0}]
    >>> found = changed({"now_7": "3", "later_7": "1", "later_date_7": "2026-12-24", "reason_7": "not_enough"}, lines)
    >>> [(line["accepted"], line["backordered"], line["rejected"], line["date"]) for line in found["lines"]]
    [(3.0, 1.0, 1.0, '2026-12-24')]
    >>> changed({"now_7": "5", "price_7": "2"}, lines)["status"]
    'accepted'
    """
    found = [_line(data, line) for line in lines]
    if all(line["rejected"] >= known["qty"] - EPSILON for line, known in zip(found, lines, strict=True)):
        status = "rejected"
    else:
        status = "changed" if any(map(_differs, found)) else "accepted"
    first = next((line for line in found if line["reason_code"]), {})
    return {
        "status": status,
        "reason": plain(data.get("reason")),
        "reason_code": first.get("reason_code", "") if status == "rejected" else "",
        "lines": found if status != "accepted" else [],
    }


def _differs(line):
    return line["backordered"] or line["rejected"] or line["price"] is not None or line["date"] or line["substitute"]


def _line(data, known):
    def get(name):
        return data.get(f"{name}_{known['line']}")

    sku, qty = known["sku"], known["qty"]
    later = amount(get("later"), sku) or 0.0
    now = amount(get("now"), sku)
    now = max(qty - later, 0.0) if now is None else now
    left = qty - now - later
    if left < -EPSILON:
        raise Typed("too_many", sku=sku, qty=f"{qty:g}")
    later_day = day(get("later_date"), sku)
    if later and not later_day:
        raise Typed("later_day", sku=sku)
    price = amount(get("price"), sku)
    if price is not None and abs(price - known["price"]) < EPSILON:
        price = None
    missing = left > EPSILON
    reason = plain(get("reason"), 40) or ("not_enough" if now or later else "out_of_stock")
    return {
        "line": known["line"],
        "sku": sku,
        "accepted": now,
        "backordered": later,
        "rejected": left if missing else 0.0,
        "reason_code": reason if missing else "",
        "price": price,
        "date": later_day if later else day(get("date"), sku),
        "substitute": plain(get("substitute"), 200),
    }


def shipped(numbers, carrier, data, lines):
    """It left. One number may say what is in its parcel; without that it is all that waits.

    >>> lines = [{"line": "7", "sku": "A", "qty": 5.0, "price": 2.0}]
    >>> shipped(["SF1"], "顺丰", {"in_7": "2"}, lines)["parcels"]
    [{'number': 'SF1', 'carrier': '顺丰', 'lines': [{'line': '7', 'sku': 'A', 'qty': 2.0}]}]
    >>> shipped(["SF1", "SF2"], "", {}, lines)["parcels"][1]["lines"]
    []
    """
    if len(numbers) > MAX_PARCELS:
        raise Typed("too_many_numbers", limit=MAX_PARCELS)
    quantities = [(line, amount(data.get(f"in_{line['line']}"), line["sku"])) for line in lines]
    content = [{"line": line["line"], "sku": line["sku"], "qty": qty} for line, qty in quantities if qty]
    for line, qty in quantities:
        if qty and qty > line["qty"] + EPSILON:
            raise Typed("too_many", sku=line["sku"], qty=f"{line['qty']:g}")
    # What the page filled in by itself is all of it: said so, a rest that is smaller by now is no contradiction.
    if all((qty or 0.0) >= line["qty"] - EPSILON for line, qty in quantities):
        content = []
    if content and len(numbers) > 1:
        raise Typed("one_parcel")
    return {
        "status": "shipped",
        "parcels": [{"number": number, "carrier": plain(carrier, 100), "lines": content} for number in numbers],
    }
