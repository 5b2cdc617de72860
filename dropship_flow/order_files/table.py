"""From a file to rows that say which order they belong to.

A layout is plain data: {"columns": [{"heading", "field", "transform", "argument", "several"}], "decimal", "date_order",
"zone", "take", "cancelled", "refunded", "line_done", "cash", "authorised": words, "needs_paid", "paid", "currency",
"country", "check_sum"}.
"""

from dataclasses import dataclass, field

try:
    from ..feeds.errors import FeedError
    from ..sheets import grid as tables
    from ..sheets.numbers import is_rounded
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import FeedError
    from sheets import grid as tables
    from sheets.numbers import is_rounded

from .values import transform, word

# What a column of an order file may say.
FIELDS = (
    "number", "line_id", "status", "line_status", "refund_status", "cancelled_at", "shipped_at", "ordered_at",
    "paid_at", "ship_by", "sku", "barcode", "title", "variant", "kinds", "qty", "price", "line_total",
    "line_discount", "personalisation", "paid_amount", "payment_reference", "payment_method", "currency",
    "shipping_fee", "service", "discount", "subsidy", "fee", "name", "phone", "email", "address", "state", "city",
    "district", "street", "street2", "zip", "country", "message", "memo", "flag",
    "fapiao_title", "fapiao_tax_number", "fapiao_kind", "fapiao_email",
)  # fmt: skip
# Of several columns these are joined, all others are taken from the first that says something.
JOINED = ("name", "street", "street2", "address", "message", "memo")
ADDED = ("discount", "subsidy", "fee", "shipping_fee", "line_discount")
WITHIN = 20  # rows in which the headings are looked for


@dataclass
class Row:
    """A row of the file: its place, its order, what stands in it by heading."""

    line: int
    number: str
    raw: dict
    doubts: dict = field(default_factory=dict)  # {heading: what a spreadsheet did to it}
    part: int = 1  # 2: of the second file


def read(layout, content, filename="", part=1):
    """The rows of a file, as they stand in it.

    :raise FeedError: when it is no table, or none of this layout
    """
    wanted = {}
    for column in layout["columns"]:
        if column["heading"]:
            wanted.setdefault(word(column["heading"]), column)
    numbers = {key for key, column in wanted.items() if column["field"] == "number"}
    best = None
    for grid in tables.read_grids(filename, content):
        for index, (_row, cells) in enumerate(grid.rows[:WITHIN]):
            keys = [word(text) for text in cells]
            found = sum(key in wanted for key in keys)
            if numbers & set(keys) and (best is None or found > best[0]):
                best = (found, grid, index, cells)
    if best is None or best[0] < 3:
        missing = next((column["heading"] for column in layout["columns"] if column["field"] == "number"), "number")
        raise FeedError("column_missing", name=missing)
    _found, grid, index, header = best
    names = _names(header)
    rows = []
    for number, cells in grid.rows[index + 1 :]:
        raw = {name: text for name, text in zip(names, cells, strict=False) if name and text}
        if not raw or [word(text) for text in cells] == [word(text) for text in header]:
            continue
        doubts = {
            names[column]: grid.doubts[number, column]
            for column in range(min(len(cells), len(names)))
            if names[column] and (number, column) in grid.doubts
        }
        rows.append(Row(number, cells_of(layout, raw).get("number", ""), raw, doubts, part))
    if not rows:
        raise FeedError("no_rows")
    return rows


def _names(header):
    """Headings, each once: a second one of the same words gets its place behind it."""
    names, seen = [], set()
    for column, text in enumerate(header):
        name = text.strip()
        if name in seen:
            name = f"{name} ({column + 1})"
        seen.add(name)
        names.append(name)
    return names


def cells_of(layout, raw):
    """{field: text} of a row, its transforms applied.

    >>> layout = {"columns": [{"heading": "First Name", "field": "name"}, {"heading": "Last Name", "field": "name"},
    ...           {"heading": "Order ID", "field": "number", "transform": "without", "argument": "#"}]}
    >>> cells_of(layout, {"order id": "#7", "First name": "Anna", "Last name": "Weber"})
    {'name': 'Anna Weber', 'number': '7'}
    """
    by_word = {word(heading): text for heading, text in raw.items()}
    cells = {}
    for column in layout["columns"]:
        name, fixed = column["field"], column.get("transform") == "fixed"
        text = "" if fixed else (by_word.get(word(column["heading"])) or "").strip()
        if text or fixed:
            text = transform(column.get("transform") or "", text, column.get("argument") or "")
        if not text:
            continue
        if name in ADDED:
            cells.setdefault(name, []).append(text)
        elif name not in cells:
            cells[name] = text
        elif name in JOINED and text not in cells[name]:
            cells[name] = f"{cells[name]} {text}"
    return cells


def harm_of(layout, row, name):
    """What a spreadsheet did to the cell of a field: "rounded" and the like; '' for nothing."""
    for column in layout["columns"]:
        if column["field"] != name:
            continue
        for heading, text in row.raw.items():
            if word(heading) == word(column["heading"]):
                if heading in row.doubts:
                    return row.doubts[heading]
                if is_rounded(text):
                    return "rounded"
    return ""
