from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    dropship_service_id = fields.Many2one(
        "dropship.shipping.service",
        string="Supplier's Delivery Service",
        help="Customers who pay this method get goods sent by this service of the supplier. Empty: any service.",
    )
