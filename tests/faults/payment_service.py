"""A payment service as a process of its own, with a ledger of what it paid back.

It may honour the number a request comes with, or book whatever it is asked. It can book and then never answer.
"""

import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

AGAIN = 5  # seconds until a caller gives up


def serve(ledger, honours):
    """Take refunds until the process is ended; the port is printed first."""
    known, lock = {}, Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                fresh = not honours or body["key"] not in known
                known[body["key"]] = body["amount"]
                if fresh:
                    with open(ledger, "a", encoding="utf-8") as handle:
                        handle.write(json.dumps(body) + "\n")
            answer = json.dumps({"state": "done"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


@contextmanager
def running(ledger, honours=True):
    """A running service: its address. The process is ended afterwards, its ledger stays."""
    open(ledger, "a", encoding="utf-8").close()
    process = subprocess.Popen(
        [sys.executable, __file__, str(ledger), "honours" if honours else "books"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def booked(ledger):
    """What it paid back: [{"key", "source", "amount" in cents}]."""
    with open(ledger, encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


def ask(address, transaction):
    """Ask it to pay back what a refund transaction says, as the module of a provider does."""
    body = {
        "key": transaction.reference,
        "source": transaction.source_transaction_id.id,
        "amount": round(-transaction.amount * 100),
    }
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=AGAIN) as answer:
        return json.loads(answer.read())


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2] == "honours")
