"""Supplier statements: which period is over, how long an objection may take, in which order lines are shown.

Pure Python; nothing here knows Odoo.
"""

from .periods import EVERY, last_end, working_day

__all__ = ["EVERY", "last_end", "working_day"]
