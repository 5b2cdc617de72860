import logging
import random
import time

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

BATCH = 40
LEASE_SECONDS = 120
# After something came the processing looks for more so long, in seconds: pushes do not wake it every time.
LINGER = 2.0
TRIES = 8


class DropshipInbox(models.Model):
    """What was pushed is read and goes to its parcels. What cannot be read waits for a person and stops nothing."""

    _inherit = "dropship.inbox"

    orphans = fields.Integer(string="Without a Parcel", readonly=True, help="Numbers in it that no parcel here has.")

    @api.model
    def _cron_process(self, seconds=50.0, linger=LINGER):
        """One worker. Any number may run at once; each takes other messages."""
        until = time.monotonic() + seconds
        self._take_over()
        self._help()
        quiet_since = None
        while time.monotonic() < until:
            if self._process_ready():
                quiet_since = time.monotonic()
            elif quiet_since is None or time.monotonic() - quiet_since > linger:
                break
            else:
                time.sleep(random.uniform(0.05, 0.15))
        self._adopt()

    @api.model
    def _help(self):
        """Wake the other workers when more waits than one of them reads at once."""
        if self.search_count([("state", "=", "ready")], limit=10 * BATCH) == 10 * BATCH:
            for action in self.env["ir.cron"].sudo().search([("code", "=like", "model._cron_process(%")]):
                if action.model_id.model == self._name and action.id != self.env.context.get("cron_id"):
                    action._trigger()
        self._commit_step()

    @api.model
    def _adopt(self):
        try:
            self.env["dropship.orphan"]._adopt_all()
            self._commit_step()
        except (OperationalError, ConcurrencyError):  # the next run
            self.env.cr.rollback()

    @api.model
    def _process_ready(self, limit=BATCH):
        """Take and read one batch.

        :return int: how many messages were dealt with
        """
        messages, token = self._claim_safely(limit, LEASE_SECONDS)
        if messages and not messages._read_together(token):
            for message in messages:
                message._read_alone(token)
        messages._heard()
        return len(messages)

    def _heard(self):
        """Accounts that only push show in this way that they live; losing it is no harm."""
        for connection in self.connection_id:
            if not hasattr(connection._service(), "ask"):
                try:
                    connection._contact(True)
                    self._commit_step()
                except (OperationalError, ConcurrencyError):
                    self.env.cr.rollback()

    def _read_together(self, token):
        """All in one transaction; whether it went well."""
        for attempt in range(TRIES):
            try:
                self._read(token)
                self._commit_step()
                return True
            except (OperationalError, ConcurrencyError):  # another worker has news of the same parcel
                self._again(attempt)
            except Exception:
                self.env.cr.rollback()
                return False
        return False

    def _read_alone(self, token):
        """One message; what cannot be read is set aside, with the reason."""
        for attempt in range(TRIES):
            try:
                self._read(token)
                self._commit_step()
                return
            except (OperationalError, ConcurrencyError):
                self._again(attempt)
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if not isinstance(error, UserError | ValueError):
                    _logger.exception("Push %s cannot be read", self.id)
                name = "" if isinstance(error, UserError | ValueError) else f"{type(error).__name__}: "
                self._hand_in(token, "parked", error=f"{name}{error}"[:2000])
                self._commit_step()
                return
        if self._hand_in(token, "ready", next_try=fields.Datetime.add(fields.Datetime.now(), seconds=5)):
            self._commit_step()

    def _again(self, attempt):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
        time.sleep(random.uniform(0, 0.02 * 2**attempt))

    def _read(self, token):
        """What the messages say goes to its parcels; a worker whose lease ended changes nothing.

        :raise ValueError: a message is not what its service sends
        """
        mine = self._still_mine(token)
        for connection, messages in mine.grouped("connection_id").items():
            service, founds, owner = connection._service(), [], []
            for message in messages:
                read = service.read((message.body or "").encode(), message.headers or {}, message._form())
                founds += read
                owner += [message.id] * len(read)
            _shipments, lost = self.env["dropship.shipment"]._take_found(connection, founds)
            missing = [id(found) for found, _why in lost]
            for message in messages:
                own = [found for found, whose in zip(founds, owner, strict=True) if whose == message.id]
                errors = " ".join(found.error for found in own if found.error)
                count = sum(1 for found in own if id(found) in missing)
                if count or message.orphans or errors or message.error:
                    message.write({"orphans": count, "error": errors or False})
        if mine:
            mine._set_state("processed", lease_token=False, lease_until=False)
            mine.flush_recordset()

    def _still_mine(self, token):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM dropship_inbox WHERE id = ANY(%s) AND lease_token = %s AND state = 'sending'"
                " ORDER BY id FOR NO KEY UPDATE",
                self.ids,
                token,
            ),
            log_exceptions=False,
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def action_retry(self):
        """Read messages again that could not be read, e.g. after an update."""
        self.check_access("write")
        parked = self.filtered(lambda message: message.state == "parked")
        moved = parked._set_state("ready", error=False, next_try=False, stops=0)
        if moved:
            self.env.ref("dropship_flow.cron_inbox")._trigger()
        return bool(moved)

    def action_open_orphans(self):
        """The numbers of the message that no parcel has."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_orphan")
        return {**action, "domain": [("connection_id", "in", self.connection_id.ids), ("shipment_id", "=", False)]}
