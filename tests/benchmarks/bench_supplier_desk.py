#!/usr/bin/env python3
"""Time the pages of a supplier with very many open orders and print a markdown table.

The orders are those of `bench_desk.py`: inserted by SQL in the shape the automation leaves them, all of one supplier,
here all but a few waiting for his answer or to be shipped. Then what he does in the morning is timed: the first page
with its counts, another tab, the last page, the search, one order. Every measurement is a transaction of its own with
empty record caches. Then the same pages are asked for over HTTP, rendering included, by link and with a login: one
server of one process, a new connection for each page, queries as the server counts them.
"""

import argparse
import json
import platform
import re
import statistics
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bench_desk
from odoo_world import Base, fresh, table

from flow.live import Server

LIMIT_MS = 300
PER_PAGE = 20
OPEN = {"at_supplier": 60.0, "to_ship": 39.0}


def supplier_of(env):
    env.cr.execute(
        """
        SELECT warehouse.supplier_id FROM purchase_order purchase
          JOIN dropship_supplier_warehouse warehouse ON warehouse.id = purchase.dropship_warehouse_id
         GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
        """
    )
    return env["dropship.supplier"].browse(env.cr.fetchone()[0])


def first_page(env, tab="answer", page=1, text=""):
    """What the controller asks for: counts, the rows of the page, what each shows."""
    supplier = supplier_of(env)
    counts = supplier._desk_counts()
    domain = (supplier._desk_domain() & supplier._desk_search(text)) if text else supplier._desk_domain(tab)
    purchases = env["purchase.order"]
    if text:
        purchases.search_count(domain)
    order = "id desc" if text else "dropship_leaves_by, id"
    found = purchases.search(domain, order=order, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return counts, len(found._dropship_desk_rows())


def one_order(env):
    supplier = supplier_of(env)
    order = env["purchase.order"].search(supplier._desk_domain("ship"), limit=1)
    return len(order._dropship_desk_facts()["lines"])


def screens(count):
    """[(title, what to time)]."""
    last = max(int(count * OPEN["at_supplier"] / 100) // PER_PAGE, 1)
    return [
        ("first page, to accept", first_page),
        ("first page, to ship", lambda env: first_page(env, "ship")),
        ("last page, to accept", lambda env: first_page(env, "answer", last)),
        ("find by number", lambda env: first_page(env, text="P0100777")),
        ("find by recipient", lambda env: first_page(env, text="王伟")),
        ("find nothing", lambda env: first_page(env, text="zzqqxx")),
        ("one order", one_order),
    ]


def doors(env):
    """A link and a login of the supplier: the path of the link."""
    supplier = supplier_of(env)
    env["res.users"].create({
        "name": "Supplier", "login": "bench-supplier", "password": "bench-supplier",
        "partner_id": env["res.partner"].create({"name": "Clerk", "parent_id": supplier.partner_id.id}).id,
        "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
    })  # fmt: skip
    _link, url = env["dropship.supplier.link"]._make(supplier, env.company)
    return "/supplier/" + url.rpartition("/")[2]


def log_in(url):
    """Somebody who has logged in as the supplier."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = opener.open(f"{url}/web/login", timeout=120).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"login": "bench-supplier", "password": "bench-supplier", "csrf_token": token}
    opener.open(f"{url}/web/login", urllib.parse.urlencode(form).encode(), timeout=120).read()
    return opener


def over_http(database, link, count, rounds):
    """Measured rows of whole pages: what the supplier waits for."""
    last = max(int(count * OPEN["at_supplier"] / 100) // PER_PAGE, 1)
    server = Server(database)
    try:
        guest, clerk = urllib.request.build_opener(), log_in(server.url)
        rows = []
        for title, opener, path in (
            ("first page by link", guest, link),
            ("first page with a login", clerk, "/my/dropship"),
            ("to ship, by link", guest, f"{link}?tab=ship"),
            ("last page by link", guest, f"{link}?tab=answer&page={last}"),
            ("search by link", guest, f"{link}?q=P0100777"),
        ):
            times = []
            for _ in range(rounds + 2):
                start = time.perf_counter()
                page = opener.open(server.url + path, timeout=120).read().decode()
                times.append((time.perf_counter() - start) * 1000)
            assert page.count("/order/") >= (1 if "search" in title else PER_PAGE), title
            rows.append((title, times[2:], queries_of(server.log, path, rounds)))
        return [
            {"what": f"{title}, over HTTP", "median ms": round(statistics.median(times), 1),
             "worst ms": round(max(times), 1), "queries": "–".join(dict.fromkeys(map(str, sorted(queries)))),
             "limit ms": LIMIT_MS, "held": "yes" if statistics.median(times) < LIMIT_MS else "NO"}
            for title, times, queries in rows
        ]  # fmt: skip
    finally:
        server.stop()


def queries_of(log, path, rounds):
    """How many queries the server counted for each of the last requests of a path, the worker being warm."""
    line = re.compile(rf'"GET {re.escape(path)} HTTP/1.1" 200 - (\d+) ')
    return [int(number) for number in line.findall(Path(log).read_text(encoding="utf-8"))][-rounds:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--database", help="database with our addons to use instead of a new one; it keeps the orders")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    bench_desk.STAGES.clear()
    bench_desk.STAGES.update(OPEN)
    with fresh("bare", args.database) as name:
        base = Base(name)
        base.run(lambda env: bench_desk.insert(env, args.orders))
        with base.registry.cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute("VACUUM ANALYZE")
        rows = []
        for title, work in screens(args.orders):
            once = lambda env, _round, work=work: work(env)  # noqa: E731
            median, worst, queries = bench_desk.measure(base, None, once, args.rounds)
            held = "yes" if median < LIMIT_MS else "NO"
            rows.append(
                {"what": title, "median ms": median, "worst ms": worst, "queries": queries, "limit ms": LIMIT_MS,
                 "held": held}
            )  # fmt: skip
        counts = base.run(first_page)[0]
        link = base.run(doors)[0]
        rows += over_http(name, link, args.orders, args.rounds)
    print(f"\n{args.orders} orders, counts and rows of the first page {counts}, Python {platform.python_version()}\n")
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    return 0 if all(row["held"] == "yes" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
