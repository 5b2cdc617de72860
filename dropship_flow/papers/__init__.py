"""Papers and money around a purchase: what a file really is, who is hidden, what customs wants, whether to pay.

Pure Python; nothing here knows Odoo.
"""

from .customs import block, missing
from .masked import is_masked
from .payment import MOVES, may_move, price_changes, wallet_left
from .sniff import TYPES, decoded, kind_of, safe_name

__all__ = [
    "MOVES",
    "TYPES",
    "block",
    "decoded",
    "is_masked",
    "kind_of",
    "may_move",
    "missing",
    "price_changes",
    "safe_name",
    "wallet_left",
]
