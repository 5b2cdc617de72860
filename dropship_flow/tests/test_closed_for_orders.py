from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import format_date

from .common_flow import FlowCase


@tagged("post_install", "-at_install", "standard")
class TestClosedForOrders(FlowCase):
    """A supplier announced days on which he takes no orders: nothing is bought there then, and everybody sees why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rhein = cls.suppliers["Rhein"]
        cls.today = fields.Date.context_today(cls.rhein.with_context(tz=cls.warehouses["Rhein"].tz))
        cls.desk = cls.make_login("user")
        cls.desk.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def close(self, first, last, supplier=None, **vals):
        """Closed from `first` to `last`, in days from today."""
        values = {
            "name": "春节",
            "supplier_id": (supplier or self.rhein).id,
            "date_from": self.today + timedelta(days=first),
            "date_to": self.today + timedelta(days=last),
            "announced": True,
            "orders_meanwhile": False,
        }
        return self.env["dropship.supplier.closure"].create({**values, **vals})

    def sources(self, order=None):
        return set(self.bought(order or self.hero(confirm=True)))

    def test_nothing_is_bought_there_meanwhile(self):
        self.close(-2, 5)
        self.assertEqual(self.sources(), {"Yiwu"})

    def test_the_preview_says_why_not(self):
        closure = self.close(-2, 5)
        action = self.hero().with_user(self.desk).action_dropship_preview()
        preview = self.env[action["res_model"]].with_user(self.desk).browse(action["res_id"])
        (row,) = preview.candidate_ids.filtered(lambda row: row.source == "Rhein" and row.product_id == self.lamp)
        self.assertEqual(row.result, "out")
        until = format_date(self.env, closure.date_to)
        self.assertEqual(row.why, f"Closed until {until}; the supplier takes no orders meanwhile.")

    def test_the_last_day_before_it_and_the_days_of_it(self):
        for first, last, expected in (
            (7, 20, "Rhein"),  # still to come
            (1, 14, "Rhein"),  # today is the last day before it
            (0, 14, "Yiwu"),
            (-14, 0, "Yiwu"),
            (-14, -1, "Rhein"),  # back since today
        ):
            with self.subTest(first=first, last=last):
                closure = self.close(first, last)
                self.assertEqual(self.sources(), {expected})
                closure.unlink()

    def test_the_day_begins_and_ends_where_the_warehouse_is(self):
        place = self.warehouses["Rhein"]
        place.tz = "Asia/Shanghai"
        last = date(2026, 2, 23)
        self.close(0, 0, date_from="2026-02-16", date_to=last)
        for moment, expected in (
            (datetime(2026, 2, 15, 15, 59), {}),
            (datetime(2026, 2, 15, 16), {place.id: last}),
            (datetime(2026, 2, 23, 15, 59), {place.id: last}),
            (datetime(2026, 2, 23, 16), {}),
        ):
            self.assertEqual(place._closed_for_orders(moment), expected, moment)

    def test_two_closures_at_once_end_with_the_later(self):
        self.close(-2, 3)
        self.close(-1, 9)
        found = self.warehouses["Rhein"]._closed_for_orders(fields.Datetime.now())
        self.assertEqual(found, {self.warehouses["Rhein"].id: self.today + timedelta(days=9)})

    def test_what_forbids_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        abroad = self.make_supplier(partner_id=self.rhein.partner_id, company_id=other.id)
        second = self.make_warehouse(self.rhein, "DE", name="Second")
        for vals in (
            {"orders_meanwhile": True},  # nothing leaves, orders are welcome
            {"announced": False},  # days we entered ourselves only delay
            {"supplier": self.suppliers["Yiwu"]},
            {"supplier": abroad},  # the same firm, but another company's account with it
            {"warehouse_id": second.id},  # another warehouse of his
        ):
            with self.subTest(vals):
                closure = self.close(-2, 5, **vals)
                outcome = self.env["dropship.router"]._simulate(self.hero())
                codes = {
                    reason.code
                    for candidate in next(iter(outcome.values())).solution.candidates
                    if candidate.offer in self.warehouses["Rhein"].offer_ids.ids
                    for reason in candidate.reasons
                }
                self.assertNotIn("closed_for_orders", codes)
                closure.unlink()

    def test_one_warehouse_of_the_supplier_is_closed(self):
        self.close(-2, 5, warehouse_id=self.warehouses["Rhein"].id)
        self.assertEqual(self.sources(), {"Yiwu"})

    def test_an_order_that_waited_into_the_closure_goes_elsewhere(self):
        """Bought on the last day, sent after midnight: the supplier would find it when he is back."""
        self.policy.send_delay = 30
        order = self.hero(confirm=True)
        self.assertEqual(self.sources(order), {"Rhein"})
        self.close(0, 14)
        order.dropship_purchase_ids.dropship_send_at = fields.Datetime.now()
        self.run_cron("cron_submit")
        self.assertEqual(self.sources(order), {"Yiwu"})

    def test_what_was_sent_before_stays(self):
        self.rhein.answer_mode = "manual"
        order = self.hero(confirm=True)
        self.close(0, 14)
        self.assertEqual(self.sources(order), {"Rhein"})
        self.assertEqual(order.dropship_purchase_ids.state, "sent")

    def test_who_is_closed_is_not_named_as_the_next(self):
        self.rhein.answer_mode = "manual"
        order = self.hero(confirm=True)
        self.assertIn("Yiwu", order.dropship_waiting)
        self.close(0, 14, supplier=self.suppliers["Yiwu"])
        self.env.invalidate_all()
        self.assertNotIn("Yiwu", order.dropship_waiting)

    def test_without_another_source_the_order_waits_until_he_is_back(self):
        for name in ("Dawn", "Yiwu", "Ningbo"):
            self.suppliers[name].state = "paused"
        closure = self.close(-2, 5)
        order = self.hero(confirm=True)
        hold = order.dropship_open_hold_ids
        self.assertEqual(hold.kind, "no_source")
        self.assertIn("takes no orders", hold.reason)
        self.assertEqual(order.state, "sale")
        closure.date_to = self.today - timedelta(days=1)
        hold.last_try = fields.Datetime.now() - timedelta(hours=7)
        self.run_cron("cron_retry_holds")
        self.assertEqual(self.sources(order), {"Rhein"})
        self.assertFalse(order.dropship_open_hold_ids)
