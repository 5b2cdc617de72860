"""The four ways out, and which of them counts when nobody answers."""

import hashlib
import json

OPTIONS = ("wait", "substitute", "refund", "cancel")


def default_of(wanted, offered):
    """What happens without an answer, among what is possible now.

    Money back stays money back: without other goods in the order a refund is a cancellation, and an order that cannot
    be cancelled any more is refunded by the line. Whatever else is not possible is left to a person.

    >>> default_of("refund", {"wait", "cancel"})
    'cancel'
    >>> default_of("cancel", {"refund"})
    'refund'
    >>> default_of("wait", {"refund", "cancel"})
    'nothing'
    >>> default_of("nothing", {"wait"})
    'nothing'
    """
    second = {"refund": "cancel", "cancel": "refund"}.get(wanted)
    return next((option for option in (wanted, second) if option in offered), "nothing")


def stamp(facts):
    """A short mark of what a person was shown; other facts give another mark.

    >>> stamp({"amount": 34.9}) == stamp({"amount": 34.90})
    True
    >>> stamp({"amount": 34.9}) == stamp({"amount": 29.9})
    False
    """
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
