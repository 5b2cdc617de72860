"""The workbook for the tax bureau's bulk issue (批量开票), and the list of numbers that comes back.

Two sheets, joined by the serial of each invoice (发票流水号): whom it is for, and what is on it. Headings are those of
the bureau's form; it finds columns by them, so more or fewer do no harm to the others.
"""

import csv
import io
from datetime import date

try:
    from ..sheets import grid as tables
    from ..sheets.layout import harmless
    from ..sheets.numbers import is_rounded
    from ..sheets.order_sheet import legible
    from ..sheets.reading import word
except ImportError:  # the package by itself, without the addon around it
    from sheets import grid as tables
    from sheets.layout import harmless
    from sheets.numbers import is_rounded
    from sheets.order_sheet import legible
    from sheets.reading import word

from . import numbers

HEADS = (
    ("serial", "发票流水号"), ("kind", "发票类型"), ("special", "特定业务类型"), ("included", "是否含税"),
    ("person", "受票方自然人标识"), ("title", "购买方名称"), ("tax_number", "购买方纳税人识别号"),
    ("address", "购买方地址"), ("phone", "购买方电话"), ("bank", "购买方开户银行"), ("account", "购买方银行账号"),
    ("email", "购买方邮箱"), ("note", "备注"), ("red_of", "对应蓝字发票号码"),
)  # fmt: skip
LINES = (
    ("serial", "发票流水号"), ("name", "项目名称"), ("tax_code", "商品和服务税收编码"), ("spec", "规格型号"),
    ("unit", "单位"), ("quantity", "数量"), ("price", "单价"), ("amount", "金额"), ("rate", "税率"), ("tax", "税额"),
)  # fmt: skip
WORDS = {
    "serial": ("发票流水号", "流水号", "单据号", "订单号", "业务单号", "serial", "reference"),
    "number": ("数电发票号码", "数电票号码", "全电发票号码", "发票号码", "电子发票号码", "number", "invoicenumber"),
    "date": ("开票日期", "开票时间", "日期", "date", "invoicedate"),
    "total": ("价税合计", "合计金额", "total"),
}
_KNOWN = {text: name for name, words in WORDS.items() for text in words}
WITHIN = 20


def build(heads, lines):
    """The workbook as bytes.

    :param heads: dicts with any of HEADS
    :param lines: dicts with any of LINES
    """
    import xlsxwriter  # noqa: PLC0415 - loading takes a while; reading does not need it

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    text = book.add_format({"num_format": "@"})
    for title, columns, rows in (("1-发票基本信息", HEADS, heads), ("2-发票明细信息", LINES, lines)):
        sheet = book.add_worksheet(title)
        for number, line in enumerate(_table(columns, rows)):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, legible(cell), text)
        sheet.set_column(0, len(columns) - 1, 18)
        sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def build_csv(heads, lines):
    """The same as one text table: each line with what is said of its invoice.

    >>> text = build_csv([{"serial": "A", "title": "=1+1"}], [{"serial": "A", "name": "Lamp", "amount": "100.00"}])
    >>> text.decode("utf-8-sig").splitlines()[1].split(",")[:6]
    ['A', '', '', '', '', "'=1+1"]
    """
    by_serial = {head["serial"]: head for head in heads}
    columns = HEADS + LINES[1:]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    rows = [{**by_serial[line["serial"]], **line} for line in lines]
    writer.writerows([harmless(legible(cell)) for cell in line] for line in _table(columns, rows))
    return stream.getvalue().encode("utf-8-sig")


def _table(columns, rows):
    yield [heading for _name, heading in columns]
    for row in rows:
        yield ["" if row.get(name) in (None, False) else str(row[name]) for name, _heading in columns]


def read(content, filename=""):
    """What a list of issued invoices says.

    :return: [(row number, {"serial", "number", "date", "total"}, problem)], texts as they stand there; problem is "" or
        a code: rounded, no_serial, no_number, digits, date
    :raise FeedError: when it is no table or has no columns for serial and number

    >>> rows = "发票流水号,数电发票号码,开票日期\\nFP1,25332000000012345678,2026-11-27\\nFP2,2.53320000000123E+19,\\n"
    >>> [(row["serial"], row["date"], problem) for _n, row, problem in read(rows.encode(), "a.csv")]
    [('FP1', '2026-11-27', ''), ('FP2', '', 'rounded')]
    """
    for grid in tables.read_grids(filename, content):
        for index, (_row, cells) in enumerate(grid.rows[:WITHIN]):
            columns = {}
            for column, text in enumerate(cells):
                name = _KNOWN.get(word(text))
                if name:
                    columns.setdefault(name, column)
            if {"serial", "number"} <= columns.keys():
                return [_answer(grid, row, cells, columns) for row, cells in grid.rows[index + 1 :] if any(cells)]
    raise tables.FeedError("column_missing", name="发票流水号 / 数电发票号码")


def _answer(grid, row, cells, columns):
    said = dict.fromkeys(WORDS, "")
    for name, column in columns.items():
        said[name] = cells[column].strip() if column < len(cells) else ""
    doubt = grid.doubts.get((row, columns["number"]))
    if doubt or is_rounded(said["number"]):
        return row, said, "rounded"
    said["number"] = numbers.tidy(said["number"])
    if not said["serial"]:
        return row, said, "no_serial"
    if not said["number"]:
        return row, said, "no_number"
    said["date"] = _date(said["date"])
    return row, said, numbers.issued_problem(said["number"]) or ("date" if said["date"] is None else "")


def _date(text):
    """A day as written in China, as ISO; "" where there is none, None where it is none.

    >>> _date("2026年3月5日"), _date("20260305"), _date("2026/03/05 10:11:12"), _date(""), _date("soon")
    ('2026-03-05', '2026-03-05', '2026-03-05', '', None)
    """
    if not text:
        return ""
    digits = text.split("T")[0].split(" ")[0].rstrip("日")
    for sign in "年月/.":
        digits = digits.replace(sign, "-")
    parts = digits.split("-") if "-" in digits else (digits[:4], digits[4:6], digits[6:])
    try:
        return date(*map(int, parts)).isoformat()
    except (ValueError, TypeError):
        return None
