"""Random small baskets that meet every rule of the engine."""

from dataclasses import replace
from decimal import Decimal as D

from routing import Duty, Line, Offer, Policy, Problem, Rate, Reason, Source, Terms, Tier


def cents(rng, low, high):
    """A random amount."""
    return D(rng.randint(low, high)) / 100


def random_rate(rng, key):
    """A freight row with some of its rules."""
    days = sorted(rng.randint(1, 15) for _ in range(3))
    return Rate(
        key, rng.choice(("std", "std", "express")), cents(rng, 20, 150), cents(rng, 0, 900),
        rng.choice((D(0), D("0.5"), D(1))), cents(rng, 0, 300), rng.choice((D(0), D(0), cents(rng, 50, 300))),
        rng.choice((D(0), D(0), D(5000), D(6000))), rng.choice((D(0), D(0), D(2), D("1.25"))), rng.random() < 0.7,
        *map(float, days))


def random_terms(rng):
    """A supplier's terms with some of their rules."""
    return Terms(
        rng.choice((D(0), D(0), cents(rng, 300, 4000))), rng.choice((D(0), D(0), D(0), D(3))),
        rng.choice(("fee", "fee", "fee", "collect", "refuse")), cents(rng, 0, 500),
        rng.choice((None, None, cents(rng, 500, 3000))), rng.choice((D(0), cents(rng, 0, 200))),
        rng.choice((D(0), cents(rng, 0, 100))))


def random_source(rng, key):
    """A warehouse, sometimes our own."""
    own = rng.random() < 0.12
    rates = tuple(random_rate(rng, (key, n)) for n in range(rng.choice((1, 1, 2))))
    return Source(
        key, None if own else rng.randint(1, 3), rng.choice(("DE", "PL", "CN", "CN", "US")),
        () if own and rng.random() < 0.5 else rates, random_terms(rng), float(rng.randint(0, 3)),
        rng.choice((D(1), D(1), D("0.9"), D("1.25"))), own, rng.random() < 0.15, float(rng.randint(0, 100)))


def random_offer(rng, key, product, source):
    """An offer with some of its rules."""
    first = cents(rng, 100, 2000)
    tiers = [Tier(rng.choice((D(0), D(1), D(1), D(2))), first)]
    if rng.random() < 0.3:
        tiers.append(Tier(D(rng.randint(3, 4)), first * D("0.8")))
    return Offer(
        key, product, source, () if rng.random() < 0.03 else tuple(tiers),
        rng.choice((None, None, D(rng.randint(0, 6)), D(rng.randint(1, 6)))), rng.random() < 0.3,
        float(rng.randint(1, 6)),
        rng.choice((D(0), D(0), D(2))), rng.choice((D(0), D(0), D(0), D(2))), rng.choice((D(0), cents(rng, 0, 80))),
        rng.choice((None, None, None, first * D("0.95"))), (Reason("stale"),) if rng.random() < 0.04 else ())


def random_line(rng, key, product, split):
    """A line of one product."""
    weight = None if rng.random() < 0.02 else cents(rng, 5, 140)
    return Line(
        key, product, D(rng.randint(1, 3 if split else 4)), cents(rng, 300, 9000), weight, D(rng.randint(0, 9000)),
        rng.choice(("", "8513", "8544", "851310")), D(1), rng.randint(1, 3) if rng.random() < 0.06 else None,
        frozenset({rng.randint(1, 3)}) if rng.random() < 0.08 else frozenset())


def random_policy(rng, split):
    """How to choose, every objective in turn."""
    criteria = rng.sample(("parcels", "landed", "expected", "days", "score", "preference"), rng.randint(1, 3))
    return Policy(
        rng.choice(("landed", "landed", "expected", "fastest", "weighted", "waterfall")), D(1), cents(rng, 0, 300),
        tuple((name, rng.choice((D(0), D(10), D(30)))) for name in criteria), rng.choice((0, 0, 0, 1, 2)),
        rng.choice(("no", "no", "no", "preferred", "required")), split, rng.random() < 0.5,
        rng.choice((None, None, cents(rng, -3000, 3000))), rng.choice((None, None, D(rng.randint(-20, 50)))),
        cents(rng, 0, 2000), rng.choice((None, float(rng.randint(3, 18)))), rng.choice((50, 80, 95)),
        rng.choice(("", "", "", "std")), cents(rng, 0, 300), cents(rng, 0, 50))


def random_duties(rng):
    """Import rules of all kinds."""
    found = []
    for key in range(rng.choice((0, 1, 1, 2))):
        kind = rng.choice(("percent", "parcel", "heading"))
        found.append(Duty(
            key, kind, D(rng.randint(2, 25)) if kind == "percent" else cents(rng, 50, 500),
            rng.choice((frozenset(), frozenset({"CN"}))), rng.choice(("", "", "85", "8513")),
            rng.choice((D(0), D(0), cents(rng, 500, 5000))), rng.choice((None, cents(rng, 3000, 15000))),
            rng.choice(("revenue", "goods"))))
    return tuple(found)


def random_basket(rng, split=None):
    """One small basket; with splits it stays smaller so that every plan can be looked at."""
    split = rng.random() < 0.3 if split is None else split
    n_lines, n_sources = rng.randint(1, 2 if split else 4), rng.randint(1, 3 if split else 4)
    sources = tuple(random_source(rng, f"s{n}") for n in range(n_sources))
    products = [f"p{rng.randint(1, n_lines)}" if rng.random() < 0.3 else f"p{n + 1}" for n in range(n_lines)]
    lines = tuple(random_line(rng, n, product, split) for n, product in enumerate(products))
    offers = []
    for product in sorted(set(products)):
        for source in sources:
            for _ in range(rng.choice((0, 1, 1, 1, 1) if split or n_lines > 3 else (0, 1, 1, 1, 1, 2))):
                offers.append(random_offer(rng, f"o{len(offers)}", product, source.key))
    return Problem(
        lines, tuple(offers), sources, random_duties(rng), random_policy(rng, split), "DE",
        frozenset({"DE", "PL"}), cents(rng, 0, 500), cents(rng, 500, 20000),
        rng.choice((D("0.01"),) * 5 + (D("0.05"),)))


def scaled(problem, factor):
    """The same basket in a currency worth 1/factor."""
    def times(item, *names):
        known = {name: getattr(item, name) for name in names if getattr(item, name) is not None}
        return replace(item, **{name: value * factor for name, value in known.items()})

    policy = times(problem.policy, "margin_floor", "late_penalty", "payment_fixed", "weight_day")
    return replace(
        times(problem, "other_revenue", "payment_base", "money_step"), policy=policy,
        lines=tuple(times(line, "revenue") for line in problem.lines),
        duties=tuple(replace(times(rule, "min_value", "max_value"), amount=rule.amount if rule.kind == "percent"
                             else rule.amount * factor) for rule in problem.duties),
        offers=tuple(replace(times(offer, "return_cost", "max_price"), tiers=tuple(
            times(tier, "price") for tier in offer.tiers)) for offer in problem.offers),
        sources=tuple(replace(source, rates=tuple(
            times(rate, "first_price", "step_price", "surcharge") for rate in source.rates), terms=times(
            source.terms, "order_minimum", "small_order_fee", "free_freight_above", "fee_per_order", "fee_per_line"))
            for source in problem.sources))
