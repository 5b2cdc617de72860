#!/usr/bin/env python3
"""Time the routing engine on random baskets and print a markdown table.

Classes: `everyday` (3 × 10, what a batch confirm runs), `location` (goods plus one freight per source), `full` (stock,
tiers, weight bands, thresholds, splits) and larger ones of both. Sizes are lines × offers per line.
"""

import argparse
import json
import random
import statistics
import sys
import time
from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "dropship_flow"))

from routing import Line, Offer, Policy, Problem, Rate, Source, Terms, Tier, solve

HEADINGS = ("8513", "8544", "9405", "6109")


def cents(rng, low, high):
    """A random amount."""
    return D(rng.randint(low, high)) / 100


def location(rng, lines, sources, spread=True):
    """Goods and one freight per source; every product has a market price the offers lie around (80–130 %)."""
    places = tuple(Source(s, s, "DE", (Rate(s, "std", D(999), cents(rng, 300, 900)),)) for s in range(sources))
    wanted = tuple(Line(n, n, D(1), D(40), D("0.3")) for n in range(lines))
    market = [rng.randint(300, 2500) for _ in wanted]
    prices = [[rng.uniform(0.8, 1.3) * market[n] if spread else rng.randint(300, 2500) for _ in places]
              for n in range(lines)]
    offers = tuple(
        Offer(n * sources + s, n, s, (Tier(D(1), D(round(prices[n][s])) / 100),))
        for n in range(lines) for s in range(sources))
    return Problem(wanted, offers, places, country="DE", customs_area=frozenset({"DE"}))


def scattered(rng, lines, sources):
    """The location class at its hardest: prices of one product have nothing to do with each other."""
    return location(rng, lines, sources, spread=False)


def everyday(rng, lines=3, sources=10):
    """The confirmed basket: weights, one or two rates, thresholds, small-order fees; no splits."""
    places = tuple(
        Source(s, s, "DE", tuple(
            Rate((s, n), "std", D("0.5"), cents(rng, 200, 700), D("0.5"), cents(rng, 50, 200), days_p50=2.0,
                 days_p80=4.0, days_p95=6.0) for n in range(rng.choice((1, 2)))),
            Terms(order_minimum=cents(rng, 0, 3000), small_order_fee=D(2), free_freight_above=cents(rng, 3000, 9000)))
        for s in range(sources))
    wanted = tuple(Line(n, n, D(rng.randint(1, 3)), D(60), cents(rng, 10, 150)) for n in range(lines))
    offers = tuple(
        Offer(n * sources + s, n, s, (Tier(D(1), price), Tier(D(3), price * D("0.9"))), D(rng.randint(1, 20)))
        for n in range(lines) for s in range(sources) for price in (cents(rng, 300, 2500),))
    return Problem(wanted, offers, places, country="DE", customs_area=frozenset({"DE"}),
                   policy=Policy(promise_days=8.0, late_penalty=D(5), margin_floor=D(0)))


def full(rng, lines, sources):
    """Stock, tiers, weight bands, thresholds, duty headings and splits."""
    basket = everyday(rng, lines, sources)
    wanted = tuple(replace(line, qty=D(rng.randint(1, 4)), precision=D(1), heading=rng.choice(HEADINGS))
                   for line in basket.lines)
    offers = tuple(replace(offer, stock=D(rng.randint(0, 6))) for offer in basket.offers)
    return replace(basket, lines=wanted, offers=offers, policy=replace(basket.policy, split_lines=True))


CASES = (
    ("everyday", everyday, 3, 10, 300), ("location", location, 5, 10, 300), ("location", location, 50, 50, 20),
    ("scattered", scattered, 50, 50, 10),
    ("full", full, 3, 10, 100), ("full", full, 5, 10, 200), ("full", full, 10, 20, 10), ("full", full, 20, 30, 5),
)


def measure(build, lines, sources, count, limit):
    """Milliseconds, proven flags and gaps of `count` baskets."""
    rng = random.Random(lines * 1000 + sources)
    baskets = [build(rng, lines, sources) for _ in range(count)]
    solve(baskets[0], limit)
    times, plain, answers = [], [], []
    for basket in baskets:
        start = time.perf_counter()
        answers.append(solve(basket, limit))
        times.append((time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        solve(basket, limit, alternative=False)
        plain.append((time.perf_counter() - start) * 1000)
    return times, plain, answers


def row(name, build, lines, sources, count, limit):
    """One line of the table."""
    times, plain, answers = measure(build, lines, sources, count, limit)
    times.sort()
    return {
        "class": name, "size": f"{lines} × {sources}", "baskets": count,
        "median_ms": round(statistics.median(times), 2), "p99_ms": round(times[int(len(times) * 0.99)], 2),
        "plan_only_ms": round(statistics.median(plain), 2),
        "planned": sum(answer.plan is not None and not answer.missing for answer in answers) / count,
        "proven": sum(answer.proven for answer in answers) / count,
        "worst_gap": round(max(answer.gap for answer in answers), 4),
        "method": "/".join(sorted({answer.method for answer in answers})),
    }


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--limit", type=float, default=0.15, help="time limit per basket in seconds")
    parser.add_argument("--quick", action="store_true", help="fewer baskets")
    parser.add_argument("--only", help="only this class")
    args = parser.parse_args()
    rows = []
    for name, build, lines, sources, count in CASES:
        if not args.only or args.only == name:
            rows.append(row(name, build, lines, sources, max(3, count // 10) if args.quick else count, args.limit))
    names = list(rows[0])
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for found in rows:
        print("| " + " | ".join(str(found[name]) for name in names) + " |")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
