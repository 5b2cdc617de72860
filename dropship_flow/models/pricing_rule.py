from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ..pricing.rules import Rule
from .exact import decimal
from .reason_text import reasons_line

ENDINGS = [
    ("90", "….90"),
    ("95", "….95"),
    ("99", "….99"),
    ("00", "….00"),
    ("9", "…9"),
    ("8", "…8"),
    ("9.90", "…9.90"),
    ("9.99", "…9.99"),
]
# What makes another price of the same cost; a name or a place in the list may do so too.
SILENT = {"name"}
# Reasons that tell which limit bound a price.
BOUNDS = ("floor", "map", "ceiling", "retail", "limits_cross")


class DropshipPricingRule(models.Model):
    """How prices follow costs on a channel. The first rule that fits a product makes its price."""

    _name = "dropship.pricing.rule"
    _description = "Price Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    # Which products; an empty field matches anything
    channel_id = fields.Many2one("dropship.sales.channel", check_company=True, index=True)
    categ_id = fields.Many2one("product.category", string="Product Category", help="With the categories below it.")
    public_categ_id = fields.Many2one(
        "product.public.category", string="Shop Category", help="With the categories below it."
    )
    tag_id = fields.Many2one("product.tag", string="Product Tag")
    supplier_id = fields.Many2one(
        "dropship.supplier", check_company=True, help="The best source of the product is this supplier's."
    )
    brand = fields.Char(help="As suppliers write it; several separated by commas.")
    cost_from = fields.Monetary(help="Landed cost at the main destination of the channel.")
    cost_to = fields.Monetary(string="Cost Up To", help="0: no limit.")
    price_from = fields.Monetary(string="Sales Price From", help="The price of the product itself.")
    price_to = fields.Monetary(string="Sales Price Up To", help="0: no limit.")

    # The price
    method = fields.Selection(
        [
            ("percent", "Cost plus percent"),
            ("flat", "Cost plus an amount"),
            ("tiers", "Cost plus, by cost"),
            ("margin", "Margin that is left after fees"),
            ("leave", "Leave prices alone"),
        ],
        required=True,
        default="percent",
        tracking=True,
    )
    percent = fields.Float(
        default=50.0, tracking=True, help="Added to the landed cost, or left of the net price."
    )
    amount = fields.Monetary(tracking=True, help="Added to the landed cost, net.")
    tier_ids = fields.One2many("dropship.pricing.tier", "rule_id", string="By Cost", copy=True)
    ending = fields.Selection(
        ENDINGS, string="Price Ending", tracking=True, help="As customers see the price. Empty: to the cent."
    )

    # Limits
    floor_percent = fields.Float(
        string="Margin at Least (%)", tracking=True, help="Of the net price, after selling fees. Never below 0."
    )
    floor_amount = fields.Monetary(string="And at Least", tracking=True, help="Left of every piece after fees.")
    ceiling = fields.Monetary(string="Price at Most", tracking=True, help="As customers see it. 0: no limit.")
    respect_map = fields.Boolean(
        string="Keep Minimum Advertised Prices", default=True, tracking=True, help="Never below what suppliers demand."
    )
    cap_retail = fields.Boolean(
        string="Not Above Suggested Retail Prices", tracking=True, help="Never above what suppliers suggest."
    )

    # Changes
    daily_limit = fields.Float(
        string="Ask Above (% a day)", default=20.0, tracking=True, help="Larger changes wait. 0: never ask."
    )
    least_percent = fields.Float(string="Not Worth It Below (%)", default=1.0, help="Smaller changes are left out.")
    least_amount = fields.Monetary(string="Not Worth It Below")
    ask_first = fields.Boolean(string="Ask Before the First Price")
    item_ids = fields.One2many("product.pricelist.item", "dropship_rule_id", string="Prices", readonly=True)
    item_count = fields.Integer(compute="_compute_item_count", string="Prices Made")
    example = fields.Html(compute="_compute_example", sanitize=False, string="What It Does")

    _percents_range = models.Constraint(
        "CHECK (percent >= 0 AND floor_percent >= 0 AND floor_percent < 100 AND daily_limit >= 0"
        " AND least_percent >= 0 AND (method <> 'margin' OR percent < 100))",
        "Percentages of a price rule are not negative, and a margin is below 100 %.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (LEAST(amount, floor_amount, ceiling, least_amount, cost_from, cost_to, price_from, price_to) >= 0)",
        "Amounts of a price rule cannot be negative.",
    )
    _bands_ordered = models.Constraint(
        "CHECK ((COALESCE(cost_to, 0) = 0 OR cost_to >= COALESCE(cost_from, 0))"
        " AND (COALESCE(price_to, 0) = 0 OR price_to >= COALESCE(price_from, 0)))",
        "The upper end of a price or cost band is below its lower end. Correct the band.",
    )

    @api.constrains("method", "tier_ids")
    def _check_tiers(self):
        for rule in self:
            if rule.method == "tiers" and not rule.tier_ids:
                raise ValidationError(self.env._('Rule "%s": say what is added from which cost on.', rule.name))

    @api.depends("item_ids")
    def _compute_item_count(self):
        counts = dict(
            self.env["product.pricelist.item"]
            .sudo()
            ._read_group([("dropship_rule_id", "in", self.ids)], ["dropship_rule_id"], ["__count"])
        )
        for rule in self:
            rule.item_count = counts.get(rule._origin.sudo(), 0)

    @api.depends(
        "channel_id", "categ_id", "public_categ_id", "tag_id", "supplier_id", "brand", "cost_from", "cost_to",
        "price_from", "price_to", "method", "percent", "amount", "tier_ids.percent", "tier_ids.amount",
        "tier_ids.cost_from", "ending", "floor_percent", "floor_amount", "ceiling", "respect_map", "cap_retail",
    )  # fmt: skip
    def _compute_example(self):
        """What the rule alone would make of a few products: price now, price then, margin."""
        for rule in self:
            channel = rule.channel_id or rule.env["dropship.sales.channel"].search(
                [("company_id", "in", [False, rule.company_id.id]), ("pricelist_id", "!=", False)], limit=1
            )
            rule.example = rule._example_table(channel) if channel and rule.method != "leave" else False

    def _example_table(self, channel, count=5, among=200):
        offers = self.env["dropship.offer"].sudo()
        domain = [("product_id", "!=", False), ("company_id", "in", [False, self.company_id.id])]
        products = offers.search(domain, limit=among, order="id desc").product_id
        pricing = self.env["dropship.pricing"].sudo()
        worth = pricing._terms(channel, []).worth
        found = pricing._propose(products, channel, [self._as_rule(worth)])
        currency = channel.pricelist_id.currency_id or channel.currency_id
        rows = []
        for product in products:
            row = found[product.id]
            if row.entered is None:
                continue
            cells = (
                product.display_name,
                formatLang(self.env, float(row.cost), currency_obj=self.company_id.currency_id),
                formatLang(self.env, float(row.old_shown), currency_obj=currency),
                formatLang(self.env, float(row.shown), currency_obj=currency),
                f"{row.margin_percent:.1f} %",
                reasons_line(self.env, [reason for reason in row.reasons if reason[0] in BOUNDS]),
            )
            rows.append(Markup("<tr>%s</tr>") % Markup().join(Markup("<td>%s</td>") % cell for cell in cells))
            if len(rows) == count:
                break
        if not rows:
            return Markup("<p>%s</p>") % self.env._("No product with a source fits this rule.")
        titles = (
            self.env._("Product"), self.env._("Landed Cost"), self.env._("Price Now"), self.env._("Price by the Rule"),
            self.env._("Margin"), "",
        )  # fmt: skip
        head = Markup().join(Markup("<th>%s</th>") % title for title in titles)
        return Markup('<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>') % (
            head, Markup().join(rows),
        )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._reprice_soon()
        return rules

    def write(self, vals):
        companies = self.company_id
        result = super().write(vals)
        if vals.keys() - SILENT:
            (self.company_id | companies)._dropship_reprice_soon()
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        companies._dropship_reprice_soon()
        return result

    def _reprice_soon(self):
        self.company_id._dropship_reprice_soon()

    def action_reprice(self):
        """Look at all prices again now, in the background."""
        self.check_access("write")
        self._reprice_soon()
        self.env.ref("dropship_flow.cron_supply")._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": self.env._("Prices are looked at again in the background.")},
        }

    def action_items(self):
        """The prices the rule made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prices of %s", self.name),
            "res_model": "product.pricelist.item",
            "view_mode": "list,form",
            "domain": [("dropship_rule_id", "=", self.id)],
        }

    def action_changes(self):
        """What the rule changed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_price_change")
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}

    @api.model
    def _rules_for(self, channel, worth):
        """The rules of a channel in their sequence, amounts in the currency of its prices.

        :param Decimal worth: units of the pricelist's currency for one of the company's
        :return: [pricing.rules.Rule]
        """
        rules = self.sudo().search([("company_id", "=", channel._dropship_company().id), ("active", "=", True)])
        return [rule._as_rule(worth) for rule in rules if rule.channel_id.id in (False, channel.id)]

    def _as_rule(self, worth):
        def money(amount):
            return decimal(amount) * worth

        def below(record):
            return frozenset(record.search([("id", "child_of", record.ids)]).ids) if record else frozenset()

        return Rule(
            key=self._origin.id or 0,
            method="percent" if self.method == "leave" else self.method,
            leave=self.method == "leave",
            percent=decimal(self.percent),
            amount=money(self.amount),
            tiers=tuple((money(row.cost_from), decimal(row.percent), money(row.amount)) for row in self.tier_ids),
            floor_percent=decimal(self.floor_percent),
            floor_amount=money(self.floor_amount),
            ceiling=money(self.ceiling) if self.ceiling else None,
            respect_map=self.respect_map,
            cap_retail=self.cap_retail,
            ending=self.ending or "",
            daily_limit=decimal(self.daily_limit),
            least_percent=decimal(self.least_percent),
            least_amount=money(self.least_amount),
            ask_first=self.ask_first,
            channel=self.channel_id.id or None,
            categories=below(self.categ_id),
            publics=below(self.public_categ_id),
            suppliers=frozenset(self.supplier_id.ids),
            tags=frozenset(self.tag_id.ids),
            brands=frozenset(filter(None, (name.strip().casefold() for name in (self.brand or "").split(",")))),
            cost_from=money(self.cost_from),
            cost_to=money(self.cost_to) if self.cost_to else None,
            price_from=money(self.price_from),
            price_to=money(self.price_to) if self.price_to else None,
        )


class DropshipPricingTier(models.Model):
    _name = "dropship.pricing.tier"
    _description = "Price Rule: What Is Added From a Cost On"
    _order = "rule_id, cost_from, id"

    rule_id = fields.Many2one("dropship.pricing.rule", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_from = fields.Monetary(string="From Cost")
    percent = fields.Float(string="Plus (%)")
    amount = fields.Monetary(string="Plus")

    _figures_positive = models.Constraint(
        "CHECK (LEAST(cost_from, percent, amount) >= 0)", "Costs and what is added to them cannot be negative."
    )
    _cost_uniq = models.Constraint("UNIQUE (rule_id, cost_from)", "There is a row from this cost on already.")

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.rule_id._reprice_soon()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        self.rule_id._reprice_soon()
        return result
