"""What the text of one cell is as a field of an offer: a function per column, made once, told its habits.

`reader_of(target, habits)` gives `function(text) -> value`; it raises ValueProblem where the text is doubtful. None
means that the feed says nothing here.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from .charset import BAD
from .errors import ValueProblem
from .exact import Exact
from .places import country_of
from .rows import TOTALS
from .sniff import MAX_CELL, clean
from .transforms import plain_number, strip_html
from .values import (
    CURRENCIES,
    LOOK_ALIKES,
    NOTHING,
    YES_STOCK,
    code_key,
    parse_barcode,
    parse_code,
    parse_number,
    parse_price,
    parse_stock,
    parse_weight,
    plain_text,
)

MAX_TEXT = 100_000  # of a description
MAX_NAME = 200
MAX_COUNT = 100_000
SIMPLE = re.compile(r"\d{1,9}(?:\.\d{1,6})?").fullmatch
WHOLE = re.compile(r"\d{1,9}").fullmatch
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-/.]{0,62}[A-Za-z0-9]|[A-Za-z0-9]").fullmatch
CODE_TROUBLE = re.compile(
    r"\d+\.0|\d(?:\.\d+)?[eE]\+?\d+|\d{4}-\d\d-\d\d|[A-Za-z]{2,5}[- ]\d{1,2}|\d{1,2}[-./ ][A-Za-z]+"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
GERMAN = {"mrz": 3, "mär": 3, "mai": 5, "okt": 10, "dez": 12}
MONTH_NAMES = "|".join((*MONTHS, *GERMAN))
MONTH_CODE = re.compile(rf"\d{{1,2}}[-. ]({MONTH_NAMES})|({MONTH_NAMES})[- ]\d{{2}}", re.IGNORECASE).fullmatch
GTIN = re.compile(r"[0-9]{12,14}").fullmatch
ZEROS = b"0" * 10
QUOTED = re.compile(r'="([^"]*)"').fullmatch
DOLLARS = {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"}
DATE = re.compile(r"(\d{1,4})\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,4})日?\.?(?:[ T]\d{1,2}:.*)?").fullmatch
TEXT_DATE = re.compile(r"(\d{1,2})[. -]{1,2}([^\W\d]{3,9})\.?[ ,-]{1,2}(\d{4})").fullmatch
COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)").fullmatch
NEVER = {"00000000", "00010101", "99991231", "19000101", "19700101"}
YES = {
    "yes", "y", "ja", "true", "t", "1", "x", "✓", "是", "停产", "下架", "discontinued", "eol", "end of life", "auslauf",
    "auslaufartikel",
}  # fmt: skip
NO = {
    "0", "no", "n", "nein", "false", "f", "否", "active", "aktiv", "current", "available",
    "在产", "正常", "在售", "有货",
    "现货",
}  # fmt: skip
UNLIMITED = {"unlimited", "infinite", "unbegrenzt", "不限", "无限"}


@dataclass(frozen=True)
class Habits:
    """What holds for all cells of a column.

    :param mark: before the fraction; :param order: of dates, "" where both readings are possible
    """

    mark: str = "."
    order: str = ""
    header: str = ""
    currency: str = ""


def tidy(text, limit=MAX_CELL):
    """A cell without what nobody sees; refused if damaged or longer than anything real."""
    if len(text) > limit:
        raise ValueProblem("cell_long", limit=limit)
    if text.isprintable():  # no break, no mark nobody sees, no space but the usual one, no lone surrogate
        return text.strip() if text.isascii() else normalize("NFC", text).strip()
    if BAD.search(text):
        raise ValueProblem("encoding", text=BAD.sub("\ufffd", text)[:40])
    return clean(text, limit)


def number_of(text, mark):
    """A number as its shortest Decimal: 12.5 and 12.50 are the same price in every run."""
    if mark == "." and SIMPLE(text):
        return Decimal(text.rstrip("0").rstrip(".") or "0") if "." in text else Decimal(text)
    return Decimal(plain_number(parse_number(text, mark)))


def sku(text, habits):
    """
    >>> sku("00123 ", Habits()), sku('="0012"', Habits())
    ('00123', '0012')
    """
    if CODE(text) and not CODE_TROUBLE.fullmatch(text):
        if text.casefold() in TOTALS:
            raise ValueProblem("total_row")
        return str(text)
    shown = tidy(text)
    quoted = QUOTED(shown)
    shown = quoted[1] if quoted else shown
    if shown.startswith(("=", "@")):
        raise ValueProblem("formula")
    word = plain_text(shown).casefold().strip(":： ")
    if word in NOTHING:
        raise ValueProblem("code_missing")
    if word in TOTALS:
        raise ValueProblem("total_row")
    if re.fullmatch(r"\d(?:[.,]\d+)?E\+?\d{2}", shown):  # only a spreadsheet writes it with a capital letter and sign
        raise ValueProblem("code_rounded", text=shown[:40])
    if MONTH_CODE(shown) or re.fullmatch(r"(19|20)\d\d-\d\d-\d\d", shown):
        raise ValueProblem("code_date", text=shown[:40])
    code = parse_code(shown)
    letters = code.translate(LOOK_ALIKES)
    if letters != code and re.search(r"[A-Za-z]", code):
        raise ValueProblem("code_lookalike", text=code[:40], meant=letters[:40])
    return code


def name(text, habits):
    shown = tidy(text)
    shown = " ".join((shown if shown.isascii() else normalize("NFKC", shown)).split())
    if shown.casefold() in NOTHING:
        raise ValueProblem("name_missing")
    return shown[:MAX_NAME]


def label(text, habits):
    """A short text, or nothing."""
    shown = tidy(text)
    shown = " ".join((shown if shown.isascii() else normalize("NFKC", shown)).split())
    return shown[:MAX_NAME] if shown and shown.casefold() not in NOTHING else None


def description(text, habits):
    shown = tidy(text, MAX_TEXT)
    if "<" in shown or "&" in shown:
        shown = strip_html(shown)
    return shown or None


def category(text, habits):
    """
    >>> category("Home  & Garden>Lamps", Habits()), category("家居/灯具", Habits())
    ('Home & Garden > Lamps', '家居 > 灯具')
    """
    shown = label(text, habits)
    if not shown:
        return None
    parts = re.split(r"\s*(?:>|»|\||→|\\)\s*|\s+/\s+", shown)
    if len(parts) == 1 and not shown.isascii():
        parts = re.split(r"\s*/\s*", shown)
    return " > ".join(filter(None, parts)) or None


def barcode(text, habits):
    """
    >>> barcode("4006381333931", Habits()), barcode("96385074", Habits()), barcode("-", Habits())
    ('04006381333931', '00000096385074', None)
    """
    if GTIN(text):
        digits = text.encode().zfill(14)
        # Counted as bytes: the sum of the fourteen zeros in it, weighed 1 and 3, is 1344.
        if (sum(digits[1::2]) + 3 * sum(digits[::2]) - 1344) % 10 == 0 and text[0] != "2" and digits[4:] != ZEROS:
            return digits.decode()
    shown = tidy(text)
    quoted = QUOTED(shown)
    found = parse_barcode(quoted[1] if quoted else shown)
    if found and not found.strip("0"):
        return None
    if len(found) == 13 and found[0] == "2" or len(found) == 12 and found[0] == "2":
        raise ValueProblem("barcode_store", text=found)
    return found.zfill(14) if found else None


def price(text, habits):
    """(amount, currency written with it or None); never zero."""
    if habits.mark == "." and SIMPLE(text):
        amount = number_of(text, ".")
        if not amount:
            raise ValueProblem("price_zero")
        return amount, None
    shown = tidy(text)
    amount, currency = parse_price(shown, habits.mark)
    wanted = habits.currency
    if currency and wanted and currency != wanted:
        sign = not re.search(r"[A-Za-z]|美|港|人民币", shown)
        if not sign or not ({currency, wanted} <= DOLLARS or {currency, wanted} == {"CNY", "JPY"}):
            raise ValueProblem("other_currency", text=currency, currency=wanted)
        currency = wanted
    return Decimal(plain_number(amount)), currency


def extra_price(text, habits):
    """A price beside the price: nothing where there is none."""
    shown = tidy(text)
    if plain_text(shown).casefold() in NOTHING:
        return None
    try:
        return price(shown, habits)[0]
    except ValueProblem as problem:
        if problem.code == "price_zero":
            return None
        raise


def retail_price(text, habits):
    """Only a suggestion: without it the row is as good."""
    try:
        return extra_price(text, habits)
    except ValueProblem as problem:
        if problem.code == "encoding":
            raise
        return None


def currency(text, habits):
    """
    >>> currency("eur", Habits()), currency("人民币", Habits()), currency("", Habits())
    ('EUR', 'CNY', None)
    """
    word = re.sub(r"[\s.:]", "", plain_text(tidy(text))).casefold()
    if word in NOTHING:
        return None
    if word in CURRENCIES:
        return CURRENCIES[word]
    raise ValueProblem("currency_unknown", text=text[:40])


def stock(text, habits):
    """(quantity, mode): a number, or as many as you like."""
    if WHOLE(text):
        return Decimal(text), "limited"
    shown = tidy(text)
    if plain_text(shown).casefold() in UNLIMITED:
        return None, "unlimited"
    if habits.mark == "," and re.fullmatch(r"-?\d+,\d+", shown):
        shown = shown.replace(",", ".")
    quantity = parse_stock(shown)
    return (None, "unlimited") if quantity is None else (Decimal(plain_number(quantity)), "limited")


def stock_mode(text, habits):
    word = plain_text(tidy(text)).casefold()
    if word in NOTHING:
        return None
    return "unlimited" if word in YES_STOCK | UNLIMITED else "limited"


def count(text, habits):
    """How many make one, at least or at a time: the one number in the text.

    >>> count("12", Habits()), count("Case of 12", Habits()), count("12件装", Habits()), count("", Habits())
    (Decimal('12'), Decimal('12'), Decimal('12'), None)
    """
    shown = plain_text(tidy(text)).casefold()
    if shown in NOTHING:
        return None
    found = re.findall(r"\d[\d.,]*", shown)
    if shown.startswith(("=", "@")) or len(found) != 1 or re.search(r"-\s?\d", shown):
        raise ValueProblem("count_wrong", text=text[:40])
    number = number_of(found[0].rstrip(".,"), habits.mark)
    if number > MAX_COUNT:
        raise ValueProblem("too_large_number", text=text[:40])
    return number or None


def lead_days(text, habits):
    """Working days as the supplier says; of a range the longer.

    >>> lead_days("3-5 days", Habits()), lead_days("2 Wochen", Habits()), lead_days("48小时", Habits())
    (Decimal('5'), Decimal('14'), Decimal('2'))
    """
    shown = plain_text(tidy(text)).casefold()
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


def weight(text, habits):
    if habits.mark == "." and SIMPLE(text) and not habits.header:
        return number_of(text, ".") or None
    found = parse_weight(tidy(text), habits.header, habits.mark)
    return Decimal(plain_number(found)) if found else None


def hs_code(text, habits):
    """
    >>> hs_code("8513.10.00", Habits()), hs_code("", Habits())
    ('85131000', None)
    """
    shown = plain_text(tidy(text))
    if shown.casefold() in NOTHING:
        return None
    digits = re.sub(r"[.\s-]", "", shown)
    if not re.fullmatch(r"\d{6}(\d\d){0,4}|\d{13}", digits):
        raise ValueProblem("hs_wrong", text=text[:40])
    return digits


def origin(text, habits):
    shown = plain_text(tidy(text))
    if shown.casefold() in NOTHING:
        return None
    code = country_of(shown)
    if not code:
        raise ValueProblem("origin_unknown", text=text[:40])
    return code


def discontinued(text, habits):
    word = plain_text(tidy(text)).casefold()
    if word in YES:
        return True
    if word in NO or word in NOTHING:
        return False
    raise ValueProblem("yes_no_wrong", text=text[:40])


def day(text, habits):
    """A date; what systems write for "none" is none.

    >>> day("2026-03-01", Habits()), day("00/00/0000", Habits()), day("0001-01-01T00:00:00", Habits())
    (datetime.date(2026, 3, 1), None, None)
    >>> day("1.3.2026", Habits(order="dmy")), day("25/12/2026", Habits()), day("3 Mar 2026", Habits())
    (datetime.date(2026, 3, 1), datetime.date(2026, 12, 25), datetime.date(2026, 3, 3))
    """
    shown = plain_text(tidy(text))
    if shown.casefold() in NOTHING:
        return None
    found = _parts_of(shown, habits.order)
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


def images(text, habits):
    """Addresses of pictures; what is none is left out, a picture is not worth a price.

    >>> images("https://a.example/1.jpg; //b.example/2.jpg, ftp://c", Habits())
    'https://a.example/1.jpg\\nhttps://b.example/2.jpg'
    """
    found = []
    for piece in re.split(r"[\s;|]+|,(?=\s|https?:|//)", tidy(text, 20_000)):
        address = re.sub(r"^(http:)?//", "https://", piece)
        if re.fullmatch(r"https://[^\s/@\"'<>\\]+\.[^\s\"'<>\\]+", address) and address not in found:
            found.append(address[:1000])
    return "\n".join(found[:20]) or None


READERS = {
    "sku": sku,
    "name": name,
    "barcode": barcode,
    "description": description,
    "category": category,
    "image_urls": images,
    "price": price,
    "currency": currency,
    "retail_price": retail_price,
    "map_price": extra_price,
    "stock": stock,
    "stock_mode": stock_mode,
    "next_arrival": day,
    "date_from": day,
    "date_to": day,
    "discontinued": discontinued,
    "lead_days": lead_days,
    "moq": count,
    "pack": count,
    "factor": count,
    "weight": weight,
    "hs_code": hs_code,
    "origin": origin,
}
NUMBERS = frozenset({"price", "retail_price", "map_price", "moq", "pack", "factor", "weight", "stock", "lead_days"})
DATES = frozenset({"next_arrival", "date_from", "date_to"})


def reader_of(target, habits):
    """The function that reads a cell of a column; brand, group, warehouse and attributes are labels."""
    do = READERS.get(target, label)
    if habits.mark == ".":
        return lambda text: do(text, habits)
    exact = replace(habits, mark=".")
    return lambda text: do(text, exact if type(text) is Exact else habits)


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


__all__ = ["Habits", "READERS", "code_key", "date_order", "reader_of", "tidy"]
