"""Access that runs out: renewed by one worker at a time, kept before it is used, never asked for in a hurry."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..connectors import access
from ..connectors.outcome import AGAIN, Outcome
from .connection import is_address
from .lease_mixin import failpoint

# Access that ends within so many seconds, or that is through half of its life, is not begun with.
MARGIN = 60
# After a renewal that failed, and after one that was refused nevertheless, the other side is left alone: systems lock
# out who asks again and again.
REST = 300
BUSY = 90  # longer than a renewal may take
ENDS = SQL(
    """(access_token IS NULL OR access_until IS NULL OR access_until - clock_timestamp() AT TIME ZONE 'utc'
        <= LEAST(make_interval(secs => %s), (access_until - access_at) / 2))""",
    MARGIN,
)
SECRET_FIELDS = ("access_account", "access_token", "access_refresh")


class DropshipConnection(models.Model):
    _inherit = "dropship.connection"

    auth = fields.Selection(
        [("key", "A fixed key"), ("renewed", "Access that is renewed (OAuth 2.0)")],
        string="We Show",
        default="key",
        required=True,
    )
    access_address = fields.Char(string="Access From", help="Where access is asked for. Begins with https://")
    access_account = fields.Char(string="Client ID", copy=False, groups="base.group_system")
    access_scope = fields.Char(string="Scope", help="What the access is for, in the other side's words. Often empty.")
    access_refresh = fields.Char(
        string="Renewal Token",
        copy=False,
        groups="base.group_system",
        help="As given when the account was connected; every renewal replaces it. Empty where client ID and secret are "
        "enough.",
    )
    access_token = fields.Char(copy=False, readonly=True, groups="base.group_system")
    access_until = fields.Datetime(copy=False, readonly=True)
    access_at = fields.Datetime(string="Renewed On", copy=False, readonly=True)
    access_failed_at = fields.Datetime(copy=False, readonly=True)
    access_busy_until = fields.Datetime(copy=False, readonly=True)
    access_error = fields.Char(string="Why Not Renewed", copy=False, readonly=True)

    @api.constrains("auth", "access_address")
    def _check_access_address(self):
        for connection in self.filtered(lambda connection: connection.auth == "renewed"):
            if not is_address(connection.access_address):
                raise ValidationError(
                    self.env._("Enter where access to %s is asked for, beginning with https://.", connection.name)
                )

    def write(self, vals):
        """Override: what was given for other secrets is worth nothing. Only administrators turn it elsewhere."""
        own = {"auth", "access_address", "access_scope", *SECRET_FIELDS, "access_until"} & vals.keys()
        if own and not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may change how a connection shows who we are."))
        if {"auth", "access_address", "access_account", "access_scope", "secret", "access_refresh"} & vals.keys():
            forgotten = ("access_token", "access_until", "access_failed_at", "access_error")
            vals = {**dict.fromkeys(forgotten, False), **vals}
        return super().write(vals)

    def action_try_now(self):
        """Override: access is asked for at once as well."""
        self.sudo().filtered("access_failed_at").access_failed_at = False
        return super().action_try_now()

    def _secrets(self):
        """Override: all that stands for us."""
        return (*super()._secrets(), *(self[name] for name in SECRET_FIELDS if self[name]))

    def _shown(self):
        """Override: the access that counts now."""
        return super()._shown() if self.auth == "key" else self.access_token or ""

    def _may_call(self):
        """Override: ask for access when it runs out. While another worker asks, or after a failure, nobody calls."""
        self.ensure_one()
        if self.auth == "key":
            return super()._may_call()
        if self._has_access():
            return True
        try:
            return self._take_renewal() and self._renew_access()
        except (OperationalError, ConcurrencyError):  # another worker was quicker
            self.env.cr.rollback()
            return False

    def _has_access(self):
        self.flush_recordset()
        self.env.cr.execute(SQL("SELECT NOT %s FROM dropship_connection WHERE id = %s", ENDS, self.id))
        return self.env.cr.fetchone() == (True,)

    def _take_renewal(self):
        """Be the one who asks. The row is written and kept before the other side hears of it.

        :return: whether it is us
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE dropship_connection
                   SET access_busy_until = clock_timestamp() AT TIME ZONE 'utc' + make_interval(secs => %(busy)s)
                 WHERE id = (SELECT id FROM dropship_connection
                              WHERE id = %(id)s AND active
                                AND (access_busy_until IS NULL
                                     OR access_busy_until < clock_timestamp() AT TIME ZONE 'utc')
                                AND (access_failed_at IS NULL OR access_failed_at
                                     < clock_timestamp() AT TIME ZONE 'utc' - make_interval(secs => %(rest)s))
                                AND %(ends)s
                                FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id
                """,
                id=self.id,
                busy=BUSY,
                rest=REST,
                ends=ENDS,
            ),
            log_exceptions=False,
        )
        mine = bool(self.env.cr.fetchone())
        self._access_commit()
        return mine

    def _renew_access(self):
        """Ask, and keep what was given before anything is done with it.

        :return: whether we have access now
        """
        connection_sudo = self.sudo()
        client, _headers = connection_sudo._client()
        address, account = connection_sudo.access_address, connection_sudo.access_account or ""
        refresh, scope = connection_sudo.access_refresh or "", connection_sudo.access_scope or ""
        secret = connection_sudo.secret or ""
        self._access_commit()  # no transaction is open while we ask
        failpoint("access.taken")
        now = fields.Datetime.now()
        try:
            found = access.renew(client, address, account, secret, refresh, scope)
        except access.NoAccess as error:
            text = str(error)[:500]
            if error.perhaps and refresh:
                text += " " + self.env._("If this does not end by itself, connect the account anew.")
            vals = {"access_failed_at": now, "access_error": text, "access_busy_until": False}
            connection_sudo._keep_access(vals)
            connection_sudo.flush_recordset()
            connection_sudo._contact(False, text)
            self._access_commit()
            return False
        connection_sudo._keep_access(
            {
                "access_token": found.token,
                "access_refresh": found.refresh or refresh or False,
                "access_until": fields.Datetime.add(now, seconds=found.seconds),
                "access_at": now,
                "access_failed_at": False,
                "access_error": False,
                "access_busy_until": False,
            }
        )
        self._access_commit()
        return True

    def _keep_access(self, vals):
        """Write what came of a renewal: no other secret, so nothing is forgotten."""
        return models.Model.write(self, vals)

    def _access_commit(self):
        self.env["dropship.exchange"]._commit_step()

    def _denied(self, outcome, shown):
        """What becomes of a call whose access the other side did not know (any more): it goes again with new access.

        Access that was renewed only just, should still be good and is refused all the same is a person's matter.

        :param str shown: what was shown with the call
        :return: Outcome
        """
        self.ensure_one()
        if not outcome.denied or self.auth == "key":
            return outcome
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE dropship_connection SET access_until = NULL
                    WHERE id = %s AND access_token = %s
                      AND (access_at < clock_timestamp() AT TIME ZONE 'utc' - make_interval(secs => %s)
                           OR access_until IS NULL OR access_until <= clock_timestamp() AT TIME ZONE 'utc')""",
                self.id,
                shown,
                REST,
            )
        )
        self.invalidate_recordset(["access_until"], flush=False)
        if self.env.cr.rowcount or self.sudo().access_token != shown:
            return Outcome(AGAIN, error=outcome.error, wait=1.0)
        return outcome

