"""Flat files with a supplier's own columns."""

import io

import pytest
from feeds.errors import FeedError
from openpyxl import load_workbook
from sheets import layout

ROWS = [
    {"action": "order", "ref": "P1", "sku": "A-1", "qty": 2.0, "price": 9.5, "amount": 19.0, "recipient": "王小明",
     "phone": "+49 30 1234", "street": "=cmd|x", "margin": 99, "order_date": "2026-11-26"},
    {"action": "cancel", "ref": "P2", "sku": "00012", "qty": 1.5, "price": 1.25, "amount": 1.88, "recipient": "Jörg"},
]  # fmt: skip


def make(*columns, **values):
    found = [{"heading": heading, "field": name} for heading, name in columns]
    return {"format": "csv", "separator": "semicolon", "encoding": "utf-8", "decimal": ",", "header": True,
            "totals": False, "columns": found, **values}  # fmt: skip


OUT = make(("Bestellung", "ref"), ("Artikel", "sku"), ("Menge", "qty"), ("Preis", "price"), ("Name", "recipient"),
           ("Telefon", "phone"), ("Straße", "street"))  # fmt: skip
IN = make(("Bestellung", "ref"), ("Artikel", "sku"), ("Menge", "qty"), ("Paket", "number"), ("Dienst", "carrier"),
          ("Status", "status"), ("Rückstand", "backordered"), ("Preis", "price"), ("Datum", "date"))  # fmt: skip


def test_a_file_is_written_as_the_layout_says():
    text = layout.write(OUT, ROWS).decode()
    assert text.splitlines() == [
        "Bestellung;Artikel;Menge;Preis;Name;Telefon;Straße",
        "P1;A-1;2;9,5;王小明;+49 30 1234;'=cmd|x",
        "P2;00012;1,5;1,25;Jörg;;",
    ]


def test_totals_fixed_texts_and_dates():
    wanted = make(("P", "ref"), ("D", "order_date"), ("Shop", "fixed"), totals=True, header=False, separator="comma")
    wanted["columns"][1]["date_format"] = "%d.%m.%Y"
    wanted["columns"][2]["fixed"] = "LUMEN"
    assert layout.write(wanted, ROWS).decode().splitlines() == [
        "P1,26.11.2026,LUMEN",
        "P2,,LUMEN",
        'TOTAL,2,2,"3,5","20,88"',
    ]


@pytest.mark.parametrize("encoding", layout.ENCODINGS)
def test_encodings(encoding):
    rows = [{**ROWS[1], "street": "Größe"}]
    assert "Größe" in layout.write({**OUT, "encoding": encoding}, rows).decode(encoding)


def test_what_an_encoding_cannot_say_is_refused():
    with pytest.raises(FeedError) as refused:
        layout.write({**OUT, "encoding": "cp1252"}, ROWS)
    assert refused.value.code == "encoding" and "王" in refused.value.params["text"]


def test_a_workbook_holds_text_only():
    sheet = load_workbook(io.BytesIO(layout.write({**OUT, "format": "xlsx"}, ROWS))).active
    assert sheet["B3"].value == "00012"
    assert sheet["G2"].value == "=cmd|x" and sheet["G2"].data_type == "s"


def read(text, wanted=IN):
    return layout.read(wanted, text.encode("utf-8"), "x.csv")


HEAD = "Bestellung;Artikel;Menge;Paket;Dienst;Status;Rückstand;Preis;Datum\n"


def test_parcels_and_answers_of_one_file():
    reading = read(
        HEAD
        + "P1;A-1;2;00123456789012345678;DHL;versendet;;;\n"
        + "P2;B-2;1;;;bestätigt;;;\n"
        + "P3;C-3;1;;;ausverkauft;;;\n"
        + "P4;D-4;5;;;;3;1.234,50;24.12.2026\n"
        + "P5;E-5;1;;;offen;;;\n"
    )
    said = {answer["ref"]: answer for answer in reading}
    assert said["P1"]["status"] == "shipped"
    assert said["P2"]["status"] == "accepted"
    assert said["P3"]["lines"][0]["reason_code"] == "out_of_stock"
    line = said["P4"]["lines"][0]
    assert (line["backordered"], line["price"], line["date"]) == (3.0, 1234.5, "2026-12-24")
    assert said["P5"]["status"] == "received"
    assert not reading.rejected


def test_a_refused_order_and_a_cancelled_one():
    wanted = make(("Bestellung", "ref"), ("Status", "status"), ("Grund", "reason"))
    refused, stopped = read("Bestellung;Status;Grund\nP1;缺货;停产了\nP2;storniert;\n", wanted)
    assert (refused["status"], refused["reason"]) == ("rejected", "停产了")
    assert stopped["status"] == "cancelled"


def test_rows_that_are_given_back():
    reading = read(
        HEAD
        + "P1;A-1;2;;;vielleicht;;;\n"
        + "P1;A-1;2;;;versendet;;;\n"
        + "P1;A-1;2;;;;x;;\n"
        + "P1;A-1;2;;;;;teuer;\n"
        + "P1;A-1;2;;;;;;bald\n"
        + "P1;;;;;;2;;\n"
    )
    assert [row.code for row in reading.rejected] == [
        "status_unknown", "number_missing", "qty_wrong", "price_wrong", "date_wrong", "line_missing"
    ]  # fmt: skip


def test_totals_prove_the_file_is_whole():
    wanted = {**IN, "totals": True}
    body = HEAD + "P1;A-1;2;SF1234567;DHL;;;;\nP1;B-2;1;SF1234567;DHL;;;;\n"
    assert len(read(body + "TOTAL;1;2;3\n", wanted)) == 1
    for end, code in (("", "totals_missing"), ("TOTAL;1;3;3\n", "totals_differ"), ("TOTAL;1;2;4\n", "totals_differ")):
        with pytest.raises(FeedError) as refused:
            read(body + end, wanted)
        assert refused.value.code == code


def test_without_a_heading_the_position_counts():
    wanted = make(("", "ref"), ("", "number"), header=False)
    (answer,) = read("P1;SF1234567\n", wanted)
    assert answer["parcels"][0]["number"] == "SF1234567"


def test_a_file_without_the_agreed_columns_is_refused():
    for text in ("Foo;Bar\n1;2\n", "Bestellung;Artikel\nP1;A\n"):
        with pytest.raises(FeedError) as refused:
            read(text)
        assert refused.value.code == "column_missing"
