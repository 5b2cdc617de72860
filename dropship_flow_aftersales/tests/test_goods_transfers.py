from odoo import Command
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged

from .common_goods import GoodsCase


@tagged("post_install", "-at_install", "standard")
class TestGoodsTransfers(GoodsCase):
    """What was counted moves, once: to the supplier, or into our own stock."""

    def sold(self, qty=1.0, **chair):
        """A chair dispatched, billed and invoiced: (sale order, purchase, bill)."""
        chair = self.make_chair(**{"valuation": "real_time", "method": "fifo", **chair})
        purchase = self.buy((chair, qty), accept=True)
        self.dispatch(purchase)
        bill = self.bill(purchase, qty)
        self.invoice(purchase.dropship_sale_id)
        return purchase.dropship_sale_id, purchase, bill

    def test_back_to_the_supplier_is_a_right_to_a_credit_note(self):
        order, purchase, _bill = self.sold(3.0)
        case = self.agreed(order, 2)
        parcel = self.sent(case)
        self.assertEqual(self.books(order), (3.0, 3.0, 0.0), "on its way nothing moves")
        self.count(parcel, 2, by="supplier")
        self.assertEqual(self.books(order), (1.0, 1.0, -2.0))
        self.assertEqual(parcel.state, "counted")
        self.assertEqual(parcel.picking_ids.move_ids.mapped("location_dest_id.usage"), ["supplier"])
        purchase.action_create_invoice()
        note = purchase.invoice_ids.filtered(lambda move: move.move_type == "in_refund")
        self.assertEqual(note.amount_total, 95.2)
        self.assertNotIn("Stock", self.balances())

    def test_a_count_that_comes_twice_moves_once(self):
        order, _purchase, _bill = self.sold(2.0)
        parcel = self.sent(self.agreed(order, 2))
        self.count(parcel, 1, by="supplier")
        self.count(parcel, 1, by="supplier")
        self.assertEqual(self.books(order), (1.0, 1.0, -1.0))
        self.assertEqual(len(parcel.line_ids.move_ids), 1)
        self.count(parcel, 2, by="supplier")
        self.assertEqual(self.books(order), (0.0, 0.0, -2.0))

    def test_two_workers_with_one_count_move_once(self):
        order, _purchase, _bill = self.sold(2.0)
        parcel = self.sent(self.agreed(order, 2))
        event = self.count(parcel, 1, by="supplier")
        line = parcel.line_ids
        move = line.move_ids
        source = move.origin_returned_move_id
        self.assertEqual(move.dropship_return_key, f"{event.id}-{line.id}-{source.id}")
        with self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
            line._return_move(source, 1, event)
        self.assertEqual(self.books(order), (1.0, 1.0, -1.0))

    def test_a_corrected_count_moves_back(self):
        order, _purchase, _bill = self.sold(2.0)
        parcel = self.sent(self.agreed(order, 2))
        self.count(parcel, 2, by="supplier")
        self.count(parcel, 1, by="supplier")
        self.assertEqual(self.books(order), (1.0, 1.0, -1.0))

    def test_back_to_us_waits_until_somebody_looked(self):
        order, purchase, _bill = self.sold()
        chair = order.order_line.product_id
        parcel = self.sent(self.agreed(order, to="us"))
        self.count(parcel, 1)
        self.assertEqual(self.books(order), (0.0, 1.0, 0.0), "the supplier has earned his money")
        self.assertEqual((self.lies(chair, self.to_check), self.lies(chair, self.shelf)), (1.0, 0.0))
        self.assertEqual(chair.free_qty, 0.0, "what nobody looked at is not sold")
        self.look(parcel, ("as_new", 1))
        self.assertEqual((self.lies(chair, self.to_check), self.lies(chair, self.shelf)), (0.0, 1.0))
        self.assertEqual(purchase.order_line.qty_to_invoice, 0.0)
        self.assertEqual(parcel.picking_ids.picking_type_id, self.company.dropship_return_type_id)

    def test_back_to_us_lies_in_stock_at_its_cost(self):
        for method in ("average", "fifo"):
            with self.subTest(method):
                order, _purchase, _bill = self.sold(method=method)
                chair = order.order_line.product_id
                before = self.balances().get("Stock", 0.0)
                self.look(self.sent(self.agreed(order, to="us")), ("as_new", 1))
                self.assertAlmostEqual(chair.with_company(self.company).total_value, 40.0, 2)
                self.credit(order.invoice_ids)
                self.assertAlmostEqual(self.balances()["Stock"] - before, 40.0, 2)

    def test_what_came_back_is_sold_again_from_our_shelf(self):
        order, _purchase, _bill = self.sold()
        chair = order.order_line.product_id
        own = [Command.set(self.company._dropship_back_warehouse().ids)]
        self.policy.write({"own_stock": True, "own_warehouse_ids": own})
        self.env["dropship.offer"].search([("product_id", "=", chair.id)]).price = 70.0
        parcel = self.sent(self.agreed(order, to="us"))
        self.count(parcel, 1)
        self.assertTrue(self.make_sale((chair, 1), confirm=True).dropship_purchase_ids, "not looked at yet")
        self.look(parcel, ("as_new", 1))
        again = self.make_sale((chair, 1), confirm=True)
        self.assertFalse(again.dropship_purchase_ids)
        again.picking_ids.move_ids.write({"quantity": 1.0, "picked": True})
        again.picking_ids._action_done()
        self.assertEqual(again.order_line.qty_delivered, 1.0)
        self.assertEqual(self.lies(chair, self.shelf), 0.0)

    def test_conditions_say_where_it_lies(self):
        order, _purchase, _bill = self.sold(4.0)
        chair = order.order_line.product_id
        parcel = self.sent(self.agreed(order, 4, to="us"))
        self.look(parcel, ("as_new", 1), ("opened", 1), ("damaged", 1), ("missing_parts", 1))
        self.assertEqual([self.lies(chair, place) for place in (self.shelf, self.to_check, self.broken)], [1, 1, 2])
        self.assertTrue(parcel.in_quarantine)
        parcel.action_shelve()
        self.assertEqual([self.lies(chair, place) for place in (self.shelf, self.to_check, self.broken)], [2, 0, 2])
        with self.assertRaisesRegex(UserError, "waits for a decision"):
            parcel.action_scrap()

    def test_what_is_thrown_away_is_no_stock(self):
        order, _purchase, _bill = self.sold()
        chair = order.order_line.product_id
        parcel = self.sent(self.agreed(order, to="us"))
        self.look(parcel, ("used", 1))
        parcel.action_scrap()
        self.assertEqual([self.lies(chair, place) for place in (self.shelf, self.to_check, self.broken)], [0, 0, 0])
        self.assertAlmostEqual(chair.with_company(self.company).total_value, 0.0, 2)

    def test_another_thing_in_the_box_is_not_what_was_sold(self):
        order, _purchase, _bill = self.sold(2.0)
        parcel = self.sent(self.agreed(order, 2))
        self.look(parcel, ("as_new", 1), ("wrong_item", 1), by="supplier")
        self.assertEqual(self.books(order), (1.0, 1.0, -1.0))

    def test_other_goods_are_written_down_and_move_nothing(self):
        order, _purchase, _bill = self.sold()
        case = self.agreed(order)
        parcel = self.sent(case)
        case._receive(parcel, {case.line_ids: 1, "a blue hat": 2}, "supplier")
        self.assertEqual(parcel.strange, [["a blue hat", "2"]])
        self.assertEqual(self.books(order), (0.0, 0.0, -1.0))
        self.assertIn("other_goods", [flag[0] for flag in case.flags])

    def test_more_than_was_delivered_is_in_no_book(self):
        order, _purchase, _bill = self.sold()
        parcel = self.sent(self.agreed(order))
        self.count(parcel, 3, by="supplier")
        self.assertEqual(self.books(order), (0.0, 0.0, -1.0))
        self.assertTrue(parcel.over)
        self.assertIn("too_many", [flag[0] for flag in parcel.return_id.flags])

    def test_several_parcels_of_one_case(self):
        order, _purchase, _bill = self.sold(3.0)
        case = self.agreed(order, 3)
        first = case._send_back("BACK00001", lines={case.line_ids: 1})
        second = case._send_back("BACK00002")
        self.assertEqual((first.line_ids.qty, second.line_ids.qty), (1.0, 2.0))
        self.count(second, 2, by="supplier")
        self.assertEqual((self.books(order), case.reception), ((1.0, 1.0, -2.0), "partly"))
        self.count(first, 1, by="supplier")
        self.assertEqual(self.books(order), (0.0, 0.0, -3.0))

    def test_one_parcel_of_two_orders(self):
        first, _purchase, _bill = self.sold(2.0)
        second, _purchase, _bill = self.sold(1.0)
        case = self.open_case((first.order_line, 1, "dislike"), (second.order_line, 1, "dislike"))
        parcel = self.sent(self.agree(case))
        case._receive(parcel, dict.fromkeys(case.line_ids, 1), "supplier")
        self.assertEqual([self.books(order) for order in (first, second)], [(1.0, 1.0, -1.0), (0.0, 0.0, -1.0)])

    def test_sold_by_the_dozen_and_one_comes_back(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        chair = self.make_chair("real_time", "fifo")
        order = self.make_sale((chair, 1))
        order.order_line.product_uom_id = dozen
        self.env["dropship.line.choice"]._choose(order.order_line, self.rhein, "pin", "test")
        order.action_confirm()
        purchase = order.dropship_purchase_ids
        purchase._dropship_accept()
        self.dispatch(purchase)
        self.assertEqual(order.order_line.qty_delivered, 1.0)
        parcel = self.sent(self.agreed(order, 0.5))
        self.count(parcel, 0.5, by="supplier")
        self.assertEqual(self.books(order)[:2], (0.5, 6.0))

    def test_a_locked_purchase_is_credited_too(self):
        order, purchase, _bill = self.sold(2.0)
        purchase.button_lock()
        order.action_lock()
        self.count(self.sent(self.agreed(order, 2)), 2, by="supplier")
        self.assertEqual(self.books(order), (0.0, 0.0, -2.0))

    def test_kept_goods_move_nothing(self):
        order, _purchase, _bill = self.sold()
        case = self.open_case((order.order_line, 1, "damaged"))
        case._record("accept", "agent", offer=self.offer(case, "nothing"))
        self.assertFalse(case.parcel_ids)
        self.assertEqual(self.books(order), (1.0, 1.0, 0.0))

    def test_a_silent_supplier_has_it_as_sent(self):
        order, _purchase, _bill = self.sold()
        case = self.agreed(order)
        parcel = self.sent(case)
        case._record("arrive", "system", parcel=parcel.key)
        self.assertEqual(self.books(order), (1.0, 1.0, 0.0))
        self.pass_hours(case, 24 * 14)
        self.assertIn("deem", self.history(case))
        self.assertEqual((parcel.state, self.books(order)), ("deemed", (0.0, 0.0, -1.0)))

    def test_it_came_to_us_instead(self):
        order, _purchase, _bill = self.sold()
        chair = order.order_line.product_id
        parcel = self.sent(self.agreed(order))
        parcel.action_to_us()
        self.count(parcel, 1)
        self.assertEqual((self.books(order), self.lies(chair, self.to_check)), ((0.0, 1.0, 0.0), 1.0))
        with self.assertRaisesRegex(UserError, "counted already"):
            parcel.action_to_us()

    def test_without_inspection_it_lies_on_the_shelf_at_once(self):
        self.company.dropship_inspect_here = False
        order, _purchase, _bill = self.sold()
        self.count(self.sent(self.agreed(order, to="us", after="received")), 1)
        self.assertEqual(self.lies(order.order_line.product_id, self.shelf), 1.0)

    def test_what_left_our_own_shelf_comes_back_to_it(self):
        chair = self.make_chair("real_time", "fifo")
        self.env["dropship.offer"].search([("product_id", "=", chair.id)]).price = 90.0
        self.env["stock.quant"]._update_available_quantity(chair, self.shelf, 1)
        own = [Command.set(self.company._dropship_back_warehouse().ids)]
        self.policy.write({"own_stock": True, "own_warehouse_ids": own})
        order = self.make_sale((chair, 1), confirm=True)
        order.picking_ids.move_ids.write({"quantity": 1.0, "picked": True})
        order.picking_ids._action_done()
        self.assertEqual(self.lies(chair, self.shelf), 0.0)
        parcel = self.sent(self.agreed(order))
        self.assertEqual(parcel.place, "us")
        self.look(parcel, ("as_new", 1))
        self.assertEqual((order.order_line.qty_delivered, self.lies(chair, self.shelf)), (0.0, 1.0))
