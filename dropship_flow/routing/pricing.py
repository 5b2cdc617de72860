"""Exact search for baskets whose lines may be split: price every bundle, bound by duals, cover with the few that stay.

Any plan costs at least bound + the slack of its bundles (reduced cost above the best of their source). So bundles with
more slack than the allowance are out, and a cover that costs no more than bound + allowance is optimal.
"""

import time

from .columns import price_bundle
from .grid import Grid
from .instance import FINE

ROUNDS = 60
MAX_STATES = 30000


class GaveUp(Exception):
    """Too many bundles remain or the time is over: the general method takes over."""


class Pricing:
    """The bundles of a basket with the dual bound."""

    def __init__(self, instance, deadline, guess=None):
        import numpy as np  # noqa: PLC0415  only split baskets need it

        self.np, self.instance, self.deadline = np, instance, deadline
        policy = instance.policy
        self.limit = float("inf") if policy.promise_days is None else policy.promise_days + 1e-9
        self.grids = [Grid(np, instance, supply, self.limit) for supply in instance.supplies]
        self.need = np.array([float(line.qty) for line in instance.lines])
        self.cost = np.concatenate([grid.cost for grid in self.grids])
        self.take = np.concatenate([grid.take for grid in self.grids])
        self.starts = np.cumsum([0] + [len(grid.cost) for grid in self.grids])
        self.codes = {}
        self.encode()
        self.climb(guess)
        self.reduced = self.cost - self.take @ self.duals
        self.floors = [min(0.0, float(self.reduced[a:b].min()))
                       for a, b in zip(self.starts, self.starts[1:], strict=False)]

    def climb(self, guess):
        """Raise the dual bound by subgradient steps (Polyak), towards `guess` or a little above what is reached."""
        np = self.np
        duals = self.first_duals()
        self.bound, self.duals, scale, stalled = float("-inf"), duals, 1.0, 0
        for _round in range(ROUNDS):
            reduced = self.cost - self.take @ duals
            best = [int(reduced[a:b].argmin()) + a for a, b in zip(self.starts, self.starts[1:], strict=False)]
            chosen = [index for index in best if reduced[index] < 0]
            bound = float(duals @ self.need + sum(reduced[index] for index in chosen))
            if bound > self.bound + 1e-6:
                self.bound, self.duals, stalled = bound, duals, 0
            else:
                stalled += 1
                if stalled >= 5:
                    scale, stalled, duals = scale / 2, 0, self.duals
            slope = self.need - sum((self.take[index] for index in chosen), np.zeros(len(self.need)))
            norm = float(slope @ slope)
            target = guess if guess is not None else self.bound + abs(self.bound) * 0.05 + 1
            if norm < 1e-12 or target - self.bound < 0.5 or scale < 0.005:
                break
            duals = duals + slope * (scale * max(target - bound, 1.0) / norm)

    def first_duals(self):
        """Start from the cheapest unit cost of every line in any bundle of that line alone or a fair share."""
        np = self.np
        duals = np.zeros(len(self.need))
        finite = np.isfinite(self.cost)
        sizes = self.take @ (1 / self.need)
        for line in range(len(self.need)):
            rows = finite & (self.take[:, line] > 0)
            if rows.any():
                duals[line] = (self.cost[rows] / sizes[rows]).min() / self.need[line]
        return duals

    def encode(self):
        """Quantities as integers of 8 bits per line, the top bit free, so that one subtraction checks them all."""
        units = []
        for line in self.instance.lines:
            unit = line.precision if self.instance.splits else line.qty
            if line.qty % unit or line.qty / unit > 127:
                raise GaveUp
            units.append(float(unit))
        self.guard = sum(128 << 8 * place for place in range(len(units)))
        whole = [1 << 8 * place for place in range(len(units))]
        self.full = sum(round(qty / unit) * bit for qty, unit, bit in zip(self.need, units, whole, strict=True))
        self.units, self.bits = self.np.array(units), whole

    def code(self, place, point):
        """The integer of one bundle's quantities."""
        found = self.codes.get((place, point))
        if found is None:
            counts = (self.grids[place].take[point] / self.units).tolist()
            found = self.codes[place, point] = sum([round(n) * bit for n, bit in zip(counts, self.bits, strict=True)])
        return found

    def search(self, allowance, apart_from=None):
        """Best cover of at most bound + allowance (of another set of sources), None when there is none."""
        states = {(0, 0): (0.0, 0, ())}
        watch = {supply: 1 << bit for bit, supply in enumerate(sorted(apart_from or ()))}
        outside = 1 << len(watch) if watch else 0
        for place in range(len(self.grids)):
            a, b = self.starts[place], self.starts[place + 1]
            floor = self.floors[place]
            points = (self.reduced[a:b] <= floor + allowance).nonzero()[0]
            slack = self.reduced[a:b][points] - floor
            order = slack.argsort(kind="stable")
            moves = list(zip(slack[order].tolist(), points[order].tolist(), strict=True))
            states = self.extend(states, place, moves, -floor, allowance, watch.get(place, outside))
        best = None
        for (taken, seen), (_slack, cost, chain) in states.items():
            if taken == self.full and not (watch and seen == outside - 1) and (best is None or cost < best[0]):
                best = cost, chain
        return best

    def extend(self, states, place, moves, unused, allowance, flag):
        """Every partial cover with or without one bundle of a source, as far as the allowance goes."""
        room, guard = self.full | self.guard, self.guard
        priced = []
        costs, start = self.cost, self.starts[place]
        for slack, point in moves:
            priced.append((slack, self.code(place, point), (place, point), float(costs[start + point])))
        found = {key: (slack + unused, cost, chain) for key, (slack, cost, chain) in states.items()
                 if slack + unused <= allowance}
        for (taken, seen), (slack, cost, chain) in states.items():
            left = allowance - slack
            for extra, take, bundle, objective in priced:
                if extra > left:
                    break
                if (room - taken - take) & guard != guard:
                    continue
                key = (taken + take, seen | flag)
                known = found.get(key)
                if known is None or cost + objective < known[1]:
                    found[key] = (slack + extra, cost + objective, (bundle, chain))
            if len(found) > MAX_STATES or time.perf_counter() > self.deadline:
                raise GaveUp
        return found

    def columns(self, cost, chain):
        """The exact columns of a cover; they must cost what the search counted."""
        found = []
        while chain:
            (place, point), chain = chain
            grid = self.grids[place]
            columns = [column for column in price_bundle(self.instance, grid.supply, grid.options_at(point))
                       if not column.dear and column.days <= self.limit]
            if not columns:
                raise GaveUp
            found.append(min(columns, key=lambda column: (column.objective, column.days)))
        if abs(sum(column.objective for column in found) / FINE - cost) > 0.01:
            raise GaveUp
        return tuple(found)

    def optimum(self, apart_from=None):
        """Columns of the best cover, widening the allowance until it is proven."""
        allowance = max(abs(self.bound) * 0.01, 30.0)
        ceiling = abs(self.bound) * 4 + 1000
        while True:
            best = self.search(allowance, apart_from)
            if best and best[0] <= self.bound + allowance + 1e-6:
                return self.columns(*best)
            if allowance >= ceiling:
                raise GaveUp
            allowance = min(best[0] - self.bound + 1e-3, ceiling) if best else min(allowance * 2, ceiling)
