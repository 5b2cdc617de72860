"""How good a listing is, 0 to 100, with one reason for each missing point."""

import unicodedata
from dataclasses import dataclass

TITLE = (15, 120)
DESCRIPTION = 150
PICTURES = 3
SIDE = 800
SEO_TITLE = (20, 70)
SEO_DESCRIPTION = (60, 170)


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be known of a listing; empty values are what is missing."""

    title: str = ""
    description: str = ""
    pictures: int = 0
    side: int | None = None  # shorter side of the main picture in pixels; None: not known
    category: bool = False
    attributes: int = 0
    gtin: bool = False
    weight: float = 0.0
    brand: str = ""
    seo_title: str = ""
    seo_description: str = ""
    price: float = 0.0
    promise: bool = False


def length(text):
    """Width of a text: a Chinese sign says as much as two letters.

    >>> length("lamp"), length("台灯"), length("")
    (4, 4, 0)
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text.strip())


def _between(code, text, bounds):
    have = length(text)
    low, high = bounds
    if not have:
        return f"{code}_missing", {}
    if have < low:
        return f"{code}_short", {"have": have, "need": low}
    if have > high:
        return f"{code}_long", {"have": have, "limit": high}
    return None


def _shouting(facts):
    letters = [sign for sign in facts.title if sign.isalpha() and sign.lower() != sign.upper()]
    loud = len(letters) > 7 and sum(sign.isupper() for sign in letters) > 0.7 * len(letters)
    return ("title_loud", {}) if loud or "!!" in facts.title or "！！" in facts.title else None


def _description(facts):
    have = length(facts.description)
    if not have:
        return "description_missing", {}
    return ("description_short", {"have": have, "need": DESCRIPTION}) if have < DESCRIPTION else None


def _few(facts):
    return ("pictures_few", {"have": facts.pictures, "need": PICTURES}) if facts.pictures < PICTURES else None


def _small(facts):
    if not facts.pictures or facts.side is None or facts.side >= SIDE:
        return None if facts.pictures else ("picture_small", {"have": 0, "need": SIDE})
    return "picture_small", {"have": facts.side, "need": SIDE}


def _given(code, value):
    return None if value else (code, {})


# (points, what is wrong or None); the points of all together are 100.
POINTS = (
    (10, lambda facts: _between("title", facts.title, TITLE)),
    (2, _shouting),
    (12, _description),
    (14, lambda facts: _given("picture_missing", facts.pictures)),
    (8, _few),
    (6, _small),
    (8, lambda facts: _given("category_missing", facts.category)),
    (4, lambda facts: _given("attributes_missing", facts.attributes)),
    (6, lambda facts: _given("gtin_missing", facts.gtin)),
    (6, lambda facts: _given("weight_missing", facts.weight > 0)),
    (4, lambda facts: _given("brand_missing", facts.brand.strip())),
    (5, lambda facts: _between("seo_title", facts.seo_title, SEO_TITLE)),
    (5, lambda facts: _between("seo_description", facts.seo_description, SEO_DESCRIPTION)),
    (6, lambda facts: _given("price_zero", facts.price > 0)),
    (4, lambda facts: _given("promise_missing", facts.promise)),
)


def assess(facts):
    """(score, [[code, {figures, "points": lost}], …]) with what costs most first.

    >>> assess(Facts())[0]
    2
    >>> score, missing = assess(Facts(title="Leaf desk lamp, green shade", weight=0.8, price=34.9))
    >>> score, missing[0]
    (24, ['picture_missing', {'points': 14}])
    """
    lost = []
    for points, check in POINTS:
        found = check(facts)
        if found:
            lost.append([found[0], {**found[1], "points": points}])
    lost.sort(key=lambda reason: -reason[1]["points"])
    return 100 - sum(reason[1]["points"] for reason in lost), lost
