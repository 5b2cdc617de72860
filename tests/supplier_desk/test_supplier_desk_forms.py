"""What suppliers type, without Odoo."""

import doctest
import importlib

import pytest
from connectors import answer
from supplier_desk import form, paste
from supplier_desk.errors import Typed

LINES = [
    {"line": "7", "sku": "LAMP", "qty": 5.0, "price": 2.0},
    {"line": "8", "sku": "CABLE", "qty": 1.0, "price": 1.0},
]


@pytest.mark.parametrize("name", ["errors", "values", "paste", "form", "text"])
def test_the_examples_hold(name):
    result = doctest.testmod(importlib.import_module(f"supplier_desk.{name}"))
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"now_7": "5", "now_8": "1"},
        {"now_7": "2", "later_7": "3", "later_date_7": "2027/2/28"},
        {"now_7": "0", "now_8": "0", "reason_7": "discontinued"},
        {"price_7": "2,40"},
        {"date_8": "2027-01-02"},
        {"now_7": "0", "substitute_7": "LAMP-2"},
    ],
)
def test_every_form_is_an_answer_as_agreed(data):
    found = answer.clean({"ref": "P1", **form.changed(data, LINES)})
    for line in found["lines"]:
        known = next(row for row in LINES if row["line"] == line["line"])
        assert line["accepted"] + line["backordered"] + line["rejected"] == known["qty"]
        assert bool(line["reason_code"]) == bool(line["rejected"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"now_7": "6"}, "too_many"),
        ({"now_7": "4", "later_7": "2", "later_date_7": "2027-01-01"}, "too_many"),
        ({"now_7": "4", "later_7": "1"}, "later_day"),
        ({"now_7": "many"}, "number"),
        ({"price_7": "nan"}, "number"),
        ({"date_7": "tomorrow"}, "day"),
        ({"date_7": "2027-02-30"}, "day"),
    ],
)
def test_what_cannot_be_meant_is_named(data, code):
    with pytest.raises(Typed) as caught:
        form.changed(data, LINES)
    assert caught.value.code == code


def test_nothing_of_it_is_a_refusal():
    found = form.changed({"now_7": "0", "now_8": "0", "reason_7": "discontinued"}, LINES)
    assert (found["status"], found["reason_code"]) == ("rejected", "discontinued")


def test_two_numbers_do_not_say_what_is_in_each():
    with pytest.raises(Typed) as caught:
        form.shipped(["SF12345", "SF12346"], "", {"in_7": "2"}, LINES)
    assert caught.value.code == "one_parcel"
    with pytest.raises(Typed):
        form.shipped(["SF12345"], "", {"in_7": "6"}, LINES)
    assert form.shipped(["SF12345"], "", {"in_7": "5", "in_8": "1"}, LINES)["parcels"][0]["lines"] == []


def test_numbers_out_of_a_chat():
    text = "\ufeff订单 快递单号 快递\r\np00012，ＳＦ1234567890，顺丰\n\n  P00013 : 75312345678901 中通快递 加急\n"
    rows = paste.read(text, {"P00012", "P00013"})
    assert [(row["ref"], row["numbers"], row["carrier"], row["error"]) for row in rows] == [
        ("P00012", ["SF1234567890"], "顺丰", ""),
        ("P00013", ["75312345678901"], "中通快递 加急", ""),
    ]
    assert paste.words(text) >= {"P00012", "P00013"}


def test_one_number_for_two_orders_is_asked_back():
    rows = paste.read("P1 SF1234567\nP2 SF1234567\nP1 SF1234567", {"P1", "P2"})
    assert [row["error"] for row in rows] == ["", "twice", ""]
    assert paste.orders(rows) == {"P1": [("SF1234567", "")]}


@pytest.mark.parametrize("text", ["", "\n\n", "\x00\x00", "=cmd|' /C calc'!A0", "<script>1</script>", "9" * 99999])
def test_rubbish_is_no_order(text):
    assert not paste.orders(paste.read(text, {"P1"}))
    assert len(paste.read("P1 SF12345\n" * 5000, {"P1"})) <= 2 * paste.MAX_LINES
