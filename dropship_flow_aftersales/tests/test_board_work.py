from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_board import BoardCase


@tagged("post_install", "-at_install", "standard")
class TestBoardWork(BoardCase):
    """An agent works: what comes next, offers, refusals, answers to many at once."""

    def test_a_case_moves_over_the_board_as_it_goes_on(self):
        case = self.case()
        seen = [case.board_column]
        event = case._record("offer", "agent", offer=self.offer(case, "return", to="us", after="inspected"))
        seen.append(case.board_column)
        case._record("take", "customer", about=event)
        seen.append(case.board_column)
        goods = [[case.line_ids.id, "1"]]
        case._record("send", "customer", parcel="RR1", lines=goods)
        seen.append(case.board_column)
        case._record("arrive", "system", parcel="RR1")
        seen.append(case.board_column)
        self.assertEqual(seen, ["judge", "customer", "customer", "way", "inspect"])

    def test_a_counter_offer_is_our_turn(self):
        case = self.case()
        case._record("offer", "customer", offer=self.offer(case, "keep", amount=Decimal(10)))
        self.assertEqual(case.board_column, "ours")
        seen = self.as_agent(case)
        self.assertEqual(seen.first_verb, "take")
        self.assertIn("Keep It", seen.offered)
        seen.action_decline()
        self.assertEqual((case.board_column, self.history(case)), ("judge", ["offer", "decline"]))

    def test_a_supplier_who_is_asked_has_the_case(self):
        case = self.case()
        case.needs_approval = True
        case._record("accept", "agent", offer=self.offer(case, "return", to="supplier", after="inspected"))
        self.assertEqual((case.board_column, case.approval), ("supplier", "waiting"))
        seen = self.as_agent(case)
        self.assertIn(" ask_again ", seen.verbs)
        seen.action_ask_again()
        asked = [todo.summary for todo in case.activity_ids if "Ask" in todo.summary]
        self.assertEqual(asked, [f"Ask {self.rhein.name} about {case.name}"])
        self.pass_hours(case, 1)
        case._record("disapprove", "supplier")
        self.assertEqual((case.board_column, self.as_agent(case).first_verb), ("ours", "redirect"))
        self.assertIn("does not agree", case.attention)
        self.as_agent(case).action_redirect()
        self.assertEqual((case.destination, case.board_column), ("us", "customer"))

    def test_the_form_has_one_primary_button(self):
        case = self.as_agent(self.case())
        arch = case.get_views([(False, "form")])["views"]["form"]["arch"]
        self.assertIn('name="action_offer"', arch)
        for verdict, first in (("accept", "accept"), ("look", "offer"), ("refuse", "refuse")):
            case.sudo().verdict = verdict
            case.invalidate_recordset(["first_verb"])
            self.assertEqual(case.first_verb, first)
        desk = self.make_person("Desk", "desk")
        arch = self.as_agent(case, desk).get_views([(False, "form")])["views"]["form"]["arch"]
        self.assertNotIn('name="action_offer"', arch)

    # --- offers ---

    def test_an_offer_shows_what_it_comes_to_and_is_sent(self):
        case = self.case(qty=2, wanted="keep")
        form = self.form(self.as_agent(case).action_offer())
        self.assertEqual((form.kind, form.money_by), ("keep", "percent"))
        form.write({"percent": 25.0, "message": "Keep the lamps"})
        price = self.line.price_reduce_taxinc
        money = self.company.currency_id.round(2 * price / 4)
        form.action_send()
        event = case.offer_id
        self.assertEqual((event.by, event.text, event.user_id), ("agent", "Keep the lamps", self.agent))
        self.assertAlmostEqual(float(event.offer["amount"]), money, 2)
        self.assertEqual(event.offer["to"], "")
        self.assertIn("Keep It", event.said)

    def test_a_part_of_the_pieces_can_be_offered(self):
        case = self.case(qty=2)
        form = self.form(self.as_agent(case).action_offer())
        form.write({"kind": "nothing", "after": "now", "destination": "stay"})
        form.line_ids.qty = 1
        form.action_send()
        self.assertEqual(case.offer_id.offer["lines"], [[case.line_ids.id, "1.0"]])

    def test_bad_offers_say_what_is_wrong(self):
        case = self.case(qty=2, wanted="keep")
        for vals, words in (
            ({"percent": 0}, "between 0 and 100"),
            ({"percent": 101}, "between 0 and 100"),
            ({"money_by": "amount", "amount": -1}, "more than nothing"),
            ({"after": "received"}, "never arrive"),
        ):
            form = self.form(self.as_agent(case).action_offer())
            form.write(vals)
            with self.subTest(vals), self.assertRaisesRegex(UserError, words):
                form.action_send()
        form = self.form(self.as_agent(case).action_offer())
        form.line_ids.qty = 3
        with self.assertRaisesRegex(UserError, "Not more than"):
            form.action_send()
        self.assertFalse(case.event_ids)

    def test_what_cannot_be_calculated_is_not_sent(self):
        """Where the refund book refuses an offer, its words stand in the form and nothing is sent."""
        case = self.case(wanted="keep")
        refuse = {"refused": ["Everything was paid back already."]}
        self.patch(self.registry["dropship.return"], "_quote", lambda self, offer: refuse)
        form = self.form(self.as_agent(case).action_offer())
        self.assertTrue(form.is_refused)
        self.assertIn("paid back already", form.calculation)
        with self.assertRaisesRegex(UserError, "paid back already"):
            form.action_send()
        self.assertFalse(case.event_ids)

    def test_the_calculation_is_a_small_statement(self):
        line = {"name": "Lamp", "kind": "Goods", "qty": Decimal(2), "total": Decimal(20), "fee": Decimal(3)}
        quote = {"money": Decimal(17), "lines": [line], "warnings": ["A gift stays."], "refused": []}
        self.patch(self.registry["dropship.return"], "_quote", lambda self, offer: quote)
        case = self.case(wanted="keep")
        form = self.form(self.as_agent(case).action_offer())
        self.assertFalse(form.is_refused)
        for text in ("Goods 2 × Lamp", "20.00", "Fee taken off", "3.00", "Money back", "17.00", "A gift stays."):
            self.assertIn(text, form.calculation)
        form.action_send()
        case.invalidate_recordset()
        self.assertIn("17.00", case.statement)

    def test_accepting_as_asked_binds_at_once(self):
        case = self.case()
        form = self.form(self.as_agent(case).action_accept())
        self.assertEqual((form.mode, form.kind), ("accept", "nothing"))
        form.action_send()
        self.assertEqual((case.acceptance, case.resolution_ids.kind), ("accepted", "nothing"))
        with self.assertRaisesRegex(UserError, "not possible now"):
            form.action_send()

    def test_an_agent_carries_out_before_its_time(self):
        """The money goes back although the goods are not here: once."""
        case = self.case()
        case._record("accept", "agent", offer=self.offer(case, "nothing", to="us", after="inspected"))
        self.assertFalse(case.resolution_ids)
        seen = self.as_agent(case)
        self.assertIn(" resolve ", seen.verbs)
        seen.action_resolve()
        seen.action_resolve()
        self.assertEqual(case.resolution_ids.mapped("state"), ["done"])

    def test_a_canned_answer_is_put_after_what_was_typed(self):
        case = self.case()
        form = self.form(self.as_agent(case).action_refuse())
        canned = form.env["mail.canned.response"].search([])
        self.assertIn("抱歉", canned.mapped("source"))
        self.assertIn("sorry", canned.mapped("source"))
        form.message = "Dear customer,"
        form.canned_id = self.env.ref("dropship_flow_aftersales.canned_late_en")
        form._onchange_canned_id()
        self.assertTrue(form.message.startswith("Dear customer,\nThe time in which"))

    def test_a_refusal_needs_words(self):
        case = self.case()
        form = self.form(self.as_agent(case).action_refuse())
        form.message = "  "
        with self.assertRaisesRegex(UserError, "Say why"):
            form.action_refuse()
        form.message = "The time is over"
        form.action_refuse()
        self.assertEqual((case.acceptance, case.event_ids.text), ("refused", "The time is over"))

    # --- opening ---

    def test_an_agent_opens_a_case_once(self):
        form = self.form(self.as_agent(self.order).action_dropship_open_case())
        self.assertEqual((form.partner_id, form.line_ids.left), (self.order.partner_id, 3))
        picture = self.as_agent(self.env["ir.attachment"]).create({"name": "broken.png", "raw": b"x"})
        form.line_ids.write(
            {"qty": 2, "reason_id": self.reasons["damaged"].id, "photo_ids": picture.ids, "wanted": "nothing"}
        )
        form.note = "He called"
        case = self.env["dropship.return"].browse(form.action_open()["res_id"])
        self.assertRecordValues(case, [{"origin": "agent", "note": "He called", "kind": "damaged", "state": "open"}])
        self.assertEqual(form.action_open()["res_id"], case.id)
        self.assertEqual(picture.res_id, case.id)
        colleague = self.as_agent(case, self.make_person("Desk", "desk"))
        self.assertIn(f"/web/image/{picture.id}", colleague.line_ids.photos)
        self.assertTrue(colleague.line_ids.photo_ids.has_access("read"))

    def test_nothing_is_opened_about_nothing(self):
        form = self.form(self.as_agent(self.order).action_dropship_open_case())
        form.line_ids.qty = 0
        with self.assertRaisesRegex(UserError, "how many pieces"):
            form.action_open()
        form.line_ids.write({"qty": 4, "reason_id": self.reasons["damaged"].id})
        with self.assertRaisesRegex(UserError, "only 3 of"):
            form.action_open()
        with self.assertRaises(AccessError):
            self.as_agent(self.order, self.make_person("Desk", "desk")).action_dropship_open_case()

    def test_a_parcel_opens_a_case_about_what_is_in_it(self):
        box = self.order.order_line.dropship_shipment_line_ids.shipment_id
        form = self.form(self.as_agent(box).action_dropship_open_case())
        self.assertEqual((form.line_ids.order_line_id, form.line_ids.qty), (self.line, 3))
        form = self.form(self.as_agent(self.order.partner_id).action_dropship_open_case())
        self.assertIn(self.line, form.line_ids.order_line_id)

    # --- many at once ---

    def many(self, verb, cases, **vals):
        form = self.form(self.as_agent(cases).with_context(dropship_verb=verb).action_decide())
        form.write({"verb": verb, **vals})
        form.action_apply()
        return form

    def three(self):
        return self.env["dropship.return"].union(*(self.case(reason) for reason in ("damaged", "dislike", "listing")))

    def test_many_are_answered_and_the_list_says_which_not_and_why(self):
        cases = self.three()
        cases[1]._record("refuse", "agent", text="No")
        cases[1]._record("close", "agent")
        form = self.many("accept", cases)
        self.assertEqual((form.done_count, form.failed_count), (2, 1))
        failed = form.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.return_id, cases[1])
        self.assertIn("closed", failed.error)
        self.assertEqual(cases.mapped("acceptance"), ["accepted", "refused", "accepted"])
        form.action_retry()
        self.assertEqual((form.done_count, form.failed_count), (2, 1))
        self.assertEqual(len(cases.resolution_ids), 2)

    def test_many_get_the_same_offer(self):
        form = self.many("offer", self.three(), kind="keep", percent=30.0, message="For your trouble")
        cases = form.line_ids.return_id
        self.assertEqual(set(cases.mapped("stage")), {"your_turn"})
        share = self.company.currency_id.round(self.line.price_reduce_taxinc * 0.3)
        for case in cases:
            self.assertAlmostEqual(float(case.offer_id.offer["amount"]), share, 2)
            self.assertEqual(case.offer_id.text, "For your trouble")

    def test_what_breaks_in_one_leaves_nothing_half_done_and_the_others_done(self):
        cases = self.three()
        after_event = self.registry["dropship.return"]._after_event

        def breaks(case, event, before, after):
            if case == cases[1]:
                raise ZeroDivisionError("broken")
            return after_event(case, event, before, after)

        self.patch(self.registry["dropship.return"], "_after_event", breaks)
        with mute_logger("odoo.addons.dropship_flow_aftersales.wizards.case_decide"):
            form = self.many("refuse", cases, message="Out of time")
        self.assertEqual((form.done_count, form.failed_count), (2, 1))
        self.assertEqual(cases.mapped("acceptance"), ["refused", "asked", "refused"])
        self.assertFalse(cases[1].event_ids)

    def test_many_are_given_to_a_colleague(self):
        cases, colleague = self.three(), self.make_person("Ole", "agent")
        self.many("assign", cases, user_id=colleague.id)
        self.assertEqual(cases.user_id, colleague)
        self.as_agent(cases[0]).action_assign_to_me()
        self.assertEqual(cases[0].user_id, self.agent)

    def test_without_a_wish_nothing_is_accepted_for_the_customer(self):
        case = self.case(wanted="")
        form = self.many("accept", case)
        self.assertIn("does not say what the customer wishes", form.line_ids.error)
        self.assertEqual(case.acceptance, "asked")

    def test_another_company_s_cases_are_nobody_s_here(self):
        case = self.case()
        other = self.make_person("Else", "agent")
        company = self.env["res.company"].create({"name": "Else GmbH"})
        other.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        seen = case.with_env(self.env(user=other, context={"allowed_company_ids": company.ids}))
        with self.assertRaises(AccessError):
            seen.action_refuse()
