"""Bills of suppliers as files, read into one form. Knows neither Odoo nor a database.

Nothing is guessed: what does not add up, or can be read in two ways, comes back as a problem with its place.
"""

from . import message, paper, safe_xml, tables, template, ubl
from .checks import check, complete
from .keeping import as_json, from_json
from .matching import Bought, Found, Matcher, plain, refs_of, share
from .model import CHARGES, CREDIT, INVOICE, Bill, BillError, Line, Problem, account_key, masked, number_key

MAX_BYTES = 10 * 1024 * 1024
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "xml": "application/xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def kind_of(content):
    """What the file is by what is in it: one of TYPES; "" for what no bill is.

    >>> kind_of(b"%PDF-1.7"), kind_of(b"<?xml version='1'?><Invoice/>"), kind_of(b"sku,qty\\nA,1"), kind_of(b"MZ\\x00")
    ('pdf', 'xml', 'csv', '')
    """
    for start, kind in (
        (b"%PDF-", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"PK\x03\x04", "xlsx"),
    ):
        if content.startswith(start):
            return kind
    head = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content[:4096].decode("utf-16", "ignore").lstrip()
        return "xml" if text.startswith("<") and not _web_page(text.encode()) else "csv"
    if head.startswith(b"<"):
        return "" if _web_page(head) else "xml"
    return "csv" if head and b"\x00" not in head and b"\n" in content[:100_000].replace(b"\r", b"\n") else ""


def _web_page(head):
    start = head[:400].lower()
    return b"<html" in start or b"<!doctype html" in start or b"<svg" in start or b"<script" in start


def read(kind, name, content, form=None):
    """The bill in a file.

    :param kind: as `kind_of` says; :param form: what was typed beside it, see `paper.typed`
    :return: Bill, completed, not checked
    :raise BillError: for what cannot be read at all
    """
    if len(content) > MAX_BYTES:
        raise BillError("too_large", limit=MAX_BYTES // 2**20)
    if kind == "xml":
        bill = ubl.read(content)
    elif kind in ("xlsx", "csv"):
        bill = tables.read(name, content)
    else:
        bill = Bill()
    return complete(paper.add(bill, form or {}))
