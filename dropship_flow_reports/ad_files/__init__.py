"""Files of advertising platforms and spreadsheets: rows of text, and what the text means.

Bytes in, plain values out: no Odoo, no database, no clock. What is wrong is a code with its figures.
"""

from .meaning import Meaning, understand
from .reading import FIELDS, Told, read

__all__ = ["FIELDS", "Meaning", "Told", "read", "understand"]
