"""What search engines and Google Merchant are told about our goods: as true as what the customer reads."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..feeds.gtin import is_gtin

# Of schema.org: every state has exactly one word.
SCHEMA = {"in_stock": "InStock", "few": "LimitedAvailability", "later": "BackOrder", "closed": "BackOrder"}


def schema_word(stock):
    """The ItemAvailability of schema.org."""
    return "https://schema.org/" + (SCHEMA[stock.state] if stock.orderable and stock.state in SCHEMA else "OutOfStock")


class ProductProduct(models.Model):
    _inherit = "product.product"

    dropship_maker = fields.Char(
        string="Maker", compute="_compute_dropship_maker", groups="base.group_user",
        help="The maker's mark as its suppliers name it; never a supplier's own name.",
    )  # fmt: skip

    def _to_markup_data(self, website):
        """Override of `website_sale`: whether our goods can be had, who made them, how long they take."""
        data = super()._to_markup_data(website)
        stock = self._dropship_sold_here(website) if self.type == "consu" else None
        if not stock:
            return data
        self._dropship_markup_identity(data)
        offer = data["offers"]
        offer["availability"] = schema_word(stock)
        offer["itemCondition"] = "https://schema.org/NewCondition"
        offer["url"] = data["url"]
        if stock.orderable and stock.ship_days > 0 and stock.state in ("later", "closed"):
            offer["availabilityStarts"] = fields.Date.to_string(fields.Date.today() + timedelta(days=stock.ship_days))
        shipping = self._dropship_markup_shipping(website, stock)
        if shipping:
            offer["shippingDetails"] = shipping
        return data

    def _dropship_markup_identity(self, data):
        self.ensure_one()
        if is_gtin(self.barcode or ""):
            data["gtin"] = self.barcode
        if self.default_code:
            data["sku"] = self.default_code
        brand = self.sudo().dropship_maker  # visitors are told who made it, nothing else of ours
        if brand:
            data["brand"] = {"@type": "Brand", "name": brand}

    @api.depends_context("company")
    def _compute_dropship_maker(self):
        """Set by set: a feed of all products asks for a page of them at once."""
        self.env["dropship.offer"].flush_model(["product_id", "active", "brand", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (offer.product_id) offer.product_id, offer.brand
                  FROM dropship_offer offer
                 WHERE offer.product_id = ANY(%s) AND offer.active AND offer.brand IS NOT NULL
                   AND (offer.company_id IS NULL OR offer.company_id = %s)
                   AND NOT EXISTS (
                       SELECT FROM dropship_supplier supplier
                         JOIN res_partner partner ON partner.id = supplier.partner_id
                        WHERE STRPOS(LOWER(partner.name), LOWER(offer.brand)) > 0
                           OR STRPOS(LOWER(offer.brand), LOWER(partner.name)) > 0)
                 GROUP BY offer.product_id, offer.brand ORDER BY offer.product_id, COUNT(*) DESC, offer.brand
                """,
                self._origin.ids,
                self.env.company.id,
            )
        )
        brands = dict(rows)
        for product in self:
            product.dropship_maker = brands.get(product._origin.id, False)

    def _dropship_markup_shipping(self, website, stock):
        """When it arrives, for the place of who asks; only when that is known already."""
        place = website._dropship_place()
        promise = stock.orderable and self._dropship_promise_public(place, only_known=True)
        country = self.env["res.country"].sudo().browse(place["country_id"] or ())
        if not promise or not promise["deliverable"] or not country.code:
            return None
        today = fields.Date.today()
        first, last = ((promise[name] - today).days for name in ("p50", "p95"))

        def days(least, most):
            figures = {"minValue": max(least, 0), "maxValue": max(most, 0)}
            return {"@type": "QuantitativeValue", **figures, "unitCode": "DAY"}

        return {
            "@type": "OfferShippingDetails",
            "shippingDestination": {"@type": "DefinedRegion", "addressCountry": country.code},
            "deliveryTime": {
                "@type": "ShippingDeliveryTime",
                "handlingTime": days(0, stock.ship_days),
                "transitTime": days(first - stock.ship_days, last - stock.ship_days),
            },
        }


class ProductFeed(models.Model):
    _inherit = "product.feed"

    def _prepare_gmc_stock_info(self, product):
        """Override of `website_sale_stock`: core calls everything we do not store "in stock"."""
        info = super()._prepare_gmc_stock_info(product)
        stock = product._dropship_sold_here(self.website_id) if product.type == "consu" else None
        if not stock:
            return info
        if not stock.orderable:
            info["availability"] = "out_of_stock"
        elif stock.state in ("later", "closed"):
            # Google asks for the day of everything that is not there yet.
            day = fields.Date.today() + timedelta(days=max(stock.ship_days, 1))
            info.update(availability="backorder", availability_date=f"{day}T00:00:00Z")
        else:
            info["availability"] = "in_stock"
        return info

    def _prepare_gmc_identifier(self, product):
        """Override: a barcode that is no GTIN makes Google refuse the article; the brand helps where there is none."""
        result = super()._prepare_gmc_identifier(product)
        if result.get("gtin") and not is_gtin(result["gtin"]):
            result = {"identifier_exists": "no"}
        brand = product.sudo().dropship_maker  # as in the markup of its page
        return {**result, "brand": brand} if brand else result

    @api.model
    def _dropship_outdated(self, product_ids):
        """What search engines fetch next is made anew when the words of these products changed."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE product_feed SET cache_expiry = now() AT TIME ZONE 'UTC' - interval '1 day'
                 WHERE id IN (
                       SELECT feed.id FROM product_feed feed
                        WHERE feed.cache_expiry > now() AT TIME ZONE 'UTC'
                          AND EXISTS (SELECT FROM product_product product
                                JOIN product_template template ON template.id = product.product_tmpl_id
                               WHERE product.id = ANY(%s) AND template.is_published)
                          FOR UPDATE SKIP LOCKED)
                """,
                list(product_ids),
            )
        )
        self.invalidate_model(["cache_expiry"], flush=False)


class DropshipSupply(models.AbstractModel):
    _inherit = "dropship.supply"

    @api.model
    def _availability_changed(self, product_ids):
        if product_ids:
            self.env["product.feed"].sudo()._dropship_outdated(product_ids)
        return super()._availability_changed(product_ids)
