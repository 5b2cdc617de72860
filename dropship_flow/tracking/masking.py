"""Takes the sender out of what carriers write, so that customers may read the rest.

Carriers print into their texts who handed a parcel in: a company, its yard, its phone. None of that is the customer's
business. What is doubtful goes: a text with a hole in it is better than a supplier's name.
"""

import re
import unicodedata

HOLE = "…"
MOST = 2000
_CJK = "\u3400-\u9fff"
_NAME = rf"[{_CJK}A-Za-z0-9()（）&·]"
# Words after which a name begins: they end what is taken for a part of it.
_STOP = "从由在到已被至向为是的和及与将【】"

_URL = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w@])(?:[\w-]+\.)+(?:com|cn|net|org|de|eu|co|io|shop|top|store|info|hk|uk|fr|es|it)"
    r"(?![\w])(?:/\S*)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[\d ()./-]{5,}\d)(?!\w)")
_WHEN = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T]\d{1,2}:?\d{0,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_SENDER = re.compile(
    r"(?:寄件人|发件人|寄方|发货人|发件方|寄件方|寄件公司|发件公司|发货方|商家|卖家|店铺|揽收客户)\s*[:：]?\s*"
    r"(?:(?![,，。;；】\]\n]).){0,40}"
    r"|(?<!\w)(?:sender|shipper|consignor|shipped by|sent by|seller|vendor|supplier|absender|versender|expéditeur)"
    r"\s*[:：]?\s*[^,;.\n]{0,60}",
    re.IGNORECASE,
)
_ORG_CJK = re.compile(
    rf"(?:(?![{_STOP}]){_NAME}){{1,30}}?"
    r"(?:有限责任公司|股份有限公司|有限公司|股份公司|集团公司|公司|集团|商行|商贸|贸易|工厂|厂家|制品厂|厂|经营部|批发部"
    r"|旗舰店|专营店|专卖店|网店|店铺|云仓|海外仓|仓库|仓)(?![储])"
)
_ORG = re.compile(
    r"(?:[A-Z0-9][\w&'’.-]*[ ,]+){1,6}"
    r"(?:Co\.?,? ?Ltd\.?|Ltd\.?|L\.?L\.?C\.?|Inc\.?|GmbH|UG|KG|Limited|Corp\.?|Corporation|Company|Trading|Factory"
    r"|Warehouse|B\.?V\.?|S\.?A\.?S?\.?|S\.?r\.?l\.?|Sp\. ?z ?o\.?o\.?)(?![\w])"
)
_ADDRESS = re.compile(
    rf"(?:(?![{_STOP}])[{_CJK}\d]){{1,14}}?(?:大道|路|街|巷|弄|村|工业园|工业区|产业园)[{_CJK}]{{0,8}}?\d+(?:[-\d]*)"
    rf"(?:号|栋|幢|座|楼|室|单元|层)?[{_CJK}A-Z\d-]{{0,12}}"
    r"|(?:[A-Z]|\d)*\d+(?:号|栋|幢|单元|室)"
    r"|(?<!\w)(?:no\.? ?)?\d+[A-Za-z]?,? +(?:[\w'’.-]+ +){1,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|blvd|boulevard|drive|park|zone)(?!\w)\.?"
    r"|(?<!\w)[\w'’.-]+ ?(?:straße|strasse|str\.|gasse|weg|allee|platz|ufer|damm) *\d+ ?[a-z]?(?!\w)"
    r"|(?<!\w)(?:rue|via|calle|ul\.|avenue|piazza) +[\w'’.-]+(?: +[\w'’.-]+){0,3},? *\d+",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"[\s,]*(?:\bCo\.?,? ?Ltd\.?|\bLtd\.?|\bLLC|\bInc\.?|\bGmbH|\bUG|\bKG|\bLimited|\bCorp\.?|\bCorporation|\bCompany"
    r"|\bTrading|有限责任公司|股份有限公司|有限公司|公司|商行|商贸)\s*$",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(rf"^[{_CJK}]{{2,3}}?(?:省|市|县|区)+")
_HOLES = re.compile(rf"\s*{HOLE}(?:[\s,.;:、，。：；]*{HOLE})*")
_HUB = re.compile(rf"([{_CJK}]{{2,6}})(?:转运中心|分拨中心|集散中心|处理中心|国际机场|机场|口岸|海关)")


def variants(name):
    """The ways in which a name is written: as it is, without its legal form, without the place in front of it.

    >>> sorted(variants("Bright Lamps Co., Ltd."))
    ['Bright Lamps', 'Bright Lamps Co., Ltd.']
    >>> "光明照明" in variants("深圳市光明照明有限公司")
    True
    """
    found, rest = {name.strip()}, name.strip()
    for _step in range(3):
        shorter = _LEGAL.sub("", rest).strip(" ,.-")
        if shorter == rest or not shorter:
            break
        rest = shorter
        found.add(rest)
    bare = _PLACE_BEFORE.sub("", rest)
    if len(bare) >= 3:
        found.add(bare)
    return found


def pattern_of(words):
    """One pattern for all words that may not be read; None when there are none worth looking for.

    Single letters and the like are left out: they would eat every text.
    """
    parts = set()
    for word in words:
        for text in variants(unicodedata.normalize("NFKC", str(word or ""))):
            pieces = [re.escape(piece) for piece in re.split(r"[\W_]+", text) if piece]
            letters = "".join(re.split(r"[\W_]+", text))
            wide = bool(re.search(f"[{_CJK}]", letters))
            if len(letters) < (2 if wide else 4) or (letters.isdigit() and len(letters) < 5):
                continue
            body = r"[\W_]*".join(pieces)
            parts.add(body if wide else rf"(?<![^\W_]){body}(?![^\W_])")
    if not parts:
        return None
    return re.compile("|".join(sorted(parts, key=lambda part: (-len(part), part))), re.IGNORECASE)


def mask(text, words=(), addresses=True):
    """A carrier's text without who sent the parcel.

    :param words: what may not be read: names, streets, phones …; or a pattern made by `pattern_of`
    :param bool addresses: take out every street address and phone, not only known ones; off for places the customer
        has to find
    :return str: the text; an ellipsis where something was taken out

    >>> mask("Picked up from Bright Lamps, phone +86 755 1234567", ["Bright Lamps Co., Ltd."])
    'Picked up from …, phone …'
    >>> mask("【义乌市】快件已从义乌光明商贸有限公司发出，发件人：王先生 13800138000", [])
    '【义乌市】快件已从…发出,…'
    >>> mask("Arrived at Leipzig hub 2026-03-01 10:05", ["Bright"])
    'Arrived at Leipzig hub 2026-03-01 10:05'
    """
    text = HOLE.join(_plain(piece) for piece in text.split(HOLE)) if isinstance(text, str) else ""
    text = _URL.sub(HOLE, _MAIL.sub(HOLE, text[:MOST]))
    pattern = words if isinstance(words, re.Pattern) else pattern_of(words or ())
    if pattern:
        text = pattern.sub(HOLE, text)
    text = _SENDER.sub(HOLE, text)
    text = _ORG.sub(HOLE, _ORG_CJK.sub(HOLE, text))
    if addresses:
        text = _PHONE.sub(_phone, _ADDRESS.sub(HOLE, text))
    return _HOLES.sub(lambda hole: (" " * hole[0][0].isspace()) + HOLE, text).strip()


def _plain(text):
    text = unicodedata.normalize("NFKC", text[: 2 * MOST])
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _phone(found):
    """Dates and times are made of digits as well."""
    digits = re.sub(r"\D", "", found[0])
    if _WHEN.search(found[0]) or not 7 <= len(digits) <= 20:
        return found[0]
    return HOLE


def public_place(place, words=()):
    """Where a parcel was, by city and country: no yard, no street, no house.

    :param words: as for `mask`; what contains one of them is left out as a whole

    >>> public_place("Building 7, Futian Road 12, Shenzhen, China"), public_place("Bright yard, Yiwu, CN", ["Bright"])
    ('Shenzhen, China', 'Yiwu, CN')
    >>> public_place("浙江省金华市义乌市江东路88号光明商行"), public_place("杭州转运中心")
    ('浙江省金华市义乌市', '杭州转运中心')
    """
    text = unicodedata.normalize("NFKC", place if isinstance(place, str) else "")[:200]
    kept = []
    for part in re.split(r"[,，;/|\n]+", text):
        part = part.strip(" 【】[]()")
        if re.search(f"[{_CJK}]", part):
            part = _wide_place(part)
        if part and not re.search(r"\d", part) and HOLE not in mask(part, words):
            kept.append(part)
    return ", ".join(kept[-2:])


def _wide_place(part):
    """A Chinese place down to its city; a carrier's public hub as it is."""
    hub = _HUB.search(part)
    if hub:
        return hub[0]
    cities = re.match(rf"[{_CJK}]{{2,12}}?(?:自治区|省|市)(?:[{_CJK}]{{1,6}}?[市州])*", part)
    if cities:
        return cities[0]
    return part if len(part) <= 4 else ""
