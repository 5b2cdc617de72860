"""Why this plan and not another."""

from dataclasses import replace

from .cost import Infeasible, price
from .model import ZERO


def explain(problem, solution, time_limit=0.15):
    """The candidates again, with `landed_alone` and `extra`: how much dearer the best basket becomes when forced there.

    >>> from decimal import Decimal as D
    >>> from .model import Line, Offer, Problem, Rate, Source, Tier
    >>> from .solve import solve
    >>> rate = (Rate("r", "std", D(1), D(4)),)
    >>> offers = (Offer("o1", "lamp", "s1", (Tier(D(1), D(7)),)), Offer("o2", "lamp", "s2", (Tier(D(1), D(6)),)))
    >>> basket = Problem((Line(1, "lamp", D(1), D(20)),), offers, (Source("s1", 1, "DE", rate),
    ...                  Source("s2", 2, "DE", rate)))
    >>> [(c.offer, c.landed_alone, c.extra) for c in explain(basket, solve(basket))]
    [('o1', Decimal('11.00'), Decimal('1.00')), ('o2', Decimal('10.00'), Decimal('0'))]
    """
    chosen = set()
    if solution.plan:
        chosen = {(piece.line, piece.offer) for piece in solution.plan.pieces}
    return tuple(
        candidate if candidate.reasons else replace(
            candidate, landed_alone=alone(problem, candidate),
            extra=extra(problem, solution, candidate, chosen, time_limit))
        for candidate in solution.candidates
    )


def alone(problem, candidate):
    """Landed cost of the line alone at this offer."""
    if candidate.landed_alone is not None:
        return candidate.landed_alone
    try:
        return price(problem, {candidate.line: candidate.offer}).landed
    except Infeasible:
        return None


def extra(problem, solution, candidate, chosen, time_limit):
    """How much dearer the basket becomes when the line is forced to the offer; None when that is impossible."""
    from .solve import solve  # noqa: PLC0415  solve and explain know each other

    if (candidate.line, candidate.offer) in chosen:
        return ZERO
    answer = solve(problem, time_limit, alternative=False, only={candidate.line: candidate.offer})
    if answer.plan is None or answer.missing != solution.missing:
        return None
    return answer.plan.landed - solution.plan.landed


def compare_plans(a, b):
    """What b costs more (or less) than a, part by part: [(part, in a, in b, difference)], only parts that differ.

    Parts are goods, freight, fees, duty, landed, late_cost, return_cost, parcels and days (P80).

    >>> from .model import Plan
    >>> compare_plans(Plan((), ZERO, ZERO), Plan((), ZERO, ZERO))
    []
    """
    def total(plan, name):
        return sum((getattr(parcel, name) for parcel in plan.parcels), ZERO)

    parts = [(name, total(a, name), total(b, name)) for name in ("goods", "freight", "fees", "duty", "landed")]
    parts += [(name, total(a, name), total(b, name)) for name in ("late_cost", "return_cost")]
    parts.append(("parcels", len(a.parcels), len(b.parcels)))
    parts.append(("days", a.days_p80, b.days_p80))
    return [(name, left, right, right - left) for name, left, right in parts if left != right]
