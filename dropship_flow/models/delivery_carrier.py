from odoo import api, fields, models
from odoo.exceptions import ValidationError

PRICED = "dropship_flow.group_dropship_user"


class DeliveryCarrier(models.Model):
    """What a customer pays for shipping, and what he gets for it: one charge however many parcels."""

    _inherit = "delivery.carrier"

    delivery_type = fields.Selection(
        selection_add=[("dropship", "Dropshipping")],
        ondelete={"dropship": lambda carriers: carriers.write({"delivery_type": "fixed", "fixed_price": 0.0})},
    )
    dropship_service_ids = fields.Many2many(
        "dropship.shipping.service",
        "delivery_carrier_dropship_service_rel",
        string="Suppliers' Delivery Services",
        groups=PRICED,
        help="Customers who pay this method get goods sent by one of these services. Empty: any service.",
    )
    dropship_charge = fields.Selection(
        [
            ("free", "Free"),
            ("flat", "Flat price"),
            ("zone", "By zone and weight"),
            ("plan", "Expected freight + margin"),
        ],
        string="Charge",
        default="flat",
        groups="base.group_user",
        help="One charge for the order, however many parcels it comes in.",
    )
    dropship_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of Charges",
        compute="_compute_dropship_currency_id",
        store=True,
        readonly=False,
        groups="base.group_user",
        help="Customers with another currency pay the same, converted on the day of the order.",
    )
    dropship_flat = fields.Monetary("Price", currency_field="dropship_currency_id", groups="base.group_user")
    dropship_margin_percent = fields.Float(
        "Margin on Freight (%)", groups="base.group_user", help="Added to the freight the cheapest plan expects."
    )
    dropship_margin_fixed = fields.Monetary(
        "Plus", currency_field="dropship_currency_id", groups="base.group_user", help="Added after the margin."
    )
    dropship_fallback = fields.Monetary(
        "Without a Plan",
        currency_field="dropship_currency_id",
        groups="base.group_user",
        help="Charged when no plan is found. 0: the method is not offered then.",
    )
    dropship_round_to = fields.Float(
        "Round Up To",
        digits=(16, 4),
        groups="base.group_user",
        help="The charge is rounded up to a multiple of this, in the currency of the order. 0: not rounded.",
    )
    dropship_zone_ids = fields.One2many(
        "dropship.delivery.zone", "carrier_id", string="Zones", copy=True, groups=PRICED
    )
    dropship_threshold_ids = fields.One2many(
        "dropship.delivery.threshold", "carrier_id", string="Free Above", copy=True, groups=PRICED
    )
    dropship_free_basis = fields.Selection(
        [
            ("shop", "As the shop shows its prices"),
            ("included", "Tax included"),
            ("excluded", "Tax excluded"),
        ],
        string="Amount Counts",
        default="shop",
        groups="base.group_user",
        help="Which amount of the goods is compared with the free-shipping amount.",
    )

    _dropship_charges_positive = models.Constraint(
        "CHECK (LEAST(COALESCE(dropship_flat, 0), COALESCE(dropship_margin_fixed, 0), COALESCE(dropship_fallback, 0),"
        " COALESCE(dropship_round_to, 0)) >= 0 AND COALESCE(dropship_margin_percent, 0) > -100)",
        "What a customer pays for shipping cannot be negative.",
    )

    @api.depends("company_id")
    def _compute_dropship_currency_id(self):
        for carrier in self:
            if not carrier.dropship_currency_id:
                carrier.dropship_currency_id = (carrier.company_id or self.env.company).currency_id

    @api.constrains("delivery_type", "dropship_charge", "dropship_zone_ids")
    def _check_dropship_charge(self):
        for carrier in self.filtered(lambda carrier: carrier.delivery_type == "dropship"):
            if not carrier.dropship_charge:
                raise ValidationError(self.env._("Choose how %s charges for shipping.", carrier.name))

    @api.constrains("dropship_service_ids", "product_id")
    def _check_dropship_services(self):
        for carrier in self.sudo():
            company = carrier.company_id
            strange = carrier.dropship_service_ids.filtered(
                lambda service, company=company: (
                    company and service.company_id and service.company_id != company
                )
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(service)s belongs to a supplier of another company than %(carrier)s.",
                        service=strange[0].name,
                        carrier=carrier.name,
                    )
                )

    @api.onchange("delivery_type")
    def _onchange_dropship_type(self):
        """What core adds for its own types would come on top of our charge."""
        if self.delivery_type == "dropship":
            self.free_over = False
            self.margin = 0.0
            self.fixed_margin = 0.0
            self.integration_level = "rate"

    def _dropship_services(self):
        """Names (as the router compares them) of the suppliers' services this method may use; empty: any."""
        return frozenset(
            name
            for service in self.sudo().with_context(lang=None).dropship_service_ids
            if (name := service.code or service.name)
        )

    # === What the shipping connector offers besides prices: the suppliers send, not we === #

    def dropship_send_shipping(self, pickings):
        return [{"exact_price": 0.0, "tracking_number": False} for _picking in pickings]

    def dropship_get_tracking_link(self, picking):
        return self.fixed_get_tracking_link(picking)

    def dropship_cancel_shipment(self, pickings):
        """Nothing was booked anywhere."""
        return None
