"""The engine against every plan there is."""

import os
import random
from fractions import Fraction as F

import brute
import pytest
from baskets import random_basket

from routing import solve

SOAK = bool(os.environ.get("SOAK"))
ROUNDS = 20 if not SOAK else 220
SIZE = 100


def named(plan):
    """The plan's choice as the brute force writes it."""
    return (frozenset((piece.line, piece.offer, piece.qty) for piece in plan.pieces),
            frozenset((parcel.source, parcel.rate) for parcel in plan.parcels))


def found_in(plans, plan):
    """The same plan among all plans."""
    choice, rates = named(plan)
    return next(item for item in plans if item["choice"] == choice and item["rates"] == rates)


def check_figures(plan, twin):
    """The plan's money is what the second opinion says."""
    assert F(plan.landed) == twin["landed"]
    assert F(plan.expected) == twin["expected"]
    assert F(plan.profit) == twin["profit"]


def check(problem, answer, exact=True):
    """Nobody does better: neither than the plan nor than the runner-up."""
    plans = brute.all_plans(problem)
    if not plans:
        assert answer.plan is None
        assert set(answer.missing) == {line.key for line in problem.lines}
        return
    twin = found_in(plans, answer.plan)
    check_figures(answer.plan, twin)
    top = brute.best(problem, plans)
    assert brute.best(problem, [twin])[0] == top[0]
    assert answer.proven
    if problem.policy.objective != "waterfall":
        assert twin["value"] == top[1]
    else:
        assert twin["landed"] == top[1][0]
    assert len(answer.missing) == top[0][0]
    assert bool(answer.guards) >= bool(top[0][1] or top[0][2])
    others = [plan for plan in plans if plan["set"] != twin["set"] and plan["level"][0] == top[0][0]]
    assert (answer.alternative is None) == (not others)
    if others:
        other = found_in(plans, answer.alternative)
        check_figures(answer.alternative, other)
        best = brute.best(problem, others)
        assert other["set"] != twin["set"]
        assert other["level"] == best[0]
        if problem.policy.objective == "waterfall":
            assert other["landed"] == best[1][0]
        else:
            assert other["value"] == best[1]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_nobody_does_better(round_):
    rng = random.Random(1000 + round_)
    for number in range(SIZE):
        problem = random_basket(rng)
        try:
            check(problem, solve(problem, time_limit=20))
        except Exception:
            print(f"round {round_} basket {number}", problem)
            raise
