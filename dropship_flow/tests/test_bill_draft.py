from datetime import datetime
from decimal import Decimal

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_bills import BillCase


@tagged("post_install", "-at_install", "standard")
class TestBillDraft(BillCase):
    """Rhein writes no bills: we draft them from what left, each unit once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls.env["dropship.supplier.term"].create(
            {"supplier_id": cls.rhein.id, "bills_by": "us", "fee_per_order": 1.0}
        )

    def draft(self, purchase):
        self.match()
        return purchase._dropship_draft_bills()

    def quantities(self, bills):
        goods = bills.invoice_line_ids.filtered("purchase_line_id")
        return sorted((line.product_id.name, line.quantity) for line in goods)

    def test_what_left_is_drafted_with_freight_and_fees(self):
        purchase = self.bought((self.lamp, 2), (self.cable, 1))
        self.assertEqual(self.row(purchase).mapped("to_draft"), [True, True])
        bill = self.draft(purchase)
        self.assertEqual((bill.state, bill.move_type, bill.dropship_drafted), ("draft", "in_invoice", True))
        self.assertEqual(self.quantities(bill), [("Cable", 1.0), ("Lamp", 2.0)])
        charges = bill.invoice_line_ids.filtered("dropship_charge")
        amounts = {line.dropship_charge: line.price_unit for line in charges}
        self.assertEqual(amounts, {"freight": 3.9, "fee": 1.0})
        self.assertEqual(self.row(purchase).mapped("state"), ["ok", "ok"])
        self.assertFalse(bill.with_user(self.accountant())._dropship_approve())
        self.assertEqual(bill.state, "posted")

    def test_again_drafts_nothing(self):
        purchase = self.bought()
        self.assertTrue(self.draft(purchase))
        self.assertFalse(self.draft(purchase))

    def test_each_box_once(self):
        purchase = self.bought((self.lamp, 3), ship=False)
        line = purchase.order_line
        self.assertFalse(self.draft(purchase))
        self.told(purchase, "DE000000011", (line, 2))
        self.assertEqual(self.quantities(self.draft(purchase)), [("Lamp", 2.0)])
        self.told(purchase, "DE000000012", (line, 1))
        second = self.draft(purchase)
        self.assertEqual(self.quantities(second), [("Lamp", 1.0)])
        freight = second.invoice_line_ids.filtered(lambda line: line.dropship_charge == "freight")
        self.assertEqual(freight.price_unit, 3.9)

    def test_the_day_it_left_where_the_company_is(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        purchase = self.bought()
        purchase.order_line.move_ids.date = datetime(2026, 3, 31, 17, 30)
        self.assertEqual(str(self.draft(purchase).invoice_date), "2026-04-01")

    def test_never_what_the_supplier_billed(self):
        purchase = self.bought((self.lamp, 2), (self.cable, 1))
        lamp = purchase.order_line.filtered(lambda line: line.product_id == self.lamp)
        self.bill(purchase, (lamp, 2, 15.9), ref="H1")
        self.assertEqual(self.quantities(self.draft(purchase)), [("Cable", 1.0)])

    def test_nor_what_he_handed_in(self):
        purchase = self.bought()
        self.patch(
            type(purchase),
            "_dropship_waiting_uploads",
            lambda orders: {line.id: Decimal(2) for line in orders.order_line},
        )
        self.assertFalse(self.draft(purchase))

    def test_his_late_bill_replaces_our_draft(self):
        purchase = self.bought((self.lamp, 2))
        ours = self.draft(purchase)
        theirs = self.bill(purchase, freight=3.9, ref="H2")
        self.match()
        self.assertFalse(ours.exists())
        self.assertEqual((self.row(purchase).state, self.held(theirs)), ("ok", []))
        self.assertFalse(self.draft(purchase))

    def test_his_bill_of_a_part_leaves_the_rest_with_us(self):
        purchase = self.bought((self.lamp, 3))
        ours = self.draft(purchase)
        self.bill(purchase, (purchase.order_line, 1, 15.9), ref="H3")
        self.match()
        self.assertEqual(self.quantities(ours), [("Lamp", 2.0)])
        self.assertEqual(self.row(purchase).state, "ok")

    def test_our_posted_bill_stays_and_his_is_held(self):
        purchase = self.bought()
        ours = self.draft(purchase)
        ours.action_post()
        theirs = self.bill(purchase, ref="H4")
        self.assertEqual((self.held(theirs), ours.state), (["bill_twice"], "posted"))

    def test_a_cancelled_draft_is_drafted_again(self):
        purchase = self.bought()
        self.draft(purchase).button_cancel()
        self.assertEqual(self.quantities(self.draft(purchase)), [("Lamp", 2.0)])

    def test_what_was_credited_is_not_billed_again(self):
        purchase = self.bought()
        self.draft(purchase).action_post()
        self.bill(purchase, (purchase.order_line, 2, 15.9), kind="in_refund", ref="G9", post=True)
        self.assertFalse(self.draft(purchase))

    def test_the_database_keeps_the_second_out(self):
        purchase = self.bought()
        bill = self.draft(purchase)
        line = bill.invoice_line_ids.filtered("purchase_line_id")
        first_come = self.env["dropship.allocation"]._first_come
        refused = self.assertRaises(ConcurrencyError)
        with mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint(), first_come():
            twin = bill.copy({"dropship_drafted": True})
            twin.invoice_line_ids[:1].dropship_draft_key = line.dropship_draft_key
            self.env.flush_all()

    def test_the_round_bills_what_waits(self):
        purchase, other = self.bought(), self.bought()
        self.match()
        self.run_cron("cron_draft_bills")
        for one in (purchase, other):
            self.assertEqual(self.quantities(one.invoice_ids), [("Lamp", 2.0)])
        self.run_cron("cron_draft_bills")
        self.assertEqual(len((purchase | other).invoice_ids), 2)

    def test_suppliers_who_bill_are_left_alone(self):
        self.term.bills_by = "supplier"
        purchase = self.bought()
        self.assertFalse(self.row(purchase).to_draft)
        self.assertFalse(self.draft(purchase))
