from odoo import fields, models


class DropshipOffer(models.Model):
    """What a supplier says about the goods themselves, as his feed gave it."""

    _inherit = "dropship.offer"

    barcode = fields.Char(string="GTIN", index="btree_not_null", help="14 digits, as the supplier gives it.")
    brand = fields.Char(index="btree_not_null")
    category = fields.Char(string="Supplier's Category", help="The supplier's own path.")
    group_code = fields.Char(
        string="Group", index="btree_not_null", help="What the variants of one product have in common."
    )
    attributes = fields.Json(help="What this variant is: colour, size …")
    description = fields.Text(string="Supplier's Description")
    image_urls = fields.Text(string="Pictures", help="Addresses, one per line.")
    retail_price = fields.Float(
        string="Suggested Retail Price", min_display_digits="Product Price", help="MSRP per offered unit."
    )
    map_price = fields.Float(
        string="Minimum Advertised Price", min_display_digits="Product Price", help="MAP per offered unit."
    )
    next_arrival = fields.Date(string="In Stock Again", help="When goods come in again.")
    discontinued = fields.Boolean(help="The supplier will not have it again.")
    hs_code = fields.Char(string="HS Code")
    origin_id = fields.Many2one("res.country", string="Made In")
    feed_id = fields.Many2one("dropship.feed", ondelete="set null", index="btree_not_null", readonly=True)
    row_key = fields.Char(readonly=True, copy=False, help="Fingerprint of the row that was last taken.")
    missing_runs = fields.Integer(
        readonly=True, copy=False, help="How many accepted full feeds in a row did not have it any more."
    )
    unconfirmed = fields.Boolean(
        readonly=True, copy=False, help="The last file of its feed had it, but its row could not be taken."
    )
    quarantined = fields.Boolean(
        string="Price in Doubt",
        readonly=True,
        copy=False,
        help="Its feed gave a price that is hard to believe: the old one counts until somebody decides.",
    )
    held_price = fields.Float(
        string="Doubtful Price", min_display_digits="Product Price", readonly=True, copy=False, help="Per offered unit."
    )
    held_currency_id = fields.Many2one("res.currency", string="Currency of the Doubtful Price", readonly=True)

    _quarantined_idx = models.Index("(supplier_id) WHERE quarantined")
