from decimal import Decimal
from unittest.mock import patch

from odoo.addons.dropship_flow.tests.common_settlement import SettlementFactories
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_case import CaseCase
from .common_claims import ClaimFactories
from .common_refund import RefundFactories


class ClaimCase(ClaimFactories, SettlementFactories, RefundFactories, CaseCase):
    """Anna's three lamps came from Rhein, for 15.90 each; Rhein pays refunds for what was broken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp.taxes_id = False
        cls.open_books(cls.rhein)
        charges = cls.env.ref("dropship_flow.category_supplier_charges")
        charges.property_account_expense_categ_id = cls.accounts["expense"]
        cls.terms = cls.make_terms(
            (("damage",), {"pays": "refunded", "percent": 100, "need_photo": True}),
            (("missing", "wrong_item", "defective"), {"pays": "cost", "percent": 50}),
            window_base="delivered",
            window_days=15,
            answer_days=7,
            silence="accepted",
            objection_days=5,
        )

    def setUp(self):
        super().setUp()
        self.order = self.delivered((self.lamp, 3))
        self.service()
        self.pay(self.order, booked=False)
        self.line = self.order.order_line[:1]

    def give(self, case, amount):
        """Give the customer more than was agreed, as an agent does with the calculator."""
        wish = self.wish(("keep", self.line, None, {"amount": amount}))
        key = f"more {len(self.order.dropship_refund_book_ids)}"
        return self.env["dropship.refund"]._make(self.order, wish, key=key, case=case)

    def damaged(self, refunded="8.00", qty=1):
        """Anna keeps a scratched lamp and gets some money back."""
        lines = [(self.line, qty, "damaged", {"photos": self.photo()})]
        return self.agreed_case(*lines, amount=Decimal(refunded))


@tagged("post_install", "-at_install", "standard")
class TestClaimsOfCases(ClaimCase):
    """What others caused is claimed in the same step in which the customer is promised something."""

    def test_a_scratch_is_claimed_from_the_supplier(self):
        case = self.damaged("8.00")
        claim = case.case_claim_ids
        self.assertEqual((claim.party, claim.kind, claim.state, claim.amount), ("supplier", "damage", "draft", 8.0))
        self.assertEqual((claim.supplier_id, claim.order_id), (self.rhein, self.order))
        self.assertEqual(claim.line_ids.return_line_id, case.line_ids)
        self.assertEqual(claim.evidence_ids, case.line_ids.photo_ids, "what proves it goes along")
        self.assertEqual((case.claim_loss, case.claim_waiting, case.claim_own), (8, 8, 0))
        delivered = self.day_there(self.order.dropship_shipment_ids.delivered_at, self.warehouses["Rhein"])
        self.assertEqual((claim.deadline - delivered).days, 15)

    def test_it_is_raised_once_and_follows_the_amount_until_it_is_handed_in(self):
        case = self.damaged("8.00")
        claim = case.case_claim_ids
        self.give(case, "1.50")
        self.assertEqual(case._raise_claims(), claim)
        self.assertEqual((claim.amount, claim.line_ids.amount), (9.5, 9.5))
        claim.action_file()
        self.give(case, "2.50")
        case._raise_claims()
        self.assertEqual((case.case_claim_ids, claim.amount), (claim, 9.5))

    def test_without_the_photo_they_ask_for_it_is_not_handed_in(self):
        case = self.agreed_case((self.line, 1, "damaged"), amount=Decimal(8))
        claim = case.case_claim_ids
        self.assertIn("Photo", claim.missing)
        with self.assertRaisesRegex(UserError, "Photo"):
            claim.action_file()
        claim.evidence_ids |= self.photo()
        claim.action_file()
        self.assertEqual((claim.state, claim.standing), ("filed", "waiting"))

    def test_nothing_is_claimed_before_something_is_agreed_nor_of_a_mere_dislike(self):
        case = self.open_case((self.line, 1, "damaged", {"photos": self.photo()}))
        self.assertFalse(case.case_claim_ids)
        self.assertFalse(case._raise_claims())
        other = self.agreed_case((self.line, 1, "dislike"), kind="return")
        self.assertFalse(other.case_claim_ids)
        self.assertFalse(other.claim_loss)

    def test_our_own_mistake_is_our_own_loss(self):
        case = self.agreed_case((self.line, 1, "listing"), kind="refund_only")
        self.assertFalse(case.case_claim_ids)
        self.assertEqual((case.claim_loss, case.claim_own), (34.9, 34.9))

    def test_two_caused_it(self):
        """The supplier packed badly, we described it wrongly: he pays 50 % of what his 60 % cost."""
        reason = self.reasons["listing"]
        kind = self.kinds("wrong_item")
        reason.write(
            {"claim_kind_id": kind.id,
             "share_ids": [(0, 0, {"party": "supplier", "percent": 60}), (0, 0, {"party": "us", "percent": 40})]}
        )  # fmt: skip
        case = self.agreed_case((self.line, 1, "listing"), kind="refund_only")
        claim = case.case_claim_ids
        self.assertEqual((claim.kind, claim.amount), ("wrong_item", 4.77))  # 15.90 × 50 % × 60 %
        self.assertAlmostEqual(case.claim_own, case.claim_loss - 4.77)

    def test_why_nothing_is_claimed_is_said(self):
        self.terms.rule_ids.filtered(lambda rule: "damage" in rule.kind_ids.mapped("code")).unlink()
        case = self.damaged()
        self.assertFalse(case.case_claim_ids)
        self.assertIn("pay nothing for it", case.claim_text)
        self.assertEqual(case.claim_own, 8)

    def test_what_goes_back_to_the_supplier_is_not_claimed_once_more(self):
        case = self.open_case((self.line, 1, "damaged", {"photos": self.photo()}))
        self.terms.rule_ids[:1].write({"pays": "cost"})
        case._record("accept", "agent", offer=self.offer(case, "return", to="supplier"))
        self.assertFalse(case.case_claim_ids.filtered("amount"))
        self.assertAlmostEqual(case.claim_loss, 34.9 - 15.9)

    def came_back(self, condition, **more):
        """Anna's lamp came back to us, in this condition."""
        case = self.open_case((self.line, 1, "damaged", {"photos": self.photo()}))
        case._record("accept", "agent", offer=self.offer(case, "return", to="us", after="inspected", **more))
        if more:
            case._add_label("label.pdf", b"%PDF-1.4")
        parcel = case._send_back(f"SHELF{case.id}", freight=6.0)
        case._inspect(parcel, [{"line": case.line_ids, "condition": condition, "qty": 1}], "agent")
        return case

    def test_pieces_called_off_are_no_loss(self):
        order = self.buy((self.lamp, 3, 50), accept=True).dropship_allocation_ids.order_id
        self.pay(order, booked=False)
        case = self.open_case((order.order_line, 2, "damaged"))
        asked = self.env["dropship.change.request"].search([("order_id", "=", order.id)])
        asked._answer("yes")
        self.assertEqual(case.resolution_ids.mapped("state"), ["done"])
        self.assertEqual(case.refund_ids.money, 100.0)
        self.assertEqual(order.dropship_allocation_ids.purchase_line_id.product_qty, 1.0)
        self.assertEqual(sum(case.case_claim_ids.mapped("amount")), 0.0, "nobody bills them")
        self.assertEqual(case.claim_loss, 0.0)

    def test_what_lies_on_our_shelf_again_is_no_loss(self):
        self.assertAlmostEqual(self.came_back("as_new").claim_loss, 34.9 - 15.9)
        self.assertAlmostEqual(self.came_back("damaged").claim_loss, 34.9)

    def test_a_way_back_the_customer_bears_makes_no_loss_smaller(self):
        case = self.came_back("damaged", conditions=(("payer", {"payer": "customer"}),))
        self.assertEqual(case.refund_ids.money, 28.9, "our label is taken off")
        self.assertAlmostEqual(case.claim_loss, 34.9)

    def test_a_case_goes_on_where_a_claim_cannot(self):
        broken = patch.object(type(self.env["dropship.claim"]), "_raise_loss", side_effect=ValueError("broken"))
        with broken, self.assertLogs("odoo.addons.dropship_flow_aftersales.models.claims.case", "ERROR"):
            case = self.damaged()
        self.assertEqual(case.acceptance, "accepted")
        self.assertFalse(case.case_claim_ids)

    def test_agents_read_and_add_evidence_buyers_act(self):
        claim = self.damaged().case_claim_ids
        agent, buyer = self.login("user"), self.login("buyer")
        as_agent = claim.with_user(agent)
        as_agent.note = "The customer sent another photo"
        for act in (as_agent.action_file, as_agent.action_give_up, as_agent.action_answer):
            with self.assertRaises(AccessError):
                act()
        for vals in ({"amount": 1}, {"deadline": "2030-01-01"}, {"amount_granted": 5}, {"standing": "closed"}):
            with self.assertRaises(AccessError):
                as_agent.write(vals)
        claim.with_user(buyer).action_file()
        with self.assertRaises(AccessError):
            claim.with_user(buyer).amount = 99
        with self.assertRaises(AccessError):
            claim.with_user(buyer).amount_granted = 99
