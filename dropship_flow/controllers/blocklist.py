from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.controllers.payment import PaymentPortal
from odoo.exceptions import ValidationError
from odoo.http import request


class DropshipBlocklistShop(WebsiteSale):
    def _get_shop_payment_errors(self, order):
        """Override: said on the payment page, before the ways to pay. What is being paid already is not stopped."""
        errors = super()._get_shop_payment_errors(order)
        paying = any(row.state in ("pending", "authorized", "done") for row in order.transaction_ids)
        if order and not paying and "refuse" in order._dropship_block_actions():
            errors.insert(0, (request.env._("Sorry, this order cannot be placed."), order._dropship_refusal()))
        return errors


class DropshipBlocklistPayment(PaymentPortal):
    def _validate_transaction_for_order(self, transaction, sale_order):
        """Override: a way to pay that was not offered is not taken either."""
        result = super()._validate_transaction_for_order(transaction, sale_order)  # pylint: disable=assignment-from-none
        if transaction.provider_id.code == "custom" and "prepay" in sale_order._dropship_block_actions():
            raise ValidationError(request.env._("This way to pay is not possible here. Please choose another one."))
        return result
