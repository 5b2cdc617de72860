from odoo import api, models


class DropshipOverview(models.Model):
    _inherit = "dropship.overview"

    @api.model
    def _role(self):
        """Override: the service agent has a screen of his own, unless he buys or owns the shop as well."""
        role = super()._role()
        agent = self.env.user.has_group("dropship_flow_aftersales.group_aftersales_agent")
        return "agent" if role == "desk" and agent else role
