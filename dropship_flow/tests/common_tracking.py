"""Parcels, accounts at tracking services, and a carrier in a thread beside the test."""

import json
import tempfile
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from odoo import fields

from ..simulator import carrier as carriers
from ..trackers import webhook

SECRET = "a secret nobody guesses"


class TrackingFactories:
    @classmethod
    def make_service(cls, kind="webhook", **vals):
        """An account at a tracking service of the current company."""
        values = {"name": f"Service {kind}", "kind": kind, "company_id": cls.env.company.id, "push_secret": SECRET}
        if kind == "simulated":
            values |= {"endpoint": "http://127.0.0.1:9", "private_allowed": True, "rate": 1000.0}
        return cls.env["dropship.connection"].create({**values, **vals})

    @classmethod
    def make_parcel(cls, number, carrier="dhl", **vals):
        values = {
            "number": number,
            "carrier_code": carrier,
            "company_id": cls.env.company.id,
            "partner_id": cls.anna.id,
            "announced_at": fields.Datetime.now() - timedelta(days=1),
        }
        return cls.env["dropship.shipment"].create({**values, **vals})

    @classmethod
    def make_push(cls, number, *events, carrier="dhl", **more):
        """The body of a push; events are (code, hours ago) with more fields after them."""
        now = fields.Datetime.now().replace(microsecond=0)
        rows = [
            {"time": f"{(now - timedelta(hours=hours)).isoformat()}Z", "code": code, **(rest[0] if rest else {})}
            for code, hours, *rest in events
        ]
        return json.dumps({"number": number, "carrier": carrier, "events": rows, **more}).encode()

    @classmethod
    def store(cls, service, body, **headers):
        """Keep a push as the route does: the row, empty when it was kept before."""
        inbox = cls.env["dropship.inbox"]
        stored = inbox._store(service, body, {"content-type": "application/json", **headers}, {})
        inbox.invalidate_model()
        return inbox.search([("connection_id", "=", service.id)], limit=1) if stored else inbox

    @contextmanager
    def as_worker(self):
        """An environment that may commit and roll back, as a scheduled action has it."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr, user=1)
        self.env.invalidate_all()

    def read_pushes(self):
        with self.as_worker() as env:
            while env["dropship.inbox"]._process_ready():
                pass

    @classmethod
    def sign(cls, body, secret=SECRET, at=None):
        return {"Content-Type": "application/json", "X-Dropship-Signature": webhook.sign(body, secret, at)}

    @contextmanager
    def carrier(self, **options):
        """A simulated carrier: (carrier, address)."""
        with tempfile.TemporaryDirectory() as folder:
            book = carriers.Book(str(Path(folder) / "carrier.jsonl"))
            carrier = carriers.Carrier(book, **options)
            server = carriers.serve(carrier)
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            try:
                yield carrier, f"http://127.0.0.1:{server.server_address[1]}"
            finally:
                server.shutdown()
                server.server_close()
                book.file.close()

    @classmethod
    def hours_pass(cls, hours):
        """Waits and leases run out, as they would in the next hours."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE dropship_watch SET next_try = next_try - make_interval(hours => %(h)s), lease_until = NULL, "
            "asked_at = asked_at - make_interval(hours => %(h)s)",
            {"h": hours},
        )
        cls.env.cr.execute("UPDATE dropship_connection SET paused_until = NULL")
        cls.env.invalidate_all()

    def follow(self):
        """One run of the relay."""
        with self.as_worker() as env:
            env["dropship.watch"]._cron_track(10)
