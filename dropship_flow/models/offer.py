from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# What the projected vendor prices are made of; a change of anything else leaves them alone.
PROJECTED_FIELDS = frozenset(
    {
        "warehouse_id", "active", "product_id", "sku", "name", "factor", "currency_id", "price", "tier_ids",
        "lead_days", "price_tax_included", "tax_percent", "date_from", "date_to", "sequence", "fapiao_issues",
        "fapiao_point",
    }
)  # fmt: skip
FED_FIELDS = frozenset({"price", "tier_ids", "stock", "stock_mode", "backorder"})


class Followed(fields.Many2one):
    """A stored relation that only repeats what the warehouse says.

    The warehouse has the foreign keys, and the offer goes with it. Checking them again for each row of a million would
    be a quarter of the time of writing it.
    """

    def update_db_foreign_key(self, model, column):
        """Override: none."""


class DropshipOffer(models.Model):
    """What one warehouse of a supplier offers: a quoted price and a stock figure for one code of the supplier."""

    _name = "dropship.offer"
    _description = "Dropship Offer"
    _inherit = ["dropship.money.mixin"]
    _order = "sequence, supplier_id, sku, id"
    _rec_names_search = ["sku", "name", "product_id"]
    _check_company_auto = True

    warehouse_id = fields.Many2one("dropship.supplier.warehouse", required=True, ondelete="cascade", index=True)
    supplier_id = Followed(related="warehouse_id.supplier_id", store=True, index=True)
    company_id = Followed(related="warehouse_id.company_id", store=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    sku = fields.Char("Supplier's Code", required=True)
    name = fields.Char("Supplier's Name")
    product_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain=[("type", "=", "consu")],
        help="Empty: not linked yet, so it can be browsed but not bought.",
    )
    product_tmpl_id = fields.Many2one(related="product_id.product_tmpl_id", store=True, index="btree_not_null")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit of the Product")
    factor = fields.Float(
        "Contains",
        default=1.0,
        digits=(16, 6),
        help="How many units of the product one offered unit holds: 12 for a box of twelve sold by the piece.",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False, precompute=True, required=True
    )
    price = fields.Float(min_display_digits="Product Price", help="Per offered unit. Empty: never bought.")
    tier_ids = fields.One2many("dropship.offer.tier", "offer_id", string="Price Tiers", copy=True)
    price_tax_included = fields.Boolean("Tax Included")
    tax_percent = fields.Float("Tax (%)", help="Taken out of the price when it includes tax.")
    date_from = fields.Date("Price Valid From")
    date_to = fields.Date("Price Valid Until")
    stock_mode = fields.Selection(
        [("limited", "Limited"), ("unlimited", "Unlimited")], string="Stock Kept", default="limited", required=True
    )
    stock = fields.Float(digits="Product Unit", help="Offered units the supplier says it has.")
    backorder = fields.Boolean(help="May be bought when the stock does not suffice.")
    backorder_days = fields.Float("Backorder (days)", help="Additional days for what is not in stock.")
    moq = fields.Float("Minimum Quantity", digits="Product Unit", help="In offered units.")
    pack = fields.Float("Pack Of", digits="Product Unit", help="Sold in multiples of this many offered units.")
    lead_days = fields.Float("Lead Time (days)", help="Making time before handling starts.")
    weight = fields.Float("Weight (kg)", digits="Stock Weight", help="Per offered unit. 0: the product's weight.")
    return_cost = fields.Monetary("Expected Return Cost", help="Per offered unit.")
    as_of = fields.Datetime(default=fields.Datetime.now, help="When the supplier gave these figures.")
    stale = fields.Boolean(compute="_compute_stale", search="_search_stale")
    has_price = fields.Boolean(compute="_compute_has_price", search="_search_has_price")
    supplierinfo_ids = fields.One2many("product.supplierinfo", "dropship_offer_id", string="Vendor Prices")

    _warehouse_sku_uniq = models.Constraint(
        "UNIQUE (sku, warehouse_id)",
        "This warehouse already offers this code. Change the existing offer, it may be archived.",
    )
    # What is looked for inside codes and names: a third of the table to read, at a tenth of what a trigram index costs
    # a feed to keep. It has no more room than this for a row.
    _words_idx = models.Index("(id) INCLUDE (name, sku, company_id) WHERE active IS TRUE")
    _words_short = models.Constraint(
        "CHECK (length(name) <= 400)", "A supplier's name of goods has up to 400 characters. Shorten it."
    )
    _price_positive = models.Constraint("CHECK (price >= 0)", "The price of an offer cannot be negative.")
    _stock_positive = models.Constraint("CHECK (stock >= 0)", "The stock of an offer cannot be negative.")
    _factor_positive = models.Constraint(
        "CHECK (factor > 0)", "An offered unit must hold more than 0 units of the product. Use 1 if they are the same."
    )
    _quantities_positive = models.Constraint(
        "CHECK (LEAST(moq, pack, lead_days, backorder_days, weight, return_cost) >= 0)",
        "Minimum, pack, days, weight and return cost of an offer cannot be negative.",
    )
    _tax_range = models.Constraint(
        "CHECK (tax_percent >= 0 AND tax_percent < 100)", "The tax of an offer is between 0 and 100 %."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_from <= date_to)", "The price ends before it begins. Correct its dates."
    )

    @api.depends("warehouse_id")
    def _compute_currency_id(self):
        for offer in self:
            offer.currency_id = offer.currency_id or offer.warehouse_id.supplier_id.currency_id

    @api.depends("price", "tier_ids.price")
    def _compute_has_price(self):
        for offer in self:
            offer.has_price = offer.price > 0 or any(tier.price > 0 for tier in offer.tier_ids)

    def _search_has_price(self, operator, value):
        if operator != "in":
            return NotImplemented
        priced = Domain("price", ">", 0) | Domain("tier_ids", "any", [("price", ">", 0)])
        return Domain.OR([priced if wanted else ~priced for wanted in value])

    @api.depends("sku", "supplier_id.name")
    def _compute_display_name(self):
        for offer in self:
            code = f"[{offer.sku}]" if offer.sku else ""
            parts = [offer.supplier_id.name, code, offer.name or offer.product_id.name]
            offer.display_name = " ".join(part for part in parts if part)

    @api.constrains("product_id")
    def _check_product_type(self):
        for offer in self:
            if offer.product_id and offer.product_id.type != "consu":
                raise ValidationError(
                    self.env._(
                        'Only goods can be dropshipped; "%(product)s" is not. Link %(offer)s to another product.',
                        product=offer.product_id.display_name,
                        offer=offer.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        offers = super().create(vals_list)
        offers._project()
        return offers

    def write(self, vals):
        if FED_FIELDS & vals.keys() and "as_of" not in vals:
            vals = {**vals, "as_of": fields.Datetime.now()}
        result = super().write(vals)
        if PROJECTED_FIELDS & vals.keys():
            self._project()
        return result

    def copy_data(self, default=None):
        """Override: a code is offered once per warehouse."""
        default = dict(default or {})
        vals_list = super().copy_data(default=default)
        if "sku" in default or "warehouse_id" in default:
            return vals_list
        return [dict(vals, sku=self.env._("%s (copy)", offer.sku)) for offer, vals in zip(self, vals_list, strict=True)]

    @api.model
    def _company_domain(self, company):
        """Offers the company may buy."""
        return Domain("company_id", "in", [company.id, False])


class DropshipOfferTier(models.Model):
    _name = "dropship.offer.tier"
    _description = "Price Tier of a Dropship Offer"
    _order = "offer_id, min_qty, id"

    offer_id = fields.Many2one("dropship.offer", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="offer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="offer_id.currency_id")
    min_qty = fields.Float("From Quantity", digits="Product Unit", required=True, help="In offered units.")
    price = fields.Float(min_display_digits="Product Price", required=True, help="Per offered unit.")

    _offer_quantity_uniq = models.Constraint(
        "UNIQUE (offer_id, min_qty)", "There is already a price from this quantity on. Change that one."
    )
    _quantity_positive = models.Constraint(
        "CHECK (min_qty > 0)", "A price tier begins above 0. Enter the price for any quantity on the offer itself."
    )
    _price_positive = models.Constraint("CHECK (price >= 0)", "The price of a tier cannot be negative.")

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.offer_id._project()
        return tiers

    def write(self, vals):
        offers = self.offer_id
        result = super().write(vals)
        (offers | self.offer_id)._project()
        return result

    def unlink(self):
        offers = self.offer_id
        result = super().unlink()
        offers.exists()._project()
        return result


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.ondelete(at_uninstall=True)
    def _unlink_dropship_offers(self):
        """Offers of a company that goes away become everybody's, as their suppliers do."""
        offers = self.env["dropship.offer"]
        offers.flush_model(["company_id"])
        self.env.cr.execute("UPDATE dropship_offer SET company_id = NULL WHERE company_id = ANY(%s)", [self.ids])
        offers.invalidate_model(["company_id"], flush=False)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    offer_count = fields.Integer(compute="_compute_offer_count")

    @api.depends("offer_ids")
    def _compute_offer_count(self):
        # A supplier may have hundreds of thousands of offers: count them, never load them.
        counts = dict(
            self.env["dropship.offer"]._read_group([("supplier_id", "in", self.ids)], ["supplier_id"], ["__count"])
        )
        for supplier in self:
            supplier.offer_count = counts.get(supplier._origin, 0)

    def action_open_offers(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_offer"),
            "domain": [("supplier_id", "=", self.id)],
            "context": {"default_warehouse_id": self.warehouse_ids[:1].id},
        }
