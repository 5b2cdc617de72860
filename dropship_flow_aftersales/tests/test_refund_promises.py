from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .common_refund import RefundCase


@tagged("post_install", "-at_install", "standard")
class TestRefundFreight(RefundCase):
    """Freight, not shipped goods and the order's own figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.freight_product = cls.env["product.product"].create(
            {"name": "Parcel", "type": "service", "invoice_policy": "order", "taxes_id": [Command.set(cls.vat_out.ids)]}
        )
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Parcel", "product_id": cls.freight_product.id, "delivery_type": "fixed", "fixed_price": 5.9}
        )

    def with_freight(self, delivered=True, invoiced=True):
        order = self.make_sale((self.lamp, 2, 50))
        order.set_delivery_line(self.carrier, self.carrier.rate_shipment(order)["price"])
        for line in order.order_line.filtered(lambda line: line.product_id == self.lamp):
            self.env["dropship.line.choice"]._choose(line, self.rhein, "pin", "test")
        order.action_confirm()
        order.dropship_purchase_ids._dropship_accept()
        if delivered:
            number = f"00341{order.id:015d}"
            order.dropship_purchase_ids._dropship_take_parcels([{"number": number, "carrier": "DHL"}])
            self.scan(self.box(number), "picked_up", hours=48)
            self.scan(self.box(number), "delivered", hours=24)
        self.pay(order)
        if invoiced:
            self.invoice(order)
        return order, order.order_line.filtered(lambda line: line.product_id == self.lamp)

    def test_freight_comes_back_by_the_share_of_the_goods(self):
        order, lamps = self.with_freight()
        total = order.amount_total
        first = self.refund(order, ("return", lamps, 1), freight="part")
        self.assertEqual(first.credit_note_id.amount_total, first.credit)
        second = self.refund(order, ("return", lamps, 1), freight="part")
        self.assertAlmostEqual(first.money + second.money, total)
        self.assertAlmostEqual(first.money, total / 2, delta=0.01)
        self.assertFalse(any(order.order_line.mapped("qty_to_invoice")))

    def test_what_made_the_delivery_free_goes_back(self):
        """Free from 80 on: who keeps one lamp of two pays for his parcel, who keeps none does not."""
        self.carrier.write({"free_over": True, "amount": 80.0})
        order, lamps = self.with_freight()
        (parcel,) = order.order_line - lamps
        self.assertEqual((parcel.price_total, parcel.dropship_waived, parcel.dropship_waived_from), (0.0, 5.9, 80.0))
        self.carrier.write({"amount": 300.0, "fixed_price": 9.9})  # what was agreed on stays
        each = order.amount_total / 2
        first = self.refund(order, ("return", lamps, 1))
        self.assertAlmostEqual(first.money, each - 5.9)
        self.assertEqual(first.credit_note_id.amount_total, first.credit)
        self.assertEqual(first.line_ids.mapped("display_name"), ["Goods Come Back: Lamp", "Promotion: Parcel"])
        second = self.refund(order, ("return", lamps, 1))
        self.assertAlmostEqual(first.money + second.money, order.amount_total)

    def test_the_shop_may_let_a_free_delivery_go(self):
        self.carrier.write({"free_over": True, "amount": 80.0})
        self.company.dropship_refund_promotions = "let_go"
        order, lamps = self.with_freight()
        self.assertAlmostEqual(self.refund(order, ("return", lamps, 1)).money, order.amount_total / 2)

    def test_freight_alone_once(self):
        order, _lamps = self.with_freight()
        refund = self.refund(order, ("freight_only", None, None))
        self.assertEqual(refund.line_ids.mapped("kind"), ["freight"])
        with self.refused("is left"):
            self.refund(order, ("freight_only", None, None))

    def test_not_shipped_with_its_freight_in_one_refund(self):
        order, lamps = self.with_freight(delivered=False, invoiced=False)
        total = order.amount_total
        case = self.open_case((lamps, 2, "dislike"))
        self.assertEqual(case.acceptance, "accepted", "what has not left is called off at once, its freight too")
        self.env["dropship.change.request"].search([("order_id", "=", order.id)])._answer("yes")
        refund = order.dropship_refund_book_ids
        self.assertEqual((len(refund), refund.money), (1, total))
        self.send_money()
        self.assertEqual(self.ledger, [-total])

    def test_not_shipped_but_invoiced(self):
        order, lamps = self.with_freight(delivered=False)
        self.refund(order, ("not_shipped", lamps, 2))
        self.assertEqual(order.dropship_refund_book_ids.credit_note_id.amount_total, 100.0)
        self.assertFalse(any(order.order_line.mapped("qty_to_invoice")))
        with self.refused("undelivered"):
            self.refund(order, ("not_shipped", lamps, 1))

    def test_short_and_price_difference(self):
        order = self.sold((self.lamp, 3, 50), delivered=False)
        self.assertEqual(self.refund(order, ("short", order.order_line, 1)).money, 50.0)
        self.assertEqual(self.refund(order, ("price_difference", order.order_line, None, {"price": 45})).money, 10.0)
        with self.refused("not less than"):
            self.refund(order, ("price_difference", order.order_line, None, {"price": 45}))

    def test_the_invoice_follows_what_was_delivered(self):
        self.goods.invoice_policy = "delivery"
        order = self.sold((self.lamp, 3, 50), invoiced=False)
        self.refund(order, ("refund_only", order.order_line, 1))
        self.assertEqual(order.order_line.qty_to_invoice, 2.0)
        self.assertEqual(self.invoice(order).amount_total, 100.0)
        self.refund(order, ("return", order.order_line, 1))
        self.assertEqual((order.order_line.qty_to_invoice, order.order_line.qty_invoiced), (0.0, 1.0))

    def test_return_freight_the_customer_bears(self):
        order = self.sold((self.lamp, 1, 50))
        terms = {"return_freight": self.money(6), "return_payer": "customer", "return_advanced": "us"}
        refund = self.refund(order, ("return", order.order_line, 1), **terms)
        self.assertEqual((refund.credit, refund.credit_note_id.amount_total), (44.0, 44.0))

    def test_return_freight_the_customer_laid_out(self):
        order = self.sold((self.lamp, 1, 50))
        terms = {"return_freight": self.money(6), "return_payer": "us", "return_advanced": "customer"}
        terms["insured"] = self.money(2)
        refund = self.refund(order, ("return", order.order_line, 1), **terms)
        self.assertEqual((refund.money, refund.reimbursed), (50.0, 4.0))
        self.assertEqual(sorted(refund.money_ids.mapped("amount")), [4.0, 50.0])

    def money(self, amount):
        return Decimal(amount)
