from dataclasses import replace

from odoo import api, models

from ..routing import together
from .hold_checks import ROUTER_KINDS
from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "group_waits": _lt(
            "Ships together with %(orders)s, which cannot be bought yet: release that order, "
            "or take this one out of the group %(group)s."
        ),
    }
)


class DropshipRouter(models.AbstractModel):
    """Orders that ship together are one basket: bought together or not at all, each with purchases of its own."""

    _inherit = "dropship.router"

    @api.model
    def _source(self, lines):
        """Override: whoever routes an order of a group routes the group."""
        groups_sudo = lines.order_id.sudo().dropship_group_id
        for group_sudo in groups_sudo:
            mates_sudo = group_sudo._waiting_orders()
            gated_sudo = mates_sudo.filtered(
                lambda order: any(
                    hold.state == "open" and hold.kind not in ROUTER_KINDS for hold in order.dropship_hold_ids
                )
            )
            if gated_sudo:
                own = lines.filtered(lambda line, mates=mates_sudo: line.order_id in mates)
                lines -= own
                self._hold_group((own.order_id.sudo() & mates_sudo) - gated_sudo, gated_sudo)
            else:
                lines |= mates_sudo.order_line._dropship_ours().with_env(lines.env)
        return super()._source(lines) if lines else None

    @api.model
    def _hold_group(self, orders, others):
        """Orders that could be bought wait for the others of their group."""
        for order in orders:
            self.sudo().env["dropship.hold"]._raise(order, "approval", [self._group_reason(order, others)])

    @api.model
    def _group_reason(self, order, others):
        return ["group_waits", {"orders": ", ".join(others.mapped("name")), "group": order.dropship_group_id.name}]

    @api.model
    def _baskets(self, orders):
        """Override: the orders of a group are decided as one."""
        if not orders.dropship_group_id:
            return super()._baskets(orders)
        alone = orders.filtered(lambda order: not order.dropship_group_id)
        grouped = (orders - alone).grouped("dropship_group_id")
        return super()._baskets(alone) + list(grouped.values())

    @api.model
    def _decide(self, basket, demands, facts, policies, channels, ignore_duty=False):
        """Override: one plan for the group, by the policy of its first order; each order gets its share of it."""
        if len(basket) < 2:
            return super()._decide(basket, demands, facts, policies, channels, ignore_duty)
        members = [
            self._problem(order, demands[order], facts, policies[order], channels[order], ignore_duty)
            for order in basket
        ]
        first = basket[0]
        everything = [demand for order in basket for demand in demands[order]]
        joint = self._problem(first, everything, facts, policies[first], channels[first], ignore_duty)
        joint = together.join(joint, members, self._refused_offers(basket))
        solutions = together.split(self._solve(joint), members, joint.money_step)
        outcomes = []
        for order, member, solution in zip(basket, members, solutions, strict=True):
            problem = replace(member, offers=joint.offers, sources=joint.sources)
            outcome = self._outcome(order, demands, facts, policies, channels, problem, solution)
            self._judge(outcome)
            outcomes.append(outcome)
        self._judge_together(outcomes)
        return outcomes

    @api.model
    def _judge_together(self, outcomes):
        """Freight was shared in the belief that all go: when one waits, the others wait with it."""
        orders = self.env["sale.order"]
        held = orders.union(*(outcome.order for outcome in outcomes if outcome.holds))
        for outcome in outcomes:
            if held and not outcome.holds:
                outcome.holds.append(("approval", [self._group_reason(outcome.order, held)]))
