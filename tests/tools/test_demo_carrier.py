"""The demo's carrier runs while `make run` does, pushes what happens, and never keeps Odoo from running."""

import json
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from trackers import webhook

from flow import carrier


class Cursor:
    """Just enough of a database."""

    def __init__(self, there=True):
        self.there, self.row, self.written = there, None, []

    def execute(self, query, values=()):
        if query.startswith("SELECT to_regclass"):
            self.row = (True,)
        elif "database.uuid" in query:
            self.row = ("0123456789",)
        elif query.startswith("SELECT id, push_token"):
            self.row = (7, "push-token") if self.there else None
        else:
            self.written.append((query, list(values)))

    def fetchone(self):
        return self.row


@pytest.fixture
def world(tmp_path, monkeypatch):
    def make(there=True):
        cr = Cursor(there)

        @contextmanager
        def cursor(_database):
            yield cr

        monkeypatch.setattr(carrier, "WORK", tmp_path)
        monkeypatch.setattr(carrier, "HOUR", 0.01)
        monkeypatch.setattr(carrier, "MOODS", "honest")
        monkeypatch.setattr(carrier.databases, "cursor", cursor)
        return cr

    return make


@contextmanager
def odoo():
    """A server that notes what is pushed: (port, list of (path, signature, body))."""
    pushes = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            pushes.append((self.path, self.headers["X-Dropship-Signature"], body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_address[1], pushes
    finally:
        server.shutdown()
        server.server_close()


def test_parcels_move_by_themselves(world, tmp_path):
    cr = world()
    fake = {"fact": "parcel", "ref": "P1", "number": "FAKE1", "carrier": "SF", "real": False, "at": 0}
    (tmp_path / "suppliers" / "shop-01234567").mkdir(parents=True)
    (tmp_path / "suppliers" / "shop-01234567" / "liar.jsonl").write_text(json.dumps(fake) + "\n")
    with odoo() as (port, pushes), carrier.running("shop", port) as (process, number):
        (_query, (endpoint, token, secret, told)) = cr.written[0]
        assert told == number == 7
        body = json.dumps({"parcels": [{"tag": "a", "number": "REAL1"}, {"tag": "b", "number": "FAKE1"}]}).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        call = urllib.request.Request(f"{endpoint}/v1/parcels", body, headers, method="POST")
        with urllib.request.urlopen(call, timeout=5) as answer:
            assert [row["status"] for row in json.load(answer)["results"]] == ["registered", "registered"]
        until = time.monotonic() + 20
        while b"delivered" not in b"".join(body for _path, _sign, body in pushes) and time.monotonic() < until:
            time.sleep(0.1)
    assert process.poll() is not None
    assert {path for path, _sign, _body in pushes} == {"/dropship/track/push/push-token"}
    assert all(webhook.verify(body, {webhook.HEADER: sign}, {}, (secret,)) for _path, sign, body in pushes)
    found = [webhook.read(body, {}, {})[0] for _path, _sign, body in pushes]
    codes = {number: [event.code for one in found if one.number == number for event in one.events]
             for number in ("REAL1", "FAKE1")}  # fmt: skip
    assert codes["REAL1"][-1] == "delivered" and "picked_up" in codes["REAL1"]
    assert codes["FAKE1"] == ["info_received"], "a parcel that does not exist meets no scanner"
    assert cr.written[-1][0].startswith("UPDATE dropship_connection SET active = false")


def test_a_database_without_the_demo_has_none(world):
    cr = world(there=False)
    with carrier.running("shop", 1) as started:
        assert started is None
    assert cr.written == []


def test_nothing_keeps_odoo_from_starting(world, monkeypatch):
    world()
    monkeypatch.setattr(carrier, "MOODS", "grumpy")
    with carrier.running("shop", 1) as started:
        assert started is None
