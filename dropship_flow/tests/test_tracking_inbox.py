import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.tracking_own_services import webhook
from .common_flow import FlowCase
from .common_tracking import TrackingFactories


@tagged("post_install", "-at_install", "standard")
class TestTrackingInbox(TrackingFactories, FlowCase):
    """What was pushed goes to its parcel, waits for it, or waits for a person; it stops nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.make_service()
        cls.parcel = cls.make_parcel("DE1")

    def orphans(self, number):
        return self.env["dropship.orphan"].search([("number", "=", number)])

    def purge(self, what):
        with self.as_worker() as env:
            env["dropship.retention"]._purge(what, self.company.with_env(env))

    def test_a_push_moves_its_parcel(self):
        row = self.store(self.service, self.make_push("de-1", ("picked_up", 20), ("in_transit", 3), ("delivered", 1)))
        self.read_pushes()
        self.assertEqual(row.state, "processed")
        self.assertEqual(self.parcel.status, "delivered")
        self.assertEqual(len(self.parcel.event_ids), 3)
        self.assertEqual(self.parcel.event_ids.connection_id, self.service)

    def test_push_and_answer_word_it_differently(self):
        """Other words, seconds and zone: the same event."""
        at = fields.Datetime.now().replace(second=7, microsecond=0) - timedelta(hours=5)
        one = {"time": f"{at.isoformat()}Z", "code": "in_transit", "text": "Arrived", "place": "Köln, DE"}
        there = f"{at + timedelta(hours=8):%Y-%m-%dT%H:%M+08:00}"
        two = {"time": there, "code": "in_transit", "text": "快件到达", "place": "KÖLN DE"}
        for event in (one, two):
            self.store(self.service, json.dumps({"number": "DE1", "carrier": "dhl", "events": [event]}).encode())
        self.read_pushes()
        self.assertEqual(len(self.parcel.event_ids), 1)
        self.assertEqual(self.parcel.status, "in_transit")

    def test_news_before_the_parcel(self):
        """One second or one hour before, and at the very same moment."""
        for number, hours in (("EARLY1", 0), ("EARLY2", 1)):
            row = self.store(self.service, self.make_push(number, ("in_transit", 2)))
            self.read_pushes()
            self.assertEqual((row.state, row.orphans), ("processed", 1))
            orphan = self.orphans(number)
            orphan.received_at -= timedelta(hours=hours)
            parcel = self.make_parcel(number.lower())
            self.assertEqual((parcel.status, orphan.shipment_id), ("in_transit", parcel))
        with patch.object(type(self.parcel), "_adopt_orphans", lambda self: 0):  # neither saw the other
            self.store(self.service, self.make_push("EARLY3", ("delivered", 2)))
            self.read_pushes()
            parcel = self.make_parcel("EARLY3")
        self.assertEqual(parcel.status, "pending")
        with self.as_worker() as env:
            env["dropship.inbox"]._cron_process(5, linger=0)
        self.assertEqual(parcel.status, "delivered")

    def test_news_is_kept_for_a_month(self):
        self.store(self.service, self.make_push("NEVER", ("in_transit", 2)))
        self.read_pushes()
        old = self.orphans("NEVER")
        old.received_at -= timedelta(days=31)
        parcel = self.make_parcel("NEVER")
        self.assertEqual(parcel.status, "pending")
        self.purge("orphan")
        self.assertFalse(old.exists())

    def test_old_pushes_are_purged_waiting_ones_stay(self):
        done = self.store(self.service, self.make_push("DE1", ("in_transit", 2)))
        self.read_pushes()
        waits = self.store(self.service, self.make_push("DE1", ("in_transit", 1)))
        (done | waits).received_at = fields.Datetime.now() - timedelta(days=40)
        self.purge("inbox")
        self.assertEqual((done | waits).exists(), waits)

    def test_the_number_of_another_carrier_is_not_this_parcel(self):
        self.store(self.service, self.make_push("DE1", ("delivered", 2), carrier="gls"))
        self.read_pushes()
        self.assertEqual(self.parcel.status, "pending")
        self.assertEqual(self.orphans("DE1").reason, "carrier")
        gls = self.make_parcel("DE1", "gls")
        self.assertEqual((gls.status, self.parcel.status), ("delivered", "pending"))

    def test_the_parcels_of_another_company_are_not_touched(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.make_parcel("THEIRS", company_id=other.id, partner_id=False)
        self.store(self.service, self.make_push("THEIRS", ("delivered", 2)))
        self.read_pushes()
        self.assertEqual(theirs.status, "pending")
        shared = self.make_service(company_id=False, name="Shared")
        self.store(shared, self.make_push("THEIRS", ("delivered", 2)))
        self.read_pushes()
        self.assertEqual(theirs.status, "delivered")

    def test_our_own_tag_means_the_parcel_only_with_its_number(self):
        twin = self.make_parcel("DE2", "gls")
        self.store(self.service, self.make_push("DE1", ("in_transit", 2), carrier="ups", tag=self.parcel._tag()))
        self.store(self.service, self.make_push("DE9", ("delivered", 2), tag=twin._tag()))
        foreign = f"00000000-{self.parcel.id}"
        self.store(self.service, self.make_push("DE2", ("delivered", 2), carrier="gls", tag=foreign))
        self.read_pushes()
        self.assertEqual((self.parcel.status, twin.status), ("in_transit", "delivered"))
        self.assertEqual(self.orphans("DE9").reason, "unknown")

    def test_what_cannot_be_read_waits_for_a_person(self):
        bad = self.store(self.service, b'{"hello": "world"}')
        good = self.store(self.service, self.make_push("DE1", ("in_transit", 2)))
        self.read_pushes()
        self.assertEqual((bad.state, good.state), ("parked", "processed"))
        self.assertIn("number", bad.error)
        rows = {row["id"]: row for row in self.env["dropship.health.check"]._queue_rows(self.company)}
        self.assertEqual((rows[22]["count"], rows[22]["state"]), (1, "warn"))
        reading = self.make_login("user")
        with self.assertRaises(AccessError):
            bad.with_user(reading).action_retry()
        buyer = self.make_login("buyer")
        bad.with_user(buyer).action_retry()
        self.assertEqual(bad.state, "ready")
        self.read_pushes()
        self.assertEqual(bad.state, "parked")

    def test_a_service_that_breaks_is_told_with_its_name(self):
        row = self.store(self.service, self.make_push("DE1", ("in_transit", 2)))
        with patch.object(webhook, "read", side_effect=KeyError("surprise")), self.assertLogs(level="ERROR"):
            self.read_pushes()
        self.assertEqual(row.state, "parked")
        self.assertIn("KeyError", row.error)
        self.assertEqual(row._set_state("ready"), row)
        self.read_pushes()
        self.assertEqual(self.parcel.status, "in_transit")

    def test_a_push_that_stops_its_workers_is_set_aside(self):
        row = self.store(self.service, self.make_push("DE1", ("in_transit", 2)))
        for _death in range(8):
            with self.as_worker() as env:
                env["dropship.inbox"]._claim(10, 120)
            row.lease_until = "2020-01-01"
            with self.as_worker() as env:
                env["dropship.inbox"]._take_over()
        self.assertEqual(row.state, "parked")
        self.assertTrue(row.error)

    def test_the_carrier_corrected_once_and_audited(self):
        loud = self.env(context=dict(self.env.context, tracking_disable=False))
        parcel = self.make_parcel("YT1", "yto").with_env(loud)
        before = len(parcel.message_ids)
        for hours in (3, 2):
            self.store(self.service, self.make_push("YT1", ("in_transit", hours), carrier="yto", new_carrier="sf"))
        self.read_pushes()
        self.assertEqual((parcel.carrier_code, parcel.told_carrier), ("sf", "sf"))
        said = [message.body for message in parcel.message_ids[: len(parcel.message_ids) - before]]
        self.assertEqual(sum("SF Express" in body for body in said), 1)
        self.assertEqual(len(parcel.event_ids), 2)
        parcel.carrier_code = "yto"  # a person knows better
        self.store(self.service, self.make_push("YT1", ("in_transit", 1), carrier="yto", new_carrier="sf"))
        self.read_pushes()
        self.assertEqual(parcel.carrier_code, "yto")

    def test_what_the_carrier_says_beside_events(self):
        more = {"weight": 0.8, "destination": "fr", "expected": "2031-05-04", "signed_by": "A. Weber"}
        self.store(self.service, self.make_push("DE1", ("in_transit", 3), **more))
        self.store(self.service, self.make_push("DE1", ("in_transit", 2), weight=-1, expected="soon"))
        self.read_pushes()
        self.assertEqual((self.parcel.told_weight, self.parcel.told_country), (0.8, "FR"))
        self.assertEqual((str(self.parcel.told_expected), self.parcel.signed_by), ("2031-05-04", "A. Weber"))

    def test_ten_thousand_events_in_one_message(self):
        """The newest are kept; the state is theirs."""
        times = [f"2026-03-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:00Z" for n in range(9_000)]
        events = [{"time": at, "code": "in_transit", "place": f"{n}"} for n, at in enumerate(times)]
        self.parcel.announced_at = fields.Datetime.to_datetime("2026-03-01")
        row = self.store(self.service, json.dumps({"number": "DE1", "carrier": "dhl", "events": events}).encode())
        self.read_pushes()
        self.assertEqual(row.state, "processed")
        self.assertEqual(len(self.parcel.event_ids), 1000)
        self.assertEqual(self.parcel.moved_at.day, 28)
