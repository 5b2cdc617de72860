"""Rows a person corrected are read as their file was, with headings or without."""

from decimal import Decimal

from feeds.canon import POSITION, Column, Good, Plan, Reject
from feeds.corrected import read_cells


def plan(*names, **more):
    return Plan(tuple(Column(name, target) for name, target in zip(names, ("sku", "price", "stock"), strict=False)),
                currency="EUR", **more)  # fmt: skip


def test_columns_without_headings_go_by_their_place():
    numbered = plan("#1", "#3", "#4")
    good, bad = read_cells(
        [{"#1": "A-1", "#2": "Lamp", "#3": "9,90", "#4": "3"}, {"#1": "A-2", "#3": "cheap", "#4": "1"}], numbered
    )
    assert type(good) is Good
    assert (good.values[POSITION["sku"]], good.values[POSITION["price"]]) == ("A-1", Decimal("9.90"))
    assert type(bad) is Reject
    assert bad.reasons[0][0] == "not_a_number"


def test_a_column_alone_has_no_heading_either():
    (good,) = read_cells([{"#2": "SKU", "#1": "Price"}], plan("#2"))
    assert good.values[0] == "SKU", "a word that looks like a heading is a code here"


def test_headings_in_other_capitals_are_the_same():
    (good,) = read_cells([{"Sku ": "A-1", "PRICE": "4.20"}], plan("sku", "price"))
    assert good.values[POSITION["price"]] == Decimal("4.20")


def test_lines_within_a_cell_and_empty_rows():
    long, empty = read_cells([{"sku": 'A "1"', "price": "1", "stock": "2"}, {}], plan("sku", "price", "stock"))
    assert long.values[0] == 'A "1"'
    assert empty.reasons == (("code_missing", {}),)


def test_a_plan_without_a_code_reads_nothing():
    (bad,) = read_cells([{"price": "1"}], Plan((Column("price", "price"),)))
    assert bad.reasons[0][0] == "no_sku_column"
