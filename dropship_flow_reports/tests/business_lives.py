"""Invented months of a shop: the same seed, the same life. Plain Python, no Odoo."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .business_money import CURRENCIES, YEAR, month_end

MONTHS = 4
SUPPLIERS = len(CURRENCIES)  # supplier n bills in currency n
SHELF = tuple(map(Decimal, ("55.00", "17.35", "8.21")))  # what a piece on our shelf is worth, by place in the order
TAXES = ((Decimal(19), True), (Decimal(19), False), (Decimal(7), False), (Decimal(0), False))
DISCOUNTS = tuple(map(Decimal, ("0", "0", "0", "5", "12.5", "33", "66.67", "100")))


@dataclass(frozen=True)
class Step:
    """Something that happens; `more` is what the business is told about it."""

    number: int
    verb: str
    day: date
    more: dict = field(default_factory=dict)

    def __str__(self):
        return " ".join(
            [f"{self.number}: {self.day} {self.verb}", *(f"{name}={value}" for name, value in self.more.items())]
        )


class Life:
    """Some orders, and all that becomes of them within four months.

    >>> Life(7, 5).steps == Life(7, 5).steps, sum(step.verb == "sell" for step in Life(7, 5).steps)
    (True, 5)
    """

    def __init__(self, seed, orders=10, kits=False):
        self.dice, self.kits, self.steps = random.Random(seed), kits, []
        months = [self.dice.choice((0, 0, 0, 1, 1, 2)) for _order in range(orders)]
        for month in range(MONTHS):
            self._month(month, months.count(month))

    def _add(self, verb, month, **more):
        last = month_end(date(YEAR, month + 1, 1))
        day = last - timedelta(days=self.dice.randrange(last.day))
        self.steps.append(Step(len(self.steps), verb, day, more))

    def _of(self, *verbs):
        return [step.number for step in self.steps if step.verb in verbs]

    def _chance(self, percent):
        return self.dice.random() * 100 < percent

    def _amount(self, currency, most=90):
        cents = Decimal(self.dice.randint(100, most * 100))
        return cents.quantize(Decimal(1)) if currency == "JPY" else (cents / 100) * (7 if currency == "CNY" else 1)

    def _month(self, month, orders):
        for _order in range(orders):
            self._sell(month)
        for order in self._of("sell"):
            if self._chance(70):
                self._add("ship", month, about=order, part=self._part())
            if self._chance(70):
                self._add("invoice", month, about=order)
            if self._chance(12):
                discount = self.dice.choice((None, Decimal(10), Decimal(0)))
                self._add("change", month, about=order, place=self.dice.randrange(4), discount=discount)
            if self._chance(8):
                self._add("cancel", month, about=order)
        for supplier in range(SUPPLIERS):
            self._bills(month, supplier)
        self._money(month)
        self._trouble(month)
        if self._chance(60):
            self._add("collect", month)
        if self._chance(45):
            self._add("close", month)

    def _part(self):
        return Decimal(self.dice.choice((3, 5, 10, 10))) / 10

    def _sell(self, month):
        dice = self.dice
        currency = dice.choice(("EUR", *CURRENCIES))
        lines = [self._line(currency, place) for place in range(dice.choice((1, 1, 2, 3)))]
        shipping = self._amount(currency, 12) if self._chance(40) else Decimal(0)
        whole = not any(line["discount"] for line in lines)
        coupon = self._amount(currency, 3) if whole and self._chance(30) else Decimal(0)
        market = currency == "EUR" and self._chance(50)
        self._add("sell", month, currency=currency, lines=lines, shipping=shipping, coupon=coupon, market=market)

    def _line(self, currency, place):
        dice = self.dice
        what = dice.choice(("goods", "goods", "goods", "own", *(["kit"] if self.kits else [])))
        supplier = None if what == "own" else dice.randrange(SUPPLIERS)
        cost = SHELF[place] if what == "own" else self._amount(CURRENCIES[supplier], 60)
        costs = (cost, self._amount(CURRENCIES[supplier], 9)) if what == "kit" else (cost,)
        return {
            "what": what, "quantity": Decimal(dice.randint(1, 5)), "price": 4 * self._amount(currency, 40),
            "tax": dice.choice(TAXES), "discount": Decimal(0) if what == "kit" else dice.choice(DISCOUNTS),
            "supplier": supplier, "costs": costs,
        }  # fmt: skip

    def _bills(self, month, supplier):
        """What a supplier bills in one paper: this month's orders, or those of months ago."""
        dice, orders = self.dice, self._of("sell")
        for _bill in range(dice.choice((0, 1, 1, 2)) if orders else 0):
            currency = CURRENCIES[supplier]
            charges = []
            for what in ("freight", "fee", "-fee", "-freight"):
                if self._chance(10 if what.startswith("-") else 30):
                    charges.append((what, self._amount(currency, 9)))
            some = dice.sample(orders, min(len(orders), dice.choice((1, 1, 2, 3, 8))))
            self._add(
                "bill", month, supplier=supplier, currency=currency, orders=sorted(some), part=self._part(),
                factor=Decimal(dice.choice((100, 100, 103, 97, 150))) / 100, tax=dice.choice(TAXES), charges=charges,
                late=month > 0 and self._chance(20),
            )  # fmt: skip

    def _money(self, month):
        dice = self.dice
        for paper in self._of("invoice", "bill"):
            if self._chance(30):
                self._add("pay", month, about=paper, part=Decimal(dice.choice((4, 10, 10))) / 10)
        if self._chance(60) and self._of("invoice"):
            invoices = self._of("invoice")
            fees = [
                ("commission", Decimal(dice.randint(20, 150)) / 10),
                ("payment_fee", Decimal(dice.randint(0, 30)) / 10),
            ]
            self._add(
                "payout",
                month,
                about=dice.sample(invoices, min(len(invoices), 9)),
                fees=fees,
                rent=self._amount("EUR", 30) * dice.choice((0, 1)),
            )

    def _trouble(self, month):
        dice = self.dice
        for paper in self._of("invoice", "bill"):
            if self._chance(10):
                self._add("credit", month, about=paper, part=Decimal(dice.choice((3, 5, 10))) / 10)
        for bill in self._of("bill"):
            if self._chance(8):
                self._add("drop", month, about=bill)
        if self._chance(30):
            what = dice.choice(("sales", "rent"))
            self._add("typed", month, what=what, amount=self._amount("EUR", 50) * dice.choice((1, -1)))
