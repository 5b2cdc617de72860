#!/usr/bin/env python3
"""Time the matching of suppliers' bills and print a markdown table.

Purchases of three lines, shipped and billed with freight, some dearer than agreed; first all rows are made, then all
are made again with nothing changed. The same is done record by record through the ORM, on the same lines, in the same
run. Then a tenth is matched alone: the number of statements must not depend on how many lines there are.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table

TARGET = 5


def furnish(env, count):
    """Ids of `count` purchases; one is made by hand, the others are copied by SQL."""
    company = env.ref("base.main_company")
    germany = env.ref("base.de")
    accounts = env["account.account"]
    of_company = {"company_ids": [(6, 0, company.ids)]}
    expense = accounts.create({"name": "Goods", "code": "609900", "account_type": "expense", **of_company})
    owed = accounts.create(
        {"name": "Owed", "code": "339900", "account_type": "liability_payable", "reconcile": True, **of_company}
    )
    journal = env["account.journal"].create(
        {"name": "Bench", "code": "BNCH", "type": "purchase", "default_account_id": expense.id,
         "company_id": company.id}
    )  # fmt: skip
    partner = env["res.partner"].create(
        {"name": "Bench", "country_id": germany.id, "street": "Kai 1", "city": "Harbour",
         "property_account_payable_id": owed.id}
    )  # fmt: skip
    supplier = env["dropship.supplier"].create(
        {"partner_id": partner.id, "company_id": company.id, "state": "approved",
         "currency_id": company.currency_id.id}
    )  # fmt: skip
    warehouse = env["dropship.supplier.warehouse"].create(
        {"supplier_id": supplier.id, "name": "Main", "country_id": germany.id}
    )
    env["dropship.shipping.rate"].create({"warehouse_id": warehouse.id, "first_price": 3.9})
    products = env["product.product"].create(
        [{"name": f"Bench {number}", "type": "consu", "weight": 0.4} for number in range(3)]
    )
    purchase = env["purchase.order"].create(
        {"partner_id": partner.id, "company_id": company.id, "dropship_warehouse_id": warehouse.id,
         "dest_address_id": partner.id,
         "order_line": [(0, 0, {"product_id": product.id, "product_qty": 2, "price_unit": 7.1, "tax_ids": [(5,)]})
                        for product in products]}
    )  # fmt: skip
    env.flush_all()
    env.cr.execute("UPDATE purchase_order SET state = 'purchase' WHERE id = %s", [purchase.id])
    env.cr.execute("UPDATE purchase_order_line SET qty_received = 2 WHERE order_id = %s", [purchase.id])
    env.invalidate_all()
    freight = env["account.move.line"]._dropship_charge_product("freight")
    env["account.move"].create(
        {"move_type": "in_invoice", "partner_id": partner.id, "company_id": company.id, "journal_id": journal.id,
         "invoice_date": "2026-01-05", "currency_id": company.currency_id.id,
         "invoice_line_ids": [
             *((0, 0, {"product_id": line.product_id.id, "purchase_line_id": line.id, "quantity": 2,
                       "price_unit": 7.1, "tax_ids": [(5,)]}) for line in purchase.order_line),
             (0, 0, {"product_id": freight.id, "dropship_charge": "freight", "dropship_purchase_id": purchase.id,
                     "quantity": 1, "price_unit": 3.9, "tax_ids": [(5,)]}),
         ]}
    )  # fmt: skip
    env.flush_all()
    ids = copies(env, purchase, count)
    # Every tenth line is dearer.
    env.cr.execute(
        "UPDATE account_move_line SET price_subtotal = price_subtotal + 0.5"
        " WHERE purchase_line_id IS NOT NULL AND MOD(purchase_line_id, 10) = 0"
    )
    env.cr.execute("DELETE FROM dropship_match_change")
    env.cr.execute("ANALYZE")
    return ids


def copies(env, purchase, count):
    """Copies of the purchase, its lines, its bill and the bill's lines: one statement a table."""
    bill = purchase.invoice_ids
    made = {}

    def columns(model, *without):
        env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [model],
        )
        return [f'"{row[0]}"' for row in env.cr.fetchall() if row[0] not in ("id", *without)]

    for model, record in (("purchase_order", purchase), ("account_move", bill)):
        names = ", ".join(columns(model, "sequence_number"))
        env.cr.execute(
            f"INSERT INTO {model} ({names}) SELECT {names} FROM {model}, generate_series(1, %s) WHERE id = %s"
            " RETURNING id",
            [count, record.id],
        )
        made[model] = [row[0] for row in env.cr.fetchall()]
    lines = {}
    for line in purchase.order_line:
        names = ", ".join(columns("purchase_order_line", "order_id"))
        env.cr.execute(
            f"INSERT INTO purchase_order_line (order_id, {names}) SELECT made.id, {names}"
            " FROM purchase_order_line, unnest(%s) WITH ORDINALITY AS made(id, number)"
            " WHERE purchase_order_line.id = %s ORDER BY made.number RETURNING id",
            [made["purchase_order"], line.id],
        )
        lines[line.id] = [row[0] for row in env.cr.fetchall()]
    nothing = [None] * count
    for line in bill.invoice_line_ids:
        names = ", ".join(columns("account_move_line", "move_id", "purchase_line_id", "dropship_purchase_id"))
        env.cr.execute(
            f"INSERT INTO account_move_line (move_id, purchase_line_id, dropship_purchase_id, {names})"
            f" SELECT made.move, made.line, made.purchase, {names} FROM account_move_line,"
            " unnest(%s::int[], %s::int[], %s::int[]) AS made(move, line, purchase) WHERE account_move_line.id = %s",
            [made["account_move"], lines.get(line.purchase_line_id.id, nothing), made["purchase_order"], line.id],
        )
    return made["purchase_order"]


def by_record(env, ids):
    """What the matching does, line after line through the ORM."""
    match = env["dropship.bill.match"]
    for purchase_id in ids:
        purchase = env["purchase.order"].browse(purchase_id)
        for line in purchase.order_line:
            bills = line.invoice_lines.filtered(lambda row: row.parent_state != "cancel")
            billed = sum(row.product_uom_id._compute_quantity(row.quantity, line.product_uom_id) for row in bills)
            amount = sum(bills.mapped("price_subtotal"))
            agreed = line.price_subtotal / line.product_qty
            difference = purchase.currency_id.round(amount - agreed * billed)
            row = match.search([("purchase_line_id", "=", line.id)])
            row.write(
                {"ordered_qty": line.product_qty, "shipped_qty": line.qty_received, "billed_qty": billed,
                 "billed_amount": amount, "difference": difference,
                 "state": "differs" if difference > 0 else "tolerated" if difference else "ok"}
            )  # fmt: skip
            row.flush_recordset()
    return match.search_count([("state", "=", "differs")])


def by_set(env, ids):
    env["dropship.bill.match"]._refresh(env["purchase.order"].browse(ids))
    return env["dropship.bill.match"].search_count([("state", "=", "differs")])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it is kept")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with fresh("bare", args.database) as name:
        base = Base(name)
        ids, *_rest = base.run(lambda env: furnish(env, args.lines // 3 + 1))
        few = ids[: len(ids) // 10]
        rows = []
        for title, work in (
            ("rows made, with the bills' holds", lambda env: by_set(env, ids)),
            ("looked at again", lambda env: by_set(env, ids)),
            ("record by record (goods only, no holds)", lambda env: by_record(env, ids)),
            ("a tenth alone", lambda env: by_set(env, few)),
        ):
            result, seconds, queries = base.run(work)
            rows.append({"what": title, "seconds": round(seconds, 2), "queries": queries, "differ": result})
    times = rows[2]["seconds"] / max(rows[0]["seconds"], rows[1]["seconds"])
    print(f"{len(ids) * 3} lines, {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(table(rows))
    print(f"{times:.1f} times faster, target {TARGET}: {'held' if times >= TARGET else 'MISSED'}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
