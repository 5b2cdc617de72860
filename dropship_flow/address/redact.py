"""What is left of a person after the goods have arrived: initials and city. Everything else is taken out of texts."""

import re

from .ship_to import FIELDS

KEPT = ("city", "country", "country_name")
# Parts of a message that say who somebody is, or may say it in free words.
PERSONAL = {"ship_to", "recipient", "old_ship_to", "new_ship_to", "address"}
FREE_TEXT = {"message", "gift_note", "personalisation", "remark", "note", "email", "phone", "mobile", "contact"}
GONE = "…"


def initials(name):
    """
    >>> initials("Anna-Lena Weber"), initials("张三"), initials("")
    ('A. W.', '张*', '')
    """
    words = (name or "").split()
    if len(words) == 1 and not words[0].isascii() and ord(words[0][0]) > 0x2E80:
        return f"{words[0][0]}*"
    return " ".join(f"{word[0].upper()}." for word in words)


def reduced(ship_to):
    """The frozen address as it is shown after the time to keep it. Doing it twice changes nothing.

    >>> anna = reduced({"name": "Anna Weber", "city": "Berlin", "phone": "030"})
    >>> {key: value for key, value in anna.items() if value}
    {'name': 'A. W.', 'city': 'Berlin'}
    >>> reduced(reduced({"name": "张三"})) == reduced({"name": "张三"})
    True
    """
    return {
        **dict.fromkeys(FIELDS, ""),
        "name": initials(ship_to.get("name")),
        **{name: ship_to.get(name) or "" for name in KEPT},
    }


def tokens(ship_to):
    """What must not be found in any text any more: names, streets, numbers – long enough to mean somebody.

    >>> tokens({"name": "Anna Weber", "street": "Hauptstr. 5", "phone": "+49 30 901820", "city": "Berlin"})
    ['+49 30 901820', 'Hauptstr. 5', 'Anna Weber', '0901820', 'Weber', 'Anna']
    """
    found = {ship_to.get(name) or "" for name in ("name", "company", "street", "street2", "phone")}
    found |= {word for word in (ship_to.get("name") or "").split() if len(word) > 2}
    digits = re.sub(r"\D", "", ship_to.get("phone") or "")
    if len(digits) >= 9:  # the same number is written with and without the country's code
        found.add(digits[-7:])
    return sorted(filter(_means_somebody, found), key=lambda text: (-len(text), text))


def _means_somebody(text):
    return len(text) >= (4 if text.isascii() else 2)


def scrub(data, known=()):
    """The same nested data without anything that says who the customer is.

    :param known: texts taken out wherever they stand (`tokens`)

    >>> out = {"ref": "P1", "ship_to": {"name": "Anna Weber", "city": "Berlin"}, "gift_note": "For Anna", "lines": [1]}
    >>> clean = scrub(out, ["Anna"])
    >>> clean["ship_to"]["name"], clean["gift_note"], clean["lines"], clean["ref"]
    ('A. W.', '…', [1], 'P1')
    >>> scrub({"reason": "Frau WEBER ist verzogen, Tel 030-90 18 20"}, ["Weber", "030 901820"])
    {'reason': 'Frau … ist verzogen, Tel …'}
    """
    if isinstance(data, dict):
        return {key: _part(key, value, known) for key, value in data.items()}
    if isinstance(data, list):
        return [scrub(value, known) for value in data]
    if isinstance(data, str):
        return scrub_text(data, known)
    return data


def _part(key, value, known):
    if key in PERSONAL and isinstance(value, dict):
        return reduced(value)
    if (key in FREE_TEXT or key in PERSONAL) and value:
        return scrub(value, known) if isinstance(value, (dict, list)) else GONE
    return scrub(value, known)


def scrub_text(text, known):
    """Take the known texts out; numbers also when they are written with other spaces and dashes."""
    for word in known:
        digits = re.sub(r"\D", "", word)
        if len(digits) >= 6 and len(digits) * 2 > len(word):
            pattern = r"\+?" + r"[\s\-./()]*".join(digits)
        else:
            pattern = re.escape(word)
        text = re.sub(pattern, GONE, text, flags=re.IGNORECASE)
    return text
