"""Baskets of several orders: what each gets adds up to the whole, whatever the basket is."""

import random
from dataclasses import replace
from decimal import Decimal as D

import pytest
from baskets import random_basket

from routing import solve
from routing.together import join, split

STEP = D("0.01")


def members_of(problem, rng):
    """The basket's lines dealt out to two orders."""
    lines = list(problem.lines)
    cut = rng.randint(0, len(lines))
    parts = (tuple(lines[:cut]), tuple(lines[cut:]))
    return [
        replace(
            problem,
            lines=part,
            other_revenue=D(rng.randint(-500, 500)) / 100,
            payment_base=D(rng.randint(0, 9000)) / 100,
        )
        for part in parts
    ]


@pytest.mark.parametrize("seed", range(150))
def test_shares_add_up(seed):
    rng = random.Random(seed)
    problem = random_basket(rng)
    members = members_of(problem, rng)
    joint = join(problem, members)
    answer = solve(joint)
    parts = split(answer, members, STEP)
    assert sorted(key for part in parts for key in part.missing) == sorted(answer.missing)
    assert sum(len(part.candidates) for part in parts) == len(answer.candidates)
    plans = [part.plan for part in parts if part.plan]
    if answer.plan is None:
        assert not plans
        return
    for figure in ("goods", "freight", "fees", "duty", "landed"):
        whole = sum((getattr(parcel, figure) for parcel in answer.plan.parcels), D(0))
        shared = sum((getattr(parcel, figure) for plan in plans for parcel in plan.parcels), D(0))
        assert shared == whole, figure
    pieces = sorted((piece.line, piece.offer, piece.qty) for plan in plans for piece in plan.pieces)
    assert pieces == sorted((piece.line, piece.offer, piece.qty) for piece in answer.plan.pieces)
    if len(plans) == len(members):
        assert abs(sum(plan.profit for plan in plans) - answer.plan.profit) < D("1e-9")
