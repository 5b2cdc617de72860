#!/usr/bin/env python3
"""Messages per second of one and of two relays, and a supplier that is down with a crowd waiting; markdown tables.

The supplier is a process of its own that answers "received" in 0 ms or 50 ms. The relays are processes as the
scheduler runs them: claim, commit, call, finish, commit. All four figures come from the same database in one run, each
with the same number of waiting orders. At the end the supplier's own ledger must have each order once.

Second part: one supplier does not answer for six hours, simulated by moving the database's waiting times on minute by
minute, with 3,000 orders waiting for it while another supplier's orders come in every minute; then it is back and its
orders drain. What is counted: how often it was knocked at, how long the other's orders waited, and the calls per
second the supplier saw while it drained.
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg2

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from copies import copy_purchases  # noqa: E402 - the path is known only now
from odoo_world import ROOT, Base, fill, fresh, quotations, table  # noqa: E402

SCALING = 1.7
DOWN_HOURS = 6


@contextmanager
def supplier(ledger, port=0, delay=0.0):
    """A simulated supplier that takes every order: (process, port)."""
    words = ["--ledger", str(ledger), "--temperament", "silent", "--port", str(port), "--delay", str(delay)]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator.server", *words],
        cwd=ROOT / "dropship_flow",
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def booked(ledger):
    """[(reference, time)] of the orders in the supplier's own book."""
    with open(ledger, encoding="utf-8") as handle:
        rows = [json.loads(line) for line in handle]
    return [(row["ref"], row["at"]) for row in rows if row["fact"] == "order"]


def seed_orders(env, world):
    """One sale bought at each of two suppliers, sent: the pattern of the crowd. (purchase ids, connection ids)"""
    env["dropship.routing.policy"].search([("name", "=", "Bench")]).automation = "buy"
    suppliers = env["dropship.supplier"].search([])
    suppliers.answer_mode = "manual"
    make = env["dropship.connection"].create
    first, second = (
        make({"name": name, "endpoint": "http://127.0.0.1:9", "private_allowed": True, "rate": 10_000.0})
        for name in ("First", "Second")
    )
    orders = env["sale.order"].browse(quotations(env, world, 1, random.Random(7), 2))
    orders.action_confirm()
    purchases = orders.dropship_purchase_ids
    purchases.filtered(lambda purchase: purchase.state == "draft")._dropship_submit()
    sources = purchases.dropship_warehouse_id.supplier_id
    assert len(sources) == 2 and set(purchases.mapped("state")) == {"sent"}, purchases.mapped("state")
    sources[0].connection_id, sources[1].connection_id = first, second
    for purchase in purchases:
        env["dropship.exchange"]._enqueue(purchase, "order")
    env.flush_all()
    by_supplier = [purchases.filtered(lambda p, s=s: p.dropship_warehouse_id.supplier_id == s).id for s in sources]
    return by_supplier, (first | second).ids


class Crowd:
    """The database seen past Odoo."""

    def __init__(self, database):
        self.connection = psycopg2.connect(dbname=database)
        self.connection.autocommit = True

    def run(self, query, *params):
        with self.connection.cursor() as cr:
            cr.execute(query, params or None)
            return cr.fetchall() if cr.description else []

    def wait_for(self, purchase_id, count):
        """`count` new orders like this one, ready to be sent."""
        ids = copy_purchases(self.run, [purchase_id], count)
        self.run("UPDATE dropship_exchange SET state = 'ready', next_try = NULL WHERE purchase_id = ANY(%s)", ids)
        self.run("ANALYZE dropship_exchange")
        return ids

    def states(self, connection_id):
        query = "SELECT state, count(*) FROM dropship_exchange WHERE connection_id = %s GROUP BY state"
        return dict(self.run(query, connection_id))

    def attempts(self, connection_id):
        query = "SELECT COALESCE(sum(attempts), 0) FROM dropship_exchange WHERE connection_id = %s"
        return self.run(query, connection_id)[0][0]

    def minute_passes(self):
        self.run(
            "UPDATE dropship_exchange SET next_try = next_try - interval '1 minute' "
            "WHERE state IN ('ready', 'unknown', 'sent') AND next_try IS NOT NULL"
        )
        self.run(
            "UPDATE dropship_connection SET paused_until = paused_until - interval '1 minute', "
            "tokens_at = tokens_at - interval '1 minute'"
        )


def relays(base, number, seconds):
    """Run relays in processes of their own; seconds from the common start until the last had nothing left to do."""
    import odoo.api  # noqa: PLC0415
    import odoo.sql_db  # noqa: PLC0415

    odoo.sql_db.close_all()
    start_at = time.time() + 0.3
    children = []
    for _number in range(number):
        pid = os.fork()
        if not pid:
            try:
                with base.registry.cursor() as cr:
                    env = odoo.api.Environment(cr, 1, {})
                    time.sleep(max(start_at - time.time(), 0))
                    env["dropship.exchange"]._cron_relay(seconds)
                    cr.commit()
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    return time.time() - start_at


def throughput(base, crowd, purchase_id, connection_id, orders, folder):
    """Rows of the table: messages per second of one and two relays at 0 and 50 ms."""
    rows, good = [], True
    for delay in (0.0, 0.05):
        speeds = {}
        for number in (1, 2):
            ledger = Path(folder) / f"{delay}-{number}.jsonl"
            with supplier(ledger, delay=delay) as port:
                crowd.run("UPDATE dropship_connection SET endpoint = %s WHERE id = %s",
                          f"http://127.0.0.1:{port}", connection_id)  # fmt: skip
                crowd.run("UPDATE dropship_connection SET tokens = 100000, failures = 0, paused_until = NULL")
                base.forget()
                ids = crowd.wait_for(purchase_id, orders)
                relays(base, number, 600)
                found = booked(ledger)
            spent = max(at for _ref, at in found) - min(at for _ref, at in found)
            speeds[number] = (len(found) - 1) / spent
            good = good and len(found) == len({ref for ref, _at in found}) == len(ids)
        rows.append({
            "supplier answers in": f"{delay * 1000:.0f} ms", "orders": orders,
            "1 relay, messages/s": round(speeds[1], 1), "2 relays, messages/s": round(speeds[2], 1),
            "scaling": round(speeds[2] / speeds[1], 2),
        })  # fmt: skip
    return rows, good


def outage(base, crowd, purchases, connections, waiting, rate, minutes, folder):
    """The row of the second table and whether it is as promised."""
    down, up = connections
    ledgers = [Path(folder) / "down.jsonl", Path(folder) / "up.jsonl"]
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        closed_port = free.getsockname()[1]
    knocks, waits = 0, []
    with supplier(ledgers[1]) as port:
        for connection, address in ((down, closed_port), (up, port)):
            crowd.run("UPDATE dropship_connection SET endpoint = %s, rate = %s, failures = 0, paused_until = NULL, "
                      "tokens = 0 WHERE id = %s", f"http://127.0.0.1:{address}", rate, connection)  # fmt: skip
        base.forget()
        mine = set(crowd.wait_for(purchases[0], waiting))
        for _minute in range(minutes):
            before = crowd.attempts(down)
            others = crowd.wait_for(purchases[1], 1)
            waits.append(relays(base, 1, 50))
            sent = crowd.run("SELECT count(*) FROM dropship_exchange WHERE purchase_id = ANY(%s) AND state = 'sent'",
                             others)[0][0]  # fmt: skip
            assert sent == len(others), "an order of the other supplier waited"
            knocks += crowd.attempts(down) - before
            crowd.minute_passes()
    with supplier(ledgers[0], port=closed_port):
        start = time.time()
        while crowd.states(down).get("ready") and time.time() - start < 60 + 3 * waiting / rate:
            crowd.run("UPDATE dropship_exchange SET next_try = NULL WHERE state = 'ready'")
            crowd.run("UPDATE dropship_connection SET paused_until = NULL WHERE failures > 0")
            relays(base, 1, 50)
        found = booked(ledgers[0])
    times = sorted(at for _ref, at in found)
    spent = times[-1] - times[0]
    # A bucket of ten seconds' worth may go at once; beyond it the rate holds over any window.
    worst = max(sum(1 for at in times if begin <= at < begin + 10) for begin in times[:: max(len(times) // 200, 1)])
    row = {
        "waiting": waiting, "hours down": round(minutes / 60, 1), "knocks": knocks,
        "other's order sent after, median s": round(statistics.median(waits), 2), "worst s": round(max(waits), 2),
        "rate/s": rate, "drained in s": round(spent, 1), "most calls in 10 s": worst, "in the ledger": len(found),
    }  # fmt: skip
    good = len(found) == len({ref for ref, _at in found}) == len(mine) and worst <= rate * 20 + 1
    return row, good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=600, help="waiting orders of each of the four figures")
    parser.add_argument("--waiting", type=int, default=3000, help="orders waiting for the supplier that is down")
    parser.add_argument("--rate", type=float, default=50.0, help="calls per second that supplier allows")
    parser.add_argument("--minutes", type=int, default=DOWN_HOURS * 60, help="how long it is down")
    parser.add_argument("--ours", help="database with our addons to use instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        base = Base(stack.enter_context(fresh("bare", args.ours)))
        world = base.run(fill)[0]
        purchases, connections = base.run(lambda env: seed_orders(env, world))[0]
        crowd = Crowd(base.database)
        crowd.run("UPDATE dropship_exchange SET state = 'sent'")  # the pattern itself stays here
        rows, whole = throughput(base, crowd, purchases[0], connections[0], args.orders, folder)
        print(table(rows))
        crowd.run("UPDATE dropship_exchange SET state = 'sent', next_try = NULL")
        row, kept = outage(base, crowd, purchases, connections, args.waiting, args.rate, args.minutes, folder)
        print("\n" + table([row]))
        crowd.connection.close()
    if args.json:
        args.json.write_text(json.dumps({"throughput": rows, "outage": row}, indent=1))
    if not whole or not kept:
        print("The suppliers' ledgers do not have each order once, or the rate was not kept.")
        return 1
    return 0 if rows[1]["scaling"] >= SCALING else 1


if __name__ == "__main__":
    sys.exit(main())
