"""Chinese addresses: province, city and district in front of the street, with or without their suffixes."""

import re

# Province: the code of Odoo's state, its full name, and its cities of prefecture level, without their suffixes.
_TABLE = """\
北京|京|北京市|北京
天津|津|天津市|天津
上海|沪|上海市|上海
重庆|渝|重庆市|重庆
河北|冀|河北省|石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水
山西|晋|山西省|太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁
内蒙古|蒙|内蒙古自治区|呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善
辽宁|辽|辽宁省|沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛
吉林|吉|吉林省|长春 吉林 四平 辽源 通化 白山 松原 白城 延边
黑龙江|黑|黑龙江省|哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭
江苏|苏|江苏省|南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁
浙江|浙|浙江省|杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水
安徽|皖|安徽省|合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城
福建|闽|福建省|福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德
江西|赣|江西省|南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶
山东|鲁|山东省|济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽
河南|豫|河南省|郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源
湖北|鄂|湖北省|武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架
湖南|湘|湖南省|长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西
广东|粤|广东省|广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮
广西|桂|广西壮族自治区|南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左
海南|琼|海南省|海口 三亚 三沙 儋州
四川|蜀|四川省|成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 \
凉山
贵州|黔|贵州省|贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南
云南|云|云南省|昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆
西藏|藏|西藏自治区|拉萨 日喀则 昌都 林芝 山南 那曲 阿里
陕西|陕|陕西省|西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛
甘肃|甘|甘肃省|兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南
青海|青|青海省|西宁 海东 海北 黄南 海南 果洛 玉树 海西
宁夏|宁|宁夏回族自治区|银川 石嘴山 吴忠 固原 中卫
新疆|新|新疆维吾尔自治区|乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰
台湾|台|台湾省|
香港|港|香港特别行政区|
澳门|澳|澳门特别行政区|
"""
_ROWS = [row.split("|") for row in _TABLE.split("\n") if row]
# {short name: (state code, full name)}
PROVINCES = {short: (code, full) for short, code, full, _cities in _ROWS}
MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
# Separate countries in Odoo and for every carrier.
OVERSEAS = {"香港": "HK", "澳门": "MO", "台湾": "TW"}
CITIES = {city: short for short, _code, _full, cities in _ROWS for city in cities.split() if city != short}

_PROVINCE_SUFFIX = "(?:维吾尔自治区|壮族自治区|回族自治区|特别行政区|自治区|省|市)?"
_PROVINCE = re.compile(f"({'|'.join(PROVINCES)}){_PROVINCE_SUFFIX}")
_KNOWN_CITY = re.compile(
    f"({'|'.join(sorted(CITIES, key=len, reverse=True))}|吉林(?=市))([一-龥]{{0,6}}?自治州|地区|林区|市|盟|州)?"
)
_ANY_CITY = re.compile(r"([^\d\s路街号栋室巷区县]{2,8}?(?:自治州|地区|盟|市))")
_FILLER = re.compile(r"(?:市辖区|省直辖县级行政(?:区划|单位)|自治区直辖县级行政(?:区划|单位))")
# First characters may be any; inside a name those of a street do not occur ("乡" does in a few towns).
_DISTRICT = re.compile(
    r"((?:[^\d\s号栋室巷,]乡|[^\d\s号栋室巷,])[^\d\s号栋室巷路街道镇乡村,]{0,10}?"
    r"(?:自治县|自治旗|新区|林区|特区|开发区|区|县|旗|市))"
)
_NOT_DISTRICT = re.compile(r"(?:小区|社区|园区|校区|厂区|库区|片区|[A-Za-z一二三四五六七八九十东西南北]区)$")
_REAL_SHORT = ("东区", "西区", "南区", "北区")
_STREET_SIGN = re.compile(r"[路樓街道巷弄里村镇乡号號栋幢楼座室苑园院厦]|单元|小区|广场|新城")


def find_province(text):
    """The first province in a text: (start, end, short name), or None.

    >>> find_province("寄到浙江省杭州市"), find_province("Main Street")
    ((2, 5, '浙江'), None)
    """
    for found in _PROVINCE.finditer(text):
        rest = text[found.end() :]
        # "北京路", "南京东路": a street named after a place is not that place
        if found.group(0) == found.group(1) and re.match(r"[东西南北中]?[一二三四]?(?:路|街|大道|大街|巷)", rest):
            continue
        return found.start(), found.end(), found.group(1)
    return None


def find_start(text):
    """Where an address begins in a text: at its province, a known city, or "…市…区"; -1 when it does not.

    >>> find_start("张三 杭州西湖区"), find_start("张三 义乌市稠城街道"), find_start("hello")
    (3, 3, -1)
    """
    province = find_province(text)
    starts = [province[0]] if province else []
    for found in _KNOWN_CITY.finditer(text):
        if not re.match(r"[东西南北中]?[一二三四]?(?:路|街|大道|大街|巷)", text[found.end() :]):
            starts.append(found.start())
            break
    if not starts and (found := re.search(r"[一-龥]{2,6}?[市县区](?=[一-龥]{2})", text)):
        starts.append(found.start())
    return min(starts, default=-1)


def split(text):
    """Divide an address that begins with its province or city.

    :return: dict with province (short), state (Odoo code), state_name, city, district, rest, and country

    >>> [split("浙江省杭州市西湖区文三路123号")[part] for part in ("state", "city", "district", "rest")]
    ['浙', '杭州市', '西湖区', '文三路123号']
    >>> [split("北京市市辖区朝阳区建国路88号")[part] for part in ("state_name", "city", "district", "rest")]
    ['北京市', '北京市', '朝阳区', '建国路88号']
    >>> [split("新疆伊犁哈萨克自治州伊宁市解放路1号")[part] for part in ("state", "city", "district")]
    ['新', '伊犁哈萨克自治州', '伊宁市']
    >>> [split("杭州滨江区江南大道 1 号")[part] for part in ("state_name", "city", "district")]
    ['浙江省', '杭州市', '滨江区']
    """
    rest, province, city = text.strip(), "", ""
    while (found := _PROVINCE.match(rest)) and province in ("", found.group(1)) and find_province(rest):
        if found.group(1) in ("吉林",) and rest.startswith("吉林市"):
            break
        province, rest = found.group(1), rest[found.end() :].lstrip(" ,、-/")
    rest = _FILLER.sub("", rest, count=1) if _FILLER.match(rest) else rest
    if province in MUNICIPALITIES:
        city = f"{province}市"
    elif province not in OVERSEAS:
        city, rest = _split_city(rest, province)
        if not province:
            bare = re.sub(r"(?:市|地区|盟|[一-龥]{0,6}自治州)$", "", city)
            province = CITIES.get(bare, "")
    rest = _FILLER.sub("", rest, count=1) if _FILLER.match(rest) else rest
    district, rest = _split_district(rest.lstrip(" ,、-/"))
    code, full = PROVINCES.get(province, ("", ""))
    country = OVERSEAS.get(province, "CN")
    if country != "CN":
        code = full = ""
    return {
        "province": province,
        "state": code,
        "state_name": full,
        "city": city or (province if country != "CN" else ""),
        "district": district,
        "rest": rest.lstrip(" ,、-/"),
        "country": country,
    }


def _split_city(text, province):
    found = _KNOWN_CITY.match(text)
    if found and (not province or CITIES.get(found.group(1), province) == province):
        suffix = found.group(2) or ("市" if len(found.group(1)) < 4 or found.group(1) in CITIES else "")
        # "朝阳区" is a district of Beijing before it is the town in Liaoning
        if not (found.group(2) is None and text[found.end() : found.end() + 1] in ("区", "县")):
            return found.group(1) + suffix, text[found.end() :].lstrip(" ,、-/")
    found = _ANY_CITY.match(text)
    if found and not _STREET_SIGN.search(re.sub(r"景德镇|新乡|萍乡|^[一-龥]乡", "", found.group(1))):
        return found.group(1), text[found.end() :].lstrip(" ,、-/")
    return "", text


def _split_district(text):
    found = _DISTRICT.match(text)
    if not found:
        return "", text
    name = found.group(1)
    if _NOT_DISTRICT.search(name) and name not in _REAL_SHORT and not re.search(r"[城郊湖山江河]区$", name):
        tail = name[:-1]
        if len(name) > 3 or re.search(r"(?:小|社|园|校|厂|库|片)$", tail) or tail.isascii():
            return "", text
    return name, text[found.end() :].lstrip(" ,、-/")


def looks_like_street(text):
    """
    >>> looks_like_street("文三路123号"), looks_like_street("张三")
    (True, False)
    """
    return bool(_STREET_SIGN.search(text))


SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦"
    "張劉陳楊黃趙吳孫馬羅鄭謝韓馮鄧許蕭葉蘇盧鍾譚陸賈鄒邱賴簡"
    "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤施俞章鲁葛毕聂樊凌童欧岳庞翟牛柯温季骆耿关焦柳祝纪喻甘辛管齐尤房文安常庄涂娄裴包洪"
)


def looks_like_name(text):
    """Whether a few characters are a person's name: two to four with a usual surname, or with the dot of a long one.

    >>> looks_like_name("张三"), looks_like_name("买买提·艾力"), looks_like_name("西湖区"), looks_like_name("欧阳娜娜")
    (True, True, False, True)
    """
    text = re.sub(r"(?:先生|女士|小姐|同学|老师|收)$", "", text)
    if re.fullmatch(r"[一-龥]{1,10}[·•‧][一-龥·•‧]{1,12}", text):
        return True
    if not re.fullmatch(r"[一-龥]{1,4}", text):
        return False
    return text[0] in SURNAMES and not re.search(r"[市区县省镇乡村路街]$", text[1:])
