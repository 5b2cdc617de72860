from odoo import api, models

from ..trackers import simulated, webhook
from .retention import KEEP_DAYS
from .tracking_service import SERVICES

SERVICES["webhook"] = webhook
SERVICES["simulated"] = simulated
KEEP_DAYS.update({"inbox": 30, "orphan": 30})


class DropshipConnection(models.Model):
    _inherit = "dropship.connection"

    @api.model
    def _tracking_kinds(self):
        return {
            **super()._tracking_kinds(),
            "webhook": self.env._("Signed push of any system"),
            "simulated": self.env._("Simulated carrier"),
        }

    @api.model
    def _kinds_with_address(self):
        return [*super()._kinds_with_address(), "simulated"]


class DropshipRetention(models.Model):
    _inherit = "dropship.retention"

    @api.model
    def _kept(self):
        return [
            *super()._kept(),
            ("inbox", self.env._("Pushed messages of tracking services")),
            ("orphan", self.env._("News of unknown parcels")),
        ]

    @api.model
    def _purge_inbox(self, company, before, limit):
        """What was read, and what nobody mended in that time; what still waits stays."""
        domain = [("company_id", "in", (company.id, False)), ("received_at", "<", before),
                  ("state", "in", ("processed", "parked"))]  # fmt: skip
        return self._delete("dropship.inbox", domain, limit)

    @api.model
    def _purge_orphan(self, company, before, limit):
        domain = [("company_id", "in", (company.id, False)), ("received_at", "<", before)]
        return self._delete("dropship.orphan", domain, limit)
