from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_policy import PolicyCase


@tagged("post_install", "-at_install", "standard")
class TestPolicyDecisions(PolicyCase):
    """What is decided when a case is opened, and what the customer reads of it."""

    def setUp(self):
        super().setUp()
        self.order = self.delivered((self.lamp, 3))
        self.line = self.order.order_line[:1]

    def test_a_clear_wish_is_accepted_at_once(self):
        case = self.ask((self.line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual((case.verdict, case.acceptance), ("accept", "accepted"))
        self.assertEqual(self.history(case)[0], "accept")
        offer = case.event_ids.filtered(lambda event: event.code == "accept").offer
        self.assertEqual((offer["kind"], offer["to"], offer["after"]), ("return", "us", "received"))
        self.assertEqual(offer["lines"], [[case.line_ids.id, "1"]])

    def test_without_a_wish_the_customer_chooses(self):
        case = self.ask((self.line, 1, "changed_mind"))
        self.assertEqual((case.verdict, case.acceptance, case.stage), ("accept", "asked", "asked"))
        cards = self.cards(case)
        self.assertEqual([*cards][:3], ["return", "exchange", "credit"])
        self.assertEqual((cards["return"]["verdict"], cards["return"]["payer"]), ("accept", "customer"))
        self.assertEqual(cards["credit"]["bonus"], self.dec(5))
        self.assertTrue(cards["return"]["deadline"] > self.now().date())

    def test_what_a_person_must_see_waits(self):
        case = self.ask((self.line, 1, "damaged", {"wanted": "replacement"}))
        self.assertEqual((case.verdict, case.acceptance), ("look", "asked"))
        self.assertIn("Add what is missing: a photo of the label, a photo.", self.sorted_photo(case))
        self.assertEqual(self.cards(case)["replacement"]["evidence"], ["label", "photo"])

    def sorted_photo(self, case):
        """The sentence about evidence, whatever the order of what is missing."""
        said = case.line_ids._why()
        return [
            "Add what is missing: a photo of the label, a photo." if "a photo of the label" in text else text
            for text in said
        ]

    def test_with_its_evidence_it_is_accepted(self):
        case = self.ask((self.line, 1, "damaged", {"wanted": "replacement", "evidence": "photo,label"}))
        self.assertEqual((case.verdict, case.acceptance), ("accept", "accepted"))

    def test_an_expired_window_is_refused_in_words(self):
        old = self.long_ago(45, (self.lamp, 1))
        old.partner_shipping_id.country_id = self.env.ref("base.jp")  # no law is known there
        case = self.ask((old.order_line[:1], 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual((case.verdict, case.acceptance, case.stage), ("refuse", "refused", "refused"))
        refusal = case.event_ids.filtered(lambda event: event.code == "refuse")
        self.assertEqual(refusal.by, "system")
        self.assertRegex(refusal.text, r"It was possible until \d\d/\d\d/\d{4}\.")

    def test_the_law_lifts_what_the_policy_refuses(self):
        self.row({"kind": "return", "verdict": "refuse"})
        case = self.ask((self.line, 1, "changed_mind", {"wanted": "return"}))
        self.assertEqual((case.verdict, case.acceptance), ("accept", "accepted"))
        card = self.cards(case)["return"]
        self.assertIn("The law gives you this right: Right of withdrawal (EU, EEA).", card["why"])
        self.assertIn("By law the shipping you paid is given back as well: standard shipping.", card["why"])

    def test_a_withdrawal_counts_at_once_for_what_is_there_and_what_is_not(self):
        purchase = self.buy((self.cable, 4), accept=True)
        box = self.told(purchase, "0034055555", (purchase.order_line[:1], 1), carrier="DHL")
        self.scan(box, "delivered")
        line = purchase.dropship_allocation_ids.order_id.order_line[:1]
        with patch.object(self.registry["dropship.resolution"], "_do_cancel", create=True):
            case = self.ask((line, 4, "changed_mind"), withdrawal=True)
        told = case.event_ids.filtered(lambda event: event.code == "withdraw").sorted("id")
        self.assertEqual([(event.offer["kind"], event.offer["lines"][0][1]) for event in told],
                         [("return", "1"), ("cancel", "3")])  # fmt: skip
        self.assertEqual((told[0].by, told[0].offer["after"]), ("customer", "sent"))
        self.assertEqual(case.acceptance, "accepted")

    def test_a_withdrawal_the_law_does_not_give_is_refused(self):
        self.lamp.product_tmpl_id.dropship_goods_kind_ids = self.env.ref("dropship_flow_aftersales.goods_kind_custom")
        case = self.ask((self.line, 1, "changed_mind"), withdrawal=True)
        self.assertEqual(case.acceptance, "refused")
        text = case.event_ids.filtered(lambda event: event.code == "refuse").text
        self.assertIn('"Made to Measure"', text)

    def test_a_withdrawal_is_not_judged_by_the_reason(self):
        """The policy wants photos and a person; the right of the customer does not."""
        self.row({"kind": "return", "verdict": "look", "photo": True, "fee": 20, "payer": "us"})
        case = self.ask((self.line, 2, "changed_mind"), withdrawal=True)
        offer = case.event_ids.filtered(lambda event: event.code == "withdraw").offer
        self.assertEqual(offer["kind"], "return")
        self.assertNotIn("fee", [code for code, _figures in offer["conditions"]])
        self.assertIn(["refund", {"days": 14, "base": "sent"}], offer["conditions"])

    def test_what_did_not_leave_is_cancelled(self):
        purchase = self.buy((self.cable, 2), accept=True)
        line = purchase.dropship_allocation_ids.order_id.order_line[:1]
        result = self.preview((line, 2, "not_shipped"))
        self.assertEqual(self.kinds(result), {"cancel": "accept"})
        with patch.object(self.registry["dropship.resolution"], "_do_cancel", create=True):
            case = self.ask((line, 2, "not_shipped"))
        self.assertEqual(case.acceptance, "accepted")
        self.assertEqual(case.resolution_ids.kind, "cancel")

    def test_a_supplier_who_asks_first_is_asked(self):
        self.terms(asks_first=True)
        self.assertTrue(self.ask((self.line, 1, "changed_mind")).needs_approval)

    def test_a_supplier_who_does_not_take_it_is_not_asked(self):
        self.terms(asks_first=True, takes="nothing")
        case = self.ask((self.line, 1, "changed_mind"))
        self.assertFalse(case.needs_approval)
        self.assertEqual(self.cards(case)["return"]["to"], "us")

    def test_terms_bind_the_customer_only_where_the_policy_says_so(self):
        self.terms(takes="nothing")
        self.row({"kind": "exchange", "bound": "refuse"}, {"kind": "return", "bound": ""})
        case = self.ask((self.line, 1, "changed_mind"))
        self.assertEqual({kind: card["verdict"] for kind, card in self.cards(case).items()},
                         {"exchange": "refuse", "return": "accept"})  # fmt: skip
        said = " ".join(self.cards(case)["exchange"]["why"])
        self.assertNotIn(self.rhein.name, said)
        self.assertIn("does not take it back", " ".join(case.line_ids._why(staff=True)))

    def test_two_lines_make_one_card(self):
        order = self.delivered((self.lamp, 1), (self.cable, 2))
        lamp, cable = order.order_line
        case = self.ask((lamp, 1, "changed_mind"), (cable, 2, "changed_mind"))
        card = self.cards(case)["return"]
        self.assertEqual((card["qty"], len(card["lines"])), (3, 2))
        offer = case._offer_from("return", [(case.line_ids[1], 1)], amount=self.dec(5))
        self.assertEqual((offer.lines, offer.amount), (((case.line_ids[1].id, self.dec(1)),), self.dec(5)))

    def test_conditions_of_an_offer_are_those_of_the_verdict(self):
        self.row(
            {"kind": "credit", "bonus": 7.5, "after": "inspected", "fee": 10, "payer": "us"},
            {"kind": "keep", "percent": 25, "after": "now", "to": "keep"},
            {"kind": "replacement", "to": "destroy", "after": "now"},
        )
        case = self.ask((self.line, 1, "changed_mind"))
        credit = case._offer_from("credit")
        self.assertEqual((credit.to, credit.after), ("us", "inspected"))
        self.assertEqual(dict(credit.conditions), {"payer": {"payer": "us"}, "fee": {"percent": "10"},
                                                   "bonus": {"percent": "7.5"}})  # fmt: skip
        keep = case._offer_from("keep")
        self.assertEqual((keep.to, keep.after, keep.conditions), ("", "", (("keep", {"percent": "25"}),)))
        gone = case._offer_from("replacement")
        self.assertEqual((gone.to, gone.conditions), ("", (("goods", {"place": "destroy"}),)))

    def test_a_wish_that_is_not_offered_is_no_refusal(self):
        case = self.ask((self.line, 1, "changed_mind", {"wanted": "spare_part"}))
        self.assertEqual((case.verdict, case.acceptance), ("refuse", "asked"))
        self.assertIn('"Spare Part" is not possible here. Choose one of the others.', case.line_ids._why())

    # ------------------------------------------------------------------
    # Who may not ask at all
    # ------------------------------------------------------------------

    def test_another_customer_s_order_is_refused(self):
        other = new_test_user(self.env, "stranger", "base.group_portal")
        cases = self.env["dropship.return"].with_user(other).sudo()
        with self.assertRaisesRegex(UserError, "not all orders of yours"):
            cases._open(self.order, self.rows((self.line, 1, "damaged")), "customer")
        own = new_test_user(self.env, "anna", "base.group_portal")
        own.partner_id.parent_id = self.anna
        self.assertTrue(
            self.env["dropship.return"].with_user(own).sudo()._open(
                self.order, self.rows((self.line, 1, "damaged")), "customer"
            )
        )  # fmt: skip

    def test_an_unpaid_order_is_refused(self):
        order = self.make_sale((self.lamp, 1), confirm=True)
        self.env["dropship.hold"].create({"order_id": order.id, "kind": "unpaid", "company_id": order.company_id.id})
        self.assertEqual(order.dropship_stage, "unpaid")
        with self.assertRaisesRegex(UserError, "not paid yet"):
            self.ask((order.order_line, 1, "not_shipped"))

    def test_more_than_there_is_is_refused(self):
        with self.assertRaisesRegex(UserError, "only 3 of"):
            self.ask((self.line, 4, "damaged"))

    def test_a_piece_that_was_settled_is_not_asked_for_again(self):
        with patch.object(self.registry["dropship.resolution"], "_do_refund_only", create=True):
            case = self.ask((self.line, 2, "missing", {"wanted": "refund_only", "evidence": "photo"}))
        self.assertEqual((case.acceptance, case.resolution_ids.state), ("accepted", "done"))
        self.pass_hours(case, 24 * 30)
        self.assertEqual(case.state, "closed")
        with self.assertRaisesRegex(UserError, "2 of .* came back or were refunded already: 1 are left"):
            self.ask((self.line, 2, "changed_mind"))
        self.assertTrue(self.ask((self.line, 1, "changed_mind")))

    def test_a_preview_says_what_the_case_will(self):
        rows = self.rows((self.line, 1, "changed_mind", {"wanted": "return"}))
        cards = self.env["dropship.return"]._preview_offers(self.order, rows)
        self.assertFalse(self.env["dropship.return"].search([("order_ids", "in", self.order.ids)]))
        case = self.ask((self.line, 1, "changed_mind", {"wanted": "return"}))
        real = case._offers_for_customer()
        for before, after in zip(cards, real, strict=True):
            self.assertEqual({**before, "lines": None, "amount": None}, {**after, "lines": None, "amount": None})
