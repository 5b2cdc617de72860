"""A row that was understood once, as texts a person may correct, and back. Pure Python: no Odoo import."""

import json
from datetime import date
from decimal import Decimal, InvalidOperation

from .canon import FIELDS, Good, Reject

YES = ("1", "t", "true", "yes", "y")


def good_of(line, cells):
    """The row again, as Good or, where a correction cannot be read, as Reject.

    >>> good_of(3, {"sku": "A-1", "price": "9,90"}).reasons
    (('not_a_number', {'text': '9,90'}),)
    >>> good_of(3, {"sku": "A-1", "price": "9.90", "stock": ""}).values[FIELDS_PRICE]
    Decimal('9.90')
    """
    values, reasons = [], []
    for name, (kind, _note) in FIELDS.items():
        text = str(cells.get(name) or "").strip()
        try:
            values.append(_value(kind, text) if text else None)
        except (ValueError, InvalidOperation):
            reasons.append(("not_a_number" if kind == "numeric" else "not_readable", {"text": text[:100]}))
    if not reasons and not values[0]:
        reasons.append(("code_missing", {}))
    if reasons:
        return Reject(line, tuple(reasons), dict(cells))
    return Good(line, tuple(values), 0)


def _value(kind, text):
    if kind == "numeric":
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError(text)
        return number
    if kind == "boolean":
        return text.lower() in YES
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "jsonb":
        return json.loads(text)
    return text


FIELDS_PRICE = list(FIELDS).index("price")
