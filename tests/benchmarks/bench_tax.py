#!/usr/bin/env python3
"""Time bringing the tax summary up to date, and print a markdown table.

An order with its invoice and its supplier's bill, both taxed, is multiplied in the database (`profit_world`). Timed
are reading all documents just after they were loaded, when the database does not know yet how many there are; reading
all once it does; reading what changed; and each step. All readings must say the same, and the accounts must tie.
"""

import argparse
import json
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_profit import vacuum
from odoo_world import Base, fresh, table
from profit_world import OPEN, multiply, template

LIMIT_SECONDS = 60  # for 20,000 documents
LIMIT_CHANGED = 10
CHANGED = 1000
STEPS = ("_read_details", "_read_routes", "_write_rows")


def read(env, world):
    """Documents looked at."""
    return env["dropship.tax.summary"]._read_changes(env["res.company"].browse(world["company"]))


def forget(env, world):
    env["dropship.tax.summary"]._forget(env["res.company"].browse(world["company"]))


def touch(env, world):
    """Some documents change."""
    env.cr.execute(
        """
        UPDATE account_move SET write_date = now() AT TIME ZONE 'UTC'
         WHERE id IN (SELECT id FROM account_move WHERE company_id = %s ORDER BY id LIMIT %s)
        """,
        [world["company"], CHANGED],
    )


def said(env, world):
    """{what a row is about: its sums}, without the document: all copies say the same."""
    env.cr.execute(
        """
        SELECT side, scheme, route, rate, warning, COUNT(*), SUM(base), SUM(tax)
          FROM dropship_tax_summary WHERE company_id = %s GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        """,
        [world["company"]],
    )
    return env.cr.fetchall()


def ties(env, world):
    """Account by account it is what documents booked."""
    company = env["res.company"].browse(world["company"])
    found = env["dropship.tax.summary"]._tie(company, date(2020, 1, 1), date(2040, 12, 31))
    assert found and not any(row["unexplained"] for row in found), found


@contextmanager
def stopwatch(base):
    """Counter of seconds per step of reading."""
    model = base.registry["dropship.tax.summary"]
    seconds, real = Counter(), {name: getattr(model, name) for name in STEPS}

    def timed(name):
        def step(self, *args):
            start = time.perf_counter()
            real[name](self, *args)
            seconds[name] += time.perf_counter() - start

        return step

    for name in STEPS:
        setattr(model, name, timed(name))
    try:
        yield seconds
    finally:
        for name in STEPS:
            setattr(model, name, real[name])


def timed_read(base, world, title):
    """One row of the table."""
    with stopwatch(base) as steps:
        looked, seconds, queries = base.run(lambda env: read(env, world))
    base.run(lambda env: ties(env, world))
    shares = {name.lstrip("_").replace("_", " "): round(steps[name], 1) for name in STEPS}
    return {"reading": title, "documents": looked, "seconds": round(seconds, 1), "queries": queries, **shares}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it is kept")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with fresh("bare", args.database) as name:
        base = Base(name)
        world = base.run(template)[0]
        # an invoice and a bill each, but of those that are open
        base.run(lambda env: multiply(env, world, args.documents * OPEN // (OPEN - 1) // 2))
        rows = [timed_read(base, world, "all, just loaded")]
        first = base.run(lambda env: said(env, world))[0]
        vacuum(base)
        base.run(lambda env: forget(env, world))
        rows.append(timed_read(base, world, "all"))
        base.run(lambda env: touch(env, world))
        rows.append(timed_read(base, world, "changed"))
        assert base.run(lambda env: said(env, world))[0] == first
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))
    limit = LIMIT_SECONDS * max(1, args.documents / 20_000)
    limits = {"changed": LIMIT_CHANGED}
    late = [row["reading"] for row in rows if row["seconds"] > limits.get(row["reading"], limit)]
    if late:
        sys.exit(f"Too slow: {late}")


if __name__ == "__main__":
    main()
