"""Workbooks of a feed row by row; nothing in them is computed, nothing but texts that repeat is held.

Read as the XML they are: a hundred thousand rows in seconds, where a library for workbooks takes a minute.
"""

import posixpath
import re
import zipfile
import zlib
from datetime import date, timedelta

from .errors import FeedError
from .exact import Exact
from .workbook import cell_text, check_archive
from .xml_items import pulled

MAX_ROWS = 500_000
MAX_COLUMNS = 500
MAX_UNPACKED = 400 * 1024**2
EMPTY_ROWS = 2_000
# Numbers of formats that are dates in every workbook, and what a format of one's own has in it if it is one.
DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
NO_DATE_PART = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
PLAIN = re.compile(r"-?\d{1,15}").fullmatch


def sheet_rows(source):
    """(line, [text, …]) of the first visible sheet with anything in it."""
    with source.open_workbook() as stream:
        check_archive(stream, MAX_UNPACKED)
        try:
            with zipfile.ZipFile(stream) as archive:
                yield from _Book(archive).rows()
        except FeedError as error:
            if error.code in ("broken_xml", "truncated", "xml_unsafe"):
                raise FeedError("broken_workbook") from error
            raise
        except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, OSError, EOFError, RuntimeError) as error:
            raise FeedError("broken_workbook") from error


class _Book:
    def __init__(self, archive):
        self._archive = archive
        self._names = set(archive.namelist())
        self._epoch = EPOCH
        self._sheets = self._find_sheets()
        self._texts = [_text_of(item) for item in self._elements("sharedStrings.xml", "si")]
        self._dates = self._date_styles()
        self._columns = {}

    def _elements(self, name, *tags):
        path = f"xl/{name}"
        if path in self._names:
            with self._archive.open(path) as part:
                yield from pulled(part, tags)

    def _find_sheets(self):
        """Paths of the visible sheets in their order."""
        targets = {
            link.get("Id"): link.get("Target") for link in self._elements("_rels/workbook.xml.rels", "Relationship")
        }
        found = []
        for element in self._elements("workbook.xml", "sheet", "workbookPr"):
            if element.tag.endswith("workbookPr"):
                if element.get("date1904") in ("1", "true"):
                    self._epoch = EPOCH_1904
            elif element.get("state", "visible") == "visible":
                link = next((text for key, text in element.attrib.items() if key.endswith("}id")), "")
                target = targets.get(link) or ""
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                if path in self._names:
                    found.append(path)
        if not found:
            raise FeedError("broken_workbook")
        return found

    def _date_styles(self):
        """For each style of a cell whether it shows a date."""
        own, styles = set(DATE_FORMATS), []
        for element in self._elements("styles.xml", "numFmt", "xf", "cellStyleXfs"):
            name = element.tag.rpartition("}")[2]
            if name == "numFmt":
                code = NO_DATE_PART.sub("", element.get("formatCode", "")).lower()
                number = int(element.get("numFmtId", "0"))
                own.discard(number)
                if re.search("[ymd]", code) and "general" not in code:
                    own.add(number)
            elif name == "cellStyleXfs":  # the styles so far were not those of cells
                styles = []
            else:
                styles.append(int(element.get("numFmtId", "0")) in own)
        return styles

    def rows(self):
        found = False
        for path in self._sheets:
            for row in self._rows(path):
                found = True
                yield row
            if found:
                return
        raise FeedError("empty")

    def _rows(self, path):
        number = empty = filled = 0
        with self._archive.open(path) as part:
            for row in pulled(part, ("row", "sheetData")):
                if row.tag.endswith("sheetData"):
                    return
                number = int(row.get("r") or number + 1)
                cells = self._cells(row)
                if not any(cells):
                    empty += 1
                    if empty > EMPTY_ROWS:  # sheets formatted down to the last row
                        return
                    continue
                empty, filled = 0, filled + 1
                if filled > MAX_ROWS:
                    raise FeedError("too_many_rows", limit=MAX_ROWS)
                yield number, cells

    def _cells(self, row):
        cells = []
        for cell in row:
            text = self._text(cell)
            if not text:
                continue
            place = self._place(cell.get("r"), len(cells))
            if place >= MAX_COLUMNS:
                break
            if place > len(cells):
                cells.extend([""] * (place - len(cells)))
            if place == len(cells):
                cells.append(text)
            else:
                cells[place] = text
        return cells

    def _place(self, reference, default):
        if not reference:
            return default
        letters = reference.rstrip("0123456789")
        place = self._columns.get(letters)
        if place is None:
            place = 0
            for letter in letters:
                place = place * 26 + ord(letter) - 64
            place = self._columns[letters] = place - 1
        return max(place, 0)

    def _text(self, cell):
        if not len(cell):
            return ""
        kind, last = cell.get("t"), cell[-1]
        if kind == "inlineStr":
            return _text_of(last)
        text = last.text or ""
        if last.tag[-1] != "v":  # a formula nobody computed yet
            return ""
        if kind == "s":
            return self._texts[int(text)]
        if kind in ("str", "e"):
            return text
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if kind == "d":
            return text[:10]
        style = cell.get("s")
        if style and text and int(style) < len(self._dates) and self._dates[int(style)]:
            return self._day(float(text))
        return Exact(text if PLAIN(text) else cell_text(float(text))) if text else ""

    def _day(self, serial):
        if not 1 <= serial < 2_958_466:
            return Exact(cell_text(serial))
        return (self._epoch + timedelta(days=int(serial))).isoformat()


def _text_of(item):
    """The text of a shared or inline string; how it is pronounced is no part of it."""
    pieces = []
    for part in item:
        name = part.tag[-2:]
        if name == "}t":
            pieces.append(part.text or "")
        elif name == "}r":
            pieces.extend(run.text or "" for run in part if run.tag[-2:] == "}t")
    return "".join(pieces)
