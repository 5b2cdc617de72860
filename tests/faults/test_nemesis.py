"""Workers killed and frozen, and the database torn down, while orders come in: none lost, none doubled, nothing stuck.

Everything is live: Odoo with its own workers and scheduler, programs that order over the network, a supplier that
fails as well. `make test` breaks it for seconds, SOAK=1 for ten minutes.
"""

import time
import urllib.request
from contextlib import contextmanager

import psycopg2
from cluster import SLOTS
from harness import rounds
from invariants import assert_bought_once
from nemesis import RECOVERY, Nemesis, Programs, ServiceManager, chosen_seed, freeze_one, kill_one, only_ours, recover
from suppliers import assert_ledger, connect, crowd, purchases, simulator
from work import name_codes

from flow.live import Server

MIX = "honest,hangs:0.05,resets:0.05,breaks:0.05,breaks_late:0.05,garbage:0.05,twice:0.05,busy:0.05"
LONG = rounds(0, 1)
# Orders that are on their way when it begins, and how many more have to come in before it may end.
WAITING, ENTERED = rounds(12, 500), rounds(10, 200)
# Blows there have to be, however slow the machine is.
ACTS = 3


@contextmanager
def live(shop, ledger, seed):
    """Odoo with workers and scheduler on the shop's database, its suppliers connected, orders waiting to be sent.

    Yields (the server, ids of the sales behind those orders).
    """
    name_codes(shop)
    only_ours(shop)
    with simulator(ledger, MIX, hang=0.2, seed=seed) as url:
        connect(shop, url)
        ids = crowd(shop, WAITING, kinds=5)
        server = Server(
            shop.database, "--workers=3", "--max-cron-threads=2", "--log-level=warn",
            "--log-handler=odoo.addons.rpc.controllers.jsonrpc:ERROR",
        )  # fmt: skip
        try:
            yield server, ids
        finally:
            server.stop()


def assert_all_well(shop, ledger, programs, ids):
    """I1–I3, asked of the tables and of the supplier's book."""
    numbers = dict(
        shop.sql("SELECT client_order_ref, count(*) FROM sale_order WHERE client_order_ref LIKE 'N%%' GROUP BY 1")
    )
    assert numbers == dict.fromkeys(programs.done, 1)
    ids = ids + [row[0] for row in shop.sql("SELECT id FROM sale_order WHERE client_order_ref LIKE 'N%%' ORDER BY id")]
    assert_bought_once(shop, ids)
    odd = shop.sql(
        "SELECT direction, kind, state, error, count(*) FROM dropship_exchange "
        "WHERE state NOT IN ('sent', 'processed') GROUP BY 1, 2, 3, 4"
    )
    assert not odd, odd
    assert_ledger(shop, ledger, ids)
    assert set(purchases(shop, ids).values()) == {"purchase"}
    assert not shop.sql("SELECT cron_name FROM ir_cron WHERE NOT active AND cron_name LIKE 'Dropshipping%%'")


def storm(shop, server, acts, seed, seconds, every):
    """Orders come in while the acts go on; then quiet. The programs, with what they entered."""
    began = time.monotonic()
    with ServiceManager(server) as manager:
        with Programs(shop, server.url, pause=0.5 if LONG else 0.05) as programs, Nemesis(seed, acts, every) as nemesis:
            while (
                time.monotonic() - began < seconds
                or len(programs.done) < ENTERED
                or nemesis.done.total() < max(ACTS, len(acts))
            ):
                assert time.monotonic() - began < seconds + RECOVERY, programs.failures
                time.sleep(0.5)
        took = recover(shop, hurry=not LONG)
        assert_serves(server)
    print(
        f"{len(programs.done)} orders entered; {dict(nemesis.done)}; answers that failed: {dict(programs.failures)}; "
        f"service started anew {manager.started} times; all done {took:.0f} s after the last blow"
    )
    return programs


def assert_serves(server):
    server.wait(60)
    with urllib.request.urlopen(f"{server.url}/web/login", timeout=30) as page:
        assert page.status == 200


def test_workers_killed_under_load(shop, tmp_path):
    """Workers of every kind are ended with -9 or stand still, while orders come in over the network."""
    seed, ledger = chosen_seed(), tmp_path / "ledger.jsonl"
    with live(shop, ledger, seed) as (server, ids):
        acts = [kill_one(server), kill_one(server), freeze_one(server)]
        programs = storm(shop, server, acts, seed, rounds(10, 600), (2.0, 8.0) if LONG else (0.5, 1.5))
    assert_all_well(shop, ledger, programs, ids)


def take_all_slots(shop):
    """For a moment no connection is to be had."""

    def act(_chance):
        taken = []
        try:
            while len(taken) < SLOTS:
                taken.append(psycopg2.connect(dbname=shop.database))
        except psycopg2.OperationalError:
            time.sleep(0.5)
        finally:
            for connection in taken:
                connection.close()
        return "slots taken"

    return act


def test_database_torn_down_under_load(fragile, tmp_path):
    """PostgreSQL is restarted without a goodbye and out of connections, again and again."""
    cluster, shop = fragile
    seed, ledger = chosen_seed(), tmp_path / "ledger.jsonl"
    with live(shop, ledger, seed) as (server, ids):
        acts = [cluster.crash, take_all_slots(shop)]
        programs = storm(shop, server, acts, seed, rounds(12, 600), (20.0, 60.0) if LONG else (1.5, 3.0))
        assert cluster.restarts
    assert_all_well(shop, ledger, programs, ids)
