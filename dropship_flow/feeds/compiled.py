"""A plan made into functions: cells of a row in, goods or the reasons against them out.

A million rows pass here: what repeats is read once and remembered, what can be decided per column is decided before.
"""

import re
from hashlib import blake2b

from .canon import FIELDS, POSITION, Good, Reject
from .cells import CODE, DATES, MAX_TEXT, NUMBERS, Habits, reader_of, tidy
from .charset import shown
from .dates import date_order
from .errors import FeedError, ValueProblem
from .exact import Exact
from .fillers import FILLERS, KEPT, MISSING, first_of, value_of
from .rows import TOTALS
from .tables import Broken
from .transforms import NUMERIC, chain_of, plain_number
from .values import decimal_mark, parse_number, plain_text

UNIQUE = frozenset({"sku", "barcode", "description", "image_urls"})  # hardly ever the same twice
SHOWN_BYTES = 4096
NOTE_WIDTH = 3


class Compiled:
    """
    :param plan: what is what
    :param places: {source: position of its cell}
    :param labels: what each position is called, for showing a row as it was
    :param samples: rows of cells from the beginning, to find out what the plan leaves open
    :param ragged: rows may be narrower than the header
    """

    def __init__(self, plan, places, labels, samples, width=0, ragged=True):
        self.plan, self.places, self.labels = plan, places, labels
        self.width, self.ragged = width, ragged
        self.samples = samples
        self.header = None
        self.has_price = any(column.target == "price" for column in plan.columns)
        orders = self._orders()
        by_target = {}
        for column in plan.columns:
            if column.target not in FIELDS:
                raise FeedError("target_unknown", name=column.target[:40])
            cell = (places[column.source], {}, self._reader(column, orders))
            by_target.setdefault(column.target, []).append((column, cell))
        if "sku" not in by_target:
            raise FeedError("no_sku_column")
        self.simple, self.groups = [], []
        for target, found in by_target.items():
            if target in FILLERS:
                columns = [(column.param, *cell) for column, cell in found]
                self.groups.append(FILLERS[target](columns, plan.currency or None, labels))
            elif len(found) == 1:
                self.simple.append((POSITION[target], *found[0][1]))
            else:
                self.groups.append(first_of(POSITION[target], [cell for _column, cell in found]))
        self.stocks = [
            (column.param, *cell) for column, cell in by_target.get("stock", []) if column.param
        ]  # one row gives one good for each

    # === what holds for a column === #

    def _texts(self, column):
        place = self.places[column.source]
        return [text for cells in self.samples if place < len(cells) for text in (cells[place],) if 0 < len(text) < 100]

    def _orders(self):
        """How each column of dates writes them; one that does not tell follows the others."""
        if self.plan.date_order:
            return dict.fromkeys((column.source for column in self.plan.columns), self.plan.date_order)
        found = {
            column.source: date_order(self._texts(column)) for column in self.plan.columns if column.target in DATES
        }
        said = {order for order in found.values() if order in ("dmy", "mdy")}
        general = said.pop() if len(said) == 1 else ""
        return {source: order or general for source, order in found.items()}

    def _reader(self, column, orders):
        numeric = column.target in NUMBERS
        mark = "."
        if numeric:
            written = [text for text in self._texts(column) if type(text) is not Exact]
            mark = self.plan.decimal_mark or decimal_mark(written)
        steps = chain_of(column.transforms)
        counted = any(name in NUMERIC for name, _step in steps)
        unit = self.labels[self.places[column.source]] if column.target == "weight" else ""
        if any(name.endswith("_to_kg") for name, _step in steps):
            unit = ""
        read = reader_of(
            column.target,
            Habits("." if counted else mark, orders.get(column.source, ""), unit, self.plan.currency),
        )
        if not steps:
            return read
        calls = [step for _name, step in steps]

        def through(text):
            own = "." if type(text) is Exact else mark
            text = tidy(text, MAX_TEXT)
            if counted:
                text = with_point(text, own)
            for call in calls:
                text = call(text)
            return read(text)

        return through

    # === rows === #

    def __call__(self, line, cells):
        """Goods of a row, or the one reject; nothing for a row that is no row."""
        if type(cells) is not list or len(cells) != self.width:
            cells = self._fitting(line, cells)
            if isinstance(cells, tuple):
                return cells
        values = [None] * len(FIELDS)
        try:
            for slot, place, cache, read in self.simple:
                text = cells[place]
                value = cache.get(text, MISSING)
                if value is MISSING:
                    value = read(text)
                    if slot not in UNIQUE_SLOTS:
                        if len(cache) >= KEPT:
                            cache.clear()
                        cache[text] = value
                values[slot] = value
            for fill in self.groups:
                fill(cells, values)
        except ValueProblem:
            return self._rejected(line, cells)
        if self.stocks:
            return self._per_warehouse(line, cells, values)
        return (Good(line, tuple(values), key_of(values)),)

    def _fitting(self, line, cells):
        """Cells as many as columns; a tuple where the row is no row or cannot be one."""
        if isinstance(cells, Broken):
            return (self.reject(line, cells, [cells.problem]),)
        found = len(cells)
        if found > self.width:
            if any(map(str.strip, cells[self.width :])):
                return self._rejected(line, list(cells), [("width", {"found": found, "expected": self.width})])
            return list(cells[: self.width])
        full = [*cells, *[""] * (self.width - found)]
        if found < self.width and not self.ragged:
            return self._rejected(line, full, [("width", {"found": found, "expected": self.width})])
        return full

    def _rejected(self, line, cells, reasons=()):
        """Every reason of a row; the header again or nothing at all is no row."""
        filled = [text for text in map(str.strip, cells) if text]
        if not filled or (self.header and cells[: len(self.header)] == self.header):
            return ()
        if plain_text(filled[0][:100]).casefold().strip(":： ") in TOTALS:
            return (self.reject(line, cells, [("total_row", {})]),)
        if len(filled) == 1 and not CODE(filled[0]) and self.width >= NOTE_WIDTH and self.has_price:
            return (self.reject(line, cells, [("note_row", {})]),)
        return (self.reject(line, cells, list(reasons) or self._reasons(cells)),)

    def _reasons(self, cells):
        reasons, values = [], [None] * len(FIELDS)
        for slot, place, _cache, read in self.simple:
            try:
                values[slot] = read(cells[place])
            except ValueProblem as problem:
                reasons.append((problem.code, problem.params))
        checks = [*self.groups, *(_stock_check(stock) for stock in self.stocks)]
        for fill in checks:
            try:
                fill(cells, values)
            except ValueProblem as problem:
                reasons.append((problem.code, problem.params))
        return reasons

    def reject(self, line, cells, reasons):
        reasons = tuple((code, {key: _plain(value) for key, value in figures.items()}) for code, figures in reasons)
        return Reject(line, _once(reasons), self._as_seen(cells))

    def _as_seen(self, cells):
        """{column: text}, at most 4 KiB together."""
        seen, left = {}, SHOWN_BYTES
        for place, text in enumerate(cells):
            if not text or left <= 0:
                continue
            name = self.labels[place] if place < len(self.labels) else f"#{place + 1}"
            text = shown(text[: min(left, 1000)])
            left -= len(text.encode("utf-8", "replace")) + len(name.encode("utf-8", "replace"))
            if left >= 0:
                seen[name] = text
        return seen

    def _per_warehouse(self, line, cells, values):
        stock, mode, warehouse = POSITION["stock"], POSITION["stock_mode"], POSITION["warehouse"]
        goods = []
        try:
            for code, place, cache, read in self.stocks:
                row = list(values)
                row[stock], row[mode] = value_of(cells[place], cache, read)
                row[warehouse] = code
                goods.append(Good(line, tuple(row), key_of(row)))
        except ValueProblem:
            return self._rejected(line, cells)
        return goods


UNIQUE_SLOTS = frozenset(POSITION[name] for name in UNIQUE)


def with_point(text, mark):
    """The number in a text with a point before the fraction and nothing else between its digits.

    >>> with_point("€ 1.234,50", ","), with_point("1,234.50", "."), with_point("2 x 3", ".")
    ('€ 1234.5', '1234.5', '2 x 3')
    """
    found = re.findall(r"[+-]?\d[\d.,' ]*\d|[+-]?\d", text)
    if len(found) != 1:
        return text
    try:
        return text.replace(found[0], plain_number(parse_number(found[0], mark)))
    except ValueProblem:
        return text


def key_of(values):
    """Signed 64-bit hash of all values: the same row has it in every run and process.

    >>> key_of(("A", None, "1.5")) == key_of(["A", None, "1.5"])
    True
    >>> key_of(("A",))
    1912239397717954630
    """
    joined = "\x1f".join(map(str, values)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big", signed=True)


def _stock_check(stock):
    _code, place, _cache, read = stock
    return lambda cells, values: read(cells[place])


def _once(reasons):
    kept = []
    for reason in reasons:
        if reason not in kept:
            kept.append(reason)
    return tuple(kept)


def _plain(value):
    return value if isinstance(value, (int, float)) else shown(str(value))
