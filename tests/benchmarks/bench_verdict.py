#!/usr/bin/env python3
"""Time the verdict on large requests and print a markdown table.

Sizes are lines × rows of the policy; the law has twelve rows. `prepare` is done once for a shop, `judge` for every
request, `explain` is the same with its steps. Beside it every row is tried one after the other, each with all its
conditions, which is what a list of rules does; only finding the row is compared, and both have to find the same.
"""

import argparse
import json
import random
import statistics
import sys
import time
from datetime import datetime, timedelta
from decimal import Decimal as D
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "dropship_flow_aftersales"))

from verdict import (
    Floor,
    History,
    Line,
    Order,
    Outcome,
    Past,
    Reason,
    RefundTerm,
    Request,
    Row,
    Rules,
    Terms,
    Window,
    explain,
    judge,
)
from verdict.prepared import misfit

TARGET_MS = 50.0
SIZES = ((1, 20), (5, 50), (50, 200), (50, 1000), (200, 200))
COUNTRIES = ("DE", "FR", "US", "CN", "GB", "JP")
NOW = datetime(2026, 3, 20, 9)


def shop(rng, rows):
    """A policy whose rows mostly are about one category and one or two things more, the last one about all."""
    windows = [Window(base, days=days) for base in ("delivered", "signed", "last_parcel") for days in (7, 14, 30)]

    def some(share, values):
        return frozenset({rng.choice(values)}) if rng.random() < share else frozenset()

    def outcomes():
        kinds = rng.sample(("return", "exchange", "credit", "keep", "replacement", "repair"), 4)
        return tuple(Outcome(kind, rng.choice(("accept", "look")), rng.choice(windows), D(rng.choice((0, 10))),
                             evidence=some(0.3, ("photo",)), maximum=D(500)) for kind in kinds)  # fmt: skip

    policy = [
        Row(number, number, some(0.8, range(60)), some(0.3, range(20)), reasons=some(0.4, range(12)),
            countries=some(0.4, COUNTRIES), channels=some(0.2, range(4)), price_from=rng.choice((None, D(20))),
            past=Past(returns_from=5) if rng.random() < 0.1 else None, outcomes=outcomes())
        for number in range(rows - 1)
    ]  # fmt: skip
    law = [
        Floor(f"{country} {number}", ("return", "repair")[number:], frozenset({country}),
              window=Window("last_parcel", days=14, workday=True), fee=D(0), evidence=False, outbound="standard",
              refund=RefundTerm(14, "sent"), excluded=frozenset({"custom", "hygiene+opened"}))
        for country in COUNTRIES for number in (0, 1)
    ]  # fmt: skip
    return [*policy, Row("all", rows, outcomes=outcomes())], law


def request(rng, lines):
    """Lines of up to ten orders."""
    orders = [Order(NOW - timedelta(days=20, hours=n), rng.choice(COUNTRIES), rng.randrange(4),
                    NOW - timedelta(days=rng.randint(0, 20))) for n in range(10)]  # fmt: skip
    terms = Terms(window=Window("delivered", days=30), zone="Asia/Shanghai")

    def line(key):
        came = NOW - timedelta(hours=rng.randint(1, 600))
        return Line(
            key, rng.choice(orders), D(rng.randint(5, 90)), D(2), D(2), waiting=D(key % 3 == 0),
            categories=frozenset(rng.sample(range(60), 3)), tags=frozenset(rng.sample(range(20), 2)),
            kinds=frozenset({"custom"} if key % 9 == 0 else ()), shipped=came, delivered=came, signed=came,
            reason=Reason(frozenset(rng.sample(range(12), 2))), terms=terms,
        )  # fmt: skip

    return Request(tuple(map(line, range(lines))), NOW, "Europe/Berlin", history=History(9, 6))


def timed(work, *args):
    start = time.perf_counter()
    result = work(*args)
    return result, (time.perf_counter() - start) * 1000


def one_by_one(asked, rows):
    """The row of every line, found by trying them all."""
    return [next(row for row in rows if not misfit(row, line, asked.history)) for line in asked.lines]


def prepared(asked, rules):
    fitting = rules.fitting(asked.history)
    return [rules.pick(line, fitting) for line in asked.lines]


def measure(lines, count, rounds):
    rng = random.Random(lines * 1000 + count)
    rows, law = shop(rng, count)
    rules, preparing = timed(Rules, rows, law)
    judging, explaining, picking, trying = [], [], [], []
    for _round in range(rounds):
        asked = request(rng, lines)
        judging.append(timed(judge, asked, rules)[1])
        explaining.append(timed(explain, asked, rules)[1])
        ours, ms = timed(prepared, asked, rules)
        picking.append(ms)
        theirs, ms = timed(one_by_one, asked, rows)
        trying.append(ms)
        assert ours == theirs
    judging.sort()
    median = statistics.median
    return {
        "lines × rows": f"{lines} × {count}", "prepare ms": round(preparing, 2),
        "judge ms": round(median(judging), 2), "p99 ms": round(judging[int(rounds * 0.99)], 2),
        "explain ms": round(median(explaining), 2), "find rows ms": round(median(picking), 2),
        "one by one ms": round(median(trying), 2), "faster": round(median(trying) / median(picking), 1),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--rounds", type=int, default=100, help="requests of every size")
    args = parser.parse_args()
    table = [measure(*size, args.rounds) for size in SIZES]
    print("| " + " | ".join(table[0]) + " |\n|" + "---|" * len(table[0]))
    for row in table:
        print("| " + " | ".join(map(str, row.values())) + " |")
    held = next(row for row in table if row["lines × rows"] == "50 × 200")["p99 ms"] < TARGET_MS
    print(f"50 lines × 200 rows under {TARGET_MS:.0f} ms in 99 of 100: {'held' if held else 'MISSED'}")
    if args.json:
        args.json.write_text(json.dumps(table, indent=1), encoding="utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
