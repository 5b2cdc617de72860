"""What a simulated supplier really did, whatever it said."""

import json
import os
import threading


class Ledger:
    """What this supplier has and did, kept in a file that survives the process."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.orders, self.keys, self.tries, self.asked = {}, {}, {}, {}
        self.changes, self.payments, self.parcels = {}, {}, {}
        self.returns = {}  # {number of a return or claim: {what was said: payload, "asked": how often}}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as handle:
                for line in handle:
                    self._take(json.loads(line))
        self.file = open(path, "a", encoding="utf-8")  # noqa: SIM115 - open as long as the process lives

    def _take(self, fact):
        kind = fact["fact"]
        if kind == "order":
            self.orders.setdefault(fact["ref"], []).append(fact)
            self.keys[fact["key"]] = fact
        elif kind == "cancel" and fact["ref"] in self.orders:
            self.orders[fact["ref"]][-1]["status"] = "cancelled"
        elif kind == "change":
            self.changes[fact["key"]] = fact
            if fact.get("what"):
                self.returns.setdefault(fact["ref"], {"asked": 0})[fact["what"]] = fact["payload"]
        elif kind == "pay":
            self.payments.setdefault(fact["ref"], {})[fact["key"]] = fact
        elif kind == "parcel":
            self.parcels.setdefault(fact["ref"], []).append(fact)

    def note(self, fact):
        self._take(fact)
        self.file.write(json.dumps(fact, ensure_ascii=False) + "\n")
        self.file.flush()
