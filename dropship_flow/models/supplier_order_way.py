from odoo import fields, models


class DropshipSupplier(models.Model):
    _inherit = "dropship.supplier"

    order_way = fields.Selection(
        [
            ("sheet", "Excel and link"),
            ("link", "Link only"),
            ("platform", "We order on their platform"),
        ],
        string="Takes Orders By",
        default="sheet",
        required=True,
        tracking=True,
        help="The link opens the purchase on a phone or a computer without a login; there the supplier accepts and "
        "enters tracking numbers.",
    )
