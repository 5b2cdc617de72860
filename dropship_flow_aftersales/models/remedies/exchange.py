"""Replacement, exchange and spare part: an order is made, routed like any, and paid where something is to be paid."""

from decimal import Decimal

from odoo import models
from odoo.addons.dropship_flow.address.ship_to import fingerprint
from odoo.exceptions import UserError

from ...refunding import Ask


class DropshipResolution(models.Model):
    _inherit = "dropship.resolution"

    def _do_replacement(self):
        """The same goods once more, free of charge."""
        return self._send_goods()

    def _do_exchange(self):
        """Other goods, or the same in another size, for the difference."""
        return self._send_goods()

    def _do_spare_part(self):
        """A part of it, free of charge; nothing comes back."""
        return self._send_goods()

    def _send_goods(self):
        """Make the orders once, let them go, and give back what they cost less.

        :return: "waits" while the customer has to pay
        """
        self.ensure_one()
        resolution = self.sudo()  # who may agree need not write orders
        orders = resolution._live_orders() or resolution._make_orders()
        for order in orders.filtered(lambda order: order.state in ("draft", "sent")):
            order.with_context(dropship_carrying=True)._dropship_let_go()
        if any(order.state != "sale" for order in orders):
            return "waits"
        resolution._give_differences(orders)
        return None

    def _make_orders(self):
        """:raise UserError: nobody can supply it now"""
        case, offer = self.return_id, self._offer()
        orders = case._remedy_orders(offer, self)
        if any(order._dropship_without_source() for order in orders):
            orders.order_line.dropship_choice_ids.unlink()  # nobody else has it
            why = case._unsupplied(orders)
            if why:
                raise UserError(f"{why} {case._instead_of(offer)}")  # pylint: disable=translation-required
        orders._dropship_take_deposit(offer)
        for order in orders:
            order.dropship_instead_of_id._dropship_note(
                self.env._("%(case)s: %(order)s is sent for it.", case=case.name, order=order.name)
            )
            order._dropship_warn_of_address()
        return orders

    def _give_differences(self, orders):
        """What is sent costs less than what it stands for: the customer gets the rest back, once."""
        for order in orders:
            asks = [
                Ask(
                    "price_difference",
                    line=row.dropship_case_line_id.order_line_id.id,
                    amount=Decimal(str(-row.dropship_difference)),
                )
                for row in order.order_line
                if row.currency_id.compare_amounts(row.dropship_difference, 0.0) < 0
            ]
            if asks:
                self._refund(order.dropship_instead_of_id, asks, f"resolution {self.id} difference {order.id}")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_let_go(self):
        """Confirm what costs nothing more; for the rest the customer is asked to pay, once. Runs as the system."""
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount_total, 0.0) <= 0 or self._dropship_paid_up():
            self.action_confirm()
            if self.dropship_instead_of_id:
                self.dropship_instead_of_id._dropship_tell("replaced")
        elif self.state == "draft":
            self._dropship_ask_to_pay()

    def _dropship_warn_of_address(self):
        """It goes where the first goods went. If that address was written anew since, somebody should look."""
        rows = self.order_line.dropship_case_line_id.order_line_id.dropship_allocation_ids
        known = {row.ship_to_hash for row in rows if row.state != "released" and row.ship_to_hash}
        if known and fingerprint(self.partner_shipping_id._dropship_ship_to()) not in known:
            self._dropship_note(
                self.env._("The address was changed since the first order. Ask the customer where this goes.")
            )

    def _dropship_ask_to_pay(self):
        """Send the customer what he is to accept and to pay."""
        self.action_quotation_sent()
        name = "mail_repair_quote" if self.dropship_resolution_id.kind == "repair" else "mail_pay_difference"
        template = self.env.ref(f"dropship_flow_aftersales.{name}", raise_if_not_found=False)
        if template:
            self._send_order_notification_mail(template)

    def _dropship_paid_up(self):
        return bool(self.transaction_ids) and self._is_confirmation_amount_reached()
