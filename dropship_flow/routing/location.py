"""Exact search for wide baskets where a source costs a fixed amount and each line its own: branch and bound on which
sources are used, bounded by Lagrangian duals."""

import time

from .columns import price_bundle
from .instance import FINE
from .pricing import GaveUp

HUGE = 1e15
ROOT_ROUNDS, NODE_ROUNDS = 100, 15


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

    def __init__(self, instance, fixed, deadline):
        import numpy as np  # noqa: PLC0415  only wide baskets need it

        self.np, self.instance, self.deadline = np, instance, deadline
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
        self.best, self.used = HUGE, None

    def solve(self, forbidden=()):
        """Indices of the best sources (line by line the cheapest of them), never exactly the forbidden set."""
        np = self.np
        self.best, self.used, self.forbidden = HUGE, None, frozenset(forbidden)
        state = np.zeros(len(self.fixed), dtype=np.int8)
        state[self.fixed >= HUGE / 2] = -1
        duals = np.sort(self.cost, axis=1)[:, : 2].mean(axis=1)
        duals[duals > HUGE / 4] = self.cost.min(axis=1)[duals > HUGE / 4]
        self.branch(state, duals, ROOT_ROUNDS)
        return self.used

    def branch(self, state, duals, rounds):
        """Search below a node: state 1 used, -1 not used, 0 open; depth first, the likelier side first."""
        stack = [(state, duals, rounds, float("-inf"))]
        while stack:
            if time.perf_counter() > self.deadline:
                raise GaveUp
            state, duals, rounds, known = stack.pop()
            if known > self.best - self.grain:
                continue
            bound, duals, slack, share = self.bound(state, duals, rounds)
            if bound > self.best - self.grain:
                continue
            gap = self.best - self.grain - bound
            state = state.copy()
            state[(state == 0) & (slack > gap)] = -1
            state[(state == 0) & (-slack > gap)] = 1
            free = (state == 0).nonzero()[0]
            if not len(free):
                self.try_sources(state == 1)
                continue
            place = free[self.np.abs(share[free] - 0.5).argmin()]
            for side in (-1, 1) if share[place] >= 0.5 else (1, -1):
                child = state.copy()
                child[place] = side
                stack.append((child, duals, NODE_ROUNDS, bound))

    def bound(self, state, duals, rounds):
        """(lower bound, duals, reduced cost per source, how often a source was used) of a node."""
        np = self.np
        alive = (state >= 0).nonzero()[0]
        cost, fixed, must = self.cost[:, alive], self.fixed[alive], state[alive] == 1
        top, best_duals, best_slack = float("-inf"), duals, np.zeros(len(alive))
        share, scale, stalled, reduce = np.zeros(len(alive)), 1.5, 0, np.add.reduce
        for round_ in range(rounds):
            gain = np.maximum(duals[:, None] - cost, 0.0)
            slack = fixed - reduce(gain)
            used = (slack < 0) | must
            bound = float(reduce(duals) + slack @ used)
            share = share * 0.8 + used * 0.2
            if round_ % 15 == 0 and used.any():
                whole = np.zeros(len(state), bool)
                whole[alive] = used
                self.try_sources(whole, improve=round_ % 45 == 0)
            if bound > top + 1:
                top, best_duals, best_slack, stalled = bound, duals, slack, 0
                if top > self.best - self.grain:
                    break
            else:
                stalled += 1
                if stalled > 4:
                    scale, stalled, duals = scale * 0.6, 0, best_duals
                    continue
            slope = 1.0 - (gain > 0) @ used.astype(float)
            norm = float(slope @ slope)
            if not norm:
                break
            target = self.best if self.best < HUGE / 2 else top * 1.1 + FINE
            duals = duals + slope * (scale * max(target - bound, FINE) / norm)
        slack, often = np.full(len(state), HUGE), np.zeros(len(state))
        slack[alive], often[alive] = best_slack, share
        return top, best_duals, slack, often

    def try_sources(self, used, improve=False):
        """Price a choice of sources and remember the best; `improve` also tries one more or one less."""
        np, used = self.np, used.copy()
        while used.any():
            cost = self.cost[:, used].min(axis=1)
            used &= self.needed(used)
            total = float(cost.sum() + self.fixed[used].sum())
            if total < self.best - 0.5 and total < HUGE / 2 and frozenset(used.nonzero()[0].tolist()) != self.forbidden:
                self.best, self.used = total, used.nonzero()[0].tolist()
            if not improve:
                break
            gains = np.maximum(cost[:, None] - self.cost, 0.0).sum(axis=0) - self.fixed
            gains[used] = self.drop_gains(used, cost)
            place = int(gains.argmax())
            if gains[place] <= 0.5:
                break
            used[place] = not used[place]

    def needed(self, used):
        """Sources of the choice that are the cheapest (first of equals) for some line."""
        np, places = self.np, used.nonzero()[0]
        found = np.zeros(len(used), bool)
        found[places[self.cost[:, places].argmin(axis=1)]] = True
        return found

    def drop_gains(self, used, cost):
        """What leaving out each used source saves."""
        np, places = self.np, used.nonzero()[0]
        if len(places) == 1:
            return np.array([-HUGE])
        part = self.cost[:, places]
        second = np.partition(part, 1, axis=1)[:, 1]
        first = part.argmin(axis=1)
        return np.array([self.fixed[place] - (second - cost)[first == n].sum() for n, place in enumerate(places)])

    def columns(self, used):
        """The plan of chosen sources."""
        chosen = {}
        for line, row in enumerate(self.cost):
            place = min(used, key=lambda index: row[index])
            chosen.setdefault(place, []).append(self.instance.supplies[place].options[line][0])
        limit, found = limit_of(self.instance), []
        for place in sorted(chosen):
            columns = price_bundle(self.instance, self.instance.supplies[place], chosen[place])
            columns = [column for column in columns if column.days <= limit]
            if not columns:
                raise GaveUp
            found.append(min(columns, key=lambda column: (column.objective, column.days)))
        if abs(sum(column.objective for column in found) - self.best) > 1:
            raise GaveUp
        return tuple(found)


    def other(self, columns):
        """The best plan of another set of sources: another choice, or the same one and a source for a dearer line."""
        first = {column.supply.index for column in columns}
        rows = self.cost[:, sorted(first)].min(axis=1)
        extra = self.fixed + (self.cost - rows[:, None]).min(axis=0)
        extra[sorted(first)] = HUGE
        used, added = self.solve(first), int(extra.argmin())
        if extra[added] < HUGE / 4 and rows.sum() + self.fixed[sorted(first)].sum() + extra[added] < self.best - 0.5:
            raise GaveUp  # a line would move against its own interest: rare, the general method finds it
        return self.columns(used) if used else ()


def located(instance, deadline, alternative):
    """(columns, other) when every source has a fixed cost; None when not, `GaveUp` when the time is over."""
    fixed = [fixed_cost(instance, supply) for supply in instance.supplies]
    if None in fixed:
        return None
    location = Location(instance, fixed, deadline)
    used = location.solve()
    if used is None:
        return None
    columns, other = location.columns(used), None
    if alternative:
        other = location.other(columns)
    return columns, other
