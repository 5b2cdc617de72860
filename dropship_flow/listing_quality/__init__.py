"""Decisions about listings that need no Odoo: how good one is, what its texts say, what belongs together, what a
picture really is, and which papers are missing where."""

from .grouping import Offered, group_offers
from .papers import Paper, Required, barred_places, missing_papers
from .picture import BadPicture, inspect
from .score import POINTS, Facts, assess, length
from .similar import NameIndex, similarity
from .texts import PLACEHOLDERS, clean_text, fill, fingerprint, unknown_placeholders

__all__ = [
    "PLACEHOLDERS",
    "POINTS",
    "BadPicture",
    "Facts",
    "NameIndex",
    "Offered",
    "Paper",
    "Required",
    "assess",
    "barred_places",
    "clean_text",
    "fill",
    "fingerprint",
    "group_offers",
    "inspect",
    "length",
    "missing_papers",
    "similarity",
    "unknown_placeholders",
]
