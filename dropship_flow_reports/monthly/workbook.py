"""The sections of a month as a workbook: numbers are numbers, days are days, and no text is ever a formula."""

import io
import re
from datetime import date

MONEY = "#,##0.00;[Red]-#,##0.00"
WIDTHS = {"text": 30, "date": 12, "money": 15, "percent": 11, "number": 11, "count": 11}
LONGEST = 32_000  # signs in a cell; spreadsheets take 32,767
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(title, facts, sections, details=None, digits=2):
    """The workbook as bytes. Rows are written as they come: of a million none is kept in memory.

    :param facts: [(words, value)] on the first sheet, above the tables
    :param sections: see the package; a sheet each
    :param details: None or {"title", "columns", "rows" (any iterable of lists of cells)}: a last, long sheet
    :param int digits: of the currency
    """
    import xlsxwriter  # noqa: PLC0415 - loading takes a while

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, **PLAIN})
    formats = _formats(book, digits)
    names = set()
    for place, section in enumerate(sections):
        sheet = book.add_worksheet(sheet_name(section["title"], names))
        _section(sheet, formats, section, title if place == 0 else section["title"], facts if place == 0 else [])
    if details:
        sheet = book.add_worksheet(sheet_name(details["title"], names))
        _widths(sheet, [details])
        _heading(sheet, 0, details["columns"], formats)
        sheet.freeze_panes(1, 0)
        types = [kind for _title, kind in details["columns"]]
        for line, row in enumerate(details["rows"], 1):
            for column, value in enumerate(row):
                _cell(sheet, line, column, value, types[column], formats, "line")
    book.close()
    return stream.getvalue()


def sheet_name(title, taken):
    """A name a sheet may have and no other has yet; it is put among those taken.

    >>> taken = set(); sheet_name("Cash [a/b]?", taken), sheet_name("cash a b", taken), sheet_name("'", taken)
    ('Cash a b', 'cash a b 2', 'Sheet')
    """
    plain = re.sub(r"[\[\]:*?/\\\s]+", " ", title).strip(" '")[:28] or "Sheet"
    name, number = plain, 2
    while name.lower() in taken:
        name, number = f"{plain} {number}", number + 1
    taken.add(name.lower())
    return name


def typed(table, row):
    """[(value, type)] of a row's cells; a row of something else than money says so.

    >>> typed({"columns": [["Figure", "text"], ["July", "money"]]}, {"type": "count", "cells": ["Orders", 3]})
    [('Orders', 'text'), (3, 'count')]
    """
    other = row.get("type")
    return [
        (value, other if other and kind == "money" else kind)
        for value, (_title, kind) in zip(row["cells"], table["columns"], strict=True)
    ]


def _formats(book, digits):
    numbers = {
        "money": MONEY.replace(".00", "." + "0" * digits if digits else ""), "percent": "0.0%;[Red]-0.0%",
        "number": "#,##0.00", "count": "#,##0", "date": "yyyy-mm-dd", "text": "@",
    }  # fmt: skip
    looks = {"line": {}, "rest": {"italic": True}, "sum": {"bold": True, "top": 1}}
    made = {
        (kind, style): book.add_format({"num_format": shown, **look, **({"align": "left"} if kind == "date" else {})})
        for kind, shown in numbers.items()
        for style, look in looks.items()
    }
    made["title"] = book.add_format({"bold": True, "font_size": 14})
    made["table"] = book.add_format({"bold": True, "font_size": 11})
    made["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    return made


def _section(sheet, formats, section, title, facts):
    _widths(sheet, section["tables"])
    sheet.write_string(0, 0, _safe(title), formats["title"])
    line = 2
    for words, value in facts:
        sheet.write_string(line, 0, _safe(words))
        kind = "money" if isinstance(value, float) else "text"
        _cell(sheet, line, 1, value, kind, formats, "line")
        line += 1
    for text in (section.get("note"), section.get("empty")):
        if text:
            sheet.write_string(line, 0, _safe(text))
            line += 1
    for table in section["tables"]:
        line += 1
        if table["title"]:
            sheet.write_string(line, 0, _safe(table["title"]), formats["table"])
            line += 1
        _heading(sheet, line, table["columns"], formats)
        line += 1
        for row in table["rows"]:
            for column, (value, kind) in enumerate(typed(table, row)):
                _cell(sheet, line, column, value, kind, formats, row["style"])
            line += 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _widths(sheet, tables):
    for table in tables:
        for column, (_title, kind) in enumerate(table["columns"]):
            sheet.set_column(column, column, WIDTHS[kind])


def _heading(sheet, line, columns, formats):
    for column, (title, _kind) in enumerate(columns):
        sheet.write_string(line, column, _safe(title), formats["head"])


def _cell(sheet, line, column, value, kind, formats, style):
    look = formats[kind, style]
    if value is None or value is False or value == "":
        sheet.write_blank(line, column, None, look)
    elif kind == "text":
        sheet.write_string(line, column, _safe(value), look)
    elif kind == "date":
        sheet.write_datetime(line, column, value if isinstance(value, date) else date.fromisoformat(value), look)
    else:
        sheet.write_number(line, column, value, look)


def _safe(text):
    """What a cell takes; it is written as text whatever it begins with."""
    return str(text)[:LONGEST]
