"""The cases a visitor of the demo world finds: one in every stage, and something to do for everybody."""

from datetime import timedelta

from odoo import fields
from odoo.addons.dropship_flow.tests.test_demo import DemoMixin
from odoo.tests import TransactionCase, tagged

# {order: (stage, kind, codes of what happened)}
EXPECTED = {
    "case_lamp": ("done", "damaged", ["offer", "take", "resolve", "close"]),
    "case_cup": ("done", "damaged", ["offer", "take", "resolve", "close"]),
    "case_stand": ("your_turn", "wrong_item", ["offer"]),
    "case_clock": ("on_the_way", "return", ["accept", "approve", "send"]),
    "case_mat": ("our_turn", "wrong_item", ["offer", "decline", "offer"]),
    "case_cushion": ("asked", "damaged", []),
    "case_mug": ("done", "missing", ["accept", "resolve", "close", "score"]),
    "case_candle": ("done", "damaged", ["accept", "resolve"]),
    "case_tote": ("preparing", "return", ["accept"]),
    "case_pot": ("preparing", "return", ["accept", "disapprove"]),
    "case_umbrella": ("preparing", "return", ["accept"]),
    "case_power": ("arrived", "return", ["accept", "approve", "send", "arrive"]),
    "case_shirt": ("on_the_way", "exchange", ["accept", "send", "resolve"]),
    "case_phones": ("checked", "repair", ["accept", "send", "arrive", "inspect"]),
    "case_withdrawn": ("send", "return", ["withdraw"]),
}


@tagged("post_install", "-at_install", "standard")
class TestDemoCases(DemoMixin, TransactionCase):
    def order(self, name):
        return self.env.ref(f"dropship_flow_aftersales.order_{name}")

    def case(self, name):
        return self.env["dropship.return"].search([("line_ids.order_id", "=", self.order(name).id)])

    def test_one_in_every_stage(self):
        for name, expected in EXPECTED.items():
            with self.subTest(name):
                case = self.case(name)
                self.assertEqual((case.stage, case.kind, case.event_ids.sorted("id").mapped("code")), expected)

    def test_moments_are_in_their_order(self):
        now = fields.Datetime.now()
        for name in EXPECTED:
            case = self.case(name)
            delivered = max(case.order_ids.dropship_shipment_ids.mapped("delivered_at"))
            moments = [delivered, case.opened_at, *case.event_ids.sorted("id").mapped("at"), now]
            self.assertEqual(moments, sorted(moments), name)

    def test_the_broken_lamp(self):
        """Eight euros back, and what Yiwu grants is on its next statement."""
        case = self.case("case_lamp")
        claim = case.case_claim_ids
        self.assertTrue(case.line_ids.photo_ids)
        refund = self.env["dropship.refund"].search([("return_id", "=", case.id)])
        self.assertEqual((sum(refund.money_ids.mapped("amount")), refund.state), (8.0, "done"))
        self.assertEqual((claim.supplier_id, claim.state), (self.record("supplier_yiwu"), "accepted"))
        self.assertEqual((claim.amount_granted, claim._settle().open > 0), (claim.amount, True))

    def test_the_cracked_cup(self):
        """The same in yuan, in the other house."""
        case = self.case("case_cup")
        claim = case.case_claim_ids
        self.assertEqual((case.company_id, case.currency_id.name), (self.record("company_hangzhou"), "CNY"))
        self.assertEqual((claim.currency_id.name, claim.state), ("CNY", "accepted"))

    def test_the_exchange_comes_from_another_supplier(self):
        order = self.order("case_shirt")
        instead = self.env["sale.order"].search([("dropship_instead_of_id", "=", order.id)])
        self.assertEqual(instead.state, "sale")
        self.assertTrue(instead.dropship_purchase_ids)
        self.assertNotEqual(instead.dropship_purchase_ids.partner_id, order.dropship_purchase_ids.partner_id)

    def test_the_customer_finds_two_of_hers(self):
        user = self.record("user_customer")
        cases = self.env["dropship.return"].search([("partner_id", "=", user.partner_id.id)])
        self.assertEqual(set(cases.mapped("stage")), {"your_turn", "on_the_way"})

    def test_no_card_promises_more_than_was_paid(self):
        """Also where a person pays it, because a marketplace took the customer's money."""
        case = self.case("case_stand")
        cards = {card["kind"]: card["amount"] for card in case._offers_for_customer() if card["amount"]}
        self.assertEqual(float(cards["return"]), 34.9)
        self.assertLessEqual(max(cards.values()), cards["return"])
        self.assertIn("34.90", case._page_quote(case._offer_from("return"))["amount"])

    def test_the_supplier_finds_his_desk_full(self):
        supplier = self.record("supplier_rhein")
        self.assertEqual(supplier._desk_returns_counts(), {"approve": 1, "confirm": 2, "claims": 1})

    def test_one_is_overdue_and_the_owner_has_heard_of_it(self):
        case = self.case("case_cushion")
        self.assertEqual((case.due_what, case.due_by, case.due_level), ("decide", "us", 3))
        self.assertIn(self.record("user_owner"), case.activity_ids.user_id)

    def test_claims_to_file_this_week(self):
        until = fields.Date.today() + timedelta(days=7)
        claims = self.env["dropship.claim"].search([("state", "=", "draft"), ("deadline", "<=", until)])
        self.assertIn(self.case("case_candle").case_claim_ids, claims)
        self.assertFalse(any(claims.mapped("missing")))

    def test_the_parcel_nobody_took(self):
        order = self.record("order_parcel_refused")
        case = self.env["dropship.return"].search([("line_ids.order_id", "=", order.id)])
        self.assertEqual((case.kind, case.stage), ("refused_parcel", "on_the_way"))
