"""The search methods against each other, and what happens when the time is over."""

import importlib
import random
from decimal import Decimal as D

import pytest

from routing import Line, Offer, Policy, Problem, Rate, Source, Tier, solve

SOLVE = "routing.solve"


def fixed_freight(rng, lines, sources):
    """Goods and one freight per source."""
    places = tuple(Source(s, s, "DE", (Rate(s, "std", D(99), D(rng.randint(100, 900)) / 100),),
                          preference=rng.choice((D(1), D(1), D("0.95")))) for s in range(sources))
    wanted = tuple(Line(n, n, D(1), D(40), D("0.3")) for n in range(lines))
    offers = tuple(
        Offer((n, s), n, s, (Tier(D(1), D(rng.randint(300, 1500)) / 100),))
        for n in range(lines) for s in range(sources) if rng.random() < 0.9 or s == 0)
    return Problem(wanted, offers, places, country="DE", customs_area=frozenset({"DE"}))


def objective(plan, problem):
    """Landed cost by preference."""
    weights = {source.key: source.preference for source in problem.sources}
    return sum(parcel.landed * weights[parcel.source] for parcel in plan.parcels)


@pytest.mark.parametrize("seed", range(60))
def test_wide_baskets_like_listed_ones(seed, monkeypatch):
    problem = fixed_freight(random.Random(seed), 5, 6)
    listed = solve(problem)
    module = importlib.import_module(SOLVE)
    monkeypatch.setattr(module, "MAX_LISTED", -1)
    monkeypatch.setattr(module, "MAX_POINTS", -1)
    wide = solve(problem, 20)
    assert wide.proven
    assert objective(wide.plan, problem) == objective(listed.plan, problem)
    assert objective(wide.alternative, problem) == objective(listed.alternative, problem)


def best_by_subsets(problem):
    """The objective of the best plan, by trying every set of sources: own arithmetic, nothing of the engine's."""
    freight = [source.rates[0].first_price * source.preference for source in problem.sources]
    prices = {offer.key: offer.tiers[0].price * problem.sources[offer.source].preference for offer in problem.offers}
    best = None
    for mask in range(1, 1 << len(freight)):
        chosen = [s for s in range(len(freight)) if mask >> s & 1]
        goods = [min((prices[n, s] for s in chosen if (n, s) in prices), default=None)
                 for n in range(len(problem.lines))]
        if None not in goods:
            cost = sum(goods) + sum(freight[s] for s in chosen)
            best = cost if best is None else min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(40))
def test_wide_baskets_are_the_best(seed):
    rng = random.Random(1000 + seed)
    problem = fixed_freight(rng, rng.randint(9, 24), rng.randint(5, 9))
    answer = solve(problem, 20)
    assert answer.proven
    assert objective(answer.plan, problem) == best_by_subsets(problem)


def test_wide_basket_is_proven():
    answer = solve(fixed_freight(random.Random(1), 30, 20), 20)
    assert answer.proven
    assert len(answer.plan.pieces) == 30


def test_time_over_still_answers():
    rng = random.Random(3)
    problem = fixed_freight(rng, 20, 20)
    problem = Problem(
        tuple(Line(line.key, line.product, D(4), D(90), D("0.7"), precision=D(1)) for line in problem.lines),
        problem.offers, tuple(Source(s.key, s.supplier, "DE", (Rate(0, "std", D(1), D(4), D(1), D(2)),))
                              for s in problem.sources), policy=Policy(split_lines=True), country="DE")
    answer = solve(problem, 0.001)
    assert not answer.proven
    assert answer.missing == ()
    assert answer.plan.landed > 0


def test_a_forced_line_stays_forced():
    problem = fixed_freight(random.Random(5), 3, 4)
    answer = solve(problem, only={0: (0, 0)})
    assert next(piece.offer for piece in answer.plan.pieces if piece.line == 0) == (0, 0)
    assert answer.plan.landed >= solve(problem).plan.landed
