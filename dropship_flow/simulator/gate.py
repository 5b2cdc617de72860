"""How a simulated supplier lets people in: a key that never changes, or access that runs out and is renewed.

What is renewed changes with every renewal, and what was used once is worth nothing any more: who shows it a second
time is locked out, as strict systems do.
"""

import secrets
import threading
import time
from urllib.parse import parse_qs


class Gate:
    """:param token: the fixed key; empty: open, or `account` and `secret` for renewed access
    :param life: seconds an access is good for
    :param fails: how many renewals fail with 500 before the first one that works
    """

    def __init__(self, ledger, token="", account="", secret="", life=3600.0, fails=0, pause=0.0):
        self.ledger, self.token, self.account, self.secret = ledger, token, account, secret
        self.life, self.fails, self.pause = life, fails, pause
        self.lock, self.good, self.refresh, self.used = threading.Lock(), {}, None, set()
        self.busy = self.most_busy = 0

    def lets_in(self, header):
        """
        >>> Gate(None, token="k").lets_in("Bearer k"), Gate(None).lets_in(""), Gate(None, account="a").lets_in("")
        (True, True, False)
        """
        if not self.account:
            return not self.token or header == f"Bearer {self.token}"
        with self.lock:
            return self.good.get((header or "").removeprefix("Bearer "), 0.0) > time.time()

    def renew(self, body):
        """(status, answer) to a renewal in the form of OAuth 2.0."""
        asked = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        with self.lock:
            self.busy += 1
            self.most_busy = max(self.busy, self.most_busy)
        time.sleep(self.pause)
        with self.lock:
            try:
                return self._renew(asked)
            finally:
                self.busy -= 1

    def _renew(self, asked):
        if (asked.get("client_id"), asked.get("client_secret")) != (self.account, self.secret):
            return self._said(401, {"error": "invalid_client"})
        shown = asked.get("refresh_token", "")
        if shown in self.used:
            self.good.clear()
            self.refresh = None
            return self._said(400, {"error": "invalid_grant", "error_description": "used before: locked out"})
        if self.refresh and shown != self.refresh:
            return self._said(400, {"error": "invalid_grant"})
        if self.fails > 0:
            self.fails -= 1
            return self._said(500, {"error": "server_error"})
        if shown:
            self.used.add(shown)
        self.refresh, access = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.good[access] = time.time() + self.life
        answer = {"access_token": access, "expires_in": self.life, "token_type": "Bearer"}
        return self._said(200, {**answer, "refresh_token": self.refresh})

    def _said(self, status, answer):
        self.ledger.note({"fact": "access", "status": status, "at": time.time(), "busy": self.most_busy})
        return status, answer
