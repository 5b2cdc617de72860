"""Delimited text as rows of cells, one at a time; quotes that never close do not swallow the rest of the file."""

import csv
import re
from collections import deque
from contextlib import suppress
from itertools import islice

from .errors import FeedError
from .rows import TOTALS
from .sniff import find_delimiter

MAX_CELL_LINES = 50  # a description in a quoted cell has fewer
FIELD_LIMIT = 8 * 1024 * 1024  # the same as elsewhere: the module has one limit for all
HINT = re.compile(r'"?sep=(.)"?\s*')


class Broken(list):
    """Cells of a row that is damaged as a whole; `problem` is (code, figures)."""

    problem = ()


def broken(cells, code, **figures):
    row = Broken(cells)
    row.problem = (code, figures)
    return row


class _RunAway(Exception):
    """A quote was opened and many lines later it is still open."""


class _Lines:
    """Lines for the CSV module, which remembers those of the row it is at."""

    def __init__(self, lines):
        self._lines, self.back, self.taken = iter(lines), deque(), []
        self.last = "\n"

    def __iter__(self):
        return self

    def __next__(self):
        if len(self.taken) > MAX_CELL_LINES:
            raise _RunAway
        line = self.back.popleft() if self.back else next(self._lines)
        self.last = line
        self.taken.append(line)
        return line

    def give_back(self):
        """Start again behind the first line of this row."""
        first = self.taken[0] if self.taken else ""
        self.back.extendleft(reversed(self.taken[1:]))
        return first


class CsvRows:
    """Iterator of (line number, cells); empty rows are left out.

    :param width: how many cells a row has; 0 if nobody knows yet
    """

    def __init__(self, lines, delimiter, width=0):
        self.delimiter, self.width = delimiter, width
        self._lines = _Lines(lines)

    def __iter__(self):
        csv.field_size_limit(FIELD_LIMIT)
        lines, line, last, narrow = self._lines, 1, 0, 0
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                break
            except (csv.Error, _RunAway) as error:
                cells = self._mend(lines, error, line)
                del lines.taken[1:]
            number, line = line, line + len(lines.taken)
            lines.taken.clear()
            if cells and (cells[0] or any(cells)):
                if last and (last < narrow or not narrow):
                    narrow = last
                last = len(cells)
                yield number, cells
        if not lines.last.endswith("\n") and self.width:
            self._check_end(lines.last.split(self.delimiter), narrow or self.width, line)

    def _mend(self, lines, error, line):
        """The one line a row begins with, read without quotes; what follows is read again."""
        cut = "unexpected end" in str(error) and len(lines.taken) == 1 and not lines.last.endswith("\n")
        first = lines.give_back().rstrip("\n")
        if cut:
            raise FeedError("truncated", line=line)
        if "field larger" in str(error):
            return broken([part[:100] for part in first[:2000].split(self.delimiter)], "cell_long", limit=FIELD_LIMIT)
        cells = [part.strip('"') for part in first.split(self.delimiter)]
        if "expected after" in str(error) and self.width and len(cells) == self.width:
            return cells
        return broken(cells, "quotes")

    def _check_end(self, cells, narrow, line):
        """A last row without a line end that is narrower than all others was cut off."""
        remark = len(cells) == 1 and " " in cells[0].strip()
        if len(cells) < min(self.width, narrow) and not remark and cells[0].strip(' ":').casefold() not in TOTALS:
            raise FeedError("truncated", line=line - 1)


def first_rows(lines, delimiter, count):
    """[(line, cells)] of the beginning, where nothing can be cut off yet."""
    rows = []
    with suppress(FeedError):  # a row that goes on behind the last of the lines
        for row in islice(CsvRows(lines, delimiter), count):
            rows.append(row)
    return rows


def delimiter_of(lines):
    """(delimiter, whether the first line only names it)."""
    match = HINT.fullmatch(lines[0]) if lines else None
    if match:
        return match[1], True
    return find_delimiter("".join(lines)), False
