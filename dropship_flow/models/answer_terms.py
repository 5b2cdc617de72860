from odoo import api, fields, models

from ..answers import Limits, Problem, judge_price
from .exact import trimmed

ALREADY_TRIED = ("short", "price", "date")


class _NotBetterError(Exception):
    """Nobody else does better: what was tried is undone."""


class DropshipRoutingPolicy(models.Model):
    _inherit = "dropship.routing.policy"

    price_rise_percent = fields.Float(
        string="Take Price Rises up to (%)",
        default=10.0,
        tracking=True,
        help="A supplier's higher price is taken by itself up to here, while the order keeps the profit guarded above. "
        "Beyond it the next source is tried, then a person is asked. 0: never taken by itself.",
    )
    late_answer = fields.Selection(
        [("elsewhere", "Buy elsewhere where the promise is kept"), ("wait", "Wait for the supplier")],
        string="When a Supplier Ships Later",
        default="elsewhere",
        required=True,
    )

    _price_rise_positive = models.Constraint(
        "CHECK (price_rise_percent >= 0)", "The price rise to take cannot be negative."
    )


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _refused_offers(self, order):
        """Override: offers that had not enough, became too dear or too late for this order are not asked again."""
        failed = order.dropship_allocation_ids.filtered(
            lambda row: row.state == "released" and row.release_reason in ALREADY_TRIED
        )
        return super()._refused_offers(order) | set(failed.offer_id.ids)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_profit_now(self):
        """What the order earns as it is bought now, company currency: the router's sum without a plan."""
        self.ensure_one()
        channel = self.env["dropship.sales.channel"]._channel_of(self)[self]
        base = trimmed(self.amount_total) / trimmed(self.currency_rate or 1.0)
        percent, fixed = channel._fee_terms(self)
        return self.env["dropship.router"]._other_margin(self, []) - base * percent / 100 - fixed

    def _dropship_profit_floor(self, policy):
        """The profit a policy guards for this order; None when it guards none."""
        self.ensure_one()
        revenue = trimmed(self.amount_untaxed) / trimmed(self.currency_rate or 1.0)
        floors = []
        if policy.use_margin_floor:
            floors.append(trimmed(policy.margin_floor))
        if policy.margin_floor_percent:
            floors.append(revenue * trimmed(policy.margin_floor_percent) / 100)
        return max(floors, default=None)


class PurchaseOrder(models.Model):
    """Changed prices and days: taken by rule, else the next source, else a person."""

    _inherit = "purchase.order"

    def _dropship_price_problems(self, said):
        """Prices that cannot be meant."""
        problems = []
        for line in self.order_line:
            told = said.get(str(line.id))
            rows = line.dropship_allocation_ids
            if not told or told.price is None:
                continue
            agreed = trimmed(rows[:1].purchase_price * (rows.offer_id[:1].factor or 1.0))
            limits = Limits(trimmed(0), trimmed(0))
            if judge_price(agreed, told.price, 1, trimmed(self.currency_id.rounding), limits) == "absurd":
                figures = {"sku": rows.offer_id[:1].sku or "", "told": f"{told.price:f}", "agreed": f"{agreed:f}"}
                problems.append(Problem("ack_price", {**figures, "currency": self.currency_id.name}))
        return problems

    def _dropship_take_price(self, line, acts, message):
        """Judge the price of a line.

        :return: (word, {row: drift}); word: 'same', 'changed' (it is on the purchase now), 'open' (not accepted)
        """
        rows = self.dropship_allocation_ids.browse([act.row.id for act in acts])
        told = acts[0].said.price
        for act in acts:
            act.vals = {"asked_price": act.row.purchase_price}
        if told is None:
            return "same", {}
        factor = trimmed(rows.offer_id[:1].factor or 1.0)
        price = float(told / factor)
        word = self._dropship_judge_price(rows, told, factor)
        if word == "same":
            return "same", {}
        if word in ("higher", "dear") and "dropship.supplier.fact" in self.env:
            self.env["dropship.supplier.fact"]._note(rows, "price_raised")
        if word != "dear":
            return "changed", self._dropship_apply_price(line, price)
        if self._dropship_asked_already(rows, price):
            rows.ack_state = "asked"
            self._dropship_ask_price(rows[:1], price)
            return "open", {}
        verdict = {"price": price, "reason_code": "price"}
        extra = rows._landed_at(price)
        records = {row: row._landed_at(price) - row.landed for row in rows}
        decision = "elsewhere" if self._dropship_cheaper_elsewhere(rows, extra) else "asked"
        for row, more in records.items():
            vals = {**verdict, "drift": more, "decision": decision}
            self.env["dropship.acknowledgement"]._record(row, "changed", message, **vals)
        if decision == "asked":
            rows.ack_state = "asked"
            self._dropship_ask_price(rows[:1], price)
        return "open", {}

    def _dropship_judge_price(self, rows, told, factor):
        """See answers.judge_price; the limits are those of the policy that bought the rows."""
        row, order = rows[0], rows.order_id[:1]
        policy = (
            row.decision_id.policy_id
            or self.env["dropship.routing.policy"]._policy_for(
                order, self.env["dropship.sales.channel"]._channel_of(order)
            )[order]
        )
        price = float(told / factor)
        ceiling = row.product_id.product_tmpl_id.dropship_max_buy_price
        change = told / factor / trimmed(row.purchase_price) if row.purchase_price else 1
        limits = Limits(
            trimmed(policy.price_rise_percent if policy else 0.0),
            order._dropship_profit_now(),
            order._dropship_profit_floor(policy),
            trimmed(ceiling) if ceiling else None,
        )
        return judge_price(
            trimmed(row.purchase_price) * factor,
            told,
            sum(trimmed(row.buy_qty) for row in rows) / factor,
            trimmed(self.currency_id.rounding),
            limits,
            extra=trimmed(rows._landed_at(price) - sum(rows.mapped("landed"))),
            unit=trimmed(row.unit_price) * trimmed(change),
        )

    def _dropship_apply_price(self, line, price):
        """The purchase line and its rows cost this much per unit of the product. The sale's price stays.

        :return: {row: drift}
        """
        rows = line.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        drifts = rows._take_price(price)
        per_unit = line.product_id.uom_id._compute_price(price, line.product_uom_id)
        line.with_context(dropship_internal=True, skip_uom_conversion=True).write(
            {"price_unit": line._dropship_price_with_taxes(per_unit, line.tax_ids), "discount": 0.0}
        )
        return drifts

    def _dropship_asked_already(self, rows, price):
        """Whether a person is asked about this very price."""
        last = rows.ack_ids.filtered(lambda ack: ack.decision == "asked").sorted("id")[-1:]
        return bool(last) and all(row.ack_state == "asked" for row in rows) and abs(last.price - price) < 1e-6

    def _dropship_ask_price(self, row, price):
        factor = row.offer_id.factor or 1.0
        params = {
            "supplier": row.supplier_id.name,
            "purchase": self.name,
            "product": row.product_id.display_name,
            "told": self.currency_id.format(price * factor),
            "agreed": self.currency_id.format(row.purchase_price * factor),
        }
        self.env["dropship.exception"]._raise(row, "price_raised", [["price_raised", params]])

    # --- elsewhere ---

    def _dropship_cheaper_elsewhere(self, rows, landed):
        """Buy the rows at the next best source if that costs less than the raised price."""
        if rows.filtered(lambda row: row.state == "shipped" or row.qty_shipped):
            return False
        note = self.env._("The supplier raised the price")
        return self._dropship_try_elsewhere(rows, "price", note, lambda new: sum(new.mapped("landed")) < landed)

    def _dropship_elsewhere_in_time(self, row, limit):
        """Buy a late row at the next best source if that keeps the promise and the policy wants it."""
        if row.decision_id.policy_id.late_answer == "wait" or not limit or row.qty_shipped:
            return False
        note = self.env._("The supplier ships too late")
        return self._dropship_try_elsewhere(
            row, "date", note, lambda new: all(other.promised_date and other.promised_date <= limit for other in new)
        )

    def _dropship_try_elsewhere(self, rows, reason, note, better):
        """Release the rows and route them again by every rule and guard; undone unless all of it is bought and better.

        :param better: function of the new rows
        """
        lines = rows.line_id
        before = lines.dropship_allocation_ids
        try:
            with self.env.cr.savepoint():
                self._dropship_let_go(rows, reason, note)
                lines._dropship_source()
                new = (lines.dropship_allocation_ids - before).filtered(lambda row: row._is_open())
                if not self._dropship_covers(new, rows) or not better(new):
                    raise _NotBetterError
        except _NotBetterError:
            return False
        return True

    def _dropship_covers(self, new, rows):
        for key, old in rows.grouped(lambda row: (row.line_id, row.product_id, row.component)).items():
            found = new.filtered(lambda row, key=key: (row.line_id, row.product_id, row.component) == key)
            if trimmed(sum(found.mapped("qty"))) < trimmed(sum(old.mapped("qty"))):
                return False
        return True

    def _dropship_let_go(self, rows, reason, note):
        """We do not take these from him: the purchase is lowered or ends, and he is told."""
        rows._release(reason, note)
        lines = rows.purchase_line_id
        lines._dropship_fit()
        if not self.dropship_allocation_ids.filtered(lambda row: row._is_open() or row.qty_shipped):
            self._dropship_cancel_quietly()
        elif self.dropship_warehouse_id.supplier_id.connection_id:
            told = [self.env["dropship.connector"]._line_payload(line) for line in lines]
            content = {"lines": [{name: line[name] for name in ("line", "sku", "qty")} for line in told]}
            subject = ",".join(f"{line['line']}:{line['qty']:g}" for line in told)
            self.env["dropship.exchange"]._enqueue(self, "change", subject, content)
        self._dropship_confirm_answered()
