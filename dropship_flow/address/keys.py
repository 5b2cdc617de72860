"""Normalised keys of phone, address and e-mail: two spellings of the same thing give the same text.

A key is for comparing only, never for showing. An empty key means "nothing to compare" and matches nobody.
"""

import hashlib
import re
import unicodedata

# Dial codes of the countries parcels go to; a country that is not listed keeps its digits as written.
_DIALS = """
1:US,CA,PR,DO,JM,BS,BB,TT,AG,AI,BM,DM,GD,GU,KN,KY,LC,MS,MP,AS,SX,TC,VC,VG,VI 7:RU,KZ 20:EG 27:ZA 30:GR 31:NL 32:BE
33:FR 34:ES 36:HU 39:IT,VA 40:RO 41:CH 43:AT 44:GB,GG,IM,JE 45:DK 46:SE 47:NO,SJ 48:PL 49:DE 51:PE 52:MX 53:CU 54:AR
55:BR 56:CL 57:CO 58:VE 60:MY 61:AU,CX,CC 62:ID 63:PH 64:NZ 65:SG 66:TH 81:JP 82:KR 84:VN 86:CN 90:TR 91:IN 92:PK
93:AF 94:LK 95:MM 98:IR 211:SS 212:MA,EH 213:DZ 216:TN 218:LY 220:GM 221:SN 222:MR 223:ML 224:GN 225:CI 226:BF 227:NE
228:TG 229:BJ 230:MU 231:LR 232:SL 233:GH 234:NG 235:TD 236:CF 237:CM 238:CV 239:ST 240:GQ 241:GA 242:CG 243:CD 244:AO
245:GW 246:IO 248:SC 249:SD 250:RW 251:ET 252:SO 253:DJ 254:KE 255:TZ 256:UG 257:BI 258:MZ 260:ZM 261:MG 262:RE,YT
263:ZW 264:NA 265:MW 266:LS 267:BW 268:SZ 269:KM 290:SH 291:ER 297:AW 298:FO 299:GL 350:GI 351:PT 352:LU 353:IE 354:IS
355:AL 356:MT 357:CY 358:FI,AX 359:BG 370:LT 371:LV 372:EE 373:MD 374:AM 375:BY 376:AD 377:MC 378:SM 380:UA 381:RS
382:ME 383:XK 385:HR 386:SI 387:BA 389:MK 420:CZ 421:SK 423:LI 500:FK 501:BZ 502:GT 503:SV 504:HN 505:NI 506:CR 507:PA
508:PM 509:HT 590:GP,BL,MF 591:BO 592:GY 593:EC 594:GF 595:PY 596:MQ 597:SR 598:UY 599:CW,BQ 670:TL 672:NF,AQ 673:BN
674:NR 675:PG 676:TO 677:SB 678:VU 679:FJ 680:PW 681:WF 682:CK 683:NU 685:WS 686:KI 687:NC 688:TV 689:PF 690:TK 691:FM
692:MH 850:KP 852:HK 853:MO 855:KH 856:LA 880:BD 886:TW 960:MV 961:LB 962:JO 963:SY 964:IQ 965:KW 966:SA 967:YE 968:OM
970:PS 971:AE 972:IL 973:BH 974:QA 975:BT 976:MN 977:NP 992:TJ 993:TM 994:AZ 995:GE 996:KG 998:UZ
"""
DIAL_CODES = {
    country: dial
    for dial, countries in (entry.split(":") for entry in _DIALS.split())
    for country in countries.split(",")
}
_BY_LENGTH = sorted(set(DIAL_CODES.values()), key=len, reverse=True)

# What is dialled before a national number at home, where it is not "0". Empty: nothing is.
_TRUNKS = {"1": "1", "7": "8", "36": "06", "375": "80"}
_TRUNKLESS_CODES = """
30 34 39 45 47 48 52 56 57 65 351 352 354 356 357 371 372 376 377 378 420 502 503 504 505 506 507 591 592 595 597 598
852 853 965 968 973 974
"""
_TRUNKLESS = frozenset(_TRUNKLESS_CODES.split())
# How many digits a number has at home, where "dial code + number" without + can only be told by that.
_NATIONAL = {
    "1": 10, "7": 10, "34": 9, "45": 8, "47": 8, "48": 9, "52": 10, "65": 8, "351": 9, "420": 9, "852": 8, "853": 8
}  # fmt: skip
_EXTENSION = re.compile(
    r"(?:\b(?:ext|extension|durchwahl|poste|x)\b\.?:?|分机号?|转|轉|内线|#|,|;ext=)\s*(\d{1,6})\D*$", re.IGNORECASE
)
_PRIVACY = re.compile(r"^(\D*(?:\+?86)?[ -]?1\d{10})\s*[-–—_]\s*(\d{2,6})\D*$")
_SHORTEST = 5


def ascii_digits(text):
    """Full-width, Arabic-Indic and other digits as 0–9, compatibility forms as plain ones.

    >>> ascii_digits("１３８ ٠١٢")
    '138 012'
    """
    text = unicodedata.normalize("NFKC", text or "")
    return "".join(str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char for char in text)


def phone_key(text, country_code=""):
    """International digits of a phone number; "" when there is none to compare.

    An extension belongs to the number: behind a marketplace's privacy number it alone tells the person.

    :param str country_code: the two letters of the country it is dialled in, for numbers written the national way

    >>> phone_key("138 1234 5678", "CN"), phone_key("+86-13812345678"), phone_key("0086 138-1234-5678", "DE")
    ('8613812345678', '8613812345678', '8613812345678')
    >>> phone_key("030 / 901820", "DE"), phone_key("+49 (0)30 901820")
    ('4930901820', '4930901820')
    >>> phone_key("(212) 555-0100", "US"), phone_key("1-212-555-0100", "US"), phone_key("18412345678-1234", "CN")
    ('12125550100', '12125550100', '86184123456781234')
    >>> phone_key("no phone 🙂", "DE"), phone_key("0000000", "DE"), phone_key(None), phone_key("110", "CN")
    ('', '', '', '')
    """
    text = re.sub(r"\(0\)", "", ascii_digits(text)[:200]).strip()
    found = _PRIVACY.search(text)
    extension = ""
    if found:
        text, extension = found.groups()
    elif found := _EXTENSION.search(text):
        text, extension = text[: found.start()], found.group(1)
    digits = re.sub(r"\D", "", text)
    if len(digits) < _SHORTEST or len(set(digits)) == 1:
        return ""
    return _international(text, digits, (country_code or "").upper()) + extension


def _international(text, digits, country):
    home = DIAL_CODES.get(country, "")
    if re.match(r"\D*\+", text):
        return _split_dial(digits)
    if digits.startswith("00"):
        return _split_dial(digits.lstrip("0"))
    if home == "1" and digits.startswith("011"):
        return _split_dial(digits[3:])
    if not home:
        return digits
    rest = digits.removeprefix(home)
    if rest != digits and _is_whole(home, rest):
        return home + _without_trunk(home, rest)
    return home + _without_trunk(home, digits)


def _is_whole(home, rest):
    """Whether `rest`, found behind the dial code, is a whole number of its own."""
    if home == "86":
        return bool(re.fullmatch(r"1[3-9]\d{9}|0?[1-9]\d{8,10}", rest))
    if home in _NATIONAL:
        return len(rest) == _NATIONAL[home]
    return home not in _TRUNKLESS and len(rest) >= 8


def _split_dial(digits):
    for dial in _BY_LENGTH:
        if digits.startswith(dial):
            return dial + _without_trunk(dial, digits[len(dial) :])
    return digits


def _without_trunk(dial, number):
    if dial == "52" and len(number) == 11 and number[0] == "1":  # Mexican mobiles carried a 1 until 2019
        return number[1:]
    if dial in _NATIONAL and dial in ("1", "7") and len(number) <= _NATIONAL[dial]:
        return number
    if dial == "39" or (dial in _TRUNKLESS and dial not in ("30", "52")):  # Italy's zero is part of the number
        return number
    trunk = _TRUNKS.get(dial, "0")
    return number[len(trunk) :] if number.startswith(trunk) and len(number) > len(trunk) + 3 else number


# ----------------------------------------------------------------------
# Addresses
# ----------------------------------------------------------------------

_PROVINCES = """
北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南
陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门
"""
PROVINCES = _PROVINCES.split()
_PROVINCE = re.compile(
    rf"^(?:{'|'.join(PROVINCES)})(?:维吾尔自治区|壮族自治区|回族自治区|特别行政区|自治区|省|市)?"
)
_CHINESE_CITY = re.compile(r"^([^省市区县旗号路街]{2,12}?(?:市|自治州|地区|盟))")
_CHINESE = ("CN", "HK", "MO", "TW")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_UMLAUT_COUNTRIES = ("DE", "AT", "CH", "LI")
_WORDS = {
    "street": "st", "saint": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln",
    "boulevard": "blvd", "bd": "blvd", "court": "ct", "square": "sq", "place": "pl", "highway": "hwy",
    "parkway": "pkwy", "terrace": "ter", "north": "n", "south": "s", "east": "e", "west": "w", "calle": "c",
    "strasse": "str", "platz": "pl",
}  # fmt: skip
_UNIT_WORDS = frozenset(
    {"apt", "apartment", "unit", "suite", "ste", "flat", "appt", "no", "nr", "num", "number", "zimmer", "room", "rm"}
)
_LONGEST = 120


def plain_text(text, country_code=""):
    """Compatibility forms, case and accents folded; letters of every script stay.

    >>> plain_text("Łódź, Ｓｔｒａßｅ"), plain_text("Münster", "DE"), plain_text("が")
    ('łodz, strasse', 'muenster', 'が')
    """
    text = unicodedata.normalize("NFC", ascii_digits(text).casefold())
    if country_code in _UMLAUT_COUNTRIES:
        text = text.translate(_UMLAUTS)
    text = "".join(char for char in unicodedata.normalize("NFD", text) if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", text)


def address_key(address):
    """One text for a place, however it is spelled; "" when the street is missing.

    :param dict address: street, street2, district, city, zip, state (name), country (two letters); any may be missing

    >>> one = {"street": "Hauptstraße 5", "zip": "10115", "city": "Berlin", "country": "DE"}
    >>> address_key(one), address_key({**one, "street": "HAUPTSTR. 5", "city": "berlin "}) == address_key(one)
    ('DE|10115|hauptstr5', True)
    >>> split = {"state": "浙江省", "city": "杭州市", "district": "西湖区", "street": "文三路 123 号", "country": "CN"}
    >>> whole = {"street": "浙江杭州市西湖区文三路123号", "country": "CN", "zip": "310000"}
    >>> address_key(split), address_key(whole) == address_key(split), address_key({"city": "Paris"})
    ('CN|杭州西湖区文三路123号', True, '')
    """
    country = (address.get("country") or "").upper()
    street = " ".join(filter(None, (address.get("street"), address.get("street2"))))
    if not _letters(plain_text(street)):
        return ""
    if country in _CHINESE:
        return _cut(f"{country}|{_chinese_key(address, street)}")
    zip_code = _letters(plain_text(address.get("zip")))
    place = zip_code[:5] if country == "US" else zip_code
    place = place or _letters(plain_text(address.get("city"), country))
    return _cut(f"{country}|{place}|{_street_key(street, country)}")


def _letters(text):
    """Letters and digits only.

    >>> _letters("a-1, 文 🙂")
    'a1文'
    """
    return "".join(char for char in text if char.isalnum() or unicodedata.category(char) in ("Mc", "Mn"))


def _street_key(street, country):
    words = re.findall(r"[^\s,;.:/#()\-–—|]+", plain_text(street, country))
    words = [_WORDS.get(word, word) for word in words if word not in _UNIT_WORDS]
    words = [re.sub(r"(?<=\w)strasse$", "str", word) for word in words]
    return _letters("".join(words)) or _letters(plain_text(street))


def _chinese_key(address, street):
    """City, district and street in one text: provinces are left out, they are written in too many ways."""
    whole = _without_province(_letters(plain_text(street)))
    district = _letters(plain_text(address.get("district")))
    city = _without_province(_letters(plain_text(address.get("city")))).removesuffix("市")
    for part in (district, city):
        if part and not whole.startswith(part):
            found = _CHINESE_CITY.match(whole)
            if not (part == district and found and whole[found.end() :].startswith(part)):
                whole = part + whole
    found = _CHINESE_CITY.match(whole)
    return found.group().removesuffix("市") + whole[found.end() :] if found else whole


def _without_province(text):
    """
    >>> _without_province("浙江杭州市"), _without_province("北京市北京市朝阳区"), _without_province("北京路1号")
    ('杭州市', '朝阳区', '北京路1号')
    """
    while found := _PROVINCE.match(text):
        rest = text[found.end() :]
        if re.match(r"[东西南北中]?[一二三四]?[路街道巷里大]", rest):  # a street named after a province
            break
        text = rest
    return text


def _cut(key):
    """An index cannot hold a text of any length: the end of a long one becomes its fingerprint."""
    if len(key) <= _LONGEST:
        return key
    return f"{key[:80]}#{hashlib.sha256(key.encode()).hexdigest()[:24]}"


# ----------------------------------------------------------------------
# E-mail
# ----------------------------------------------------------------------

_MAIL = re.compile(r"([^\s<>,;:\"'()@]+)@([^\s<>,;:\"'()@]+\.[^\s<>,;:\"'()@]+)")


def email_key(text):
    """The mailbox behind an address: no case, no "+tag", no dots at Google; "" when there is none.

    >>> email_key("Anna <Anna.Weber+shop@GoogleMail.com>"), email_key("a.b@Example.org."), email_key("nobody")
    ('annaweber@gmail.com', 'a.b@example.org', '')
    """
    found = _MAIL.search(unicodedata.normalize("NFKC", text or "")[:500].casefold())
    if not found:
        return ""
    local, domain = found.group(1).split("+")[0] or found.group(1), found.group(2).rstrip(".")
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", "") or local, "gmail.com"
    return _cut(f"{local}@{domain}")
