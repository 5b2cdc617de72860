"""A simulated carrier with its own tracking service. Run it as a program:

    python -m simulator.carrier --port 0 --ledger carrier.jsonl --moods honest,stuck:0.1,lost:0.05 --hour 1.0

Numbers are registered, then each parcel makes the journey of its mood: one hour of it lasts `--hour` seconds. What
happens is pushed, signed, to the address in --push-to; numbers can also be asked for, 40 at a time. The ledger file
keeps what was registered, asked and pushed, one JSON line per fact: it is what really happened.

Faults on request: --drop 0.3 never sends three pushes of ten, --twice sends some again, --shuffle sends in any order,
--delay waits before every answer, --forgetful takes a registration and lets the line hang.
"""

import argparse
import json
import os
import pathlib
import random
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

from .journeys import JOURNEYS, Mix, steps
from .moods import chance
from .server import JsonHandler, Server, end_with

MOST = 40
MAX_BODY = 1_000_000
TRIES = 4


class Book:
    """What the carrier was told and did, in a file that survives the process."""

    def __init__(self, path):
        self.path, self.lock = path, threading.RLock()
        self.parcels, self.pushed, self.stopped = {}, {}, set()
        if os.path.exists(path):
            with open(path, encoding="utf-8") as handle:
                for line in handle:
                    self._take(json.loads(line))
        self.file = open(path, "a", encoding="utf-8")  # noqa: SIM115 - open as long as the process lives

    def _take(self, fact):
        if fact["fact"] == "register":
            self.parcels.setdefault(fact["number"], fact)
        elif fact["fact"] == "push":
            self.pushed[fact["number"]] = max(self.pushed.get(fact["number"], 0), fact["upto"])
        elif fact["fact"] == "stop":
            self.stopped.add(fact["number"])

    def note(self, **fact):
        with self.lock:
            self._take(fact)
            self.file.write(json.dumps(fact, ensure_ascii=False) + "\n")
            self.file.flush()


class Carrier:
    """
    :param float hour: seconds an hour of a journey lasts
    :param path shippers: folder with ledgers of simulated suppliers; parcels they only pretend are never scanned
    """

    def __init__(self, book, moods="honest", seed="1", hour=1.0, token="", shippers=None, delay=0.0, forgetful=0.0):
        self.book, self.mix, self.seed, self.hour, self.token = book, Mix(moods, seed), seed, hour, token
        self.shippers, self.delay, self.forgetful = shippers, delay, forgetful

    def pretended(self):
        """Numbers that stand on labels of parcels that do not exist."""
        numbers = set()
        for path in pathlib.Path(self.shippers).glob("*.jsonl") if self.shippers else ():
            with open(path, encoding="utf-8") as handle:
                facts = [json.loads(line) for line in handle if '"parcel"' in line]
            numbers |= {fact["number"] for fact in facts if fact.get("fact") == "parcel" and not fact["real"]}
        return numbers

    # --- what is asked ---

    def register(self, rows):
        results, unreal = [], self.pretended()
        for row in rows:
            number = str(row.get("number") or "")
            with self.book.lock:
                known = self.book.parcels.get(number)
                if not number.isalnum():
                    status = {"status": "rejected", "error": "this is no number of ours"}
                elif known:
                    status = {"status": "exists", "id": known["id"]}
                else:
                    mood = "fake" if number in unreal else self.mix.mood(number)
                    fact = {"number": number, "id": f"C{len(self.book.parcels) + 1}", "mood": mood, "at": time.time()}
                    country, carrier = str(row.get("country") or ""), str(row.get("carrier") or "")
                    self.book.note(fact="register", country=country, carrier=carrier, **fact)
                    status = {"status": "registered", "id": fact["id"]}
            results.append({"tag": row.get("tag"), "number": number, **status})
        return {"results": results}

    def ask(self, numbers):
        for number in numbers:
            self.book.note(fact="ask", number=number, at=time.time())
        return {"parcels": [self.view(number) for number in numbers if number in self.book.parcels]}

    def stop(self, numbers):
        for number in numbers:
            self.book.note(fact="stop", number=number, at=time.time())
        return {"stopped": len(numbers)}

    # --- what happens ---

    def happened(self, number, now=None):
        """The events of a parcel until now, in the generic form."""
        parcel = self.book.parcels[number]
        now = time.time() if now is None else now
        events = []
        for hours, code, detail, text, place in steps(number, parcel["mood"], parcel["country"]):
            at = parcel["at"] + hours * self.hour
            if at <= now:
                moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
                events.append({"time": moment, "code": code, "detail": detail, "text": text, "place": place})
        return events

    def view(self, number, events=None):
        events = self.happened(number) if events is None else events
        return {"number": number, "carrier": self.book.parcels[number]["carrier"], "events": events}


class Pusher:
    """Tells what happened, with whatever faults were asked for."""

    def __init__(self, carrier, address, secret, drop=0.0, twice=0.0, shuffle=False, seed="1"):
        from trackers.webhook import sign  # noqa: PLC0415 - beside us when run as a program

        self.carrier, self.address, self.secret, self.sign = carrier, address, secret, sign
        self.drop, self.twice, self.shuffle, self.seed = drop, twice, shuffle, seed
        self.random = random.Random(seed)

    def forever(self):
        while True:
            self.round()
            time.sleep(min(max(self.carrier.hour / 4, 0.05), 1.0))

    def round(self):
        """Every event nobody was told of yet, each in a push of its own."""
        book, waiting = self.carrier.book, []
        for number in list(book.parcels):
            events = self.carrier.happened(number)
            told = book.pushed.get(number, 0)
            if len(events) > told and number not in book.stopped:
                waiting += [(number, upto, events[upto - 1]) for upto in range(told + 1, len(events) + 1)]
        if self.shuffle:
            self.random.shuffle(waiting)
        for number, upto, event in waiting:
            dropped = chance(f"{self.seed} drop", f"{number} {upto}") < self.drop
            status = None if dropped else self.push(self.carrier.view(number, [event]))
            again = not dropped and chance(f"{self.seed} twice", f"{number} {upto}") < self.twice
            if again:
                self.push(self.carrier.view(number, [event]))
            fate = {"status": status, "dropped": dropped, "twice": again, "at": time.time()}
            book.note(fact="push", number=number, upto=upto, **fate)

    def push(self, data):
        """Send until it is taken or refused for good; the last status, None when nobody was there."""
        body, status = json.dumps(data, ensure_ascii=False).encode(), None
        for attempt in range(TRIES):
            if attempt:
                time.sleep(0.2 * 2**attempt)
            headers = {"Content-Type": "application/json", "X-Dropship-Signature": self.sign(body, self.secret)}
            try:
                call = urllib.request.Request(self.address, body, headers, method="POST")
                with urllib.request.urlopen(call, timeout=30) as answer:
                    return answer.status
            except urllib.error.HTTPError as error:
                status = error.code
                error.close()
                if status < 500 and status not in (404, 429):
                    return status
            except OSError:
                continue
        return status


class Handler(JsonHandler):
    carrier = None

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if size > MAX_BODY:
            self.close_connection = True
            return self._answer(413, {"error": "too large"})
        body = self.rfile.read(size)
        carrier = self.carrier
        if carrier.token and self.headers.get("Authorization") != f"Bearer {carrier.token}":
            return self._answer(401, {"error": "unknown key"})
        try:
            data = json.loads(body)
            rows = data["parcels"] if self.path == "/v1/parcels" else data["numbers"]
            rows = [dict(row) for row in rows] if self.path == "/v1/parcels" else [str(row) for row in rows]
        except (ValueError, KeyError, TypeError):
            return self._answer(422, {"error": "not in the agreed form"})
        if len(rows) > MOST:
            return self._answer(413, {"error": f"at most {MOST} in one call"})
        work = {"/v1/parcels": carrier.register, "/v1/ask": carrier.ask, "/v1/stop": carrier.stop}.get(self.path)
        if not work:
            return self._answer(404, {"error": "nothing here"})
        result = work(rows)
        time.sleep(carrier.delay)
        fresh = [row["number"] for row in result.get("results", ()) if row["status"] == "registered"]
        if fresh and chance(f"{carrier.seed} forgetful", fresh[0]) < carrier.forgetful:
            self.close_connection = True  # they are registered, and nobody hears of it
            return None
        return self._answer(200, result)


def serve(carrier, port=0):
    """A server for one carrier, bound to this machine only; the caller runs it."""
    return Server(("127.0.0.1", port), type("Handler", (Handler,), {"carrier": carrier}))


def main(arguments=None):
    parser = argparse.ArgumentParser(description="A simulated carrier")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--moods", default="honest", help=", ".join(JOURNEYS))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--hour", type=float, default=1.0, help="seconds an hour of a journey lasts")
    parser.add_argument("--shippers", default="", help="folder with the ledgers of simulated suppliers")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--forgetful", type=float, default=0.0, help="share of registrations nobody hears of")
    parser.add_argument("--drop", type=float, default=0.0, help="share of pushes that are never sent")
    parser.add_argument("--twice", type=float, default=0.0, help="share of pushes that are sent again")
    parser.add_argument("--shuffle", action="store_true", help="push in any order")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started this one ends")
    # Keys travel in the environment, where no list of processes shows them.
    parser.add_argument("--token", default=os.environ.get("SIMULATOR_TOKEN", ""))
    parser.add_argument("--push-to", default=os.environ.get("SIMULATOR_PUSH_TO", ""))
    parser.add_argument("--push-secret", default=os.environ.get("SIMULATOR_PUSH_SECRET", ""))
    options = parser.parse_args(arguments)
    if options.with_parent:
        threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    carrier = Carrier(
        Book(options.ledger), options.moods, options.seed, options.hour, options.token, options.shippers or None,
        options.delay, options.forgetful,
    )  # fmt: skip
    if options.push_to:
        pusher = Pusher(
            carrier, options.push_to, options.push_secret, options.drop, options.twice, options.shuffle, options.seed
        )
        threading.Thread(target=pusher.forever, daemon=True).start()
    server = serve(carrier, options.port)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
