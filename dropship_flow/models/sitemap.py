from odoo import models
from odoo.addons.website_sale.controllers.main import SHOP_PATH


class Website(models.Model):
    _inherit = "website"

    def _enumerate_pages(self, query_string=None, force=False):
        """Override of `website`: products with the day of their last change, what cannot be ordered as the shop wants.

        Core lists published products only, so what is on hold is left out already.
        """
        pages = super()._enumerate_pages(query_string, force)
        if force:
            yield from pages
            return
        products, gone = self._dropship_sitemap_products()
        for page in pages:
            template = products.get(page["loc"])
            if template and template.id in gone:
                continue
            yield {**page, "lastmod": template.write_date.date()} if template else page

    def _dropship_sitemap_products(self):
        """({path: template} of the shop, ids of those to leave out)."""
        self.ensure_one()
        templates = self.env["product.template"].search_fetch(self.sale_product_domain(), ["name", "write_date"])
        slug, website_sudo = self.env["ir.http"]._slug, self.sudo()
        products = {f"{SHOP_PATH}/{slug(template)}": template for template in templates}
        if website_sudo.dropship_sitemap_unavailable or not website_sudo.dropship_show_availability:
            return products, set()
        # Sudo: visitors read no rows of ours.
        stocks = self.env["dropship.availability"].sudo()._of_templates(templates, website_sudo.company_id)
        return products, {template_id for template_id, stock in stocks.items() if not stock.orderable}
