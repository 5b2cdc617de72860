from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_shipment import ShipmentCase


@tagged("post_install", "-at_install", "standard")
class TestShipmentRevert(ShipmentCase):
    """A false notice is undone as if it had never come."""

    def facts(self, purchase):
        return (
            self.env["dropship.supplier.fact"]
            .search([("allocation_id", "in", purchase.dropship_allocation_ids.ids)])
            .filtered(lambda fact: fact.kind == "false_dispatch")
        )

    def test_everything_is_as_before(self):
        purchase = self.buy((self.lamp, 3), self.stand, accept=True)
        before = self.counts(purchase)
        box = self.told(purchase, "AA111111")
        self.assertNotEqual(self.counts(purchase), before)
        box.action_revert_dispatch()
        self.assertEqual(self.counts(purchase), before)
        self.assertEqual((box.state, box.is_final), ("reverted", True))
        self.assertEqual(len(self.facts(purchase)), 2)
        self.assertFalse(purchase._dropship_told_numbers())
        self.assertEqual(len(purchase._dropship_waiting_transfers()), 1)
        box.action_revert_dispatch()
        self.assertEqual(self.counts(purchase), before, "twice changes nothing more")
        self.assertEqual(len(self.facts(purchase)), 2)

    def test_it_can_be_shipped_later(self):
        purchase = self.buy((self.lamp, 3))
        self.told(purchase, "AA111111").action_revert_dispatch()
        box = self.told(purchase, "BB222222")
        self.assertEqual((box.state, box.line_ids.qty), ("dispatched", 3.0))
        self.assertEqual(purchase.order_line.qty_received, 3.0)
        self.assertEqual(purchase.dropship_sale_id.order_line.qty_delivered, 3.0)
        self.assertEqual(purchase.dropship_allocation_ids.state, "shipped")
        box.action_revert_dispatch()
        self.assertEqual(purchase.dropship_allocation_ids.mapped("state"), ["accepted"])
        self.assertEqual(purchase.dropship_sale_id.order_line.qty_delivered, 0.0)

    def test_one_of_two_boxes(self):
        purchase = self.buy((self.lamp, 5), accept=True)
        line = purchase.order_line
        self.told(purchase, "AA111111", (line, 2))
        before = self.counts(purchase)
        second = self.told(purchase, "BB222222", (line, 3))
        self.assertEqual(purchase.dropship_allocation_ids.state, "shipped")
        second.action_revert_dispatch()
        self.assertEqual(self.counts(purchase), before)
        self.assertEqual(purchase._dropship_told_numbers(), ["AA111111"])

    def test_the_same_number_again_is_not_believed_but_a_scan_is(self):
        purchase = self.buy(self.lamp)
        box = self.told(purchase, "AA111111")
        box.action_revert_dispatch()
        with self.assertRaisesRegex(UserError, "had not"):
            self.told(purchase, "AA111111")
        self.assertEqual(purchase.order_line.qty_received, 0.0)
        self.scan(box, hours=-0.1)
        self.assertEqual((box.state, purchase.order_line.qty_received), ("dispatched", 1.0))

    def test_all_boxes_of_the_same_goods(self):
        purchase = self.buy((self.lamp, 2))
        purchase._dropship_take_parcels([{"number": "BOX-11111"}, {"number": "BOX-22222"}])
        boxes = self.box("BOX-11111") | self.box("BOX-22222")
        boxes[:1].action_revert_dispatch()
        self.assertEqual(set(boxes.mapped("state")), {"reverted"})

    def test_announced_boxes(self):
        self.rhein.ship_trust = "scan"
        purchase = self.buy((self.lamp, 2), accept=True)
        before = self.counts(purchase)
        box = self.told(purchase, "AA111111")
        box.action_revert_dispatch()
        self.assertEqual(self.counts(purchase), before)
        self.assertEqual(purchase._dropship_answer_state(), "ship", "he is asked again")
        self.assertTrue(self.facts(purchase))

    def test_what_was_invoiced_stops_it(self):
        self.lamp.invoice_policy = "delivery"
        purchase = self.buy((self.lamp, 2))
        box = self.told(purchase, "AA111111")
        self.lamp.purchase_method = "receive"
        order = purchase.dropship_sale_id
        order.order_line.flush_recordset()
        self.env.cr.execute("UPDATE sale_order_line SET qty_invoiced = 2 WHERE order_id = %s", [order.id])
        order.order_line.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "was invoiced"):
            box.action_revert_dispatch()
        self.assertEqual((box.state, purchase.order_line.qty_received), ("dispatched", 2.0))
        self.lamp.invoice_policy = "order"
        box.action_revert_dispatch()
        self.assertEqual(box.state, "reverted", "what he pays for when ordering is as before")

    def test_only_the_desk(self):
        purchase = self.buy(self.lamp)
        box = self.told(purchase, "AA111111")
        for role in ("employee", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                box.with_user(self.login(role)).action_revert_dispatch()
        seller = new_test_user(self.env, "parcel-seller", groups="sales_team.group_sale_salesman_all_leads",
                               company_id=self.company.id, company_ids=[Command.set(self.company.ids)])  # fmt: skip
        self.assertEqual(box.with_user(seller).number, "AA111111", "who sells may look")
        with self.assertRaises(AccessError):
            box.with_user(seller).action_revert_dispatch()
        self.assertEqual(box.state, "dispatched")
