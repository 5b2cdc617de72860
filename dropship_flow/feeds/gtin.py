"""Article numbers that search engines take."""


def is_gtin(text):
    """Whether a text is a GTIN of 8, 12, 13 or 14 digits with the right check digit.

    >>> is_gtin("4006381333931"), is_gtin("4006381333932"), is_gtin("SHELF-7"), is_gtin("")
    (True, False, False, False)
    >>> is_gtin("00036000291452"), is_gtin("036000291452"), is_gtin("96385074")
    (True, True, True)
    """
    if not (text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14)):
        return False
    digits = [int(character) for character in reversed(text)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
