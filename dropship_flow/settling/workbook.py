"""A statement as a workbook: numbers are numbers, days are days, and no text is ever a formula."""

import io

MONEY = "#,##0.00;[Red]-#,##0.00"
WIDTHS = (12, 24, 22, 14, 14, 14, 12, 18, 60)


def statement_workbook(title, facts, headings, rows, digits=2):
    """The workbook as bytes.

    :param facts: [(words, value)] above the table; a float is money
    :param headings: words of date, document, reference, debit, credit, balance, due, state, difference
    :param rows: dicts as `_statement_rows` gives them: a heading stands above every new `group`
    :param int digits: of the currency
    """
    import xlsxwriter  # noqa: PLC0415 - loading takes a while

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet()
    money = MONEY.replace(".00", "." + "0" * digits if digits else "")
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "group": book.add_format({"bold": True, "bg_color": "#EEEEEE"}),
        "money": book.add_format({"num_format": money}),
        "sum": book.add_format({"num_format": money, "bold": True, "top": 1}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "bold": book.add_format({"bold": True, "top": 1}),
        "wrap": book.add_format({"text_wrap": True}),
    }
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, formats["title"])
    line = 2
    for words, value in facts:
        sheet.write_string(line, 0, words)
        _write(sheet, line, 2, value, formats)
        line += 1
    line += 1
    for column, words in enumerate(headings):
        sheet.write_string(line, column, words, formats["head"])
    sheet.freeze_panes(line + 1, 0)
    sheet.repeat_rows(line)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    _write_rows(sheet, line + 1, rows, formats)
    book.close()
    return stream.getvalue()


def _write_rows(sheet, line, rows, formats):
    group = None
    for row in rows:
        if row["type"] == "line" and row["group"] != group:
            group = row["group"]
            for column in range(len(WIDTHS)):
                sheet.write_blank(line, column, None, formats["group"])
            sheet.write_string(line, 0, group, formats["group"])
            line += 1
        _write_row(sheet, line, row, formats)
        line += 1


def _write_row(sheet, line, row, formats):
    total = row["type"] != "line"
    if row["date"]:
        sheet.write_datetime(line, 0, row["date"], formats["day"])
    sheet.write_string(line, 1, row["text"] if total else row["document"], formats["bold"] if total else None)
    sheet.write_string(line, 2, row["reference"])
    for column, name in ((3, "debit"), (4, "credit")):
        if row[name]:
            sheet.write_number(line, column, row[name], formats["money"])
    if row["balance"] is not None:
        sheet.write_number(line, 5, row["balance"], formats["sum" if total else "money"])
    if row["due_date"]:
        sheet.write_datetime(line, 6, row["due_date"], formats["day"])
    sheet.write_string(line, 7, row["state"])
    sheet.write_string(line, 8, row["difference"], formats["wrap"])


def _write(sheet, line, column, value, formats):
    if isinstance(value, float):
        sheet.write_number(line, column, value, formats["money"])
    elif hasattr(value, "isoformat"):
        sheet.write_datetime(line, column, value, formats["day"])
    else:
        sheet.write_string(line, column, str(value or ""))
