"""The dirty-data list: every row ends in its bin, with its code, in every dialect that can hold it."""

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from feeds.canon import POSITION, Column, Good, Plan
from feeds.errors import FeedError
from feeds.layout import signature_of
from feeds.reader import read
from openpyxl import Workbook

GOLDEN = Path(__file__).parent / "golden"
DIALECTS = json.loads((GOLDEN / "dialects.json").read_text())
ROWS = [json.loads(line) for line in (GOLDEN / "rows.jsonl").read_text().splitlines()]
FILES = [json.loads(line) for line in (GOLDEN / "files.jsonl").read_text().splitlines()]
TARGETS = {
    "sku": "sku", "name": "name", "price": "price", "stock": "stock", "ean": "barcode", "arrival": "next_arrival",
    "weight": "weight", "pack": "pack", "lead": "lead_days", "eol": "discontinued", "hs": "hs_code", "origin": "origin",
}  # fmt: skip
CLEAN = dict.fromkeys(TARGETS, "") | {
    "sku": "A-1", "name": "Lamp", "price": "12.50", "stock": "5", "ean": "4006381333931"
}  # fmt: skip
PLAN = Plan(tuple(Column(source, target) for source, target in TARGETS.items()), currency="EUR")
SHORT = Plan(PLAN.columns[:4], currency="EUR", header_signature=signature_of(("sku", "name", "price", "stock")))


def written(rows, dialect):
    """The bytes of a file with these rows, or None where the dialect cannot hold them."""
    kind = dialect.get("format", "csv")
    if kind == "xlsx":
        return workbook(rows)
    text = {"csv": delimited, "json": as_json, "ndjson": as_lines, "xml": as_xml}[kind](rows, dialect)
    try:
        content = bytes.fromhex(dialect.get("mark", "")) + text.encode(dialect["encoding"])
    except UnicodeEncodeError:
        return None
    return packed(content, dialect.get("packed"))


def packed(content, how):
    if how == "gzip":
        return gzip.compress(content)
    stream = io.BytesIO()
    if how == "zip":
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("prices.csv", content)
        return stream.getvalue()
    return content


def delimited(rows, dialect):
    newline = dialect.get("newline", "\n")
    stream = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if dialect.get("quoting") else csv.QUOTE_MINIMAL
    writer = csv.writer(stream, delimiter=dialect["delimiter"], lineterminator=newline, quoting=quoting)
    writer.writerow(TARGETS)
    writer.writerows(row.values() for row in rows)
    before = dialect.get("before", "")
    return before.replace("\n", newline) + (newline if before else "") + stream.getvalue()


def as_json(rows, _dialect):
    return json.dumps({"meta": {"count": len(rows)}, "items": rows}, ensure_ascii=False)


def as_lines(rows, _dialect):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_xml(rows, _dialect):
    def safe(text):
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    items = ("".join(f"<{name}>{safe(text)}</{name}>" for name, text in row.items()) for row in rows)
    return f"<list>{''.join(f'<item>{item}</item>' for item in items)}</list>"


def workbook(rows):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(TARGETS))
    for row in rows:
        sheet.append(list(row.values()))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cells_of(entry):
    if entry.get("header"):
        return dict(zip(TARGETS, TARGETS, strict=True))
    if "only" in entry:
        return dict.fromkeys(TARGETS, "") | entry["only"]
    cells = CLEAN | entry["cells"]
    return {name: "x" * int(text[1:]) if text.startswith("*") else text for name, text in cells.items()}


def neighbours(dialect):
    return [CLEAN | {"sku": f"Z-{number}", "name": dialect.get("name", "Lamp")} for number in range(4)]


def test_the_list_is_as_long_as_promised():
    assert len(ROWS) >= 60 and len(DIALECTS) >= 12
    assert len({entry["about"] for entry in ROWS}) == len(ROWS)


@pytest.mark.parametrize("name", DIALECTS)
def test_every_row_ends_in_its_bin(name):
    dialect = DIALECTS[name]
    tried = 0
    for entry in ROWS:
        if name in entry.get("not", ()) or dialect.get("format") in entry.get("not", ()):
            continue
        first, second, *rest = neighbours(dialect)
        content = written([first, second, cells_of(entry), *rest], dialect)
        if content is None:
            continue
        tried += 1
        found = list(read(content, Plan(PLAN.columns, currency="EUR", encoding=dialect.get("said", ""))))
        around = [*found[:2], *found[-2:]]
        assert all(isinstance(row, Good) for row in around), (entry["about"], around)
        assert {row.values[POSITION["name"]] for row in around} == {dialect.get("name", "Lamp")}, entry["about"]
        check(entry, found[2:-2])
    assert tried >= 50


def check(entry, found):
    if entry["bin"] == "none":
        assert not found, entry["about"]
        return
    (row,) = found
    if entry["bin"] == "good":
        assert isinstance(row, Good), (entry["about"], row)
        read_as = {name: str(row.values[POSITION[name]]) for name in entry["read"]}
        assert read_as == entry["read"], entry["about"]
    else:
        assert not isinstance(row, Good), (entry["about"], row)
        assert [code for code, _figures in row.reasons] == entry["codes"], entry["about"]
        json.dumps(row.cells).encode()  # can be kept


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["about"])
def test_every_file_ends_as_it_must(entry):
    parts = entry.get("parts") or [[entry.get("encoding", "utf-8"), entry["text"]]]
    content = b"".join(text.encode(encoding) for encoding, text in parts)
    if "error" in entry:
        with pytest.raises(FeedError) as refused:
            list(read(content, SHORT))
        assert refused.value.code == entry["error"]
        return
    found = list(read(content, SHORT))
    bins = ["good" if isinstance(row, Good) else row.reasons[0][0] for row in found]
    assert bins == entry["bins"]
