from odoo.tests import tagged

from .common_shipment import ShipmentCase


@tagged("post_install", "-at_install", "standard")
class TestKitShipment(ShipmentCase):
    """A purchase line that moves several products, as kits do, in announced boxes and back."""

    def kit(self):
        """Each unit of the line is one lamp and two cables."""
        purchase = self.buy((self.lamp, 3), accept=True)
        line, move = purchase.order_line, purchase.order_line.move_ids
        part = move.copy(
            {
                "product_id": self.cable.id,
                "product_uom_qty": 6.0,
                "purchase_line_id": line.id,
                "picking_id": move.picking_id.id,
            }
        )
        part._action_confirm(merge=False)
        return purchase

    def left(self, purchase):
        moves = purchase.order_line._dropship_out_moves().filtered(lambda move: move.state == "done")
        return {product.name: sum(own.mapped("quantity")) for product, own in moves.grouped("product_id").items()}

    def test_whole_kits_leave_at_the_scan(self):
        self.rhein.ship_trust = "scan"
        purchase = self.kit()
        line = purchase.order_line
        box = self.told(purchase, "AA111111", (line, 1))
        self.assertEqual(line._dropship_open_units(), 2.0)
        self.scan(box)
        self.assertEqual(self.left(purchase), {"Lamp": 1.0, "Cable": 2.0})
        self.assertEqual(line._dropship_open_units(), 2.0)

    def test_a_false_notice_of_kits(self):
        purchase = self.kit()
        line = purchase.order_line
        box = self.told(purchase, "AA111111", (line, 2))
        box.action_revert_dispatch()
        self.assertEqual((self.left(purchase), line._dropship_open_units()), ({}, 3.0))
        self.told(purchase, "BB222222")
        self.assertEqual(self.left(purchase), {"Lamp": 3.0, "Cable": 6.0})
        self.assertFalse(purchase._dropship_waiting_transfers())
