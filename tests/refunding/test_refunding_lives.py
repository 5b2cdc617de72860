"""Random lives of orders: the package and an account kept by hand agree to the coin, and nobody passes the bound."""

import doctest
import random
from collections import Counter
from decimal import Decimal as D

import lives
import model
import model_shelf
from refunding import Parts, after, refund
from refunding.book import Book

LIVES, STEPS = 640, 9


def test_examples_of_the_account():
    assert not doctest.testmod(model_shelf).failed


def test_the_package_agrees_with_an_account_kept_by_hand():
    said, steps = Counter(), 0
    for seed in range(LIVES):
        life = Life(seed)
        for _number in range(STEPS):
            said[life.step()] += 1
            steps += 1
    assert steps > 5000
    assert said["refund"] > 2000
    refusals = {"more_than_delivered", "more_than_undelivered", "more_than_invoiced", "more_than_paid", "not_cheaper",
                "never_paid", "not_collected", "charged_back"}  # fmt: skip
    assert refusals <= said.keys(), refusals - said.keys()


class Life:
    def __init__(self, seed):
        self.dice, self.seed = random.Random(seed), seed
        facts = lives.order(self.dice)
        self.account, self.told = model.Account(facts), lives.Told(facts)
        total = self.account.debt
        for part in self.dice.choice(((1,), (1,), (1,), (0.6, 0.4), (0.5, 0.3, 0.2), (0.3,), (1, 1), (1.2,), ())):
            self.pay(max(round(total * part), 1))

    def pay(self, coins):
        one = lives.payment(self.dice, len(self.account.till), coins)
        self.account.pay(**one)
        self.told.pay(one)

    def step(self):
        """Something happens to the order.

        :return: what it was
        """
        luck = self.dice.random()
        if luck < 0.05:
            self.pay(self.dice.randint(1, 5000))
            return "pay"
        if luck < 0.12:
            key = self.dice.choice([line.key for line in self.told.order.lines if line.kind == "goods"])
            shelf = self.account.shelves[key]
            if shelf.came < shelf.qty:
                self.account.deliver(key, model_shelf.F(1, 2))
                self.told.deliver(key, D("0.5"))
            return "deliver"
        if luck < 0.14 and self.account.till:
            number = self.dice.randrange(len(self.account.till))
            one = self.account.till[number]
            # The bank does not ask what we gave back already.
            coins = one["coins"] - one["bank"] - self.dice.choice((0, one["back"]))
            coins = max(coins, 0) // self.dice.choice((1, 1, 2))
            self.account.charge_back(number, coins)
            self.told.charge_back(number, coins)
            return "charge back"
        wish = lives.wish(self.dice, self.account)
        expected = self.account.refund(wish)
        result = refund(self.told.order, self.told.wish(wish))
        assert self.told.answer(result) == expected, (self.seed, wish)
        if result.refused:
            return result.refused[0][0]
        assert result.money == sum((back.amount for back in result.backs), result.person)
        assert result.credit == sum((row.parts for row in result.rows), Parts())
        assert result.credit.total >= 0 and result.money <= result.credit.total
        self.told.order = after(self.told.order, result)
        self.check_bounds()
        return "refund"

    def check_bounds(self):
        """What was given back is never more than what came: of the order, of each payment, of each line and tax."""
        order = self.told.order
        returned = sum((one.refunded for one in order.payments), order.paid_out)
        assert returned <= sum(one.amount for one in order.payments), self.seed
        for one in order.payments:
            assert 0 <= one.refunded <= one.amount
            assert not one.own or 0 <= one.own.refunded <= one.own.amount
        for pool in Book(order).pools.values():
            worth = max(pool.worth.total, D(0))
            credited = sum((row.parts for row in order.past if row.line == pool.line.key), Parts())
            assert 0 <= credited.total <= worth, (self.seed, pool.line.key)
            for group, tax in credited.taxes:
                assert 0 <= tax <= max(pool.worth.tax(group), D(0)), (self.seed, pool.line.key, group)
