"""Rows as PostgreSQL's COPY reads them as text, made while it reads. Pure Python: no Odoo import."""

import json
from datetime import date
from decimal import Decimal

NULL = "\x01"  # what COPY is told to read as NULL; no cell of a feed says only this
# A backslash is written as two, and what would end a cell or a row by its escape; NUL cannot be stored at all.
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\x00": None})
CHUNK = 1 << 16


def text_of(value):
    r"""A value as COPY wants it, not escaped yet.

    >>> [text_of(value) for value in (None, True, 3, Decimal("1.50"), date(2026, 3, 1), {"colour": "red"})]
    ['\x01', 't', '3', '1.50', '2026-03-01', '{"colour": "red"}']
    >>> text_of([[1, Decimal("2.5")]])
    '[[1, "2.5"]]'
    """
    if value is None:
        return NULL
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=str).replace("\\u0000", "")
    return str(value)


def row_text(values):
    r"""One row, with the end of its line. Nearly every row has nothing to escape, which one look tells.

    >>> row_text((1, "lamp", None))
    '1\tlamp\t\x01\n'
    >>> row_text(("a\tb", "C:\\x", "two\nlines", "nul\x00"))
    'a\\tb\tC:\\\\x\ttwo\\nlines\tnul\n'
    """
    cells = [value if isinstance(value, str) else text_of(value) for value in values]
    row = "\t".join(cells)
    if (
        "\\" in row
        or "\n" in row
        or "\r" in row
        or "\x00" in row
        or row.count("\t") != len(cells) - 1
    ):
        row = "\t".join(cell.translate(ESCAPES) for cell in cells)
    return row + "\n"


class CopyStream:
    r"""What COPY reads from: rows of an iterator, never more than a chunk of them in memory.

    An error of the iterator ends the data and is kept as `error`: raised inside COPY it would lose its class.

    >>> stream = CopyStream(iter([(1, "a"), (2, "b")]))
    >>> stream.read(), stream.read(), stream.rows
    (b'1\ta\n2\tb\n', b'', 2)
    >>> def broken():
    ...     yield (1, "a")
    ...     raise ValueError("truncated")
    >>> stream = CopyStream(broken())
    >>> stream.read(), stream.error
    (b'1\ta\n', ValueError('truncated'))
    """

    def __init__(self, rows):
        self.source = iter(rows)
        self.rest = b""
        self.rows = 0
        self.error = None

    def read(self, size=CHUNK):
        parts, length = [self.rest], len(self.rest)
        while length < size:
            text = self._next_rows()
            if not text:
                break
            parts.append(text)
            length += len(text)
        data = b"".join(parts)
        self.rest = data[size:]
        return data[:size]

    def _next_rows(self, count=200):
        if self.error:
            return b""
        found = []
        try:
            for row in self.source:
                found.append(row_text(row))
                if len(found) >= count:
                    break
        except Exception as error:  # noqa: BLE001 - whoever reads raises it again, outside COPY
            self.error = error
        self.rows += len(found)
        return "".join(found).encode("utf-8", "replace")
