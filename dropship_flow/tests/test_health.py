from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from .common_flow import FlowFactories
from .test_exceptions_desk import ExceptionCase


class HealthCase:
    """Whether everything runs, for people and for a monitor."""

    def a_message(self, minutes=0, **vals):
        """A message to Rhein that waits for so long."""
        connection = self.env["dropship.connection"].create(
            {"name": "Rheinlager", "endpoint": "https://rhein.example", "secret": "key", "company_id": self.company.id}
        )
        self.suppliers["Rhein"].write({"connection_id": connection.id, "answer_mode": "manual"})
        order = self.hero(confirm=True)
        (message,) = order.dropship_purchase_ids.dropship_exchange_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dropship_exchange SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(minutes=minutes), message.id],
        )
        self.env.invalidate_all()
        return message

    def crons_run(self):
        """As if the scheduler had run a moment ago."""
        self.env["dropship.health.check"]._crons().write(
            {"active": True, "failure_count": 0, "nextcall": fields.Datetime.now() + timedelta(minutes=1)}
        )


@tagged("post_install", "-at_install", "standard")
class TestHealth(HealthCase, ExceptionCase):
    def setUp(self):
        super().setUp()
        self.crons_run()

    def page(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=user or self.manager, context={"allowed_company_ids": self.company.ids})
        action = env["dropship.health"].action_home()
        return env["dropship.health"].browse(action["res_id"])

    def line(self, page, title):
        lines = page.queue_ids | page.connection_ids | page.cron_ids
        return lines.filtered(lambda line: line.title == title)

    def test_green_means_nothing_to_read(self):
        page = self.page()
        self.assertEqual((page.state, page.headline), ("good", "Everything runs."))
        self.assertEqual(len(page.queue_ids), 5)
        self.assertGreaterEqual(len(page.cron_ids), 5)

    def test_a_message_that_waits_too_long_turns_it_red_and_opens_it(self):
        message = self.a_message(minutes=20)
        page = self.page()
        line = self.line(page, "Waiting to be sent")
        self.assertEqual((line.state, line.count, page.state), ("bad", 1, "bad"))
        action = line.action_open()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), message)

    def test_a_queue_that_drains_slowly_is_only_worth_a_look(self):
        message = self.a_message(minutes=20)
        message.connection_id.tokens_at = fields.Datetime.now()
        self.assertEqual(self.line(self.page(), "Waiting to be sent").state, "warn")
        message.connection_id.write(
            {"tokens_at": False, "failures": 6, "paused_until": fields.Datetime.now() + timedelta(minutes=5)}
        )
        page = self.page()
        self.assertEqual(self.line(page, "Waiting to be sent").state, "warn", "the line rests, the relay is well")
        self.assertEqual(self.line(page, "Rheinlager").state, "bad")
        self.assertEqual(self.line(page, "Rheinlager").count, 1)

    def test_the_messages_of_another_company_are_not_counted(self):
        self.a_message(minutes=20)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        manager = self.make_login("manager", company=other)
        env = self.env(user=manager, context={"allowed_company_ids": other.ids})
        page = env["dropship.health"].browse(other.id)
        self.assertEqual(page.queue_ids.filtered(lambda line: line.title == "Waiting to be sent").count, 0)
        self.assertFalse(page.connection_ids.filtered(lambda line: line.title == "Rheinlager"))
        with self.assertRaises(AccessError):
            env["dropship.health"].browse(self.company.id).read(["headline"])

    def test_a_manager_switches_a_dead_scheduled_action_on(self):
        cron = self.env.ref("dropship_flow.cron_relay")
        cron.write({"active": False, "failure_count": 5})
        page = self.page()
        line = self.line(page, cron.cron_name)
        self.assertEqual((line.state, line.can_switch_on), ("bad", True))
        line.action_switch_on()
        self.assertEqual((cron.active, cron.failure_count), (True, 0))
        ours = self.env["dropship.health.check"]._crons()
        foreign = self.env["ir.cron"].search([("id", "not in", ours.ids)], limit=1)
        foreign.active = False
        check = self.env.registry["dropship.health.line"]
        with patch.object(check, "domain", f'[["id", "=", {foreign.id}]]'), patch.object(check, "can_switch_on", True):
            line.action_switch_on()
        self.assertFalse(foreign.active, "only our own scheduled actions")

    def test_only_managers_look(self):
        for user in (self.desk, self.buyer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.page(user).read(["headline"])

    # --- the watchdog ---

    def watch(self):
        self.run_cron("cron_watchdog")
        self.crons_run()
        return self.exceptions.search([("kind", "=", "relay_stuck")])

    def test_the_watchdog_tells_the_managers_once(self):
        self.assertFalse(self.watch())
        message = self.a_message(minutes=20)
        found = self.watch()
        self.assertEqual((found.company_id, found.severity), (self.company, "3"))
        self.assertIn("Waiting to be sent", found.description)
        self.assertIn(self.manager, found.activity_ids.user_id)
        count = len(found.activity_ids)
        self.watch()
        self.assertEqual(len(self.watch().activity_ids), count)
        message._set_state("cancelled")
        self.assertEqual(self.watch().state, "solved")

    def test_a_relay_that_was_switched_off_is_told(self):
        self.env.ref("dropship_flow.cron_relay").active = False
        found = self.watch()
        self.assertEqual(found.company_id, self.env.ref("base.main_company"))
        self.assertIn("messages to and from suppliers", found.description)

    # --- a copy of the database ---

    def test_a_copy_reaches_no_supplier(self):
        message = self.a_message()
        with file_open("dropship_flow/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        connection = message.connection_id
        self.assertFalse(connection.secret or connection.active or connection.private_allowed)
        self.assertEqual(connection.endpoint, "https://neutralized.invalid")
        self.assertFalse(any(self.env["dropship.health.check"]._crons().mapped("active")))
        calls = []
        connector = self.env.registry["dropship.connector"]
        with patch.object(connector, "_call", lambda *args: calls.append(args)):
            self.run_cron("cron_relay")
        self.assertFalse(calls)
        self.assertEqual(message.state, "ready")


@tagged("post_install", "-at_install", "standard")
class TestHealthAddress(HealthCase, FlowFactories, HttpCase):
    """What a monitor outside learns: states, nothing else, and only with the token."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.make_hero()
        cls.make_policy("buy")

    def setUp(self):
        super().setUp()
        self.crons_run()
        self.env["ir.config_parameter"].set_param("dropship_flow.health_token", "right")

    def ask(self, path="/dropship/health", **headers):
        self.env.flush_all()
        return self.url_open(path, headers=headers)

    def test_states_only_and_the_right_status(self):
        answer = self.ask("/dropship/health?token=right")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(set(answer.json()), {"status", "checks"})
        self.assertEqual(set(answer.json()["checks"]), {"queue", "connection", "cron"})
        self.a_message(minutes=20)
        answer = self.ask(Authorization="Bearer right")
        self.assertEqual((answer.status_code, answer.json()["checks"]["queue"]), (503, "bad"))
        self.assertNotIn("Rhein", answer.text)

    def test_all_scheduled_actions_dead_is_seen_from_outside(self):
        self.env["dropship.health.check"]._crons().active = False
        answer = self.ask(Authorization="Bearer right")
        self.assertEqual((answer.status_code, answer.json()["checks"]["cron"]), (503, "bad"))

    def test_without_the_token_there_is_nothing(self):
        for path in ("", "?token=", "?token=wrong", "?token=righ", "?token=r%C3%A9"):
            self.assertEqual(self.ask(f"/dropship/health{path}").status_code, 404, path)
        self.env["ir.config_parameter"].set_param("dropship_flow.health_token", False)
        for path in ("?token=", "?token=False", "?token=right"):
            self.assertEqual(self.ask(f"/dropship/health{path}").status_code, 404, path)
