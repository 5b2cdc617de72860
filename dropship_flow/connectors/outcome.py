"""What became of a message to a supplier, in five words."""

from dataclasses import dataclass, field

SENT = "sent"  # the supplier has it
REJECTED = "rejected"  # the supplier has seen it and will not take it; the same message again is of no use
AGAIN = "again"  # it did not arrive; the same message later
UNKNOWN = "unknown"  # it may have arrived
PARKED = "parked"  # something on our side is wrong (key, address); a person has to mend it


@dataclass(slots=True)
class Outcome:
    """The end of one attempt.

    :param answers: what the supplier said at once, as messages in: [{"ref": …, "status": …, "serial": …}]
    :param remote_ids: the supplier's numbers when his system made several orders of ours
    :param wait: seconds the supplier asks us to wait before the next try; None: we choose
    :param denied: whether the other side did not know who we are: with new access the same message may go
    :param healthy: whether the connection itself works (an order refused in good form is no failure of the line)
    """

    state: str
    error: str = ""
    remote_ref: str = ""
    answers: list = field(default_factory=list)
    remote_ids: list = field(default_factory=list)
    wait: float | None = None
    healthy: bool = True
    denied: bool = False
