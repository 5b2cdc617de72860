"""Which field of an offer a column, an element or a key means, by the words of suppliers."""

import re

from .columns import plain, role_of

# Words as `columns.plain` leaves them; they come before those of price lists.
WORDS = {
    "sku": (
        "vendorsku", "suppliersku", "itemid", "suppliercode", "supplieraid", "offerid", "variantsku", "商品货号",
    ),
    "barcode": (
        "barcodes", "upcean", "eanupc", "gtin13", "gtin14", "internationalpid",
    ),
    "name": (
        "descriptionshort", "kurzbeschreibung", "shortdescription", "producttitle", "productnamede", "bodytitle",
    ),
    "description": (
        "description", "longdescription", "descriptionlong", "productdescription", "bodyhtml", "body", "details",
        "beschreibung", "langtext", "produktbeschreibung", "langbeschreibung", "content", "描述", "商品描述",
        "产品描述", "详情", "商品详情", "简介",
    ),
    "brand": (
        "brand", "manufacturer", "vendor", "maker", "marke", "hersteller", "herstellername", "brandname", "品牌",
        "厂家", "生产商", "manufacturername",
    ),
    "category": (
        "category", "categories", "categorypath", "producttype", "productcategory", "googleproductcategory",
        "department", "kategorie", "warengruppe", "sortiment", "类目", "分类", "类别", "商品分类", "品类",
        "产品分类",
    ),
    "group_code": (
        "itemgroupid", "groupid", "parentsku", "parentid", "parent", "parentcode", "modelgroup", "spu", "spuid",
        "variantgroup", "stammartikel", "handle", "masterid", "款号", "商品spu", "主货号",
    ),
    "image_urls": (
        "image", "images", "imagelink", "additionalimagelink", "imageurl", "imageurls", "imagesrc", "imagessrc",
        "picture", "pictures", "pictureurl", "photo", "photos", "img", "bild", "bilder", "bildurl", "bildlink",
        "mainimage", "图片", "主图", "商品图片", "图片链接", "图片地址", "主图链接",
    ),
    "price": (
        "costofgoodssold", "priceamount", "buyprice", "wholesale", "bulkprice", "dropshippingprice", "nettoek",
        "netcost", "分销价", "结算价",
    ),
    "currency": (
        "currencycode", "pricecurrency", "pricecurrencycode", "waehrungscode", "币种代码",
    ),
    "retail_price": (
        "suggestedretail", "priceretail", "compareatprice", "uvpbrutto", "市场指导价", "划线价",
    ),
    "map_price": (
        "map", "mapprice", "minimumadvertisedprice", "minadvertisedprice", "mindestwerbepreis", "限价", "最低限价",
        "控价", "最低零售价", "管控价",
    ),
    "stock": (
        "availableqty", "availablequantity", "qtyonhand", "quantityonhand", "stockqty", "inventoryquantity",
        "freestock", "stockavailable", "lagermenge", "quantitytosellonfacebook", "现有库存",
    ),
    "next_arrival": (
        "arrival", "nextarrival", "nextarrivaldate", "eta", "restockdate", "availabilitydate", "expecteddate",
        "backinstock", "nextdelivery", "wiederverfuegbarab", "naechsterwareneingang", "lieferbarab", "到货日期",
        "预计到货", "到货时间", "补货日期",
    ),
    "discontinued": (
        "discontinued", "eol", "isdiscontinued", "endoflife", "auslauf", "auslaufartikel", "停产", "是否停产",
        "下架", "是否下架",
    ),
    "lead_days": (
        "lead", "leadtime", "leadtimedays", "leaddays", "handlingtime", "processingtime", "deliverytime",
        "dispatchtime", "shippingtime", "lieferzeit", "lieferzeittage", "bearbeitungszeit", "发货时间", "备货时间",
        "货期", "发货周期", "交期", "备货天数", "发货时效",
    ),
    "factor": (
        "unitsperpack", "contentquantity", "piecesperset", "setquantity", "nocuperou", "unitpricingmeasure",
        "inhalt", "套装数量", "每套数量", "每件数量",
    ),
    "pack": (
        "quantityinterval", "orderinterval", "ordermultiple", "caseqty", "casesize", "multiple", "起订倍数",
        "订货倍数",
    ),
    "moq": (
        "quantitymin", "orderminimum",
    ),
    "weight": (
        "shippingweight", "productweight", "packageweight", "grams", "weightgrams", "versandgewicht", "发货重量",
    ),
    "hs_code": (
        "hscode", "hs", "htscode", "tariffcode", "tariffnumber", "customscode", "customstariffnumber",
        "commoditycode", "zolltarifnummer", "zolltarifnr", "warennummer", "海关编码", "hs编码", "税号", "税则号",
    ),
    "origin": (
        "origin", "countryoforigin", "coo", "madein", "origincountry", "ursprungsland", "herkunftsland",
        "herkunft", "产地", "原产国", "原产地",
    ),
    "date_from": (
        "validfrom", "pricefrom", "startdate", "datefrom", "gueltigab", "gueltigvon", "生效日期", "开始日期",
    ),
    "date_to": (
        "validto", "validuntil", "priceuntil", "enddate", "dateto", "expirydate", "gueltigbis", "失效日期",
        "截止日期", "结束日期", "有效期至",
    ),
    "warehouse": (
        "warehouse", "warehousecode", "location", "locationcode", "lagerort", "lagercode", "仓库", "仓库编码",
        "仓库代码", "发货仓", "发货地",
    ),
}  # fmt: skip
ATTRIBUTES = {
    "colour": ("color", "colour", "farbe", "颜色", "颜色分类"),
    "size": ("size", "groesse", "尺寸", "尺码", "大小"),
    "material": ("material", "材质", "面料"),
    "pattern": ("pattern", "muster", "图案"),
    "style": ("style", "款式"),
    "spec": ("spec", "specification", "variant", "variante", "规格", "规格型号", "option"),
}
KNOWN = {word: target for target, words in WORDS.items() for word in words}
NAMED = {word: name for name, words in ATTRIBUTES.items() for word in words}
ROLE = {"retail": "retail_price"}
LESS_SURE = {"id": ("sku", 0.75), "mpn": ("sku", 0.5), "availability": ("stock", 0.8), "product": ("name", 0.5),
             "googleproductcategory": ("category", 0.6), "manufacturer": ("brand", 0.8), "code": ("sku", 0.8),
             "additionalimagelink": ("image_urls", 0.9), "reference": ("sku", 0.7), "model": ("sku", 0.6),
             "amount": (None, 0.0), "link": (None, 0.0), "url": (None, 0.0), "saleprice": (None, 0.0)}  # fmt: skip
WAREHOUSE = re.compile(
    r"(?:stock|qty|quantity|inventory|bestand|lagerbestand|库存)\s*[\s_\-:(（]\s*([\w ]{1,20}?)\s*[)）]?"
    r"|([\w]{1,10}仓)库?库存",
    re.IGNORECASE,
)
GENERIC = re.compile(
    r"(quantity|qty|level|available|total|status|on ?hand|gesamt|frei|free|数量|总数|pcs|units?|stk|stück|count|date"
    r"|policy|min|max|incoming|value|wert)\b.*|\d",
    re.IGNORECASE,
)
TIER = re.compile(
    r"(?:price|preis|价)\D{0,12}?(\d{1,6})\s*(?:\+|pcs|stk|stück|件|个|起|\))?"
    r"|(\d{1,6})\s*(?:\+|件|个|pcs).*(?:price|价)"
)
PICTURE = re.compile(r"(?:image|img|picture|photo|bild|图片|主图)(?:url|link|src|链接|地址)?\d{0,2}(?:url|link|src)?")


def target_of(source):
    """(target, param, how sure 0 to 1) of a header, a path of elements or of keys.

    >>> target_of("g:image_link"), target_of("Farbe"), target_of("variants.sku")[0], target_of("Lieferzeit (Tage)")
    (('image_urls', '', 1.0), ('attributes', 'colour', 1.0), 'sku', ('lead_days', '', 1.0))
    >>> target_of("Price from 10 pcs"), target_of("qty_EAST"), target_of("offers/offer/@id"), target_of("foo")
    (('price', '10', 0.9), ('stock', 'EAST', 0.9), ('sku', '', 0.65), (None, '', 0.0))
    """
    steps = [step for step in re.split(r"[/.](?=[^\s\d])", source.removeprefix("../")) if step and step != ".."]
    deep = 0.05 * (len(steps) - 1) if len(steps) > 1 else 0
    names = [step.rpartition(":")[2].lstrip("@") if re.match(r"@|[a-z]{1,8}:", step) else step for step in steps]
    for name in [names[-1], "".join(names[-2:]), names[0]] if len(names) > 1 else names or [source]:
        target, param, sure = _named(name)
        if target:
            return target, param, round(sure - deep, 2)
    return None, "", 0.0


def _named(name):
    word = plain(name)
    if word in LESS_SURE:
        target, sure = LESS_SURE[word]
        return target, "", sure
    if word in NAMED:
        return "attributes", NAMED[word], 1.0
    tier = TIER.fullmatch(name.strip().casefold()) or TIER.search(name.casefold())
    if tier and not re.fullmatch(r"(19|20)\d\d", tier[1] or tier[2]):
        return "price", (tier[1] or tier[2]).lstrip("0") or "1", 0.9
    place = WAREHOUSE.fullmatch(name.strip())
    if place and not GENERIC.fullmatch(place[1] or place[2]):
        return "stock", (place[1] or place[2]).strip(), 0.9
    if word in KNOWN:
        return KNOWN[word], "", 1.0
    if PICTURE.fullmatch(word):
        return "image_urls", "", 0.9
    role, sure = role_of(name)
    if role:
        inside = [known for known in KNOWN if len(known) > 5 and known in word] if sure < 1 else []
        if inside:
            return KNOWN[max(inside, key=len)], "", 0.7
        return ROLE.get(role, role), "", sure
    return None, "", 0.0


def header_score(cells):
    """How many different fields a row names: two or more make it the header.

    >>> header_score(("id", "title", "availability")), header_score(("A-1", "Lamp", "12.50"))
    (3, 0)
    """
    return len({target_of(cell)[0] for cell in cells if cell and len(cell) <= 60} - {None})
