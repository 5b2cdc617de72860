"""Files as suppliers really send them: each ends as a table, or is refused with the reason."""

import io
import time
import zipfile

import pytest
from feeds import FeedError, guess_columns, read_rows, read_table
from openpyxl import Workbook

ENGLISH = "SKU,Name,Price,Stock\nA-1,Lamp,12.50,100\nA-2,Stand,3.20,5\n"
CHINESE = "货号,品名,供货价(元),库存\nA-1,台灯,￥12.50,100\nA-2,手机支架,3.20,5\n"
GERMAN = "Artikelnummer;Bezeichnung;EK-Preis €;Lagerbestand\nA-1;Leuchte für Räume;1.212,50;100\nA-2;Ständer;3,20;5\n"


def workbook(*rows, **sheets):
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for title, lines in sheets.items():
        extra = book.create_sheet(title)
        for row in lines:
            extra.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content, currency="", name="prices.csv", known=None):
    table = read_table(name, content)
    return read_rows(table, guess_columns(table), currency, known)


ENCODED = {
    "utf-8": ENGLISH.encode(),
    "utf-8 with mark": b"\xef\xbb\xbf" + CHINESE.encode(),
    "utf-16 little": b"\xff\xfe" + CHINESE.encode("utf-16-le"),
    "utf-16 big": b"\xfe\xff" + CHINESE.encode("utf-16-be"),
    "utf-16 without mark": ENGLISH.encode("utf-16-le"),
    "gbk": CHINESE.encode("gbk"),
    "gb18030": CHINESE.replace("台灯", "台灯㐀").encode("gb18030"),
    "cp1252": GERMAN.encode("cp1252"),
    "latin umlauts in utf-8": GERMAN.encode(),
    "windows line ends": CHINESE.replace("\n", "\r\n").encode(),
    "old mac line ends": ENGLISH.replace("\n", "\r").encode(),
    "tabs": ENGLISH.replace(",", "\t").encode(),
    "pipes": ENGLISH.replace(",", "|").encode(),
    "nul bytes": ENGLISH.replace("Lamp", "La\x00mp").encode(),
    "mixed by row": CHINESE.splitlines()[0].encode() + b"\n" + "\n".join(CHINESE.splitlines()[1:]).encode("gbk"),
    "workbook": workbook(("货号", "品名", "供货价", "库存"), ("A-1", "台灯", 12.5, 100), ("A-2", "支架", 3.2, 5)),
    "texts in a workbook": workbook(("sku", "name", "price", "qty"), ("A-1", "L", "12.50", "100"),
                                    ("A-2", "S", 3.2, 5)),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENCODED)
def test_every_encoding_gives_the_same_products(kind):
    good, bad = read(ENCODED[kind])
    assert not bad
    assert [row.sku for row in good] == ["A-1", "A-2"]
    assert [float(row.price) for row in good] in ([12.5, 3.2], [1212.5, 3.2])
    assert [int(row.stock) for row in good] == [100, 5]


@pytest.mark.parametrize("kind", ["gbk", "mixed by row", "utf-16 little", "utf-8 with mark"])
def test_chinese_names_arrive_whole(kind):
    assert read(ENCODED[kind])[0][0].name == "台灯"


def test_german_umlauts_are_not_taken_for_chinese():
    assert read(ENCODED["cp1252"])[0][0].name == "Leuchte für Räume"


ZIP_BOMB = io.BytesIO()
with zipfile.ZipFile(ZIP_BOMB, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("[Content_Types].xml", "<Types/>")
    archive.writestr("xl/workbook.xml", "<workbook/>")
    archive.writestr("xl/worksheets/sheet1.xml", b"0" * (90 << 20))
ENTITIES = io.BytesIO()
with zipfile.ZipFile(ENTITIES, "w") as archive:
    archive.writestr("[Content_Types].xml", "<Types/>")
    archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x/>')
STYLES = io.BytesIO()
with zipfile.ZipFile(STYLES, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("[Content_Types].xml", "<Types/>")
    archive.writestr("xl/styles.xml", b"<xf/>" * 1_000_000)
PLAIN_ZIP = io.BytesIO()
with zipfile.ZipFile(PLAIN_ZIP, "w") as archive:
    archive.writestr("../../prices.csv", ENGLISH)

REFUSED = {
    "empty": (b"", "empty"),
    "only spaces": (b" \r\n\t\n", "empty"),
    "only commas": (b",,,\n,,\n", "empty"),
    "web page": (b"<!DOCTYPE html><html><body>Please log in</body></html>", "web_page"),
    "web page with a mark": (b"\xef\xbb\xbf  <html>", "web_page"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
    "pdf": (b"%PDF-1.7 ...", "no_table"),
    "picture": (b"\xff\xd8\xff\xe0....", "no_table"),
    "gzip": (b"\x1f\x8b\x08\x00....", "no_table"),
    "zip": (PLAIN_ZIP.getvalue(), "zip"),
    "half a workbook": (workbook(("sku", "price"), ("A", 1))[:900], "broken_workbook"),
    "bomb": (ZIP_BOMB.getvalue(), "bomb"),
    "entities": (ENTITIES.getvalue(), "bomb"),
    "a million styles": (STYLES.getvalue(), "bomb"),
    "too large": (b"a,b\n" * (3 << 20), "too_large"),
    "too many rows": (b"a,b\n" * 30_000, "too_many_rows"),
    "too many columns": (b",".join([b"x"] * 500), "too_many_columns"),
    "empty workbook": (workbook(), "empty"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_price_list_is_refused_quickly(kind):
    content, code = REFUSED[kind]
    begin = time.monotonic()
    with pytest.raises(FeedError) as refused:
        read_table("prices", content)
    assert refused.value.code == code
    assert time.monotonic() - begin < 5


def test_preamble_and_footer_are_not_products():
    content = "Yiwu Trading\nValid from May\n\nCode;Item name;Unit price\nA1;Lamp;2,50\nA2;Cup;1,20\nTotal;;3,70\n"
    good, bad = read(content.encode())
    assert [(row.line, row.sku, float(row.price)) for row in good] == [(5, "A1", 2.5), (6, "A2", 1.2)]
    assert [(row.line, row.reasons[0][0]) for row in bad] == [(7, "total_row")]


def test_without_header_columns_are_guessed_by_content():
    content = "K-01,Desk lamp with a warm light,12.50,100\nK-02,Phone stand made of birch,3.20,40\n"
    table = read_table("x", content.encode())
    assert guess_columns(table) == {"price": 2, "stock": 3, "name": 1, "sku": 0}


def test_reordered_and_doubled_headers():
    content = "Stock,Price,Price,Name,Item No.\n5,2.50,9.90,Lamp,A1\n"
    good, _bad = read(content.encode())
    assert (good[0].sku, float(good[0].price), good[0].stock) == ("A1", 2.5, 5)


def test_quotes_that_never_close_do_not_swallow_the_file():
    rows = "".join(f'A{number},Pipe 3" wide "{number},1.50\n' for number in range(60))
    good, bad = read(b'SKU,Name,Price\nA-X,"Open quote,2.50\n' + rows.encode())
    assert len(good) + len(bad) == 61


def test_line_breaks_inside_quotes_keep_the_line_numbers():
    good, bad = read(b'SKU,Name,Price\nA1,"Lamp\nwith two lines",2.50\nA2,Cup,none\n')
    assert good[0].name == "Lamp with two lines"
    assert [row.line for row in bad] == [4]


def test_a_hidden_first_sheet_and_an_empty_one_are_passed_over():
    content = workbook(prices=[("SKU", "Name", "Price"), ("A1", "Lamp", 2.5)])
    assert read(content)[0][0].sku == "A1"


def test_formulas_are_text_and_never_computed():
    good, bad = read(b'SKU,Name,Price\nA1,"=HYPERLINK(""http://x"",""y"")",2.50\nA2,Cup,=1+1\n')
    assert good[0].name.startswith("=HYPERLINK")
    assert bad[0].reasons[0][0] == "formula"


def test_twenty_thousand_rows_take_seconds():
    content = "货号,品名,价格,库存\n" + "".join(f"K{n},商品{n},{n % 90 + 1}.50,{n % 300}\n" for n in range(20_000))
    begin = time.monotonic()
    good, bad = read(content.encode("gbk"))
    assert (len(good), len(bad)) == (20_000, 0)
    assert time.monotonic() - begin < 15
