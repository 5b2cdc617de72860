#!/usr/bin/env python3
"""Replay the Olist slice: `replay_olist.py DIR`, DIR holding orders.csv and its companions (kept outside the tree).

Every seller becomes a supplier with one warehouse; every product can be bought from its true seller and from a few more
of the same category. What the files do not say (costs, the others' prices, freight tables) is derived as the head of
`olist_data.py` tells. The customer pays the price and the freight of the files. Orders without lines are entered as
quotations and reported. The policy buys by itself where an order does not lose money and holds the others for a person;
after counting them, the held ones are released as a buyer would, so that all are bought in the end.

Customers and orders come in through the external JSON API of a server started for the run, as a shop would send them;
so does every order's confirmation and release. The comparison prices every order a second time by the same router with
its lines pinned to the true sellers; nothing of that is saved.
"""

import argparse
import datetime
import json
import statistics
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fresh
from olist_data import Olist
from olist_world import compare, fill_olist


class Api:
    """`/json/2` of an Odoo server."""

    def __init__(self, url, database, key):
        self.url = url
        self.headers = {
            "Authorization": f"bearer {key}", "X-Odoo-Database": database, "Content-Type": "application/json",
        }  # fmt: skip

    def call(self, model, method, **body):
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}", json.dumps(body).encode(), self.headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)

    def read(self, model, domain, names):
        return self.call(model, "search_read", domain=domain, fields=names)

    def each(self, model, method, ids, size):
        """Call for `size` records at a time; a call that fails is tried again record by record.

        :return: {id: error text}
        """
        failed = {}
        for chunk in chunks(ids, size):
            try:
                self.call(model, method, ids=chunk)
            except urllib.error.HTTPError as error:
                if len(chunk) == 1:
                    failed[chunk[0]] = error.read().decode()[:300]
                else:
                    failed |= self.each(model, method, chunk, 1)
            progress(f"{method}: {chunk[-1]}")
        return failed


def chunks(values, size):
    return [values[start : start + size] for start in range(0, len(values), size)]


def progress(text):
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="", file=sys.stderr, flush=True)


def enter(api, olist, world):
    """Customers and quotations; {Olist order: sale.order id}."""
    keys = list(olist.orders)
    partners = {}
    for chunk in chunks(keys, 200):
        values = [customer_values(olist.customers[olist.orders[key]["customer_id"]], world) for key in chunk]
        partners |= dict(zip(chunk, api.call("res.partner", "create", vals_list=values), strict=True))
        progress(f"customers: {len(partners)}")
    entered = {}
    for chunk in chunks(keys, 100):
        values = [order_values(olist, key, partners[key], world) for key in chunk]
        entered |= dict(zip(chunk, api.call("sale.order", "create", vals_list=values), strict=True))
        progress(f"orders: {len(entered)}")
    return entered


def customer_values(row, world):
    return {
        "name": f"Cliente {row['customer_id'][:8]}", "city": row["customer_city"].title(),
        "zip": row["customer_zip_code_prefix"], "state_id": world["states"][row["customer_state"]],
        "country_id": world["country"],
    }  # fmt: skip


def order_values(olist, key, partner_id, world):
    lines = olist.lines.get(key, [])
    commands = [
        [0, 0, {"product_id": world["products"][line["product"]], "product_uom_qty": line["qty"],
                "price_unit": line["price"]}]
        for line in lines
    ]  # fmt: skip
    if lines:
        freight = round(sum(line["freight"] for line in lines), 2)
        commands.append([0, 0, {"product_id": world["freight"], "product_uom_qty": 1, "price_unit": freight}])
    return {"partner_id": partner_id, "client_order_ref": key, "order_line": commands}


def state_of(api):
    """What became of the orders, told by the API."""
    orders = api.read("sale.order", [["client_order_ref", "!=", False]], ["state", "dropship_stage"])
    holds = api.read("dropship.hold", [["state", "=", "open"]], ["order_id", "kind"])
    purchases = api.read("purchase.order", [["dropship_sale_id", "!=", False]], ["state"])
    return orders, holds, purchases


def replay(server, database, olist, world):
    """Send everything in; returns the figures to print."""
    api = Api(server.url, database, world["key"])
    figures, clock = {}, time.perf_counter()

    def lap(name):
        nonlocal clock
        now = time.perf_counter()
        figures[f"seconds {name}"] = round(now - clock, 1)
        clock = now

    entered = enter(api, olist, world)
    lap("entering")
    wanted = [entered[key] for key in olist.orders if olist.lines.get(key)]
    failed = api.each("sale.order", "action_confirm", wanted, 50)
    lap("confirming, routing, buying")
    _orders, holds, _purchases = state_of(api)
    figures["held"] = dict(Counter(hold["kind"] for hold in holds))
    figures["held orders"] = len({hold["order_id"][0] for hold in holds})
    failed |= api.each("dropship.hold", "action_release", [hold["id"] for hold in holds], 20)
    lap("releasing")
    orders, holds, purchases = state_of(api)
    decisions = api.read("dropship.routing.decision", [["outcome", "=", "bought"]],
                         ["order_id", "landed", "proven", "gap", "seconds", "parcel_count", "profit"])  # fmt: skip
    stages = Counter(order["dropship_stage"] or order["state"] for order in orders)
    milliseconds = [decision["seconds"] * 1000 for decision in decisions]
    return figures | {
        "orders": len(orders), "without lines": len(entered) - len(wanted),
        "lines": sum(map(len, olist.lines.values())), "failed": failed,
        "routed": len({decision["order_id"][0] for decision in decisions}),
        "still held": len({hold["order_id"][0] for hold in holds}), "stages": dict(stages),
        "purchases": len(purchases), "purchase states": dict(Counter(row["state"] for row in purchases)),
        "landed": round(sum(decision["landed"] for decision in decisions), 2),
        "profit": round(sum(decision["profit"] for decision in decisions), 2),
        "proven": sum(decision["proven"] for decision in decisions), "decisions": len(decisions),
        "solver ms median": round(statistics.median(milliseconds), 2), "solver ms worst": round(max(milliseconds), 2),
        "order ids": sorted({decision["order_id"][0] for decision in decisions}), "entered": entered,
    }  # fmt: skip


def show(figures, true_cost, priced, seconds):
    held = ", ".join(f"{kind} {count}" for kind, count in sorted(figures["held"].items())) or "none"
    accounted = figures["without lines"] + figures["routed"] + figures["still held"] + len(figures["failed"])
    saved = true_cost - figures["landed"]
    lines = [
        ("orders", f"{figures['orders']} entered, {figures['without lines']} without lines (left as quotations)"),
        ("lines", figures["lines"]),
        ("routed and bought", f"{figures['routed']} orders"),
        ("plans proven best", f"{figures['proven']} of {figures['decisions']}"),
        ("held at first, by reason", f"{held} ({figures['held orders']} orders; all released afterwards)"),
        ("still held", figures["still held"]),
        ("failed", len(figures["failed"])),
        ("accounted for", f"{accounted} of {figures['orders']}"),
        ("stages", figures["stages"]),
        ("purchases", f"{figures['purchases']} {figures['purchase states']}"),
        ("plan cost", f"{figures['landed']:,.2f} BRL"),
        ("always the true seller", f"{true_cost:,.2f} BRL for {priced} of these orders; saved {saved / true_cost:.2%}"),
        ("solver", f"{figures['solver ms median']} ms median, {figures['solver ms worst']} ms worst"),
        *((name, value) for name, value in figures.items() if name.startswith("seconds")),
        ("seconds, shop and comparison included", round(seconds, 1)),
    ]
    for name, value in lines:
        print(f"| {name} | {value} |")
    for record_id, text in list(figures["failed"].items())[:5]:
        print(f"failed {record_id}: {text}")
    good = accounted == figures["orders"] == len(figures["entered"]) and priced == figures["routed"]
    return 0 if good and not figures["failed"] and not figures["still held"] else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the data set")
    parser.add_argument("--database", help="an empty database with our addons to use (and keep) instead of a new one")
    parser.add_argument("--limit", type=int, help="only the first so many orders")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    start = time.perf_counter()
    olist = Olist(args.folder)
    if args.limit:
        olist.orders = dict(list(olist.orders.items())[: args.limit])
        olist.lines = {key: lines for key, lines in olist.lines.items() if key in olist.orders}
    from flow.live import Server  # noqa: PLC0415 - the tools' path is known now

    with fresh("bare", args.database) as database:
        base = Base(database)
        world, *_ = base.run(lambda env: fill_olist(env, olist, datetime.date.today() + datetime.timedelta(days=2)))
        print(f"shop: {world['counts']} in {time.perf_counter() - start:.0f} s")
        server = Server(database, "--limit-time-real=600")
        try:
            figures = replay(server, database, olist, world)
        finally:
            server.stop()
        true_cost, priced = 0.0, 0
        sellers = {figures["entered"][key]: [line["seller"] for line in lines] for key, lines in olist.lines.items()}
        for ids in chunks(figures["order ids"], 100):
            work = {order_id: [world["suppliers"][seller] for seller in sellers[order_id]] for order_id in ids}
            (cost, count), *_ = base.run(lambda env, work=work: compare(env, work))
            true_cost, priced = true_cost + cost, priced + count
    code = show(figures, true_cost, priced, time.perf_counter() - start)
    if args.json:
        hidden = {"order ids", "entered"}
        kept = {name: value for name, value in figures.items() if name not in hidden}
        args.json.write_text(json.dumps(kept | {"true seller": true_cost}, indent=1))
    return code


if __name__ == "__main__":
    sys.exit(main())
