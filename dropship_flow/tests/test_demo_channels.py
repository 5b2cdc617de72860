"""The marketplace of the demo world: from this morning's order file to the ship file."""

from odoo.tests import TransactionCase, tagged

from .test_demo import DemoMixin


@tagged("post_install", "-at_install", "standard")
class TestDemoChannels(DemoMixin, TransactionCase):
    def test_from_the_order_file_to_the_ship_file(self):
        channel = self.record("channel_douyin")
        file = self.env["dropship.order.file"].search([("channel_id", "=", channel.id)], order="id", limit=1)
        order = file.row_ids.order_id
        self.assertEqual((file.state, len(order)), ("partly", 1))
        self.assertEqual((order.dropship_paid_amount, order.dropship_subsidy, order.amount_total), (84.0, 5.0, 89.0))
        self.assertFalse(order.dropship_hold_ids)
        box = order.dropship_shipment_ids
        self.assertEqual((box.state, order.dropship_stage), ("dispatched", "on_the_way"))
        told = self.env["dropship.ship.file"].search([("channel_id", "=", channel.id)]).line_ids
        self.assertEqual((told.order_id, told.shipment_id, told.number), (order, box, "SF1388120457731"))
        self.assertTrue(box.reported_at)
