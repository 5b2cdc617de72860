"""One outcome while it is being judged: what the policy says, then what the law makes of it."""

from decimal import Decimal
from typing import NamedTuple

from .facts import ZERO
from .rows import NEED_GOODS, OUTBOUND, STAY, VERDICTS, strictest
from .windows import ENDLESS, Deadline


class Offer(NamedTuple):
    """One outcome for some pieces of a line, and why not more.

    :param str verdict: accept, look, refuse
    :param quantity: how many pieces it is for
    :param Deadline deadline: how long there is this outcome at all
    :param floor_until: until when the law makes it as good as it is (naive UTC); None: it does not, or for ever, or
        its window has not begun
    :param fee: percent kept
    :param str payer: of the freight back; empty: there is none
    :param str to: where the goods go; empty: they are not with the customer
    :param tuple evidence: still missing
    :param tuple refund: `RefundTerm` that all have to be kept
    :param row: key of the policy row; None: not from the policy
    :param tuple floors: keys of the floors that changed something
    :param tuple reasons: (code, {parameter: value})
    """

    kind: str
    verdict: str
    quantity: Decimal
    deadline: Deadline
    floor_until: object
    fee: Decimal
    payer: str
    to: str
    evidence: tuple
    percent: Decimal
    bonus: Decimal
    outbound: str
    refund: tuple
    row: object
    floors: tuple
    reasons: tuple


class Draft:
    """An offer that still changes. `against` are (verdict, code, parameters): the strictest is the verdict."""

    def __init__(self, kind, quantity):
        self.kind, self.quantity = kind, quantity
        self.deadline, self.floor_until = ENDLESS, None
        self.fee = self.percent = self.bonus = ZERO
        self.payer, self.to, self.outbound = "customer", "us", "none"
        self.evidence, self.refund, self.floors = (), (), ()
        self.row = None
        self.against, self.notes = [], []

    @property
    def verdict(self):
        return strictest([row[0] for row in self.against]) if self.against else "accept"

    def oppose(self, verdict, code, **figures):
        self.against.append((verdict, code, figures))

    def note(self, code, **figures):
        self.notes.append((code, figures))

    def finished(self):
        """The offer."""
        reasons = (*((code, figures) for _verdict, code, figures in self.against), *self.notes)
        if self.to not in ("supplier", "us"):
            self.payer = ""
        return Offer(
            self.kind, self.verdict, self.quantity, self.deadline, self.floor_until, self.fee, self.payer, self.to,
            self.evidence, self.percent, self.bonus, self.outbound, self.refund, self.row, self.floors, reasons,
        )  # fmt: skip


def by_policy(outcome, row, line, quantity, clock, supplier, worth):
    """What a row of the policy says.

    :param Taken supplier: whether he takes the goods back
    :param worth: what all lines of the request under the row are worth
    """
    draft = Draft(outcome.kind, quantity)
    draft.row = row.key if row else None
    draft.percent, draft.bonus, draft.outbound = outcome.percent, outcome.bonus, outcome.outbound
    draft.fee = outcome.fee
    draft.refund = (outcome.refund,) if outcome.refund else ()
    draft.payer = payer_of(outcome.payer, line.reason)
    if outcome.verdict != "accept":
        draft.oppose(outcome.verdict, "policy_refuses" if outcome.verdict == "refuse" else "policy_looks")
    _in_time(draft, outcome.window, line, clock)
    _place(draft, outcome, line, supplier)
    missing = needed(outcome, line) - line.evidence
    if missing:
        draft.evidence = tuple(sorted(missing))
        draft.oppose("look", "evidence_missing", evidence=draft.evidence)
    if outcome.maximum is not None:
        amount = worth * outcome.percent / 100 if outcome.kind == "keep" else worth
        if amount > outcome.maximum:
            draft.oppose("look", "amount_over", amount=amount, maximum=outcome.maximum)
    return draft


def by_nothing(kind, line, quantity, supplier):
    """What the policy does not mention: refused, unless the law gives it."""
    draft = Draft(kind, quantity)
    draft.oppose("refuse", "not_in_policy")
    goods_stay = kind in STAY
    draft.to = "" if line.reason.absent else "keep" if goods_stay else "supplier" if supplier.takes else "us"
    return draft


def needed(outcome, line):
    """Evidence an outcome needs; nobody has pictures of what has not arrived."""
    if outcome.kind in ("cancel", "intercept"):
        return outcome.evidence
    return outcome.evidence | line.reason.evidence


def payer_of(payer, reason):
    """Who pays when the liable one pays; what the listing did is ours."""
    if payer != "liable":
        return payer
    return "us" if reason.liable in ("us", "listing") else reason.liable


def possible(kind, line):
    """Whether there is such an outcome when the goods are where the reason says."""
    return not (line.reason.absent and kind in NEED_GOODS)


def milder(one, other):
    return VERDICTS.index(one) < VERDICTS.index(other)


def less_outbound(one, other):
    return OUTBOUND.index(one) < OUTBOUND.index(other)


def _in_time(draft, window, line, clock):
    draft.deadline = clock.deadline(window, line.moment(window.base) if window else None)
    if draft.deadline.over:
        draft.oppose("refuse", "window_over", **window_figures(window, draft.deadline))
    elif draft.deadline.state == "not_begun":
        draft.note("window_not_begun", base=window.base)


def window_figures(window, deadline):
    return {"days": window.days, "months": window.months, "base": window.base, "since": deadline.since,
            "day": deadline.day}  # fmt: skip


def _place(draft, outcome, line, supplier):
    if line.reason.absent or outcome.kind in ("cancel", "intercept"):
        draft.to = ""
        return
    if outcome.kind in STAY:
        draft.to = "keep"
        return
    draft.to = outcome.to
    if outcome.bound and not supplier.takes:
        draft.oppose(outcome.bound, "supplier_bound", why=supplier.why, **supplier.figures)
    if outcome.to != "supplier":
        return
    if not supplier.takes:
        draft.to = outcome.else_to
        draft.note("supplier_does_not_take", why=supplier.why, to=outcome.else_to, **supplier.figures)
    elif outcome.supplier_fee and supplier.fee > draft.fee:
        draft.note("supplier_fee", policy=draft.fee, fee=supplier.fee)
        draft.fee = supplier.fee
