from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_settlement import SettlementCase


@tagged("post_install", "-at_install", "standard")
class TestSettlementAgreed(SettlementCase):
    """Sent, objected to, agreed by word or by silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        charges = cls.env.ref("dropship_flow.category_supplier_charges")
        charges.property_account_expense_categ_id = cls.accounts["expense"]

    def sent(self, until="2026-01-31"):
        settlement = self.statement(until)
        settlement.action_send()
        return settlement

    def line(self, settlement, move):
        return settlement.line_ids.filtered(lambda line: line.move_id == move)[:1]

    def claim(self, amount, **vals):
        claim = self.env["dropship.claim"].create(
            {"party": "supplier", "supplier_id": self.supplier.id, "company_id": self.company.id,
             "currency_id": self.company.currency_id.id, "amount": amount, **vals}
        )  # fmt: skip
        claim.action_file()
        claim.action_accept()
        return claim

    # --- adjustments and claims ---

    def test_adjustments_become_documents(self):
        """| goods 200 | service 3 % +6 | freight +4 | penalty −25 | closing 185 |"""
        self.bill(200, "2026-01-05", charge=False).dropship_is_bill = True
        january = self.statement("2026-01-31")
        january.adjustment_ids = [
            Command.create({"kind": "service", "name": "Service", "mode": "percent", "value": 3}),
            Command.create({"kind": "freight", "name": "Extra freight", "value": 4}),
            Command.create({"kind": "penalty", "name": "Late three times", "value": 25}),
        ]
        self.assertEqual(january.adjustment_ids.mapped("amount"), [6, 4, -25])
        self.assertEqual((january.closing, january.pending, january.expected), (200, -15, 185))
        january.action_approve()
        self.assertEqual(self.figures(january), (0, 0, 200, 0, 0, -15, 185))
        documents = january.adjustment_ids.move_id
        self.assertEqual(sorted(documents.mapped("move_type")), ["in_invoice", "in_refund"])
        self.assertEqual(set(documents.mapped("state")), {"posted"})
        charges = sorted(documents.invoice_line_ids.mapped("dropship_charge"))
        self.assertEqual(charges, ["freight", "penalty", "service"])
        self.assert_ties(january)

    def test_claims_are_netted_once(self):
        claim = self.claim(30)
        bill = self.bill(100, "2026-01-05")
        january = self.statement("2026-01-31")
        self.assertEqual((january.closing, january.pending), (100, -30))
        january.action_approve()
        self.assertEqual((january.closing, january.to_pay), (70, 70))
        self.assertEqual(claim.credit_move_id.move_type, "in_refund")
        self.assertEqual(claim.state, "accepted")
        january._pay(self.bank, self.day("2026-02-03"))
        self.assertEqual((claim.state, january.state, bill.amount_residual), ("paid", "paid", 0))
        february = self.statement("2026-02-28")
        self.assertFalse(february.line_ids.filtered(lambda line: line.kind == "claim"))
        self.assertEqual(self.figures(february), (70, 0, 0, 0, 70, 0, 0))

    def test_booked_adjustments_are_not_changed(self):
        january = self.statement("2026-01-31")
        january.adjustment_ids = [Command.create({"kind": "other", "name": "Samples", "value": 5})]
        january.action_approve()
        user = self.make_login("buyer")
        user.group_ids |= self.env.ref("account.group_account_invoice")
        with self.assertRaises(UserError):
            january.adjustment_ids.with_user(user).value = 6
        with self.assertRaises(UserError):
            january.adjustment_ids = [Command.create({"kind": "other", "name": "More", "value": 5})]

    # --- what fits and what does not ---

    def test_drafts_are_shown_but_not_owed(self):
        self.bill(100, "2026-01-05")
        draft = self.bill(40, "2026-01-06", post=False)
        january = self.statement("2026-01-31")
        self.assertEqual(january.closing, 100)
        self.assertEqual([row[::2] for row in self.table(january, "draft")], [("draft", 40.0)])
        draft.action_post()
        january.action_refresh()
        self.assertEqual((january.closing, self.table(january, "draft")), (140, []))

    def test_a_draft_entered_after_sending_waits_too(self):
        """Approving posts it, but the supplier was never shown it: it goes on to the next statement."""
        self.bill(100, "2026-01-05")
        shown = self.bill(30, "2026-01-06", post=False)
        january = self.sent()
        late = self.bill(20, "2026-01-20", post=False)
        january.action_approve()
        self.assertEqual([self.line(january, move).verdict for move in (shown, late)], ["approved", "held"])

    def test_what_comes_after_sending_waits_for_the_next(self):
        shown = self.bill(100, "2026-01-05")
        january = self.sent()
        surprise = self.bill(40, "2026-01-20")
        january.action_approve()
        self.assertEqual((january.closing, january.to_pay), (140, 100))
        self.assertEqual(self.line(january, shown).verdict, "approved")
        self.assertEqual(self.line(january, surprise).verdict, "held")
        self.assertIn("after the statement was sent", self.line(january, surprise).reason)
        self.assert_ties(january)
        february = self.statement("2026-02-28")
        self.assertEqual(self.figures(february), (140, 0, 0, 0, 0, 0, 140))
        self.assertEqual([row[::2] for row in self.table(february, "carried")], [("carried", 40.0)])
        february.action_approve()
        self.assertEqual(february.to_pay, 140)

    # --- objections ---

    def test_an_objection_accepted(self):
        right, wrong = self.bill(100, "2026-01-05"), self.bill(50, "2026-01-06")
        january = self.sent()
        objection = january._object(self.line(january, wrong), "It was 55", "Mr Li")
        self.assertEqual(january.state, "objected")
        self.assertEqual(self.line(january, wrong).section, "differs")
        self.assertIn("It was 55", self.line(january, wrong).reason)
        objection.correction = 5
        objection.action_accept()
        self.assertEqual((january.state, january.expected, objection.state), ("sent", 155, "accepted"))
        january.action_approve()
        self.assertEqual((january.closing, january.to_pay), (155, 155))
        self.assertEqual(self.line(january, right).verdict, "approved")
        self.assert_ties(january)

    def test_an_objection_refused_needs_a_reason(self):
        wrong = self.bill(50, "2026-01-06")
        january = self.sent()
        objection = january._object(self.line(january, wrong), "It was 55", "Mr Li")
        with self.assertRaises(UserError):
            objection.action_refuse()
        objection.answer = "Our order says 50"
        objection.action_refuse()
        self.assertEqual(january.state, "sent")
        self.assertEqual(self.line(january, wrong).verdict, "clean")

    def test_approving_takes_only_what_nobody_objects_to(self):
        right, wrong = self.bill(100, "2026-01-05"), self.bill(50, "2026-01-06")
        january = self.sent()
        objection = january._object(self.line(january, wrong), "Not mine", "Mr Li")
        january.action_approve()
        self.assertEqual((january.state, january.closing, january.to_pay), ("agreed", 150, 100))
        february = self.statement("2026-02-28")
        self.assertEqual(objection.current_id, february)
        self.assertEqual(self.line(february, wrong).verdict, "objected")
        self.assertFalse(self.line(february, right))
        objection.answer = "It is yours"
        objection.action_refuse()
        february.action_approve()
        self.assertEqual(february.to_pay, 150)

    def test_an_objection_after_payment_goes_on_to_the_next_statement(self):
        bill = self.bill(50, "2026-01-06")
        january = self.sent()
        january.action_approve()
        january._pay(self.bank, self.day("2026-02-03"))
        objection = january._object(self.line(january, bill), "You paid 5 too little", "Mr Li")
        self.assertEqual((january.state, objection.state, objection.current_id), ("paid", "open", january))
        objection.correction = 5
        with self.assertRaises(UserError):
            objection.action_accept()
        february = self.statement("2026-02-28")
        self.assertEqual(objection.current_id, february)
        self.assertIn("5 too little", self.line(february, bill).reason)
        objection.action_accept()
        february.action_approve()
        self.assertEqual((february.closing, february.to_pay), (5, 5))
        self.assert_ties(february)

    def test_objections_of_one_line_are_one(self):
        bill = self.bill(50, "2026-01-06")
        january = self.sent()
        first = january._object(self.line(january, bill), "Wrong", "Mr Li")
        second = january._object(self.line(january, bill), "Very wrong", "Mr Li")
        self.assertEqual(first, second)
        self.assertEqual(first.text, "Wrong\nVery wrong")
        with self.assertRaises(UserError):
            january._object(self.line(january, bill), "  ", "Mr Li")

    def test_nobody_objects_to_what_he_was_not_sent(self):
        bill = self.bill(50, "2026-01-06")
        january = self.statement("2026-01-31")
        with self.assertRaises(UserError):
            january._object(self.line(january, bill), "Wrong", "Mr Li")

    # --- silence ---

    def test_silence_is_agreement_after_five_working_days(self):
        """Sent on a Friday, closed on the next Monday (a holiday of his): the last day is the Monday after."""
        friday = self.day("2026-02-06")
        self.patch(fields.Date, "context_today", staticmethod(lambda _record, timestamp=None: friday))
        warehouse = self.make_warehouse(self.supplier)
        warehouse.resource_calendar_id = self.env["resource.calendar"].create({"name": "Office", "tz": "Europe/Berlin"})
        self.env["dropship.supplier.closure"].create(
            {"name": "Holiday", "supplier_id": self.supplier.id, "date_from": "2026-02-09", "date_to": "2026-02-09"}
        )
        self.bill(50, "2026-01-06")
        january = self.sent()
        self.assertEqual(january.objection_until, self.day("2026-02-16"))
        self.patch(fields.Date, "context_today", staticmethod(lambda _record, timestamp=None: january.objection_until))
        self.run_silence()
        self.assertEqual(january.state, "sent")
        after = january.objection_until + timedelta(days=1)
        self.patch(fields.Date, "context_today", staticmethod(lambda _record, timestamp=None: after))
        self.run_silence()
        self.assertEqual((january.state, january.agreed_silently, january.to_pay), ("agreed", True, 50))

    def run_silence(self):
        with self.enter_registry_test_mode():
            self.env.ref("dropship_flow.cron_settlement_silence").method_direct_trigger()
        self.env.invalidate_all()

    def test_who_objected_is_not_silent(self):
        bill = self.bill(50, "2026-01-06")
        january = self.sent()
        january._object(self.line(january, bill), "Wrong", "Mr Li")
        january.sudo().objection_until = fields.Date.subtract(fields.Date.today(), days=30)
        self.run_silence()
        self.assertEqual(january.state, "objected")
        with self.assertRaises(UserError):
            january._agree("Mr Li")

    def test_the_supplier_agrees(self):
        self.bill(50, "2026-01-06")
        january = self.statement("2026-01-31")
        self.assertFalse(january._agree("Mr Li"))
        january.action_send()
        self.assertTrue(january._agree("Mr Li"))
        self.assertEqual((january.state, january.agreed_by), ("agreed", "Mr Li"))
        self.assertFalse(january._agree("Mr Li"))

    # --- made by the calendar ---

    def test_made_by_the_terms(self):
        self.bill(50, "2026-01-06")
        self.supplier.term_ids = [Command.create({"statement_every": "month", "company_id": self.company.id})]
        self.patch(fields.Date, "context_today", staticmethod(lambda _record, timestamp=None: self.day("2026-02-01")))
        for _twice in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("dropship_flow.cron_settlement_make").method_direct_trigger()
            self.env.invalidate_all()
        made = self.env["dropship.settlement"].search([("supplier_id", "=", self.supplier.id)])
        self.assertEqual((made.date_to, made.closing, made.state), (self.day("2026-01-31"), 50, "draft"))

    def test_made_by_hand(self):
        self.bill(50, "2026-01-06")
        wizard = self.env["dropship.settlement.make"].create({"date_to": "2026-01-31"})
        action = wizard.action_make()
        self.assertEqual(self.env["dropship.settlement"].browse(action["res_id"]).closing, 50)
        with self.assertRaisesRegex(UserError, "still open"):
            wizard.action_make()
