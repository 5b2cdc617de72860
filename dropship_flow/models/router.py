import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import psycopg2
from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ..routing import solve
from .reason_text import as_json

_logger = logging.getLogger(__name__)

# Time the general solver may take for one basket inside a confirmation, in seconds.
TIME_LIMIT = 0.15


@dataclass(slots=True)
class Outcome:
    """What was decided for one order, before anything is written."""

    order: Any
    policy: Any
    channel: Any
    demands: list
    problem: Any
    solution: Any
    tax: dict  # source key -> (position code or None, fiscal position)
    holds: list  # [(kind, [[code, params], …])]; empty: buy
    facts: Any

    @property
    def plan(self):
        return self.solution.plan


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _source(self, lines):
        """Buy what the lines still need. Every order ends bought, held with a reason, or unchanged.

        All orders go in one batch of set-based reads. An error in one of them becomes a hold of that one; only
        concurrency errors pass, so that the caller's transaction is tried again.
        """
        self = self.sudo()
        lines = lines.sudo().with_context(lang=None)
        orders = lines.order_id
        try:
            with self.env.cr.savepoint():
                self._source_batch(lines)
        except (psycopg2.OperationalError, ConcurrencyError):
            raise
        except Exception as error:  # whatever is wrong with routing, a payment must not fail for it
            baskets = self._baskets(orders)
            if len(baskets) > 1:
                for basket in baskets:
                    self._source(lines.filtered(lambda line, basket=basket: line.order_id in basket))
                return
            for order in orders:
                self._hold_error(order, error)

    @api.model
    def _hold_error(self, order, error):
        if isinstance(error, UserError):
            text = str(error)
        else:
            _logger.exception("Routing of sale order %s failed", order.id)
            text = f"{type(error).__name__}: {error}"
        self.env["dropship.hold"]._raise(order, "error", [["error", {"text": text}]])

    @api.model
    def _source_batch(self, lines):
        demands, surpluses = self._demands(lines)
        for line, product, component, surplus in surpluses:
            line._dropship_shrink(product, component, surplus)
        lines._dropship_settle_exceptions({surplus[0] for surplus in surpluses})
        for order in lines.order_id:
            if order not in demands:  # nothing left to buy: whatever stood in the way does not any more
                order.dropship_hold_ids.filtered(
                    lambda hold: hold.state == "open" and not hold.purchase_id and not hold.line_id
                )._close("solved")
        demands = self._gate(demands)
        rest = {order: wanted for order, wanted in demands.items() if all(demand.core for demand in wanted)}
        if rest:
            self._apply_core(rest)
        if len(rest) < len(demands):
            self._apply(self._outcomes({order: wanted for order, wanted in demands.items() if order not in rest}))

    @api.model
    def _simulate(self, orders, policy=None, ignore_duty=False):
        """The same decision, nothing saved.

        :return: {sale.order: Outcome}; orders without a line of ours are left out
        """
        router = self.sudo().with_context(lang=None)
        lines = orders.sudo().order_line._dropship_ours()
        demands, _surpluses = router._demands(lines, everything=True)
        outcomes = router._outcomes(demands, policy=policy, ignore_duty=ignore_duty)
        return {outcome.order: outcome for outcome in outcomes}

    @api.model
    def _outcomes(self, demands, policy=None, ignore_duty=False):
        """Decide every order, depleting availability along the batch.

        :param dict demands: {sale.order: [Demand]}
        """
        outcomes = []
        by_company = defaultdict(list)
        for order in demands:
            by_company[order.company_id].append(order)
        for company, company_orders in by_company.items():
            router = self.with_company(company)
            orders = self.env["sale.order"].browse([order.id for order in company_orders]).with_company(company)
            channels = router.env["dropship.sales.channel"]._channel_of(orders)
            policies = router.env["dropship.routing.policy"]._policy_for(orders, channels)
            own_stock = any((policy or policies[order]).own_stock for order in orders)
            facts = router._read_facts(company, {order: demands[order] for order in orders}, own_stock)
            for basket in router._baskets(orders):
                chosen = dict.fromkeys(basket, policy) if policy else policies
                decided = router._decide(basket, demands, facts, chosen, channels, ignore_duty)
                outcomes += decided
                for outcome in decided:
                    router._deplete(facts, outcome)
        return outcomes

    @api.model
    def _baskets(self, orders):
        """The orders as they are decided: each alone, unless something makes several one basket."""
        return list(orders)

    @api.model
    def _decide(self, basket, demands, facts, policies, channels, ignore_duty=False):
        """Decide one basket.

        :return: [Outcome], one for each of its orders
        """
        basket.ensure_one()
        args = (demands[basket], facts, policies[basket], channels[basket], ignore_duty)
        problem = self._problem(basket, *args)
        outcome = self._outcome(basket, demands, facts, policies, channels, problem, self._solve(problem))
        self._judge(outcome)
        return [outcome]

    @api.model
    def _solve(self, problem):
        return solve(problem, time_limit=self.env.context.get("dropship_time_limit", TIME_LIMIT))

    @api.model
    def _outcome(self, order, demands, facts, policies, channels, problem, solution):
        return Outcome(order, policies[order], channels[order], demands[order], problem, solution, {}, [], facts)

    @api.model
    def _deplete(self, facts, outcome):
        """Later orders of the batch see what this one takes, unless it waits."""
        if outcome.holds or not outcome.plan:
            return
        suppliers = {source.key: source.supplier for source in outcome.problem.sources}
        for parcel in outcome.plan.parcels:
            if suppliers[parcel.source] in facts.trials:
                facts.trials[suppliers[parcel.source]] += 1
        for piece in outcome.plan.pieces:
            if isinstance(piece.offer, tuple):  # own stock: ("own", warehouse, product)
                facts.own[piece.offer[1:]] -= piece.buy_qty
            else:
                facts.promised[piece.offer] = facts.promised.get(piece.offer, 0.0) + float(piece.buy_qty)

    @api.model
    def _judge(self, outcome):
        """Fill in the tax positions and what stands in the way of buying."""
        order, plan, solution = outcome.order, outcome.plan, outcome.solution
        if not outcome.policy:
            outcome.holds.append(("approval", [["no_policy", {}]]))
        if solution.missing:
            reasons = self._missing_reasons(outcome) + [
                reason for reason in as_json(solution.guards) if reason[0] in ("contradictory", "pinned_not_eligible")
            ]
            if not plan or outcome.policy.on_missing != "buy_rest":
                outcome.holds.append(("no_source", reasons))
        if not plan:
            if not solution.missing:
                outcome.holds.append(("no_source", as_json(solution.guards) or [["no_plan", {}]]))
            return
        self._judge_tax(outcome)
        approved = self._approved_cost(order)
        landed = float(plan.landed)
        if approved is not None and landed <= approved + float(outcome.problem.money_step):
            return
        if solution.guards and not outcome.holds:
            outcome.holds.append(("guard", as_json(solution.guards)))
        question = self._approval_question(outcome)
        if question:
            outcome.holds.append(("approval", [question]))

    @api.model
    def _approved_cost(self, order):
        """Up to which landed cost a person let this order go; None when nobody did."""
        released = order.dropship_hold_ids.filtered(
            lambda hold: hold.state == "released"
            and hold.kind in ("approval", "guard", "below_cost")
            and not hold.purchase_id
        )
        if not released:
            return None
        # What was bought since is part of what was agreed to.
        open_rows = order.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        return max(
            hold.landed
            - sum(row.landed for row in open_rows if row.decision_id.id and row.decision_id.id > hold.decision_id.id)
            for hold in released
        )

    @api.model
    def _approval_question(self, outcome):
        """Why the policy wants to be asked, as [code, params]; None when it does not."""
        policy, plan = outcome.policy, outcome.plan
        currency = outcome.order.company_id.currency_id.name
        if policy.automation == "ask":
            return ["policy_ask", {"policy": policy.name}]
        if policy.auto_limit and float(plan.landed) > policy.auto_limit:
            params = {"landed": f"{plan.landed:.2f}", "limit": f"{policy.auto_limit:.2f}", "currency": currency}
            return ["above_limit", params]
        if policy.auto_margin_percent:
            percent = float(plan.profit / plan.revenue * 100) if plan.revenue else -100.0
            if percent < policy.auto_margin_percent:
                return ["below_margin", {"percent": f"{percent:.1f}", "limit": f"{policy.auto_margin_percent:.1f}"}]
        return None

    @api.model
    def _judge_tax(self, outcome):
        order = outcome.order
        countries = {parcel.source: self._ship_from(parcel.source) for parcel in outcome.plan.parcels}
        revenue = {line.key: line.revenue / line.qty for line in outcome.problem.lines}
        business = bool(order.partner_id.commercial_partner_id.vat)
        for parcel in outcome.plan.parcels:
            value = sum(float(revenue[piece.line] * piece.qty) for piece in parcel.pieces)
            if outcome.facts.tax_rules is None and countries[parcel.source] != order.partner_shipping_id.country_id:
                outcome.facts.tax_rules = self.env["dropship.tax.rule"]._rules_of(order.company_id)
            position = self.env["dropship.tax.rule"]._position_for(
                order.company_id,
                countries[parcel.source],
                order.partner_shipping_id.country_id,
                business,
                value,
                rules=outcome.facts.tax_rules,
            )
            outcome.tax[parcel.source] = position
            if position[0] is None:
                params = {
                    "source": countries[parcel.source].name or "?",
                    "target": order.partner_shipping_id.country_id.name or "?",
                }
                outcome.holds.append(("tax", [["tax_undefined", params]]))
        problem = order._dropship_tax_conflict(outcome)
        if problem:
            outcome.holds.append(("tax", [problem]))

    @api.model
    def _ship_from(self, source):
        """Country the goods of a source (see `_problem`) leave from."""
        if isinstance(source, tuple):
            warehouse = self.env["stock.warehouse"].browse(source[1])
            return warehouse.partner_id.country_id or warehouse.company_id.country_id
        return self.env["dropship.supplier.warehouse"].browse(source).country_id

    @api.model
    def _missing_reasons(self, outcome):
        """For each line without a source: its name, then the reasons of its candidates, most telling first."""
        products = {demand.key: demand.product for demand in outcome.demands}
        reasons = []
        for key in outcome.solution.missing:
            params = {"product": products[key].display_name, "product_id": products[key].id}
            reasons.append(["line_without_source", params])
            seen = set()
            for candidate in outcome.solution.candidates:
                if candidate.line == key and candidate.reasons:
                    supplier = self._supplier_name(candidate)
                    reason = as_json(candidate.reasons[:1])[0]
                    if (supplier, reason[0]) not in seen and len(seen) < 8:
                        seen.add((supplier, reason[0]))
                        reasons.append(["candidate_out", {"supplier": supplier, "code": reason[0], **reason[1]}])
        return reasons

    @api.model
    def _supplier_name(self, candidate):
        if isinstance(candidate.offer, tuple):
            return self.env["stock.warehouse"].browse(candidate.offer[1]).name
        return self.env["dropship.offer"].browse(candidate.offer).supplier_id.name
