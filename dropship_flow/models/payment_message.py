from odoo import api, models
from odoo.exceptions import UserError

from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "pay_failed": _lt(
            "The payment of %(purchase)s to %(supplier)s is not settled: %(error)s – ask him. Then press Pay Again, or "
            "Mark Paid when he has it."
        ),
        "paid_cancelled": _lt(
            "%(purchase)s was paid, or a payment is on its way, but it is cancelled: ask %(supplier)s for the money "
            "back."
        ),
    }
)
# Kinds of exceptions about money, and the verbs that solve them.
PAY_VERBS = {
    "pay_price": ["action_pay_new_price", "action_open_purchase"],
    "pay_expired": ["action_pay_now", "action_mark_paid", "action_open_purchase"],
    "pay_failed": ["action_pay_now", "action_mark_paid"],
    "paid_cancelled": ["action_money_back"],
    "wallet_low": ["action_wallet_retry", "action_wallet_elsewhere"],
}
STOPPABLE = ("ready", "parked", "rejected")


class DropshipConnector(models.AbstractModel):
    _inherit = "dropship.connector"

    @api.model
    def _paying_kinds(self):
        """Kinds of connections that carry a message "pay"."""
        return ["json_api"]

    @api.model
    def _can_pay(self, connection):
        return connection.kind in self._paying_kinds()


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_pay(self):
        """Send the payment of locked purchases, each once: the key of the message is the purchase.

        Purchases whose price differs are not paid; their buyer is asked.
        """
        going = self - self._dropship_price_differs()
        for order in going:
            amount = order._dropship_pay_amount()
            content = {"amount": amount, "currency": order.currency_id.name}
            message = self.env["dropship.exchange"].sudo()._enqueue(order, "pay", content=content)
            if message.state == "cancelled":
                raise UserError(
                    self.env._(
                        "The payment of %s was taken back before. Pay it with the supplier and press Mark Paid.",
                        order.name,
                    )
                )
            if message.state in ("parked", "rejected"):
                # The same message under the same key: a supplier who has it already says so.
                message._set_state("ready", next_try=False, error=False, content=content)
            order._dropship_set_pay_state("paying", dropship_pay_total=amount)
            if message.state == "sent":
                order._dropship_paid()
        self.env.ref("dropship_flow.cron_relay")._trigger()
        return going._dropship_pay_result(self)

    def _dropship_pay_messages(self):
        return (
            self.env["dropship.exchange"]
            .sudo()
            .search([("purchase_id", "in", self.ids), ("kind", "=", "pay"), ("direction", "=", "out")])
        )

    def _dropship_stop_pay_messages(self):
        """A person pays: no message may pay as well.

        :raise UserError: when one may be on its way this moment
        """
        messages = self._dropship_pay_messages()
        messages.lock_for_update()
        flying = messages.filtered(lambda message: message.state in ("sending", "unknown"))
        if flying:
            raise UserError(
                self.env._(
                    "A payment of %s is on its way; nobody knows yet whether it arrived. Wait for its end under "
                    "Messages.",
                    ", ".join(flying.purchase_id.mapped("name")),
                )
            )
        messages.filtered(lambda message: message.state in STOPPABLE)._set_state("cancelled")

    def button_cancel(self):
        """Override: a payment that has not left stays here; one that may have left has to be asked back."""
        result = super().button_cancel()
        for order in self.sudo().filtered(lambda order: order.state == "cancel" and order.dropship_warehouse_id):
            if order.dropship_pay_state not in ("paying", "paid") or order._dropship_payment_way() == "wallet":
                continue
            messages = order._dropship_pay_messages()
            messages.filtered(lambda message: message.state in STOPPABLE)._set_state("cancelled")
            if order.dropship_pay_state == "paying" and all(message.state == "cancelled" for message in messages):
                order._dropship_set_pay_state("to_pay")
                order._dropship_set_pay_state("none", dropship_pay_by=False)
                continue
            params = {"purchase": order.name, "supplier": order.partner_id.name}
            order._dropship_ask_about_payment("paid_cancelled", [["paid_cancelled", params]])
        return result


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    def _open_exceptions(self):
        """Override: money that has left is asked back although the purchase ended."""
        return super()._open_exceptions().filtered(lambda exception: exception.kind != "paid_cancelled")


class DropshipExchange(models.Model):
    _inherit = "dropship.exchange"

    def _after(self, outcome):
        """Override: the end of a payment is the end of the waiting, or a case for a person."""
        result = super()._after(outcome)
        self._pay_outcome(outcome.error)
        return result

    def action_it_arrived(self):
        """Override: what a person found out about a payment is so."""
        result = super().action_it_arrived()
        self.sudo()._pay_outcome()
        return result

    def action_drop(self):
        """Override: a payment that is not sent is still to be made."""
        result = super().action_drop()
        self.sudo()._pay_outcome()
        return result

    def _pay_outcome(self, error=""):
        """Bring the purchases in line with their messages about payment."""
        for message in self.filtered(lambda message: message.kind == "pay" and message.direction == "out"):
            purchase = message.purchase_id
            if message.state == "sent":
                if purchase.state == "cancel":
                    params = {"purchase": purchase.name, "supplier": message.supplier_id.name}
                    purchase._dropship_ask_about_payment("paid_cancelled", [["paid_cancelled", params]])
                purchase._dropship_paid()
            elif message.state == "cancelled" and purchase.dropship_pay_state == "paying":
                purchase._dropship_set_pay_state("to_pay")
            elif message.state in ("parked", "rejected"):
                params = {"purchase": purchase.name, "supplier": message.supplier_id.name, "error": error or ""}
                purchase._dropship_ask_about_payment("pay_failed", [["pay_failed", params]])


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        return [
            *super()._exception_kinds(),
            ("pay_price", self.env._("Price differs before paying")),
            ("pay_expired", self.env._("Payment overdue")),
            ("pay_failed", self.env._("Payment did not arrive")),
            ("paid_cancelled", self.env._("Paid, but cancelled")),
            ("wallet_low", self.env._("Prepaid balance too low")),
        ]

    @api.model
    def _verbs(self):
        return {**super()._verbs(), **PAY_VERBS}

    @api.model
    def _verb_titles(self):
        return {
            **super()._verb_titles(),
            "action_pay_new_price": self.env._("Pay the New Price"),
            "action_pay_now": self.env._("Pay Now"),
            "action_mark_paid": self.env._("Mark Paid"),
            "action_money_back": self.env._("Money Is Back"),
            "action_wallet_retry": self.env._("Send Again"),
            "action_wallet_elsewhere": self.env._("Buy Elsewhere"),
        }

    def _check_was_asked(self):
        """Override: agreeing to a cancellation answers none of the questions about money."""
        if self.filtered(lambda exception: exception.kind in PAY_VERBS):
            raise UserError(self.env._("This exception is about a payment. Use its own buttons, or open the purchase."))
        return super()._check_was_asked()

    def _purchases_to_pay(self):
        self.check_access("write")
        return self.filtered(lambda exception: exception.state == "open").purchase_id

    def action_pay_new_price(self):
        """The buyer agrees to the new price; it is paid at once where that needs no person."""
        purchases = self._purchases_to_pay()
        purchases.action_dropship_pay_price()
        return purchases.filtered(lambda order: order.sudo()._dropship_pays_itself()).action_dropship_pay()

    def action_pay_now(self):
        purchases = self._purchases_to_pay()
        # A payment that did not arrive is made again under its own key.
        failed = purchases.sudo().filtered(lambda order: order.dropship_pay_state == "paying")
        failed._dropship_pay_messages().filtered(
            lambda message: message.state in ("parked", "rejected")
        ).purchase_id._dropship_set_pay_state("to_pay")
        result = purchases.action_dropship_pay()
        purchases._dropship_pay_questions("pay_failed", "pay_expired")._set_state(
            "solved", solution=self.env._("Paid again")
        )
        return result

    def action_mark_paid(self):
        return self._purchases_to_pay().action_dropship_mark_paid()

    def action_money_back(self):
        """The supplier gave the money back, or it counts for the next order."""
        self.check_access("write")
        paid_back = self.filtered(lambda exception: exception.kind == "paid_cancelled" and exception.state == "open")
        purchases_sudo = paid_back.sudo().purchase_id
        purchases_sudo.filtered(lambda order: order.dropship_pay_state == "paid")._dropship_set_pay_state("none")
        paid_back._set_state("solved", solution=self.env._("Money came back"))
        return True
