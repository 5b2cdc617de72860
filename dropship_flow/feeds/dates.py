"""Days as price lists write them: which one, or how many."""

import re
from datetime import date
from decimal import Decimal

from .errors import ValueProblem
from .transforms import plain_number
from .values import NOTHING, plain_text

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
GERMAN = {"mrz": 3, "mär": 3, "mai": 5, "okt": 10, "dez": 12}
DATE = re.compile(r"(\d{1,4})\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,4})日?\.?(?:[ T]\d{1,2}:.*)?").fullmatch
TEXT_DATE = re.compile(r"(\d{1,2})[. -]{1,2}([^\W\d]{3,9})\.?[ ,-]{1,2}(\d{4})").fullmatch
COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)").fullmatch
# What systems write for "none".
NEVER = {"00000000", "00010101", "99991231", "19000101", "19700101"}


def day_of(text, order=""):
    """A date; what systems write for "none" is none.

    >>> day_of("2026-03-01"), day_of("00/00/0000"), day_of("0001-01-01T00:00:00")
    (datetime.date(2026, 3, 1), None, None)
    >>> day_of("1.3.2026", "dmy"), day_of("25/12/2026"), day_of("3 Mar 2026")
    (datetime.date(2026, 3, 1), datetime.date(2026, 12, 25), datetime.date(2026, 3, 3))
    """
    shown = plain_text(text)
    if shown.casefold() in NOTHING:
        return None
    found = _parts_of(shown, order)
    if not found:
        raise ValueProblem("date_wrong", text=text[:40])
    year, month, number = found
    if f"{year:04}{month:02}{number:02}" in NEVER:
        return None
    if not 1990 <= year <= 2100:
        raise ValueProblem("date_wrong", text=text[:40])
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueProblem("date_wrong", text=text[:40])


def _parts_of(shown, order):
    """(year, month, day) of a written date, or None."""
    match = COMPACT(shown)
    if match:
        return tuple(map(int, match.groups()))
    match = TEXT_DATE(shown)
    if match:
        short = match[2][:3].casefold()
        month = GERMAN.get(short)
        month = month or (MONTHS.index(short) + 1 if short in MONTHS else 0)
        return (int(match[3]), month, int(match[1])) if month else None
    match = DATE(shown)
    if not match:
        return None
    first, second, third = (int(piece) for piece in match.groups())
    if len(match[1]) == 4:
        return first, second, third
    if len(match[1]) == 3 or len(match[3]) not in (2, 4):
        return None
    if len(match[3]) == 2:
        if order == "ymd":
            return 2000 + first, second, third
        third += 2000
    if first > 12 and second <= 12 and order != "mdy":
        return third, second, first
    if second > 12 and first <= 12 and order != "dmy":
        return third, first, second
    if first == second or order == "dmy":
        return third, second, first
    if order == "mdy":
        return third, first, second
    raise ValueProblem("date_doubtful", text=shown[:40])


def date_order(texts):
    """How a column writes dates, by those that can be read one way only; "" if none tells.

    >>> date_order(["01/02/2026", "25/02/2026"]), date_order(["01/02/2026"]), date_order(["2/25/2026"])
    ('dmy', '', 'mdy')
    """
    votes = {"dmy": 0, "mdy": 0, "ymd": 0}
    for text in texts:
        match = DATE(plain_text(text))
        if not match:
            continue
        first, second = int(match[1]), int(match[2])
        if len(match[1]) == 4:
            votes["ymd"] += 1
        elif first > 12 >= second > 0:
            votes["dmy"] += 1
        elif second > 12 >= first > 0:
            votes["mdy"] += 1
    if votes["dmy"] and votes["mdy"]:
        return ""
    best = max(votes, key=votes.get)
    return best if votes[best] else ""


def days_of(text):
    """Working days as the supplier says; of a range the longer.

    >>> days_of("3-5 days"), days_of("2 Wochen"), days_of("48小时")
    (Decimal('5'), Decimal('14'), Decimal('2'))
    """
    shown = plain_text(text).casefold()
    if shown in NOTHING:
        return None
    found = re.findall(r"\d+(?:[.,]\d+)?", shown)
    if not found or len(found) > 2 or len(shown) > 40 or shown.startswith(("=", "@", "-")):
        raise ValueProblem("days_wrong", text=text[:40])
    days = max(Decimal(piece.replace(",", ".")) for piece in found)
    if re.search(r"week|woche|周|星期", shown):
        days *= 7
    elif re.search(r"month|monat|月", shown):
        days *= 30
    elif re.search(r"hour|stunde|小时|\d\s?h\b|std", shown):
        days = -(-days // 24)
    if days > 730:
        raise ValueProblem("days_wrong", text=text[:40])
    return Decimal(plain_number(days))
