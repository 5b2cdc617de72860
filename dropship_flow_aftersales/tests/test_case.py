from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_case import CaseCase


@tagged("post_install", "-at_install", "standard")
class TestCase(CaseCase):
    """The life of a case: opened by one door, changed by events only, folded and stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.order = self.delivered((self.lamp, 3))
        self.line = self.order.order_line[:1]

    def test_a_delivered_line_is_asked_for(self):
        case = self.open_case((self.line, 1, "damaged"), note="The glass is broken")
        self.assertRecordValues(
            case,
            [{"state": "open", "acceptance": "asked", "reception": "none", "stage": "asked", "due_by": "us"}],
        )
        self.assertEqual(case.line_ids.supplier_id, self.rhein)
        self.assertEqual(case.line_ids.purchase_line_id.order_id, self.order.dropship_purchase_ids)
        self.assertEqual(case.kind, "damaged")
        self.assertTrue(case.due_at > self.now())

    def test_no_piece_is_asked_for_twice(self):
        self.open_case((self.line, 2, "damaged"))
        with self.assertRaisesRegex(UserError, "only 1 of"):
            self.open_case((self.line, 2, "dislike"))
        self.assertTrue(self.open_case((self.line, 1, "dislike")))

    def test_the_same_request_opens_one_case(self):
        first = self.open_case((self.line, 1, "damaged"), key="request 1")
        self.assertEqual(self.open_case((self.line, 1, "damaged"), key="request 1"), first)

    def test_an_offer_binds_once_taken_and_is_carried_out_once(self):
        case = self.open_case((self.line, 1, "damaged"))
        offer = case._record("offer", "agent", offer=self.offer(case, "nothing"))
        self.assertEqual((case.stage, case.due_by), ("your_turn", "customer"))
        case._record("take", "customer", about=offer)
        self.assertEqual(case.acceptance, "accepted")
        resolution = case.resolution_ids
        self.assertEqual((resolution.kind, resolution.state), ("nothing", "done"))
        resolution._carry_out()
        self.assertEqual(self.history(case), ["offer", "take", "resolve"])
        with self.assertRaisesRegex(UserError, "not possible now"):
            case._record("take", "customer", about=offer)

    def test_silence_follows_the_rule_the_offer_was_made_with(self):
        case = self.open_case((self.line, 1, "damaged"))
        case._record("offer", "agent", offer=self.offer(case, "nothing"))
        case.company_id.dropship_case_silence_customer = "accept"
        self.pass_hours(case, 73)
        self.assertFalse(case.offer_id)
        self.assertEqual((case.acceptance, case.stage), ("negotiating", "asked"))

    def test_a_closed_case_ends_by_itself(self):
        case = self.open_case((self.line, 1, "damaged"))
        case._record("refuse", "agent", text="Out of the window")
        self.assertEqual(case.stage, "refused")
        self.pass_hours(case, 24 * 7)
        self.assertEqual((case.state, self.history(case)[-1]), ("closed", "close"))

    def test_history_is_never_rewritten(self):
        case = self.open_case((self.line, 1, "damaged"))
        event = case._record("refuse", "agent")
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            event.at = self.now()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            event.unlink()

    def test_quantities_are_kept_exactly(self):
        case = self.open_case((self.line, 0.1, "damaged"))
        self.assertEqual(case.line_ids._decimal(), Decimal("0.1"))
