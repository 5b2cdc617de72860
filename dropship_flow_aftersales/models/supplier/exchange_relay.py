"""The relay for returns and claims: their order, and asking for answers that were not given at once."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.models.exchange import UNFINISHED
from odoo.tools import SQL

from .exchange import KINDS

# People decide about returns: their answers are asked for so often, in seconds.
ASK_SECONDS = 900
ASK_BATCH = 50
ANSWERED_KINDS = ("return", "claim", "claim_objection")


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    # Only what is still to be asked for is looked at, however long the history.
    _returns_due = models.Index(
        "(connection_id, next_try) WHERE state = 'sent' AND kind IN ('return', 'claim', 'claim_objection')"
    )

    def _due(self, connection):
        """Override: nothing overtakes an earlier message about the same return or claim."""
        return SQL(
            """%s AND NOT EXISTS (
                   SELECT FROM dropship_exchange earlier
                    WHERE (earlier.side_id = row.side_id OR earlier.claim_id = row.claim_id)
                      AND earlier.direction = 'out' AND earlier.id < row.id AND earlier.state IN %s)""",
            super()._due(connection),
            UNFINISHED,
        )

    @api.model
    def _connections_due(self):
        """Override: also those that are asked what they say to returns and claims."""
        found = super()._connections_due()
        self.env.cr.execute(
            """
            SELECT DISTINCT message.connection_id
              FROM dropship_exchange message
              JOIN dropship_connection connection ON connection.id = message.connection_id
             WHERE message.state = 'sent' AND message.kind IN ('return', 'claim', 'claim_objection')
               AND message.next_try <= now() AT TIME ZONE 'utc' AND connection.active
               AND (connection.paused_until IS NULL OR connection.paused_until <= now() AT TIME ZONE 'utc')
            """
        )
        found |= found.browse(row[0] for row in self.env.cr.fetchall())
        self._commit_step()
        return found

    def _end_of(self, outcome):
        """Override: who decides about returns is not asked every minute; of some nothing is to be asked."""
        state, values = super()._end_of(outcome)
        if state == "sent" and self.kind in KINDS:
            ask = self.kind in ANSWERED_KINDS and self.env["dropship.connector"]._can_ask_returns(self.connection_id)
            wait = fields.Datetime.add(fields.Datetime.now(), seconds=ASK_SECONDS)
            values["next_try"] = wait if ask and not outcome.answers else False
        return state, values

    @api.model
    def _relay_questions(self, connection, until):
        """Override: ask for answers to returns and claims as well."""
        done = super()._relay_questions(connection, until)
        connector = self.env["dropship.connector"]
        if connector._can_ask_returns(connection):
            for what in ("return", "claim"):
                self._ask_returns(connection, what)
        return done

    @api.model
    def _ask_returns(self, connection, what):
        """Ask what he says to our returns or claims, with no transaction open."""
        kinds = [kind for kind in ANSWERED_KINDS if self._reply_about(kind) == what]
        domain = [
            ("connection_id", "=", connection.id),
            ("state", "=", "sent"),
            ("kind", "in", kinds),
            ("next_try", "<=", fields.Datetime.now()),
        ]
        messages = self.search(domain, limit=ASK_BATCH, order="next_try, id")
        waiting = messages.filtered(lambda message: message._waits_for_answer())
        (messages - waiting).next_try = False
        if not waiting or not connection._admit(1):
            self._commit_step()
            return
        waiting.next_try = fields.Datetime.add(fields.Datetime.now(), seconds=ASK_SECONDS)
        by_ref = {message.content["ref"]: message for message in waiting}
        shown = connection.sudo()._shown()
        self._commit_step()
        method = self.env["dropship.connector"]._method("ask_returns", connection)
        known, outcome = method(connection, what, list(by_ref))
        outcome = connection._denied(outcome, shown)
        for ref, reply in known.items():
            if reply["answer"] not in ("received", "unknown"):
                by_ref[ref]._receive(connection, reply)
        self._commit_step()
        waiting[:1]._report(outcome)

    def _waits_for_answer(self):
        """Whether somebody still wants to know what he says."""
        if self.side_id:
            return self.side_id.state in ("asked", "approved", "told")
        return self.claim_id._waits_for_supplier()
