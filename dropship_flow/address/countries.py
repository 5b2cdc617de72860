"""What is known about the postal habits of countries: names in their own words, zip patterns, what is needed."""

import re

_NAMES = """
DE:germany,deutschland,allemagne,alemania,德国 AT:austria,österreich,autriche,奥地利
CH:switzerland,schweiz,suisse,svizzera,瑞士 FR:france,frankreich,francia,法国
GB:uk,united_kingdom,great_britain,england,scotland,wales,northern_ireland,großbritannien,vereinigtes_königreich,英国
US:usa,us,united_states,united_states_of_america,u.s.a.,vereinigte_staaten,美国 CA:canada,kanada,加拿大
AU:australia,australien,澳大利亚 NZ:new_zealand,新西兰 IE:ireland,irland,éire,爱尔兰
NL:netherlands,the_netherlands,nederland,niederlande,holland,荷兰 BE:belgium,belgië,belgique,belgien,比利时
LU:luxembourg,luxemburg,卢森堡 IT:italy,italia,italien,italie,意大利 ES:spain,españa,spanien,espagne,西班牙
PT:portugal,葡萄牙 DK:denmark,danmark,dänemark,丹麦 SE:sweden,sverige,schweden,瑞典 NO:norway,norge,norwegen,挪威
FI:finland,suomi,finnland,芬兰 PL:poland,polska,polen,波兰 CZ:czechia,czech_republic,česko,tschechien,捷克
SK:slovakia,slovensko,slowakei HU:hungary,magyarország,ungarn,匈牙利 RO:romania,românia,rumänien,罗马尼亚
BG:bulgaria,българия,bulgarien GR:greece,ελλάδα,griechenland,希腊 HR:croatia,hrvatska,kroatien
SI:slovenia,slovenija,slowenien EE:estonia,eesti,estland LV:latvia,latvija,lettland LT:lithuania,lietuva,litauen
MT:malta CY:cyprus UA:ukraine,україна,乌克兰 RU:russia,russian_federation,россия,russland,俄罗斯
TR:turkey,türkiye,türkei,土耳其 IL:israel,ישראל,以色列
CN:china,prc,p.r.china,p.r._china,pr_china,volksrepublik_china,中国,中国大陆,中华人民共和国,chine
HK:hong_kong,hongkong,香港,中国香港 MO:macau,macao TW:taiwan,台湾,臺灣,中国台湾 JP:japan,日本
KR:south_korea,korea,republic_of_korea,südkorea,대한민국,한국,韩国 SG:singapore,singapur,新加坡
MY:malaysia,马来西亚 TH:thailand,ประเทศไทย,泰国 VN:vietnam,viet_nam,việt_nam,越南 PH:philippines,philippinen,菲律宾
ID:indonesia,indonesien,印度尼西亚,印尼 KH:cambodia,kambodscha,柬埔寨 IN:india,indien,印度 PK:pakistan,巴基斯坦
BD:bangladesh,bangladesch,孟加拉国 AE:united_arab_emirates,uae,الإمارات,阿联酋 SA:saudi_arabia,السعودية,沙特阿拉伯
BR:brazil,brasil,brasilien,巴西 MX:mexico,méxico,mexiko,墨西哥 AR:argentina,argentinien CL:chile CO:colombia
PE:peru,perú ZA:south_africa,südafrika,南非 EG:egypt,مصر NG:nigeria KE:kenya MA:morocco,maroc,marokko,摩洛哥
IS:iceland,ísland LI:liechtenstein MC:monaco
"""
NAMES = {
    name.replace("_", " ").casefold(): country
    for country, names in (entry.split(":") for entry in _NAMES.split())
    for name in names.split(",")
}

# Zip codes as the post writes them; countries that are not listed are not judged.
_PATTERNS = r"""
4: AT AU BE BG CH CY DK GE HU LI LU LV MD NO NZ PH SI TN ZA BD AL AM MK
5: DE ES FR IT FI EE HR TR UA MX MY TH ID KR SA MA MC SM VA RS ME BA EG IL KW KE PK JO LT LK CU DO
5: CR GT MM NP VN HN UY DZ
6: CN RU IN SG RO BY KZ KG TJ TM UZ CO EC VN NG MN
"""
ZIPS = {}
for _line in _PATTERNS.strip().split("\n"):
    _length, _countries = _line.split(":")
    for _country in _countries.split():
        ZIPS[_country] = rf"\d{{{_length}}}" if _country not in ZIPS else rf"(?:{ZIPS[_country]}|\d{{{_length}}})"
ZIPS |= {
    "US": r"\d{5}(?:-\d{4})?",
    "PR": r"\d{5}(?:-\d{4})?",
    "CA": r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d",
    "GB": r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})",
    "IE": r"(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}",
    "NL": r"[1-9]\d{3} ?[A-Z]{2}",
    "PL": r"\d{2}-?\d{3}",
    "PT": r"\d{4}-?\d{3}",
    "CZ": r"\d{3} ?\d{2}",
    "SK": r"\d{3} ?\d{2}",
    "SE": r"\d{3} ?\d{2}",
    "GR": r"\d{3} ?\d{2}",
    "JP": r"\d{3}-?\d{4}",
    "BR": r"\d{5}-?\d{3}",
    "TW": r"\d{3}(?:-?\d{2,3})?",
    "IL": r"\d{5}(?:\d{2})?",
    "IR": r"\d{10}",
    "CL": r"\d{7}",
    "AR": r"(?:[A-Z]?\d{4}(?:[A-Z]{3})?)",
    "MT": r"[A-Z]{3} ?\d{2,4}",
    "LV": r"(?:LV-)?\d{4}",
    "LT": r"(?:LT-)?\d{5}",
    "LU": r"(?:L-)?\d{4}",
    "SI": r"(?:SI-)?\d{4}",
    "IS": r"\d{3}",
    "FO": r"\d{3}",
    "AD": r"AD\d{3}",
    "MD": r"(?:MD-?)?\d{4}",
    "AZ": r"(?:AZ ?)?\d{4}",
    "PE": r"\d{5}",
    "SA": r"\d{5}(?:-\d{4})?",
}
COMPILED = {country: re.compile(pattern, re.IGNORECASE) for country, pattern in ZIPS.items()}
# The post works there without zip codes, or people do not know theirs.
_NO_ZIP = """
AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM CN DJ DM ER FJ GA GD GH GM GN GQ GY HK IE JM KI KM KN KP LC ML MO
MR MW NR NU PA QA RW SB SC SL SO SR ST SY TD TG TK TL TO TT TV TZ UG VU WS YE ZW TW CO PE CL LY AF BH IQ KE NG SA SV VN
"""
NO_ZIP = frozenset(_NO_ZIP.split())
NO_CITY = frozenset({"SG", "HK", "MO", "MC", "VA", "GI"})
STATE_NEEDED = frozenset({"CN", "US", "CA", "AU", "BR", "MX", "IN", "JP", "MY"})
# Couriers there do not deliver without a number to call.
PHONE_NEEDED = frozenset(
    {"CN", "HK", "MO", "TW", "AE", "SA", "IN", "BR", "MX", "TH", "VN", "ID", "PH", "MY", "SG", "RU", "UA"}
)
NUMBER_NEEDED = frozenset({"DE", "AT", "NL", "BE", "DK", "SE", "FI", "PL", "CZ", "SK", "HU", "IT", "US", "CN"})

_STATES = """
US: AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR
US: PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP AA AE AP
CA: AB BC MB NB NL NS NT NU ON PE QC SK YT
AU: ACT NSW NT QLD SA TAS VIC WA
BR: AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO
"""
STATES = {}
for _line in _STATES.strip().split("\n"):
    _country, _states = _line.split(":")
    STATES[_country] = STATES.get(_country, frozenset()) | frozenset(_states.split())


def country_of(text, names=None):
    """The country a text is the name of, alone; "" when it is none.

    :param dict names: further names, lower case: two letters (the database's, in the reader's language)

    >>> country_of("Deutschland"), country_of(" u.s.a. "), country_of("中国"), country_of("GROSSBRITANNIEN")
    ('DE', 'US', 'CN', 'GB')
    >>> country_of("Großbritannien"), country_of("Weber")
    ('GB', '')
    """
    text = re.sub(r"\s+", " ", text).strip(" .,;")
    folded = text.casefold()
    return NAMES.get(folded) or NAMES.get(f"{folded}.") or (names or {}).get(text.lower(), "")


def zip_fits(zip_code, country):
    """Whether a zip code looks like one of the country; None when nothing is known about it.

    >>> zip_fits("10115", "DE"), zip_fits("1011", "DE"), zip_fits("sw1a 2aa", "GB"), zip_fits("x", "AE")
    (True, False, True, None)
    """
    pattern = COMPILED.get(country)
    if not pattern:
        return None
    text = re.sub(rf"^{country}[- ]|^[A-Z]{{1,2}}-(?=\d)", "", zip_code.strip().upper())
    return bool(pattern.fullmatch(text) or pattern.fullmatch(zip_code.strip()))
