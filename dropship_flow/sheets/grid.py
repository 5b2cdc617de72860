"""Any table a supplier sends back – workbook or text – as rows of text, with what is doubtful marked.

Spreadsheets harm numbers in known ways: 16 digits and more are rounded, zeros in front fall off, long numbers become
1.23E+14. What was harmed says so here; nobody downstream takes it for a number.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime

try:
    from ..feeds import sniff, workbook
    from ..feeds.errors import FeedError
except ImportError:  # the package by itself, without the addon around it
    from feeds import sniff, workbook
    from feeds.errors import FeedError

MAX_BYTES = 8 * 2**20
MAX_UNPACKED = 60 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_SHEETS = 10
# More digits than a spreadsheet's numbers hold.
EXACT = 10**15
MERGE = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
MAX_MERGED = 200_000


@dataclass
class Grid:
    """The filled rows of one sheet.

    :param list rows: [(row number in the file, [text, …])]
    :param dict doubts: {(row number, column): "rounded" | "error" | "formula"}
    """

    rows: list
    doubts: dict = field(default_factory=dict)
    encoding: str = ""


def read_grids(filename, content, rows=MAX_ROWS, size=MAX_BYTES):
    """The sheets of a file, those with something in them; one for a text file.

    :param rows: how many rows a text file may have; `size`: how many bytes any file
    :raise FeedError: when it is no table, or larger than allowed
    """
    if not content or not content.strip(b"\x00\r\n\t "):
        raise FeedError("empty")
    if len(content) > size:
        raise FeedError("too_large", limit=size // 2**20)
    if content[:4] == b"PK\x03\x04":
        grids = _workbook_grids(content)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FeedError("old_excel")
    elif content[:4] == b"%PDF" or content[:3] in (b"\xff\xd8\xff", b"GIF", b"\x89PN", b"\x1f\x8b\x08", b"Rar"):
        raise FeedError("no_table")
    else:
        grids = [_text_grid(content, rows)]
    grids = [grid for grid in grids if grid.rows]
    if not grids:
        raise FeedError("empty")
    return grids


def _text_grid(content, most):
    text, encoding = sniff.decode(content)
    if re.match(r"\s*<(!doctype|html|\?xml|head|body)", text[:500], re.IGNORECASE):
        raise FeedError("web_page")
    lines = sniff.csv_lines(text, sniff.find_delimiter(text), most)
    if len(lines) > most:
        raise FeedError("too_many_rows", limit=most)
    rows = []
    for number, cells in lines:
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise FeedError("too_many_columns", limit=MAX_COLUMNS)
        row = [plain_cell(cell) for cell in cells[:MAX_COLUMNS]]
        if any(row):
            rows.append((number, row))
    return Grid(rows, {}, encoding)


def plain_cell(text):
    """A cell without unseen signs and without what keeps a number a text in spreadsheets.

    >>> plain_cell('="00123"'), plain_cell("'00123"), plain_cell("\\u200bSF1 "), plain_cell("'n Haus")
    ('00123', '00123', 'SF1', "'n Haus")
    >>> plain_cell("`4200001"), plain_cell("`交易")
    ('4200001', '交易')
    """
    shown = sniff.clean(text).removeprefix("`")  # before every cell of the statements of 微信支付
    if match := re.fullmatch(r'="([^"]*)"', shown):
        return match[1].strip()
    if re.match(r"'[\d=+@-]", shown):
        return shown[1:]
    return shown


# ----------------------------------------------------------------------
# Workbooks
# ----------------------------------------------------------------------


def _workbook_grids(content):
    workbook.check_archive(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise FeedError("bomb")
    # Loading takes half a second; text files do not need it.
    from openpyxl import load_workbook  # noqa: PLC0415

    grids = []
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:MAX_SHEETS]:
                part = _part_of(content, sheet)
                grid = _sheet_grid(sheet)
                if re.search(rb"<f[\s>/]", part):
                    grid.doubts |= _formulas_without_value(content, sheet.title, grid)
                _fill_merged(grid, part)
                grid.rows = [(number, row) for number, row in grid.rows if any(row)]
                grids.append(grid)
        finally:
            book.close()
    except FeedError:
        raise
    except Exception as error:  # whatever a broken archive breaks in the library
        raise FeedError("broken_workbook") from error
    return grids


def _part_of(content, sheet):
    """The sheet's own XML, as bytes."""
    path = sheet._worksheet_path.lstrip("/")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(path)


def _sheet_grid(sheet):
    sheet.reset_dimensions()
    grid, filled, empty = Grid([], {}, "xlsx"), 0, 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = []
        if len(cells) > MAX_COLUMNS and any(cell.value is not None for cell in cells[MAX_COLUMNS:]):
            raise FeedError("too_many_columns", limit=MAX_COLUMNS)
        for column, cell in enumerate(cells[:MAX_COLUMNS]):
            text, doubt = cell_text(cell.value, getattr(cell, "number_format", None), getattr(cell, "data_type", ""))
            row.append(text)
            if doubt:
                grid.doubts[number, column] = doubt
        grid.rows.append((number, row))
        empty = 0 if any(row) else empty + 1
        filled += bool(any(row))
        if filled > MAX_ROWS:
            raise FeedError("too_many_rows", limit=MAX_ROWS)
        if empty > 2_000:  # sheets formatted down to the last row
            break
    return grid


def cell_text(value, number_format="", data_type=""):
    """(what a person sees in a cell, what is doubtful about it).

    >>> cell_text(123, "00000000"), cell_text(12.5), cell_text(123456789012345680), cell_text("#N/A", None, "e")
    (('00000123', ''), ('12.5', ''), ('123456789012345680', 'rounded'), ('#N/A', 'error'))
    """
    if value is None:
        return "", ""
    if data_type == "e":
        return str(value), "error"
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, (int, float)):
        whole = isinstance(value, int) or value.is_integer()
        text = str(int(value)) if whole and abs(value) < 1e20 else repr(value)
        if whole and re.fullmatch(r"0{2,40}", number_format or ""):
            text = text.zfill(len(number_format))
        return text, "rounded" if abs(value) >= EXACT else ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10], ""
    return plain_cell(str(value)), ""


def _formulas_without_value(content, title, grid):
    """Cells whose formula nobody computed yet: files written by programs have no values for them."""
    from openpyxl import load_workbook  # noqa: PLC0415 - see above

    seen = {(number, column) for number, row in grid.rows for column, text in enumerate(row) if text}
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book[title]
        sheet.reset_dimensions()
        return {
            (number, column): "formula"
            for number, cells in enumerate(sheet.iter_rows(max_row=len(grid.rows)), 1)
            for column, cell in enumerate(cells[:MAX_COLUMNS])
            if getattr(cell, "data_type", "") == "f" and (number, column) not in seen
        }
    finally:
        book.close()


def _fill_merged(grid, part):
    """A merged cell says the same for all rows it covers."""
    rows = dict(grid.rows)
    filled = 0
    for match in MERGE.finditer(part):
        left, right = _column(match[1]), _column(match[3])
        top, bottom = int(match[2]), min(int(match[4]), len(grid.rows))
        text = rows[top][left] if top in rows and left < len(rows[top]) else ""
        if not text or right - left > 3:  # a heading over the whole sheet
            continue
        for number in range(top + 1, bottom + 1):
            row = rows[number]
            row.extend([""] * (left + 1 - len(row)))
            if not row[left] and any(row):
                row[left] = text
                if (top, left) in grid.doubts:
                    grid.doubts[number, left] = grid.doubts[top, left]
            filled += 1
            if filled > MAX_MERGED:
                raise FeedError("bomb")


def _column(letters):
    number = 0
    for letter in letters.decode():
        number = number * 26 + ord(letter) - 64
    return number - 1
