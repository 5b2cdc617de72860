"""The two cheapest choices of sources when each costs a fixed amount once used and each line its own at each source.

Branch and bound on which sources are used. Many open nodes are bounded at once: each climbs its Lagrangian dual by
subgradient steps, what costs more than the cutoff allows is fixed, and few remaining sources are simply listed.
"""

import time

HUGE = 1e15
ROOT_ROUNDS, NODE_ROUNDS = 60, 7
BATCH = 16  # nodes bounded at once
LISTED = 8  # open sources whose choices are listed instead of branched on
NEIGHBOURS = 4  # changes of a choice looked at closer
CHECKED = 30  # rounds of the root between two tries of what it uses


class Facility:
    """`first` and `second`: (total, places) of the best two different choices known, `bound`: no choice is cheaper."""

    def __init__(self, np, cost, fixed, grain):
        self.np, self.cost, self.fixed, self.grain = np, cost, fixed, grain
        self.first = self.second = (HUGE, None)
        self.bound, self.runner_up, self.nodes, self.seen = float("-inf"), True, [], set()
        self.keep(np.arange(len(fixed)))

    # --- what is known -------------------------------------------------------------------------------------------

    def cutoff(self):
        """A choice from here on is of no use."""
        return (self.second if self.runner_up else self.first)[0] - self.grain

    def needed(self, places):
        """(total, places) of a choice without the sources nobody needs."""
        part = self.cost[:, places]
        places = places[self.np.unique(part.argmin(axis=1))]
        return float(part.min(axis=1).sum() + self.fixed[places].sum()), places.tolist()

    def offer(self, places):
        """Remember a choice if it is among the best two."""
        if not len(places):
            return
        total, needed = self.needed(places)
        if total >= self.second[0] - 0.5 or total > HUGE / 2 or needed in (self.first[1], self.second[1]):
            return
        self.second = (total, needed)
        if total < self.first[0] - 0.5:
            self.first, self.second = self.second, self.first

    def improve(self, places):
        """Add, drop or swap sources as long as that saves; at the end the neighbours are offered too."""
        np = self.np
        while len(places):
            total, needed = self.needed(places)
            if tuple(needed) in self.seen:
                break
            self.seen.add(tuple(needed))
            places = np.array(needed)
            totals = self.neighbours(places)
            best = int(totals.argmin())
            if totals.flat[best] > total - 0.5:
                self.offer(places)
                for flat in totals.argpartition(min(NEIGHBOURS, totals.size - 1), axis=None)[:NEIGHBOURS].tolist():
                    self.offer(self.changed(places, *divmod(flat, totals.shape[1])))
                break
            places = self.changed(places, *divmod(best, totals.shape[1]))

    def changed(self, places, gone, come):
        """A choice without its source number `gone` and with the source `come` (the same: only without)."""
        used = self.np.zeros(len(self.fixed), bool)
        used[places] = True
        if gone < len(places):
            used[places[gone]] = False
            used[come] = come != places[gone]
        else:
            used[come] = True
        return used.nonzero()[0]

    def neighbours(self, places):
        """Totals of a choice by which of its sources goes (last: none) and which comes."""
        np, part, count = self.np, self.cost[:, places], len(places)
        rows, first, rest = np.arange(count), part.min(axis=1), np.full((count + 1, len(part)), HUGE)
        rest[-1] = first
        if count > 1:
            second = np.partition(part, 1, axis=1)[:, 1]
            rest[:-1] = np.where(rows[:, None] == part.argmin(axis=1), second, first)
        paid = self.fixed[places].sum() - np.append(self.fixed[places], 0.0)
        totals = np.minimum(rest[:, :, None], self.cost).sum(axis=1) + paid[:, None] + self.fixed
        totals[:, places] = HUGE * len(part) * 2
        totals[rows, places] = (rest.sum(axis=1) + paid)[:-1]  # dropped, nothing in its place
        return totals

    # --- bounds --------------------------------------------------------------------------------------------------

    def ascend(self, states, duals, rounds):
        """(bounds, duals, slack per source, how often a source was used) of several nodes after some steps."""
        np = self.np
        cost, fixed = self.cost32, self.fixed32
        must, may = states == 1, states >= 0
        top, best = np.full(len(states), -np.inf, np.float32), duals
        scale, stalled = np.full(len(states), 1.5, np.float32), np.zeros(len(states), np.int8)
        share = np.zeros(states.shape, np.float32)
        target = np.float32(self.cutoff())
        for _round in range(rounds):
            gain = np.maximum(duals[:, :, None] - cost, 0)
            slack = fixed - np.add.reduce(gain, axis=1)
            used = (((slack < 0) & may) | must).astype(np.float32)
            bounds = np.add.reduce(duals, axis=1) + np.add.reduce(slack * used, axis=1)
            share = share * np.float32(0.8) + used
            better = bounds > top
            top, best = np.maximum(bounds, top), np.where(better[:, None], duals, best)
            stalled = np.where(better, 0, stalled + 1)
            slope = 1 - ((gain > 0).astype(np.float32) @ used[:, :, None])[:, :, 0]
            norm = np.maximum(np.einsum("ij,ij->i", slope, slope), np.float32(0.5))
            step = scale * np.maximum(target - bounds, 1) / norm
            duals = duals + slope * step[:, None]
            back = stalled > 4
            if back.any():
                scale, duals = np.where(back, scale * np.float32(0.6), scale), np.where(back[:, None], best, duals)
                stalled[back] = 0
            if (top > target).all():
                break
        exact = best.astype(np.float64)
        slack = self.part_fixed - np.maximum(exact[:, :, None] - self.part_cost, 0).sum(axis=1)
        used = ((slack < 0) & may) | must
        return exact.sum(axis=1) + (slack * used).sum(axis=1), best, slack, share / 5

    # --- search --------------------------------------------------------------------------------------------------

    def solve(self, deadline, runner_up=True, patience=0.1):
        """Search until the best choice is proven, and the second best while the patience (seconds) for it lasts.

        True when the best is proven.
        """
        self.runner_up = runner_up
        self.root()
        late = False
        while self.nodes:
            self.nodes.sort(key=lambda node: -node[0])
            self.bound = max(self.bound, self.nodes[-1][0])
            if not late and self.bound > self.first[0] - self.grain:
                late, deadline = True, min(deadline, time.perf_counter() + patience)
            if time.perf_counter() > deadline:
                return late
            self.expand()
        self.bound = self.first[0]
        return True  # without any choice there is none

    def root(self):
        """Bound the whole problem, find a first choice and leave out the sources that cannot be in a good one."""
        np = self.np
        places = (self.fixed < HUGE / 2).nonzero()[0]
        if not len(places):
            return
        self.keep(places)
        self.improve(places[[int((self.part_cost.sum(axis=0) + self.part_fixed).argmin())]])
        state = np.zeros((1, len(places)), np.int8)
        cheap = np.sort(self.part_cost, axis=1)[:, :2]
        duals = np.where(cheap[:, -1] < HUGE / 2, cheap.mean(axis=1), cheap[:, 0]).astype(np.float32)[None]
        for _part in range(ROOT_ROUNDS // CHECKED):
            bounds, duals, slack, share = self.ascend(state, duals, CHECKED)
            self.improve(self.places[share[0] > 0.5])
        self.bound = float(bounds[0])
        alive = slack[0] <= self.cutoff() - self.bound
        self.keep(places[alive])
        self.push(bounds, state[:, alive], duals, slack[:, alive], share[:, alive], bounds.tolist())

    def keep(self, places):
        """Look at these sources only from here on."""
        self.places = places
        self.part_cost, self.part_fixed = self.np.ascontiguousarray(self.cost[:, places]), self.fixed[places]
        self.cost32, self.fixed32 = self.part_cost.astype("float32"), self.part_fixed.astype("float32")

    def push(self, bounds, states, duals, slack, share, known):
        """Fix what the cutoff decides in bounded nodes, list small ones, split the others into two.

        Slack counts from the node's own bound only, never from the bound known of its parent.
        """
        np, cutoff = self.np, self.cutoff()
        gap = (cutoff - bounds)[:, None]
        states = np.where((states == 0) & (slack > gap), -1, np.where((states == 0) & (-slack > gap), 1, states))
        free = states == 0
        counts = free.sum(axis=1)
        pick = np.where(free, np.abs(share - 0.5), 9).argmin(axis=1)
        for n, bound in enumerate(bounds.tolist()):
            if max(bound, known[n]) > self.cutoff():
                continue
            if counts[n] <= LISTED:
                self.listed(states[n])
                continue
            for side in (-1, 1):
                child = states[n].copy()
                child[pick[n]] = side
                extra = max(0.0, float(slack[n, pick[n]]) * side)
                self.nodes.append((max(bound + extra, known[n]), child, duals[n]))

    def expand(self):
        """Bound the most promising nodes."""
        np, cutoff = self.np, self.cutoff()
        batch, self.nodes = self.nodes[-BATCH:], self.nodes[:-BATCH]
        batch = [node for node in batch if node[0] <= cutoff]
        if batch:
            states, duals = np.stack([node[1] for node in batch]), np.stack([node[2] for node in batch])
            bounds, duals, slack, share = self.ascend(states, duals, NODE_ROUNDS)
            self.push(bounds, states, duals, slack, share, [node[0] for node in batch])

    def listed(self, state):
        """Offer the best choices below a node with few open sources."""
        np = self.np
        must, free = (state == 1).nonzero()[0], (state == 0).nonzero()[0]
        rows = np.full((1, len(self.part_cost)), HUGE)
        if len(must):
            rows[0] = self.part_cost[:, must].min(axis=1)
        paid = np.full(1, self.part_fixed[must].sum())
        for place in free:
            rows = np.concatenate([rows, np.minimum(rows, self.part_cost[:, place])])
            paid = np.concatenate([paid, paid + self.part_fixed[place]])
        total = rows.sum(axis=1) + paid
        good = (total < self.second[0] - 0.5).nonzero()[0]
        for number in good[total[good].argsort(kind="stable")].tolist():
            if total[number] >= self.second[0] - 0.5:
                break
            taken = free[number >> np.arange(len(free)) & 1 > 0]
            if len(must) + len(taken):
                self.offer(np.sort(self.places[np.append(must, taken)]))
