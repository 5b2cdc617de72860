"""What an address and a phone tell about a risk."""

import re

POST_BOX = re.compile(
    r"\b(p\.?\s?o\.?\s?-?box|post(al)?\s?box|post(office)?fach|postfach|bo[iî]te postale|b\.?p\.?\s?\d+|"
    r"apartado(\s(de correos|postal))?|caixa postal|casella postale|postbus|postboks|abonentski|skr\.?\spoczt)\b"
    r"|邮政?信箱|私書箱|а/я",
    re.IGNORECASE,
)


def has_digits(text):
    """Whether somebody could dial this: five digits of any script.

    >>> has_digits("call me 🙂"), has_digits("+49 30 1"), has_digits("٠١٢٣٤٥")
    (False, True, True)
    """
    return sum(char.isdigit() for char in text or "") >= 5


def is_post_box(text):
    """Whether the goods would have to go to a post box.

    >>> [is_post_box(text) for text in ("P.O. Box 12", "Postfach 10 01", "Boxhagener Str. 5", "邮政信箱12号", "")]
    [True, True, False, True, False]
    """
    return bool(POST_BOX.search((text or "")[:2000]))
