"""What is refused before anything is reckoned: each refusal is a code with its figures."""

from decimal import Decimal

from .kinds import NEEDS, PLACES, WHOLE_ORDER
from .parts import ZERO
from .shared import number_problem

HUNDRED = Decimal(100)
KINDS = {*NEEDS, *WHOLE_ORDER}


def check(order, wish):
    """
    :return: list of (code, {figure: value}); empty: it can be reckoned
    """
    numbers = [*_figures(wish)]
    for ask in wish.asks:
        numbers += _figures(ask)
    return numbers or [*_money(order, wish), *_choices(wish), *_asks(order, wish)]


def _figures(record):
    """Problems of all figures of an ask or a wish."""
    fields = ("qty", "amount", "price", "percent", "fee", "given", "freight_most", "return_freight", "insured")
    optional = ("qty", "amount", "price", "percent", "given", "freight_most")
    for field in fields:
        value = getattr(record, field, ZERO)
        if value is None and field in optional:
            continue
        problem = number_problem(value, field)
        if problem:
            yield problem
        elif field in ("percent", "fee") and value > HUNDRED:
            yield "over_100", {"field": field, "value": value}


def _money(order, wish):
    """Whether there is money of this order at all, and amounts are of its kind."""
    for amount in (wish.freight_most, wish.return_freight, wish.insured):
        yield from _whole(amount, order.step)
    if wish.currency and wish.currency != order.currency:
        yield "other_currency", {"asked": wish.currency, "expected": order.currency}
    strange = [one for one in order.payments if one.currency and one.currency != order.currency]
    for payment in strange:
        yield "other_currency", {"asked": payment.currency, "expected": order.currency}
    if strange:
        return
    came = sum((payment.amount for payment in order.payments), ZERO)
    if came <= ZERO:
        yield ("not_collected" if order.cash else "never_paid"), {}
    elif all(payment.paid <= ZERO for payment in order.payments):
        yield "charged_back", {"amount": came}


def _choices(wish):
    if not wish.asks and wish.freight == "no" and not wish.return_freight:
        yield "nothing_asked", {}
    known = {
        "freight": ("no", "part", "yes"),
        "return_payer": ("us", "customer"),
        "return_advanced": ("us", "customer"),
        "stored": ("first", "last"),
    }
    for field, values in known.items():
        if getattr(wish, field) not in values:
            yield "unknown_choice", {"field": field, "value": str(getattr(wish, field))[:40]}


def _asks(order, wish):
    kinds = {line.key: line.kind for line in order.lines}
    for ask in wish.asks:
        if ask.kind not in KINDS:
            yield "unknown_kind", {"kind": str(ask.kind)[:40]}
        elif ask.line is None and ask.kind not in WHOLE_ORDER:
            yield "line_missing", {"kind": ask.kind}
        elif ask.line is not None and (
            kinds.get(ask.line) not in ("goods", "gift") or ask.kind in ("freight_only", "paid_twice")
        ):
            yield "unknown_line", {"line": ask.line}
        else:
            yield from _needs(ask, order.step)


def _whole(amount, step):
    """An amount that nobody can pay, such as half a cent."""
    if amount is not None and amount % step:
        yield "not_whole", {"amount": amount, "step": step}


def _needs(ask, step):
    if ask.kind in NEEDS:
        needs = NEEDS[ask.kind]
        given = [field for field in needs if getattr(ask, field) is not None]
        if not given:
            yield "figure_missing", {"field": needs[0], "line": ask.line}
        elif len(given) > 1:
            yield "one_figure", {"fields": needs, "line": ask.line}
    for field in ("amount", "price", "percent"):
        if getattr(ask, field) is not None and field not in NEEDS.get(ask.kind, ("amount",)):
            yield "figure_unused", {"field": field, "kind": ask.kind}
    if ask.given is not None and (ask.kind not in PLACES or ask.qty is None):
        yield "figure_unused", {"field": "given", "kind": ask.kind}
    for field in ("qty", "amount", "percent"):
        if getattr(ask, field) is not None and not getattr(ask, field):
            yield "zero", {"field": field, "line": ask.line}
    yield from _whole(ask.amount, step)
    yield from _whole(ask.given, step)
