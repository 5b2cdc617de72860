"""What we saw, and what it makes of what we believed before.

Parcels that arrived say how long it takes. Those still open say that it takes longer than until now; leaving them out
would make every lane look faster than it is. Both are counted by the Susarla–Van Ryzin estimator: the share of an open
parcel goes to everything later than its age, in proportion. Without a belief it is the Kaplan–Meier estimator, without
open parcels it is plain counting, without parcels it is the belief.
"""

import math
from collections import defaultdict

from .distribution import TINY, Distribution

# (up to so many days, counted in steps of): fine where people look at, coarse in the tail. Keeps a lane small.
STEPS = ((16.0, 0.25), (60.0, 0.5), (math.inf, 1.0))
# What is older says less: after so many days half.
HALF_LIFE = 60.0
# The belief counts as much as so many parcels.
STRENGTH = 8.0
# Open for so many days: it is not late, it is lost.
GIVE_UP = 60.0
# What we believe to get lost before we have seen anything.
LOST = 0.02
ROUNDS = 2
# As many are still to come after the last day we believe in, half of them for each half of it that passes.
TAIL = 0.02


def step_of(days):
    return next(step for limit, step in STEPS if days <= limit)


def up(days):
    """Arrived within: the end of the step.

    >>> up(2.1), up(2.25), up(20.2), up(0)
    (2.25, 2.25, 20.5, 0.0)
    """
    step = step_of(days)
    return max(math.ceil(round(days / step, 6)) * step, 0.0)


def down(days):
    """Not arrived until: the begin of the step.

    >>> down(2.1), down(2.25), down(20.2)
    (2.0, 2.25, 20.0)
    """
    step = step_of(days)
    return max(math.floor(round(days / step, 6)) * step, 0.0)


def weight_of(age, half_life=HALF_LIFE):
    """How much a parcel of so many days ago counts.

    >>> weight_of(0), weight_of(60), weight_of(-1)
    (1.0, 0.5, 1.0)
    """
    return 0.5 ** (max(age, 0.0) / half_life) if half_life else 1.0


class Seen:
    """The parcels of one lane by weight: counted by how long they took (`arrived`) or have been open (`open`).

    `gone` are those given up; `ripe` those that arrived and are old enough that the others of their days are given up.

    >>> seen = Seen()
    >>> seen.add(2.1)
    >>> seen.add(5, arrived=False, weight=0.5)
    >>> seen.add(70, arrived=False)
    >>> seen.arrived, seen.open, seen.gone, seen.count
    ({2.25: 1.0}, {5.0: 0.5}, 1.0, 1)
    """

    __slots__ = ("arrived", "count", "gone", "open", "ripe", "waiting")

    def __init__(self):
        self.arrived, self.open = {}, {}
        self.count, self.waiting, self.gone, self.ripe = 0, 0, 0.0, 0.0

    def add(self, days, arrived=True, weight=1.0, age=0.0):
        """
        :param float days: how long it took, or has been open
        :param float age: how many days ago it started
        """
        if arrived:
            key = up(days)
            self.arrived[key] = self.arrived.get(key, 0.0) + weight
            self.count += 1
            self.ripe += weight if age >= GIVE_UP else 0.0
        elif days >= GIVE_UP:
            self.gone += weight
        else:
            key = down(days)
            self.open[key] = self.open.get(key, 0.0) + weight
            self.waiting += 1

    def join(self, other):
        """Count the parcels of another lane too.

        >>> one, two = Seen(), Seen()
        >>> one.add(1)
        >>> two.add(1, weight=0.5)
        >>> one.join(two)
        >>> one.arrived, one.count
        ({1.0: 1.5}, 2)
        """
        for mine, theirs in ((self.arrived, other.arrived), (self.open, other.open)):
            for days, weight in theirs.items():
                mine[days] = mine.get(days, 0.0) + weight
        self.count, self.waiting = self.count + other.count, self.waiting + other.waiting
        self.gone, self.ripe = self.gone + other.gone, self.ripe + other.ripe

    def faded(self, factor):
        """The same some time later: all of it counts less."""
        other = Seen()
        other.count, other.waiting = self.count, self.waiting
        other.gone, other.ripe = self.gone * factor, self.ripe * factor
        other.arrived = {days: weight * factor for days, weight in self.arrived.items()}
        other.open = {days: weight * factor for days, weight in self.open.items()}
        return other

    def pack(self):
        """As plain JSON; small, however many parcels.

        >>> seen = Seen()
        >>> seen.add(2)
        >>> seen.pack()
        {'n': 1, 'w': 0, 'a': [[2.0, 1.0]], 'o': [], 'g': 0.0, 'r': 0.0}
        """
        return {
            "n": self.count,
            "w": self.waiting,
            "a": [[days, round(weight, 6)] for days, weight in sorted(self.arrived.items())],
            "o": [[days, round(weight, 6)] for days, weight in sorted(self.open.items())],
            "g": round(self.gone, 6),
            "r": round(self.ripe, 6),
        }

    @classmethod
    def unpack(cls, data):
        """Back from `pack`; nothing from nothing.

        >>> seen = Seen.unpack({"n": 1, "w": 0, "a": [[2.0, 1.0]], "o": [], "g": 0.5, "r": 0.0})
        >>> seen.arrived, seen.gone, Seen.unpack(None).count
        ({2.0: 1.0}, 0.5, 0)
        """
        seen = cls()
        if data:
            seen.count, seen.waiting, seen.gone, seen.ripe = data["n"], data["w"], data["g"], data["r"]
            seen.arrived = {float(days): weight for days, weight in data["a"]}
            seen.open = {float(days): weight for days, weight in data["o"]}
        return seen


def share_lost(before, seen, strength=STRENGTH):
    """The share that never arrives, after seeing these parcels.

    >>> seen = Seen()
    >>> share_lost(0.02, seen)
    0.02
    >>> for days in (3, 4, 90, 90):
    ...     seen.add(days, days < 60, age=90)
    >>> share_lost(0.02, seen, strength=0)
    0.5
    """
    total = seen.gone + seen.ripe + strength
    return (before * strength + seen.gone) / total if seen.gone + seen.ripe else before


def estimate(belief, seen, strength=STRENGTH, lost=0.0):
    """The distribution after seeing these parcels.

    :param Distribution belief: what we thought before; None: nothing
    :param float strength: as how many parcels the belief counts
    :param float lost: the share that never arrives

    >>> seen = Seen()
    >>> belief = Distribution.from_quantiles(8, 11, 14)
    >>> estimate(belief, seen) is belief
    True
    >>> for days in (1, 1, 2, 3):
    ...     seen.add(days)
    >>> estimate(None, seen)
    Distribution(((1.0, 0.5), (2.0, 0.25), (3.0, 0.25)))

    Open parcels belong to what is later than they are now:

    >>> seen.add(1.5, arrived=False)
    >>> estimate(None, seen)
    Distribution(((1.0, 0.4), (2.0, 0.3), (3.0, 0.3)))
    """
    if not seen.arrived and not seen.open:
        return belief
    masses = defaultdict(float)
    for days, share in belief.atoms if belief and strength > 0 else ():
        masses[days] += share * strength
    for days, weight in seen.arrived.items():
        masses[days] += weight
    if not masses:
        return redistribute(masses, seen.open)
    found = Distribution(masses)
    for _round in range((ROUNDS if lost > 0 else 1) if seen.open else 0):
        found = redistribute(masses, still_coming(found, seen.open, lost))
    return found


def still_coming(found, waiting, lost):
    """The open parcels, each by how likely it is still to arrive.

    >>> even = Distribution({1: 1, 3: 1})
    >>> still_coming(even, {0: 1.0, 2: 1.0, 5: 1.0}, 0.0) == {0: 1.0, 2: 1.0, 5: 1.0}
    True
    >>> {days: round(weight, 3) for days, weight in still_coming(even, {0: 1.0, 2: 1.0, 5: 1.0}, 0.2).items()}
    {0: 0.8, 2: 0.667, 5: 0.031}
    """
    if lost <= 0:
        return waiting
    last, result = found.quantile(0.95), {}
    for days, weight in waiting.items():
        later = 1 - found.within(days)
        if days >= last:  # what we believe may be too fast: nothing is given up only because it is slower
            later = max(later, TAIL * 0.5 ** (2 * (days - last) / max(last, 1.0)))
        coming = (1 - lost) * later
        result[days] = weight * coming / (coming + lost)
    return result


def redistribute(masses, waiting):
    """Give the weight of what waits to all that comes later than it, in proportion, the earliest first.

    :param dict masses: {days: weight} of what arrived, and of the belief
    :param dict waiting: {days: weight} of what was open for so long
    """
    right = sum(masses.values()) + sum(waiting.values())
    factor, result = 1.0, []
    for days in sorted({*masses, *waiting}):
        mass, open_now = masses.get(days, 0.0), waiting.get(days, 0.0)
        if mass:
            result.append((days, mass * factor))
            right -= mass
        if open_now:
            later = right - open_now
            if later > TINY:
                factor *= right / later
            else:  # open for longer than anything took: all we know is that it takes longer still
                tail = Distribution.at(days).after(days).atoms
                result += [(value, share * open_now * factor) for value, share in tail]
            right = later
    return Distribution(result)


def learn(belief, levels, strength=STRENGTH, lost=LOST):
    """Believe the coarser level until the finer one has enough parcels of its own.

    :param Distribution belief: the last resort, for instance what a freight table says
    :param levels: [Seen], from coarse to fine

    >>> china, zhejiang = Seen(), Seen()
    >>> for days in [4] * 30:
    ...     china.add(days)
    >>> for days in [2] * 3:
    ...     zhejiang.add(days)
    >>> table = Distribution.from_quantiles(8, 11, 14)
    >>> learn(table, [china]).quantiles(), learn(table, [china, zhejiang]).quantiles()
    ((4.0, 4.0, 11), (4.0, 4.0, 10.0))
    """
    for seen in levels:
        lost = share_lost(lost, seen, strength)
        belief = estimate(belief, seen, strength, lost)
    return belief
