"""Tax numbers (税号) and numbers of invoices (发票号码): what they are made of, and what is wrong with one."""

import re
import unicodedata

# GB 32100-2015: the characters of a unified social credit code, and what each place weighs (3 to the power of it).
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
DIGITAL = 20


def tidy(text):
    """A number as people type or paste it, without blanks, dashes and wide letters.

    >>> tidy(" ９１ 3502-03m0001qay9b "), tidy(None)
    ('91350203M0001QAY9B', '')
    """
    text = unicodedata.normalize("NFKC", text or "")
    return re.sub(r"[\s\-‐–—_]+", "", text).upper()


def check_character(code):
    """The last character of a unified social credit code, from the 17 before it.

    >>> check_character("91350200776049653")
    'A'
    """
    total = sum(CHARACTERS.index(sign) * weight for sign, weight in zip(code, WEIGHTS, strict=True))
    return CHARACTERS[-total % 31]


def tax_number_problem(number):
    """What is wrong with a tidy tax number: "" for nothing, else "length", "signs" or "check".

    Unified social credit codes have 18 characters, the last checks the others. Old numbers have 15: the six digits of
    a place and a code of nine.

    >>> [tax_number_problem(number) for number in ("91350200776049653A", "110108123456789", "11010812345678X")]
    ['', '', '']
    >>> [tax_number_problem(number) for number in ("91350200776049653B", "9135020077604965OA", "9135", "A" * 15)]
    ['check', 'signs', 'length', 'signs']
    """
    if len(number) == 15:
        return "" if re.fullmatch(r"\d{6}[0-9A-Z]{9}", number) else "signs"
    if len(number) != 18:
        return "length"
    if not set(number) <= set(CHARACTERS):
        return "signs"
    return "" if check_character(number[:17]) == number[17] else "check"


def issued_problem(number):
    """What is wrong with the tidy number of a digital invoice (数电票): "" for nothing, else "digits".

    >>> issued_problem("25332000000012345678"), issued_problem("12345678"), issued_problem("2533200000001234567X")
    ('', 'digits', 'digits')
    """
    return "" if re.fullmatch(rf"[0-9]{{{DIGITAL}}}", number) else "digits"


def received_problem(number):
    """The same for an invoice we got: older ones have 8 digits, or code (10 or 12) and number (8) together.

    >>> [received_problem(number) for number in ("25332000000012345678", "01234567", "033002000111" + "01234567")]
    ['', '', '']
    >>> received_problem("1234567"), received_problem("３" * 8), received_problem("")
    ('digits', 'digits', 'digits')
    """
    return "" if re.fullmatch(r"[0-9]{8}|[0-9]{18}|[0-9]{20}", number) else "digits"
