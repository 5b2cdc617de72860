"""Random shops: the package and a calendar kept by hand agree to the cent, in every week and kind."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal as D

from forecast_oracle import Hand
from forecast_world import check
from forecasting import (
    RULES,
    Account,
    Cohort,
    Item,
    Plan,
    Recurring,
    Sales,
    Scenario,
    Tax,
    TaxRule,
    Terms,
    Wallet,
    forecast,
)
from forecasting.facts import ITEM_KINDS

SHOPS = 40
CURRENCIES = ("", "USD", "CNY", "JPY")
ONE = timedelta(days=1)
OWN_RULES = (
    *RULES.values(),
    TaxRule("stagger", 3, 7, after=2, start=2),
    TaxRule("year", 12, 31, after=7, start=4),
    TaxRule("before", 1, 3, workday=-1, other=((5, 1), (8, 31))),
    TaxRule("made_up", 1, 15, other=((2, 31),), rest=3),
)


def test_the_package_agrees_with_a_calendar_kept_by_hand():
    kinds, deepest = set(), set()
    for seed in range(SHOPS):
        plan, scenario = Dice(seed).shop()
        result, hand = forecast(plan, scenario), Hand(plan, scenario)
        assert not result.refused, seed
        check(result)
        assert result.opening == hand.opening, seed
        found = {(week.number, one.kind): [one.inflow, one.outflow] for week in result.weeks for one in week.figures}
        assert found == {cell: sums for cell, sums in hand.cells.items() if any(sums)}, seed
        after = {}
        for one in result.left_out:
            assert one.code in ("after_horizon", "too_old", "no_sales", "release_unknown"), (seed, one)
            if one.code == "after_horizon":
                after[one.kind] = after.get(one.kind, 0) + one.figures["amount"]
        assert {kind: amount for kind, amount in after.items() if amount} == {
            kind: amount for kind, amount in hand.after.items() if amount
        }, seed
        assert lowest(hand) == (result.lowest.balance, result.lowest.day), seed
        kinds |= {kind for _week, kind in found}
        deepest.add(result.lowest.week)
    assert len(kinds) == 19, kinds
    assert len(deepest) > 4


def lowest(hand):
    balance, low = hand.opening, (hand.opening, hand.today)
    for day in hand.walk():
        balance += hand.days.get(day, 0)
        if balance < low[0]:
            low = (balance, day)
    return low


class Dice:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.moment = datetime(2026, 1, 1) + timedelta(minutes=self.dice.randrange(800 * 24 * 60))

    def many(self, make, most):
        return tuple(make(number) for number in range(self.dice.randint(0, most)))

    def money(self, most=100000, least=1):
        return D(self.dice.randint(least, most)) / 100

    def signed(self):
        return self.money() * self.dice.choice((1, -1))

    def percent(self, most=10000):
        return D(self.dice.choice((0, self.dice.randint(0, most)))) / 100

    def day(self, before=200, after=120):
        return self.moment.date() + ONE * self.dice.randint(-before, after)

    def terms(self):
        return Terms(self.dice.choice((0, 14, 30, 60)), self.dice.choice((0, 0, 1, 2)), self.dice.choice((0, 0, 10)))

    def currency(self):
        return self.dice.choice(CURRENCIES)

    def returns(self):
        most = self.dice.choice((300, 300, 2000))
        found = [self.percent(most) for _week in range(self.dice.randint(0, 20))]
        return tuple(found) if sum(found) <= 100 else (D(70), D(30))

    def item(self, key):
        kind = self.dice.choice(ITEM_KINDS)
        amount = self.signed()
        held = min(self.money(2000), amount) if kind == "payout" and amount > 0 else D(0)
        release = self.dice.choice((None, 7, 90))
        return Item(key, kind, amount, self.day(), self.terms(), self.currency(), held, release)

    def recurring(self, key):
        every = self.dice.choice(("day", "week", "month", "quarter", "year"))
        end = self.dice.choice((None, self.day()))
        kind = self.dice.choice(("recurring", "ads"))
        rests = {self.moment.date() + ONE * number: D(self.dice.randint(0, 8)) / 8
                 for number in range(self.dice.choice((0, 60)))}  # fmt: skip
        return Recurring(key, self.signed(), every, self.day(700, 30), end, kind, self.currency(), rests)

    def wallet(self, key):
        return Wallet(key, self.signed(), self.money(), self.money(200000, 20000), self.money(), self.currency())

    def cohort(self, key):
        revenue = self.money()
        refunded = self.dice.choice((D(0), revenue - D("0.01"), revenue / 2))
        return Cohort(key, revenue, self.day(100, 10), self.returns(), refunded, self.currency())

    def sales(self, key):
        days = self.dice.choice((3, 20, 70))
        history = {self.moment.date() - ONE * number: self.money(least=0) for number in range(days)}
        return Sales(
            key, history, self.currency(), self.dice.randint(1, 9), self.dice.randint(0, 40), self.percent(3000),
            self.percent(3000), self.dice.randint(0, 90), self.percent(), self.terms(), self.dice.randint(0, 30),
            self.returns(), self.percent(2500), self.dice.choice(OWN_RULES),
        )  # fmt: skip

    def shop(self):
        season = tuple(D(self.dice.randint(30, 300)) for _month in range(12))
        holidays = frozenset(self.day(0, 120) for _number in range(10))
        plan = Plan(
            self.moment, self.dice.choice(("Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles")), "EUR",
            self.dice.choice((D("0.01"), D("0.01"), D(1), D("0.05"))),
            {"USD": D("0.9137"), "CNY": D("0.127"), "JPY": D("0.00611")},
            accounts=self.many(lambda key: Account(key, self.signed(), self.currency()), 3),
            items=self.many(self.item, 30),
            recurring=self.many(self.recurring, 5),
            taxes=self.many(lambda key: Tax(key, self.signed(), self.day(), self.dice.choice(OWN_RULES)), 4),
            wallets=self.many(self.wallet, 2),
            cohorts=self.many(self.cohort, 5),
            sales=self.many(self.sales, 1),
            season=self.dice.choice(((), season)),
            holidays=self.dice.choice((frozenset(), holidays)),
            worked=frozenset({date(2026, 5, 9), date(2026, 10, 10), date(2027, 2, 6)}),
        )  # fmt: skip
        scenario = Scenario(
            self.percent() - 50, self.percent(1000) - 5, self.dice.choice((0, -30, 14)), self.dice.choice((0, -40, 7)),
            self.percent(30000) - 100, self.percent() - 50,
        )  # fmt: skip
        return plan, self.dice.choice((scenario, Scenario()))
