"""Invented lives of an order of which something comes back: the same seed, the same life.

A life is an order and a list of steps a person could take, each about earlier ones by their number. A step that makes
no sense where it stands (its case was refused, nothing is to be sent) is left out by whoever plays the life; one that
somebody may try and that must be refused is tried. So steps may be taken out of a failing life until only those remain
that make it fail (`settling.lives.shrunk`).
"""

import random
from dataclasses import dataclass, field

CURRENCIES = ("EUR", "USD", "CNY", "JPY")
# How much of each one euro buys.
RATES = {"USD": "1.0900", "CNY": "7.8123", "JPY": "163.21"}
TAXES = ((0, False), (19, False), (19, True), (13, True))
REASONS = ("damaged", "damaged", "missing", "dislike", "listing")
CONDITIONS = ("as_new", "as_new", "opened", "damaged")


@dataclass(frozen=True)
class Sold:
    """A line of the order; prices in the smallest coins of its currency, `cost` in cents."""

    qty: int
    price: int
    tax: tuple
    discount: int
    delivered: int
    cost: int


@dataclass(frozen=True)
class Step:
    number: int
    verb: str
    about: int | None = None  # the number of an earlier step
    more: dict = field(default_factory=dict)

    def __str__(self):
        words = [f"{self.number}: {self.verb}"]
        words += [f"of {self.about}"] if self.about is not None else []
        return " ".join(words + [f"{name}={value}" for name, value in self.more.items()])


class Life:
    """One order and what became of it.

    >>> Life(7).steps == Life(7).steps, Life(7).currency
    (True, 'CNY')
    """

    def __init__(self, seed):
        self.dice = dice = random.Random(seed)
        self.currency = dice.choice(CURRENCIES)
        self.per_line = dice.random() < 0.5  # taxes are rounded line by line
        mixed = dice.random() < 0.5
        one = dice.choice(TAXES)
        self.lines = [self._sold(dice.choice(TAXES) if mixed else one) for _line in range(dice.choice((1, 1, 2, 3)))]
        self.delivery = (self._price(900), one) if dice.random() < 0.4 else None
        self.payments = dice.choice(
            ((("service", 100),), (("service", 100),), (("transfer", 100),), (("service", 60), ("transfer", 40)),
             (("service", 50),), (("service", 70), ("service", 30)))
        )  # fmt: skip
        self.granted = dice.choice((50, 100))  # percent of what the supplier pays for
        self.steps = []
        for _case in range(dice.choice((1, 2, 2, 3))):
            if dice.random() < 0.3:
                self._refund()
            self._case()
        if dice.random() < 0.4:
            self._refund()

    def __str__(self):
        lines = "; ".join(map(str, self.lines))
        how = "line by line" if self.per_line else "by document"
        return f"{self.currency}, rounded {how}: {lines}; delivery {self.delivery}; paid {self.payments}"

    def _add(self, verb, about=None, **more):
        self.steps.append(Step(len(self.steps), verb, about, more))
        return self.steps[-1].number

    def _price(self, most=20000):
        price = self.dice.randint(100, most)
        return price if self.currency != "JPY" else price // 2

    def _sold(self, tax):
        dice = self.dice
        qty = dice.randint(1, 6)
        delivered = dice.choice((qty, qty, qty, dice.randint(0, qty)))
        return Sold(qty, self._price(), tax, dice.choice((0, 0, 10, 15, 33)), delivered, dice.randint(100, 5000))

    def _refund(self):
        """Without a case and without anything that comes back, by whoever serves the customer."""
        dice = self.dice
        kind = dice.choice(("price_difference", "goodwill", "goodwill", "freight_only", "refund_only", "keep"))
        self._add(
            "refund",
            kind=kind,
            line=dice.randrange(len(self.lines)),
            qty=dice.randint(1, 3),
            percent=dice.choice((5, 10, 33, 50)),
            freight=dice.choice(("no", "no", "part", "yes")),
            whole=dice.random() < 0.3,
        )

    def _case(self):
        dice = self.dice
        picked = dice.sample(range(len(self.lines)), dice.randint(1, min(2, len(self.lines))))
        there = dice.random() < 0.8
        case = self._add(
            "open",
            there=there,
            lines=[(line, dice.choice((1, 1, 2, 6))) for line in sorted(picked)],
            reason=dice.choice(REASONS),
        )
        self._talk(case)
        self._goods(case)
        if dice.random() < 0.6:
            self._claim(case)
        if dice.random() < 0.5:
            self._add("close", case)
            if dice.random() < 0.5:
                self._add("score", case, score=dice.choice((1, 5)))
                self._add("offer", case, by="agent", **self._terms())
                self._add("take", case, by="customer")

    def _talk(self, case):
        dice = self.dice
        for _round in range(dice.choice((1, 1, 1, 2, 3))):
            verb = dice.choice(("accept", "offer", "offer", "counter"))
            if verb == "accept":
                self._add("accept", case, **self._terms())
                continue
            self._add("offer", case, by="customer" if verb == "counter" else "agent", **self._terms())
            answer = dice.choice(("take", "take", "take", "decline", "silence"))
            by = "agent" if verb == "counter" else "customer"
            self._add(answer, case, **({} if answer == "silence" else {"by": by}))
        if dice.random() < 0.1:
            self._add("cancel", case)
        if dice.random() < 0.07:
            self._add("refuse", case)

    def _terms(self):
        dice = self.dice
        kind = dice.choice(("return", "return", "return", "keep", "keep", "refund_only", "credit", "replacement"))
        return {
            "kind": kind,
            "part": dice.random() < 0.25,  # about some pieces only
            "fee": dice.choice((0, 0, 10, 15)),
            "percent": dice.choice((10, 20, 35, 100)),
            "share": dice.choice((None, None, 10, 40, 100)),  # an amount: so many percent of what they cost
            "bonus": dice.choice((0, 5, 10)),
            "freight": dice.choice(("none", "none", "part", "all")),
            "to": dice.choice(("us", "supplier", "supplier")),
            "after": dice.choice(("received", "inspected", "inspected", "sent")),
        }

    def _goods(self, case):
        """One parcel or two; sometimes less is in them than was said; sometimes the rest never comes."""
        dice = self.dice
        for _parcel in range(dice.choice((1, 1, 2))):
            parcel = self._add("send", case, share=dice.choice((100, 100, 50)))
            if dice.random() < 0.1:
                continue
            less = dice.random() < 0.2
            count = dice.random() < 0.7
            if count:
                self._add("receive", case, parcel=parcel, less=less)
            if dice.random() < 0.85 or not count:
                self._add("inspect", case, parcel=parcel, conditions=[dice.choice(CONDITIONS) for _piece in range(4)])
        if dice.random() < 0.3:
            self._add("not_coming", case)

    def _claim(self, case):
        dice = self.dice
        self._add("file", case)
        answer = dice.choice(("accepted", "partly", "refused", None))
        if answer:
            self._add("answer", case, answer=answer, percent=dice.choice((20, 60)))
