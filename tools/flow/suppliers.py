"""The demo's suppliers as processes of their own: `make run` starts them, they end with it.

Each keeps its ledger below .odoo/suppliers/, one folder per database. A database without the demo has none.
Nothing here stops Odoo from starting: a supplier that does not come up is left out, and said so.
"""

import os
import secrets
import select
import subprocess
import sys
from contextlib import contextmanager

import psycopg2

from . import databases
from .paths import ROOT, WORK
from .say import Stop, line

# External id of supplier and connection after the underscore, temperament, seconds until a parcel leaves.
SUPPLIERS = (
    ("rhein", "ships", 60),
    ("yiwu", "honest,out_of_stock:0.5", 60),
    ("ningbo", "raises_price", 60),
    ("suzhou", "silent", 60),
    ("guangzhou", "liar", 60),
)
SHELVES = ROOT / "dropship_flow" / "simulator" / "shelves"
START_SECONDS = 5
CONNECTED = "dropship_flow.demo_suppliers_connected"
RECORD = "SELECT res_id FROM ir_model_data WHERE module = 'dropship_flow' AND name = %s"


@contextmanager
def running(database):
    """The simulated suppliers of a database, while the block lasts."""
    started = []
    try:
        try:
            started = start(database)
        except (psycopg2.Error, OSError, Stop) as error:
            line(f"  The demo's suppliers do not run: {error}")
        yield started
    finally:
        stop(database, started)


def start(database):
    """Start what the database has connections for, and tell it where they are.

    :return: [(name, process)]
    """
    with databases.cursor(database) as cr:
        connections = connections_of(cr)
        if not connections:
            return []
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'")
        ledgers = WORK / "suppliers" / f"{database}-{cr.fetchone()[0][:8]}"
        ledgers.mkdir(parents=True, exist_ok=True)
        launched = []
        for name, temperament, seconds in SUPPLIERS:
            if name in connections:
                token = secrets.token_urlsafe(24)
                launched.append((name, token, launch(ledgers / f"{name}.jsonl", temperament, seconds, token)))
        started = []
        for name, token, process in launched:
            if port := port_of(process):
                tell(cr, connections[name], f"http://127.0.0.1:{port}", token)
                started.append((name, process))
            else:
                end(process)
                line(f"  The simulated supplier {name} does not start; its orders wait for a person.")
        connect_once(cr, connections, [name for name, _process in started])
    return started


def connections_of(cr):
    """{name: id of its connection} of the demo's suppliers that are in this database."""
    cr.execute("SELECT to_regclass('dropship_connection') IS NOT NULL AND to_regclass('ir_model_data') IS NOT NULL")
    if not cr.fetchone()[0]:
        return {}
    found = {}
    for name, _temperament, _seconds in SUPPLIERS:
        cr.execute(f"{RECORD} AND model = 'dropship.connection'", [f"connection_{name}"])
        if row := cr.fetchone():
            found[name] = row[0]
    return found


def launch(ledger, temperament, seconds, token):
    """A supplier's process. Its key travels in the environment, where no list of processes shows it."""
    return subprocess.Popen(
        [
            sys.executable, "-m", "simulator.server", "--ledger", str(ledger), "--temperament", temperament,
            "--ship-after", str(seconds), "--with-parent",
            *(["--shelf", ledger.stem] if (SHELVES / f"{ledger.stem}.csv").exists() else []),
        ],
        cwd=ROOT / "dropship_flow",
        env={**os.environ, "PYTHONPATH": str(ROOT / "dropship_flow"), "SIMULATOR_TOKEN": token},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,  # Ctrl-C ends Odoo first
    )  # fmt: skip


def port_of(process):
    """The port the process says it listens on; None when it says nothing in time."""
    ready, _write, _error = select.select([process.stdout], [], [], START_SECONDS)
    text = process.stdout.readline().strip() if ready else ""
    return int(text) if text.isdigit() else None


def tell(cr, connection_id, url, token):
    """Where the supplier is from now on, and the key it wants to see."""
    cr.execute(
        "UPDATE dropship_connection SET endpoint = %s, secret = %s, private_allowed = true, active = true, "
        "failures = 0, paused_until = NULL WHERE id = %s",
        [url, token, connection_id],
    )


def connect_once(cr, connections, names):
    """The first time only: the suppliers' orders go to these processes, and these answer. Later a person decides."""
    cr.execute("SELECT 1 FROM ir_config_parameter WHERE key = %s", [CONNECTED])
    if cr.fetchone() or not names:
        return
    for name in names:
        cr.execute(
            "UPDATE dropship_supplier SET connection_id = %s, answer_mode = 'manual' "
            f"WHERE connection_id IS NULL AND id = ({RECORD} AND model = 'dropship.supplier')",
            [connections[name], f"supplier_{name}"],
        )
    cr.execute(
        "INSERT INTO ir_config_parameter (key, value, create_date, write_date) VALUES (%s, '1', now(), now())",
        [CONNECTED],
    )


def stop(database, started):
    """End the processes; their connections rest, so that nothing knocks at closed doors."""
    for _name, process in started:
        end(process)
    if not started:
        return
    try:
        with databases.cursor(database) as cr:
            connections = connections_of(cr)
            ids = [connections[name] for name, _process in started if name in connections]
            cr.execute("UPDATE dropship_connection SET active = false WHERE id = ANY(%s)", [ids])
    except (psycopg2.Error, Stop) as error:
        line(f"  The connections of the demo's suppliers stay open: {error}")


def end(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
