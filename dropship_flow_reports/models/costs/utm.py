from odoo import fields, models


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    dropship_channel_id = fields.Many2one(
        "dropship.sales.channel", string="Sales Channel", ondelete="set null",
        domain="[('company_id', 'in', [False, company_id])]",
        help="What the campaign cost on days on which it brought no order counts for this channel.",
    )  # fmt: skip


class UtmSource(models.Model):
    _inherit = "utm.source"

    dropship_partner_id = fields.Many2one(
        "res.partner", string="Billed By", ondelete="set null", index="btree_not_null",
        help="Who sends the bills for its advertising, e.g. Google. Bills of others do not count for this source.",
    )  # fmt: skip
