"""What must stay true when a basket changes in a known way."""

import random
import sys
from dataclasses import replace
from decimal import Decimal as D

import pytest
from baskets import random_basket, random_offer, scaled

from routing import price, solve

SEEDS = range(60)


def plain(rng):
    """A basket without guards and structure: only then may more choice never cost more."""
    problem = random_basket(rng)
    policy = replace(
        problem.policy, objective="landed", max_suppliers=0, single_shipment="no", margin_floor=None,
        margin_floor_percent=None, promise_days=None)
    return replace(
        problem, policy=policy, sources=tuple(replace(source, preference=D(1)) for source in problem.sources),
        offers=tuple(replace(offer, max_price=None) for offer in problem.offers))


@pytest.mark.parametrize("seed", SEEDS)
def test_more_choice_never_costs_more(seed):
    rng = random.Random(seed)
    problem = plain(rng)
    before = solve(problem, 20)
    extra = replace(random_offer(rng, "extra", problem.lines[0].product, problem.sources[0].key), max_price=None)
    after = solve(replace(problem, offers=(*problem.offers, extra)), 20)
    assert len(after.missing) <= len(before.missing)
    if before.plan and after.missing == before.missing:
        assert after.plan.landed <= before.plan.landed


@pytest.mark.parametrize("seed", SEEDS)
def test_another_currency_is_the_same_plan(seed):
    problem = random_basket(random.Random(1000 + seed))
    one, ten = solve(problem, 20), solve(scaled(problem, D(10)), 20)
    assert (one.plan is None) == (ten.plan is None)
    if one.plan:
        assert ten.plan.landed == one.plan.landed * 10
        assert ten.plan.profit == one.plan.profit * 10


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_input_does_not_matter(seed):
    rng = random.Random(2000 + seed)
    problem = random_basket(rng)
    mixed = replace(problem, **{
        name: tuple(rng.sample(getattr(problem, name), len(getattr(problem, name))))
        for name in ("lines", "offers", "sources", "duties")})
    one, two = solve(problem, 20), solve(mixed, 20)
    assert set(one.missing) == set(two.missing)
    if one.plan:
        first, second = ({(p.line, p.offer, p.qty) for p in plan.pieces} for plan in (one.plan, two.plan))
        assert first == second


@pytest.mark.parametrize("seed", SEEDS)
def test_same_answer_twice_and_price_agrees(seed):
    problem = random_basket(random.Random(3000 + seed))
    answer = solve(problem, 20)
    assert answer == solve(problem, 20)
    if answer.plan:
        shares = {}
        for piece in answer.plan.pieces:
            shares.setdefault(piece.line, []).append((piece.offer, piece.qty))
        rates = {parcel.source: parcel.rate for parcel in answer.plan.parcels if parcel.rate}
        assert price(problem, shares, rates) == answer.plan


@pytest.mark.parametrize("seed", range(150))
def test_both_methods_agree(seed, monkeypatch):
    problem = random_basket(random.Random(4000 + seed), split=False)
    one = solve(problem, 20)
    module = sys.modules["routing.solve"]
    monkeypatch.setattr(module, "MAX_LISTED", -1)
    if seed % 2:
        monkeypatch.setattr(module, "MAX_POINTS", -1)
    two = solve(problem, 20)
    assert len(one.missing) == len(two.missing)
    if one.plan and problem.policy.objective == "landed":
        weights = {source.key: source.preference for source in problem.sources}
        assert cost(one.plan, weights) == cost(two.plan, weights)


def cost(plan, weights):
    """The objective of a plan by landed cost."""
    return sum(parcel.landed * weights[parcel.source] for parcel in plan.parcels)
