"""The figures of the demo world, and price against hand-made sums."""

from dataclasses import replace
from decimal import Decimal as D

import pytest
from worlds import hero, thermos, with_policy

from routing import Infeasible, Tier, compare_plans, explain, price, solve

PLANS = (
    ("dawn/lamp", "yiwu/stand", "ningbo/cable", "40.30", "2.95"),
    ("dawn/lamp", "ningbo/stand", "ningbo/cable", "33.20", "10.05"),
    ("yiwu/lamp", "yiwu/stand", "yiwu/cable", "29.90", "13.35"),
    ("rhein/lamp", "rhein/stand", "rhein/cable", "26.30", "16.95"),
)


@pytest.mark.parametrize(("lamp", "stand", "cable", "landed", "profit"), PLANS)
def test_hero_plans(lamp, stand, cable, landed, profit):
    plan = price(hero(), {"lamp": lamp, "stand": stand, "cable": cable})
    assert (plan.landed, plan.profit) == (D(landed), D(profit))


def test_hero_choice():
    answer = solve(hero())
    assert answer.proven
    assert answer.plan.landed == D("26.30")
    assert {parcel.source for parcel in answer.plan.parcels} == {"rhein"}
    assert answer.plan.days_p80 == 2
    assert answer.alternative.landed == D("28.80")  # Dawn's lamp, the rest from Rheinlager
    without = solve(hero(duty=False))
    assert (without.plan.landed, without.plan.profit) == (D("20.90"), D("22.35"))


def test_second_basket():
    near, far = solve(thermos("Hangzhou")), solve(thermos("Urumqi"))
    assert (near.plan.landed, near.alternative.landed) == (D("52.20"), D("58"))
    assert (far.plan.landed, far.alternative.landed) == (D("74"), D("81"))


def test_why_not():
    problem = hero()
    answer = solve(problem)
    rows = {row.offer: row for row in explain(problem, answer)}
    assert rows["rhein/lamp"].extra == 0
    assert rows["yiwu/lamp"].extra == D("3.60")
    assert rows["dawn/lamp"].landed_alone == D("18.40")
    parts = {row[0]: row[3] for row in compare_plans(answer.plan, answer.alternative)}
    assert parts == {
        "goods": D("-6.70"), "freight": D("6.20"), "duty": D(3), "landed": D("2.50"), "parcels": 1, "days": 10}


def test_overbuy_pays_the_pack():
    problem = with_policy(hero(), allow_overbuy=True)
    offers = tuple(replace(offer, pack=D(6)) if offer.key == "rhein/cable" else offer for offer in problem.offers)
    plan = price(replace(problem, offers=offers), {"cable": "rhein/cable"})
    assert (plan.pieces[0].buy_qty, plan.pieces[0].goods) == (6, D("15.60"))


def test_no_tier_no_price():
    problem = hero()
    offers = tuple(replace(offer, tiers=(Tier(D(5), D(1)),)) for offer in problem.offers)
    with pytest.raises(Infeasible):
        price(replace(problem, offers=offers), {"lamp": "dawn/lamp"})
