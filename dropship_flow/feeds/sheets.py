"""Workbooks of a feed row by row; nothing in them is computed."""

from .errors import FeedError
from .exact import Exact
from .workbook import cell_text, check_archive

MAX_ROWS = 250_000
MAX_COLUMNS = 500
MAX_UNPACKED = 400 * 1024**2
EMPTY_ROWS = 2_000


def sheet_rows(source):
    """(line, [text, …]) of the first visible sheet with anything in it."""
    with source.open_workbook() as stream:
        check_archive(stream, MAX_UNPACKED)
        stream.seek(0)
        from openpyxl import load_workbook  # noqa: PLC0415 - loading takes half a second

        try:
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # whatever a broken archive breaks in the library
            raise FeedError("broken_workbook") from error
        try:
            yield from _first_filled(book)
        finally:
            book.close()


def _first_filled(book):
    found = False
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        for row in _rows(sheet):
            found = True
            yield row
        if found:
            return
    raise FeedError("empty")


def _rows(sheet):
    empty = filled = 0
    rows = enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1)
    while True:
        try:
            number, row = next(rows)
        except StopIteration:
            return
        except Exception as error:  # as above, while the sheet is read piece by piece
            raise FeedError("broken_workbook") from error
        cells = [_text(value) for value in row]
        if not any(cells):
            empty += 1
            if empty > EMPTY_ROWS:  # sheets formatted down to the last row
                return
            continue
        empty, filled = 0, filled + 1
        if filled > MAX_ROWS:
            raise FeedError("too_many_rows", limit=MAX_ROWS)
        while cells and not cells[-1]:
            cells.pop()
        yield number, cells


def _text(value):
    if value is None:
        return ""
    if type(value) is str:
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Exact(cell_text(value))
    return cell_text(value)
