#!/usr/bin/env python3
"""Time the pages of a supplier with very many open orders and print a markdown table.

The orders are those of `bench_desk.py`: inserted by SQL in the shape the automation leaves them, all of one supplier,
here all but a few waiting for his answer or to be shipped. Then what he does in the morning is timed: the first page
with its counts, another tab, the last page, the search, one order. Every measurement is a transaction of its own with
empty record caches.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bench_desk
from odoo_world import Base, fresh, table

LIMIT_MS = 300
PER_PAGE = 20
OPEN = {"at_supplier": 60.0, "to_ship": 39.0}


def supplier_of(env):
    env.cr.execute(
        """
        SELECT warehouse.supplier_id FROM purchase_order purchase
          JOIN dropship_supplier_warehouse warehouse ON warehouse.id = purchase.dropship_warehouse_id
         GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
        """
    )
    return env["dropship.supplier"].browse(env.cr.fetchone()[0])


def first_page(env, tab="answer", page=1, text=""):
    """What the controller asks for: counts, the rows of the page, what each shows."""
    supplier = supplier_of(env)
    counts = supplier._desk_counts()
    domain = (supplier._desk_domain() & supplier._desk_search(text)) if text else supplier._desk_domain(tab)
    purchases = env["purchase.order"]
    if text:
        purchases.search_count(domain)
    order = "id desc" if text else "dropship_leaves_by, id"
    found = purchases.search(domain, order=order, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return counts, len(found._dropship_desk_rows())


def one_order(env):
    supplier = supplier_of(env)
    order = env["purchase.order"].search(supplier._desk_domain("ship"), limit=1)
    return len(order._dropship_desk_facts()["lines"])


def screens(count):
    """[(title, what to time)]."""
    last = max(int(count * OPEN["at_supplier"] / 100) // PER_PAGE, 1)
    return [
        ("first page, to accept", first_page),
        ("first page, to ship", lambda env: first_page(env, "ship")),
        ("last page, to accept", lambda env: first_page(env, "answer", last)),
        ("find by number", lambda env: first_page(env, text="P0100777")),
        ("find by recipient", lambda env: first_page(env, text="王伟")),
        ("find nothing", lambda env: first_page(env, text="zzqqxx")),
        ("one order", one_order),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it keeps the orders")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    bench_desk.STAGES.clear()
    bench_desk.STAGES.update(OPEN)
    with fresh("bare", args.database) as name:
        base = Base(name)
        base.run(lambda env: bench_desk.insert(env, args.orders))
        with base.registry.cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute("VACUUM ANALYZE")
        rows = []
        for title, work in screens(args.orders):
            once = lambda env, _round, work=work: work(env)  # noqa: E731
            median, worst, queries = bench_desk.measure(base, None, once, args.rounds)
            held = "yes" if median < LIMIT_MS else "NO"
            rows.append(
                {"what": title, "median ms": median, "worst ms": worst, "queries": queries, "limit ms": LIMIT_MS,
                 "held": held}
            )  # fmt: skip
        counts = base.run(first_page)[0]
    print(f"\n{args.orders} orders, counts and rows of the first page {counts}, Python {platform.python_version()}\n")
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    return 0 if all(row["held"] == "yes" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
