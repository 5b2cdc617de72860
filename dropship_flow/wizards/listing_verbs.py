from odoo import api, fields, models


class DropshipListingHold(models.TransientModel):
    """A person takes listings off their channels for a while: why, and until when."""

    _name = "dropship.listing.hold"
    _description = "Hold Listings"

    listing_ids = fields.Many2many("dropship.listing", string="Listings", required=True)
    reason = fields.Char(required=True)
    until = fields.Date(help="Comes back by itself on this day. Empty: a person releases it.")

    def action_hold(self):
        self.ensure_one()
        self.listing_ids.check_access("write")
        self.listing_ids._hold_by_hand(self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}


class DropshipListProducts(models.TransientModel):
    """Products that exist already, to be listed on a channel."""

    _name = "dropship.list.products"
    _description = "List Products"

    product_tmpl_ids = fields.Many2many("product.template", string="Products", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    channel_id = fields.Many2one(
        "dropship.sales.channel",
        required=True,
        default=lambda self: self.env["dropship.list.offers"]._default_channel(),
        domain="[('company_id', 'in', [company_id, False])]",
    )
    wanted = fields.Selection(
        [("published", "Publish"), ("draft", "Keep as drafts"), ("candidate", "Keep as candidates")],
        string="Afterwards",
        default="published",
        required=True,
    )

    def action_list(self):
        """List them; products listed already take the chosen state."""
        self.ensure_one()
        self.env["dropship.listing"].check_access("create")
        listings = self.env["dropship.listing"]._publish(self.product_tmpl_ids, self.channel_id, self.wanted)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_listing"),
            "domain": [("id", "in", listings.ids)],
        }

    @api.model_create_multi
    def create(self, vals_list):
        self.env["dropship.listing"].check_access("create")
        return super().create(vals_list)
