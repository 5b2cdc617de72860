"""Cash on delivery, without Odoo: where it is offered, how much each parcel collects, what a remittance says."""

from .allow import Case, Rule, decide
from .money import share
from .remittance import Expected, Told, match, read
from .state import Money, word_of

__all__ = [
    "Case", "Expected", "Money", "Rule", "Told", "decide", "match", "read", "share", "word_of",
]  # fmt: skip
