import threading
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..connectors.feed_fetch import Fetched
from .common_feeds import CSV, FeedWorld
from .common_flow import FlowCase


def whole(_request):
    return 200, {"ETag": '"v1"', "Content-Type": "text/csv"}, CSV.encode()


@tagged("post_install", "-at_install", "standard")
class TestFeedFetch(FeedWorld, FlowCase):
    """A feed is fetched from its address: only what is new, only what is whole, and the buyer knows when it is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier, cls.warehouse = cls.suppliers["Yiwu"], cls.warehouses["Yiwu"]
        cls.feed = cls.make_feed()

    def fetch(self, says, times=1, **vals):
        """Let the feed look at a server; what the server was asked."""
        with self.shelf(says) as server:
            if not self.feed.connection_id:
                self.feed.write({"connection_id": self.account(server).id, "address": "stock.csv", **vals})
            else:
                self.feed.connection_id.endpoint = f"http://127.0.0.1:{server.server_address[1]}/lists"
            for _time in range(times):
                self.feed.next_fetch = fields.Datetime.now()
                self.env.flush_all()
                self.run_cron("cron_feed_fetch")
            return server.asked

    def claim(self):
        """What a worker would take; the steps of a test are not made last."""
        with patch.object(type(self.env["dropship.feed"]), "_fetch_commit", lambda _self: None):
            return self.env["dropship.feed"]._claim_fetch()

    def test_a_file_is_fetched_read_and_applied(self):
        ((path, headers),) = self.fetch(whole)
        self.assertEqual((path, headers["Authorization"]), ("/lists/stock.csv", "Bearer canary-key"))
        run = self.last_run()
        self.assertEqual((run.origin, run.file_name), ("fetch", "stock.csv"))
        self.run_cron("cron_feed")
        self.assertEqual(self.taken()["A-2"], (14.5, 4.0))
        self.assertEqual((self.feed.failures, self.feed.fetch_text), (0, "A new file came."))
        self.assertGreater(self.feed.next_fetch, fields.Datetime.now() + timedelta(minutes=50))

    def test_nothing_new_is_not_sent_again(self):
        def says(request):
            same = request.headers.get("If-None-Match") == '"v1"'
            return (304, {}, b"") if same else whole(request)

        self.fetch(says)
        self.run_cron("cron_feed")
        before, runs = self.feed.as_of, len(self.feed.run_ids)
        self.feed.sudo().as_of = before - timedelta(minutes=10)
        asked = self.fetch(says)
        self.assertEqual(asked[0][1]["If-None-Match"], '"v1"')
        self.assertEqual(len(self.feed.run_ids), runs, "no run for nothing")
        self.assertEqual(self.feed.fetch_text, "Nothing new since the last look.")
        self.assertGreaterEqual(self.feed.as_of, before, "what the server calls the same is true now")

    def test_another_address_forgets_what_was_known_of_the_old_one(self):
        self.fetch(whole)
        self.assertEqual(self.feed.etag, '"v1"')
        self.feed.address = "other.csv"
        self.assertFalse(self.feed.etag)

    def test_what_a_person_changes_meanwhile_stays(self):
        def says(_client, address, *_args):
            if address.endswith("moved.csv"):
                return Fetched("not_there")
            self.feed.address = "https://feeds.supplier.example/moved.csv"
            self.env.flush_all()
            return Fetched("new", etag='"old"')

        self.feed.address = "https://feeds.supplier.example/stock.csv"
        self.env.flush_all()
        with patch("odoo.addons.dropship_flow.models.feed_fetch.fetch", side_effect=says) as fetched:
            self.run_cron("cron_feed_fetch")
        self.assertEqual(fetched.call_count, 2, "the new address is looked at at once")
        self.assertFalse(self.feed.etag or self.feed.run_ids)
        self.assertEqual(self.feed.fetch_result[0], "not_there")

    def test_what_is_no_whole_file_changes_nothing(self):
        self.drop(self.feed)
        before, runs = self.taken(), len(self.feed.run_ids)
        cases = (
            (lambda _r: (200, {}, b"<!DOCTYPE html><form>Login</form>"), "asks for a login"),
            (lambda _r: (200, {}, b""), "The file is empty"),
            (lambda _r: (200, {"Content-Length": "9000"}, CSV.encode()[:40]), "broke off"),
            (lambda _r: (200, {}, b"x" * (3 * 2**20)), "more than 2 MB"),
            (lambda _r: (403, {}, b"no"), "does not let us in (403)"),
            (lambda _r: (404, {}, b"no"), "no file at this address"),
            (lambda _r: (500, {}, b"no"), "the error 500"),
            (lambda _r: (302, {"Location": "http://169.254.169.254/latest"}, b""), "not called"),
            (lambda _r: (302, {"Location": "file:///etc/passwd"}, b""), "not called"),
        )
        for number, (says, words) in enumerate(cases, 1):
            with self.subTest(words):
                self.fetch(says, max_mb=2)
                self.feed.connection_id.write({"failures": 0, "paused_until": False})
                self.assertIn(words, self.feed.fetch_text)
                self.assertEqual(self.feed.failures, number)
                self.assertEqual((self.taken(), len(self.feed.run_ids)), (before, runs))

    def test_a_slow_server_is_left(self):
        self.feed.fetch_seconds = 5

        def drip(request):
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
            for _step in range(80):
                request.wfile.write(b"a")
                request.wfile.flush()
                request.server.stopped.wait(0.1)
            return 200, {}, b""

        with self.shelf(lambda request: (500, {}, b"")) as server:
            server.stopped = threading.Event()
            server.says = drip
            self.feed.write({"connection_id": self.account(server).id, "address": "stock.csv"})
            self.env.flush_all()
            self.run_cron("cron_feed_fetch")
            server.stopped.set()
        self.assertIn("broke off", self.feed.fetch_text)

    def test_an_address_inside_needs_an_account_that_may(self):
        with self.shelf(whole) as server:
            self.feed.address = f"https://127.0.0.1:{server.server_address[1]}/stock.csv"
            self.env.flush_all()
            self.run_cron("cron_feed_fetch")
            self.assertFalse(server.asked)
        self.assertIn("not called", self.feed.fetch_text)

    def test_the_buyer_is_told_once_that_it_stands_still(self):
        self.supplier.user_id = self.env.user
        self.fetch(lambda _r: (404, {}, b""), times=4)
        self.assertEqual(self.feed.failures, 4)
        self.assertTrue(self.feed.stands_still)
        self.assertIn(self.feed, self.env["dropship.feed"].search([("stands_still", "=", True)]))
        self.assertNotIn(self.feed, self.env["dropship.feed"].search([("stands_still", "=", False)]))
        still = self.feed.activity_ids.filtered(lambda activity: "stands still" in (activity.summary or ""))
        self.assertEqual(len(still), 1)
        self.assertGreater(self.feed.next_fetch, fields.Datetime.now() + timedelta(minutes=200))
        self.assertEqual(self.supplier.feed_state, "still")
        self.fetch(whole)
        self.assertEqual(self.feed.failures, 0)

    def test_without_a_file_for_long_it_stands_still(self):
        self.feed.write({"address": "https://feeds.supplier.example/a.csv", "fetch_minutes": 60})
        self.assertFalse(self.feed.stands_still)
        self.feed.sudo().write({"as_of": fields.Datetime.now() - timedelta(hours=4)})
        self.assertTrue(self.feed.stands_still)

    def test_only_one_worker_looks(self):
        self.feed.address = "https://feeds.supplier.example/a.csv"
        others = self.env["dropship.feed"].search([("id", "!=", self.feed.id), ("address", "!=", False)])
        others.sudo().next_fetch = fields.Datetime.now() + timedelta(days=1)
        feed, token = self.claim()
        self.assertEqual(feed, self.feed)
        self.feed.next_fetch = fields.Datetime.now()
        self.assertFalse(self.claim()[0], "somebody has it")
        self.assertFalse(feed._end_fetch("another token"))
        self.assertTrue(feed._end_fetch(token))

    def test_what_is_not_fetched(self):
        self.feed.address = "https://feeds.supplier.example/a.csv"
        others = self.env["dropship.feed"].search([("id", "!=", self.feed.id), ("address", "!=", False)])
        others.sudo().next_fetch = fields.Datetime.now() + timedelta(days=1)
        account = self.account()
        changes = (
            (self.feed, {"confirmed_at": False}, {"confirmed_at": fields.Datetime.now()}),
            (self.feed, {"active": False}, {"active": True}),
            (self.supplier, {"active": False}, {"active": True}),
            (self.feed, {"connection_id": account.id}, None),
        )
        account.paused_until = fields.Datetime.now() + timedelta(hours=1)
        for record, vals, back in changes:
            record.write(vals)
            self.assertFalse(self.claim()[0], vals)
            if back:
                record.write(back)

    def test_the_first_file_waits_for_a_person(self):
        self.feed.column_ids.unlink()
        self.feed.confirmed_at = False
        self.fetch(whole)
        self.assertFalse(self.feed.run_ids)
        self.assertEqual(self.feed.draft_name, "stock.csv")
        self.assertEqual(set(self.feed.column_ids.mapped("target")), {"sku", "name", "price", "stock"})
        self.assertFalse(self.feed.confirmed_at)

    def test_addresses_that_are_none(self):
        for address in ("ftp://x/y", "stock.csv", "https://user:pw@x.example/a.csv", "https://x.example/a b.csv"):
            with self.subTest(address), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.feed.address = address
        with self.assertRaises(UserError):
            self.feed.action_fetch()

    def test_who_may_say_where_a_key_goes(self):
        buyer = self.make_login("buyer")
        feed = self.feed.with_user(buyer)
        feed.address = "https://feeds.supplier.example/a.csv"
        with self.assertRaises(AccessError):
            feed.connection_id = self.account()
        self.feed.connection_id = self.account()
        with self.assertRaises(AccessError):
            feed.address = "https://thief.example/a.csv"
        feed.fetch_minutes = 30
        with self.assertRaises(AccessError):
            self.feed.with_user(self.make_login("user")).action_fetch()
