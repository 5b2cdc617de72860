"""What the suite decides by itself when a supplier does not answer. Pure: no Odoo, no database."""

from .attempts import FAILED, tired
from .clock import answer_by
from .promise import worse
from .sending import parse_times, send_at

__all__ = ["FAILED", "answer_by", "parse_times", "send_at", "tired", "worse"]
