import hashlib

from odoo import api, fields, models


class DropshipInbox(models.Model):
    """What a tracking service pushed: verified, stored once, answered; what it means is decided afterwards."""

    _name = "dropship.inbox"
    _description = "Pushed Message"
    _inherit = ["dropship.lease.mixin", "dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset(
        {
            ("ready", "sending"),
            ("sending", "ready"),
            ("sending", "processed"),
            ("sending", "parked"),
            ("ready", "processed"),
            ("ready", "parked"),
            ("parked", "ready"),
            ("parked", "processed"),
        }
    )

    connection_id = fields.Many2one("dropship.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: the account is shared.")
    state = fields.Selection(
        [("ready", "Waiting"), ("sending", "In work"), ("processed", "Done"), ("parked", "Needs a person")],
        default="ready",
        required=True,
        index=True,
    )
    key = fields.Char(required=True, readonly=True, copy=False, help="The same push is stored once.")
    received_at = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    headers = fields.Json(readonly=True)
    body = fields.Text(readonly=True, groups="dropship_flow.group_dropship_buyer")

    _key_uniq = models.UniqueIndex("(key)", "This push is stored already.")
    _to_do = models.Index("(connection_id, id) WHERE state IN ('ready', 'sending', 'parked')")

    @api.model
    def _key_of(self, connection, body):
        """:param bytes body: exactly as it came"""
        return hashlib.sha256(b"%d " % connection.id + body).hexdigest()
