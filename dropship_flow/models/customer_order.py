import math
from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_round

from .sale_order import READERS


class SaleOrder(models.Model):
    """What of an order nobody can deliver, and what the order costs without it."""

    _inherit = "sale.order"

    dropship_question_ids = fields.One2many(
        "dropship.customer.question", "order_id", string="Questions to the Customer", groups=READERS
    )
    dropship_can_ask = fields.Boolean(compute="_compute_dropship_can_ask", groups="base.group_user")

    @api.depends("dropship_hold_ids.state", "dropship_question_ids.state")
    def _compute_dropship_can_ask(self):
        for order in self:
            order_sudo = order.sudo()  # a salesman sees the button's state, not every hold
            order.dropship_can_ask = (
                order.state == "sale"
                and bool(order_sudo.dropship_hold_ids._no_source())
                and not order_sudo.dropship_question_ids.filtered(lambda question: question.state == "open")
            )

    def action_dropship_ask_customer(self):
        """Send the customer the link with the ways out."""
        self.env["dropship.customer.question"]._check_desk()
        self.check_access("read")
        # The desk may ask about every order it sees; the question is written for it.
        for order_sudo in self.sudo():
            order_sudo._dropship_ask_customer()
        return True

    def action_dropship_questions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_customer_question")
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        return action

    def _dropship_ask_customer(self):
        """Ask about everything nobody can deliver; lines that join an open question are asked with it.

        :return: the open question; an empty one when a source was found instead
        """
        self.ensure_one()
        policy = self._dropship_ask_policy()
        if not policy or policy.ask_customer == "never":
            raise UserError(
                self.env._(
                    'The policy "%(policy)s" never asks customers. Change it under Configuration ▸ Routing Policies.',
                    policy=policy.name or "?",
                )
            )
        if self.state != "sale":
            raise UserError(self.env._("Only confirmed orders are asked about; %s is not.", self.name))
        missing = self._dropship_missing()
        if not missing:
            self.order_line._dropship_source()
            if self.dropship_hold_ids._no_source():
                raise UserError(
                    self.env._(
                        "%s: no single line lacks a source, so there is nothing the customer could decide. "
                        "Loosen the policy or unpin a supplier.",
                        self.name,
                    )
                )
            return self.env["dropship.customer.question"]
        return self.env["dropship.customer.question"]._ask(self, missing, policy)

    def _dropship_ask_policy(self):
        """The routing policy that says whether and how the customer is asked."""
        self.ensure_one()
        channels = self.env["dropship.sales.channel"]._channel_of(self)
        return self.env["dropship.routing.policy"]._policy_for(self, channels)[self]

    # --- what is missing ---

    def _dropship_missing(self):
        """What nobody can deliver now: {sale.order.line: quantity in the line's unit}. Decides anew, saves nothing."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: line.state == "sale" and not line.display_type)
        ours = lines._dropship_ours()
        missing = {line: line.product_uom_qty for line in (lines - ours)._dropship_uncovered()}
        for line, demands in self._dropship_missing_demands(ours).items():
            qty = line._dropship_short(demands)
            if float_compare(qty, 0.0, precision_rounding=line.product_uom_id.rounding) > 0:
                missing[line] = qty
        return missing

    def _dropship_missing_demands(self, lines):
        """The demands of lines of ours without a source: {sale.order.line: [Demand]}."""
        outcome = self._dropship_outcome(lines)
        missing = defaultdict(list)
        for demand in outcome.demands if outcome else ():
            if demand.key in outcome.solution.missing:
                missing[demand.line].append(demand)
        return missing

    def _dropship_outcome(self, lines, replace=None):
        """Decide about the open demands of `lines` without saving anything.

        :param replace: turns the list of demands into the one that is decided about
        :return: an Outcome, or None where there is nothing to decide
        """
        router = self.env["dropship.router"].sudo().with_context(lang=None)
        demands = router._demands(lines)[0].get(self, []) if lines else []
        if replace:
            demands = replace(demands)
        if not demands or all(demand.core for demand in demands):
            return None
        return router._outcomes({self: demands})[0]

    # --- money ---

    def _dropship_goods(self):
        """The lines the customer buys, without delivery charges, deposits and deductions."""
        return self.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and not line._is_delivery()
                and line.product_uom_qty > 0
                and line.price_total >= 0
            )
        )

    def _dropship_deductions(self):
        """Discounts and coupons of the whole order; they are shared by the goods."""
        return self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment and line.price_total < 0
        )

    def _dropship_total_with(self, quantities, cheaper=None):
        """What the order would cost, by core's own tax engine, and the share of deductions that stays.

        :param dict quantities: {sale.order.line: new quantity}
        :param dict cheaper: {sale.order.line: what replaces its goods, tax included}
        :return: (total, factor of the deductions)
        """
        goods = self._dropship_goods()
        before = sum(line.price_total for line in goods)
        after = sum(
            line.price_total * quantities.get(line, line.product_uom_qty) / line.product_uom_qty for line in goods
        )
        replaced = sum((cheaper or {}).values())
        factor = (after + replaced) / before if before else 1.0
        changes = {line: {"quantity": qty} for line, qty in quantities.items()}
        changes |= {line: {"price_unit": line.price_unit * factor} for line in self._dropship_deductions()}
        tax = self.env["account.tax"]
        base_lines = [
            line._prepare_base_line_for_taxes_computation(**changes.get(line, {})) for line in self._get_priced_lines()
        ]
        base_lines += self._add_base_lines_for_early_payment_discount()
        tax._add_tax_details_in_base_lines(base_lines, self.company_id)
        tax._round_base_lines_tax_details(base_lines, self.company_id)
        totals = tax._get_tax_totals_summary(base_lines=base_lines, currency=self.currency_id, company=self.company_id)
        return self.currency_id.round(totals["total_amount_currency"] + replaced), factor

    def _dropship_paid(self):
        """What the customer paid: (all of it, what is only authorised, what went back already)."""
        self.ensure_one()
        transactions = self.transaction_ids.filtered(lambda tx: tx.operation not in ("refund", "validation"))
        done = sum(tx.amount for tx in transactions if tx.state == "done")
        authorised = sum(tx.amount for tx in transactions if tx.state == "authorized")
        invoices = self.invoice_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
        settled = sum(
            move.amount_total - move.amount_residual for move in invoices if move.currency_id == self.currency_id
        )
        rows = self.env["dropship.customer.refund"].search([("order_id", "=", self.id)])
        backed = transactions.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state not in ("cancel", "error")
        )
        by_people = backed - rows.refund_transaction_id
        returned = sum(rows.mapped("amount")) - sum(by_people.mapped("amount"))
        return max(done + authorised, settled), authorised, returned

    @contextmanager
    def _dropship_unlocked(self):
        """A lock keeps people from changing the sale; what the customer himself decided is changed all the same."""
        locked = self.filtered("locked")
        locked.locked = False
        yield
        locked.locked = True

    def _dropship_end_questions(self):
        """Questions whose reason is gone end by themselves, with good news."""
        if not self or self.env.context.get("dropship_answering"):
            return
        waiting = self.env["dropship.customer.question"].search(
            [("order_id", "in", self.ids), ("state", "in", ("open", "answered", "defaulted"))]
        )
        waiting = waiting.filtered(lambda question: question.state == "open" or question._is_waiting())
        waiting.filtered(lambda question: not question.order_id.dropship_hold_ids._no_source())._end("sourced")

    def _action_cancel(self):
        """Override: a cancelled order has no question any more."""
        self.sudo().dropship_question_ids._end("cancelled")
        return super()._action_cancel()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _dropship_short(self, demands):
        """How much of the line the unmet demands stand for, in the line's unit; kits are short by whole kits."""
        self.ensure_one()
        plain = sum(demand.qty for demand in demands if not demand.component)
        if plain:
            unit = self.product_id.uom_id
            return unit._compute_quantity(plain, self.product_uom_id, rounding_method="HALF-UP")
        parts = {
            (product, component): wanted
            for product, wanted, component in self.env["dropship.router"].sudo()._components(self)[self]
        }
        shares = [1 - demand.qty / parts[demand.product, demand.component] for demand in demands]
        return self.product_uom_qty - math.floor(round(self.product_uom_qty * min(shares, default=1.0), 6))

    def _dropship_route(self):
        """Override: when a source was found meanwhile, nobody needs to be asked any more."""
        result = super()._dropship_route()
        self.order_id.sudo()._dropship_end_questions()
        return result

    def _dropship_hold_uncovered(self):
        """Override: the same for goods core buys."""
        result = super()._dropship_hold_uncovered()
        self.order_id.sudo()._dropship_end_questions()
        return result


def kept(line, missing):
    """The quantity of a line that stays."""
    return max(float_round(line.product_uom_qty - missing, precision_rounding=line.product_uom_id.rounding), 0.0)
