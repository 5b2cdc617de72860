from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP

from odoo import api, fields, models

from ..routing import model as engine
from .reason_text import as_json


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _apply(self, outcomes):
        """Write what was decided: decisions, holds, allocations, procurements, purchases – each in one set."""
        decisions = self.env["dropship.routing.decision"].create([self._decision_vals(out) for out in outcomes])
        buying, vals_list = [], []
        for outcome, decision in zip(outcomes, decisions, strict=True):
            outcome.order.dropship_decision_id = decision
            self._close_solved_holds(outcome)
            if outcome.holds:
                self._hold(outcome, decision)
                continue
            buying.append(outcome)
            vals_list += self._allocation_vals(outcome, decision)
            vals_list += self._core_vals(outcome.order, outcome.demands)
            if outcome.solution.missing:
                self._hold_missing(outcome, decision)
        if not buying:
            return
        self._lock_scarce(buying)
        for outcome in buying:
            outcome.order._dropship_apply_tax(outcome)
        with self.env["dropship.allocation"]._first_come():
            allocations = self.env["dropship.allocation"].create(vals_list)
        self._procure(allocations)

    @api.model
    def _apply_core(self, demands):
        """Only components nobody offers are left to provide: there is nothing to decide.

        :param dict demands: {sale.order: [Demand]}
        """
        vals_list = [vals for order, wanted in demands.items() for vals in self._core_vals(order, wanted)]
        with self.env["dropship.allocation"]._first_come():
            allocations = self.env["dropship.allocation"].create(vals_list)
        self._procure(allocations)

    @api.model
    def _close_solved_holds(self, outcome):
        kinds = {kind for kind, _reasons in outcome.holds}
        lines = {demand.line for demand in outcome.demands}
        outcome.order.dropship_hold_ids.filtered(
            lambda hold: (
                hold.state == "open"
                and not hold.purchase_id
                and (hold.line_id in lines if hold.line_id else hold.kind not in kinds)
            )
        )._close("solved")

    @api.model
    def _hold(self, outcome, decision):
        plan = outcome.plan
        grouped = defaultdict(list)
        for kind, reasons in outcome.holds:
            grouped[kind] += reasons
        for kind, reasons in grouped.items():
            self.env["dropship.hold"]._raise(
                outcome.order,
                kind,
                reasons,
                decision=decision,
                landed=float(plan.landed) if plan else 0.0,
                profit=float(plan.profit) if plan else 0.0,
            )

    @api.model
    def _hold_missing(self, outcome, decision):
        self.env["dropship.hold"]._raise(outcome.order, "no_source", self._missing_reasons(outcome), decision=decision)

    @api.model
    def _lock_scarce(self, outcomes):
        """Make two transactions that race for the last units of an offer collide; plentiful offers are not touched.

        Writing the row is what collides under REPEATABLE READ; a lock alone would read the old figure.
        """
        scarce = set()
        for outcome in outcomes:
            stocks = {offer.key: offer.stock for offer in outcome.problem.offers}
            for piece in outcome.plan.pieces:
                stock = stocks[piece.offer]
                if (
                    stock is not None
                    and not isinstance(piece.offer, tuple)
                    and stock - piece.buy_qty < 10 * piece.buy_qty
                ):
                    scarce.add(piece.offer)
        if scarce:
            self.env.cr.execute(
                "SELECT id FROM dropship_offer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [list(scarce)]
            )
            self.env.cr.execute("UPDATE dropship_offer SET write_uid = write_uid WHERE id = ANY(%s)", [list(scarce)])

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    @api.model
    def _decision_vals(self, outcome):
        plan, solution, policy = outcome.plan, outcome.solution, outcome.policy
        vals = {
            "order_id": outcome.order.id,
            "company_id": outcome.order.company_id.id,
            "policy_id": policy.id,
            "policy_version": policy.version,
            "outcome": "held" if outcome.holds else "bought",
            "method": solution.method,
            "proven": solution.proven,
            "gap": solution.gap,
            "seconds": solution.seconds,
            "trace": self.env["dropship.routing.decision"]._pack(self._trace(outcome)),
        }
        if plan:
            vals |= {
                "landed": float(plan.landed),
                "revenue": float(plan.revenue),
                "payment_fee": float(plan.payment_fee),
                "profit": float(plan.profit),
                "parcel_count": len(plan.parcels),
                "days_p50": plan.days_p50,
                "days_p95": plan.days_p95,
            }
        return vals

    @api.model
    def _trace(self, outcome):
        """All that explains the decision later, as plain data: the plan, the alternative, every candidate's reasons."""
        solution = outcome.solution
        return {
            "plan": self._plan_trace(solution.plan),
            "alternative": self._plan_trace(solution.alternative),
            "candidates": [
                [
                    candidate.line,
                    candidate.offer,
                    candidate.source,
                    str(candidate.unit_price or ""),
                    str(candidate.landed_alone or ""),
                    as_json(candidate.reasons),
                ]
                for candidate in solution.candidates
            ],
            "guards": as_json(solution.guards),
            "holds": outcome.holds,
        }

    @api.model
    def _plan_trace(self, plan):
        if not plan:
            return None
        return [
            {
                "source": parcel.source,
                "rate": parcel.rate,
                "parcels": parcel.parcels,
                "weight": str(parcel.weight),
                **{
                    part: str(getattr(parcel, part))
                    for part in ("goods", "freight", "fees", "duty", "late_cost", "return_cost")
                },
                "days": [parcel.days_p50, parcel.days_p80, parcel.days_p95],
                "pieces": [
                    [piece.line, piece.offer, str(piece.qty), str(piece.buy_qty), str(piece.unit_price)]
                    for piece in parcel.pieces
                ],
            }
            for parcel in plan.parcels
        ]

    @api.model
    def _allocation_vals(self, outcome, decision):
        """One row per piece of the plan, with its share of the parcel's costs."""
        order = outcome.order
        demands = {demand.key: demand for demand in outcome.demands}
        attempts = self._attempts(order)
        splits = defaultdict(int)
        vals_list = []
        for parcel in outcome.plan.parcels:
            shares = self._shares(parcel, outcome.problem.money_step)
            for piece, share in zip(parcel.pieces, shares, strict=True):
                demand = demands[piece.line]
                vals_list.append(
                    {
                        "line_id": demand.line.id,
                        "order_id": order.id,
                        "company_id": order.company_id.id,
                        "decision_id": decision.id,
                        "product_id": demand.product.id,
                        "component": demand.component,
                        "attempt": attempts[demand.line.id] + 1,
                        "split": splits[piece.line],
                        "qty": float(piece.qty),
                        "buy_qty": float(piece.buy_qty),
                        "unit_price": float(piece.unit_price),
                        "days_p50": parcel.days_p50,
                        "days_p80": parcel.days_p80,
                        "days_p95": parcel.days_p95,
                        "promised_date": fields.Date.today() + timedelta(days=round(parcel.days_p80)),
                        **share,
                        **self._source_vals(piece, outcome),
                    }
                )
                splits[piece.line] += 1
        return vals_list

    @api.model
    def _attempts(self, order):
        """How often each line was sourced before: {line id: number}."""
        attempts = defaultdict(int)
        for allocation in order.dropship_allocation_ids:
            attempts[allocation.line_id.id] = max(attempts[allocation.line_id.id], allocation.attempt)
        return attempts

    @api.model
    def _core_vals(self, order, demands):
        """Rows without an offer for the components core provides, at their standard cost: so it happens once."""
        wanted = [demand for demand in demands if demand.core]
        attempts = self._attempts(order) if wanted else {}
        vals_list = []
        for demand in wanted:
            cost = demand.product.with_company(order.company_id).standard_price
            goods = order.company_id.currency_id.round(cost * demand.qty)
            vals_list.append(
                {
                    "line_id": demand.line.id,
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "product_id": demand.product.id,
                    "component": demand.component,
                    "attempt": attempts[demand.line.id] + 1,
                    "qty": demand.qty,
                    "buy_qty": demand.qty,
                    "unit_price": cost,
                    "goods": goods,
                    "landed": goods,
                }
            )
        return vals_list

    @api.model
    def _source_vals(self, piece, outcome):
        if isinstance(piece.offer, tuple):
            return {"stock_warehouse_id": piece.offer[1], "purchase_price": float(piece.unit_price)}
        offer = self.env["dropship.offer"].browse(piece.offer)
        tiers = outcome.facts.tiers[offer.id]
        fitting = [tier for tier in tiers if tier[0] <= piece.buy_qty] or tiers[:1]
        _min_qty, price, currency_id = max(fitting, key=lambda tier: tier[0])
        return {
            "offer_id": offer.id,
            "supplier_id": offer.supplier_id.id,
            "warehouse_id": offer.warehouse_id.id,
            "purchase_price": float(price),
            "purchase_currency_id": currency_id,
        }

    @api.model
    def _shares(self, parcel, step):
        """Spread a parcel's freight, fees and duty over its pieces by goods value; the last one takes the rounding."""
        total = parcel.goods
        left = {part: getattr(parcel, part) for part in ("freight", "fees", "duty")}
        result = []
        for index, piece in enumerate(parcel.pieces):
            last = index == len(parcel.pieces) - 1
            ratio = piece.goods / total if total else engine.Decimal(1) / len(parcel.pieces)
            row = {"goods": piece.goods}
            for part, rest in left.items():
                amount = (getattr(parcel, part) * ratio / step).quantize(engine.Decimal(1), ROUND_HALF_UP) * step
                row[part] = rest if last else amount
                left[part] = rest - row[part]
            row["landed"] = sum(row.values())
            result.append({name: float(value) for name, value in row.items()})
        return result
