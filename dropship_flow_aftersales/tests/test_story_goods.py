from odoo import Command
from odoo.tests import tagged

from .common_story import StoryCase


@tagged("post_install", "-at_install", "standard")
class TestStoryGoods(StoryCase):
    """Goods that come back: to us and sold again, to the supplier who agreed first; and what the customer thought."""

    def chair_sold(self, qty=1.0):
        """(order, purchase) of a billed, invoiced, paid chair, kept by value in the books."""
        chair = self.make_chair("real_time", "fifo", invoice_policy="order")
        purchase = self.buy((chair, qty), accept=True)
        self.dispatch(purchase, number="00340000000000000021")
        box = self.box("00340000000000000021")
        self.scan(box, "picked_up", hours=60)
        self.scan(box, "delivered", hours=30)
        self.bill(purchase, qty)
        order = purchase.dropship_sale_id
        self.invoice(order)
        self.pay(order)
        return order, purchase

    def test_back_to_us_and_the_next_order_is_served_from_the_shelf(self):
        order, purchase = self.chair_sold()
        chair = order.order_line.product_id
        own = [Command.set(self.company._dropship_back_warehouse().ids)]
        self.policy.write({"own_stock": True, "own_warehouse_ids": own})
        self.env["dropship.offer"].search([("product_id", "=", chair.id)]).price = 70.0
        self.row({"kind": "return", "to": "us", "base": "delivered", "days": 30})
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual((case.acceptance, case.destination), ("accepted", "us"))
        case._say_sent("customer", self.number())
        self.assertPaidBack(order)
        self.look(case.parcel_ids, ("as_new", 1))
        self.assertDone(case, "return")
        self.assertPaidBack(order, 119.0)
        self.assertEqual((self.lies(chair, self.shelf), purchase.order_line.qty_to_invoice), (1.0, 0.0))
        self.assertAlmostEqual(chair.with_company(self.company).total_value, 40.0, 2)
        # The next customer gets it: nobody is asked for another one.
        again = self.make_sale((chair, 1), confirm=True)
        self.assertFalse(again.dropship_purchase_ids)
        again.picking_ids.move_ids.write({"quantity": 1.0, "picked": True})
        again.picking_ids._action_done()
        self.pay(again)
        self.invoice(again)
        self.assertEqual((again.order_line.qty_delivered, self.lies(chair, self.shelf)), (1.0, 0.0))
        balances = self.balances()
        self.assertEqual(balances.get("Stock", 0.0), 0.0)
        self.assertEqual((balances["Sales"], balances["Output tax"]), (-100.0, -19.0), "sold once in the end")
        self.assertEnded(case)

    def test_to_the_supplier_who_agrees_first_and_then_is_silent(self):
        """His address is shown only once he agreed; what arrived and he never opened is taken as sent."""
        order, purchase = self.chair_sold(2.0)
        self.warehouses["Rhein"].write({"street": "Am Kai 5", "zip": "50667", "city": "Köln"})
        self.terms(asks_first=True)
        self.row({"kind": "return", "to": "supplier", "base": "delivered", "days": 30, "after": "received"})
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual((case.acceptance, case.destination, case.approval), ("accepted", "supplier", "waiting"))
        self.assertEqual(case._return_address(), [])
        self.assertNotIn("Am Kai 5", self.customer_reads(case))
        with self.refused("not possible now|to be sent"):
            case._say_sent("customer", self.number())
        self.at_desk(case.side_ids, "approved", id="RH-RMA-7")
        self.assertEqual(case.approval, "given")
        self.assertIn("Am Kai 5", str(case._return_address()))
        self.assertNotIn("Rhein", str(case._return_address()))
        number = self.number()
        case._say_sent("customer", number)
        told = self.told(case, "return_parcel")
        self.assertEqual([message.content["number"] for message in told], [number])
        # The carrier delivers it; the supplier says nothing.
        case._record("arrive", "system", parcel=case.parcel_ids.key)
        self.assertEqual(self.books(order), (2.0, 2.0, 0.0))
        self.assertPaidBack(order)
        self.pass_hours(case, 24 * 14)
        self.assertIn("deem", self.history(case))
        self.assertDone(case, "return")
        self.assertPaidBack(order, 119.0)
        # Goods are back by the books, and he owes the money.
        self.assertEqual(self.books(order), (1.0, 1.0, -1.0))
        purchase.action_create_invoice()
        note = purchase.invoice_ids.filtered(lambda move: move.move_type == "in_refund")
        self.assertEqual(note.amount_total, 47.6)
        # His late word changes nothing.
        message = self.says(case, "counted", "late", lines=[{"line": str(case.line_ids.id), "qty": 0}])
        self.assertIn(message.state, ("parked", "processed"))
        self.assertEqual(self.books(order)[:2], (1.0, 1.0))
        self.assertPaidBack(order, 119.0)

    def test_refused_by_the_supplier_it_comes_to_us(self):
        order, _purchase = self.chair_sold()
        self.terms(asks_first=True)
        self.row({"kind": "return", "to": "supplier", "base": "delivered", "days": 30, "after": "received"})
        case = self.ask((order.order_line, 1, "changed_mind", {"wanted": "return"}))
        self.at_desk(case.side_ids, "refused", reason="It was a special offer")
        self.assertEqual(case.approval, "refused")
        self.assertTrue(case.person_since or case.due_by == "us")
        case._record("redirect", "agent")
        self.assertEqual((case.destination, case.side_ids.state), ("us", "off"))
        case._say_sent("customer", self.number())
        self.look(case.parcel_ids, ("as_new", 1))
        self.assertPaidBack(order, 119.0)
        self.assertEqual(self.books(order), (0.0, 1.0, 0.0))

    def test_a_bad_score_opens_it_again(self):
        order = self.sold((self.lamp, 1, 34.9))
        case = self.ask((order.order_line, 1, "defective", self.shown(wanted="keep")))
        self.assertPaidBack(order, 10.47)
        self.assertEnded(case)
        self.assertEqual(case._say_score("customer", 1, "The lamp is worse than I thought"), "done")
        self.assertEqual((case.state, bool(case.reopened_at)), ("open", True))
        self.assertEqual(case.due_by, "us")
        # The agent agrees to take it back: what was kept for less is not paid twice.
        case._record("accept", "agent", offer=self.offer(case, "return", to="us", after="received"))
        case._say_sent("customer", self.number())
        self.look(case.parcel_ids, ("used", 1))
        self.assertDone(case, "keep", "return")
        self.assertPaidBack(order, 10.47, 24.43)
        self.assertEnded(case)
        self.assertEqual(case._say_score("customer", 5), "done")
        self.assertEqual(case.state, "closed")

    def test_one_case_over_two_orders_of_two_suppliers(self):
        first = self.sold((self.lamp, 1, 34.9))
        second = self.make_sale((self.stand, 2, 9.9))
        self.env["dropship.line.choice"]._choose(second.order_line, self.suppliers["Yiwu"], "pin", "test")
        second.action_confirm()
        purchase = second.dropship_purchase_ids
        purchase._dropship_accept()
        purchase._dropship_take_parcels([{"number": "00340000000000000031", "carrier": "DHL"}])
        self.scan(self.box("00340000000000000031"), "picked_up", hours=60)
        self.scan(self.box("00340000000000000031"), "delivered", hours=30)
        self.pay(second)
        self.invoice(second)
        self.row({"kind": "return", "to": "supplier", "base": "delivered", "days": 30, "after": "received"})
        self.terms()
        self.terms(self.suppliers["Yiwu"])
        case = self.ask(
            (first.order_line, 1, "changed_mind", {"wanted": "return"}),
            (second.order_line, 2, "changed_mind", {"wanted": "return"}),
        )
        self.assertEqual((case.acceptance, case.destination), ("accepted", "supplier"))
        sides = {side.supplier_id.name: side for side in case.side_ids}
        self.assertEqual(sorted(sides), ["Rhein", "Yiwu"])
        self.assertNotIn("Yiwu", str(sides["Rhein"]._desk_facts()))
        self.assertNotIn("Stand", str(sides["Rhein"]._desk_facts()))
        # Two suppliers, two parcels.
        case._say_sent("customer", "BACKTWO10001")
        case._say_sent("customer", "BACKTWO10002")
        self.assertEqual(sorted(case.parcel_ids.supplier_id.mapped("name")), ["Rhein", "Yiwu"])
        lamp, stand = case.line_ids
        self.at_desk(sides["Rhein"], "inspected", lines=[{"line": str(lamp.id), "qty": 1, "condition": "as_new"}])
        self.assertFalse(case.refund_ids, "the other parcel is still on its way")
        self.at_desk(sides["Yiwu"], "inspected", lines=[{"line": str(stand.id), "qty": 2, "condition": "as_new"}])
        self.assertDone(case, "return")
        self.send_money()
        self.assertEqual(sorted(self.ledger), [-34.9, -19.8])
        self.assertEqual(
            [sum(order.dropship_refund_book_ids.mapped("money")) for order in (first, second)], [34.9, 19.8]
        )
        self.assertEqual([self.books(order)[:2] for order in (first, second)], [(0.0, 0.0), (0.0, 0.0)])
        self.assertEnded(case)
