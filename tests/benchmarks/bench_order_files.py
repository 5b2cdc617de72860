#!/usr/bin/env python3
"""Time a marketplace's file of many orders from its upload to orders that are bought; print a markdown table.

Orders of one to three lines for buyers who all live somewhere else, ten offers per product. The file is kept by
somebody of the order desk, read and checked and then entered by one worker, batch by batch, each committed, as the
scheduler does it: every order is confirmed, routed and bought into drafts. The same file once more is known at once; a
file that brings the same orders in other words is checked and entered again: nothing is doubled.
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from odoo_world import Base, fill, fresh, table

PER_MINUTE = 300
HEAD = "order-id\torder-item-id\tsku\tproduct-name\tquantity-to-ship\trecipient-name\tship-address-1\tship-city\t"
HEAD += "ship-postal-code\tship-country\n"


def content(mark, count, codes, seed=19):
    rng = random.Random(seed)
    lines = [HEAD]
    for number in range(count):
        where = f"Buyer {number}\tAllee {number}\tTown {number % 300}\t{10115 + number % 300 * 37}\tDE\n"
        for place, code in enumerate(rng.sample(codes, rng.randint(1, 3))):
            lines.append(f"{mark}-{number:06}\t{number}-{place}\t{code}\tProduct\t{rng.randint(1, 3)}\t{where}")
    return "".join(lines).encode()


def prepare(base):
    """(id of a new channel, codes of the products, id of somebody of the desk)"""

    def work(env):
        world = fill(env)
        products = env["product.product"].browse(world["products"])
        for product in products:
            product.default_code = f"P-{product.id}"
        channel = env["dropship.sales.channel"].create(
            {"name": "Bench", "kind": "file", "platform": "amazon", "company_id": env.company.id}
        )
        return channel.id, products.mapped("default_code"), world["user"]

    return base.run(work)[0]


def receive(base, channel_id, user_id, name, data):
    """(seconds until the file is kept, id of the file)"""

    def work(env):
        channel = env["dropship.sales.channel"].browse(channel_id)
        return env["dropship.order.file"]._receive(channel, channel._layout("in"), name, data)[0].id

    file_id, seconds, _queries = base.run(work, user_id)
    return seconds, file_id


def cron(base):
    """(seconds, queries) of one turn of the scheduled action."""
    _result, seconds, queries = base.run(lambda env: env["dropship.order.file"]._cron_work())
    return seconds, queries


def counts(base, file_id, mark):
    def work(env):
        file = env["dropship.order.file"].browse(file_id)
        env.cr.execute(
            "SELECT count(*), count(DISTINCT client_order_ref), count(*) FILTER (WHERE state = 'sale')"
            "  FROM sale_order WHERE client_order_ref LIKE %s",
            [f"{mark}-%"],
        )
        orders = env.cr.fetchone()
        return file.state, file.waiting_count, file.problem_count, *orders

    return base.run(work)[0]


def enter(base, file_id, user_id):
    """(seconds, queries) until everything is entered."""
    start, queries = time.perf_counter(), 0
    base.run(lambda env: env["dropship.order.file"].browse(file_id).action_import(), user_id)
    while base.run(lambda env: env["dropship.order.file"].browse(file_id).state)[0] == "importing":
        queries += cron(base)[1]
    return time.perf_counter() - start, queries


def measure(base, count):
    channel_id, codes, user_id = prepare(base)
    _kept, warm_id = receive(base, channel_id, user_id, "warm.txt", content("W", 25, codes, seed=1))
    cron(base)
    enter(base, warm_id, user_id)
    data = content("B", count, codes)
    rows = []

    def note(what, seconds, queries=""):
        each = f"{1000 * seconds / count:.1f}"
        rows.append({"what": what, "seconds": round(seconds, 2), "orders per minute": round(60 * count / seconds),
                     "ms each": each, "queries each": queries and round(queries / count, 1)})  # fmt: skip

    kept, file_id = receive(base, channel_id, user_id, "orders.txt", data)
    seconds, queries = cron(base)
    note("kept, read and checked", kept + seconds, queries)
    seconds, queries = enter(base, file_id, user_id)
    note("entered, confirmed and bought", seconds, queries)
    assert counts(base, file_id, "B") == ("imported", 0, 0, count, count, count), counts(base, file_id, "B")
    same, again_id = receive(base, channel_id, user_id, "again.txt", data)
    assert again_id == file_id
    note("the same file again", same)
    kept, other_id = receive(base, channel_id, user_id, "other.txt", data.replace(b"\tProduct\t", b"\tArticle\t"))
    seconds, queries = cron(base)
    note("the same orders in another file", kept + seconds, queries)
    state = counts(base, other_id, "B")
    assert state[1:4] == (0, 0, count), state
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--database", help="a database with the addon; kept. Default: a fresh one")
    args = parser.parse_args()
    with fresh("bare", args.database) as database:
        rows = measure(Base(database), args.orders)
    print(f"{args.orders} orders\n\n{table(rows)}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))
    return 0 if rows[1]["orders per minute"] >= PER_MINUTE else 1


if __name__ == "__main__":
    sys.exit(main())
