"""Exact search for baskets whose lines may be split: price every bundle, bound by duals, cover with the few that remain.

Any plan costs at least bound + the slack of its bundles (reduced cost above the best of their source). So bundles with
more slack than the allowance are out, and a cover that costs no more than bound + allowance is optimal.
"""

import time

from .columns import price_bundle
from .grid import Grid
from .instance import FINE

ROUNDS = 120
MAX_STATES = 30000


class GaveUp(Exception):
    """Too many bundles remain or the time is over: the general method takes over."""


class Pricing:
    """The bundles of a basket with the dual bound."""

    def __init__(self, instance, deadline, guess=None):
        import numpy as np  # noqa: PLC0415  only split baskets need it

        self.np, self.instance, self.deadline = np, instance, deadline
        policy = instance.policy
        limit = float("inf") if policy.promise_days is None else policy.promise_days + 1e-9
        self.grids = [Grid(np, instance, supply, limit) for supply in instance.supplies]
        self.need = np.array([float(line.qty) for line in instance.lines])
        self.cost = np.concatenate([grid.cost for grid in self.grids])
        self.take = np.concatenate([grid.take for grid in self.grids])
        self.starts = np.cumsum([0] + [len(grid.cost) for grid in self.grids])
        self.exact = {}
        self.climb(guess)

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

    def search(self, allowance, apart_from=None):
        """Best cover of at most bound + allowance (of another set of sources), None when there is none."""
        reduced = self.cost - self.take @ self.duals
        states = {(tuple([0] * len(self.need)), 0): (0.0, 0, ())}
        watch = {supply: 1 << bit for bit, supply in enumerate(sorted(apart_from or ()))}
        outside = 1 << len(watch) if watch else 0
        floors = [min(0.0, float(reduced[a:b].min())) for a, b in zip(self.starts, self.starts[1:], strict=False)]
        for place, grid in enumerate(self.grids):
            a, b = self.starts[place], self.starts[place + 1]
            points = (reduced[a:b] <= floors[place] + allowance).nonzero()[0]
            moves = [(float(reduced[a + point]) - floors[place], point) for point in points.tolist()]
            states = self.extend(states, place, grid, moves, -floors[place], allowance, watch.get(place, outside))
        best = None
        need = tuple(self.need.tolist())
        for (taken, seen), (_slack, cost, chain) in states.items():
            if taken == need and not (watch and seen == outside - 1) and (best is None or cost < best[0]):
                best = cost, chain
        return best

    def extend(self, states, place, grid, moves, unused, allowance, flag):
        """Every partial cover with or without one bundle of a source, as far as the allowance goes."""
        moves = sorted(moves)
        takes = [(slack, point, tuple(grid.take[point].tolist())) for slack, point in moves]
        need = tuple(self.need.tolist())
        found = {key: (slack + unused, cost, chain) for key, (slack, cost, chain) in states.items()
                 if slack + unused <= allowance}
        for (taken, seen), (slack, cost, chain) in states.items():
            for extra, point, take in takes:
                if slack + extra > allowance:
                    break
                total = tuple([x + y for x, y in zip(taken, take, strict=True)])
                if any(x > y + 1e-9 for x, y in zip(total, need, strict=True)):
                    continue
                column = self.column(place, grid, point)
                if column is None:
                    continue
                key = (total, seen | flag)
                known = found.get(key)
                if known is None or cost + column.objective < known[1]:
                    found[key] = (slack + extra, cost + column.objective, (column, chain))
            if len(found) > MAX_STATES or time.perf_counter() > self.deadline:
                raise GaveUp
        return found

    def column(self, place, grid, point):
        """The exact column of a bundle, priced once."""
        key = (place, point)
        if key not in self.exact:
            policy = self.instance.policy
            limit = float("inf") if policy.promise_days is None else policy.promise_days + 1e-9
            columns = [column for column in price_bundle(self.instance, grid.supply, grid.options_at(point))
                       if not column.dear and column.days <= limit]
            self.exact[key] = min(columns, key=lambda column: (column.objective, column.days), default=None)
        return self.exact[key]

    def optimum(self, apart_from=None):
        """(cost, chain) of the best cover, widening the allowance until it is proven."""
        allowance = max(abs(self.bound) * 0.01, 30.0)
        ceiling = abs(self.bound) * 4 + 1000
        while True:
            best = self.search(allowance, apart_from)
            if best and best[0] / FINE <= self.bound + allowance + 1e-6:
                return best
            if allowance >= ceiling:
                raise GaveUp
            allowance = min(best[0] / FINE - self.bound + 1e-3, ceiling) if best else min(allowance * 2, ceiling)
