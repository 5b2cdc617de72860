from odoo import api, fields, models
from odoo.fields import Domain

HAZARDS = [
    ("none", "Not restricted"),
    ("battery", "Battery"),
    ("liquid", "Liquid"),
    ("magnet", "Magnet"),
    ("other", "Other dangerous goods"),
]


class ProductTag(models.Model):
    _inherit = "product.tag"

    dropship_restricted_country_ids = fields.Many2many(
        "res.country",
        "dropship_product_tag_restricted_country_rel",
        string="May Not Go To",
        groups="base.group_user",
        help="Products with this tag are never sent to these countries.",
    )


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dropship_hazard = fields.Selection(
        HAZARDS,
        string="Dangerous Goods",
        default="none",
        groups="base.group_user",
        help="Only delivery services that accept dangerous goods are used for it.",
    )
    dropship_max_buy_price = fields.Float(
        "Maximum Buying Price",
        company_dependent=True,
        min_display_digits="Product Price",
        groups="base.group_user",
        help="Per unit, in the currency of the company. A dearer purchase waits for a person. 0: no limit.",
    )
    dropship_blocked = fields.Boolean(
        "Never Dropship", groups="base.group_user", help="Offers for this product are kept but never bought."
    )
    dropship_offer_count = fields.Integer(
        "Dropship Offers", compute="_compute_dropship_offer_count", groups="base.group_user"
    )

    @api.depends("product_variant_ids.dropship_offer_ids")
    @api.depends_context("allowed_company_ids")
    def _compute_dropship_offer_count(self):
        # Counting is harmless; the offers themselves stay behind the access rights of the button.
        offers_sudo = self.env["dropship.offer"].sudo()
        companies = [*self.env.companies.ids, False]
        domain = Domain("product_tmpl_id", "in", self.ids) & Domain("company_id", "in", companies)
        counts = dict(offers_sudo._read_group(domain, ["product_tmpl_id"], ["__count"]))
        for template in self:
            template.dropship_offer_count = counts.get(template._origin.sudo(), 0)

    def write(self, vals):
        """Override to keep the projected prices in the unit of the product."""
        result = super().write(vals)
        if "uom_id" in vals:
            # Whoever may change the unit need not be a buyer.
            self.env["dropship.offer"].sudo().search([("product_tmpl_id", "in", self.ids)])._project()
        return result

    def action_dropship_offers(self):
        return self.product_variant_ids.action_dropship_offers()


class ProductProduct(models.Model):
    _inherit = "product.product"

    dropship_offer_ids = fields.One2many(
        "dropship.offer", "product_id", string="Offers", groups="dropship_flow.group_dropship_user"
    )
    dropship_offer_count = fields.Integer(
        "Dropship Offers", compute="_compute_dropship_offer_count", groups="base.group_user"
    )
    is_dropship_product = fields.Boolean(
        compute="_compute_is_dropship_product",
        search="_search_is_dropship_product",
        groups="base.group_user",
        help="Has at least one active offer in the current company.",
    )

    @api.depends("dropship_offer_ids")
    @api.depends_context("allowed_company_ids")
    def _compute_dropship_offer_count(self):
        # As on the template.
        offers_sudo = self.env["dropship.offer"].sudo()
        companies = [*self.env.companies.ids, False]
        domain = Domain("product_id", "in", self.ids) & Domain("company_id", "in", companies)
        counts = dict(offers_sudo._read_group(domain, ["product_id"], ["__count"]))
        for product in self:
            product.dropship_offer_count = counts.get(product._origin.sudo(), 0)

    @api.depends("dropship_offer_ids.active", "dropship_offer_ids.company_id")
    @api.depends_context("company")
    def _compute_is_dropship_product(self):
        # A seller who confirms an order need not see offers.
        offers_sudo = self.env["dropship.offer"].sudo()
        domain = offers_sudo._company_domain(self.env.company) & Domain("product_id", "in", self.ids)
        offered = {product.id for [product] in offers_sudo._read_group(domain, ["product_id"])}
        for product in self:
            product.is_dropship_product = product._origin.id in offered

    def _search_is_dropship_product(self, operator, value):
        if operator != "in":
            return NotImplemented
        offers_sudo = self.env["dropship.offer"].sudo()
        domain = offers_sudo._company_domain(self.env.company) & Domain("product_id", "!=", False)
        offered = Domain("id", "in", offers_sudo._search(domain).subselect("product_id"))
        return Domain.OR([offered if wanted else ~offered for wanted in value])

    def action_dropship_offers(self):
        """Open the offers of these products."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_offer")
        return {
            **action,
            "domain": [("product_id", "in", self.ids)],
            "context": {"default_product_id": self.id if len(self) == 1 else False},
        }

    def _get_filtered_sellers(self, *args, **kwargs):
        """Override of `product`: within its validity an agreement wins over what the same vendor quotes."""
        sellers = super()._get_filtered_sellers(*args, **kwargs)
        quoted = sellers.filtered("dropship_offer_id")
        if not quoted or quoted == sellers:
            return sellers
        agreed = sellers - quoted
        # A line without price in the vendor list is not an agreement to get goods for nothing.
        agreed -= agreed.filtered(lambda seller: seller.price <= 0 and seller.partner_id in quoted.partner_id)
        return sellers.filtered(
            lambda seller: seller in agreed or (seller in quoted and seller.partner_id not in agreed.partner_id)
        )
