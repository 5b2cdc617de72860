"""Decisions of the order desk that need no Odoo: the stage of an order, clocks, what was typed, who comes next."""

from .clock import left
from .next_source import next_best
from .search_key import Typed, escaped, read
from .stage import STAGE_CODES, Facts, stage_of

__all__ = ["STAGE_CODES", "Facts", "Typed", "escaped", "left", "next_best", "read", "stage_of"]
