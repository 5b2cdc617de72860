"""A simulated supplier whose program calls us: it acknowledges its orders and reports its parcels there."""

import hashlib
import json
import threading
import time
import urllib.error
import urllib.request

TRIES = 6


class Caller:
    """Calls our API for suppliers, each thing under a key of its own, so that a repeated call does nothing twice.

    :param str url: .../dropship/supplier/v1
    """

    def __init__(self, url, key, pause=1.0):
        self.url, self.key, self.pause = url.rstrip("/"), key, pause

    def tell(self, supplier, ref, view):
        """Say what became of an order, and later what left; in the background, the order's own answer does not wait."""
        threading.Thread(target=self._tell, args=(supplier, ref, view), daemon=True).start()

    def _tell(self, supplier, ref, view):
        if view["status"] == "received":
            return
        names = ("status", "id", "ids", "reason", "reason_code", "currency", "lines")
        self.post(f"/orders/{ref}/acknowledge", {name: view[name] for name in names if view.get(name)})
        if supplier.mood(ref) not in ("ships", "liar"):
            return
        time.sleep(supplier.ship_after)
        rows = supplier.known([ref])
        parcels = rows[0].get("parcels") if rows else None
        if parcels:
            self.post(f"/orders/{ref}/shipments", {"parcels": parcels})

    def post(self, path, body):
        """Call until it is taken or refused for good.

        :return: the last status, None when nobody was there
        """
        data = json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": hashlib.sha256(path.encode() + data).hexdigest(),
        }
        status = None
        for attempt in range(TRIES):
            if attempt:
                time.sleep(self.pause * 2 ** (attempt - 1))
            try:
                call = urllib.request.Request(self.url + path, data, headers, method="POST")
                with urllib.request.urlopen(call, timeout=30) as answer:
                    return answer.status
            except urllib.error.HTTPError as error:
                status = error.code
                error.close()
                if status < 500 and status not in (404, 409, 429):
                    return status
            except OSError:
                continue
        return status
