from decimal import Decimal

from odoo import models

from .demand import Demand

# So many alternatives of a line are looked at: each is a routing of its own.
LOOKED_AT = 6


class SaleOrderLine(models.Model):
    """What a customer can be offered instead: alternative products that somebody delivers now, at no higher price."""

    _inherit = "sale.order.line"

    def _dropship_substitutes(self, qty):
        """Products that may replace `qty` of the line.

        :return: [{"product": id, "price": unit price as the line states it, "total": tax included for `qty`}]
        """
        self.ensure_one()
        offers = []
        for product in self._dropship_alternatives()[:LOOKED_AT]:
            price, total = self._dropship_substitute_price(product, qty)
            dearer = self.currency_id.compare_amounts(total, self.price_total * qty / self.product_uom_qty) > 0
            if total > 0 and not dearer and self._dropship_deliverable(product, qty):
                offers.append({"product": product.id, "price": price, "total": total})
        return offers

    def _dropship_alternatives(self):
        """Variants of the alternative products of the shop that are on sale and offered by somebody."""
        line_company, website = self.company_id, self.order_id.website_id
        templates = self.product_id.product_tmpl_id.with_company(line_company).alternative_product_ids.filtered(
            lambda template: (
                template.sale_ok
                and template.is_published
                and template.company_id.id in (False, line_company.id)
                and template.website_id.id in (False, website.id)
                and template.uom_id == self.product_id.uom_id
                and template.type == "consu"
            )
        )
        products = templates.product_variant_ids - self.product_id
        if not products:
            return products
        offered = self.env["dropship.router"].sudo()._products_with_offers(products, line_company)
        if "mrp.bom" in self.env:  # a kit would be asked about part by part
            products -= self.env["product.product"].union(
                *self.env["mrp.bom"].sudo()._bom_find(products, company_id=line_company.id, bom_type="phantom")
            )
        return products.filtered(lambda product: {(product.id, False), (product.id, line_company.id)} & offered)

    def _dropship_substitute_price(self, product, qty):
        """What `qty` of the product costs this customer by his price list: (unit price, tax included total)."""
        order = self.order_id
        product = product.with_company(self.company_id)
        price = order.pricelist_id._get_product_price(
            product, qty, currency=order.currency_id, uom=self.product_uom_id, date=order.date_order
        )
        own = product.taxes_id._filter_taxes_by_company(self.company_id)
        taxes = order.fiscal_position_id.map_tax(own)
        price = product._get_tax_included_unit_price_from_price(price, own, product_taxes_after_fp=taxes)
        total = taxes.compute_all(price, order.currency_id, qty, product, order.partner_shipping_id)["total_included"]
        return price, total

    def _dropship_deliverable(self, product, qty):
        """Whether the order could be bought now with the product in place of this line's missing goods."""
        wanted = self.product_uom_id._compute_quantity(qty, product.uom_id, round=False)
        revenue = Decimal(str(self.price_subtotal)) / Decimal(str(self.order_id.currency_rate or 1.0))
        demand = Demand(self, product, 0, wanted, revenue * Decimal(str(qty / self.product_uom_qty)))
        lines = self.order_id.order_line.filtered(lambda line: line.state == "sale" and not line.display_type)

        def instead(demands):
            return [*(other for other in demands if other.line != self), demand]

        outcome = self.order_id._dropship_outcome(lines._dropship_ours(), replace=instead)
        kinds = {kind for kind, _reasons in outcome.holds}
        return bool(outcome.plan) and demand.key not in outcome.solution.missing and kinds <= {"approval", "no_source"}
