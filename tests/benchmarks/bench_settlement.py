#!/usr/bin/env python3
"""Time a supplier's statement of many documents and print a markdown table.

One bill, one credit note and one payment matched with its bill are booked through Odoo and then multiplied in the
database, so that the ledger is what core would have written. Timed are: making the statement, reading it again,
its rows for print, approving it, and the next month's statement, which compares with everything known. Queries are
counted for two sizes: a further batch of a thousand documents may only cost a few.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table

LIMIT_SECONDS = 30
# Queries a further thousand lines may cost: Odoo itself writes records in batches of that size.
PER_THOUSAND = 12


def books(env, name):
    """A supplier with accounts and journals of a company of its own."""
    from odoo.addons.dropship_flow.tests.common_settlement import SettlementFactories  # noqa: PLC0415

    world = type("World", (SettlementFactories,), {"env": env(context=dict(env.context, tracking_disable=True))})
    world.euro_company(name)
    world.open_books(world.make_supplier(name))
    return world


def columns_of(env, table_name, *without):
    env.cr.execute("SELECT column_name::text FROM information_schema.columns WHERE table_name = %s", [table_name])
    return [row[0] for row in env.cr.fetchall() if row[0] not in ("id", "date", *without)]


def multiply(env, template, count, month):
    """Ids of `count` copies of a posted entry with its items, spread over a month."""
    names = ", ".join(f'"{name}"' for name in columns_of(env, "account_move", "name"))
    env.cr.execute(
        f"""
        INSERT INTO account_move ({names}, name, date)
        SELECT {names}, 'bench/' || id || '/' || n, '{month}-01'::date + n %% 28
          FROM account_move, generate_series(1, %s) n WHERE id = %s RETURNING id
        """,
        [count, template.id],
    )
    moves = [row[0] for row in env.cr.fetchall()]
    columns = columns_of(env, "account_move_line", "move_id", "full_reconcile_id", "matching_number")
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"""
        INSERT INTO account_move_line ({names}, move_id, date)
        SELECT {", ".join(f'line."{name}"' for name in columns)}, copy.id, copy.date
          FROM account_move_line line, account_move copy WHERE line.move_id = %s AND copy.id = ANY(%s)
        """,
        [template.id, moves],
    )
    return moves


def match(env, payable, bills, payments):
    """Reconcile each payment with a bill, as core stores it."""
    env.cr.execute(
        """
        WITH found AS (
            SELECT debit.id AS debit, credit.id AS credit, debit.company_id, debit.currency_id,
                   GREATEST(debit.date, credit.date) AS day, debit.debit AS amount
              FROM unnest(%(bills)s::int[], %(payments)s::int[]) AS pair (bill, payment)
              JOIN account_move_line debit ON debit.move_id = pair.payment AND debit.account_id = %(payable)s
              JOIN account_move_line credit ON credit.move_id = pair.bill AND credit.account_id = %(payable)s
        ), made AS (
            INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, company_id, debit_currency_id,
                        credit_currency_id, amount, debit_amount_currency, credit_amount_currency, max_date)
            SELECT debit, credit, company_id, currency_id, currency_id, amount, amount, amount, day FROM found
            RETURNING debit_move_id, credit_move_id
        )
        UPDATE account_move_line line SET amount_residual = 0, amount_residual_currency = 0, reconciled = TRUE
          FROM made WHERE line.id IN (made.debit_move_id, made.credit_move_id)
        """,
        {"payable": payable, "bills": bills[: len(payments)], "payments": payments},
    )


def fill(env, name, size, month="2026-01"):
    """The ledger of a month: of `size` documents 65 % bills, 10 % credit notes, 25 % payments, each of a bill."""
    world = books(env, name)
    day = f"{month}-01"
    templates = world.bill(100, day), world.credit(7, day), world.pay_supplier(100, day).move_id
    env.flush_all()
    shares = (0.65, 0.1, 0.25)
    bills, _credits, payments = (
        multiply(env, template, int(size * share), month) for template, share in zip(templates, shares, strict=True)
    )
    match(env, world.accounts["payable"].id, bills, payments)
    env.cr.execute("ANALYZE")  # as the server does by itself within a minute
    env.invalidate_all()
    return {"supplier": world.supplier.id, "company": world.env.company.id}


def measure(base, size):
    """[{what, lines, seconds, queries}] of a statement of `size` documents."""
    rows = []
    state, *_rest = base.run(lambda env: fill(env, f"Bench {size}", size))

    def step(title, work):
        result, seconds, queries = base.run(
            lambda env: work(env(context=dict(env.context, allowed_company_ids=[state["company"]])))
        )
        rows.append({"what": title, "lines": size, "seconds": round(seconds, 2), "queries": queries})
        return result

    def make(env, until):
        settlement = env["dropship.settlement"].create(
            {"supplier_id": state["supplier"], "company_id": state["company"], "date_to": until}
        )
        assert settlement.difference == 0, settlement.tie_text
        state["settlement"] = settlement.id
        return settlement.line_count

    def made(env):
        return env["dropship.settlement"].browse(state["settlement"])

    count = step("make the statement", lambda env: make(env, "2026-01-31"))
    assert count >= size, (count, size)
    step("read it again", lambda env: made(env)._refresh())
    step("rows for print", lambda env: len(made(env)._statement_rows()))
    step("approve", lambda env: made(env)._approve("Bench"))
    step("the next month's", lambda env: make(env, "2026-02-28"))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it is kept")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with fresh("bare", args.database) as name:
        base = Base(name)
        rows = measure(base, args.lines // 10) + measure(base, args.lines)
    for row in rows:
        row["held"] = "yes" if row["seconds"] <= LIMIT_SECONDS else "NO"
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    small, large = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    thousands = args.lines / 1000 - args.lines / 10_000
    grown = [
        two["what"]
        for one, two in zip(small, large, strict=True)
        if two["queries"] - one["queries"] > PER_THOUSAND * thousands
    ]
    if grown or any(row["held"] == "NO" for row in rows):
        sys.exit(f"Missed: queries grow with the size in {grown}, or slower than {LIMIT_SECONDS} s")


if __name__ == "__main__":
    main()
