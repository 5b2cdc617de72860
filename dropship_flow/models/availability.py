from odoo import fields, models


class DropshipAvailability(models.Model):
    """What can be promised of a product over all its sources, as customers are told; renewed when supply moves."""

    _name = "dropship.availability"
    _description = "Availability of a Product"
    _order = "product_id, id"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    quantity = fields.Float(help="Units of the product that can be promised.")
    unlimited = fields.Boolean()
    state = fields.Selection(
        [
            ("in_stock", "In stock"),
            ("few", "Only a few left"),
            ("later", "Ships in some days"),
            ("closed", "Closed for a while"),
            ("none", "Not available"),
        ],
        required=True,
        default="none",
    )
    ship_days = fields.Integer(help="Days until it leaves.")
    closed_until = fields.Date()

    _product_company_uniq = models.Constraint(
        "UNIQUE (product_id, company_id)", "A product has one availability per company."
    )
