from odoo import fields, models

PROMOTION_RULES = [
    ("let_go", "Let the customer keep it"),
    ("take_back", "Take it off the refund"),
    ("charge", "Take it off the refund, gifts as well"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_refund_post = fields.Boolean(
        string="Post Credit Notes at Once", default=True, help="Otherwise they wait as drafts for the accountant."
    )
    dropship_refund_limit = fields.Monetary(
        string="Agents Refund Up To", default=100.0, help="What is more a service manager does. 0: managers only."
    )
    dropship_refund_promotions = fields.Selection(
        PROMOTION_RULES,
        string="Promotion No Longer Earned",
        default="take_back",
        required=True,
        help="When too little of an order stays for the promotion it was given.",
    )
    dropship_refund_stored = fields.Selection(
        [("last", "After other payments"), ("first", "Before other payments")],
        string="Gift Cards Are Given Back",
        default="last",
        required=True,
    )

    _dropship_refund_limit_positive = models.Constraint(
        "CHECK (dropship_refund_limit >= 0)", "The limit of agents is not below nothing."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_refund_post = fields.Boolean(related="company_id.dropship_refund_post", readonly=False)
    dropship_refund_limit = fields.Monetary(
        related="company_id.dropship_refund_limit", readonly=False, currency_field="company_currency_id"
    )
    dropship_refund_promotions = fields.Selection(related="company_id.dropship_refund_promotions", readonly=False)
    dropship_refund_stored = fields.Selection(related="company_id.dropship_refund_stored", readonly=False)
