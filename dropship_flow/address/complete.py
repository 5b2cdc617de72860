"""Can a parcel be delivered there? Per country: what an address needs, and what is plainly not one."""

import re

from .countries import NO_CITY, NO_ZIP, NUMBER_NEEDED, PHONE_NEEDED, STATE_NEEDED, STATES, zip_fits
from .keys import phone_key

# Without these no parcel arrives; the others a courier may overcome.
FATAL = frozenset(
    {"no_country", "no_name", "no_street", "junk_street", "no_city", "no_zip", "bad_zip", "no_state", "bad_state"}
)
_PLACEHOLDER = re.compile(
    r"^(?:test|xxx+|asdf\w*|n/?a|none|null|unknown|无|没有|测试|-+|\.+|0+|1234?5?6?)$", re.IGNORECASE
)


def problems(address):
    """What is missing or wrong, as codes, the gravest first.

    :param dict address: name, phone, street, street2, district, city, state (code), state_name, zip, country

    >>> good = {"name": "Anna", "street": "Hauptstr. 5", "zip": "10115", "city": "Berlin", "country": "DE"}
    >>> problems(good), problems({**good, "zip": "1011", "street": "🙂"}), problems({"country": "AE", "name": "Ali"})
    ((), ('junk_street', 'bad_zip'), ('no_street', 'no_city', 'no_phone'))
    """
    country = (address.get("country") or "").upper()
    if not country:
        return ("no_country",)
    found = [*_of_person(address), *_of_street(address, country), *_of_place(address, country)]
    if country in PHONE_NEEDED and not phone_key(address.get("phone") or "", country):
        found.append("bad_phone" if (address.get("phone") or "").strip() else "no_phone")
    return tuple(found)


def is_deliverable(address):
    """
    >>> good = {"name": "Li", "street": "Markt 1", "city": "Bonn", "zip": "53111", "country": "DE"}
    >>> is_deliverable(good), is_deliverable({**good, "street": "test"})
    (True, False)
    """
    return not FATAL.intersection(problems(address))


def _text(address, name):
    return (address.get(name) or "").strip()


def _of_person(address):
    name = _text(address, "name")
    return [] if re.search(r"[^\W\d_]", name) and not _PLACEHOLDER.match(name) else ["no_name"]


def _of_street(address, country):
    street = " ".join(filter(None, (_text(address, "street"), _text(address, "street2"))))
    if not street:
        return ["no_street"]
    if _PLACEHOLDER.match(street) or not re.search(r"[^\W_]", street):
        return ["junk_street"]
    if country in NUMBER_NEEDED and not re.search(r"\d|[一二三四五六七八九十]+[号號]|[号號]", street):
        return ["no_number"]
    return []


def _of_place(address, country):
    found = []
    if not _text(address, "city") and country not in NO_CITY:
        found.append("no_city")
    state = _text(address, "state")
    if country in STATE_NEEDED and not state and not _text(address, "state_name"):
        found.append("no_state")
    elif STATES.get(country) and state and state.upper() not in STATES[country]:
        found.append("bad_state")
    zip_code = _text(address, "zip")
    if not zip_code and country not in NO_ZIP:
        found.append("no_zip")
    elif zip_code and zip_fits(zip_code, country) is False and country not in NO_ZIP:
        found.append("bad_zip")
    street = _text(address, "street")
    if country == "CN" and not _text(address, "district") and not re.search(r"[区县旗市镇]", street[:12]):
        found.append("no_district")
    return found
