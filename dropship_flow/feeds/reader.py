"""A supplier's file as goods and rejects, one row at a time, whatever it is written in.

    for row in read("prices.csv.gz", plan): ...  # Good or Reject

Memory stays flat: nothing but a sample of the beginning is ever held. A file that turns out to be broken in the middle
raises then; what was read before is to be thrown away.
"""

import re
from itertools import chain, islice

from .charset import find_charset
from .columns import header_score
from .compiled import Compiled
from .container import Source
from .errors import FeedError
from .layout import find_layout, places_of
from .sniff import HEADER_WITHIN
from .tables import CsvRows, delimiter_of

SAMPLE_ROWS = 2_000
HEAD_LINES = 60


def read(path_or_file, plan, name=""):
    """Every filled row of a file, in its order.

    :param path_or_file: path, bytes or binary file object
    :param plan: a canon.Plan
    :return: iterator of Good and Reject
    :raise FeedError: for a file that cannot be read at all, also in the middle of it
    """
    opened = Opened(Source(path_or_file, name), plan)
    compiled = opened.compiled(plan)
    for line, cells in opened.rows():
        yield from compiled(line, cells)


class Opened:
    """A file of which the beginning is known.

    :ivar file_format, encoding, delimiter: as given or found out
    :ivar labels: names of its columns, or paths of its items
    """

    def __init__(self, source, plan):
        self.source = source
        self.encoding = self.delimiter = ""
        self.file_format = format_of(source, plan)
        self._open = {"csv": self._open_csv}[self.file_format]
        self._open(plan)

    def _open_csv(self, plan):
        charset = find_charset(self.source, plan.encoding)
        self.encoding = charset.name
        with charset.lines(self.source) if not charset.mixed else _closing(charset.lines(self.source)) as lines:
            head = [line[:100_000] for line in islice(lines, HEAD_LINES)]
        if not any(map(str.strip, head)):
            raise FeedError("empty")
        found, named = delimiter_of(head)
        self.delimiter = plan.delimiter or found
        lines = charset.lines(self.source)
        if named:
            next(iter(lines))
        table = CsvRows(lines, self.delimiter)
        rows = ((line + named, cells) for line, cells in table) if named else iter(table)
        self._table(rows, plan, table)

    def _table(self, rows, plan, table=None):
        """Find the header, keep a sample."""
        first = list(islice(rows, HEADER_WITHIN))
        if not first:
            raise FeedError("empty")
        layout = find_layout([cells for _line, cells in first], plan, header_score)
        self.labels, self.header = layout.labels, list(layout.header)
        if table:
            table.width = len(self.labels)
        rest = first[layout.skip :]
        rest.extend(islice(rows, SAMPLE_ROWS))
        self.samples = [cells for _line, cells in rest]
        self._rows = chain(rest, rows)
        narrow = sum(1 for cells in self.samples if 1 < len(cells) < len(self.labels))
        self.ragged = narrow > 0.05 * len(self.samples)

    def rows(self):
        return self._rows

    def compiled(self, plan):
        places = places_of(self.labels, plan)
        compiled = Compiled(plan, places, self.labels, self.samples, len(self.labels), self.ragged)
        compiled.header = self.header
        self.samples = ()
        compiled.samples = ()
        return compiled


class _closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *_error):
        self.thing.close()


def format_of(source, plan):
    """csv, xlsx, xml, json or ndjson, by what the file begins with.

    :raise FeedError: for a web page, and for what the feed's setting does not expect
    """
    if source.is_workbook:
        return "xlsx"
    return "csv"
