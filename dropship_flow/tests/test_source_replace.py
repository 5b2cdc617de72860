from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestSourceReplace(FlowCase):
    """换供应商: Yiwu takes over what Dawn sold, and gives it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.automation = "ask"
        cls.dawn, cls.yiwu = cls.suppliers["Dawn"], cls.suppliers["Yiwu"]
        cls.buyer = cls.make_login("buyer")
        cls.old, cls.new = cls.offers["Dawn", cls.lamp], cls.offers["Yiwu", cls.lamp]

    def proposal(self, old=None, new=None, **vals):
        record = (
            self.env["dropship.source.replacement"]
            .with_user(self.buyer)
            .create({"supplier_id": (old or self.dawn).id, "new_supplier_id": (new or self.yiwu).id, **vals})
        )
        record.action_propose()
        return record

    def test_the_same_product_is_found_and_compared(self):
        record = self.proposal()
        line = record.line_ids
        self.assertEqual((line.offer_id, line.new_offer_id, line.matched_by), (self.old, self.new, "product"))
        self.assertGreater(line.cost_after, line.cost_before)
        self.assertAlmostEqual(line.margin_before - line.margin_after, line.change, 2)
        self.assertEqual(record.dearer_count, 1)
        self.assertTrue(self.old.active)

    def test_codes_match_what_is_not_linked_yet(self):
        bowl, cup, plate = (self.make_product(name, barcode=code) for name, code in (
            ("Bowl", "4006381333931"), ("Cup", False), ("Plate", False)))  # fmt: skip
        house, their = self.warehouses["Dawn"], self.warehouses["Yiwu"]
        for product, sku in ((bowl, "D-1"), (cup, "SAME"), (plate, "D-3")):
            self.make_offer(house, product, 4.0, sku=sku)
        by_code = self.make_offer(their, None, 3.0, sku="Y-1", barcode="04006381333931")
        by_sku = self.make_offer(their, None, 3.0, sku="SAME")
        record = self.proposal()
        found = {line.product_id: (line.new_offer_id, line.matched_by) for line in record.line_ids}
        self.assertEqual(found[bowl], (by_code, "barcode"))
        self.assertEqual(found[cup], (by_sku, "sku"))
        self.assertFalse(found[plate][0])
        self.assertEqual((record.matched_count, record.unmatched_count), (3, 1))
        record.action_replace()
        self.assertEqual((by_code.product_id, by_sku.product_id), (bowl, cup))
        self.assertTrue(self.env["dropship.offer"].search([("sku", "=", "D-3")]).active)
        record.action_undo()
        self.assertFalse(by_code.product_id | by_sku.product_id)

    def test_everything_moves_in_one_step_and_once(self):
        order = self.make_sale(self.lamp, confirm=True)
        order.action_dropship_release()
        self.assertEqual(order.dropship_allocation_ids.supplier_id, self.dawn)
        pinned = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(pinned.order_line, self.dawn, "pin", "the customer likes it")
        record = self.proposal(reason="too slow")
        states = order.dropship_allocation_ids.mapped("state")
        record.action_replace()
        self.assertEqual(record.state, "done")
        self.assertFalse(self.old.active)
        self.assertTrue(self.new.active)
        self.assertFalse(self.old.supplierinfo_ids)
        self.assertEqual(pinned.order_line.dropship_choice_ids.supplier_id, self.yiwu)
        open_rows = order.dropship_allocation_ids.filtered(lambda row: row.state != "released")
        if states == ["planned"]:
            self.assertNotIn(self.dawn, open_rows.supplier_id)
            self.assertEqual(record.order_count, 1)
        else:
            self.assertEqual(open_rows.supplier_id, self.dawn)
            self.assertEqual(record.kept_count, 1)
        self.assertEqual((record.done_by_id, record.pin_count), (self.buyer, 1))
        done_at = record.done_at
        record.action_replace()
        self.assertEqual(record.done_at, done_at)

    def test_an_order_not_sent_yet_goes_to_the_new_one(self):
        self.policy.write({"automation": "buy", "send_delay": 60})
        order = self.make_sale(self.lamp, confirm=True)
        row = order.dropship_allocation_ids
        self.assertEqual((row.state, row.supplier_id), ("planned", self.dawn))
        draft = row.purchase_id
        record = self.proposal()
        record.action_replace()
        living = order.dropship_allocation_ids.filtered(lambda one: one.state != "released")
        self.assertNotEqual(living.supplier_id, self.dawn)
        self.assertEqual((row.state, draft.state, record.order_count), ("released", "cancel", 1))

    def test_an_order_the_old_one_has_stays_his(self):
        self.policy.automation = "buy"
        order = self.make_sale(self.lamp, confirm=True)
        row = order.dropship_allocation_ids
        self.assertIn(row.state, ("submitted", "accepted"))
        record = self.proposal()
        record.action_replace()
        self.assertEqual((row.supplier_id, record.kept_count, record.order_count), (self.dawn, 1, 0))
        self.assertIn(row.state, ("submitted", "accepted"))

    def test_agreed_prices_of_the_old_one_end_and_come_back(self):
        agreed = self.env["product.supplierinfo"].create(
            {"partner_id": self.dawn.partner_id.id, "product_id": self.lamp.id, "price": 5.0,
             "product_tmpl_id": self.lamp.product_tmpl_id.id, "date_end": "2099-01-01", "company_id": self.company.id}
        )  # fmt: skip
        record = self.proposal()
        record.action_replace()
        self.assertLess(agreed.date_end, fields.Date.today())
        self.assertEqual(record.agreement_count, 1)
        record.action_undo()
        self.assertEqual(str(agreed.date_end), "2099-01-01")

    def test_it_is_taken_back(self):
        self.old.sequence, self.new.sequence = 3, 9
        pinned = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(pinned.order_line, self.dawn, "pin", "likes it")
        record = self.proposal(pause_supplier=True)
        record.action_replace()
        self.assertEqual((self.dawn.state, self.new.sequence), ("paused", 3))
        record.action_undo()
        self.assertEqual((self.dawn.state, record.state), ("approved", "undone"))
        self.assertTrue(self.old.active)
        self.assertTrue(self.old.supplierinfo_ids)
        self.assertEqual((self.old.sequence, self.new.sequence), (3, 9))
        self.assertEqual(pinned.order_line.dropship_choice_ids.supplier_id, self.dawn)
        record.action_undo()
        with self.assertRaises(UserError):
            record.action_replace()
        with self.assertRaises(UserError):
            record.sudo().unlink()

    def test_what_cannot_be_is_refused_and_changes_nothing(self):
        record = self.proposal(old=self.yiwu, new=self.suppliers["Ningbo"], pause_supplier=True)
        self.assertEqual(record.unmatched_count, 1)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            record.action_replace()
        self.suppliers["Ningbo"]._block("late")
        record.pause_supplier = False
        with self.assertRaises(UserError), self.env.cr.savepoint():
            record.action_replace()
        self.assertEqual(record.state, "draft")
        self.assertTrue(self.offers["Yiwu", self.stand].active)
        rhein = self.suppliers["Rhein"]
        line = self.proposal(new=rhein).line_ids
        line.new_offer_id = self.offers["Rhein", self.stand]
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.replacement_id.action_replace()

    def test_a_choice_by_hand_stays(self):
        record = self.proposal(new=self.suppliers["Ningbo"])
        other = self.make_offer(self.warehouses["Ningbo"], None, 7.0, sku="HAND")
        record.line_ids.new_offer_id = other
        self.assertEqual(record.line_ids.matched_by, "hand")
        record.action_propose()
        self.assertEqual(record.line_ids.new_offer_id, other)

    def test_only_these(self):
        record = self.proposal(
            old=self.yiwu, new=self.suppliers["Ningbo"],
            offer_ids=[Command.set(self.offers["Yiwu", self.cable].ids)],
        )  # fmt: skip
        self.assertEqual(record.line_ids.product_id, self.cable)
        record.action_replace()
        self.assertTrue(self.offers["Yiwu", self.lamp].active)
        self.assertFalse(self.offers["Yiwu", self.cable].active)

    def test_who_may(self):
        with self.assertRaises(AccessError):
            self.env["dropship.source.replacement"].with_user(self.make_login("user")).create(
                {"supplier_id": self.dawn.id, "new_supplier_id": self.yiwu.id}
            )
        record = self.proposal()
        with self.assertRaises(AccessError):
            record.with_user(self.make_login("user")).action_replace()
        other = self.euro_company("Elsewhere GmbH")
        theirs = self.make_login("buyer", other)
        with self.assertRaises(AccessError):
            record.with_user(theirs).with_context(allowed_company_ids=other.ids).action_replace()
        self.assertEqual(record.state, "draft")
