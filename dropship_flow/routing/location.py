"""Wide baskets where a source costs a fixed amount and each line its own, as a question of which sources to use."""

from .columns import price_bundle
from .facility import HUGE, Facility
from .instance import FINE
from .pricing import GaveUp


def fixed_cost(instance, supply):
    """What using the source costs whatever is taken (millionths of a step), None when that depends on what is taken."""
    options = [option for options in supply.options.values() for option in options]
    if supply.free_above is not None or any(len(options) > 1 for options in supply.options.values()):
        return None
    if (supply.small_fee or supply.refuses) and (supply.minimum or supply.min_units):
        return None
    if supply.per_order % FINE or supply.per_line % FINE or any(option.late_stock for option in options):
        return None
    cost, expected = 0, instance.policy.objective == "expected"
    for kind, amount, mask, low, high, _goods in supply.duties:
        if kind != "parcel" or low or high is not None or amount % FINE or any(not o.heading & mask for o in options):
            return None
        cost += amount
    if expected and any(option.returns % FINE for option in options):
        return None
    freight = carriage(instance, supply, options, expected)
    return None if freight is None else cost + supply.per_order + freight


def carriage(instance, supply, options, expected):
    """Freight of any bundle by the cheapest rate, None when weight decides."""
    if not supply.rates:
        return 0 if supply.mode(0, 0.0)[0] <= limit_of(instance) else HUGE
    weight, volume = sum(o.weight for o in options), sum(o.volume for o in options)
    best = HUGE
    for index, rate in enumerate(supply.rates):
        days, late = supply.mode(index, 0.0)
        if any(not option.rates >> index & 1 for option in options) or rate.price(weight, volume) != rate.price(0, 0):
            return None
        if days <= limit_of(instance):
            amount = (rate.first + FINE // 2) // FINE * FINE
            best = min(best, amount + (late * FINE if expected else 0))
    return best


def limit_of(instance):
    """Days the promise allows."""
    promise = instance.policy.promise_days
    return float("inf") if promise is None else promise + 1e-9


class Location:
    """Cost of every line at every source, fixed costs, and the best choice of sources."""

    def __init__(self, instance, fixed):
        import numpy as np  # noqa: PLC0415  only wide baskets need it

        self.np, self.instance = np, instance
        expected = instance.policy.objective == "expected"
        self.cost = np.full((len(instance.lines), len(fixed)), HUGE)
        weights = [float(supply.source.preference) for supply in instance.supplies]
        self.fixed = np.array([cost * weight for cost, weight in zip(fixed, weights, strict=True)])
        for supply, weight in zip(instance.supplies, weights, strict=True):
            for line, (option,) in supply.options.items():
                amount = option.goods * FINE + supply.per_line + (option.returns if expected else 0)
                if not option.dear:
                    self.cost[line, supply.index] = amount * weight
        whole = all(weight == 1 for weight in weights)
        self.grain = FINE - 1.0 if whole else 0.5  # two plans differ by a whole step or not at all
        self.facility, self.proven = None, False

    def solve(self, deadline, patience, runner_up):
        """Search the best two choices of sources."""
        self.facility = Facility(self.np, self.cost, self.fixed, self.grain)
        self.proven = self.facility.solve(deadline, runner_up, patience)

    def gap(self):
        """Proven relative distance of the best choice from the optimum."""
        total, bound = self.facility.first[0], self.facility.bound
        return 0.0 if self.proven or not total else min(max(0.0, (total - bound) / total), 1.0)

    def columns(self, used, total, moved=None):
        """The plan of chosen sources, line by line the cheapest of them unless `moved` (line -> source) says more."""
        chosen = {}
        for line, row in enumerate(self.cost):
            place = (moved or {}).get(line, min(used, key=lambda index: row[index]))
            chosen.setdefault(place, []).append(self.instance.supplies[place].options[line][0])
        limit, found = limit_of(self.instance), []
        for place in sorted(chosen):
            columns = price_bundle(self.instance, self.instance.supplies[place], chosen[place])
            columns = [column for column in columns if column.days <= limit]
            if not columns:
                raise GaveUp
            found.append(min(columns, key=lambda column: (column.objective, column.days)))
        if abs(sum(column.objective for column in found) - total) > 1:
            raise GaveUp
        return tuple(found)

    def other(self):
        """The best plan of another set of sources: another choice, or the same one and a source for a dearer line."""
        used, (best, second) = self.facility.first[1], self.facility.second
        rows = self.cost[:, used].min(axis=1)
        extra = self.cost - rows[:, None] + self.fixed
        extra[:, used] = HUGE
        line, added = divmod(int(extra.argmin()), len(self.fixed))
        total = self.facility.first[0] + float(extra[line, added])
        if extra[line, added] < HUGE / 4 and total < best - 0.5:
            return self.columns(used, total, {line: added})  # a line moves against its own interest
        return self.columns(second, best) if second else ()


def located(instance, deadline, patience, alternative):
    """(columns, other, proven, gap) when every source has a fixed cost, None when not or without a plan."""
    fixed = [fixed_cost(instance, supply) for supply in instance.supplies]
    if None in fixed:
        return None
    location = Location(instance, fixed)
    location.solve(deadline, patience, alternative)
    total, used = location.facility.first
    if used is None:
        return None
    return location.columns(used, total), location.other() if alternative else (), location.proven, location.gap()
