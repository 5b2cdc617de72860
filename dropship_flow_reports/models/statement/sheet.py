"""A table as a workbook: numbers are numbers, days are days, and no text is ever a formula."""

import io

MONEY = "#,##0.00;[Red]-#,##0.00"


def workbook(title, facts, headings, rows, digits=2):
    """The workbook as bytes.

    :param facts: [(words, value)] above the table
    :param headings: words of the columns; the first one is wide
    :param rows: [(values, bold)]; a float is money, a date a day, None or False an empty cell
    :param int digits: of the currency
    """
    import xlsxwriter  # noqa: PLC0415 - loading takes a while

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    sheet = book.add_worksheet()
    formats = _formats(book, MONEY.replace(".00", "." + "0" * digits if digits else ""))
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, max(len(headings) - 1, 1), 18)
    sheet.write_string(0, 0, title, formats["title"])
    line = 2
    for words, value in facts:
        sheet.write_string(line, 0, words)
        _write(sheet, line, 1, value, formats, False)
        line += 1
    line += 1
    for column, words in enumerate(headings):
        sheet.write_string(line, column, words, formats["head"])
    sheet.freeze_panes(line + 1, 0)
    sheet.repeat_rows(line)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for values, bold in rows:
        line += 1
        for column, value in enumerate(values):
            _write(sheet, line, column, value, formats, bold)
    book.close()
    return stream.getvalue()


def _formats(book, money):
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        ("money", False): book.add_format({"num_format": money}),
        ("money", True): book.add_format({"num_format": money, "bold": True, "top": 1}),
        ("text", False): book.add_format({"text_wrap": True, "valign": "top"}),
        ("text", True): book.add_format({"bold": True, "top": 1}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
    }


def _write(sheet, line, column, value, formats, bold):
    if isinstance(value, float):
        sheet.write_number(line, column, value, formats["money", bold])
    elif hasattr(value, "isoformat"):
        sheet.write_datetime(line, column, value, formats["day"])
    elif value is None or value is False:
        sheet.write_blank(line, column, None, formats["text", bold])
    else:
        sheet.write_string(line, column, str(value), formats["text", bold])
