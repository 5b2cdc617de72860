"""The sheet a supplier writes a bill with: what left and is not billed yet, one row each; freight and fees below."""

import io

try:
    from ..sheets.layout import harmless
    from ..sheets.order_sheet import legible
except ImportError:  # the package by itself, without the addon around it
    from sheets.layout import harmless
    from sheets.order_sheet import legible

# name: (English, Chinese, width); the headings are words `words.field_of` knows.
COLUMNS = {
    "key": ("Line key", "行键", 12),
    "ref": ("Order", "订单号", 16),
    "sku": ("SKU", "商家编码", 20),
    "name": ("Product", "商品", 34),
    "qty": ("Quantity", "数量", 10),
    "price": ("Unit price", "单价", 12),
    "amount": ("Amount", "金额", 14),
}
HEAD = (("Invoice no.", "账单号"), ("Invoice date", "账单日期"), ("Due date", "到期日"), ("Currency", "币种"))
BELOW = (("freight", "Freight", "运费"), ("fee", "Fee", "手续费"))
NUMBERS = ("qty", "price", "amount")


def write(rows, currency, lang="en_US"):
    """The workbook as bytes.

    :param rows: dicts of COLUMNS, and of charges expected {"charge", "ref", "amount"}
    :param str lang: "zh…" gives Chinese headings
    """
    import xlsxwriter  # noqa: PLC0415 - loading takes a while

    chinese = lang.startswith("zh")
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    sheet = book.add_worksheet("账单" if chinese else "Bill")
    styles = {
        "text": book.add_format({"num_format": "@"}),
        "number": book.add_format({}),
        "bold": book.add_format({"bold": True, "bg_color": "#E7E6E6"}),
        "fill": book.add_format({"num_format": "@", "bg_color": "#FFF2CC"}),
    }
    for number, names in enumerate(HEAD):
        sheet.write_string(number, 0, names[chinese], styles["bold"])
        sheet.write_string(number, 1, currency if names[0] == "Currency" else "", styles["fill"])
    top = len(HEAD) + 1
    for column, (english, chinese_name, width) in enumerate(COLUMNS.values()):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, chinese_name if chinese else english, styles["bold"])
    names = {kind: (english, chinese_name)[chinese] for kind, english, chinese_name in BELOW}
    for number, row in enumerate(rows, top + 1):
        if row.get("charge"):
            row = {**row, "name": names[row["charge"]]}
        for column, name in enumerate(COLUMNS):
            value = row.get(name)
            if name in NUMBERS and value is not None:
                sheet.write_number(number, column, float(value), styles["number"])
            elif value:
                sheet.write_string(number, column, harmless(legible(value)), styles["text"])
    sheet.freeze_panes(top + 1, 0)
    book.close()
    return stream.getvalue()
