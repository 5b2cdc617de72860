"""What can be done now, and by whom."""

from .facts import BUYER, MAY, PARTY, SHOP, UNDECIDED, ZERO
from .ripe import hopeless, ripe


def verbs(case, who, dues=()):
    """
    :param str who: customer, guest, agent, supplier, system
    :param dues: what is due, from `dues`; what the system does only because nobody else did is possible when it says so
    :return: tuple of codes of `MAY`, in its order; about which offer, parcel or line is in the case

    Whether a withdrawal is in time the law says, not the case.
    """
    return tuple(verb for verb in MAY if who in MAY[verb] and _possible(case, who, verb, dues))


def _possible(case, who, verb, dues):
    if who == "system" and verb in ("approve", "disapprove", "deem", "not_coming", "close"):
        return any(due.then == verb and due.over for due in dues)
    return _CONDITIONS[verb](case, who)


def _open(case):
    return not case.closed and case.acceptance in UNDECIDED


def _again(case):
    """A refusal is the shop's, so the shop may come back to it."""
    return not case.closed and case.acceptance in (*UNDECIDED, "refused")


def _offer(case, who):
    return _again(case) if who in SHOP else _open(case)


def _answer(case, who):
    return bool(case.offer) and PARTY[who] == case.offer.answers


def _cancel(case, who):
    """As long as nothing is on its way and nothing was done; a withdrawal cannot be taken back."""
    if case.closed or case.acceptance not in (*UNDECIDED, "accepted") or case.parcels:
        return False
    agreed = [bound for bound in case.bound if bound.how != "law"]
    if case.acceptance == "accepted" and not agreed:
        return False
    return not any(bound.resolved for bound in agreed)


def _withdraw(case, who):
    withdrawn = ZERO
    for bound in case.bound:
        if bound.how == "law":
            withdrawn += sum((quantity for _line, quantity in bound.offer.lines), ZERO)
    return withdrawn < sum((line.asked for line in case.lines), ZERO)


def _ripe(case):
    """An agent may carry out earlier what the system does in its time."""
    return any(ripe(case, bound) for bound in case.bound)


def _close(case, who):
    """Not before the customer has what was agreed, where it is not hopeless."""
    return not case.closed and case.acceptance not in UNDECIDED and (not case.unresolved or hopeless(case))


def _send(case, who):
    return case.missing and case.approval in ("", "given")


def _arrive(case, who):
    return case.underway or case.missing


def _receive(case, who):
    """The supplier counts and looks at what goes to him, until we closed for him."""
    if who == "agent":
        return case.missing or bool(case.parcels)
    expected = case.to == "supplier" and (case.missing or any(not parcel.deemed for parcel in case.parcels))
    return expected and case.approval in ("", "given")


def _deem(case, who):
    return any(parcel.there and not parcel.inspected for parcel in case.parcels)


_CONDITIONS = {
    "offer": _offer,
    "take": _answer,
    "decline": _answer,
    "accept": lambda case, who: _again(case),
    "refuse": lambda case, who: _open(case),
    "cancel": _cancel,
    "withdraw": _withdraw,
    "approve": lambda case, who: case.approval in ("waiting", "refused"),
    "disapprove": lambda case, who: case.approval == "waiting",
    "redirect": lambda case, who: case.to == "supplier" and case.approval in ("waiting", "refused"),
    "resolve": lambda case, who: bool(case.unresolved) if who == "agent" else _ripe(case),
    "close": _close,
    "score": lambda case, who: who in BUYER and bool(case.closed),
    "send": _send,
    "move": _arrive,
    "arrive": _arrive,
    "lose": lambda case, who: case.underway,
    "receive": _receive,
    "inspect": _receive,
    "deem": _deem,
    "not_coming": lambda case, who: not case.not_coming and case.missing,
}
