from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..listing_quality import unknown_placeholders


class DropshipSalesChannel(models.Model):
    """What a channel asks of its listings."""

    _inherit = "dropship.sales.channel"

    margin_floor = fields.Float(
        string="Margin Floor (%)",
        help="Listings that leave less of the net price, to the first main destination, go on hold. 0: no floor.",
    )
    max_ship_days = fields.Integer(
        string="Leaves Within (days)", help="Listings that leave later go on hold. 0: no limit."
    )
    out_of_stock = fields.Selection(
        [("hold", "On hold"), ("show", "Stays visible as not available")],
        string="Without Stock",
        default="hold",
        required=True,
    )
    when_discontinued = fields.Selection(
        [("hold", "On hold at once"), ("sell", "Sold until nothing is left")],
        string="Discontinued Goods",
        default="hold",
        required=True,
    )
    seo_title = fields.Char(
        string="Title for Search Engines",
        translate=True,
        default="{name}[ – {brand}][ | {shop}]",
        help="{name} {brand} {category} {attributes} {description} {price} {shop} {delivery}; "
        "what stands in [ ] falls away when something in it is empty.",
    )
    seo_description = fields.Char(
        string="Description for Search Engines",
        translate=True,
        default="{name}[: {description}][ {delivery}]",
    )
    seo_keywords = fields.Char(
        string="Keywords", translate=True, default="{name}[, {brand}][, {category}][, {attributes}]"
    )
    listing_count = fields.Integer(string="Number of Listings", compute="_compute_listing_count")

    _listing_limits = models.Constraint(
        "CHECK (margin_floor > -100 AND margin_floor < 100 AND COALESCE(max_ship_days, 0) >= 0)",
        "A margin floor is below 100 %, and days are not negative.",
    )

    @api.constrains("seo_title", "seo_description", "seo_keywords")
    def _check_placeholders(self):
        for channel in self:
            for text in (channel.seo_title, channel.seo_description, channel.seo_keywords):
                wrong = unknown_placeholders(text)
                if wrong:
                    raise ValidationError(
                        self.env._(
                            "Nobody fills {%s}. Use name, brand, category, attributes, description, price, shop or "
                            "delivery.",
                            wrong[0],
                        )
                    )

    def _compute_listing_count(self):
        counts = dict(
            self.env["dropship.listing"]._read_group([("channel_id", "in", self.ids)], ["channel_id"], ["__count"])
        )
        for channel in self:
            channel.listing_count = counts.get(channel, 0)

    def write(self, vals):
        """Override: other limits, other listings on hold; they are looked at soon."""
        result = super().write(vals)
        if {"margin_floor", "max_ship_days", "out_of_stock", "when_discontinued", "website_id"} & vals.keys():
            products = self.sudo().listing_ids.product_tmpl_id.product_variant_ids
            self.env["dropship.supply"].sudo()._moved(products.ids)
        return result

    def action_open_listings(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_listing"),
            "domain": [("channel_id", "=", self.id)],
            "context": {"default_channel_id": self.id},
        }
