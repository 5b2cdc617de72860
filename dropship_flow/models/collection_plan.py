"""When amounts to collect are made, changed, and told."""

from odoo import api, models

from ..holding import Payment
from .exact import decimal


class DropshipCollection(models.Model):
    _inherit = "dropship.collection"

    @api.model
    def _add(self, order, parts, **vals):
        """New rows of an order.

        :param dict parts: {purchase: Decimal}
        """
        with self._first_come():
            return self.create(
                [
                    {
                        "order_id": order.id,
                        "purchase_id": purchase.id,
                        "company_id": order.company_id.id,
                        "currency_id": order.currency_id.id,
                        "amount": float(amount),
                        **vals,
                    }
                    for purchase, amount in parts.items()
                ]
            )

    def _dropship_tell_changed(self, amount):
        """The supplier knows another amount: somebody has to tell him, his page shows the new one at once."""
        self.ensure_one()
        purchase = self.purchase_id
        if decimal(self.amount) == amount or purchase.state not in ("sent", "purchase"):
            return
        money = self.currency_id
        params = {
            "supplier": purchase.partner_id.name, "purchase": purchase.name,
            "old": money.format(self.amount), "new": money.format(float(amount)),
        }  # fmt: skip
        row = purchase.dropship_allocation_ids.filtered(lambda one: one.state in ("submitted", "accepted"))[:1]
        if row:
            self.env["dropship.exception"]._raise(row, "collect_changed", [["collect_changed", params]])


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: an amount the supplier has to be told."""
        return [*super()._exception_kinds(), ("collect_changed", self.env._("Amount to collect changed"))]

    @api.model
    def _verbs(self):
        """Override: see _exception_kinds."""
        return {**super()._verbs(), "collect_changed": ["action_open_purchase", "action_done"]}


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_hand_over(self):
        """Override: what the carrier has to collect is known before the supplier hears of the order."""
        self.sudo().dropship_sale_id._dropship_plan_collections()
        return super()._dropship_hand_over()

    def _dropship_collect(self):
        """What is collected with the goods of a purchase: {"amount", "currency", "parcels": {number: amount}}.

        The only money figure of a sale a supplier may see; empty for orders that are paid otherwise.
        """
        self.ensure_one()
        # The supplier reads his purchase's own amounts, nothing of the sale.
        rows_sudo = self.env["dropship.collection"].sudo().search(
            [("purchase_id", "=", self.id), ("state", "not in", ("cancelled", "refused"))], order="id"
        )
        total = sum((decimal(row.amount) for row in rows_sudo), decimal(0))
        if not total:
            return {}
        digits = rows_sudo.currency_id[:1].decimal_places
        return {
            "amount": f"{total:.{digits}f}",
            "currency": rows_sudo.currency_id[:1].name,
            "parcels": {
                row.shipment_id.number: f"{decimal(row.amount):.{digits}f}" for row in rows_sudo if row.shipment_id
            },
        }

    def _dropship_collect_words(self, number=""):
        """The same for people: of one parcel where it is known, else of the whole purchase; '' for nothing."""
        told = self._dropship_collect()
        if not told:
            return ""
        amount = told["parcels"].get(number) or told["amount"]
        currency = self.env["res.currency"].sudo().search([("name", "=", told["currency"])], limit=1)
        return currency.format(float(amount))


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _dropship_paid(self):
        """Override: what is paid meanwhile is not collected any more."""
        result = super()._dropship_paid()
        orders_sudo = self.sudo().sale_order_ids.filtered(lambda order: order.state == "sale")
        orders_sudo.filtered("dropship_allocation_ids")._dropship_plan_collections()
        return result


class DropshipHoldRule(models.Model):
    _inherit = "dropship.hold.rule"

    @api.model
    def _read_payments(self, facts, rules):
        """Override: the desk's word that the carrier collects counts like the customer's choice."""
        result = super()._read_payments(facts, rules)
        for order, known in facts.items():
            if order.dropship_collect and not any(one.method == "cash_on_delivery" for one in known.payments):
                known.payments.append(Payment("pending", order.amount_total, "cash_on_delivery"))
        return result
