from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

OBJECTIVES = [
    ("landed", "Lowest landed cost"),
    ("expected", "Lowest expected cost (with delays and returns)"),
    ("fastest", "Fastest"),
    ("weighted", "Cost and days weighted"),
    ("waterfall", "Criteria one after the other"),
]
CRITERIA = [
    ("parcels", "Number of parcels"),
    ("landed", "Landed cost"),
    ("expected", "Expected cost"),
    ("days", "Days until arrival"),
    ("score", "Supplier score"),
    ("preference", "Cost times preference"),
]


class PolicyRow(NamedTuple):
    """The conditions of a policy as ids; an empty list matches all."""

    id: int
    company_id: int | None
    min_value: float
    max_value: float
    channels: list
    tags: list
    categories: list
    countries: list

    def matches(self, order, channel):
        """Whether the policy applies to an order."""
        return (
            self.company_id in (None, order.company_id.id)
            and (not self.channels or channel.id in self.channels)
            and (not self.countries or order.partner_shipping_id.country_id.id in self.countries)
            and (not self.tags or self._has_tag(order))
            and (not self.categories or self._has_category(order))
            and self._has_value(order)
        )

    def _has_tag(self, order):
        tags = order.partner_id.category_id | order.partner_id.commercial_partner_id.category_id
        return not set(self.tags).isdisjoint(tags.ids)

    def _has_category(self, order):
        wanted = {str(category_id) for category_id in self.categories}
        categories = order.order_line.product_id.categ_id
        return any(wanted & set((category.parent_path or "").split("/")) for category in categories)

    def _has_value(self, order):
        value = order.amount_untaxed / (order.currency_rate or 1.0)
        return value >= self.min_value and (not self.max_value or value <= self.max_value)


class DropshipRoutingPolicy(models.Model):
    """How suppliers are chosen, and how far the suite may go alone. First matching row wins; empty matches all."""

    _name = "dropship.routing.policy"
    _description = "Routing Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    version = fields.Integer(default=1, readonly=True, copy=False, help="Raised on every change; decisions keep it.")
    company_id = fields.Many2one("res.company", index=True, help="Empty: any company.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    # Matching
    channel_ids = fields.Many2many("dropship.sales.channel", string="Sales Channels", check_company=True)
    country_ids = fields.Many2many("res.country", "dropship_policy_country_rel", string="Destinations")
    country_group_ids = fields.Many2many("res.country.group", string="Destination Groups")
    partner_tag_ids = fields.Many2many("res.partner.category", string="Customer Tags")
    categ_ids = fields.Many2many(
        "product.category", string="Product Categories", help="One line of the order in one of them is enough."
    )
    min_value = fields.Monetary(string="Order Value From")
    max_value = fields.Monetary(string="Order Value Up To", help="0: no limit.")

    # Autonomy
    automation = fields.Selection(
        [
            ("ask", "Ask me before buying"),
            ("draft", "Make purchases, I send them"),
            ("buy", "Buy without asking"),
        ],
        string="Buying",
        default="ask",
        required=True,
        tracking=True,
    )
    auto_limit = fields.Monetary(
        string="Ask Above Cost Of", tracking=True, help="Orders that cost more wait for a person. 0: no limit."
    )
    auto_margin_percent = fields.Float(
        string="Ask Below Margin Of (%)", tracking=True, help="Orders that earn less wait for a person. 0: no limit."
    )
    send_delay = fields.Integer(
        string="Send After (minutes)", help="Time for second thoughts: purchases stay drafts that long."
    )
    on_missing = fields.Selection(
        [("hold", "Hold the whole order"), ("buy_rest", "Buy what can be bought")],
        string="When a Line Has No Source",
        default="hold",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=[("share", "=", False)],
        help="Gets the activities when an order waits for a person. Empty: the salesperson of the order.",
    )

    # Choice
    objective = fields.Selection(OBJECTIVES, default="landed", required=True, tracking=True)
    weight_day = fields.Monetary(
        string="One Day Is Worth", help="For the weighted objective, per day of the slowest parcel."
    )
    criterion_ids = fields.One2many("dropship.routing.criterion", "policy_id", string="Criteria", copy=True)
    max_suppliers = fields.Integer(string="Parcels per Order at Most", help="0: no limit.")
    single_shipment = fields.Selection(
        [("no", "No"), ("preferred", "Preferred"), ("required", "Required")], default="no", required=True
    )
    split_lines = fields.Boolean(help="One order line may be bought at several suppliers.")
    allow_overbuy = fields.Boolean(
        string="Buy Whole Packs", help="Buy a supplier's minimum or pack although the customer ordered less."
    )
    own_stock = fields.Boolean(string="Use Own Stock", help="Goods in the warehouses below compete at their cost.")
    own_warehouse_ids = fields.Many2many("stock.warehouse", string="Own Warehouses", check_company=True)

    # Guards
    use_margin_floor = fields.Boolean(string="Guard the Profit")
    margin_floor = fields.Monetary(string="Profit per Order at Least", tracking=True)
    margin_floor_percent = fields.Float(
        string="Profit at Least (%)", tracking=True, help="Of the net revenue. 0: no such guard."
    )
    late_penalty = fields.Monetary(string="Cost of a Late Parcel", help="For the expected cost. 0: the channel's.")
    promise_days = fields.Integer(string="Promised Delivery (days)", help="0: the channel's promise.")
    promise_quantile = fields.Selection(
        [("50", "One of two parcels"), ("80", "Four of five parcels"), ("95", "Nineteen of twenty parcels")],
        string="Promise Kept By",
        default="80",
        required=True,
    )

    _value_range = models.Constraint(
        "CHECK (min_value >= 0 AND max_value >= 0 AND (max_value = 0 OR max_value >= min_value))",
        "The order value's upper limit is below the lower one.",
    )
    _numbers_positive = models.Constraint(
        "CHECK (max_suppliers >= 0 AND send_delay >= 0 AND promise_days >= 0 AND weight_day >= 0 AND auto_limit >= 0)",
        "Limits, delays and days cannot be negative.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.constrains("objective", "criterion_ids")
    def _check_criteria(self):
        for policy in self:
            if policy.objective == "waterfall" and not policy.criterion_ids:
                raise ValidationError(
                    self.env._('Policy "%s" goes by criteria one after the other: add at least one.', policy.name)
                )

    @api.constrains("single_shipment", "split_lines", "max_suppliers")
    def _check_contradiction(self):
        for policy in self:
            if policy.single_shipment == "required" and policy.split_lines:
                raise ValidationError(
                    self.env._(
                        'Policy "%s" wants one shipment and lines split over suppliers: choose one of the two.',
                        policy.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"sequence", "version", "message_follower_ids"}:
            for policy in self:
                super(DropshipRoutingPolicy, policy).write({"version": policy.version + 1})
        return result

    @api.model
    def _policy_for(self, orders, channels):
        """The policy of each order.

        :param dict channels: {sale.order: dropship.sales.channel}
        :return: {sale.order: dropship.routing.policy}; an empty record where no row matches
        """
        rows = self._policy_rows(orders.company_id)
        policies = self.sudo().browse([row.id for row in rows])
        result = {}
        for order in orders:
            chosen = order.sudo().dropship_policy_id  # a person's word on this order
            found = chosen.id or next((row.id for row in rows if row.matches(order, channels[order])), False)
            result[order] = policies.browse(found).with_prefetch(policies.ids)
        return result

    @api.model
    def _policy_rows(self, companies):
        """The conditions of all policies of these companies in their order, read at once: [PolicyRow]."""
        self.flush_model()

        def targets(name):
            field = self._fields[name]
            table, mine, other = (SQL.identifier(part) for part in (field.relation, field.column1, field.column2))
            return SQL("(SELECT %s FROM %s WHERE %s = policy.id)", other, table, mine)

        rows = self.env.execute_query(
            SQL(
                """
                SELECT policy.id, policy.company_id, COALESCE(policy.min_value, 0), COALESCE(policy.max_value, 0),
                       ARRAY%(channels)s, ARRAY%(tags)s, ARRAY%(categories)s,
                       ARRAY(%(countries)s
                             UNION
                             SELECT res_country_id FROM res_country_res_country_group_rel
                              WHERE res_country_group_id IN %(groups)s)
                  FROM dropship_routing_policy policy
                 WHERE policy.active AND (policy.company_id IS NULL OR policy.company_id = ANY(%(companies)s))
                 ORDER BY policy.sequence, policy.id
                """,
                channels=targets("channel_ids"),
                tags=targets("partner_tag_ids"),
                categories=targets("categ_ids"),
                countries=targets("country_ids"),
                groups=targets("country_group_ids"),
                companies=companies.ids,
            )
        )
        return [PolicyRow(*row) for row in rows]


class DropshipRoutingCriterion(models.Model):
    _name = "dropship.routing.criterion"
    _description = "Routing Criterion"
    _order = "sequence, id"

    policy_id = fields.Many2one("dropship.routing.policy", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    criterion = fields.Selection(CRITERIA, required=True)
    tolerance = fields.Float(
        string="Tolerance (%)", help="Plans this much worse than the best one stay in the race for the next criterion."
    )

    _tolerance_positive = models.Constraint("CHECK (tolerance >= 0)", "The tolerance cannot be negative.")
