"""The door of the engine: one basket in, one proven plan out."""

import time
from contextlib import suppress

from .columns import count_columns
from .cost import price, reason
from .found import Found
from .grid import count_points
from .instance import Instance
from .model import Candidate, Solution
from .ranking import figures_of, guards_broken, structure_broken
from .subsets import Listing, TooBig, keeps_rules

MAX_LISTED_LINES = 8
MAX_LISTED = 3000  # bundles; listing more takes longer than the other methods
MAX_POINTS = 100000
PATIENCE = 0.1  # of the time limit: what a wide basket's runner-up may take once the plan is proven


def solve(problem, time_limit=0.15, alternative=True, only=None):
    """Best plan for the whole basket, the runner-up with other sources, and every candidate with its reasons.

    `time_limit` (seconds) binds the general method only; `proven` and `gap` tell what it reached. `only` forces lines:
    line key -> the one offer key it may use.

    >>> from decimal import Decimal as D
    >>> from .model import Line, Offer, Problem, Rate, Source, Tier
    >>> rate = (Rate("r", "std", D(1), D(4)),)
    >>> offers = (Offer("o1", "lamp", "s1", (Tier(D(1), D(7)),)), Offer("o2", "lamp", "s2", (Tier(D(1), D(6)),)))
    >>> basket = Problem((Line(1, "lamp", D(1), D(20)),), offers, (Source("s1", 1, "DE", rate),
    ...                  Source("s2", 2, "DE", rate)))
    >>> answer = solve(basket)
    >>> answer.plan.landed, answer.alternative.landed, answer.proven, answer.method
    (Decimal('10.00'), Decimal('11.00'), True, 'subsets')
    """
    start = time.perf_counter()
    instance = Instance(problem, only)
    found = search(instance, time_limit, alternative)
    plan, other = as_plan(instance, found.columns), as_plan(instance, found.other)
    covered = {option.line for column in found.columns for option in column.options}
    missing = [line.key for index, line in enumerate(instance.lines) if index not in covered]
    return Solution(
        plan=plan, alternative=other, candidates=candidates(instance, missing, found.alone),
        missing=tuple(line.key for line in problem.lines if line.key in set(missing).union(instance.missing)),
        guards=failed_guards(instance, found.columns, found.ceiling) + contradictions(instance),
        method=found.method, proven=found.proven, gap=found.gap, seconds=time.perf_counter() - start,
    )


def search(instance, time_limit, alternative=True):
    """Choose the method and search."""
    if not instance.lines:
        return Found()
    small = len(instance.lines) <= MAX_LISTED_LINES and count_columns(instance) <= MAX_LISTED
    if small and not instance.splits:
        with suppress(TooBig):
            return listed(instance, alternative)
    start = time.perf_counter()
    found = priced(instance, time_limit, alternative)
    if found:
        return found
    from .milp import search_general  # noqa: PLC0415  HiGHS costs memory; everyday baskets never load it

    return search_general(instance, max(start + time_limit - time.perf_counter(), time_limit * 0.4), alternative)


def priced(instance, time_limit, alternative):
    """Search by bundles and duals; None where that does not fit or did not finish."""
    policy = instance.policy
    if policy.objective not in ("landed", "expected") or policy.single_shipment != "no" or not instance.exact_splits:
        return None
    if instance.shared:
        return None
    from .pricing import GaveUp, Pricing  # noqa: PLC0415  numpy: only where it helps

    deadline = time.perf_counter() + time_limit * 0.6
    try:
        if count_points(instance, MAX_POINTS) > MAX_POINTS:
            return wide(instance, time_limit, alternative)
        pricing = Pricing(instance, deadline)
        columns = pricing.optimum()
        if not keeps_rules(policy, columns, instance.ceiling()):
            return None
        other = ()
        if alternative:
            try:
                other = pricing.optimum({column.supply.index for column in columns})
            except GaveUp:
                other = ()
            if not other or not keeps_rules(policy, other, instance.ceiling()):
                from .milp import other_general  # noqa: PLC0415

                other = other_general(instance, columns, max(deadline - time.perf_counter(), 0.05))
    except GaveUp:
        return None
    return Found(columns, other, ceiling=instance.ceiling())


def wide(instance, time_limit, alternative):
    """Search wide baskets whose sources have fixed costs; None where they have not."""
    from .location import located  # noqa: PLC0415  numpy: only where it helps

    if instance.splits:
        return None
    found = located(instance, time.perf_counter() + time_limit, time_limit * PATIENCE, alternative)
    if not found or not keeps_rules(instance.policy, found[0], instance.ceiling()):
        return None
    columns, other, proven, gap = found
    return Found(columns, other if keeps_rules(instance.policy, other, instance.ceiling()) else (),
                 proven=proven, gap=gap, ceiling=instance.ceiling())


def listed(instance, alternative):
    """Search by listing all bundles."""
    listing = Listing(instance)
    quick = listing.quick()
    if quick:
        columns, best = quick
        alone = {(column.options[0].line, column.options[0].offer.key): column.landed
                 for columns_ in listing.by_supply for column in columns_ if len(column.options) == 1}
        other = alternative and listing.quick_other(columns, best)
    else:
        columns = unpack(listing.thorough())
        other, alone = None, {}
    if alternative and columns and not other:
        used = {column.supply.index for column in columns}
        other = unpack(listing.thorough(used))
        if sum(len(column.options) for column in other) < sum(len(column.options) for column in columns):
            other = ()
    return Found(columns, other or (), ceiling=listing.ceiling_of(None, columns), alone=alone)


def unpack(selected):
    """Columns of a selected (figures, columns), none of none."""
    return selected[1] if selected else ()


def as_plan(instance, columns):
    """The exact plan of chosen columns; None of none."""
    if not columns:
        return None
    assignment, rates = {}, {}
    for column in columns:
        if column.rate is not None:
            rates[column.supply.key] = column.supply.rates[column.rate].key
        for option in column.options:
            key = instance.lines[option.line].key
            assignment.setdefault(key, []).append((option.offer.key, option.qty))
    return price(instance.problem, assignment, rates)


def candidates(instance, missing, alone):
    """Every line × offer in the order of the problem, with reasons and the price it would have alone."""
    found = []
    step = instance.problem.money_step
    lost = set(missing)
    units, single = instance.units, {}
    lines = {line.key: index for index, line in enumerate(instance.lines)}
    for (line, offer), landed in alone.items():
        single[instance.lines[line].key, offer] = landed * step
    for pair, reasons in instance.reasons.items():
        line, offer_key = pair
        offer = instance.offers[offer_key]
        if not reasons and line in lost:
            refuses = instance.by_key[offer.source].refuses
            reasons = (reason("terms_refused") if refuses else reason("no_stock"),)
        found.append(Candidate(line, offer_key, offer.source, reasons, units.get((lines.get(line), offer_key)),
                               single.get(pair)))
    return tuple(found)


def failed_guards(instance, columns, ceiling):
    """Guards and structure the chosen plan does not keep, with the figures."""
    if not columns:
        return ()
    policy, figures = instance.policy, figures_of(columns)
    if not structure_broken(policy, figures) and not guards_broken(policy, figures, ceiling):
        return ()
    found = []
    if policy.max_suppliers and figures.suppliers > policy.max_suppliers:
        found.append(reason("max_suppliers", have=figures.suppliers, limit=policy.max_suppliers))
    if policy.single_shipment == "required" and figures.parcels > 1:
        found.append(reason("single_shipment", have=figures.parcels))
    if policy.promise_days is not None and figures.days > policy.promise_days + 1e-9:
        found.append(reason("guard_promise", have=figures.days, limit=policy.promise_days))
    for column in columns:
        for option in column.options:
            if option.dear:
                found.append(reason(
                    "guard_max_price", have=instance.units[option.line, option.offer.key],
                    limit=option.offer.max_price, line=instance.lines[option.line].key))
    return tuple(found) + failed_margins(instance, columns)


def failed_margins(instance, columns):
    """Margin floors the plan does not reach."""
    policy, plan, found = instance.policy, as_plan(instance, columns), []
    if policy.margin_floor is not None and plan.profit < policy.margin_floor:
        found.append(reason("guard_margin", have=plan.profit, need=policy.margin_floor))
    percent = policy.margin_floor_percent
    if percent is not None and plan.profit < plan.revenue * percent / 100:
        have = plan.profit * 100 / plan.revenue if plan.revenue else plan.profit
        found.append(reason("guard_margin_percent", have=round(have, 2), need=percent))
    return tuple(found)


def contradictions(instance):
    """Wishes of a person that cannot hold together: pins that are not eligible or break the structure."""
    problem, found = instance.problem, []
    pinned = [line for line in problem.lines if line.pinned is not None]
    if not pinned:
        return ()
    suppliers = {source.key: source.supplier for source in problem.sources}
    for line in pinned:
        own = [key for (line_key, key), reasons in instance.reasons.items()
               if line_key == line.key and suppliers[instance.offers[key].source] == line.pinned and not reasons]
        if line.pinned in line.excluded:
            found.append(reason("contradictory", line=line.key))
        elif not own:
            found.append(reason("pinned_not_eligible", line=line.key, supplier=line.pinned))
    count = len({line.pinned for line in pinned})
    limit = 1 if problem.policy.single_shipment == "required" else problem.policy.max_suppliers
    if limit and count > limit:
        found.append(reason("contradictory", have=count, limit=limit))
    return tuple(found)
