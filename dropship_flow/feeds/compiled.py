"""A plan made into functions: cells of a row in, goods or the reasons against them out.

A million rows pass here: what repeats is read once and remembered, what can be decided per column is decided before.
"""

import json
import re
from decimal import Decimal
from hashlib import blake2b

from .canon import FIELDS, POSITION, Good, Reject
from .cells import DATES, MAX_TEXT, NUMBERS, Habits, date_order, reader_of, tidy
from .charset import shown
from .errors import FeedError, ValueProblem
from .exact import Exact
from .rows import TOTALS
from .tables import Broken
from .transforms import NUMERIC, chain_of, plain_number
from .values import NOTHING, decimal_mark, parse_number, plain_text

KEPT = 20_000  # different texts of a column that are remembered
UNIQUE = frozenset({"sku", "barcode", "description", "image_urls"})  # hardly ever the same twice
SHOWN_BYTES = 4096
NOTE_WIDTH = 3
SPECIAL = frozenset({"price", "stock", "attributes", "category", "image_urls", "description", "tiers"})
MISSING = object()


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
            if target in SPECIAL:
                self.groups.append(getattr(self, f"_{target}")([(column.param, *cell) for column, cell in found]))
            elif len(found) == 1:
                self.simple.append((POSITION[target], *found[0][1]))
            else:
                self.groups.append(_first(POSITION[target], [cell for _column, cell in found]))
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

    # === fields that are more than one cell === #

    def _price(self, columns):
        base = [cell for param, *cell in columns if not param]
        tiers = sorted((_quantity(param), place, cache, read) for param, place, cache, read in columns if param)
        price, currency, steps = POSITION["price"], POSITION["currency"], POSITION["tiers"]
        general = self.plan.currency or None
        if len(base) == 1 and not tiers:
            place_one, cache_one, read_one = base[0]

            def fill_one(cells, values):
                values[price], named = value_of(cells[place_one], cache_one, read_one)
                said = values[currency]
                if named and said and said != named:
                    raise ValueProblem("other_currency", text=named, currency=said)
                values[currency] = said or named or general

            return fill_one

        def fill(cells, values):
            named, offered = None, []
            for place, cache, read in base:
                values[price], named = value_of(cells[place], cache, read)
            for quantity, place, cache, read in tiers:
                if plain_text(cells[place]).casefold() in NOTHING:
                    continue
                amount, found = value_of(cells[place], cache, read)
                offered.append([quantity, amount])
                named = named or found
            if tiers:
                if not base:
                    if not offered:
                        raise ValueProblem("price_missing")
                    values[price] = offered[0][1]
                values[steps] = _steps(offered, values[price])
            said = values[currency]
            if said and named and said != named:
                raise ValueProblem("other_currency", text=named, currency=said)
            values[currency] = said or named or general

        return fill

    def _stock(self, columns):
        stock, mode = POSITION["stock"], POSITION["stock_mode"]
        base = [cell for param, *cell in columns if not param]

        def fill(cells, values):
            for place, cache, read in base:
                values[stock], values[mode] = value_of(cells[place], cache, read)

        return fill

    def _attributes(self, columns):
        slot = POSITION["attributes"]
        named = [(param or self.labels[place].casefold(), place, cache, read) for param, place, cache, read in columns]

        def fill(cells, values):
            found = {}
            for name, place, cache, read in named:
                value = value_of(cells[place], cache, read)
                if value:
                    found[name] = value
            values[slot] = json.dumps(found, ensure_ascii=False, sort_keys=True) if found else None

        return fill

    def _category(self, columns):
        return _joined(POSITION["category"], columns, " > ")

    def _image_urls(self, columns):
        return _joined(POSITION["image_urls"], columns, "\n")

    def _description(self, columns):
        return _joined(POSITION["description"], columns, "\n")

    def _tiers(self, columns):
        """A column that holds all steps: "10=2.50; 100=2.20"."""
        slot = POSITION["tiers"]
        place = columns[0][1]

        def fill(cells, values):
            values[slot] = _steps(_written_tiers(tidy(cells[place])))

        return fill

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
        if len(filled) == 1 and self.width >= NOTE_WIDTH and self.has_price:
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


def value_of(text, cache, read):
    value = cache.get(text, MISSING)
    if value is MISSING:
        if len(cache) >= KEPT:
            cache.clear()
        value = cache[text] = read(text)
    return value


def key_of(values):
    """Signed 64-bit hash of all values: the same row has it in every run and process.

    >>> key_of(("A", None, Decimal("1.5"))) == key_of(["A", None, Decimal("1.5")])
    True
    >>> key_of(("A",))
    1912239397717954630
    """
    joined = "\x1f".join(map(str, values)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big", signed=True)


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


def _first(slot, cells_of):
    """Several columns for one fact: the first that says something."""

    def fill(cells, values):
        problem = None
        for place, cache, read in cells_of:
            try:
                value = value_of(cells[place], cache, read)
            except ValueProblem as error:
                problem = problem or error
                continue
            if value is not None:
                values[slot] = value
                return
        if problem:
            raise problem

    return fill


def _joined(slot, columns, glue):
    parts = [(place, cache, read) for _param, place, cache, read in columns]
    if len(parts) == 1:
        place, cache, read = parts[0]
        many = glue == " > "

        def fill_one(cells, values):
            values[slot] = value_of(cells[place], cache, read) if many else read(cells[place])

        return fill_one

    def fill(cells, values):
        found = [piece for place, _cache, read in parts for piece in (read(cells[place]) or "").split(glue) if piece]
        values[slot] = glue.join(dict.fromkeys(found)) or None

    return fill


def _stock_check(stock):
    _code, place, _cache, read = stock
    return lambda cells, values: read(cells[place])


def _quantity(param):
    try:
        quantity = parse_number(param)
    except ValueProblem as error:
        raise FeedError("tier_wrong", text=param[:40]) from error
    if quantity <= 0:
        raise FeedError("tier_wrong", text=param[:40])
    return Decimal(plain_number(quantity))


def _steps(offered, single=None):
    """Prices from quantities as JSON; more must not cost more a piece."""
    if not offered:
        return None
    amounts = [*([single] if single else []), *(amount for _quantity, amount in offered)]
    for dear, cheap in zip(amounts, amounts[1:], strict=False):
        if cheap > dear:
            raise ValueProblem("tiers_rise", old=f"{dear:f}", new=f"{cheap:f}")
    return "[" + ", ".join(f"[{quantity:f}, {amount:f}]" for quantity, amount in offered) + "]"


def _written_tiers(text):
    if plain_text(text).casefold() in NOTHING:
        return []
    offered = []
    for piece in re.split(r"[;|\n]", text):
        match = re.fullmatch(r"\s*(?:>=|≥)?\s*(\d+)\s*\+?\s*[=:@]\s*([\d.,]+)\s*", piece)
        if not match:
            raise ValueProblem("tiers_wrong", text=text[:40])
        mark = decimal_mark([match[2]])
        offered.append([Decimal(match[1]), Decimal(plain_number(parse_number(match[2], mark)))])
    return sorted(offered)


def _once(reasons):
    kept = []
    for reason in reasons:
        if reason not in kept:
            kept.append(reason)
    return tuple(kept)


def _plain(value):
    return value if isinstance(value, (int, float)) else shown(str(value))
