"""A purchase from a prepaid balance: taken when it is sent, given back when it ends, never twice."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..papers import wallet_left
from .reason_text import FLOW_REASONS, _lt

FLOW_REASONS.update(
    {
        "wallet_short": _lt(
            "%(purchase)s needs %(need)s, %(supplier)s holds %(left)s for us: top up the balance and it is sent by "
            "itself, or press Buy Elsewhere."
        ),
    }
)
UNSENT = ("draft", "to approve")


class DropshipWallet(models.Model):
    _inherit = "dropship.wallet"

    def _reserved_amounts(self, but=None):
        """What purchases that are not sent yet will take, in the wallet's currency."""
        self.ensure_one()
        orders = self.env["purchase.order"].search(
            [
                ("dropship_warehouse_id.supplier_id", "=", self.supplier_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", UNSENT),
                ("dropship_is_test", "!=", True),
            ]
        )
        if but:
            orders -= but
        orders = orders.filtered(lambda order: self._wallet_of_order(order) == self)
        return [self._in_currency(order._dropship_amount_due(), order.currency_id) for order in orders]

    @api.model
    def _wallet_of_order(self, order):
        return self._wallet_of(order.dropship_warehouse_id.supplier_id, order.company_id, order.currency_id)

    def _wake_waiting(self):
        """Money came in: what waited for it is sent, and orders nobody could take are tried again."""
        waiting = self.env["dropship.exception"].search(
            [
                ("kind", "=", "wallet_low"),
                ("state", "=", "open"),
                ("purchase_id.dropship_warehouse_id.supplier_id", "in", self.supplier_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            order="id",
        )
        # In the background, the oldest first: a top-up is not undone by a purchase that fails.
        now = fields.Datetime.now()
        for purchase in waiting.purchase_id.filtered(lambda order: order.state == "draft"):
            purchase.dropship_send_at = now
        holds = self.env["dropship.hold"].search(
            [
                ("kind", "=", "no_source"),
                ("state", "=", "open"),
                ("company_id", "in", self.company_id.ids),
                ("order_id.order_line.product_id.dropship_offer_ids.supplier_id", "in", self.supplier_id.ids),
            ]
        )
        if holds:  # long ago enough to be due for the next try
            holds.last_try = fields.Datetime.subtract(now, days=1)
            self.env.ref("dropship_flow.cron_retry_holds")._trigger()
        if waiting:
            self.env.ref("dropship_flow.cron_submit")._trigger()


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _dropship_wallet(self):
        """The wallet the purchase is taken from; none when it is paid otherwise."""
        self.ensure_one()
        wallets_sudo = self.env["dropship.wallet"].sudo()  # whoever sends a purchase need not see balances
        if self._dropship_payment_way() != "wallet":
            return wallets_sudo
        return wallets_sudo._wallet_of_order(self.sudo())

    def _dropship_wallet_short(self):
        """Whether the balance does not cover the purchase. Locks the wallet until the end of the transaction.

        :return: {figure: value} for people; None when there is enough
        """
        self.ensure_one()
        if self._dropship_payment_way() != "wallet":
            return None
        wallet_sudo, due = self._dropship_wallet(), self.sudo()._dropship_amount_due()
        balance, need, currency = 0.0, due, self.currency_id
        if wallet_sudo:
            wallet_sudo._lock()
            balance, currency = wallet_sudo.balance, wallet_sudo.currency_id
            need = wallet_sudo._in_currency(due, self.currency_id)
            if float(wallet_left(balance, [need], currency.rounding)) >= 0:
                return None
        return {
            "purchase": self.name,
            "supplier": self.dropship_warehouse_id.supplier_id.name,
            "need": currency.format(need),
            "left": currency.format(balance),
        }

    def _dropship_wallet_stops(self):
        """Keep a purchase back that the balance does not cover, and ask its buyer.

        :return: whether it stays
        """
        self.ensure_one()
        short = self._dropship_wallet_short()
        if short:
            self.dropship_send_at = False
            self._dropship_ask_about_payment("wallet_low", [["wallet_short", short]])
        else:
            self._dropship_pay_questions("wallet_low")._set_state("solved", solution=self.env._("Balance topped up"))
        return bool(short)

    def _dropship_charge(self):
        """Take the purchase from its wallet, once."""
        for order in self.sudo():
            wallet = order._dropship_wallet()
            if not wallet:
                continue
            due = order._dropship_amount_due()
            amount = wallet._in_currency(due, order.currency_id)
            if amount and wallet._move("order", -amount, f"{order.id} order", purchase_id=order.id):
                paid = {"dropship_paid_on": fields.Datetime.now(), "dropship_pay_total": due}
                order._dropship_set_pay_state("paid", **paid)

    def _dropship_hand_over(self):
        """Override: what the supplier hears of he takes from the balance."""
        self._dropship_charge()
        return super()._dropship_hand_over()

    def _dropship_accept(self):
        """Override: what he accepted less of, or dearer, he takes accordingly."""
        waiting = self.filtered(lambda order: order.state == "sent")
        result = super()._dropship_accept()
        waiting._dropship_wallet_settle()
        return result

    def _dropship_wallet_settle(self):
        """Bring what was taken in line with the purchase as it is now; its difference is a correction."""
        for order in self.sudo().filtered(lambda order: order.state == "purchase"):
            moves = order._dropship_wallet_moves()
            if not moves or any(move.kind == "refund" for move in moves):
                continue
            wallet = moves.wallet_id[:1]._lock()
            due = wallet._in_currency(order._dropship_amount_due(), order.currency_id)
            difference = wallet.currency_id.round(-sum(moves.mapped("amount")) - due)
            # A purchase in another currency is not taken anew because its rate moved.
            if order.currency_id != wallet.currency_id and abs(difference) < 0.02 * abs(due):
                continue
            if difference:
                key = f"{order.id} correction {len(moves)}"
                wallet._move("correction", difference, key, purchase_id=order.id, note=order.name)

    def _dropship_wallet_moves(self):
        return self.env["dropship.wallet.move"].sudo().search([("purchase_id", "in", self.ids)], order="id")

    def _dropship_wallet_refund(self):
        """The purchase ended: what was taken for it is there again."""
        for order in self.sudo():
            moves = order._dropship_wallet_moves()
            taken = -sum(moves.mapped("amount"))
            if moves and taken > 0:
                moves.wallet_id[:1]._move("refund", taken, f"{order.id} refund", purchase_id=order.id)
                order._dropship_set_pay_state("none")

    def button_cancel(self):
        result = super().button_cancel()
        self.filtered(lambda order: order.state == "cancel")._dropship_wallet_refund()
        return result

    def _dropship_refuse_by_hand_wallet(self):
        """A purchase a person marks as sent himself is under the same limit."""
        for order in self:
            if short := order._dropship_wallet_short():
                raise UserError(
                    self.env._(
                        "%(purchase)s needs %(need)s, %(supplier)s holds %(left)s for us. Top up the balance first.",
                        **short,
                    )
                )


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    def action_wallet_retry(self):
        """Send the purchases again; those the balance still does not cover stay."""
        self.check_access("write")
        purchases_sudo = self.filtered(lambda exception: exception.kind == "wallet_low").sudo().purchase_id
        purchases_sudo.filtered(lambda order: order.state == "draft")._dropship_submit()
        return True

    def action_wallet_elsewhere(self):
        """Buy from somebody else: this supplier is excluded for the lines, and the purchase ends."""
        self.check_access("write")
        for exception in self.filtered(lambda exception: exception.kind == "wallet_low" and exception.state == "open"):
            purchase_sudo = exception.sudo().purchase_id
            if purchase_sudo.state not in UNSENT:
                raise UserError(self.env._("%s was sent meanwhile.", purchase_sudo.name))
            rows = purchase_sudo.dropship_allocation_ids.filtered(lambda row: row._is_open())
            supplier_sudo = purchase_sudo.dropship_warehouse_id.supplier_id
            note = self.env._("Prepaid balance too low")
            for line_sudo in rows.line_id:
                self.env["dropship.line.choice"].sudo()._choose(line_sudo, supplier_sudo, "exclude", note)
            purchase_sudo._dropship_cancel_quietly()
            rows._release("rerouted", note)
            rows.line_id._dropship_source()
        return True
