"""A supplier's record as a score, without Odoo: what happened is counted, few cases weigh little."""

from .hours import open_hours
from .score import GRADES, Record, grade, rate, score

__all__ = ["GRADES", "Record", "grade", "open_hours", "rate", "score"]
