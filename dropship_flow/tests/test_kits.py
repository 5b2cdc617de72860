from odoo import Command
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestKits(FlowCase):
    """A kit is taken apart before anybody is asked, and each part is bought where it is best."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.left = cls.make_product("Left Part", list_price=30.0, weight=0.3, taxes_id=False)
        cls.right = cls.make_product("Right Part", list_price=10.0, weight=0.2, taxes_id=False)
        cls.kit = cls.make_product("Kit", list_price=60.0, taxes_id=False)
        cls.bom = cls.make_kit(cls.kit, (cls.left, 1), (cls.right, 2))
        cls.first, cls.second, cls.third = (cls.make_source(name) for name in ("First", "Second", "Third"))
        cls.make_offer(cls.first, cls.left, 8.0, tiers=[(4, 7.0)])
        cls.make_offer(cls.third, cls.left, 40.0)
        cls.make_offer(cls.second, cls.right, 2.5)
        cls.make_offer(cls.third, cls.right, 20.0)

    @classmethod
    def make_source(cls, name, **vals):
        warehouse = cls.make_warehouse(cls.make_supplier(name, **vals))
        cls.make_rate(warehouse, 1.0, countries="DE")
        return warehouse

    @classmethod
    def make_kit(cls, product, *parts):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1.0,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity}) for part, quantity in parts
                ],
            }
        )

    @classmethod
    def make_own_part(cls, **vals):
        """A part nobody offers, delivered from our own shelf by core."""
        part = cls.make_product(
            "Own Part", route_ids=False, is_storable=True, standard_price=4.0, taxes_id=False, **vals
        )
        stock = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1).lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(part, stock, 100.0)
        return part

    def ship(self, pickings, quantities=None):
        moves = pickings.filtered(lambda picking: picking.state not in ("done", "cancel")).move_ids
        for move in moves:
            move.quantity = (quantities or {}).get(move.product_id, move.product_uom_qty)
            move.picked = True
        moves.picking_id.with_context(skip_backorder=True, skip_sms=True).button_validate()

    def purchase_of(self, order, name):
        return order.dropship_purchase_ids.filtered(
            lambda purchase: purchase.partner_id.name == name and purchase.state != "cancel"
        )

    def test_parts_at_the_right_suppliers_and_prices(self):
        order = self.make_sale((self.kit, 2), confirm=True)
        self.assertEqual(self.bought(order), {"First": [("Left Part", 2.0, 8.0)], "Second": [("Right Part", 4.0, 2.5)]})
        rows = order.dropship_allocation_ids
        self.assertEqual(set(rows.mapped("component")), set(self.bom.bom_line_ids.ids))
        self.assertEqual(rows.line_id, order.order_line)
        self.assertFalse(order.dropship_open_hold_ids)
        # Goods of 26.00 for two kits.
        self.assertAlmostEqual(order.order_line.purchase_price, 13.0)

    def test_raised_and_lowered(self):
        self.policy.automation = "draft"
        order = self.make_sale((self.kit, 2), confirm=True)
        order.order_line.product_uom_qty = 5
        self.assertEqual(self.sums(order), {"Left Part": 5.0, "Right Part": 10.0})
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.sums(order), {"Left Part": 3.0, "Right Part": 6.0})
        order.order_line.product_uom_qty = 0
        self.assertEqual(self.sums(order), {})
        self.assertEqual(set(order.dropship_allocation_ids.mapped("state")), {"released"})

    def sums(self, order):
        sums = {}
        for line in order.dropship_purchase_ids.filtered(lambda row: row.state != "cancel").order_line:
            sums[line.product_id.name] = sums.get(line.product_id.name, 0.0) + line.product_qty
        return sums

    def test_raised_after_shipping(self):
        order = self.make_sale((self.kit, 1), confirm=True)
        self.ship(order.dropship_purchase_ids.picking_ids)
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.sums(order), {"Left Part": 3.0, "Right Part": 6.0})
        order.order_line._dropship_source()
        self.assertEqual(self.sums(order), {"Left Part": 3.0, "Right Part": 6.0}, "once is enough")

    def test_delivered_right_after_shipping(self):
        order = self.make_sale((self.kit, 2), confirm=True)
        line = order.order_line
        self.ship(self.purchase_of(order, "First").picking_ids)
        self.assertEqual(line.qty_delivered, 0.0, "half a kit is no kit")
        self.ship(self.purchase_of(order, "Second").picking_ids, {self.right: 3.0})
        self.assertEqual(line.qty_delivered, 1.0)
        self.ship(self.purchase_of(order, "Second").picking_ids)
        self.assertEqual(line.qty_delivered, 2.0)
        self.assertEqual(set(order.dropship_allocation_ids.mapped("state")), {"shipped"})

    def test_not_delivered_while_a_part_waits_for_its_supplier(self):
        """Core would call the kit delivered: the part that waits has no move yet."""
        self.second.supplier_id.answer_mode = "manual"
        order = self.make_sale((self.kit, 1), confirm=True)
        self.ship(self.purchase_of(order, "First").picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        self.purchase_of(order, "Second").action_dropship_accept()
        self.ship(self.purchase_of(order, "Second").picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 1.0)

    def test_one_part_refused(self):
        self.second.supplier_id.answer_mode = "manual"
        order = self.make_sale((self.kit, 1), confirm=True)
        self.purchase_of(order, "Second")._dropship_refuse("none left")
        self.assertEqual(self.bought(order), {"First": [("Left Part", 1.0, 8.0)], "Third": [("Right Part", 2.0, 20.0)]})
        self.ship(order.dropship_purchase_ids.filtered(lambda row: row.state != "cancel").picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 1.0)

    def test_missing_part_holds_the_kit(self):
        self.env["dropship.offer"].search([("product_id", "=", self.right.id)]).stock = 0.0
        order = self.make_sale((self.kit, 1), confirm=True)
        self.assertFalse(self.bought(order))
        self.assertEqual(order.dropship_open_hold_ids.kind, "no_source")
        self.assertIn("Right Part", order.dropship_open_hold_ids.reason)

    def test_part_from_our_own_shelf(self):
        own = self.make_own_part()
        mixed = self.make_product("Mixed Kit", list_price=60.0, taxes_id=False)
        bom = self.make_kit(mixed, (self.left, 1), (own, 3))
        order = self.make_sale((mixed, 2), confirm=True)
        line = order.order_line
        self.assertFalse(order.dropship_open_hold_ids)
        self.assertEqual(self.bought(order), {"First": [("Left Part", 2.0, 8.0)]})
        row = order.dropship_allocation_ids.filtered(lambda allocation: not allocation.offer_id)
        self.assertEqual((row.product_id, row.qty, row.state, row.landed), (own, 6.0, "accepted", 24.0))
        move = line.move_ids.filtered(lambda move: move.product_id == own)
        self.assertEqual((len(move), move.product_uom_qty, move.bom_line_id), (1, 6.0, bom.bom_line_ids[1]))
        self.assertTrue(order.dropship_waiting)
        line._dropship_source()
        self.assertEqual(len(line.move_ids), 2, "provided once")
        self.ship(self.purchase_of(order, "First").picking_ids)
        self.assertEqual(line.qty_delivered, 0.0)
        self.ship(move.picking_id)
        self.assertEqual((line.qty_delivered, row.state), (2.0, "shipped"))
        # Goods of 16.00 bought, 24.00 from the shelf.
        self.assertAlmostEqual(line.purchase_price, 20.0)

    def test_mixed_kit_waits_as_a_whole_and_grows(self):
        self.policy.automation = "ask"
        own = self.make_own_part()
        mixed = self.make_product("Mixed Kit", list_price=60.0, taxes_id=False)
        self.make_kit(mixed, (self.left, 1), (own, 3))
        order = self.make_sale((mixed, 1), confirm=True)
        line = order.order_line
        self.assertFalse(order.dropship_allocation_ids or line.move_ids, "nothing leaves the shelf before the approval")
        order.action_dropship_release()
        self.assertEqual(sum(line.move_ids.filtered(lambda m: m.product_id == own).mapped("product_uom_qty")), 3.0)
        self.policy.automation = "buy"
        line.product_uom_qty = 2
        self.assertEqual(sum(line.move_ids.filtered(lambda m: m.product_id == own).mapped("product_uom_qty")), 6.0)
        self.assertEqual(self.sums(order), {"Left Part": 2.0})
        order._action_cancel()
        own_rows = order.dropship_allocation_ids.filtered(lambda row: row.product_id == own)
        self.assertEqual(set(own_rows.mapped("state")), {"released"})
        own_moves = line.move_ids.filtered(lambda move: move.product_id == own)
        self.assertEqual(set(own_moves.mapped("state")), {"cancel"})

    def test_part_a_plain_vendor_drops(self):
        """A part with a vendor of core's and the drop-ship route: core buys it, once, at the vendor's price."""
        vendor = self.make_partner("Plain Vendor")
        part = self.make_product(
            "Plain Part", taxes_id=False, seller_ids=[Command.create({"partner_id": vendor.id, "price": 6.5})]
        )
        mixed = self.make_product("Mixed Kit", list_price=60.0, taxes_id=False)
        self.make_kit(mixed, (self.left, 1), (part, 1))
        order = self.make_sale((mixed, 2), confirm=True)
        order.order_line._dropship_source()
        line = self.env["purchase.order.line"].search([("product_id", "=", part.id)])
        self.assertEqual((len(line), line.product_qty, line.price_unit, line.partner_id), (1, 2.0, 6.5, vendor))
        line.order_id.button_confirm()
        self.ship(line.order_id.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 0.0)
        self.ship(self.purchase_of(order, "First").picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 2.0)
        self.assertEqual(set(order.dropship_allocation_ids.mapped("state")), {"shipped"})

    def test_kit_of_own_parts_is_core_s(self):
        own = self.make_own_part()
        kit = self.make_product("Own Kit", route_ids=False, list_price=60.0, taxes_id=False)
        self.make_kit(kit, (own, 2))
        order = self.make_sale((kit, 1), confirm=True)
        self.assertFalse(order.dropship_allocation_ids or order.dropship_open_hold_ids)
        self.assertEqual(order.order_line.move_ids.product_uom_qty, 2.0)

    def test_kit_in_a_kit_and_beside_its_part(self):
        outer = self.make_product("Big Kit", list_price=150.0, taxes_id=False)
        self.make_kit(outer, (self.kit, 2), (self.right, 1))
        order = self.make_sale((outer, 1), (self.left, 1), confirm=True)
        self.assertEqual(self.sums(order), {"Left Part": 3.0, "Right Part": 5.0})
        self.ship(order.dropship_purchase_ids.picking_ids)
        self.assertEqual(order.order_line.mapped("qty_delivered"), [1.0, 1.0])

    def test_preview_of_a_kit(self):
        order = self.make_sale((self.kit, 1))
        outcome = self.env["dropship.router"]._simulate(order)[order]
        self.assertEqual(sorted(parcel.goods for parcel in outcome.plan.parcels), [5, 8])
        order.action_dropship_preview()

    def test_weight_the_customer_pays_for(self):
        """A kit weighs what is written on it; without a weight, what its parts weigh."""
        self.assertEqual(float(self.make_sale((self.kit, 2))._dropship_weight_kg()), 0.8)
        self.kit.weight = 0
        self.assertEqual(float(self.make_sale((self.kit, 2))._dropship_weight_kg()), 1.4)

    def test_a_kit_gets_only_where_all_its_parts_do(self):
        order = self.make_sale(self.kit)
        self.assertTrue(order._dropship_reach()[order.order_line.id] is not None)
        self.assertEqual(order._dropship_delivery_problem()[0], "")
        self.anna.country_id = self.country("FR")
        self.make_rate(self.first, 5.0, countries="FR")
        self.assertIn("Kit", order._dropship_delivery_problem()[0])
