"""The words above columns and in them, in English, German and Chinese."""

import re

try:
    from ..feeds.columns import plain
except ImportError:  # the package by itself, without the addon around it
    from feeds.columns import plain

# Words as `feeds.columns.plain` leaves them: no spaces, no marks, nothing in brackets.
WORDS = {
    "number": (
        "billnumber", "billno", "bill", "invoicenumber", "invoiceno", "invoice", "invoiceid", "rechnungsnummer",
        "rechnungsnr", "rechnung", "belegnummer", "账单号", "账单编号", "发票号", "发票号码", "发票编号", "对账单号",
        "结算单号", "单据编号",
    ),
    "date": (
        "billdate", "invoicedate", "date", "rechnungsdatum", "datum", "belegdatum", "账单日期", "开票日期", "发票日期",
        "日期", "出账日期",
    ),
    "due": (
        "duedate", "due", "payby", "faellig", "faelligam", "faelligkeit", "到期日", "付款日期", "付款期限",
        "应付日期",
    ),
    "currency": ("currency", "curr", "waehrung", "币种", "货币", "币别"),
    "supplier_tax": (
        "vatid", "vatnumber", "vat", "taxid", "taxnumber", "ustidnr", "ustid", "steuernummer", "税号", "纳税人识别号",
    ),
    "account": (
        "iban", "account", "bankaccount", "accountnumber", "kontonummer", "konto", "账号", "银行账号", "收款账号",
    ),
    "key": ("linekey", "key", "line", "orderline", "行键", "行号"),
    "ref": (
        "order", "orderno", "ordernumber", "orderid", "po", "pono", "ponumber", "purchaseorder", "reference", "ref",
        "yourorder", "bestellung", "bestellnummer", "auftragsnummer", "auftrag", "订单号", "订单编号", "采购单号",
        "采购订单号", "采购单", "订单", "客户订单号",
    ),
    "sku": (
        "sku", "youritemcode", "itemcode", "itemno", "itemnumber", "articleno", "articlenumber", "productcode", "code",
        "artikelnummer", "artikelnr", "artnr", "商家编码", "货号", "商品编码", "编码", "商品编号", "规格编码", "款号",
        "产品编号", "产品编码",
    ),
    "name": (
        "name", "product", "productname", "description", "item", "article", "artikel", "bezeichnung", "beschreibung",
        "商品", "商品名称", "品名", "名称", "产品", "产品名称", "项目", "货物名称", "摘要",
    ),
    "qty": ("quantity", "qty", "pcs", "pieces", "menge", "anzahl", "stueck", "数量", "件数", "商品数量", "发货数量"),
    "unit": ("unit", "uom", "einheit", "单位", "计量单位"),
    "price": (
        "price", "unitprice", "netprice", "netunitprice", "preis", "einzelpreis", "nettopreis", "单价", "价格",
        "不含税单价", "未税单价", "供货价", "代发价",
    ),
    "price_gross": ("grossprice", "grossunitprice", "bruttopreis", "priceincltax", "含税单价", "含税价"),
    "rate": ("taxrate", "vatrate", "tax%", "vat%", "steuersatz", "mwstsatz", "税率", "税点"),
    "tax": ("tax", "taxamount", "vatamount", "steuer", "steuerbetrag", "mwst", "税额", "税金"),
    "amount": (
        "amount", "netamount", "linetotal", "lineamount", "net", "subtotal", "betrag", "nettobetrag", "netto", "金额",
        "不含税金额", "未税金额", "小计", "货款",
    ),
    "amount_gross": (
        "grossamount", "gross", "total", "amountincltax", "brutto", "bruttobetrag", "gesamt", "含税金额", "价税合计",
        "合计", "总金额",
    ),
    "freight": (
        "freight", "shipping", "shippingcost", "shippingfee", "postage", "versand", "versandkosten", "porto",
        "fracht", "运费", "快递费", "邮费", "物流费",
    ),
    "fee": (
        "fee", "fees", "handling", "handlingfee", "packing", "packingfee", "verpackung", "手续费", "包装费", "操作费",
        "代发费", "打包费",
    ),
    "discount": ("discount", "rabatt", "allowance", "折扣", "优惠", "优惠金额", "减免"),
}  # fmt: skip
FIELDS = {word: name for name, words in WORDS.items() for word in words}
# What stands in the same row of every line is about the whole bill.
HEAD = ("number", "date", "due", "currency", "supplier_tax", "account")
CHARGE_WORDS = {
    "freight": (*WORDS["freight"], "delivery", "carriage", "lieferung", "首重", "续重"),
    "fee": (*WORDS["fee"], "smallorder", "mindermengenzuschlag", "surcharge", "zuschlag", "附加费", "小单费"),
    "service": ("service", "servicefee", "commission", "provision", "服务费", "佣金"),
    "allowance": (*WORDS["discount"], "rebate", "skonto", "bonus", "返利", "抵扣", "让利"),
    "penalty": ("penalty", "vertragsstrafe", "罚款", "违约金"),
}
TOTALS = {
    "net": (
        "nettotal", "totalnet", "subtotal", "net", "nettosumme", "zwischensumme", "netto", "不含税合计", "未税合计",
        "小计",
    ),
    "tax": ("totaltax", "taxtotal", "vattotal", "vat", "tax", "steuer", "mwst", "税额合计", "税额", "税金"),
    "gross": (
        "total", "totals", "sum", "grandtotal", "grosstotal", "totalgross", "amountdue", "summe", "gesamt",
        "gesamtsumme",
        "endbetrag", "合计", "总计", "共计", "价税合计", "应付", "应付合计", "应付金额", "含税合计",
    ),
}  # fmt: skip
TOTAL_OF = {word: name for name, words in TOTALS.items() for word in words}
CHARGE_OF = {word: kind for kind, words in CHARGE_WORDS.items() for word in words}


def field_of(heading):
    """What a column says, "" when nobody knows.

    >>> [field_of(text) for text in ("Unit Price (EUR)", "订单号", "含税单价（元）", "Colour", "Order")]
    ['price', 'ref', 'price_gross', '', 'ref']
    """
    word = plain(heading or "")
    if heading and re.search(r"含税", heading) and not re.search("不含税|未税", heading):
        word = (
            FIELDS.get(word) in ("price", "amount")
            and {"price": "含税单价", "amount": "含税金额"}[FIELDS[word]]
            or word
        )
    return FIELDS.get(word, "")


def total_of(text):
    """net, tax or gross, when a cell names a total; "" else.

    >>> total_of("Total:"), total_of("合 计"), total_of("VAT 19 %"), total_of("Lamp")
    ('gross', 'gross', 'tax', '')
    """
    word = re.sub(r"[\d.,%]+", "", plain(text or ""))
    return TOTAL_OF.get(word, "")


def charge_of(text, only=False):
    """The kind of charge a text names, "" for goods.

    :param only: the text says nothing besides; "Shipping box, blue" are goods then

    >>> charge_of("Shipping costs"), charge_of("运费（顺丰）"), charge_of("Shipping box, blue", only=True)
    ('freight', 'freight', '')
    """
    word = plain(text or "")
    if word in CHARGE_OF:
        return CHARGE_OF[word]
    inside = [known for known in CHARGE_OF if known in word and (not only or len(known) * 3 > len(word) * 2)]
    return CHARGE_OF[max(inside, key=len)] if inside else ""
