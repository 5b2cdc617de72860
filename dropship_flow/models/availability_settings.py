from odoo import fields, models

GROUP = "base.group_user"


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_buffer_units = fields.Float(
        string="Safety Stock", digits="Product Unit", groups=GROUP,
        help="So many units of each source are never promised.",
    )  # fmt: skip
    dropship_buffer_percent = fields.Float(
        string="Safety Stock (%)", groups=GROUP,
        help="This share of what a source says it has is never promised. The larger of both counts.",
    )  # fmt: skip
    dropship_few = fields.Float(
        string="Few Left", digits="Product Unit", default=5.0, groups=GROUP,
        help="Up to this quantity customers are told how many are left. 0: never.",
    )  # fmt: skip
    dropship_soon_days = fields.Integer(
        string="In Stock Means Within (days)", default=3, groups=GROUP,
        help="What takes longer until it leaves is not called in stock: customers are told the days.",
    )  # fmt: skip

    _dropship_availability_range = models.Constraint(
        "CHECK (LEAST(dropship_buffer_units, dropship_few, dropship_soon_days) >= 0"
        " AND dropship_buffer_percent >= 0 AND dropship_buffer_percent <= 100)",
        "Safety stock, few left and days cannot be negative; a share is between 0 and 100 %.",
    )

    def write(self, vals):
        """Override: other buffers, other promises."""
        result = super().write(vals)
        names = {"dropship_buffer_units", "dropship_buffer_percent", "dropship_few", "dropship_soon_days"}
        if names & vals.keys():
            self.env["dropship.availability"].sudo()._moved_offers([("company_id", "in", [False, *self.ids])])
        return result


class Website(models.Model):
    _inherit = "website"

    dropship_show_availability = fields.Boolean(
        string="Show Availability", default=True, groups=GROUP,
        help="Tell visitors what is in stock, and take no orders for what is not to be had.",
    )  # fmt: skip
    dropship_sitemap_unavailable = fields.Boolean(
        string="Unavailable Products in the Sitemap", default=True, groups=GROUP,
        help="Search engines forget pages that leave the sitemap. Off: only what can be ordered is listed.",
    )  # fmt: skip


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_buffer_units = fields.Float(related="company_id.dropship_buffer_units", readonly=False)
    dropship_buffer_percent = fields.Float(related="company_id.dropship_buffer_percent", readonly=False)
    dropship_few = fields.Float(related="company_id.dropship_few", readonly=False)
    dropship_soon_days = fields.Integer(related="company_id.dropship_soon_days", readonly=False)
    dropship_show_availability = fields.Boolean(related="website_id.dropship_show_availability", readonly=False)
    dropship_sitemap_unavailable = fields.Boolean(related="website_id.dropship_sitemap_unavailable", readonly=False)


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    buffer_own = fields.Boolean(string="Own Safety Stock", help="Instead of the one of the settings.")
    buffer_units = fields.Float(
        string="Safety Stock", digits="Product Unit", help="So many units of each offer are never promised."
    )
    buffer_percent = fields.Float(
        string="Safety Stock (%)", help="This share of the stock is never promised. The larger of both counts."
    )

    _buffer_range = models.Constraint(
        "CHECK (buffer_units >= 0 AND buffer_percent >= 0 AND buffer_percent <= 100)",
        "A safety stock cannot be negative, and not more than 100 %.",
    )


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    buffer_units = fields.Float(
        string="Kept Back",
        digits="Product Unit",
        help="So many units of each product are not promised on this channel, beside the safety stock of the sources.",
    )
    buffer_percent = fields.Float(string="Kept Back (%)", help="The larger of both counts.")

    _buffer_range = models.Constraint(
        "CHECK (buffer_units >= 0 AND buffer_percent >= 0 AND buffer_percent <= 100)",
        "What is kept back cannot be negative, and not more than 100 %.",
    )
