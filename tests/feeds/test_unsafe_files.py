"""Files made to harm: refused within seconds, without filling the memory, without touching the disk or the network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from feeds.canon import Column, Plan
from feeds.errors import FeedError
from feeds.reader import read

ADDON = Path(__file__).resolve().parents[2] / "dropship_flow"
MAKERS = Path(__file__).parent / "unsafe_files.py"
# What each may be refused with.
EXPECTED = {
    "zip_four_gigabytes": "zip_unsafe",
    "zip_that_lies_about_its_size": "broken_archive",
    "zip_in_zip": "zip_nested",
    "zip_in_zip_by_name": "zip_nested",
    "gzip_in_gzip": "zip_nested",
    "zip_of_two": "zip_many",
    "zip_out_of_folder": "zip_unsafe",
    "zip_from_root": "zip_unsafe",
    "zip_with_link": "zip_unsafe",
    "zip_with_password": "zip_password",
    "zip_of_nothing": "empty",
    "zip_cut": "broken_archive",
    "gzip_half_gigabyte": "zip_unsafe",
    "gzip_cut": "truncated",
    "gzip_wrong_sum": "broken_archive",
    "xml_bomb": "xml_unsafe",
    "xml_bomb_in_utf16": "xml_unsafe",
    "xml_of_a_file": "xml_unsafe",
    "xml_of_an_address": "xml_unsafe",
    "xml_parameter_entity": "xml_unsafe",
    "xml_without_end": "item_large",
    "xml_deep": "broken_xml",
    "json_deep": "json_unsafe",
    "json_deep_below": "json_unsafe",
    "json_without_end": "item_large",
    "one_endless_line": "line_long",
    "xlsx_a_million_styles": "bomb",
    "xlsx_styles_below_the_limit": "empty",
    "xlsx_styles_in_a_small_part": "bomb",
    "xlsx_bomb": "bomb",
    "xlsx_with_entities": "bomb",
    "xlsx_broken": "broken_workbook",
    "old_excel": "old_excel",
    "picture": "no_table",
    "rar": "no_table",
}
RUN = """
import json, re, socket, sys, time
sys.path[:0] = [{addon!r}]
from feeds.canon import Column, Plan
from feeds.errors import FeedError
from feeds.reader import guess, read
import openpyxl, lxml.etree

def sink(*args, **kwargs):
    raise SystemExit("asked the network")

socket.socket.connect = socket.getaddrinfo = socket.create_connection = sink
opened = []
def watch(event, args):
    if event == "open" and isinstance(args[0], str) and ("passwd" in args[0] or "escaped" in args[0]):
        opened.append(args[0])
sys.addaudithook(watch)
plan = Plan((Column("sku", "sku"), Column("price", "price")))
def peak():
    return int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) / 1024
before, start = peak(), time.process_time()
code = None
try:
    for row in read({path!r}, plan):
        pass
except FeedError as error:
    code = error.code
print(json.dumps([code, time.process_time() - start, peak() - before, opened]))
"""


@pytest.mark.parametrize("name", EXPECTED)
def test_refused_at_once(name, tmp_path):
    path = tmp_path / f"feed_{name}"
    subprocess.run([sys.executable, MAKERS, name, path], check=True, timeout=120)
    code = RUN.format(addon=str(ADDON), path=str(path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert not done.returncode, done.stderr[-2000:]
    refused, seconds, grown, opened = json.loads(done.stdout)
    assert refused == EXPECTED[name]
    assert seconds < 5 and grown < 100, (seconds, grown)
    assert not opened and not list(tmp_path.parent.rglob("escaped*"))


def test_an_entity_of_the_outside_is_never_in_a_row(tmp_path):
    """Whatever a file declares, nothing of the disk gets into a row."""
    secret = tmp_path / "secret.txt"
    secret.write_text("S3CRET")
    text = f'<!DOCTYPE r SYSTEM "file://{secret}"><r><item><sku>A</sku><price>1</price></item></r>'
    (row,) = read(text.encode(), Plan((Column("sku", "sku"), Column("price", "price"))))
    assert row.values[0] == "A"
    include = '<r xmlns:xi="http://www.w3.org/2001/XInclude"><item><sku>A</sku><price>'
    include += f'<xi:include href="file://{secret}" parse="text"/></price></item></r>'
    rows = list(read(include.encode(), Plan((Column("sku", "sku"), Column("price", "price")))))
    assert "S3CRET" not in str(rows)
    with pytest.raises(FeedError):
        list(read(text.replace("><r>", " [<!ENTITY x 'y'>]><r>").encode(), Plan((Column("sku", "sku"),))))
