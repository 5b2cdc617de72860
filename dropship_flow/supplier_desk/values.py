"""Single values as people type them: numbers with either comma, dates, tracking numbers."""

import math
import re
import unicodedata
from datetime import date

from .errors import Typed

NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{4,39}")
SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")


def plain(text, size=500):
    """One line of text without what cannot be seen; full-width letters and digits as usual ones.

    >>> plain(" ＳＦ１２３\\u200b\\t4 ")
    'SF123 4'
    """
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", str(text or "")[: size * 2]))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:size]


def amount(text, sku=""):
    """A number, None for an empty text.

    >>> amount("12,50"), amount("1 200.5"), amount(" "), amount("３")
    (12.5, 1200.5, None, 3.0)
    >>> amount("-1")
    Traceback (most recent call last):
    supplier_desk.errors.Typed: number
    """
    shown = plain(text, 40)
    bare = shown.replace(" ", "")
    if not bare:
        return None
    if "," in bare and "." not in bare:
        bare = bare.replace(",", ".")
    try:
        value = float(bare.replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not 0 <= value <= 1e9:
        raise Typed("number", text=shown, sku=sku)
    return value


def day(text, sku=""):
    """A day as the browser's field or a person writes it, None for an empty text.

    >>> day("2026-12-24"), day("2026/1/5"), day("")
    ('2026-12-24', '2026-01-05', None)
    """
    shown = plain(text, 40)
    if not shown:
        return None
    parts = re.split(r"[-/.年月日]", shown)
    try:
        return date(*(int(part) for part in parts if part)).isoformat()
    except (TypeError, ValueError):
        raise Typed("day", text=shown, sku=sku) from None


def is_number(word):
    """Whether a word can be a tracking number.

    >>> [is_number(word) for word in ("SF1234567890", "顺丰", "P12", "DHL-EXPRESS", "75312345678901")]
    [True, False, False, False, True]
    """
    word = word.upper()
    return bool(NUMBER.fullmatch(word)) and sum(c.isdigit() for c in word) >= 3
