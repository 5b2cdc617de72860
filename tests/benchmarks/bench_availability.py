#!/usr/bin/env python3
"""Time the shop with and without the words about stock and print a markdown table.

Products are published, every one offered by three suppliers. One server of one process is asked for `/shop` and for
product pages over HTTP in blocks, in turn with the words and without them (the setting off and their templates not
active), so that both see the same machine. Then it is timed how long it takes to find all words anew, and to find that
nothing changed.
"""

import argparse
import json
import platform
import statistics
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table

from flow.live import Server

LIMIT_PERCENT = 10
VIEWS = ("product_stock", "cta_stock", "products_item_stock")


def fill(env, count):
    """Products with offers; every tenth has few left, every tenth none."""
    if env["product.product"].search_count([("name", "=like", "Bench article %")]):
        return
    company = env.ref("base.main_company")
    address = {"street": "Weg 1", "zip": "10115", "city": "Berlin", "country_id": env.ref("base.de").id}
    suppliers = env["dropship.supplier"].create(
        [
            {
                "partner_id": env["res.partner"].create({"name": f"Bench supplier {number}", **address}).id,
                "company_id": company.id, "state": "approved", "currency_id": company.currency_id.id,
                "warehouse_ids": [(0, 0, {"name": "Main", "country_id": env.ref("base.de").id, "tz": "Europe/Berlin"})],
            }
            for number in range(3)
        ]
    )  # fmt: skip
    for start in range(0, count, 5000):
        products = env["product.product"].create(
            [
                {"name": f"Bench article {number}", "type": "consu", "list_price": 20, "is_published": True}
                for number in range(start, min(start + 5000, count))
            ]
        )
        env["dropship.offer"].create(
            [
                {
                    "warehouse_id": supplier.warehouse_ids[:1].id, "product_id": product.id, "price": 5,
                    "sku": f"B{place}-{product.id}", "stock": (0, 1)[product.id % 10] if product.id % 10 < 2 else 100,
                }
                for product in products
                for place, supplier in enumerate(suppliers)
            ]
        )  # fmt: skip


def renew(env, everything):
    """Find the words of all products; `everything`: as if there were none yet."""
    availability = env["dropship.availability"]
    if everything:
        env.cr.execute("DELETE FROM dropship_availability")
    products, last = 0, 0
    while found := availability._next_products(last):
        availability._renew(found)
        products, last = products + len(found), found[-1].id
    return products


def switch(env, on):
    """Words about stock on or off."""
    for name in VIEWS:
        env.ref(f"dropship_flow.{name}").active = on
    env["website"].search([]).dropship_show_availability = on
    env.flush_all()
    env.cr.commit()
    env.registry.signal_changes()  # the server forgets its templates


def over_http(base, rounds, blocks):
    """[(page, median ms with, without)] over all blocks."""
    (urls, *_rest) = base.run(
        lambda env: [
            template.website_url
            for template in env["product.template"].search([("name", "=like", "Bench article %")], limit=10)
        ]
    )
    pages = {"/shop": ["/shop?search=Bench"], "product page": urls}
    times = {(page, on): [] for page in pages for on in (True, False)}
    server = Server(base.database)
    try:
        for block in range(blocks * 2):
            on = block % 2 == 0
            base.run(lambda env, on=on: switch(env, on))
            for page, addresses in pages.items():
                for number in range(rounds + len(addresses) + 2):
                    start = time.perf_counter()
                    text = urllib.request.urlopen(server.url + addresses[number % len(addresses)], timeout=120).read()
                    if number >= len(addresses) + 2:
                        times[page, on].append((time.perf_counter() - start) * 1000)
                assert (b"o_dropship_stock" in text) is on, page
        return [(page, times[page, True], times[page, False]) for page in pages]
    finally:
        server.stop()
        base.run(lambda env: switch(env, True))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=20, help="requests per block")
    parser.add_argument("--blocks", type=int, default=5, help="blocks with and blocks without")
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it is kept")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with fresh("bare", args.database) as name:
        base = Base(name)
        base.run(lambda env: fill(env, args.products))
        rows = []
        for title, everything in (("all words anew", True), ("nothing changed", False)):
            count, seconds, queries = base.run(lambda env, everything=everything: renew(env, everything))
            rows.append({"what": f"{title}, {count} products", "with ms": round(seconds * 1000), "queries": queries})
        for page, with_it, without in over_http(base, args.rounds, args.blocks):
            one, other = statistics.median(with_it), statistics.median(without)
            more = (one / other - 1) * 100
            rows.append({"what": page, "with ms": round(one, 1), "without ms": round(other, 1),
                         "more %": round(more, 1), "limit %": LIMIT_PERCENT,
                         "held": "yes" if more <= LIMIT_PERCENT else "NO"})  # fmt: skip
    columns = ("what", "with ms", "without ms", "more %", "limit %", "held", "queries")
    rows = [{column: row.get(column, "") for column in columns} for row in rows]
    print(f"{args.products} products, {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
