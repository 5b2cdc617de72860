"""Countries as price lists write them."""

import re

NAMES = {
    "CN": ("china", "prc", "p.r.china", "volksrepublik china", "中国", "中国大陆"),
    "HK": ("hong kong", "hongkong", "香港", "中国香港"),
    "TW": ("taiwan", "台湾", "中国台湾"),
    "DE": ("germany", "deutschland", "德国"),
    "US": ("usa", "united states", "united states of america", "u.s.a.", "vereinigte staaten", "美国"),
    "GB": ("uk", "united kingdom", "great britain", "england", "großbritannien", "vereinigtes königreich", "英国"),
    "FR": ("france", "frankreich", "法国"),
    "IT": ("italy", "italien", "italia", "意大利"),
    "ES": ("spain", "spanien", "españa", "西班牙"),
    "PT": ("portugal", "葡萄牙"),
    "PL": ("poland", "polen", "polska", "波兰"),
    "NL": ("netherlands", "the netherlands", "niederlande", "holland", "荷兰"),
    "BE": ("belgium", "belgien", "比利时"),
    "AT": ("austria", "österreich", "奥地利"),
    "CH": ("switzerland", "schweiz", "瑞士"),
    "CZ": ("czech republic", "czechia", "tschechien", "捷克"),
    "SE": ("sweden", "schweden", "瑞典"),
    "DK": ("denmark", "dänemark", "丹麦"),
    "TR": ("turkey", "türkiye", "türkei", "土耳其"),
    "IN": ("india", "indien", "印度"),
    "BD": ("bangladesh", "bangladesch", "孟加拉国"),
    "PK": ("pakistan", "巴基斯坦"),
    "VN": ("vietnam", "viet nam", "越南"),
    "TH": ("thailand", "泰国"),
    "MY": ("malaysia", "马来西亚"),
    "ID": ("indonesia", "indonesien", "印度尼西亚", "印尼"),
    "KH": ("cambodia", "kambodscha", "柬埔寨"),
    "PH": ("philippines", "philippinen", "菲律宾"),
    "JP": ("japan", "日本"),
    "KR": ("korea", "south korea", "republic of korea", "südkorea", "韩国"),
    "MX": ("mexico", "mexiko", "墨西哥"),
    "CA": ("canada", "kanada", "加拿大"),
    "BR": ("brazil", "brasilien", "巴西"),
    "AU": ("australia", "australien", "澳大利亚"),
    "RU": ("russia", "russland", "俄罗斯"),
    "UA": ("ukraine", "乌克兰"),
    "RO": ("romania", "rumänien", "罗马尼亚"),
    "HU": ("hungary", "ungarn", "匈牙利"),
    "MA": ("morocco", "marokko", "摩洛哥"),
    "ZA": ("south africa", "südafrika", "南非"),
}
KNOWN = {name: code for code, names in NAMES.items() for name in names}


def country_of(text):
    """ISO code of a country written as code or name, '' if it is none.

    >>> country_of("cn"), country_of("Made in China"), country_of("德国"), country_of("Atlantis")
    ('CN', 'CN', 'DE', '')
    """
    word = re.sub(r"^(made in|hergestellt in|product of|origin:?)\s+|制造$|生产$", "", text.strip().casefold())
    if re.fullmatch("[a-z]{2}", word):
        return {"uk": "GB", "el": "GR"}.get(word, word.upper())
    return KNOWN.get(word, "")
