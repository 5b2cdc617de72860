"""What of a parcel's state a customer is told: a function of the state alone, never of the way it came about."""

from datetime import timedelta
from typing import NamedTuple

from .status import is_physical

# Older news is no news: a parcel that is followed late does not write its history into somebody's mailbox.
OLD = timedelta(days=7)
# States in which the customer himself has to do something, by what more is known of them.
CUSTOMER_ACTS = {
    "customs": frozenset({"customs_documents", "customs_problem", "fee_due"}),
    "exception": frozenset(
        {"address", "fee_due", "no_contact", "absent", "closed", "unclaimed", "out_of_area", "customs_documents"}
    ),
}
# The fact that stands for each state.
FACTS = {
    "picked_up": "moving",
    "in_transit": "moving",
    "customs": "customs",
    "out_for_delivery": "out_for_delivery",
    "available_for_pickup": "pickup",
    "attempt_failed": "attempt_failed",
    "exception": "problem",
    "delivered": "delivered",
    "returning": "returning",
    "returned": "returning",
    "lost": "lost",
}
# Told as long as they are true, even when they were true before and passed too quickly to be told: each time is
# something new for the customer. That a parcel moves is none of these once he knows more.
COMES_BACK = frozenset(set(FACTS.values()) - {"moving"})


class Fact(NamedTuple):
    """:param bool acts: the customer has to do something · at: since when it is true"""

    name: str
    acts: bool
    at: object


def facts_now(code, detail, at, left=True):
    """What is true of a parcel at this moment, the most telling first.

    :param str code: its state
    :param datetime at: since when
    :param bool left: its goods are said to have left us

    >>> [fact.name for fact in facts_now("customs", "customs_clearing", 1)]
    ['customs', 'moving']
    >>> facts_now("exception", "address", 1)
    [Fact(name='problem', acts=True, at=1)]
    >>> [fact.name for fact in facts_now("info_received", "", 1)], facts_now("cancelled", "", 1)
    (['shipped'], [])
    """
    if code in ("pending", "info_received", "expired"):
        return [Fact("shipped", False, at)] if left else []
    name = FACTS.get(code)
    if not name:
        return []
    acts = detail in CUSTOMER_ACTS.get(code, ()) or code in ("available_for_pickup", "attempt_failed")
    facts = [Fact(name, acts, at)]
    if code == "customs" and not acts:  # on its way like any other, to the customer
        facts.append(Fact("moving", False, at))
    return facts


def passed(reached, current):
    """Facts that were true once and are not any more: [(fact, since when)], in the order in which they came.

    What only sometimes concerns the customer is left out: nobody knows now whether it did.

    :param dict reached: {state: when it was reached first}
    :param current: names of the facts that are true now

    >>> passed({"picked_up": 1, "customs": 2, "out_for_delivery": 3, "delivered": 4}, {"delivered"})
    [('moving', 1), ('out_for_delivery', 3)]
    """
    result = {}
    for code, at in sorted(reached.items(), key=lambda pair: (pair[1], pair[0])):
        name = FACTS.get(code)
        if name and is_physical(code) and code not in CUSTOMER_ACTS and name not in current:
            result.setdefault(name, at)
    return list(result.items())


def is_old(at, now):
    """Whether something happened too long ago to be told.

    >>> from datetime import datetime
    >>> is_old(datetime(2026, 1, 1), datetime(2026, 1, 9)), is_old(None, datetime(2026, 1, 9))
    (True, False)
    """
    return bool(at) and now - at > OLD


def first_matches(rules, wanted):
    """The rules that count: for each channel the first that matches, and those after it as long as they say "go on".

    :param rules: rules in their order, each with `channel` and `goes_on`
    :param wanted: function that says whether a rule matches

    >>> from collections import namedtuple
    >>> Rule = namedtuple("Rule", "name channel goes_on")
    >>> rules = [Rule("a", "auto", False), Rule("b", "auto", False), Rule("c", "sms", True), Rule("d", "sms", False)]
    >>> [rule.name for rule in first_matches(rules, lambda rule: True)]
    ['a', 'c', 'd']
    """
    found, closed = [], set()
    for rule in rules:
        if rule.channel not in closed and wanted(rule):
            found.append(rule)
            if not rule.goes_on:
                closed.add(rule.channel)
    return found
