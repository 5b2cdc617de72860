"""Reads suppliers' price lists as received. Pure Python: no Odoo import; numbers and words in, rows and reasons out.

    table = read_table("prices.csv", content)      # sniff: encoding, delimiter, header row
    roles = guess_columns(table)                   # columns: which column is what
    good, bad = read_rows(table, roles, currency)  # rows: values with their types, or the reason they are not usable

Nothing is lost: every filled row of the file is either good or bad, with its line number.
"""

from .columns import ROLES, guess_columns
from .errors import FeedError
from .pricing import margin_percent, suggest_price
from .rows import BadRow, Row, read_rows
from .sniff import Table, read_table

__all__ = [
    "ROLES",
    "BadRow",
    "FeedError",
    "Row",
    "Table",
    "guess_columns",
    "margin_percent",
    "read_rows",
    "read_table",
    "suggest_price",
]
