"""A simulated supplier. Run it as a program:

    python -m simulator.server --port 0 --ledger ledger.jsonl --temperament honest --seed 1

It keeps what it accepted in its own ledger file, one JSON line per fact, written before it answers: the ledger is what
really happened, whatever its answers said. Temperaments may be mixed ("honest,silent:0.2"): the share of orders that
get it; the first one takes the rest. How an order is treated depends only on the seed and its reference.

With --shelf it also has a price list at /feed.csv that moves by itself, asked for with an ETag as often as one likes.
With --call-back and --call-back-key it also calls our API for suppliers by itself: it acknowledges and ships there.
"""

import argparse
import json
import os
import socket
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from . import moods
from .caller import Caller
from .gate import Gate
from .ledger import Ledger
from .moods import TEMPERAMENTS
from .returns import Returns
from .shelf import STEP, Shelf

MAX_BODY = 5_000_000


class Supplier(Returns):
    """Decides, by temperament, what becomes of an order and of the answer."""

    def __init__(
        self, ledger, temperament, seed=1, token="", delay=0.0, hang=5.0, ship_after=2.0, caller=None, gate=None
    ):
        self.ledger, self.seed, self.delay, self.hang = ledger, seed, delay, hang
        self.gate = gate or Gate(ledger, token)
        self.ship_after, self.caller = ship_after, caller
        self.mix = moods.Mix(temperament, seed)

    def mood(self, ref):
        """The temperament shown to an order.

        >>> Supplier(None, "honest,silent:1.0").mood("P1")
        'silent'
        """
        return self.mix.mood(ref)

    # --- orders ---

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
            status = moods.STATUS.get(mood, "accepted")
            fact = {"fact": "order", "ref": ref, "key": key, "status": status, "payload": payload, "at": time.time()}
            fact["id"] = f"SIM-{len(self.ledger.keys) + 1}"
            if mood == "splits" and len(payload.get("lines") or []) > 1:
                fact["ids"] = [f"{fact['id']}-{number}" for number, _line in enumerate(payload["lines"], 1)]
            self.ledger.note(fact)
            body = self.view(fact)
        if self.caller:
            self.caller.tell(self, ref, body)
        if mood == "breaks_late":
            return 500, {"reason": "answer lost"}, None
        return 201, body, moods.TROUBLE.get(mood)

    def view(self, fact):
        """An order as it is told. The ledger's lock is held."""
        ref, mood = fact["ref"], self.mood(fact["ref"])
        row = {"schema": 1, "ref": ref, "id": fact["id"], "status": fact["status"], "serial": 1}
        if fact.get("ids"):
            row["ids"] = fact["ids"]
        if fact["status"] == "rejected":
            row |= {"reason": "out of stock", "reason_code": "out_of_stock"}
        if fact["status"] == "changed":
            row["lines"] = moods.lines(mood, fact["payload"])
            row["currency"] = fact["payload"].get("currency") or ""
        if parcels := self.ledger.parcels.get(ref):
            row |= {"status": "shipped", "serial": 3}
            row["parcels"] = [{"number": parcel["number"], "carrier": parcel["carrier"]} for parcel in parcels]
        if ref in self.ledger.payments:
            row["paid"] = True
        if mood == "twice":
            row["serial"] = self.ledger.asked[ref] = self.ledger.asked.get(ref, 0) + 1
        return row

    def ship_due(self, fact):
        """Some time after the order its parcel leaves – or is said to have left. The ledger's lock is held."""
        ref, mood = fact["ref"], self.mood(fact["ref"])
        due = mood in ("ships", "liar") and time.time() - fact["at"] >= self.ship_after
        if due and fact["status"] == "accepted" and ref not in self.ledger.parcels:
            parcel = {"fact": "parcel", "ref": ref, "number": moods.number(ref, mood), "carrier": "SF Express"}
            self.ledger.note({**parcel, "real": mood != "liar", "at": time.time()})

    def known(self, refs):
        rows = []
        with self.ledger.lock:
            for ref in refs:
                for fact in self.ledger.orders.get(ref, [])[-1:]:
                    asked = self.ledger.asked[ref] = self.ledger.asked.get(ref, 0) + 1
                    if self.mood(ref) == "slow" and asked > 1 and fact["status"] == "received":
                        fact["status"] = "accepted"
                    self.ship_due(fact)
                    row = self.view(fact)
                    rows.append({"serial": 2, **row} if "parcels" in row else row | {"serial": self._serial(fact)})
        return rows

    @staticmethod
    def _serial(fact):
        return 2 if fact["status"] == "accepted" else 1

    # --- what is asked about an order ---

    def cancel(self, ref, key):
        with self.ledger.lock:
            facts = self.ledger.orders.get(ref)
            if not facts:
                return 422, {"reason": "no such order"}
            fact = facts[-1]
            if any(parcel["real"] for parcel in self.ledger.parcels.get(ref, [])):
                return 200, self.view(fact) | {"reason": "it left already"}
            if fact["status"] != "cancelled":
                self.ledger.note({"fact": "cancel", "ref": ref, "key": key, "at": time.time()})
            body = {"ref": ref, "id": fact["id"], "status": "cancelled", "serial": 9}
            return 200, body | ({"ids": fact["ids"]} if fact.get("ids") else {})

    def change(self, ref, key, payload):
        """(status, body): yes, unless the parcel left or the temperament says no."""
        with self.ledger.lock:
            facts = self.ledger.orders.get(ref)
            if not facts:
                return 422, {"reason": "no such order"}
            self.ship_due(facts[-1])
            known = self.ledger.changes.get(key)
            if not known:
                says = {"stubborn": "no", "out_of_stock": "no", "liar": "too_late", "silent": "received"}
                answer = says.get(self.mood(ref), "yes")
                if ref in self.ledger.parcels or facts[-1]["status"] == "cancelled":
                    answer = "too_late"
                known = {"fact": "change", "ref": ref, "key": key, "payload": payload, "answer": answer}
                self.ledger.note({**known, "at": time.time()})
            change = str(known["payload"].get("change") or "")
            return 200, {"ref": ref, "change": change, "answer": known["answer"]}

    def pay(self, ref, key, payload):
        """(status, body): the same key is paid once; a second key for a paid order is refused."""
        with self.ledger.lock:
            facts = self.ledger.orders.get(ref)
            if not facts or facts[-1]["status"] in ("cancelled", "rejected"):
                return 422, {"reason": "no such order to pay"}
            paid = self.ledger.payments.get(ref, {})
            if paid and key not in paid:
                return 409, {"reason": "paid already"}
            if not paid:
                self.ledger.note({"fact": "pay", "ref": ref, "key": key, "payload": payload, "at": time.time()})
            fact = self.ledger.payments[ref][key]["payload"]
            return 200, {"ref": ref, "paid": "yes", "amount": fact.get("amount"), "currency": fact.get("currency")}

    def inquiry(self, ref, payload):
        """(status, body): what it has of each SKU, at the price of its last order."""
        prices = {}
        with self.ledger.lock:
            for facts in self.ledger.orders.values():
                for line in facts[-1]["payload"].get("lines") or []:
                    prices[line.get("sku")] = (line.get("price"), facts[-1]["payload"].get("currency") or "")
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        rows = [
            moods.offered(self.mix, self.seed, str(line.get("sku")), *prices.get(line.get("sku"), ()))
            for line in payload.get("lines") or []
        ]
        return 200, {"ref": ref, "lines": [{**row, "valid_until": until} for row in rows]}


class JsonHandler(BaseHTTPRequestHandler):
    """What the simulated servers have in common: they answer in JSON and keep no log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        """Silent: the ledger is the record."""

    def _answer(self, status, data, raw=None):
        body = raw or json.dumps(data, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)


class Handler(JsonHandler):
    supplier, shelf = None, None

    def do_GET(self):
        parts = urlsplit(self.path)
        path = parts.path.rstrip("/")
        if not self._allowed():
            return
        time.sleep(self.supplier.delay)
        asked = {"orders": self.supplier.known, "returns": self.supplier.known_returns,
                 "claims": self.supplier.known_claims}  # fmt: skip
        name = path.rpartition("/")[2]
        if name in asked:
            refs = [unquote(ref) for ref in parse_qs(parts.query).get("refs", [""])[0].split(",") if ref]
            self._answer(200, {name: asked[name](refs)})
        elif path.endswith("/closures"):
            self._answer(200, {"closures": moods.closures(self.supplier.mix)})
        elif path.endswith("/feed.csv") and self.shelf:
            self._feed()
        else:
            self._answer(404, {"reason": "nothing here"})

    def _feed(self):
        content, mark, since = self.shelf.feed()
        same = self.headers.get("If-None-Match") == f'"{mark}"'
        self.send_response(304 if same else 200)
        self.send_header("ETag", f'"{mark}"')
        self.send_header("Last-Modified", formatdate(since, usegmt=True))
        if not same:
            self.send_header("Content-Type", "text/csv")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(b"" if same else content)

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            self._answer(413, {"reason": "too much"})
            return
        body = self.rfile.read(length)
        if urlsplit(self.path).path.endswith("/token"):
            self._answer(*self.supplier.gate.renew(body))
            return
        if not self._allowed():
            return
        try:
            payload = json.loads(body)
            ref = payload["ref"]
        except (ValueError, KeyError, TypeError):
            self._answer(422, {"reason": "not in the agreed form"})
            return
        time.sleep(self.supplier.delay)
        self._work(urlsplit(self.path).path, ref, self.headers.get("Idempotency-Key", ""), payload)

    def _work(self, path, ref, key, payload):
        """One message; the end of its address says what it is."""
        supplier = self.supplier
        if "/returns" in path:
            what = {"parcel": "return_parcel", "cancel": "return_cancel"}.get(path.rpartition("/")[2], "return")
            self._answer(*supplier.returned(ref, key, payload, what))
        elif "/claims" in path:
            what = "claim_objection" if path.endswith("/objection") else "claim"
            self._answer(*supplier.claimed(ref, key, payload, what))
        elif path.endswith("/cancel"):
            self._answer(*supplier.cancel(ref, key))
        elif path.endswith("/changes"):
            self._answer(*supplier.change(ref, key, payload))
        elif path.endswith("/pay"):
            self._answer(*supplier.pay(ref, key, payload))
        elif path.endswith("/inquiries"):
            self._answer(*supplier.inquiry(ref, payload))
        elif path.endswith("/orders"):
            self._order(ref, key, payload)
        else:
            self._answer(404, {"reason": "nothing here"})

    def _order(self, ref, key, payload):
        status, answer, trouble = self.supplier.order(ref, key, payload)
        if trouble == "hang":
            time.sleep(self.supplier.hang)
        if trouble in ("hang", "reset"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(status, answer, b"<html>welcome" if trouble == "garbage" else None)

    def _allowed(self):
        if self.supplier.gate.lets_in(self.headers.get("Authorization")):
            return True
        self._answer(401, {"reason": "unknown key"})
        return False


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def serve(supplier, port=0, shelf=None):
    """A server for one supplier, bound to this machine only; the caller runs it."""
    return Server(("127.0.0.1", port), type("Handler", (Handler,), {"supplier": supplier, "shelf": shelf}))


def end_with(parent):
    """A supplier nobody waits for any more ends, whatever happened to whoever started it."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="A simulated supplier")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--temperament", default="honest", help=", ".join(TEMPERAMENTS))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--token", default=os.environ.get("SIMULATOR_TOKEN", ""), help="the key we have to show")
    parser.add_argument("--account", default="", help="instead of a key: who may get access that runs out, at /token")
    parser.add_argument("--account-secret", default=os.environ.get("SIMULATOR_SECRET", ""))
    parser.add_argument("--access-life", type=float, default=3600.0, help="seconds until it runs out")
    parser.add_argument("--access-fails", type=int, default=0, help="so many renewals fail first")
    parser.add_argument("--access-pause", type=float, default=0.0, help="seconds a renewal takes")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--hang", type=float, default=5.0)
    parser.add_argument("--ship-after", type=float, default=2.0, help="seconds until a parcel leaves")
    parser.add_argument("--call-back", default="", help="address of our API for suppliers, .../dropship/supplier/v1")
    parser.add_argument("--call-back-key", default=os.environ.get("SIMULATOR_CALL_BACK_KEY", ""))
    parser.add_argument("--shelf", default="", help="name of a file in shelves/: what the price list has in it")
    parser.add_argument("--shelf-step", type=float, default=STEP, help="seconds a price list is good for")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started this one ends")
    options = parser.parse_args(arguments)
    if options.with_parent:
        threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    ledger = Ledger(options.ledger)
    gate = Gate(
        ledger, options.token, options.account, options.account_secret, options.access_life, options.access_fails,
        options.access_pause,
    )  # fmt: skip
    caller = Caller(options.call_back, options.call_back_key) if options.call_back else None
    supplier = Supplier(
        ledger, options.temperament, options.seed, delay=options.delay, hang=options.hang,
        ship_after=options.ship_after, caller=caller, gate=gate,
    )  # fmt: skip
    shelf = Shelf(options.shelf, options.seed, options.shelf_step) if options.shelf else None
    server = serve(supplier, options.port, shelf)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
