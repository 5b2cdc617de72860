#!/usr/bin/env python3
"""Time the verdict of a request through the records: policy rows, law, facts of sold lines, in an Odoo database.

A request is over fifty delivered lines of one order, the policy has two hundred rows beside the seeded law. Every
measurement is a transaction of its own with empty record caches, as a request is; the prepared rules are kept between
requests as a worker keeps them, preparing them is timed by itself.
"""

import argparse
import json
import platform
import random
import statistics
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table

TARGET_MS = 50.0
KINDS = ("return", "exchange", "credit", "replacement", "repair")


def furnish(env, lines, rows):
    """A delivered order of so many lines, and a policy of so many rows; returns the ids of the lines."""
    rng = random.Random(lines * 1000 + rows)
    germany = env.ref("base.de")
    customer = env["res.partner"].create({"name": "Bench", "country_id": germany.id, "city": "Ulm", "zip": "89073"})
    categories = env["product.category"].create([{"name": f"Bench {number}"} for number in range(20)])
    products = env["product.product"].create(
        [
            {
                "name": f"Bench {number}",
                "type": "consu",
                "list_price": 9.0 + number,
                "categ_id": rng.choice(categories.ids),
            }
            for number in range(lines)
        ]
    )
    wanted = [(0, 0, {"product_id": product.id, "product_uom_qty": 2}) for product in products]
    order = env["sale.order"].create({"partner_id": customer.id, "order_line": wanted})
    order.action_confirm()
    deliver(env, order)
    env["dropship.return.policy"].search([("name", "=like", "Bench %")]).unlink()
    env["dropship.return.policy"].create([policy(rng, number, categories.ids, reasons(env)) for number in range(rows)])
    return order.order_line.ids


def reasons(env):
    return env["dropship.return.reason"].search([]).ids


def deliver(env, order):
    """As if suppliers had sent everything in three boxes and all of it had arrived a week ago."""
    env.flush_all()
    env.cr.execute("UPDATE sale_order_line SET qty_delivered = 2 WHERE order_id = %s", [order.id])
    env.invalidate_all()
    came = datetime.now() - timedelta(days=7)
    boxes = env["dropship.shipment"].create(
        [
            {
                "number": f"BENCH{order.id}-{number}", "company_id": order.company_id.id, "state": "dispatched",
                "order_id": order.id, "partner_id": order.partner_shipping_id.id, "status": "delivered",
                "delivered_at": came, "dispatched_at": came - timedelta(days=2),
            }
            for number in range(3)
        ]
    )  # fmt: skip
    env["dropship.shipment.line"].create(
        [
            {"shipment_id": boxes[number % 3].id, "sale_line_id": line.id, "product_id": line.product_id.id, "qty": 2.0}
            for number, line in enumerate(order.order_line)
        ]
    )


def policy(rng, number, categories, known):
    """A row about one category and one or two things more, mostly not the one that fits."""
    return {
        "name": f"Bench {number}",
        "sequence": number + 1,
        "category_ids": [(6, 0, [rng.choice(categories)])] if rng.random() < 0.5 else False,
        "reason_ids": [(6, 0, [rng.choice(known)])],
        "price_from": rng.choice((0, 500, 900)),
        "liable": rng.choice((False, "us", "listing")),
        "returns_from": rng.choice((0, 5)),
        "outcome_ids": [
            (0, 0, {"kind": kind, "base": "delivered", "days": 30, "maximum": 500}) for kind in rng.sample(KINDS, 3)
        ],
    }


def ask(env, line_ids):
    lines = env["sale.order.line"].browse(line_ids)
    reason = env["dropship.return.reason"].search([("code", "=", "changed_mind")])
    asked = [{"order_line": line, "qty": 1, "reason": reason} for line in lines]
    result = env["dropship.return"]._preview(lines.order_id, asked)
    return len(result.lines), result.verdict


def measure(base, lines, rows, rounds):
    ids = base.run(lambda env: furnish(env, lines, rows))[0]
    base.forget()
    prepare = base.run(lambda env: len(env["dropship.return.policy"]._rules(env.company).rows))
    timed, queries, found = [], set(), None
    for number in range(rounds + 3):
        found, seconds, count = base.run(lambda env: ask(env, ids))
        if number >= 3:
            timed.append(seconds * 1000)
            queries.add(count)
    timed.sort()
    return {
        "lines × rows": f"{lines} × {rows}", "prepare ms": round(prepare[1] * 1000, 1),
        "verdict ms": round(statistics.median(timed), 1), "p95 ms": round(timed[int(len(timed) * 0.95)], 1),
        "queries": max(queries), "verdict": found[1],
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50, help="requests of every size")
    parser.add_argument("--database", help="database with our addons to use instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with fresh("bare", args.database) as name:
        base = Base(name)
        rows = [measure(base, lines, 200, args.rounds) for lines in (1, 50)]
    print(f"\nPython {platform.python_version()}")
    print(table(rows))
    held = rows[-1]["verdict ms"] < TARGET_MS
    print(f"50 lines × 200 rows through the records under {TARGET_MS:.0f} ms: {'held' if held else 'MISSED'}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
