from odoo import fields, models


class ResCompany(models.Model):
    """How profit is shown. None of it changes what is in the ledger, or the net profit."""

    _inherit = "res.company"

    dropship_profit_refund_day = fields.Selection(
        [("order", "The day of the order"), ("refund", "The day of the refund")],
        string="Refunds Count On",
        default="refund",
        required=True,
        help="The day of the order shows how good that day's sales were in the end, and changes past days. "
        "The day of the refund is how the books count.",
    )
    dropship_profit_with_tax = fields.Boolean(
        string="Show Tax Collected", help="Beside the figures. It is owed to the state and never part of the profit."
    )
    dropship_profit_returned_cost = fields.Boolean(
        string="Cost of Returned Goods in Contribution 1",
        default=True,
        help="Otherwise it counts in Contribution 4, beside what else returns cost. The net profit is the same.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_profit_refund_day = fields.Selection(related="company_id.dropship_profit_refund_day", readonly=False)
    dropship_profit_with_tax = fields.Boolean(related="company_id.dropship_profit_with_tax", readonly=False)
    dropship_profit_returned_cost = fields.Boolean(related="company_id.dropship_profit_returned_cost", readonly=False)
