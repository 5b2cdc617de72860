"""Flat files as a supplier's system wants them: which column says what, how it is written, how the end is proven.

A layout is plain data: {"format": "csv" | "xlsx", "separator", "encoding", "decimal", "header": bool, "totals": bool,
"columns": [{"heading", "field", "fixed", "date_format"}]}. Fields come from an allow-list: what is not on it never
leaves, and nothing else is understood.
"""

import csv
import io
import re
from datetime import date

from . import grid as tables
from .order_sheet import legible
from .reading import FIELDS as ANSWER_FIELDS
from .reading import Reading, read_rows, word

try:
    from ..feeds.errors import FeedError, ValueProblem
    from ..feeds.values import parse_number
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import FeedError, ValueProblem
    from feeds.values import parse_number

# What a file to a supplier may say, and nothing else.
ORDER_FIELDS = (
    "action", "ref", "revision", "order_date", "key", "line", "sku", "name", "spec", "qty", "price", "amount",
    "currency", "recipient", "company", "phone", "street", "street2", "district", "city", "state", "zip", "country",
    "country_name", "address", "message", "gift_note", "carrier_wish", "collect", "collect_currency", "personalisation",
    "sender", "sender_phone", "sender_address", "ship_from", "fixed", "number", "carrier", "reason", "date",
)  # fmt: skip
NUMBERS = ("qty", "price", "amount", "revision")
# What begins like this is a command to some spreadsheets.
COMMAND = re.compile(r"[=+\-@\t\r＝＋－＠]")
PHONE = re.compile(r"[+-]?[\d ()./-]+")
TOTAL = "TOTAL"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "cp1252", "utf-16")
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def harmless(text):
    """A text no spreadsheet takes for a command; phones and negative numbers stay as they are.

    >>> harmless("=1+1"), harmless("+49 30 1234"), harmless("-5"), harmless("@x"), harmless("ok")
    ("'=1+1", '+49 30 1234', '-5', "'@x", 'ok')
    """
    if COMMAND.match(text) and not PHONE.fullmatch(text):
        return "'" + text
    return text


def totals_of(rows):
    """Control totals: orders, lines, units, amount.

    >>> totals_of([{"ref": "A", "qty": 2, "amount": 9.5}, {"ref": "A", "qty": 1, "amount": 0.5}])
    {'orders': 1, 'lines': 2, 'units': 3.0, 'amount': 10.0}
    """
    return {
        "orders": len({row.get("ref") for row in rows}),
        "lines": len(rows),
        "units": round(sum(float(row.get("qty") or 0) for row in rows), 6),
        "amount": round(sum(float(row.get("amount") or 0) for row in rows), 2),
    }


def table(layout, rows):
    """The file as rows of text, with heading and totals as the layout wants them."""
    columns = layout["columns"]
    lines = [[column["heading"] or "" for column in columns]] if layout.get("header", True) else []
    lines += [[_text(layout, column, row) for column in columns] for row in rows]
    if layout.get("totals"):
        totals = totals_of(rows)
        lines.append([TOTAL, *(_number(layout, value) for value in totals.values())])
    return lines


def write(layout, rows):
    """The file as bytes.

    :raise FeedError: when a text cannot be written in the layout's encoding
    """
    if not layout["columns"]:
        raise FeedError("no_columns")
    lines = table(layout, rows)
    if layout["format"] == "xlsx":
        return _write_workbook(lines)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=SEPARATORS[layout["separator"]], lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    try:
        return stream.getvalue().encode(layout["encoding"])
    except UnicodeEncodeError as error:
        raise FeedError("encoding", text=error.object[error.start : error.start + 10]) from None


def _write_workbook(lines):
    import xlsxwriter  # noqa: PLC0415 - loading takes a while

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    sheet, text = book.add_worksheet(), book.add_format({"num_format": "@"})
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            if cell:
                sheet.write_string(number, column, legible(cell), text)
    book.close()
    return stream.getvalue()


def _text(layout, column, row):
    name = column["field"]
    value = column.get("fixed") if name == "fixed" else row.get(name)
    if name in NUMBERS:
        return _number(layout, value)
    if name == "order_date" and value:
        value = date.fromisoformat(str(value)[:10]).strftime(column.get("date_format") or "%Y-%m-%d")
    return re.sub(r"\s+", " ", legible(value)).strip() if value not in (None, False) else ""


def _number(layout, value):
    if value in (None, False, ""):
        return ""
    text = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return text.replace(".", layout.get("decimal") or ".")


# ----------------------------------------------------------------------
# In
# ----------------------------------------------------------------------


def read(layout, content, filename=""):
    """What a supplier's file says.

    :return: Reading
    :raise FeedError: when it is no table, lacks a column, or its control totals do not fit
    """
    grid = tables.read_grids(filename, content)[0]
    header, columns, rows = _columns(layout, grid.rows)
    if not columns.get("ref") and not columns.get("key"):
        raise FeedError("column_missing", name=_heading(layout, "ref"))
    rows = _without_totals(layout, columns, rows)
    return read_rows(rows, columns, grid.doubts, layout.get("decimal") or ".", header)


def _columns(layout, rows):
    """(heading row, {field: [columns]}, rows below), by the headings; by position when the file has none."""
    fields = [(column["field"], column["heading"]) for column in layout["columns"]]
    if not layout.get("header", True):
        columns = {}
        for index, (name, _heading_text) in enumerate(fields):
            columns.setdefault(name, []).append(index)
        return tuple(heading for _name, heading in fields), _only_known(columns), rows
    wanted = {word(heading): name for name, heading in fields if heading}
    for index, (_row, cells) in enumerate(rows[:20]):
        columns = {}
        for column, text in enumerate(cells):
            if name := wanted.get(word(text)):
                columns.setdefault(name, []).append(column)
        if columns.get("ref") or columns.get("key"):
            missing = [heading for name, heading in fields if name in ANSWER_FIELDS and name not in columns]
            needed = {"number", "status", "accepted", "rejected", "backordered", "price", "date"}
            if not needed & columns.keys():
                raise FeedError("column_missing", name=", ".join(missing))
            return tuple(cells), _only_known(columns), rows[index + 1 :]
    raise FeedError("column_missing", name=_heading(layout, "ref"))


def _only_known(columns):
    return {name: indexes for name, indexes in columns.items() if name in ANSWER_FIELDS}


def _heading(layout, name):
    return next((column["heading"] for column in layout["columns"] if column["field"] == name), name) or name


def _without_totals(layout, columns, rows):
    """The rows before the totals, after they were found to fit."""
    if not layout.get("totals"):
        return rows
    if not rows or word(rows[-1][1][0]) != TOTAL.lower():
        raise FeedError("totals_missing")
    mark = layout.get("decimal") or "."
    told, rows = [text for text in rows[-1][1][1:] if text], rows[:-1]
    refs = {_first(cells, columns, "ref") or _first(cells, columns, "key").rsplit(":", 1)[0] for _row, cells in rows}
    units = 0.0
    for _row, cells in rows:
        try:
            text = _first(cells, columns, "shipped") or _first(cells, columns, "qty")
            units += float(parse_number(text or "0", mark))
        except ValueProblem:
            continue  # the row is rejected on its own account; the sum then does not fit
    real = [len(refs), len(rows), round(units, 6)]
    for name, text, value in zip(("orders", "lines", "units"), told, real, strict=False):
        if name == "units" and not (columns.get("qty") or columns.get("shipped")):
            continue
        try:
            fits = abs(float(parse_number(text, mark)) - value) < 1e-6
        except ValueProblem:
            fits = False
        if not fits:
            raise FeedError("totals_differ", name=name, told=text[:40], found=f"{value:g}")
    return rows


def _first(cells, columns, name):
    return next((cells[index] for index in columns.get(name, ()) if index < len(cells) and cells[index]), "")


__all__ = ["ENCODINGS", "ORDER_FIELDS", "SEPARATORS", "Reading", "harmless", "read", "table", "totals_of", "write"]
