"""A file nobody mapped yet: what its columns mean, as far as their words and contents say."""

from dataclasses import dataclass, replace

from .canon import Column, Plan
from .cells import DATES, date_order
from .charset import shown
from .columns import guess_columns
from .compiled import Compiled
from .container import Source
from .exact import Exact
from .layout import places_of, same, signature_of
from .reader import Opened
from .sniff import Table, clean
from .targets import ROLE, target_of
from .values import decimal_mark

SHOWN_ROWS = 10
MANY = frozenset({"image_urls", "attributes", "description", "category"})
CUT = 300


@dataclass(frozen=True)
class Guess:
    """
    :param plan: complete, to be corrected by a person; without a column for the code nothing can be read with it
    :param sample: the first rows as they stand in the file, {source: text}
    :param first: the same rows as they will be read, Good or Reject
    :param header: all columns of the file
    :param items: where the items are, for XML and JSON
    """

    plan: Plan
    sample: tuple
    first: tuple
    header: tuple
    format: str
    encoding: str
    items: str = ""


def guess(path_or_file, name="", known=None, base=None):
    """
    :param known: a Plan, or {source: Column}, of what is mapped already: those columns stay as they are
    :param base: a Plan whose settings (encoding, currency, item path …) hold
    :raise FeedError: for a file that cannot be read at all
    """
    mapped = known.columns if isinstance(known, Plan) else (known or {}).values()
    base = base or (known if isinstance(known, Plan) else Plan())
    opened = Opened(Source(path_or_file, name), replace(base, columns=(), header_signature=""))
    rows = [(line, cells) for line, cells in _beginning(opened)]
    texts = {
        label: [cells[place] for _line, cells in rows if place < len(cells) and cells[place].strip()]
        for place, label in enumerate(opened.labels)
    }
    columns = _columns(opened, texts, {same(column.source): column for column in mapped}, rows)
    plan = replace(
        base,
        columns=columns,
        file_format=base.file_format or opened.file_format,
        item_path=base.item_path or opened.item_path,
        decimal_mark=base.decimal_mark or _mark(columns, texts),
        date_order=base.date_order or _order(columns, texts),
        header_signature=signature_of(opened.labels),
    )
    sample = tuple(
        {
            label: shown(clean(cells[place], CUT))
            for place, label in enumerate(opened.labels)
            if place < len(cells) and cells[place]
        }
        for _line, cells in rows[:SHOWN_ROWS]
    )
    return Guess(
        plan,
        sample,
        _first(opened, plan, rows),
        opened.labels,
        opened.file_format,
        opened.encoding,
        opened.item_path,
    )


def _beginning(opened):
    for _count, (line, cells) in zip(range(200), opened.rows(), strict=False):
        yield line, cells


def _first(opened, plan, rows):
    if not any(column.target == "sku" for column in plan.columns):
        return ()
    samples = [cells for _line, cells in rows]
    compiled = Compiled(plan, places_of(opened.labels, plan), opened.labels, samples, len(opened.labels), opened.ragged)
    compiled.header = opened.header
    return tuple(row for line, cells in rows[:SHOWN_ROWS] for row in compiled(line, cells))


def _columns(opened, texts, known, rows):
    """A column per field, the surest; those that may be several all."""
    if all(label.startswith("#") for label in opened.labels):
        return _by_content(opened, known, rows)
    kept, best = {}, {}
    taken = {column.target for column in known.values()}
    for place, label in enumerate(opened.labels):
        if same(label) in known:
            kept[label] = known[same(label)]
            continue
        target, param, sure = target_of(label)
        if not target or target in taken and target not in MANY or not _fits(target, texts[label]):
            continue
        key = (target, label) if target in MANY else (target, param)
        score = (sure, min(len(texts[label]), 10), -place)
        if key not in best or score > best[key][0]:
            best[key] = (score, Column(label, target, param))
    kept.update((column.source, column) for column in _sensible([column for _score, column in best.values()]))
    return tuple(kept[label] for label in opened.labels if label in kept)


def _sensible(columns):
    """One total of the stock instead of parts; steps of a price only where there are several."""

    def of(target, param):
        return [column for column in columns if column.target == target and bool(column.param) == param]

    parts = of("stock", True)
    if of("stock", False):
        columns = [column for column in columns if column not in parts]
    elif len(parts) == 1:
        columns = [replace(column, param="") if column in parts else column for column in columns]
    steps = of("price", True)
    if len(steps) == 1 and not of("price", False):
        columns = [replace(column, param="") if column in steps else column for column in columns]
    google = [column for column in columns if column.target == "category" and "google" in column.source]
    if len(google) < len([column for column in columns if column.target == "category"]):
        columns = [column for column in columns if column not in google]
    return columns


def _fits(target, texts):
    """Whether the contents can be what the words say."""
    if target == "image_urls":
        return not texts or any("//" in text for text in texts)
    if target in ("price", "map_price", "retail_price") and texts:
        return sum(any(character.isdigit() for character in text) for text in texts) > len(texts) / 2
    return True


def _by_content(opened, known, rows):
    table = Table("", "", (), tuple((line, tuple(map(clean, cells))) for line, cells in rows))
    roles = guess_columns(table)
    found = {same(column.source): column for column in known.values()}
    for role, place in roles.items():
        label = opened.labels[place]
        found.setdefault(same(label), Column(label, ROLE.get(role, role)))
    return tuple(found[same(label)] for label in opened.labels if same(label) in found)


def _mark(columns, texts):
    """A comma before the fraction, if the prices show it: kept, so that a short file later is read alike."""
    prices = [
        text for column in columns if column.target == "price" for text in texts.get(column.source, ())
        if type(text) is not Exact
    ]  # fmt: skip
    return "," if prices and decimal_mark(prices) == "," else ""


def _order(columns, texts):
    orders = {date_order(texts.get(column.source, ())) for column in columns if column.target in DATES} - {""}
    return orders.pop() if len(orders) == 1 else ""
