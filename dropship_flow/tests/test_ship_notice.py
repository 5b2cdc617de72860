from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestShipNotice(FlowCase):
    """A supplier says what left under which number; exactly that is gone, the rest goes on waiting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"

    def buy(self, *lines):
        order = self.make_sale(*lines)
        for line in order.order_line:
            self.env["dropship.line.choice"]._choose(line, self.suppliers["Rhein"], "pin", "test")
        order.action_confirm()
        self.assertEqual(len(order.dropship_purchase_ids), 1)
        return order.dropship_purchase_ids

    def parcel(self, number, *goods, carrier=""):
        """goods: (purchase line or SKU, quantity)."""
        lines = [
            {"line": "", "sku": line, "qty": qty}
            if isinstance(line, str)
            else {"line": str(line.id), "sku": "", "qty": qty}
            for line, qty in goods
        ]
        return {"number": number, "carrier": carrier, "lines": lines}

    def transfers(self, purchase):
        return [
            (picking.carrier_tracking_ref or "", picking.state, sum(picking.move_ids.mapped("quantity")))
            for picking in purchase.picking_ids.sorted(lambda picking: (picking.state != "done", picking.id))
        ]

    def test_a_notice_accepts_and_ships_everything(self):
        purchase = self.buy((self.lamp, 3))
        self.assertEqual(purchase.state, "sent")
        purchase._dropship_take_parcels([self.parcel("sf 1234 56789", carrier="顺丰")])
        self.assertEqual(purchase.state, "purchase")
        self.assertEqual(self.transfers(purchase), [("SF123456789", "done", 3.0)])
        picking = purchase.picking_ids
        self.assertEqual((picking.dropship_carrier, picking.dropship_carrier_code), ("顺丰", "sf"))
        self.assertEqual(purchase.dropship_allocation_ids.state, "shipped")

    def test_part_leaves_and_the_rest_later(self):
        purchase = self.buy((self.lamp, 5))
        line = purchase.order_line
        purchase._dropship_take_parcels([self.parcel("AA111111", (line, 2))])
        self.assertEqual([row[:2] for row in self.transfers(purchase)], [("AA111111", "done"), ("", "assigned")])
        self.assertEqual(line.qty_received, 2.0)
        self.assertEqual(purchase.dropship_allocation_ids.state, "accepted")
        purchase._dropship_take_parcels([self.parcel("AA222222")])
        self.assertEqual(self.transfers(purchase), [("AA111111", "done", 2.0), ("AA222222", "done", 3.0)])
        self.assertEqual(purchase.dropship_allocation_ids.state, "shipped")
        self.assertFalse(purchase.dropship_sale_id.dropship_open_hold_ids)

    def test_the_same_number_again_changes_nothing(self):
        purchase = self.buy((self.lamp, 5))
        line = purchase.order_line
        for _again in range(3):
            purchase._dropship_take_parcels([self.parcel("AA111111", (line, 2))])
        self.assertEqual(line.qty_received, 2.0)
        purchase._dropship_take_parcels([self.parcel("AA111111")])
        self.assertEqual(line.qty_received, 2.0)

    def test_a_number_with_more_in_it_than_known(self):
        purchase = self.buy((self.lamp, 5))
        line = purchase.order_line
        purchase._dropship_take_parcels([self.parcel("AA111111", (line, 2))])
        purchase._dropship_take_parcels([self.parcel("AA111111", (line, 3))])
        self.assertEqual(line.qty_received, 3.0)

    def test_a_line_over_several_boxes_and_a_box_with_several_lines(self):
        purchase = self.buy((self.lamp, 3), (self.stand, 2))
        lamp, stand = purchase.order_line.sorted(lambda line: line.product_id != self.lamp)
        purchase._dropship_take_parcels(
            [
                self.parcel("BOX-11111", (lamp, 1)),
                self.parcel("BOX-22222", (lamp, 2), (stand, 1)),
                self.parcel("BOX-33333", (stand, 1)),
            ]
        )
        self.assertEqual(
            self.transfers(purchase), [("BOX-11111", "done", 1), ("BOX-22222", "done", 3), ("BOX-33333", "done", 1)]
        )
        self.assertEqual(set(purchase.dropship_allocation_ids.mapped("state")), {"shipped"})

    def test_one_piece_in_two_boxes(self):
        purchase = self.buy(self.lamp)
        line = purchase.order_line
        purchase._dropship_take_parcels([self.parcel("BOX-11111", (line, 1)), self.parcel("BOX-22222", (line, 0))])
        self.assertEqual(self.transfers(purchase), [("BOX-11111,BOX-22222", "done", 1.0)])
        purchase._dropship_take_parcels([self.parcel("BOX-33333 / BOX-44444", carrier="DHL")])
        self.assertEqual(purchase.picking_ids.carrier_tracking_ref, "BOX-11111,BOX-22222,BOX-33333,BOX-44444")

    def test_numbers_without_goods_hold_all_together(self):
        purchase = self.buy((self.lamp, 2), self.stand)
        purchase._dropship_take_parcels([self.parcel("BOX-11111"), self.parcel("BOX-22222")])
        self.assertEqual(self.transfers(purchase), [("BOX-11111,BOX-22222", "done", 3.0)])

    def test_by_the_sku_in_its_units(self):
        """The supplier sells boxes of six."""
        offer = self.make_offer(self.warehouses["Rhein"], self.cable, 12.0, factor=6, sku="CABLE-BOX")
        self.offers["Rhein", self.cable].unlink()
        purchase = self.buy((self.cable, 12))
        self.assertEqual(purchase.dropship_allocation_ids.offer_id, offer)
        purchase._dropship_take_parcels([self.parcel("BOX-11111", ("cable-box", 1))])
        self.assertEqual(self.transfers(purchase)[0], ("BOX-11111", "done", 6.0))
        with self.assertRaisesRegex(UserError, "holds 2 of CABLE-BOX, but only 1 wait"):
            purchase._dropship_take_parcels([self.parcel("BOX-22222", ("CABLE-BOX", 2))])
        purchase._dropship_take_parcels([self.parcel("BOX-22222", ("CABLE-BOX", 1))])
        self.assertEqual(purchase.dropship_allocation_ids.state, "shipped")

    def test_one_sku_in_two_lines(self):
        purchase = self.buy((self.lamp, 2), (self.lamp, 3))
        self.assertEqual(len(purchase.order_line), 2)
        sku = purchase.order_line[0]._dropship_sku()
        purchase._dropship_take_parcels([self.parcel("BOX-11111", (sku, 4))])
        self.assertEqual(purchase.order_line.sorted("id").mapped("qty_received"), [2.0, 2.0])

    def test_the_unit_of_the_purchase(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        purchase = self.buy((self.lamp, 24))
        line = purchase.order_line.with_context(dropship_internal=True)
        line.write({"product_uom_id": dozen.id, "product_qty": 2.0})
        purchase._dropship_take_parcels([self.parcel("BOX-11111", (line, 6))])
        self.assertEqual(purchase.order_line.qty_received, 0.5)

    def test_a_line_of_kits_leaves_in_whole_kits(self):
        """A line that moves several products, as kits do: each of its units is one of the first, two of the second."""
        purchase = self.buy((self.lamp, 3))
        purchase._dropship_accept()
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
        purchase._dropship_take_parcels([self.parcel("BOX-11111", (line, 1))])
        done = purchase.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual({move.product_id: move.quantity for move in done.move_ids}, {self.lamp: 1.0, self.cable: 2.0})
        self.assertEqual(line._dropship_open_units(), 2.0)
        purchase._dropship_take_parcels([self.parcel("BOX-22222")])
        self.assertFalse(purchase._dropship_waiting_transfers())

    def test_what_cannot_be_is_refused_in_words(self):
        purchase = self.buy((self.lamp, 2))
        line = purchase.order_line
        for parcels, words in (
            ([], "tracking number"),
            ([self.parcel("1.23E+14")], "no tracking number"),
            ([self.parcel("BOX-11111", (line, 3))], "only 2 wait"),
            ([self.parcel("BOX-11111", (line, 1)), self.parcel("BOX-22222", (line, 2))], "only 1 wait"),
            ([self.parcel("BOX-11111", ("NOBODY", 1))], "NOBODY is not on"),
            ([self.parcel("BOX-11111", ("", 1))], "is not on"),
            ([{"number": "BOX-11111", "lines": [{"line": str(line.id), "sku": "X-1", "qty": 1}]}], "mixed up"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                purchase._dropship_take_parcels(parcels)
            self.assertEqual(purchase.state, "sent", "a refused notice changes nothing")
        purchase.button_cancel()
        with self.assertRaisesRegex(UserError, "was cancelled"):
            purchase._dropship_take_parcels([self.parcel("BOX-11111")])

    def test_a_number_of_another_order(self):
        first, second = self.buy(self.lamp), self.buy(self.lamp)
        bert = self.make_partner("Bert", "DE", city="Köln", zip="50667")
        other = self.make_sale(self.lamp, partner=bert, confirm=True)
        first._dropship_take_parcels([self.parcel("BOX-11111")])
        with self.assertRaisesRegex(UserError, "another order"):
            other.dropship_purchase_ids._dropship_take_parcels([self.parcel("BOX-11111")])
        second._dropship_take_parcels([self.parcel("BOX-11111")])
        self.assertEqual(second.picking_ids.state, "done", "two orders to one door may share a box")

    def test_operation_types_that_keep_no_rest_keep_it_here(self):
        purchase = self.buy((self.lamp, 2))
        purchase._dropship_accept()
        purchase.picking_ids.picking_type_id.create_backorder = "never"
        purchase._dropship_take_parcels([self.parcel("BOX-11111", (purchase.order_line, 1))])
        self.assertEqual(len(purchase._dropship_waiting_transfers()), 1)
