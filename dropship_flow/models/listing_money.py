"""What a listing sells at and what is left of it, for many at once."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..feeds import margin_percent

CHUNK = 100


class DropshipListing(models.Model):
    _inherit = "dropship.listing"

    price = fields.Monetary(compute="_compute_money", help="On its channel, of the first variant.")
    margin = fields.Float(
        string="Margin (%)",
        compute="_compute_money",
        groups="dropship_flow.group_dropship_user",
        help="Of the net price after fees, to the channel's first main destination; of the variant that leaves least.",
    )

    @api.depends_context("company")
    def _compute_money(self):
        self.price, self.margin = 0.0, 0.0
        for channel, listings in self.sudo().grouped("channel_id").items():  # what goods cost is not theirs to read
            for company, mine in listings.grouped("company_id").items():
                figures = mine._figures(channel, company)
                for listing in mine:
                    rows = [figures[product.id] for product in listing.product_tmpl_id.product_variant_ids
                            if product.id in figures]  # fmt: skip
                    target = listing.with_env(self.env)
                    target.price = rows[0][0] if rows else 0.0
                    margins = [margin for _price, margin in rows if margin is not None]
                    target.margin = min(margins) if margins else 0.0

    def _figures(self, channel, company):
        """{product id: (price, margin in percent or None)} of the variants; company currency."""
        products = self.product_tmpl_id.with_company(company).product_variant_ids
        prices = channel._prices(products, company)
        landed = channel._landed(products.ids, company)
        factors = self._tax_factors(products, company)
        percent, fixed = channel._usual_fees()
        figures = {}
        for product in products:
            price, cost = prices.get(product.id, 0.0), landed.get(product.id)
            margin = None
            if price > 0 and cost:
                left = margin_percent(Decimal(str(price)), Decimal(str(cost)), percent, fixed, factors[product.id])
                margin = None if left is None else float(left)
            figures[product.id] = (price, margin)
        return figures

    @api.model
    def _tax_factors(self, products, company):
        """{product id: price shown / net price}; products with the same taxes share it."""
        known, result = {}, {}
        for product in products:
            taxes = product.taxes_id
            if taxes._ids not in known:
                mine = taxes._filter_taxes_by_company(company)
                net = mine.compute_all(100.0, company.currency_id, 1.0)["total_excluded"] if mine else 100.0
                shown = mine.compute_all(100.0, company.currency_id, 1.0)["total_included"] if mine else 100.0
                known[taxes._ids] = Decimal(100) / Decimal(str(net)) if net and shown == 100.0 else Decimal(1)
            result[product.id] = known[taxes._ids]
        return result

    def _money_facts(self, channel, company):
        """{listing id: reasons} of listings without a price, or with too little left."""
        figures = self._figures(channel, company) if channel.margin_floor else {}
        products = self.product_tmpl_id.with_company(company).product_variant_ids
        prices = {key: row[0] for key, row in figures.items()} or channel._prices(products, company)
        found = {}
        for listing in self:
            for product in listing.product_tmpl_id.product_variant_ids:
                price = prices.get(product.id, 0.0)
                if price <= 0:
                    found[listing.id] = [["price_missing", {"product": product.display_name}]]
                    break
                margin = figures[product.id][1] if figures else None
                if margin is not None and margin < channel.margin_floor and listing.id not in found:
                    shown = f"{price:.2f} {company.currency_id.name}"
                    floor = {"have": f"{margin:.1f}", "need": f"{channel.margin_floor:g}", "price": shown}
                    found[listing.id] = [["margin_floor", {"product": product.display_name, **floor}]]
        return found


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    def _prices(self, products, company):
        """{product id: price on this channel, company currency}.

        Prices that rules wrote for a variant are read in one go; only what is left asks the pricelist.
        """
        self.ensure_one()
        today, currency = fields.Date.context_today(self), company.currency_id
        pricelist = self.pricelist_id
        if not pricelist:
            return {product.id: product.lst_price for product in products}
        prices = self._variant_prices(pricelist, products)
        rest = products.filtered(lambda product: product.id not in prices)
        for start in range(0, len(rest), CHUNK):
            chunk = rest[start : start + CHUNK]
            found = pricelist._get_products_price(chunk, 1.0)
            prices.update(found)
        if pricelist.currency_id != currency:
            rate = self.env["res.currency"]._get_conversion_rate(pricelist.currency_id, currency, company, today)
            prices = {key: price * rate for key, price in prices.items()}
        return prices

    def _variant_prices(self, pricelist, products):
        """{product id: price} of variants whose first rule in the pricelist is a plain price of their own.

        Of equal rules the merchant's own comes first, as `product.pricelist._get_applicable_rules` has it.
        """
        self.env["product.pricelist.item"].flush_model()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (product_id) product_id, fixed_price, compute_price
                  FROM product_pricelist_item
                 WHERE pricelist_id = %s AND applied_on = '0_product_variant' AND product_id = ANY(%s)
                   AND COALESCE(min_quantity, 0) <= 1
                   AND (date_start IS NULL OR date_start <= %s) AND (date_end IS NULL OR date_end >= %s)
                 ORDER BY product_id, min_quantity DESC, dropship_ours IS TRUE, id DESC
                """,
                pricelist.id,
                list(products.ids),
                now,
                now,
            )
        )
        return {product_id: price for product_id, price, how in rows if how == "fixed"}

    def _landed(self, product_ids, company):
        """{product id: cost at the door of the first main destination, company currency per unit}."""
        self.ensure_one()
        found = self.env["dropship.landed"]._best(product_ids, self._dropship_reference_place(), company)
        return {product_id: float(landed.landed) for product_id, landed in found.items() if landed.usable}
