"""Steps from the text of a column to the text of a field; a person picks them from this list, nobody writes code.

Each is `function(text, argument) -> text`, pure, and leaves alone what it cannot do anything with.
"""

import html
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from .errors import FeedError

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)")
MAX_PATTERN = 100
MAX_SEARCHED = 2_000
TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-zA-Z][^<>]*>", re.DOTALL | re.IGNORECASE)
BREAK = re.compile(r"<(br|/p|/li|/div|/h\d|/tr)\b[^<>]*>", re.IGNORECASE)


def strip(text, argument=""):
    """Without spaces, or the given characters, at both ends.

    >>> strip("  A-1 "), strip("**A-1*", "*")
    ('A-1', 'A-1')
    """
    return text.strip(argument or None)


def upper(text, argument=""):
    """
    >>> upper("ab-1")
    'AB-1'
    """
    return text.upper()


def lower(text, argument=""):
    """
    >>> lower("AB-1")
    'ab-1'
    """
    return text.lower()


def replace(text, argument):
    """Every occurrence of a text by another: "old => new"; without an arrow it is taken out.

    >>> replace("A/1/2", "/ => -"), replace("A/1", "/")
    ('A-1-2', 'A1')
    """
    old, new = _two(argument)
    return text.replace(old, new) if old else text


def prefix_cut(text, argument):
    """
    >>> prefix_cut("ACME-123", "ACME-"), prefix_cut("123", "ACME-")
    ('123', '123')
    """
    return text.removeprefix(argument)


def suffix_cut(text, argument):
    """
    >>> suffix_cut("123-EU", "-EU")
    '123'
    """
    return text.removesuffix(argument)


def prefix(text, argument):
    """Put in front, if there is a text at all.

    >>> prefix("123", "ACME-"), prefix("", "ACME-")
    ('ACME-123', '')
    """
    return argument + text if text else text


def split(text, argument):
    """The nth part between separators: "separator => n", the first by default; negative counts from the end.

    >>> split("Home > Lamps > Desk", "> => 2"), split("A|B|C", "| => -1"), split("A,B", ","), split("A", ", => 3")
    ('Lamps', 'C', 'A', '')
    >>> split("red blue", " => 2")
    'blue'
    """
    separator, place = _two(argument)
    parts = text.split(separator or None)
    index = int(place or 1)
    index = index - 1 if index > 0 else index
    return parts[index].strip() if -len(parts) <= index < len(parts) else ""


def part(text, argument):
    """Characters from a place to another: "first-last", counted from 1.

    >>> part("DE-12345-X", "4-8"), part("ABC", "2"), part("ABC", "2-")
    ('12345', 'B', 'BC')
    """
    first, dash, last = argument.partition("-")
    start = int(first or 1)
    return text[start - 1 : int(last) if last.strip() else None if dash else start]


def multiply(text, argument):
    """
    >>> multiply("12.50", "1.19"), multiply("€ 2", "3"), multiply("n/a", "3")
    ('14.875', '€ 6', 'n/a')
    """
    return _counted(text, lambda number: number * _number(argument))


def divide(text, argument):
    """
    >>> divide("1250", "100"), divide("119 EUR", "1.19")
    ('12.5', '100 EUR')
    """
    return _counted(text, lambda number: number / _number(argument))


def add(text, argument):
    """
    >>> add("12.5", "-0.5")
    '12'
    """
    return _counted(text, lambda number: number + _number(argument))


def percent(text, argument):
    """More or less by so many percent.

    >>> percent("100", "-20"), percent("10.00", "7.5")
    ('80', '10.75')
    """
    return _counted(text, lambda number: number * (1 + _number(argument) / 100))


def map_words(text, argument):
    """One text for another: "a=b; c=d"; "*=x" for all others. Capitals do not matter.

    >>> map_words("Ja", "ja=10; nein=0"), map_words("vielleicht", "ja=10; nein=0"), map_words("?", "ja=10; *=0")
    ('10', 'vielleicht', '0')
    """
    words = _words(argument)
    return words.get(text.strip().casefold(), words.get("*", text))


def default(text, argument):
    """
    >>> default(" ", "0"), default("5", "0")
    ('0', '5')
    """
    return text if text.strip() else argument


def extract(text, argument):
    """What a simple pattern finds, its first group if it has one; empty where it finds nothing.

    >>> extract("Lamp (12 pcs)", r"(\\d+) pcs"), extract("Art. 4711 blue", r"\\d{4}"), extract("none", r"\\d+")
    ('12', '4711', '')
    """
    match = _pattern(argument).search(text[:MAX_SEARCHED])
    return (match[1] if match.re.groups else match[0]) or "" if match else ""


def date_format(text, argument):
    """A date written in the given way, as year-month-day: %d, %m, %Y, %y, %b, %H, %M, %S.

    >>> date_format("03/02/2026", "%m/%d/%Y"), date_format("soon", "%d.%m.%Y")
    ('2026-03-02', 'soon')
    """
    try:
        return datetime.strptime(text.strip(), argument).date().isoformat()
    except ValueError:
        return text


def g_to_kg(text, argument=""):
    """
    >>> g_to_kg("350 g"), g_to_kg("1200")
    ('0.35', '1.2')
    """
    return _unit(text, Decimal("0.001"))


def lb_to_kg(text, argument=""):
    """
    >>> lb_to_kg("2 lb")
    '0.90718474'
    """
    return _unit(text, Decimal("0.45359237"))


def oz_to_kg(text, argument=""):
    """
    >>> oz_to_kg("10")
    '0.28349523'
    """
    return _unit(text, Decimal("0.028349523125"))


def join(text, argument):
    """Lines, or parts between semicolons and bars, joined by a text.

    >>> join("a\\nb;c", ", ")
    'a, b, c'
    """
    return argument.join(filter(None, (piece.strip() for piece in re.split(r"[\n;|]", text))))


def lines(text, argument):
    """Parts between separators, one per line: several images in one cell.

    >>> lines("https://a/1.jpg,https://a/2.jpg", ",")
    'https://a/1.jpg\\nhttps://a/2.jpg'
    """
    return "\n".join(filter(None, (piece.strip() for piece in text.split(argument or None))))


def strip_html(text, argument=""):
    """Plain text of a piece of a web page.

    >>> strip_html("<p>Fits 5 &amp; 6</p><ul><li>red</li></ul>"), strip_html("5 < 6")
    ('Fits 5 & 6\\nred', '5 < 6')
    """
    text = TAG.sub(" ", BREAK.sub("\n", text))
    rows = (" ".join(row.split()) for row in html.unescape(text).split("\n"))
    return "\n".join(filter(None, rows))


def digits(text, argument=""):
    """
    >>> digits("Pack of 12 pcs")
    '12'
    """
    return re.sub(r"\D", "", text)


TRANSFORMS = {
    "strip": strip,
    "upper": upper,
    "lower": lower,
    "replace": replace,
    "prefix_cut": prefix_cut,
    "suffix_cut": suffix_cut,
    "prefix": prefix,
    "split": split,
    "part": part,
    "multiply": multiply,
    "divide": divide,
    "add": add,
    "percent": percent,
    "map_words": map_words,
    "default": default,
    "extract": extract,
    "date_format": date_format,
    "g_to_kg": g_to_kg,
    "lb_to_kg": lb_to_kg,
    "oz_to_kg": oz_to_kg,
    "join": join,
    "lines": lines,
    "strip_html": strip_html,
    "digits": digits,
}
# They count with a point before the fraction: the reader writes the number in that way before.
NUMERIC = frozenset({"multiply", "divide", "add", "percent", "g_to_kg", "lb_to_kg", "oz_to_kg"})
WITHOUT_ARGUMENT = frozenset({"strip", "upper", "lower", "g_to_kg", "lb_to_kg", "oz_to_kg", "strip_html", "digits"})


def check_transform(name, argument=""):
    """Whether a step can be done at all, said before a file is read.

    >>> check_transform("multiply", "1.19")
    >>> check_transform("multiply", "much")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    FeedError: transform_argument
    """
    if name not in TRANSFORMS:
        raise FeedError("transform_unknown", name=str(name)[:40])
    if not argument and name not in WITHOUT_ARGUMENT | {"split", "lines", "join"}:
        raise FeedError("transform_argument", name=name, text="")
    try:
        if name == "divide" and not _number(argument):
            raise ValueError
        TRANSFORMS[name]("1", argument)
        if name == "date_format":
            datetime.strptime(datetime(2026, 1, 31).strftime(argument), argument)
    except (ValueError, ArithmeticError, re.error) as error:
        raise FeedError("transform_argument", name=name, text=argument[:40]) from error


def chain_of(transforms):
    """[(name, function of one text)], checked."""
    steps = []
    for name, argument in transforms:
        check_transform(name, argument)
        steps.append((name, lambda text, do=TRANSFORMS[name], argument=argument: do(text, argument)))
    return steps


@lru_cache(maxsize=256)
def _two(argument):
    """The two sides of an arrow; spaces around it are not meant, a lone space before it is."""
    match = re.search("=>|->", argument)
    if not match:
        return argument.strip() or argument, ""
    left, right = argument[: match.start()], argument[match.end() :]
    return left.strip() or left[:-1], right.strip()


@lru_cache(maxsize=256)
def _words(argument):
    pairs = (pair.partition("=") for pair in argument.split(";"))
    return {word.strip().casefold(): meaning.strip() for word, sign, meaning in pairs if sign}


@lru_cache(maxsize=256)
def _pattern(argument):
    """A pattern that cannot run away: short, one repetition inside of no other, no look-around, no back reference."""
    group = re.search(r"\([^()]*[*+{?][^()]*\)\s*[*+{?]|\)\s*[*+{]", argument)
    if len(argument) > MAX_PATTERN or group or re.search(r"\\\d|\(\?|\((?=[^()]*\()", argument):
        raise ValueError(argument)
    if len(re.findall(r"(?<!\\)[*+]|\{\d*,\d*\}", argument)) > 3:
        raise ValueError(argument)
    return re.compile(argument)


@lru_cache(maxsize=256)
def _number(text):
    try:
        number = Decimal(text.strip().replace(",", ".").removesuffix("%"))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or abs(number) > 10**9:
        raise ValueError(text)
    return number


def _counted(text, count):
    """The text with its one number counted anew, to eight places."""
    found = NUMBER.findall(text)
    if len(found) != 1 or len(text) > 60:
        return text
    number = round(count(Decimal(found[0])), 8)
    return text.replace(found[0], plain_number(number))


def plain_number(number):
    """
    >>> plain_number(Decimal("12.500")), plain_number(Decimal("1E+3"))
    ('12.5', '1000')
    """
    shown = format(number, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _unit(text, scale):
    shown = re.sub(r"\s*(g|gr|grams?|lbs?|oz)\.?\s*$", "", text, flags=re.IGNORECASE)
    return _counted(shown, lambda number: number * scale)
