"""Which events count at all."""

from decimal import Decimal

from .facts import AFTER, MAY, PARTY, SILENCES, ZERO


def is_quantity(value):
    """
    >>> [is_quantity(value) for value in (Decimal(2), Decimal(-1), Decimal(0), Decimal("NaN"), 2, None)]
    [True, False, False, False, False, False]
    """
    return isinstance(value, Decimal) and value.is_finite() and value > ZERO


def fault_of(offer, free, capped=False):
    """
    :param dict free: {line: quantity} an offer can be about
    :param bool capped: more than that is no fault
    :return: why this is no offer, or None

    >>> from .facts import Offer
    >>> fault_of(Offer("return", (("lamp", Decimal(3)),)), {"lamp": Decimal(2)})
    'too_many'
    """
    if not offer or not offer.lines:
        return "no_offer"
    if offer.to not in ("", "us", "supplier") or offer.after not in AFTER or offer.silence not in SILENCES:
        return "bad_offer"
    if offer.after and not offer.to:
        return "bad_offer"  # nothing is sent that this could wait for
    money = offer.amount
    if money is not None and not (isinstance(money, Decimal) and money.is_finite() and money >= ZERO):
        return "bad_amount"
    keys = [line for line, _quantity in offer.lines]
    if len(set(keys)) < len(keys):
        return "line_twice"
    for line, quantity in offer.lines:
        if line not in free:
            return "unknown_line"
        if not is_quantity(quantity):
            return "bad_quantity"
        if quantity > free[line] and not capped:
            return "too_many"
    return None


def misfit(event):
    """Why an event cannot count whatever the case is like, or None."""
    if event.code not in MAY:
        return "unknown_code"
    if event.by not in PARTY or event.by not in MAY[event.code]:
        return "not_allowed"
    scored = event.code == "score" or (event.code == "close" and event.score is not None)
    if scored and not _is_number(event.score):
        return "bad_score"
    for row in event.lines:
        if len(row) != (3 if event.code == "inspect" else 2):
            return "bad_lines"
        nothing_found = event.code == "receive" and isinstance(row[-1], Decimal) and row[-1] == ZERO
        if not is_quantity(row[-1]) and not nothing_found:
            return "bad_quantity"
    return None


def _is_number(value):
    return not isinstance(value, bool) and isinstance(value, int | Decimal) and Decimal(value).is_finite()


def counted(events, now):
    """Each event once, by time, without those of the future.

    :return: (events that count, {(key, why another does not)}, when the next of the future will count)
    """
    first, ignored = {}, set()
    for event in events:
        kept = first.setdefault(event.key, event)
        if kept != event:
            first[event.key] = min(kept, event, key=lambda one: (one.at, repr(one)))
            ignored.add((event.key, "key_twice"))
    known = []
    for event in sorted(first.values(), key=lambda one: (one.at, one.key)):
        why = "future" if event.at > now else misfit(event)
        if why:
            ignored.add((event.key, why))
        else:
            known.append(event)
    return known, ignored, min((event.at for event in first.values() if event.at > now), default=None)
