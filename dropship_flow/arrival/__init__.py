"""When a parcel arrives: learned from what really happened, told as P50, P80 and P95. No Odoo in here."""

from .distribution import LEVELS, Distribution
from .lanes import Lane
from .learning import Seen, learn
from .leaving import Calendar
from .remaining import still_to_go

__all__ = ["LEVELS", "Calendar", "Distribution", "Lane", "Seen", "learn", "still_to_go"]
