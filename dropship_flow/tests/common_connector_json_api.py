"""The open JSON API for the contract suite: a simulated supplier at the other end."""

import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ..simulator import server as simulator

SECRET = "s3cret-canary-key"
# What the kind carries; everything else is parked in words.
CARRIES = {"order", "cancel", "change", "ask", "pay"}


@contextmanager
def connector_fixtures_json_api(case, temperament="honest", **options):
    """(connection, ledger) of a running supplier."""
    with TemporaryDirectory() as folder:
        ledger = simulator.Ledger(Path(folder) / "ledger.jsonl")
        server = simulator.serve(simulator.Supplier(ledger, temperament, token=SECRET, hang=0.2, **options))
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        connection = case.env["dropship.connection"].create(
            {
                "name": "Simulated",
                "kind": "json_api",
                "endpoint": f"http://127.0.0.1:{server.server_address[1]}",
                "secret": SECRET,
                "private_allowed": True,
                "rate": 1000,
                "company_id": case.env.company.id,
            }
        )
        try:
            yield connection, ledger
        finally:
            server.shutdown()
            server.server_close()
            ledger.file.close()
