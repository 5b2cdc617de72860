"""What the cells of order files mean: money, quantities, moments, words."""

import re
import unicodedata
from datetime import datetime
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from zoneinfo import ZoneInfo

try:
    from ..feeds.errors import ValueProblem
    from ..feeds.values import CURRENCIES, NOTHING, parse_number, plain_text
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import ValueProblem
    from feeds.values import CURRENCIES, NOTHING, parse_number, plain_text

CENT = Decimal("0.01")
MONEY = re.compile(r"([^\d+\-.,]*)([+-]?[^\d+\-.,]{0,4}[\d.,'’\s]*\d[\d.,'’\s]*)(\D*)")
MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip


def word(text):
    """One spelling for the words of a status or a heading.

    >>> word("买家已付款，等待卖家发货"), word(" Order  ID "), word("商品总价（元）")
    ('买家已付款,等待卖家发货', 'order id', '商品总价(元)')
    """
    return plain_text(unicodedata.normalize("NFKC", text or "")).replace(", ", ",").replace("。", ".").casefold()


def parse_money(text, mark="."):
    """(amount, currency code or None) of a cell; (None, None) for an empty one.

    >>> parse_money("$1,025.00"), parse_money("-12.5"), parse_money("¥ 9.90"), parse_money("--"), parse_money("12 EUR")
    ((Decimal('1025.00'), 'USD'), (Decimal('-12.5'), None), (Decimal('9.90'), 'CNY'), (None, None), (Decimal('12'), 'EUR'))
    >>> parse_money("US $5.00"), parse_money("-$3.00"), parse_money("AU $1")
    ((Decimal('5.00'), 'USD'), (Decimal('-3.00'), 'USD'), (Decimal('1'), 'AUD'))
    """  # noqa: E501
    shown = plain_text(text)
    if shown.casefold() in NOTHING:
        return None, None
    match = MONEY.fullmatch(shown)
    if not match:
        raise ValueProblem("not_a_number", text=text[:40])
    sign = "-" if match[2].startswith("-") else ""
    digits = re.sub(r"^[^\d.,]+", "", match[2])
    currency = None
    for part in (match[1], re.sub(r"[\d.,'’\s+\-]", "", match[2]), match[3]):
        marked = re.sub(r"[\s.:]", "", part).casefold()
        if marked:
            currency = currency or _currency(marked)
            if not currency:
                raise ValueProblem("not_a_number", text=text[:40])
    return parse_number(sign + digits, mark), currency


def currency_of(text):
    """The code of a currency as a cell names it.

    >>> currency_of("eur"), currency_of("人民币"), currency_of("¥"), currency_of("XXQ"), currency_of(" ")
    ('EUR', 'CNY', 'CNY', 'XXQ', '')
    """
    name = plain_text(text).casefold().strip(" .:")
    return CURRENCIES.get(name, name.upper())


def _currency(marked):
    if marked in CURRENCIES:
        return CURRENCIES[marked]
    if match := re.fullmatch(r"(us|au|ca|nz|sg|hk)\$", marked):
        return match[1].upper() + "D"
    return marked.upper() if re.fullmatch(r"[a-z]{3}", marked) else None


def parse_quantity(text, mark="."):
    """How many; nothing and less than nothing are no quantity.

    >>> parse_quantity("2"), parse_quantity("1.0"), parse_quantity("x3"), parse_quantity("2件")
    (Decimal('2'), Decimal('1'), Decimal('3'), Decimal('2'))
    >>> parse_quantity("0")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ValueProblem: quantity_zero
    """
    shown = re.sub(r"^[x×*]\s*|\s*(pcs?|件|个|套|盒|双)$", "", plain_text(text).casefold())
    if shown in NOTHING:
        raise ValueProblem("quantity_missing")
    number = parse_number(shown, mark)
    if number <= 0:
        raise ValueProblem("quantity_zero" if number == 0 else "quantity_negative")
    return number.normalize() if number != number.to_integral() else number.to_integral()


def parse_moment(text, order="ymd", zone="UTC"):
    """A moment as ISO 8601 in UTC; '' for an empty cell. A date without a time is the beginning of the day.

    >>> parse_moment("2026/5/23 22:02", zone="Asia/Shanghai"), parse_moment("Sep-27-26"), parse_moment("-")
    ('2026-05-23T14:02:00Z', '2026-09-27T00:00:00Z', '')
    >>> parse_moment("2018-07-24T23:36:18+00:00"), parse_moment("2026-01-02 03:04:05 +0800")
    ('2018-07-24T23:36:18Z', '2026-01-01T19:04:05Z')
    >>> parse_moment("03/04/2026 1:05 PM", "mdy"), parse_moment("03.04.2026", "dmy")
    ('2026-03-04T13:05:00Z', '2026-04-03T00:00:00Z')
    """
    shown = plain_text(text)
    if shown.casefold() in NOTHING:
        return ""
    match = re.fullmatch(
        r"(\d{1,4}|[A-Za-z]{3,9})[-/. 年](\d{1,2}|[A-Za-z]{3,9})[-/., 月]+(\d{1,4})日?"
        r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?)?"
        r"\s*(Z|UTC|GMT|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?",
        shown,
    )
    if not match:
        raise ValueProblem("not_a_date", text=text[:40])
    year, month, day = _day(match[1], match[2], match[3], order, text)
    hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
    if match[7]:
        hour = hour % 12 + (12 if match[7].lower() == "pm" else 0)
    try:
        found = datetime(year, month, day, hour, minute, second, tzinfo=_zone(match[8], zone))
    except ValueError:
        raise ValueProblem("not_a_date", text=text[:40]) from None
    return found.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def _zone(told, zone):
    if told and re.fullmatch(r"[+-]\d{2}:?\d{2}", told):
        return datetime.strptime(told.replace(":", ""), "%z").tzinfo
    return ZoneInfo("UTC" if told in ("Z", "UTC", "GMT") else zone or "UTC")


def _day(first, second, third, order, text):
    if first.isalpha() or second.isalpha():  # Sep-27-26, 27-Sep-2026
        name, day = (first, second) if first.isalpha() else (second, first)
        month = MONTHS.get(name[:3].lower())
        if not month:
            raise ValueProblem("not_a_date", text=text[:40])
        return _year(third), month, int(day)
    if len(first) == 4:
        return int(first), int(second), int(third)
    if order == "mdy":
        return _year(third), int(first), int(second)
    if order == "dmy" or len(third) == 4:
        if order != "dmy" and int(first) <= 12 and int(second) <= 12 and first != second:
            raise ValueProblem("date_doubtful", text=text[:40])
        if int(second) <= 12:
            return _year(third), int(second), int(first)
        return _year(third), int(first), int(second)
    return _year(first), int(second), int(third)


def _year(text):
    return int(text) + (2000 if len(text) <= 2 else 0)


def share(total, quantity):
    """(price of one, what is too much then): whole cents, and never less than the total.

    >>> share(Decimal("100"), Decimal(3)), share(Decimal("20"), Decimal(2))
    ((Decimal('33.34'), Decimal('0.02')), (Decimal('10.00'), Decimal('0.00')))
    """
    price = (total / quantity).quantize(CENT, ROUND_UP)
    return price, (price * quantity - total).quantize(CENT, ROUND_HALF_UP)


def is_masked(text):
    """Whether a marketplace has hidden a part of it.

    >>> is_masked("张**"), is_masked("138****8888"), is_masked("5*3 mm screws")
    (True, True, False)
    """
    return bool(re.search(r"[*＊]{2,}|^[\w]?[*＊]$|^[\u4e00-\u9fff][*＊]$", plain_text(text or "")))


# ----------------------------------------------------------------------
# Transforms: what may be done with a cell before it is understood. No code, only these.
# ----------------------------------------------------------------------

TRANSFORMS = {
    "digits": lambda text, argument: re.sub(r"\D", "", text),
    "before": lambda text, argument: text.split(argument, 1)[0].strip() if argument else text,
    "after": lambda text, argument: text.split(argument, 1)[-1].strip() if argument else text,
    "without": lambda text, argument: text.replace(argument, "").strip() if argument else text,
    "no_brackets": lambda text, argument: re.sub(r"\s*[(（\[【][^)）\]】]*[)）\]】]\s*$", "", text).strip(),
    "in_brackets": lambda text, argument: (re.findall(r"[(（\[【]([^)）\]】]*)[)）\]】]", text) or [""])[-1].strip(),
    "upper": lambda text, argument: text.upper(),
    "fixed": lambda text, argument: argument or "",
    "hundredth": lambda text, argument: str(Decimal(text) / 100) if re.fullmatch(r"-?\d+", text) else text,
}


def transform(name, text, argument=""):
    """
    >>> transform("no_brackets", "文三路 1 号(310012)"), transform("in_brackets", "文三路 1 号(310012)")
    ('文三路 1 号', '310012')
    >>> transform("hundredth", "1250"), transform("after", "商品规格：红色", "："), transform("", " x")
    ('12.5', '红色', ' x')
    """
    return TRANSFORMS[name](text, argument) if name else text
