"""Where in a table the header is and which cell a column of the plan means."""

import re
from dataclasses import dataclass

from .columns import role_of
from .errors import FeedError
from .sniff import HEADER_WITHIN, clean

MAX_COLUMNS = 500
NUMBERED = re.compile(r"#(\d{1,3})").fullmatch


@dataclass(frozen=True)
class Layout:
    """:param labels: unique names of the columns; :param skip: filled rows up to and including the header"""

    labels: tuple
    header: tuple = ()
    skip: int = 0


def headings(cells):
    """Names of the columns, each one once: a second "Price" is "Price (2)", one without a name goes by its place.

    >>> headings(["SKU", " Price", "Price", ""])
    ('SKU', 'Price', 'Price (2)', '#4')
    """
    names, seen = [], {}
    for place, cell in enumerate(cells, 1):
        name = " ".join(clean(cell).split())[:200] or f"#{place}"
        seen[same(name)] = seen.get(same(name), 0) + 1
        names.append(name if seen[same(name)] == 1 else f"{name} ({seen[same(name)]})")
    return tuple(names)


def same(name):
    """Headers that differ in spaces and capitals only are the same.

    >>> same(" Unit  Price") == same("unit price")
    True
    """
    return " ".join(clean(name).split()).casefold()


def signature_of(labels):
    """What a feed remembers of the header its columns were mapped with: one name per line.

    >>> signature_of(("SKU", "Price"))
    'SKU\\nPrice'
    """
    return "\n".join(labels)


def find_layout(rows, plan, score):
    """
    :param rows: [cells] of the first filled rows
    :param score: how much a row looks like a header, for a plan without columns
    :raise FeedError: header_changed with what is missing and what is new
    """
    rows = rows[:HEADER_WITHIN]
    width = max((len(cells) for cells in rows), default=0)
    if width > MAX_COLUMNS:
        raise FeedError("too_many_columns", limit=MAX_COLUMNS)
    wanted = {same(column.source) for column in plan.columns}
    if wanted and all(NUMBERED(name) for name in wanted):
        best = max(range(len(rows)), key=lambda index: (score(rows[index]), -index))
        skip = best + 1 if score(rows[best]) >= 2 else 0
        return Layout(tuple(f"#{place + 1}" for place in range(width)), (), skip)
    scores = [len(wanted & set(map(same, headings(cells)))) if wanted else score(cells) for cells in rows]
    best = max(range(len(scores)), key=lambda index: (scores[index], -index))
    if not wanted:
        if scores[best] < 2:
            return Layout(tuple(f"#{place + 1}" for place in range(width)))
        return Layout(headings(rows[best]), tuple(rows[best]), best + 1)
    labels = headings(rows[best])
    _check(labels, plan, wanted)
    return Layout(labels, tuple(rows[best]), best + 1)


def _check(labels, plan, wanted):
    found = {same(label): label for label in labels}
    before = {same(name): name for name in plan.header_signature.split("\n") if name}
    missing = sorted({column.source for column in plan.columns if same(column.source) not in found})
    new = [label for name, label in found.items() if name not in before and name not in wanted]
    telling = [label for label in new if before and _tells(label, wanted, plan)]
    if missing or telling:
        named = [label for label in new if not label.startswith("#")]
        raise FeedError("header_changed", missing=", ".join(missing)[:500], new=", ".join(telling or named)[:500])


def _tells(label, wanted, plan):
    """Whether a new column changes what a mapped one means: the same name again, or the first currency."""
    first = re.sub(r" \(\d+\)$", "", same(label))
    if first != same(label) and first in wanted:
        return True
    role, sure = role_of(label)
    targets = {column.target for column in plan.columns}
    return role == "currency" and sure == 1.0 and "price" in targets and "currency" not in targets


def places_of(labels, plan):
    """{source: position}"""
    found = {same(label): place for place, label in enumerate(labels)}
    places = {}
    for column in plan.columns:
        place = found.get(same(column.source))
        if place is None:
            raise FeedError("header_changed", missing=column.source[:200], new="")
        places[column.source] = place
    return places
