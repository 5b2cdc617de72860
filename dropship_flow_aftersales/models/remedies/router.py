from dataclasses import replace

from odoo import api, models


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _approval_question(self, outcome):
        """Override: what was promised in a case earns nothing; that it goes out was decided there."""
        if outcome.order.dropship_instead_of_id:
            return None
        return super()._approval_question(outcome)

    @api.model
    def _engine_policy(self, order, policy, channel):
        """Override: no margin below which what was promised may not go."""
        found = super()._engine_policy(order, policy, channel)
        if order.dropship_instead_of_id:
            return replace(found, margin_floor=None, margin_floor_percent=None)
        return found

    @api.model
    def _below_cost(self, outcome):
        """Override: what was promised brings in less than it costs, on purpose."""
        if outcome.order.dropship_instead_of_id:
            return []
        return super()._below_cost(outcome)


class DropshipHoldRule(models.Model):
    _inherit = "dropship.hold.rule"

    @api.model
    def _not_let_go(self, order, verdicts):
        """Override: what is sent instead of something is like another order on purpose."""
        found = super()._not_let_go(order, verdicts)
        if order.dropship_instead_of_id:
            return [verdict for verdict in found if verdict.kind != "duplicate"]
        return found
