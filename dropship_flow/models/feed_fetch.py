"""Feeds that are fetched: which are due, one worker each, no transaction open while the other side is called."""

import logging
import secrets
import tempfile
import time
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..connectors.feed_fetch import fetch
from ..connectors.http import Client, Limits
from .connection import is_address
from .feed_text import FETCH
from .lease_mixin import failpoint
from .reason_text import sentence_of

_logger = logging.getLogger(__name__)

MOST_MB = 1024
# So many failed looks in a row, or so many intervals without a file, and a person has to look.
STILL_AFTER, STILL_INTERVALS = 3, 3
# Minutes to the next look after a failure, if that is longer than the interval; at most this.
LONGEST_PAUSE = 240
# The clock of the database, asked once per query.
NOW = SQL("(SELECT clock_timestamp() AT TIME ZONE 'utc')")


class DropshipFeed(models.Model):
    _inherit = "dropship.feed"

    address = fields.Char(
        tracking=True, help="Begins with https://. With a connection also the rest of an address, such as stock.csv."
    )
    fetch_minutes = fields.Integer(string="Minutes between Looks", default=60, tracking=True)
    connection_id = fields.Many2one(
        "dropship.connection",
        string="Account",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Where the address asks for a key. Empty: it is open to everybody.",
    )
    max_mb = fields.Integer(string="Largest File (MB)", default=100)
    fetch_seconds = fields.Integer(string="Longest Download (seconds)", default=300)
    dated_by = fields.Selection(
        [("fetch", "When it is fetched"), ("server", "What its server says (Last-Modified)")],
        string="True At",
        default="fetch",
        required=True,
        help="At what time the figures of a file are true.",
    )
    etag = fields.Char(readonly=True, copy=False)
    changed = fields.Char(readonly=True, copy=False)
    fetched_at = fields.Datetime(string="Last Look", readonly=True, copy=False)
    next_fetch = fields.Datetime(string="Next Look", readonly=True, copy=False, index="btree_not_null")
    failures = fields.Integer(string="Failed Looks in a Row", readonly=True, copy=False)
    fetch_result = fields.Json(readonly=True, copy=False, help="[code, {figures}] of the last look.")
    fetch_text = fields.Char(string="Last Look Found", compute="_compute_fetch_text")
    lease_token = fields.Char(readonly=True, copy=False, groups="base.group_system")
    lease_until = fields.Datetime(readonly=True, copy=False)
    stands_still = fields.Boolean(
        compute="_compute_stands_still",
        search="_search_stands_still",
        help="Looks fail, or no file has been accepted for several intervals.",
    )

    _minutes_positive = models.Constraint("CHECK (fetch_minutes >= 1)", "Look at most once a minute.")
    _size_range = models.Constraint(
        f"CHECK (max_mb BETWEEN 1 AND {MOST_MB})", f"A file is allowed between 1 and {MOST_MB} MB."
    )
    _seconds_range = models.Constraint(
        "CHECK (fetch_seconds BETWEEN 5 AND 3600)", "A download is allowed between 5 and 3,600 seconds."
    )

    @api.depends("fetch_result")
    @api.depends_context("lang")
    def _compute_fetch_text(self):
        for feed in self:
            feed.fetch_text = sentence_of(self.env, FETCH, *feed.fetch_result) if feed.fetch_result else False

    @api.constrains("address", "connection_id")
    def _check_address(self):
        for feed in self.filtered("address"):
            if not is_address(feed._full_address()) or any(ord(sign) < 33 for sign in feed.address):
                raise ValidationError(
                    self.env._(
                        "Enter the address of %s as the supplier gave it, beginning with https://; "
                        "a key or password belongs to the account.",
                        feed.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: which account an address may use is looked at as with a change."""
        for vals in vals_list:
            self._check_leads(vals)
        feeds = super().create(vals_list)
        feeds.filtered("address").sudo().next_fetch = fields.Datetime.now()
        return feeds

    def write(self, vals):
        """Override: another place is another file; what was known of the old one is forgotten."""
        if {"address", "connection_id"} & vals.keys():
            self._check_leads(vals)
            vals = {
                "etag": False, "changed": False, "failures": 0, "fetch_result": False,
                "next_fetch": fields.Datetime.now(), **vals,
            }  # fmt: skip
        return super().write(vals)

    def _check_leads(self, vals):
        """A buyer may type an open address; which one gets the key of an account is an administrator's word.

        :raise AccessError: for anybody else
        """
        account = vals["connection_id"] if "connection_id" in vals else self.connection_id[:1].id
        changed = ("address" in vals and vals["address"]) or vals.get("connection_id")
        if account and changed and not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may say which address gets the key of an account."))

    def _full_address(self):
        """The address, completed by its account's where it is only the rest of one."""
        self.ensure_one()
        base = self.connection_id.endpoint or ""
        if base and not urlsplit(self.address or "").scheme:
            return urljoin(f"{base.rstrip('/')}/", (self.address or "").lstrip("/"))
        return self.address or ""

    # ------------------------------------------------------------------
    # Standing still
    # ------------------------------------------------------------------

    @api.depends("failures", "as_of", "fetched_at", "address")
    def _compute_stands_still(self):
        still = self._still()
        for feed in self:
            feed.stands_still = feed in still

    def _search_stands_still(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (True in value) == (operator == "in")
        return [("id", "in" if wanted else "not in", self.search([("address", "!=", False)])._still().ids)]

    def _still(self):
        now, found = fields.Datetime.now(), self.browse()
        for feed in self.filtered(lambda feed: feed.address and feed.active and feed.confirmed_at):
            if feed.connection_id and not feed.connection_id.sudo().active:  # put to rest by a person
                continue
            since = feed.as_of or feed.confirmed_at
            late = since < now - timedelta(minutes=STILL_INTERVALS * feed.fetch_minutes + 15)
            if feed.failures >= STILL_AFTER or late:
                found |= feed
        return found

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------

    def action_fetch(self):
        """Look at the address soon; the person goes on working."""
        self.check_access("write")
        if without := self.filtered(lambda feed: not feed.address):
            raise UserError(self.env._("%s has no address to look at.", without[0].name))
        if unread := self.filtered(lambda feed: not feed.confirmed_at and feed.column_ids):
            raise UserError(self.env._("Look at the columns of %s and confirm them first.", unread[0].name))
        self.sudo().write({"next_fetch": fields.Datetime.now()})
        self.env.ref("dropship_flow.cron_feed_fetch").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": self.env._("The address is looked at now; reload in a minute.")},
        }

    @api.model
    def _cron_fetch(self, seconds=50.0):
        """One worker. Any number may run at once; each takes another feed."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                feed, token = self._claim_fetch()
                if not feed:
                    break
                feed._fetch(token)
            except (OperationalError, ConcurrencyError):  # another worker has it
                self.env.cr.rollback()
                break
            except Exception:  # one supplier's server must not stop the others
                _logger.exception("A feed could not be fetched")
                self.env.cr.rollback()
        self._fetch_commit()

    @api.model
    def _claim_fetch(self):
        """Take the feed that is due longest, and commit. The next look is written before this one begins, so a worker
        that dies costs one look.

        :return: (feed, token of the lease); none when nothing is due
        """
        token = secrets.token_hex(16)
        self.env.flush_all()
        query = SQL(
            """
            WITH due AS (
                SELECT feed.id FROM dropship_feed feed
             LEFT JOIN dropship_connection account ON account.id = feed.connection_id
                  JOIN dropship_supplier supplier ON supplier.id = feed.supplier_id
                 WHERE feed.active AND feed.address IS NOT NULL AND feed.next_fetch <= %(now)s
                   AND supplier.active AND supplier.state <> 'ended'
                   AND (feed.confirmed_at IS NOT NULL
                        OR NOT EXISTS (SELECT FROM dropship_feed_column col WHERE col.feed_id = feed.id))
                   AND (feed.lease_until IS NULL OR feed.lease_until < %(now)s)
                   AND (account.id IS NULL OR (account.active
                        AND (account.paused_until IS NULL OR account.paused_until <= %(now)s)))
                 ORDER BY feed.next_fetch, feed.id LIMIT 1
                   FOR NO KEY UPDATE OF feed SKIP LOCKED)
            UPDATE dropship_feed taken
               SET lease_token = %(token)s, fetched_at = clock_timestamp() AT TIME ZONE 'utc',
                   lease_until = clock_timestamp() AT TIME ZONE 'utc'
                                 + make_interval(secs => COALESCE(fetch_seconds, 300) + 120),
                   next_fetch = clock_timestamp() AT TIME ZONE 'utc' + make_interval(mins => fetch_minutes)
              FROM due WHERE taken.id = due.id
            RETURNING taken.id
            """,
            token=token,
            now=NOW,
        )
        self.env.cr.execute(query, log_exceptions=False)
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.env.invalidate_all(flush=False)
        self._fetch_commit()
        failpoint("feed.after_claim")
        return self.browse(ids), token

    def _fetch(self, token):
        """Get what is new, with no transaction open meanwhile, and hand it to the pipeline."""
        self.ensure_one()
        account = self.connection_id
        if account and not (account._may_call() and account._admit(1)):
            self._end_fetch(token)
            return
        client, headers = self._fetch_client()
        address, etag, changed = self._full_address(), self.etag or "", self.changed or ""
        started = fields.Datetime.now()
        self._fetch_commit()
        with tempfile.NamedTemporaryFile(prefix="dropship_feed_") as file:
            found = fetch(client, address, headers, file, etag, changed)
            file.flush()
            self.invalidate_recordset()  # a person may have changed the feed meanwhile
            if account:
                account._contact(found.healthy, str(found.params.get("text") or found.code))
            if self._full_address() != address:
                self._end_fetch(token)
                return
            if not self._end_fetch(token, found):
                return
            if found.code == "new":
                self._take_fetched(file.name, address, found, started)
            elif found.code == "same":
                self._take_same(started)
            self._fetch_commit()

    def _fetch_client(self):
        """The guarded way to the address: (client, headers)."""
        limits = Limits(total=float(self.fetch_seconds), size=self.max_mb * 2**20)
        if not self.connection_id:
            return Client(limits=limits), {}
        client, headers = self.connection_id._client()
        client.limits = limits
        return client, headers

    def _end_fetch(self, token, found=None):
        """Write down how the look went. A worker whose lease was taken over changes nothing.

        :return: whether the feed was still ours
        """
        self.env.cr.execute(
            SQL("SELECT id FROM dropship_feed WHERE id = %s AND lease_token = %s FOR NO KEY UPDATE", self.id, token)
        )
        if not self.env.cr.fetchone():
            return False
        feed_sudo = self.sudo()  # the worker's own columns
        vals = {"lease_token": False, "lease_until": False}
        if found:
            vals["fetch_result"] = [found.code, found.params]
            vals["failures"] = self.failures + 1 if found.failed else 0
            if found.failed:
                pause = min(self.fetch_minutes * 2 ** min(self.failures, 8), max(LONGEST_PAUSE, self.fetch_minutes))
                pause = max(pause, (found.wait or 0) / 60)
                vals["next_fetch"] = fields.Datetime.now() + timedelta(minutes=pause)
                if vals["failures"] == STILL_AFTER:
                    feed_sudo._tell_still(found)
            else:
                vals |= {"etag": found.etag, "changed": found.changed}
        feed_sudo.write(vals)
        return True

    def _take_fetched(self, path, address, found, started):
        """A new file: kept and queued. What cannot be queued says so on the feed."""
        name = urlsplit(address).path.rsplit("/", 1)[-1] or "feed"
        dated = found.dated if self.dated_by == "server" and found.dated else started
        try:
            with self.env.cr.savepoint():
                if not self.confirmed_at:
                    self._take_first(name, path)
                else:
                    self._receive(name, path, as_of=min(dated, started), origin="fetch")
        except UserError as error:
            self.sudo().write({"fetch_result": ["not_taken", {"text": str(error)}], "etag": False, "changed": False})

    def _take_same(self, started):
        """The server says the file is the one we know: its figures are true now as well."""
        last = self.env["dropship.feed.run"].search([("feed_id", "=", self.id)], limit=1)
        if self.dated_by == "fetch" and last.state in ("done", "same"):
            self._still_true(started)

    def _tell_still(self, found):
        """The buyer of the supplier is told once, in his own language."""
        feed, user = self._for_buyer()
        feed.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=feed.env._("The feed %s stands still", feed.name),
            note=sentence_of(feed.env, FETCH, found.code, found.params),
            user_id=user.id,
        )

    def _fetch_commit(self):
        self.env["dropship.exchange"]._commit_step()
