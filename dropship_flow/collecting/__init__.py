"""Cash on delivery, without Odoo: where it is offered, how much each parcel collects, what a remittance says."""

from .allow import Case, Rule, decide
from .money import ageing, share
from .remittance import Expected, Told, match, read
from .state import STATES, Money, word_of

__all__ = [
    "STATES", "Case", "Expected", "Money", "Rule", "Told", "ageing", "decide", "match", "read", "share", "word_of",
]  # fmt: skip
