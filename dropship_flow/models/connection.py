from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..connectors.http import Client, Limits

# After so many failures in a row nobody knocks for a while; then one message tries the door.
OPEN_AFTER = 5
PAUSES = (60, 120, 300, 900, 1800)  # seconds, growing with every further failure
# Longer than the longest call may take, so that a lease never ends while its worker still talks.
CALL_SECONDS = 30.0
LEASE_SECONDS = 120


def is_address(text):
    """Whether a text is an address a connection may call; keys and passwords have no place in it."""
    try:
        parts = urlsplit(text or "")
        return bool(parts.scheme in ("https", "http") and parts.hostname and not parts.username)
    except ValueError:
        return False


class DropshipConnection(models.Model):
    """An account at a foreign system: where it is, how we show who we are, and how it behaves lately."""

    _name = "dropship.connection"
    _description = "Connection"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True, help="Empty: shared by all companies."
    )
    kind = fields.Selection(selection="_connection_kinds", required=True, default="json_api")
    endpoint = fields.Char(help="Begins with https://")
    secret = fields.Char(
        string="API Key", copy=False, groups="base.group_system", help="Shown to administrators only, never logged."
    )
    secret_set = fields.Boolean(string="Has a Key", compute="_compute_secret_set")
    private_allowed = fields.Boolean(
        string="In Our Own Network",
        groups="base.group_system",
        help="Lets this connection call addresses that are not on the internet, also without encryption.",
    )
    rate = fields.Float(string="Calls per Second", default=5.0, required=True)
    supplier_ids = fields.One2many("dropship.supplier", "connection_id", string="Suppliers")
    exchange_ids = fields.One2many("dropship.exchange", "connection_id", string="Exchanged Messages")

    tokens = fields.Float(readonly=True, copy=False, help="Calls that may be made at once.")
    tokens_at = fields.Datetime(readonly=True, copy=False)
    failures = fields.Integer(string="Failures in a Row", readonly=True, copy=False)
    paused_until = fields.Datetime(readonly=True, copy=False)
    last_contact = fields.Datetime(readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)
    health = fields.Selection(
        [("new", "Not used yet"), ("good", "Works"), ("shaky", "Some calls fail"), ("down", "Down")],
        compute="_compute_health",
    )

    _rate_positive = models.Constraint("CHECK (rate > 0)", "Say how many calls per second the other side allows.")

    @api.model
    def _connection_kinds(self):
        """The ways to reach a supplier. Each has its methods on `dropship.connector`."""
        return [("json_api", self.env._("Open JSON API"))]

    @api.model
    def _kinds_with_address(self):
        """The kinds that call an address on the internet."""
        return ["json_api"]

    @api.depends("secret")
    def _compute_secret_set(self):
        for connection in self:
            connection.secret_set = bool(connection.sudo().secret)

    @api.depends("failures", "last_contact", "paused_until")
    def _compute_health(self):
        for connection in self:
            if connection.failures >= OPEN_AFTER:
                connection.health = "down"
            elif connection.failures:
                connection.health = "shaky"
            else:
                connection.health = "good" if connection.last_contact else "new"

    @api.constrains("endpoint", "kind")
    def _check_endpoint(self):
        kinds = self._kinds_with_address()
        for connection in self.filtered(lambda connection: connection.kind in kinds):
            if not is_address(connection.endpoint):
                raise ValidationError(
                    self.env._(
                        "Enter the address of %s as the other side gave it, beginning with https://; "
                        "a key or password has a field of its own.",
                        connection.name,
                    )
                )

    def write(self, vals):
        """Override: a mended connection is tried at once. Only administrators turn it to another place."""
        if {"endpoint", "private_allowed", "secret"} & set(vals):
            if not self.env.su and not self.env.user.has_group("base.group_system"):
                raise AccessError(self.env._("Only an administrator may change where a connection leads."))
            vals = {**vals, "failures": 0, "paused_until": False}
        return super().write(vals)

    def _client(self):
        """The guarded way to this system, and the headers that say who we are."""
        self.ensure_one()
        connection_sudo = self.sudo()
        allowed = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fd00::/8")
        client = Client(
            limits=Limits(total=CALL_SECONDS),
            allowed=allowed if connection_sudo.private_allowed else (),
            plain=connection_sudo.private_allowed,
            secrets=connection_sudo._secrets(),
        )
        shown = connection_sudo._shown()
        return client, {"Authorization": f"Bearer {shown}"} if shown else {}

    def _secrets(self):
        """What must never be written anywhere."""
        return (self.secret,) if self.secret else ()

    def _shown(self):
        """What we show with every call; empty: nothing."""
        return self.secret or ""

    def _may_call(self):
        """Whether we can show who we are. Called between transactions only: it may have to ask for access first."""
        return True

    def _admit(self, wanted):
        """How many calls may be made now, by the rate and the state of the line; they are taken at once.

        :return int: 0 while the line rests or another worker is just asking
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                SELECT rate, COALESCE(tokens, 0), COALESCE(failures, 0),
                       COALESCE(EXTRACT(EPOCH FROM clock_timestamp() AT TIME ZONE 'utc' - tokens_at), 3600),
                       paused_until > clock_timestamp() AT TIME ZONE 'utc'
                  FROM dropship_connection WHERE id = %s AND active FOR NO KEY UPDATE SKIP LOCKED
                """,
                self.id,
            ),
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        if not row:
            return 0
        rate, tokens, failures, seconds, paused = row
        if paused:
            return 0
        # A bucket that holds ten seconds' worth, at least one call.
        tokens = min(max(rate * 10, 1.0), tokens + rate * max(float(seconds), 0.0))
        admitted = min(int(tokens), 1 if failures >= OPEN_AFTER else wanted)
        if admitted:
            pause = SQL("paused_until")
            if failures >= OPEN_AFTER:  # one message tries the door; the others wait for what it finds
                pause = SQL("clock_timestamp() AT TIME ZONE 'utc' + make_interval(secs => %s)", LEASE_SECONDS)
            self.env.cr.execute(
                SQL(
                    """UPDATE dropship_connection SET tokens = %s, paused_until = %s,
                              tokens_at = clock_timestamp() AT TIME ZONE 'utc' WHERE id = %s""",
                    tokens - admitted,
                    pause,
                    self.id,
                ),
                log_exceptions=False,  # another relay was quicker; the caller knows
            )
            self.invalidate_recordset(flush=False)
        return admitted

    def _contact(self, healthy, error=""):
        """Remember how a call went. Good news is written once a minute only: it changes nothing."""
        self.ensure_one()
        if healthy:
            query = SQL(
                """UPDATE dropship_connection
                      SET failures = 0, paused_until = NULL, last_contact = now() AT TIME ZONE 'utc'
                    WHERE id = %s AND (failures > 0 OR paused_until IS NOT NULL OR last_contact IS NULL
                                       OR last_contact < now() AT TIME ZONE 'utc' - interval '1 minute')""",
                self.id,
            )
        else:
            query = SQL(
                """UPDATE dropship_connection
                      SET failures = COALESCE(failures, 0) + 1, last_error = %(error)s,
                          paused_until = CASE WHEN COALESCE(failures, 0) + 1 >= %(open)s
                              THEN now() AT TIME ZONE 'utc' + make_interval(secs => (%(pauses)s::int[])[
                                  LEAST(COALESCE(failures, 0) + 2 - %(open)s, %(most)s)])
                              ELSE paused_until END
                    WHERE id = %(id)s""",
                error=error[:2000],
                open=OPEN_AFTER,
                pauses=list(PAUSES),
                most=len(PAUSES),
                id=self.id,
            )
        self.env.cr.execute(query)
        self.invalidate_recordset(flush=False)

    def action_try_now(self):
        """End the pause: the next message goes at once."""
        self.check_access("write")
        self.sudo().write({"failures": 0, "paused_until": False})
        self.env.ref("dropship_flow.cron_relay")._trigger()
        return True
