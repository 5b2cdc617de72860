from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_cod import CodCase


@tagged("post_install", "-at_install", "standard")
class TestCashOnDelivery(CodCase):
    """How much each parcel collects, who is told, what follows from where the parcel is."""

    def test_one_parcel_collects_the_whole_order(self):
        order = self.cod((self.lamp, 2, 34.9))
        self.assertEqual(self.collects(order), [("", 69.8, "planned")])
        self.assertEqual(order.dropship_payment_state, "on_delivery")
        box = self.told(order.dropship_purchase_ids, "AA1111111")
        self.assertEqual(self.collects(order), [("AA1111111", 69.8, "out")])
        self.deliver(box)
        self.assertEqual(self.collects(order), [("AA1111111", 69.8, "delivered")])
        self.assertEqual(order.dropship_payment_state, "paid")
        self.assertEqual(order.dropship_payout_expected, 69.8)

    def test_parcels_of_one_purchase_share_it_to_the_cent(self):
        order = self.cod((self.lamp, 3, 33.33), (self.stand, 1, 0.02))
        purchase = order.dropship_purchase_ids
        lamp, stand = purchase.order_line.sorted("id")
        self.told(purchase, "AA1111111", (lamp, 1))
        self.assertEqual(self.collects(order)[1], ("AA1111111", 33.33, "out"))
        self.told(purchase, "AA2222222", (lamp, 1), (stand, 1))
        self.told(purchase, "AA3333333", (lamp, 1))
        self.assertEqual(
            sorted(self.collects(order)),
            [("AA1111111", 33.33, "out"), ("AA2222222", 33.35, "out"), ("AA3333333", 33.33, "out")],
        )
        self.assertAlmostEqual(sum(self.rows(order).mapped("amount")), order.amount_total)

    def test_suppliers_share_it_to_the_cent_with_delivery_and_coupon(self):
        service = self.env["product.product"].create({"name": "Delivery", "type": "service", "taxes_id": False})
        order = self.make_sale((self.lamp, 1, 34.99), (self.stand, 2, 7.77), (service, 1, 4.9), (service, 1, -3.33))
        order.dropship_collect = True
        goods = order.order_line.filtered(lambda line: line.product_id.type == "consu")
        self.env["dropship.line.choice"]._choose(goods[0], self.rhein, "pin", "test")
        self.env["dropship.line.choice"]._choose(goods[1], self.suppliers["Ningbo"], "pin", "test")
        order.action_confirm()
        self.assertEqual(len(order.dropship_purchase_ids), 2)
        rows = self.rows(order)
        self.assertEqual(len(rows), 2)
        self.assertAlmostEqual(sum(rows.mapped("amount")), order.amount_total)
        self.assertTrue(all(rows.mapped("amount")))
        told = {one.partner_id.name: one._dropship_collect()["amount"] for one in order.dropship_purchase_ids}
        self.assertAlmostEqual(sum(map(float, told.values())), order.amount_total)

    def test_what_is_paid_before_is_not_collected(self):
        order = self.cod((self.lamp, 2, 34.9))
        provider = self.env["payment.provider"].create(
            {"name": "Card", "code": "none", "company_id": self.company.id, "state": "test"}
        )
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id, "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "reference": "part", "amount": 20.0, "currency_id": order.currency_id.id, "partner_id": self.anna.id,
                "operation": "online_direct", "state": "done", "sale_order_ids": [(6, 0, order.ids)],
            }
        )  # fmt: skip
        self.assertEqual(self.collects(order), [("", 49.8, "planned")])
        self.assertEqual(order.dropship_payment_state, "part")

    def test_a_changed_order_is_collected_as_it_is_then_and_the_supplier_is_to_be_told(self):
        order = self.cod((self.lamp, 2, 34.9))
        order.order_line.price_unit = 30.0
        self.assertEqual(self.collects(order), [("", 60.0, "planned")])
        exception = order.dropship_exception_ids.filtered(lambda one: one.kind == "collect_changed")
        self.assertIn("60.00", exception.description)
        self.told(order.dropship_purchase_ids, "AA1111111")
        order.order_line.discount = 10.0
        self.assertEqual(self.collects(order), [("AA1111111", 60.0, "out")], "what left keeps its amount")

    def test_a_cancelled_order_collects_nothing(self):
        order = self.cod((self.lamp, 1, 34.9), confirm=False)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(self.collects(order), [])

    def test_a_false_dispatch_waits_again(self):
        order = self.cod((self.lamp, 2, 10.0))
        purchase = order.dropship_purchase_ids
        first = self.told(purchase, "AA1111111", (purchase.order_line, 1))
        self.told(purchase, "AA2222222", (purchase.order_line, 1))
        first.action_revert_dispatch()
        self.assertEqual(sorted(self.collects(order)), [("", 10.0, "planned"), ("AA2222222", 10.0, "out")])
        self.told(purchase, "AA3333333")
        self.assertEqual(sorted(self.collects(order)), [("AA2222222", 10.0, "out"), ("AA3333333", 10.0, "out")])

    def test_the_supplier_reads_the_amount_and_no_price_of_the_sale(self):
        order = self.cod((self.lamp, 2, 34.9))
        purchase = order.dropship_purchase_ids
        payload = self.env["dropship.connector"]._order_payload(purchase)
        self.assertEqual(payload["collect"], {"amount": "69.80", "currency": "EUR", "parcels": {}})
        facts = purchase._dropship_desk_facts()
        self.assertIn("69.80", facts["collect"])
        self.assertIn("69.80", purchase._dropship_desk_text())
        self.assertIn("69.80", purchase._dropship_slip_pages()[0]["collect"])
        self.assertIn("69.80", purchase._dropship_sheet_rows()[0]["collect"])
        self.assertNotIn("34.9", str(payload))
        self.told(purchase, "AA1111111", (purchase.order_line, 1))
        self.told(purchase, "AA2222222", (purchase.order_line, 1))
        self.assertEqual([page["collect"] for page in purchase._dropship_slip_pages()], ["34.90\xa0€"] * 2)

    def test_paid_orders_tell_nothing(self):
        purchase = self.buy(self.lamp)
        self.assertNotIn("collect", self.env["dropship.connector"]._order_payload(purchase))
        self.assertFalse(purchase._dropship_slip_pages()[0]["collect"])
        self.assertNotIn("collect", purchase._dropship_sheet_rows()[0])

    def test_tax_on_top_is_collected_as_well(self):
        self.tax.price_include_override = "tax_excluded"
        order = self.cod((self.lamp, 1, 100.0))
        self.assertEqual(self.collects(order), [("", 119.0, "planned")])


@tagged("post_install", "-at_install", "standard")
class TestRefused(CodCase):
    """拒收: no income, both freights stay as facts."""

    def refuse(self, box):
        self.scan(box, "exception", 3, detail="refused")
        self.scan(box, "returning", 2, detail="refused")

    def test_refused_before_it_was_invoiced_is_never_invoiced(self):
        self.company.dropship_invoice_when = "manual"
        order = self.cod((self.lamp, 2, 34.9))
        box = self.told(order.dropship_purchase_ids, "AA1111111")
        self.refuse(box)
        self.assertEqual(self.collects(order), [("AA1111111", 69.8, "refused")])
        self.assertEqual((order.dropship_payout_expected, order.dropship_money_open), (0.0, 0.0))
        self.company.dropship_invoice_when = "dispatch"
        order.dropship_invoice_check = order.date_order
        self.credit()
        self.invoice()
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.dropship_payment_state)

    def test_what_was_invoiced_is_credited_and_settled(self):
        order = self.cod((self.lamp, 2, 34.9))
        box = self.told(order.dropship_purchase_ids, "AA1111111")
        self.invoice()
        self.assertEqual(self.balance(self.owed), 69.8)
        self.refuse(box)
        self.credit()
        self.assertEqual(sorted(order.invoice_ids.mapped("move_type")), ["out_invoice", "out_refund"])
        self.assertEqual(order.invoice_ids.mapped("amount_residual"), [0.0, 0.0])
        self.assertEqual((self.balance(self.owed), self.balance(self.income), self.balance(self.vat)), (0.0, 0.0, 0.0))
        self.assertEqual((order.dropship_money_invoiced, order.dropship_money_paid), (0.0, 0.0))
        self.credit()
        order.dropship_invoice_check = order.date_order
        self.invoice()
        self.assertEqual(len(order.invoice_ids), 2, "once")

    def test_one_of_two_parcels_refused(self):
        order = self.cod((self.lamp, 2, 34.9))
        purchase = order.dropship_purchase_ids
        good = self.told(purchase, "AA1111111", (purchase.order_line, 1))
        bad = self.told(purchase, "AA2222222")
        self.invoice()
        self.deliver(good)
        self.refuse(bad)
        self.credit()
        self.assertEqual(self.balance(self.owed), 34.9)
        self.assertEqual((order.dropship_money_invoiced, order.dropship_money_open), (34.9, 0.0))
        self.assertEqual(order.dropship_payout_expected, 34.9)

    def test_delivered_after_all_is_owed(self):
        order = self.cod((self.lamp, 1, 34.9))
        box = self.told(order.dropship_purchase_ids, "AA1111111")
        self.scan(box, "exception", 5, detail="refused")
        self.assertEqual(self.rows(order).state, "refused")
        self.deliver(box)
        self.assertEqual(self.collects(order), [("AA1111111", 34.9, "delivered")])
        self.credit()
        self.assertFalse(order.invoice_ids.filtered(lambda move: move.move_type == "out_refund"))

    def test_both_freights_are_facts(self):
        order = self.cod((self.lamp, 1, 34.9))
        box = self.told(order.dropship_purchase_ids, "AA1111111")
        self.refuse(box)
        back = box.back_ids or self.env["dropship.parcel.back"].create(
            {"shipment_id": box.id, "reason": "refused", "confirm_by": self.today()}
        )
        back.write({"freight_out": 3.9, "freight_back": 5.0, "freight_out_payer": "us", "freight_back_payer": "us"})
        self.assertEqual(self.rows(order).freight_lost, 8.9)
        back.freight_back_payer = "supplier"
        self.rows(order).invalidate_recordset(["freight_lost"])
        self.assertEqual(self.rows(order).freight_lost, 3.9)

    def test_a_closed_period_is_a_case_and_stops_no_other(self):
        order = self.cod((self.lamp, 1, 34.9))
        box = self.told(order.dropship_purchase_ids, "AA1111111")
        self.invoice()
        self.refuse(box)
        self.patch(type(self.env["account.move"]), "action_post", self.refusing)
        self.credit()
        self.assertIn("not_credited", order.dropship_exception_ids.mapped("kind"))
        self.assertFalse(self.rows(order).credited)

    @staticmethod
    def refusing(moves):
        raise UserError(moves.env._("The period is closed"))
