"""What a supplier says to an inquiry, in one form whatever the way it came.

sku, stock (how many he has; None: not said), price (net, per unit of the SKU; None: as offered), currency ("": the
offer's), date (when he ships it; None: at once), valid_until (how long the price holds; None: our usual time), note
"""

from .answer import _date, _list, _quantity, _text


def clean(raw):
    """The lines of an answer.

    :param list raw: as they came in
    :raise ValueError: says what is wrong, in words for the sender

    >>> clean([{"sku": "A", "stock": "20", "price": 9.8, "valid_until": "2026-12-24 10:00:00"}])[0]["valid_until"]
    '2026-12-24'
    >>> clean([{"sku": "A", "stock": -1}])
    Traceback (most recent call last):
    ValueError: stock is negative
    """
    return [_line(line) for line in _list(raw, "lines")]


def _line(raw):
    if not isinstance(raw, dict):
        raise ValueError("a line is an object")
    line = {
        "sku": _text(raw.get("sku"), 200),
        "stock": _quantity(raw.get("stock"), "stock", None),
        "price": _quantity(raw.get("price"), "price", None),
        "currency": _text(raw.get("currency"), 3).upper(),
        "date": _date(raw.get("date")),
        "valid_until": _date(raw.get("valid_until")),
        "note": _text(raw.get("note"), 500),
    }
    if not line["sku"]:
        raise ValueError("a line has no SKU")
    if line["stock"] is None and line["price"] is None and not line["date"]:
        raise ValueError(f"nothing is said about {line['sku']}")
    return line


def same(sku, other):
    """Whether two people mean the same SKU.

    >>> same(" ab-1", "AB-1")
    True
    """
    return " ".join(sku.split()).casefold() == " ".join(other.split()).casefold()
