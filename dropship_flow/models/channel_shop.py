from odoo import fields, models


class DropshipSalesChannel(models.Model):
    """What a channel sells at, and where it mainly sells to."""

    _inherit = "dropship.sales.channel"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        index="btree_not_null",
        help="Prices of this channel; price rules write into it. The price of the product itself stays as it is.",
    )
    destination_ids = fields.One2many(
        "dropship.channel.destination",
        "channel_id",
        string="Main Destinations",
        copy=True,
        help="Margins are shown for these; prices are made for the first of them.",
    )
    listing_ids = fields.One2many("dropship.listing", "channel_id", string="Listings")


class DropshipChannelDestination(models.Model):
    """A place that stands for many customers of a channel."""

    _name = "dropship.channel.destination"
    _description = "Main Destination of a Channel"
    _order = "sequence, id"

    channel_id = fields.Many2one("dropship.sales.channel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="channel_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    country_id = fields.Many2one("res.country", required=True)
    state_id = fields.Many2one("res.country.state", domain="[('country_id', '=', country_id)]")
    zip = fields.Char()
