import logging
import random
import time

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..connectors.outcome import AGAIN, PARKED, REJECTED, SENT, UNKNOWN, Outcome
from .connection import LEASE_SECONDS
from .exchange import UNFINISHED
from .lease_mixin import failpoint

_logger = logging.getLogger(__name__)

BATCH = 20
ASK_BATCH = 50
# A message that did not get through in this time is a person's.
MAX_HOURS = 24
# An order may still be on its way into the supplier's books for so long after the line broke, in seconds.
SETTLE_SECONDS = 30
# A relay that cannot get on with what is due – another one has it, or the rate is used up – waits so long, in seconds.
PATIENCE = 1.0
# From so many waiting messages on, the other relays are woken.
CROWD = 40
# How often an order without an answer is asked for, in seconds.
POLL_SECONDS = 120


class DropshipExchange(models.Model):
    """The relay: takes what is ready to the suppliers, asks about what is unknown, acts on what came back."""

    _inherit = "dropship.exchange"

    @api.model
    def _cron_relay(self, seconds=50.0):
        """One worker. Any number may run at once; each takes other messages."""
        until = time.monotonic() + seconds
        quiet_since = None
        self._take_over()
        self._call_for_help()
        while time.monotonic() < until:
            done, due = self._relay_round(until)
            done += self._process_received()
            now = time.monotonic()
            if done:
                quiet_since = None
            elif not due or now - (quiet_since or now) > PATIENCE:
                break
            else:  # another worker is at the door, or the next call is not allowed yet
                quiet_since = quiet_since or now
                time.sleep(random.uniform(0.01, 0.05))

    @api.model
    def _call_for_help(self):
        """Wake the other relays when there is more to do than one carries at once."""
        domain = [("direction", "=", "out"), ("state", "=", "ready")]
        if self.search_count(domain, limit=CROWD) == CROWD:
            for action in self.env["ir.cron"].sudo().search([("code", "=like", "model._cron_relay(%")]):
                if action.id != self.env.context.get("cron_id"):
                    action._trigger()
        self._commit_step()

    @api.model
    def _relay_round(self, until):
        """A batch for every connection that has something to do.

        :return: (how many messages moved, whether any connection had something to do)
        """
        done = 0
        connections = self._connections_due()
        for connection in connections:
            if not connection._may_call():
                continue
            for step in (self._relay_ready, self._relay_unknown, self._relay_questions):
                if time.monotonic() >= until:
                    return done, True
                try:
                    done += step(connection, until)
                except (OperationalError, ConcurrencyError):  # another worker has it
                    self.env.cr.rollback()
                except Exception:  # one connection that fails must not stop the others
                    _logger.exception("Relay of connection %s failed", connection.id)
                    self.env.cr.rollback()
        return done, bool(connections)

    @api.model
    def _connections_due(self):
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT message.connection_id
              FROM dropship_exchange message
              JOIN dropship_connection connection ON connection.id = message.connection_id
             WHERE (
                   (message.state IN ('ready', 'unknown')
                    AND (message.next_try IS NULL OR message.next_try <= now() AT TIME ZONE 'utc'))
                   -- answered orders have no next try: history is not looked at
                   OR (message.state = 'sent' AND message.kind = 'order'
                       AND message.next_try <= now() AT TIME ZONE 'utc'))
               AND (connection.paused_until IS NULL OR connection.paused_until <= now() AT TIME ZONE 'utc')
               AND connection.active
            """
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self._commit_step()
        random.shuffle(ids)  # several workers begin at different doors
        return self.env["dropship.connection"].browse(ids)

    def _due(self, connection):
        """The messages of a connection that no earlier one of the same purchase has to precede."""
        return SQL(
            """row.connection_id = %s AND row.direction = 'out' AND NOT EXISTS (
                   SELECT FROM dropship_exchange earlier
                    WHERE earlier.purchase_id = row.purchase_id AND earlier.direction = 'out'
                      AND earlier.id < row.id AND earlier.state IN %s)""",
            connection.id,
            UNFINISHED,
        )

    # ------------------------------------------------------------------
    # Out
    # ------------------------------------------------------------------

    @api.model
    def _relay_ready(self, connection, until):
        waiting = self.search_count([("connection_id", "=", connection.id), ("state", "=", "ready")], limit=BATCH)
        admitted = connection._admit(waiting) if waiting else 0
        if not admitted:
            self._commit_step()
            return 0
        messages, token = self._claim_safely(admitted, LEASE_SECONDS, self._due(connection))
        sent = 0
        for message in messages:
            if time.monotonic() >= until:
                message._give_back(token)
                continue
            sent += message._send(token)
        return sent

    def _send(self, token):
        """One attempt: prepare, write down that we call, call, write down what came of it."""
        self.ensure_one()
        try:
            job = self.env["dropship.connector"]._prepare(self)
        except (UserError, NotImplementedError, ValueError) as error:
            self._finish(token, Outcome(PARKED, error=str(error)))
            return 1
        self.payload = job["payload"]
        kind = self.connection_id.kind
        if not self._mark_called(token, LEASE_SECONDS):
            return 0
        failpoint("before_call")
        try:
            outcome = self.env["dropship.connector"]._call(kind, job)
            outcome = self.connection_id._denied(outcome, job.get("shown", ""))
        except Exception as error:  # whatever a connector does, the message has an end
            _logger.exception("Message %s failed", self.id)
            outcome = Outcome(UNKNOWN, error=f"{type(error).__name__}: {error}", healthy=False)
        failpoint("after_call")
        self._finish(token, outcome)
        return 1

    def _finish(self, token, outcome):
        """Write down what became of the attempt, however crowded the database is."""
        for attempt in range(6):
            try:
                state, values = self._end_of(outcome)
                if self._hand_in(token, state, **values):
                    for answer in outcome.answers:
                        self._receive(self.connection_id, answer)
                    self._after(outcome)
                    self.env.flush_all()
                self._commit_step()
                break
            except (OperationalError, ConcurrencyError):
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                time.sleep(random.uniform(0, 0.05 * 2**attempt))
        failpoint("after_finish")
        self._report(outcome)

    def _report(self, outcome):
        """Tell the connection how it went; losing this is no harm."""
        try:
            self.connection_id._contact(outcome.healthy, outcome.error)
            self._commit_step()
        except (OperationalError, ConcurrencyError):
            self.env.cr.rollback()

    def _end_of(self, outcome):
        """(state, values) after an attempt."""
        now = fields.Datetime.now()
        values = {"error": outcome.error or False}
        if outcome.remote_ref:
            values["remote_ref"] = outcome.remote_ref
        if outcome.state == SENT:
            wait = fields.Datetime.add(now, seconds=POLL_SECONDS)
            return "sent", {**values, "sent_at": now, "next_try": wait}
        if outcome.state == AGAIN and self.create_date < fields.Datetime.subtract(now, hours=MAX_HOURS):
            return "parked", values
        if outcome.state == AGAIN:
            return "ready", {**values, "next_try": fields.Datetime.add(now, seconds=self._wait_seconds(outcome.wait))}
        if outcome.state == UNKNOWN:
            return "unknown", {**values, "next_try": fields.Datetime.add(now, seconds=SETTLE_SECONDS)}
        return ("rejected" if outcome.state == REJECTED else "parked"), values

    def _after(self, outcome):
        """Somebody has to know of a message that will not go by itself."""
        if self.state in ("parked", "rejected") and self.kind == "order":
            self._call_buyer("not_sent", error=outcome.error)

    def _call_buyer(self, code, **figures):
        purchase = self.purchase_id
        params = {"purchase": purchase.name or "", "supplier": self.supplier_id.name or "", **figures}
        for allocation in purchase.dropship_allocation_ids[:1]:
            self.env["dropship.exception"]._raise(allocation, code, [[code, params]])

    # ------------------------------------------------------------------
    # Unknown outcomes and answers that do not come
    # ------------------------------------------------------------------

    @api.model
    def _relay_unknown(self, connection, until):
        """Ask for messages of which nobody knows whether they arrived."""
        domain = [("connection_id", "=", connection.id), ("state", "=", "unknown")]
        if not self.search_count(domain, limit=1):
            return 0
        if not self.env["dropship.connector"]._can_ask(connection):
            return self._relay_unaskable(connection)
        admitted = connection._admit(1)
        condition = SQL("row.connection_id = %s", connection.id)
        if not admitted:
            self._commit_step()
            return 0
        messages, token = self._claim(ASK_BATCH, LEASE_SECONDS, condition, state="unknown", leased="unknown")
        if not messages:
            return 0
        refs = messages.purchase_id.mapped("name")
        known, outcome = self._ask(connection, refs)
        for message in messages:
            message._settle(token, known.get(message.purchase_id.name), outcome)
        return len(messages)

    def _settle(self, token, answer, outcome):
        """Known there: sent. Not known: the same message again, under the same key."""
        self.ensure_one()
        cancelled = self.kind == "cancel" and answer and answer["status"] != "cancelled"
        if outcome.state == SENT and answer and not cancelled:
            found = Outcome(SENT, remote_ref=answer["remote_ref"], answers=[answer])
        elif outcome.state == SENT:
            found = Outcome(AGAIN, error="", wait=0.0)
        elif outcome.state == PARKED:
            found = Outcome(PARKED, error=outcome.error, healthy=False)
        else:
            found = Outcome(UNKNOWN, error=outcome.error, healthy=False)
        self._finish(token, found)

    @api.model
    def _relay_unaskable(self, connection):
        """Who cannot be asked by a machine is asked by a person; nothing is sent a second time meanwhile."""
        condition = SQL("row.connection_id = %s", connection.id)
        messages, token = self._claim(BATCH, LEASE_SECONDS, condition, state="unknown", leased="unknown")
        for message in messages:
            text = self.env._("Nobody knows whether it arrived: ask the supplier.")
            message._finish(token, Outcome(PARKED, error=text))
        return len(messages)

    @api.model
    def _relay_questions(self, connection, until):
        """Ask for answers that were not given with the order."""
        if not self.env["dropship.connector"]._can_ask(connection):
            return 0
        now = fields.Datetime.now()
        domain = [
            ("connection_id", "=", connection.id),
            ("state", "=", "sent"),
            ("kind", "=", "order"),
            ("next_try", "<=", now),
        ]
        messages = self.search(domain, limit=ASK_BATCH, order="next_try, id")
        open_messages = messages.filtered(lambda message: message.purchase_id.state == "sent")
        (messages - open_messages).next_try = False
        if not open_messages or not connection._admit(1):
            self._commit_step()
            return 0
        open_messages.next_try = fields.Datetime.add(now, seconds=POLL_SECONDS)
        refs = open_messages.purchase_id.mapped("name")
        known, outcome = self._ask(connection, refs)
        for answer in known.values():
            if answer["status"] != "received":
                self._receive(connection, answer)
        self._commit_step()
        open_messages[:1]._report(outcome)
        return 0

    @api.model
    def _ask(self, connection, refs):
        """Ask the supplier's system about our references, with no transaction open.

        :return: ({ref: message in}, Outcome)
        """
        shown = connection.sudo()._shown()
        self._commit_step()
        known, outcome = self.env["dropship.connector"]._method("ask", connection)(connection, refs)
        return known, connection._denied(outcome, shown)
