"""Rows a person corrected, read as the files they came from are. Pure Python: no Odoo import."""

from .canon import Good, Reject
from .compiled import Compiled
from .errors import FeedError
from .layout import same


def read_cells(cells_list, plan):
    """Good or Reject for each {column: text}, in their order. Columns without headings go by their place: "#3"."""
    sources = tuple(dict.fromkeys(column.source for column in plan.columns))
    rows = [_in_order(cells, sources) for cells in cells_list]
    places = {source: place for place, source in enumerate(sources)}
    try:
        compiled = Compiled(plan, places, sources, rows, len(sources))
    except FeedError as error:
        return [Reject(0, ((error.code, dict(error.params)),), dict(cells)) for cells in cells_list]
    return [_first(compiled(0, row), cells) for row, cells in zip(rows, cells_list, strict=True)]


def _in_order(cells, sources):
    told = {same(str(name)): str(text) for name, text in cells.items() if text is not None}
    return [told.get(same(source), "") for source in sources]


def _first(found, cells):
    # Stock columns of several warehouses make several rows of one: the first problem counts, else the first row.
    problem = next((row for row in found if not isinstance(row, Good)), None)
    return problem or (found[0] if found else Reject(0, (("code_missing", {}),), dict(cells)))
