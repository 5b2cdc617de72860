from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..connectors.outcome import SENT, UNKNOWN, Outcome
from ..models.tracking_service import SERVICES
from ..trackers.said import Found, Said, Taken
from .common_flow import FlowCase
from .common_tracking import TrackingFactories


class Books:
    """A service whose books the test reads: who registered, who was asked, how often."""

    KIND, BATCH, PAUSE, LIVES = "webhook", 40, 0, True

    def __init__(self, **traits):
        self.registered, self.asked, self.stopped, self.told = Counter(), Counter(), Counter(), []
        self.events, self.lose_answer, self.refuse, self.gives_up = {}, 0, set(), set()
        self.__dict__.update(traits)

    def register(self, client, endpoint, secret, parcels):
        self.told += parcels
        fresh = [one for one in parcels if not self.registered[one.number]]
        self.registered.update(one.number for one in fresh if one.number not in self.refuse)
        if self.lose_answer:
            self.lose_answer -= 1
            return [], Outcome(UNKNOWN, error="no answer", healthy=False)
        return [
            Taken(one.tag, one.number not in self.refuse, error="not a number" if one.number in self.refuse else "")
            for one in parcels
        ], Outcome(SENT)

    def ask(self, client, endpoint, secret, parcels):
        self.asked.update(one.number for one in parcels)
        found = [
            Found(number, tag, events=tuple(self.events.get(number, ())), stopped=number in self.gives_up)
            for tag, number in (one[:2] for one in parcels)
        ]
        return found, Outcome(SENT)

    def stop(self, client, endpoint, secret, parcels):
        self.stopped.update(one.number for one in parcels)
        return Outcome(SENT)

    def needs(self, carrier):
        return {"sf": {"phone4"}, "zto": {"phone", "postcode"}}.get(carrier, set())


@tagged("post_install", "-at_install", "standard")
class TestTrackingRelay(TrackingFactories, FlowCase):
    """Each open parcel is followed by one service: registered once, asked in time, let go at its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dropship.connection"].search([("is_tracking", "=", True)]).active = False
        cls.env["dropship.shipment"].search([]).current = False
        cls.service = cls.make_service(rate=1000.0)
        cls.anna.write({"phone": "+49 151 2345 6789", "zip": "10115"})

    def setUp(self):
        super().setUp()
        self.books = Books()
        self.use(self.books)

    def use(self, books, kind="webhook"):
        before = SERVICES[kind]
        SERVICES[kind] = books
        self.addCleanup(SERVICES.__setitem__, kind, before)

    def watch(self, parcel):
        return parcel.watch_ids

    def test_registered_in_batches_and_asked(self):
        parcels = self.env["dropship.shipment"].union(*(self.make_parcel(f"B{n}") for n in range(95)))
        self.books.events["B7"] = [Said(fields.Datetime.now() - timedelta(hours=1), "in_transit")]
        self.follow()
        self.assertEqual(set(parcels.mapped("watch_state")), {"watched"})
        self.assertEqual(parcels.service_id, self.service)
        self.assertEqual(set(self.books.registered.values()), {1})
        self.assertEqual(len(self.books.asked), 95)
        self.assertEqual(parcels[7].status, "in_transit")
        self.assertEqual((self.service.quota_used, self.service.health), (95, "good"))

    def test_a_part_that_is_refused_stops_nobody(self):
        self.books.refuse = {"B1"}
        good, bad = self.make_parcel("B0"), self.make_parcel("B1")
        self.follow()
        self.assertEqual((good.watch_state, bad.watch_state), ("watched", "failed"))
        self.assertEqual(bad.watch_error, "not a number")
        rows = {row["id"]: row for row in self.env["dropship.health.check"]._queue_rows(self.company)}
        self.assertEqual((rows[24]["count"], rows[24]["state"]), (1, "warn"))
        self.books.refuse = set()
        bad.with_user(self.make_login("user")).action_follow_again()
        self.follow()
        self.assertEqual(bad.watch_state, "watched")

    def test_the_next_service_takes_what_the_first_would_not(self):
        self.books.refuse = {"B1"}
        second = self.make_service("simulated", sequence=20, rate=1000.0)
        other = Books()
        self.use(other, "simulated")
        parcel = self.make_parcel("B1")
        self.follow()
        self.follow()
        self.assertEqual((parcel.service_id, parcel.watch_state), (second, "watched"))
        self.assertEqual(other.registered["B1"], 1)

    def test_which_service_follows(self):
        self.service.carrier_codes = "GLS, dhl"
        rest = self.make_service("simulated", sequence=20, rate=1000.0)
        self.use(Books(), "simulated")
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.make_parcel("C4", company_id=other.id, partner_id=False)
        dhl, ups, nobody = self.make_parcel("C1"), self.make_parcel("C2", "ups"), self.make_parcel("C3", False)
        self.follow()
        self.assertEqual(dhl.service_id, self.service)
        self.assertEqual((ups | nobody).service_id, rest)
        self.assertEqual(theirs.watch_state, "none")
        found = self.env["dropship.shipment"].search([("watch_state", "=", "none"), ("number", "=like", "C_")])
        self.assertEqual(found, theirs)
        found = self.env["dropship.shipment"].search([("watch_state", "in", ["watched"]), ("service_id", "=", rest.id)])
        self.assertEqual(found, ups | nobody)

    def test_the_answer_was_lost_after_registering(self):
        """It is in their books already: told again, taken as known, counted once."""
        self.books.lose_answer = 1
        parcel = self.make_parcel("B1")
        self.follow()
        self.assertEqual(parcel.watch_state, "to_register")
        self.hours_pass(1)
        self.follow()
        self.assertEqual(parcel.watch_state, "watched")
        self.assertEqual(self.books.registered, {"B1": 1})
        self.assertEqual(self.service.quota_used, 1)

    def test_the_months_quota(self):
        self.service.quota = 2
        for number in ("Q1", "Q2", "Q3"):
            self.make_parcel(number)
        self.follow()
        self.assertEqual(sum(self.books.registered.values()), 2)
        self.assertEqual((self.service.quota_used, self.service.quota_left), (2, 0))
        row = next(row for row in self.env["dropship.health.check"]._connection_rows(self.company)
                   if row["id"] == self.service.id)  # fmt: skip
        self.assertEqual(row["state"], "warn")
        last_month = fields.Datetime.now() - timedelta(days=40)
        self.env["dropship.watch"].search([("registered_at", "!=", False)]).registered_at = last_month
        self.service.invalidate_recordset()
        self.follow()
        self.assertEqual(sum(self.books.registered.values()), 3)

    def test_only_what_the_carrier_needs_is_told(self):
        for number, code in (("N1", "dhl"), ("N2", "sf"), ("N3", "zto")):
            self.make_parcel(number, code)
        self.follow()
        told = {one.number: one for one in self.books.told}
        self.assertEqual([(told[n].phone, told[n].postcode) for n in ("N1", "N2", "N3")],
                         [("", ""), ("6789", ""), ("4915123456789", "10115")])  # fmt: skip
        self.assertEqual({one.country for one in told.values()}, {"DE"})

    def test_active_parcels_every_two_hours_old_ones_rarely(self):
        young, old, ancient = (self.make_parcel(f"A{days}", announced_at=fields.Datetime.now() - timedelta(days=days))
                               for days in (1, 45, 200))  # fmt: skip
        self.follow()
        self.books.asked.clear()
        for _two_hours in range(6):
            self.hours_pass(2)
            self.follow()
        self.assertEqual((self.books.asked["A1"], self.books.asked["A45"], self.books.asked["A200"]), (6, 1, 0))
        self.assertEqual((young.watch_state, old.watch_state, ancient.watch_state), ("watched", "watched", "stopped"))

    def test_never_more_often_than_the_service_wants(self):
        self.books.PAUSE = 1800
        parcel = self.make_parcel("P1")
        self.follow()
        for _impatience in range(5):
            parcel.watch_ids.next_try = fields.Datetime.now() - timedelta(minutes=1)
            self.follow()
        self.assertEqual(self.books.asked["P1"], 1)

    def test_let_go_a_day_after_the_delivery(self):
        parcel = self.make_parcel("D1")
        self.follow()
        self.books.events["D1"] = [Said(fields.Datetime.now() - timedelta(hours=1), "delivered")]
        self.hours_pass(2)
        self.follow()
        self.assertEqual((parcel.status, parcel.watch_state), ("delivered", "watched"))
        self.env.cr.execute("UPDATE dropship_shipment SET status_at = status_at - interval '2 days' WHERE id = %s",
                            [parcel.id])  # fmt: skip
        self.hours_pass(30)
        self.follow()
        self.assertEqual((parcel.watch_state, self.books.stopped["D1"]), ("stopped", 1))
        asked = self.books.asked["D1"]
        self.hours_pass(30)
        self.follow()
        self.assertEqual(self.books.asked["D1"], asked)

    def test_a_service_that_gives_up_is_asked_twice_more(self):
        parcel = self.make_parcel("G1")
        self.books.gives_up = {"G1"}
        for _day in range(5):
            self.follow()
            self.hours_pass(24)
        self.assertEqual(parcel.watch_state, "stopped")
        self.assertEqual(parcel.status, "expired")
        self.assertFalse(parcel.is_final)
        self.assertEqual(parcel.watch_ids.again, 2)

    def test_a_service_that_breaks_rests(self):
        def broken(*_args):
            raise KeyError("surprise")

        self.books.register = broken
        parcel = self.make_parcel("X1")
        with self.assertLogs("odoo.addons.dropship_flow.models.tracking_relay", "ERROR"):
            for _try in range(6):
                self.follow()
                self.hours_pass(1)
        self.assertEqual(self.service.health, "down")
        self.assertIn("KeyError", parcel.watch_error)

    def test_one_piece_of_news_that_cannot_be_taken(self):
        good, bad = self.make_parcel("T1"), self.make_parcel("T2")
        moment = fields.Datetime.now() - timedelta(hours=1)
        self.books.events = {"T1": [Said(moment, "in_transit")], "T2": [Said("no time", "in_transit")]}
        with self.assertLogs("odoo.addons.dropship_flow.models.tracking_relay", "WARNING"):
            self.follow()
        self.assertEqual((good.status, bad.status), ("in_transit", "pending"))

    def test_a_parcel_that_never_left_is_not_followed(self):
        parcel = self.make_parcel("R1")
        self.follow()
        parcel._set_state("reverted")
        parcel._after_revert()
        self.follow()
        self.assertEqual(parcel.watch_state, "stopped")
        self.assertEqual(self.books.stopped["R1"], 1)

    def test_another_number_is_another_parcel_there(self):
        self.books.refuse = {"W1"}
        parcel = self.make_parcel("W1")
        self.follow()
        self.assertEqual(parcel.watch_state, "failed")
        parcel.number = "W2"
        self.follow()
        self.assertEqual((parcel.watch_state, dict(self.books.registered)), ("watched", {"W2": 1}))
        parcel.carrier_code = "gls"  # it is known there already
        self.follow()
        self.assertEqual(self.books.registered["W2"], 1)

    def test_a_service_that_only_listens(self):
        self.books.LIVES = False
        parcel = self.make_parcel("L1")
        self.follow()
        self.assertEqual((parcel.watch_state, self.books.asked["L1"]), ("watched", 1))
        parcel.watch_ids._set_state("stopped", next_try=False)
        parcel.action_follow_again()
        self.follow()
        self.assertEqual((parcel.watch_state, self.books.asked["L1"]), ("watched", 2))
        self.assertFalse(self.books.registered)

    def test_nothing_to_do_is_said(self):
        parcel = self.make_parcel("F1")
        self.follow()
        with self.assertRaises(UserError):
            parcel.watch_ids.action_follow_again()


@tagged("post_install", "-at_install", "standard")
class TestSimulatedCarrier(TrackingFactories, FlowCase):
    """The simulated carrier is a service like any other."""

    def test_a_parcel_walks_to_the_door(self):
        with self.carrier(hour=0.0001, token="key", moods="honest") as (carrier, address):
            service = self.make_service("simulated", endpoint=address, secret="key", carrier_codes="dhl")
            parcel = self.make_parcel("WALK1")
            foreign = self.make_parcel("not a number")
            self.follow()
            self.hours_pass(2)
            self.follow()
            self.assertEqual((parcel.service_id, parcel.status, parcel.detail), (service, "delivered", "signed"))
            self.assertEqual(foreign.watch_state, "failed")
            self.assertEqual(set(carrier.book.parcels), {"WALK1"})

    def test_a_wrong_key_is_a_persons(self):
        with self.carrier(token="key") as (_carrier, address):
            service = self.make_service("simulated", endpoint=address, secret="wrong", carrier_codes="dhl")
            parcel = self.make_parcel("WALK2")
            self.follow()
            self.assertEqual((parcel.watch_state, service.health), ("to_register", "shaky"))
            self.assertIn("key", parcel.watch_error)
            self.assertNotIn("wrong", service.last_error)
