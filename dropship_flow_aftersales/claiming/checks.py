"""What is refused before anything is reckoned: each refusal is a code with its figures."""

from .facts import BASES, CLAIMABLE, EXTRAS, MONEY, PARTIES, WHOLE, ZERO
from .shared import number_problem

LIMITS = ("per_parcel", "per_kg", "per_claim", "per_month")


def check(loss, terms, used):
    """
    :return: list of (code, {figure: value}); empty: it can be reckoned
    """
    found = [*_loss(loss), *_liable(loss.liable)]
    for party, amount in used.items():
        found += _number(amount, f"used by {party}")
    for party, one in terms.items():
        if party not in CLAIMABLE:
            found.append(("unknown_party", {"party": str(party)[:40]}))
        found += [(code, {"party": party, **figures}) for code, figures in _terms(one, loss.currency)]
    return found


def money_problem(amount, step, field="amount"):
    """Why nobody can pay an amount, such as half a cent; None: it is one.

    >>> from decimal import Decimal
    >>> money_problem(Decimal("0.005"), Decimal("0.01"))
    ('not_whole', {'field': 'amount', 'amount': Decimal('0.005'), 'step': Decimal('0.01')})
    """
    problem = number_problem(amount, field)
    if not problem and amount % step:
        return "not_whole", {"field": field, "amount": amount, "step": step}
    return problem


def _number(value, field, optional=False, most=None):
    if optional and value is None:
        return
    problem = number_problem(value, field)
    if problem:
        yield problem
    elif most is not None and value > most:
        yield "over_100", {"field": field, "value": value}


def _loss(loss):
    if not loss.lines:
        yield "no_lines", {}
    keys = [line.key for line in loss.lines]
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        yield "line_twice", {"line": key}
    if isinstance(loss.parcels, bool) or not isinstance(loss.parcels, int) or loss.parcels < 0:
        yield "not_a_number", {"field": "parcels", "value": str(loss.parcels)[:40]}
    for line in loss.lines:
        found = [*_number(line.qty, "qty"), *_number(line.weight, "weight", optional=True)]
        for field in MONEY:
            problem = money_problem(getattr(line, field), loss.step, field)
            found += [problem] if problem else []
        if not found and not line.qty:
            found.append(("zero", {"field": "qty"}))
        yield from ((code, {"line": line.key, **figures}) for code, figures in found)


def _liable(shares):
    total, seen = ZERO, set()
    for party, percent in shares:
        if party not in PARTIES:
            yield "unknown_party", {"party": str(party)[:40]}
        elif party in seen:
            yield "party_twice", {"party": party}
        seen.add(party)
        problems = [*_number(percent, "share")]
        yield from problems
        total += ZERO if problems else percent
    if total > WHOLE:
        yield "over_100", {"field": "share", "value": total}


def _terms(terms, currency):
    if terms.currency != currency:
        yield "other_currency", {"asked": currency, "expected": terms.currency}
    for field in LIMITS:
        yield from _number(getattr(terms, field), field, optional=True)
    if terms.silence not in ("", "accepted", "refused"):
        yield "unknown_choice", {"field": "silence", "value": str(terms.silence)[:40]}
    windows = [terms.window]
    for rule in terms.rules:
        windows.append(rule.window)
        yield from _rule(rule)
    for window in windows:
        if window and window.base not in BASES:
            yield "unknown_choice", {"field": "base", "value": str(window.base)[:40]}


def _rule(rule):
    yield from _number(rule.percent, "percent", most=WHOLE)
    if rule.pays not in ("cost", "refunded", "nothing"):
        yield "unknown_choice", {"field": "pays", "value": str(rule.pays)[:40]}
    for extra in sorted(map(str, rule.covers - set(EXTRAS))):
        yield "unknown_choice", {"field": "covers", "value": extra[:40]}
    penalty = rule.penalty
    if penalty:
        problems = [
            *_number(penalty.fixed, "fixed"), *_number(penalty.percent, "penalty percent", most=WHOLE),
            *_number(penalty.low, "low", optional=True), *_number(penalty.high, "high", optional=True),
        ]  # fmt: skip
        yield from problems
        if not problems and None not in (penalty.low, penalty.high) and penalty.low > penalty.high:
            yield "low_over_high", {"low": penalty.low, "high": penalty.high}
