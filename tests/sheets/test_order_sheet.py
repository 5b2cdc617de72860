"""Sheets as they really come back: each row becomes an answer, or is given back with the reason."""

import csv
import io
import time
import zipfile

import pytest
from feeds.errors import FeedError
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from sheets import carriers, order_sheet

HEAD = ["订单号", "商家编码", "数量", "快递公司", "快递单号"]
ROWS = [["P00001", "A-1", 2, "顺丰", "SF1234567890123"], ["P00002", "B-2", 1, "圆通速递", "YT9876543210987"]]


def book(*rows, change=None):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if change:
        change(made)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def text(*rows, encoding="utf-8", separator=","):
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode(encoding)


def numbers(reading):
    """{(order, number): (carrier, [(line or SKU, quantity)])}"""
    return {
        (answer["ref"], parcel["number"]): (
            parcel["carrier"],
            [(line["line"] or line["sku"], line["qty"]) for line in parcel["lines"]],
        )
        for answer in reading
        for parcel in answer["parcels"]
    }


GOOD = {
    ("P00001", "SF1234567890123"): ("顺丰", [("A-1", 2.0)]),
    ("P00002", "YT9876543210987"): ("圆通速递", [("B-2", 1.0)]),
}


def row(**values):
    return {"key": "P00001:7", "ref": "P00001", "sku": "A-1", "qty": 2.0, **values}


# ----------------------------------------------------------------------
# Out, and back again
# ----------------------------------------------------------------------


def test_what_was_written_is_what_another_library_reads():
    made = order_sheet.build(
        [
            row(
                name="台灯「黎明」", recipient="王小明", phone="013800138000", state="浙江省", city="义乌市",
                street="=HYPERLINK(\"http://x\")", zip="01067", number="00123456789012345678", carrier="顺丰",
                message="生日快乐\n请轻放\x00",
            )
        ],
        "zh_CN",
    )  # fmt: skip
    sheet = load_workbook(io.BytesIO(made)).active
    head = [cell.value for cell in sheet[1]]
    cells = dict(zip(head, sheet[2], strict=True))
    assert head[:2] == ["订单号", "商家编码"] and head[-2] == "快递单号"
    assert cells["手机"].value == "013800138000"
    assert cells["快递单号"].value == "00123456789012345678"
    assert cells["邮编"].value == "01067"
    assert {cells[name].number_format for name in ("手机", "快递单号", "商家编码")} == {"@"}
    assert cells["详细地址"].data_type == "s", "no formula"
    assert cells["留言"].value == "生日快乐\n请轻放"
    assert cells["数量"].value == 2
    assert sheet.freeze_panes == "B2"
    assert sheet.column_dimensions["S"].hidden
    (answer,) = order_sheet.read(made, "x.xlsx")
    assert answer["parcels"] == [
        {
            "number": "00123456789012345678",
            "carrier": "顺丰",
            "lines": [{"line": "7", "sku": "A-1", "qty": 2.0}],
        }
    ]


def test_headings_are_english_for_the_english():
    sheet = load_workbook(io.BytesIO(order_sheet.build([row()], "de_DE"))).active
    assert [cell.value for cell in sheet[1]][:4] == ["Order", "Your Item Code", "Product", "Quantity"]
    assert not order_sheet.read(order_sheet.build([], "en_US")), "no orders are no error"


def test_cells_that_wait_keep_long_numbers_as_text():
    sheet = load_workbook(io.BytesIO(order_sheet.build([row()], "zh_CN"))).active
    assert sheet["R2"].value is None
    assert sheet["R2"].number_format == "@"


def test_five_thousand_rows():
    rows = [row(key=f"P{i}:{i}", ref=f"P{i}", number=f"SF{i:013}", carrier="顺丰", name="台灯") for i in range(5000)]
    start = time.monotonic()
    made = order_sheet.build(rows, "zh_CN")
    built = time.monotonic() - start
    reading = order_sheet.read(made, "x.xlsx")
    read = time.monotonic() - start - built
    assert len(reading) == 5000 and not reading.rejected
    print(f"5,000 rows: built in {built:.2f} s, read in {read:.2f} s, {len(made) // 1024} KiB")
    assert built < 10 and read < 20


# ----------------------------------------------------------------------
# Files that mean the same
# ----------------------------------------------------------------------


def merged():
    def change(made):
        made.active.merge_cells("A2:A3")
        made.active.merge_cells("E2:E3")
        made.active.merge_cells("D2:D3")

    return book(
        HEAD, ["P00001", "A-1", 2, "顺丰", "SF1234567890123"], [None, "B-2", 1, None, None], change=change
    )


def second_sheet():
    def change(made):
        notes = made.create_sheet("说明", 0)
        notes.append(["请填写快递单号"])
        hidden = made.create_sheet("hidden", 0)
        hidden.append(HEAD)
        hidden.append(["P00009", "Z", 1, "x", "SF9999999999999"])
        hidden.sheet_state = "hidden"

    return book(HEAD, *ROWS, change=change)


def styled():
    def change(made):
        made.active["E2"].font = Font(bold=True)
        made.active.column_dimensions["A"].hidden = True

    return book(HEAD, *ROWS, change=change)


SAME = {
    "workbook": book(HEAD, *ROWS),
    "utf8": text(HEAD, *ROWS),
    "utf8_mark": text(HEAD, *ROWS, encoding="utf-8-sig"),
    "gbk": text(HEAD, *ROWS, encoding="gb18030"),
    "utf16_tabs": text(HEAD, *ROWS, encoding="utf-16", separator="\t"),
    "semicolons": text(HEAD, *ROWS, separator=";"),
    "pipes": text(HEAD, *ROWS, separator="|"),
    "reordered": book([HEAD[4], HEAD[0], HEAD[3], HEAD[2], HEAD[1]], *([r[4], r[0], r[3], r[2], r[1]] for r in ROWS)),
    "renamed": book(["采购单号", "货号", "发货数量", "物流公司", "运单号（必填）"], *ROWS),
    "english": book(["Order No.", "SKU", "Qty", "Courier", "Tracking #"], *ROWS),
    "title_above": book(["发货单 2026-11-26"], [], HEAD, *ROWS),
    "blank_rows": book(HEAD, [], ROWS[0], [None] * 5, ROWS[1], []),
    "total_row": book(HEAD, *ROWS, ["合计", None, 3]),
    "total_with_sum": book(HEAD, *ROWS, ["Total:", "", 3, "", ""]),
    "more_columns": book([*HEAD, "颜色", "备注2"], *([*r, "红", "ok"] for r in ROWS)),
    "row_pasted_twice": book(HEAD, *ROWS, ROWS[0]),
    "heading_pasted_twice": book(HEAD, ROWS[0], HEAD, ROWS[1]),
    "spaces_in_numbers": book(HEAD, [*ROWS[0][:4], " sf 1234567 890123 "], [*ROWS[1][:4], "YT9876543210987\u200b"]),
    "apostrophes": text(HEAD, [*ROWS[0][:4], "'SF1234567890123"], [*ROWS[1][:4], '="YT9876543210987"']),
    "full_width": book(HEAD, [*ROWS[0][:4], "ＳＦ1234567890123"], ROWS[1]),
    "second_sheet": second_sheet(),
    "styled": styled(),
    "rows_without_number": book(HEAD, *ROWS, ["P00003", "C-3", 1, "顺丰", ""]),
}


@pytest.mark.parametrize("name", SAME)
def test_files_that_mean_the_same(name):
    reading = order_sheet.read(SAME[name], f"{name}.xlsx")
    assert numbers(reading) == GOOD
    assert not reading.rejected
    assert reading.waiting == (name == "rows_without_number")


def test_merged_cells_speak_for_all_their_rows():
    reading = order_sheet.read(merged(), "x.xlsx")
    assert numbers(reading) == {("P00001", "SF1234567890123"): ("顺丰", [("A-1", 2.0), ("B-2", 1.0)])}


def test_numbers_kept_as_numbers_survive_while_they_are_exact():
    content = book(HEAD, ["P00001", "A-1", 2, "中通", 78123456789012], ["P00002", "B-2", 1, "中通", 781234567890.0])
    found = numbers(order_sheet.read(content, "x.xlsx"))
    assert set(found) == {("P00001", "78123456789012"), ("P00002", "781234567890")}


def test_zeros_shown_by_a_format_are_part_of_the_number():
    def change(made):
        made.active["E2"].number_format = "00000000000000"

    reading = order_sheet.read(book(HEAD, ["P00001", "A-1", 2, "中通", 78123456789], change=change), "x.xlsx")
    assert set(numbers(reading)) == {("P00001", "00078123456789")}


def test_several_parcels_of_an_order():
    content = book(
        HEAD,
        ["P00001", "A-1", 1, "顺丰", "SF1111111111111"],
        ["P00001", "A-1", 1, "顺丰", "SF2222222222222"],
        ["P00002", "B-2", 3, "顺丰", "SF3333333333333；SF4444444444444"],
    )
    reading = order_sheet.read(content, "x.xlsx")
    assert len(reading) == 2
    assert numbers(reading) == {
        ("P00001", "SF1111111111111"): ("顺丰", [("A-1", 1.0)]),
        ("P00001", "SF2222222222222"): ("顺丰", [("A-1", 1.0)]),
        ("P00002", "SF3333333333333"): ("顺丰", [("B-2", 3.0)]),
        ("P00002", "SF4444444444444"): ("顺丰", [("B-2", 0.0)]),
    }


def test_a_column_of_really_shipped_quantities_counts():
    reading = order_sheet.read(book([*HEAD, "实发数量"], [*ROWS[0], 1]), "x.xlsx")
    assert numbers(reading)["P00001", "SF1234567890123"][1] == [("A-1", 1.0)]


def test_the_key_finds_the_order_when_its_column_is_gone():
    head = ["商家编码", "快递单号", "行键 v1"]
    (answer,) = order_sheet.read(book(head, ["A-1", "SF1234567890123", "P00001:7"]), "x.xlsx")
    assert answer["ref"] == "P00001"
    assert answer["parcels"][0]["lines"][0]["line"] == "7"


def test_no_sku_column_means_the_whole_order():
    (answer,) = order_sheet.read(book(["订单号", "快递单号"], ["P00001", "SF1234567890123"]), "x.xlsx")
    assert answer["parcels"] == [{"number": "SF1234567890123", "carrier": "", "lines": []}]


def test_out_of_stock_in_place_of_a_number():
    (answer,) = order_sheet.read(book(HEAD, ["P00001", "A-1", 2, "", "缺货"]), "x.xlsx")
    assert answer["status"] == "changed"
    (line,) = answer["lines"]
    assert (line["sku"], line["rejected"], line["reason_code"]) == ("A-1", 2.0, "out_of_stock")


# ----------------------------------------------------------------------
# Rows that are not taken
# ----------------------------------------------------------------------

WRONG = {
    "scientific": (["P00001", "A-1", 2, "中通", "1.23E+14"], "cell_rounded"),
    "scientific_comma": (["P00001", "A-1", 2, "中通", "7,8123E+13"], "cell_rounded"),
    "too_long_for_a_number": (["P00001", "A-1", 2, "中通", 781234567890123456], "cell_rounded"),
    "no_number": (["P00001", "A-1", 2, "中通", "明天发"], "number_wrong"),
    "hashes": (["P00001", "A-1", 2, "中通", "########"], "number_wrong"),
    "too_short": (["P00001", "A-1", 2, "中通", "12"], "number_wrong"),
    "no_order": ([None, "A-1", 2, "中通", "SF1234567890123"], "ref_missing"),
    "quantity_in_words": (["P00001", "A-1", "two", "中通", "SF1234567890123"], "qty_wrong"),
    "quantity_below_zero": (["P00001", "A-1", -1, "中通", "SF1234567890123"], "qty_wrong"),
    "quantity_zero": (["P00001", "A-1", 0, "中通", "SF1234567890123"], "qty_zero"),
    "formula_nobody_computed": (["P00001", "A-1", 2, "中通", "=VLOOKUP(A2,B:C,2)"], "cell_formula"),
    "one_bad_of_two": (["P00001", "A-1", 2, "中通", "SF1234567890123, later"], "number_wrong"),
}


@pytest.mark.parametrize("name", WRONG)
def test_rows_that_are_given_back(name):
    cells, code = WRONG[name]
    reading = order_sheet.read(book(HEAD, cells, ROWS[1]), "x.xlsx")
    assert [(row.row, row.code) for row in reading.rejected] == [(2, code)]
    assert set(numbers(reading)) == {("P00002", "YT9876543210987")}, "the good row is taken"


def test_a_mangled_number_in_a_text_file():
    reading = order_sheet.read(text(HEAD, ["P00001", "A-1", 2, "中通", "7.81235E+13"], encoding="gbk"), "x.csv")
    assert [row.code for row in reading.rejected] == ["cell_rounded"]


def test_cells_sorted_without_their_key():
    reading = order_sheet.read(
        book([*HEAD, "行键 v1"], ["P00002", "A-1", 2, "顺丰", "SF1234567890123", "P00001:7"]), "x.xlsx"
    )
    assert [row.code for row in reading.rejected] == ["mixed_up"]


def test_one_number_with_two_quantities():
    reading = order_sheet.read(book(HEAD, ROWS[0], [*ROWS[0][:2], 1, *ROWS[0][3:]]), "x.xlsx")
    assert [row.code for row in reading.rejected] == ["row_twice"]


def test_an_error_of_the_spreadsheet():
    def change(made):
        made.active["E2"].value = "#N/A"
        made.active["E2"].data_type = "e"

    reading = order_sheet.read(book(HEAD, ROWS[0], change=change), "x.xlsx")
    assert [row.code for row in reading.rejected] == ["cell_error"]


# ----------------------------------------------------------------------
# Files that are not taken
# ----------------------------------------------------------------------


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (90 * 2**20))
    return stream.getvalue()


REFUSED = {
    "empty": (b"", "empty"),
    "nothing": (book(), "empty"),
    "old_excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old_excel"),
    "pdf": (b"%PDF-1.7 ...", "no_table"),
    "photo": (b"\xff\xd8\xff\xe0" + b"0" * 600, "no_table"),
    "page": (b"<!DOCTYPE html><html>login</html>", "web_page"),
    "bomb": (bomb(), "bomb"),
    "too_large": (b"a,b\n" * (3 * 2**20), "too_large"),
    "too_many_rows": (text(HEAD, *(["P1", "A", 1, "", ""] for _ in range(20_100))), "too_many_rows"),
    "cut_off": (book(HEAD, *ROWS)[:-400], "broken_workbook"),
    "other_zip": (b"PK\x03\x04" + b"0" * 100, "broken_workbook"),
    "no_number_column": (book(["订单号", "商家编码"], ["P1", "A"]), "column_missing"),
    "no_order_column": (book(["商家编码", "快递单号"], ["A", "SF1234567890123"]), "column_missing"),
    "newer_sheet": (book([*HEAD, "行键 v2"], [*ROWS[0], "P00001:7"]), "sheet_newer"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_refused(name):
    content, code = REFUSED[name]
    with pytest.raises(FeedError) as refused:
        order_sheet.read(content, name)
    assert refused.value.code in (code, "too_many_rows" if code == "too_large" else code)


def test_every_carrier_is_found_by_its_own_names():
    for code, (english, chinese, _others) in carriers.CARRIERS.items():
        assert carriers.code_of(english) == code
        if chinese != english:
            assert carriers.code_of(chinese) == code
