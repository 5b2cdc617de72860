from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...verdict import Past, Row
from ..case.words import LIABLE


class DropshipReturnPolicy(models.Model):
    """What a customer may get, for which goods and reasons. The first row that fits decides; empty fits anything."""

    _name = "dropship.return.policy"
    _description = "Return Policy"
    _inherit = ["dropship.return.row.mixin", "dropship.money.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: any company.")
    outcome_ids = fields.One2many("dropship.return.policy.outcome", "policy_id", string="What May Be Had", copy=True)

    category_ids = fields.Many2many(
        "product.category", "dropship_return_policy_category_rel", string="Product Categories",
        help="With all categories below them.",
    )  # fmt: skip
    tag_ids = fields.Many2many("product.tag", "dropship_return_policy_tag_rel", string="Product Tags")
    kind_ids = fields.Many2many(
        "dropship.goods.kind", "dropship_return_policy_kind_rel", string="Kinds of Goods", check_company=True
    )
    reason_ids = fields.Many2many(
        "dropship.return.reason", "dropship_return_policy_reason_rel", string="Reasons", check_company=True,
        help="With all reasons below them.",
    )  # fmt: skip
    liable = fields.Selection(LIABLE, string="Who Caused It")
    country_ids = fields.Many2many("res.country", "dropship_return_policy_country_rel", string="Destinations")
    country_group_ids = fields.Many2many(
        "res.country.group", "dropship_return_policy_group_rel", string="Country Groups"
    )
    channel_ids = fields.Many2many(
        "dropship.sales.channel", "dropship_return_policy_channel_rel", string="Sales Channels", check_company=True
    )
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    price_from = fields.Monetary(help="Of one piece, taxes included. 0: any price.")
    price_below = fields.Monetary(help="Of one piece, taxes included. 0: any price.")
    # The customer so far; 0: any.
    orders_below = fields.Integer(string="Fewer Orders Than")
    returns_from = fields.Integer()
    free_refunds_from = fields.Integer(help="Refunds for which nothing had to be sent back.")
    rate_from = fields.Float(string="Return Rate From (%)", help="Share of the delivered pieces that came back.")
    blocked = fields.Boolean(string="On the Blocklist")

    _figures = models.Constraint(
        "CHECK (LEAST(price_from, price_below, orders_below, returns_from, free_refunds_from, rate_from) >= 0)",
        "Prices and counts cannot be negative.",
    )
    _prices = models.Constraint(
        "CHECK (COALESCE(price_below, 0) = 0 OR price_below > COALESCE(price_from, 0))",
        "No price is in this band: the upper limit has to be above the lower one.",
    )

    @api.constrains("outcome_ids")
    def _check_row(self):
        for policy in self:
            if not policy.outcome_ids:
                raise ValidationError(
                    self.env._('Row "%s" says nothing: add what may be had, or "Nothing" as its outcome.', policy.name)
                )
            kinds = policy.outcome_ids.mapped("kind")
            twice = [outcome for outcome in policy.outcome_ids if kinds.count(outcome.kind) > 1]
            if twice:
                raise ValidationError(
                    self.env._(
                        'Row "%(row)s" says two things about "%(outcome)s": keep one.',
                        row=policy.name,
                        outcome=twice[0]._kind_word(),
                    )
                )
            policy._try_rules(rows=[policy._as_row(policy.company_id or self.env.company)])

    def _past(self):
        """The condition on the customer's history; None: any customer."""
        self.ensure_one()
        past = Past(
            self.orders_below or None,
            self.returns_from or None,
            self.free_refunds_from or None,
            Decimal(str(self.rate_from)) if self.rate_from else None,
            True if self.blocked else None,
        )
        return past if any(value is not None for value in past) else None

    def _as_row(self, company):
        """As `verdict.Row`, amounts in the company's currency. An archived reason still counts for old cases."""
        self.ensure_one()

        def money(amount):
            if not amount:
                return None
            return Decimal(str(self.currency_id._convert(amount, company.currency_id, company, fields.Date.today())))

        return Row(
            key=self.id,
            sequence=self.sequence,
            categories=frozenset(self.category_ids.ids),
            tags=frozenset(self.tag_ids.ids),
            kinds=frozenset(self.kind_ids.mapped("code")),
            reasons=frozenset(self.reason_ids.mapped("code")),
            liable=frozenset({self.liable} if self.liable else ()),
            countries=frozenset((self.country_ids | self.country_group_ids.country_ids).mapped("code")),
            channels=frozenset(self.channel_ids.ids),
            price_from=money(self.price_from),
            price_below=money(self.price_below),
            past=self._past(),
            outcomes=tuple(outcome._as_outcome(money) for outcome in self.outcome_ids),
        )
