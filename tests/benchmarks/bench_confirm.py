#!/usr/bin/env python3
"""Time `sale.order.action_confirm` with routing against plain `stock_dropshipping`, and print a markdown table.

Orders have three lines, every product ten offers. The plain arm is a database with the same core modules and without
our addons, with the same vendor prices; the policy of ours makes drafts, as plain Odoo does. Both arms run in one
process, turn by turn (who begins changes), each confirmation in a transaction of its own with empty record caches,
committed. At the end both must have bought the same at the same number of purchases.
"""

import argparse
import json
import platform
import random
import signal
import statistics
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fill, fresh, purchases_of, quotations, table

TARGETS = {1: 1.05, 100: 1.0}
QUERIES = 10


class Arm:
    def __init__(self, database, purchases):
        self.base = Base(database)
        self.world, _seconds, _queries = self.base.run(fill)
        self.purchases = purchases
        self.orders = []
        self.interrupted = False

    def prepare(self, count, seed):
        """Quotations to confirm: the same ones in both arms."""
        rng = random.Random(seed)
        ids, *_ = self.base.run(lambda env: quotations(env, self.world, count, rng, self.purchases))
        self.orders += ids
        return ids

    def confirm(self, ids):
        def work(env):
            env["sale.order"].browse(ids).action_confirm()

        _result, seconds, queries = self.base.run(work, self.world["user"])
        return seconds * 1000 / len(ids), queries

    def bought(self):
        return self.base.run(lambda env: purchases_of(env, self.orders))[0]


def measure(arms, size, rounds, cold, report):
    """{arm: [(ms per order, queries per call)]} of `rounds` calls with `size` orders each; Ctrl-C ends it early."""
    result = {name: [] for name in arms}
    try:
        for number in range(-2, rounds):  # two calls to warm up
            names = list(arms) if number % 2 else list(arms)[::-1]
            ids = {name: arms[name].prepare(size, f"{size}-{number}") for name in names}
            if cold:
                for arm in arms.values():
                    arm.base.forget()
            figures = {name: arms[name].confirm(ids[name]) for name in names}
            if number >= 0:
                for name in names:
                    result[name].append(figures[name])
            report(number + 1, rounds)
    except KeyboardInterrupt:
        for arm in arms.values():
            arm.interrupted = True
    return result


def row(size, purchases, figures, cold):
    """One line of the table."""
    times = {name: [ms for ms, _queries in rows] for name, rows in figures.items()}
    queries = {name: statistics.median(count for _ms, count in rows) for name, rows in figures.items()}
    pairs = [ours / plain for ours, plain in zip(times["ours"], times["plain"], strict=True)]
    plain, ours = statistics.median(times["plain"]), statistics.median(times["ours"])
    return {
        "orders per call": size, "purchases per order": purchases, "calls": len(pairs),
        "caches": "cold" if cold else "warm",
        "plain ms": round(plain, 2), "ours ms": round(ours, 2), "ratio": round(ours / plain, 3),
        "median of paired ratios": round(statistics.median(pairs), 3),
        "plain queries": queries["plain"], "ours queries": queries["ours"],
        "held": ours / plain <= TARGETS.get(size, 1.0) and queries["ours"] <= queries["plain"] + QUERIES,
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100, help="calls with a single order")
    parser.add_argument("--batches", type=int, default=30, help="calls with several orders")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 100], help="orders per call")
    parser.add_argument("--purchases", type=int, default=2, choices=(1, 2, 3), help="purchases per order")
    parser.add_argument("--cold", action="store_true", help="drop the caches of the worker before every call as well")
    parser.add_argument("--plain", help="database with core modules to use instead of a new one")
    parser.add_argument("--ours", help="database with our addons to use instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        plain = stack.enter_context(fresh("core", args.plain))
        ours = stack.enter_context(fresh("bare", args.ours))
        arms = {"plain": Arm(plain, args.purchases), "ours": Arm(ours, args.purchases)}
        rows = []
        for size in args.sizes:
            def report(done, rounds, size=size):
                if sys.stderr.isatty():
                    print(f"\r{size} per call: {done}/{rounds} ", end="", file=sys.stderr, flush=True)

            calls = args.rounds if size == 1 else args.batches
            figures = measure(arms, size, calls, args.cold, report)
            if all(figures.values()):
                rows.append(row(size, args.purchases, figures, args.cold))
        bought = {name: arm.bought() for name, arm in arms.items()}
    print(f"\nPython {platform.python_version()}; bought (purchases, goods): {bought}")
    print(table(rows))
    if args.json:
        totals = {name: [count, float(goods)] for name, (count, goods) in bought.items()}
        args.json.write_text(json.dumps({"rows": rows, "bought": totals}, indent=1))
    if bought["plain"] != bought["ours"] and not arms["plain"].interrupted:
        print("The arms bought differently: the figures say nothing.")
        return 1
    return 0 if all(line["held"] for line in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
