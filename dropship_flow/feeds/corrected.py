"""Rows a person corrected, read as the files they came from are. Pure Python: no Odoo import."""

import csv
import io
from dataclasses import replace

from .canon import Good, Reject
from .errors import FeedError
from .reader import read


def read_cells(cells_list, plan):
    """Good or Reject for each {source: text}, in their order.

    :raise FeedError: when the columns of the plan do not suffice to read anything
    """
    sources = list(dict.fromkeys(column.source for column in plan.columns))
    # What was found out per file cannot be found out from a few rows: a plan that says nothing reads as usual.
    plan = replace(plan, file_format="csv", encoding="utf-8", delimiter=",", header_signature="", item_path="")
    found = []
    for cells in cells_list:
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(sources)
        writer.writerow([cells.get(source, "") for source in sources])
        try:
            rows = list(read(io.BytesIO(stream.getvalue().encode()), plan, name="corrected.csv"))
        except FeedError as error:
            rows = [Reject(0, ((error.code, dict(error.params)),), dict(cells))]
        # Stock columns of several warehouses make several rows of one: the first problem counts, else the first row.
        problem = next((row for row in rows if not isinstance(row, Good)), None)
        found.append(problem or (rows[0] if rows else Reject(0, (("code_missing", {}),), dict(cells))))
    return found
