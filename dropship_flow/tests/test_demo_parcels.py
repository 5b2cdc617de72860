"""The parcels a visitor of the demo world finds: in every state, and on the board where they need a person."""

from odoo.tests import TransactionCase, tagged

from .test_demo import DemoMixin

# {order: ([status of each box], kinds of open exceptions)}
EXPECTED = {
    "signed": (["delivered"], []),
    "far": (["in_transit"], []),
    "customs": (["customs"], ["parcel_customs"]),
    "today": (["out_for_delivery"], []),
    "pickup": (["available_for_pickup"], ["parcel_pickup"]),
    "absent": (["attempt_failed"], ["parcel_attempt"]),
    "lost": (["lost"], ["parcel_lost"]),
    "noscan": (["info_received"], ["parcel_first_scan"]),
    "boxes": (["delivered", "in_transit"], []),
    "refused": (["returning"], ["parcel_refused"]),
    "still": (["in_transit"], ["parcel_movement"]),
    "locker": (["available_for_pickup"], []),
    "fresh": (["pending"], []),
}


@tagged("post_install", "-at_install", "standard")
class TestDemoParcels(DemoMixin, TransactionCase):
    def order(self, name):
        return self.record(f"order_parcel_{name}")

    def test_parcels_in_every_state(self):
        for name, (statuses, kinds) in EXPECTED.items():
            with self.subTest(name):
                order = self.order(name)
                boxes = order.dropship_shipment_ids.sorted("id")
                self.assertEqual((order.state, order.dropship_open_hold_ids.ids), ("sale", []))
                self.assertEqual(boxes.mapped("status"), statuses)
                self.assertEqual(set(boxes.mapped("state")), {"dispatched"})
                self.assertTrue(all(boxes.mapped("carrier_code")))
                self.assertEqual(order.dropship_exception_ids.mapped("kind"), kinds)
                self.assertFalse(any(box.status_flags for box in boxes))

    def test_only_the_fresh_one_goes_on_by_itself(self):
        """The simulated carrier must not carry away what the stories of the demo are about."""
        self.env["dropship.watch"]._take_up()
        boxes = self.env["dropship.shipment"].union(*(self.order(name).dropship_shipment_ids for name in EXPECTED))
        going = boxes.filtered(lambda box: not box.is_final and box.watch_state in ("none", "to_register", "watched"))
        self.assertEqual(going, self.order("fresh").dropship_shipment_ids)

    def test_dates_lie_in_the_past(self):
        for name in EXPECTED:
            order = self.order(name)
            for box in order.dropship_shipment_ids:
                with self.subTest(name, number=box.number):
                    self.assertLess(order.date_order, box.dispatched_at)
                    for scan in box.event_ids.filtered(lambda event: event._is_scan()):
                        self.assertGreater(scan.occurred_at, box.dispatched_at)

    def test_the_orders_stand_where_their_parcels_are(self):
        self.assertEqual(self.order("signed").dropship_stage, "delivered")
        for name in ("far", "today", "boxes", "locker"):
            self.assertEqual(self.order(name).dropship_stage, "on_the_way", name)
        far = self.order("far")
        self.assertIn("On the way with YunExpress – last seen Leipzig, ", far.dropship_waiting)
        self.assertIn("1 of 2 parcels are there. ", self.order("boxes").dropship_waiting)

    def test_the_false_one_comes_from_guangzhou(self):
        box = self.order("noscan").dropship_shipment_ids
        self.assertEqual(box.supplier_id, self.record("supplier_guangzhou"))
        self.assertFalse(box.first_scan_at or box.last_place)
        exception = self.order("noscan").dropship_exception_ids
        self.assertIn("action_false_dispatch", exception.verbs)

    def test_the_refused_one_costs_both_ways(self):
        back = self.order("refused").dropship_shipment_ids.back_ids
        self.assertEqual((back.state, back.reason, back.place), ("expected", "refused", "supplier"))
        self.assertEqual((back.freight_out, back.freight_back, back.currency_id.name), (20.0, 20.0, "CNY"))

    def test_today_is_not_made_of_the_past(self):
        overview = self.env["dropship.overview"]
        for domain in overview._today_domains().values():
            found = self.env["sale.order"].search(domain)
            for name in EXPECTED:
                self.assertNotIn(self.order(name), found)
