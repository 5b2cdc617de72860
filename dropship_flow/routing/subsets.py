"""Exact search for small baskets: list what every source could deliver, cover the basket by dynamic programming."""

from .columns import columns_of
from .ranking import MAX_OF, components, figures_of, select

MAX_LABELS = 20000
MAX_MOVES = 300000


class TooBig(Exception):
    """More labels than listing is worth: the general method takes over."""


class Listing:
    """All priced bundles of a basket."""

    def __init__(self, instance):
        self.instance, self.policy = instance, instance.policy
        policy = self.policy
        self.ceiling = instance.ceiling()
        self.pure = policy.objective in ("landed", "fastest", "weighted") and all(
            supply.source.preference == 1 for supply in instance.supplies)
        self.dear = any(offer.max_price is not None for offer in instance.offers.values())
        names = components(policy, self.ceiling, self.pure)
        self.names = (*names, "dear") if self.dear else names
        self.simple = policy.objective in ("landed", "expected")
        by_days = "days" in self.names or "landed" in self.names or policy.objective == "waterfall"
        self.by_supply = [columns_of(instance, supply, by_days) for supply in instance.supplies]

    def ceiling_of(self, _figures, columns):
        """Highest landed cost of a plan: what it drops does not earn either."""
        if self.ceiling is None:
            return None
        covered = 0
        for column in columns:
            covered |= column.mask
        if covered == self.instance.full:
            return self.ceiling
        return self.instance.ceiling({index for index in range(len(self.instance.lines)) if covered >> index & 1})

    # --- the everyday basket ---------------------------------------------------------------------------------------

    def quick(self):
        """(plan, best columns per mask) when the plain cheapest cover keeps every rule; None: look closer."""
        policy = self.policy
        if not self.simple:
            return None
        best = self.best_by_mask()
        if policy.single_shipment != "no":
            column = min((found[self.instance.full] for found in best if self.instance.full in found),
                         key=lambda column: column.objective, default=None)
            plan = (column,) if column else None
        else:
            plan = cover(merge(best), self.instance.full)
        return (plan, best) if plan and keeps_rules(policy, plan, self.ceiling) else None

    def best_by_mask(self):
        """Per source the best column of every mask that keeps promise and maximum price."""
        limit = float("inf") if self.policy.promise_days is None else self.policy.promise_days + 1e-9
        found = []
        for columns in self.by_supply:
            best = {}
            for column in columns:
                if column.dear or column.days > limit:
                    continue
                known = best.get(column.mask)
                if known is None or column.objective < known.objective:
                    best[column.mask] = column
            found.append(best)
        return found

    def quick_other(self, plan, best):
        """The best plan with another set of sources on the quick way; None: look closer."""
        used = {column.supply.index for column in plan}
        full = self.instance.full
        if self.policy.single_shipment != "no":
            others = [found[full] for index, found in enumerate(best) if full in found and index not in used]
            found = [(column,) for column in others]
        else:
            inside = [found if index in used else {} for index, found in enumerate(best)]
            outside = [found if index not in used else {} for index, found in enumerate(best)]
            found = [cover_outside(merge(inside), merge(outside), full)]
            if len(used) > 1:
                for index in used:
                    rest = [found_ if other != index else {} for other, found_ in enumerate(inside)]
                    found.append(cover(merge(rest), full))
        found = [other for other in found if other]
        if not found:
            return None
        other = min(found, key=lambda columns: sum(column.objective for column in columns))
        return other if keeps_rules(self.policy, other, self.ceiling) else None

    # --- every other policy ----------------------------------------------------------------------------------------

    def thorough(self, apart_from=None):
        """Best plan as (figures, columns), of another set of sources than `apart_from` when given."""
        labels = self.front(apart_from)
        lowest = min((dropped for dropped, _chain in labels), default=None)
        plans = []
        for dropped, chain in labels:
            if dropped == lowest:
                columns = unchain(chain)
                plans.append((figures_of(columns, dropped), columns))
        return select(self.policy, plans, self.ceiling_of, self.instance.problem.money_step)

    def front(self, apart_from):
        """[(dropped lines, chain of columns)]: the undominated covers."""
        watch = {supply: 1 << bit for bit, supply in enumerate(sorted(apart_from or ()))}
        outside = 1 << len(watch) if watch else 0
        start = tuple(float("-inf") if name in MAX_OF else 0 for name in self.names)
        states = {(0, 0): [(start, ())]}
        if len(self.by_supply) and sum(map(len, self.by_supply)) << len(self.instance.lines) > MAX_MOVES:
            raise TooBig
        order = {}
        for columns in self.by_supply:
            if columns:
                order.setdefault(columns[0].supply.supplier, []).append(columns)
        for supplier, group in order.items():
            states = self.add_supplier(states, supplier, group, watch, outside)
        full = self.instance.full
        return [
            ((full ^ mask).bit_count(), chain) for (mask, seen), labels in states.items()
            if mask and not (watch and seen == outside - 1) for _vector, chain in labels
        ]

    def add_supplier(self, states, supplier, group, watch, outside):
        """Extend every label by every bundle of a supplier's sources; his first one counts as a supplier."""
        fresh = {(key, 0): labels for key, labels in states.items()}
        for columns in group:
            index = columns[0].supply.index
            flag = watch.get(index, outside)
            more = {key: list(labels) for key, labels in fresh.items()}
            moves = [(column.mask, self.vector(column), column) for column in columns]
            for (((mask, seen), used), labels) in fresh.items():
                for taken, move, column in moves:
                    if mask & taken:
                        continue
                    target = ((mask | taken, seen | flag), 1)
                    known = more.setdefault(target, [])
                    for vector, chain in labels:
                        insert(known, self.join(vector, move, supplier is not None and not used), (column, chain))
            fresh = more
            if sum(map(len, fresh.values())) > MAX_LABELS:
                raise TooBig
        merged = {}
        for (key, _used), labels in fresh.items():
            known = merged.setdefault(key, [])
            for vector, chain in labels:
                insert(known, vector, chain)
        return merged

    def vector(self, column):
        """The column's share of every figure a label carries."""
        shares = {
            "objective": column.objective, "landed": column.landed, "expected": column.expected, "days": column.days,
            "dear": int(column.dear), "parcels": 1, "suppliers": 0, "score": -column.supply.source.score,
            "preference": column.supply.source.preference,
        }
        return tuple(shares[name] for name in self.names)

    def join(self, vector, move, counts):
        """Figures of a label after one more bundle."""
        return tuple(
            max(a, b) if name in MAX_OF else a + counts if name == "suppliers" else a + b
            for name, a, b in zip(self.names, vector, move, strict=True)
        )


def keeps_rules(policy, plan, ceiling):
    """Each source once, suppliers and margin as the policy wants."""
    if len({column.supply.index for column in plan}) < len(plan):
        return False
    if policy.max_suppliers and len({column.supply.supplier for column in plan} - {None}) > policy.max_suppliers:
        return False
    return ceiling is None or sum(column.landed for column in plan) <= ceiling


def merge(best):
    """Best column per mask over all sources."""
    found = {}
    for columns in best:
        for mask, column in columns.items():
            known = found.get(mask)
            if known is None or column.objective < known.objective:
                found[mask] = column
    return found


def cover_table(best, full):
    """(costs, columns): the cheapest partition of every mask, not minding whether a source is used twice."""
    costs, choice = [0] + [None] * full, [None] * (full + 1)
    priced = [None] * (full + 1)
    for mask, column in best.items():
        priced[mask] = column.objective
    for mask in range(1, full + 1):
        low = mask & -mask
        rest = sub = mask ^ low
        lowest = chosen = None
        while True:
            own, other = priced[sub | low], costs[rest ^ sub]
            if own is not None and other is not None and (lowest is None or own + other < lowest):
                lowest, chosen = own + other, sub | low
            if not sub:
                break
            sub = (sub - 1) & rest
        if chosen is not None:
            costs[mask], choice[mask] = lowest, best[chosen]
    return costs, choice


def cover(best, full):
    """Cheapest partition of the basket into bundles, None when there is none."""
    costs, choice = cover_table(best, full)
    return trace(choice, full) if costs[full] is not None else None


def trace(choice, mask):
    """Columns chosen on the way to a mask."""
    plan = []
    while mask:
        plan.append(choice[mask])
        mask ^= choice[mask].mask
    return tuple(plan)


def cover_outside(inside, outside, full):
    """Cheapest partition with at least one bundle from the sources outside."""
    costs, choice = cover_table(merge((inside, outside)), full)
    lowest = chosen = None
    for mask, column in outside.items():
        rest = costs[full ^ mask]
        if rest is not None and (lowest is None or column.objective + rest < lowest):
            lowest, chosen = column.objective + rest, column
    return None if chosen is None else (chosen, *trace(choice, full ^ chosen.mask))


def insert(labels, vector, chain):
    """Keep only undominated labels; the first of equals stays, so the order of the sources decides ties."""
    for known, _chain in labels:
        if all(a <= b for a, b in zip(known, vector, strict=True)):
            return
    labels[:] = [pair for pair in labels if not all(a <= b for a, b in zip(vector, pair[0], strict=True))]
    labels.append((vector, chain))


def unchain(chain):
    """The columns of a linked chain."""
    columns = []
    while chain:
        column, chain = chain
        columns.append(column)
    return tuple(columns)
