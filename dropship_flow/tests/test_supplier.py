from datetime import date, datetime

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_supply import SupplyCase


@tagged("post_install", "-at_install", "standard")
class TestSupplierLife(SupplyCase):
    def test_a_supplier_goes_from_prospect_to_approved(self):
        supplier = self.make_supplier("Dawn", state="prospect")
        supplier.action_sample()
        self.assertEqual(supplier.state, "sample")
        supplier.action_trial()
        self.assertEqual((supplier.state, supplier.trial_start), ("trial", fields.Date.today()))
        supplier.action_approve()
        self.assertEqual(supplier.state, "approved")

    def test_an_illegal_move_is_refused_and_says_what_is_possible(self):
        supplier = self.make_supplier("Dawn", state="prospect")
        with self.assertRaisesRegex(UserError, "Possible next: Sample, Trial, Approved, Ended"):
            supplier.action_pause()
        with self.assertRaises(UserError):
            supplier.write({"state": "paused"})
        self.assertEqual(supplier.state, "prospect")

    def test_repeating_a_move_is_silent(self):
        self.supplier.action_approve()
        self.supplier.action_pause()
        self.supplier.action_pause()
        self.assertEqual((self.supplier.state, self.supplier.resume_state), ("paused", "approved"))

    def test_resuming_leads_back_to_where_the_supplier_was(self):
        trial = self.make_supplier("Dawn", state="trial")
        (self.supplier | trial).action_pause()
        (self.supplier | trial).action_resume()
        self.assertEqual((self.supplier.state, trial.state), ("approved", "trial"))

    def test_who_was_given_up_begins_as_a_prospect(self):
        self.supplier.action_end()
        with self.assertRaises(UserError):
            self.supplier.action_approve()
        self.supplier.action_reopen()
        self.assertEqual(self.supplier.state, "prospect")

    def test_a_supplier_without_address_is_refused_with_what_is_missing(self):
        partner = self.env["res.partner"].create({"name": "Nowhere Ltd", "is_company": True, "city": "Yiwu"})
        supplier = self.make_supplier(partner_id=partner, state="sample")
        with self.assertRaisesRegex(ValidationError, "its address has no street, country. Complete the contact first."):
            supplier.action_approve()

    def test_a_trial_counts_purchases_that_were_not_cancelled(self):
        supplier = self.make_supplier("Dawn", state="trial", trial_limit=3)
        orders = self.env["purchase.order"].create([{"partner_id": supplier.partner_id.id} for _count in range(3)])
        orders[0].button_cancel()
        self.assertEqual(supplier.trial_used, 2)
        supplier.action_approve()
        self.assertEqual(supplier.trial_used, 0)

    def test_a_block_has_a_reason_and_is_lifted_by_a_person(self):
        wizard = self.env["dropship.supplier.block"].with_user(self.make_login("buyer"))
        wizard.create({"supplier_ids": [Command.set(self.supplier.ids)], "reason": "Fake parcels"}).action_block()
        self.assertTrue(self.supplier.blocked)
        self.assertIn("Fake parcels", self.supplier.message_ids[0].body)
        self.supplier.action_unblock()
        self.assertEqual((self.supplier.blocked, self.supplier.block_reason), (False, False))

    def test_a_block_without_reason_is_refused(self):
        with self.refused():
            self.supplier.write({"blocked": True})
            self.supplier.flush_recordset()

    def test_a_contact_is_a_supplier_once_per_company_and_once_shared(self):
        self.make_supplier(partner_id=self.supplier.partner_id, company_id=False)
        with self.refused():
            self.make_supplier(partner_id=self.supplier.partner_id)

    def test_a_supplier_is_a_whole_company_and_not_oneself(self):
        contact = self.make_partner("Mr Li", parent_id=self.supplier.partner_id.id, is_company=False)
        with self.assertRaisesRegex(ValidationError, "Choose Rheinlager"):
            self.make_supplier(partner_id=contact)
        own = self.env.company.partner_id
        with self.assertRaisesRegex(ValidationError, "cannot be its own supplier"):
            self.make_supplier(partner_id=own, state="prospect")

    def test_a_sister_company_may_be_a_supplier(self):
        sister = self.make_company("Sister")
        self.assertTrue(self.make_supplier(partner_id=sister.partner_id, state="prospect"))

    def test_an_inactive_currency_is_refused(self):
        unused = self.env["res.currency"].with_context(active_test=False).search([("active", "=", False)], limit=1)
        with self.assertRaisesRegex(ValidationError, "Activate it and enter its rate first"):
            self.make_supplier("Dawn", currency_id=unused)

    def test_figures_outside_their_range_are_refused(self):
        for values in ({"preference": 0}, {"commission_percent": 100}, {"commission_percent": -1}, {"trial_limit": -1}):
            with self.subTest(values), self.refused():
                self.supplier.write(values)
                self.supplier.flush_recordset()
            self.supplier.invalidate_recordset(flush=False)

    def test_the_form_makes_a_supplier_in_a_few_fields(self):
        partner = self.make_partner("Ningbo Tongda", "CN")
        with Form(self.env["dropship.supplier"].with_user(self.make_login("buyer"))) as form:
            form.partner_id = partner
            form.channel_type = "agent"
            form.commission_percent = 5
        self.assertEqual((form.record.name, form.record.state), ("Ningbo Tongda", "prospect"))


@tagged("post_install", "-at_install", "standard")
class TestNegotiation(SupplyCase):
    def steps(self, supplier):
        return supplier.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref("dropship_flow.activity_supplier_next_step")
        )

    def negotiate(self, **vals):
        return self.env["dropship.supplier.negotiation"].create(
            {"supplier_id": self.supplier.id, "summary": "Asked for 5 % less", **vals}
        )

    def test_the_next_step_agreed_is_an_activity_of_the_buyer(self):
        buyer = self.make_login("buyer")
        self.supplier.user_id = buyer
        self.negotiate(next_step="Call again", next_date="2030-01-02")
        self.assertEqual(self.supplier.next_step, "Call again")
        step = self.steps(self.supplier)
        self.assertRecordValues(
            step, [{"summary": "Call again", "date_deadline": date(2030, 1, 2), "user_id": buyer.id}]
        )

    def test_a_later_step_replaces_the_earlier(self):
        self.negotiate(next_step="Call again")
        self.negotiate(next_step="Send samples back", next_date="2030-02-03")
        self.assertEqual(self.steps(self.supplier).mapped("summary"), ["Send samples back"])

    def test_a_step_taken_no_longer_stands_on_the_supplier(self):
        self.negotiate(next_step="Call again")
        self.steps(self.supplier).action_feedback("They agreed")
        self.assertFalse(self.supplier.next_step)
        self.assertFalse(self.steps(self.supplier))

    def test_a_step_withdrawn_takes_its_activity_away(self):
        self.supplier.next_step = "Call again"
        self.assertTrue(self.steps(self.supplier))
        self.supplier.next_step = False
        self.assertFalse(self.steps(self.supplier))

    def test_a_negotiation_without_step_leaves_the_supplier_alone(self):
        self.supplier.next_step = "Call again"
        self.negotiate(result="won", old_value="10.00", new_value="9.50")
        self.assertEqual(self.supplier.next_step, "Call again")


@tagged("post_install", "-at_install", "standard")
class TestTerms(SupplyCase):
    def term(self, **vals):
        return self.env["dropship.supplier.term"].create({"supplier_id": self.supplier.id, **vals})

    def test_own_terms_of_a_company_win_over_those_for_all(self):
        other = self.make_company()
        self.supplier.company_id = False
        shared = self.term(order_minimum=100)
        own = self.term(order_minimum=50, company_id=self.env.company.id)
        self.assertEqual(self.supplier._terms_for(self.env.company), own)
        self.assertEqual(self.supplier._terms_for(other), shared)

    def test_without_terms_there_are_none(self):
        self.assertFalse(self.supplier._terms_for(self.env.company))

    def test_terms_are_in_the_currency_of_the_supplier_unless_said_otherwise(self):
        cny = self.currency("CNY", 7.8)
        self.supplier.currency_id = cny
        self.assertEqual(self.term().currency_id, cny)

    def test_terms_for_a_company_the_supplier_does_not_serve_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "so its terms cannot be for Other Company"):
            self.term(company_id=self.make_company().id)

    def test_negative_fees_and_second_terms_are_refused(self):
        with self.refused():
            self.term(small_order_fee=-1)
        self.term()
        with self.refused():
            self.term()


@tagged("post_install", "-at_install", "standard")
class TestHandling(SupplyCase):
    """Orders reach a warehouse in Berlin's time zone; 2030-01-07 is a Monday, one hour ahead of UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create({"name": "Monday to Friday", "tz": "Europe/Berlin"})
        cls.warehouse.write({"cut_off": 16, "resource_calendar_id": cls.calendar.id})

    def leaves(self, *now, **vals):
        self.warehouse.write(vals)
        return round(self.warehouse._handling_days(datetime(*now))[self.warehouse.id], 3)

    def close(self, date_from, date_to, **vals):
        values = {"name": "春节", "warehouse_id": self.warehouse.id, "date_from": date_from, "date_to": date_to}
        return self.env["dropship.supplier.closure"].create({**values, **vals})

    def test_the_country_gives_the_time_zone(self):
        self.assertEqual(self.warehouse.tz, "Europe/Berlin")
        self.assertEqual(self.make_warehouse(self.supplier, "CN").tz, "Asia/Shanghai")

    def test_before_the_cut_off_it_leaves_the_same_day(self):
        self.assertEqual(self.leaves(2030, 1, 7, 9), 0.25)

    def test_after_the_cut_off_it_leaves_the_next_working_day(self):
        self.assertEqual(self.leaves(2030, 1, 7, 15), 1.0)
        self.assertEqual(self.leaves(2030, 1, 11, 15), 3.0, "Friday after cut-off leaves on Monday")

    def test_handling_counts_working_days(self):
        self.assertEqual(self.leaves(2030, 1, 10, 15, handling_days=2), 5.0, "Friday, Monday, Tuesday")
        self.assertEqual(self.leaves(2030, 1, 7, 15, handling_days=0.5, cut_off=0), 0.333 + 0.5)

    def test_without_calendar_it_ships_every_day(self):
        self.assertEqual(self.leaves(2030, 1, 12, 9, resource_calendar_id=False), 0.25)

    def test_a_closure_delays_until_it_is_over(self):
        self.close("2030-01-07", "2030-01-09")
        self.assertEqual(self.leaves(2030, 1, 7, 15), 3.0)

    def test_nothing_leaves_after_the_last_shipping_day(self):
        self.close("2030-01-10", "2030-01-11", last_ship_date="2030-01-07")
        self.assertEqual(self.leaves(2030, 1, 8, 15), 6.0)

    def test_closures_may_overlap_and_may_be_of_the_whole_supplier(self):
        self.close("2030-01-07", "2030-01-08")
        self.close("2030-01-08", "2030-01-10", warehouse_id=False, supplier_id=self.supplier.id)
        self.assertEqual(self.leaves(2030, 1, 7, 15), 4.0)

    def test_a_holiday_of_the_calendar_counts(self):
        self.env["resource.calendar.leaves"].create(
            {"calendar_id": self.calendar.id, "date_from": "2030-01-06 23:00:00", "date_to": "2030-01-07 22:59:59"}
        )
        self.calendar.invalidate_recordset()
        self.assertEqual(self.leaves(2030, 1, 7, 9), 1.25)

    def test_another_warehouse_keeps_working(self):
        other = self.make_warehouse(self.supplier, name="Poznań", country="PL")
        self.close("2030-01-07", "2030-01-09")
        days = (self.warehouse | other)._handling_days(datetime(2030, 1, 7, 22, 30))
        self.assertGreater(days[self.warehouse.id], 2)
        self.assertLess(days[other.id], 1)

    def test_wrong_closures_are_refused(self):
        for values in (
            ("2030-01-09", "2030-01-07", {}),
            ("2030-01-07", "2030-01-09", {"last_ship_date": "2030-01-08"}),
        ):
            with self.subTest(values), self.refused():
                self.close(values[0], values[1], **values[2])
        stranger = self.make_warehouse(self.make_supplier("Stranger"))
        closure = self.close("2030-01-07", "2030-01-09")
        with self.assertRaisesRegex(ValidationError, "not one of"):
            closure.write({"warehouse_id": stranger.id, "supplier_id": self.supplier.id})
