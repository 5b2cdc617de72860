import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

# Facts the rules look at, by model. A change of anything else does not wake an order.
ORDER_FACTS = {
    "partner_id", "partner_shipping_id", "partner_invoice_id", "payment_term_id", "note", "client_order_ref",
    "website_id", "team_id", "transaction_ids", "dropship_buyer_message", "dropship_message_read", "dropship_flag",
    "dropship_memo",
}  # fmt: skip
LINE_FACTS = {"product_id", "product_uom_qty", "price_unit", "discount", "product_uom_id"}
PARTNER_FACTS = {
    "street", "street2", "city", "zip", "state_id", "country_id", "phone", "email", "trust", "category_id", "comment",
}  # fmt: skip
PAYMENT_FACTS = {"state", "amount", "sale_order_ids"}
PAID = ("authorized", "done")
# Facts that change by the clock alone are looked at this often.
LOOK_AGAIN = timedelta(hours=1)


class DropshipHold(models.Model):
    _inherit = "dropship.hold"

    @api.model
    def _check_all_soon(self):
        """Rules changed: look at everything they hold again, in the background."""
        holds = self.search([("state", "=", "open"), ("by_rule", "=", True)])
        if holds:
            holds.last_try = False
            self.env.ref("dropship_flow.cron_check_holds")._trigger()

    @api.model
    def _cron_check(self, limit=200):
        """Look at held orders again whose facts change by the clock: expired blocks, copies that became old."""
        due = [
            ("state", "=", "open"),
            ("by_rule", "=", True),
            "|",
            ("last_try", "=", False),
            ("last_try", "<", fields.Datetime.now() - LOOK_AGAIN),
        ]
        orders = self.search(due, order="last_try NULLS FIRST, id", limit=limit).order_id
        for number, order in enumerate(orders, 1):
            try:
                order = order.try_lock_for_update()
                order._dropship_check_again()
                # A sale that is not one any more has no facts to wait for.
                order.filtered(lambda order: order.state != "sale").dropship_open_hold_ids._close("solved")
                left = 0 if number < len(orders) or len(orders) < limit else self.search_count(due)
                self.env["ir.cron"]._commit_progress(1, remaining=max(len(orders) - number, left))
            except (OperationalError, ConcurrencyError):  # somebody works on it
                self.env.cr.rollback()
            except Exception:  # one order must not stop the others
                _logger.exception("Holds of sale order %s could not be looked at again", order.id)
                self.env.cr.rollback()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_check_again(self):
        """Facts changed: holds of rules close where their cause is gone, and the order goes on by itself."""
        if not self.ids or self.env.context.get("dropship_checking"):
            return
        # Customers, payment services and colleagues without our rights change facts; the rules look at them all.
        holds_sudo = self.env["dropship.hold"].sudo()
        found = holds_sudo.search([("order_id", "in", self.ids), ("state", "=", "open"), ("by_rule", "=", True)])
        found.order_id.filtered(lambda order: order.state == "sale").with_context(
            dropship_checking=True
        ).order_line._dropship_source()

    def write(self, vals):
        """Override: facts of the order wake what waits for them."""
        result = super().write(vals)
        if ORDER_FACTS & vals.keys():
            self._dropship_check_again()
        return result

    def _action_cancel(self):
        """Override: money on a sale that is not one any more needs a person."""
        result = super()._action_cancel()
        self.filtered(lambda order: order.state == "cancel")._dropship_money_after_cancel()
        return result

    def _dropship_money_after_cancel(self):
        """Nothing is bought for a cancelled order; that money came for it is said, once."""
        for order_sudo in self.sudo():  # whoever cancels or pays does not read payments
            paid = order_sudo.transaction_ids.filtered(lambda row: row.state in PAID and row.operation != "refund")
            if not paid or not order_sudo._dropship_is_ours():
                continue
            text = self.env._(
                "%(amount)s was paid, but the order is cancelled: nothing is bought. Refund it, or make a new order.",
                amount=order_sudo.currency_id.format(sum(paid.mapped("amount"))),
            )
            known = order_sudo.activity_search(["dropship_flow.activity_paid_cancelled"])
            if not known:
                order_sudo._dropship_note(text)
                order_sudo.activity_schedule(
                    "dropship_flow.activity_paid_cancelled",
                    note=text,
                    user_id=order_sudo._dropship_person().id,
                )

    def _dropship_is_ours(self):
        self.ensure_one()
        return bool(self.dropship_allocation_ids or self.dropship_hold_ids or self.order_line._dropship_ours())

    def _dropship_person(self):
        """Who is asked about an order: its salesperson, somebody who buys, or the system."""
        self.ensure_one()
        if self.user_id.active and not self.user_id.share:
            return self.user_id
        buyers = self.env.ref("dropship_flow.group_dropship_buyer").all_user_ids
        fitting = buyers.filtered(lambda user: self.company_id in user.company_ids and not user.share)
        return fitting[:1] or self.env.ref("base.user_root")

    def _message_post_after_hook(self, message, msg_vals):
        """Override: an answer of a colleague is a message read."""
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type in ("comment", "email") and not message.subtype_id.internal:
            self._dropship_check_again()
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale").order_id._dropship_check_again()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if LINE_FACTS & vals.keys():
            self.filtered(lambda line: line.state == "sale").order_id._dropship_check_again()
        return result

    def unlink(self):
        orders = self.filtered(lambda line: line.state == "sale").order_id
        result = super().unlink()
        orders._dropship_check_again()
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Override: a corrected address, phone or trust wakes the orders that wait for it."""
        result = super().write(vals)
        if PARTNER_FACTS & vals.keys() and self.ids:
            holds_sudo = self.env["dropship.hold"].sudo()  # a customer corrects his own address
            holds_sudo.search(
                [
                    ("state", "=", "open"),
                    ("by_rule", "=", True),
                    "|", "|", "|",
                    ("order_id.partner_id", "in", self.ids),
                    ("order_id.partner_shipping_id", "in", self.ids),
                    ("order_id.partner_invoice_id", "in", self.ids),
                    ("order_id.partner_id.commercial_partner_id", "in", self.ids),
                ]
            ).order_id._dropship_check_again()  # fmt: skip
        return result


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered(lambda row: row.state in PAID)._dropship_paid()
        return rows

    def write(self, vals):
        """Override: money wakes the orders that wait for it."""
        result = super().write(vals)
        if PAYMENT_FACTS & vals.keys():
            self._dropship_paid()
        return result

    def _dropship_paid(self):
        orders_sudo = self.sudo().sale_order_ids  # payment services and visitors pay
        if not orders_sudo:
            return
        if any(row.state in PAID for row in self):
            # Who cancels meanwhile collides with this write; one of the two is tried again and sees the other's work.
            self.env.cr.execute(
                "UPDATE sale_order SET write_uid = write_uid WHERE id = ANY(%s)", [sorted(orders_sudo.ids)]
            )
        orders_sudo.filtered(lambda order: order.state == "cancel")._dropship_money_after_cancel()
        orders_sudo.filtered(lambda order: order.state == "sale")._dropship_check_again()
