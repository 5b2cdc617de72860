from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

# So many pushes a second of one account a process takes, unless its connection says else.
PUSH_RATE = 50.0


class DropshipConnection(models.Model):
    """What an account at a tracking service may still do this month, and how its pushes fare."""

    _inherit = "dropship.connection"

    quota = fields.Integer(string="Registrations per Month", help="What the contract allows. 0: no limit.")
    quota_used = fields.Integer(string="Used This Month", compute="_compute_quota")
    quota_left = fields.Integer(string="Left This Month", compute="_compute_quota")
    watch_ids = fields.One2many("dropship.watch", "connection_id", string="Followed Parcels")
    push_rate = fields.Float(
        string="Pushes per Second",
        default=PUSH_RATE,
        help="More of them are turned away until a second later, so that one account does not slow the shop.",
    )
    push_forged = fields.Integer(string="Pushes Not Genuine", readonly=True, copy=False)
    push_unsigned = fields.Integer(
        string="Pushes Refused for Want of a Secret", readonly=True, copy=False, help="Enter the signing secret."
    )
    push_refused_at = fields.Datetime(string="Last Refused", readonly=True, copy=False)

    _quota_range = models.Constraint("CHECK (quota IS NULL OR quota >= 0)", "A quota cannot be less than nothing.")

    @api.depends("quota")
    def _compute_quota(self):
        used = self._registrations()
        for connection in self:
            connection.quota_used = used.get(connection.id, 0)
            connection.quota_left = max(connection.quota - connection.quota_used, 0)

    def _registrations(self):
        """{id: registrations of this month}; what was registered twice was counted twice by the service."""
        first = fields.Datetime.now() + relativedelta(day=1, hour=0, minute=0, second=0, microsecond=0)
        # How much is used is no secret of the parcels' companies.
        groups = self.env["dropship.watch"].sudo()._read_group(
            [("connection_id", "in", self.ids), ("registered_at", ">=", first)], ["connection_id"], ["__count"]
        )
        return {connection.id: count for connection, count in groups}

    def _quota_left(self):
        """How many parcels may still be registered this month; None: any number."""
        self.ensure_one()
        return self.quota_left if self.quota else None

    def write(self, vals):
        """Override: with a new secret the count of what was refused for want of one begins anew."""
        if vals.get("push_secret"):
            vals = {**vals, "push_unsigned": 0}
        return super().write(vals)
