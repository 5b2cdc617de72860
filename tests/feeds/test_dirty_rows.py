"""Every dirty row lands where it belongs, with the expected code."""

import doctest
import importlib
from decimal import Decimal

import pytest
from feeds import Table, read_rows

ROLES = {"sku": 0, "name": 1, "price": 2, "stock": 3, "barcode": 4, "weight": 5}
HEADER = ("sku", "name", "price", "stock", "ean", "weight")
GOOD = ("A1", "Lamp", "2.50", "5", "", "")


def read(*rows, currency="USD", known=None, roles=ROLES):
    table = Table("utf-8", ",", HEADER, tuple(enumerate(rows, 2)))
    return read_rows(table, roles, currency, known)


def changed(**cells):
    names = ("sku", "name", "price", "stock", "barcode", "weight")
    return tuple(cells.get(name, value) for name, value in zip(names, GOOD, strict=True))


TAKEN = {
    "thousands and fraction": ("price", "1,234.56", 1234.56),
    "fraction with a comma": ("price", "3,5", 3.5),
    "spaces for thousands": ("price", "1 234,56", 1234.56),
    "no-break space": ("price", "1\u00a0234,56", 1234.56),
    "swiss": ("price", "1'234.50", 1234.5),
    "sign in front": ("price", "$12", 12),
    "sign behind": ("price", "12 USD", 12),
    "full width": ("price", "１２．５", 12.5),
    "per piece": ("price", "12.5/pc", 12.5),
    "many": ("stock", ">100", 100),
    "more than": ("stock", "100+", 100),
    "word": ("stock", "In Stock", None),
    "chinese word": ("stock", "有货", None),
    "gone": ("stock", "sold out", 0),
    "gone in chinese": ("stock", "缺货", 0),
    "nine nine nine": ("stock", "999", 999),
    "below zero": ("stock", "-3", 0),
    "power": ("stock", "1e3", 1000),
    "not available": ("stock", "N/A", 0),
    "dash": ("stock", "-", 0),
    "leading zeros": ("sku", "00123", "00123"),
    "spaces around": ("sku", "  A 1 \u00a0", "A 1"),
    "decimal of a workbook": ("sku", "123.0", "123"),
    "emoji": ("name", "Lamp 🌟", "Lamp 🌟"),
    "barcode as float": ("barcode", "4006381333931.0", "4006381333931"),
    "barcode of eight": ("barcode", "96385074", "96385074"),
    "grams": ("weight", "500g", 0.5),
    "unknown weight": ("weight", "n/a", 0),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAKEN)
def test_readable_values_are_taken(kind):
    name, text, expected = TAKEN[kind]
    good, bad = read(changed(**{name: text}))
    assert not bad
    value = getattr(good[0], name)
    assert (float(value) if isinstance(value, Decimal) else value) == expected


SET_ASIDE = {
    "no code": ({"sku": ""}, "code_missing"),
    "code as a power": ({"sku": "4.00638E+12"}, "code_rounded"),
    "endless code": ({"sku": "X" * 80}, "code_long"),
    "no name": ({"name": "-"}, "name_missing"),
    "no price": ({"price": ""}, "price_missing"),
    "price on request": ({"price": "on request"}, "not_a_number"),
    "price N/A": ({"price": "N/A"}, "price_missing"),
    "price 0": ({"price": "0.00"}, "price_zero"),
    "price below 0": ({"price": "-5"}, "price_negative"),
    "NaN": ({"price": "NaN"}, "not_a_number"),
    "Infinity": ({"price": "Infinity"}, "not_a_number"),
    "a date": ({"price": "00/00/0000"}, "not_a_number"),
    "formula": ({"price": "=A1*2"}, "formula"),
    "command": ({"price": "@SUM(1)"}, "formula"),
    "other currency": ({"price": "€12"}, "other_currency"),
    "huge": ({"price": "99999999999"}, "too_large_number"),
    "two prices": ({"price": "12.5.7.1"}, "not_a_number"),
    "stock word": ({"stock": "soon"}, "not_a_number"),
    "barcode rounded": ({"barcode": "4.00638E+12"}, "barcode_rounded"),
    "barcode check digit": ({"barcode": "4006381333930"}, "barcode_wrong"),
    "barcode short": ({"barcode": "12345"}, "barcode_wrong"),
    "weight words": ({"weight": "light"}, "weight_wrong"),
    "weight of a truck": ({"weight": "5000 kg"}, "weight_wrong"),
    "endless cell": ({"name": "x" * 5000}, "cell_long"),
    "total": ({"sku": "Total"}, "total_row"),
    "total in chinese": ({"sku": "合计："}, "total_row"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SET_ASIDE)
def test_doubtful_rows_are_set_aside_with_the_reason(kind):
    cells, code = SET_ASIDE[kind]
    good, bad = read(changed(**cells), changed(sku="B2"))
    assert [row.sku for row in good] == ["B2"]
    assert [code_ for code_, _params in bad[0].reasons] == [code]
    assert bad[0].line == 2 and bad[0].cells == changed(**cells)


def test_all_reasons_of_a_row_are_told():
    _good, bad = read(changed(sku="", name="", price="0"))
    assert [code for code, _params in bad[0].reasons] == ["code_missing", "name_missing", "price_zero"]


def test_a_code_with_two_prices_is_not_applied():
    good, bad = read(changed(), changed(price="3.00"), changed(sku="B2"))
    assert [row.sku for row in good] == ["B2"]
    assert [(row.line, row.reasons[0][0], row.reasons[0][1]["lines"]) for row in bad] == [
        (2, "code_twice", "2, 3"),
        (3, "code_twice", "2, 3"),
    ]


def test_a_repeated_row_counts_once():
    good, bad = read(changed(), changed(), changed())
    assert (len(good), len(bad)) == (1, 0)


@pytest.mark.parametrize("twin", ["a1", "А1", " A1\u00a0"])
def test_codes_that_look_the_same_are_the_same(twin):
    _good, bad = read(changed(), changed(sku=twin, price="9"))
    assert [row.reasons[0][0] for row in bad] == ["code_twice", "code_twice"]


def test_a_barcode_of_two_products_is_not_applied():
    _good, bad = read(changed(barcode="4006381333931"), changed(sku="B2", barcode="4006381333931"))
    assert [row.reasons[0][0] for row in bad] == ["barcode_twice", "barcode_twice"]


JUMPS = [("2.50", True), ("9.90", True), ("25", False), ("250", False), ("0.02", False)]


@pytest.mark.parametrize(("price", "taken"), JUMPS)
def test_a_price_that_jumps_is_asked_about(price, taken):
    good, bad = read(changed(price=price), known={"a1": Decimal("2.50")})
    assert bool(good) == taken and bool(bad) != taken
    if bad:
        assert bad[0].reasons[0][0] == "price_jump"


def test_a_column_decides_what_a_comma_means():
    good, _bad = read(changed(price="1.250"), changed(sku="B", price="3,50"))
    assert [float(row.price) for row in good] == [1250, 3.5]


def test_a_list_without_stock_offers_everything():
    good, _bad = read(GOOD, roles={name: index for name, index in ROLES.items() if name != "stock"})
    assert good[0].stock is None


def test_short_rows_and_missing_columns_do_not_break():
    _good, bad = read(("A1",), roles={"sku": 0, "name": 7, "price": 9})
    assert [code for code, _params in bad[0].reasons] == ["name_missing", "price_missing"]


@pytest.mark.parametrize("name", ["errors", "sniff", "workbook", "columns", "values", "rows", "pricing"])
def test_examples(name):
    assert not doctest.testmod(importlib.import_module(f"feeds.{name}")).failed
