"""What customers of the demo world pay for shipping."""

from odoo.tests import TransactionCase, tagged

from . import test_demo


@tagged("post_install", "-at_install", "standard")
class TestDemoDelivery(test_demo.DemoMixin, TransactionCase):
    order = test_demo.TestDemo.order

    def charge(self, carrier, order):
        rate = carrier.rate_shipment(order)
        return rate["price"] if rate["success"] else rate["error_message"]

    def test_standard_is_free_above_49_euro(self):
        standard = self.env.ref("delivery.free_delivery_carrier")
        self.assertEqual(self.charge(standard, self.record("order_hero")), 0.0)
        small = self.order(("stand", 1))
        self.assertEqual(self.charge(standard, small), 4.9)
        self.assertIn(standard, small._get_delivery_methods())
        self.assertTrue(standard.allow_cash_on_delivery)

    def test_express_is_freight_and_margin(self):
        express = self.record("carrier_express")
        order = self.record("order_hero")
        self.assertIn(express, order._get_delivery_methods())
        order.carrier_id = express
        plan = self.env["dropship.router"]._simulate(order)[order].plan
        self.assertEqual({parcel.source for parcel in plan.parcels}, {self.record("supply_dui").id})
        self.assertEqual(self.charge(express, order), 7.6)  # 3.90 and a fifth, with tax 5.57, two euro, rounded up

    def test_hangzhou_first_and_further_weight(self):
        courier = self.record("carrier_hangzhou")
        near = self.order(("thermos", 1), customer="lina", hangzhou=True)
        far = self.order(("thermos", 1), customer="aili", hangzhou=True)
        self.assertEqual(self.charge(courier, near), 6.0)
        self.assertEqual(self.charge(courier, far), 23.0)
        self.assertIn("偏远地区", courier._dropship_surcharge_text(far))
        rich = self.order(("thermos", 2), customer="aili", hangzhou=True)
        self.assertEqual(self.charge(courier, rich), 15.0)

    def test_hong_kong_is_not_delivered(self):
        courier = self.record("carrier_hangzhou")
        self.record("customer_lina").state_id = self.env.ref("base.state_cn_HK")
        order = self.order(("thermos", 1), customer="lina", hangzhou=True)
        self.assertFalse(courier._is_available_for_order(order))

    def test_charges_of_the_demo_against_the_rates(self):
        for name in ("carrier_hangzhou", "carrier_express"):
            action = self.record(name).action_dropship_check_charges()
            check = self.env["dropship.charge.check"].browse(action["res_id"])
            self.assertGreater(len(check.line_ids), 1)
            self.assertTrue(check.line_ids.filtered(lambda line: line.result in ("fine", "loss")))
