"""The address a parcel goes to, frozen: plain data, its fingerprint, its lines and what changed between two."""

import hashlib
import json

from .keys import phone_key, plain_text

FIELDS = (
    "name",
    "company",
    "street",
    "street2",
    "district",
    "city",
    "state",
    "state_name",
    "zip",
    "country",
    "country_name",
    "phone",
)
_ADDRESS_IN_BIG_ENDIAN = ("CN", "TW", "JP", "KR")


def freeze(**parts):
    """A dict of exactly the known fields, as text; nothing else about a person travels.

    >>> frozen = freeze(name=" Anna ", city="Berlin", vat=False)
    Traceback (most recent call last):
    TypeError: unknown: vat
    >>> sorted(key for key, value in freeze(name=" Anna ", city="Berlin").items() if value)
    ['city', 'name']
    """
    if unknown := parts.keys() - set(FIELDS):
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    return {name: str(parts.get(name) or "").strip() for name in FIELDS}


def fingerprint(ship_to):
    """sha256 over the normalised parts: case, accents, width and spaces do not count; names of states and countries,
    which depend on a language, do not either where there is a code.

    >>> one = freeze(name="Anna", street="Hauptstraße  5", country="DE", country_name="Germany", phone="030 901820")
    >>> other = freeze(name="anna", street="hauptstrasse 5", country="DE", country_name="德国", phone="+49 30 901820")
    >>> fingerprint(one) == fingerprint(other), fingerprint(one) == fingerprint({**one, "street": "Hauptstr. 6"})
    (True, False)
    """
    country = ship_to.get("country") or ""
    normal = {name: " ".join(plain_text(ship_to.get(name)).split()) for name in FIELDS}
    normal["phone"] = phone_key(ship_to.get("phone"), country)
    if country:
        normal["country_name"] = ""
    if normal["state"]:
        normal["state_name"] = ""
    text = json.dumps(normal, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def changes(old, new):
    """The fields that differ, for people: [(field, old, new)]."""
    if fingerprint(old) == fingerprint(new):
        return []
    pairs = [(name, old.get(name) or "", new.get(name) or "") for name in FIELDS]
    return [pair for pair in pairs if pair[1] != pair[2]]


def lines(ship_to):
    """The address as it is written on a label, one text a line, without the phone.

    >>> lines(freeze(name="Anna", street="Hauptstr. 5", zip="10115", city="Berlin", country_name="Germany"))
    ['Anna', 'Hauptstr. 5', '10115 Berlin', 'Germany']
    >>> anna = freeze(name="张三", street="文三路1号", district="西湖区", city="杭州市", country="CN")
    >>> lines({**anna, "state_name": "浙江省"})
    ['张三', '浙江省 杭州市 西湖区', '文三路1号']
    """
    get = {name: ship_to.get(name) or "" for name in FIELDS}
    company = get["company"] if get["company"] != get["name"] else ""
    street = [get["street"], get["street2"]]
    if get["country"] in _ADDRESS_IN_BIG_ENDIAN:
        state = get["state_name"] if get["state_name"] != get["city"] else ""
        place = " ".join(filter(None, (state, get["city"], get["district"])))
        rows = [get["name"], company, place, *street, " ".join(filter(None, (get["zip"], get["country_name"])))]
    elif get["country"] in ("US", "CA", "AU", "GB", "IE", "BR", "IN"):
        state = get["state"] or get["state_name"]
        place = " ".join(filter(None, (get["city"] + ("," if state and get["city"] else ""), state, get["zip"])))
        rows = [get["name"], company, *street, get["district"], place, get["country_name"]]
    else:
        place = " ".join(filter(None, (get["zip"], get["city"])))
        rows = [get["name"], company, *street, get["district"], place, get["state_name"], get["country_name"]]
    return [row for row in rows if row]
