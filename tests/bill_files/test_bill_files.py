"""Bills of every kind are read into one form, and what is wrong with them is said with its place."""

import doctest
import importlib
import io
import json
import pkgutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import bill_files
import pytest
from bill_files import as_json, from_json, template
from bill_samples import ENTITIES, bomb, book, ubl
from openpyxl import load_workbook

GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 5, 10)
KNOWN = {"EUR", "CNY", "USD"}
HEADER = "Invoice no.,Invoice date,Order,SKU,Quantity,Unit price,Amount"


def read(content, name="bill.csv", **form):
    content = content.encode() if isinstance(content, str) else content
    kind = bill_files.kind_of(content)
    assert kind
    paper = kind in ("pdf", "png", "jpeg")
    return bill_files.check(bill_files.read(kind, name, content, form), TODAY, KNOWN, paper=paper)


def codes(bill):
    return [problem.code for problem in bill.problems]


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(bill_files.__path__)])
def test_the_examples_in_the_code(name):
    module = importlib.import_module(f"bill_files.{name}")
    assert doctest.testmod(module).failed == 0


def test_the_examples_of_the_package():
    assert doctest.testmod(bill_files).failed == 0


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_golden(path):
    """Each sample beside what it says."""
    expected = json.loads(path.read_text())
    sample = next(found for found in GOLDEN.glob(f"{path.stem}.*") if found.suffix != ".json")
    bill = read(sample.read_bytes(), sample.name)
    told = as_json(bill)
    assert {name: told[name] for name in expected} == expected
    assert from_json(json.loads(json.dumps(told))) == bill


# --- tables ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_table_in_any_encoding(encoding):
    text = (
        "账单号：ZD-9\n账单日期：2026-05-04\n\n订单号\t商家编码\t商品\t数量\t单价(元)\t金额\n"
        "P00012\tYW-1\t台灯\t2\t10.6\t21.20\n运费\t\t运费\t\t\t6.80\n合计\t\t\t\t\t28.00\n"
    )
    bill = read(text.encode(encoding))
    assert codes(bill) == []
    assert (bill.number, bill.date, bill.currency, bill.net) == ("ZD-9", date(2026, 5, 4), "CNY", Decimal("28.00"))
    assert [(line.sku, line.charge, line.amount) for line in bill.lines] == [
        ("YW-1", "", Decimal("21.20")), ("", "freight", Decimal("6.80")),
    ]  # fmt: skip


def test_a_german_table():
    bill = read(
        "Rechnungsnr;Rechnungsdatum;Bestellung;Artikelnr;Menge;Einzelpreis;Betrag\n"
        "R-1;04.05.2026;P1;A-1;1.000;1,25;1.250,00\nR-1;04.05.2026;P1;;;;\n"
    )
    assert (bill.lines[0].qty, bill.lines[0].price, bill.net) == (Decimal(1000), Decimal("1.25"), Decimal("1250.00"))
    assert codes(bill) == []


def test_prices_with_tax_inside():
    bill = read("账单号,日期,订单号,货号,数量,含税单价,税率,价税合计\nZ1,2026-05-04,P1,A,2,11.3,13%,22.60\n")
    (line,) = bill.lines
    assert (line.amount, line.tax, bill.gross, codes(bill)) == (Decimal("20.00"), Decimal("2.60"), Decimal("22.60"), [])
    bill = read("账单号,日期,订单号,货号,数量,含税单价,含税金额\nZ1,2026-05-04,P1,A,2,11.3,22.60\n")
    assert (bill.lines[0].included, bill.gross, bill.net) == (True, Decimal("22.60"), None)


def test_freight_and_fees_as_columns_or_rows():
    bill = read(f"{HEADER},Freight,Fee,Discount\nR,2026-05-04,P1,A,2,5,10,3.90,0.50,1\n")
    assert [(line.charge, line.amount, line.ref) for line in bill.charges] == [
        ("freight", Decimal("3.90"), "P1"), ("fee", Decimal("0.50"), "P1"), ("allowance", Decimal("-1"), "P1"),
    ]  # fmt: skip


def test_a_workbook_and_its_formulas():
    rows = [["Invoice no.", "R-5"], ["Invoice date", "2026-05-04"], [],
            ["Order", "SKU", "Quantity", "Unit price", "Amount"],
            ["P1", "A", 2, 5, None]]  # fmt: skip
    assert codes(read(book(rows), "b.xlsx")) == []
    bill = read(book(rows, formulas=[(4, 4, "=C5*D5")]), "b.xlsx")
    assert codes(bill) == ["cell_formula"]
    assert bill.problems[0].place == "5"


def test_a_credit_note_as_a_table():
    bill = read(f"{HEADER}\nG-1,2026-05-04,P1,A,-2,5,-10\n")
    assert (bill.kind, bill.lines[0].qty, bill.lines[0].amount, bill.net) == ("credit", 2, 10, 10)
    assert codes(bill) == []


# --- UBL ---


def test_charges_and_allowances_of_ubl():
    bill = read(
        ubl(
            [("A", 2, "5.00", "10.00")], order="P1", charges=[("3.90", "Versand", 1), ("1.00", "Rabatt", 0)], tax="2.45"
        )
    )
    assert [(line.charge, line.amount) for line in bill.charges] == [
        ("freight", Decimal("3.90")),
        ("allowance", Decimal("-1.00")),
    ]
    assert (bill.net, bill.tax, bill.gross, bill.refs, codes(bill)) == (
        Decimal("12.90"), Decimal("2.45"), Decimal("15.35"), ["P1"], [],
    )  # fmt: skip


def test_a_credit_note_of_ubl():
    bill = read(ubl([("A", 1, "5.00", "5.00")], root="CreditNote"))
    assert (bill.kind, bill.lines[0].qty, codes(bill)) == ("credit", 1, [])


def test_the_account_and_the_tax_number():
    bill = read(ubl([("A", 1, "5", "5.00", "P1")], account="DE89370400440532013000"))
    assert (bill.account, bill.supplier_tax, bill.lines[0].ref) == ("DE89370400440532013000", "DE811907980", "P1")


def test_ten_thousand_lines_of_ubl():
    bill = read(ubl([(f"A-{n}", 1, "1.00", "1.00", f"P{n % 50}") for n in range(10_000)]))
    assert (len(bill.goods), codes(bill)) == (10_000, [])


# --- what is wrong ---

LINE = ("A", 2, "5.00", "10.00", "P1")
BROKEN = {
    "no_number": ubl([LINE], number=""),
    "no_date": ubl([LINE], date=""),
    "future": ubl([LINE], date="2026-05-12", due="2026-06-12"),
    "date_wrong": ubl([LINE], date="2026-02-30"),
    "due_before": ubl([LINE], due="2026-05-01"),
    "currency_unknown": ubl([LINE], currency="XXQ"),
    "two_currencies": ubl([LINE]).replace(b'currencyID="EUR">10.00', b'currencyID="USD">10.00', 1),
    "no_lines": ubl([]),
    "negative": ubl([("A", -2, "5.00", "-10.00", "P1")], net=-10),
    "zero_quantity": ubl([("A", 0, "5.00", "10.00", "P1")]),
    "sum_line": ubl([("A", 2, "5.00", "11.00", "P1")]),
    "sum_net": ubl([LINE], net=12),
    "sum_gross": ubl([LINE], tax="1.90", gross=12.9),
    "not_a_number": ubl([("A", "two", "5.00", "10.00", "P1")]),
    "several_numbers": f"{HEADER}\nR1,2026-05-04,P1,A,1,5,5\nR2,2026-05-04,P1,A,1,5,5\n",
    "cell_formula": f"{HEADER}\nR1,2026-05-04,P1,A,1,5,=F2*2\n",
    "date_doubtful": f"{HEADER}\nR1,04/05/2026,P1,A,1,5,5\n",
    "no_total": b"%PDF-1.7\n...",
    "no_orders": b"%PDF-1.7\n...",
}


@pytest.mark.parametrize("code", BROKEN)
def test_broken_bills(code):
    assert code in codes(read(BROKEN[code]))


REFUSED = {
    "xml_unsafe": ubl([LINE], head=ENTITIES),
    "xml_broken": ubl([LINE])[:-40],
    "no_bill": b"<?xml version='1.0'?><Order/>",
    "bomb": bomb(),
    "no_headings": "what,ever\n1,2\n",
    "broken_workbook": b"PK\x03\x04" + b"x" * 100,
    "too_large": b"<Invoice>" + b" " * (11 * 1024 * 1024),
    "too_many_lines": f"{HEADER}\n" + "R1,2026-05-04,P1,A,1,5,5\n" * 20_001,
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_no_bill(code):
    with pytest.raises(bill_files.BillError) as error:
        read(REFUSED[code])
    assert error.value.code in (
        code,
        {"too_many_lines": "too_many_rows"}.get(code),
        {"broken_workbook": "zip"}.get(code),
    )


def test_xml_as_deep_as_a_well():
    with pytest.raises(bill_files.BillError) as error:
        read(b"<?xml version='1.0'?>" + b"<Invoice>" + b"<a>" * 100 + b"</a>" * 100 + b"</Invoice>")
    assert error.value.code == "xml_unsafe"


@pytest.mark.parametrize("content", [b"MZ\x00\x01", b"<html><script>", b"", b"\x00\x00\x00", b"GIF89a", b"hello"])
def test_what_is_not_taken(content):
    assert bill_files.kind_of(content) == ""


# --- beside the file ---


def test_a_pdf_is_what_was_typed():
    bill = read(b"%PDF-1.7\n", number="R-7", date="2026-05-04", total="1.234,50", orders="P1, P2", currency="eur")
    assert (bill.number, bill.gross, bill.refs, bill.currency, codes(bill)) == (
        "R-7", Decimal("1234.50"), ["P1", "P2"], "EUR", [],
    )  # fmt: skip
    assert {"not_a_number", "date_wrong"} <= set(codes(read(b"%PDF-1.7\n", total="x", date="4.5.")))


def test_what_was_typed_corrects_the_file():
    bill = read(BROKEN["several_numbers"], number="R1")
    assert (bill.number, codes(bill)) == ("R1", [])


def test_the_sheet_to_fill_in_reads_back():
    rows = [
        {"key": "P1:7", "ref": "P1", "sku": "=cmd|A", "name": "台灯", "qty": 2, "price": 5.25, "amount": 10.5},
        {"charge": "freight", "ref": "P1", "amount": 3.9},
    ]
    for lang in ("en_US", "zh_CN"):
        content = template.write(rows, "EUR", lang)
        sheet = load_workbook(io.BytesIO(content)).active
        assert all(cell.data_type != "f" for row in sheet for cell in row)
        bill = read(content, "bill.xlsx", number="R-1", date="2026-05-04")
        assert codes(bill) == []
        assert [(line.key, line.charge, line.amount) for line in bill.lines] == [
            ("P1:7", "", Decimal("10.5")), ("", "freight", Decimal("3.9")),
        ]  # fmt: skip
        assert bill.currency == "EUR"
