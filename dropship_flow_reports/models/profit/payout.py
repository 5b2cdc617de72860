"""Rows of posted payouts that turn out to be a fee, or whose order they are: the ledger has to look again."""

from odoo import models
from odoo.tools import SQL


class DropshipPayout(models.Model):
    _inherit = "dropship.payout"

    def _say_states(self, only_open=False):
        """Override: rows are matched by plain SQL, which leaves the moment of the change alone; it is noted here."""
        orders = super()._say_states(only_open)
        if orders:
            self.env.cr.execute(
                SQL(
                    "UPDATE dropship_payout_line SET write_date = now() AT TIME ZONE 'UTC'"
                    " WHERE payout_id = ANY(%s) AND order_id = ANY(%s)",
                    self.ids,
                    orders.ids,
                )
            )
            self.env["dropship.payout.line"].invalidate_model(["write_date"])
        return orders
