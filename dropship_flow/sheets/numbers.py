"""Numbers of parcels as people paste them."""

import re
import unicodedata

NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{4,39}")
# What a spreadsheet makes of a long number when nobody stops it; the digits are gone.
ROUNDED = re.compile(r"[+-]?\d+([.,]\d+)?E[+-]?\d{1,3}", re.IGNORECASE)
UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")


def tidy(text):
    """The number without spaces, unseen signs and the apostrophe that keeps it a text; '' when it cannot be one.

    >>> tidy(" sf 1234 5678\\u200b"), tidy("'00123456789012345678"), tidy("ＳＦ１２３４５")
    ('SF12345678', '00123456789012345678', 'SF12345')
    >>> tidy("1.23E+14"), tidy("left"), tidy("12"), tidy("#####"), tidy("123456789012.0")
    ('', '', '', '', '123456789012')
    """
    number = UNSEEN.sub("", unicodedata.normalize("NFKC", text or "")).lstrip("'").upper()
    if re.fullmatch(r"\d{5,15}\.0", number):
        number = number[:-2]
    if not NUMBER.fullmatch(number) or not any(sign.isdigit() for sign in number):
        return ""
    return number


def is_rounded(text):
    """Whether a spreadsheet has eaten the last digits.

    >>> is_rounded("1.23457E+14"), is_rounded("1,2E+11"), is_rounded("SF1E5"), is_rounded("12345")
    (True, True, False, False)
    """
    return bool(ROUNDED.fullmatch(UNSEEN.sub("", text or "")))


def split(text):
    """The numbers of one cell, each once, as they were written.

    >>> split("SF1234567；SF1234568\\nSF1234567"), split("A 12 34/B5678")
    (['SF1234567', 'SF1234568'], ['A 12 34', 'B5678'])
    """
    parts = [part.strip() for part in re.split(r"[\n,;，；、/|]+", text or "")]
    return list(dict.fromkeys(part for part in parts if part))
