from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common_track import TrackWorld


@tagged("post_install", "-at_install", "standard")
class TestReceipt(TrackWorld, HttpCase):
    """The order is with the customer: who says so, from when he may return it, how he liked it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_track_world()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"
        (cls.box,) = cls.ship()
        cls.url = f"/track/{cls.order._dropship_track_token()}"

    def asked(self):
        return self.env["dropship.notification"].search_count(
            [("order_id", "=", self.order.id), ("fact", "=", "receipt_ask"), ("state", "!=", "skipped")]
        )

    # --- silence ---

    def test_delivered_and_nobody_objects(self):
        self.say(self.box, "picked_up", "delivered")
        self.assertEqual(self.order.dropship_stage, "delivered")
        self.run_cron("cron_receipt")
        self.assertFalse(self.order.dropship_received_at)
        days = 15 if self.box.warehouse_id.country_id != self.anna.country_id else 7
        self.later(days + 1)
        self.run_cron("cron_receipt")
        self.assertEqual(self.box.received_how, "carrier")
        # The day does not depend on when the scheduler looks.
        self.assertEqual(self.order.dropship_received_at, self.box.delivered_at + timedelta(days=days))
        self.assertEqual(self.order.dropship_received_how, "carrier")
        received = fields.Datetime.context_timestamp(
            self.order.with_context(tz="Europe/Berlin"), self.order.dropship_received_at
        )
        self.assertEqual(self.order.dropship_return_until, received.date() + timedelta(days=14))
        self.run_cron("cron_receipt")
        self.assertEqual(self.asked(), 1)

    def run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"dropship_flow.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_channel_has_days_of_its_own(self):
        self.channel.write({"receipt_days": 2, "return_days": 30})
        self.say(self.box, "picked_up", "delivered")
        self.assertEqual(self.box.receipt_at, self.box.delivered_at + timedelta(days=2))
        self.later(3)
        self.run_cron("cron_receipt")
        received = self.order.dropship_received_at  # the days count where the customer lives
        self.assertIn(self.order.dropship_return_until - received.date(), (timedelta(days=30), timedelta(days=31)))

    def test_silence_counts_for_nothing_while_something_is_open(self):
        self.say(self.box, "picked_up", "delivered")
        self.order._dropship_report("damaged", "Broken", self.box.id)
        self.later(100)
        self.run_cron("cron_receipt")
        self.assertFalse(self.box.received_at)
        self.assertGreater(self.box.receipt_at, fields.Datetime.now())
        self.box.exception_ids._set_state("solved")
        self.later(2)
        self.run_cron("cron_receipt")
        self.assertEqual(self.box.received_how, "carrier")

    def test_a_report_about_the_whole_order_counts_too(self):
        self.say(self.box, "picked_up", "delivered")
        self.order._dropship_report("other", "Where is my cable?")
        self.later(100)
        self.run_cron("cron_receipt")
        self.assertFalse(self.box.received_at)

    def test_quiet_ends_the_waiting_and_guesses_no_delivery(self):
        self.say(self.box, "picked_up", "in_transit")
        self.later(44)
        self.run_cron("cron_receipt")
        self.assertFalse(self.box.received_at)
        self.later(2)
        self.run_cron("cron_receipt")
        self.assertEqual((self.box.received_how, self.box.status), ("quiet", "in_transit"))
        self.assertFalse(self.order.dropship_delivered_at)
        self.assertTrue(self.order.dropship_return_until)

    def test_what_comes_back_is_not_received(self):
        self.say(self.box, "picked_up", "delivered")
        self.assertTrue(self.box.receipt_at)
        self.say(self.box, "returning", hours=0.5)
        self.assertFalse(self.box.receipt_at)
        self.later(100)
        self.run_cron("cron_receipt")
        self.assertFalse(self.box.received_at)
        self.assertTrue(self.box._receipt_blockers())

    def test_the_last_of_two_parcels(self):
        self.ship(numbers=("SF0987654321",))
        boxes = self.order.dropship_shipment_ids
        self.assertEqual(len(boxes), 2)
        self.say(self.box, "picked_up", "delivered")
        self.order._dropship_customer_has_it(self.box.id)
        self.assertEqual(self.box.received_how, "customer")
        self.assertFalse(self.order.dropship_received_at)
        self.assertEqual(self.order._dropship_customer_has_it(), "done")
        self.assertEqual(self.order.dropship_received_how, "customer")

    # --- the customer ---

    def test_one_click_with_stars(self):
        self.say(self.box, "picked_up", "delivered")
        page = self.post(self.url, "/received", {"stars": "5", "comment": "Lovely <script>alert(1)</script>"})
        self.assertEqual(self.said(page), "rated")
        self.assertIn("Lovely &lt;script&gt;", page)
        self.assertNotIn("<script>alert(1)", page)
        self.assertEqual(self.order.dropship_received_how, "customer")
        self.assertEqual(self.order.dropship_stage, "delivered")
        self.assertEqual(self.order.rating_last_value, 5)
        self.assertIn("You can return it until", page)
        self.assertFalse(self.asked())
        self.assertEqual(self.headline(page), "Received – enjoy it!")

    def test_click_first_and_rate_then(self):
        self.say(self.box, "picked_up", "out_for_delivery")
        page = self.post(self.url, "/received")
        self.assertEqual(self.said(page), "received")
        self.assertNotIn('id="dropship_have"', page)
        self.assertEqual(self.said(self.post(self.url, "/rate", {"stars": "4", "comment": ""})), "rated")
        self.assertEqual(self.order._dropship_rating().rating, 4)
        self.assertTrue(self.order.dropship_delivered_at)

    def test_double_click_and_two_tabs(self):
        self.say(self.box, "picked_up", "delivered")
        first = self.form(self.url, "/received")
        second = self.form(self.url, "/received")
        self.url_open(f"{self.url}/received", data={**first, "stars": "5"})
        self.env.invalidate_all()
        until = self.order.dropship_return_until
        again = self.url_open(f"{self.url}/received", data={**second, "stars": "1"})
        self.assertEqual(self.said(again.text), "already")
        self.env.invalidate_all()
        self.assertEqual(self.order.rating_ids.filtered("consumed").mapped("rating"), [5])
        self.assertEqual(self.order.dropship_return_until, until)
        self.assertFalse(self.order.dropship_exception_ids)

    def test_few_stars_are_somebodys_work(self):
        self.say(self.box, "picked_up", "delivered")
        self.post(self.url, "/received", {"stars": "2", "comment": "Three weeks!"})
        exception = self.order.dropship_exception_ids
        self.assertEqual(exception.kind, "bad_rating")
        self.assertIn("2 of 5 stars and writes: Three weeks!", exception.description)
        self.assertTrue(exception.deadline)
        self.assertIn("action_write_customer", exception.verbs)
        self.assertFalse(self.box._receipt_blockers())

    def test_bad_input(self):
        self.say(self.box, "picked_up", "delivered")
        self.post(self.url, "/received")
        for stars in ("0", "6", "-1", "x", "", "5.0", "٣", "9" * 40):
            page = self.url_open(f"{self.url}/rate", data={**self.form(self.url, "/rate"), "stars": stars}).text
            self.assertEqual(self.said(page), "nothing", stars)
        page = self.url_open(f"{self.url}/rate", data={**self.form(self.url, "/rate"), "stars": "5",
                                                      "comment": "x" * 1_000_000}).text  # fmt: skip
        self.assertEqual(self.said(page), "long")
        self.env.invalidate_all()
        self.assertFalse(self.order._dropship_rating())

    def test_what_was_missed_is_found(self):
        self.say(self.box, "picked_up", "delivered")
        self.order._dropship_report("not_received", "", self.box.id)
        self.assertEqual(self.box.exception_ids.state, "open")
        self.post(self.url, "/received")
        self.assertEqual(self.box.exception_ids.state, "solved")

    def test_nothing_to_have_yet(self):
        order = self.make_sale(self.lamp, confirm=True)
        self.assertEqual(order._dropship_customer_has_it(), "nothing")
        self.assertEqual(order._dropship_rate(5), "nothing")
        self.assertFalse(order._dropship_may_rate())

    def test_a_test_order_is_not_rated(self):
        order = self.make_sale(self.lamp, dropship_is_test=True, confirm=True)
        order._dropship_receive("customer", fields.Datetime.now())
        self.assertFalse(order._dropship_may_rate())
        self.assertFalse(order.dropship_rating_asked_at)

    def test_the_desk_recorded_the_delivery_of_an_order_without_parcels(self):
        self.box.unlink()
        self.order.dropship_delivered_at = fields.Datetime.now() - timedelta(days=30)
        self.env.flush_all()
        self.run_cron("cron_receipt")
        self.assertEqual(self.order.dropship_received_how, "carrier")

    def test_what_never_left_was_not_received(self):
        self.say(self.box, "picked_up", "delivered")
        self.order._dropship_customer_has_it()
        self.assertTrue(self.box.received_at)
        self.box._after_revert()
        self.assertFalse(self.box.received_at)
        self.assertFalse(self.order.dropship_received_at)
        self.assertFalse(self.order.dropship_return_until)

    # --- who sees ratings ---

    def test_ratings_of_another_company(self):
        self.say(self.box, "picked_up", "delivered")
        self.order._dropship_customer_has_it()
        self.order._dropship_rate(3, "So so")
        self.env.flush_all()
        rating = self.order._dropship_rating()
        self.assertEqual(rating.dropship_company_id, self.company)
        other = self.env["res.company"].create({"name": "Other"})
        for company, seen in ((self.company, 1), (other, 0)):
            user = new_test_user(self.env, f"rate-{company.id}", "dropship_flow.group_dropship_user",
                                 company_id=company.id, company_ids=[(6, 0, company.ids)])  # fmt: skip
            ratings = self.env(user=user, context={"allowed_company_ids": company.ids})["rating.rating"]
            self.assertEqual(ratings.search_count([("id", "=", rating.id)]), seen)

    def test_the_mail_leads_to_the_page(self):
        template = self.env.ref("dropship_flow.mail_template_receipt_ask")
        self.order.dropship_return_until = "2026-05-12"
        body = template._render_field("body_html", self.order.ids)[self.order.id]
        self.assertIn(f"{self.url}#dropship_rate", body)
        self.assertSilent(body, self.of_vendors)
