"""Parcels and tracking services: register, ask, let go. No transaction is open while a service is called."""

import logging
import random
import secrets
import time

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..connectors.outcome import AGAIN, PARKED, SENT, Outcome
from .connection import LEASE_SECONDS
from .exchange_relay import PATIENCE
from .lease_mixin import failpoint

_logger = logging.getLogger(__name__)

# What is not to be had now is tried again after so long, in seconds, at the latest.
LONGEST_WAIT = 1800
# The clock of the database, asked once per query.
NOW = SQL("(SELECT clock_timestamp() AT TIME ZONE 'utc')")


class DropshipWatch(models.Model):
    _inherit = "dropship.watch"

    @api.model
    def _begin(self):
        """Start the relay soon, where there is a service at all. Once for all parcels of a transaction."""
        callbacks = self.env.cr.precommit.data.setdefault("dropship_watch", set())
        if "begun" in callbacks or not self.env["dropship.connection"].sudo().search_count(
            [("is_tracking", "=", True)], limit=1
        ):
            return
        callbacks.add("begun")
        # A person who enters a parcel may well start the relay.
        self.env.ref("dropship_flow.cron_tracking").sudo()._trigger()

    @api.model
    def _cron_track(self, seconds=50.0):
        """One worker. Any number may run at once; each takes other parcels."""
        until = time.monotonic() + seconds
        quiet_since = None
        try:
            while self._take_up() and time.monotonic() < until:
                self._commit_step()
            self._commit_step()
        except (OperationalError, ConcurrencyError):  # another worker does it
            self.env.cr.rollback()
        while time.monotonic() < until:
            done, due = self._track_round(until)
            now = time.monotonic()
            if done:
                quiet_since = None
            elif not due or now - (quiet_since or now) > PATIENCE:
                break
            else:
                quiet_since = quiet_since or now
                time.sleep(random.uniform(0.02, 0.1))

    @api.model
    def _track_round(self, until):
        """One call for every account that has something to do: (how many parcels moved, whether any had)."""
        done, connections = 0, self._accounts_due()
        for connection in connections:
            for step in (self._register_some, self._ask_some):
                if time.monotonic() >= until:
                    return done, True
                try:
                    done += step(connection)
                except (OperationalError, ConcurrencyError):  # another worker has it
                    self.env.cr.rollback()
                except Exception:  # one account that fails must not stop the others
                    _logger.exception("Tracking service %s failed", connection.id)
                    self.env.cr.rollback()
        return done, bool(connections)

    @api.model
    def _accounts_due(self):
        query = SQL(
            """
            SELECT connection.id
              FROM dropship_connection connection
             WHERE connection.is_tracking AND connection.active
               AND (connection.paused_until IS NULL OR connection.paused_until <= %(now)s)
               AND EXISTS (SELECT FROM dropship_watch row WHERE row.connection_id = connection.id
                              AND row.state IN ('to_register', 'watched')
                              AND row.next_try <= %(now)s
                              AND (row.lease_until IS NULL OR row.lease_until < %(now)s))
            """,
            now=NOW,
        )
        self.env.flush_all()
        ids = [row[0] for row in self.env.execute_query(query)]
        self._commit_step()
        random.shuffle(ids)
        return self.env["dropship.connection"].browse(ids)

    @api.model
    def _claim_watches(self, connection, state, limit, pause=0):
        """Take parcels that are due, commit. The moment of the question is written before it is asked: of any number of
        workers one asks, and nobody else within `pause` seconds.

        :return: (watches, token)
        """
        token = secrets.token_hex(16)
        self.env.flush_all()
        query = SQL(
            """
            WITH due AS (
                SELECT row.id FROM dropship_watch row
                 WHERE row.connection_id = %(connection)s AND row.state = %(state)s
                   AND row.next_try <= %(now)s
                   AND (row.lease_until IS NULL OR row.lease_until < %(now)s)
                   AND (row.asked_at IS NULL OR %(state)s = 'to_register'
                        OR row.asked_at <= %(now)s - make_interval(secs => %(pause)s))
                 ORDER BY row.next_try, row.id LIMIT %(limit)s
                   FOR NO KEY UPDATE OF row SKIP LOCKED)
            UPDATE dropship_watch taken
               SET lease_token = %(token)s, attempts = COALESCE(attempts, 0) + 1,
                   called_at = clock_timestamp() AT TIME ZONE 'utc',
                   asked_at = CASE WHEN %(state)s = 'watched' THEN clock_timestamp() AT TIME ZONE 'utc'
                                   ELSE asked_at END,
                   lease_until = clock_timestamp() AT TIME ZONE 'utc' + make_interval(secs => %(seconds)s)
              FROM due WHERE taken.id = due.id
            RETURNING taken.id
            """,
            now=NOW,
            connection=connection.id,
            state=state,
            limit=limit,
            pause=pause,
            token=token,
            seconds=LEASE_SECONDS,
        )
        self.env.cr.execute(query, log_exceptions=False)
        ids = sorted(row[0] for row in self.env.cr.fetchall())
        self.env.invalidate_all(flush=False)
        self._commit_step()
        failpoint("after_claim")
        return self.browse(ids), token

    @api.model
    def _register_some(self, connection):
        """Register one batch; what of it went well is kept, whatever became of the rest."""
        service = connection._service()
        if not service.LIVES or not self._is_due(connection, "to_register"):
            return 0
        left = connection._quota_left()
        if left == 0 or not connection._admit(1):
            self._commit_step()
            return 0
        limit = service.BATCH if left is None else min(service.BATCH, left)
        watches, token = self._claim_watches(connection, "to_register", limit)
        gone = watches.filtered(lambda one: one._next(fields.Datetime.now())[0] == "stopped")
        wanted = watches - gone
        taken, outcome = self._call(connection, "register", wanted) if wanted else ([], None)
        failpoint("after_call")
        self._finish(connection, watches, lambda: self._registered(watches, token, taken, outcome or Outcome(SENT)))
        self._report(connection, outcome)
        return len(watches)

    def _registered(self, watches, token, taken, outcome):
        """Write down what became of each registration."""
        answers = {one.tag: one for one in taken}
        now = fields.Datetime.now()
        for watch in watches._ours(token):
            state, vals = watch._next(now)
            answer = answers.get(watch.shipment_id._tag())
            if state == "stopped":
                watch._end(state, **vals)
            elif answer and answer.ok:
                # The first question comes soon: what happened before is told by no push.
                soon = now if hasattr(watch.connection_id._service(), "ask") else False
                watch._end(
                    "watched",
                    registered_at=watch.registered_at or now,
                    service_carrier=answer.service_carrier or watch.service_carrier,
                    remote_id=answer.remote_id or watch.remote_id,
                    next_try=soon,
                    error=False,
                    attempts=0,
                )
            elif answer and not answer.again:
                watch._end("failed", error=answer.error or self.env._("The service does not take it."), next_try=False)
            else:
                error = answer.error if answer else outcome.error
                wait = min(watch._wait_seconds(outcome.wait), LONGEST_WAIT)
                watch._end("to_register", error=error or False, next_try=fields.Datetime.add(now, seconds=wait))

    @api.model
    def _ask_some(self, connection):
        """Ask for one batch, and let go of what ended."""
        service = connection._service()
        if not self._is_due(connection, "watched"):
            return 0
        if hasattr(service, "ask") and not connection._admit(1):
            self._commit_step()
            return 0
        watches, token = self._claim_watches(connection, "watched", service.BATCH, service.PAUSE)
        now = fields.Datetime.now()
        ended = watches.filtered(lambda one: one._next(now)[0] == "stopped")
        open_ = watches - ended
        found, outcome = [], None
        if ended and hasattr(service, "stop") and service.LIVES:
            outcome = self._call(connection, "stop", ended)
        if open_ and hasattr(service, "ask"):
            found, outcome = self._call(connection, "ask", open_)
        failpoint("after_call")
        said = (found, outcome or Outcome(SENT))
        self._finish(connection, watches, lambda: self._asked(connection, watches, token, *said))
        self._report(connection, outcome)
        return len(watches)

    def _asked(self, connection, watches, token, found, outcome):
        self._take(connection, found)
        by_tag = {one.tag: one for one in found if one.tag}
        by_number = {one.number: one for one in found}
        now = fields.Datetime.now()
        for watch in watches._ours(token):
            said = by_tag.get(watch.shipment_id._tag()) or by_number.get(watch.shipment_id.number)
            state, vals = watch._next(now, said)
            if state == "watched" and vals.get("next_try") and not said and outcome.state != SENT:
                # Nobody answered: soon again, as far as the service may be asked at all.
                wait = max(min(watch._wait_seconds(outcome.wait), LONGEST_WAIT), connection._service().PAUSE)
                vals = {"next_try": fields.Datetime.add(now, seconds=wait), "error": outcome.error or False}
            else:
                error = vals.pop("error", False) or (said.error if said else False) or False
                vals.update(error=error, attempts=0)
            if said and said.service_carrier and said.service_carrier != watch.service_carrier:
                vals["service_carrier"] = said.service_carrier
            watch._end(state, **vals)

    @api.model
    def _take(self, connection, found):
        """All at once; when something in it cannot be taken, one by one, so that the others are."""
        shipments = self.env["dropship.shipment"]
        try:
            with self.env.cr.savepoint():
                shipments._take_found(connection, found)
            return
        except (OperationalError, ConcurrencyError):
            raise
        except Exception:
            _logger.exception("News of %s parcels from %s", len(found), connection.id)
        for one in found:
            try:
                with self.env.cr.savepoint():
                    shipments._take_found(connection, [one])
            except (OperationalError, ConcurrencyError):
                raise
            except Exception as error:
                _logger.warning("News of parcel %s from %s: %s", one.number, connection.id, error)

    def _end(self, state, **vals):
        """The lease ends with this."""
        self.ensure_one()
        vals = {"lease_token": False, "lease_until": False, **vals}
        if state != self.state:
            self._set_state(state, **vals)
        else:
            self.write(vals)

    def _ours(self, token):
        """Those whose lease is still ours, locked."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM dropship_watch WHERE id = ANY(%s) AND lease_token = %s ORDER BY id FOR NO KEY UPDATE",
                self.ids,
                token,
            ),
            log_exceptions=False,
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _is_due(self, connection, state):
        domain = [
            ("connection_id", "=", connection.id),
            ("state", "=", state),
            ("next_try", "<=", fields.Datetime.now()),
        ]
        return bool(self.search_count(domain, limit=1))

    @api.model
    def _call(self, connection, verb, watches):
        """Call the service, with no transaction open. It may do what it likes: the attempt has an end."""
        service, told = connection._service(), watches._told()
        client, _headers = connection._client()
        endpoint, secret = connection.endpoint or "", connection._service_secret()
        self._commit_step()
        failpoint("before_call")
        try:
            return getattr(service, verb)(client, endpoint, secret, told)
        except Exception as error:
            _logger.exception("%s of %s failed", verb, connection.id)
            outcome = Outcome(AGAIN, error=f"{type(error).__name__}: {error}"[:500], healthy=False)
            return outcome if verb == "stop" else ([], outcome)

    @api.model
    def _finish(self, connection, watches, work):
        """Write down what came of a call, however crowded the database is."""
        for attempt in range(8):
            try:
                work()
                self.env.flush_all()
                self._commit_step()
                return
            except (OperationalError, ConcurrencyError):
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                time.sleep(random.uniform(0, 0.02 * 2**attempt))
        _logger.warning("What %s said of %s parcels is asked for again", connection.id, len(watches))

    @api.model
    def _report(self, connection, outcome):
        """Tell the connection how it went; losing this is no harm."""
        if not outcome:  # nobody was called
            return
        try:
            connection._contact(outcome.healthy and outcome.state != PARKED, outcome.error)
            self._commit_step()
        except (OperationalError, ConcurrencyError):
            self.env.cr.rollback()
