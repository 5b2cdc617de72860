"""A sale below landed cost does not pass unseen, whatever made it so: pricelist, discount, reward or a moved cost."""

import logging
from collections import defaultdict
from decimal import Decimal

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError

from ..pricing.below_cost import Sold, below_cost
from .exact import decimal
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)
FLOW_REASONS.update(
    {
        "below_cost": _lt(
            "%(product)s is sold below what it costs: %(paid)s %(currency)s are paid, at least %(need)s are needed."
        ),
    }
)


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_below_cost = fields.Selection(
        [
            ("nothing", "Let them go"),
            ("flag", "Hold the order for a buyer"),
            ("block", "Refuse at checkout, hold what staff enters"),
        ],
        string="Sales Below Cost",
        default="nothing",
        required=True,
        groups="base.group_user",
        help="What customers really pay, after pricelist, discounts and rewards, against the landed cost of the plan.",
    )
    dropship_below_cost_percent = fields.Float(
        string="Margin Every Line Needs (%)", groups="base.group_user", help="Of the net price. 0: the bare cost."
    )

    _dropship_below_cost_range = models.Constraint(
        "CHECK (dropship_below_cost_percent >= 0 AND dropship_below_cost_percent < 100)",
        "The margin every line needs is between 0 and 100 %.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_below_cost = fields.Selection(related="company_id.dropship_below_cost", readonly=False, required=True)
    dropship_below_cost_percent = fields.Float(related="company_id.dropship_below_cost_percent", readonly=False)


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    @api.model
    def _hold_kinds(self):
        return [*super()._hold_kinds(), ("below_cost", self.env._("Sold below cost"))]


class DropshipRouter(models.AbstractModel):
    _inherit = "dropship.router"

    @api.model
    def _judge(self, outcome):
        """Override: lines that do not bring in what the plan costs wait for a buyer."""
        super()._judge(outcome)
        company = outcome.order.company_id
        if company.dropship_below_cost in (False, "nothing") or not outcome.plan or outcome.holds:
            return
        approved = self._approved_cost(outcome.order)
        if approved is not None and float(outcome.plan.landed) <= approved + float(outcome.problem.money_step):
            return
        reasons = self._below_cost(outcome)
        if reasons:
            outcome.holds.append(("below_cost", reasons))

    @api.model
    def _below_cost(self, outcome):
        """[[code, figures]] for each line of the plan that brings in less than it costs."""
        order = outcome.order
        company = order.company_id
        demands = {demand.key: demand for demand in outcome.demands}
        costs = defaultdict(Decimal)
        parts = defaultdict(Decimal)
        for parcel in outcome.plan.parcels:
            shares = self._shares(parcel, outcome.problem.money_step)
            for piece, share in zip(parcel.pieces, shares, strict=True):
                costs[demands[piece.line].line] += decimal(share["landed"])
        for demand in outcome.demands:
            parts[demand.line] += demand.revenue
        goods, discounts, shipping = [], Decimal(0), Decimal(0)
        for line in order.order_line.filtered(lambda line: not line.display_type):
            amount = self._line_revenue(line)
            if line.is_delivery:
                shipping += amount
            elif amount < 0:
                discounts += amount
            else:  # what is bought now may be a part of the line
                share = parts[line] / amount if line in costs and amount else Decimal(1)
                goods.append(Sold(line, amount, costs[line] / share if line in costs and share else Decimal(0)))
        floor = decimal(company.dropship_below_cost_percent)
        found = below_cost(goods, discounts, shipping, floor, outcome.problem.money_step)
        return [
            [
                "below_cost",
                {
                    "product": line.product_id.display_name, "product_id": line.product_id.id, "paid": f"{paid:.2f}",
                    "need": f"{need:.2f}", "currency": company.currency_id.name,
                },
            ]
            for line, paid, need in found
        ]  # fmt: skip


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_is_below_cost(self):
        """Whether the best plan for the order costs more than some line brings in. Unknown is no reason to refuse."""
        self.ensure_one()
        router = self.env["dropship.router"]
        try:
            with self.env.cr.savepoint():
                outcome = router._simulate(self).get(self)
                return bool(outcome and outcome.plan and router.sudo()._below_cost(outcome))
        except (psycopg2.OperationalError, ConcurrencyError):
            raise
        except Exception:  # the order is held at routing instead
            _logger.exception("The cost of sale order %s is not known", self.id)
            return False

    def _check_cart_is_ready_to_be_paid(self):
        """Override: where the company wants it, nothing is paid that is sold below its cost."""
        self.ensure_one()
        # A customer reads no settings of the company; he is told nothing of costs either.
        if self.sudo().company_id.dropship_below_cost == "block" and self._dropship_is_below_cost():
            raise ValidationError(
                self.env._("A price in your cart has changed. Please contact us, we will send you an offer.")
            )
        return super()._check_cart_is_ready_to_be_paid()
