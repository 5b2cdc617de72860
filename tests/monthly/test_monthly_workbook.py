"""A month as a workbook, read back as a spreadsheet reads it."""

import io
import resource
import tracemalloc
from datetime import date

import pytest
from monthly.workbook import workbook
from openpyxl import load_workbook

WICKED = [
    "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd", "+49 30 1234", "-5", "\t=1+1", "\r=1+1", "=HYPERLINK(\"http://x\")",
    "{=1}", "http://example.com", "007", "1E5", "杭州拾光", "a\x00b", "'quoted",
]  # fmt: skip


def section(rows, columns=(("Name", "text"), ("Amount", "money"), ("Share", "percent"), ("Day", "date"))):
    table = {"title": "Table", "columns": [list(column) for column in columns], "rows": rows}
    return {"code": "x", "title": "First [sheet]/1", "note": "", "empty": "", "tables": [table], "charts": []}


def line(*cells, style="line", **more):
    return {"style": style, "cells": list(cells), **more}


def opened(content):
    return load_workbook(io.BytesIO(content))


def cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_numbers_are_numbers_and_days_are_days():
    content = workbook("July", [("Currency", "EUR")], [section([line("Sales", -12.5, 0.25, "2026-07-31")])])
    sheet = opened(content).worksheets[0]
    assert sheet.title == "First sheet 1"
    found = {cell.value: cell for cell in cells(sheet)}
    assert found[-12.5].data_type == "n" and "#,##0.00" in found[-12.5].number_format
    assert found[0.25].number_format.startswith("0.0%")
    day = next(cell for cell in cells(sheet) if cell.is_date)
    assert day.value.date() == date(2026, 7, 31)
    assert found["Sales"].data_type == "s"


@pytest.mark.parametrize("text", WICKED)
def test_no_text_is_a_command(text):
    content = workbook(text, [(text, text)], [section([line(text, 1.0, None, None)])],
                       {"title": "Ledger", "columns": [[text, "text"]], "rows": iter([[text]])})  # fmt: skip
    book = opened(content)
    texts = [cell for sheet in book.worksheets for cell in cells(sheet) if not isinstance(cell.value, float | int)]
    assert len(texts) >= 6
    assert {cell.data_type for cell in texts} == {"s"}
    assert all(cell.hyperlink is None for cell in texts)
    shown = {cell.value for cell in texts} - {"Table", "Name", "Amount", "Share", "Day"}
    assert {value.replace("_x000D_", "\r").replace("_x0000_", "\x00") for value in shown} == {text}


def test_currencies_without_cents():
    content = workbook("July", [], [section([line("Sales", 1200.0, None, None)])], digits=0)
    amount = next(cell for cell in cells(opened(content).worksheets[0]) if cell.value == 1200)
    assert ".00" not in amount.number_format


def test_a_row_of_counts_among_money():
    rows = [line("Orders", 3.0, None, None, type="count"), line("Sales", 3.0, None, None)]
    amounts = [cell for cell in cells(opened(workbook("July", [], [section(rows)])).worksheets[0]) if cell.value == 3]
    assert [cell.number_format.startswith("#,##0.00") for cell in amounts] == [False, True]


def test_two_sections_of_one_name_and_a_very_long_text():
    content = workbook("July", [], [section([line("x" * 40_000, 1.0, None, None)]), section([])])
    book = opened(content)
    assert book.sheetnames == ["First sheet 1", "First sheet 1 2"]
    assert max(len(str(cell.value)) for cell in cells(book.worksheets[0])) == 32_000


def test_memory_does_not_grow_with_the_lines():
    """Two thousand and twenty thousand lines need the same; the benchmark has two hundred thousand."""

    def peak(count):
        rows = ([f"S{number:05}", "Customer of a shop", float(number), "2026-07-31"] for number in range(count))
        columns = [["Order", "text"], ["Customer", "text"], ["Amount", "money"], ["Day", "date"]]
        tracemalloc.start()
        content = workbook("July", [], [section([])], {"title": "Ledger", "columns": columns, "rows": rows})
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most - 2 * len(content)

    assert peak(20_000) < peak(2_000) + 3 * 2**20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2**20, "KiB"
