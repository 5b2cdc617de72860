"""The name of a carrier as people write it, and the one code it stands for."""

import re
import unicodedata

# code: (name in English, name in Chinese, other spellings)
CARRIERS = {
    "sf": ("SF Express", "顺丰速运", ("sf", "顺丰", "顺丰快递", "shunfeng", "sfexpress", "顺丰标快", "顺丰特快")),
    "yto": ("YTO Express", "圆通速递", ("yto", "圆通", "圆通快递", "yuantong")),
    "zto": ("ZTO Express", "中通快递", ("zto", "中通", "zhongtong", "中通速递")),
    "sto": ("STO Express", "申通快递", ("sto", "申通", "shentong")),
    "yunda": ("Yunda Express", "韵达快递", ("yd", "yunda", "韵达", "韵达速递")),
    "jt": ("J&T Express", "极兔速递", ("jt", "jnt", "jtexpress", "极兔", "极兔快递", "jitu")),
    "best": ("Best Express", "百世快递", ("best", "百世", "百世汇通", "汇通", "huitong")),
    "jd": ("JD Logistics", "京东物流", ("jd", "京东", "京东快递", "jdl", "jingdong")),
    "ems": ("EMS", "邮政特快专递", ("ems", "邮政ems", "中国邮政ems", "特快专递")),
    "chinapost": ("China Post", "中国邮政", ("chinapost", "邮政", "邮政包裹", "邮政快递", "邮政快递包裹", "邮政小包")),
    "deppon": ("Deppon", "德邦快递", ("deppon", "德邦", "德邦物流", "debang")),
    "danniao": ("Danniao", "丹鸟快递", ("danniao", "丹鸟", "丹鸟物流", "菜鸟直送", "菜鸟速递")),
    "cainiao": ("Cainiao", "菜鸟", ("cainiao", "菜鸟物流", "aliexpressstandardshipping", "菜鸟国际")),
    "yanwen": ("Yanwen", "燕文物流", ("yanwen", "燕文")),
    "yunexpress": ("YunExpress", "云途物流", ("yunexpress", "云途", "yuntu", "yt云途")),
    "4px": ("4PX", "递四方", ("4px", "递四方速递", "fourpx")),
    "sfi": ("SF International", "顺丰国际", ("sfinternational", "顺丰国际小包")),
    "cne": ("CNE Express", "递一国际", ("cne", "cneexpress", "国际快递cne")),
    "sunyou": ("SunYou", "顺友物流", ("sunyou", "顺友")),
    "dhl": ("DHL", "敦豪", ("dhl", "dhlexpress", "dhlpaket", "dhlparcel", "dhlecommerce", "中外运敦豪", "敦豪快递")),
    "deutschepost": ("Deutsche Post", "德国邮政", ("deutschepost", "warenpost")),
    "ups": ("UPS", "联合包裹", ("ups", "unitedparcelservice")),
    "fedex": ("FedEx", "联邦快递", ("fedex", "federalexpress", "联邦", "fedexexpress")),
    "tnt": ("TNT", "天地快运", ("tnt", "tntexpress")),
    "usps": ("USPS", "美国邮政", ("usps", "uspostalservice")),
    "gls": ("GLS", "GLS", ("gls", "glsgermany")),
    "dpd": ("DPD", "DPD", ("dpd", "dpdgroup")),
    "hermes": ("Hermes", "Hermes", ("hermes", "evri", "myhermes", "hermesgermany")),
    "royalmail": ("Royal Mail", "英国皇家邮政", ("royalmail", "皇家邮政")),
    "laposte": ("La Poste", "法国邮政", ("laposte", "colissimo")),
    "postnl": ("PostNL", "荷兰邮政", ("postnl",)),
    "inpost": ("InPost", "InPost", ("inpost",)),
    "correos": ("Correos", "西班牙邮政", ("correos",)),
    "poste": ("Poste Italiane", "意大利邮政", ("posteitaliane", "poste")),
    "swisspost": ("Swiss Post", "瑞士邮政", ("swisspost", "diepost", "postch")),
    "post_at": ("Austrian Post", "奥地利邮政", ("austrianpost", "oesterreichischepost", "postat")),
}  # fmt: skip


def _plain(name):
    text = unicodedata.normalize("NFKC", name or "").casefold()
    for mark, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(mark, letters)
    text = re.sub(r"\([^)]*\)|（[^）]*）", "", text)
    text = re.sub(r"[\W_]+", "", text)
    return re.sub(r"(?<=.)(股份|有限公司|公司)+$", "", text)


KNOWN = {
    _plain(word): code for code, (english, chinese, others) in CARRIERS.items() for word in (english, chinese, *others)
}


def code_of(name):
    """The code of a carrier; '' for one nobody here knows.

    >>> [code_of(name) for name in ("顺丰", "圆通速递", "SF", "DHL Express", "dhl-paket", "J&T", "Bote")]
    ['sf', 'yto', 'sf', 'dhl', 'dhl', 'jt', '']
    >>> code_of("顺丰速运（上海）")
    'sf'
    """
    return KNOWN.get(_plain(name), "")


def name_of(code, lang="en_US"):
    """The name people know a carrier by, in Chinese or English.

    >>> name_of("sf"), name_of("sf", "zh_CN"), name_of("nobody")
    ('SF Express', '顺丰速运', '')
    """
    names = CARRIERS.get(code)
    return names[bool(lang.startswith("zh"))] if names else ""
