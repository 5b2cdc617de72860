"""What the local copies of tracking services have in common: a real socket, a ledger, and ways to go wrong."""

import json
import threading
import time
from collections import Counter, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"


def samples(kind):
    """{name: what a push of this kind of service says}, in files."""
    return {path.stem: json.loads(path.read_text()) for path in sorted((SAMPLES / kind).glob("*.json"))}


class Fake:
    """A service on a port of its own.

    `faults` are used up one a request: "429", "500", "html", "cut" and "garbage" keep it from acting; "silent" and
    "slow" let it act and then say nothing. `ledger` counts what cost the account something, by number and carrier.
    """

    slowness = 1.5

    def __init__(self):
        self.faults = deque()
        self.ledger = Counter()
        self.received = []  # (path, headers, body) of every request
        self.lock = threading.Lock()

    def __enter__(self):
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                fake._handle(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def do_GET(self):
                fake._handle(self, b"")

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *_exc):
        self.server.shutdown()
        self.server.server_close()

    def _handle(self, request, body):
        with self.lock:
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.received.append((request.path, headers, body))
            fault = self.faults.popleft() if self.faults else ""
            if fault in ("", "silent", "slow"):
                status, answer = self.answer(request.command, request.path, headers, body)
        request.close_connection = True
        if fault == "silent":
            return
        if fault == "slow":
            time.sleep(self.slowness)
        more = {}
        if fault == "429":
            status, answer, more = 429, {"message": "slow down"}, {"Retry-After": "7"}
        elif fault == "500":
            status, answer = 500, {"message": f"internal {headers} {body!r}"}
        content = json.dumps(answer, ensure_ascii=False).encode() if fault not in ("html", "garbage", "cut") else b""
        if fault:
            content = {
                "html": b"<html>Login</html>",
                "garbage": b"[" * 100_000,
                "cut": b'{"code": 0, "data"',
            }.get(fault, content)
            status = 200 if fault in ("html", "garbage", "cut") else status
        try:
            request.send_response(status)
            for name, value in {"Content-Type": "application/json", **more}.items():
                request.send_header(name, value)
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content)
        except OSError:
            pass

    def answer(self, method, path, headers, body):
        """
        :return: (HTTP status, data)
        """
        raise NotImplementedError
