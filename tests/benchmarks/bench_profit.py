#!/usr/bin/env python3
"""Time the profit ledger – pivots over it, and collecting what changed – and print markdown tables and plans.

Orders with invoices and bills are multiplied in the database (`profit_world`) and collected. Timed are: the pivot month
× supplier as a reader opens it; the same pivot by the same report over an SQL view of the documents, which must say the
same but for rounding; other pivots, from the sums by day and from the entries; collecting 1,000 changed orders in a
small ledger and in the whole one. With more entries than documents give, entries are copied: then only the pivots grow,
and the view is compared before.
"""

import argparse
import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_desk import measure
from odoo_world import Base, fresh, table
from profit_world import multiply, swell, template, touch

ENTRIES_OF_AN_ORDER = 8
CHANGED = 1000
SMALL = 5000  # orders
COLLECT_SECONDS = 10
GROWTH = 2.0  # so many times slower in the whole ledger than in the small one is still the same
RATIO = 20
SUMS = ["net_revenue:sum", "contribution_1:sum", "net_profit:sum", "margin:avg", "__count"]
# A row of this view is what one item of a document is for one supplier, as a report over documents reads it.
VIEW = """
    CREATE VIEW bench_documents AS
    SELECT rows.*, 1 AS entries, NULL::numeric AS margin, CASE WHEN revenue THEN amount ELSE 0 END AS net_revenue,
           amount AS contribution_1, amount AS net_profit
      FROM (SELECT line.id, line.company_id, line.date, source.supplier_id, -line.balance * source.share AS amount,
                   TRUE AS revenue
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id AND move.move_type IN ('out_invoice', 'out_refund')
              JOIN account_account account ON account.id = line.account_id AND account.account_type = ANY({types})
              JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
              JOIN (SELECT line_id, supplier_id, SUM(landed)::numeric
                           / NULLIF(SUM(SUM(landed)) OVER (PARTITION BY line_id), 0)::numeric AS share
                      FROM dropship_allocation WHERE state <> 'released' GROUP BY line_id, supplier_id
                   ) source ON source.line_id = rel.order_line_id
             WHERE line.parent_state = 'posted'
         UNION ALL
            SELECT line.id, line.company_id, line.date, part.supplier_id, -line.balance * part.share, FALSE
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id AND account.account_type = ANY({types})
              JOIN (SELECT purchase_line_id, supplier_id, buy_qty::numeric
                           / SUM(buy_qty) OVER (PARTITION BY purchase_line_id)::numeric AS share
                      FROM dropship_allocation WHERE state <> 'released') part
                ON part.purchase_line_id = line.purchase_line_id
             WHERE line.parent_state = 'posted'
         UNION ALL
            SELECT line.id, line.company_id, line.date, part.supplier_id, -line.balance * part.share, FALSE
              FROM account_move_line line
              JOIN (SELECT purchase_id, supplier_id, goods::numeric
                           / SUM(goods) OVER (PARTITION BY purchase_id)::numeric AS share
                      FROM dropship_allocation WHERE state <> 'released') part
                ON part.purchase_id = line.dropship_purchase_id AND line.dropship_charge IS NOT NULL
             WHERE line.parent_state = 'posted') rows
     WHERE company_id = {company}
"""


def collect(env, world):
    """Entries written."""
    return env["dropship.profit.collector"]._collect(env["res.company"].browse(world["company"]))


def changed(base, world, first):
    """{what it took to collect 1,000 orders that changed}

    A collection looks once more at what changed before the last one, so one goes by first, as on any other day.
    """
    base.run(lambda env: collect(env, world))
    base.run(lambda env: touch(env, first, first + CHANGED - 1))
    vacuum(base)
    written, seconds, queries = base.run(lambda env: collect(env, world))
    differences = base.run(lambda env: env["dropship.profit.day"]._differences(
        env["res.company"].browse(world["company"])))[0] if world["done"] <= SMALL else []  # fmt: skip
    assert not differences, differences[:3]
    ledger = base.run(lambda env: count(env, "dropship_profit_entry"))[0]
    return {"entries in the ledger": ledger, "written": written, "seconds": round(seconds, 2), "queries": queries}


def count(env, name):
    env.cr.execute(f"SELECT COUNT(*) FROM {name}")
    return env.cr.fetchone()[0]


def vacuum(base):
    """As the server does by itself within minutes."""
    with base.registry.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE")


def pivot(*groupby, domain=(), sums=SUMS):
    """What the client asks for when a reader opens the pivot."""
    sets = [[], *([name] for name in groupby), *([list(groupby)] if len(groupby) > 1 else [])]
    return lambda env, _number: env["dropship.profit.report"].formatted_read_grouping_sets(list(domain), sets, sums)


def figures(env, _number):
    """A month's figures, as dashboards and packs read them."""
    from datetime import date  # noqa: PLC0415

    return env["dropship.profit.report"]._figures(env.company, date(2025, 3, 1), date(2025, 3, 31))


def query_of(env, ask):
    """The query that a read of the report makes."""
    told = []
    real = type(env).execute_query

    def execute_query(self, query):
        told.append(query)
        return real(self, query)

    type(env).execute_query = execute_query
    try:
        ask(env, 0)
    finally:
        type(env).execute_query = real
    return next(query for query in told if "GROUPING" in query.code)


def plan(env, ask):
    """Its plan."""
    from odoo.tools import SQL  # noqa: PLC0415 - Odoo runs only now

    rows = env.execute_query(SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY ON) %s", query_of(env, ask)))
    return "\n".join(row[0] for row in rows)


def view(env, world):
    """The view over documents, made; its plan is the database's affair."""
    types = ["income", "income_other", "expense", "expense_other", "expense_depreciation", "expense_direct_cost"]
    quoted = "ARRAY[" + ", ".join(f"'{name}'" for name in types) + "]"
    env.cr.execute(VIEW.format(types=quoted, company=world["company"]))


@contextmanager
def over_documents(env):
    """The report reads the view over documents meanwhile, by the same code and with the same rights."""
    from odoo.tools import SQL  # noqa: PLC0415 - Odoo runs only now

    report = type(env["dropship.profit.report"])
    report._table_query = property(lambda _self: SQL("SELECT * FROM bench_documents"))
    try:
        yield
    finally:
        del report._table_query


def by_view(ask):
    """The same question to the view."""

    def asked(env, number):
        with over_documents(env):
            return ask(env, number)

    return asked


def sums(env, _number, domain=()):
    """{(month, supplier): (net revenue, net profit)}"""
    rows = env["dropship.profit.report"]._read_group(
        list(domain),
        ["date:month", "supplier_id"],
        ["net_revenue:sum", "net_profit:sum"],
    )
    return {(month, supplier.id): (revenue, profit) for month, supplier, revenue, profit in rows}


def compare(base, world):
    """Both say the same; where an item is divided in the view, it is not rounded to cents."""
    booked = [("stage", "in", ("billed", "final"))]
    ours = base.run(lambda env: sums(env, 0, booked), world["user"])[0]
    theirs = base.run(lambda env: by_view(sums)(env, 0), world["user"])[0]
    assert ours.keys() == theirs.keys(), (len(ours), len(theirs))
    for key, (revenue, profit) in theirs.items():
        assert abs(revenue - ours[key][0]) < 1 and abs(profit - ours[key][1]) < 1, (key, ours[key])
    assert abs(sum(row[1] for row in theirs.values()) - sum(row[1] for row in ours.values())) < 1
    return len(ours)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1_000_000, help="10000000 takes 20 GB and half an hour")
    parser.add_argument("--orders", type=int, help="with documents; by default as many as a million entries need")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it is kept")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    orders = args.orders or min(args.entries, 1_000_000) // ENTRIES_OF_AN_ORDER * 51 // 50
    limit = 1000 if args.entries <= 1_000_000 else 2000
    with fresh("bare", args.database) as name:
        base = Base(name)
        world = base.run(template)[0]
        base.run(lambda env: multiply(env, world, SMALL))
        vacuum(base)
        base.run(lambda env: collect(env, world))
        rows = [changed(base, world, 1)]
        base.run(lambda env: multiply(env, world, orders - SMALL))
        vacuum(base)
        written, seconds, _queries = base.run(lambda env: collect(env, world))
        first = f"{written} entries of {orders - SMALL} new orders collected in {seconds:.1f} s"
        vacuum(base)
        # What changed before the last collection is looked at once more: copied entries must not be mistaken for it.
        base.run(lambda env: collect(env, world))
        vacuum(base)
        base.run(lambda env: view(env, world))
        cells = compare(base, world)
        month = pivot("date:month", "supplier_id")
        peer = [measure(base, world["user"], ask, args.rounds)[0] for ask in (month, by_view(month))]
        live = base.run(lambda env: env["dropship.profit.generation"]._live(
            env["res.company"].browse(world["company"])).id)[0]  # fmt: skip
        start = time.perf_counter()
        total = base.run(lambda env: swell(env, world, live, args.entries, 2 * CHANGED))[0]
        base.run(lambda env: env["dropship.profit.day"]._fill(env["dropship.profit.generation"].browse(live)))
        filled = time.perf_counter() - start
        vacuum(base)
        asked = [
            ("month × supplier", limit, month),
            ("month × step", limit, pivot("date:month", "kind_group")),
            ("channel × month", limit, pivot("channel_id", "date:month")),
            ("day × campaign", limit, pivot("date:day", "campaign_id")),
            ("month × product, from entries", None, pivot("date:month", "product_id")),
            ("supplier × channel of a month, from entries", None, pivot(
                "supplier_id", "channel_id", domain=[("date", ">=", "2025-03-01"), ("date", "<=", "2025-03-31")])),
            ("all figures of a month, with orders, units and new customers", None, figures),
        ]  # fmt: skip
        pivots = [(title, ceiling, *measure(base, world["user"], ask, args.rounds)) for title, ceiling, ask in asked]
        plans = base.run(lambda env: plan(env, month), world["user"])[0]
        rows.append(changed(base, world, CHANGED + 1))
        sums = base.run(lambda env: count(env, "dropship_profit_day"))[0]
        drifts = base.run(lambda env: count(env, "dropship_profit_drift"))[0]
    ratio = peer[1] / peer[0]
    growth = rows[1]["seconds"] / rows[0]["seconds"]
    print(f"\n{total} entries, {orders} orders with documents, {sums} sums by day")
    print(
        f"{ENTRIES_OF_AN_ORDER} entries of a billed order over two products, {drifts / orders:.1f} rows of drift each"
    )
    print(first)
    print(f"copied and summed anew in {filled:.0f} s\n")
    print("| pivot | median ms | worst ms | queries | limit ms | held |\n|---|---|---|---|---|---|")
    for title, ceiling, median, worst, queries in pivots:
        held = "" if ceiling is None else "yes" if median < ceiling else "NO"
        print(f"| {title} | {median} | {worst} | {queries} | {ceiling or ''} | {held} |")
    print(f"\nmonth × supplier as the client gets it, {cells} cells: ledger {peer[0]} ms, the same report over a"
          f" view of documents {peer[1]} ms, {ratio:.0f} times as fast\n")  # fmt: skip
    print(f"{CHANGED} changed orders\n\n{table(rows)}\n\n{growth:.1f} times as long in the whole ledger\n")
    print(plans)
    if args.json:
        args.json.write_text(json.dumps({"pivots": pivots, "changed": rows, "ratio": ratio}, indent=1))
    late = [title for title, ceiling, median, *_rest in pivots if ceiling and median >= ceiling]
    if late or ratio < RATIO or rows[1]["seconds"] > COLLECT_SECONDS or growth > GROWTH:
        sys.exit(f"Missed: {late}, {ratio:.0f} times as fast, collected in {rows[1]['seconds']} s ({growth:.1f} ×)")


if __name__ == "__main__":
    main()
