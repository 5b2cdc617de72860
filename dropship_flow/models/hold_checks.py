from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..holding import covered, judge

# What the router itself raises and takes back; every other kind stops an order before routing.
ROUTER_KINDS = ("approval", "guard", "no_source", "tax", "error", "below_cost")


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    by_rule = fields.Boolean(readonly=True, help="Found by a rule or the blocklist; it closes by itself.")
    marks = fields.Json(readonly=True, help="The facts a release is good for.")
    measure = fields.Float(readonly=True, help="How bad it was. A release is good for what is not worse.")
    buyer_only = fields.Boolean(readonly=True, help="Only a buyer may let it go.")

    # The scheduled action asks for the holds of rules it looked at longest ago.
    _by_rule_idx = models.Index("(last_try) WHERE state = 'open' AND by_rule")

    def _is_gate(self):
        """Whether the hold stops its order before routing."""
        self.ensure_one()
        return self.state == "open" and not self.purchase_id and self.kind not in ROUTER_KINDS

    def _check_release_rights(self):
        result = super()._check_release_rights()
        if any(self.sudo().mapped("buyer_only")) and not self.env.user.has_group("dropship_flow.group_dropship_buyer"):
            raise UserError(
                self.env._(
                    "Orders of this customer are refused by the blocklist. Ask a buyer to release them, or cancel them."
                )
            )
        return result

    def action_compare(self):
        """Show an order beside the one it seems to repeat."""
        self.ensure_one()
        return self.env["dropship.hold.duplicate"]._open_hold(self)


class DropshipHoldRule(models.Model):
    _inherit = "dropship.hold.rule"

    @api.model
    def _check_orders(self, orders):
        """Ask the rules and the blocklist about orders.

        :return: {sale.order: [holding.Verdict]}, without what a person let go for the same facts
        """
        result = {}
        channels = None
        by_company = defaultdict(list)
        for order in orders:
            by_company[order.company_id].append(order.id)
        for company, ids in by_company.items():
            router = self.with_company(company)
            mine = self.env["sale.order"].browse(ids).with_prefetch(orders.ids)
            rules = router._rules_for(company)
            if any(rule.channels for rule in rules):
                channels = channels or self.env["dropship.sales.channel"]._channel_of(orders)
            nowhere = dict.fromkeys(mine, self.env["dropship.sales.channel"])
            facts = router._facts_of(mine, channels or nowhere, rules, company)
            for order in mine:
                result[order] = self._not_let_go(order, judge(facts[order], rules, company.dropship_hold_mode))
        return result

    @api.model
    def _not_let_go(self, order, verdicts):
        return [
            verdict
            for verdict in verdicts
            if not covered(
                verdict,
                [
                    (hold.marks or (), hold.measure)
                    for hold in order.dropship_hold_ids
                    if hold.kind == verdict.kind and (hold.state == "released" or verdict.verdict == "warn")
                ],
            )
        ]
