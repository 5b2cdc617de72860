from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_is_simulated = fields.Boolean(
        "Invented",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Made by Simulate a Day: no customer waits for it.",
    )

    # Few orders are, and only by them is ever searched.
    _dropship_is_simulated_idx = models.Index("(company_id) WHERE dropship_is_simulated")


class ResPartner(models.Model):
    _inherit = "res.partner"

    dropship_is_simulated = fields.Boolean("Invented", copy=False, readonly=True, groups="base.group_user")
