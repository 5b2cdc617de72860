"""When two bills have the same number, however it was typed."""

import re
import unicodedata

SPACE = re.compile(r"\s+")
LEADING = re.compile(r"(?<![0-9])0+(?=[0-9])")


def same_number(text):
    """The number without what people write differently: case, spaces, width, leading zeros.

    >>> same_number(" inv-00123 "), same_number("INV - 123"), same_number("ＩＮＶ-0123"), same_number(None)
    ('INV-123', 'INV-123', 'INV-123', '')
    >>> same_number("2025/100"), same_number("2025/0100"), same_number("000")
    ('2025/100', '2025/100', '0')
    """
    return LEADING.sub("", SPACE.sub("", unicodedata.normalize("NFKC", text or "")).upper())
