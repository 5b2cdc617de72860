"""The simulated carrier itself, behind a socket that can go wrong; its pushes are those of the generic form."""

import json
import tempfile
from collections import Counter
from pathlib import Path

from fake_webhook import (
    CASE_MATTERS,
    OTHER_PUSH_SECRET,
    PUSH_SECRET,
    SAMPLES,
    push,
    reserialised,
    signature_of,
    with_signature,
)
from fakes import Fake
from simulator.carrier import Book, Carrier
from trackers.said import Watched

__all__ = [
    "CASE_MATTERS", "OTHER_PUSH_SECRET", "PUSH_SECRET", "SAMPLES", "push", "reserialised", "signature_of",
    "with_signature",
]  # fmt: skip
SECRET = "simulated-CANARY-2b"
PARCEL = Watched("tag-1", "SIM0000012345", carrier="dhl", country="DE")


class Server(Fake):
    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.carrier = Carrier(Book(str(Path(self.folder.name) / "carrier.jsonl")), hour=0.0001)
        return super().__enter__()

    def __exit__(self, *exc):
        super().__exit__(*exc)
        self.carrier.book.file.close()
        self.folder.cleanup()

    def answer(self, method, path, headers, body):
        if headers.get("authorization") != f"Bearer {SECRET}":
            return 401, {"error": "unknown key"}
        data = json.loads(body)
        work = {"/v1/parcels": self.carrier.register, "/v1/ask": self.carrier.ask, "/v1/stop": self.carrier.stop}
        return 200, work[path](data.get("parcels") or data.get("numbers") or [])

    def cost(self, parcel):
        facts = map(json.loads, Path(self.carrier.book.path).read_text().splitlines())
        return Counter(fact["number"] for fact in facts if fact["fact"] == "register")[parcel.number]

    def put(self, number, carrier):
        """What happens to a parcel needs no help here."""
