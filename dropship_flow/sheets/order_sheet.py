"""The sheet a supplier works with (发货单): orders out, and the same sheet back with numbers in it (回填单号).

One row for each line of an order. Cells are text, so that no spreadsheet harms a phone or a number; the key of the line
stands in a hidden column, so that rows may be sorted, columns moved, renamed or left out.
"""

import io
import re

from . import grid as tables
from .reading import Reading, read_rows, word

try:
    from ..feeds.errors import FeedError
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import FeedError

VERSION = 1
# name: (English heading, Chinese heading, width)
COLUMNS = {
    "ref": ("Order", "订单号", 14),
    "sku": ("Your Item Code", "商家编码", 16),
    "name": ("Product", "商品", 28),
    "qty": ("Quantity", "数量", 8),
    "spec": ("Variant", "规格", 16),
    "recipient": ("Recipient", "收件人", 16),
    "phone": ("Phone", "手机", 18),
    "state": ("Province / State", "省", 12),
    "city": ("City", "市", 12),
    "district": ("District", "区", 12),
    "street": ("Address", "详细地址", 36),
    "zip": ("Postcode", "邮编", 10),
    "country": ("Country", "国家", 12),
    "message": ("Remark", "留言", 28),
    "gift_note": ("Gift Note", "礼品卡", 20),
    "collect": ("Collect on Delivery", "代收货款", 14),
    "sender": ("Sender", "发件人", 20),
    "carrier": ("Carrier", "快递公司", 14),
    "number": ("Tracking Number", "快递单号", 24),
}
KEY = ("Line Key", "行键")
TO_FILL = ("carrier", "number")
# Columns that are there only when a row says something in them.
SELDOM = ("collect",)

# Words as `reading.word` leaves them.
WORDS = {
    "ref": (
        "order", "orderno", "ordernumber", "orderid", "po", "pono", "ponumber", "purchaseorder", "reference", "ref",
        "yourorder", "bestellung", "bestellnummer", "auftragsnummer", "订单号", "订单编号", "采购单号", "采购订单号",
        "采购单", "单据编号", "外部订单号",
    ),
    "sku": (
        "youritemcode", "sku", "itemcode", "item", "itemno", "articleno", "productcode", "artikelnummer", "商家编码",
        "货号", "商品编码", "编码", "商品编号", "规格编码", "款号",
    ),
    "qty": ("quantity", "qty", "pcs", "menge", "anzahl", "数量", "件数", "商品数量"),
    "shipped": (
        "shipped", "shippedqty", "shippedquantity", "qtyshipped", "versendet", "发货数量", "实发数量", "实发",
        "已发数量",
    ),
    "carrier": (
        "carrier", "courier", "shippingcompany", "carriername", "logistics", "logisticscompany", "versanddienstleister",
        "spedition", "快递公司", "快递", "物流公司", "物流", "承运商", "快递名称", "快递公司名称",
    ),
    "number": (
        "trackingnumber", "trackingno", "tracking", "trackingid", "trackingcode", "waybill", "waybillno", "awb",
        "sendungsnummer", "paketnummer", "快递单号", "运单号", "物流单号", "单号", "运单编号", "快递编号", "快递号",
        "物流编号", "面单号", "快递运单号",
    ),
    "status": ("status", "状态", "发货状态", "订单状态"),
    "reason": ("reason", "grund", "原因", "缺货原因"),
}  # fmt: skip
_KNOWN = {text: name for name, words in WORDS.items() for text in words}
_KNOWN |= {word(text): name for name in WORDS for text in COLUMNS.get(name, ())[:2]}
_TITLES = {word(text) for column in COLUMNS.values() for text in column[:2]}
_KEY = re.compile(rf"(?:{'|'.join(map(word, KEY))})v?(\d+)")


def build(rows, lang="en_US"):
    """The sheet as bytes of a workbook.

    :param rows: dicts with any of COLUMNS, and `key`: what tells the line apart for ever, "<order>:<line>"
    :param str lang: "zh…" gives Chinese headings
    """
    rows = list(rows)
    columns = [name for name in COLUMNS if name not in SELDOM or any(row.get(name) for row in rows)]
    import xlsxwriter  # noqa: PLC0415 - loading takes a while; reading does not need it

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    chinese = lang.startswith("zh")
    sheet = book.add_worksheet("发货单" if chinese else "Orders")
    text = book.add_format({"num_format": "@", "valign": "top"})
    wrapped = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    number = book.add_format({"valign": "top"})
    bold = book.add_format({"bold": True, "bg_color": "#E7E6E6", "num_format": "@"})
    fill = book.add_format({"bold": True, "bg_color": "#FFF2CC", "num_format": "@"})
    for column, name in enumerate(columns):
        english, chinese_name, width = COLUMNS[name]
        style = number if name == "qty" else wrapped if name in ("message", "gift_note", "street", "name") else text
        sheet.set_column(column, column, width, style)
        sheet.write_string(0, column, chinese_name if chinese else english, fill if name in TO_FILL else bold)
    last = len(columns)
    sheet.set_column(last, last, 20, text, {"hidden": True})
    sheet.write_string(0, last, f"{KEY[chinese]} v{VERSION}", bold)
    count = 0
    for count, row in enumerate(rows, 1):
        for column, name in enumerate(columns):
            if name in TO_FILL and not row.get(name):
                sheet.write_blank(count, column, None, text)
            else:
                _write(sheet, count, column, name, row.get(name))
        sheet.write_string(count, last, str(row.get("key") or ""))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(count, 1), last)
    book.close()
    return stream.getvalue()


def _write(sheet, row, column, name, value):
    if name == "qty" and isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    elif value not in (None, False, ""):
        sheet.write_string(row, column, legible(value))


def legible(value):
    """Text a workbook can hold: no control characters, not longer than a cell.

    >>> legible("A\\x00B\\nC"), len(legible("x" * 40_000)), legible(2.0)
    ('AB\\nC', 32000, '2')
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "", str(value))[:32_000]


def role_of(heading):
    """What a column says, by its heading; '' when nobody knows.

    >>> role_of("快递单号（必填）"), role_of("Tracking no. 2"), role_of("行键 v1"), role_of("Colour")
    ('number', 'number', 'key', '')
    """
    plain = word(re.sub(r"\([^)]*\)|（[^）]*）|\*", "", heading or ""))
    if _KEY.fullmatch(plain) or plain in map(word, KEY):
        return "key"
    return _KNOWN.get(plain) or _KNOWN.get(re.sub(r"\d$", "", plain), "")


def find_header(grid):
    """(index of the heading row, {field: [columns]}) of a grid; (-1, {}) when none looks like one."""
    best = (0, -1, {})
    for index, (_number, cells) in enumerate(grid.rows[:20]):
        columns = {}
        for column, text in enumerate(cells):
            role = role_of(text) if len(text) <= 40 else ""
            if role:
                columns.setdefault(role, []).append(column)
        known = len(columns) + sum(word(text) in _TITLES for text in cells if text) / 100
        if known > best[0]:
            best = (known, index, columns)
    return best[1], best[2]


def read(content, filename=""):
    """The numbers in a sheet that came back.

    :param bytes content: XLSX or CSV, whatever the name says
    :return: Reading – a list of answers in the form of `connectors.answer`, with `.rejected` rows and `.waiting`
    :raise FeedError: when the file cannot be read, or has no column for orders or for numbers
    """
    grids = tables.read_grids(filename, content)
    found = [(find_header(grid), grid) for grid in grids]
    (index, columns), grid = max(found, key=lambda pair: (len(pair[0][1]), -grids.index(pair[1])))
    if not columns.get("ref") and not columns.get("key"):
        raise FeedError("column_missing", name=" / ".join(COLUMNS["ref"][:2]))
    if not columns.get("number") and not columns.get("status"):
        raise FeedError("column_missing", name=" / ".join(COLUMNS["number"][:2]))
    header = grid.rows[index][1]
    _check_version(header)
    rows = [row for row in grid.rows[index + 1 :] if row[1] != header]  # sheets pasted below each other
    return read_rows(rows, columns, grid.doubts, header=header)


def _check_version(header):
    for text in header:
        match = _KEY.fullmatch(word(text))
        if match and int(match[1]) > VERSION:
            raise FeedError("sheet_newer", version=match[1])


__all__ = ["Reading", "build", "find_header", "legible", "read", "role_of"]
