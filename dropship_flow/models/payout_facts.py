"""What posted payouts brought for an order replaces what was only expected of its channel."""

from decimal import Decimal

from odoo import models

from .exact import decimal


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_payout_facts(self):
        """Override: by the payouts of channels and providers where they pay out; cash on delivery stays as it is."""
        result = super()._dropship_payout_facts()
        wanted, got = self._dropship_payout_expected(), self._dropship_payout_received()
        told = self._dropship_fees_told()
        for order in wanted.keys() | got.keys():
            expected, received, fees = result.get(order.id, (Decimal(0), Decimal(0), Decimal(0)))
            if order in got and order.sudo().dropship_collection_ids:
                received, fees = received + decimal(got[order][0]), fees + told.get(order, Decimal(0))
                result[order.id] = (expected, received, fees)
            elif order in got:
                result[order.id] = (Decimal(0), decimal(got[order][0]), told.get(order, Decimal(0)))
            else:
                result[order.id] = (decimal(wanted[order][0]), Decimal(0), fees)
        return result

    def _dropship_fees_told(self):
        """{order: Decimal} of the fees payouts told, in the order's currency."""
        result = {}
        facts_sudo = self.env["dropship.payment.fee"].sudo()  # whoever reads the order's money need not open each fee
        for fact_sudo in facts_sudo.search([("order_id", "in", self.ids)]):
            order = fact_sudo.order_id.with_env(self.env)
            amount = fact_sudo.amount
            if fact_sudo.currency_id != order.currency_id:
                amount = fact_sudo.currency_id._convert(amount, order.currency_id, order.company_id, fact_sudo.date)
            result[order] = result.get(order, Decimal(0)) + decimal(order.currency_id.round(amount))
        return result
