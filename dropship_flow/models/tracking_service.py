import hashlib
import secrets

from odoo import api, fields, models

# {kind of connection: module of `trackers`}; see `trackers.said` for what a module has to offer.
SERVICES = {}


class DropshipConnection(models.Model):
    """Accounts at tracking services are connections too: the same guard, rate, pause and health."""

    _inherit = "dropship.connection"

    is_tracking = fields.Boolean(
        string="Tracking Service", compute="_compute_is_tracking", store=True, help="It follows parcels."
    )
    sequence = fields.Integer(default=10, help="The first service that knows a carrier follows its parcels.")
    carrier_codes = fields.Char(string="Carriers", help="Codes, separated by commas. Empty: all carriers.")
    push_token = fields.Char(
        string="Token in the Address", copy=False, groups="base.group_system", help="Nobody can guess where to push."
    )
    push_token_hash = fields.Char(copy=False, index="btree_not_null", groups="base.group_system")
    push_secret = fields.Char(
        string="Signing Secret", copy=False, groups="base.group_system", help="Without it no push is accepted."
    )
    push_secret_old = fields.Char(
        string="Previous Signing Secret", copy=False, groups="base.group_system", help="Accepted while it is changed."
    )
    push_address = fields.Char(compute="_compute_push_address", groups="base.group_system")

    _push_token_once = models.UniqueIndex("(push_token_hash) WHERE push_token_hash IS NOT NULL")

    @api.model
    def _tracking_kinds(self):
        """{kind: title} of the services that can be connected."""
        return {}

    @api.model
    def _connection_kinds(self):
        return [*super()._connection_kinds(), *self._tracking_kinds().items()]

    @api.depends("kind")
    def _compute_is_tracking(self):
        kinds = self._tracking_kinds()
        for connection in self:
            connection.is_tracking = connection.kind in kinds

    @api.depends("push_token")
    def _compute_push_address(self):
        for connection in self:
            token = connection.push_token
            base = connection.get_base_url()
            connection.push_address = f"{base}/dropship/track/push/{token}" if token else False

    @api.model
    def _token_hash(self, token):
        return hashlib.sha256((token or "").encode("utf-8", "replace")).hexdigest()

    @api.model_create_multi
    def create(self, vals_list):
        """Override: every tracking service gets an address of its own to push to."""
        connections = super().create(vals_list)
        for connection in connections.filtered("is_tracking"):
            connection_sudo = connection.sudo()  # its creator need not be an administrator
            if not connection_sudo.push_token:
                connection_sudo.push_token = secrets.token_urlsafe(24)
        return connections

    def write(self, vals):
        """Override: only the hash of the token is searched for."""
        if "push_token" in vals:
            vals = {**vals, "push_token_hash": vals["push_token"] and self._token_hash(vals["push_token"])}
        return super().write(vals)

    def _service(self):
        """The module that speaks this service's language.

        :raise NotImplementedError: when the kind has none
        """
        self.ensure_one()
        if self.kind not in SERVICES:
            raise NotImplementedError(f"{self.kind} in models.tracking_service.SERVICES")
        return SERVICES[self.kind]

    def _service_secret(self):
        """What the service's module is told of the account: the key, or more where it needs more."""
        self.ensure_one()
        return self.sudo().secret or ""

    def _push_secrets(self):
        """What pushes may be signed with now."""
        self.ensure_one()
        connection_sudo = self.sudo()
        return tuple(filter(None, (connection_sudo.push_secret, connection_sudo.push_secret_old)))
