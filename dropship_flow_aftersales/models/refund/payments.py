"""The money of an order as the calculation of refunds reads it: by which ways it came and what of it went back."""

from decimal import Decimal

from odoo import fields, models
from odoo.addons.dropship_flow.models.exact import decimal

from ...refunding import Own, Payment
from .facts import exact

ZERO = Decimal(0)
UNDER_WAY = ("planned", "sending")


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    dropship_charged_back = fields.Monetary(
        string="Charged Back", groups="account.group_account_invoice", copy=False,
        help="What the customer's bank took back of it. It is never refunded again.",
    )  # fmt: skip

    _dropship_charged_back_known = models.Constraint(
        "CHECK (COALESCE(dropship_charged_back, 0) >= 0 AND "
        "(amount < 0 OR COALESCE(dropship_charged_back, 0) <= amount))",
        "Not more can be charged back than was paid.",
    )

    def _dropship_refund_support(self):
        """(can give money back, only all of it)."""
        method = self.payment_method_id
        support = {
            self.provider_id.support_refund or "none",
            (method.primary_payment_method_id or method).support_refund or "none",
        }
        able = "none" not in support and self.provider_id.state != "disabled" and len(self.sale_order_ids) == 1
        return able and self.state == "done", "full_only" in support


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_refund_payments(self, sold, step):
        """
        :param dict sold: see `_dropship_refund_worth`
        :return: list of refunding.Payment; keys "tx <id>", "pay <id>" (booked by hand), "cod <id>" (collected on
            delivery), "channel" (what a marketplace says it was paid), "card <sale line id>" (gift card, wallet)
        """
        result = [*self._dropship_service_payments(step), *self._dropship_collected_payments(step)]
        if self.dropship_paid_state == "paid" and not result:
            told = decimal(self.dropship_paid_amount) or decimal(self.amount_total)
            result.append(Payment("channel", exact(told, step), refundable=False))
        known = sum((payment.amount for payment in result), ZERO)
        result += self._dropship_booked_payments(step, known)
        return result + [*self._dropship_card_payments(sold, step)]

    # --- payment services ---

    def _dropship_service_payments(self, step):
        rows = self.dropship_refund_ids
        for tx in self.transaction_ids.sorted("id"):
            if tx.operation in ("refund", "validation") or tx.source_transaction_id:
                continue
            if tx.provider_id.custom_mode == "cash_on_delivery":
                continue
            amount = self._dropship_tx_amount(tx)
            if amount <= 0:
                continue
            yield self._dropship_tx_payment(
                tx, amount, rows.filtered(lambda row, tx=tx: row.transaction_id == tx), step
            )

    def _dropship_tx_amount(self, tx):
        """What came by a payment, in its own currency; of one that was captured in parts, the parts."""
        parts = tx.child_transaction_ids.filtered(lambda child: child.operation == tx.operation)
        if tx.state == "authorized":
            return sum(parts.filtered(lambda child: child.state == "done").mapped("amount"))
        if tx.state != "done":
            return 0.0
        return tx.amount - sum(parts.filtered(lambda child: child.state == "cancel").mapped("amount"))

    def _dropship_tx_payment(self, tx, amount, rows, step):
        orders = tx.sale_order_ids
        part = 1.0
        if len(orders) > 1 and sum(orders.mapped("amount_total")):
            part = self.amount_total / sum(orders.mapped("amount_total"))
        able, whole = tx._dropship_refund_support()
        own_step = Decimal(str(tx.currency_id.rounding or 0.01))
        foreign = tx.currency_id != self.currency_id
        paid_own = exact(amount * part, own_step)
        value = exact(self._dropship_part(tx, amount * part), step)
        back_own, back = self._dropship_tx_back(tx, rows, value, paid_own, step, part)
        charged = exact((tx.dropship_charged_back or 0.0) * part, own_step)
        return Payment(
            f"tx {tx.id}",
            value,
            own=Own(tx.currency_id.name, paid_own, back_own, own_step) if foreign else None,
            refundable=able,
            whole=whole,
            refunded=back,
            charged_back=exact(value * charged / paid_own, step) if paid_own else ZERO,
        )

    def _dropship_tx_back(self, tx, rows, value, paid_own, step, part):
        """What of a payment went back or is under way: (in its own currency, in the order's)."""
        children = tx.child_transaction_ids.filtered(
            lambda child: child.operation == "refund" and child.state not in ("cancel", "error")
        )
        planned = rows.filtered(lambda row: row.state in UNDER_WAY and row.way == "refund")
        sent = rows.filtered(lambda row: row.refund_transaction_id in children)
        others = children - sent.refund_transaction_id
        by_rows = planned | sent
        own = sum((decimal(row.own_amount or row.amount) for row in by_rows), ZERO)
        back = sum((decimal(row.amount) for row in by_rows), ZERO)
        strange = exact(-sum(others.mapped("amount")) * part, Decimal("0.000001"))
        if strange:
            own += strange
            back += exact(strange * value / paid_own, step) if paid_own else ZERO
        return own, back

    def _dropship_paid_out(self):
        """What people pay back, or have, otherwise than through a payment service."""
        rows = self.dropship_refund_ids.filtered(
            lambda row: row.state in ("person", "done") and row.way != "void" and not row.reimburses
        )
        planned = self.dropship_refund_ids.filtered(lambda row: row.way == "person" and row.state == "planned")
        rows |= planned.filtered(lambda row: not row.reimburses)
        return sum((decimal(row.amount) for row in rows), ZERO) + self._dropship_paid_by_hand()

    def _dropship_part_of(self, move, items):
        """The order's part of a document, by its lines: the document as a whole may be rounded otherwise."""
        whole = sum(move.invoice_line_ids.mapped("price_total"))
        mine = sum(item.price_total for item in items if item.sale_line_ids.order_id == self)
        return mine / whole if whole else 1.0

    def _dropship_paid_by_hand(self):
        """What accountants paid back on credit notes of their own, of those of several orders this one's part."""
        services = self.transaction_ids.child_transaction_ids.payment_id
        paid = 0.0
        for move, items in self.order_line.invoice_lines.grouped("move_id").items():
            if move not in self._dropship_customer_moves() or move.move_type != "out_refund" or not move.amount_total:
                continue
            part = self._dropship_part_of(move, items)
            receivable = move.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
            for partial in receivable.matched_debit_ids:
                source = partial.debit_move_id.move_id
                if source.move_type not in ("out_refund", "out_invoice") and not source.origin_payment_id & services:
                    paid += self._dropship_here(partial.credit_amount_currency * part, move)
        return exact(paid, self._dropship_step())

    # --- cash, and what people book ---

    def _dropship_collected_payments(self, step):
        for row in self.dropship_collection_ids:
            amount = {"remitted": row.received, "delivered": row.amount}.get(row.state, 0.0)
            if amount > 0:
                yield Payment(f"cod {row.id}", exact(amount, step), refundable=False)

    def _dropship_booked_payments(self, step, known):
        """Payments people reconciled with the invoices, of invoices of several orders this one's part.

        :param known: what is counted already and stands on the invoices as well
        """
        counted = self.transaction_ids.payment_id | self.dropship_collection_ids.payment_id
        counted |= self.transaction_ids.child_transaction_ids.payment_id
        sums = {}
        for move, items in self.order_line.invoice_lines.grouped("move_id").items():
            if move.state != "posted" or move.move_type != "out_invoice" or not move.amount_total:
                continue
            part = self._dropship_part_of(move, items)
            receivable = move.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
            for partial in receivable.matched_credit_ids:
                source = partial.credit_move_id.move_id
                payment = source.origin_payment_id
                if source.move_type in ("out_refund", "out_invoice") or payment & counted:
                    continue
                amount = self._dropship_here(partial.debit_amount_currency * part, move)
                key = f"pay {payment.id}" if payment else f"entry {source.id}"
                sums[key] = sums.get(key, 0.0) + amount
        for key, amount in sums.items():
            if exact(amount, step) > 0:
                yield Payment(key, exact(amount, step), refundable=False)

    # --- gift cards and wallets ---

    def _dropship_card_lines(self):
        """Lines that are payments: gift cards and wallets."""
        return self._dropship_sold_lines().filtered(
            lambda line: line.reward_id.program_id.program_type in ("gift_card", "ewallet")
        )

    def _dropship_card_payments(self, sold, step):
        given = {}
        for refund in self.dropship_refund_book_ids:
            for key, amount, _own in refund.backs or ():
                given[key] = given.get(key, ZERO) + Decimal(amount)
        for line in self._dropship_card_lines():
            amount = -sold[line][1].total if line in sold else ZERO
            if amount > ZERO:
                key = f"card {line.id}"
                usable = bool(line.coupon_id)
                yield Payment(key, amount, refundable=usable, refunded=given.get(key, ZERO), stored=True)
