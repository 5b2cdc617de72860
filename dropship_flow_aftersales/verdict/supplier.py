"""Whether the supplier takes the goods of a line back, by the terms he is bound to."""

from decimal import Decimal
from typing import NamedTuple

from .facts import ZERO
from .rows import excluded_by
from .windows import ENDLESS, Deadline


class Taken(NamedTuple):
    """
    :param str why: he does not: no_terms, reason, kind, window_over
    :param figures: parameters of `why`
    :param fee: percent he keeps
    :param Deadline deadline: until when he has to be asked
    """

    takes: bool
    why: str = ""
    figures: dict = {}
    fee: Decimal = ZERO
    deadline: Deadline = ENDLESS


def taken(line, clock):
    """
    :param Clock clock: of the supplier's zone; None without terms

    >>> from datetime import datetime
    >>> from .facts import Line, Order, Reason, Terms
    >>> defect = Line(1, Order(None), 5, 1, reason=Reason(frozenset({"defect"})), terms=Terms(frozenset({"defect"})))
    >>> taken(defect, None).takes, taken(defect._replace(reason=Reason(frozenset({"dislike"}))), None).why
    (True, 'reason')
    >>> taken(defect._replace(terms=None), None).why
    'no_terms'
    """
    terms = line.terms
    if not terms:
        return Taken(False, "no_terms")
    if terms.reasons is not None and terms.reasons.isdisjoint(line.reason.codes):
        return Taken(False, "reason")
    kind = excluded_by(terms.excluded, line.kinds)
    if kind:
        return Taken(False, "kind", {"kind": kind})
    window = terms.window
    if not window:
        return Taken(True, fee=terms.fee)
    deadline = clock.deadline(window, line.moment(window.base))
    if deadline.over:
        return Taken(False, "window_over", {"days": window.days, "since": deadline.since}, deadline=deadline)
    return Taken(True, fee=terms.fee, deadline=deadline)
