from datetime import date, datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common_healing import HealingCase


@tagged("post_install", "-at_install", "standard")
class TestHealing(HealingCase):
    """A purchase nobody answers is taken back and bought elsewhere, by itself."""

    # --- the clock ---

    def calendar(self):
        return self.env["resource.calendar"].create(
            {
                "name": "Shenzhen",
                "tz": "Asia/Shanghai",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create({"name": str(day), "dayofweek": str(day), "hour_from": 9, "hour_to": 18})
                    for day in range(5)
                ],
            }
        )

    def test_friday_evening_in_shenzhen_is_not_silent_on_sunday(self):
        place = self.warehouses["Rhein"]
        place.write({"tz": "Asia/Shanghai", "cut_off": 16, "resource_calendar_id": self.calendar().id})
        self.rhein.answer_hours = 24
        with freeze_time("2026-05-08 10:00:00"):  # Friday 18:00 there
            purchase = self.hero(confirm=True).dropship_purchase_ids
            self.assertEqual(purchase.dropship_answer_by, datetime(2026, 5, 12, 1))  # Tuesday 9:00

    def test_a_holiday_and_an_announced_closure_stop_the_clock(self):
        place, calendar = self.warehouses["Rhein"], self.calendar()
        place.write({"tz": "Asia/Shanghai", "resource_calendar_id": calendar.id})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": "2026-05-11 00:00:00",
                "date_to": "2026-05-11 15:00:00",
            }
        )
        closure = self.env["dropship.supplier.closure"].create(
            {"name": "Spring", "supplier_id": self.rhein.id, "date_from": "2026-05-12", "date_to": "2026-05-13"}
        )
        friday = datetime(2026, 5, 8, 2)
        self.assertEqual(place._answer_by(friday, 24), datetime(2026, 5, 14, 2))
        closure.orders_meanwhile = True
        self.assertEqual(place._answer_by(friday, 24), datetime(2026, 5, 12, 2))

    # --- silence ---

    def test_silence_asks_to_cancel_and_then_buys_elsewhere(self):
        order = self.hero(confirm=True)
        first = order.dropship_purchase_ids
        self.assertIn("then it goes to", order.dropship_waiting)
        self.time_out(first)
        self.assertEqual(first.state, "sent", "he may still accept")
        self.assertTrue(first.dropship_give_up_at)
        self.assertFalse(order.dropship_exception_ids)
        self.assertIn("was asked to cancel", order.dropship_waiting)
        self.run_cron("cron_silent")
        self.assertEqual(len(order.dropship_purchase_ids), 1)
        self.give_up(first)
        self.assertEqual(first.state, "cancel")
        self.assertEqual(set(first.dropship_allocation_ids.mapped("release_reason")), {"silent"})
        self.assertNotIn("Rhein", self.bought(order))
        self.assertTrue(self.bought(order))
        self.assertBoughtOnce(order)

    def test_who_accepts_before_the_clock_ends_keeps_it(self):
        order = self.hero(confirm=True)
        first = order.dropship_purchase_ids
        self.time_out(first)
        self.says(first, "accepted")
        self.assertEqual((first.state, first.dropship_give_up_at), ("purchase", False))
        self.run_cron("cron_give_up")
        self.assertEqual(list(self.bought(order)), ["Rhein"])

    def test_the_question_goes_by_the_connection_and_its_answer_ends_the_waiting(self):
        with self.connected("silent") as (_connection, ledger):
            order = self.hero(confirm=True)
            first = order.dropship_purchase_ids
            self.relay()
            self.time_out(first)
            self.assertEqual(self.messages(first), [("order", "sent"), ("cancel", "ready")])
            self.relay()
        self.assertEqual(ledger.orders[first.name][-1]["status"], "cancelled")
        self.assertEqual(first.state, "cancel")
        self.assertEqual(self.messages(first), [("order", "sent"), ("cancel", "sent")], "asked once")
        self.assertEqual(set(first.dropship_allocation_ids.mapped("release_reason")), {"silent"})
        self.assertBoughtOnce(order)

    def test_a_question_that_has_not_left_is_dropped_when_he_accepts(self):
        with self.connected("silent"):
            first = self.hero(confirm=True).dropship_purchase_ids
            self.relay()
            self.time_out(first)
            self.says(first, "accepted")
            self.assertEqual(self.messages(first, "cancel"), [("cancel", "cancelled")])
            self.relay()
            self.assertEqual(first.state, "purchase")
            # Later the same can be asked again.
            first.button_cancel()
            self.assertEqual(self.messages(first, "cancel"), [("cancel", "cancelled"), ("cancel", "ready")])

    def test_his_last_word_decides_when_the_question_has_left(self):
        with self.connected("silent"):
            order = self.hero(confirm=True)
            first = order.dropship_purchase_ids
            self.relay()
            self.time_out(first)
            self.messages(first)
            first._dropship_messages("cancel")._write({"state": "sent"})
            self.env.invalidate_all()
            self.says(first, "accepted")
            self.assertEqual(first.state, "purchase")
            self.says(first, "cancelled")
        self.assertEqual(first.state, "cancel")
        self.assertEqual(set(first.dropship_allocation_ids.mapped("release_reason")), {"silent"})
        self.assertBoughtOnce(order)

    def test_what_never_reached_him_is_bought_elsewhere_at_once(self):
        with self.connected("honest") as (_connection, ledger):
            order = self.hero(confirm=True)
            first = order.dropship_purchase_ids
            self.time_out(first)
            self.relay()
        self.assertFalse(ledger.orders)
        self.assertEqual((first.state, self.messages(first)), ("cancel", [("order", "cancelled")]))
        self.assertBoughtOnce(order)

    def test_who_refuses_to_cancel_is_a_persons_case(self):
        with self.connected("silent"):
            order = self.hero(confirm=True)
            first = order.dropship_purchase_ids
            self.relay()
            self.time_out(first)
            message = first._dropship_messages("cancel")
            message._write({"state": "rejected"})
            self.env.invalidate_all()
            message._after(type("Outcome", (), {"error": "409: in the parcel already"}))
        self.assertEqual(order.dropship_exception_ids.kind, "silent")
        self.assertIn("in the parcel", order.dropship_exception_ids.description)
        self.run_cron("cron_give_up")
        self.assertEqual(first.state, "sent")

    def test_a_person_is_asked_where_the_setting_says_so(self):
        self.company.dropship_when_silent = "person"
        order = self.hero(confirm=True)
        self.time_out(order.dropship_purchase_ids)
        self.assertEqual(order.dropship_exception_ids.kind, "silent")
        self.assertFalse(order.dropship_purchase_ids.dropship_give_up_at)
        self.rhein.when_silent = "elsewhere"
        other = self.hero(confirm=True)
        self.time_out(other.dropship_purchase_ids)
        self.assertTrue(other.dropship_purchase_ids.dropship_give_up_at)

    def test_without_another_source_a_person_is_asked(self):
        for name in ("Yiwu", "Dawn", "Ningbo"):
            self.suppliers[name].write({"blocked": True, "block_reason": "Fakes"})
        order = self.hero(confirm=True)
        self.time_out(order.dropship_purchase_ids)
        self.assertEqual(order.dropship_exception_ids.kind, "silent")

    def test_a_refusal_while_giving_up_goes_on_at_once(self):
        order = self.hero(confirm=True)
        first = order.dropship_purchase_ids
        self.time_out(first)
        self.says(first, "rejected", reason="closed")
        self.assertFalse(first.dropship_give_up_at)
        self.assertEqual(set(first.dropship_allocation_ids.mapped("release_reason")), {"refused"})
        self.assertBoughtOnce(order)

    # --- no endless hopping (scenario 8) ---

    def test_no_ping_pong_and_a_person_after_so_many_attempts(self):
        self.company.dropship_max_attempts = 2
        order = self.make_sale(self.lamp, confirm=True)
        seen = []
        for _hop in range(2):
            purchase = self.open_of(order)
            seen.append(purchase.partner_id.name)
            purchase._dropship_refuse("no stock")
        self.assertEqual(len(set(seen)), 2)
        self.assertFalse(self.open_of(order))
        exception = order.dropship_exception_ids
        self.assertEqual(exception.kind, "attempts")
        self.assertIn("2 times in vain", exception.description)
        with self.assertRaises(AccessError):
            exception.with_user(self.make_login("user")).action_once_more()
        exception.with_user(self.make_login("buyer")).action_once_more()
        self.assertNotIn(self.open_of(order).partner_id.name, seen)
        self.open_of(order)._dropship_refuse("no stock")
        self.assertEqual(order.dropship_exception_ids.kind, "attempts")
        self.assertFalse(self.open_of(order))

    def test_who_was_silent_gets_nothing_of_the_order_again(self):
        other = self.make_warehouse(self.suppliers["Dawn"], "CN", name="Second")
        self.make_rate(other, 6.3, countries="DE", days=(8, 11, 14))
        self.make_offer(other, self.lamp, 9.3, sku="SECOND")
        order = self.make_sale(self.lamp, confirm=True)
        first = order.dropship_purchase_ids
        self.assertEqual(first.partner_id.name, "Dawn")
        self.time_out(first)
        self.give_up(first)
        self.assertTrue(self.bought(order))
        self.assertNotIn("Dawn", self.bought(order))

    def test_the_history_of_the_attempts(self):
        order = self.make_sale(self.lamp, confirm=True)
        first = order.dropship_purchase_ids
        self.time_out(first)
        self.assertEqual(order.dropship_history_ids.answer, "Silent, asked to cancel")
        self.give_up(first)
        self.says(self.open_of(order), "rejected", reason="Out of stock")
        user = self.clerk()
        rows = order.with_user(user).dropship_history_ids.sorted("attempt")
        self.assertEqual(rows.mapped("attempt"), [1, 2, 3])
        self.assertEqual(rows.mapped("answer"), ["Silent", "Refused by the supplier", "Waits for his answer"])
        self.assertEqual(rows[1].answer_reason, "Out of stock")
        self.assertTrue(all(row.submitted_at for row in rows))
        self.assertEqual(order.with_user(user).dropship_attempts, 3)

    # --- the customer ---

    def test_the_customer_hears_of_a_later_day_once(self):
        order = self.hero(confirm=True)
        self.assertEqual(order.dropship_told_date, fields.Date.today() + timedelta(days=2))
        before = len(self.mails_to(self.anna))
        first = order.dropship_purchase_ids
        first._dropship_refuse("no stock")
        mail = self.mails_to(self.anna)
        self.assertEqual(len(mail), before + 1)
        self.assertEqual(order.dropship_told_date, max(order.dropship_allocation_ids.mapped("promised_date")))
        text = mail[:1].body_html
        self.assertIn("comes from another warehouse", text)
        for secret in ("Rhein", "Yiwu", first.name):
            self.assertNotIn(secret, text)
        self.open_of(order)[:1]._dropship_refuse("no stock either")
        self.assertEqual(len(self.mails_to(self.anna)), before + 1, "the same day again is no news")

    def test_the_customer_is_not_bothered_when_the_day_stays(self):
        self.warehouses["Yiwu"].rate_ids.write({"days_p50": 1, "days_p80": 1, "days_p95": 1})
        order = self.hero(confirm=True)
        before = self.mails_to(self.anna)
        promised = order.dropship_told_date
        self.open_of(order)._dropship_refuse("no stock")
        self.assertEqual(self.mails_to(self.anna), before)
        self.assertEqual(order.dropship_told_date, promised)

    # --- the settings ---

    def test_settings_are_checked(self):
        with self.assertRaises(ValidationError):
            self.rhein.send_times = "at noon"
        self.rhein.send_times = "15:00，9:30"

    def test_the_demo_story(self):
        """Suzhou silent, Yiwu refuses, Ningbo has it: three attempts on one page, the customer not bothered."""
        pot = self.make_product("Pot", list_price=14.9, weight=1.1, hs_code="691200", taxes_id=self.tax.ids)
        for name, price in (("Dawn", 4.4), ("Yiwu", 5.0), ("Ningbo", 6.5)):
            self.make_offer(self.warehouses[name], pot, price)
        order = self.make_sale((pot, 2), confirm=True)
        mails = self.mails_to(self.anna)
        order._dropship_play_healing()
        rows = order.dropship_history_ids.sorted("attempt")
        self.assertEqual(rows.supplier_id.mapped("name"), ["Dawn", "Yiwu", "Ningbo"])
        self.assertEqual(rows.mapped("release_reason"), ["silent", "refused", False])
        self.assertEqual(rows[-1].state, "submitted")
        self.policy.write({"use_margin_floor": True, "margin_floor": 1.0})
        before = rows[-1].landed
        order._dropship_play_counter(8.0)
        self.assertEqual((rows[-1].state, rows[-1].purchase_price), ("accepted", 7.02))
        self.assertAlmostEqual(rows[-1].landed - before, 1.04, 2)
        self.assertIn("1.04", rows[-1].answer_reason)
        self.assertEqual(self.open_of(order).state, "purchase")
        self.assertEqual(self.mails_to(self.anna), mails, "the customer is not bothered")
        self.assertFalse(order.dropship_exception_ids)
        self.assertEqual(order.amount_untaxed, 25.04, "the customer's price never changes")
        self.assertBoughtOnce(order)

    def test_above_the_margin_floor_only(self):
        """The same counter below the floor is no purchase: a person is asked."""
        order = self.make_sale(self.lamp, confirm=True)
        self.policy.write({"use_margin_floor": True, "margin_floor": order.dropship_decision_id.profit - 0.01})
        for name in ("Yiwu", "Rhein"):
            self.suppliers[name].write({"blocked": True, "block_reason": "Fakes"})
        order._dropship_play_counter(8.0)
        self.assertEqual(order.dropship_exception_ids.kind, "price_raised")
        self.assertEqual(self.open_of(order).state, "sent")
        self.time_out(self.open_of(order))
        self.assertFalse(self.open_of(order).dropship_give_up_at, "he answered; we are to decide")

    def test_a_part_he_accepts_stays_with_him(self):
        order = self.hero(confirm=True)
        first = order.dropship_purchase_ids
        lamp = first.order_line.filtered(lambda line: line.product_id == self.lamp)
        self.says(first, "changed", lines=[{"line": str(lamp.id), "accepted": 1}])
        self.assertEqual(first.state, "sent")
        self.time_out(first)
        self.give_up(first)
        self.assertEqual(first.state, "purchase")
        kept = first.dropship_allocation_ids.filtered(lambda row: row.state == "accepted")
        self.assertEqual(kept.product_id, self.lamp)
        self.assertGreater(len(self.open_of(order)), 1)
        self.assertBoughtOnce(order)

    def test_the_mail_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.anna.lang = "zh_CN"
        order = self.hero(confirm=True)
        self.open_of(order)._dropship_refuse("no stock")
        self.assertTrue(self.mails_to(self.anna))

    def test_another_company_has_rules_of_its_own(self):
        other = self.make_company("Other")
        other.dropship_when_silent = "person"
        self.assertEqual(self.company.dropship_when_silent, "elsewhere")
        order = self.hero(confirm=True)
        self.time_out(order.dropship_purchase_ids)
        self.assertTrue(order.dropship_purchase_ids.dropship_give_up_at)
        for field in ("dropship_give_up_at", "dropship_revision"):
            with self.assertRaises(AccessError):
                order.dropship_purchase_ids.with_user(self.make_login("portal")).read([field])


@tagged("post_install", "-at_install", "standard")
class TestSendTime(HealingCase):
    """Second thoughts cost nothing, and never a day."""

    def test_new_policies_leave_half_an_hour(self):
        self.assertEqual(self.env["dropship.routing.policy"].new({}).send_delay, 30)
        self.assertEqual(self.env.ref("dropship_flow.policy_standard").send_delay, 0)

    def test_the_delay_ends_before_the_cut_off(self):
        self.policy.send_delay = 30
        self.warehouses["Rhein"].write({"tz": "Europe/Berlin", "cut_off": 14})
        with freeze_time("2026-05-08 11:45:00"):  # 13:45 in Berlin
            purchase = self.hero(confirm=True).dropship_purchase_ids
            self.assertEqual(purchase.dropship_send_at, datetime(2026, 5, 8, 11, 50))

    def test_orders_wait_for_the_suppliers_hours(self):
        self.rhein.send_times = "10:00, 15:00"
        self.warehouses["Rhein"].tz = "Europe/Berlin"
        with freeze_time("2026-05-08 09:00:00"):  # 11:00 in Berlin
            order = self.hero(confirm=True)
            purchase = order.dropship_purchase_ids
            self.assertEqual(purchase.dropship_send_at, datetime(2026, 5, 8, 13))
            self.assertTrue(order.dropship_can_hurry)
            order.with_user(self.clerk()).action_dropship_send_now()
            self.assertEqual(purchase.state, "sent")
            self.assertFalse(order.dropship_can_hurry)

    def test_edits_inside_the_delay_reach_nobody(self):
        self.policy.send_delay = 30
        ben = self.make_partner("Ben Kurz", "DE", city="Hamburg", zip="20095")
        with self.connected("honest", self.suppliers["Dawn"]) as (_connection, ledger):
            order = self.make_sale((self.lamp, 2), confirm=True)
            order.partner_shipping_id = ben
            order.order_line.product_uom_qty = 1
            self.relay()
            self.assertFalse(ledger.orders)
            self.assertFalse(order.dropship_change_ids)
            order._dropship_waiting_purchases().action_dropship_send()
            self.relay()
        (sent,) = next(iter(ledger.orders.values()))
        self.assertEqual(sent["payload"]["ship_to"]["name"], "Ben Kurz")
        self.assertEqual(sent["payload"]["lines"][0]["qty"], 1)
        self.assertFalse(ledger.changes)

    def test_a_double_order_cancelled_in_time_costs_nothing(self):
        self.policy.send_delay = 30
        with self.connected("honest") as (_connection, ledger):
            double = self.hero(confirm=True)
            double._action_cancel()
            double.dropship_purchase_ids.dropship_send_at = date(2020, 1, 1)
            self.run_cron("cron_submit")
            self.relay()
        self.assertFalse(ledger.orders)
        self.assertFalse(double.dropship_exception_ids)
