"""Reads what somebody typed into the search box: a number, a phone, a mail address, a name in any script."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 100
ASCII = re.compile(r"[A-Za-z0-9]")
PHONE = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """The same text as each kind of key sees it. Patterns are for ILIKE, and each can use a trigram index."""

    text: str  # tidied, as typed otherwise
    numbers: tuple  # patterns for numbers; none where an index of numbers could not help
    words: tuple  # for names: a tuple of patterns per word, one of each must fit
    caseless: tuple  # characters without capitals (Chinese …): an index of single characters finds them
    phone: str  # significant digits; "" when this cannot be a phone number
    phones: tuple  # the same number as it may have been stored
    email: bool


def read(text):
    """What was typed, or None when there is nothing to look for (empty, or longer than any key).

    >>> read("  S00012 ").text, read("").text if read("") else None, read("x" * 2000)
    ('S00012', None, None)
    >>> read("+49 (0)30 / 1234-567").phone, read("0049301234567").phone, read("030 1234567").phone
    ('49301234567', '49301234567', '301234567')
    >>> read("+49 30 1234567").phones
    ('49301234567', '9301234567', '301234567', '01234567', '1234567')
    >>> read("100%_sure").numbers, read("12").numbers, read("张伟").numbers
    (('%100\\\\%\\\\_sure%',), ('12%', '%12'), ())
    >>> read("Li Weber").words, read("张伟").words, read("张伟").caseless
    ((('Li%', '% Li%'), ('%Weber%',)), (), ('伟', '张'))
    >>> read("Mül").words
    (('Mül%', '% Mül%', 'mül%', '% mül%', 'MÜL%', '% MÜL%'),)
    >>> read("１３８００１３８０００").phone
    '13800138000'
    """
    text = unicodedata.normalize("NFKC", text or "").replace("\x00", "")
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    caseless = {char for char in text if ord(char) > 127 and char.isalnum() and char.lower() == char.upper()}
    phone = _significant(text)
    return Typed(
        text=text,
        numbers=_patterns(text, ("{}%", "%{}")) if ASCII.search(text) else (),
        words=() if caseless else tuple(_patterns(word, ("{}%", "% {}%")) for word in text.split()),
        caseless=tuple(sorted(caseless)),
        phone=phone,
        phones=_stored_ways(phone),
        email="@" in text,
    )


def _patterns(text, short):
    """Patterns that find the text inside; what is too short for a trigram only where a trigram's edge helps.

    Databases without a locale fold no capitals beyond ASCII: the usual ways to write them are all asked for.
    """
    ways = (text,) if text.isascii() else dict.fromkeys((text, text.lower(), text.upper(), text.title()))
    forms = ("%{}%",) if _grams(text) else short
    return tuple(form.format(escaped(way)) for way in ways for form in forms)


def escaped(text):
    """Text for LIKE that stands for itself."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _grams(text):
    """How many trigrams are inside the text in every database: those of ASCII letters and digits."""
    return sum(max(len(run) - 2, 0) for run in re.findall(r"[A-Za-z0-9]+", text))


def _significant(text):
    if not PHONE.fullmatch(text):
        return ""
    digits = re.sub(r"\D", "", text.replace("(0)", "")).lstrip("0")
    return digits if 4 <= len(digits) <= 18 else ""


def _stored_ways(phone):
    """A number typed with its country code may be stored without: codes have one to three digits, then perhaps a 0."""
    ways = [phone]
    if len(phone) >= 10:
        ways += [phone[size:] for size in (1, 2, 3, 4) if len(phone[size:].lstrip("0")) >= 6]
    return tuple(dict.fromkeys(way for way in ways if way))
