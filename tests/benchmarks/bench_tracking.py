#!/usr/bin/env python3
"""Pushes at 50 a second, asking for 10,000 active parcels, the fold of 10,000 events; markdown tables.

Pushes: Odoo with two workers keeps genuine pushes, each a new one, at a fixed rate from many connections; in the same
run, in turns, the same rate goes to an empty JSON route (public, no session) of the same server. The time is that of
the whole request as the sender sees it. Every push is in the table afterwards. The setting of
`synchronous_commit` is printed: where it is on, every push waits for the disk; --durable turns it on.

Asking: 10,000 open parcels are registered at a simulated carrier, a process of its own, and asked for, 40 in a call, by
relays as the scheduler runs them. Queries are counted for a tenth of the parcels too: per parcel it must be the same.

Fold: pure Python, events in any order.
"""

import argparse
import http.client
import json
import os
import queue
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from odoo_world import ROOT, Base, fresh, table  # noqa: E402 - the path is known only now

sys.path.insert(0, str(ROOT / "dropship_flow"))

from trackers import webhook  # noqa: E402
from tracking.fold import Event, fold  # noqa: E402

from flow.live import Server  # noqa: E402
from flow.paths import CONF  # noqa: E402

SECRET = "a secret of the benchmark"
EMPTY = """
from odoo import http

class Empty(http.Controller):
    @http.route("/bench/empty", type="jsonrpc", auth="public", save_session=False)
    def empty(self, **_values):
        return {}
"""


# ---------------------------------------------------------------- pushes


@contextmanager
def web(database):
    """Odoo with two workers and an empty route."""
    with tempfile.TemporaryDirectory() as folder:
        addon = Path(folder) / "bench_empty"
        addon.mkdir()
        (addon / "__manifest__.py").write_text('{"name": "Empty", "depends": ["web"], "license": "LGPL-3"}')
        (addon / "__init__.py").write_text(EMPTY)
        line = next(line for line in CONF.read_text().splitlines() if line.startswith("addons_path"))
        path = f"--addons-path={line.partition('=')[2].strip()},{folder}"
        server = Server(database, "--workers=2", "--load=base,web,rpc,bench_empty", path, "--log-level=warn")
        try:
            yield server
        finally:
            server.stop()


def fire(port, make, rate, seconds, connections=24):
    """Send at a steady rate: [(seconds until the answer, status)]; a request that waits for its turn waits visibly."""
    times, todo, lock = [], queue.Queue(), threading.Lock()

    def work():
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (job := todo.get()) is not None:
            due, path, body, headers = job
            time.sleep(max(due - time.perf_counter(), 0))
            try:
                line.request("POST", path, body, headers)
                answer = line.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException):
                line.close()
                status = 0
            with lock:
                times.append((time.perf_counter() - due, status))

    threads = [threading.Thread(target=work, daemon=True) for _number in range(connections)]
    start = time.perf_counter() + 0.5
    for number in range(int(rate * seconds)):
        todo.put((start + number / rate, *make(number)))
    for _thread in threads:
        todo.put(None)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def pushes(base, rate, seconds, blocks, durable):
    def account(env):
        values = {"name": "Bench", "kind": "webhook", "push_secret": SECRET, "company_id": False}
        connection = env["dropship.connection"].create(values)
        return connection.id, connection.push_token

    account_id, token = base.run(account)[0]
    sql = Sql(base.database)
    if durable:
        sql.run(f'ALTER DATABASE "{base.database}" SET synchronous_commit = on')
    commit = Sql(base.database).run("SHOW synchronous_commit")[0][0]
    serial = iter(range(10**9))

    def push(_number):
        one = next(serial)
        event = {"time": "2026-03-01T10:05:00Z", "code": "in_transit", "place": f"Depot {one}", "text": "x" * 300}
        body = json.dumps({"number": f"BENCH{one}", "carrier": "dhl", "events": [event]}).encode()
        headers = {"Content-Type": "application/json", webhook.HEADER: webhook.sign(body, SECRET)}
        return f"/dropship/track/push/{token}", body, headers

    def nothing(_number):
        return "/bench/empty", b'{"jsonrpc": "2.0", "params": {}}', {"Content-Type": "application/json"}

    found = {"push": [], "empty": []}
    with web(base.database) as server:
        fire(server.port, nothing, 200, 5)  # a crowd, so that both workers are warm
        warm = fire(server.port, push, rate, 2) + fire(server.port, nothing, rate, 2)
        assert {status for _time, status in warm} == {200}
        for _block in range(blocks):
            found["push"] += fire(server.port, push, rate, seconds / blocks)
            found["empty"] += fire(server.port, nothing, rate, seconds / blocks)
    query = "SELECT count(*) FROM dropship_inbox WHERE connection_id = %s"
    kept = base.run(lambda env: env.cr.execute(query, [account_id]) or env.cr.fetchone()[0])[0]
    assert {status for _time, status in found["push"] + found["empty"]} == {200}
    assert kept == next(serial), "each push is kept"
    sql.run(f'ALTER DATABASE "{base.database}" RESET synchronous_commit')
    rows = []
    for name, times in found.items():
        times = sorted(spent * 1000 for spent, _status in times)
        rows.append({
            "route": name, "requests": len(times), "per second": rate, "median ms": round(statistics.median(times), 1),
            "p95 ms": round(times[int(len(times) * 0.95)], 1), "p99 ms": round(times[int(len(times) * 0.99)], 1),
            "worst ms": round(times[-1], 1), "synchronous_commit": commit,
        })  # fmt: skip
    good = rows[0]["p99 ms"] < 500 and rows[0]["median ms"] < 1.5 * rows[1]["median ms"]
    return rows, good


# ---------------------------------------------------------------- asking


@contextmanager
def carrier(folder):
    """A simulated carrier whose parcels had three scans and are on their way for ever."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator.carrier", "--ledger", str(Path(folder) / "carrier.jsonl"), "--hour", "1e-9",
         "--moods", "stuck"],
        cwd=ROOT / "dropship_flow",
        env={**os.environ, "PYTHONPATH": str(ROOT / "dropship_flow"), "SIMULATOR_PUSH_TO": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def relays(base, number, seconds):
    """Relays in processes of their own: (seconds until the last had nothing left to do, queries of all)."""
    import odoo.api  # noqa: PLC0415
    import odoo.sql_db  # noqa: PLC0415

    odoo.sql_db.close_all()
    start = time.time()
    children = []
    for _number in range(number):
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            count = 0
            try:
                with base.registry.cursor() as cr:
                    env = odoo.api.Environment(cr, 1, {})
                    before = cr.sql_log_count
                    env["dropship.watch"]._cron_track(seconds)
                    cr.commit()
                    count = cr.sql_log_count - before
            except BaseException:
                traceback.print_exc()
            finally:
                os.write(writing, str(count).encode())
                os._exit(0)
        os.close(writing)
        children.append((pid, reading))
    queries = 0
    for pid, reading in children:
        queries += int(os.read(reading, 100) or 0)
        os.close(reading)
        os.waitpid(pid, 0)
    return time.time() - start, queries


def asking(base, parcels, workers, folder):
    """A row: parcels asked for per minute, queries per parcel; all of them open again."""
    run = Sql(base.database).run
    with carrier(folder) as port:
        def world(env):
            env["dropship.connection"].search([("is_tracking", "=", True)]).active = False
            connection = env["dropship.connection"].create({
                "name": "Asked", "kind": "simulated", "endpoint": f"http://127.0.0.1:{port}", "rate": 1e5,
                "private_allowed": True, "company_id": False,
            })  # fmt: skip
            env["dropship.shipment"].search([]).current = False
            env["dropship.shipment"].with_context(tracking_disable=True).create([
                {"number": f"ACTIVE{connection.id}N{number}", "carrier_code": "dhl", "company_id": env.company.id}
                for number in range(parcels)
            ])  # fmt: skip
            return connection.id

        connection_id = base.run(world)[0]
        run("UPDATE dropship_connection SET tokens = 1000000")
        spent, queries = relays(base, workers, 900)
        events = run("SELECT count(*) FROM dropship_tracking_event WHERE connection_id = %s", connection_id)
        assert events[0][0] == 3 * parcels, events
        row = {"parcels": parcels, "relays": workers, "registered, asked, 3 events each: s": round(spent, 1),
               "queries per parcel": round(queries / parcels, 2)}  # fmt: skip
        # Two hours later each is asked for again.
        run("UPDATE dropship_watch SET next_try = now() - interval '1 minute' "
            "WHERE connection_id = %s AND state = 'watched'", connection_id)  # fmt: skip
        run("ANALYZE dropship_watch")
        due = run("SELECT count(*) FROM dropship_watch WHERE connection_id = %s AND next_try < now()", connection_id)
        spent, queries = relays(base, workers, 900)
        left = run("SELECT count(*) FROM dropship_watch WHERE connection_id = %s AND next_try < now()", connection_id)
        assert left[0][0] == 0, left
    assert due[0][0] == parcels, due
    return {**row, "asked again: s": round(spent, 1), "parcels per minute": round(parcels / spent * 60),
            "queries per parcel again": round(queries / parcels, 2)}  # fmt: skip


class Sql:
    """The database seen past Odoo."""

    def __init__(self, database):
        self.connection = psycopg2.connect(dbname=database)
        self.connection.autocommit = True

    def run(self, query, *params):
        with self.connection.cursor() as cr:
            cr.execute(query, params or None)
            return cr.fetchall() if cr.description else []


# ---------------------------------------------------------------- fold


def folding(count=10_000):
    rng, now = random.Random(5), datetime(2026, 3, 1)
    codes = ("info_received", "picked_up", "in_transit", "customs", "out_for_delivery", "attempt_failed", "delivered")
    events = [Event(now - timedelta(minutes=rng.randrange(60_000)), rng.choice(codes), str(n)) for n in range(count)]
    times = []
    for _again in range(9):
        rng.shuffle(events)
        begin = time.perf_counter()
        fold(events, now, now - timedelta(days=40))
        times.append((time.perf_counter() - begin) * 1000)
    return {"events": count, "median ms": round(statistics.median(times), 1), "worst ms": round(max(times), 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=50.0, help="requests per second")
    parser.add_argument("--seconds", type=float, default=40.0, help="how long at that rate, for each route")
    parser.add_argument("--parcels", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2, help="relays that ask")
    parser.add_argument("--durable", action="store_true", help="with synchronous_commit on, whatever the server has")
    parser.add_argument("--only-pushes", action="store_true")
    parser.add_argument("--ours", help="database with our addons to use instead of a new one")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        base = Base(stack.enter_context(fresh("bare", args.ours)))
        routes, quick = pushes(base, args.rate, args.seconds, 4, args.durable)
        print(table(routes), flush=True)
        if args.only_pushes:
            return 0 if quick else 1
        few = asking(base, max(args.parcels // 10, 40), args.workers, folder)
        many = asking(base, args.parcels, args.workers, folder)
        print("\n" + table([few, many]), flush=True)
        folded = folding()
        print("\n" + table([folded]))
    if args.json:
        args.json.write_text(json.dumps({"routes": routes, "asking": [few, many], "fold": folded}, indent=1))
    constant = all(many[name] <= few[name] * 1.2 for name in ("queries per parcel", "queries per parcel again"))
    return 0 if quick and constant and folded["median ms"] < 100 else 1


if __name__ == "__main__":
    sys.exit(main())
