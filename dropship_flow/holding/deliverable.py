"""Whether a carrier can find the door: what is missing in an address, without a list of the world's streets."""

import re

# Whole texts people write to get past a required field.
FILLERS = {"x", "xx", "xxx", "-", "--", ".", "..", "n/a", "na", "none", "test", "asdf", "unknown", "无", "没有", "暂无"}
# Countries whose carriers call before they deliver.
CALLED = {"CN", "TW", "HK", "MO", "VN", "TH", "ID", "MY", "PH", "IN", "SA", "AE", "RU", "UA", "KZ", "BR", "NG", "EG"}
POST_BOX = re.compile(
    r"\b(p\.?\s?o\.?\s?-?box|post(al)?\s?box|post(office)?fach|postfach|bo[iî]te postale|b\.?p\.?\s?\d+|"
    r"apartado(\s(de correos|postal))?|caixa postal|casella postale|postbus|postboks|abonentski|skr\.?\spoczt)\b"
    r"|邮政?信箱|私書箱|а/я",
    re.IGNORECASE,
)


def is_empty(text):
    """Whether a field says nothing: blanks, signs, emoji or a filler.

    >>> [is_empty(text) for text in ("", "  ", "🙂🙂", "N/A", "x", "5 rue X", "北")]
    [True, True, True, True, True, False, False]
    """
    text = (text or "").strip().casefold()
    return text in FILLERS or not any(char.isalnum() for char in text)


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


def gaps(address, phone="", need_phone=False):
    """Codes of what is missing, in the order of an address form.

    :param dict address: street, street2, city, zip, state, country (two letters), zip_required, state_required
    :param bool need_phone: a number is needed everywhere, not only where carriers call

    >>> berlin = {"street": "Ackerstraße 14", "city": "Berlin", "zip": "10115", "country": "DE", "zip_required": True}
    >>> gaps(berlin), gaps({**berlin, "street": "🙂", "zip": ""}), gaps({})
    ([], ['street', 'zip'], ['country', 'street', 'city'])
    >>> gaps({"street": "文三路 1 号", "city": "杭州", "country": "CN"}, phone="无")
    ['phone']
    """
    country = address.get("country") or ""
    missing = [] if country else ["country"]
    if is_empty(address.get("street")) and is_empty(address.get("street2")):
        missing.append("street")
    # A city may stand in the state (Singapore, Hong Kong) or the street (pasted Chinese addresses).
    if is_empty(address.get("city")) and country not in ("SG", "HK", "MO", "MC", "GI", "VA"):
        missing.append("city")
    if address.get("zip_required") and is_empty(address.get("zip")) and country not in ("CN", "HK", "MO"):
        missing.append("zip")
    if address.get("state_required") and is_empty(address.get("state")):
        missing.append("state")
    if (need_phone or country in CALLED) and not has_digits(phone):
        missing.append("phone")
    return missing
