from odoo import api, fields, models

from ..pricing.rules import margin
from .exact import decimal


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dropship_price_change_count = fields.Integer(
        string="Price Changes", compute="_compute_dropship_price_change_count", groups="base.group_user"
    )

    @api.depends_context("allowed_company_ids")
    def _compute_dropship_price_change_count(self):
        for template in self:
            variants = template.with_context(active_test=False).product_variant_ids
            template.dropship_price_change_count = sum(variants.mapped("dropship_price_change_count"))

    def action_dropship_prices(self):
        """The prices of the product on every channel, with the margin at each main destination."""
        return self.product_variant_ids.action_dropship_prices()


class ProductProduct(models.Model):
    _inherit = "product.product"

    dropship_price_change_count = fields.Integer(
        string="Price Changes", compute="_compute_dropship_price_change_count", groups="base.group_user"
    )

    @api.depends_context("allowed_company_ids")
    def _compute_dropship_price_change_count(self):
        # Counting is harmless; the changes themselves stay behind the access rights of the button.
        counts = dict(
            self.env["dropship.price.change"]
            .sudo()
            ._read_group(
                [("product_id", "in", self.ids), ("company_id", "in", self.env.companies.ids)],
                ["product_id"],
                ["__count"],
            )
        )
        for product in self:
            product.dropship_price_change_count = counts.get(product._origin.sudo(), 0)

    def action_dropship_prices(self):
        """See the template's."""
        self.env["dropship.price.change"].check_access("read")
        look = self.env["dropship.price.look"]._look_at(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prices"),
            "res_model": "dropship.price.look",
            "res_id": look.id,
            "view_mode": "form",
            "target": "new",
        }


class DropshipPriceLook(models.TransientModel):
    """Prices and margins of a product, where it is sold and where it goes to."""

    _name = "dropship.price.look"
    _description = "Prices of a Product"

    line_ids = fields.One2many("dropship.price.look.line", "look_id", string="Margins", readonly=True)
    change_ids = fields.Many2many("dropship.price.change", compute="_compute_change_ids", string="History")

    @api.depends("line_ids")
    def _compute_change_ids(self):
        for look in self:
            look.change_ids = self.env["dropship.price.change"].search(
                [("product_id", "in", look.line_ids.product_id.ids)], limit=80
            )

    @api.model
    def _look_at(self, products):
        """Work out the margins of products for every channel and main destination of the companies at hand."""
        channels = self.env["dropship.sales.channel"].search(
            ["|", ("company_id", "=", False), ("company_id", "in", self.env.companies.ids)]
        )
        vals_list = []
        for channel in channels:
            vals_list += self._lines_of(products, channel)
        return self.create({"line_ids": [fields.Command.create(vals) for vals in vals_list]})

    @api.model
    def _lines_of(self, products, channel):
        company = channel._dropship_company()
        # Margins are for whoever may open this, suppliers' prices behind them are not all his to read.
        pricing_sudo = self.env["dropship.pricing"].sudo().with_company(company)
        terms = pricing_sudo._terms(channel.sudo(), [])
        lists, sights = self.env["dropship.shop.tax"].sudo()._rows_of(products.ids, company)
        prices = {product.id: lists[product.id][0] for product in products}
        if terms.pricelist:
            prices = terms.pricelist._get_products_price(products.sudo(), 1.0)
        else:
            prices = {key: float(price) * float(terms.worth) for key, price in prices.items()}
        places = [(row.display_name, row._place()) for row in channel.destination_ids]
        places = places or [(company.country_id.name or "", terms.place)]
        vals_list = []
        for name, place in places:
            found = self.env["dropship.landed"]._best(products.ids, place, company)
            for product in products:
                landed = found.get(product.id)
                lines = pricing_sudo._lines(sights[lists[product.id][1]], terms)
                vals = {
                    "product_id": product.id, "channel_id": channel.id, "place": name, "price": prices[product.id],
                    "currency_id": (terms.pricelist.currency_id or company.currency_id).id,
                    "company_currency_id": company.currency_id.id,
                }  # fmt: skip
                if landed and landed.usable:
                    entered = decimal(prices[product.id])
                    left, percent = margin(entered, landed.landed * terms.worth, terms.fees, lines)
                    vals |= {
                        "landed": landed.landed, "left": left / terms.worth, "margin_percent": percent, "known": True,
                        "arrival_days": (landed.transit_days or 0) + landed.lead_days,
                    }  # fmt: skip
                vals_list.append(vals)
        return vals_list


class DropshipPriceLookLine(models.TransientModel):
    _name = "dropship.price.look.line"
    _description = "Margin of a Product at a Place"

    look_id = fields.Many2one("dropship.price.look", required=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", readonly=True)
    channel_id = fields.Many2one("dropship.sales.channel", readonly=True)
    place = fields.Char(string="Destination", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    price = fields.Monetary(readonly=True)
    known = fields.Boolean(readonly=True)
    landed = fields.Monetary(string="Landed Cost", currency_field="company_currency_id", readonly=True)
    left = fields.Monetary(string="Left After Fees", currency_field="company_currency_id", readonly=True)
    margin_percent = fields.Float(string="Margin (%)", readonly=True)
    arrival_days = fields.Float(string="Days", readonly=True, help="8 of 10 arrive within.")
