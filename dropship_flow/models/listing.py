from odoo import api, fields, models

LISTING_STATES = [
    ("candidate", "Candidate"),
    ("draft", "Draft"),
    ("published", "Published"),
    ("hold", "On Hold"),
    ("delisted", "Delisted"),
]


class DropshipListing(models.Model):
    """A product on a sales channel: what a person wants of it, and what stands against it."""

    _name = "dropship.listing"
    _description = "Listing"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    product_tmpl_id = fields.Many2one("product.template", required=True, ondelete="cascade", index=True)
    channel_id = fields.Many2one("dropship.sales.channel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, required=True, index=True
    )
    wanted = fields.Selection(
        [("candidate", "Candidate"), ("draft", "Draft"), ("published", "Published"), ("delisted", "Delisted")],
        default="draft",
        required=True,
        tracking=True,
        help="What a person wants.",
    )
    reasons = fields.Json(help="[[code, figures], …]: facts that keep it off the channel.")
    state = fields.Selection(
        LISTING_STATES, compute="_compute_state", store=True, index=True, help="What a person wants, less what fails."
    )

    _template_channel_uniq = models.Constraint(
        "UNIQUE (product_tmpl_id, channel_id)", "This product is listed on this channel already."
    )

    @api.depends("channel_id.company_id")
    def _compute_company_id(self):
        for listing in self:
            listing.company_id = listing.channel_id.company_id or listing.company_id or self.env.company

    @api.depends("wanted", "reasons")
    def _compute_state(self):
        for listing in self:
            held = listing.wanted == "published" and listing.reasons
            listing.state = "hold" if held else listing.wanted
