"""Invented lives of a supplier: the same seed, the same life.

A life is a list of steps a person could take, each about earlier ones by their number. A step that is impossible where
it stands (its bill was cancelled, nothing is open) is left out by whoever plays the life. So steps may be taken out of
a failing life until only those remain that make it fail (`shrunk`).
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

FIRST = date(2025, 1, 1)
MONTHS = 3
CURRENCIES = ("EUR", "USD", "CNY", "JPY")
TAXES = ((0, False), (19, False), (13, True))
# How much of each currency one euro buys, month by month.
RATES = {
    "USD": ("1.0900", "1.0412", "1.1377", "1.0035"),
    "CNY": ("7.8123", "7.5031", "8.2210", "7.7777"),
    "JPY": ("163.21", "158.04", "171.90", "149.55"),
}


@dataclass(frozen=True)
class Step:
    number: int
    verb: str
    day: date
    about: int | None = None  # the number of an earlier step
    more: dict = field(default_factory=dict)

    def __str__(self):
        words = [f"{self.number}: {self.day} {self.verb}"]
        words += [f"of {self.about}"] if self.about is not None else []
        return " ".join(words + [f"{name}={value}" for name, value in self.more.items()])


def month_end(number):
    """
    >>> month_end(0), month_end(1)
    (datetime.date(2025, 1, 31), datetime.date(2025, 2, 28))
    """
    return date(2025, number + 2, 1) - timedelta(days=1)


def rate(currency, day):
    """How much of a currency one euro buys on a day.

    >>> rate("EUR", FIRST), rate("USD", date(2025, 2, 14))
    (Decimal('1'), Decimal('1.0412'))
    """
    return Decimal(RATES[currency][day.month - 1]) if currency in RATES else Decimal(1)


class Life:
    """Three months with a supplier who sells in one of four currencies.

    >>> Life(7).steps == Life(7).steps, Life(7).currency
    (True, 'CNY')
    """

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.currency = self.dice.choice(CURRENCIES)
        self.steps = []
        for month in range(MONTHS):
            self._month(month)

    def _add(self, verb, day, about=None, **more):
        self.steps.append(Step(len(self.steps), verb, day, about, more))
        return self.steps[-1].number

    def _day(self, month):
        return month_end(month) - timedelta(days=self.dice.randint(0, 27))

    def _of(self, *verbs):
        return [step.number for step in self.steps if step.verb in verbs]

    def _month(self, month):
        """Buying and billing, then money, then whatever goes wrong, then the statement."""
        dice = self.dice
        if month == 0 or dice.random() < 0.4:
            self._buy(month)
        for purchase in self._of("buy"):
            if dice.random() < 0.8:
                self._add("ship", self._day(month), purchase, share=Decimal(dice.choice((1, 3, 5, 10))) / 10)
            if dice.random() < 0.75:
                self._bill(month, purchase)
        if dice.random() < 0.4:
            self._add("rent", self._day(month), amount=self._amount(), tax=dice.choice(TAXES))
        for _time in range(dice.randint(1, 4)):
            self._money(month)
        if dice.random() < 0.5:
            self._trouble(month)
        self._statement(month)

    def _amount(self, most=300):
        cents = self.dice.randint(100, most * 100)
        return Decimal(cents if self.currency == "JPY" else cents) / (1 if self.currency == "JPY" else 100)

    def _buy(self, month):
        price = self._amount(90) / (100 if self.currency == "JPY" else 1)
        self._add("buy", self._day(month), quantity=self.dice.randint(1, 12), price=max(price, Decimal(1)))

    def _bill(self, month, purchase):
        dice = self.dice
        late = month and dice.random() < 0.15  # dated into a month that has its statement already
        self._add(
            "bill",
            self._day(month - 1 if late else month),
            purchase,
            share=Decimal(dice.choice((4, 10, 10, 10, 13))) / 10,
            price=Decimal(dice.choice((100, 100, 103, 97, 150))) / 100,
            tax=dice.choice(TAXES),
            freight=self._amount(20) if dice.random() < 0.4 else Decimal(0),
            currency=dice.choice(CURRENCIES) if dice.random() < 0.1 else self.currency,
            ours=dice.random() < 0.3,
        )

    def _money(self, month):
        """A payment of a bill (in part, whole, too much; also in euro), or on account; or something is set off."""
        dice, bills = self.dice, self._of("bill", "rent")
        verb = dice.choice(("pay", "pay", "pay", "deposit", "set_off", "set_off"))
        if verb == "deposit" or not bills:
            self._add("deposit", self._day(month), amount=self._amount(500))
        elif verb == "pay":
            share = Decimal(dice.choice((3, 5, 10, 10, 12))) / 10
            self._add("pay", self._day(month), dice.choice(bills), share=share, in_euro=dice.random() < 0.2)
        else:
            self._add("set_off", self._day(month), dice.choice(bills), nth=dice.randint(0, 5))

    def _trouble(self, month):
        dice, bills = self.dice, self._of("bill", "rent")
        if not bills:
            return
        verb = dice.choice(("credit", "credit", "cancel", "release", "cancel_payment"))
        if verb == "credit":
            share = Decimal(dice.choice((2, 10, 15))) / 10
            self._add("credit", self._day(month), dice.choice(bills), share=share)
        else:
            self._add(verb, self._day(month), dice.choice(bills))

    def _statement(self, month):
        dice = self.dice
        if dice.random() < 0.25:  # no statement this month: the next one is about both
            return
        adjustments = []
        if dice.random() < 0.4:
            kind = dice.choice(("service", "freight", "allowance", "penalty", "other"))
            if dice.random() < 0.3:
                adjustments.append((kind, "percent", Decimal(dice.randint(5, 50)) / 10))
            else:
                adjustments.append((kind, "amount", self._amount(40)))
        self._add(
            "statement",
            month_end(month),
            adjustments=adjustments,
            claim=self._amount(30) if dice.random() < 0.25 else Decimal(0),
            objection=dice.choice((None, None, "refused", "accepted")),
            correction=self._amount(10) * dice.choice((1, -1)),
            pay=dice.random() < 0.5,
        )


def shrunk(steps, fails):
    """The fewest steps that still fail, by leaving one after the other out.

    :param fails: a function of steps: whether they fail
    >>> shrunk([1, 2, 3, 4, 5], lambda steps: {2, 5} <= set(steps))
    [2, 5]
    """
    going = True
    while going:
        going = False
        for number in reversed(range(len(steps))):
            fewer = steps[:number] + steps[number + 1 :]
            if fewer and fails(fewer):
                steps, going = fewer, True
    return steps


def seeds(told, usual):
    """Which lives are lived.

    :param str told: "400-500" a part of them, e.g. beside another part in another database; "45,71" only these
    :param int usual: how many, where nothing is told

    >>> list(seeds("4-6", 12)), seeds("45,71", 12), len(seeds("", 12))
    ([4, 5], [45, 71], 12)
    """
    first, dash, end = told.partition("-")
    if dash:
        return range(int(first), int(end))
    return [int(one) for one in told.split(",")] if told else range(usual)
