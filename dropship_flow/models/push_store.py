"""The door for pushes: who is it, is it genuine, keep it, answer. What it means is found out afterwards."""

import json
import logging
import time
from urllib.parse import parse_qsl, urlencode

from odoo import api, models
from odoo.http import request
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..trackers.form import loads
from .lease_mixin import failpoint
from .tracking_quota import PUSH_RATE
from .tracking_service import SERVICES

_logger = logging.getLogger(__name__)

# After a quiet time a process takes so many seconds' worth of an account's pushes at once.
BURST_SECONDS = 4.0
# The processing is woken at most once in so many seconds by each process; it stays awake longer than that itself.
WAKE_SECONDS = 1.0
FORM = "application/x-www-form-urlencoded"
HIDDEN_HEADERS = ("cookie", "authorization", "proxy-authorization", "forwarded", "host")
MOST_HEADERS, LONG_HEADER = 40, 300

_buckets = {}  # {(database, account): [tokens, when]}
_woken = {}  # {database: when}
_untold = {}  # {(database, account): refusals not yet written down}


class DropshipInbox(models.Model):
    _inherit = "dropship.inbox"

    @api.model
    def _push(self, token):
        """One request of a tracking service.

        404 nobody has this address · 429 too many · 503 no secret to check with · 401 not genuine · 400 no message ·
        200 kept, in the words the service wants to hear.
        """
        account = self._account(token)
        if not account:
            return self._said(404)
        connection, kind, rate, secrets = account
        if not self._let_in(connection.id, rate):
            return self._said(429, headers={"Retry-After": "1"})
        service = SERVICES[kind]
        if not secrets:
            self._count_refusal(connection, "unsigned")
            return self._said(503)
        http = request.httprequest
        form = {name: http.form[name] for name in http.form}
        body = http.get_data()
        headers = {name.lower(): value for name, value in http.headers.items()}
        try:
            genuine = service.verify(body, headers, form, secrets)
        except (ValueError, TypeError):  # nothing a signature could be
            genuine = False
        if not genuine:
            self._count_refusal(connection, "forged")
            return self._said(401)
        if not form:
            try:
                loads(body)
            except ValueError:
                return self._said(400)
        if self._store(connection, body, headers, form):
            self._wake()
        content, kind = service.reply(True) if hasattr(service, "reply") else (b'{"ok": true}', "application/json")
        return request.make_response(content, [("Content-Type", kind), ("Cache-Control", "no-store")])

    @api.model
    def _said(self, status, headers=None):
        words = {
            400: "not readable",
            401: "the signature is not right",
            404: "not found",
            429: "too many at once",
            503: "no signing secret is set here yet",
        }
        return request.make_json_response({"ok": False, "error": words[status]}, status=status, headers=headers)

    @api.model
    def _account(self, token):
        """(connection, kind, pushes a second, secrets) behind a token, by one query; None when there is none."""
        query = SQL(
            """SELECT id, kind, push_rate, push_secret, push_secret_old FROM dropship_connection
                WHERE push_token_hash = %s AND is_tracking AND active""",
            self.env["dropship.connection"]._token_hash(token),
        )
        for id_, kind, rate, *secrets in self.env.execute_query(query):
            if kind in SERVICES:
                return self.env["dropship.connection"].browse(id_), kind, rate, tuple(filter(None, secrets))
        return None

    @api.model
    def _let_in(self, account, rate, now=None):
        """Whether this process takes one more push of an account now. A flood fills one bucket, not the others."""
        now = time.monotonic() if now is None else now
        rate = rate or PUSH_RATE
        most = max(rate * BURST_SECONDS, 1.0)
        bucket = _buckets.setdefault((self.env.cr.dbname, account), [most, now])
        tokens = min(most, bucket[0] + (now - bucket[1]) * rate)
        bucket[:] = [tokens - 1 if tokens >= 1 else tokens, now]
        return tokens >= 1

    @api.model
    def _store(self, connection, body, headers, form):
        """Keep a push, once.

        :param bytes body: as it came; a form is kept as a form
        :return: whether it is new
        """
        text = urlencode(sorted(form.items())) if form else body.decode("utf-8-sig", "replace")
        kept = [
            (name, str(value)[:LONG_HEADER])
            for name, value in headers.items()
            if name not in HIDDEN_HEADERS and not name.startswith("x-forwarded") and name != "x-real-ip"
        ]
        kept = dict(kept[:MOST_HEADERS])
        if form:
            kept["content-type"] = FORM
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dropship_inbox (connection_id, company_id, state, key, received_at, headers, body,
                                            create_uid, write_uid, create_date, write_date)
                SELECT id, company_id, 'ready', %s, now() AT TIME ZONE 'utc', %s, %s, %s, %s,
                       now() AT TIME ZONE 'utc', now() AT TIME ZONE 'utc'
                  FROM dropship_connection WHERE id = %s
                ON CONFLICT (key) DO NOTHING
                """,
                self._key_of(connection, text.encode()),
                json.dumps(kept),
                text.replace("\x00", ""),
                self.env.uid,
                self.env.uid,
                connection.id,
            ),
            log_exceptions=False,  # stored at this very moment by another worker: Odoo asks again
        )
        failpoint("after_store")
        return self.env.cr.rowcount == 1

    @api.model
    def _wake(self):
        """Start the processing soon. It is not asked with every push: it stays awake for a while."""
        now, database = time.monotonic(), self.env.cr.dbname
        if now - _woken.get(database, -WAKE_SECONDS) >= WAKE_SECONDS:
            _woken[database] = now
            self.env.ref("dropship_flow.cron_inbox")._trigger()

    @api.model
    def _count_refusal(self, connection, what):
        """Of what is not genuine nothing is kept but a number. One that is just being written waits for the next."""
        key = (self.env.cr.dbname, connection.id, what)
        count = _untold.pop(key, 0) + 1
        column = SQL.identifier(f"push_{what}")
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        """UPDATE dropship_connection
                              SET %s = COALESCE(%s, 0) + %s, push_refused_at = now() AT TIME ZONE 'utc'
                            WHERE id = (SELECT id FROM dropship_connection WHERE id = %s
                                           FOR NO KEY UPDATE SKIP LOCKED)""",
                        column,
                        column,
                        count,
                        connection.id,
                    ),
                    log_exceptions=False,
                )
                written = self.env.cr.rowcount
        except OperationalError:
            written = 0
        if written:
            connection.invalidate_recordset([f"push_{what}", "push_refused_at"], flush=False)
        else:
            _untold[key] = _untold.get(key, 0) + count

    def _form(self):
        """The fields of a push that came as a form."""
        self.ensure_one()
        if (self.headers or {}).get("content-type") != FORM:
            return {}
        return dict(parse_qsl(self.body or "", keep_blank_values=True))
