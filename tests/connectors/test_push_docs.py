"""The curl example of docs/tracking_push.md, run as it stands."""

import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from trackers import webhook
from tracking.status import DETAILS, STATUSES

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "tracking_push.md").read_text(encoding="utf-8")


def test_the_example_is_genuine():
    assert shutil.which("curl") and shutil.which("openssl"), "the example needs curl and openssl"
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.append((body, headers, webhook.verify(body, headers, {}, ("the signing secret",))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        script = re.search(r"```sh\n(.*?)```", TEXT, re.S)[1]
        address = f"http://127.0.0.1:{server.server_address[1]}/push"
        script = re.sub(r"ADDRESS='.*'", f"ADDRESS='{address}'", script)
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=20, check=True)
    finally:
        server.shutdown()
        server.server_close()
    ((body, headers, genuine),) = seen
    assert done.stdout.strip() == "200" and genuine
    (found,) = webhook.read(body, headers, {})
    assert (found.number, found.carrier, found.events[0].code) == ("00340434161094000001", "dhl", "in_transit")


def test_every_word_is_told():
    words = set(re.findall(r"`([a-z_]+)`", TEXT))
    assert STATUSES.keys() - words <= {"pending"}
    assert words >= DETAILS


def test_the_json_of_the_text_is_read():
    (found,) = webhook.read(re.search(r"```json\n(.*?)```", TEXT, re.S)[1].encode(), {}, {})
    assert found.events[0].sure and found.events[0].place == "Köln, DE"
