import secrets as random_secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..trackers import aftership, kuaidi100, track17
from .tracking_service import SERVICES

OUTSIDE = {module.KIND: module for module in (track17, kuaidi100, aftership)}
SERVICES.update(OUTSIDE)
# What only administrators may enter: with it others would read news of our parcels, or make some up.
SECRETS = ("secret", "service_customer", "push_secret", "push_secret_old", "push_token")


class DropshipConnection(models.Model):
    """Accounts at 17TRACK, Kuaidi100 and AfterShip: what each has to be told, and whether it works."""

    _inherit = "dropship.connection"

    service_kind = fields.Selection(
        selection="_service_kinds",
        string="Service",
        compute="_compute_service_kind",
        inverse="_inverse_service_kind",
        help="Who follows the parcels.",
    )
    service_customer = fields.Char(
        string="Customer Code",
        copy=False,
        groups="base.group_system",
        help="Kuaidi100 gives it with the key (customer).",
    )
    service_left = fields.Integer(
        string="Numbers Left There", readonly=True, copy=False, help="As the service said when it was last tested."
    )
    service_tested_at = fields.Datetime(string="Last Tested", readonly=True, copy=False)

    @api.model
    def _tracking_kinds(self):
        return {
            **super()._tracking_kinds(),
            "17track": self.env._("17TRACK"),
            "kuaidi100": self.env._("Kuaidi100 (快递100)"),
            "aftership": self.env._("AfterShip"),
        }

    @api.model
    def _service_kinds(self):
        return list(self._tracking_kinds().items())

    @api.model
    def _kinds_with_address(self):
        return [*super()._kinds_with_address(), *OUTSIDE]

    @api.depends("kind")
    def _compute_service_kind(self):
        kinds = self._tracking_kinds()
        for connection in self:
            connection.service_kind = connection.kind if connection.kind in kinds else False

    def _inverse_service_kind(self):
        for connection in self:
            if connection.service_kind and connection.kind != connection.service_kind:
                connection.kind = connection.service_kind

    @api.onchange("service_kind")
    def _onchange_service_kind(self):
        """The address and the rate are those of the service; a name is only proposed."""
        if not self.service_kind:
            return
        names = self._tracking_kinds()
        self.kind = self.service_kind
        if not self.name or self.name in names.values():
            self.name = names[self.kind]
        if self.kind in OUTSIDE:
            self.update(self._service_defaults(self.kind))
        elif self.endpoint in [module.ENDPOINT for module in OUTSIDE.values()]:
            self.endpoint = False

    @api.model
    def _service_defaults(self, kind):
        """What is the same for every account at a service."""
        module = OUTSIDE.get(kind)
        return {"endpoint": module.ENDPOINT, "rate": module.RATE} if module else {}

    @api.model_create_multi
    def create(self, vals_list):
        """Override: an account outside is opened by an administrator, with what is the same for all of them."""
        prepared = []
        for vals in vals_list:
            kind = vals.get("service_kind") or vals.get("kind")
            vals = {**vals, "kind": kind} if kind else vals
            if kind in OUTSIDE:
                self._check_administrator()
                given = {name: value for name, value in vals.items() if value or name not in ("endpoint", "rate")}
                vals = {**self._service_defaults(kind), **given}
                if kind == "kuaidi100" and not vals.get("push_secret"):
                    vals["push_secret"] = random_secrets.token_urlsafe(24)  # told with every subscription
                if kind == "17track":
                    vals["push_secret"] = vals.get("secret")  # it signs with the key itself
            prepared.append(vals)
        return super().create(prepared)

    def write(self, vals):
        """Override: a secret that is replaced stays good for pushes until the next one; 17TRACK signs with its key."""
        outside = self.filtered(lambda connection: connection.kind in OUTSIDE)
        if vals.get("kind") in OUTSIDE or vals.get("service_kind") in OUTSIDE or (outside and {*SECRETS} & set(vals)):
            self._check_administrator()
        if not {"secret", "push_secret"} & set(vals):
            return super().write(vals)
        for connection in self:
            super(DropshipConnection, connection).write({**vals, **connection._kept_secrets(vals)})
        return True

    def _kept_secrets(self, vals):
        """What pushes are signed with after a change of `vals`, and what they were signed with before."""
        self.ensure_one()
        kind = vals.get("kind") or self.kind
        if kind not in OUTSIDE:
            return {}
        name = "secret" if kind == "17track" else "push_secret"
        if name not in vals:
            return {}
        before, after = self.sudo().push_secret, vals[name]
        more = {"push_secret": after}
        if before and before != after and "push_secret_old" not in vals:
            more["push_secret_old"] = before
        return more

    @api.model
    def _check_administrator(self):
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may connect a tracking service."))

    def _service_secret(self):
        """What the module of the service is told of the account."""
        self.ensure_one()
        if self.kind != "kuaidi100":
            return super()._service_secret()
        connection_sudo = self.sudo()  # the scheduled task and a buyer's button speak for the account too
        return {
            "key": connection_sudo.secret,
            "customer": connection_sudo.service_customer,
            "salt": connection_sudo.push_secret,
            "push": connection_sudo.push_address,
        }

    def _client(self):
        """Override: no error repeats any secret of a tracking service."""
        client, headers = super()._client()
        if self.is_tracking:
            connection_sudo = self.sudo()
            client.secrets += tuple(filter(None, (connection_sudo[name] for name in SECRETS)))
        return client, headers

    def action_test_service(self):
        """Ask the service whether it accepts the account. Nothing is registered, and no parcel is named."""
        self.ensure_one()
        self.check_access("write")
        if self.kind not in OUTSIDE:
            raise UserError(self.env._("%s has nothing to test: wait for its first push.", self.name))
        if not self._admit(1):
            raise UserError(self.env._("%s was called just now, or rests after failures. Try again soon.", self.name))
        client, _headers = self._client()
        left, outcome = OUTSIDE[self.kind].quota(client, self.endpoint or "", self._service_secret())
        good = outcome.state == "sent"
        self._contact(outcome.healthy, outcome.error)
        self.sudo().write({"service_tested_at": fields.Datetime.now(), "service_left": left or 0})  # facts of the test
        text = self.env._("%s accepts the account.", self.name) if good else self._service_words(outcome)
        if good and left is not None:
            text = self.env._("%(name)s accepts the account; %(left)s numbers are left.", name=self.name, left=left)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if good else "danger",
                "message": text,
                "sticky": not good,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _service_words(self, outcome):
        """Why a test failed, for people."""
        if outcome.state == "parked":
            return self.env._(
                "%(name)s does not accept the account. Check key and address. (%(reason)s)",
                name=self.name,
                reason=outcome.error,
            )
        return self.env._(
            "%(name)s did not answer as it should; the account may be right all the same. Try later. (%(reason)s)",
            name=self.name,
            reason=outcome.error,
        )
