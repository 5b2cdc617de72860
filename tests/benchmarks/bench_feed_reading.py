#!/usr/bin/env python3
"""A million rows of ten columns read into goods: rows a second and memory, per format; a markdown table. No Odoo.

Every format is read in a process of its own. Memory is how much the process grew while reading, at its highest.
`--rows` for other sizes; workbooks are read up to their limit.
"""

import argparse
import gzip
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "dropship_flow"))

from feeds.canon import Column, Good, Plan  # noqa: E402 - the path is known only now
from feeds.reader import read  # noqa: E402

NAMES = ["sku", "name", "ean", "brand", "category", "price", "stock", "weight", "moq", "lead"]
TARGETS = ["sku", "name", "barcode", "brand", "category", "price", "stock", "weight", "moq", "lead_days"]
FORMATS = ("csv", "csv.gz", "gbk.csv", "ndjson", "json", "xml", "xlsx")
WORKBOOK_ROWS = 100_000


def rows_of(count):
    """Rows as a distributor has them: codes, names and barcodes never repeat, brands and categories do."""
    chance = random.Random(7)
    for number in range(count):
        body = f"4{number:011d}"
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
        yield [
            f"SKU-{number:07d}", f"Lamp {number} for desks, 台灯", f"{body}{-total % 10}", f"Brand {number % 300}",
            f"Home > Lamps > Kind {number % 90}", f"{chance.randint(100, 99999) / 100:.2f}",
            str(chance.randint(0, 400)), f"{chance.randint(1, 400) / 100:.2f}", "1", str(chance.randint(1, 9)),
        ]  # fmt: skip


def write(path, kind, count):
    if kind == "xlsx":
        import xlsxwriter  # noqa: PLC0415

        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        for line, row in enumerate([NAMES, *rows_of(min(count, WORKBOOK_ROWS))]):
            sheet.write_row(line, 0, row)
        book.close()
        return
    if kind.endswith("gz"):
        with gzip.open(path, "wt", compresslevel=1) as file:
            write_text(file, kind, count)
    else:
        with open(path, "w", encoding="gb18030" if kind.startswith("gbk") else "utf-8") as file:
            write_text(file, kind, count)


def write_text(file, kind, count):
    if "csv" in kind:
        file.write(",".join(NAMES) + "\n")
        file.writelines(",".join(f'"{text}"' if "," in text else text for text in row) + "\n" for row in rows_of(count))
    elif kind == "xml":
        file.write("<products>\n")
        for row in rows_of(count):
            cells = (f"<{name}>{text.replace('>', '&gt;')}</{name}>" for name, text in zip(NAMES, row, strict=True))
            file.write(f"<product>{''.join(cells)}</product>\n")
        file.write("</products>\n")
    else:
        items = (json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) for row in rows_of(count))
        if kind == "json":
            file.write('{"products": [')
            file.writelines(("," if place else "") + item for place, item in enumerate(items))
            file.write("]}")
        else:
            file.writelines(item + "\n" for item in items)


def measure(path):
    """In a process of its own: seconds, MiB grown, goods, rejects."""
    plan = Plan(tuple(Column(name, target) for name, target in zip(NAMES, TARGETS, strict=True)), currency="EUR")
    list(read(b"sku,price\nA,1\n", Plan((Column("sku", "sku"), Column("price", "price")))))
    before = peak()
    start, used, good, bad, keys = time.perf_counter(), time.process_time(), 0, 0, 0
    for row in read(path, plan):
        if type(row) is Good:
            good += 1
            keys ^= row.key
        else:
            bad += 1
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, time.process_time() - used, peak() - before, good, bad, keys]))


def peak():
    """MiB this process had at its highest."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--formats", nargs="*", default=FORMATS)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
        return
    print("| format | MB | rows | rejects | seconds | of a core | rows/s | MiB grown |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for kind in options.formats:
            path = Path(folder, f"feed.{kind}")
            write(path, kind, options.rows)
            done = subprocess.run(
                [sys.executable, __file__, "--measure", path], capture_output=True, text=True, check=True
            )
            seconds, used, grown, good, bad, _keys = json.loads(done.stdout)
            size = path.stat().st_size / 1e6
            path.unlink()
            speed = f"{seconds:.1f} | {used:.1f} | {good / seconds:,.0f}"
            print(f"| {kind} | {size:.0f} | {good} | {bad} | {speed} | {grown:.0f} |")


if __name__ == "__main__":
    main()
