"""The order of plans: the same for every search method.

A plan is better when it drops fewer lines; then when it keeps the structure (suppliers, one shipment); then the guards;
then when it is one shipment (if preferred); then by the objective; ties fall to landed cost, then to fewer parcels.
"""

from decimal import Decimal
from typing import NamedTuple

MAX_OF = ("days", "dear", "score", "preference")  # the worst parcel decides; all other figures add up


def components(policy, ceiling, pure):
    """Figures a label must carry for a policy, `objective` first. `pure`: the objective is the landed cost itself.

    >>> from .model import Policy
    >>> components(Policy(), None, True), components(Policy(objective="fastest"), None, True)
    (('objective',), ('objective', 'days'))
    """
    found = ["objective"]
    waterfall = [name for name, _tolerance in policy.waterfall] if policy.objective == "waterfall" else []
    if policy.objective in ("fastest", "weighted") or policy.promise_days is not None or "days" in waterfall:
        found.append("days")
    if (ceiling is not None and not pure) or "landed" in waterfall:
        found.append("landed")
    if "expected" in waterfall:
        found.append("expected")
    if policy.max_suppliers:
        found.append("suppliers")
    if policy.single_shipment != "no" or "parcels" in waterfall:
        found.append("parcels")
    found += [name for name in ("score", "preference") if name in waterfall]
    return tuple(dict.fromkeys(found))


class Figures(NamedTuple):
    """What ranks a plan; money in steps, objective in millionths of a step, `score` and others: lower is better."""

    dropped: int
    objective: int
    landed: int
    expected: int
    days: float
    dear: int
    parcels: int
    suppliers: int
    score: float
    preference: Decimal


def figures_of(columns, dropped=0):
    """What ranks a plan made of these columns."""
    suppliers = {column.supply.supplier for column in columns} - {None}
    return Figures(
        dropped, sum(column.objective for column in columns), sum(column.landed for column in columns),
        sum(column.expected for column in columns), max((column.days for column in columns), default=0.0),
        int(any(column.dear for column in columns)), len(columns), len(suppliers),
        max((-column.supply.source.score for column in columns), default=0.0),
        max((column.supply.source.preference for column in columns), default=0),
    )


def structure_broken(policy, figures):
    """Too many suppliers, or several parcels where one is required."""
    too_many = policy.max_suppliers and figures.suppliers > policy.max_suppliers
    return bool(too_many or (policy.single_shipment == "required" and figures.parcels > 1))


def guards_broken(policy, figures, ceiling):
    """Margin floor, promise or maximum price not kept."""
    late = policy.promise_days is not None and figures.days > policy.promise_days + 1e-9
    return bool(late or figures.dear or (ceiling is not None and figures.landed > ceiling))


def level(policy, figures, ceiling):
    """What comes before the objective."""
    apart = policy.single_shipment == "preferred" and figures.parcels > 1
    return (figures.dropped, structure_broken(policy, figures), guards_broken(policy, figures, ceiling), apart)


def value(policy, figures, step):
    """Comparable objective of a plan; `step` is the currency's. Waterfalls narrow in `narrow` instead."""
    if policy.objective == "fastest":
        return (figures.days, figures.objective)
    if policy.objective == "weighted":
        money = Decimal(figures.objective) / 1000000 * step
        return (policy.weight_cost * money + policy.weight_day * Decimal(str(figures.days)), figures.objective)
    return (figures.objective,)


def narrow(policy, plans):
    """Survivors of a waterfall: criterion by criterion those within its tolerance of the best."""
    for name, tolerance in policy.waterfall:
        measures = [getattr(figures, name) for figures, _plan in plans]
        best = min(measures)
        limit = best + abs(best) * type(best)(tolerance) / 100 if tolerance else best
        plans = [pair for pair, measure in zip(plans, measures, strict=True) if measure <= limit]
    return plans


def select(policy, plans, ceiling_of, step):
    """Best of (figures, plan) pairs in the order of the module, None without any."""
    if not plans:
        return None
    levels = [level(policy, figures, ceiling_of(figures, plan)) for figures, plan in plans]
    lowest = min(levels)
    plans = [pair for pair, found in zip(plans, levels, strict=True) if found == lowest]
    if policy.objective == "waterfall":
        plans = narrow(policy, plans)
    return min(plans, key=lambda pair: (value(policy, pair[0], step), pair[0].landed, pair[0].parcels))
