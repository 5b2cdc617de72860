"""What the cells of price lists mean: numbers, money, stock words, codes, weights."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from .errors import ValueProblem

CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "欧元": "EUR",
    "$": "USD", "us$": "USD", "usd": "USD", "美元": "USD", "美金": "USD",
    "¥": "CNY", "cny": "CNY", "rmb": "CNY", "元": "CNY", "人民币": "CNY",
    "£": "GBP", "gbp": "GBP", "hk$": "HKD", "hkd": "HKD", "港币": "HKD",
    "jpy": "JPY", "日元": "JPY", "a$": "AUD", "c$": "CAD", "chf": "CHF", "fr": "CHF", "kč": "CZK", "zł": "PLN",
    **{code: code.upper() for code in (
        "aud", "bgn", "brl", "cad", "czk", "dkk", "huf", "idr", "ils", "inr", "krw", "mxn", "myr", "nok", "nzd",
        "php", "pln", "ron", "rub", "sek", "sgd", "thb", "try", "twd", "uah", "vnd", "zar", "aed", "sar", "chf",
        "jpy",
    )},
}  # fmt: skip
NOTHING = {"", "-", "–", "—", "--", "n/a", "na", "none", "null", "nil", "无", "暂无", "k.a.", "k. a.", "#n/a", "/"}
YES_STOCK = {
    "in stock", "instock", "available", "yes", "y", "ja", "auf lager", "lagernd", "verfügbar", "sofort lieferbar",
    "true", "in_stock", "limited_availability", "limited availability",
    "有货", "现货", "充足", "有", "是", "大量", "库存充足",
}  # fmt: skip
NO_STOCK = {
    "out of stock", "sold out", "no", "n", "nein", "ausverkauft", "nicht verfügbar", "nicht lieferbar", "discontinued",
    "false", "out_of_stock", "outofstock", "preorder", "pre-order", "pre order", "backorder", "back order",
    "backordered", "rückstand", "vorbestellung", "缺货", "无货", "售罄", "断货", "停产", "下架", "否", "预售",
    "补货中",
}  # fmt: skip
LIMIT = Decimal("1e9")
LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХУавекмнорстху", "ABEKMHOPCTXYabekmhopctxy")


def plain_text(text):
    """One width and one kind of space.

    >>> plain_text("１２．５０\\u00a0元")
    '12.50 元'
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def decimal_mark(texts):
    """The sign before the fraction in a column of numbers, by those that can be read one way only.

    >>> decimal_mark(["1.234,56", "12"]), decimal_mark(["1,234.56"]), decimal_mark(["3,5", "1.250"])
    (',', '.', ',')
    >>> decimal_mark(["1.234", "2.500"]), decimal_mark(["1,234"])
    ('.', '.')
    """
    votes = {",": 0, ".": 0}
    for text in texts:
        digits = re.sub(r"[^\d.,]", "", plain_text(text))
        marks = [character for character in digits if character in ".,"]
        if not marks:
            continue
        last = marks[-1]
        behind = len(digits) - digits.rfind(last) - 1
        if len(set(marks)) == 2:
            votes[last] += 3
        elif len(marks) == 1 and behind != 3:
            votes[last] += 1
        elif len(marks) > 1:  # 1.234.567
            votes["," if last == "." else "."] += 1
    return "," if votes[","] > votes["."] else "."


def parse_number(text, mark="."):
    """
    >>> parse_number("1.234,56", ","), parse_number("1 234,5", ","), parse_number("1'234.50"), parse_number("1,234")
    (Decimal('1234.56'), Decimal('1234.5'), Decimal('1234.50'), Decimal('1234'))
    >>> parse_number("12,5", "."), parse_number("1.5", ",")
    (Decimal('12.5'), Decimal('1.5'))
    >>> parse_number("NaN")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ValueProblem: not_a_number
    """
    digits = re.sub(r"[\s'’_]", "", plain_text(text))
    if digits.startswith(("=", "@")):
        raise ValueProblem("formula")
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", digits):
        if re.fullmatch(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d{1,2}", digits):
            return _decimal(digits.replace(",", "."))
        raise ValueProblem("not_a_number", text=text[:40])
    other = "," if mark == "." else "."
    if other in digits and mark not in digits:
        behind = len(digits) - digits.rfind(other) - 1
        if digits.count(other) == 1 and behind != 3:  # one number written in the other style
            digits, other = digits.replace(other, mark), ""
    elif other in digits and digits.rfind(other) > digits.rfind(mark):
        mark, other = other, mark
    if other:
        digits = digits.replace(other, "")
    if digits.count(mark) > 1:
        raise ValueProblem("not_a_number", text=text[:40])
    return _decimal(digits.replace(mark, "."))


def _decimal(text):
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueProblem("not_a_number", text=text[:40]) from error
    if not number.is_finite() or abs(number) > LIMIT:
        raise ValueProblem("too_large_number", text=text[:40])
    return number


def parse_price(text, mark="."):
    """(amount, currency code or None). An empty or zero price is a problem, not a gift.

    >>> parse_price("¥12"), parse_price("12 USD"), parse_price("€ 1.234,50", ","), parse_price("15.8元/个")
    ((Decimal('12'), 'CNY'), (Decimal('12'), 'USD'), (Decimal('1234.50'), 'EUR'), (Decimal('15.8'), 'CNY'))
    >>> parse_price("0.00")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ValueProblem: price_zero
    """
    shown = plain_text(text)
    if shown.casefold() in NOTHING:
        raise ValueProblem("price_missing")
    if shown.startswith(("=", "@")):
        raise ValueProblem("formula")
    shown = re.sub(r"/\s?[^\d\s/]+$", "", shown)
    match = re.fullmatch(r"([^\d+\-.,]*)([+-]?[\d.,'’\s]*\d[\d.,'’\s]*(?:[eE]\d{1,2})?)([^\d]*)", shown)
    if not match:
        raise ValueProblem("not_a_number", text=text[:40])
    currency = None
    for sign in (match[1], match[3]):
        word = re.sub(r"[\s.:]", "", sign).casefold()
        if not word:
            continue
        if word not in CURRENCIES:
            raise ValueProblem("not_a_number", text=text[:40])
        currency = currency or CURRENCIES[word]
    amount = parse_number(match[2], mark)
    if amount < 0:
        raise ValueProblem("price_negative")
    if amount == 0:
        raise ValueProblem("price_zero")
    return amount, currency


def parse_stock(text):
    """How many are there: a number, or None for "as many as you like". Unknown means none.

    >>> parse_stock(">100"), parse_stock("100+"), parse_stock("In Stock"), parse_stock("有货"), parse_stock("-3")
    (Decimal('100'), Decimal('100'), None, None, Decimal('0'))
    >>> parse_stock("N/A"), parse_stock("1.250"), parse_stock("缺货"), parse_stock("12 pcs")
    (Decimal('0'), Decimal('1250'), Decimal('0'), Decimal('12'))
    """
    shown = plain_text(text).casefold()
    if shown in NOTHING or shown in NO_STOCK:
        return Decimal(0)
    if shown in YES_STOCK:
        return None
    shown = re.sub(r"^(>=?|≥|über|ueber|over|more than|大于|ca\.?)\s*", "", shown)
    shown = re.sub(r"\s*(\+|pcs?\.?|stk\.?|stück|units?|pieces?|件|个|台|只|套|以上)$", "", shown)
    # Nobody has a fraction of a piece: three digits behind one mark are thousands.
    mark = "," if re.fullmatch(r"\d{1,3}(\.\d{3})+", shown) else "."
    return max(parse_number(shown, mark), Decimal(0))


def parse_barcode(text):
    """A GTIN whose check digit is right; '' for none.

    >>> parse_barcode("4006381333931.0"), parse_barcode(" 4006381 333931"), parse_barcode("-")
    ('4006381333931', '4006381333931', '')
    >>> parse_barcode("4.00638E+12")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ValueProblem: barcode_rounded
    """
    shown = re.sub(r"[\s'-]", "", plain_text(text))
    if shown.casefold() in NOTHING:
        return ""
    if re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", shown):
        raise ValueProblem("barcode_rounded", text=text[:40])
    shown = re.sub(r"\.0+$", "", shown)
    if not re.fullmatch(r"\d{8}|\d{12,14}", shown) or not _check_digit(shown):
        raise ValueProblem("barcode_wrong", text=text[:40])
    return shown


def _check_digit(digits):
    body, check = digits[:-1], int(digits[-1])
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(body)))
    return (10 - total % 10) % 10 == check


def parse_code(text):
    """A supplier's code as text: leading zeros stay, unseen spaces go, a workbook's ".0" goes.

    >>> parse_code(" 00123 "), parse_code("123.0"), parse_code("AB\\u00a0-1")
    ('00123', '123', 'AB -1')
    """
    shown = plain_text(text)
    if re.fullmatch(r"\d+\.0", shown):
        shown = shown[:-2]
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", shown):
        raise ValueProblem("code_rounded", text=text[:40])
    if len(shown) > 64:
        raise ValueProblem("code_long", text=text[:40])
    return shown


def code_key(code):
    """One key for codes that look the same to a person.

    >>> code_key("АВ-12") == code_key("ab-12")
    True
    """
    return plain_text(code).translate(LOOK_ALIKES).casefold()


def parse_weight(text, header="", mark="."):
    """Kilograms, by the unit in the cell or in the header; 0 for unknown.

    >>> parse_weight("500 g"), parse_weight("0,5", "Gewicht (kg)", ","), parse_weight("350", "重量(克)")
    (Decimal('0.5'), Decimal('0.5'), Decimal('0.35'))
    """
    shown = plain_text(text).casefold()
    if shown in NOTHING:
        return Decimal(0)
    match = re.fullmatch(r"([\d.,\s]+?)\s*(kgs?|g|gr|grams?|gramm|克|千克|公斤|斤|lbs?|oz)?\.?", shown)
    if not match:
        raise ValueProblem("weight_wrong", text=text[:40])
    unit = match[2] or _unit_of(header)
    scale = {"k": Decimal(1), "g": Decimal("0.001"), "斤": Decimal("0.5"), "l": Decimal("0.45359237")}
    scale["o"] = Decimal("0.028349523125")
    key = {"千": "k", "公": "k", "克": "g"}.get(unit[:1], unit[:1])
    weight = parse_number(match[1], mark) * scale[key]
    if weight > 1000:
        raise ValueProblem("weight_wrong", text=text[:40])
    return weight.normalize() if weight else Decimal(0)


def _unit_of(header):
    found = re.search(r"(kg|公斤|千克|克|斤|lbs?|oz|gramm?|(?<![a-z])g(?![a-z]))", plain_text(header).casefold())
    return found[1] if found else "kg"
