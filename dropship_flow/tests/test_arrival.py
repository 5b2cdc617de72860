from datetime import date, datetime, timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.tests import tagged

from ..models.arrival_reader import Reader
from ..models.arrival_shipment import arrival_day
from ..models.arrival_shop import KEPT
from ..trackers.said import Said
from .common_flow import FlowCase


class ArrivalCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for supplier in cls.suppliers.values():
            supplier.answer_mode = "manual"
        cls.figures = cls.env["dropship.arrival.figure"]
        cls.rhein = cls.warehouses["Rhein"]
        KEPT.clear()

    def parcel(self, order=None, number="SF1234567890"):
        """A parcel of a lamp from Rhein that left just now."""
        order = order or self.make_sale(self.lamp)
        if order.state != "sale":
            self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
            order.action_confirm()
        order.dropship_purchase_ids._dropship_take_parcels([{"number": number, "carrier": "顺丰"}])
        return self.env["dropship.shipment"].search([("number", "=", number)])

    def history(self, days, warehouse=None, partner=None, open_days=(), company=None):
        """Parcels that took so many days, and some still open for so many."""
        now = fields.Datetime.now()
        warehouse = warehouse or self.rhein
        rows = [(now - timedelta(days=took + 3), took) for took in days]
        rows += [(now - timedelta(days=passed), None) for passed in open_days]
        self.env["dropship.shipment"].create(
            [
                {
                    "number": f"H{warehouse.id}X{number}X{len(rows)}",
                    "company_id": (company or self.env.company).id,
                    "warehouse_id": warehouse.id,
                    "partner_id": (partner or self.anna).id,
                    "state": "dispatched",
                    "announced_at": left,
                    "dispatched_at": left,
                    "status": "in_transit" if took is None else "delivered",
                    "delivered_at": took is not None and left + timedelta(days=took),
                }
                for number, (left, took) in enumerate(rows)
            ]
        )

    def learn(self):
        self.figures._learn(self.env.company, self.rhein)
        self.figures._merge(self.env.company, fields.Datetime.now())

    def transit_row(self, depth="country"):
        return self.figures.search(
            [("part", "=", "transit"), ("depth", "=", depth), ("company_id", "=", self.env.company.id)]
        )


@tagged("post_install", "-at_install", "standard")
class TestArrivalLearned(ArrivalCase):
    """What parcels really took is counted per lane, and the router goes by it."""

    def test_a_lane_is_counted(self):
        self.history([5, 5, 6, 7, 9], open_days=[2])
        self.learn()
        row = self.transit_row()
        self.assertEqual((row.warehouse_id, row.country_id.code), (self.rhein, "DE"))
        self.assertEqual((row.parcels, row.waiting), (5, 1))
        self.assertLessEqual(row.p50, row.p80)
        self.assertEqual(self.transit_row("zip").zip_region, "101")
        self.assertEqual(self.transit_row("origin").parcels, 5)

    def test_counting_again_changes_nothing(self):
        self.history([5, 5, 6])
        self.learn()
        rows = self.figures.search([("company_id", "=", self.env.company.id)])
        before = {row: row.parcels for row in rows}
        self.learn()
        self.assertEqual({row: row.parcels for row in rows.exists()}, before)

    def test_the_night_learns_by_itself(self):
        self.history([4, 4, 4])
        self.run_cron("cron_arrival_learn")
        self.assertEqual(self.transit_row().parcels, 3)
        self.assertTrue(self.env.company.dropship_learned_at)

    def test_the_router_goes_by_what_happened(self):
        self.history([9] * 20)
        self.learn()
        order = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
        table = 2 + self.rhein._handling_days(fields.Datetime.now())[self.rhein.id]
        order.action_confirm()
        row = order.dropship_allocation_ids
        self.assertGreater(row.days_p80, table + 5)
        self.assertEqual(row.days_parcels, 20)
        self.assertEqual(row.rate_id.warehouse_id, self.rhein)

    def test_what_was_promised_is_a_day_of_the_customer(self):
        self.make_tax_rule("", "", "domestic")
        for code, zone in (("AU", "Australia/Lord_Howe"), ("DE", "Europe/Berlin")):
            receiver = self.make_partner("Far", code)
            self.env["dropship.shipping.rate"].search([("warehouse_id", "=", self.rhein.id)]).country_ids = [
                (4, receiver.country_id.id)
            ]
            order = self.make_sale(self.lamp, partner=receiver)
            self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
            self.assertEqual(receiver._dropship_zone(), zone)
            with freeze_time(fields.Datetime.now()):  # the day may end between the two looks at the clock
                order.action_confirm()
                row = order.dropship_allocation_ids
                arrives = fields.Datetime.now() + timedelta(days=row.days_p80)
                self.assertEqual(row.promised_date, arrival_day(arrives, zone))
                self.assertEqual(order._dropship_promise()["p80"], row.promised_date)
            self.assertFalse(order._promise_alarm())

    def test_the_policy_may_go_by_the_table(self):
        self.history([9] * 20)
        self.learn()
        self.policy.arrival_source = "table"
        order = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
        order.action_confirm()
        row = order.dropship_allocation_ids
        self.assertLess(row.days_p80, 4)
        self.assertEqual(row.days_parcels, 0)

    def test_one_parcel_is_not_enough(self):
        self.history([30])
        self.learn()
        outcome = self.simulated()
        self.assertEqual({rate.parcels_seen for source in outcome.problem.sources for rate in source.rates}, {0})

    def test_without_history_the_table_counts_exactly(self):
        self.history([], open_days=[])
        self.learn()
        reader = Reader(self.env, self.env.company, self.rhein, fields.Datetime.now())
        chain = reader.chain(self.rhein.id, self.anna.country_id.id, False, "10115")
        self.assertEqual(chain, ())
        self.assertEqual(reader.transit(chain, (2.0, 2.0, 3.0))[0].quantiles(), (2.0, 2.0, 3.0))

    def test_open_parcels_only_make_it_no_faster(self):
        self.history([], open_days=[1, 5, 6])
        self.learn()
        self.assertEqual((self.transit_row().parcels, self.transit_row().waiting), (0, 3))
        reader = Reader(self.env, self.env.company, self.rhein, fields.Datetime.now())
        chain = reader.chain(self.rhein.id, self.anna.country_id.id, False, "10115")
        self.assertGreater(reader.transit(chain, (2.0, 2.0, 3.0))[0].quantile(0.8), 2.0)

    def test_the_preview_says_what_the_days_stand_on(self):
        self.history([9] * 20)
        self.learn()
        order = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
        preview = self.env["dropship.route.preview"].new({"order_id": order.id})
        (row,) = preview._plan_rows(self.simulated(order))
        self.assertIn("20", row["arrival"])
        self.assertIn("parcels", row["arrival"])

    def test_another_company_learns_its_own(self):
        self.history([5] * 6)
        self.learn()
        other = self.make_company()
        self.history([15] * 6, company=other)
        self.figures._learn(other, self.rhein)
        self.assertEqual(self.transit_row().p80, 5.0)
        theirs = self.figures.search([("company_id", "=", other.id), ("depth", "=", "country")])
        self.assertEqual(theirs.p80, 15.0)
        now = fields.Datetime.now()
        for company, days in ((self.env.company, 5.0), (other, 15.0)):
            reader = Reader(self.env, company, self.rhein, now)
            chain = reader.chain(self.rhein.id, self.anna.country_id.id, False, "10115")
            self.assertEqual(reader.transit(chain, (2.0, 2.0, 3.0))[0].quantile(0.8), days)
        login = self.make_login("user", other)
        ours = self.transit_row().with_user(login).with_context(allowed_company_ids=other.ids)
        self.assertFalse(ours.has_access("read"))

    def test_the_desk_reads_and_changes_nothing(self):
        self.history([5])
        self.learn()
        row = self.transit_row()
        for role, may in (("user", True), ("buyer", True), ("portal", False), ("employee", False)):
            login = self.make_login(role)
            self.assertEqual(row.with_user(login).has_access("read"), may, role)
            self.assertFalse(row.with_user(login).has_access("write"), role)

    def test_both_calendars_agree(self):
        week = self.env["resource.calendar"].create({"name": "Week", "tz": "Asia/Shanghai"})
        self.rhein.write({"resource_calendar_id": week.id, "tz": "Asia/Shanghai", "cut_off": 16.0})
        self.env["dropship.supplier.closure"].create(
            {"name": "春节", "warehouse_id": self.rhein.id, "date_from": "2027-02-04", "date_to": "2027-02-18"}
        )
        start = datetime(2027, 1, 29, 6)
        for step in range(20):
            now = start + timedelta(hours=7 * step)
            for days in (0.0, 1.0, 2.5):
                self.rhein.handling_days = days
                calendar = self.rhein._arrival_calendars(now)[self.rhein.id]
                theirs = self.rhein._handling_days(now)[self.rhein.id]
                self.assertAlmostEqual(calendar.days_until_leaving(now, days), theirs, places=6)

    def simulated(self, order=None):
        order = order or self.make_sale(self.lamp)
        return self.env["dropship.router"]._simulate(order)[order]


@tagged("post_install", "-at_install", "standard")
class TestArrivalExpected(ArrivalCase):
    """Each parcel has the days it is expected by, and they move with what is known of it."""

    def setUp(self):
        super().setUp()
        self.shipment = self.parcel()
        self.order = self.shipment.order_id
        self.now = fields.Datetime.now()

    def said(self, code, hours=0.0):
        return Said(self.now - timedelta(hours=hours), code)

    def days(self):
        box = self.shipment
        return box.expected_p50, box.expected_p80, box.expected_p95

    def test_it_has_days_from_the_start(self):
        p50, p80, p95 = self.days()
        self.assertTrue(self.now.date() < p50 <= p80 <= p95)
        self.assertEqual(self.shipment.promised_until, self.order.dropship_told_date)
        self.assertEqual(self.shipment.promise_kept, "open")

    def test_out_for_delivery_is_today(self):
        self.shipment._add_events([self.said("out_for_delivery")])
        today = arrival_day(self.now + timedelta(hours=8), "Europe/Berlin")
        self.assertLessEqual(self.shipment.expected_p80, today)

    def test_delivered_is_the_day_it_came(self):
        self.shipment._add_events([self.said("picked_up", 48), self.said("delivered", 1)])
        day = arrival_day(self.shipment.delivered_at, "Europe/Berlin")
        self.assertEqual(set(self.days()), {day})
        self.assertEqual((self.shipment.promise_kept, self.shipment.kept_share), ("kept", 100.0))

    def test_nobody_knows_when_it_comes_back(self):
        self.shipment._add_events([self.said("returning")])
        self.assertEqual(set(self.days()), {False})

    def test_the_day_of_the_customer_not_of_the_server(self):
        late = datetime(2026, 12, 1, 23, 30)
        self.assertEqual(arrival_day(late, "Europe/Berlin"), date(2026, 12, 2))
        self.assertEqual(arrival_day(late, "America/Los_Angeles"), date(2026, 12, 1))
        self.assertEqual(arrival_day(datetime(2026, 12, 2, 16), "Asia/Shanghai"), date(2026, 12, 2))

    def test_time_passes_for_a_parcel_that_waits(self):
        before = self.shipment.expected_p80
        with freeze_time(self.now + timedelta(days=6)):
            self.shipment._expect()
            self.assertGreater(self.shipment.expected_p80, before)
            self.assertEqual(self.shipment.promise_kept, "late")

    def test_the_same_parcels_cost_no_more_queries(self):
        def count(parcels):
            parcels.invalidate_recordset()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            parcels._expect(self.now + timedelta(days=9))
            return self.env.cr.sql_log_count - before

        many = self.env["dropship.shipment"].browse([self.shipment.copy({"number": f"C{n}"}).id for n in range(20)])
        few = self.env["dropship.shipment"].browse([self.shipment.copy({"number": f"D{n}"}).id for n in range(3)])
        count(few)
        self.assertLessEqual(count(many[10:]), count(many[:3]) + 8)

    def test_the_alarm_rings_once_for_each_day(self):
        told = self.order.dropship_told_date
        with freeze_time(self.now + timedelta(days=12)):
            self.assertEqual(self.order._promise_alarm(), self.order)
            late = self.env["dropship.exception"].search([("kind", "=", "promise_late")])
            self.assertEqual((late.shipment_id, late.order_id, late.severity), (self.shipment, self.order, "3"))
            self.assertGreater(self.order.dropship_told_date, told)
            self.assertEqual(self.order.dropship_first_date, told)
            self.assertFalse(self.order._promise_alarm())
            self.assertEqual(len(self.env["dropship.exception"].search([("kind", "=", "promise_late")])), 1)
            self.shipment._add_events([Said(fields.Datetime.now(), "delivered")])
            self.order._promise_alarm()
            self.assertEqual(late.state, "solved")
        self.assertEqual(self.shipment.promise_kept, "late")

    def test_small_shifts_are_nobodys_business(self):
        self.env.company.dropship_promise_shift = 60
        with freeze_time(self.now + timedelta(days=12)):
            self.assertFalse(self.order._promise_alarm())
        self.assertFalse(self.env["dropship.exception"].search([("kind", "=", "promise_late")]))

    def test_who_is_not_to_be_told_is_not(self):
        self.env.company.dropship_promise_tell = False
        told = self.order.dropship_told_date
        with freeze_time(self.now + timedelta(days=12)):
            self.assertFalse(self.order._promise_alarm())
            late = self.env["dropship.exception"].search([("kind", "=", "promise_late")])
            self.assertEqual(len(late), 1)
            late._set_state("solved")
            self.order._promise_alarm()
        self.assertEqual(self.order.dropship_told_date, told)
        self.assertEqual(len(self.env["dropship.exception"].search([("kind", "=", "promise_late")])), 1)

    def test_the_order_waits_for_its_slowest_part(self):
        self.suppliers["Dawn"].answer_mode = "manual"
        order = self.make_sale(self.lamp, self.stand)
        self.env["dropship.line.choice"]._choose(order.order_line[0], self.suppliers["Rhein"], "pin", "test")
        self.env["dropship.line.choice"]._choose(order.order_line[1], self.suppliers["Ningbo"], "pin", "test")
        order.action_confirm()
        promise = order._dropship_promise()
        self.assertEqual(len(promise["parts"]), 2)
        lamp, stand = (promise["lines"][line.id] for line in order.order_line)
        self.assertLess(lamp["p80"], stand["p80"])
        self.assertEqual(promise["p80"], stand["p80"])
        self.assertTrue(promise["text"])
        self.assertTrue(promise["complete"])

    def test_the_named_day_of_the_supplier_counts(self):
        order = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
        order.action_confirm()
        before = order._dropship_promise()["p80"]
        order.dropship_allocation_ids.ships_on = self.now.date() + timedelta(days=20)
        self.assertGreater(order._dropship_promise()["p80"], before + timedelta(days=15))

    def test_a_closed_supplier_sends_later(self):
        order = self.make_sale(self.lamp)
        self.env["dropship.line.choice"]._choose(order.order_line, self.suppliers["Rhein"], "pin", "test")
        order.action_confirm()
        before = order._dropship_promise()["p80"]
        self.env["dropship.supplier.closure"].create(
            {
                "name": "春节",
                "warehouse_id": self.rhein.id,
                "date_from": self.now.date(),
                "date_to": self.now.date() + timedelta(days=14),
            }
        )
        self.assertGreaterEqual(order._dropship_promise()["p80"], before + timedelta(days=13))
