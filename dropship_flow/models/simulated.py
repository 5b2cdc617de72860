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

    def _dropship_is_played(self):
        """Whether no customer waits for it: a test order, or an invented one. Nobody is paid, told or judged for it."""
        return any(order.dropship_is_test or order.dropship_is_simulated for order in self)


class ResPartner(models.Model):
    _inherit = "res.partner"

    dropship_is_simulated = fields.Boolean("Invented", copy=False, readonly=True, groups="base.group_user")
