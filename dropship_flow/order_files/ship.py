"""The file that tells a marketplace what was shipped, in its own form."""

import csv
import io

try:
    from ..feeds.errors import FeedError
    from ..sheets import layout as flat
except ImportError:  # the package by itself, without the addon around it
    from feeds.errors import FeedError
    from sheets import layout as flat

# What such a file may say: nothing of a supplier, nothing of costs.
FIELDS = (
    "number", "line_id", "our_number", "sku", "title", "qty", "carrier", "carrier_name", "carrier_code", "tracking",
    "ship_date", "fixed",
)  # fmt: skip
OF_LINES = {"line_id", "sku", "title", "qty"}


def per_line(layout):
    """Whether a row is of one line of an order, not of a whole parcel.

    >>> per_line({"columns": [{"field": "number"}, {"field": "qty"}]}), per_line({"columns": [{"field": "number"}]})
    (True, False)
    """
    return any(column["field"] in OF_LINES for column in layout["columns"])


def write(layout, rows):
    """The file as bytes; the same rows give the same bytes.

    :raise FeedError: when a text cannot be written in the layout's encoding, or nothing says which order
    """
    names = {column["field"] for column in layout["columns"]}
    if not names & {"number", "our_number"} or "tracking" not in names:
        raise FeedError("no_columns")
    plain = {**layout, "totals": False, "header": True, "decimal": "."}
    if layout["format"] == "xlsx":
        return flat.write(plain, rows)
    stream = io.StringIO()
    if layout.get("preamble"):
        stream.write(layout["preamble"].rstrip("\n") + "\r\n")
    writer = csv.writer(stream, delimiter=flat.SEPARATORS[layout.get("separator") or "comma"], lineterminator="\r\n")
    writer.writerows([flat.harmless(cell) for cell in line] for line in flat.table(plain, rows))
    try:
        return stream.getvalue().encode(layout.get("encoding") or "utf-8")
    except UnicodeEncodeError as error:
        raise FeedError("encoding", text=error.object[error.start : error.start + 10]) from None
