"""Orders on their way to suppliers that fail in every way, carried by workers that die: none lost, none doubled."""

import os
import signal
from datetime import timedelta

import pytest
from harness import retried, rounds
from simulator.server import Supplier
from suppliers import (
    assert_ledger,
    connect,
    crowd,
    disconnect,
    facts,
    orders,
    purchases,
    relay,
    settle,
    simulator,
    time_passes,
    unfinished,
)
from work import quotations

MIX = "honest,hangs:0.06,resets:0.06,breaks:0.06,breaks_late:0.06,garbage:0.06,twice:0.06,busy:0.06,slow:0.06"
# The large run after its first part: acting on an acceptance takes longer than sending, so most only confirm receipt.
RECEIVED = "silent,honest:0.05," + ",".join(
    f"{mood}:0.02" for mood in ("hangs", "resets", "breaks", "breaks_late", "garbage", "twice", "busy", "slow")
)
ANSWERED_PARTS = 1
# Seconds a worker of the large run may take.
TIMEOUT = 900
FAILPOINTS = ("after_claim", "before_call", "after_call", "after_finish")


def confirmed(shop, count):
    """Ids of sales that were just bought; their purchases wait to be sent."""
    ids = quotations(shop, count)
    with shop.env() as env:
        env["sale.order"].browse(ids).action_confirm()
    return ids


def dying(name):
    def setup(_job):
        os.environ["DROPSHIP_FAILPOINT"] = name

    return setup


@pytest.mark.parametrize("part", range(rounds(1, 50)))
def test_faulty_suppliers_and_dying_workers(shop, tmp_path, part):
    """A tenth and more of the calls fail, workers are killed at every point; each order is in the ledger once."""
    ledger = tmp_path / "ledger.jsonl"
    mix = MIX if part < ANSWERED_PARTS else RECEIVED
    with simulator(ledger, mix, hang=0.2, seed=part) as url:
        connection = connect(shop, url)
        ids = crowd(shop, rounds(30, 1000))  # two purchases each
        assert len(purchases(shop, ids)) >= rounds(60, 2000)
        killed = 0
        for name in FAILPOINTS * 2:
            killed += shop.alone(relay(), setup=dying(name), timeout=TIMEOUT).killed
            time_passes(shop)
        assert killed >= len(FAILPOINTS)
        settle(shop, timeout=TIMEOUT)
        for _poll in range(2):  # the slow ones answer when they are asked again
            time_passes(shop)
            settle(shop, timeout=TIMEOUT)
        assert_ledger(shop, ledger, ids)
        moods = {ref: Supplier(None, mix, part).mood(ref) for ref in orders(ledger)}
        states = purchases(shop, ids)
        assert states == {ref: "sent" if mood == "silent" else "purchase" for ref, mood in moods.items()}
        assert not unfinished(shop)
        # Who accepted is confirmed, and nobody else.
        accepted = {fact["ref"] for fact in facts(ledger) if fact["status"] == "accepted"}
        assert accepted == {ref for ref, mood in moods.items() if mood not in ("silent", "slow")}
        faults = sum(1 for mood in moods.values() if mood not in ("honest", "slow", "silent"))
        assert faults >= len(moods) / 10
        print(f"part {part}: {len(moods)} orders in the ledger, {faults} with a fault, {killed} workers killed")
    disconnect(shop, connection)


def test_clocks_that_differ(shop, tmp_path):
    """Two workers, the clock of one ten minutes ahead: leases go by the database's time, nothing is sent twice."""
    ledger = tmp_path / "ledger.jsonl"

    def ahead(job):
        if job:
            from odoo import fields  # noqa: PLC0415

            real = fields.Datetime.now
            fields.Datetime.now = staticmethod(lambda *args: real(*args) + timedelta(minutes=10))

    with simulator(ledger, "honest,hangs:0.2", hang=0.1) as url:
        connect(shop, url)
        ids = crowd(shop, rounds(20, 200))
        for _round in range(3):
            answers = shop.together(relay(), relay(), setup=ahead)
            assert all(answer.fine for answer in answers), answers
            time_passes(shop)
        settle(shop)
        assert_ledger(shop, ledger, ids)


def test_an_older_state_of_the_books(shop, tmp_path):
    """A backup from before the orders were sent is put back: they go again under their keys, the ledger stays."""
    ledger = tmp_path / "ledger.jsonl"
    with simulator(ledger, "honest") as url:
        connect(shop, url)
        ids = crowd(shop, 10)
        settle(shop)
        before = orders(ledger)
        shop.sql(
            "UPDATE dropship_exchange SET state = 'ready', attempts = 0, called_at = NULL, next_try = NULL "
            "WHERE direction = 'out' AND kind = 'order' AND purchase_id IN "
            "(SELECT id FROM purchase_order WHERE dropship_sale_id = ANY(%s))",
            ids,
        )
        settle(shop)
        assert orders(ledger) == before
        assert_ledger(shop, ledger, ids)


@pytest.mark.parametrize("where", ["out", "in"])
def test_a_message_that_kills_its_worker(shop, tmp_path, where):
    """It is set aside after a few workers; the other messages go on."""
    ledger = tmp_path / f"{where}.jsonl"
    with simulator(ledger, "honest") as url:
        connect(shop, url)
        ids = crowd(shop, 6)
        victim = shop.sql("SELECT min(id) FROM purchase_order WHERE dropship_sale_id = ANY(%s)", ids)[0][0]

        def poison(_job):
            from odoo.addons.dropship_flow.models.connector import DropshipConnector  # noqa: PLC0415
            from odoo.addons.dropship_flow.models.exchange_in import DropshipExchange  # noqa: PLC0415

            owner, name = {"out": (DropshipConnector, "_prepare"), "in": (DropshipExchange, "_process")}[where]
            real = getattr(owner, name)

            def touch(self, *message):
                if (message[0] if message else self).purchase_id.id == victim:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(self, *message)

            setattr(owner, name, touch)

        deaths = 0
        for _worker in range(9):
            deaths += shop.alone(relay(), setup=poison).killed
            time_passes(shop)
        assert deaths == 5, deaths
        states = dict(
            shop.sql(
                "SELECT state, count(*) FROM dropship_exchange WHERE direction = %s AND purchase_id IN "
                "(SELECT id FROM purchase_order WHERE dropship_sale_id = ANY(%s)) GROUP BY state",
                where,
                ids,
            )
        )
        assert states.pop("parked") == 1
        assert set(states) == {"sent" if where == "out" else "processed"}, states


def test_no_supplier_hears_twice_from_two_workers(shop, tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    with simulator(ledger, "honest", delay=0.005) as url:
        connect(shop, url)
        ids = confirmed(shop, rounds(20, 200))
        answers = shop.together(*[relay()] * 4)
        assert all(answer.fine for answer in answers), answers
        settle(shop)
        assert_ledger(shop, ledger, ids)
        asked = [fact for fact in facts(ledger) if fact["fact"] == "order"]
        assert len({fact["key"] for fact in asked}) == len(asked)


def cancel(order_id):
    """A person of the order desk cancels the sale."""

    def work(env):
        env["sale.order"].browse(order_id)._action_cancel()

    return work


def test_sale_cancelled_while_its_order_is_sent(shop, tmp_path):
    """Either the supplier never hears of it, or somebody is asked to stop it: never silence."""
    ledger = tmp_path / "ledger.jsonl"
    with simulator(ledger, "silent") as url:
        connect(shop, url)
        for _round in range(rounds(4, 40)):
            (order_id,) = confirmed(shop, 1)
            answers = shop.together(relay(5.0), retried(cancel(order_id), shop.user("buyer")))
            assert all(answer.fine for answer in answers), answers
            settle(shop)
            for name in purchases(shop, [order_id]):
                asked = shop.sql(
                    "SELECT count(*) FROM dropship_exception e JOIN purchase_order p ON p.id = e.purchase_id "
                    "WHERE p.name = %s AND e.kind = 'cancel_asked'",
                    name,
                )[0][0]
                stopped = any(fact["ref"] == name and fact["fact"] == "cancel" for fact in facts(ledger))
                assert name not in orders(ledger) or asked or stopped


@pytest.mark.parametrize("when", ["before", "after"])
def test_cancelled_purchase(shop, tmp_path, when):
    """A purchase cancelled before it was sent is never sent; afterwards the supplier is asked to stop it."""
    ledger = tmp_path / f"{when}.jsonl"
    with simulator(ledger, "silent") as url:
        connect(shop, url)
        ids = confirmed(shop, 1)
        if when == "after":
            shop.alone(relay())
        with shop.env() as env:
            env["sale.order"].browse(ids).dropship_purchase_ids.button_cancel()
        settle(shop)
    names = set(purchases(shop, ids))
    told = {kind: {fact["ref"] for fact in facts(ledger) if fact["fact"] == kind} for kind in ("order", "cancel")}
    expected = set() if when == "before" else names
    assert told == {"order": expected, "cancel": expected}


def test_a_dead_supplier_holds_up_nobody(shop, tmp_path):
    """His line rests after a few failures; the others' orders arrive at once."""
    ledger = tmp_path / "ledger.jsonl"
    with simulator(ledger, "honest") as url:
        connection = connect(shop, url)
        probe = confirmed(shop, 1)
        shop.alone(relay())
        known = len(orders(ledger))
        with shop.env() as env:
            dead = env["dropship.connection"].create(
                {"name": "dead", "endpoint": "http://127.0.0.1:9", "private_allowed": True, "company_id": False}
            )
            purchase = env["sale.order"].browse(probe).dropship_purchase_ids[:1]
            purchase.dropship_warehouse_id.supplier_id.connection_id = dead
        ids = confirmed(shop, 12)
        shop.alone(relay())
        by_connection = dict(
            shop.sql(
                "SELECT connection_id, count(*) FILTER (WHERE state = 'sent') FROM dropship_exchange "
                "WHERE direction = 'out' AND connection_id IN %s AND purchase_id IN "
                "(SELECT id FROM purchase_order WHERE dropship_sale_id = ANY(%s)) GROUP BY 1",
                (connection, dead.id),
                ids,
            )
        )
        assert by_connection.get(dead.id) == 0
        assert len(orders(ledger)) - known == by_connection.get(connection, 0)
        failures = shop.sql("SELECT failures FROM dropship_connection WHERE id = %s", dead.id)[0][0]
        assert failures >= 1
