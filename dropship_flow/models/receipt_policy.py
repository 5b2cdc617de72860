from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dropship_receipt_days = fields.Integer(
        string="Days until Delivered Counts as Received",
        default=7,
        groups="base.group_user",
        help="After what the carrier calls delivered, inside of a country; in them the customer may object.",
    )
    dropship_receipt_days_abroad = fields.Integer(
        string="Days until Delivered Counts as Received, Abroad",
        default=15,
        groups="base.group_user",
        help="The same for parcels from another country.",
    )
    dropship_quiet_days = fields.Integer(
        string="Quiet Days until Receipt",
        default=45,
        groups="base.group_user",
        help="So long after the last scan, without a word of anybody, a parcel counts as received. 0: never.",
    )
    dropship_return_days = fields.Integer(
        string="Return Window (days)",
        default=14,
        groups="base.group_user",
        help="From receipt on. Consumers in the European Union have 14 days at least.",
    )

    _dropship_receipt_positive = models.Constraint(
        "CHECK (LEAST(dropship_receipt_days, dropship_receipt_days_abroad, dropship_quiet_days,"
        " dropship_return_days) >= 0 AND GREATEST(dropship_receipt_days, dropship_receipt_days_abroad,"
        " dropship_quiet_days, dropship_return_days) <= 730)",
        "Days of receipt and return are between 0 and 730.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dropship_receipt_days = fields.Integer(related="company_id.dropship_receipt_days", readonly=False)
    dropship_receipt_days_abroad = fields.Integer(related="company_id.dropship_receipt_days_abroad", readonly=False)
    dropship_quiet_days = fields.Integer(related="company_id.dropship_quiet_days", readonly=False)
    dropship_return_days = fields.Integer(related="company_id.dropship_return_days", readonly=False)
    dropship_carrier_links = fields.Boolean(related="company_id.dropship_carrier_links", readonly=False)


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    receipt_days = fields.Integer(
        string="Receipt after Delivery (days)",
        help="After what the carrier calls delivered the order counts as received. 0: as the company says.",
    )
    return_days = fields.Integer(
        string="Return Window (days)", help="From receipt on. 0: as the company says.",
    )

    _receipt_positive = models.Constraint(
        "CHECK (LEAST(receipt_days, return_days) >= 0 AND GREATEST(receipt_days, return_days) <= 730)",
        "Days of receipt and return are between 0 and 730.",
    )
