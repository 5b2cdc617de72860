from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..trackers.said import Said
from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestShipment(FlowCase):
    """A box under a number: it exists from the notice on, and its state is what its events make of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"

    def setUp(self):
        super().setUp()
        self.order = self.make_sale((self.lamp, 3))
        self.order.action_confirm()
        self.purchase = self.order.dropship_purchase_ids
        self.purchase._dropship_take_parcels([{"number": "SF1234567890", "carrier": "顺丰"}])
        self.shipment = self.env["dropship.shipment"].search([("number", "=", "SF1234567890")])
        self.now = fields.Datetime.now()

    def said(self, code, hours, **more):
        return Said(self.now - timedelta(hours=hours), code, **more)

    def test_the_notice_makes_the_box(self):
        self.assertEqual(self.shipment.state, "dispatched")
        self.assertEqual(self.shipment.carrier_code, "sf")
        self.assertEqual(self.shipment.purchase_ids, self.purchase)
        self.assertEqual(self.shipment.partner_id, self.purchase.dest_address_id)
        self.assertEqual(
            {line.product_id: line.qty for line in self.shipment.line_ids},
            {line.product_id: line.product_qty for line in self.purchase.order_line},
        )

    def test_events_in_any_order_and_twice(self):
        delivered = self.said("delivered", 1, detail="signed")
        self.assertEqual(self.shipment._add_events([delivered]), 1)
        self.assertEqual(self.shipment._add_events([self.said("picked_up", 48), delivered]), 1)
        self.assertEqual((self.shipment.status, self.shipment.detail), ("delivered", "signed"))
        self.assertEqual(self.shipment.delivered_at, delivered.at)
        self.assertEqual(set(self.shipment.reached), {"picked_up", "delivered"})
        self.assertTrue(self.shipment.is_final)

    def test_events_stay_as_they_were_said(self):
        self.shipment._add_events([self.said("picked_up", 48)])
        with self.assertRaises(UserError):
            self.shipment.event_ids.write({"code": "delivered"})
        with self.assertRaises(UserError):
            self.shipment.event_ids.unlink()

    def test_the_order_is_delivered_with_its_last_box(self):
        self.purchase._dropship_take_parcels([{"number": "SF0987654321", "carrier": "顺丰"}])
        self.shipment._add_events([self.said("delivered", 2)])
        self.assertEqual(self.order.dropship_stage, "on_the_way")
        boxes = self.order.dropship_shipment_ids
        (boxes - self.shipment)._add_events([self.said("delivered", 1)])
        self.assertEqual(len(boxes), 2)
        self.assertEqual(self.order.dropship_stage, "delivered")
