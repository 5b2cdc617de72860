from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...allocating import Rule, check
from .text import cost_reason

KINDS = [
    ("fixed", "Once"),
    ("daily", "Every Day"),
    ("weekly", "Every Week"),
    ("monthly", "Every Month"),
    ("yearly", "Every Year"),
    ("per_order", "Per Order"),
    ("per_parcel", "Per Parcel"),
    ("per_unit", "Per Unit"),
    ("percent_revenue", "Percent of Revenue"),
    ("percent_cost", "Percent of Purchases"),
    ("percent_ads", "Percent of Ad Spend"),
]
BY = [
    ("days", "Nobody: a Cost of All"),
    ("revenue", "By Revenue"),
    ("orders", "By Orders"),
    ("parcels", "By Parcels"),
    ("units", "By Units"),
]
PERIODIC = ("fixed", "daily", "weekly", "monthly", "yearly")
PERCENT = ("percent_revenue", "percent_cost", "percent_ads")


class DropshipCostRule(models.Model):
    """A cost that no document of an order shows: what it comes to, and who bears it."""

    _name = "dropship.cost.rule"
    _description = "Rule of a Cost"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    kind = fields.Selection(KINDS, string="Charged", required=True, default="monthly", tracking=True)
    amount = fields.Float(required=True, digits=(16, 4), tracking=True, help="In the currency, or percent.")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id, ondelete="restrict", tracking=True
    )
    is_periodic = fields.Boolean(compute="_compute_is_what")
    is_percent = fields.Boolean(compute="_compute_is_what")
    first = fields.Date(string="From", tracking=True, help="Empty: it was always so.")
    last = fields.Date(string="Until", tracking=True, help="Included. Empty: until it is ended.")
    by = fields.Selection(
        BY, string="Borne", required=True, default="days", tracking=True,
        help="What a month owes is divided among the month's sales. Without sales it is shown as borne by nobody.",
    )  # fmt: skip
    kind_id = fields.Many2one(
        "dropship.profit.kind", string="Counts As", required=True, ondelete="restrict", tracking=True,
        domain="[('sign', '=', 'minus')]", default=lambda self: self._default_kind(),
    )  # fmt: skip
    channel_ids = fields.Many2many("dropship.sales.channel", string="Sales Channels")
    country_ids = fields.Many2many("res.country", string="Ship To")
    category_ids = fields.Many2many("product.category", string="Product Categories")
    supplier_ids = fields.Many2many("dropship.supplier", string="Suppliers")
    account_ids = fields.Many2many(
        "account.account", "dropship_cost_rule_account_rel", "rule_id", "account_id", string="Booked On",
        domain="[('company_ids', 'in', company_id),"
        " ('account_type', 'in', ('expense', 'expense_other', 'expense_depreciation', 'expense_direct_cost'))]",
        help="Bills on these accounts are this cost: what they bring is not expected any more. Empty: no bill comes.",
    )  # fmt: skip
    analytic_ids = fields.Many2many(
        "account.analytic.account", "dropship_cost_rule_analytic_rel", "rule_id", "analytic_id",
        string="Analytic Accounts", check_company=True,
        help="What bills distribute to these analytic accounts is this cost, whatever ledger account it is booked on.",
    )  # fmt: skip
    is_booked = fields.Boolean(compute="_compute_is_booked", compute_sudo=True)  # not everybody sees analytic accounts
    partner_id = fields.Many2one(
        "res.partner", string="Billed By", ondelete="restrict", check_company=True,
        help="Only bills of this vendor. Empty: every bill on the accounts that is no other rule's.",
    )  # fmt: skip
    month_ids = fields.One2many("dropship.cost.month", "rule_id", readonly=True)
    nowhere = fields.Monetary(
        string="Borne by Nobody", compute="_compute_nowhere", currency_field="company_currency_id",
        help="Of open months: there was nothing sold it could be divided by.",
    )  # fmt: skip
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Company")

    _changed = models.Index("(company_id, write_date)")

    @api.model
    def _default_kind(self):
        return self.env.ref("dropship_flow_reports.profit_kind_overhead", raise_if_not_found=False)

    @api.depends("kind")
    def _compute_is_what(self):
        for rule in self:
            rule.is_periodic, rule.is_percent = rule.kind in PERIODIC, rule.kind in PERCENT

    @api.depends("account_ids", "analytic_ids")
    def _compute_is_booked(self):
        for rule in self:
            rule.is_booked = bool(rule.account_ids or rule.analytic_ids)

    @api.depends("month_ids.nowhere")
    def _compute_nowhere(self):
        rows = self.env["dropship.cost.month"]._read_group(
            [("rule_id", "in", self.ids), ("closed", "=", False)], ["rule_id"], ["nowhere:sum"]
        )
        amounts = {rule.id: amount for rule, amount in rows}
        for rule in self:
            rule.nowhere = amounts.get(rule.id, 0.0)

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind not in PERIODIC:
            self.by = "days"
        if self.kind == "percent_ads":
            self.channel_ids = self.country_ids = self.category_ids = self.supplier_ids = False

    @api.constrains(
        "kind", "amount", "currency_id", "first", "last", "by", "company_id", "channel_ids", "country_ids",
        "category_ids", "supplier_ids",
    )  # fmt: skip
    def _check_rule(self):
        for company, rules in self.grouped("company_id").items():
            currencies = self.env["res.currency"]._dropship_currencies(company)
            for rule in rules:
                for code, figures in check(rule._plain(), currencies):
                    raise ValidationError(cost_reason(self.env, code, figures))
                problem = (
                    rule.kind not in PERCENT and rule.currency_id and currencies.problem(
                        rule.currency_id.name, rule.last or fields.Date.context_today(rule)
                    )
                )  # fmt: skip
                if problem:
                    raise ValidationError(cost_reason(self.env, *problem))

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        if self.env["dropship.cost.month"].sudo().search_count([("rule_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("This rule has brought costs: end or archive it instead."))

    def _plain(self):
        """The rule as the engine reads it."""
        self.ensure_one()
        percent, periodic = self.kind in PERCENT, self.kind in PERIODIC
        return Rule(
            self.id, self.kind, Decimal(repr(self.amount)), "" if percent else self.currency_id.name or "",
            self.first or None, self.last or None, self.by if periodic else "days",
            frozenset(self.channel_ids.ids), frozenset(self.country_ids.ids), frozenset(self.category_ids.ids),
            frozenset(self.supplier_ids.ids),
        )  # fmt: skip

    def action_open_shares(self):
        """Where its costs went."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Costs of %s", self.name),
            "res_model": "dropship.cost.share", "view_mode": "list,pivot,graph", "domain": [("rule_id", "=", self.id)],
        }  # fmt: skip

    def action_renew(self):
        """Bring costs and profit up to date."""
        self.ensure_one()
        return self.env["dropship.cost.share"].with_company(self.company_id).action_renew()
