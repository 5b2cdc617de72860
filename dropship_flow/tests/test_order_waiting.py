from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from psycopg2.errors import CheckViolation

from .test_order_stage import StageCase


@tagged("post_install", "-at_install", "standard")
class TestOrderWaiting(StageCase):
    """One sentence with a clock, and what really happens when it runs out."""

    def setUp(self):
        super().setUp()
        self.slow(answer_hours=3, when_silent="person")
        self.suppliers["Rhein"].user_id = self.buyer = self.env["res.users"].create(
            {
                "name": "Wang Fang", "login": "wang", "company_id": self.company.id,
                "company_ids": self.company.ids,
                "group_ids": self.env.ref("dropship_flow.group_dropship_buyer").ids,
            }
        )  # fmt: skip

    def late(self, purchase, **back):
        purchase.dropship_answer_by = fields.Datetime.now() - timedelta(**back)
        self.env.flush_all()

    def test_the_clock_starts_when_the_purchase_goes_out(self):
        purchase = self.hero(confirm=True).dropship_purchase_ids
        hours = (purchase.dropship_answer_by - fields.Datetime.now()).total_seconds() / 3600
        self.assertAlmostEqual(hours, 3, delta=0.1)
        before = purchase.dropship_answer_by
        self.suppliers["Rhein"].answer_hours = 48
        self.assertEqual(purchase.dropship_answer_by, before, "what is agreed later counts for the next one")
        purchase.action_dropship_accept()
        self.assertFalse(purchase.dropship_answer_by)

    def test_the_company_has_a_standard(self):
        self.suppliers["Rhein"].answer_hours = 0
        self.company.dropship_answer_hours = 10
        purchase = self.hero(confirm=True).dropship_purchase_ids
        hours = (purchase.dropship_answer_by - fields.Datetime.now()).total_seconds() / 3600
        self.assertAlmostEqual(hours, 10, delta=0.1)

    def test_the_sentence_says_how_long_and_who_is_asked_then(self):
        order = self.hero(confirm=True)
        order.dropship_purchase_ids.dropship_answer_by += timedelta(minutes=5)
        text = order.dropship_waiting
        self.assertIn("Waiting for Rhein to accept – 3 h left, then ", text)
        self.assertIn("is asked (next best: Yiwu).", text)

    def test_a_refused_source_is_not_next(self):
        order = self.make_sale(self.stand, confirm=True)
        self.assertIn("next best", order.dropship_waiting)
        order.dropship_allocation_ids.decision_id.trace = False
        self.env.invalidate_all()
        self.assertNotIn("next best", order.dropship_waiting, "the details are gone; nothing is made up")

    def test_blocked_suppliers_are_not_next(self):
        for name in ("Yiwu", "Dawn", "Ningbo"):
            self.suppliers[name].write({"blocked": True, "block_reason": "Fakes"})
        self.assertNotIn("next best", self.hero(confirm=True).dropship_waiting)

    def test_silence_is_a_case_for_the_buyer_once(self):
        order = self.hero(confirm=True)
        self.late(order.dropship_purchase_ids, hours=2)
        self.assertIn("2 h too late, now", order.dropship_waiting)
        self.run_cron("cron_silent")
        self.run_cron("cron_silent")
        (exception,) = order.dropship_exception_ids
        self.assertEqual(exception.kind, "silent")
        self.assertTrue(exception.user_id)
        self.assertIn("has not answered", order.dropship_waiting)
        self.assertTrue(order.dropship_needs_person)

    def test_an_answer_ends_it(self):
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        self.late(purchase, hours=1)
        self.run_cron("cron_silent")
        purchase.action_dropship_accept()
        self.assertFalse(order.dropship_exception_ids)
        self.assertIn("to ship; expected", order.dropship_waiting)

    def test_a_refusal_ends_it_and_buys_elsewhere(self):
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        self.late(purchase, hours=1)
        self.run_cron("cron_silent")
        purchase._dropship_refuse("no stock")
        self.assertFalse(order.dropship_exception_ids)
        self.assertNotIn("Rhein", self.bought(order))

    def test_asking_again_starts_the_clock_anew(self):
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        self.late(purchase, hours=1)
        self.run_cron("cron_silent")
        exception = order.dropship_exception_ids
        for verb in (exception.action_supplier_agreed, exception.action_too_late):
            with self.assertRaisesRegex(UserError, "Asked Again"):
                verb()
        exception.with_user(self.buyer).action_ask_again()
        self.assertFalse(order.dropship_exception_ids)
        self.assertGreater(purchase.dropship_answer_by, fields.Datetime.now())
        self.run_cron("cron_silent")
        self.assertFalse(order.dropship_exception_ids)
        self.late(purchase, hours=1)
        self.run_cron("cron_silent")
        self.assertEqual(order.dropship_exception_ids.kind, "silent")

    def test_a_delayed_purchase_says_when_it_goes_in_the_readers_zone(self):
        order = self.hero(confirm=True)
        purchase = order.dropship_purchase_ids
        order.dropship_allocation_ids._write({"state": "planned"})
        purchase._write({"state": "draft", "dropship_send_at": "2030-01-01 23:30:00"})
        self.env.invalidate_all()
        self.assertIn("Goes to Rhein at", order.dropship_waiting)
        self.assertIn("1/2/30", order.with_context(tz="Asia/Shanghai").dropship_waiting)

    def test_hours_no_clock_has(self):
        for record, name, bad in (
            (self.suppliers["Rhein"], "answer_hours", -1),
            (self.suppliers["Rhein"], "answer_hours", 10_000_000),
            (self.company, "dropship_answer_hours", 0),
        ):
            with self.subTest(name, bad=bad), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                record[name] = bad
                self.env.flush_all()

    def test_a_list_asks_the_database_as_often_for_many_as_for_few(self):
        orders = self.env["sale.order"]
        for number in range(12):
            orders |= self.hero(confirm=True)
            if number % 3 == 1:
                params = {"product": "Lamp", "product_id": self.lamp.id}
                self.env["dropship.hold"]._raise(orders[-1], "no_source", [["product_without_source", params]])
            if number % 3 == 2:
                self.late(orders[-1].dropship_purchase_ids, hours=1)
        self.run_cron("cron_silent")
        self.company.user_ids.read(["name"])
        spec = {name: {} for name in (
            "name", "dropship_stage", "dropship_waiting", "dropship_hold_kind", "dropship_destination",
            "dropship_promised_date", "dropship_expected_profit", "amount_total",
        )}  # fmt: skip
        used = []
        for count in (6, 6, 12):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders[:count].web_read(spec)
            used.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(used[2], used[1], f"queries: {used}")
