from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_bills import BillCase


@tagged("post_install", "-at_install", "standard")
class TestBillMatch(BillCase):
    """Anna's lamps come from Rhein at 15.90 each, 3.90 a parcel; what does he bill?"""

    def test_a_clean_bill_matches_line_by_line(self):
        purchase = self.bought((self.lamp, 2), (self.cable, 1))
        self.bill(purchase, freight=3.9)
        rows = self.row(purchase)
        self.assertEqual(rows.mapped("state"), ["ok", "ok"])
        self.assertEqual(sorted(rows.mapped("billed_qty")), [1.0, 2.0])
        self.assertEqual(sorted(rows.mapped("draft_qty")), [1.0, 2.0])
        freight = self.row(purchase, "freight")
        self.assertEqual((freight.state, freight.expected_amount, freight.difference), ("ok", 3.9, 0.0))

    def test_drafts_count_and_are_told_apart_from_what_is_posted(self):
        purchase = self.bought()
        bill = self.bill(purchase)
        self.assertEqual((self.row(purchase).billed_qty, self.row(purchase).draft_qty), (2.0, 2.0))
        bill.action_post()
        self.assertEqual((self.row(purchase).billed_qty, self.row(purchase).draft_qty), (2.0, 0.0))

    def test_shipped_and_not_billed_waits(self):
        purchase = self.bought()
        row = self.row(purchase)
        self.assertEqual((row.state, row.reason_text), ("waiting", "2 shipped that are not billed yet."))
        self.assertEqual(self.row(purchase, "freight").state, "waiting")

    def test_nothing_shipped_nothing_billed(self):
        purchase = self.bought(ship=False)
        self.assertEqual(self.row(purchase).state, "open")

    def test_a_dearer_price_is_said_in_words_and_waits_for_a_decision(self):
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 16.9), freight=3.9)
        row = self.row(purchase)
        self.assertEqual((row.state, row.difference, row.needs_decision), ("differs", 2.0, True))
        self.assertEqual(row.reason_text, "Billed at 16.90 EUR each, agreed was 15.90 EUR: 2.00 EUR.")
        self.assertEqual(bill.dropship_match_state, "differs")
        self.assertEqual(self.held(bill), ["bill_difference"])
        self.assertIn("2.00 EUR", bill.dropship_hold_text)

    def test_a_changed_draft_is_matched_again(self):
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 16.9), freight=3.9)
        self.assertEqual(self.row(purchase).state, "differs")
        bill.invoice_line_ids.filtered("purchase_line_id").price_unit = 15.9
        self.assertEqual(self.row(purchase).state, "ok")
        self.assertFalse(bill.dropship_held)
        bill.button_cancel()
        self.assertEqual(self.row(purchase).billed_qty, 0.0)
        bill.button_draft()
        self.assertEqual(self.row(purchase).billed_qty, 2.0)
        bill.unlink()
        self.assertEqual((self.row(purchase).billed_qty, self.row(purchase).state), (0.0, "waiting"))

    def test_the_price_of_the_purchase_changes(self):
        purchase = self.bought()
        self.bill(purchase, (purchase.order_line, 2, 16.9))
        self.assertEqual(self.row(purchase).state, "differs")
        purchase.order_line.price_unit = 16.9
        self.assertEqual(self.row(purchase).state, "ok")

    def test_billed_before_it_left(self):
        purchase = self.bought(ship=False)
        bill = self.bill(purchase, freight=3.9)
        row = self.row(purchase)
        self.assertEqual((row.state, self.codes(row.reasons)), ("waiting", ["match_early"]))
        self.assertEqual(self.held(bill), ["bill_early", "bill_charge_early"])
        self.told(purchase, "DE000000001")
        self.assertEqual(self.row(purchase).state, "ok")
        self.assertEqual(self.held(bill), [])

    def test_part_by_part(self):
        purchase = self.bought((self.lamp, 3), ship=False)
        line = purchase.order_line
        self.told(purchase, "DE000000002", (line, 2))
        self.bill(purchase, (line, 2, 15.9), ref="A1")
        self.assertEqual(self.row(purchase).state, "ok")
        self.told(purchase, "DE000000003", (line, 1))
        row = self.row(purchase)
        self.assertEqual((row.state, self.codes(row.reasons)), ("waiting", ["match_unbilled"]))
        self.bill(purchase, (line, 1, 15.9), ref="A2")
        self.assertEqual(self.row(purchase).state, "ok")

    def test_another_unit_of_measure(self):
        """He bills one pair where two were bought."""
        pair = self.env["uom.uom"].create(
            {"name": "Pair", "relative_factor": 2.0, "relative_uom_id": self.lamp.uom_id.id}
        )
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 1, 31.8))
        bill.invoice_line_ids.product_uom_id = pair
        bill.invoice_line_ids.price_unit = 31.8
        row = self.row(purchase)
        self.assertEqual((row.billed_qty, row.billed_amount, row.state), (2.0, 31.8, "ok"))

    def test_taxes_in_the_price_make_no_difference(self):
        purchase = self.bought()
        included = self.tax.copy({"name": "19 % in", "type_tax_use": "purchase"})
        bill = self.bill(purchase, (purchase.order_line, 2, 15.9 * 1.19))
        bill.invoice_line_ids.tax_ids = [Command.set(included.ids)]
        self.assertAlmostEqual(bill.amount_untaxed, 31.8)
        self.assertEqual(self.row(purchase).state, "ok")

    def test_billed_twice_holds_the_second_bill_only(self):
        purchase = self.bought()
        first = self.bill(purchase, ref="B1", post=True)
        second = self.bill(purchase, ref="B2")
        row = self.row(purchase)
        self.assertEqual((row.state, row.difference, self.codes(row.reasons)), ("differs", 31.8, ["match_twice"]))
        self.assertEqual((self.held(first), self.held(second)), ([], ["bill_twice"]))
        with self.assertRaisesRegex(UserError, "is billed a second time, first on"):
            second.action_post()

    def test_a_line_that_was_never_ordered(self):
        purchase = self.bought()
        extra = self.env["purchase.order.line"].create(
            {"order_id": purchase.id, "product_id": self.stand.id, "product_qty": 0, "price_unit": 3.9}
        )
        bill = self.bill(purchase, (purchase.order_line[0], 2, 15.9), (extra, 1, 3.9))
        self.match()
        row = self.env["dropship.bill.match"].search([("purchase_line_id", "=", extra.id)])
        self.assertEqual((row.state, self.codes(row.reasons)), ("differs", ["match_not_ordered"]))
        bill.invoice_line_ids = [Command.create({"name": "Something", "quantity": 1, "price_unit": 5})]
        self.assertIn("bill_not_ordered", self.held(bill))

    def test_freight_dearer_than_the_terms(self):
        purchase = self.bought()
        self.bill(purchase, freight=5.9)
        freight = self.row(purchase, "freight")
        self.assertEqual((freight.state, freight.difference), ("differs", 2.0))
        self.assertEqual(
            freight.reason_text, "The freight of what was shipped is 3.90 EUR, billed was 5.90 EUR: 2.00 EUR."
        )

    def test_each_parcel_has_its_freight(self):
        purchase = self.bought((self.lamp, 3), ship=False)
        line = purchase.order_line
        self.told(purchase, "DE000000004", (line, 2))
        self.told(purchase, "DE000000005", (line, 1))
        self.assertEqual(self.row(purchase, "freight").expected_amount, 7.8)

    def test_free_freight_by_what_really_left(self):
        """Free from 40: three lamps were to come, two did."""
        self.env["dropship.supplier.term"].create({"supplier_id": self.rhein.id, "free_freight_above": 40.0})
        purchase = self.bought((self.lamp, 3), ship=False)
        self.told(purchase, "DE000000006", (purchase.order_line, 2))
        self.assertEqual(self.row(purchase, "freight").expected_amount, 3.9)
        self.told(purchase, "DE000000007", (purchase.order_line, 1))
        self.bill(purchase, freight=3.9)
        freight = self.row(purchase, "freight")
        self.assertEqual((freight.expected_amount, freight.state), (0.0, "differs"))

    def test_fees_by_the_terms(self):
        self.env["dropship.supplier.term"].create(
            {"supplier_id": self.rhein.id, "fee_per_order": 1.0, "fee_per_line": 0.5}
        )
        purchase = self.bought((self.lamp, 1), (self.cable, 1))
        self.bill(purchase, fee=2.0)
        self.assertEqual((self.row(purchase, "fee").expected_amount, self.row(purchase, "fee").state), (2.0, "ok"))

    def test_currency_is_named(self):
        dollar = self.currency("USD", rate=1.25)
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 19.875), currency_id=dollar.id)
        row = self.row(purchase)
        self.assertEqual((row.billed_amount, row.state), (31.8, "ok"))
        self.assertEqual(self.held(bill), ["bill_currency"])
        self.currency("USD", rate=1.2)
        purchase.date_order = "2020-01-01 10:00:00"
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": "2019-12-31", "rate": 1.25})
        self.env["dropship.bill.match"]._moved(purchase.ids)
        row = self.row(purchase)
        self.assertEqual((row.state, self.codes(row.reasons)), ("tolerated", ["match_currency"]))

    def test_the_first_tolerance_that_fits(self):
        tolerance = self.env["dropship.match.tolerance"]
        tolerance.create({"supplier_id": self.rhein.id, "kind": "freight", "absolute": 2.5, "sequence": 1})
        tolerance.create({"use_absolute": False, "use_relative": True, "relative": 1.0, "sequence": 2})
        purchase = self.bought()
        self.bill(purchase, (purchase.order_line, 2, 16.0), freight=5.9)
        self.assertEqual(self.row(purchase).state, "tolerated")
        self.assertEqual(self.row(purchase, "freight").state, "tolerated")

    def test_the_settings_hold_where_no_row_fits(self):
        self.company.dropship_match_absolute = 2.0
        purchase = self.bought()
        self.bill(purchase, (purchase.order_line, 2, 16.9))
        self.assertEqual(self.row(purchase).state, "tolerated")

    def test_what_came_back_and_was_credited(self):
        purchase = self.bought()
        self.bill(purchase, post=True)
        self.bill(purchase, (purchase.order_line, 1, 15.9), kind="in_refund", ref="G1")
        row = self.row(purchase)
        self.assertEqual((row.billed_qty, self.codes(row.reasons)), (1.0, []))

    def test_an_allowance_on_the_line_ends_the_difference(self):
        purchase = self.bought()
        bill = self.bill(purchase, (purchase.order_line, 2, 16.9), post=True)
        self.assertEqual(self.held(bill), ["bill_difference"])
        credit = self.bill(purchase, (purchase.order_line, 1, 2.0), kind="in_refund", ref="G2")
        credit.invoice_line_ids.dropship_charge = "allowance"
        self.assertEqual((self.row(purchase).state, self.row(purchase).billed_qty), ("ok", 2.0))
        self.assertEqual(self.held(bill), [])

    def test_a_cancelled_purchase_that_is_billed(self):
        purchase = self.bought(ship=False)
        self.bill(purchase)
        purchase._dropship_cancel_quietly()
        self.assertEqual(self.codes(self.row(purchase).reasons), ["match_not_ordered"])

    def test_nothing_happens_to_bills_that_are_not_ours(self):
        partner = self.make_partner("Landlord")
        partner.property_account_payable_id = self.rhein.partner_id.property_account_payable_id
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice", "partner_id": partner.id, "invoice_date": "2025-01-01", "ref": "RENT",
                "invoice_line_ids": [Command.create({"name": "Rent", "quantity": 1, "price_unit": 900})],
            }
        )  # fmt: skip
        twin = bill.copy({"ref": "RENT", "invoice_date": "2025-01-01"})
        self.match()
        self.assertFalse(any((bill | twin).mapped("dropship_held")))
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_statements_do_not_grow_with_the_lines(self):
        few = self.bought((self.lamp, 1))
        self.row(few)
        many = self.bought((self.lamp, 1), (self.cable, 1), (self.stand, 1))
        self.match()
        match = self.env["dropship.bill.match"]

        def asked(purchase):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            match._refresh(purchase)
            return self.env.cr.sql_log_count - before

        asked(few)
        self.assertLessEqual(asked(many), asked(few) + 2)

    def test_what_was_agreed_for_many_purchases_is_read_at_once(self):
        purchases = self.env["purchase.order"].union(*(self.bought() for _turn in range(3)))

        def asked(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            agreed = self.env["dropship.bill.match"]._agreed_rates(some)
            self.assertEqual(sorted(agreed), sorted(some.ids))
            return self.env.cr.sql_log_count - before

        asked(purchases)
        self.assertEqual(asked(purchases), asked(purchases[:1]))
