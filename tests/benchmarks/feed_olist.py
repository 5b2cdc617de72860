#!/usr/bin/env python3
"""The Olist goods through a supplier's list into the shop: `feed_olist.py DIR`, DIR holding the Olist slice.

One wholesaler with a warehouse in each state that has sellers; his list has a row for each product and state, taken
from products.csv (category, weight), sellers.csv (state) and order_items.csv (prices and units sold up to a day). What
the files do not say is derived: cost = COST_SHARE of the last price paid up to the day; stock = STOCK_PER_SALE for each
unit sold up to the day; the name is category and the start of the product's key, as Olist took the names out. Freight
is the table of `olist_data.py`.

Five lists: as of a day with EARLY of all units sold; as of the last day, which the feed's guards may stop, since prices
move and goods appear; the same again; one in which the listed goods are sold out; the list from before. After the
second the first `--list` offers become products and listings by the table a person confirms; availability, prices and
listings follow every list as the scheduled job makes them follow.

Every count is balanced: rows of a list = applied + unchanged + rejected + in quarantine, offers = products and states,
listings = published + on hold; ends with an error where one is not.
"""

import argparse
import csv
import json
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh, table
from olist_data import COST_SHARE, REGION_OF, REGIONS, Olist, place

EARLY = 0.8
STOCK_PER_SALE = 5
# Heading of the list: what it is, and what is done to it.
COLUMNS = {
    "codigo": ("sku", []), "deposito": ("warehouse", []), "nome": ("name", []), "categoria": ("category", []),
    "custo": ("price", []), "estoque": ("stock", []), "peso_g": ("weight", [("multiply", "0.001")]),
}  # fmt: skip
FIGURES = ("in", "applied", "unchanged", "rejected", "quarantined", "new", "changed", "missing", "zeroed")


def goods_of(olist, share):
    """{(product, state): [units sold, last price]} of the first `share` of all units."""
    units = sorted(olist.units, key=lambda unit: unit["shipping_limit_date"])
    found = {}
    for unit in units[: int(len(units) * share)]:
        key = unit["product_id"], olist.sellers[unit["seller_id"]]["seller_state"]
        sold = found.get(key, (0, 0.0))[0] + 1
        found[key] = sold, float(unit["price"])
    return found


def write_list(path, olist, goods, sold_out=frozenset()):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for (product, state), (sold, price) in sorted(goods.items()):
            row = olist.products[product]
            category = row["product_category"] or "other"
            stock = 0 if (product, state) in sold_out else sold * STOCK_PER_SALE
            cost = f"{COST_SHARE * price:.2f}".replace(".", ",")
            name = f"{category.replace('_', ' ')} {product[:6]}"
            writer.writerow([product, state, name, category, cost, stock, row["product_weight_g"] or ""])


def make_world(env, olist):
    """The shop in São Paulo, its wholesaler with warehouses and freight, its feed; their ids."""
    brazil, real = env.ref("base.br"), env.ref("base.BRL")
    real.active = True
    company = env.company
    company.write({"country_id": brazil.id, "currency_id": real.id})
    company.account_fiscal_country_id = brazil
    states = {state.code: state.id for state in brazil.state_ids}
    partner = env["res.partner"].create(
        {"name": "Atacado", "is_company": True, "street": "-", "city": "São Paulo", "state_id": states["SP"],
         "country_id": brazil.id}
    )  # fmt: skip
    supplier = env["dropship.supplier"].create(
        {"partner_id": partner.id, "company_id": company.id, "state": "approved", "answer_mode": "auto",
         "currency_id": real.id}
    )  # fmt: skip
    sources = sorted({row["seller_state"] for row in olist.sellers.values()})
    warehouses = env["dropship.supplier.warehouse"].create([
        {"supplier_id": supplier.id, "name": code, "code": code, "country_id": brazil.id, "state_id": states[code],
         "handling_days": 2}
        for code in sources
    ])  # fmt: skip
    make_rates(env, olist, dict(zip(sources, warehouses, strict=True)), brazil, states)
    channel = env["dropship.sales.channel"].search([("website_id", "!=", False)], limit=1)
    channel = channel or env["dropship.sales.channel"].create({"name": "Loja"})
    pricelist = env["product.pricelist"].create({"name": "Loja", "currency_id": real.id})
    channel.write({
        "website_id": env["website"].search([], limit=1).id, "pricelist_id": pricelist.id,
        "destination_ids": [(5, 0, 0), (0, 0, {"country_id": brazil.id, "state_id": states["SP"], "zip": "01310"})],
    })  # fmt: skip
    env["dropship.pricing.rule"].create(
        {"name": "A third is left", "channel_id": channel.id, "method": "margin", "percent": 33, "ending": "90"}
    )
    columns = [
        (0, 0, {"source": source, "target": target,
                "step_ids": [(0, 0, {"function": name, "argument": text}) for name, text in steps]})
        for source, (target, steps) in COLUMNS.items()
    ]  # fmt: skip
    home = warehouses[sources.index("SP")]
    feed = env["dropship.feed"].create({"name": "Lista", "warehouse_id": home.id, "column_ids": columns})
    return {"feed": feed.id, "channel": channel.id}


def make_rates(env, olist, warehouses, country, states):
    values = []
    for source, warehouse in warehouses.items():
        for column in ("same", *REGIONS):
            targets = [states[code] for code in REGION_OF if place(source, code) == column]
            if targets:
                first, step, (p50, p80, p95) = olist.freight[source, column]
                values.append({
                    "warehouse_id": warehouse.id, "country_ids": [(6, 0, country.ids)],
                    "state_ids": [(6, 0, targets)], "first_weight": 1.0, "first_price": first, "step_weight": 1.0,
                    "step_price": step, "days_p50": p50, "days_p80": p80, "days_p95": p95,
                })  # fmt: skip
    env["dropship.shipping.rate"].create(values)


def take(base, world, path, hour, what):
    """A list from received to done, whatever its guards say; its figures as a row."""
    start = time.perf_counter()
    as_of = datetime.now().replace(microsecond=0) - timedelta(days=1) + timedelta(hours=hour)

    def receive(env):
        return env["dropship.feed"].browse(world["feed"])._receive("lista.csv", str(path), as_of=as_of).id

    run_id = base.run(receive)[0]
    base.run(lambda env: env["dropship.feed.run"]._cron_work(seconds=1e6))

    def stopped(env):
        run = env["dropship.feed.run"].browse(run_id)
        return " ".join(code for code, _figures in run.guards or []) if run.state == "review" else ""

    guards = base.run(stopped)[0]
    if guards:
        base.run(lambda env: env["dropship.feed.run"].browse(run_id).action_force(), user_id=2)
        base.run(lambda env: env["dropship.feed.run"]._cron_work(seconds=1e6))

    def figures(env):
        run = env["dropship.feed.run"].browse(run_id)
        return {name: run[f"rows_{name}"] for name in FIGURES} | {"state": run.state}

    found = base.run(figures)[0]
    return {"list": what, **found, "stopped first by": guards, "seconds": round(time.perf_counter() - start, 1)}


def follow(base):
    """What the scheduled job does when supply moved."""
    start = time.perf_counter()
    while base.run(lambda env: env["dropship.supply"]._follow())[0]:
        pass
    return round(time.perf_counter() - start, 1)


def list_goods(base, world, count):
    """The first offers of the list become products and listings, as a person confirms the table."""
    begin = time.perf_counter()

    def start(env):
        channel = env["dropship.sales.channel"].browse(world["channel"])
        offers = env["dropship.offer"].search([("feed_id", "=", world["feed"])], order="sku, id", limit=count)
        action = env["dropship.list.offers"].action_start(offers, channel)
        plan = env["dropship.list.offers"].browse(action["res_id"])
        open_lines = plan.line_ids.filtered(lambda line: not line.decision)
        asked = len(open_lines)
        open_lines.write({"decision": "new", "product_tmpl_id": False})
        plan.action_apply()
        return plan.id, len(offers), asked

    (plan_id, offers, asked), *_ = base.run(start, user_id=2)
    base.run(lambda env: env["dropship.list.offers"]._cron_list())

    def figures(env):
        plan = env["dropship.list.offers"].browse(plan_id)
        return {"offers": offers, "products": plan.line_count, "asked first": asked, "listed": plan.done_count,
                "failed": plan.failed_count}  # fmt: skip

    seconds = round(time.perf_counter() - begin, 1)
    return base.run(figures)[0] | {"seconds": seconds}


def shop(base, what):
    """How many listings stand where, and what they say."""

    def work(env):
        listings = env["dropship.listing"].search([])
        kinds = {}
        for listing in listings.filtered(lambda row: row.state == "hold"):
            kinds[listing.hold_kind] = kinds.get(listing.hold_kind, 0) + 1
        goods = listings.product_tmpl_id
        stocks = env["dropship.availability"].search([("product_id.product_tmpl_id", "in", goods.ids)])
        words = {name: len(rows) for name, rows in stocks.grouped("state").items()}
        return {
            "after": what, "listings": len(listings),
            "published": len(listings.filtered(lambda listing: listing.state == "published")),
            "held": sum(kinds.values()),
            "why": ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items())),
            "pages in the shop": len(goods.filtered("is_published")),
            "prices by rules": env["product.pricelist.item"].search_count([("dropship_ours", "=", True)]),
            "in stock": words.get("in_stock", 0), "few": words.get("few", 0), "not available": words.get("none", 0),
        }  # fmt: skip

    return base.run(work)[0]


def listed_goods(base):
    """{(product, state)} of every source of what is listed."""

    def work(env):
        products = env["dropship.listing"].search([]).product_tmpl_id.product_variant_ids
        offers = env["dropship.offer"].search([("product_id", "in", products.ids)])
        return {(offer.sku, offer.warehouse_id.code) for offer in offers}

    return base.run(work)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the data set")
    parser.add_argument("--list", type=int, default=300, help="so many offers are listed")
    parser.add_argument("--database", help="an empty database with our addons to use (and keep) instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    olist = Olist(args.folder)
    early, late = goods_of(olist, EARLY), goods_of(olist, 1)
    with fresh("bare", args.database) as database, tempfile.TemporaryDirectory() as folder:
        base, path = Base(database), Path(folder) / "lista.csv"
        world = base.run(lambda env: make_world(env, olist))[0]
        runs, states = [], []

        def receive(what, goods, hour, sold_out=frozenset()):
            write_list(path, olist, goods, sold_out)
            runs.append(take(base, world, path, hour, what))
            runs[-1]["following, s"] = follow(base)

        receive("early", early, 0)
        receive("last day", late, 1)
        listing = list_goods(base, world, args.list)
        follow(base)
        states.append(shop(base, "listing"))
        receive("the same again", late, 2)
        receive("listed goods sold out", late, 3, listed_goods(base))
        states.append(shop(base, "sold out"))
        receive("the list from before", late, 4)
        states.append(shop(base, "back"))
        offers = base.run(lambda env: env["dropship.offer"].search_count([("feed_id", "=", world["feed"])]))[0]
    print(table(runs), "\n")
    print(table([listing]), "\n")
    print(table(states), "\n")
    wrong = balance(runs, states, listing, offers, len(late))
    print("\n".join(wrong) or f"balanced: {offers} offers of {len(late)} products in states")
    if args.json:
        args.json.write_text(json.dumps({"runs": runs, "listing": listing, "shop": states, "offers": offers}, indent=1))
    return 1 if wrong else 0


def balance(runs, states, listing, offers, expected):
    """What does not add up."""
    wrong = []
    for run in runs:
        total = sum(run[name] for name in ("applied", "unchanged", "rejected", "quarantined"))
        if run["state"] == "done" and total != run["in"] or run["state"] not in ("done", "same"):
            wrong.append(f"{run['list']}: {run['in']} rows, {total} accounted for, {run['state']}")
    if offers != expected:
        wrong.append(f"{offers} offers of {expected} rows")
    if listing["listed"] + listing["failed"] != listing["products"]:
        wrong.append(f"listing: {listing}")
    for state in states:
        if state["published"] + state["held"] != state["listings"] or state["published"] != state["pages in the shop"]:
            wrong.append(f"after {state['after']}: {state}")
    first, out, back = states
    if out["published"] or back["published"] != first["published"]:
        wrong.append(f"sold out {out['published']}, back {back['published']} of {first['published']} published")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
