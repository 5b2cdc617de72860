from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_claims_case import ClaimCase


@tagged("post_install", "-at_install", "standard")
class TestClaimLife(ClaimCase):
    """Handed in, answered, objected to, silent."""

    def setUp(self):
        super().setUp()
        self.case = self.damaged("20.00")
        self.claim = self.case.case_claim_ids

    def test_the_first_answer_binds(self):
        """A claim accepted twice, and with another amount: one answer counts, the other is shown."""
        claim = self.claim
        claim.action_file()
        claim._hear("partly", Decimal("12.00"), key="mail 1")
        self.assertEqual((claim.state, claim.amount_granted, claim.amount_waiting), ("accepted", 12, 8))
        claim._hear("partly", Decimal("12.00"), key="mail 1")
        self.assertEqual(len(claim.event_ids), 2, "the same message is heard once")
        claim._hear("accepted", Decimal("15.00"), key="mail 2")
        self.assertEqual(claim.amount_granted, 12)
        self.assertIn("15.00", claim.notes_text)
        self.assertIn("first answer counts", claim.notes_text)

    def test_more_than_was_claimed_is_not_granted(self):
        self.claim.action_file()
        self.claim._hear("accepted", Decimal("50.00"))
        self.assertEqual((self.claim.amount_granted, self.claim.state), (20, "accepted"))
        self.assertIn("30.00", self.claim.notes_text)

    def test_another_currency_is_no_answer(self):
        self.claim.action_file()
        self.claim._hear("accepted", Decimal("20.00"), currency="CNY")
        self.assertEqual((self.claim.state, self.claim.amount_granted), ("filed", 0))
        self.assertIn("another currency", self.claim.notes_text)

    def test_an_objection_brings_the_rest(self):
        claim = self.claim
        claim.action_file()
        claim._hear("refused", code="no_photo")
        self.assertEqual((claim.state, claim.standing), ("refused", "answered"))
        self.assertTrue(claim.can_object)
        with self.assertRaisesRegex(UserError, "Write why"):
            claim._object(" ")
        claim._object("The photo shows the crack")
        self.assertEqual((claim.state, claim.standing), ("filed", "objected"))
        claim._hear("accepted")
        self.assertEqual((claim.state, claim.amount_granted, claim.standing), ("accepted", 20, "closed"))
        with self.assertRaisesRegex(UserError, "nothing can be objected"):
            claim._object("Once more")

    def test_silence_follows_the_terms_of_the_day_it_was_handed_in(self):
        claim = self.claim
        claim.action_file()
        self.terms.write({"silence": "refused", "answer_days": 1})
        self.pass_claim_days(claim, 3)
        self.assertEqual(claim.standing, "waiting")
        self.pass_claim_days(claim, 6)
        self.assertEqual((claim.state, claim.silent, claim.amount_granted), ("accepted", True, 20))

    def test_who_may_be_silent_for_ever_is_asked_again(self):
        self.terms.silence = False
        self.case._raise_claims()
        self.claim.action_file()
        self.pass_claim_days(self.claim, 10)
        self.assertEqual((self.claim.state, self.claim.standing), ("filed", "overdue"))
        for _time in range(2):
            self.env["dropship.claim"]._cron_remind()
            reminders = self.claim.activity_ids.filtered(lambda activity: "Ask" in activity.summary)
            self.assertEqual(len(reminders), 1)
        self.claim._hear("partly", Decimal(5))
        self.assertEqual(self.claim.amount_granted, 5)

    def test_what_was_said_is_never_rewritten(self):
        self.claim.action_file()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.claim.event_ids.amount = 3
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.claim.event_ids.unlink()
        with self.assertRaisesRegex(UserError, "not handed in"):
            self.damaged(qty=2).case_claim_ids._hear("accepted")

    def test_an_answer_is_typed_in(self):
        claim = self.claim
        claim.action_file()
        action = claim.action_answer()
        form = Form(self.env["dropship.claim.answer"].with_context(**action["context"]))
        form.kind = "partly"
        form.amount = 7.5
        form.code = "used"
        form.save().action_apply()
        self.assertEqual((claim.amount_granted, claim.answer), (7.5, "partly"))
        action = claim.action_object()
        form = Form(self.env["dropship.claim.answer"].with_context(**action["context"]))
        form.text = "It was new"
        form.save().action_apply()
        self.assertEqual(claim.standing, "objected")

    def test_the_letter_says_what_proves_it(self):
        self.claim.note = "The glass is cracked"
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("dropship_flow_aftersales.report_claim", self.claim.ids)[0]
            .decode()
        )
        for said in (
            "broken.png",
            "<h4>Tracking History</h4>",
            "Delivered",
            "20.00",
            "The glass is cracked",
            self.lamp.name,
        ):
            self.assertIn(said, html)
        self.assertNotIn(self.anna.name, html)

    def test_money_of_a_carrier_pays_the_claim(self):
        self.claim.action_file()
        self.claim.action_accept()
        self.claim.action_paid()
        self.assertEqual((self.claim.state, self.claim.amount_open), ("paid", 0))
        self.assertEqual(self.claim.credit_ids.kind, "money")
        self.assertEqual((self.case.claim_granted, self.case.claim_own), (20, 0))

    def test_given_up_is_our_own_loss(self):
        self.claim.action_give_up()
        self.assertEqual((self.case.claim_waiting, self.case.claim_own), (0, 20))
        self.case._raise_claims()
        self.assertEqual(self.claim.state, "cancelled", "nobody asks for it again by himself")

    def test_an_amount_entered_by_a_buyer_stays(self):
        self.claim.with_user(self.login("buyer")).amount = 25
        self.give(self.case, "10.00")
        self.case._raise_claims()
        self.assertEqual(self.claim.amount, 25)
        self.claim.action_file()
        self.claim.action_accept()
        self.assertEqual(self.claim.amount_granted, 25)

    def test_the_buyer_is_reminded_before_the_last_day(self):
        buyer = self.login("buyer")
        self.claim.purchase_id.user_id = buyer
        self.env["dropship.claim"]._cron_remind()
        self.assertFalse(self.claim.activity_ids)
        self.claim.deadline = self.today()
        self.env["dropship.claim"]._cron_remind()
        reminder = self.claim.activity_ids
        self.assertEqual(reminder.user_id, buyer)
        self.claim.action_file()
        self.assertFalse(reminder.exists(), "it is done")

    def test_what_a_part_was_paid_of_can_be_objected_to(self):
        self.claim.action_file()
        self.claim._hear("partly", Decimal(5))
        self.claim.action_paid()
        self.assertEqual((self.claim.state, self.claim.standing), ("paid", "answered"))
        self.claim._object("The rest as well")
        self.assertEqual((self.claim.state, self.claim.standing), ("filed", "objected"))
        self.claim._hear("accepted")
        self.assertEqual((self.claim.state, self.claim.amount_open), ("accepted", 15))
        self.claim.action_paid()
        self.assertEqual((self.claim.state, self.claim.credit_ids.mapped("amount")), ("paid", [5, 15]))

    def test_it_is_written_to_them_with_the_letter(self):
        action = self.claim.action_mail_letter()
        context = action["context"]
        self.assertEqual(context["default_partner_ids"], self.rhein.partner_id.ids)
        template = self.env["mail.template"].browse(context["default_template_id"])
        body = template._render_field("body_html", self.claim.ids)[self.claim.id]
        self.assertIn("20.00", body)
        self.assertNotIn(self.anna.name, body)
        self.assertTrue(template.report_template_ids)
