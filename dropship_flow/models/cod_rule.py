from odoo import api, fields, models
from odoo.addons.payment import utils as payment_utils
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..collecting import Case, Rule, decide
from .exact import decimal
from .reason_text import FLOW_REASONS, _lt
from .zip_range import clean_zip

FLOW_REASONS.update(
    {
        "cod_not_there": _lt("Cash on delivery is not offered for this order (rule %(rule)s)."),
        "cod_too_much": _lt("Cash on delivery is offered up to %(most)s; this order is %(total)s."),
    }
)


class DropshipCodRule(models.Model):
    """Where customers may pay at the door. An empty field matches anything, the first row that fits counts.

    On top of it core's delivery method has to allow it, and whoever is on the blocklist with *prepay* never may.
    """

    _name = "dropship.cod.rule"
    _description = "Cash on Delivery Rule"
    _inherit = ["dropship.zip.range.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, help="Empty: every company."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    allowed = fields.Boolean(string="Offered", default=True)
    country_ids = fields.Many2many("res.country", "dropship_cod_rule_country_rel", string="Countries")
    state_ids = fields.Many2many("res.country.state", "dropship_cod_rule_state_rel", string="Provinces")
    tag_ids = fields.Many2many(
        "product.tag", "dropship_cod_rule_tag_rel", string="Product Tags", help="One of them on one of the goods."
    )
    customer_tag_ids = fields.Many2many(
        "res.partner.category", "dropship_cod_rule_customer_rel", string="Customer Tags", help="One of them."
    )
    most = fields.Monetary(string="Up To", help="Orders above it are not paid at the door. 0: any.")

    _most_positive = models.Constraint("CHECK (most >= 0)", "The highest amount cannot be negative.")

    @api.depends("company_id")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    def _plain(self):
        """The rows as `collecting.Rule`."""
        return [
            Rule(
                rule, rule.allowed, frozenset(rule.country_ids.ids), frozenset(rule.state_ids.ids),
                rule.zip_from or "", rule.zip_to or "", frozenset(rule.tag_ids.ids),
                frozenset(rule.customer_tag_ids.ids), decimal(rule.most),
            )
            for rule in self
        ]  # fmt: skip

    @api.model
    def _refusal(self, order):
        """Why an order may not be paid at the door, as [code, params]; None when it may."""
        company = order.company_id
        rules_sudo = self.sudo().search(Domain("company_id", "in", [False, company.id]))  # visitors ask as well
        total = decimal(order.currency_id._convert(
            order.amount_total, company.currency_id, company, order.date_order or fields.Date.today()
        ))  # fmt: skip
        address, goods = order.partner_shipping_id, order.order_line.product_id
        case = Case(
            country=address.country_id.id or 0,
            state=address.state_id.id or 0,
            zip=clean_zip(address.zip),
            tags=frozenset(goods.all_product_tag_ids.ids),
            customer_tags=frozenset(order.partner_id.commercial_partner_id.category_id.ids),
            total=total,
        )
        rule, code = decide(rules_sudo._plain(), case)
        if not code:
            return None
        figures = {"rule": rule.key.name}
        if code == "too_much":
            money = company.currency_id
            figures = {"most": money.format(rule.key.most), "total": money.format(float(total))}
        return [f"cod_{code}", figures]


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    @api.model
    def _get_compatible_providers(self, *args, sale_order_id=None, report=None, **kwargs):
        """Override: cash on delivery only where the shop's rules offer it."""
        providers = super()._get_compatible_providers(*args, sale_order_id=sale_order_id, report=report, **kwargs)
        order = self.env["sale.order"].browse(sale_order_id or []).exists()
        at_the_door = providers.filtered(lambda provider: provider.custom_mode == "cash_on_delivery")
        if not order or not at_the_door or not self.env["dropship.cod.rule"]._refusal(order.sudo()):
            return providers
        payment_utils.add_to_report(
            report, at_the_door, available=False, reason=self.env._("not offered by the rules of cash on delivery")
        )
        return providers - at_the_door


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a page kept open, or a request made by hand, does not get round the rules."""
        transactions = super().create(vals_list)
        for transaction in transactions.filtered(lambda row: row.provider_id.custom_mode == "cash_on_delivery"):
            for order_sudo in transaction.sudo().sale_order_ids:
                if self.env["dropship.cod.rule"]._refusal(order_sudo):
                    raise UserError(self.env._("This order cannot be paid on delivery. Choose another way to pay."))
        return transactions
