#!/usr/bin/env python3
"""Time landed cost and repricing of many products and print a markdown table.

Products, offers of three warehouses with vendor prices as the projection leaves them, and a rule are there; then all
prices are made for the first time, looked at again with nothing moved, and made again after every cost moved.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table

TARGET_SECONDS = 30


def furnish(env, count):
    """`count` products with two offers each; everything but the suppliers is inserted by SQL."""
    company = env.company
    germany, china = env.ref("base.de"), env.ref("base.cn")
    env["dropship.pricing.rule"].with_context(active_test=False).search([]).active = False
    warehouses = []
    for number, country in enumerate((germany, china, china)):
        partner = env["res.partner"].create(
            {"name": f"Bench {number}", "country_id": country.id, "street": "Kai 1", "city": "Harbour"}
        )
        supplier = env["dropship.supplier"].create(
            {"partner_id": partner.id, "company_id": company.id, "state": "approved",
             "currency_id": company.currency_id.id}
        )  # fmt: skip
        warehouse = env["dropship.supplier.warehouse"].create(
            {"supplier_id": supplier.id, "name": "Main", "country_id": country.id}
        )
        for step in range(3):
            env["dropship.shipping.rate"].create(
                {"warehouse_id": warehouse.id, "country_ids": [(6, 0, germany.ids)], "first_weight": 0.5,
                 "first_price": 3.0 + step, "step_weight": 0.5, "step_price": 0.8, "volumetric_divisor": 6000.0,
                 "days_p50": 5.0 - step, "days_p80": 6.0 - step, "days_p95": 7.0 - step}
            )  # fmt: skip
        warehouses.append(warehouse)
    env["dropship.duty.rule"].create(
        {"name": "Bench", "amount": 3.0, "kind": "heading", "currency_id": company.currency_id.id,
         "ship_to_ids": [(6, 0, germany.ids)], "max_value": 150.0}
    )  # fmt: skip
    first = env["product.product"].create({"name": "Bench", "type": "consu", "weight": 0.4, "list_price": 20.0})
    first.flush_recordset()
    ids = copy_products(env, first, count)
    pricelist = env["product.pricelist"].create({"name": "Bench", "company_id": company.id})
    channel = env["dropship.sales.channel"].create(
        {"name": "Bench", "company_id": company.id, "pricelist_id": pricelist.id, "payment_percent": 1.4,
         "payment_fixed": 0.3, "destination_ids": [(0, 0, {"country_id": germany.id})]}
    )  # fmt: skip
    for number, warehouse in enumerate(warehouses):
        env.cr.execute(
            """
            INSERT INTO dropship_offer (warehouse_id, supplier_id, company_id, product_id, product_tmpl_id, sku, name,
                   currency_id, price, stock, stock_mode, factor, active, sequence, as_of, create_date)
            SELECT %s, %s, %s, product.id, product.product_tmpl_id, 'B' || product.id, 'Bench', %s,
                   ROUND((3 + (product.id * 7919 %% 5000) / 100.0)::numeric, 2), 100, 'limited', 1, TRUE, 10,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM product_product product WHERE product.id = ANY(%s) AND product.id %% 3 <> %s
            RETURNING id
            """,
            [warehouse.id, warehouse.supplier_id.id, company.id, company.currency_id.id, ids, number],
        )
        env["dropship.offer"].browse([row[0] for row in env.cr.fetchall()])._project_many(5_000)
    env["dropship.pricing.rule"].create(
        {"name": "Bench", "company_id": company.id, "channel_id": channel.id, "method": "margin", "percent": 30.0,
         "ending": "90", "daily_limit": 0.0}
    )  # fmt: skip
    env.cr.execute("DELETE FROM dropship_supply_change")
    env.cr.execute("ANALYZE")
    return ids, channel.id


def copy_products(env, product, count):
    """Copies of a product and its template by SQL."""
    found = []
    for model, record in (("product_template", product.product_tmpl_id), ("product_product", product)):
        env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [model])
        columns = [row[0] for row in env.cr.fetchall() if row[0] not in ("id", "product_tmpl_id")]
        names = ", ".join(f'"{column}"' for column in columns)
        if model == "product_template":
            env.cr.execute(
                f"INSERT INTO product_template ({names}) SELECT {names} FROM product_template,"
                " generate_series(1, %s) WHERE id = %s RETURNING id",
                [count, record.id],
            )
            templates = [row[0] for row in env.cr.fetchall()]
        else:
            env.cr.execute(
                f"INSERT INTO product_product (product_tmpl_id, {names}) SELECT made.id, {names}"
                " FROM product_product, unnest(%s) AS made(id) WHERE product_product.id = %s RETURNING id",
                [templates, record.id],
            )
            found = [row[0] for row in env.cr.fetchall()]
    return found


def measure(base, count):
    (ids, channel_id), *_rest = base.run(lambda env: furnish(env, count))
    rows = []

    def timed(name, work):
        result, seconds, queries = base.run(work)
        rows.append({"what": name, "seconds": round(seconds, 2), "queries": queries, "result": str(result)[:60]})

    def landed(env):
        place = {"country_id": env.ref("base.de").id}
        return len(env["dropship.landed"]._best(ids, place, env.company))

    def reprice(env):
        total = {"applied": 0, "waiting": 0}
        channel = env["dropship.sales.channel"].browse(channel_id)
        for start in range(0, len(ids), 20_000):
            products = env["product.product"].browse(ids[start : start + 20_000])
            for key, value in env["dropship.pricing"]._apply(products, channel).items():
                total[key] += value
        return total

    def move(env):
        env.cr.execute("UPDATE dropship_offer SET price = ROUND(price * 1.07, 2) WHERE product_id = ANY(%s)", [ids])
        env["dropship.offer"].search([("product_id", "in", ids)])._project_many(5_000)

    timed("landed cost at the best source", landed)
    timed("first prices", reprice)
    timed("nothing moved", reprice)
    base.run(move)
    timed("every cost moved", reprice)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--json", help="also write the figures to this file")
    parser.add_argument("--database", help="a database with the addon; kept. Default: a fresh one")
    options = parser.parse_args()
    with fresh("bare", options.database) as database:
        rows = measure(Base(database), options.products)
    machine = platform.processor() or platform.machine()
    print(f"{options.products} products, {machine}, Python {sys.version.split()[0]}\n")
    print(table(rows))
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1))
    slow = [row["what"] for row in rows[1:] if row["seconds"] > TARGET_SECONDS]
    if options.products >= 100_000 and slow:
        sys.exit(f"slower than {TARGET_SECONDS} s: {', '.join(slow)}")


if __name__ == "__main__":
    main()
