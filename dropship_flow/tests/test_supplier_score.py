from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_exceptions_desk import ExceptionCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierScore(ExceptionCase):
    """What suppliers do is noted as it happens, and adds up to a score."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        cls.rhein.answer_mode = "manual"
        cls.warehouse = cls.warehouses["Rhein"]

    def facts(self, order):
        rows = order.dropship_allocation_ids
        return self.env["dropship.supplier.fact"].search([("allocation_id", "in", rows.ids)])

    def kinds(self, order):
        return sorted(set(self.facts(order).mapped("kind")))

    def sent(self, **vals):
        order = self.hero(confirm=True, **vals)
        return order, order.dropship_purchase_ids.filtered(lambda purchase: purchase.state == "sent")

    # --- what is noted ---

    def test_a_good_life(self):
        order, purchase = self.sent()
        rows = order.dropship_allocation_ids
        self.assertEqual(rows.mapped("supplier_id"), self.rhein)
        self.assertTrue(all(rows.mapped("submitted_at")))
        rows.submitted_at = fields.Datetime.now() - timedelta(hours=6)
        purchase.action_dropship_accept()
        self.assertTrue(all(rows.mapped("ship_by")))
        accepted = self.facts(order)
        self.assertEqual(set(accepted.mapped("kind")), {"accepted"})
        self.assertEqual(len(accepted), len(rows))
        self.assertAlmostEqual(accepted[0].hours, 6, delta=0.1)
        self.assertEqual((accepted.purchase_id, accepted.warehouse_id), (purchase, self.warehouse))
        self.ship(purchase)
        self.assertEqual(self.kinds(order), ["accepted", "shipped_on_time"])

    def test_late_is_counted_in_hours_on_which_he_works(self):
        order, purchase = self.sent()
        purchase.action_dropship_accept()
        order.dropship_allocation_ids.ship_by = fields.Datetime.now() - timedelta(hours=10)
        self.ship(purchase)
        late = self.facts(order).filtered(lambda fact: fact.kind == "shipped_late")
        self.assertAlmostEqual(late[0].hours, 10, delta=0.1)
        self.assertNotIn("shipped_on_time", self.kinds(order))

    def test_a_refusal_counts_and_our_own_cancellation_does_not(self):
        order, purchase = self.sent()
        first = order.dropship_allocation_ids
        purchase._dropship_refuse("Out of stock")
        facts = self.env["dropship.supplier.fact"].search([("allocation_id", "in", first.ids)])
        self.assertEqual((set(facts.mapped("kind")), set(facts.mapped("fault"))), ({"refused"}, {True}))
        order, purchase = self.sent()
        rows = order.dropship_allocation_ids.filtered(lambda row: row.purchase_id == purchase)
        rows._release("order_cancelled")
        facts = self.env["dropship.supplier.fact"].search([("allocation_id", "in", rows.ids)])
        self.assertEqual((set(facts.mapped("kind")), set(facts.mapped("fault"))), ({"cancelled"}, {False}))
        order, purchase = self.sent()
        rows = order.dropship_allocation_ids.filtered(lambda row: row.purchase_id == purchase)
        rows.with_context(dropship_fault=False)._release("refused", "Nobody lives there")
        facts = self.env["dropship.supplier.fact"].search([("allocation_id", "in", rows.ids)])
        self.assertEqual(set(facts.mapped("fault")), {False})

    def test_cancelling_after_acceptance_is_worse(self):
        order, purchase = self.sent()
        purchase.action_dropship_accept()
        rows = order.dropship_allocation_ids
        rows._release("refused")
        self.assertEqual(self.kinds(order), ["accepted", "cancelled"])
        cancelled = self.facts(order).filtered(lambda fact: fact.kind == "cancelled")
        self.assertTrue(all(cancelled.mapped("fault")))

    def test_a_dispatch_that_proved_false(self):
        order, purchase = self.sent()
        purchase.action_dropship_accept()
        rows = order.dropship_allocation_ids
        rows._set_state("shipped")
        rows._set_state("accepted")
        self.assertIn("false_dispatch", self.kinds(order))

    def test_test_orders_and_drafts_say_nothing(self):
        order, _purchase = self.sent(dropship_is_test=True)
        order.dropship_allocation_ids._set_state("accepted")
        self.assertFalse(self.facts(order))
        self.policy.automation = "draft"
        order = self.hero(confirm=True)
        order.dropship_allocation_ids._release("rerouted")
        self.assertFalse(self.facts(order))

    def test_a_fact_is_noted_once(self):
        order, purchase = self.sent()
        purchase.action_dropship_accept()
        count = len(self.facts(order))
        self.env["dropship.supplier.fact"]._note(order.dropship_allocation_ids, "accepted")
        self.assertEqual(len(self.facts(order)), count)

    # --- closures ---

    def test_a_closure_announced_in_time_moves_the_promise_and_a_late_excuse_does_not(self):
        order, purchase = self.sent()
        purchase.action_dropship_accept()
        rows = order.dropship_allocation_ids
        promised = rows[0].ship_by
        self.assertGreater(promised, fields.Datetime.now())
        today = fields.Date.today()
        closure = self.env["dropship.supplier.closure"].create(
            {"name": "春节", "supplier_id": self.rhein.id, "date_from": today, "date_to": today + timedelta(days=6)}
        )
        self.assertGreaterEqual((rows[0].ship_by - promised).days, 6)
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self.ship(purchase)
        self.assertEqual(self.kinds(order), ["accepted", "shipped_on_time"])
        closure.unlink()
        order, purchase = self.sent()
        purchase.action_dropship_accept()
        late = fields.Datetime.now() - timedelta(days=3)
        order.dropship_allocation_ids.ship_by = late
        self.env["dropship.supplier.closure"].create(
            {"name": "Oh", "supplier_id": self.rhein.id, "date_from": today, "date_to": today + timedelta(days=6)}
        )
        self.assertEqual(order.dropship_allocation_ids[0].ship_by, late)

    # --- the score ---

    def note(self, kind, times, days=1, **vals):
        return self.env["dropship.supplier.fact"].create(
            [
                {
                    "supplier_id": self.rhein.id, "kind": kind, "company_id": self.company.id,
                    "at": fields.Datetime.now() - timedelta(days=days), **vals,
                }
                for _time in range(times)
            ]
        )  # fmt: skip

    def test_figures_and_words(self):
        self.note("accepted", 40, hours=4)
        self.note("shipped_on_time", 38)
        self.note("shipped_late", 2)
        self.note("cancelled", 5, fault=False)
        figures = self.rhein._dropship_score()
        self.assertEqual((figures["grade"], figures["grade_text"]), ("excellent", "Excellent"))
        self.assertEqual(figures["counts"]["shipped_late"], 2)
        self.assertEqual(figures["excused"], {"cancelled": 5})
        self.assertAlmostEqual(figures["answer_hours"], 4)
        self.note("silent", 30)
        self.assertLess(self.rhein._dropship_score()["score"], figures["score"] - 5)

    def test_the_trend_looks_at_the_days_before(self):
        self.note("silent", 30, days=120)
        self.note("accepted", 30)
        self.assertGreater(self.rhein._dropship_score()["trend"], 5)

    def test_constant_queries_for_many_suppliers(self):
        self.note("accepted", 3)
        many = self.rhein.union(*self.suppliers.values())
        many._dropship_scores()  # words and rights are read once
        self.env.flush_all()
        for suppliers in (self.rhein, many):
            with self.assertQueryCount(4):
                suppliers._dropship_scores()

    def test_the_daily_run_fills_list_and_form(self):
        self.note("accepted", 20)
        self.note("leaflet", 2)
        before = self.suppliers["Dawn"].score
        self.run_cron("cron_scores")
        self.assertEqual(self.rhein.score_cases, 20)
        self.assertTrue(0 < self.rhein.score <= 100)
        self.assertTrue(self.rhein.score_grade)
        self.assertEqual(self.suppliers["Dawn"].score, before, "nothing is known about him")
        action = self.rhein.with_user(self.buyer).action_open_facts()
        self.assertEqual(self.env["dropship.supplier.fact"].search_count(action["domain"]), 22)
        self.assertEqual(self.rhein.fact_count, 22)

    # --- who may what ---

    def test_facts_are_noted_and_never_changed(self):
        fact = self.env["dropship.supplier.fact"].with_user(self.buyer).create(
            {"supplier_id": self.rhein.id, "kind": "leaflet", "note": "A picture came"}
        )
        self.assertEqual(fact.company_id, self.company)
        for change in (lambda: fact.sudo().write({"fault": False}), fact.sudo().unlink):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            self.env["dropship.supplier.fact"].with_user(self.desk).create(
                {"supplier_id": self.rhein.id, "kind": "leaflet"}
            )
        self.assertTrue(fact.with_user(self.desk).display_name)
        with self.assertRaises(AccessError):
            fact.with_user(self.make_login("portal")).read(["kind"])

    def test_another_company_counts_its_own(self):
        self.rhein.company_id = False
        self.note("silent", 30)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_login("buyer", company=other)
        supplier = self.rhein.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertEqual(supplier._dropship_score()["cases"], 0)
