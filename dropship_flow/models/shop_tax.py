"""Prices as entered, as shown and without tax, worked out once per set of taxes and not once per product."""

from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .exact import decimal


class Sight(NamedTuple):
    """How a price that is entered becomes one without tax and one with; both are straight lines in the price."""

    net_share: Decimal = Decimal(1)
    net_fixed: Decimal = Decimal(0)
    gross_share: Decimal = Decimal(1)
    gross_fixed: Decimal = Decimal(0)


class DropshipShopTax(models.AbstractModel):
    _name = "dropship.shop.tax"
    _description = "Taxes in Shop Prices"

    @api.model
    def _rows_of(self, product_ids, company):
        """{product id: (sales price of the product, company currency; key of its taxes)} and {key: Sight}."""
        for model in ("product.template", "product.product", "product.template.attribute.value", "account.tax"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.id, COALESCE(template.list_price, 0) + COALESCE((
                           SELECT SUM(value.price_extra) FROM product_variant_combination combination
                             JOIN product_template_attribute_value value
                               ON value.id = combination.product_template_attribute_value_id
                            WHERE combination.product_product_id = product.id), 0),
                       ARRAY(SELECT tax_id FROM product_taxes_rel WHERE prod_id = template.id ORDER BY tax_id)
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE product.id = ANY(%s)
                """,
                list(product_ids),
            )
        )
        prices = {product_id: (decimal(price), tuple(taxes)) for product_id, price, taxes in rows}
        keys = {key for _price, key in prices.values()}
        return prices, {key: self._sight(key, company) for key in keys}

    @api.model
    def _sight(self, tax_ids, company):
        taxes = self.env["account.tax"].sudo().browse(tax_ids)._filter_taxes_by_company(company)
        if not taxes:
            return Sight()
        points = []
        for price in (0.0, 1000.0):
            found = taxes._get_tax_details(price, 1.0, precision_rounding=1e-9, rounding_method="round_globally")
            points.append((Decimal(str(found["total_excluded"])), Decimal(str(found["total_included"]))))
        (net_fixed, gross_fixed), (net, gross) = points
        return Sight((net - net_fixed) / 1000, net_fixed, (gross - gross_fixed) / 1000, gross_fixed)

    @api.model
    def _net_list_prices(self, product_ids, company):
        """{product id: sales price without tax, company currency}"""
        prices, sights = self._rows_of(product_ids, company)
        return {
            product_id: price * sights[key].net_share + sights[key].net_fixed
            for product_id, (price, key) in prices.items()
        }
