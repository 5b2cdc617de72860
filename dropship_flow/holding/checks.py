"""One check per kind of hold: an order and a rule in, a verdict or nothing out."""

import hashlib

from . import risk
from .deliverable import has_digits
from .facts import Verdict
from .words import found_words


def fingerprint(text):
    """A short mark of a text of any length."""
    return hashlib.sha256((text or "").encode()).hexdigest()[:16]


def excerpt(text, size=120):
    """The beginning of what somebody wrote, in one line.

    >>> excerpt("Please\\n\\nring  twice"), len(excerpt("🙂" * 2000))
    ('Please ring twice', 120)
    """
    line = " ".join((text or "").split())
    return line if len(line) <= size else line[: size - 1] + "…"


def unpaid(order, rule):
    """The money is not there, and nobody agreed to wait for it.

    An order nobody tried to pay was confirmed by a person who had a reason; the rule may ask for it all the same.

    >>> from .facts import OrderFacts, Payment, Rule
    >>> order = OrderFacts(total=50.0, currency="EUR", payments=[Payment("pending", 50.0, "wire_transfer")])
    >>> unpaid(order, Rule("unpaid")).reasons
    [['unpaid_pending', {'paid': '0.00', 'total': '50.00', 'currency': 'EUR'}]]
    >>> order.payments = [Payment("authorized", 50.0)]
    >>> unpaid(order, Rule("unpaid")), unpaid(order, Rule("unpaid", accept_authorised=False)).reasons[0][0]
    (None, 'unpaid_authorised')
    """
    paid, authorised = order.amount_in("done"), order.amount_in("authorized")
    covering = paid + (authorised if rule.accept_authorised else 0.0)
    missing = order.total * rule.percent / 100 - covering
    if order.total <= 0 or missing < order.step / 2 or _may_pay_later(order, rule):
        return None
    if paid:
        code = "unpaid_part"
    elif authorised:
        code = "unpaid_authorised" if not rule.accept_authorised else "unpaid_part"
        paid = authorised
    elif order.amount_in("pending"):
        code = "unpaid_pending"
    else:
        code = "unpaid_failed" if order.payments else "unpaid_nothing"
    params = {"paid": f"{paid:.2f}", "total": f"{order.total:.2f}", "currency": order.currency}
    return Verdict("unpaid", [[code, params]], ("unpaid",), missing)


def _may_pay_later(order, rule):
    return (
        (rule.accept_cash_on_delivery and order.cash_on_delivery)
        or (rule.accept_trusted and order.trust == "good")
        or (rule.accept_credit and order.credit and order.trust != "bad")
        or (not order.payments and not rule.without_attempt)
    )


def address(order, rule):
    """The carrier would not find the door.

    >>> from .facts import OrderFacts, Rule
    >>> address(OrderFacts(address={"city": "Wien"}, address_problems=("junk_street",)), Rule("address")).reasons
    [['address_junk_street', {}], ['address_wanted', {}]]
    """
    missing = list(order.address_problems)
    if rule.need_phone and not has_digits(order.phone) and not {"no_phone", "bad_phone"}.intersection(missing):
        missing.append("no_phone")
    if not missing:
        return None
    # Another address, or another phone, is another fact.
    marks = (*missing, fingerprint(f"{sorted(order.address.items())}{order.phone}"))
    return Verdict("address", [*([f"address_{code}", {}] for code in missing), ["address_wanted", {}]], marks)


def duplicate(order, rule):
    """The same goods went to the same phone or address a short time ago.

    >>> from .facts import Copy, OrderFacts, Rule
    >>> order = OrderFacts(copies=[Copy(7, "S007", 2.25, True, False), Copy(5, "S005", 40.0, True, True)])
    >>> duplicate(order, Rule("duplicate")).reasons
    [['duplicate_phone', {'order': 'S007', 'order_id': 7, 'hours': '2.2'}]]
    """
    reasons, marks = [], []
    for copy in order.copies:
        by_phone, by_address = rule.same_phone and copy.same_phone, rule.same_address and copy.same_address
        if copy.hours <= rule.hours and (by_phone or by_address):
            code = "duplicate_both" if by_phone and by_address else ("duplicate_address", "duplicate_phone")[by_phone]
            reasons.append([code, {"order": copy.name, "order_id": copy.id, "hours": f"{copy.hours:.1f}"}])
            marks.append(str(copy.id))
    return Verdict("duplicate", reasons, tuple(marks)) if reasons else None


def value(order, rule):
    """More money than somebody wants to spend without a look."""
    if order.value <= rule.amount:
        return None
    params = {"value": f"{order.value:.2f}", "limit": f"{rule.amount:.2f}"}
    return Verdict("value", [["value_above", params]], ("value",), order.value)


def destination(order, _rule):
    """The rule's own places say it all."""
    marks = (f"{order.country}|{order.state}|{order.zip}",)
    return Verdict("destination", [["destination_marked", {"zip": order.zip}]], marks)


def first_order(order, rule):
    """A customer nobody knows yet."""
    if order.earlier or order.value <= rule.amount:
        return None
    return Verdict("first_order", [["first_order", {"value": f"{order.value:.2f}"}]], ("first",), order.value)


def words(order, rule):
    """>>> from .facts import OrderFacts, Rule
    >>> words(OrderFacts(texts=["Bitte mit Rechnung 🙂"]), Rule("words", words=("rechnung",))).reasons
    [['words_found', {'words': 'rechnung'}]]
    """
    found = found_words(rule.words, order.texts)
    return Verdict("words", [["words_found", {"words": ", ".join(found)}]], tuple(found)) if found else None


def lines(order, rule):
    """More lines than usual."""
    if order.lines < max(rule.count, 2):
        return None
    return Verdict("lines", [["many_lines", {"count": order.lines}]], ("lines",), float(order.lines))


def message(order, _rule):
    """The buyer wrote something nobody answered."""
    if not order.message:
        return None
    mark, text = order.message
    return Verdict("message", [["message_unread", {"text": excerpt(text)}]], (str(mark),))


def staff(order, _rule):
    """Somebody of the staff put a flag on the order."""
    if order.flag is None:
        return None
    code = "staff_flag_note" if order.flag.strip() else "staff_flag"
    return Verdict("staff", [[code, {"text": excerpt(order.flag)}]], (fingerprint(order.flag),))


def risk_score(order, rule):
    """>>> from .facts import OrderFacts, Rule, Signal
    >>> rule = Rule("risk", count=20, signals=(Signal(7, "no_phone", 20),))
    >>> risk_score(OrderFacts(), rule).reasons
    [['risk_score', {'score': 20, 'limit': 20}], ['risk_no_phone', {'points': 20}]]
    """
    points, shown = risk.score(order, rule.signals)
    if not shown or points < rule.count:
        return None
    reasons = [["risk_score", {"score": points, "limit": rule.count}]]
    reasons += [[f"risk_{signal.code}", {**figures, "points": signal.points}] for signal, figures in shown]
    return Verdict("risk", reasons, tuple(str(signal.id) for signal, _figures in shown), float(points))


def blocked(order):
    """What the blocklist says; needs no rule. Who pays before, by card or otherwise, is let go where that is enough.

    >>> from .facts import Block, OrderFacts, Payment
    >>> order = OrderFacts(total=9.0, blocks=[Block(1, "phone", "prepay", "Never at home")])
    >>> blocked(order).reasons
    [['blocked_prepay', {'by': 'phone', 'why': 'Never at home'}]]
    >>> order.payments = [Payment("done", 9.0)]
    >>> blocked(order)
    """
    prepaid = order.total <= 0 or order.total - order.amount_in("done", "authorized") < order.step / 2
    blocks = [block for block in order.blocks if block.action != "prepay" or not prepaid]
    if not blocks:
        return None
    return Verdict(
        "blocked",
        [[f"blocked_{block.action}", {"by": block.kind, "why": excerpt(block.reason)}] for block in blocks],
        tuple(f"{block.id}:{block.action}" for block in blocks),
        strict=any(block.action == "refuse" for block in blocks),
    )


CHECKS = {
    "unpaid": unpaid,
    "address": address,
    "duplicate": duplicate,
    "value": value,
    "destination": destination,
    "first_order": first_order,
    "words": words,
    "lines": lines,
    "message": message,
    "staff": staff,
    "risk": risk_score,
}
