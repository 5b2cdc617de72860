from datetime import timedelta

from lxml import etree
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .test_order_stage import StageCase


class ExceptionCase(StageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk, cls.buyer, cls.manager = (cls.make_login(role) for role in ("user", "buyer", "manager"))
        cls.exceptions = cls.env["dropship.exception"]

    def late(self, **vals):
        """An accepted order that should have left long ago, and the exception about it."""
        order = self.hero(confirm=True, **vals)
        order.dropship_allocation_ids.write({"ship_by": fields.Datetime.now() - timedelta(hours=30)})
        self.env.flush_all()
        self.run_cron("cron_watch")
        return order, order.dropship_exception_ids

    def count_late(self):
        return self.exceptions.search_count([("kind", "=", "late_ship"), ("company_id", "=", self.company.id)])

    def rule(self, **vals):
        return self.env["dropship.exception.rule"].create({"sequence": 1, "company_id": self.company.id, **vals})


@tagged("post_install", "-at_install", "standard")
class TestExceptionsDesk(ExceptionCase):
    """The desk sees what went off the road, who cares for it, until when, and the buttons that solve it."""

    # --- kinds noticed by the clock ---

    def test_late_parcels_are_noticed_once_and_settle_by_themselves(self):
        order, exception = self.late()
        self.assertEqual((exception.kind, exception.purchase_id), ("late_ship", order.dropship_purchase_ids))
        self.assertIn(order.dropship_purchase_ids.name, exception.description)
        self.assertEqual(exception.supplier_id, self.suppliers["Rhein"])
        self.assertGreater(exception.amount, 0)
        self.run_cron("cron_watch")
        self.assertEqual(self.count_late(), 1)
        self.ship(order.dropship_purchase_ids)
        self.run_cron("cron_watch")
        self.assertEqual(exception.state, "solved")
        self.assertTrue(exception.solution and exception.solved_at)

    def test_whoever_solved_it_by_hand_is_not_asked_again(self):
        _order, exception = self.late()
        exception.with_user(self.buyer).action_done()
        self.assertEqual((exception.state, exception.solved_by_id), ("solved", self.buyer))
        self.run_cron("cron_watch")
        self.assertEqual(self.count_late(), 1)

    def test_a_test_order_is_nobodys_worry(self):
        order = self.hero(confirm=True, dropship_is_test=True)
        order.dropship_allocation_ids.write({"ship_by": "2020-01-01"})
        self.run_cron("cron_watch")
        self.assertFalse(order.dropship_exception_ids)

    def test_a_connection_that_rests_too_long_is_an_exception_without_an_order(self):
        connection = self.env["dropship.connection"].create(
            {"name": "Rheinlager", "endpoint": "https://rhein.example", "company_id": self.company.id}
        )
        self.suppliers["Rhein"].write({"connection_id": connection.id, "answer_mode": "manual"})
        order = self.hero(confirm=True)
        connection.write({"failures": 7})
        self.run_cron("cron_watch")
        down = [("kind", "=", "connection_down")]
        self.assertFalse(self.exceptions.search(down), "a short rest is nobody's business")
        connection.down_since = fields.Datetime.now() - timedelta(minutes=20)
        self.run_cron("cron_watch")
        exception = self.exceptions.search(down)
        self.assertEqual((exception.connection_id, exception.company_id), (connection, self.company))
        self.assertFalse(exception.order_id)
        self.assertIn("1 messages wait", exception.description)
        self.assertIn("Rheinlager", exception.display_name)
        self.run_cron("cron_watch")
        self.assertEqual(self.exceptions.search_count(down), 1)
        exception.with_user(self.buyer).action_try_connection()
        self.assertFalse(connection.failures)
        self.run_cron("cron_watch")
        self.assertEqual(exception.state, "solved")
        self.assertFalse(connection.down_since)
        self.assertFalse(order.dropship_exception_ids)

    # --- rules ---

    def test_the_first_rule_that_fits_decides(self):
        self.rule(sequence=2, kind="late_ship", severity="0", hours=1)
        self.rule(
            sequence=1, kind="late_ship", supplier_id=self.suppliers["Rhein"].id, severity="3", hours=5,
            working_time=False, owner="user", user_ids=[Command.link(self.buyer.id)], activity=True,
        )  # fmt: skip
        before = fields.Datetime.now()
        _order, exception = self.late()
        self.assertEqual((exception.severity, exception.user_id), ("3", self.buyer))
        self.assertAlmostEqual((exception.deadline - before).total_seconds() / 3600, 5, delta=0.1)
        self.assertEqual(exception.activity_ids.user_id, self.buyer)
        exception.with_user(self.buyer).action_done()
        self.assertFalse(exception.activity_ids)

    def test_value_and_company_count(self):
        self.rule(sequence=1, amount_from=1e6, severity="3")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.rule(sequence=2, company_id=other.id, severity="3")
        self.rule(sequence=3, amount_from=1, severity="0")
        _order, exception = self.late()
        self.assertEqual(exception.severity, "0")

    def test_a_team_shares_the_work(self):
        team = self.buyer | self.desk
        self.rule(owner="team", user_ids=[Command.set(team.ids)])
        owners = self.late()[1].user_id | self.late()[1].user_id
        self.assertEqual(owners, team)

    def test_nobody_of_another_company_becomes_responsible(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_login("buyer", company=other)
        self.rule(owner="user", user_ids=[Command.link(stranger.id)])
        self.assertNotEqual(self.late()[1].user_id, stranger)

    def test_a_rule_names_its_people(self):
        with self.assertRaises(ValidationError):
            self.rule(owner="team")
        with self.assertRaises(ValidationError):
            self.rule(owner="user", user_ids=[Command.set((self.buyer | self.desk).ids)])

    # --- the clock ---

    def test_overdue_ones_reach_the_manager_once(self):
        _order, exception = self.late()
        exception.deadline = fields.Datetime.now() - timedelta(hours=1)
        self.assertTrue(exception.is_overdue)
        self.assertIn(exception, self.exceptions.search([("is_overdue", "=", True)]))
        self.run_cron("cron_watch")
        self.assertIn(self.manager, exception.activity_ids.user_id)
        count = len(exception.activity_ids)
        self.run_cron("cron_watch")
        self.assertEqual(len(exception.activity_ids), count)

    def test_what_sleeps_is_not_overdue(self):
        _order, exception = self.late()
        exception.deadline = fields.Datetime.now() - timedelta(hours=1)
        exception.with_user(self.buyer).action_wait_longer()
        self.assertFalse(exception.is_overdue)
        self.assertTrue(exception.is_snoozed)
        self.assertNotIn(exception, self.exceptions.search([("is_overdue", "=", True)]))
        self.assertIn(exception, self.exceptions.search([("is_snoozed", "=", True)]))
        exception.with_user(self.desk).action_wake()
        self.assertFalse(exception.is_snoozed)

    # --- verbs ---

    def test_each_kind_shows_its_own_verbs(self):
        _order, exception = self.late()
        self.assertEqual(exception.verbs.split(), ["action_wait_longer", "action_open_purchase", "action_done"])
        with self.assertRaises(UserError):
            exception.with_user(self.buyer).action_try_connection()
        for kind, verbs in self.exceptions._verbs().items():
            self.assertIn(kind, dict(self.exceptions._exception_kinds()))
            for verb in verbs:
                self.assertTrue(hasattr(self.exceptions, verb), verb)
                self.assertIn(verb, self.exceptions._verb_titles(), verb)

    def test_no_part_loses_its_verbs(self):
        """Whatever the order in which the parts are read, each one's kinds keep their buttons."""
        verbs = self.exceptions._verbs()
        for kind in ("price_raised", "substitute_offered", "ack_mismatch", "attempts", "duplicate_risk", "wallet_low"):
            self.assertTrue(verbs.get(kind), kind)

    def test_every_view_has_a_button_for_every_verb(self):
        for view_type in ("form", "list", "kanban"):
            arch = self.exceptions.with_user(self.buyer).get_view(view_type=view_type)["arch"]
            for verbs in self.exceptions._verbs().values():
                for verb in verbs:
                    *first, button = etree.fromstring(arch).xpath(f"//button[@name='{verb}']")
                    self.assertIn(f"' {verb} ' not in verbs", button.get("invisible"))
                    for primary in first:
                        self.assertIn("btn-primary", primary.get("class"))
                        self.assertEqual(primary.get("invisible"), f"first_verb != '{verb}'")
                    if view_type == "kanban":
                        self.assertTrue(button.xpath("ancestor::*[@t-name='card']"), f"{verb} is on no card")
        arch = self.exceptions.with_user(self.desk).get_view(view_type="form")["arch"]
        names = {button.get("name") for button in etree.fromstring(arch).iter("button")}
        self.assertIn("action_assign_to_me", names)
        self.assertNotIn("action_done", names)

    # --- who may what ---

    def test_the_desk_takes_and_snoozes_but_does_not_answer_for_suppliers(self):
        _order, exception = self.late()
        mine = exception.with_user(self.desk)
        mine.action_assign_to_me()
        self.assertEqual(exception.user_id, self.desk)
        with self.assertRaises(AccessError):
            mine.action_done()
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        wizard = self.env["dropship.exception.handle"].with_user(self.desk)
        wizard.create(
            {"exception_ids": [Command.set(exception.ids)], "user_id": self.buyer.id, "snoozed_until": tomorrow}
        ).action_apply()
        self.assertEqual((exception.user_id, exception.is_snoozed), (self.buyer, True))
        for wrong in ({}, {"snoozed_until": "2020-01-01"}):
            with self.assertRaises(UserError):
                wizard.create({"exception_ids": [Command.set(exception.ids)], **wrong}).action_apply()

    def test_salesmen_look_and_touch_nothing(self):
        _order, exception = self.late()
        salesman = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman_all_leads", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        self.assertTrue(exception.with_user(salesman).description)
        for verb in ("action_assign_to_me", "action_done", "action_wake", "action_wait_longer"):
            with self.subTest(verb), self.assertRaises(AccessError):
                getattr(exception.with_user(salesman), verb)()

    def test_what_it_is_about_stays(self):
        _order, exception = self.late()
        with self.assertRaises(UserError):
            exception.with_user(self.buyer).kind = "silent"

    # --- where it is seen ---

    def test_order_purchase_and_overview_lead_to_it(self):
        order, exception = self.late()
        purchase = order.dropship_purchase_ids
        self.assertEqual((order.dropship_exception_count, purchase.dropship_exception_count), (1, 1))
        self.assertEqual(self.exceptions.search(purchase.action_dropship_exceptions()["domain"]), exception)
        self.env.flush_all()
        env = self.env(user=self.buyer, context={"allowed_company_ids": self.company.ids})
        home = env["dropship.overview"].browse(self.company.id)
        card = home.card_ids.filtered(lambda card: card.key == "exceptions")
        self.assertEqual(card.count, 1)
        exception.with_user(self.buyer).action_assign_to_me()
        env.invalidate_all()
        self.assertIn("1 mine", card.hint)
