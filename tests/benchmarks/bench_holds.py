#!/usr/bin/env python3
"""Time `sale.order.action_confirm` with the hold rules against the same with every rule and the list switched off.

Orders are of the web shop, paid by transfer that has arrived, so that every standard rule reads its facts; with
`--every` the rules that are off from the start are asked too. Both arms confirm in one database and one process, turn
by turn (who begins changes), each confirmation in a transaction of its own with empty record caches, committed. No
order is held in either arm.
"""

import argparse
import json
import platform
import random
import signal
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fill, fresh, quotations, table

TARGET = 1.05


def furnish(env, world):
    """Addresses a carrier finds, a way to pay, the rules of the measurement; returns the ids of the rules."""
    for number, customer in enumerate(env["res.partner"].browse(world["customers"])):
        customer.write({"street": f"Weg {number}", "phone": f"+49 30 55{number:05}"})
    env["dropship.blocklist"].create(
        [{"kind": "phone", "value": f"+49 40 77{number:05}", "reason": "Bench"} for number in range(1000)]
    )
    return env["dropship.hold.rule"].search([]).ids


def every(env):
    """The rules to switch on, with figures nobody reaches."""
    rules = env["dropship.hold.rule"].with_context(active_test=False).search([("kind", "!=", "destination")])
    rules.write({"active": True, "amount": 1e9, "count": 1000, "points": 10000, "words": "never written"})
    return rules.ids


def paid(env, world, count, rng):
    """Quotations of the web shop whose transfer has arrived."""
    orders = env["sale.order"].browse(quotations(env, world, count, rng, 2))
    orders.website_id = env["website"].search([], limit=1)
    provider = env["payment.provider"].search([("custom_mode", "=", "wire_transfer")], limit=1)
    method = env["payment.method"].search([], limit=1)
    env["payment.transaction"].create(
        [
            {
                "provider_id": provider.id, "payment_method_id": method.id, "reference": f"bench-{order.id}",
                "amount": order.amount_total, "currency_id": order.currency_id.id, "partner_id": order.partner_id.id,
                "operation": "online_direct", "state": "done", "is_post_processed": True,
                "sale_order_ids": [(6, 0, order.ids)],
            }
            for order in orders
        ]
    )  # fmt: skip
    return orders.ids


def measure(base, world, rules, size, calls, spread_days):
    """{"on" | "off": [(ms per order, queries per call)]}; Ctrl-C ends it early."""
    result = {"on": [], "off": []}

    def switch(on):
        def work(env):
            env["dropship.hold.rule"].browse(rules).active = on
            env["dropship.blocklist"].with_context(active_test=False).search([]).active = on

        base.run(work)

    def confirm(ids):
        def work(env):
            env["sale.order"].browse(ids).action_confirm()

        _result, seconds, queries = base.run(work, world["user"])
        base.run(lambda env: age(env, ids, spread_days))
        return seconds * 1000 / len(ids), queries

    try:
        for number in range(-2, calls):  # two calls to warm up
            for name in ("on", "off") if number % 2 else ("off", "on"):
                rng = random.Random(f"{size}-{number}")
                ids = base.run(lambda env, rng=rng: paid(env, world, size, rng))[0]
                switch(name == "on")
                warm = base.run(lambda env, rng=rng: paid(env, world, 1, rng))[0]
                confirm(warm)  # the rules are read once by each worker, not once by each order
                figures = confirm(ids)
                held = base.run(lambda env, ids=ids: held_kinds(env, ids))[0]
                assert not held, held
                if number >= 0:
                    result[name].append(figures)
    except KeyboardInterrupt:
        pass
    return result


def held_kinds(env, ids):
    return env["sale.order"].browse(ids).dropship_open_hold_ids.mapped("kind")


def age(env, ids, spread_days):
    """Let the next calls find yesterday's orders, not a thousand of the same minute over the same goods."""
    env.cr.execute(
        "UPDATE sale_order SET date_order = date_order - interval '25 hours' - random() * %s * interval '1 day'"
        " WHERE id = ANY(%s)",
        [spread_days, ids],
    )


def row(size, figures):
    on, off = ([ms for ms, _queries in figures[name]] for name in ("on", "off"))
    ratio = statistics.median(on) / statistics.median(off)
    return {
        "orders per call": size, "calls": min(len(on), len(off)),
        "off ms": round(statistics.median(off), 2), "on ms": round(statistics.median(on), 2), "ratio": round(ratio, 3),
        "median of paired ratios": round(statistics.median(a / b for a, b in zip(on, off, strict=False)), 3),
        "off queries": statistics.median(queries for _ms, queries in figures["off"]),
        "on queries": statistics.median(queries for _ms, queries in figures["on"]),
        "held": ratio <= TARGET or size < 100,
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20, help="calls of each arm and size")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 100], help="orders per call")
    parser.add_argument("--every", action="store_true", help="switch on the rules that are off from the start as well")
    parser.add_argument("--database", help="database with our addons to use instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with fresh("bare", args.database) as name:
        base = Base(name)
        world = base.run(fill)[0]
        rules = base.run(lambda env: furnish(env, world))[0]
        if args.every:
            rules = base.run(every)[0]
        rows = []
        for size in args.sizes:
            figures = measure(base, world, rules, size, args.calls, 300)
            if all(figures.values()):
                rows.append(row(size, figures))
    print(f"\nPython {platform.python_version()}")
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps({"rows": rows}, indent=1))
    return 0 if all(line["held"] for line in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
