"""Split a pasted address – Chinese or western, any order, with labels or without – and say how sure the result is."""

import re
from dataclasses import asdict, dataclass, field

from . import china, contact, countries, western

LONGEST = 2000
PARTS = (
    "name", "phone", "email", "company", "street", "street2", "district", "city", "state", "state_name", "zip",
    "country",
)  # fmt: skip
_CHINESE = re.compile(r"[一-龥]")
_NOT_CHINESE = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]|〒")
_CHINESE_COUNTRIES = ("CN", "HK", "MO", "TW")


class TooLong(ValueError):
    """The text is longer than any address."""


@dataclass
class Parsed:
    """The parts of an address; what was not understood is in `unknown` and, so that nothing is lost, in `street2`."""

    name: str = ""
    phone: str = ""
    email: str = ""
    company: str = ""
    street: str = ""
    street2: str = ""
    district: str = ""
    city: str = ""
    state: str = ""
    state_name: str = ""
    zip: str = ""
    country: str = ""
    confidence: float = 0.0
    unknown: list = field(default_factory=list)

    def as_dict(self):
        return asdict(self)


def parse(text, country="", names=None):
    """Read a pasted address.

    :param str country: two letters, where it is when the text does not say
    :param dict names: {country name, lower case: two letters} in the reader's languages
    :raise TooLong: for more than 2,000 characters

    >>> found = parse("张三，13812345678，浙江省杭州市西湖区文三路 123 号 2 单元 501 室")
    >>> found.name, found.phone, found.city, found.district, found.street
    ('张三', '13812345678', '杭州市', '西湖区', '文三路 123 号 2 单元 501 室')
    >>> found = parse("Anna Weber\\nHauptstr. 5\\n10115 Berlin\\nGermany\\n+49 30 901820")
    >>> found.name, found.street, found.zip, found.city, found.country, found.confidence
    ('Anna Weber', 'Hauptstr. 5', '10115', 'Berlin', 'DE', 1.0)
    """
    if len(text or "") > LONGEST:
        raise TooLong(len(text))
    whole = contact.clean(text)
    labelled, rest = contact.take_labelled(whole)
    email, rest = contact.take_mail(rest)
    phones, rest = contact.take_phones(rest)
    parts = {}
    if area := labelled.pop("area", ""):
        labelled["street"] = f"{area} {labelled.get('street', '')}".strip()
    if named := labelled.pop("country", ""):
        parts["country"] = countries.country_of(named, names)
        rest = rest if parts["country"] else f"{rest}\n{named}"
    unknown = []
    if _is_chinese(labelled, rest, parts.get("country") or country):
        _read_chinese(labelled, rest, parts, unknown)
    else:
        _read_western(labelled, rest, parts, unknown, country, names)
    parts["email"] = labelled.get("email") or email
    if labelled.get("phone"):
        phones = [labelled["phone"].strip(), *phones]
    parts["phone"] = phones[0] if phones else ""
    unknown += phones[1:]
    if labelled.get("email") and email:
        unknown.append(email)
    return _result(parts, unknown, country)


def _is_chinese(labelled, rest, country):
    named = {line: countries.country_of(line) for line in rest.split("\n")}
    if any(found not in ("", *_CHINESE_COUNTRIES) for found in named.values()):
        return False
    text = " ".join((*labelled.values(), *(line for line, found in named.items() if not found)))
    if not _CHINESE.search(text) or _NOT_CHINESE.search(text):
        return False
    return country in ("", *_CHINESE_COUNTRIES) or china.find_start(text) >= 0


# ----------------------------------------------------------------------
# Chinese
# ----------------------------------------------------------------------


def _read_chinese(labelled, rest, parts, unknown):
    rest = re.sub(r"(?:^|(?<=[\s,;]))中国(?=\s|,|$|[一-龥])", "", rest)
    address = re.sub(r"^中国", "", labelled.get("street", "")).strip()
    zip_code, rest = _take_zip(labelled.get("zip", ""), rest)
    name = labelled.get("name", "")
    if not address:
        address, rest = _find_address(rest)
    if not name:
        name, address, rest = _find_name(address, rest)
    if labelled.get("state") and china.find_start(address) != 0:
        address = "".join(labelled.get(part, "") for part in ("state", "city", "district")) + address
    elif china.find_start(address) != 0 and (front := labelled.get("city", "") + labelled.get("district", "")):
        address = front + address
    if not zip_code and (found := re.search(r"(?:^|\s|,)(\d{6})$", address)):
        zip_code, address = found.group(1), address[: found.start()]
    found = china.split(" ".join(address.split("\n")))
    parts |= {part: found[part] for part in ("state", "state_name", "city", "district")}
    parts["country"] = parts.get("country") or found["country"]
    parts["street"] = re.sub(r"\s*,\s*", " ", found["rest"]).strip()
    parts["street2"], parts["company"] = labelled.get("street2", ""), labelled.get("company", "")
    parts["name"], parts["zip"] = name, zip_code
    unknown += _pieces(rest)


def _take_zip(labelled, text):
    if labelled:
        return labelled, text
    found = re.search(r"(?<![\d\w-])(\d{6})(?![\d\w号弄-])", text)
    if not found:
        return "", text
    return found.group(1), f"{text[: found.start()].rstrip(' ,;')}\n{text[found.end() :].lstrip(' ,;')}".strip("\n")


def _find_address(text):
    """The run of pieces that holds the address, from its province (or the longest piece) on; and the rest."""
    pieces = re.split(r"[\n;|]|,\s*", text)
    pieces = [piece.strip() for piece in pieces if piece.strip()]
    first = next((index for index, piece in enumerate(pieces) if china.find_start(piece) >= 0), None)
    if first is None:
        first = max(range(len(pieces)), key=lambda index: _weight(pieces[index]), default=None)
        if first is None or not china.looks_like_street(pieces[first]):
            return "", text
    last = first + 1
    while (
        last < len(pieces)
        and not china.looks_like_name(pieces[last])
        and (china.looks_like_street(pieces[last]) or re.search(r"[区县市州]", pieces[last]))
    ):
        last += 1
    return " ".join(pieces[first:last]), "\n".join(pieces[:first] + pieces[last:])


def _weight(piece):
    return len(piece) + 100 * china.looks_like_street(piece)


def _find_name(address, rest):
    """The name: a piece of its own, or at an end of the address. Returns (name, address, rest)."""
    pieces = _pieces(rest)
    for index, piece in enumerate(pieces):
        words = re.fullmatch(r"[^\W\d_][^\d@\n]{1,40}", piece) and not china.looks_like_street(piece)
        if words or china.looks_like_name(piece):
            return _bare_name(piece), address, "\n".join(pieces[:index] + pieces[index + 1 :])
    start = china.find_start(address)
    if start > 0:
        front = address[:start].strip()
        word = front.split()[0] if front.split() else ""
        apart = " " in address and len(word) <= 12 and not china.looks_like_street(word)
        if word and (apart or china.looks_like_name(word)):
            return _bare_name(word), address[start:], "\n".join([*front.split()[1:], *pieces])
    found = re.search(r"(?<=[^A-Za-z\s])\s+([A-Za-z][A-Za-z.'-]+(?: [A-Za-z][A-Za-z.'-]+){1,3})$", address)
    if found:
        return found.group(1), address[: found.start()], rest
    words = address.split()
    if len(words) > 1 and china.looks_like_name(words[-1]):
        return _bare_name(words[-1]), " ".join(words[:-1]), rest
    if len(words) > 1 and china.looks_like_name(words[0]):
        return _bare_name(words[0]), " ".join(words[1:]), rest
    found = re.search(r"(?<=[号室楼栋幢户座层])([一-龥]{2,3})$", address)
    if found and china.looks_like_name(found.group(1)):
        return found.group(1), address[: found.start()], rest
    return "", address, rest


def _bare_name(text):
    return re.sub(r"\s*[(]?收[)]?$", "", text).strip(" ,()")


def _pieces(text):
    pieces = [piece.strip(" ,;|") for piece in re.split(r"[\n;|,]", text)]
    return [piece for piece in pieces if piece]


# ----------------------------------------------------------------------
# Western
# ----------------------------------------------------------------------


def _read_western(labelled, rest, parts, unknown, country, names):
    lines = [line.strip(" ,;|") for line in re.split(r"[\n;|]", rest)]
    lines = [line for line in lines if line]
    if len(lines) <= 2 and any(line.count(",") >= 1 for line in lines):
        lines = _split_commas(lines)
    if street := labelled.get("street", ""):
        lines = [*_split_commas(street.split("\n")), *lines]
    known = parts.get("country", "")
    found, left = western.read_lines(lines, known, names)
    if not found.get("zip") and country and not found.get("country"):
        again, still_left = western.read_lines(lines, country, names)
        if again.get("zip"):
            found, left = again, still_left
    parts |= {name: value for name, value in found.items() if value}
    for name in ("name", "company", "street2", "zip", "city", "district", "state"):
        if value := labelled.get(name, ""):
            if parts.get(name) and parts[name] != value:
                left.insert(0, parts[name])
            parts[name] = value
    unknown += left


def _split_commas(lines):
    """Commas divide lines, except those between a town and its state ("Springfield, IL 62701")."""
    result = []
    for line in lines:
        pieces = [piece.strip() for piece in line.split(",") if piece.strip()]
        for piece in pieces:
            state_and_zip = re.fullmatch(r"[A-Za-z]{2,3}\.?\s+[A-Za-z\d][A-Za-z\d -]{3,9}", piece)
            if result and state_and_zip and western.read_place(f"{result[-1]}, {piece}"):
                result[-1] = f"{result[-1]}, {piece}"
            else:
                result.append(piece)
    return result


# ----------------------------------------------------------------------
# What comes out
# ----------------------------------------------------------------------


def _result(parts, unknown, country):
    guessed = not parts.get("country")
    parts["country"] = parts.get("country") or country
    result = Parsed(**{name: str(parts.get(name) or "").strip() for name in PARTS})
    result.unknown = [piece for piece in unknown if piece]
    if result.unknown:
        result.street2 = ", ".join(filter(None, (result.street2, *result.unknown)))
    if not result.street and result.street2 and not result.unknown:
        result.street, result.street2 = result.street2, ""
    result.confidence = _confidence(result, guessed)
    return result


def _confidence(result, guessed):
    """1: every part of a complete address was found and nothing is left; less for each thing that is not so."""
    chinese = result.country in _CHINESE_COUNTRIES
    weights = [
        (0.35, not result.street),
        (0.2, not result.city and result.country not in countries.NO_CITY),
        (0.1, not result.name),
        (0.05 if not chinese else 0.1, not result.phone and chinese),
        (0.1, result.country == "CN" and not result.district),
        (0.1, not chinese and not result.zip and result.country not in countries.NO_ZIP),
        (0.2, bool(result.zip) and countries.zip_fits(result.zip, result.country) is False),
        (0.1, guessed),
        (min(0.1 * len(result.unknown), 0.3), bool(result.unknown)),
    ]
    return round(max(1.0 - sum(weight for weight, wrong in weights if wrong), 0.0), 2)
