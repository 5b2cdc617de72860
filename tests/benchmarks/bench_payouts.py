#!/usr/bin/env python3
"""Time a payout file of many rows from the upload to a posted entry; print a markdown table.

Every order has four rows (sale, shipping, commission, payment fee); one in fifty rows names no order of ours. The file
is kept, read and matched in one transaction, as the wizard does it; then posted with the unknown rows apart. Matching
is timed once more for all rows at once, and against looking for each row's order by itself in the same database.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fill, fresh, table

FASTER = 5
HEAD = "Payout,Payout Date,Order,Kind,Amount,Currency\n"
KINDS = (("sale", 40), ("shipping", 5), ("commission", -4), ("payment fee", -1))


def content(count, currency):
    lines, orders = [HEAD], -(-count // len(KINDS))
    for number in range(orders):
        ref = f"GONE-{number}" if number % 50 == 49 else f"PAY-{number:06}"
        lines += [f"B-1,2026-05-04,{ref},{kind},{amount},{currency}\n" for kind, amount in KINDS]
    return "".join(lines[: count + 1]).encode(), orders


def prepare(base, orders):
    """(id of the terms, currency): the shop with so many orders of one marketplace and the books it needs."""

    def work(env):
        world = fill(env)
        company = env.company
        accounts = env["account.account"]
        owed = accounts.search([*accounts._check_company_domain(company), ("account_type", "=", "asset_receivable")],
                               limit=1) or accounts.create(
            {"name": "Owed", "code": "120000", "account_type": "asset_receivable", "reconcile": True,
             "company_ids": [(6, 0, company.ids)]}
        )  # fmt: skip
        env["ir.default"].set("res.partner", "property_account_receivable_id", owed.id, company_id=company.id)
        channel = env["dropship.sales.channel"].create(
            {"name": "Bench", "kind": "file", "platform": "other", "company_id": company.id}
        )
        terms = env["dropship.payout.terms"]._terms_of(channel, env["payment.provider"], company)
        partner = env["res.partner"].create({"name": "Buyer"})
        product = env["product.product"].browse(world["products"][:1])
        vals = [
            {"partner_id": partner.id, "client_order_ref": f"PAY-{number:06}", "dropship_channel_id": channel.id,
             "company_id": company.id, "order_line": [(0, 0, {"product_id": product.id, "price_unit": 45.0})]}
            for number in range(orders)
        ]  # fmt: skip
        for start in range(0, orders, 500):
            env["sale.order"].create(vals[start : start + 500])
        env.flush_all()
        env.cr.execute("UPDATE sale_order SET state = 'sale' WHERE client_order_ref LIKE 'PAY-%'")
        env.cr.execute("ANALYZE")  # as the server does by itself within a minute
        return terms.id, company.currency_id.name

    return base.run(work)[0]


def one_by_one(env, payout_id):
    """What a module without set-based matching does: a search and a write for each row."""
    lines = env["dropship.payout.line"].search([("payout_id", "=", payout_id)])
    for line in lines:
        order = env["sale.order"].search(
            [("dropship_channel_id", "=", line.channel_id.id), ("client_order_ref", "=", line.order_ref)], limit=1
        )
        line.write({"order_id": order.id, "state": "matched" if order else "unknown"})
    env.flush_all()
    return len(lines.filtered("order_id"))


def forget(env, payout_id):
    env.cr.execute("UPDATE dropship_payout_line SET order_id = NULL, state = 'open' WHERE payout_id = %s", [payout_id])


def measure(base, count):
    data, orders = content(count, "EUR")
    terms_id, currency = prepare(base, orders)
    data = data.replace(b",EUR", f",{currency}".encode())
    rows = []

    def note(what, seconds, queries):
        rows.append({"what": what, "seconds": round(seconds, 2), "rows per second": round(count / seconds),
                     "queries": queries})  # fmt: skip

    def receive(env):
        terms = env["dropship.payout.terms"].browse(terms_id)
        layout = env.ref("dropship_flow.order_layout_other_payout")
        payout = env["dropship.payout"]._receive(terms, layout, "bench.csv", data)[0]
        assert (payout.row_count, payout.state) == (count, "differs"), (payout.row_count, payout.state)
        return payout.id

    payout_id, seconds, queries = base.run(receive)
    note("kept, read and matched", seconds, queries)
    base.run(lambda env: forget(env, payout_id))
    _done, at_once, queries = base.run(lambda env: env["dropship.payout"].browse(payout_id)._match())
    note("matched, all at once", at_once, queries)
    base.run(lambda env: forget(env, payout_id))
    found, alone, queries = base.run(lambda env: one_by_one(env, payout_id))
    note("matched, one by one", alone, queries)
    base.run(lambda env: env["dropship.payout"].browse(payout_id)._match())
    matched = base.run(
        lambda env: env["dropship.payout.line"].search_count([("payout_id", "=", payout_id), ("order_id", "!=", False)])
    )[0]
    assert matched == found, (matched, found)
    _done, seconds, queries = base.run(lambda env: env["dropship.payout"].browse(payout_id).action_post_apart())
    note("posted, unknown rows apart", seconds, queries)
    return rows, alone / at_once


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--database", help="a database with the addon; kept. Default: a fresh one")
    args = parser.parse_args()
    with fresh("bare", args.database) as database:
        rows, times = measure(Base(database), args.rows)
    print(f"{args.rows} rows; matching all at once is {times:.0f} times as fast as one by one\n\n{table(rows)}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))
    return 0 if times >= FASTER else 1


if __name__ == "__main__":
    sys.exit(main())
