"""The demo world's two baskets."""

from dataclasses import replace
from decimal import Decimal as D

from routing import Duty, Line, Offer, Policy, Problem, Rate, Source, Tier

EU = frozenset({"DE", "PL", "FR"})
HERO = {
    "dawn": ("CN", "6.20", {"lamp": "9.20"}, (9, 12, 14)),
    "yiwu": ("CN", "6.80", {"lamp": "10.60", "stand": "2.10", "cable": "1.40"}, (8, 11, 14)),
    "ningbo": ("CN", "5.90", {"stand": "1.80", "cable": "1.10"}, (8, 10, 13)),
    "rhein": ("DE", "3.90", {"lamp": "15.90", "stand": "3.90", "cable": "2.60"}, (1, 2, 3)),
}


def offer(name, product, price, **more):
    """One offer, keyed supplier/product."""
    return Offer(f"{name}/{product}", product, name, (Tier(D(0), D(price)),), **more)


def hero(duty=True, **policy):
    """Anna Weber's basket: lamp, stand and cable to Berlin."""
    lines = tuple(
        Line(name, name, D(1), D(net), D("0.3"), heading=heading, precision=D(1)) for name, net, heading in
        (("lamp", "29.33", "8513"), ("stand", "8.32", "7326"), ("cable", "6.64", "8544")))
    sources, offers = [], []
    for name, (country, freight, prices, days) in HERO.items():
        rate = Rate(name, "std", D(2), D(freight), days_p50=days[0], days_p80=days[1], days_p95=days[2])
        sources.append(Source(name, name, country, (rate,)))
        offers += [offer(name, product, price) for product, price in prices.items()]
    rules = (Duty("eu", "heading", D(3), max_value=D(150)),) if duty else ()
    return Problem(lines, tuple(offers), tuple(sources), rules, Policy(payment_fixed=D("1.04"), **policy), "DE", EU)


def thermos(city):
    """Two thermos flasks to Hangzhou or Urumqi."""
    near = city == "Hangzhou"
    yiwu = Rate("y", "std", D(1), D("3.00") if near else D(12), D(1), D("1.20") if near else D(6),
                D(0) if near else D(15))
    ningbo = Rate("n", "std", D(2), D(4)) if near else Rate("post", "post", D(2), D(20))
    return Problem(
        (Line(1, "thermos", D(2), D(120), D("0.7")),),
        (offer("yiwu", "thermos", "24"), offer("ningbo", "thermos", "27")),
        (Source("yiwu", "yiwu", "CN", (yiwu,)), Source("ningbo", "ningbo", "CN", (ningbo,))), (), Policy(), "CN",
        frozenset({"CN"}))


def with_policy(problem, **changes):
    """The basket under a changed policy."""
    return replace(problem, policy=replace(problem.policy, **changes))
