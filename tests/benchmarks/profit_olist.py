#!/usr/bin/env python3
"""The profit ledger on real orders: `profit_olist.py DIR`, DIR with orders.csv and its companions (kept outside).

The orders become sales of the day and hour they were made (São Paulo's), every line an own product, the freight a
shipping line, and each order that was not called off is invoiced on its day. Costs are not in the files and are left
out. Then the ledger collects, and its months are compared with sums taken from the files by the csv module alone:
orders, sales, shipping charged, to the cent. Orders called off must not be in it; a second collection must post
nothing; no month may have anything unexplained.

By default only the first orders of the files are taken; --all takes all.
"""

import argparse
import csv
import json
import sys
import time
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table

FEW = 400
BATCH = 50
ZONE = ZoneInfo("America/Sao_Paulo")
CALLED_OFF = ("canceled", "unavailable")
KINDS = {"sales": "sales", "shipping_income": "freight"}


def rows(folder, name):
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


# --- what the files say ---


def said(folder, wanted):
    """{month: {orders, sales, freight}} of the wanted orders that were not called off, straight from the files."""
    months, seen = {}, defaultdict(set)
    for row in rows(folder, "orders"):
        if row["order_id"] in wanted and row["order_status"] not in CALLED_OFF:
            months[row["order_id"]] = row["order_purchase_timestamp"][:7]
    sums = defaultdict(lambda: {"orders": 0, "sales": Decimal(0), "freight": Decimal(0)})
    for row in rows(folder, "order_items"):
        month = months.get(row["order_id"])
        if month:
            seen[month].add(row["order_id"])
            sums[month]["sales"] += Decimal(row["price"])
            sums[month]["freight"] += Decimal(row["freight_value"])
    for month, orders in seen.items():
        sums[month]["orders"] = len(orders)
    return dict(sums)


# --- the same in a shop ---


def load(folder, limit):
    """[(order's row, [(product, quantity, price)], freight)] of orders with lines, in the order of the files."""
    units = defaultdict(list)
    for row in rows(folder, "order_items"):
        units[row["order_id"]].append(row)
    found = []
    for row in rows(folder, "orders"):
        if row["order_id"] in units and (limit is None or len(found) < limit):
            lines, freight = defaultdict(int), Decimal(0)
            for unit in units[row["order_id"]]:
                lines[unit["product_id"], unit["price"]] += 1
                freight += Decimal(unit["freight_value"])
            found.append((row, [(product, count, price) for (product, price), count in lines.items()], freight))
    return found


def fill(env, orders):
    """A shop in real with books and the products of the orders; {name: id}."""
    real = env.ref("base.BRL")
    real.active = True
    company = env.company
    company.write({"country_id": env.ref("base.br").id, "currency_id": real.id})
    company.account_fiscal_country_id = company.country_id
    company.partner_id.tz = str(ZONE)
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
    customer = env["res.partner"].create({"name": "Cliente", "country_id": company.country_id.id})
    common = {"type": "service", "invoice_policy": "order", "taxes_id": False}
    keys = sorted({product for _row, lines, _freight in orders for product, _count, _price in lines})
    products = env["product.product"].create([{**common, "name": key, "default_code": key} for key in keys])
    freight = env["product.product"].create({**common, "name": "Frete"})
    return {"customer": customer.id, "freight": freight.id, "products": dict(zip(keys, products.ids, strict=True))}


def enter(env, orders, world):
    """Orders of the files, confirmed; those that stand are invoiced on their day."""
    values = []
    for row, lines, freight in orders:
        commands = [
            (0, 0, {"product_id": world["products"][product], "product_uom_qty": count, "price_unit": float(price)})
            for product, count, price in lines
        ]
        commands.append(
            (0, 0, {"product_id": world["freight"], "price_unit": float(freight), "is_delivery": True})
        )  # fmt: skip
        values.append({"partner_id": world["customer"], "client_order_ref": row["order_id"], "order_line": commands})
    sales = env["sale.order"].create(values)
    sales.action_confirm()
    standing = sales.browse()
    for sale, (row, _lines, _freight) in zip(sales, orders, strict=True):
        sale.date_order = moment(row).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        if row["order_status"] in CALLED_OFF:
            sale._action_cancel()
        else:
            standing |= sale
    days = {row["order_id"]: moment(row).date() for row, _lines, _freight in orders}
    invoices = standing._create_invoices(grouped=True)
    for invoice in invoices:
        invoice.invoice_date = days[invoice.line_ids.sale_line_ids.order_id.client_order_ref]
    invoices.action_post()
    return len(invoices)


def moment(row):
    return datetime.fromisoformat(row["order_purchase_timestamp"]).replace(tzinfo=ZONE)


# --- what the ledger says ---


def ledger(env):
    """{month: {orders, sales, freight}} of the entries."""
    kinds = {number: KINDS[code] for code, number in env["dropship.profit.kind"]._by_code().items() if code in KINDS}
    entries, domain = env["dropship.profit.entry"], [("company_id", "=", env.company.id)]
    sums = defaultdict(lambda: {"orders": 0, "sales": Decimal(0), "freight": Decimal(0)})
    for month, kind, amount in entries._read_group(domain, ["date:month", "kind_id"], ["amount:sum"]):
        sums[f"{month:%Y-%m}"][kinds[kind.id]] += Decimal(f"{amount:.2f}")
    for month, orders in entries._read_group(domain, ["date:month"], ["order_id:count_distinct"]):
        sums[f"{month:%Y-%m}"]["orders"] = orders
    return dict(sums)


def unexplained(env, months):
    """The sum of what no entry stands for, over the months."""
    reconcile = env["dropship.profit.reconcile"]
    days = [datetime.fromisoformat(f"{month}-01").date() for month in months]
    return sum(abs(row["unexplained"]) for day in days for row in reconcile._compute(env.company, day))


def called_off(env):
    """How many orders that were called off are in the ledger."""
    return env["dropship.profit.entry"].search_count([("order_id.state", "=", "cancel")])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the data set")
    parser.add_argument("--all", action="store_true", help=f"all orders, not only the first {FEW}")
    parser.add_argument("--database", help="an empty database with our addons to use (and keep) instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    orders = load(args.folder, None if args.all else FEW)
    wanted = {row["order_id"] for row, _lines, _freight in orders}
    with fresh("bare", args.database) as name:
        base, start, invoiced = Base(name), time.perf_counter(), 0
        world, *_rest = base.run(lambda env: fill(env, orders))
        for place in range(0, len(orders), BATCH):
            count, *_rest = base.run(lambda env, place=place: enter(env, orders[place : place + BATCH], world))
            invoiced += count
        entered = time.perf_counter() - start
        written, seconds, queries = base.run(lambda env: env["dropship.profit.collector"]._collect(env.company))
        again, *_rest = base.run(lambda env: env["dropship.profit.collector"]._collect(env.company))
        told, *_rest = base.run(ledger)
        rest, *_rest = base.run(lambda env: unexplained(env, told))
        odd, *_rest = base.run(called_off)
    files = said(args.folder, wanted)
    names = ("orders", "sales", "freight")
    lines = []
    for month in sorted({*files, *told}):
        line = {"month": month}
        for source, sums in (("files", files), ("ledger", told)):
            line |= {f"{name}, {source}": sums.get(month, {}).get(name, 0) for name in names}
        lines.append(line | {"equal": "yes" if files.get(month) == told.get(month) else "NO"})
    print(table(lines))
    print(
        f"{len(orders)} orders, {invoiced} invoices entered in {entered:.0f} s; {written} entries collected in "
        f"{seconds:.1f} s by {queries} queries; collected again: {again}; unexplained: {rest:.2f}; "
        f"called off and in the ledger: {odd}"
    )
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1, default=str), encoding="utf-8")
    good = (
        files == told
        and not again
        and not rest
        and not odd
        and invoiced == sum(row["orders"] for row in files.values())
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
