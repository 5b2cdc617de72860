"""Workbooks (.xlsx) as rows of text, within limits a price list never meets. Nothing in them is ever computed."""

import io
import re
import zipfile
from datetime import date, datetime

from .errors import FeedError

MAX_UNPACKED = 80 * 1024 * 1024
MAX_PART = 4 * 1024 * 1024  # styles and the like; sheets and texts may be larger
MAX_TEXTS = 48 * 1024 * 1024  # they are held while the sheet is read
MAX_ENTRIES = 1_000
MAX_STYLES = 66_000  # a spreadsheet program knows no more
STYLE = re.compile(rb"<(?:\w+:)?xf\b")
DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)|<\x00!\x00[DE]\x00|\x00<\x00!\x00[DE]", re.IGNORECASE)


def read_workbook(content, max_rows, max_columns):
    """The rows of the first sheet that has any: [(line number, [text, …])].

    A cell with a formula gives what its author saw last; it is not computed.
    """
    check_archive(content)
    # Loading takes half a second; text files do not need it.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a broken archive breaks in the library
        raise FeedError("broken_workbook") from error
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()
            lines = _sheet_lines(sheet, max_rows, max_columns)
            if any(any(cells) for _line, cells in lines):
                return lines
    except FeedError:
        raise
    except Exception as error:  # as above, while the sheet is read piece by piece
        raise FeedError("broken_workbook") from error
    finally:
        book.close()
    raise FeedError("empty")


def _sheet_lines(sheet, max_rows, max_columns):
    lines, empty = [], 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [cell_text(value) for value in row[: max_columns + 1]]
        if any(cells):
            empty = 0
            lines.append((number, cells))
        else:
            empty += 1
        if len(lines) > max_rows:
            raise FeedError("too_many_rows", limit=max_rows)
        if empty > 2_000:  # sheets formatted down to the last row
            break
    return lines


def cell_text(value):
    """What a person sees in a cell; whole numbers without a point.

    >>> cell_text(4006381333931.0), cell_text(None), cell_text(12.5), cell_text(True)
    ('4006381333931', '', '12.5', 'TRUE')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        # Fifteen digits are what a spreadsheet knows of a number; the rest is noise of the machine.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    return str(value)


def check_archive(content, max_unpacked=MAX_UNPACKED):
    """Refuse archives that grow beyond reason, and documents that declare entities, before anything parses them.

    :param content: bytes or a file
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content)
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise FeedError("zip")
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > max_unpacked:
            raise FeedError("bomb")
        for entry in entries:
            large = entry.filename.startswith(("xl/worksheets/", "xl/sharedStrings", "xl/media/"))
            texts = entry.filename.startswith("xl/sharedStrings")
            if not large and entry.file_size > MAX_PART or texts and entry.file_size > MAX_TEXTS:
                raise FeedError("bomb")
            if entry.filename == "xl/styles.xml" and len(STYLE.findall(archive.read(entry))) > MAX_STYLES:
                raise FeedError("bomb")
            if entry.filename.endswith((".xml", ".rels")):
                _check_declarations(archive, entry)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise FeedError("broken_workbook") from error


def _check_declarations(archive, entry):
    tail = b""
    with archive.open(entry) as part:
        while piece := part.read(1 << 20):
            if DECLARATION.search(tail + piece):
                raise FeedError("bomb")
            tail = piece[-32:]
