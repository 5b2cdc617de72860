from odoo import api, models

from ..routing.cost import unit_fits

# A source with one of these is none at all: it says nothing about where the goods could go.
NO_SOURCE = frozenset(
    {
        "supplier_state",
        "blocked_supplier",
        "blocked_product",
        "blocked_tag",
        "inactive",
        "warehouse_address",
        "no_rate_currency",
        "refused",
    }
)
# Only these speak about the destination; stock, age and prices are not the customer's business before he pays.
NO_WAY = frozenset({"blocked_country", "restricted_country", "document_missing", "hazard"})


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _reach(self, order):
        """By which services each line of ours can get to the order's address, whoever sells it.

        :return: {sale line id: sorted names of services}. No name: it cannot be delivered there. Lines whose product
            has no source at all are left out: that is no question of the address
        """
        router = self.sudo().with_context(lang=None).with_company(order.company_id)
        lines = order.sudo().order_line._dropship_ours()
        demands, _surpluses = router._demands(lines, everything=True)
        demands = demands.get(order, [])
        if not any(not demand.core for demand in demands):
            return {}
        channels = router.env["dropship.sales.channel"]._channel_of(order)
        policy = router.env["dropship.routing.policy"]._policy_for(order, channels)[order]
        facts = router._read_facts(order.company_id, {order: demands}, policy.own_stock)
        problem = router._problem(order, demands, facts, policy, channels[order])
        found = {}
        for line in problem.lines:
            services = self._reach_of(problem, line)
            if services is not None:  # every component of a kit has to get there
                found.setdefault(line.group, []).append(services)
        return {line_id: sorted(frozenset.intersection(*parts)) for line_id, parts in found.items()}

    @api.model
    def _reach_of(self, problem, line):
        """Services that bring one line to the address; None when nobody could be asked."""
        sources = {source.key: source for source in problem.sources}
        services, asked = set(), False
        for offer in problem.offers:
            codes = {reason.code for reason in offer.facts}
            if offer.product != line.product or codes & NO_SOURCE:
                continue
            asked = True
            if not codes & NO_WAY:
                services |= {
                    rate.service
                    for rate in sources[offer.source].rates
                    if line.weight is None or unit_fits(rate, line)
                }
        return frozenset(services) if asked else None
