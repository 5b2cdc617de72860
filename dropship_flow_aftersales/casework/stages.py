"""What the customer is told, in one word: both axes in one. No supplier, no carrier, no inner word."""

from .ripe import hopeless

STAGES = (
    "asked",  # we look at it
    "your_turn",  # an offer waits for the customer
    "our_turn",  # the customer's offer is with us
    "preparing",  # accepted; where to send it follows
    "send",  # accepted; please send it
    "on_the_way",
    "partly",  # some of it came
    "arrived",
    "checked",
    "in_work",  # accepted, nothing to send, or nothing more: it is being carried out
    "not_sent",  # accepted, and nothing came
    "unasked",  # it came or is coming although it was not to: we get in touch
    "refused",
    "cancelled",
    "done",
)
_UNDERWAY = {"on_the_way": "on_the_way", "partly": "partly", "received": "arrived", "not_coming": "not_sent"}


def stage(case):
    """One of STAGES."""
    if case.offer:
        return "your_turn" if case.offer.answers == "customer" else "our_turn"
    if case.reopened and not case.closed and case.acceptance in ("asked", "negotiating"):
        return "asked"
    if case.bound:
        return _accepted(case)
    if case.reception != "none" and not case.closed:
        return "unasked"
    if case.acceptance in ("refused", "cancelled"):
        return case.acceptance
    return "done" if case.closed else "asked"


def _accepted(case):
    """What goods are doing comes first, as long as they do something; then what was agreed."""
    if case.closed:
        return "not_sent" if case.unresolved and hopeless(case) else "done"
    if case.reception == "awaited":
        return "send" if case.approval in ("", "given") else "preparing"
    if not case.unresolved:
        return "done" if case.reception in ("none", "inspected") else _UNDERWAY[case.reception]
    if case.reception == "none":
        return "in_work"
    return "checked" if case.reception == "inspected" else _UNDERWAY[case.reception]
