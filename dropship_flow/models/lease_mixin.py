import os
import random
import secrets
import signal

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL
from psycopg2.errors import SerializationFailure

# Seconds until the next try, by how often it was tried; the real wait is random below it, so that a crowd spreads.
BACKOFF = (60, 180, 600, 1800, 3600)
# A worker that dies leaves a handful of messages behind, one of which may be to blame. From so many times on a message
# is only taken alone; one that goes on stopping its workers is set aside.
SUSPECT_STOPS = 2
MOST_STOPS = 5


def failpoint(name):
    """A place where tests stop the process dead: DROPSHIP_FAILPOINT=name kills it here, as a power cut would."""
    if os.environ.get("DROPSHIP_FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)


class DropshipLeaseMixin(models.AbstractModel):
    """Messages that workers take, one worker each, and that survive whatever happens to the worker.

    A worker claims (lock, write the row, commit), acts with no transaction open, and finishes by the token of its
    lease. Who finds a lease that ran out knows from `called_at` whether the outside world can have heard of it: if not,
    the message is simply ready again; if so, the outcome is unknown and is asked for, never guessed.

    All times are the database's: the clocks of several servers need not agree.
    """

    _name = "dropship.lease.mixin"
    _description = "Messages taken by one worker at a time"

    attempts = fields.Integer(readonly=True, copy=False)
    next_try = fields.Datetime(readonly=True, copy=False)
    lease_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    lease_until = fields.Datetime(readonly=True, copy=False)
    called_at = fields.Datetime(readonly=True, copy=False, help="When the other side was called in this attempt.")
    stops = fields.Integer(readonly=True, copy=False, help="How often its worker died before it had done anything.")
    error = fields.Text(readonly=True, copy=False)

    @api.model
    def _claim(self, limit, seconds, condition=None, state="ready", leased="sending"):
        """Take up to `limit` messages that are due, oldest first, and commit.

        :param int seconds: how long the lease holds; longer than the longest call
        :param SQL condition: on the alias `row`, e.g. of one connection only
        :param str state: which messages; `leased` is their state while somebody holds them
        :return: (records, token of the lease); none when another worker was quicker
        """
        token = secrets.token_hex(16)
        self.env.flush_all()
        query = SQL(
            """
            WITH due AS (
                SELECT row.id
                  FROM %(table)s row
                 WHERE row.state = %(state)s
                   AND (row.next_try IS NULL OR row.next_try <= now() AT TIME ZONE 'utc')
                   AND (row.lease_until IS NULL OR row.lease_until < now() AT TIME ZONE 'utc')
                   AND %(condition)s
                 ORDER BY row.id
                 LIMIT %(limit)s
                   FOR NO KEY UPDATE OF row SKIP LOCKED
            )
            UPDATE %(table)s taken
               SET state = %(leased)s, lease_token = %(token)s, attempts = COALESCE(attempts, 0) + 1,
                   lease_until = clock_timestamp() AT TIME ZONE 'utc' + make_interval(secs => %(seconds)s),
                   called_at = CASE WHEN taken.state = 'ready' THEN NULL ELSE called_at END
              FROM due
             WHERE taken.id = due.id
            RETURNING taken.id
            """,
            table=SQL.identifier(self._table),
            condition=condition or SQL("TRUE"),
            state=state,
            leased=leased,
            limit=limit,
            token=token,
            seconds=seconds,
        )
        try:
            self.env.cr.execute(query, log_exceptions=False)
        except SerializationFailure:  # taken between our look and our step; the next round sees the new state
            self.env.cr.rollback()
            return self.browse(), token
        ids = sorted(row[0] for row in self.env.cr.fetchall())
        self.env.invalidate_all(flush=False)
        self._commit_step()
        failpoint("after_claim")
        return self.browse(ids), token

    def _claim_safely(self, limit, seconds, condition=None):
        """`_claim` of what stopped no worker so far; when there is none, one alone of those that did."""
        condition = condition or SQL("TRUE")
        harmless = SQL("%s AND COALESCE(row.stops, 0) < %s", condition, SUSPECT_STOPS)
        records, token = self._claim(limit, seconds, harmless)
        return (records, token) if records else self._claim(1, seconds, condition)

    def _give_back(self, token):
        """No time left for it: ready at once for the next worker."""
        if self._hand_in(token, "ready", attempts=max(self.attempts - 1, 0)):
            self._commit_step()

    def _mark_called(self, token, seconds):
        """Write down, before the call, that the other side may hear of it from now on; the lease begins anew.

        :return: whether the lease is still ours; if not, nothing may be sent
        """
        self.ensure_one()
        self.env.flush_all()
        try:
            self.env.cr.execute(
                SQL(
                    """UPDATE %s SET called_at = clock_timestamp() AT TIME ZONE 'utc',
                              lease_until = clock_timestamp() AT TIME ZONE 'utc' + make_interval(secs => %s)
                        WHERE id = %s AND lease_token = %s AND state = 'sending'
                          AND lease_until > clock_timestamp() AT TIME ZONE 'utc'""",
                    SQL.identifier(self._table),
                    seconds,
                    self.id,
                    token,
                ),
                log_exceptions=False,
            )
        except SerializationFailure:  # cancelled this very moment
            self.env.cr.rollback()
            return False
        ours = self.env.cr.rowcount == 1
        self.invalidate_recordset(flush=False)
        self._commit_step()
        return ours

    def _hand_in(self, token, state, **vals):
        """End the attempt. A worker whose lease was taken over changes nothing.

        :return: whether the message was still ours
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id = %s AND lease_token = %s AND state IN ('sending', 'unknown') "
                "FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.id,
                token,
            )
        )
        if not self.env.cr.fetchone():
            return False
        self.write({"state": state, "lease_token": False, "lease_until": False, **vals})
        return True

    @api.model
    def _take_over(self, limit=100):
        """Leases that ran out: what was never called is ready again, of the rest nobody knows."""
        self.env.flush_all()
        try:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s
                       SET state = CASE WHEN called_at IS NOT NULL THEN 'unknown'
                                        WHEN COALESCE(stops, 0) + 1 >= %(most)s THEN 'parked' ELSE 'ready' END,
                           stops = CASE WHEN called_at IS NULL THEN COALESCE(stops, 0) + 1 ELSE stops END,
                           error = CASE WHEN called_at IS NULL AND COALESCE(stops, 0) + 1 >= %(most)s
                                        THEN %(stopped)s ELSE error END,
                           lease_token = NULL, lease_until = NULL
                     WHERE id IN (
                         SELECT id FROM %(table)s
                          WHERE state = 'sending' AND lease_until < now() AT TIME ZONE 'utc'
                          ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
                     )
                    RETURNING id
                    """,
                    table=SQL.identifier(self._table),
                    limit=limit,
                    most=MOST_STOPS,
                    stopped=self._stopped_text(),
                ),
                log_exceptions=False,
            )
        except SerializationFailure:
            self.env.cr.rollback()
            return self.browse()
        found = self.browse(row[0] for row in self.env.cr.fetchall())
        self.env.invalidate_all(flush=False)
        self._commit_step()
        return found

    @api.model
    def _stopped_text(self):
        return self.env._("The program stopped %s times while it worked on this message.", MOST_STOPS)

    def _wait_seconds(self, asked=None):
        """How long to wait before the next try: as asked by the other side, else random below a growing bound."""
        self.ensure_one()
        if asked is not None:
            return asked
        bound = BACKOFF[min(max(self.attempts, 1), len(BACKOFF)) - 1]
        return random.uniform(bound / 2, bound)

    def _commit_step(self):
        """Make the step last. Part of a larger transaction (a test) keeps its own counsel."""
        try:
            self.env["ir.cron"]._commit_progress()
        except SerializationFailure as error:
            raise ConcurrencyError(str(error)) from error
