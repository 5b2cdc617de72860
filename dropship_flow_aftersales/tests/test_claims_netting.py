from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_claims_case import ClaimCase


@tagged("post_install", "-at_install", "standard")
class TestClaimNetting(ClaimCase):
    """What was granted comes back exactly once: taken off the statement, or by a credit note of theirs."""

    def setUp(self):
        super().setUp()
        self.case = self.damaged("8.35")
        self.claim = self.case.case_claim_ids
        self.difference = self.make_account("Differences of claims", "S659000", "expense")
        product = self.env.ref("dropship_flow_aftersales.product_charge_claim_difference")
        product.with_company(self.company).property_account_expense_id = self.difference

    def granted(self, amount=None):
        self.claim.action_file()
        self.claim._hear("partly" if amount else "accepted", amount and Decimal(amount))
        return self.claim

    def note(self, amount, day="2030-01-10", **vals):
        return self.credit(amount, day, charge="claim", **vals)

    def for_claim(self, note):
        action = note.action_dropship_for_claim()
        form = Form(self.env["dropship.claim.match"].with_context(**action["context"]))
        form.save().action_apply()

    def differences(self):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.difference.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def test_from_the_scratch_to_the_statement(self):
        """Kept with 8.35 back, claimed, accepted, netted, paid: to the cent, once."""
        claim = self.granted()
        self.bill(100, "2030-01-05")
        january = self.statement("2030-01-31")
        self.assertEqual((january.closing, january.pending), (100, -8.35))
        january.action_approve()
        self.assertEqual((january.closing, january.to_pay), (91.65, 91.65))
        self.assertEqual(claim.credit_move_id.amount_total, 8.35)
        self.assertEqual((claim.state, claim.credit_ids.kind, claim.amount_open), ("accepted", "ours", 0))
        january._pay(self.bank, self.day("2030-02-03"))
        self.assertEqual((claim.state, january.state), ("paid", "paid"))
        self.bill(50, "2030-02-05")
        february = self.statement("2030-02-28")
        self.assertEqual((february.pending, february.line_ids.filtered(lambda line: line.kind == "claim").ids), (0, []))
        self.assertEqual((self.case.claim_granted, self.case.claim_own), (8.35, 0))

    def test_an_objection_is_netted_with_the_rest_only(self):
        claim = self.granted("3.00")
        self.bill(100, "2030-01-05")
        january = self.statement("2030-01-31")
        january.action_approve()
        self.assertEqual(january.closing, 97)
        claim._object("All of it")
        claim._hear("accepted")
        self.bill(10, "2030-02-05")
        february = self.statement("2030-02-28")
        self.assertEqual(february.pending, -5.35)
        february.action_approve()
        self.assertEqual(claim.credit_ids.mapped("amount"), [3, 5.35])
        self.assertEqual(claim.amount_open, 0)

    def test_their_credit_note_after_the_answer(self):
        claim = self.granted()
        self.for_claim(self.note(8.35))
        self.assertEqual((claim.state, claim.amount_open), ("paid", 0))
        self.bill(100, "2030-01-05")
        january = self.statement("2030-01-31")
        self.assertEqual((january.closing, january.pending), (91.65, 0), "it stands there itself, once")
        self.assertEqual(self.differences(), 0)

    def test_their_credit_note_before_the_answer(self):
        self.claim.action_file()
        self.for_claim(self.note(8.35))
        self.assertIn("before anything was granted", self.claim.notes_text)
        self.assertEqual((self.claim.state, self.differences()), ("filed", 0))
        self.claim._hear("accepted")
        self.assertEqual((self.claim.state, self.claim.amount_open), ("paid", 0))
        self.assertEqual(self.statement("2030-01-31").pending, 0)

    def test_their_credit_note_never_came(self):
        self.terms.netted = False
        self.case._raise_claims()
        claim = self.granted()
        self.bill(100, "2030-01-05")
        self.assertEqual(self.statement("2030-01-31").pending, 0, "we may not take it off ourselves")
        self.assertEqual((claim.state, claim.amount_open), ("accepted", 8.35))

    def test_their_credit_note_after_our_deduction(self):
        """Twice: the second one is a difference until somebody asks for it back."""
        claim = self.granted()
        self.bill(100, "2030-01-05")
        self.statement("2030-01-31").action_approve()
        self.for_claim(self.note(8.35, "2030-02-02"))
        self.assertIn("too much", claim.notes_text)
        self.assertEqual((self.differences(), claim.booked_extra), (-8.35, 8.35))
        self.assertEqual(claim.amount_open, 0)

    def test_their_credit_note_of_another_amount(self):
        claim = self.granted()
        self.for_claim(self.note(6))
        self.assertEqual((claim.state, claim.amount_open), ("accepted", 2.35))
        self.assertIn("still open", claim.notes_text)
        self.assertEqual(self.statement("2030-01-31").pending, -2.35, "the rest is taken off")
        self.assertEqual(self.differences(), 0)

    def test_more_than_was_granted_is_a_difference_until_it_is_granted(self):
        claim = self.granted("3.00")
        note = self.note(10)
        self.for_claim(note)
        # 3.00 settle, 5.35 may be granted to an objection still, 1.65 nobody claimed.
        self.assertEqual(self.differences(), -1.65)
        note.button_draft()
        self.assertEqual((self.differences(), claim.amount_open), (0, 3))
        note.action_post()
        self.assertEqual((self.differences(), claim.amount_open), (-1.65, 0))

    def test_a_credit_note_counts_for_one_claim_only(self):
        claim, note = self.granted(), self.note(8.35)
        self.for_claim(note)
        claim._take_credit_note(note)
        self.assertEqual(len(claim.credit_ids), 1)
        other = self.damaged("5.00", qty=2).case_claim_ids
        other.action_file()
        with self.assertRaisesRegex(UserError, "another claim"):
            other._take_credit_note(note)
        with self.assertRaisesRegex(UserError, "somebody else"):
            other._take_credit_note(self.note(5, partner_id=self.suppliers["Dawn"].partner_id))
        with self.assertRaisesRegex(UserError, "post it first"):
            other._take_credit_note(self.note(5, post=False))

    def test_the_claim_is_suggested_by_reference_then_by_amount(self):
        first = self.granted()
        second = self.damaged("5.00", qty=2).case_claim_ids
        second.action_file()
        second._hear("accepted")
        self.assertEqual(self.note(5).dropship_claim_suggested_id, second)
        first.reference = "RK-77"
        self.assertEqual(self.note(5, ref="for rk-77, thank you").dropship_claim_suggested_id, first)

    def test_a_deduction_that_is_taken_back_is_open_again(self):
        claim = self.granted()
        self.bill(100, "2030-01-05")
        january = self.statement("2030-01-31")
        january.action_approve()
        self.assertEqual(claim.amount_open, 0)
        move = claim.credit_move_id
        move.button_draft()
        self.assertEqual(claim.amount_open, 0, "it will be posted again")
        move.button_cancel()
        self.assertEqual((claim.state, claim.amount_open), ("accepted", 8.35))

    def test_what_they_credited_in_another_currency_is_refused(self):
        claim = self.granted()
        dollar = self.currency("USD", rate=1.25)
        with self.assertRaisesRegex(UserError, "in the currency of the claim"):
            claim._take_credit_note(self.note(8.35, currency_id=dollar))
