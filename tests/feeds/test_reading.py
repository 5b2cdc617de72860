"""Reading a feed: columns into fields, warehouses, steps of prices, what is found out and what is remembered."""

import doctest
import gzip
import importlib
import io
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from feeds.canon import FIELDS, POSITION, Column, Good, Plan, Reject
from feeds.errors import FeedError
from feeds.layout import signature_of
from feeds.reader import guess, read
from feeds.transforms import TRANSFORMS, check_transform

PURE = [
    "canon", "cells", "charset", "compiled", "container", "exact", "guessing", "json_items", "layout", "places",
    "reader", "reasons", "sheets", "tables", "targets", "transforms", "xml_items",
]  # fmt: skip


def plan_of(*columns, **settings):
    """`("SKU", "sku")`, `("Stock A", "stock", "A")`, `("Price", "price", "", (("divide", "100"),))`."""
    return Plan(tuple(Column(*column) for column in columns), **{"currency": "EUR", **settings})


def value(row, field):
    return row.values[POSITION[field]]


def codes(row):
    return [code for code, _figures in row.reasons]


BASIC = (("sku", "sku"), ("price", "price"), ("stock", "stock"))


def test_one_row_is_goods_of_each_warehouse():
    plan = plan_of(("sku", "sku"), ("price", "price"), ("East", "stock", "EAST"), ("West", "stock", "WEST"))
    east, west = read(b"sku,price,East,West\nA,1,5,In Stock\n", plan)
    assert [value(east, name) for name in ("warehouse", "stock", "stock_mode")] == ["EAST", 5, "limited"]
    assert [value(west, name) for name in ("warehouse", "stock", "stock_mode")] == ["WEST", None, "unlimited"]
    assert east.key != west.key
    assert {"warehouse", "stock", "stock_mode", "currency"} <= set(plan.targets)


def test_a_bad_stock_of_one_warehouse_sets_the_row_aside_once():
    plan = plan_of(("sku", "sku"), ("East", "stock", "EAST"), ("West", "stock", "WEST"))
    (row,) = read(b"sku,East,West\nA,5,soon\n", plan)
    assert isinstance(row, Reject) and codes(row) == ["not_a_number"]


def test_steps_of_a_price():
    plan = plan_of(("sku", "sku"), ("from 1", "price", "1"), ("from 100", "price", "100"), ("from 10", "price", "10"))
    first, second, third = read(b"sku;from 1;from 10;from 100\nA;3,00;2,50;2,20\nB;3,00;;2,00\nC;3,00;3,50;\n", plan)
    assert value(first, "price") == 3 and json.loads(value(first, "tiers")) == [[1, 3], [10, 2.5], [100, 2.2]]
    assert json.loads(value(second, "tiers")) == [[1, 3], [100, 2]]
    assert codes(third) == ["tiers_rise"]
    with pytest.raises(FeedError, match="tier_wrong"):
        list(read(b"sku,a\nA,1\n", plan_of(("sku", "sku"), ("a", "price", "many"))))


def test_steps_of_a_price_in_one_cell():
    plan = plan_of(("sku", "sku"), ("price", "price"), ("steps", "tiers"))
    first, second = read(b"sku,price,steps\nA,3,10=2.50; 100=2.20\nB,3,cheap\n", plan)
    assert json.loads(value(first, "tiers")) == [[10, 2.5], [100, 2.2]]
    assert codes(second) == ["tiers_wrong"]


def test_several_columns_into_one_field():
    plan = plan_of(
        ("sku", "sku"), ("Top", "category"), ("Sub", "category"), ("Colour", "attributes", "colour"),
        ("Size", "attributes"), ("Main", "image_urls"), ("More", "image_urls"),
    )  # fmt: skip
    text = "sku\tTop\tSub\tColour\tSize\tMain\tMore\nA\tHome\tLamps\tred\t\thttps://a.example/1.jpg\t"
    text += "https://a.example/1.jpg http://a.example/2.jpg javascript:alert(1)\n"
    (row,) = read(text.encode(), plan)
    assert value(row, "category") == "Home > Lamps"
    assert json.loads(value(row, "attributes")) == {"colour": "red"}
    assert value(row, "image_urls") == "https://a.example/1.jpg\nhttps://a.example/2.jpg"


def test_a_description_is_plain_text():
    (row,) = read(
        b'sku,text\nA,"<p>Red &amp; blue</p><script>alert(1)</script><ul><li>big</li></ul>"\n',
        plan_of(("sku", "sku"), ("text", "description")),
    )
    assert value(row, "description") == "Red & blue\nbig"


def test_what_a_feed_does_not_say_is_none():
    (row,) = read(b"sku,stock\nA,5\n", plan_of(("sku", "sku"), ("stock", "stock"), currency=""))
    said = {name for name in FIELDS if value(row, name) is not None}
    assert said == {"sku", "stock", "stock_mode"}


def test_currency_of_a_column_of_the_cell_and_of_the_feed():
    plan = plan_of(("sku", "sku"), ("price", "price"), ("cur", "currency"))
    own, general, both, unknown = read(b"sku,price,cur\nA,1,usd\nB,1,\nC,EUR 1,USD\nD,1,XXL\n", plan)
    assert (value(own, "currency"), value(general, "currency")) == ("USD", "EUR")
    assert codes(both) == ["other_currency"] and codes(unknown) == ["currency_unknown"]
    (dollars,) = read(b"sku,price\nA,$5\n", plan_of(("sku", "sku"), ("price", "price"), currency="CAD"))
    assert value(dollars, "currency") == "CAD"
    (other,) = read(b"sku,price\nA,USD 5\n", plan_of(("sku", "sku"), ("price", "price"), currency="CAD"))
    assert codes(other) == ["other_currency"]


def test_steps_count_with_the_mark_of_the_column():
    plan = plan_of(
        ("sku", "sku"), ("price", "price", "", (("divide", "1.19"),)), ("w", "weight", "", (("lb_to_kg", ""),))
    )
    first, second = read("sku;price;w\nA;€ 1.190,00;2 lb\nB;11,90;1,5\n".encode(), plan)
    assert (value(first, "price"), value(second, "price")) == (1000, 10)
    assert value(first, "weight") == Decimal("0.90718474")


def test_steps_are_done_in_order():
    steps = (("extract", r"ACME-(\d+)"), ("prefix", "K"), ("lower", ""))
    (row,) = read(b"code\nSupplier ACME-0042 blue\n", plan_of(("code", "sku", "", steps)))
    assert value(row, "sku") == "k0042"


def test_an_unknown_step_is_said_before_anything_is_read():
    for step, code in [
        (("shout", ""), "transform_unknown"),
        (("divide", "0"), "transform_argument"),
        (("multiply", "a lot"), "transform_argument"),
        (("extract", "(a+)+$"), "transform_argument"),
        (("extract", "(a|aa)*b"), "transform_argument"),
        (("extract", "["), "transform_argument"),
        (("extract", r"(a)\1"), "transform_argument"),
        (("split", ", => last"), "transform_argument"),
        (("replace", ""), "transform_argument"),
    ]:
        with pytest.raises(FeedError) as refused:
            next(read(b"sku\nA\n", plan_of(("sku", "sku", "", (step,)))))
        assert refused.value.code == code, step


def test_every_step_leaves_any_text_alive():
    odd = ["", " ", "NaN", "Infinity", "😀" * 50, "-", "1e999", "=1+1", "\u00a0", "9" * 400, "<" * 300, "a=b"]
    arguments = {"multiply": "2", "divide": "3", "add": "1", "percent": "5", "split": ", => 2", "part": "1-3",
                 "extract": r"\d+", "date_format": "%d.%m.%Y", "map_words": "a=b; *=c", "replace": "a => b"}  # fmt: skip
    for name, function in TRANSFORMS.items():
        argument = arguments.get(name, "x")
        check_transform(name, argument)
        assert function.__doc__ and ">>>" in function.__doc__
        for text in odd:
            assert isinstance(function(text, argument), str)


def test_dates_follow_each_other():
    plan = plan_of(("sku", "sku"), ("from", "date_from"), ("to", "date_to"))
    first, second = read(b"sku,from,to\nA,01/02/2026,25/12/2026\nB,03/04/2026,\n", plan)
    assert value(first, "date_from") == date(2026, 2, 1) and value(second, "date_from") == date(2026, 4, 3)
    doubtful = next(read(b"sku,from,to\nA,01/02/2026,\n", plan))
    assert codes(doubtful) == ["date_doubtful"]
    said = next(
        read(b"sku,from,to\nA,01/02/2026,\n", plan_of(*[("sku", "sku"), ("from", "date_from")], date_order="mdy"))
    )
    assert value(said, "date_from") == date(2026, 1, 2)


def test_a_number_of_json_or_a_workbook_has_a_point_whatever_others_write():
    items = [{"sku": "A", "price": 1.234, "stock": 1}, {"sku": "B", "price": "3,50", "stock": "2"}]
    first, second = read(json.dumps(items).encode(), plan_of(*BASIC))
    assert (value(first, "price"), value(second, "price")) == (Decimal("1.234"), Decimal("3.5"))


def test_variants_below_their_product():
    plan = plan_of(
        ("sku", "sku"), ("../title", "name"), ("price.amount", "price"), ("../tags", "category"),
        ("option", "attributes", "colour"), item_path="data.products[].variants",
    )  # fmt: skip
    product = {"title": "Lamp", "tags": ["Home", "Desk"], "variants": [
        {"sku": "L-R", "option": "red", "price": {"amount": 5}},
        {"sku": "L-B", "option": "blue", "price": {"amount": "6"}},
    ]}  # fmt: skip
    red, blue = read(json.dumps({"data": {"products": [product]}}).encode(), plan)
    assert (value(red, "sku"), value(red, "name"), value(blue, "price")) == ("L-R", "Lamp", 6)
    text = "<c><p><title>Lamp</title><vs><v id='L-R'><price>5</price></v><v id='L-B'><price>6</price></v></vs></p></c>"
    plan = plan_of(("@id", "sku"), ("../title", "name"), ("price", "price"), item_path="c/p[]/vs/v")
    red, blue = read(text.encode(), plan)
    assert (value(red, "name"), value(blue, "sku"), value(blue, "price")) == ("Lamp", "L-B", 6)


def test_google_merchant_as_atom_with_many_images():
    text = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
        xmlns:g="http://base.google.com/ns/1.0"><title>x</title>
        <entry><g:id>A</g:id><title>Lamp &#8211; blue</title><g:price>15.00 USD</g:price>
        <g:availability>in_stock</g:availability><g:image_link>https://a.example/1.jpg</g:image_link>
        <g:additional_image_link>https://a.example/2.jpg</g:additional_image_link>
        <g:additional_image_link>https://a.example/3.jpg</g:additional_image_link>
        <g:gtin>4006381333931</g:gtin><g:shipping_weight>500 g</g:shipping_weight>
        <g:item_group_id>G1</g:item_group_id><g:color>blue</g:color><g:product_type>Home &gt; Lamps</g:product_type>
        <g:google_product_category>Lighting</g:google_product_category></entry></feed>"""
    found = guess(text.encode(), "feed.xml")
    (row,) = found.first
    assert value(row, "image_urls").count("\n") == 2
    assert value(row, "weight") == Decimal("0.5") and value(row, "group_code") == "G1"
    assert value(row, "category") == "Home > Lamps" and value(row, "currency") == "USD"
    assert found.items == "feed/entry" and found.plan.item_path == "feed/entry"


def test_other_prefixes_do_not_matter():
    text = '<x:list xmlns:x="urn:a"><x:item x:no="A"><x:price>5</x:price></x:item></x:list>'
    (row,) = read(text.encode(), plan_of(("@no", "sku"), ("y:price", "price"), item_path="list/item"))
    assert (value(row, "sku"), value(row, "price")) == ("A", 5)


def test_a_file_may_be_a_path_bytes_or_a_stream(tmp_path):
    content = gzip.compress(b"sku,price,stock\nA,1,2\n")
    path = tmp_path / "feed.csv.gz"
    path.write_bytes(content)
    plan = plan_of(*BASIC)
    expected = list(read(path, plan))
    assert expected == list(read(str(path), plan)) == list(read(content, plan)) == list(read(io.BytesIO(content), plan))

    class Pipe(io.RawIOBase):
        """Something one cannot jump in."""

        def __init__(self):
            self.inner = io.BytesIO(content)

        def readable(self):
            return True

        def readinto(self, buffer):
            data = self.inner.read(len(buffer))
            buffer[: len(data)] = data
            return len(data)

    assert list(read(Pipe(), plan)) == expected
    stream = io.BytesIO(content)
    list(read(stream, plan))
    assert not stream.closed


def test_the_key_is_the_same_in_every_process():
    code = "import sys; sys.path.insert(0, sys.argv[1]); from feeds.reader import read; from feeds.canon import *; "
    code += (
        "print([r.key for r in read(b'sku,price\\nA,1.50\\n', Plan((Column('sku', 'sku'), Column('price', 'price'))))])"
    )
    addon = str(Path(__file__).resolve().parents[2] / "dropship_flow")
    runs = {
        subprocess.run(
            [sys.executable, "-c", code, addon], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1
    same = {
        row.key for row in read(b"sku,price\nA,1.50\nA,1.5\nA,01.500\n", plan_of(("sku", "sku"), ("price", "price")))
    }
    assert len(same) == 1 and all(-(2**63) <= key < 2**63 for key in same)


def test_a_cell_of_ten_megabytes_sets_its_row_aside():
    content = b"sku,name,price\nA,Lamp,1\nB," + b"x" * 10_000_000 + b",1\nC,Lamp,1\n"
    first, second, third = read(content, plan_of(("sku", "sku"), ("name", "name"), ("price", "price")))
    assert isinstance(first, Good) and isinstance(third, Good) and codes(second) == ["cell_long"]
    assert len(json.dumps(second.cells).encode()) <= 4096 + 200


def test_a_reject_is_never_larger_than_it_may_be():
    wide = ",".join(f"column {number}" for number in range(200))
    cells = ",".join("灯" * 100 for _number in range(200))
    (row,) = read(f"sku,{wide}\n#N/A,{cells}\n".encode(), plan_of(("sku", "sku")))
    assert codes(row) == ["code_missing"]
    assert sum(len(name.encode()) + len(text.encode()) for name, text in row.cells.items()) <= 4096


def test_columns_by_their_place():
    good = list(read(b"A-1;Lamp;1,50\nA-2;Desk;2,50\n", plan_of(("#1", "sku"), ("#3", "price"))))
    assert [(row.line, value(row, "sku"), value(row, "price")) for row in good] == [(1, "A-1", 1.5), (2, "A-2", 2.5)]


def test_the_header_is_compared_with_the_one_that_was_mapped():
    plan = plan_of(*BASIC, header_signature=signature_of(("sku", "price", "stock")))
    with pytest.raises(FeedError) as refused:
        list(read(b"sku,cost,stock,colour\nA,1,1,red\n", plan))
    assert refused.value.params == {"missing": "price", "new": "cost, colour"}
    renamed = plan_of(*BASIC, header_signature="sku\nprice\nstock")
    with pytest.raises(FeedError) as refused:
        list(read(b'[{"sku": "A", "cost": 1, "stock": 1}]', renamed))
    assert refused.value.params == {"missing": "price", "new": "cost"}


def test_the_format_of_the_feed_is_kept_to():
    plan = plan_of(*BASIC, file_format="xml")
    with pytest.raises(FeedError) as refused:
        list(read(b'[{"sku": "A"}]', plan))
    assert (refused.value.code, refused.value.params) == ("other_format", {"expected": "XML", "found": "JSON"})
    assert len(list(read(b"sku,price,stock\nA,1,1\n", plan_of(*BASIC, file_format="xlsx")))) == 1


def test_guess_keeps_what_is_known():
    known = plan_of(("Code", "sku"), ("Net", "retail_price"))
    found = guess(b"Code,Net,Price,Colour,Shelf\nA,9.99,5.00,red,7\n", "a.csv", known)
    assert [(column.source, column.target) for column in found.plan.columns] == [
        ("Code", "sku"), ("Net", "retail_price"), ("Price", "price"), ("Colour", "attributes"),
    ]  # fmt: skip
    assert found.header == ("Code", "Net", "Price", "Colour", "Shelf")
    assert found.sample == ({"Code": "A", "Net": "9.99", "Price": "5.00", "Colour": "red", "Shelf": "7"},)


def test_guess_without_a_code_reads_nothing_yet():
    found = guess(b"Colour,Price\nred,5.00\n", "a.csv")
    assert not found.first and found.sample and found.plan.columns
    with pytest.raises(FeedError, match="no_sku_column"):
        list(read(b"Colour,Price\nred,5.00\n", found.plan))


def test_guess_remembers_a_comma_for_a_short_file_later():
    found = guess(b"Artikelnummer;Preis\nA;1,50\nB;1.250,00\n", "a.csv")
    (row,) = read(b"Artikelnummer;Preis\nC;1.250\n", found.plan)
    assert found.plan.decimal_mark == "," and value(row, "price") == 1250


@pytest.mark.parametrize("name", PURE)
def test_examples(name):
    assert not doctest.testmod(importlib.import_module(f"feeds.{name}")).failed
