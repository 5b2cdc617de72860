from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_board import BoardCase


@tagged("post_install", "-at_install", "standard")
class TestBoardClock(BoardCase):
    """Who works on a case, who hears when nobody does, and what customers write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.make_person("Berta", "manager")
        cls.owner = cls.make_person("Olivia", "owner")

    # --- late ---

    def test_each_level_hears_of_a_late_case_once(self):
        case = self.case()
        self.pass_hours(case, 24 * 30)
        self.assertEqual(case.due_level, 3)
        told = case.activity_ids.user_id
        self.assertIn(self.agent, told)
        self.assertIn(self.boss, told)
        self.assertIn(self.owner, told)
        count = len(case.activity_ids)
        case._wake()
        case._wake()
        self.assertEqual(len(case.activity_ids), count)

    def test_the_agent_hears_first(self):
        case = self.case()
        case.company_id.resource_calendar_id = False
        self.pass_hours(case, 17)
        self.assertTrue(case.is_overdue)
        self.assertEqual(case.activity_ids.user_id, self.agent)
        self.assertIn("Overdue", case.activity_ids.summary)
        self.pass_hours(case, 8)
        self.assertIn(self.boss, case.activity_ids.user_id)
        self.assertNotIn(self.owner, case.activity_ids.user_id)

    def test_reminders_go_when_somebody_cares(self):
        case = self.case()
        self.pass_hours(case, 24 * 30)
        self.assertTrue(case.activity_ids)
        case._record("offer", "agent", offer=self.offer(case, "nothing"))
        self.assertFalse(case.activity_ids)

    def test_the_clock_says_how_late_it_is(self):
        case = self.case()
        case.company_id.resource_calendar_id = False
        self.pass_hours(case, 1)
        self.assertIn(case.clock, ("in 14 h", "in 15 h"))
        self.assertEqual((case.clock_color, case.is_overdue), ("calm", False))
        self.pass_hours(case, 13)
        self.assertEqual(case.clock_color, "soon")
        self.pass_hours(case, 5)
        self.assertEqual((case.clock_color, case.is_overdue), ("late", True))
        late = self.env["dropship.return"].search([("is_overdue", "=", True)])
        self.assertIn(case, late)
        self.assertNotIn(case, self.env["dropship.return"].search([("is_overdue", "=", False)]))

    def test_what_could_not_be_carried_out_calls_the_agent(self):
        case = self.case()

        def fails(resolution):
            raise UserError("The bank does not answer")  # pylint: disable=translation-required

        self.patch(self.registry["dropship.resolution"], "_do_nothing", fails)
        with mute_logger("odoo.addons.dropship_flow_aftersales"):
            case._record("accept", "agent", offer=self.offer(case, "nothing"))
        self.assertEqual((case.resolution_ids.state, case.board_column), ("person", "carry"))
        self.assertEqual(case.activity_ids.user_id, self.agent)
        self.assertIn("bank does not answer", case.attention)
        self.assertEqual(self.as_agent(case).first_verb, "retry")
        self.patch(self.registry["dropship.resolution"], "_do_nothing", lambda resolution: None)
        self.as_agent(case).action_retry()
        self.assertEqual(case.resolution_ids.state, "done")
        self.assertFalse(case.activity_ids)

    # --- whose ---

    def test_new_cases_go_to_whoever_has_the_fewest(self):
        colleague = self.make_person("Ole", "agent")
        self.company.dropship_case_agent_ids = [Command.set((self.agent | colleague).ids)]
        cases = self.case(user_id=False), self.case("dislike", user_id=False), self.case("listing", user_id=False)
        self.assertEqual({case.user_id for case in cases}, {self.agent, colleague})
        counts = [sum(case.user_id == user for case in cases) for user in (self.agent, colleague)]
        self.assertLessEqual(max(counts) - min(counts), 1)

    def test_those_at_work_come_first(self):
        asleep = self.make_person("Ole", "agent")
        never = self.env["resource.calendar"].create({"name": "Never", "attendance_ids": [Command.clear()]})
        always = self.env["resource.calendar"].create(
            {
                "name": "Always",
                "tz": "UTC",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {"name": day, "dayofweek": day, "hour_from": 0, "hour_to": 24, "day_period": "morning"}
                        )
                        for day in "0123456"
                    ),
                ],
            }
        )
        at_work = self.env["dropship.return"]._is_at_work
        for user, calendar in ((asleep, never), (self.agent, always)):
            self.env["resource.resource"].create(
                {"name": user.name, "user_id": user.id, "calendar_id": calendar.id, "company_id": self.company.id}
            )
        self.env.invalidate_all()
        self.assertEqual([at_work(user, self.company) for user in (asleep, self.agent)], [False, True])
        self.company.dropship_case_agent_ids = [Command.set((asleep | self.agent).ids)]
        for reason in ("damaged", "dislike", "listing"):
            self.assertEqual(self.case(reason, user_id=False).user_id, self.agent)

    def test_agents_may_take_them_themselves(self):
        self.company.dropship_case_assign = "nobody"
        self.assertFalse(self.case(user_id=False).user_id)

    # --- messages ---

    def test_a_customer_s_reply_lands_on_the_case_and_waits(self):
        case = self.case()
        case.partner_id.email = "kunde@example.com"
        case._record("offer", "agent", offer=self.offer(case, "nothing"))
        ours = case.with_user(self.agent).message_post(
            body="What do you say?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        mail = (
            f"From: Kunde <kunde@example.com>\nTo: catchall@example.com\nSubject: Re: {case.name}\n"
            f"Message-Id: <reply-1@example.com>\nIn-Reply-To: {ours.message_id}\n\nCan I have more?\n"
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].sudo().message_process(False, mail)
        self.assertIn("Can I have more", case.message_ids[0].body)
        self.assertEqual(case.board_column, "ours")
        self.assertIn(" read_message ", self.as_agent(case).verbs)
        case.with_user(self.agent).message_post(body="No", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertFalse(case.message_at)
        self.assertEqual(case.board_column, "customer")

    def test_a_note_of_ours_is_no_answer(self):
        case = self.case()
        case.message_post(body="Hello?", message_type="email", author_id=case.partner_id.id)
        case.with_user(self.agent).message_post(body="for us", message_type="comment", subtype_xmlid="mail.mt_note")
        self.assertTrue(case.message_at)
        self.as_agent(case).action_read_message()
        self.assertFalse(case.message_at)
