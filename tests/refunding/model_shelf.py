"""Arithmetic with whole coins, and one line of an order with its units and its money."""

import math
from fractions import Fraction as F

OUT_FIRST, IN_FIRST = ("out", "in"), ("in", "out")
WHERE = {
    "return": ("in",), "not_shipped": ("out",), "cancelled_by_us": ("out",),
    "short": OUT_FIRST, "refused_parcel": OUT_FIRST, "refund_only": IN_FIRST,
}  # fmt: skip
TOO_MANY = {("in",): "more_than_delivered", ("out",): "more_than_undelivered"}


class No(Exception):
    pass


def near(number):
    """The nearest whole number, a half away from zero.

    >>> [near(F(n, 2)) for n in (3, -3, 4)], near(F(1, 3))
    ([2, -2, 2], 0)
    """
    return math.floor(number + F(1, 2)) if number >= 0 else -math.floor(-number + F(1, 2))


def cut(cake, sizes):
    """Cut a cake where the sizes end, to the nearest coin.

    >>> cut(100, [1, 1, 1]), cut(5, [0, 0]), cut(-10, [3, 1])
    ([33, 34, 33], [5, 0], [-8, -2])
    """
    whole, reached, marks = sum(sizes), 0, [0]
    for size in sizes:
        reached += size
        marks.append(near(F(cake) * reached / whole) if whole else cake)
    return [upper - lower for lower, upper in zip(marks, marks[1:], strict=False)]


def fairly(cake, sizes):
    return cut(cake, sizes if sum(sizes) else [1] * len(sizes))


def plus(one, other, sign=1):
    return {group: one.get(group, 0) + sign * other.get(group, 0) for group in one.keys() | other.keys()}


def full(amount):
    return sum(amount.values())


def scaled(amount, share):
    return {group: near(coins * share) for group, coins in amount.items()}


def piece(amount, coins):
    """So many coins of an amount."""
    groups = sorted(amount)  # "" comes first
    return dict(zip(groups, cut(coins, [amount[group] for group in groups]), strict=True))


class Shelf:
    """One line: its units and its money."""

    def __init__(self, line, worth, gross):
        self.kind, self.qty, self.came, self.gross = line["kind"], F(line["qty"]), F(line["delivered"]), gross
        self.price, self.charge = line["amount"], line.get("charge", {})
        self.worth, self.rest = worth, dict(worth)
        self.here, self.cheap = self.qty, F(0)  # not settled; of them paid less for
        self.stock, self.off = self.figure(worth), 0  # what those cost; what was taken off
        self.log, self.spared = [], F(0)

    def figure(self, amount):
        return full(amount) if self.gross else amount.get("", 0)

    def open(self):
        return self.rest

    def room(self, kind):
        came = min(self.came, self.qty)
        free = {"in": came, "out": self.qty - came}
        for old, qty in self.log:
            for place in (*WHERE[old], "in", "out"):
                used = min(qty, free[place])
                free[place] -= used
                qty -= used
        return min(self.here, sum(free[place] for place in WHERE[kind]))

    def part_of_stock(self, qty):
        return near(F(self.stock) * qty / self.here)

    def part_of_off(self, cheap):
        return near(F(self.off) * cheap / self.cheap) if self.cheap else self.off

    def slice(self, figure):
        """What is open, so much of it in the figure of the prices."""
        amount = self.open()
        net = amount.get("", 0)
        if self.gross or not net:
            return piece(amount, figure)
        return {group: near(F(coins) * figure / net) if group else figure for group, coins in amount.items()}

    def settle(self, kind, qty, fee, ours):
        if qty > self.room(kind):
            raise No(TOO_MANY.get(WHERE[kind], "more_than_invoiced"))
        cheap = max(qty - (self.here - self.cheap), F(0))
        stock, off = self.part_of_stock(qty), self.part_of_off(cheap)
        give = min(max(stock - off, 0), max(self.figure(self.open()), 0))
        give -= near(give * F(fee) / 100)
        amount = self.slice(give)
        self.stock, self.off, self.here, self.cheap = (
            self.stock - stock,
            self.off - off,
            self.here - qty,
            self.cheap - cheap,
        )
        self.log.append((kind, qty))
        self.spared += qty if ours else 0
        self.rest = plus(self.rest, amount, -1)
        return amount

    def cheapen(self, amount, qty):
        if self.here:
            self.cheap = min(self.here, self.cheap + (qty or self.here))
            self.off += self.figure(amount)
        self.rest = plus(self.rest, amount, -1)
        return amount
