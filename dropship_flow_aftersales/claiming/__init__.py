"""What we may claim from whoever caused a loss, what came of it, and what is on the next statement.

Plain values in, plain values out: no Odoo, no database, no clock. Moments are naive UTC, days those of the party's
zone; money is `Decimal` in one currency, without taxes we get back. Reasons are codes with parameters.

`claims` makes one claim for each liable party, `follow` reads what was answered, `settle` what was credited of it, and
`balance` says what remains ours. Damages are never more than the loss; only a penalty may be.
"""

from .claims import claims
from .facts import Claim, ClaimLine, Line, Loss, Penalty, Raised, Rule, Terms
from .life import Event, Standing, follow
from .netting import Balance, Credit, Settled, Use, balance, settle
from .shared import Deadline, Window

__all__ = [
    "Balance", "Claim", "ClaimLine", "Credit", "Deadline", "Event", "Line", "Loss", "Penalty", "Raised", "Rule",
    "Settled", "Standing", "Terms", "Use", "Window", "balance", "claims", "follow", "settle",
]  # fmt: skip
