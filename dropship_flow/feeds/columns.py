"""Which column is what, by the words suppliers write above them and by what stands below."""

import re
import unicodedata

# In the order in which columns are given away: the surest words first.
ROLES = ("sku", "barcode", "name", "price", "stock", "weight", "moq", "pack", "retail", "currency")

# Words as `plain` leaves them. A word of three letters or less must be the whole header.
WORDS = {
    "sku": (
        "sku", "skuid", "itemno", "itemnumber", "itemcode", "articleno", "articlenumber", "code", "productcode",
        "partno", "partnumber", "model", "modelno", "ref", "reference", "productid", "artikelnr", "artikelnummer",
        "artnr", "bestellnr", "bestellnummer", "materialnummer", "货号", "商品编码", "商家编码", "编码",
        "产品编号", "商品编号", "编号", "型号", "款号", "规格编码", "物料编码",
    ),
    "barcode": (
        "barcode", "ean", "ean13", "eancode", "gtin", "upc", "upccode", "strichcode", "条码", "条形码", "商品条码",
        "国际条码", "69码",
    ),
    "name": (
        "name", "productname", "product", "title", "itemname", "description", "item", "article", "artikel",
        "bezeichnung", "artikelbezeichnung", "produktname", "produkt", "beschreibung", "品名", "名称", "商品名称",
        "产品名称", "商品", "产品", "商品标题", "标题", "产品名",
    ),
    "price": (
        "price", "unitprice", "netprice", "cost", "costprice", "wholesaleprice", "dropshipprice", "purchaseprice",
        "dealerprice", "yourprice", "preis", "einzelpreis", "nettopreis", "ek", "ekpreis", "einkaufspreis", "hek",
        "vkpreisnetto", "haendlerpreis", "价格", "单价", "供货价", "代发价", "一件代发价", "批发价", "进价", "成本价",
        "采购价", "拿货价", "代发价格", "供价", "含税单价", "出厂价",
    ),
    "stock": (
        "stock", "qty", "quantity", "inventory", "available", "availability", "onhand", "qtyavailable", "stockquantity",
        "stocklevel", "instock", "bestand", "lagerbestand", "lager", "menge", "verfuegbar", "verfuegbarkeit", "库存",
        "库存数量", "数量", "可用库存", "可售库存", "现货", "库存量",
    ),
    "weight": (
        "weight", "grossweight", "netweight", "weightkg", "weightg", "gewicht", "bruttogewicht", "gewichtkg",
        "gewichtg", "重量", "毛重", "净重", "单重", "重量kg", "重量g", "重量克", "包装重量",
    ),
    "moq": (
        "moq", "minimum", "minimumquantity", "minqty", "minorder", "minimumorder", "minimumorderquantity",
        "mindestmenge", "mindestbestellmenge", "mindestabnahme", "起订量", "最小起订量", "起批量", "起订",
    ),
    "pack": (
        "pack", "packsize", "packqty", "packof", "pcspercarton", "ve", "verpackungseinheit", "packungsgroesse",
        "装箱数", "箱规", "每箱数量", "装箱量", "包装数量",
    ),
    "retail": (
        "rrp", "msrp", "srp", "uvp", "retailprice", "listprice", "suggestedprice", "recommendedprice",
        "recommendedretailprice", "suggestedretailprice", "listenpreis", "vk", "vkpreis", "ladenpreis", "零售价",
        "建议零售价", "市场价", "建议售价", "吊牌价", "售价", "标价",
    ),
    "currency": ("currency", "curr", "waehrung", "币种", "货币", "币别"),
}  # fmt: skip
KNOWN = {word: role for role, words in WORDS.items() for word in words}


def plain(header):
    """A header as the word lists have it: one spelling, no spaces, marks, units in brackets or currency.

    >>> plain(" Unit-Price (EUR) "), plain("Verfügbar"), plain("重量（克）"), plain("EK-Preis €")
    ('unitprice', 'verfuegbar', '重量', 'ekpreis')
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    for mark, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(mark, letters)
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", text)
    text = re.sub(r"\b(eur|usd|rmb|cny|gbp|kg)\b|元$", "", text)
    return re.sub(r"[\W_]+", "", text)


def role_of(header):
    """(role, how sure 0 to 1) of one header text.

    >>> role_of("Unit price (USD)"), role_of("供货价(元)"), role_of("Lagerbestand"), role_of("Colour")
    (('price', 1.0), ('price', 1.0), ('stock', 1.0), (None, 0.0))
    >>> role_of("Supplier item code"), role_of("建议零售价（参考）")
    (('sku', 0.7), ('retail', 1.0))
    """
    word = plain(header)
    if not word or len(word) > 40:
        return None, 0.0
    if word in KNOWN:
        return KNOWN[word], 1.0
    # The longest known word inside; Chinese words are short and still say it all.
    inside = [known for known in KNOWN if known in word and (len(known) > 3 or not known.isascii())]
    if not inside:
        return None, 0.0
    best = max(inside, key=lambda known: (len(known), word.endswith(known)))
    return KNOWN[best], 0.7 if best.isascii() else 0.8


def header_score(cells):
    """How many different things a row of a file names: two or more make it the header.

    >>> header_score(("货号", "品名", "供货价")), header_score(("A-1", "Lamp", "12.50"))
    (3, 0)
    """
    # A long text or a row of numbers names nothing.
    return len({role for cell in cells if cell and len(cell) <= 40 for role in [role_of(cell)[0]] if role})


def guess_columns(table):
    """Which column plays which role.

    :return: {role: column index}; a role nothing speaks for is left out
    """
    if not table.header:
        return _by_content(table)
    found = {}
    for index, cell in enumerate(table.header):
        role, sure = role_of(cell)
        if not role:
            continue
        filled = sum(1 for _line, cells in table.rows[:50] if index < len(cells) and cells[index])
        score = (sure, min(filled, 10), -index)
        if role not in found or score > found[role][0]:
            found[role] = (score, index)
    return {role: found[role][1] for role in ROLES if role in found}


def _by_content(table):
    """Without a header: the barcode by its digits, the name by its length, the price by its fraction."""
    sample = [cells for _line, cells in table.rows[:50]]
    columns = {
        index: [cells[index] for cells in sample if index < len(cells) and cells[index]] for index in range(table.width)
    }
    columns = {index: values for index, values in columns.items() if values}
    roles = {}

    def take(role, fits, best=None):
        left = {index: values for index, values in columns.items() if index not in roles.values()}
        fitting = [index for index, values in left.items() if sum(map(fits, values)) >= 0.8 * len(values)]
        if fitting:
            roles[role] = best(fitting) if best else fitting[0]

    take("barcode", lambda text: bool(re.fullmatch(r"\d{8}|\d{12,14}", text)))
    take("price", lambda text: bool(re.fullmatch(r"[^\d\w]*\s?\d[\d.,\s]*[.,]\d{1,4}\s?\D{0,4}", text)))
    take("stock", lambda text: bool(re.fullmatch(r">?\s?\d{1,6}\+?", text)))
    take(
        "name",
        lambda text: not text.replace(".", "").isdigit(),
        lambda fitting: max(fitting, key=lambda index: sum(map(len, columns[index])) / len(columns[index])),
    )
    take("sku", lambda text: len(text) <= 40 and " " not in text)
    return roles
