from decimal import Decimal

from odoo.tests import tagged

from .common_refund import RefundCase
from .common_remedies import RemedyCase


@tagged("post_install", "-at_install", "standard")
class TestRemedyMoney(RemedyCase, RefundCase):
    """What an exchange costs less, and its deposit, go back once and by the book of refunds."""

    def test_an_exchange_for_cheaper_goods_gives_the_difference_back_by_the_payment(self):
        order = self.sold((self.lamp, 2))
        case = self.open_case((order.order_line[:1], 1, "listing"))
        resolution = self.agreed(case, "exchange", **self.exchange_for(case, self.stand))
        self.assertEqual(resolution.state, "done", resolution.error)
        self.assertEqual(resolution.refund_ids.mapped("money"), [25.0])
        self.assertEqual(resolution.refund_ids.order_id, order)
        self.send_money()
        self.assertEqual(self.ledger, [-25.0])
        resolution._carry_out()
        resolution._send_goods()
        self.assertEqual(len(resolution.refund_ids), 1)
        self.assertEqual((len(resolution.sale_order_ids), resolution.sale_order_ids.amount_total), (1, 0.0))

    def test_the_line_that_was_sold_stays_sold(self):
        order = self.sold((self.lamp, 1))
        invoiced = sum(order.invoice_ids.mapped("amount_total"))
        case = self.open_case((order.order_line[:1], 1, "damaged"))
        self.agreed(case, "replacement")
        self.assertEqual(sum(order.invoice_ids.mapped("amount_total")), invoiced)
        self.assertFalse(order.invoice_ids.filtered(lambda move: move.move_type == "out_refund"))

    def test_a_deposit_goes_back_by_the_payment_it_came_with(self):
        order = self.sold((self.lamp, 1))
        case = self.open_case((order.order_line[:1], 1, "dislike"))
        resolution = self.agreed(case, "exchange", to="us", **self.exchange_for(case, self.lamp))
        exchange = resolution.sale_order_ids
        self.pay(exchange)
        exchange.action_confirm()
        self.invoice(exchange)
        case._record("send", "customer", parcel="P1")
        case._record("receive", "agent", parcel="P1", lines=[[case.line_ids.id, "1"]])
        self.send_money()
        self.assertEqual(self.ledger, [-34.9])
        self.assertEqual(exchange._dropship_refund_order().payments[0].refunded, Decimal("34.90"))
        case._record("inspect", "agent", parcel="P1", lines=[[case.line_ids.id, "good", "1"]])
        self.send_money()
        self.assertEqual(self.ledger, [-34.9])
