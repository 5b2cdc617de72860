#!/usr/bin/env python3
"""Time a supplier's statement of many documents and print a markdown table.

One bill, one credit note and one payment matched with its bill are booked through Odoo and then multiplied in the
database, so that the ledger is what core would have written. Timed are: making the statement, reading it again,
its rows for print, approving it, and the next month's statement, which compares with everything known. Queries are
counted for two sizes: they must not depend on the number of documents.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table

LIMIT_SECONDS = 30
SEED = "bench-settlement"


def books(env, name):
    """A supplier with accounts and journals of a company of its own."""
    from odoo.addons.dropship_flow.tests.common_settlement import SettlementFactories  # noqa: PLC0415

    world = type("World", (SettlementFactories,), {"env": env(context=dict(env.context, tracking_disable=True))})
    world.euro_company(name)
    world.open_books(world.make_supplier(name))
    return world


def multiply(env, model, templates, count, month):
    """Copies of posted entries with their items, `count` of each, spread over a month: [[copies of the first], …]."""
    made = []
    for template in templates:
        env.cr.execute("SELECT array_agg(column_name::text) FROM information_schema.columns WHERE table_name = %s", [model])
        columns = [name for name in env.cr.fetchone()[0] if name not in ("id", "name", "date", "origin_payment_id")]
        names = ", ".join(f'"{name}"' for name in columns)
        env.cr.execute(
            f"""
            INSERT INTO account_move ({names}, name, date, origin_payment_id)
            SELECT {names}, '{SEED}/' || id || '/{month}/' || n, '{month}-01'::date + n % 28,
                   CASE WHEN origin_payment_id IS NULL THEN NULL ELSE origin_payment_id END
              FROM account_move, generate_series(1, %s) n WHERE id = %s RETURNING id
            """,
            [count, template.id],
        )
        moves = [row[0] for row in env.cr.fetchall()]
        env.cr.execute(
            "SELECT array_agg(column_name::text) FROM information_schema.columns WHERE table_name = 'account_move_line'"
        )
        columns = [
            name for name in env.cr.fetchone()[0]
            if name not in ("id", "move_id", "date", "full_reconcile_id", "matching_number", "payment_id")
        ]  # fmt: skip
        names = ", ".join(f'line."{name}"' for name in columns)
        env.cr.execute(
            f"""
            INSERT INTO account_move_line ({names.replace("line.", "")}, move_id, date)
            SELECT {names}, copy.id, copy.date
              FROM account_move_line line, account_move copy WHERE line.move_id = %s AND copy.id = ANY(%s)
            """,
            [template.id, moves],
        )
        made.append(moves)
    return made


def match(env, bills, payments):
    """Reconcile each payment with a bill, as core stores it."""
    env.cr.execute(
        """
        WITH pair AS (SELECT * FROM unnest(%s::int[], %s::int[]) AS pair (bill, payment)),
        found AS (
            SELECT debit.id AS debit, credit.id AS credit, debit.company_id, debit.currency_id,
                   GREATEST(debit.date, credit.date) AS day, debit.debit AS amount
              FROM pair
              JOIN account_move_line debit ON debit.move_id = pair.payment AND debit.account_type = 'liability_payable'
              JOIN account_move_line credit ON credit.move_id = pair.bill AND credit.account_type = 'liability_payable'
        )
        INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, company_id, debit_currency_id,
                    credit_currency_id, amount, debit_amount_currency, credit_amount_currency, max_date)
        SELECT debit, credit, company_id, currency_id, currency_id, amount, amount, amount, day FROM found
        """.replace("debit.account_type = 'liability_payable'", "debit.debit > 0 AND debit.date_maturity IS NOT NULL"
        ).replace("credit.account_type = 'liability_payable'", "credit.credit > 0 AND credit.date_maturity IS NOT NULL"),
        [bills[: len(payments)], payments],
    )  # fmt: skip


def fill(env, name, size, month):
    """The ledger of a month: of `size` documents 65 % bills, 10 % credit notes, 25 % payments; each payment matched."""
    world = books(env, name) if isinstance(name, str) else name
    bill, credit = world.bill(100, f"{month}-01"), world.credit(7, f"{month}-01")
    payment = world.pay_supplier(100, f"{month}-01").move_id
    env.flush_all()
    (bills,) = multiply(env, "account_move", bill, int(size * 0.65), month)
    multiply(env, "account_move", credit, int(size * 0.1), month)
    (payments,) = multiply(env, "account_move", payment, int(size * 0.25), month)
    match(env, bills, payments)
    lines = env["account.move.line"].search([("move_id", "in", bills[: len(payments)] + payments)])
    env.add_to_compute(lines._fields["amount_residual"], lines)
    env.add_to_compute(lines._fields["amount_residual_currency"], lines)
    env.add_to_compute(lines._fields["reconciled"], lines)
    env.flush_all()
    env.invalidate_all()
    return world


def measure(base, size):
    """[{what, lines, seconds, queries}] of a statement of `size` documents."""
    rows, state = [], {}

    def step(title, work):
        result, seconds, queries = base.run(work)
        rows.append({"what": title, "lines": size, "seconds": round(seconds, 2), "queries": queries})
        return result

    def prepare(env, month):
        if month == "2026-01":
            world = fill(env, f"Bench {size}", size, month)
            state.update(company=world.env.company.id, supplier=world.supplier.id,
                         accounts={key: account.id for key, account in world.accounts.items()},
                         bills=world.bills.id, bank=world.bank.id)  # fmt: skip

    def statement(env):
        return env["dropship.settlement"].browse(state["settlement"])

    def make(env, until):
        env = env(context=dict(env.context, allowed_company_ids=[state["company"]]))
        settlement = env["dropship.settlement"].create(
            {"supplier_id": state["supplier"], "company_id": state["company"], "date_to": until}
        )
        state["settlement"] = settlement.id
        assert settlement.difference == 0, settlement.tie_text
        return settlement.line_count

    base.run(lambda env: prepare(env, "2026-01"))
    count = step("make the statement", lambda env: make(env, "2026-01-31"))
    assert count >= size, (count, size)
    step("read it again", lambda env: statement(env)._refresh())
    step("rows for print", lambda env: len(statement(env)._statement_rows()))
    step("approve", lambda env: statement(env)._approve("Bench"))
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


if __name__ == "__main__":
    main()
