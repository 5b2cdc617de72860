"""Many tracking numbers at once, as people paste them: one order a line, from a chat or out of Excel."""

import re

from .values import SCIENTIFIC, is_number, plain

MAX_LINES = 500
MAX_NUMBERS = 10


def words(text):
    """All words that may be the number of an order, in capitals: what is to be looked up.

    >>> sorted(words("P00012 SF1234 顺丰"))
    ['P00012', 'SF1234', '顺丰']
    """
    return {word.upper() for line in _lines(text) for word in _split(line)}


def read(text, known):
    """What each line says.

    :param known: the orders' numbers, in capitals, that may be meant
    :return: [{"place", "text", "ref", "numbers", "carrier", "error"}]; the error is "" for lines understood, else
        no_order, no_number, excel, too_many, twice

    >>> row, = read("P00012\\tsf1234567\\t顺丰速运", {"P00012"})
    >>> row["ref"], row["numbers"], row["carrier"], row["error"]
    ('P00012', ['SF1234567'], '顺丰速运', '')
    >>> [row["error"] for row in read("P9 SF12345\\nP00012\\nP00012 7.53E+13\\n单号 快递", {"P00012"})]
    ['no_order', 'no_number', 'excel']
    """
    rows, taken = [], {}
    for place, line in enumerate(_lines(text), 1):
        row = _row(place, line, known)
        if row is None:
            continue
        for number in row["numbers"] if not row["error"] else ():
            if taken.setdefault(number, row["ref"]) != row["ref"]:
                row["error"] = "twice"
        rows.append(row)
    return rows


def orders(rows):
    """{ref: [(number, carrier)]} of the lines understood, each number once.

    >>> orders(read("P1 SF12345 SF\\nP1 SF12346\\nP1 SF12345", {"P1"}))
    {'P1': [('SF12345', 'SF'), ('SF12346', '')]}
    """
    found = {}
    for row in rows:
        if row["error"]:
            continue
        parcels = found.setdefault(row["ref"], [])
        for number in row["numbers"]:
            if number not in [known for known, _carrier in parcels]:
                parcels.append((number, row["carrier"]))
    return found


def _lines(text):
    return (text or "").replace("\r", "\n").split("\n")[: MAX_LINES * 2]


def _split(line):
    return [word for word in re.split(r"[\s,;:|、]+", plain(line, 300)) if word]


def _row(place, line, known):
    found = _split(line)
    if not any(c.isdigit() for word in found for c in word):
        return None  # an empty line, or a heading
    refs = [word for word in found if word.upper() in known]
    rest = [word for word in found if word not in refs]
    numbers = list(dict.fromkeys(word.upper() for word in rest if is_number(word)))
    broken = [word for word in rest if SCIENTIFIC.fullmatch(word)]
    carrier = " ".join(word for word in rest if word.upper() not in numbers and word not in broken)[:100]
    if not refs:
        error = "no_order"
    elif broken:
        error = "excel"
    elif not numbers:
        error = "no_number"
    else:
        error = "too_many" if len(numbers) > MAX_NUMBERS else ""
    ref = refs[0].upper() if refs else ""
    return {
        "place": place,
        "text": plain(line, 120),
        "ref": ref,
        "numbers": numbers if refs else [],
        "carrier": carrier,
        "error": error,
    }
