"""Addresses of several lines: who, street and number, zip and town, country, in the habits of many countries."""

import re
from itertools import pairwise

from .countries import COMPILED, STATES, country_of

_STREET_WORDS = {
    "DE": r"stra(?:ß|ss)e\b|str\.|\bweg\b|weg \d|platz\b|allee\b|gasse\b|ring \d|damm\b|ufer\b|packstation|postfach",
    "FR": r"\brue\b|\bavenue\b|\bboulevard\b|\bbd\b|\bchemin\b|\bimpasse\b|\bquai\b|\ballée\b|\broute de\b",
    "IT": r"\bvia\b|\bviale\b|\bpiazza\b|\bcorso\b|\bvicolo\b",
    "ES": r"\bcalle\b|\bc/|\bavenida\b|\bavda\b|\bplaza\b|\bpaseo\b",
    "PT": r"\brua\b|\btravessa\b|\blargo\b",
    "PL": r"\bul\.|\baleja\b|\bos\.",
    "NL": r"straat\b|laan\b|gracht\b|kade\b|plein\b",
    "SE": r"gatan\b|vägen\b|gata\b",
    "DK": r"gade\b|vej\b",
    "US": r"\bst(?:reet|\.)?\b|\bave(?:nue)?\b|\broad\b|\brd\b|\bdr(?:ive)?\b|\bblvd\b|\blane\b|\bln\b|\bhwy\b|\bct\b"
    r"|\bp\.? ?o\.? box\b",
}
STREET = re.compile("|".join(_STREET_WORDS.values()), re.IGNORECASE)
_UNIT = re.compile(
    r"^(?:apt|apartment|unit|suite|ste|flat|floor|fl|c/o|z\. ?hd|appt|appartement|bât|bldg|building"
    r"|etage|stock|room|p\.? ?o\.? box|#)",
    re.IGNORECASE,
)
_FRONT = re.compile(
    r"^(?P<prefix>[A-Z]{1,3}[- ](?=\d))?"
    r"(?P<zip>[A-Z]?\d[\dA-Z-]{2,9}(?: \d{2,3}(?=\s))?(?: [A-Z]{2}(?=\s))?)[\s,]+(?P<city>\D.*)$"
)
_PREFIX_COUNTRIES = {"D": "DE", "A": "AT", "F": "FR", "I": "IT", "E": "ES", "B": "BE", "L": "LU", "S": "SE", "N": "NO"}
_PREFIX_COUNTRIES |= {"P": "PT", "H": "HU", "FIN": "FI"}
_PREFIXES = "CH DK NL FI PL CZ SK SI LV LT EE DE AT FR IT ES BE LU SE NO PT HU HR RO BG GR UA RU JP"
_PREFIX_COUNTRIES |= {country: country for country in _PREFIXES.split()}
_US = re.compile(r"^(?P<city>.+?)[,\s]+(?P<state>[A-Za-z]{2})\.?[,\s]+(?P<zip>\d{5}(?:-\d{4})?)$")
_CA = re.compile(r"^(?P<city>.+?)[,\s]+\(?(?P<state>[A-Za-z]{2})\)?[,\s]+(?P<zip>[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d)$")
_AU = re.compile(r"^(?P<city>.+?)[,\s]+(?P<state>ACT|NSW|NT|QLD|SA|TAS|VIC|WA)[,\s]+(?P<zip>\d{4})$", re.IGNORECASE)
_BR = re.compile(r"^(?P<city>.+?)\s*[-/,]\s*(?P<state>[A-Z]{2})[,\s-]+(?:CEP:?\s*)?(?P<zip>\d{5}-?\d{3})$")
_GB = re.compile(r"^(?P<city>.*?)[,\s]*\b(?P<zip>[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})$", re.IGNORECASE)
_IE = re.compile(r"^(?P<city>.*?)[,\s]*\b(?P<zip>(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4})$")
_BACK = re.compile(r"^(?P<city>\D+?)[,\s-]+(?P<zip>\d[\d -]{2,8}\d)$")
_JP = re.compile(r"^〒?\s*(?P<zip>\d{3}-\d{4})\s*(?P<city>.*)$")


def read_place(line, country=""):
    """Zip, town and state of a line: dict with zip, city, state, country; None when the line is no such line.

    :param str country: the country that is known already, "" otherwise

    >>> read_place("D-10115 Berlin"), read_place("London SW1A 2AA")["country"], read_place("Hauptstr. 5")
    ({'zip': '10115', 'city': 'Berlin', 'state': '', 'country': 'DE'}, 'GB', None)
    >>> read_place("Springfield, IL 62701"), read_place("1012 AB Amsterdam")["zip"]
    ({'zip': '62701', 'city': 'Springfield', 'state': 'IL', 'country': 'US'}, '1012 AB')
    """
    line = line.strip(" ,;.")
    for pattern, owner in ((_US, "US"), (_CA, "CA"), (_AU, "AU"), (_BR, "BR"), (_GB, "GB"), (_IE, "IE"), (_JP, "JP")):
        if country and country != owner:
            continue
        found = pattern.match(line)
        state = found.groupdict().get("state", "").upper() if found else ""
        if found and (owner not in STATES or not state or state in STATES[owner]):
            return _place(found["zip"].upper(), found["city"], state, country or owner)
    found = _FRONT.match(line)
    town = re.sub(r"\bcedex.*", "", found["city"], flags=re.IGNORECASE) if found else ""
    if found and not STREET.search(town) and not re.search(r"\d", town):
        prefix = (found["prefix"] or "").strip("- ")
        owner = country or _PREFIX_COUNTRIES.get(prefix, "")
        if not owner and re.fullmatch(r"\d{4} [A-Z]{2}", found["zip"]):
            owner = "NL"
        if not owner and re.fullmatch(r"\d{2}-\d{3}", found["zip"]):
            owner = "PL"
        if not owner or owner not in COMPILED or COMPILED[owner].fullmatch(found["zip"]) or not country:
            return _place(found["zip"], found["city"], "", owner)
    found = _BACK.match(line)
    if found and country and country in COMPILED and COMPILED[country].fullmatch(found["zip"]):
        return _place(found["zip"], found["city"], "", country)
    return None


def _place(zip_code, city, state, country):
    return {"zip": zip_code.strip(), "city": city.strip(" ,-("), "state": state, "country": country}


def guess_country(text):
    """Which country's word for "street" a text has; "" without one.

    >>> guess_country("12 rue de la Paix"), guess_country("Hauptstraße 5"), guess_country("x")
    ('FR', 'DE', '')
    """
    for country, words in _STREET_WORDS.items():
        if country != "US" and re.search(words, text, re.IGNORECASE):
            return country
    return ""


def read_lines(lines, country="", names=None):
    """Read an address of several lines from which phone and mail were cut.

    :return: (parts: dict, lines that were not understood)
    """
    lines, parts = list(lines), {}
    for index, line in enumerate(lines):
        # "Singapore 079903": town, country and zip in one.
        both = re.fullmatch(r"(\D+?),?\s+(\d{5,6})", line)
        found = both and country_of(both[1], names)
        if found and country in ("", found):
            country, parts["zip"], lines[index] = found, both[2], both[1]
    for index in range(len(lines) - 1, -1, -1):
        if not country and (found := country_of(lines[index], names)):
            country, _line = found, lines.pop(index)
            break
        if country and country_of(lines[index], names) == country and len(lines) > 1:
            lines.pop(index)
            break
    place, index = _find_place(lines, country)
    if place:
        lines.pop(index)
        country = country or place["country"]
        parts |= {name: value for name, value in place.items() if value}
        before = lines[index - 1] if 0 < index <= len(lines) else ""
        if before and not place["city"] and country != "JP" and not re.search(r"\d", before):
            parts["city"] = lines.pop(index - 1)
            index -= 1
    if not country or (place and not place["country"]):
        country = country or guess_country(" ".join(lines))
    if country:
        parts["country"] = country
    unknown = _read_rest(lines, parts, index if place and country != "JP" else len(lines))
    if country == "JP":
        _read_japanese(parts)
    return parts, unknown


def _read_japanese(parts):
    """Prefecture and town stand before the block number, as in "東京都渋谷区神宮前1-2-3"."""
    text = parts.get("street") or parts.get("city") or ""
    found = re.match(r"(東京都|北海道|京都府|大阪府|\w{2,3}?県)\s*([^\d\s]+?(?:市|区|郡|町|村))\s*(.+)$", text)
    if found:
        parts |= {"state_name": found[1], "city": found[2], "street": found[3]}


def _find_place(lines, country):
    for known in filter(None, (country, "any")):
        for index in range(len(lines) - 1, -1, -1):
            if place := read_place(lines[index], country if known == country else ""):
                if known == "any" and country and place["country"] not in ("", country):
                    continue
                return place, index
    # Zip and town on lines of their own.
    for index, (first, second) in enumerate(pairwise(lines)):
        for one, other in ((f"{first} {second}", index), (f"{second} {first}", index)):
            if re.fullmatch(r"[A-Z]{0,2}\d[\dA-Z -]{2,8}", second.strip(), re.IGNORECASE) and (
                place := read_place(one, country)
            ):
                lines.pop(index + 1)
                return place, other
    return None, len(lines)


def _read_rest(lines, parts, place_index):
    """Street, its second line and the name out of the lines that are left; returns what has no place."""
    street = next((index for index, line in enumerate(lines) if STREET.search(line) and re.search(r"\d", line)), None)
    if street is None:
        street = next((index for index, line in enumerate(lines) if _has_number(line) and not _UNIT.match(line)), None)
    if street is None:
        street = next((index for index, line in enumerate(lines) if STREET.search(line)), None)
    if street is None and len(lines) >= 2 and place_index >= 2:
        street = min(place_index, len(lines)) - 1
    unknown = []
    for index, line in enumerate(lines):
        if index == street:
            parts["street"] = line
        elif (
            "name" not in parts
            and not re.search(r"\d{3}", line)
            and not _UNIT.match(line)
            and (street is None or index < street or index > place_index - 1)
            and re.search(r"[^\W\d_]", line)
        ):
            parts["name"] = line
        elif _UNIT.match(line):
            parts["street2"] = ", ".join(filter(None, (parts.get("street2"), line)))
        elif street is not None and index > street and not parts.get("city") and re.search(r"[^\W\d_]", line):
            parts["city"] = line
        else:
            unknown.append(line)
    return unknown


def _has_number(line):
    """A house number in front or behind: "12 High Road", "Hauptweg 5a".

    >>> _has_number("12 High Road"), _has_number("Am Markt 5a"), _has_number("Anna Weber")
    (True, True, False)
    """
    if re.search(r"[\u3040-\u30ff一-龥가-힣]\s?\d", line):
        return True
    number = re.search(r"(?:^|\s|/)\d{1,5}\s?[a-zA-Z]?(?:\s|,|-|/|$)", line)
    return bool(number and re.search(r"[^\W\d_]{2}", line))
