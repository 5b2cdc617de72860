from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_goods import GoodsCase
from .common_refund import RefundCase


@tagged("post_install", "-at_install", "standard")
class TestGoodsRefused(GoodsCase, RefundCase):
    """A parcel nobody took is a case by itself; money is another question."""

    def setUp(self):
        super().setUp()
        self.purchase = self.buy((self.lamp, 2), accept=True)
        self.purchase._dropship_take_parcels([{"number": "OUTWARD001", "carrier": "DHL"}])
        self.parcel = self.box("OUTWARD001")
        self.order = self.purchase.dropship_sale_id
        self.scan(self.parcel, "picked_up", hours=90)

    def refuse(self, paid=True):
        if paid:
            self.pay(self.order)
        self.scan(self.parcel, "returning", hours=30, detail="refused")
        return self.case()

    def case(self):
        return self.env["dropship.return"].search([("order_ids", "in", self.order.ids)])

    def confirm_arrival(self, condition="good"):
        back = self.parcel.back_ids
        photo = self.env["ir.attachment"].create({"name": "box.png", "raw": b"png"})
        back.write({"condition": condition, "photo_ids": [Command.set(photo.ids)]})
        back.action_arrived()
        return back

    def test_a_refused_parcel_is_a_case(self):
        case = self.refuse()
        self.assertEqual((case.kind, case.origin, case.line_ids.qty), ("refused_parcel", "parcel", 2.0))
        box = case.parcel_ids
        self.assertEqual((box.back_id, box.state, box.number), (self.parcel.back_ids, "on_the_way", "OUTWARD001"))
        self.scan(self.parcel, "returning", hours=20, detail="refused")
        self.parcel._expect_back("refused")
        self.assertEqual((self.case(), case.parcel_ids), (case, box))

    def test_the_carriers_word_moves_neither_goods_nor_money(self):
        case = self.refuse()
        self.assertEqual(case.acceptance, "accepted", "there is nothing to decide")
        self.scan(self.parcel, "returned", hours=2)
        self.assertEqual((case.parcel_ids.state, case.reception), ("arrived", "received"))
        self.assertEqual(self.books(self.order)[:2], (2.0, 2.0))
        self.assertFalse(case.resolution_ids, "somebody has to have counted")
        self.assertFalse(self.order.dropship_refund_book_ids)

    def test_who_has_it_says_how_it_came(self):
        case = self.refuse()
        self.confirm_arrival()
        self.assertEqual(case.parcel_ids.state, "inspected")
        self.assertEqual(self.books(self.order)[:2], (0.0, 0.0))
        resolution = case.resolution_ids
        self.assertEqual((resolution.kind, resolution.state, resolution.error), ("intercept", "done", False))
        self.assertEqual(resolution.refund_ids.money, self.order.amount_total)
        self.assertTrue(case.parcel_ids.photo_ids)

    def test_who_has_his_money_gets_none_again(self):
        note = self.invoice(self.order)
        self.credit(note)
        self.scan(self.parcel, "returning", hours=30, detail="refused")
        self.scan(self.parcel, "returned", hours=2)
        self.assertFalse(self.case())
        self.assertIn("has his money already", self.parcel.back_ids.message_ids[0].body)

    def test_a_refunded_case_gets_the_goods_and_no_second_agreement(self):
        self.scan(self.parcel, "lost", hours=60)
        case = self.open_case((self.order.order_line, 2, "lost"))
        self.agree(case, "", "")
        self.assertEqual(case.resolution_ids.state, "done")
        self.pass_hours(case, 5)
        self.refuse()
        self.scan(self.parcel, "returned", hours=2)
        self.assertEqual((self.case(), case.parcel_ids.state), (case, "arrived"))
        self.assertEqual(len(case.resolution_ids), 1)
        self.assertTrue(case.person_since, "a person looks at what came unasked")

    def test_delivered_after_all(self):
        case = self.refuse()
        self.scan(self.parcel, "delivered", hours=1)
        self.assertEqual((self.parcel.back_ids.state, case.state), ("cancelled", "closed"))
        self.assertFalse(case.resolution_ids, "who has the goods gets no money")
        self.assertEqual(case.parcel_ids.state, "lost")
        self.assertEqual(self.books(self.order)[:2], (2.0, 2.0))

    def test_a_parcel_of_nothing_we_sold_stops_no_tracking(self):
        box = self.env["dropship.shipment"].create({"number": "STRAY00001", "company_id": self.company.id})
        self.scan(box, "returning", hours=1)
        self.assertEqual(box.status, "returning")
        self.assertFalse(box.back_ids.return_parcel_ids)

    def test_cash_on_delivery_pays_nothing_back(self):
        self.env["dropship.collection"].create(
            {
                "order_id": self.order.id,
                "purchase_id": self.purchase.id,
                "shipment_id": self.parcel.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "amount": 69.8,
                "state": "out",
            }
        )
        case = self.refuse(paid=False)
        self.assertEqual(case.acceptance, "accepted")
        self.assertEqual([bound.offer.kind for bound in case._fold().bound], ["nothing"])
        self.confirm_arrival("damaged")
        self.assertEqual(case.resolution_ids.kind, "nothing")
        self.assertEqual(case.line_ids.conditions, {"damaged": "2"})


@tagged("post_install", "-at_install", "standard")
class TestFreightInsurance(GoodsCase):
    """运费险: a cost of ours, and money the customer has already."""

    def setUp(self):
        super().setUp()
        self.order = self.delivered((self.lamp, 2))
        self.insurance = self.env["dropship.freight.insurance"].create(
            {"name": "YFX-1", "order_id": self.order.id, "premium": 0.8}
        )

    def test_the_premium_is_a_cost_and_the_bill_makes_it_final(self):
        (fact,) = self.order._freight_insurance_facts()
        self.assertEqual((fact["kind"], fact["amount"], fact["final"]), ("premium", Decimal("-0.8"), False))
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.rhein.partner_id.id,
                "invoice_date": self.now().date(),
                "invoice_line_ids": [
                    Command.create({"name": "Premium", "quantity": 1, "price_unit": 0.9, "tax_ids": [Command.clear()]})
                ],
            }
        )
        bill.action_post()
        self.insurance.bill_line_id = bill.invoice_line_ids
        (fact,) = self.order._freight_insurance_facts()
        self.assertEqual((fact["amount"], fact["final"]), (Decimal("-0.9"), True))

    def test_what_the_insurer_paid_is_not_refunded_again(self):
        case = self.agreed(self.order)
        self.assertEqual(case._insured_freight(), 0)
        self.insurance._pay_out(12.0, "customer")
        self.insurance._pay_out(12.0, "customer")
        self.assertEqual((self.insurance.return_id, case._insured_freight()), (case, Decimal("12.0")))
        other = self.agreed(self.order)
        self.assertEqual(other._insured_freight(), 0)

    def test_what_the_insurer_paid_to_us_is_ours(self):
        case = self.agreed(self.order)
        self.insurance._pay_out(12.0, "us")
        self.assertEqual(case._insured_freight(), 0)
        self.assertEqual(sum(fact["amount"] for fact in self.order._freight_insurance_facts()), Decimal("11.2"))

    def test_payouts_that_are_none(self):
        case = self.agreed(self.delivered((self.lamp, 1)))
        with self.assertRaisesRegex(UserError, "is not about"):
            self.insurance._pay_out(12.0, "customer", case)
        for amount in (0, -3, float("nan")):
            with self.subTest(amount), self.assertRaises(UserError):
                self.insurance._pay_out(amount, "customer")
        self.insurance._pay_out(12.0, "customer")
        with self.assertRaisesRegex(UserError, "paid already"):
            self.insurance._pay_out(13.0, "customer")
