"""The rules over an order, in their sequence."""

from .checks import CHECKS, blocked


def judge(order, rules, mode="all"):
    """Verdicts of an order, at most one per kind; reasons of several rules of a kind are put together.

    A rule that says "pass" ends its kind: what stands behind it is not asked any more. In the mode "first" the first
    rule that fits decides alone. The blocklist comes before every rule.

    :param order: OrderFacts
    :param rules: Rule, in their sequence
    :return: [Verdict] that hold or warn

    >>> from .facts import OrderFacts, Rule
    >>> order = OrderFacts(value=900.0, lines=4, origin="web")
    >>> high, many = Rule("value", amount=500.0), Rule("lines", count=3)
    >>> [verdict.kind for verdict in judge(order, [high, many])], [v.kind for v in judge(order, [high, many], "first")]
    (['value', 'lines'], ['value'])
    >>> judge(order, [Rule("value", verdict="pass", origin="web"), high])
    []
    """
    found, closed = {}, set()
    verdict = blocked(order)
    if verdict:
        found["blocked"] = verdict
        if mode == "first":
            return [verdict]
    for rule in rules:
        if rule.kind in closed or not rule.matches(order):
            continue
        verdict = CHECKS[rule.kind](order, rule)
        if not verdict:
            continue
        if mode == "first":
            verdict.verdict = rule.verdict
            return [] if rule.verdict == "pass" else [verdict]
        if rule.verdict == "pass":
            closed.add(rule.kind)
        else:
            verdict.verdict = rule.verdict
            _add(found, verdict)
    return list(found.values())


def _add(found, verdict):
    known = found.get(verdict.kind)
    if not known:
        found[verdict.kind] = verdict
        return
    known.reasons += [reason for reason in verdict.reasons if reason not in known.reasons]
    known.marks = (*known.marks, *(mark for mark in verdict.marks if mark not in known.marks))
    known.measure = max(known.measure, verdict.measure)
    if verdict.verdict == "hold":
        known.verdict = "hold"


def covered(verdict, released):
    """Whether a person let the order go for these facts already.

    :param released: [(marks, measure)] of what was released

    >>> from .facts import Verdict
    >>> bigger = Verdict("value", [], ("value",), 900.0)
    >>> covered(bigger, [(["value"], 700.0)]), covered(bigger, [(["value"], 900.0)]), covered(bigger, [])
    (False, True, False)
    """
    return any(
        verdict.marks and set(verdict.marks) <= set(marks) and verdict.measure <= measure + 0.005
        for marks, measure in released
    )
