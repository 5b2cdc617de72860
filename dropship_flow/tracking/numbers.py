"""Whose number is this: the shapes of tracking numbers and their check digits, as one table.

A shape with letters of its own says who carries the parcel; bare digits only say who might. Codes are those of
`sheets.carriers`. Numbers come tidy (`sheets.numbers.tidy`): no blanks, capital letters.
"""

import re
from typing import NamedTuple

# ----------------------------------------------------------------------
# Check digits: each takes the digits and says whether the last (or named) one fits.
# ----------------------------------------------------------------------


def gs1(digits):
    """Weights 3 and 1 from the right: SSCC, IMpb, FedEx Ground.

    >>> gs1("00340434292135100186"), gs1("00340434292135100187")
    (True, False)
    """
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits[:-1])))
    return (10 - total % 10) % 10 == int(digits[-1])


def ups(text):
    """What follows 1Z; letters count as their place in the alphabet does, from A = 2 on.

    >>> ups("999AA10123456784"), ups("999AA10123456785")
    (True, False)
    """
    values = [int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in text]
    total = sum(value * (2 if place % 2 else 1) for place, value in enumerate(values[:-1]))
    return (10 - total % 10) % 10 == values[-1]


def s10(digits):
    """Nine digits of a postal number.

    >>> s10("123456785"), s10("123456789")
    (True, False)
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=False))
    return {0: 5, 1: 0}.get(total % 11, 11 - total % 11) == int(digits[8])


def fedex(digits):
    """Twelve digits of FedEx Express.

    >>> fedex("986578788855"), fedex("986578788856")
    (True, False)
    """
    total = sum(int(digit) * (3, 1, 7)[place % 3] for place, digit in enumerate(digits[:-1]))
    return total % 11 % 10 == int(digits[-1])


def mod7(digits):
    """Ten digits of DHL Express.

    >>> mod7("3318810025"), mod7("3318810026")
    (True, False)
    """
    return int(digits[:-1]) % 7 == int(digits[-1])


def ident(digits):
    """Weights 4 and 9 from the left: the ident code of a German parcel.

    >>> ident("563102430313"), ident("563102430314")
    (True, False)
    """
    total = sum(int(digit) * (9 if place % 2 else 4) for place, digit in enumerate(digits[:-1]))
    return (10 - total % 10) % 10 == int(digits[-1])


def gls(digits):
    """Weights 3 and 1 from the left, and one more.

    >>> gls("123456789011"), gls("123456789012")
    (True, False)
    """
    total = 1 + sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(digits[:-1]))
    return (10 - total % 10) % 10 == int(digits[-1])


def iso7064(text):
    """Modulo 37, 36: DPD writes its sign after the fourteen digits.

    >>> iso7064("01505012345678" + check_sign("01505012345678")), iso7064("01505012345678*")
    (True, False)
    """
    return text[-1] == check_sign(text[:-1])


def check_sign(text):
    """The sign DPD adds."""
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    value = 36
    for sign in text:
        value = (value + signs.index(sign)) % 36 or 36
        value = value * 2 % 37
    return signs[(37 - value) % 36]


class Shape(NamedTuple):
    """:param int weight: how much the shape alone says, up to 100 · check: what the group `check` must satisfy

    `home`: countries the parcels of bare digits come from or go to; empty: anywhere. `strict`: who has this shape has
    its check digit too, so a wrong one is a slip of the pen. Without it the digits are rather somebody else's.
    """

    code: str
    pattern: str
    weight: int
    check: object = None
    strict: bool = False
    home: frozenset = frozenset()


CHINA = frozenset({"CN", "HK", "MO", "TW"})
GERMANY = frozenset({"DE", "AT", "CH", "LU"})
EUROPE = GERMANY | {
    "FR",
    "NL",
    "BE",
    "ES",
    "PT",
    "IT",
    "PL",
    "CZ",
    "SK",
    "HU",
    "DK",
    "SE",
    "FI",
    "IE",
    "GB",
    "SI",
    "RO",
}
AMERICA = frozenset({"US", "CA", "MX"})
POST = (
    ("CN", "chinapost"), ("US", "usps"), ("DE", "deutschepost"), ("GB", "royalmail"), ("FR", "laposte"),
    ("NL", "postnl"), ("ES", "correos"), ("IT", "poste"), ("CH", "swisspost"), ("AT", "post_at"),
)  # fmt: skip

SHAPES = (
    # Letters that belong to one carrier
    Shape("ups", r"1Z(?P<check>[0-9A-Z]{6}\d{9}\d)", 95, ups, True),
    Shape("ups", r"1Z(?P<check>[0-9A-Z]{8}\d{8})", 90, ups, True),
    Shape("sf", r"SF\d{12,13}", 95),
    Shape("sf", r"SF\d{8,11}", 60),
    Shape("sfi", r"SFI\d{9,13}", 80),
    Shape("yunexpress", r"Y[TU]\d{16}", 95),
    Shape("yto", r"YT\d{13}", 95),
    Shape("yto", r"[DG]\d{12,13}", 40, home=CHINA),
    Shape("jt", r"JT\d{13}", 95),
    Shape("jd", r"JD[A-Z]{0,2}\d{9,16}(?:-\d+-\d+)?-?", 85),
    Shape("dhl", r"JJD\d{16,20}|J[VW]GL\d{10,18}", 95),
    Shape("deppon", r"DPK\d{9,13}", 95),
    Shape("deppon", r"DPL\d{9,13}", 85),
    Shape("sto", r"STO\d{10,13}", 95),
    Shape("yunda", r"YD\d{13}", 85),
    Shape("zto", r"ZTO\d{9,15}", 95),
    Shape("yanwen", r"[A-Z]{2}\d{9}Y[PW]", 95),
    Shape("yanwen", r"YW[A-Z]{0,2}\d{10,14}", 85),
    Shape("4px", r"4PX\d{10,16}(?:CN)?", 95),
    Shape("4px", r"300\d{10}[A-Z]{0,2}", 25, home=CHINA),
    Shape("cainiao", r"LP\d{12,16}", 95),
    Shape("cainiao", r"(?:CNBR|CNG|CAINIAO|AE[A-Z]{2})\d{8,16}[A-Z]{0,4}", 80),
    Shape("sunyou", r"SY[A-Z]{0,3}\d{9,14}", 85),
    Shape("cne", r"3A[0-9A-Z]{11,12}", 60),
    Shape("danniao", r"DN\d{10,14}", 60),
    Shape("postnl", r"3S[A-Z]{2,4}[0-9A-Z]{6,13}", 90),
    Shape("laposte", r"[68][A-Z]\d{11}", 75),
    Shape("correos", r"P[A-Z][0-9A-Z]{5}\d{10,15}[A-Z]", 75),
    Shape("hermes", r"H\d{19,20}", 85),
    Shape("dpd", r"(?P<check>\d{14}[0-9A-Z])", 45, iso7064),
    Shape("gls", r"(?=.*[A-Z])(?=.*\d)[0-9A-Z]{8}", 30, home=EUROPE),
    # Postal numbers of two letters, nine digits and the country
    Shape("ems", r"E[A-Z](?P<check>\d{9})CN", 95, s10, True),
    Shape("dhl", r"C[A-Z](?P<check>\d{9})DE", 96, s10, True),
    *(
        Shape(code, rf"[{'ABDF-Z' if country == 'DE' else 'A-DF-Z'}][A-Z](?P<check>\d{{9}}){country}", 95, s10, True)
        for country, code in POST
    ),
    *(Shape(code, rf"E[A-Z](?P<check>\d{{9}}){country}", 95, s10, True) for country, code in POST if country != "CN"),
    # Bare digits
    Shape("dhl", r"(?P<check>00340\d{15})", 90, gs1, True),
    Shape("dhl", r"340\d{15}", 55, home=GERMANY),
    Shape("usps", r"(?:420\d{5}(?:\d{4})?)?(?P<check>9[1-5]\d{20})", 85, gs1, True),
    Shape("usps", r"(?P<check>9[1-5]\d{24})", 80, gs1),
    Shape("usps", r"(?P<check>(?:7\d|0[1-4]|2[1-3])\d{18})", 45, gs1, home=AMERICA),
    Shape("fedex", r"96\d{5}(?P<check>\d{15})", 75, gs1),
    Shape("fedex", r"(?P<check>\d{15})", 35, gs1),
    Shape("fedex", r"(?P<check>61\d{18})", 50, gs1),
    Shape("fedex", r"(?P<check>\d{12})", 40, fedex),
    Shape("dhl", r"(?P<check>\d{10})", 40, mod7),
    Shape("dhl", r"(?P<check>\d{12})", 40, ident, home=GERMANY),
    Shape("dpd", r"\d{14}", 40, home=EUROPE),
    Shape("hermes", r"\d{14}", 30, home=GERMANY),
    Shape("hermes", r"\d{16}", 35, home=frozenset({"GB"})),
    Shape("royalmail", r"\d{16}", 25, home=frozenset({"GB"})),
    Shape("gls", r"(?P<check>\d{12})", 30, gls, home=EUROPE),
    Shape("gls", r"\d{11}", 30, home=EUROPE),
    Shape("inpost", r"\d{24}", 60, home=frozenset({"PL", "GB", "FR", "IT"})),
    Shape("swisspost", r"99\d{16}", 70, home=frozenset({"CH"})),
    Shape("post_at", r"10\d{20}", 60, home=frozenset({"AT"})),
    Shape("zto", r"7[0-9]\d{10}", 50, home=CHINA),
    Shape("zto", r"7[0-9]\d{13}", 35, home=CHINA),
    Shape("sto", r"77\d{11}", 60, home=CHINA),
    Shape("sto", r"(?:268|368|468|568|668|868|888)\d{9}", 55, home=CHINA),
    Shape("yunda", r"[1-6]\d{12}", 50, home=CHINA),
    Shape("yto", r"8\d{11,17}", 30, home=CHINA),
    Shape("best", r"55\d{12}", 55, home=CHINA),
    Shape("chinapost", r"9[89]\d{11}", 50, home=CHINA),
    Shape("ems", r"1[01]\d{11}", 45, home=CHINA),
    Shape("sf", r"\d{12}", 25, home=CHINA),
    Shape("deppon", r"\d{9}", 25, home=CHINA),
)
COMPILED = tuple((shape, re.compile(shape.pattern)) for shape in SHAPES)
BONUS = 20  # a check digit that fits, a country that fits
SURE, LEAD = 80, 10


def scores(number, country=""):
    """{code: how likely}, from 0 up; what cannot be is left out."""
    result = {}
    for shape, pattern in COMPILED:
        found = pattern.fullmatch(number)
        if not found:
            continue
        points = shape.weight
        if shape.check:
            if shape.check(found["check"]):
                points += BONUS
            elif shape.strict:
                points -= 3 * BONUS  # it is his, with a slip
            else:
                continue
        if shape.home and country:
            points += BONUS if country in shape.home else -BONUS
        if points > 0:
            result[shape.code] = max(points, result.get(shape.code, 0))
    return result


def guess(number, country=""):
    """Who may carry it, the likeliest first.

    :param str number: tidy
    :param str country: two letters, where the parcel comes from or goes to, whichever says more
    :return: list of codes of `sheets.carriers`

    >>> guess("1Z999AA10123456784"), guess("RB123456785CN"), guess("EB123456785CN"), guess("YT2412345678901234")
    (['ups'], ['chinapost'], ['ems'], ['yunexpress'])
    >>> guess("YT1234567890123"), guess("78123456789012"), guess("BOX-1")
    (['yto'], ['dpd', 'hermes'], [])
    """
    likely = scores(number or "", (country or "").upper())
    return sorted(likely, key=lambda code: (-likely[code], code))


def sure(number, country=""):
    """The carrier where the number leaves little doubt; '' otherwise.

    >>> sure("SF1234567890123"), sure("123456789012")
    ('sf', '')
    """
    likely = scores(number or "", (country or "").upper())
    ranked = sorted(likely.values(), reverse=True)
    if not ranked or ranked[0] < SURE or (len(ranked) > 1 and ranked[0] - ranked[1] < LEAD):
        return ""
    return max(likely, key=likely.get)


def is_wrong(number, carrier=""):
    """Why a number cannot be right: the code of the reason, '' where nothing speaks against it.

    :param str carrier: our code of who is said to carry it; '' when nobody said
    :return: 'check_digit' when his kind of number has one that does not fit, else ''

    >>> is_wrong("1Z999AA10123456785", "ups"), is_wrong("RB123456789CN"), is_wrong("1Z999AA10123456784", "ups")
    ('check_digit', 'check_digit', '')
    >>> is_wrong("BOX-11111", "dhl"), is_wrong("SF1234567890")
    ('', '')
    """
    wrong = False
    for shape, pattern in COMPILED:
        found = pattern.fullmatch(number or "")
        if not found or (carrier and shape.code != carrier):
            continue
        if not shape.check or shape.check(found["check"]):
            return ""
        wrong = wrong or shape.strict
    return "check_digit" if wrong else ""
