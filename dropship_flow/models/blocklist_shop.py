"""What the blocklist does before anything is paid. No page says that there is a list."""

from odoo import api, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_block_actions(self):
        """What the blocklist wants of the order: a set of "refuse", "prepay", "hold"."""
        self.ensure_one()
        order_sudo = self.sudo()  # the visitor's own cart; the answer is never shown
        rules_sudo = self.env["dropship.hold.rule"].sudo()
        keys = {order_sudo: rules_sudo._keys_of(order_sudo)}
        blocks = self.env["dropship.blocklist"]._blocks_of(keys, order_sudo.company_id)
        return {block.action for block in blocks[order_sudo]}

    def _dropship_refusal(self):
        return self.env._("We cannot take this order online. Please contact us, and we will find a way.")

    def _check_cart_is_ready_to_be_paid(self):
        """Override: a refused customer does not get to pay."""
        if "refuse" in self._dropship_block_actions():
            raise ValidationError(self._dropship_refusal())
        return super()._check_cart_is_ready_to_be_paid()


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    @api.model
    def _get_compatible_providers(self, *args, sale_order_id=None, report=None, **kwargs):
        """Override: who has to prepay is offered neither cash on delivery nor transfer."""
        providers = super()._get_compatible_providers(*args, sale_order_id=sale_order_id, report=report, **kwargs)
        order = self.env["sale.order"].browse(sale_order_id or []).exists()
        if order and "prepay" in order._dropship_block_actions():
            providers = providers.filtered(lambda provider: provider.code != "custom")
        return providers
