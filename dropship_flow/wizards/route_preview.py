from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.reason_text import as_json, reasons_line, reasons_text
from ..routing import compare_plans, explain


class DropshipRoutePreview(models.TransientModel):
    """What the router would do with an order: the same code, nothing saved."""

    _name = "dropship.route.preview"
    _description = "Route Preview"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_state = fields.Selection(related="order_id.state")
    policy_id = fields.Many2one("dropship.routing.policy", readonly=True)
    other_policy_id = fields.Many2one(
        "dropship.routing.policy", string="Try Another Policy", help="Only for this look; the order keeps its own."
    )
    ignore_duty = fields.Boolean(string="Without Duty Rules")
    has_duty = fields.Boolean(readonly=True)
    is_past = fields.Boolean(readonly=True, help="Shows a decision that was taken, not a new simulation.")

    line_ids = fields.One2many("dropship.route.preview.line", "preview_id", string="Plan")
    candidate_ids = fields.One2many("dropship.route.preview.candidate", "preview_id", string="Candidates")
    part_ids = fields.One2many("dropship.route.preview.part", "preview_id", string="Comparison")

    revenue = fields.Monetary(string="Net Revenue", readonly=True)
    payment_fee = fields.Monetary(string="Selling Fees", readonly=True)
    landed = fields.Monetary(string="Landed Cost", readonly=True)
    profit = fields.Monetary(string="Expected Profit", readonly=True)
    margin_percent = fields.Float(string="Margin", readonly=True)
    arrival = fields.Char(readonly=True)
    alternative = fields.Char(string="Best Alternative", readonly=True)
    verdict = fields.Char(readonly=True)
    waits = fields.Text(string="Would Wait For", readonly=True)

    @api.model
    def _open_order(self, order):
        """Simulate an order and open the result."""
        order.check_access("read")
        preview = self.create({"order_id": order.id})
        preview._simulate()
        return preview._window()

    @api.model
    def _open_decision(self, decision):
        """Open the look of a decision taken before, from its trace."""
        preview = self.create({"order_id": decision.order_id.id, "is_past": True})
        preview._load(decision)
        return preview._window()

    def _window(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Route of %s", self.order_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_refresh(self):
        """Simulate again after a choice."""
        self._simulate()
        return self._window()

    def action_toggle_duty(self):
        """The same basket with or without the duty rules, to see what they cost."""
        self.ignore_duty = not self.ignore_duty
        return self.action_refresh()

    def action_confirm(self):
        """Confirm the quotation; routing runs again with the facts of that moment."""
        self.ensure_one()
        self.order_id.action_confirm()
        return {"type": "ir.actions.act_window_close"}

    def _simulate(self):
        self.ensure_one()
        # The router works with all rights; what it found is shown to whoever asked.
        self.order_id.check_access("read")
        outcomes = self.env["dropship.router"]._simulate(
            self.order_id, policy=self.other_policy_id.sudo() or None, ignore_duty=self.ignore_duty
        )
        outcome = next(iter(outcomes.values()), None)
        if outcome is None:
            raise UserError(
                self.env._(
                    "No product of this order is offered by a supplier. "
                    "Add offers under Dropshipping ▸ Suppliers ▸ Offers."
                )
            )
        candidates = explain(outcome.problem, outcome.solution)
        self.sudo()._fill(outcome, candidates)

    def _fill(self, outcome, candidates):
        plan = outcome.plan
        reader = self.with_context(lang=self.env.user.lang)
        waits = [reason for _kind, reasons in outcome.holds for reason in reasons]
        vals = {
            "policy_id": outcome.policy.id,
            "has_duty": bool(plan and any(parcel.duty for parcel in plan.parcels)) or self.ignore_duty,
            "waits": reasons_text(reader.env, waits),
            "verdict": reader._verdict(outcome.solution),
            "line_ids": [(5, 0), *((0, 0, row) for row in reader._plan_rows(outcome))],
            "candidate_ids": [(5, 0), *((0, 0, row) for row in reader._candidate_rows(outcome, candidates))],
            "part_ids": [(5, 0), *((0, 0, row) for row in reader._part_rows(outcome.solution))],
            "alternative": reader._alternative_text(outcome),
            "revenue": 0.0,
            "payment_fee": 0.0,
            "landed": 0.0,
            "profit": 0.0,
            "margin_percent": 0.0,
            "arrival": False,
        }
        if plan:
            vals |= {
                "revenue": float(plan.revenue),
                "payment_fee": float(plan.payment_fee),
                "landed": float(plan.landed),
                "profit": float(plan.profit),
                "margin_percent": float(plan.profit / plan.revenue) if plan.revenue else 0.0,
                "arrival": reader._arrival(plan.days_p50, plan.days_p95),
            }
        self.write(vals)

    def _verdict(self, solution):
        if not solution.plan:
            return self.env._("No plan")
        if solution.proven:
            return self.env._("Proven: no combination of suppliers is better.")
        return self.env._("Good: at most %s %% from the best possible.", f"{solution.gap * 100:.1f}")

    def _arrival(self, soonest, latest):
        low, high = round(soonest), round(latest)
        if low == high:
            return self.env._("in %s days", low)
        return self.env._("in %(low)s to %(high)s days", low=low, high=high)

    def _names(self, keys):
        warehouses = self.env["dropship.supplier.warehouse"]
        own = self.env["stock.warehouse"]
        return {
            key: own.browse(key[1]).name if isinstance(key, tuple) else warehouses.browse(key).supplier_id.name
            for key in keys
        }

    def _alternative_text(self, outcome):
        other, plan = outcome.solution.alternative, outcome.plan
        if not other or not plan:
            return False
        names = self._names([parcel.source for parcel in other.parcels])
        currency = self.currency_id
        return self.env._(
            "%(suppliers)s: %(difference)s more, %(arrival)s",
            suppliers=", ".join(names.values()),
            difference=currency.format(float(other.landed - plan.landed)),
            arrival=self._arrival(other.days_p50, other.days_p95),
        )

    def _plan_rows(self, outcome):
        """One row per piece: line, supplier, quantity and what each part costs."""
        if not outcome.plan:
            return
        demands = {demand.key: demand for demand in outcome.demands}
        names = self._names([parcel.source for parcel in outcome.plan.parcels])
        for parcel in outcome.plan.parcels:
            shares = self.env["dropship.router"]._shares(parcel, outcome.problem.money_step)
            for piece, share in zip(parcel.pieces, shares, strict=True):
                demand = demands[piece.line]
                yield {
                    "line_id": demand.line.id,
                    "product_id": demand.product.id,
                    "source": names[parcel.source],
                    "qty": float(piece.qty),
                    "buy_qty": float(piece.buy_qty),
                    "arrival": self._arrival(parcel.days_p50, parcel.days_p95),
                    **share,
                }

    def _candidate_rows(self, outcome, candidates):
        chosen = {(piece.line, piece.offer) for piece in outcome.plan.pieces} if outcome.plan else set()
        demands = {demand.key: demand for demand in outcome.demands}
        names = self._names({candidate.source for candidate in candidates})
        for candidate in candidates:
            demand = demands[candidate.line]
            taken = (candidate.line, candidate.offer) in chosen
            is_offer = not isinstance(candidate.offer, tuple)
            yield {
                "line_id": demand.line.id,
                "product_id": demand.product.id,
                "source": names[candidate.source],
                "supplier_id": self.env["dropship.offer"].browse(candidate.offer).supplier_id.id if is_offer else False,
                "result": "chosen" if taken else "out" if candidate.reasons else "dearer",
                "unit_price": float(candidate.unit_price or 0.0),
                "landed_alone": float(candidate.landed_alone or 0.0),
                "extra": float(candidate.extra or 0.0),
                "why": self._why(candidate, taken),
            }

    def _why(self, candidate, taken):
        if taken:
            return self.env._("Part of the best basket")
        if candidate.reasons:
            return reasons_line(self.env, as_json(candidate.reasons))
        if candidate.extra is None:
            return self.env._("Possible, but not together with the rest of the basket")
        if candidate.extra > 0:
            return self.env._("The basket would cost %s more", self.currency_id.format(float(candidate.extra)))
        return self.env._("Costs the same; another one was preferred")

    def _figure(self, part, value):
        """A figure of the comparison as people write it: money with its currency, parcels whole, days to one place."""
        if part == "parcels":
            return str(int(value))
        return f"{value:.1f}" if part == "days" else self.currency_id.format(float(value))

    def _part_rows(self, solution):
        """The chosen plan beside the best alternative, part by part."""
        plan, other = solution.plan, solution.alternative
        if not plan or not other:
            return
        labels = dict(self.env["dropship.route.preview.part"]._fields["part"]._description_selection(self.env))
        for part, chosen, alternative, difference in compare_plans(plan, other):
            if part in labels:
                yield {
                    "part": part,
                    "chosen": self._figure(part, chosen),
                    "alternative": self._figure(part, alternative),
                    "difference": ("+" if difference > 0 else "") + self._figure(part, difference),
                    "worse": difference > 0,
                }

    def _load(self, decision):
        """Fill the screen from a decision's trace."""
        trace = decision._unpack()
        router = self.env["dropship.router"].sudo()
        reader = self.sudo().with_context(lang=self.env.user.lang)
        lines = {line.id: line for line in self.order_id.order_line}
        rows = []
        for line_key, offer, source, unit_price, landed_alone, reasons in trace.get("candidates", []):
            if line_key[0] not in lines:
                continue
            key = tuple(source) if isinstance(source, list) else source
            rows.append(
                {
                    "line_id": line_key[0],
                    "product_id": line_key[2],
                    "source": reader._names([key])[key],
                    "result": "out" if reasons else "chosen" if self._was_chosen(trace, line_key, offer) else "dearer",
                    "unit_price": float(unit_price or 0.0),
                    "landed_alone": float(landed_alone or 0.0),
                    "why": reasons_line(reader.env, reasons),
                }
            )
        allocations = router.env["dropship.allocation"].search([("decision_id", "=", decision.id)])
        self.sudo().write(
            {
                "policy_id": decision.policy_id.id,
                "revenue": decision.revenue,
                "payment_fee": decision.payment_fee,
                "landed": decision.landed,
                "profit": decision.profit,
                "margin_percent": decision.profit / decision.revenue if decision.revenue else 0.0,
                "arrival": reader._arrival(decision.days_p50, decision.days_p95),
                "waits": reasons_text(
                    reader.env, [reason for _kind, reasons in trace.get("holds", []) for reason in reasons]
                ),
                "candidate_ids": [(0, 0, row) for row in rows],
                "line_ids": [(0, 0, reader._allocation_row(allocation)) for allocation in allocations],
            }
        )

    @api.model
    def _was_chosen(self, trace, line_key, offer):
        return any(
            piece[0] == line_key and piece[1] == offer
            for parcel in trace.get("plan") or []
            for piece in parcel["pieces"]
        )

    def _allocation_row(self, allocation):
        return {
            "line_id": allocation.line_id.id,
            "product_id": allocation.product_id.id,
            "source": allocation._source_name(),
            "qty": allocation.qty,
            "buy_qty": allocation.buy_qty,
            "arrival": self._arrival(allocation.days_p50, allocation.days_p95),
            **{part: allocation[part] for part in ("goods", "freight", "fees", "duty", "landed")},
        }
