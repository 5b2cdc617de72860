"""The relay for connections of files: many messages, one file; an order is sent when its file was handed over."""

import base64
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..connectors.outcome import AGAIN, PARKED, SENT, UNKNOWN, Outcome
from ..sheets import layout as flat
from .connection import LEASE_SECONDS
from .exchange import UNFINISHED
from .file_connection import TYPES
from .lease_mixin import failpoint

# Messages in one file; a message may be of a thousand lines.
FILE_BATCH = 200


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    file_id = fields.Many2one("dropship.file", string="In File", ondelete="set null", index="btree_not_null")

    @api.model
    def _relay_ready(self, connection, until):
        """Override: messages of a connection of files travel together."""
        if connection.kind != "file":
            return super()._relay_ready(connection, until)
        if not connection._file_due():
            return 0
        if connection.file_way == "hand":
            return self._relay_by_hand(connection)
        if not connection._admit(1):
            self._commit_step()
            return 0
        messages, token = self._claim(FILE_BATCH, LEASE_SECONDS, self._due(connection))
        if messages:
            connection.sudo().file_last_at = fields.Datetime.now()
        for _company, own in messages.grouped("company_id").items():
            own._send_as_file(token, until)
        return len(messages)

    @api.model
    def _relay_unknown(self, connection, until):
        """Override: a file of unknown fate goes again under its name and overwrites itself; nothing is doubled."""
        if connection.kind != "file":
            return super()._relay_unknown(connection, until)
        domain = [("connection_id", "=", connection.id), ("state", "=", "unknown")]
        if not self.search_count(domain, limit=1) or not connection._admit(1):
            return 0
        condition = SQL("row.connection_id = %s", connection.id)
        messages, token = self._claim(FILE_BATCH, LEASE_SECONDS, condition, state="unknown", leased="unknown")
        for record, own in messages.grouped("file_id").items():
            own._call_with_file(token, record)
        return len(messages)

    def _send_as_file(self, token, until):
        """Write the messages into one file and hand it over."""
        if time.monotonic() >= until:
            for message in self:
                message._give_back(token)
            return
        record = self.env["dropship.file"]._write_out(self, token)
        if not record:
            return
        going = record.exchange_ids & self
        going = going.filtered(lambda message: message._mark_called(token, LEASE_SECONDS))
        if len(going) != len(record.exchange_ids & self):
            # Somebody stopped one of them this moment: the file is written anew without it.
            for message in going:
                message._finish(token, Outcome(AGAIN, wait=0.0))
            return
        failpoint("before_call")
        going._call_with_file(token, record)

    def _call_with_file(self, token, record):
        connection = self.connection_id
        job = record._job() if record and record.content else {}
        self._commit_step()
        try:
            outcome = self.env["dropship.connector"]._call("file", job)
            outcome = connection._denied(outcome, job.get("shown", ""))
        except Exception as error:  # whatever a connector does, the messages have an end
            outcome = Outcome(UNKNOWN, error=f"{type(error).__name__}: {error}", healthy=False)
        failpoint("after_call")
        for message in self:
            message.with_context(dropship_in_file=True)._finish(token, outcome)
        if record:
            record._after_call(outcome)
        connection._contact(outcome.healthy, outcome.error)
        self._commit_step()

    def _report(self, outcome):
        """Override: one call, one report, however many messages were in the file."""
        if self.env.context.get("dropship_in_file"):
            return None
        return super()._report(outcome)

    @api.model
    def _relay_by_hand(self, connection):
        """See that a file waits for a person where messages wait. They are put in when he takes it."""
        waiting = self.search([("connection_id", "=", connection.id), ("state", "=", "ready")])
        for company in waiting.company_id:
            self.env["dropship.file"]._open_for(connection, company)
        # The person decides when: nobody need look every minute.
        waiting.filtered(lambda message: not message.next_try).next_try = fields.Datetime.add(
            fields.Datetime.now(), minutes=10
        )
        self._commit_step()
        return 0

    def _is_behind(self, others):
        """Whether an earlier message of the same purchase is not on its way yet, nor among `others`."""
        self.ensure_one()
        earlier = self.search(
            [
                ("purchase_id", "=", self.purchase_id.id),
                ("direction", "=", "out"),
                ("id", "<", self.id),
                ("state", "in", UNFINISHED),
            ]
        )
        return bool(self.purchase_id and earlier - others)

    def _act_now(self):
        """Act on answers while a person waits; what cannot be done is parked with its reason."""
        for message in self:
            try:
                with self.env.cr.savepoint():
                    message._process()
            except UserError as error:
                message._set_state("parked", error=str(error))

    def action_retry(self):
        """Override: a message of a file that a person carries waits for the next file."""
        result = super().action_retry()
        for connection in self.filtered(lambda message: message.state == "ready").connection_id:
            if connection.kind == "file":
                connection.sudo().file_last_at = False
        return result


class DropshipFile(models.Model):
    _inherit = "dropship.file"

    @api.model
    def _open_for(self, connection, company):
        """The file a person is to take; he gets a task once."""
        known = self.search(
            [("connection_id", "=", connection.id), ("company_id", "=", company.id), ("state", "=", "open")], limit=1
        )
        if known:
            return known
        with self._first_come():
            record = self.create(self._out_values(connection, company))
        user = connection.file_user_id or connection.create_uid
        if user.active and not user.share and company in user.company_ids:
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Take the orders to %s", connection.name),
            )
        return record

    @api.model
    def _out_values(self, connection, company):
        domain = [("connection_id", "=", connection.id), ("direction", "=", "out")]
        last = self.search(domain, limit=1, order="number desc")
        suppliers = connection.supplier_ids
        number = last.number + 1
        return {
            "name": f"PO-{number:05}-1.{connection.file_out_layout_id.file_format}",
            "number": number,
            "direction": "out",
            "state": "open",
            "connection_id": connection.id,
            "supplier_id": suppliers.id if len(suppliers) == 1 else False,
            "layout_id": connection.file_out_layout_id.id,
            "company_id": company.id,
        }

    @api.model
    def _write_out(self, messages, token):
        """A file of claimed messages; those that cannot be in it are parked.

        A file that certainly did not arrive is written anew under its number, with the next revision.
        """
        rows, going = self._rows_of(messages, token)
        if not going:
            return self.browse()
        connection, company = messages.connection_id, messages.company_id
        record = messages.file_id.filtered(lambda file: file.state == "sending")[:1]
        if not record:
            record = self.create({**self._out_values(connection, company), "state": "sending"})
        record._fill(rows, going)
        return record

    def _rows_of(self, messages, token=None):
        rows, going = [], messages.browse()
        for message in messages:
            try:
                job = self.env["dropship.connector"]._prepare(message)
                message.connection_id.file_out_layout_id._file_of(job["rows"])
            except (UserError, NotImplementedError, ValueError) as error:
                if token:
                    message._finish(token, Outcome(PARKED, error=str(error)))
                else:
                    message._set_state("parked", error=str(error))
                    message._after(Outcome(PARKED, error=str(error)))
                continue
            message.payload = job["payload"]
            rows += job["rows"]
            going |= message
        return rows, going

    def _fill(self, rows, messages):
        """Write rows into the file, with its control totals; other content gets another revision and name."""
        self.ensure_one()
        layout = self.connection_id.file_out_layout_id
        content = base64.b64encode(layout._file_of(rows))
        self.exchange_ids.filtered(lambda message: message.state in UNFINISHED).file_id = False
        messages.file_id = self
        totals = flat.totals_of(rows)
        values = {"content": content, "layout_id": layout.id, "error": False, **totals}
        if self.content and self.content != content:
            revision = self.revision + 1
            values |= {"revision": revision, "name": f"PO-{self.number:05}-{revision}.{layout.file_format}"}
        self.write(values)

    def _job(self):
        """All the call needs."""
        connection = self.connection_id
        client, headers = connection._client()
        return {
            "client": client,
            "headers": headers,
            "shown": connection.sudo()._shown(),  # whoever sends need not see it
            "address": connection.endpoint if connection.file_way != "hand" else "",
            "method": connection.file_way.upper(),
            "name": self.name,
            "content": base64.b64decode(self.content),
            "type": TYPES[self.layout_id.file_format],
        }

    def _after_call(self, outcome):
        self.ensure_one()
        if outcome.state == SENT:
            self._set_state("handed", error=False, handed_at=fields.Datetime.now())
        elif outcome.state in (AGAIN, UNKNOWN):
            self.error = outcome.error
        else:
            self._set_state("failed", error=outcome.error)

    def action_hand_over(self):
        """Take the file: what waits goes into it, and is with the supplier from now on. Later it is the same file."""
        self.ensure_one()
        self._check_desk()
        if self.direction == "out" and self.state == "open":
            if not self.env.su and not self.env.user.has_group("dropship_flow.group_dropship_buyer"):
                raise AccessError(self.env._("Only buyers take orders to suppliers."))
            if not self.sudo()._take_by_hand():
                return False
        return self._download()

    def _take_by_hand(self):
        """Put all that waits into the file and take it as sent.

        :return: False when nothing waits any more
        """
        self.lock_for_update(allow_referencing=True)
        exchange = self.env["dropship.exchange"]
        waiting = exchange.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("company_id", "=", self.company_id.id),
                ("direction", "=", "out"),
                ("state", "=", "ready"),
            ],
            order="id",
            limit=FILE_BATCH,
        )
        waiting = waiting.try_lock_for_update().filtered(lambda message: message.state == "ready")
        rows, going = self._rows_of(waiting.filtered(lambda message: not message._is_behind(waiting)))
        self.activity_unlink(["mail.mail_activity_data_todo"])
        if not going:
            self._set_state("dropped")
            return False
        self._fill(rows, going)
        now = fields.Datetime.now()
        going._set_state("sending")
        going._set_state("sent", error=False, sent_at=now, next_try=False)
        self._set_state("handed", handed_at=now, handed_by_id=self.env.user.id)
        self.connection_id.file_last_at = now
        return True
