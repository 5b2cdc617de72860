"""What a comparison ends in."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal(0)

# From the one a person has to look at first to the one nobody needs to see.
RANK = ("differs", "disputed", "credit_asked", "waiting", "accepted", "tolerated", "ok", "open")


class Verdict(NamedTuple):
    """How a line of a purchase, or its freight, stands.

    :param str state: open (nothing shipped, nothing billed), waiting (for the bill, or for the goods), ok, tolerated,
        differs (a person decides); and what a person decided: accepted, disputed, credit_asked
    :param Decimal expected: what may be billed for what left
    :param Decimal difference: what was billed beyond what was agreed; negative: less
    :param tuple reasons: (code, {figure: text or Decimal})
    """

    state: str
    expected: Decimal
    difference: Decimal
    reasons: tuple = ()

    @property
    def needs_decision(self):
        return self.state == "differs"


def money(amount, step):
    """Round once, half away from zero, to the currency's step.

    >>> money(Decimal("10.005"), Decimal("0.01")), money(Decimal("-2.5"), Decimal(1))
    (Decimal('10.01'), Decimal('-3'))
    """
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def worst(states):
    """The state of a document from those of its rows.

    >>> worst(["ok", "tolerated", "differs"]), worst([]), worst(["open", "ok"])
    ('differs', 'open', 'ok')
    """
    return min(states, key=RANK.index, default="open")
