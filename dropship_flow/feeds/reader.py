"""A supplier's file as goods and rejects, one row at a time, whatever it is written in.

    for row in read("prices.csv.gz", plan): ...  # Good or Reject

Memory stays flat: nothing but a sample of the beginning is ever held. A file that turns out to be broken in the middle
raises then; what was read before is to be thrown away.
"""

import io
import json
import re
from itertools import chain, islice

from .charset import find_charset
from .compiled import Compiled
from .container import Source
from .errors import FeedError
from .json_items import JsonItems, guess_path, paths_of, pick
from .json_items import lines as json_lines
from .layout import find_layout, places_of
from .sheets import sheet_rows
from .sniff import HEADER_WITHIN
from .tables import Broken, CsvRows, broken, delimiter_of, first_rows
from .targets import header_score
from .xml_items import XmlItems

SAMPLE_ROWS = 2_000
SAMPLE_ITEMS = 500
NEEDED = ("name", "price", "stock")  # others an item may leave out
RAGGED_ROWS = 2  # so many narrow rows are accidents, more are the habit of the export
WEB_PAGE = re.compile(
    r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
JSON = json.JSONDecoder()


def read(path_or_file, plan, name=""):
    """Every filled row of a file, in its order.

    :param path_or_file: path, bytes or binary file object
    :param plan: a canon.Plan
    :return: iterator of Good and Reject
    :raise FeedError: for a file that cannot be read at all, also in the middle of it
    """
    opened = Opened(Source(path_or_file, name), plan)
    compiled = opened.compiled()
    for line, cells in opened.rows():
        yield from compiled(line, cells)


def guess(path_or_file, name="", known=None, base=None):
    """What a file nobody mapped yet says, see `guessing`."""
    from .guessing import guess as find  # noqa: PLC0415 - it reads with what is here

    return find(path_or_file, name, known, base)


class Opened:
    """A file of which the beginning is known.

    :ivar file_format, encoding, delimiter, item_path: as given or found out
    :ivar labels: names of its columns, or paths of what its items say
    """

    def __init__(self, source, plan):
        self.source, self.plan = source, plan
        self.encoding = self.delimiter = self.item_path = ""
        self.header, self.ragged = [], True
        self.file_format, charset = format_of(source, plan)
        getattr(self, f"_open_{self.file_format}")(charset)

    def _open_csv(self, charset):
        self.encoding = charset.name
        head = charset.head(self.source)
        found, named = delimiter_of(head)
        self.delimiter = self.plan.delimiter or found
        preview = first_rows(head[named:], self.delimiter, HEADER_WITHIN)
        layout = self._find_layout(preview)
        above = preview[layout.skip - 1][0] + named if layout.skip else 0
        lines = iter(charset.lines(self.source, above))
        for _line in islice(lines, named):
            pass
        table = CsvRows(lines, self.delimiter, len(layout.labels))
        self._table(((line + named, cells) for line, cells in table) if named else iter(table), layout)
        narrow = sum(1 for cells in self.samples if 1 < len(cells) < len(layout.labels))
        self.ragged = narrow > max(RAGGED_ROWS, 0.05 * len(self.samples))

    def _open_xlsx(self, _charset):
        self.encoding = "xlsx"
        rows = sheet_rows(self.source)
        first = list(islice(rows, HEADER_WITHIN))
        self._table(chain(first, rows), self._find_layout(first))

    def _open_xml(self, _charset):
        self.encoding = "xml"
        items = XmlItems(self.source, self.plan.item_path, self.plan.encoding)
        self.item_path = items.item_path
        self._items(items.items(), lambda item, source: item.get(source, ""), lambda item: item, _xml_source)

    def _open_json(self, charset):
        self.encoding = charset.name
        items = JsonItems(lambda: charset.text(self.source), self.plan.item_path or None)
        self.item_path = items.item_path
        self._items(items.items(), pick, paths_of)

    def _open_ndjson(self, charset):
        self.encoding = charset.name
        self._items(json_lines(charset.lines(self.source)), pick, paths_of)

    def _find_layout(self, first):
        if not first:
            raise FeedError("empty")
        return find_layout([cells for _line, cells in first], self.plan, header_score)

    def _table(self, rows, layout):
        """Keep a sample of the rows below the header."""
        self.labels, self.header = layout.labels, list(layout.header)
        for _row in islice(rows, layout.skip):
            pass
        rest = list(islice(rows, SAMPLE_ROWS))
        self.samples = [cells for _line, cells in rest]
        self._rows = chain(rest, rows)

    def _items(self, items, get, paths, same=str):
        """Items as rows: of the columns of the plan, or of all that the first ones say."""
        first = list(islice(items, SAMPLE_ITEMS))
        known = {}
        for _line, item in first:
            if isinstance(item, dict):
                for path in paths(item):
                    known.setdefault(path)
        if first and not any(isinstance(item, dict) for _line, item in first):
            raise FeedError("no_items", path=self.item_path)  # numbers or texts alone say nothing about goods
        self.all_labels = tuple(known)
        sources = [column.source for column in self.plan.columns] or list(known)
        self.labels = tuple(dict.fromkeys(sources))
        keys = [same(source) for source in self.labels]
        self._check_items(first, get, keys)

        def row(item):
            if not isinstance(item, dict):
                return item if isinstance(item, Broken) else broken([str(item)[:2000]], "line_broken")
            return [get(item, key) for key in keys]

        sample = [(line, row(item)) for line, item in first]
        self.samples = [cells for _line, cells in sample if not isinstance(cells, Broken)]
        self._rows = chain(sample, ((line, row(item)) for line, item in items))

    def _check_items(self, first, get, keys):
        """A path no item has any more is a renamed one: of the code always, of what matters if the feed once had it."""
        before = set(self.plan.header_signature.split("\n"))
        items = [item for _line, item in first if isinstance(item, dict)]
        needed = {
            column.source
            for column in self.plan.columns
            if column.target == "sku" or column.target in NEEDED and column.source in before
        }
        missing = [
            label
            for label, key in zip(self.labels, keys, strict=True)
            if label in needed and label not in self.all_labels and items and not any(get(item, key) for item in items)
        ]
        if missing:
            new = [label for label in self.all_labels if before != {""} and label not in before]
            raise FeedError("header_changed", missing=", ".join(missing)[:500], new=", ".join(new)[:500])

    def rows(self):
        return self._rows

    def compiled(self):
        places = places_of(self.labels, self.plan)
        made = Compiled(self.plan, places, self.labels, self.samples, len(self.labels), self.ragged)
        made.header = self.header
        made.samples = self.samples = ()
        return made


def _xml_source(source):
    """A path as items have it: prefixes other than Google's are a habit of the file.

    >>> _xml_source("./ns:offers/ns:offer/@x:id"), _xml_source("g:price"), _xml_source("../title")
    ('offers/offer/@id', 'g:price', '../title')
    """
    return "/".join(map(_xml_step, source.removeprefix("./").split("/")))


def _xml_step(step):
    if step.startswith("g:"):
        return step
    return step[: step.startswith("@")] + step.rpartition(":")[2].removeprefix("@")


def format_of(source, plan):
    """(csv, xlsx, xml, json or ndjson, its charset), by what the file begins with.

    :raise FeedError: for a web page, and for what is something else than the feed says
    """
    if source.is_workbook:
        return _expected("xlsx", plan), None
    charset = find_charset(source, plan.encoding)
    start = "".join(charset.head(source))[:4096].lstrip("\ufeff \t\r\n")
    if not start:
        raise FeedError("empty")
    if WEB_PAGE.match(start):
        raise FeedError("web_page")
    if start.startswith("<"):
        return _expected("xml", plan), charset
    if start[0] in "{[":
        found = plan.file_format if plan.file_format in ("json", "ndjson") else _json_or_lines(charset, source)
        if found:
            return _expected(found, plan), charset
    return _expected("csv", plan), charset


def _expected(found, plan):
    tables = {"csv", "xlsx"}  # the same rows whichever way a supplier exports them today
    if plan.file_format not in ("", found) and not {found, plan.file_format} <= tables:
        raise FeedError("other_format", expected=plan.file_format.upper(), found=found.upper())
    return found


def _json_or_lines(charset, source):
    """ndjson when the first filled line is an object and another follows; "" when it is neither."""
    with charset.text(source) as stream:
        text = stream.read(1 << 20).lstrip("\ufeff \t\r\n")
    if text[0] == "[":
        return "json" if re.match(r"\[\s*([\[{\]\"]|\d)", text) else ""
    try:
        _value, end = JSON.raw_decode(text)
    except ValueError:
        return "json" if re.match(r'\{\s*["}]', text) else ""
    except RecursionError as error:
        raise FeedError("json_unsafe") from error
    if text[end:].lstrip().startswith("{"):
        return "ndjson"
    try:
        guess_path(lambda: io.StringIO(text))
    except FeedError:  # one object that holds no others is the only item itself
        return "ndjson"
    return "json"
