"""Simulated suppliers as processes of their own, and what their ledgers say afterwards."""

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

from copies import copy_purchases
from work import quotations

from flow import databases
from flow.paths import ROOT


@contextmanager
def simulator(ledger, temperament, **options):
    """A running simulated supplier: its address. The process is ended afterwards, its ledger file stays."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator.server", "--ledger", str(ledger), "--temperament", temperament, *words],
        cwd=ROOT / "dropship_flow",
        env={**os.environ, "PYTHONPATH": str(ROOT / "dropship_flow")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def facts(ledger):
    with open(ledger, encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


def orders(ledger):
    """How many orders the supplier took, by our reference."""
    return Counter(fact["ref"] for fact in facts(ledger) if fact["fact"] == "order")


def purchases(shop, order_ids):
    """{name: state} of the purchases of the sales."""
    query = "SELECT name, state FROM purchase_order WHERE dropship_sale_id = ANY(%s)"
    return dict(shop.sql(query, order_ids))


def assert_ledger(shop, ledger, order_ids):
    """The supplier's own book: every living purchase once, nothing else."""
    booked = orders(ledger)
    states = purchases(shop, order_ids)
    alive = {name for name, state in states.items() if state != "cancel"}
    assert {ref: number for ref, number in booked.items() if number != 1} == {}
    assert alive <= set(booked), alive - set(booked)
    assert set(booked) <= set(states)


def connect(shop, url, rate=10_000.0):
    """Every supplier of the shop answers through this address from now on."""
    with shop.env() as env:
        connection = env["dropship.connection"].create(
            {"name": url, "endpoint": url, "private_allowed": True, "rate": rate, "company_id": False}
        )
        env["dropship.supplier"].search([]).write({"connection_id": connection.id, "answer_mode": "manual"})
        return connection.id


def disconnect(shop, connection_id):
    """The supplier behind the address is gone: nobody asks there any more."""
    shop.sql("UPDATE dropship_connection SET active = false WHERE id = %s", connection_id)


def crowd(shop, count, kinds=10):
    """Ids of sales whose purchases wait to be sent: `kinds` that were really confirmed, the rest copies of them."""
    ids = quotations(shop, min(kinds, count))
    with shop.env() as env:
        sales = env["sale.order"].browse(ids)
        sales.action_confirm()
        purchases = sales.dropship_purchase_ids.ids
    times = count // len(ids) - 1
    if times > 0:
        with databases.cursor(shop.database) as cr:

            def run(query, *params):
                cr.execute(query, params or None)
                return cr.fetchall() if cr.description else []

            copies = copy_purchases(run, purchases, times)
            cr.execute("SELECT DISTINCT dropship_sale_id FROM purchase_order WHERE id = ANY(%s)", [copies])
            ids += [row[0] for row in cr.fetchall()]
    return ids


def time_passes(shop, held=0):
    """Waits and leases run out, as they would in the next minutes.

    :param held: beside workers that live: a lease taken less than so many seconds ago stays, for who took it may still
        be at work; nobody's message is written to while a worker has it, or the two would undo each other's work again
        and again; and suppliers are not asked anew for what they have already got
    """
    from odoo.addons.dropship_flow.models.connection import LEASE_SECONDS  # noqa: PLC0415 - needs Odoo

    states = ["ready", "sending", "unknown"] + ([] if held else ["sent"])
    shop.sql(
        # Who has no next try is not waited for.
        "UPDATE dropship_exchange SET next_try = next_try - interval '1 day', lease_until = CASE "
        "WHEN lease_until > moment.fresh THEN lease_until ELSE lease_until - interval '1 hour' END "
        "FROM (SELECT now, now + make_interval(secs => %s) AS fresh "
        "FROM (SELECT clock_timestamp() AT TIME ZONE 'utc' AS now) clock) moment "
        "WHERE dropship_exchange.id IN (SELECT id FROM dropship_exchange WHERE state = ANY(%s) FOR UPDATE SKIP LOCKED) "
        "AND (NOT %s OR next_try > moment.now OR lease_until BETWEEN moment.now AND moment.fresh)",
        LEASE_SECONDS - held, states, bool(held),
    )  # fmt: skip
    paused = " WHERE paused_until IS NOT NULL OR tokens < 1000" if held else ""
    shop.sql("UPDATE dropship_connection SET paused_until = NULL, tokens = 1000000" + paused)


def relay(seconds=60.0):
    """A worker, as the scheduler runs it."""

    def job(cr):
        from harness import environment  # noqa: PLC0415 - the harness imports Odoo

        environment(cr)["dropship.exchange"]._cron_relay(seconds)
        cr.commit()

    return job


def unfinished(shop):
    query = "SELECT count(*) FROM dropship_exchange WHERE state IN ('ready', 'sending', 'unknown', 'received')"
    return shop.sql(query)[0][0]


def settle(shop, workers=2, most=12, timeout=120):
    """Let workers run and time pass until nothing is left to do."""
    for _round in range(most):
        answers = shop.together(*[relay()] * workers, timeout=timeout)
        assert all(answer.fine for answer in answers), answers
        if not unfinished(shop):
            return
        time_passes(shop)
    raise AssertionError(shop.sql("SELECT state, kind, error, attempts FROM dropship_exchange WHERE state <> 'sent'"))
