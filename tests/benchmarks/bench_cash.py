#!/usr/bin/env python3
"""Time the report of cash – made on the fly from the books – and print a markdown table and a plan.

A customer's invoice and a supplier's bill, paid through Odoo, are multiplied in the database (`profit_world`) with
their payments and what matches them. Timed are pivots as a reader opens them, of all time and of a month, and the list.
All amounts must come to what the accounts have.
"""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_desk import measure
from bench_profit import vacuum
from odoo_world import Base, fresh
from profit_world import OPEN, multiply, template

# Milliseconds, of 200,000 payments: all years, and what opens without a choice of one's own.
LIMIT, OPENS = 4000, 2000
SUMS = ["inflow:sum", "outflow:sum", "amount:sum", "__count"]
MONTH = [("date", ">=", "2025-03-01"), ("date", "<=", "2025-03-31")]


def paid(env):
    """The world of the profit benchmark, its invoice and its bill paid; orders are not multiplied."""
    world = template(env)
    env = env(context={**env.context, "allowed_company_ids": [world["company"]]})
    moves = env["account.move"].browse(world["rows"]["account_move"])
    moves.filtered("dropship_is_bill")._dropship_release("freight is as it is")
    payments = env["account.payment"]
    for move in moves:
        wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        payments |= wizard.create({"payment_date": move.date})._create_payments()
    env.flush_all()
    moves |= payments.move_id
    matches = moves.line_ids.matched_debit_ids | moves.line_ids.matched_credit_ids
    world["rows"] = {
        "account_move": moves.ids, "account_move_line": moves.line_ids.ids, "account_partial_reconcile": matches.ids,
    }  # fmt: skip
    return world


def pivot(*groupby, domain=()):
    """What the client asks for when a reader opens the pivot."""
    sets = [[], *([name] for name in groupby), *([list(groupby)] if len(groupby) > 1 else [])]
    return lambda env, _number: env["dropship.cash.line"].formatted_read_grouping_sets(list(domain), sets, SUMS)


def page(env, _number):
    """The first page of the list without any filter, as the client asks for it."""
    return env["dropship.cash.line"].web_search_read(
        [], {"date": {}, "kind": {}, "amount": {}, "document": {}, "partner_id": {"fields": {}}},
        limit=80, count_limit=10_001,
    )  # fmt: skip


def plan(env):
    """Of the query of one group of all time."""
    from odoo.tools import SQL  # noqa: PLC0415 - Odoo runs only now

    query = env["dropship.cash.line"]._table_query
    rows = env.execute_query(
        SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT kind, SUM(amount) FROM (%s) line GROUP BY kind", query)
    )
    return "\n".join(row[0] for row in rows)


def said(env, world):
    """[(kind, amounts, what came, what went)]; together they are the accounts."""
    company = env["res.company"].browse(world["company"])
    lines = env["dropship.cash.line"]
    tie = lines._tie(company, date(2020, 1, 1), date(2040, 12, 31))
    assert not tie["unexplained"], tie
    rows = lines._read_group([("company_id", "=", company.id)], ["kind"], ["__count", "inflow:sum", "outflow:sum"])
    return [(kind, count, round(came, 2), round(went, 2)) for kind, count, came, went in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--payments", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it is kept")
    parser.add_argument("--plan", action="store_true", help="print the plan of the whole query as well")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with fresh("bare", args.database) as name:
        base = Base(name)
        world = base.run(paid)[0]
        wanted = args.payments * OPEN // (OPEN - 1) // 2
        while world["done"] < wanted:
            base.run(lambda env: multiply(env, world, min(25_000, wanted - world["done"])))
            print(f"{2 * world['done']} payments", file=sys.stderr, flush=True)
        vacuum(base)
        asked = [
            ("kind, all time", LIMIT, pivot("kind")),
            ("kind × month, all time", LIMIT, pivot("kind", "date:month")),
            ("kind × day, of a month", OPENS, pivot("kind", "date:day", domain=MONTH)),
            ("first page of the list", OPENS, page),
        ]
        rows = [(title, ceiling, *measure(base, world["user"], ask, args.rounds)) for title, ceiling, ask in asked]
        for row in base.run(lambda env: said(env, world))[0]:
            print(row, file=sys.stderr)
        plans = base.run(plan)[0] if args.plan else ""
    print("| pivot | median ms | worst ms | queries | limit ms | held |\n|---|---|---|---|---|---|")
    for title, ceiling, median, worst, queries in rows:
        held = "" if ceiling is None else "yes" if median < ceiling else "NO"
        print(f"| {title} | {median} | {worst} | {queries} | {ceiling or ''} | {held} |")
    print(plans)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))
    late = [title for title, ceiling, median, *_rest in rows if ceiling and median >= ceiling]
    if late:
        sys.exit(f"Too slow: {late}")


if __name__ == "__main__":
    main()
