"""Paid, delivered and invoiced orders, a payment service that writes down what it is asked, and wishes."""

from contextlib import contextmanager
from decimal import Decimal as D

from odoo import Command
from odoo.addons.dropship_flow.tests.common_books import BooksCase
from odoo.exceptions import UserError

from ..refunding import Ask, Wish
from .common_case import CaseCase


class RefundFactories:
    """Mixin for test classes: payments through a service that writes down what it is asked, wishes, refunds."""

    def provider(self, support="partial", **vals):
        values = {"name": "Pay", "code": "none", "company_id": self.company.id, "state": "test"}
        provider = self.env["payment.provider"].create({**values, **vals})
        method = self.env["payment.method"].create(
            {"name": "Card", "code": f"m{provider.id}", "support_refund": support, "provider_ids": provider.ids}
        )
        return provider, method

    def pay(self, orders, amount=None, state="done", support="partial", booked=True, **vals):
        """A payment through a service, booked as core does it."""
        provider, method = self.provider(support)
        order = orders[:1]
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"{order.name}-{len(order.transaction_ids)}",
                "amount": sum(orders.mapped("amount_total")) if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(orders.ids)],
                "operation": "online_redirect",
                "state": state,
                "is_post_processed": True,
                **vals,
            }
        )
        if booked and state == "done":
            self.book(transaction)
        return transaction

    def book(self, transaction):
        """The payment of a transaction: what core's post-processing makes where the service has a journal."""
        sign = "inbound" if transaction.amount > 0 else "outbound"
        payment = self.env["account.payment"].create(
            {
                "amount": abs(transaction.amount),
                "payment_type": sign,
                "partner_type": "customer",
                "partner_id": transaction.partner_id.id,
                "currency_id": transaction.currency_id.id,
                "journal_id": self.bank.id,
                "payment_transaction_id": transaction.id,
            }
        )
        payment.action_post()
        transaction.payment_id = payment
        return payment

    def service(self, answer="done"):
        """What the payment service was asked: a list of amounts."""
        ledger = []

        def support_fields(providers):
            providers.update({"support_refund": "partial", "support_tokenization": None})
            providers.update({"support_express_checkout": None, "support_manual_capture": "full_only"})

        def request(transaction):
            ledger.append(transaction.amount)
            if answer == "crash":
                raise ConnectionError("the line is dead")
            if answer == "error":
                transaction._set_error("not this card")
            elif answer == "done":
                transaction._set_done()

        self.patch(self.registry["payment.provider"], "_compute_feature_support_fields", support_fields)
        self.patch(self.registry["payment.transaction"], "_send_refund_request", request)
        self.env["payment.provider"].invalidate_model()
        return ledger

    # --- wishes ---

    def wish(self, *asks, **terms):
        """asks: (kind, sale line or None, quantity or None[, more])."""
        rows = []
        for kind, line, qty, *more in asks:
            figures = {name: D(str(value)) for name, value in (more[0] if more else {}).items()}
            rows.append(Ask(kind, line.id if line else None, None if qty is None else D(str(qty)), **figures))
        return Wish(tuple(rows), **terms)

    def refund(self, order, *asks, key=None, **terms):
        key = key or f"test {len(order.dropship_refund_book_ids)}"
        return self.env["dropship.refund"]._make(order, self.wish(*asks, **terms), key=key)

    def send_money(self):
        self.run_cron("cron_customer_refunds")

    @contextmanager
    def refused(self, text):
        with self.assertRaisesRegex(UserError, text):
            yield


class RefundCase(RefundFactories, CaseCase, BooksCase):
    """`self.sold((product, qty, price), …)` sells, takes the money, ships and delivers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.lamp | cls.stand | cls.cable
        cls.goods.write({"taxes_id": [Command.set(cls.vat_out.ids)], "invoice_policy": "order"})
        cls.refunds = cls.env["dropship.refund"]
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)])

    def sold(self, *lines, paid=True, invoiced=True, delivered=True, **vals):
        order = self.delivered(*lines) if delivered else self.bought_only(*lines)
        if vals:
            order.write(vals)
        if paid:
            self.pay(order, None if paid is True else paid)
        if invoiced:
            self.invoice(order)
        return order

    def bought_only(self, *lines):
        return self.buy(*lines, accept=True).dropship_allocation_ids.order_id

    def invoice(self, order):
        moves = order._create_invoices(final=True)
        moves.action_post()
        return moves

    def setUp(self):
        super().setUp()
        self.ledger = self.service()
