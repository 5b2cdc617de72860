"""A simulated supplier. Run it as a program:

    python -m simulator.server --port 0 --ledger ledger.jsonl --temperament honest --seed 1

It keeps what it accepted in its own ledger file, one JSON line per fact, written before it answers: the ledger is what
really happened, whatever its answers said. Temperaments may be mixed ("honest,silent:0.2"): the share of orders that
get it; the first one takes the rest. How an order is treated depends only on the seed and its reference.
"""

import argparse
import hashlib
import json
import os
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

TEMPERAMENTS = {
    "honest": "accepts at once",
    "slow": "receives, accepts when asked the second time",
    "silent": "receives and never answers",
    "out_of_stock": "rejects: out of stock",
    "hangs": "takes the order, then lets the line hang",
    "resets": "takes the order, then breaks the line",
    "breaks": "answers 500 at first, takes it when it comes again",
    "breaks_late": "takes the order, answers 500",
    "garbage": "takes the order, answers nonsense",
    "twice": "accepts and says so twice with different numbers",
    "busy": "answers 429 at first",
    "stubborn": "accepts, but changes nothing afterwards",
    "liar": "accepts, never ships, claims it has",
}


class Ledger:
    """Orders this supplier has, kept in a file that survives the process."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.orders, self.keys, self.tries, self.asked = {}, {}, {}, {}
        self.changes = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as handle:
                for line in handle:
                    self._take(json.loads(line))
        self.file = open(path, "a", encoding="utf-8")  # noqa: SIM115 - open as long as the process lives

    def _take(self, fact):
        if fact["fact"] == "order":
            self.orders.setdefault(fact["ref"], []).append(fact)
            self.keys[fact["key"]] = fact
        elif fact["fact"] == "change":
            self.keys[fact["key"]] = fact
            self.changes.append(fact)
        elif fact["fact"] == "cancel" and fact["ref"] in self.orders:
            self.orders[fact["ref"]][-1]["status"] = "cancelled"

    def note(self, fact):
        self._take(fact)
        self.file.write(json.dumps(fact, ensure_ascii=False) + "\n")
        self.file.flush()


class Supplier:
    """Decides, by temperament, what becomes of an order and of the answer."""

    def __init__(self, ledger, temperament, seed=1, token="", delay=0.0, hang=5.0):
        self.ledger, self.seed, self.token, self.delay, self.hang = ledger, seed, token, delay, hang
        self.mix = []
        for part in temperament.split(","):
            name, _, share = part.strip().partition(":")
            if name not in TEMPERAMENTS:
                raise ValueError(f"{name!r} is no temperament: take {', '.join(TEMPERAMENTS)}")
            self.mix.append((name, float(share) if share else None))

    def mood(self, ref):
        """The temperament shown to an order.

        >>> Supplier(None, "honest,silent:0.0").mood("P1")
        'honest'
        >>> Supplier(None, "honest,silent:1.0").mood("P1")
        'silent'
        """
        point = int(hashlib.sha256(f"{self.seed} {ref}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
        for name, share in self.mix[1:]:
            if point <= (share or 0.0) and share:
                return name
            point -= share or 0.0
        return self.mix[0][0]

    def order(self, ref, key, payload):
        """(status, body, what to do with the line: None, "hang", "reset", "garbage")"""
        mood = self.mood(ref)
        with self.ledger.lock:
            tries = self.ledger.tries[ref] = self.ledger.tries.get(ref, 0) + 1
            known = self.ledger.keys.get(key)
            if known:
                same = known["payload"] == payload
                return (200, self.view(known), None) if same else (409, {"reason": "this key had another order"}, None)
            if mood == "busy" and tries == 1:
                return 429, {"reason": "slow down"}, None
            if mood == "breaks" and tries == 1:
                return 500, {"reason": "database is down"}, None
            status = {"slow": "received", "silent": "received", "out_of_stock": "rejected"}.get(mood, "accepted")
            fact = {"fact": "order", "ref": ref, "key": key, "status": status, "payload": payload, "at": time.time()}
            fact["id"] = f"SIM-{len(self.ledger.keys) + 1}"
            self.ledger.note(fact)
        if mood == "breaks_late":
            return 500, {"reason": "answer lost"}, None
        return 201, self.view(fact), {"hangs": "hang", "resets": "reset", "garbage": "garbage"}.get(mood)

    def view(self, fact):
        mood = self.mood(fact["ref"])
        row = {"ref": fact["ref"], "id": fact["id"], "status": fact["status"], "serial": 1}
        if fact["status"] == "rejected":
            row["reason"] = "out of stock"
        if mood == "twice":
            row["serial"] = self.ledger.asked[fact["ref"]] = self.ledger.asked.get(fact["ref"], 0) + 1
        return row

    def known(self, refs):
        rows = []
        with self.ledger.lock:
            for ref in refs:
                for fact in self.ledger.orders.get(ref, [])[-1:]:
                    asked = self.ledger.asked[ref] = self.ledger.asked.get(ref, 0) + 1
                    if self.mood(ref) == "slow" and asked > 1 and fact["status"] == "received":
                        fact["status"] = "accepted"
                    rows.append(self.view(fact) | {"serial": 2 if fact["status"] == "accepted" else 1})
        return rows

    def cancel(self, ref, key):
        with self.ledger.lock:
            facts = self.ledger.orders.get(ref)
            if not facts:
                return 422, {"reason": "no such order"}
            if facts[-1]["status"] != "cancelled":
                self.ledger.note({"fact": "cancel", "ref": ref, "key": key, "at": time.time()})
            return 200, {"ref": ref, "id": facts[-1]["id"], "status": "cancelled", "serial": 9}

    def change(self, ref, key, payload):
        """Honest suppliers agree to every change of an order they have; the stubborn refuse, liars are too late."""
        with self.ledger.lock:
            if ref not in self.ledger.orders:
                return 422, {"reason": "no such order"}
            answer = {"stubborn": "no", "liar": "too_late", "silent": "received"}.get(self.mood(ref), "yes")
            if key not in self.ledger.keys:
                fact = {"fact": "change", "ref": ref, "key": key, "payload": payload, "answer": answer}
                self.ledger.note({**fact, "at": time.time()})
            return 200, {"ref": ref, "change": payload.get("change"), "answer": answer}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    supplier = None

    def log_message(self, *_args):
        """Silent: the ledger is the record."""

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path.rstrip("/").endswith("/orders") and self._allowed():
            refs = [unquote(ref) for ref in parse_qs(parts.query).get("refs", [""])[0].split(",") if ref]
            time.sleep(self.supplier.delay)
            self._answer(200, {"orders": self.supplier.known(refs)})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._allowed():
            return
        try:
            payload = json.loads(body)
            ref = payload["ref"]
        except (ValueError, KeyError, TypeError):
            self._answer(422, {"reason": "not in the agreed form"})
            return
        time.sleep(self.supplier.delay)
        key = self.headers.get("Idempotency-Key", "")
        if self.path.endswith("/cancel"):
            self._answer(*self.supplier.cancel(ref, key))
            return
        if self.path.endswith("/changes"):
            self._answer(*self.supplier.change(ref, key, payload))
            return
        status, answer, trouble = self.supplier.order(ref, key, payload)
        if trouble == "hang":
            time.sleep(self.supplier.hang)
        if trouble in ("hang", "reset"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(status, answer, b"<html>welcome" if trouble == "garbage" else None)

    def _allowed(self):
        if self.supplier.token and self.headers.get("Authorization") != f"Bearer {self.supplier.token}":
            self._answer(401, {"reason": "unknown key"})
            return False
        return True

    def _answer(self, status, data, raw=None):
        body = raw or json.dumps(data, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def serve(supplier, port=0):
    """A server for one supplier, bound to this machine only; the caller runs it."""
    return Server(("127.0.0.1", port), type("Handler", (Handler,), {"supplier": supplier}))


def main(arguments=None):
    parser = argparse.ArgumentParser(description="A simulated supplier")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--temperament", default="honest", help=", ".join(TEMPERAMENTS))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--token", default="")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--hang", type=float, default=5.0)
    options = parser.parse_args(arguments)
    supplier = Supplier(
        Ledger(options.ledger), options.temperament, options.seed, options.token, options.delay, options.hang
    )
    server = serve(supplier, options.port)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
