"""What a supplier replies to a message that is no order: a change asked for, an inquiry, a payment.

Each reply carries `about`, so that whoever takes it knows what it is; the order it belongs to is `ref`.

    change    {"about", "ref", "change", "version", "answer": received · yes · no · too_late, "reason", "status"}
    ask       {"about", "ref", "lines": [{"sku", "stock", "price", "currency", "date", "valid_until"}]}
    pay       {"about", "ref", "paid": yes · no · pending, "amount", "currency", "reason"}
    closures  [{"name", "date_from", "date_to", "last_ship_date", "orders_meanwhile", "seller"}]
"""

from datetime import date, datetime, timezone

from .answer import _date, _list, _number, _quantity, _text

CHANGE_ANSWERS = ("received", "yes", "no", "too_late")
PAY_ANSWERS = ("yes", "no", "pending")


def change(raw):
    """The answer to a change that was asked for. `version` is the wording he answers, 0 the last one.

    >>> change({"ref": "P1", "change": "7", "answer": "Too late"})["answer"]
    'too_late'
    >>> change({"ref": "P1", "change": "7", "answer": "perhaps"})
    Traceback (most recent call last):
    ValueError: 'perhaps' is no answer: received, yes, no, too_late
    """
    reply = _head(raw, "change")
    word = _text(raw.get("answer"), 40).lower().replace(" ", "_").replace("-", "_")
    return {
        **reply,
        "change": int(_number(raw.get("change"), "change")),
        "version": int(_number(raw.get("version") or 0, "version")),
        "answer": _word(word, CHANGE_ANSWERS),
        # The order itself stays as it is.
        "status": "received",
    }


def ask(raw):
    """What he has and for how much. A line without a figure leaves that figure as it is.

    >>> ask({"ref": "Q1", "lines": [{"sku": "A", "stock": 3}]})["lines"][0]["price"] is None
    True
    """
    reply = _head(raw, "ask")
    if not isinstance(raw.get("lines"), list):
        raise ValueError("an answer to an inquiry has lines")
    return {**reply, "lines": [_offered(line) for line in _list(raw.get("lines"), "lines")]}


def pay(raw):
    """Whether he has our money.

    >>> pay({"ref": "P1", "paid": "yes", "amount": 5, "currency": "cny"})["currency"]
    'CNY'
    """
    reply = _head(raw, "pay")
    paid = raw.get("paid")
    paid = {True: "yes", False: "no"}.get(paid, paid) if isinstance(paid, bool) else paid
    return {
        **reply,
        "paid": _word(paid, PAY_ANSWERS),
        "amount": _quantity(raw.get("amount"), "amount", None),
        "currency": _text(raw.get("currency"), 3).upper(),
    }


def closures(raw):
    """The days he is closed.

    >>> closures({"closures": [{"name": "春节", "date_from": "2027-02-05", "date_to": "2027-02-20"}]})[0]["name"]
    '春节'
    >>> closures({"closures": [{"date_from": "2027-02-05", "date_to": "2027-02-01"}]})
    Traceback (most recent call last):
    ValueError: a closure ends before it begins
    """
    if not isinstance(raw, dict):
        raise ValueError("closures are an object with a list")
    found = []
    for row in _list(raw.get("closures"), "closures"):
        if not isinstance(row, dict):
            raise ValueError("a closure is an object")
        first, last, sent = (_date(row.get(name)) for name in ("date_from", "date_to", "last_ship_date"))
        if not first or not last:
            raise ValueError("a closure has a first and a last day")
        if last < first:
            raise ValueError("a closure ends before it begins")
        if sent and sent > first:
            raise ValueError("the last day of shipping is after the first day closed")
        found.append(
            {
                "name": _text(row.get("name"), 100),
                "date_from": first,
                "date_to": last,
                "last_ship_date": sent,
                "orders_meanwhile": row.get("orders_meanwhile") is True,
                "seller": _text(row.get("seller"), 64),
            }
        )
    return found


def _head(raw, about):
    if not isinstance(raw, dict):
        raise ValueError("a reply is an object")
    ref = _text(raw.get("ref"), 64)
    if not ref:
        raise ValueError("the reference is missing")
    return {"about": about, "ref": ref, "reason": _text(raw.get("reason"), 500)}


def _word(value, words):
    if value not in words:
        raise ValueError(f"{_text(value, 40)!r} is no answer: {', '.join(words)}")
    return value


def _offered(raw):
    if not isinstance(raw, dict):
        raise ValueError("a line is an object")
    sku = _text(raw.get("sku"), 200)
    if not sku:
        raise ValueError("a line has no SKU")
    return {
        "sku": sku,
        "stock": _quantity(raw.get("stock"), "stock", None),
        "price": _quantity(raw.get("price"), "price", None),
        "currency": _text(raw.get("currency"), 3).upper(),
        "date": _date(raw.get("date")),
        "valid_until": _moment(raw.get("valid_until")),
    }


def _moment(value):
    """A point in time in UTC, as databases write it.

    >>> _moment("2026-12-24T10:00:00+08:00")
    '2026-12-24 02:00:00'
    >>> _moment("2026-12-24")
    '2026-12-24 00:00:00'
    """
    if not value:
        return None
    text = str(value).strip()
    try:
        if len(text) == 10:
            found = datetime.combine(date.fromisoformat(text), datetime.min.time())
        else:
            found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a time is written like 2026-12-24T10:00:00Z") from None
    try:
        if found.tzinfo:
            found = found.astimezone(timezone.utc)
    except OverflowError:
        raise ValueError("a time is out of range") from None
    return found.strftime("%Y-%m-%d %H:%M:%S")
