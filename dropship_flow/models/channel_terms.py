from odoo import api, fields, models
from odoo.exceptions import ValidationError

PLATFORMS = [
    ("taobao", "Taobao / Tmall"),
    ("pdd", "Pinduoduo"),
    ("douyin", "Douyin Shop"),
    ("jd", "JD.com"),
    ("shopify", "Shopify"),
    ("woocommerce", "WooCommerce"),
    ("amazon", "Amazon"),
    ("ebay", "eBay"),
    ("tiktok", "TikTok Shop"),
    ("other", "Other"),
]


class DropshipSalesChannel(models.Model):
    """How orders of a channel arrive, in which money and with which tax, and what was agreed with it."""

    _inherit = "dropship.sales.channel"

    kind = fields.Selection(
        [
            ("website", "Website"),
            ("hand", "By Hand or Phone"),
            ("file", "Marketplace, by File"),
            ("api", "Programs (API)"),
        ],
        string="Orders Arrive",
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="By file: order files are read here, and what was shipped goes back as a file.",
    )
    platform = fields.Selection(PLATFORMS, default="other", required=True)
    order_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of Orders",
        help="What orders are in that do not say it; an order file in another currency is set aside. "
        "Empty: the company's.",
    )
    tax_treatment = fields.Selection(
        [
            ("included", "Prices Include Tax"),
            ("excluded", "Tax Comes on Top"),
            ("marketplace", "Marketplace Collects the Tax"),
        ],
        string="Tax",
        default="included",
        required=True,
        help="How prices of orders are read that do not say it. A marketplace that is the deemed supplier pays "
        "the tax: its orders take the fiscal position below.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        string="Fiscal Position of Orders",
        check_company=True,
        help="Given to every order that comes by file or API. It is one without tax where the marketplace pays it.",
    )
    return_paid_by = fields.Selection(
        [("customer", "Customer"), ("shop", "We"), ("fault", "We, When the Goods Are Wrong")],
        string="Returns Are Paid By",
        default="fault",
        required=True,
        help="Shown to colleagues on each order of the channel.",
    )
    price_alarm_percent = fields.Integer(
        string="Price Alarm (%)",
        default=50,
        help="An order whose price is further from ours is looked at by a person first. 0: never.",
    )

    _terms_positive = models.Constraint(
        "CHECK (price_alarm_percent >= 0 AND ship_by_hours >= 0 AND promise_days >= 0)",
        "Hours, days and percents cannot be negative.",
    )

    @api.depends("website_id", "code")
    def _compute_kind(self):
        for channel in self:
            if channel.website_id:
                channel.kind = "website"
            elif not channel.kind:
                channel.kind = "api" if channel.code else "hand"

    @api.constrains("tax_treatment", "fiscal_position_id")
    def _check_marketplace_tax(self):
        for channel in self:
            if channel.tax_treatment == "marketplace" and not channel.fiscal_position_id:
                raise ValidationError(
                    self.env._("Choose the fiscal position that takes the tax away: the marketplace pays it.")
                )

    def _prices_include_tax(self):
        """How prices are read where an order does not say it."""
        return not self or self.tax_treatment == "included"

    def _order_currency(self):
        """The money of an order that does not say it."""
        self.ensure_one()
        return self.order_currency_id or (self.company_id or self.env.company).currency_id
