"""How long something takes, as a discrete distribution: days and how likely each of them is."""

from collections import defaultdict

LEVELS = (0.5, 0.8, 0.95)
# Sums of shares are floats: a level counts as reached within this much.
TINY = 1e-9
# A parcel that is later than any before it: the longer it took, the longer it may still take.
OVERDUE = ((0.55, 0.5, 0.1), (0.3, 1.0, 0.3), (0.15, 3.0, 0.7))  # (share, at least so many days, times what passed)
STEPS = 20


class Distribution:
    """Days with their shares, in order; the shares add up to 1.

    >>> Distribution({3: 1, 2: 3})
    Distribution(((2, 0.75), (3, 0.25)))
    """

    __slots__ = ("atoms",)

    def __init__(self, shares):
        """
        :param shares: {days: weight}, or pairs; a number may come several times
        """
        merged = defaultdict(float)
        for value, weight in shares.items() if isinstance(shares, dict) else shares:
            if weight > 0:
                merged[value] += weight
        total = sum(merged.values())
        if not total:
            raise ValueError("a distribution of nothing")
        self.atoms = tuple((value, weight / total) for value, weight in sorted(merged.items()))

    def __repr__(self):
        return f"Distribution({self.atoms!r})"

    def __eq__(self, other):
        return isinstance(other, Distribution) and self.atoms == other.atoms

    __hash__ = None

    @classmethod
    def at(cls, value):
        """Always the same."""
        return cls({value: 1.0})

    @classmethod
    def from_quantiles(cls, p50, p80, p95):
        """What a freight table says: straight lines through its three points, as in `routing.lateness`.

        The quantiles of the result are the figures of the table, exactly.

        >>> table = Distribution.from_quantiles(8, 11, 14)
        >>> table.quantiles()
        (8, 11, 14)
        >>> table.atoms[0], table.atoms[-1]
        ((0.8, 0.05), (15.0, 0.05))
        """
        p80 = max(p80, p50)
        p95 = max(p95, p80)
        points = ((0.0, 0.0), (0.5, p50), (0.8, p80), (0.95, p95), (1.0, p95 + (p95 - p80) / 3))
        known = dict(points)
        pairs = []
        for step in range(1, STEPS + 1):
            share = step / STEPS
            value = known.get(share)
            if value is None:
                value = next(
                    low + (high - low) * (share - left) / (right - left)
                    for (left, low), (right, high) in zip(points, points[1:], strict=False)
                    if share < right
                )
            pairs.append((value, 1.0))
        return cls(pairs)

    def quantile(self, share):
        """The fewest days within which at least this share has arrived.

        >>> Distribution({1: 0.5, 2: 0.3, 9: 0.2}).quantile(0.5)
        1
        """
        reached = 0.0
        for value, weight in self.atoms:
            reached += weight
            if reached + TINY >= share:
                return value
        return self.atoms[-1][0]

    def quantiles(self):
        """(P50, P80, P95)"""
        return tuple(self.quantile(level) for level in LEVELS)

    def within(self, days):
        """The share that has arrived after so many days.

        >>> Distribution({1: 1, 2: 1}).within(1.5)
        0.5
        """
        return sum(weight for value, weight in self.atoms if value <= days)

    def plus(self, other):
        """One after the other, independent of each other: the sum of both, not of their quantiles.

        >>> coin = Distribution({0: 1, 1: 1})
        >>> coin.plus(coin)
        Distribution(((0, 0.25), (1, 0.5), (2, 0.25)))
        >>> Distribution.at(2.0).plus(Distribution.from_quantiles(8, 11, 14)).quantiles()
        (10.0, 13.0, 16.0)
        """
        return Distribution((a + b, p * q) for a, p in self.atoms for b, q in other.atoms)

    def map(self, change):
        """The distribution of a figure made of this one.

        >>> Distribution({1: 1, 2: 1, 3: 2}).map(lambda days: max(days, 2))
        Distribution(((2, 0.5), (3, 0.5)))
        """
        return Distribution((change(value), weight) for value, weight in self.atoms)

    def after(self, passed):
        """What is left of it once we know that it takes longer than `passed` days.

        >>> Distribution({1: 1, 2: 1, 4: 2}).after(1)
        Distribution(((2, 0.3333333333333333), (4, 0.6666666666666666)))

        Later than all that was ever seen:

        >>> Distribution({1: 1, 2: 1}).after(10).quantiles()
        (11.0, 13.0, 17.0)
        """
        left = [(value, weight) for value, weight in self.atoms if value > passed]
        if sum(weight for _value, weight in left) > TINY:
            return Distribution(left)
        return Distribution((passed + max(least, passed * times), share) for share, least, times in OVERDUE)
