"""What a customer may choose when nobody can deliver, and the money it moves: pure, no Odoo."""

from .choice import OPTIONS, default_of, stamp
from .money import refundable, spread
from .token import fresh, key_of, same

__all__ = ["OPTIONS", "default_of", "fresh", "key_of", "refundable", "same", "spread", "stamp"]
