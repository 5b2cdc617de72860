from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_shipment import ShipmentCase


@tagged("post_install", "-at_install", "standard")
class TestShipmentTrust(ShipmentCase):
    """A supplier whose word is not enough: his boxes are announced, and leave when the carrier scans them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein.ship_trust = "scan"

    def test_a_notice_moves_nothing_and_the_first_scan_exactly_that(self):
        purchase = self.buy((self.lamp, 5))
        line = purchase.order_line
        box = self.told(purchase, "AA111111", (line, 2), carrier="DHL")
        self.assertEqual((box.state, box.carrier_code, box.line_ids.qty), ("announced", "dhl", 2.0))
        self.assertFalse(box.line_ids.move_id)
        self.assertEqual((purchase.state, line.qty_received, line._dropship_open_units()), ("purchase", 0.0, 3.0))
        self.scan(box, "info_received")
        self.assertEqual(box.state, "announced", "a label is no scan")
        scan = self.scan(box)
        self.assertEqual(scan, 1)
        self.assertEqual((box.state, line.qty_received), ("dispatched", 2.0))
        self.assertEqual(box.line_ids.move_id.picking_id.carrier_tracking_ref, "AA111111")
        self.assertEqual(line._dropship_open_units(), 3.0)
        self.scan(box, "in_transit")
        self.assertEqual(line.qty_received, 2.0, "the next scan moves nothing more")

    def test_the_supplier_sees_it_as_shipped(self):
        purchase = self.buy((self.lamp, 2))
        self.told(purchase, "AA111111")
        self.assertEqual(purchase.dropship_stage, "to_ship", "we still wait")
        self.assertTrue(purchase.dropship_all_announced)
        self.assertEqual(purchase._dropship_answer_state(), "shipped")
        self.assertEqual(purchase._dropship_desk_state(), "shipped")
        self.assertEqual(purchase._dropship_told_numbers(), ["AA111111"])
        facts = purchase._dropship_desk_facts()
        self.assertEqual([number for number, _day in facts["numbers"]], ["AA111111"])
        self.assertEqual([row["open"] for row in facts["lines"]], [0.0])
        self.assertFalse(purchase._dropship_sheet_rows(), "no sheet asks for it")
        self.assertFalse(purchase._dropship_awaits_notice())
        found = self.env["purchase.order"].search
        self.assertNotIn(purchase, found(self.rhein._desk_domain("ship")))
        self.assertIn(purchase, found(self.rhein._desk_domain("shipped")))
        self.assertIn(purchase, found(self.env["dropship.supplier"]._desk_search("aa1111")))
        api = self.env["dropship.supplier.api"]
        self.assertIn(purchase, found(api._state_domain("shipped")))
        self.assertNotIn(purchase, found(api._state_domain("to_ship")))
        self.assertEqual(api._parcels_view(purchase), [{"number": "AA111111", "carrier": ""}])
        self.assertIn(purchase.dropship_sale_id, self.env["sale.order"].search([("dropship_search", "=", "AA111111")]))

    def test_the_same_number_again_changes_nothing(self):
        purchase = self.buy((self.lamp, 5))
        line = purchase.order_line
        for _again in range(3):
            box = self.told(purchase, "AA111111", (line, 2))
        self.assertEqual(line._dropship_open_units(), 3.0)
        self.told(purchase, "AA111111")
        self.told(purchase, "AA111111", (line, 3))
        self.assertEqual(box.line_ids.qty, 3.0, "with more in it than known, the difference is announced too")
        with self.assertRaisesRegex(UserError, "only 2 wait"):
            self.told(purchase, "BB222222", (line, 3))
        self.scan(box)
        self.told(purchase, "AA111111", (line, 4))
        self.assertEqual(line.qty_received, 4.0, "the carrier has that box")

    def test_goods_in_two_boxes(self):
        purchase = self.buy((self.lamp, 2))
        purchase._dropship_take_parcels([{"number": "BOX-11111"}, {"number": "BOX-22222"}])
        first, second = self.box("BOX-11111"), self.box("BOX-22222")
        self.assertEqual((first | second).mapped("state"), ["announced", "announced"])
        self.assertEqual(second.beside_id, first)
        self.scan(second)
        self.assertEqual((first | second).mapped("state"), ["dispatched", "dispatched"])
        self.assertEqual(purchase.order_line.qty_received, 2.0)
        self.assertEqual(purchase.picking_ids.carrier_tracking_ref, "BOX-11111,BOX-22222")
        self.scan(first, "delivered", hours=0)
        self.assertEqual(purchase.dropship_sale_id.dropship_stage, "on_the_way", "one box is still missing")

    def test_old_scans_belong_to_another_parcel(self):
        purchase = self.buy(self.lamp)
        box = self.told(purchase, "AA111111")
        self.scan(box, "in_transit", hours=72)
        self.assertEqual((box.state, purchase.order_line.qty_received), ("announced", 0.0))

    def test_late_for_nobody_while_it_waits_for_a_scan(self):
        purchase = self.buy(self.lamp)
        self.told(purchase, "AA111111")
        purchase.dropship_allocation_ids.ship_by = fields.Datetime.now() - timedelta(days=1)
        self.run_cron("cron_watch")
        self.assertFalse(
            self.env["dropship.exception"].search([("kind", "=", "late_ship"), ("purchase_id", "=", purchase.id)])
        )

    def test_scanned_although_the_purchase_ended(self):
        purchase = self.buy(self.lamp)
        box = self.told(purchase, "AA111111")
        purchase.with_context(dropship_internal=True).button_cancel()
        purchase.dropship_allocation_ids._release("cancelled")
        self.scan(box)
        self.assertEqual((box.state, box.status), ("announced", "picked_up"))
        self.assertEqual(self.parcels_wrong(box), ["ship_ended"])
        self.assertEqual(purchase.state, "cancel")
        self.assertFalse(purchase.order_line.qty_received)

    def test_what_cannot_be_booked_comes_to_the_desk(self):
        purchase = self.buy((self.lamp, 2))
        box = self.told(purchase, "AA111111")
        line = purchase.order_line
        line._dropship_pick(1.0).with_context(dropship_packing=True)._dropship_leave()
        self.scan(box)
        self.assertEqual(self.parcels_wrong(box), ["ship_stuck"])
        self.assertEqual(line.qty_received, 1.0)

    def test_the_desk_knows_better(self):
        purchase = self.buy(self.lamp)
        box = self.told(purchase, "AA111111")
        desk = self.login("user")
        box.with_user(desk).action_dispatch()
        self.assertEqual((box.state, purchase.order_line.qty_received), ("dispatched", 1.0))
        box.with_user(desk).action_dispatch()
        self.assertEqual(purchase.order_line.qty_received, 1.0)

    def test_new_suppliers_begin_as_the_company_has_it(self):
        self.company.dropship_ship_trust = "scan"
        self.assertEqual(self.make_supplier("New", "DE").ship_trust, "scan")

    def test_when_it_left_counts_from_the_scan(self):
        purchase = self.buy(self.lamp)
        box = self.told(purchase, "AA111111")
        self.scan(box)
        self.assertEqual(box.dispatched_at, box.first_scan_at)
        self.assertEqual(purchase.dropship_allocation_ids.shipped_at, box.first_scan_at)
