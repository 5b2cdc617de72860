"""What ought to come of an order, by hand: whole coins and fractions, changed on the spot by whatever happens.

Amounts are pairs (without tax, tax). A line's pieces are worth what was paid for them; each share of an amount is
rounded once, and the last piece takes what the roundings of the others left. Nobody gets back more than he paid above
what he still owes.
"""

import math
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction


class No(Exception):
    """It must be refused."""


def near(number):
    """The nearest whole number, a half away from zero.

    >>> [near(Fraction(n, 2)) for n in (3, -3, 4)], near(Fraction(1, 3))
    ([2, -2, 2], 0)
    """
    return math.floor(number + Fraction(1, 2)) if number >= 0 else -math.floor(-number + Fraction(1, 2))


def cut(cake, sizes):
    """Cut a cake where the sizes end, to the nearest coin.

    >>> cut(100, [1, 1, 1]), cut(5, [0, 0])
    ([33, 34, 33], [5, 0])
    """
    whole, reached, marks = sum(sizes), 0, [0]
    for size in sizes:
        reached += size
        marks.append(near(Fraction(cake) * reached / whole) if whole and reached != whole else cake)
    return [upper - lower for lower, upper in zip(marks, marks[1:], strict=False)]


def plus(one, other, sign=1):
    return one[0] + sign * other[0], one[1] + sign * other[1]


def exact_worth(price, qty, discount, tax):
    """(without tax, tax) of a line, not rounded.

    >>> exact_worth(119, 2, 0, (19, True)), exact_worth(100, 1, 50, (19, False))
    ((Fraction(200, 1), Fraction(38, 1)), (Fraction(50, 1), Fraction(19, 2)))
    """
    percent, inside = tax
    amount = Fraction(price * qty * (100 - discount), 100)
    if inside:
        net = amount * 100 / (100 + percent)
        return net, amount - net
    return amount, amount * percent / 100


class Line:
    """Pieces and money of one line.

    Of the pieces that are `here` (with the customer or still to come, not given back), `cheap` ones were made cheaper,
    by `off` in all; all of them cost `stock` before that. Figures are what prices are meant in: with tax, or without.
    """

    PLACES = {
        "return": ("in",), "refund_only": ("in", "out"), "short": ("out", "in"),
        "not_shipped": ("out",), "cancelled_by_us": ("out",),
    }  # fmt: skip

    def __init__(self, qty, came, worth, gross, goods=True):
        self.qty, self.worth, self.gross, self.goods = qty, worth, gross, goods
        self.left = worth
        self.here, self.cheap, self.off, self.stock = qty, 0, 0, self.figure(worth)
        self.places = {"in": came, "out": qty - came}
        self.came = came

    def figure(self, amount):
        return sum(amount) if self.gross else amount[0]

    def room(self, kind):
        return min(self.here, sum(self.places[place] for place in self.PLACES[kind]))

    def cost(self, qty):
        return near(Fraction(self.stock * qty, self.here)) if qty != self.here else self.stock

    def taken_off(self, cheap):
        return near(Fraction(self.off * cheap, self.cheap)) if cheap != self.cheap else self.off

    def total_of(self, qty):
        """What was paid for some pieces when they were bought, tax included."""
        return Fraction(sum(self.worth) * qty, self.qty)

    def part(self, figure):
        """What is left, so much of it in the figure of the prices."""
        net, tax = self.left
        if self.gross or not net:
            return self.slice(figure)
        return figure, tax if figure == net else near(Fraction(tax * figure, net))

    def slice(self, coins):
        """So many coins of what is left, tax included."""
        return tuple(cut(coins, list(self.left)))

    def worth_now(self, qty):
        """What comes back for pieces, in the figure of the prices: those that were not made cheaper go first."""
        cheap = max(qty - (self.here - self.cheap), 0)
        return min(max(self.cost(qty) - self.taken_off(cheap), 0), max(self.figure(self.left), 0))

    def give_back(self, kind, qty, fee=0):
        """Pieces that came back or never came: their money, less what is kept of it."""
        value = self.worth_now(qty)
        return self.gone(kind, qty, self.part(value - near(Fraction(value * fee, 100))))

    def give_back_for(self, kind, qty, coins):
        """The same for an amount that was agreed on, tax included; never more than they are worth."""
        whole = self.part(self.worth_now(qty))
        return self.gone(kind, qty, whole if coins >= sum(whole) else tuple(cut(coins, list(whole))))

    def gone(self, kind, qty, amount):
        if not 0 < qty <= self.room(kind):
            raise No(f"{qty} pieces, {self.room(kind)} left")
        cheap = max(qty - (self.here - self.cheap), 0)
        stock, off = self.cost(qty), self.taken_off(cheap)
        self.stock, self.off = self.stock - stock, self.off - off
        self.here, self.cheap = self.here - qty, self.cheap - cheap
        for place in self.PLACES[kind]:
            now = min(qty, self.places[place])
            self.places[place] -= now
            qty -= now
        return self.pay(amount)

    def make_cheaper(self, amount, qty=None):
        if self.here:
            self.cheap = min(self.here, self.cheap + (qty or self.here))
            self.off += self.figure(amount)
        return self.pay(amount)

    def pay(self, amount):
        self.left = plus(self.left, amount, -1)
        return amount

    def keep(self, qty, percent):
        if not 0 < qty <= self.here:
            raise No(f"{qty} pieces to keep, {self.here} left")
        amount = near(Fraction(self.cost(qty) * percent, 100))
        return self.make_cheaper(self.part(min(amount, max(self.figure(self.left), 0))), qty)

    def cheaper_by(self, coins, qty=None):
        """An amount for goods that stay, tax included."""
        if coins > sum(self.left):
            raise No(f"{coins}, {sum(self.left)} left")
        return self.make_cheaper(self.slice(coins), qty)


@dataclass
class Payment:
    coins: int
    able: bool  # the way it came it can go back
    back: int = 0


@dataclass
class Given:
    """One refund: {line number: (without tax, tax)}; "delivery" is a line."""

    credit: dict
    money: int
    ways: int  # of the money, by the way it came
    person: int


@dataclass
class Account:
    """The money of an order. `out`: what was given otherwise than by the way it came."""

    lines: dict
    payments: list
    out: int = 0
    books: Counter = field(default_factory=Counter)
    credited: list = field(default_factory=lambda: [0, 0])

    def __post_init__(self):
        self.total = sum(sum(line.worth) for line in self.lines.values())
        self.paid = sum(payment.coins for payment in self.payments)
        self.book(Customers=self.total - self.paid, bank=self.paid)
        for line in self.lines.values():
            self.book(Sales=-line.worth[0], tax=-line.worth[1])

    def book(self, **amounts):
        for name, coins in amounts.items():
            self.books[name] += coins

    @property
    def returned(self):
        return self.out + sum(payment.back for payment in self.payments)

    @property
    def owed(self):
        return self.total - sum(self.credited)

    def gone(self):
        """The share of the goods that was given back, by what they cost."""
        goods = [line for line in self.lines.values() if line.goods]
        whole = sum(line.figure(line.worth) for line in goods)
        gone = sum(Fraction(line.figure(line.worth) * (line.qty - line.here), line.qty) for line in goods)
        return gone / whole if whole else Fraction(0)

    def freight(self, how, before):
        """What of the delivery comes back with goods."""
        line = self.lines.get("delivery")
        if not line or how in ("no", "none"):
            return {}
        coins = sum(line.left)
        if how == "part":
            whole = sum(line.worth)
            coins = min(coins, near(whole * self.gone()) - near(whole * before))
        return {"delivery": line.make_cheaper(line.slice(coins))} if coins > 0 else {}

    def credit(self, rows):
        """Write down what was credited, and say what of it is money.

        :param rows: [(line, (without tax, tax)), …]
        """
        credit = {}
        for key, amount in rows:
            credit[key] = plus(credit.get(key, (0, 0)), amount)
        for net, tax in credit.values():
            self.credited[0] += net
            self.credited[1] += tax
            self.book(Customers=-net - tax, Sales=net, tax=tax)
        whole = sum(sum(amount) for amount in credit.values())
        return credit, max(min(whole, self.paid - self.returned - max(self.owed, 0)), 0)

    def refund(self, rows):
        """It goes back: the largest payments first, by the way they came; the rest by a person."""
        credit, money = self.credit(rows)
        left = money
        for payment in sorted(self.payments, key=lambda one: one.back - one.coins):
            now = min(left, payment.coins - payment.back) if payment.able else 0
            payment.back += now
            left -= now
        self.out += left
        self.book(Customers=money - left, bank=left - money)
        return Given(credit, money, money - left, left)

    def store(self, rows, bonus):
        """It becomes store credit, and a bonus in percent on top; no money goes out."""
        credit, money = self.credit(rows)
        if money <= 0:
            raise No("nothing was paid")
        more = near(Fraction(money * bonus, 100))
        self.out += money
        self.book(Customers=money, credit=-money - more, bonus=more)
        return Given(credit, money, 0, 0), money + more
