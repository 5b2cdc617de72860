"""The demo's carrier as a process of its own: parcels move by themselves while `make run` does.

It pushes to Odoo what happens and is asked by it, like a real tracking service. Parcels the simulated suppliers only
pretend to have sent are never scanned. Nothing here stops Odoo from starting.
"""

import os
import secrets
import subprocess
import sys
from contextlib import contextmanager

import psycopg2

from . import databases
from .paths import ROOT, WORK
from .say import Stop, line
from .suppliers import RECORD, end, port_of

CONNECTION = "connection_carrier"
MOODS = (
    "honest,customs:0.15,locker:0.1,second_try:0.08,late:0.06,stuck:0.05,refused:0.05,lost:0.04,damaged:0.03,"
    "customs_stuck:0.03,returns:0.03"
)
# Seconds an hour of a journey lasts: a parcel is at the door after four minutes.
HOUR = 3.0


@contextmanager
def running(database, port):
    """The simulated carrier of a database, while the block lasts. `port` is where Odoo answers."""
    started = None
    try:
        try:
            started = start(database, port)
        except (psycopg2.Error, OSError, Stop) as error:
            line(f"  The demo's carrier does not run: {error}")
        yield started
    finally:
        if started:
            stop(database, *started)


def start(database, port):
    """Start the carrier if the database has its connection, and tell both where the other is.

    :return: (process, id of the connection) or None
    """
    with databases.cursor(database) as cr:
        connection = connection_of(cr)
        if not connection:
            return None
        number, push_token = connection
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'")
        ledgers = WORK / "suppliers" / f"{database}-{cr.fetchone()[0][:8]}"
        (ledgers / "carrier").mkdir(parents=True, exist_ok=True)
        token, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        push_to = f"http://127.0.0.1:{port}/dropship/track/push/{push_token}"
        process = launch(ledgers, token, secret, push_to)
        place = port_of(process)
        if not place:
            end(process)
            line("  The simulated carrier does not start; the demo's parcels stand still.")
            return None
        cr.execute(
            "UPDATE dropship_connection SET endpoint = %s, secret = %s, push_secret = %s, private_allowed = true, "
            "active = true, failures = 0, paused_until = NULL WHERE id = %s",
            [f"http://127.0.0.1:{place}", token, secret, number],
        )
    return process, number


def connection_of(cr):
    """(id, token of the address to push to) of the demo's carrier; None where there is none."""
    cr.execute("SELECT to_regclass('dropship_watch') IS NOT NULL AND to_regclass('ir_model_data') IS NOT NULL")
    if not cr.fetchone()[0]:
        return None
    cr.execute(f"SELECT id, push_token FROM dropship_connection WHERE id = ({RECORD})", [CONNECTION])
    return cr.fetchone()


def launch(ledgers, token, secret, push_to):
    """The carrier's process. Keys travel in the environment, where no list of processes shows them."""
    return subprocess.Popen(
        [
            sys.executable, "-m", "simulator.carrier", "--ledger", str(ledgers / "carrier" / "carrier.jsonl"),
            "--moods", MOODS, "--hour", str(HOUR), "--shippers", str(ledgers), "--with-parent",
        ],
        cwd=ROOT / "dropship_flow",
        env={
            **os.environ, "PYTHONPATH": str(ROOT / "dropship_flow"), "SIMULATOR_TOKEN": token,
            "SIMULATOR_PUSH_SECRET": secret, "SIMULATOR_PUSH_TO": push_to,
        },
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,  # Ctrl-C ends Odoo first
    )  # fmt: skip


def stop(database, process, number):
    """End the process; its connection rests, so that nothing knocks at a closed door."""
    end(process)
    try:
        with databases.cursor(database) as cr:
            cr.execute("UPDATE dropship_connection SET active = false WHERE id = %s", [number])
    except (psycopg2.Error, Stop) as error:
        line(f"  The connection of the demo's carrier stays open: {error}")
